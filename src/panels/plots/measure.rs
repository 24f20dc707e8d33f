//! Statistics of the values in a range of time: computed by a job, because a range may hold millions.

use eframe::egui::Context;

use crate::model::{Model, Point, Points, Series, SeriesId};
use crate::panels::plots::entry::{PlotEntry, breaks};
use crate::panels::plots::lane;
use crate::panels::plots::viewport::Range;
use crate::ui::job::{Cancel, Job, JobProgress};

/// What is known of the values of one series in a range.
#[derive(Clone, Debug, PartialEq)]
pub struct Statistics {
    /// How many values there are.
    pub count: u64,
    /// The lowest.
    pub lowest: f64,
    /// The highest.
    pub highest: f64,
    /// Their arithmetic mean.
    pub mean: f64,
    /// Their standard deviation, as of a whole population.
    pub deviation: f64,
    /// A twentieth of the values is at or below the first, half at or below the second, and so on.
    pub percentiles: [f64; 3],
    /// The last value.
    pub last: f64,
    /// Values per second of the range.
    pub rate: f64,
    /// The area below straight lines between the values, in value seconds; none across a gap.
    pub integral: f64,
    /// The mean time between values, in seconds; 0 for a single value.
    pub interval: f64,
    /// The standard deviation of that time.
    pub jitter: f64,
    /// The longest time between two values, in seconds.
    pub longest_gap: f64,
    /// The values at the beginning and at the end of the range, or the last ones before.
    pub ends: [Option<f64>; 2],
    /// Of states: how many seconds each lasted, the longest first.
    pub states: Vec<(f64, f64)>,
}

/// The values of one series in a range, and when its line is broken there.
#[derive(Clone, Debug)]
struct Measurable {
    id: SeriesId,
    points: Points,
    range: Range,
    gaps: Vec<f64>,
    scale: (f64, f64),
    has_states: bool,
}

impl Measurable {
    fn of(entry: &PlotEntry, series: &Series, range: Range, losses: &[f64]) -> Self {
        let range = Range { from: range.from.max(entry.since), to: range.to.max(entry.since) };
        let gaps = breaks(series, range, losses);
        let (has_states, spec) = (entry.has_states(), &entry.spec);
        let scale = if has_states { (1.0, 0.0) } else { (spec.scale, spec.offset) };
        Self { id: entry.series, points: series.points().clone(), range, gaps, scale, has_states }
    }

    fn statistics(&self, cancel: &Cancel) -> Option<Statistics> {
        let (from, to) = (self.range.from, self.range.to);
        let scaled = |[time, value]: Point| [time, value * self.scale.0 + self.scale.1];
        let inside = self.points.range(from..=to).take_while(|_| !cancel.is_cancelled()).map(scaled);
        let mut found = statistics(inside, &self.gaps, self.range.length())?;
        let held = |at: f64| self.points.at_or_before(at).map(|point| scaled(point)[1]);
        found.ends = [held(from), held(to)];
        if self.has_states {
            let before = self
                .points
                .before(from)
                .filter(|before| !self.gaps.first().is_some_and(|gap| (before[0]..=from).contains(gap)));
            let points = before.into_iter().chain(self.points.range(from..=to)).map(|point| (point, false));
            let mut gaps = self.gaps.iter().map(|gap| ([*gap, 0.0], true)).peekable();
            let mut merged: Vec<_> = points
                .flat_map(|point| {
                    let earlier: Vec<_> =
                        std::iter::from_fn(|| gaps.next_if(|gap| gap.0[0] <= point.0[0])).collect();
                    earlier.into_iter().chain([point])
                })
                .collect();
            merged.extend(gaps);
            found.states = lane::times(merged.into_iter(), self.range);
        }
        Some(found)
    }
}

/// Mean and standard deviation of numbers that are seen once (Welford's way, which does not cancel).
#[derive(Clone, Copy, Debug, Default)]
struct Spread {
    count: f64,
    mean: f64,
    squares: f64,
}

impl Spread {
    fn add(&mut self, value: f64) {
        self.count += 1.0;
        let off = value - self.mean;
        self.mean += off / self.count;
        self.squares += off * (value - self.mean);
    }

    fn deviation(self) -> f64 {
        (self.squares / self.count.max(1.0)).max(0.0).sqrt()
    }
}

/// The statistics of points in order of time, with the times at which their line is broken; `None` if there are none.
pub fn statistics(points: impl Iterator<Item = Point>, gaps: &[f64], range_s: f64) -> Option<Statistics> {
    let mut gaps = gaps.iter().peekable();
    let (mut values, mut all, mut intervals) = (Vec::new(), Spread::default(), Spread::default());
    let (mut before, mut integral, mut longest_gap) = (None::<Point>, 0.0, 0.0_f64);
    for [time, value] in points {
        if let Some([earlier, from]) = before {
            let took = time - earlier;
            intervals.add(took);
            longest_gap = longest_gap.max(took);
            while gaps.next_if(|gap| **gap < earlier).is_some() {}
            if gaps.peek().is_none_or(|gap| **gap > time) {
                integral += took * f64::midpoint(from, value);
            }
        }
        all.add(value);
        values.push(value);
        before = Some([time, value]);
    }
    let [_, last] = before?;
    values.sort_unstable_by(f64::total_cmp);
    // The nearest rank: always one of the values.
    let at = |share: f64| values[((values.len() as f64 * share).ceil() as usize).clamp(1, values.len()) - 1];
    Some(Statistics {
        count: values.len() as u64,
        lowest: at(0.0),
        highest: at(1.0),
        mean: all.mean,
        deviation: all.deviation(),
        percentiles: [0.05, 0.5, 0.95].map(at),
        last,
        rate: values.len() as f64 / range_s.max(f64::MIN_POSITIVE),
        integral,
        interval: intervals.mean,
        jitter: intervals.deviation(),
        longest_gap,
        ends: [None; 2],
        states: Vec::new(),
    })
}

/// What statistics are of. While it is the same, so are they.
#[derive(Clone, Debug, PartialEq)]
struct Measured {
    range: Range,
    /// Series, when their first value counts, how often the past of their points changed, and how values are scaled.
    series: Vec<(SeriesId, f64, u64, (f64, f64))>,
}

/// The statistics of each series, `None` for one without values.
type Found = Vec<(SeriesId, Option<Statistics>)>;

/// Statistics of one range, and the job that computes them.
#[derive(Debug, Default)]
pub struct Measure {
    of: Option<Measured>,
    job: Option<Job<Found>>,
    found: Found,
}

impl Measure {
    /// Computes the statistics of a range unless they are known already.
    pub fn update(
        &mut self,
        ctx: &Context,
        model: &Model,
        entries: &[PlotEntry],
        range: Range,
        losses: &[f64],
    ) {
        let shown = || {
            let shown = entries.iter().filter(|entry| !entry.spec.hidden);
            shown.filter_map(|entry| Some((entry, model.series(entry.series)?)))
        };
        let series = shown().map(|(entry, series)| {
            let scale = (entry.spec.scale, entry.spec.offset);
            (entry.series, entry.since, series.points().front_changes(), scale)
        });
        let wanted = Measured { range, series: series.collect() };
        if self.of.as_ref() != Some(&wanted) {
            let all: Vec<_> =
                shown().map(|(entry, series)| Measurable::of(entry, series, range, losses)).collect();
            let job =
                move |cancel: &Cancel| all.into_iter().map(|one| (one.id, one.statistics(cancel))).collect();
            self.job = Some(Job::spawn("plot statistics", ctx, job));
            self.of = Some(wanted);
        }
        match self.job.as_ref().map(Job::poll) {
            Some(JobProgress::Done(found)) => (self.found, self.job) = (found, None),
            Some(JobProgress::Failed) => self.job = None,
            Some(JobProgress::Running) | None => {}
        }
    }

    /// The statistics of a series, those of the range before while new ones are computed; `None` without values.
    pub fn of(&self, series: SeriesId) -> Option<&Statistics> {
        self.found.iter().find(|(id, _)| *id == series)?.1.as_ref()
    }

    /// Whether the job still runs.
    pub fn is_running(&self) -> bool {
        self.job.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statistics_are_those_of_the_textbook() {
        let points =
            [[0.0, 2.0], [1.0, 4.0], [2.0, 4.0], [3.0, 4.0], [4.0, 5.0], [5.0, 5.0], [6.0, 7.0], [10.0, 9.0]];
        let found = statistics(points.into_iter(), &[], 16.0).unwrap();
        assert_eq!(found.count, 8);
        assert_eq!([found.lowest, found.highest, found.last].map(|value| value as i64), [2, 9, 9]);
        assert!((found.mean - 5.0).abs() < 1e-12 && (found.deviation - 2.0).abs() < 1e-12, "{found:?}");
        assert_eq!(found.percentiles.map(|value| value as i64), [2, 4, 9]);
        assert!((found.rate - 0.5).abs() < 1e-12);
        assert!((found.integral - 58.5).abs() < 1e-12, "{found:?}");
        assert!((found.interval - 10.0 / 7.0).abs() < 1e-12);
        assert!((found.longest_gap - 4.0).abs() < 1e-12);
    }

    #[test]
    fn one_value_has_statistics_and_none_has_none() {
        let found = statistics([[3.0, -1.5]].into_iter(), &[], 1.0).unwrap();
        assert!(
            found.percentiles.iter().all(|value| (value + 1.5).abs() < 1e-12)
                && found.deviation.abs() < 1e-12
        );
        assert_eq!(found.count, 1);
        assert_eq!(statistics(std::iter::empty(), &[], 1.0), None);
    }

    #[test]
    fn small_differences_of_large_values_are_not_lost() {
        let points = (0..1_000).map(|index| [f64::from(index), 1e9 + f64::from(index % 2)]);
        let found = statistics(points, &[], 1_000.0).unwrap();
        assert!((found.deviation - 0.5).abs() < 1e-6, "{found:?}");
    }

    #[test]
    fn nothing_is_integrated_across_a_gap() {
        let points = [[0.0, 2.0], [1.0, 2.0], [5.0, 2.0], [6.0, 2.0]];
        let integral = |gaps: &[f64]| statistics(points.into_iter(), gaps, 6.0).unwrap().integral;
        assert!((integral(&[]) - 12.0).abs() < 1e-12);
        assert!((integral(&[3.0]) - 4.0).abs() < 1e-12);
        assert!((integral(&[0.5, 3.0, 3.5]) - 2.0).abs() < 1e-12);
    }
}

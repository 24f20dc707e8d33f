//! The drawn part of a series: the points of the visible time, a few per pixel column, in runs without gaps. Pure.

use std::borrow::Cow;
use std::ops::Range as Indexes;

use crate::model::{Point, Series};
use crate::panels::plots::reduced::Reduced;
use crate::panels::plots::viewport::Range;
use crate::store::plots::DrawAs;

/// Points without a gap between them, in order of time.
#[derive(Clone, Debug, PartialEq)]
struct PointRun {
    /// Which of the reduced points.
    points: Indexes<usize>,
    /// The time at which the run was broken: a message without a value, or a lost connection.
    ends: Option<f64>,
}

/// The visible part of a series.
#[derive(Clone, Debug, Default)]
pub struct Curve {
    reduced: Reduced,
    /// Runs in order of time; the outermost points may lie outside the visible time.
    runs: Vec<PointRun>,
    /// What values are multiplied by, and what is added to them after that.
    scale: (f64, f64),
    made_of: Option<CurvePart>,
    losses: usize,
    visible: Range,
    /// Lowest and highest visible value, as drawn.
    values: Option<Range>,
}

/// What of a series is drawn, in the model's seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CurvePart {
    /// The visible time.
    pub time: Range,
    /// Earlier values are left out.
    pub since: f64,
    /// Later values are left out: those after the pause of a paused view.
    pub until: f64,
    /// How many columns of pixels there are.
    pub columns: usize,
    /// What values are multiplied by, and what is added to them after that.
    pub scale: (f64, f64),
}

impl Curve {
    /// Brings the curve up to date: broken where a message had no value and where the connection was lost. `losses` are
    /// in order of time.
    pub fn update(&mut self, series: &Series, shown: CurvePart, losses: &[f64]) {
        let CurvePart { time, since, until, columns, scale } = shown;
        self.scale = scale;
        let (from, to) = (time.from.max(since), time.to.min(until));
        if from > to {
            *self = Self { scale, ..Self::default() };
            return;
        }
        let width = time.length() / columns.max(1) as f64;
        let moved = self.reduced.update(series.points(), time.from, to, width);
        if !moved && self.made_of == Some(shown) && self.losses == losses.len() {
            return;
        }
        (self.made_of, self.losses) = (Some(shown), losses.len());
        self.visible = Range { from, to };
        self.find_runs(series, since, until, losses);
        let raw = series.points().extremes(from..=to).map(|found| Range::new(*found.start(), *found.end()));
        // Between two values their line shows.
        let beside = || self.all_raw().map(|point| Range::new(point[1], point[1])).reduce(Range::union);
        let scaled = |range: Range| Range::new(self.value(range.from), self.value(range.to));
        self.values = raw.or_else(beside).map(scaled).filter(|range| range.length().is_finite());
    }

    fn find_runs(&mut self, series: &Series, since: f64, until: f64, losses: &[f64]) {
        self.runs.clear();
        let points = self.reduced.points();
        let mut begin = points.partition_point(|point| point[0] < since);
        let end = points.partition_point(|point| point[0] <= until);
        while begin < end {
            let after = points[begin][0];
            let lost = losses.get(losses.partition_point(|lost| *lost < after)).copied();
            let missing = series.gaps(after..=until).next();
            let gap =
                [lost, missing].into_iter().flatten().filter(|gap| *gap <= until).min_by(f64::total_cmp);
            // A gap at the time of the first point comes after it.
            let length = gap.map_or(end - begin, |gap| {
                points[begin..end].partition_point(|point| point[0] <= gap).max(1)
            });
            self.runs.push(PointRun { points: begin..begin + length, ends: gap });
            begin += length;
        }
    }

    /// A value as it is drawn.
    pub fn value(&self, raw: f64) -> f64 {
        raw * self.scale.0 + self.scale.1
    }

    /// The runs: their points with values as they came, and when they were broken.
    pub fn runs(&self) -> impl Iterator<Item = (&[Point], Option<f64>)> {
        let points = self.reduced.points();
        self.runs.iter().filter_map(move |run| Some((points.get(run.points.clone())?, run.ends)))
    }

    fn all_raw(&self) -> impl Iterator<Item = Point> {
        self.runs().flat_map(|(points, _)| points.iter().copied())
    }

    /// All points as they are drawn, in order of time.
    pub fn all(&self) -> impl Iterator<Item = Point> {
        self.all_raw().map(|[time, value]| [time, self.value(value)])
    }

    /// Whether there is nothing to draw.
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// The last value.
    pub fn newest(&self) -> Option<f64> {
        let (points, _) = self.runs().last()?;
        points.last().map(|point| self.value(point[1]))
    }

    /// Lowest and highest visible value.
    pub fn values(&self) -> Option<Range> {
        self.values
    }

    /// Lowest and highest visible value above zero, for a logarithmic axis.
    pub fn positive(&self) -> Option<Range> {
        let above = || self.all().filter(|point| point[1] > 0.0);
        let range = |point: Point| Range::new(point[1], point[1]);
        let inside = above().filter(|point| self.visible.contains(point[0])).map(range).reduce(Range::union);
        inside.or_else(|| above().map(range).reduce(Range::union))
    }

    /// The points of a run to draw: for steps with the corners between them, held until `until`.
    pub fn drawn(points: &[Point], ends: Option<f64>, look: DrawAs, until: f64) -> Cow<'_, [Point]> {
        match look {
            DrawAs::Line | DrawAs::Points | DrawAs::Bars | DrawAs::Area => Cow::Borrowed(points),
            DrawAs::Step => Cow::Owned(stepped(points, ends.unwrap_or(until))),
            DrawAs::StepBefore => {
                let corner = |pair: &[Point]| [[pair[0][0], pair[1][1]], pair[1]];
                let first = points.first().copied();
                Cow::Owned(first.into_iter().chain(points.windows(2).flat_map(corner)).collect())
            }
        }
    }

    /// The value at a time as it is drawn: the nearest one for lines, the last one for steps, and none inside a gap.
    pub fn at(&self, x: f64, holds: bool) -> Option<Point> {
        let all = self.reduced.points();
        let begins = |run: &PointRun| all.get(run.points.start).map_or(f64::INFINITY, |first| first[0]);
        let index = self.runs.partition_point(|run| begins(run) <= x);
        let run = match index.checked_sub(1).and_then(|index| self.runs.get(index)) {
            Some(run) => run,
            // Before the first point, the first point is the nearest.
            None if holds => return None,
            None => self.runs.first()?,
        };
        let points = all.get(run.points.clone())?;
        let next = points.partition_point(|point| point[0] <= x);
        let before = next.checked_sub(1).and_then(|index| points.get(index));
        let ended = run.ends.is_some_and(|ends| x >= ends);
        let found = match (before, points.get(next)) {
            (_, None) if ended => None,
            (before, _) if holds => before,
            (Some(before), Some(after)) => Some(if x - before[0] <= after[0] - x { before } else { after }),
            (before, after) => before.or(after),
        };
        found.map(|[time, value]| [*time, self.value(*value)])
    }

    /// The points to mark: all if there are few, or one at regular distances so that the markers do not hide the line.
    pub fn marked(&self, time: Range, width: f32, place: usize) -> Vec<Point> {
        /// Distance between two markers, in points, and the distance between values below which not all are marked.
        const STRETCH: f64 = 110.0;
        const ROOM: f32 = 14.0;
        let inside = || self.all().filter(|point| time.contains(point[0]));
        let most = (width / ROOM) as usize;
        if inside().nth(most).is_none() {
            return inside().collect();
        }
        // Counted from time zero rather than from the edge, so that markers move with their points. Each series starts
        // elsewhere, so that overlapping lines can be told apart.
        let stretch = time.length() / f64::from(width.max(1.0)) * STRETCH;
        let shift = place as f64 * 0.29;
        let points = self.reduced.points();
        let mut found = Vec::new();
        let (first, last) = ((time.from / stretch + shift).ceil() as i64, (time.to / stretch + shift) as i64);
        for cell in first..=last.min(first.saturating_add(500)) {
            let at = (cell as f64 - shift) * stretch;
            let point = points.get(points.partition_point(|point| point[0] < at));
            let is_in_cell = |point: &&Point| point[0] < at + stretch && time.contains(point[0]);
            found.extend(point.filter(is_in_cell).map(|[time, value]| [*time, self.value(*value)]));
        }
        found
    }
}

/// The corners of values that hold until the next one.
fn stepped(points: &[Point], until: f64) -> Vec<Point> {
    let mut out: Vec<Point> = Vec::with_capacity(points.len() * 2 + 1);
    for point in points {
        if let Some(previous) = out.last() {
            out.push([point[0], previous[1]]);
        }
        out.push(*point);
    }
    if let Some(held) = out.last().filter(|held| held[0] < until).copied() {
        out.push([until, held[1]]);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::{Flags, MessageRef, Payload, Timestamp};
    use crate::model::{Limits, Model};
    use crate::query::NumberAt;

    const ALWAYS: CurvePart = CurvePart {
        time: Range { from: 0.0, to: 20.0 },
        since: f64::NEG_INFINITY,
        until: 20.0,
        columns: 2_000,
        scale: (1.0, 0.0),
    };

    /// The curve of payloads at these seconds; one without a number is a gap.
    fn curve_of(payloads: &[(f64, &str)], shown: CurvePart, losses: &[f64]) -> Curve {
        let mut model = Model::new(Limits::default());
        let mut apply = |at: f64, payload: &str| {
            let arrived = Timestamp((at * 1e6) as i64);
            let payload = Payload::Small(payload.as_bytes());
            let message =
                MessageRef { topic: b"t", payload, flags: Flags::default(), properties: None, arrived };
            model.apply(message).unwrap()
        };
        // Time zero.
        let mut node = apply(0.0, "none");
        for (at, payload) in payloads {
            node = apply(*at, payload);
        }
        let id = model.add_series(node, Box::new(NumberAt::default())).unwrap();
        while model.fill_series() {}
        let mut curve = Curve::default();
        curve.update(model.series(id).unwrap(), shown, losses);
        curve
    }

    fn curve(payloads: &[(f64, &str)]) -> Curve {
        curve_of(payloads, ALWAYS, &[])
    }

    fn drawn(curve: &Curve, look: DrawAs, until: f64) -> Vec<Vec<Point>> {
        curve.runs().map(|(points, ends)| Curve::drawn(points, ends, look, until).into_owned()).collect()
    }

    #[test]
    fn a_missing_value_is_a_gap_and_not_a_line_through_nothing() {
        let curve = curve(&[(1.0, "1"), (2.0, "2"), (3.0, "x"), (4.0, "y"), (5.0, "5")]);
        assert_eq!(drawn(&curve, DrawAs::Line, 9.0), [vec![[1.0, 1.0], [2.0, 2.0]], vec![[5.0, 5.0]]]);
    }

    #[test]
    fn steps_hold_a_value_until_the_next_one_and_the_last_until_now() {
        let curve = curve(&[(1.0, "1"), (2.0, "3")]);
        assert_eq!(drawn(&curve, DrawAs::Step, 5.0), [[[1.0, 1.0], [2.0, 1.0], [2.0, 3.0], [5.0, 3.0]]]);
        assert_eq!(drawn(&curve, DrawAs::StepBefore, 5.0), [[[1.0, 1.0], [1.0, 3.0], [2.0, 3.0]]]);
    }

    #[test]
    fn a_step_holds_until_the_message_that_had_no_value() {
        let curve = curve(&[(1.0, "1"), (2.0, "x"), (3.0, "3")]);
        assert_eq!(drawn(&curve, DrawAs::Step, 5.0), [[[1.0, 1.0], [2.0, 1.0]], [[3.0, 3.0], [5.0, 3.0]]]);
    }

    #[test]
    fn the_range_is_that_of_what_shows() {
        let payloads = [(1.0, "100"), (2.0, "2"), (3.0, "-3"), (4.0, "50")];
        let shown = CurvePart { time: Range::new(1.5, 3.5), ..ALWAYS };
        let curve = curve_of(&payloads, shown, &[]);
        assert_eq!(curve.values(), Some(Range::new(-3.0, 2.0)));
        assert_eq!(curve.positive(), Some(Range::new(2.0, 2.0)), "a logarithmic axis has no other");
        let shown = CurvePart { time: Range::new(2.2, 2.8), ..ALWAYS };
        let curve = curve_of(&payloads, shown, &[]);
        assert_eq!(curve.values(), Some(Range::new(-3.0, 2.0)), "between two values their line shows");
    }

    #[test]
    fn values_are_scaled_and_shifted() {
        let curve = curve_of(&[(1.0, "10"), (2.0, "20")], CurvePart { scale: (-1.8, 32.0), ..ALWAYS }, &[]);
        assert_eq!(curve.values(), Some(Range::new(-4.0, 14.0)));
        assert_eq!(curve.at(2.0, false), Some([2.0, -4.0]));
    }

    #[test]
    fn the_value_under_the_pointer_depends_on_how_values_are_joined() {
        let curve = curve(&[(1.0, "1"), (11.0, "2")]);
        let value = |x, holds| curve.at(x, holds).map(|point| point[1]);
        assert_eq!(value(10.0, false), Some(2.0));
        assert_eq!(value(10.0, true), Some(1.0));
        assert_eq!(value(0.5, true), None);
        assert_eq!(value(0.5, false), Some(1.0));
        assert_eq!(value(99.0, false), Some(2.0));
    }

    #[test]
    fn inside_of_a_gap_there_is_no_value() {
        let curve = curve(&[(1.0, "1"), (3.0, "x"), (11.0, "5"), (13.0, "x")]);
        for holds in [false, true] {
            let at = |x: f64| curve.at(x, holds).map(|point| point[1]);
            assert_eq!(
                [at(2.0), at(3.5), at(10.0), at(12.0), at(14.0)],
                [Some(1.0), None, None, Some(5.0), None]
            );
        }
    }

    #[test]
    fn markers_stay_on_their_points_while_time_goes_on() {
        let texts: Vec<_> = (0..5_000).map(|index| (f64::from(index) * 0.1, "1")).collect();
        let marked = |from: f64| {
            let time = Range::new(from, from + 300.0);
            let curve =
                curve_of(&texts, CurvePart { time, until: f64::INFINITY, columns: 30_000, ..ALWAYS }, &[]);
            curve.marked(time, 600.0, 2)
        };
        let (now, later) = (marked(100.0), marked(110.0));
        assert!(now.len() >= 4 && now.len() <= 7, "{}", now.len());
        let both = now.iter().filter(|point| later.contains(point)).count();
        assert!(both + 1 >= now.len(), "{both} of {}", now.len());
    }

    /// Draws one message a second, with the connection lost at these times.
    fn runs(losses: &[f64]) -> Vec<Vec<f64>> {
        let curve = curve_of(&[(1.0, "1"), (2.0, "1"), (3.0, "1"), (4.0, "1")], ALWAYS, losses);
        curve.runs().map(|(points, _)| points.iter().map(|point| point[0]).collect()).collect()
    }

    #[test]
    fn the_line_is_whole_while_the_connection_stands() {
        assert_eq!(runs(&[]), [[1.0, 2.0, 3.0, 4.0]]);
    }

    #[test]
    fn the_line_breaks_where_the_connection_was_lost() {
        assert_eq!(runs(&[2.5]), [vec![1.0, 2.0], vec![3.0, 4.0]]);
        assert_eq!(runs(&[1.5, 2.5, 2.6]), [vec![1.0], vec![2.0], vec![3.0, 4.0]]);
    }
}

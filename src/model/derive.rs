//! Series that are computed from others: averages, derivatives, integrals, differences, intervals.
//!
//! A derived series has points of its own, so that it is reduced, measured and exported like any other. It takes its
//! sources' new points in portions, once per frame, and begins again when their history was filled.

use std::collections::VecDeque;

use crate::message::Timestamp;
use crate::model::Model;
use crate::model::points::Point;
use crate::model::series::{Series, SeriesId};

/// The most points that one derived series takes per frame: about a millisecond.
const PORTION: usize = 32_768;
/// The most points of a moving average's window. Of more, the newest count.
const WINDOW_MAX: usize = 1_000_000;

/// How a series is computed from another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Transform {
    /// The mean of the points of so many seconds.
    MovingAverage(f64),
    /// The change per second.
    Derivative,
    /// The area below the line since the first point, in value seconds.
    Integral,
    /// Its value less that of this series at the same time.
    Difference(SeriesId),
    /// The seconds since the point before.
    Interval,
}

/// A derived series, its source, and what it has to remember.
#[derive(Debug)]
pub(super) struct Derivation {
    id: SeriesId,
    of: SeriesId,
    transform: Transform,
    /// Points of the source that are counted: all that were added at its end so far.
    counted: u64,
    /// Counted points that are still to be taken; they are the source's newest.
    left: u64,
    /// How often the history of the sources had been filled.
    fills: u64,
    memory: Memory,
}

/// What a transform has to remember of earlier points.
#[derive(Debug, Default)]
struct Memory {
    before: Option<Point>,
    sum: f64,
    window: VecDeque<Point>,
}

impl Memory {
    /// The derived value at a point of the source; `None` for the first.
    fn next(
        &mut self,
        transform: Transform,
        point: Point,
        other: impl Fn(f64) -> Option<f64>,
    ) -> Option<f64> {
        let [time, value] = point;
        let before = self.before.replace(point);
        match transform {
            Transform::MovingAverage(seconds) => {
                self.window.push_back(point);
                self.sum += value;
                let is_old = |window: &VecDeque<Point>| {
                    window.front().is_some_and(|first| first[0] <= time - seconds)
                        || window.len() > WINDOW_MAX
                };
                while self.window.len() > 1 && is_old(&self.window) {
                    self.sum -= self.window.pop_front().map_or(0.0, |first| first[1]);
                }
                if self.window.len() == 1 {
                    // What was rounded away goes with the window.
                    self.sum = value;
                }
                Some(self.sum / self.window.len() as f64)
            }
            Transform::Derivative => {
                let [earlier, from] = before?;
                // Several values at one instant have no slope.
                (time > earlier).then(|| (value - from) / (time - earlier))
            }
            Transform::Integral => {
                if let Some([earlier, from]) = before {
                    self.sum += (time - earlier) * f64::midpoint(value, from);
                }
                Some(self.sum)
            }
            Transform::Difference(_) => Some(value - other(time)?),
            Transform::Interval => Some(time - before?[0]),
        }
    }

    /// Notes that the line is broken.
    fn gap(&mut self) {
        self.before = None;
        self.window.clear();
    }
}

impl Derivation {
    /// Takes a portion of the source's new points.
    fn step(&mut self, model: &Model, series: &mut Series) {
        let source = |id| model.series(id).filter(|source: &&Series| !source.is_filling());
        let Some(of) = source(self.of) else { return };
        let minus = match self.transform {
            Transform::Difference(minus) => match source(minus) {
                Some(minus) => Some(minus),
                None => return,
            },
            _ => None,
        };
        let points = of.points();
        let fills = points.fills() + minus.map_or(0, |minus| minus.points().fills());
        if self.fills == fills {
            self.left += points.pushed().saturating_sub(self.counted);
        } else {
            (self.fills, self.memory) = (fills, Memory::default());
            self.left = points.len() as u64;
            series.restart();
        }
        self.counted = points.pushed();
        let other = |time| Some(minus?.points().at_or_before(time)?[1]);
        for point in points.newest(self.left).take(PORTION) {
            self.left = self.left.min(points.len() as u64) - 1;
            let gap = |before: Point| {
                of.gaps(before[0]..=point[0]).next().or_else(|| model.loss_within(before[0], point[0]))
            };
            if let Some(gap) = self.memory.before.and_then(gap) {
                self.memory.gap();
                series.gaps.push_back(gap, true);
                series.gaps.push_back(point[0], false);
            }
            if let Some(value) =
                self.memory.next(self.transform, point, other).filter(|value| value.is_finite())
            {
                series.push([point[0], value]);
            }
        }
    }
}

impl Model {
    /// Starts a series that is computed from another. `None` if there is no such series.
    pub fn add_derived(&mut self, of: SeriesId, transform: Transform) -> Option<SeriesId> {
        self.series(of)?;
        let id = SeriesId(u32::try_from(self.series.len()).ok()?);
        self.series.push(Some(Series::new(None, self.limits.series_points)));
        let (fills, memory) = (u64::MAX, Memory::default());
        self.derived.push(Derivation { id, of, transform, counted: 0, left: 0, fills, memory });
        self.derive_series();
        Some(id)
    }

    /// Says when the connection was lost, oldest first: nothing is computed across that.
    pub fn set_losses(&mut self, losses: impl ExactSizeIterator<Item = Timestamp>) {
        if losses.len() != self.losses.len() {
            self.losses = losses.collect();
        }
    }

    /// When the connection was lost after a time, until another.
    fn loss_within(&self, after: f64, until: f64) -> Option<f64> {
        let next = self.losses.partition_point(|lost| self.seconds(*lost) <= after);
        self.losses.get(next).map(|lost| self.seconds(*lost)).filter(|lost| *lost <= until)
    }

    /// Takes a portion of the points that came to the sources of derived series. A series whose source was removed
    /// stays as it is.
    pub(super) fn derive_series(&mut self) {
        let mut derived = std::mem::take(&mut self.derived);
        derived.retain_mut(|derivation| {
            let slot = derivation.id.0 as usize;
            let Some(mut series) = self.series.get_mut(slot).and_then(Option::take) else { return false };
            derivation.step(self, &mut series);
            self.series[slot] = Some(series);
            true
        });
        self.derived = derived;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::tests::message;
    use crate::model::{Extractor, Limits};

    struct Number;

    impl Extractor for Number {
        fn value(&self, payload: &[u8]) -> Option<f64> {
            std::str::from_utf8(payload).ok()?.parse().ok()
        }
    }

    fn apply(model: &mut Model, topic: &[u8], second: i64, payload: &str) {
        model.apply(message(topic, payload.as_bytes(), second * 1_000_000)).unwrap();
    }

    fn series(model: &mut Model, topic: &[u8]) -> SeriesId {
        let node = model.find(topic).unwrap();
        model.add_series(node, Box::new(Number)).unwrap()
    }

    fn all(model: &Model, id: SeriesId) -> Vec<Point> {
        model.series(id).unwrap().points().range(f64::NEG_INFINITY..=f64::INFINITY).collect()
    }

    #[test]
    fn what_is_derived_begins_with_the_history_and_goes_on_with_what_comes() {
        let mut model = Model::new(Limits::default());
        for (second, value) in [(0, "0"), (1, "2"), (3, "8")] {
            apply(&mut model, b"a", second, value);
        }
        let of = series(&mut model, b"a");
        let derived = |model: &mut Model, transform| model.add_derived(of, transform).unwrap();
        let slope = derived(&mut model, Transform::Derivative);
        let area = derived(&mut model, Transform::Integral);
        let interval = derived(&mut model, Transform::Interval);
        let mean = derived(&mut model, Transform::MovingAverage(2.5));
        apply(&mut model, b"a", 4, "4");
        model.roll_up(Timestamp(0));
        assert_eq!(all(&model, slope), [[1.0, 2.0], [3.0, 3.0], [4.0, -4.0]]);
        assert_eq!(all(&model, area), [[0.0, 0.0], [1.0, 1.0], [3.0, 11.0], [4.0, 17.0]]);
        assert_eq!(all(&model, interval), [[1.0, 1.0], [3.0, 2.0], [4.0, 1.0]]);
        assert_eq!(all(&model, mean), [[0.0, 0.0], [1.0, 1.0], [3.0, 5.0], [4.0, 6.0]]);
    }

    #[test]
    fn a_difference_takes_the_other_series_as_it_was_at_the_time() {
        let mut model = Model::new(Limits::default());
        for (topic, second, value) in
            [(b"a", 0, "5"), (b"b", 1, "1"), (b"a", 2, "7"), (b"b", 3, "2"), (b"a", 4, "9")]
        {
            apply(&mut model, topic, second, value);
        }
        let (a, b) = (series(&mut model, b"a"), series(&mut model, b"b"));
        let difference = model.add_derived(a, Transform::Difference(b)).unwrap();
        assert_eq!(all(&model, difference), [[2.0, 6.0], [4.0, 7.0]]);
    }

    #[test]
    fn nothing_is_derived_across_a_gap() {
        let mut model = Model::new(Limits::default());
        for (second, value) in [(0, "0"), (1, "1"), (2, "none"), (3, "9"), (4, "10")] {
            apply(&mut model, b"a", second, value);
        }
        let of = series(&mut model, b"a");
        let slope = model.add_derived(of, Transform::Derivative).unwrap();
        assert_eq!(all(&model, slope), [[1.0, 1.0], [4.0, 1.0]]);
        assert_eq!(model.series(slope).unwrap().gaps(1.0..=4.0).next(), Some(2.0));
    }

    #[test]
    fn nothing_is_derived_across_a_lost_connection() {
        let mut model = Model::new(Limits::default());
        for (second, value) in [(0, "0"), (1, "1"), (9, "9"), (10, "10")] {
            apply(&mut model, b"a", second, value);
        }
        model.set_losses([Timestamp(3_000_000)].into_iter());
        let of = series(&mut model, b"a");
        let slope = model.add_derived(of, Transform::Derivative).unwrap();
        assert_eq!(all(&model, slope), [[1.0, 1.0], [10.0, 1.0]]);
        let area = model.add_derived(of, Transform::Integral).unwrap();
        assert_eq!(all(&model, area), [[0.0, 0.0], [1.0, 0.5], [9.0, 0.5], [10.0, 10.0]]);
    }

    #[test]
    fn a_long_history_is_derived_once_it_is_filled_and_in_portions() {
        let mut model = Model::new(Limits::default());
        let count = 3 * PORTION as i64;
        for i in 0..count {
            model.apply(message(b"a", i.to_string().as_bytes(), i * 1_000_000)).unwrap();
        }
        let of = series(&mut model, b"a");
        let slope = model.add_derived(of, Transform::Derivative).unwrap();
        assert!(model.series(slope).unwrap().is_empty());
        while model.fill_series() {}
        for second in count..count + 5 {
            apply(&mut model, b"a", second, &second.to_string());
            model.roll_up(Timestamp(0));
        }
        let points = all(&model, slope);
        assert_eq!(points.len() as i64, count + 4);
        assert!(points.iter().all(|point| (point[1] - 1.0).abs() < 1e-9));
    }
}

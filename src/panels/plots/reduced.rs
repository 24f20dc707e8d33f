//! A series as last reduced for the screen. While the view moves, only the columns that came are computed.

use crate::model::{Point, Points};

/// The points of the visible columns, at most four for each, and one point beyond either edge.
#[derive(Clone, Debug, Default)]
pub struct Reduced {
    /// Seconds per column.
    width: f64,
    /// [`Points::front_changes`] and [`Points::pushed`] when it was computed.
    front_changes: u64,
    pushed: u64,
    /// The columns that are covered, with the one behind the last.
    columns: (i64, i64),
    /// The time of the newest point then; its column may have got more points since.
    newest: f64,
    /// The point before the columns, or what is no point; then those of the columns; then the one after them.
    points: Vec<Point>,
    has_after: bool,
}

impl Reduced {
    /// The points, in order of time.
    pub fn points(&self) -> &[Point] {
        match self.points.split_first() {
            Some((before, rest)) if before[0].is_nan() => rest,
            _ => &self.points,
        }
    }

    /// Brings the columns up to date that a time range touches; returns whether anything changed.
    pub fn update(&mut self, of: &Points, from: f64, to: f64, width: f64) -> bool {
        let width = if (width / self.width - 1.0).abs() < 1e-9 { self.width } else { width };
        let wanted = ((from / width).floor() as i64, (to / width).floor() as i64 + 1);
        let is_same = self.width.total_cmp(&width).is_eq() && self.front_changes == of.front_changes();
        if is_same && self.columns == wanted && self.pushed == of.pushed() {
            return false;
        }
        if self.has_after {
            self.points.pop();
        }
        let known = self.columns;
        if is_same && wanted.0 < known.1 && known.0 < wanted.1 && !self.points.is_empty() {
            self.move_to(of, wanted);
        } else {
            self.width = width;
            self.points.clear();
            self.points.push([f64::NAN; 2]);
            self.points.extend(part(of, wanted.0, wanted.1, width));
        }
        self.front_changes = of.front_changes();
        self.pushed = of.pushed();
        self.columns = wanted;
        self.newest = of.last().map_or(f64::NEG_INFINITY, |last| last[0]);
        self.points[0] = of.before(wanted.0 as f64 * width).unwrap_or([f64::NAN; 2]);
        let after = of.after((wanted.1 as f64 * width).next_down());
        self.has_after = after.is_some();
        self.points.extend(after);
        true
    }

    fn move_to(&mut self, of: &Points, wanted: (i64, i64)) {
        let (width, known) = (self.width, self.columns);
        let start = |column: i64| column as f64 * width;
        // Everything from the column of the newest point on is computed again, and the one before it, since the division
        // may round the point over its column's edge.
        let newest = if self.newest.is_finite() { (self.newest / width).floor() as i64 - 1 } else { known.0 };
        let stale = newest.clamp(known.0.max(wanted.0), known.1.min(wanted.1));
        let index = |points: &[Point], time: f64| 1 + points[1..].partition_point(|point| point[0] < time);
        self.points.truncate(index(&self.points, start(stale)));
        self.points.extend(part(of, stale, wanted.1, width));
        if wanted.0 > known.0 {
            let gone = index(&self.points, start(wanted.0));
            self.points.drain(1..gone);
        } else if wanted.0 < known.0 {
            self.points.splice(1..1, part(of, wanted.0, known.0.min(stale), width));
        }
    }
}

/// The points of the columns from one to before another.
fn part(of: &Points, from: i64, to: i64, width: f64) -> Vec<Point> {
    let (from, to) = (from as f64 * width, (to as f64 * width).next_down());
    if from > to { Vec::new() } else { of.reduce(from..=to, width) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::message::{Flags, MessageRef, Payload, Timestamp};
    use crate::model::{Extractor, Limits, Model, SeriesId};

    struct Number;

    impl Extractor for Number {
        fn value(&self, payload: &[u8]) -> Option<f64> {
            str::from_utf8(payload).ok()?.parse().ok()
        }
    }

    fn receive(model: &mut Model, at_ms: i64, value: i32) {
        let text = value.to_string();
        let payload = Payload::Small(text.as_bytes());
        let (flags, arrived) = (Flags::default(), Timestamp(at_ms * 1_000));
        model.apply(MessageRef { topic: b"t", payload, flags, properties: None, arrived }).unwrap();
    }

    fn series(model: &mut Model) -> SeriesId {
        receive(model, 0, 0);
        let node = model.find(b"t").unwrap();
        model.add_series(node, Box::new(Number)).unwrap()
    }

    proptest! {
        #[test]
        fn however_the_view_moved_the_columns_are_those_of_the_whole(
            steps in prop::collection::vec((0..80usize, -400..400i32, any::<bool>()), 1..40),
        ) {
            let mut model = Model::new(Limits::default());
            let id = series(&mut model);
            let (mut at_ms, mut from, mut width) = (0, -1.0, 0.05);
            let mut moved = Reduced::default();
            for (count, by, zoom) in steps {
                for index in 0..count {
                    at_ms += (index as i64 * 7) % 90;
                    receive(&mut model, at_ms, by.wrapping_mul(index as i32) % 1_000);
                }
                from += f64::from(by) / 100.0;
                width = if zoom { width * 1.25 } else { width };
                let points = model.series(id).unwrap().points();
                moved.update(points, from, from + 10.0, width);
                let mut whole = Reduced::default();
                whole.update(points, from, from + 10.0, width);
                prop_assert_eq!(moved.points(), whole.points());
            }
        }

        #[test]
        fn no_extreme_is_lost(from in -10.0..500.0f64, length in 0.1..800.0f64, columns in 1..300u32) {
            let mut model = Model::new(Limits::default());
            let id = series(&mut model);
            for index in 1..20_000_i64 {
                receive(&mut model, index * 25, ((index * index * 31) % 1_009) as i32);
            }
            let points = model.series(id).unwrap().points();
            let width = length / f64::from(columns);
            let mut reduced = Reduced::default();
            reduced.update(points, from, from + length, width);
            let all: Vec<_> = points.range(from..=from + length).collect();
            let values = |points: &[Point]| {
                let inside = points.iter().filter(|point| (from..=from + length).contains(&point[0]));
                inside.map(|point| point[1]).fold((f64::MAX, f64::MIN), |(low, high), value| {
                    (low.min(value), high.max(value))
                })
            };
            // A column that the edge of the view cuts may have its extreme outside.
            let (low, high) = values(&all);
            let lowest = reduced.points().iter().map(|point| point[1]).fold(f64::MAX, f64::min);
            let highest = reduced.points().iter().map(|point| point[1]).fold(f64::MIN, f64::max);
            prop_assert!(all.is_empty() || (lowest <= low && highest >= high));
            prop_assert!(reduced.points().len() <= 4 * (columns as usize + 2) + 2);
        }
    }

    #[test]
    fn nothing_is_computed_while_nothing_moves() {
        let mut model = Model::new(Limits::default());
        let id = series(&mut model);
        let mut reduced = Reduced::default();
        assert!(reduced.update(model.series(id).unwrap().points(), 0.0, 10.0, 0.1));
        assert!(!reduced.update(model.series(id).unwrap().points(), 0.01, 10.01, 0.1));
        receive(&mut model, 5, 1);
        assert!(reduced.update(model.series(id).unwrap().points(), 0.01, 10.01, 0.1));
    }
}

//! Points over time, reduced to as many as a plot can draw.
//!
//! Points are kept in small chunks that know their lowest and highest value, so that a million of them can be reduced
//! to a line of a few thousand in a fraction of a millisecond.

use std::collections::VecDeque;
use std::ops::RangeInclusive;

/// Seconds since [`super::Model::origin`], and the value at that time.
pub type Point = [f64; 2];

/// Points per chunk. A column of the plot skips whole chunks and looks into two.
const CHUNK: usize = 128;

/// Points in order of time.
#[derive(Debug, Default)]
pub(super) struct Points {
    chunks: VecDeque<PointChunk>,
    len: usize,
}

#[derive(Debug)]
struct PointChunk {
    /// The points; never empty.
    points: Vec<Point>,
    /// Index of the lowest value, the first if there are several.
    low: usize,
    /// Index of the highest value, the first if there are several.
    high: usize,
}

impl PointChunk {
    fn new(point: Point) -> Self {
        Self { points: vec![point], low: 0, high: 0 }
    }

    fn push(&mut self, point: Point) {
        let at = self.points.len();
        if point[1] < self.points[self.low][1] {
            self.low = at;
        }
        if point[1] > self.points[self.high][1] {
            self.high = at;
        }
        self.points.push(point);
    }

    fn start(&self) -> f64 {
        self.points[0][0]
    }

    fn end(&self) -> f64 {
        self.points[self.points.len() - 1][0]
    }
}

/// The points drawn for one column of pixels.
struct Column {
    number: i64,
    first: (usize, Point),
    low: (usize, Point),
    high: (usize, Point),
    last: (usize, Point),
}

impl Column {
    fn new(number: i64, at: usize, point: Point) -> Self {
        Self { number, first: (at, point), low: (at, point), high: (at, point), last: (at, point) }
    }

    /// Adds the points that follow, given the lowest, the highest and the last of them.
    fn add(&mut self, low: (usize, Point), high: (usize, Point), last: (usize, Point)) {
        if low.1[1] < self.low.1[1] {
            self.low = low;
        }
        if high.1[1] > self.high.1[1] {
            self.high = high;
        }
        self.last = last;
    }

    fn write(&self, out: &mut Vec<Point>) {
        let (early, late) =
            if self.low.0 < self.high.0 { (self.low, self.high) } else { (self.high, self.low) };
        let mut before = None;
        for (at, point) in [self.first, early, late, self.last] {
            if before.is_none_or(|before| before < at) {
                out.push(point);
            }
            before = Some(at);
        }
    }
}

impl Points {
    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn first(&self) -> Option<Point> {
        self.chunks.front().map(|chunk| chunk.points[0])
    }

    pub(super) fn last(&self) -> Option<Point> {
        self.chunks.back().map(|chunk| chunk.points[chunk.points.len() - 1])
    }

    /// Adds a finite point at the end. If the clock was set back, the point gets the time of the last one.
    pub(super) fn push_back(&mut self, [time, value]: Point) {
        let point = [self.last().map_or(time, |last| time.max(last[0])), value];
        self.len += 1;
        match self.chunks.back_mut() {
            Some(chunk) if chunk.points.len() < CHUNK => chunk.push(point),
            _ => self.chunks.push_back(PointChunk::new(point)),
        }
    }

    /// Adds finite points before all others, given latest first.
    pub(super) fn push_front(&mut self, latest_first: &[Point]) {
        for part in latest_first.chunks(CHUNK) {
            let bound = self.first().map_or(f64::INFINITY, |first| first[0]);
            // Going back in time, no point may be later than the one before it in the list.
            let clamped = part.iter().scan(bound, |bound, &[time, value]| {
                *bound = bound.min(time);
                Some([*bound, value])
            });
            let mut points: Vec<Point> = clamped.collect();
            points.reverse();
            self.len += points.len();
            // The chunk is built in order of time.
            let Some((&first, rest)) = points.split_first() else { continue };
            let mut chunk = PointChunk::new(first);
            for &point in rest {
                chunk.push(point);
            }
            self.chunks.push_front(chunk);
        }
    }

    /// Drops the oldest chunk; returns how many points it had.
    pub(super) fn drop_oldest(&mut self) -> usize {
        let dropped = self.chunks.pop_front().map_or(0, |chunk| chunk.points.len());
        self.len -= dropped;
        dropped
    }

    /// The lowest and the highest value.
    pub(super) fn bounds(&self) -> Option<RangeInclusive<f64>> {
        let low = self.chunks.iter().map(|chunk| chunk.points[chunk.low][1]).reduce(f64::min)?;
        let high = self.chunks.iter().map(|chunk| chunk.points[chunk.high][1]).reduce(f64::max)?;
        Some(low..=high)
    }

    /// The points of a time range, at most four for each of `columns` columns of pixels (first, lowest, highest and
    /// last, in order of time), plus one point on either side, so that the line reaches the edges.
    ///
    /// Columns are aligned to multiples of their width, not to the edge, so that the line does not tremble as it moves.
    pub(super) fn sample(&self, range: &RangeInclusive<f64>, columns: usize) -> Vec<Point> {
        let (Some(first), Some(last)) = (self.first(), self.last()) else { return Vec::new() };
        let (from, to) = (range.start().max(first[0]), range.end().min(last[0]));
        if range.start().is_nan() || range.end().is_nan() {
            return Vec::new();
        }
        let whole =
            if (range.end() - range.start()).is_finite() { range.end() - range.start() } else { to - from };
        let width = (whole / columns.max(1) as f64).max(f64::MIN_POSITIVE);
        let column_of = |time: f64| (time / width).floor() as i64;

        let start = self.chunks.partition_point(|chunk| chunk.end() < from);
        let mut out: Vec<Point> = self.before(start, from).into_iter().collect();
        let mut column: Option<Column> = None;
        let mut at = start * CHUNK;
        for chunk in self.chunks.range(start..) {
            if chunk.start() > to {
                break;
            }
            let is_inside = chunk.start() >= from && chunk.end() <= to;
            let whole = column.as_mut().filter(|column| is_inside && column_of(chunk.end()) == column.number);
            if let Some(column) = whole {
                let of = |index: usize| (at + index, chunk.points[index]);
                column.add(of(chunk.low), of(chunk.high), of(chunk.points.len() - 1));
            } else {
                let inside = chunk.points.partition_point(|point| point[0] < from)
                    ..chunk.points.partition_point(|point| point[0] <= to);
                for index in inside {
                    let point = chunk.points[index];
                    let (here, number) = ((at + index, point), column_of(point[0]));
                    match &mut column {
                        Some(column) if column.number == number => column.add(here, here, here),
                        _ => {
                            let done = column.replace(Column::new(number, at + index, point));
                            done.inspect(|done| done.write(&mut out));
                        }
                    }
                }
            }
            at += CHUNK;
        }
        column.inspect(|column| column.write(&mut out));
        out.extend(self.after(to.max(*range.start())));
        out
    }

    /// All points of a time range.
    pub(super) fn range(&self, range: RangeInclusive<f64>) -> impl Iterator<Item = Point> {
        let start = self.chunks.partition_point(|chunk| chunk.end() < *range.start());
        let end = *range.end();
        let points = self.chunks.range(start..).flat_map(|chunk| chunk.points.iter().copied());
        points.skip_while(move |point| point[0] < *range.start()).take_while(move |point| point[0] <= end)
    }

    /// The last point before `from`, given the first chunk that reaches it.
    fn before(&self, start: usize, from: f64) -> Option<Point> {
        let inside = self.chunks.get(start).and_then(|chunk| {
            let index = chunk.points.partition_point(|point| point[0] < from);
            chunk.points.get(index.checked_sub(1)?)
        });
        let outside = || self.chunks.get(start.checked_sub(1)?)?.points.last();
        inside.or_else(outside).copied()
    }

    /// The first point after `to`.
    fn after(&self, to: f64) -> Option<Point> {
        let start = self.chunks.partition_point(|chunk| chunk.end() <= to);
        let points = &self.chunks.get(start)?.points;
        points.get(points.partition_point(|point| point[0] <= to)).copied()
    }

    /// The point nearest in time, among those not after `until`.
    pub(super) fn nearest(&self, time: f64, until: f64) -> Option<Point> {
        let time = time.min(until);
        let start = self.chunks.partition_point(|chunk| chunk.end() < time);
        let before = self.before(start, time);
        let chunk = self.chunks.get(start);
        let after =
            chunk.and_then(|chunk| chunk.points.get(chunk.points.partition_point(|point| point[0] < time)));
        let candidates = [before, after.copied()].into_iter().flatten().filter(|point| point[0] <= until);
        candidates.min_by(|a, b| (a[0] - time).abs().total_cmp(&(b[0] - time).abs()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn points(values: &[(u8, i8)]) -> (Points, Vec<Point>) {
        let mut points = Points::default();
        let mut list = Vec::new();
        let mut time = 0.0;
        for &(step, value) in values {
            time += f64::from(step) / 16.0;
            list.push([time, f64::from(value)]);
            points.push_back([time, f64::from(value)]);
        }
        (points, list)
    }

    proptest! {
        #[test]
        fn a_sample_has_every_extreme_and_few_points(
            values in prop::collection::vec((0u8..32, any::<i8>()), 0..2_000),
            from in 0.0..1_000.0f64,
            length in 0.0..2_000.0f64,
            columns in 1..60usize,
        ) {
            let (points, list) = points(&values);
            let (to, width) = (from + length, length / columns as f64);
            let sample = points.sample(&(from..=to), columns);
            prop_assert!(sample.len() <= 4 * (columns + 1) + 2);
            prop_assert!(sample.is_sorted_by(|a, b| a[0] <= b[0]));
            prop_assert!(sample.iter().all(|point| list.contains(point)));
            let inside: Vec<Point> = list.iter().copied().filter(|p| (from..=to).contains(&p[0])).collect();
            for part in inside.chunk_by(|a, b| (a[0] / width).floor() as i64 == (b[0] / width).floor() as i64) {
                let low = part.iter().map(|p| p[1]).fold(f64::INFINITY, f64::min);
                let high = part.iter().map(|p| p[1]).fold(f64::NEG_INFINITY, f64::max);
                let drawn: Vec<&Point> = sample.iter().filter(|p| part.contains(p)).collect();
                prop_assert!(drawn.iter().any(|p| p[1] <= low) && drawn.iter().any(|p| p[1] >= high));
                prop_assert!(drawn.contains(&&part[0]) && drawn.contains(&&part[part.len() - 1]));
            }
            prop_assert_eq!(points.range(from..=to).collect::<Vec<_>>(), inside);
            if let Some(before) = list.iter().rfind(|p| p[0] < from) {
                prop_assert_eq!(sample.first(), Some(before));
            }
            if let Some(after) = list.iter().find(|p| p[0] > to) {
                prop_assert_eq!(sample.last(), Some(after));
            }
        }

        #[test]
        fn the_nearest_point_is_the_nearest(
            values in prop::collection::vec((0u8..32, any::<i8>()), 0..600),
            time in -10.0..700.0f64,
            until in -10.0..700.0f64,
        ) {
            let (points, list) = points(&values);
            let allowed = list.iter().filter(|p| p[0] <= until);
            let distance = allowed.map(|p| (p[0] - time.min(until)).abs()).min_by(f64::total_cmp);
            let nearest = points.nearest(time, until);
            prop_assert_eq!(nearest.map(|p| (p[0] - time.min(until)).abs()), distance);
            prop_assert!(nearest.is_none_or(|p| p[0] <= until && list.contains(&p)));
        }

        #[test]
        fn what_is_added_in_front_comes_before(
            values in prop::collection::vec((0u8..32, any::<i8>()), 1..1_000),
            split in any::<prop::sample::Index>(),
        ) {
            let (_, list) = points(&values);
            let (early, late) = list.split_at(split.index(list.len()));
            let mut points = Points::default();
            for &point in late {
                points.push_back(point);
            }
            let latest_first: Vec<Point> = early.iter().rev().copied().collect();
            latest_first.chunks(300).for_each(|part| points.push_front(part));
            prop_assert_eq!(points.len(), list.len());
            let all: Vec<Point> = points.chunks.iter().flat_map(|chunk| chunk.points.iter().copied()).collect();
            prop_assert_eq!(all, list);
        }
    }

    #[test]
    fn odd_ranges_are_answered() {
        let (points, list) = points(&[(16, 1), (16, 3), (16, 2)]);
        assert_eq!(points.sample(&(f64::NEG_INFINITY..=f64::INFINITY), 10), list);
        assert_eq!(points.sample(&(f64::NAN..=1.0), 10), Vec::<Point>::new());
        assert_eq!(points.sample(&(2.0..=2.0), 0), list);
        assert_eq!(points.sample(&(5.0..=1.0), 10).len(), 1);
        assert_eq!(Points::default().sample(&(0.0..=1.0), 10), Vec::<Point>::new());
        assert_eq!(points.bounds(), Some(1.0..=3.0));
    }

    #[test]
    fn a_clock_set_back_does_not_disorder_points() {
        let mut points = Points::default();
        points.push_back([5.0, 1.0]);
        points.push_back([3.0, 2.0]);
        points.push_front(&[[4.0, 0.0], [9.0, -1.0]]);
        assert_eq!(points.sample(&(0.0..=9.0), 1000), [[4.0, -1.0], [4.0, 0.0], [5.0, 1.0], [5.0, 2.0]]);
    }
}

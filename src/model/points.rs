//! Points over time, reduced to as many as a plot can draw.
//!
//! A point whose time lies before others is put where it belongs, so that every reader finds points in order of time.
//!
//! Points are kept in chunks that know the lowest and the highest value of themselves and of every 32 points, so that a
//! million of them are reduced to a line of a few thousand in a fraction of a millisecond. A full chunk never changes:
//! a copy of all points shares them, and is made in microseconds for a job to read.

use std::collections::VecDeque;
use std::ops::RangeInclusive;
use std::sync::Arc;

/// Seconds since [`super::Model::origin`], and the value at that time.
pub type Point = [f64; 2];

/// Points per chunk. One into which late points are put may have as many again.
const CHUNK: usize = 1_024;
const CHUNK_MAX: usize = 2 * CHUNK;
/// Points per block of a chunk.
const BLOCK: usize = 32;

/// Points in order of time.
#[derive(Clone, Debug, Default)]
pub struct Points {
    chunks: VecDeque<Arc<PointChunk>>,
    len: usize,
    /// Points that were ever added at the end.
    pushed: u64,
    /// How often points were added at the front.
    fills: u64,
    /// How often points were dropped at the front.
    drops: u64,
    /// Points that were put between others, because they came late.
    late: u64,
}

/// Indexes of the lowest and of the highest value, of several the first.
#[derive(Clone, Copy, Debug, Default)]
struct Extremes {
    low: u16,
    high: u16,
}

impl Extremes {
    fn new(at: usize) -> Self {
        Self { low: at as u16, high: at as u16 }
    }

    fn add(&mut self, points: &[Point], at: usize) {
        if points[at][1] < points[usize::from(self.low)][1] {
            self.low = at as u16;
        }
        if points[at][1] > points[usize::from(self.high)][1] {
            self.high = at as u16;
        }
    }
}

#[derive(Clone, Debug)]
struct PointChunk {
    /// The points; never empty.
    points: Vec<Point>,
    /// The extremes of each block.
    blocks: Vec<Extremes>,
    /// The extremes of the chunk.
    all: Extremes,
}

impl PointChunk {
    fn new(point: Point) -> Self {
        Self { points: vec![point], blocks: vec![Extremes::default()], all: Extremes::default() }
    }

    fn push(&mut self, point: Point) {
        let at = self.points.len();
        self.points.push(point);
        match self.blocks.last_mut() {
            Some(block) if !at.is_multiple_of(BLOCK) => block.add(&self.points, at),
            _ => self.blocks.push(Extremes::new(at)),
        }
        self.all.add(&self.points, at);
    }

    fn of(points: &[Point]) -> Option<Self> {
        let (&first, rest) = points.split_first()?;
        let mut chunk = Self::new(first);
        for point in rest {
            chunk.push(*point);
        }
        Some(chunk)
    }

    fn start(&self) -> f64 {
        self.points[0][0]
    }

    fn end(&self) -> f64 {
        self.points[self.points.len() - 1][0]
    }
}

/// A point and its place in the order.
type Placed = (usize, Point);

/// The points drawn for one column of pixels.
struct Column {
    number: i64,
    first: Placed,
    low: Placed,
    high: Placed,
    last: Placed,
}

impl Column {
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

/// Collects columns from left to right.
struct Columns {
    width: f64,
    open: Option<Column>,
    out: Vec<Point>,
}

impl Columns {
    fn number(&self, time: f64) -> i64 {
        (time / self.width).floor() as i64
    }

    /// Adds points that are all in one column, given some of them.
    fn add(&mut self, number: i64, first: Placed, low: Placed, high: Placed, last: Placed) {
        match &mut self.open {
            Some(column) if column.number == number => {
                if low.1[1] < column.low.1[1] {
                    column.low = low;
                }
                if high.1[1] > column.high.1[1] {
                    column.high = high;
                }
                column.last = last;
            }
            open => {
                let done = open.replace(Column { number, first, low, high, last });
                done.inspect(|done| done.write(&mut self.out));
            }
        }
    }

    fn add_chunk(&mut self, chunk: &PointChunk, at: usize, from: f64, to: f64) {
        let of = |index: usize| (at + index, chunk.points[index]);
        let span = |first: usize, last: usize| (chunk.points[first][0], chunk.points[last][0]);
        let whole = |(start, end): (f64, f64), columns: &Self| {
            let number = columns.number(start);
            (start >= from && end <= to && columns.number(end) == number).then_some(number)
        };
        let last = chunk.points.len() - 1;
        let extremes = |extremes: Extremes| (of(usize::from(extremes.low)), of(usize::from(extremes.high)));
        if let Some(number) = whole((chunk.start(), chunk.end()), self) {
            let (low, high) = extremes(chunk.all);
            self.add(number, of(0), low, high, of(last));
            return;
        }
        for (index, block) in chunk.blocks.iter().enumerate() {
            let (head, tail) = (index * BLOCK, (index * BLOCK + BLOCK - 1).min(last));
            let (start, end) = span(head, tail);
            if end < from {
                continue;
            }
            if start > to {
                break;
            }
            if let Some(number) = whole((start, end), self) {
                let (low, high) = extremes(*block);
                self.add(number, of(head), low, high, of(tail));
                continue;
            }
            for index in (head..=tail).filter(|index| (from..=to).contains(&chunk.points[*index][0])) {
                let here = of(index);
                self.add(self.number(here.1[0]), here, here, here, here);
            }
        }
    }
}

impl Points {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The earliest point.
    pub fn first(&self) -> Option<Point> {
        self.chunks.front().map(|chunk| chunk.points[0])
    }

    /// The latest point.
    pub fn last(&self) -> Option<Point> {
        self.chunks.back().map(|chunk| chunk.points[chunk.points.len() - 1])
    }

    /// Points that were ever added at the end.
    pub fn pushed(&self) -> u64 {
        self.pushed
    }

    /// How often points were added or dropped anywhere but at the end: what was sampled before such a change is out of
    /// date.
    pub fn front_changes(&self) -> u64 {
        self.fills + self.drops + self.late
    }

    /// How often points were added at the front.
    pub(super) fn fills(&self) -> u64 {
        self.fills
    }

    /// Adds a finite point: at the end, or where it belongs if its time lies before that of others. Returns whether it
    /// came late like that.
    pub(super) fn push(&mut self, point: Point) -> bool {
        if self.last().is_some_and(|last| point[0] < last[0]) {
            self.insert(point);
            return true;
        }
        self.len += 1;
        self.pushed += 1;
        match self.chunks.back_mut() {
            Some(chunk) if chunk.points.len() < CHUNK => Arc::make_mut(chunk).push(point),
            _ => self.chunks.push_back(Arc::new(PointChunk::new(point))),
        }
        false
    }

    /// Puts a point after those that are not later. It costs the copy of a chunk.
    fn insert(&mut self, point: Point) {
        self.len += 1;
        self.late += 1;
        let index = self.chunks.partition_point(|chunk| chunk.start() <= point[0]).saturating_sub(1);
        let Some(chunk) = self.chunks.get_mut(index) else {
            self.chunks.push_back(Arc::new(PointChunk::new(point)));
            return;
        };
        let mut points = chunk.points.clone();
        points.insert(points.partition_point(|other| other[0] <= point[0]), point);
        let (head, tail) =
            if points.len() > CHUNK_MAX { points.split_at(CHUNK) } else { (&*points, &[][..]) };
        if let Some(renewed) = PointChunk::of(head) {
            *chunk = Arc::new(renewed);
        }
        if let Some(rest) = PointChunk::of(tail) {
            self.chunks.insert(index + 1, Arc::new(rest));
        }
    }

    /// Adds finite points that came before all others, given latest first; returns those whose times do not fit that.
    pub(super) fn push_front(&mut self, latest_first: &[Point]) -> Vec<Point> {
        self.fills += u64::from(!latest_first.is_empty());
        let mut bound = self.first().map_or(f64::INFINITY, |first| first[0]);
        let (mut fitting, mut late) = (Vec::with_capacity(latest_first.len()), Vec::new());
        for &point in latest_first {
            if point[0] <= bound {
                bound = point[0];
                fitting.push(point);
            } else {
                late.push(point);
            }
        }
        for part in fitting.chunks_mut(CHUNK) {
            part.reverse();
            self.len += part.len();
            if let Some(chunk) = PointChunk::of(part) {
                self.chunks.push_front(Arc::new(chunk));
            }
        }
        for point in &late {
            self.insert(*point);
        }
        late
    }

    /// Drops the oldest chunk; returns how many points it had.
    pub(super) fn drop_oldest(&mut self) -> usize {
        let dropped = self.chunks.pop_front().map_or(0, |chunk| chunk.points.len());
        self.len -= dropped;
        self.drops += 1;
        dropped
    }

    /// The last `count` points, or all if there are fewer.
    pub(super) fn newest(&self, count: u64) -> impl Iterator<Item = Point> {
        let mut start = self.chunks.len();
        let mut held = 0;
        while start > 0 && held < count {
            start -= 1;
            held += self.chunks[start].points.len() as u64;
        }
        let skipped = held.saturating_sub(count) as usize;
        self.chunks.range(start..).flat_map(|chunk| chunk.points.iter().copied()).skip(skipped)
    }

    /// Memory used, in bytes.
    pub fn heap_bytes(&self) -> usize {
        let of_chunk = |chunk: &Arc<PointChunk>| {
            let PointChunk { points, blocks, .. } = chunk.as_ref();
            size_of::<PointChunk>()
                + points.capacity() * size_of::<Point>()
                + blocks.capacity() * size_of::<Extremes>()
        };
        self.chunks.capacity() * size_of::<Arc<PointChunk>>()
            + self.chunks.iter().map(of_chunk).sum::<usize>()
    }

    /// The lowest and the highest value.
    pub(super) fn bounds(&self) -> Option<RangeInclusive<f64>> {
        let low = |chunk: &Arc<PointChunk>| chunk.points[usize::from(chunk.all.low)][1];
        let high = |chunk: &Arc<PointChunk>| chunk.points[usize::from(chunk.all.high)][1];
        let lowest = self.chunks.iter().map(low).reduce(f64::min)?;
        Some(lowest..=self.chunks.iter().map(high).reduce(f64::max)?)
    }

    /// The points of a time range, at most four for each column of `width` seconds: first, lowest, highest and last, in
    /// order of time.
    ///
    /// Columns are aligned to multiples of their width and not to the range: they stay the same while a plot moves, so
    /// that it can keep them.
    pub fn reduce(&self, range: RangeInclusive<f64>, width: f64) -> Vec<Point> {
        let (from, to) = range.into_inner();
        let mut columns = Columns { width: width.max(f64::MIN_POSITIVE), open: None, out: Vec::new() };
        let start = self.chunks.partition_point(|chunk| chunk.end() < from);
        let mut at = 0;
        for chunk in self.chunks.range(start..).take_while(|chunk| chunk.start() <= to) {
            columns.add_chunk(chunk, at, from, to);
            at += CHUNK_MAX;
        }
        let Columns { open, mut out, .. } = columns;
        open.inspect(|column| column.write(&mut out));
        out
    }

    /// The lowest and the highest value of a time range, from the extremes of the blocks inside it.
    pub fn extremes(&self, range: RangeInclusive<f64>) -> Option<RangeInclusive<f64>> {
        let (from, to) = range.into_inner();
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        let mut add = |points: &[Point], of: Extremes| {
            low = low.min(points[usize::from(of.low)][1]);
            high = high.max(points[usize::from(of.high)][1]);
        };
        let start = self.chunks.partition_point(|chunk| chunk.end() < from);
        for chunk in self.chunks.range(start..).take_while(|chunk| chunk.start() <= to) {
            if chunk.start() >= from && chunk.end() <= to {
                add(&chunk.points, chunk.all);
                continue;
            }
            for (index, block) in chunk.blocks.iter().enumerate() {
                let points = &chunk.points[index * BLOCK..((index + 1) * BLOCK).min(chunk.points.len())];
                if points[0][0] >= from && points[points.len() - 1][0] <= to {
                    add(&chunk.points, *block);
                } else {
                    let inside = |point: &&Point| (from..=to).contains(&point[0]);
                    points.iter().filter(inside).for_each(|point| add(&[*point], Extremes::default()));
                }
            }
        }
        (low <= high).then_some(low..=high)
    }

    /// [`Points::reduce`] for so many columns, plus one point on either side, so that the line reaches the edges.
    pub(super) fn sample(&self, range: &RangeInclusive<f64>, columns: usize) -> Vec<Point> {
        let (Some(first), Some(last)) = (self.first(), self.last()) else { return Vec::new() };
        if range.start().is_nan() || range.end().is_nan() {
            return Vec::new();
        }
        let (from, to) = (range.start().max(first[0]), range.end().min(last[0]));
        let whole = range.end() - range.start();
        let whole = if whole.is_finite() { whole } else { to - from };
        let width = whole / columns.max(1) as f64;
        let before = self.before(from);
        let after = self.after(to.max(*range.start()));
        before.into_iter().chain(self.reduce(from..=to, width)).chain(after).collect()
    }

    /// All points of a time range.
    pub fn range(&self, range: RangeInclusive<f64>) -> impl Iterator<Item = Point> {
        let start = self.chunks.partition_point(|chunk| chunk.end() < *range.start());
        let end = *range.end();
        let points = self.chunks.range(start..).flat_map(|chunk| chunk.points.iter().copied());
        points.skip_while(move |point| point[0] < *range.start()).take_while(move |point| point[0] <= end)
    }

    /// The last point before a time.
    pub fn before(&self, time: f64) -> Option<Point> {
        let start = self.chunks.partition_point(|chunk| chunk.end() < time);
        let inside = self.chunks.get(start).and_then(|chunk| {
            let index = chunk.points.partition_point(|point| point[0] < time);
            chunk.points.get(index.checked_sub(1)?)
        });
        let outside = || self.chunks.get(start.checked_sub(1)?)?.points.last();
        inside.or_else(outside).copied()
    }

    /// The first point after a time.
    pub fn after(&self, time: f64) -> Option<Point> {
        let start = self.chunks.partition_point(|chunk| chunk.end() <= time);
        let points = &self.chunks.get(start)?.points;
        points.get(points.partition_point(|point| point[0] <= time)).copied()
    }

    /// The last point at or before a time.
    pub fn at_or_before(&self, time: f64) -> Option<Point> {
        let start = self.chunks.partition_point(|chunk| chunk.start() <= time);
        let points = &self.chunks.get(start.checked_sub(1)?)?.points;
        points.get(points.partition_point(|point| point[0] <= time).checked_sub(1)?).copied()
    }

    /// The point nearest in time, among those not after `until`.
    pub(super) fn nearest(&self, time: f64, until: f64) -> Option<Point> {
        let time = time.min(until);
        let before = self.before(time);
        let chunk = self.chunks.get(self.chunks.partition_point(|chunk| chunk.end() < time));
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
            points.push([time, f64::from(value)]);
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
                points.push(point);
            }
            let latest_first: Vec<Point> = early.iter().rev().copied().collect();
            latest_first.chunks(300).for_each(|part| assert!(points.push_front(part).is_empty()));
            prop_assert_eq!(points.len(), list.len());
            let all: Vec<Point> = points.chunks.iter().flat_map(|chunk| chunk.points.iter().copied()).collect();
            prop_assert_eq!(all, list);
        }
    }

    #[test]
    fn a_million_points_lose_no_extreme_that_a_naive_scan_finds() {
        let mut points = Points::default();
        let mut random = 1_u64;
        let mut next = || {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (random >> 33) as f64 / f64::from(1_u32 << 31)
        };
        let list: Vec<Point> = (0..1_000_000).map(|index| [f64::from(index) * 0.01, next()]).collect();
        for point in &list {
            assert!(!points.push(*point));
        }
        for view in 0..12 {
            let length = 10_000.0 * next().powi(1 + view % 4);
            let from = next() * (10_000.0 - length);
            let width = length / 1_200.0;
            let reduced = points.reduce(from..=from + length, width);
            let inside =
                list.partition_point(|p| p[0] < from)..list.partition_point(|p| p[0] <= from + length);
            let column = |point: &Point| (point[0] / width).floor() as i64;
            let naive = list[inside].chunk_by(|a, b| column(a) == column(b));
            let drawn = reduced.chunk_by(|a, b| column(a) == column(b));
            let extremes = |part: &[Point]| {
                let fold =
                    |from: f64, of: fn(f64, f64) -> f64| part.iter().map(|p| p[1]).fold(from, of).to_bits();
                (column(&part[0]), fold(f64::INFINITY, f64::min), fold(f64::NEG_INFINITY, f64::max))
            };
            assert!(naive.map(extremes).eq(drawn.map(extremes)), "{from} {length}");
            assert!(reduced.len() <= 4 * 1_202);
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
    fn a_point_with_an_earlier_time_stands_where_it_belongs() {
        let mut points = Points::default();
        assert!(!points.push([5.0, 1.0]));
        assert!(points.push([3.0, 2.0]));
        assert_eq!(points.push_front(&[[4.0, 0.0], [2.0, -1.0]]), [[4.0, 0.0]]);
        let all: Vec<_> = points.range(0.0..=9.0).collect();
        assert_eq!(all, [[2.0, -1.0], [3.0, 2.0], [4.0, 0.0], [5.0, 1.0]]);
    }

    proptest! {
        #[test]
        fn however_late_points_come_they_are_read_in_order_of_time(
            times in prop::collection::vec(0..5_000u16, 1..6_000),
            split in any::<prop::sample::Index>(),
            from in 0.0..5_000.0f64,
            length in 0.0..5_000.0f64,
        ) {
            let list: Vec<Point> =
                times.iter().enumerate().map(|(index, time)| [f64::from(*time), index as f64]).collect();
            let (early, late) = list.split_at(split.index(list.len()));
            let mut points = Points::default();
            for point in late {
                points.push(*point);
            }
            let latest_first: Vec<Point> = early.iter().rev().copied().collect();
            for part in latest_first.chunks(700) {
                points.push_front(part);
            }
            let mut sorted = list.clone();
            sorted.sort_by(|a, b| a[0].total_cmp(&b[0]));
            let times = |points: &[Point]| points.iter().map(|point| point[0]).collect::<Vec<_>>();
            let all: Vec<Point> = points.range(f64::NEG_INFINITY..=f64::INFINITY).collect();
            prop_assert_eq!(times(&all), times(&sorted));
            prop_assert_eq!(points.len(), list.len());
            let to = from + length;
            let inside: Vec<f64> =
                list.iter().filter(|point| (from..=to).contains(&point[0])).map(|point| point[1]).collect();
            let low = inside.iter().copied().reduce(f64::min);
            let high = inside.iter().copied().reduce(f64::max);
            let found = points.extremes(from..=to);
            prop_assert_eq!(found.clone().map(|found| *found.start()), low);
            prop_assert_eq!(found.map(|found| *found.end()), high);
        }
    }
}

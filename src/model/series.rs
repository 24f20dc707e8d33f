//! Numbers over time out of a topic's payloads, to be plotted.
//!
//! A series receives every message of its topic as it arrives, whether or not it is being drawn. Earlier messages are
//! read from the topic's history, newest first and in portions, so that plotting a topic with a million messages does
//! not block the window.

use std::collections::VecDeque;
use std::ops::RangeInclusive;

use crate::message::{MessageRef, Timestamp};
use crate::model::earlier::EarlierEdge;
use crate::model::gaps::Gaps;
use crate::model::points::{Point, Points};
use crate::model::stored::Reader;

/// Extracts a number from a payload. The model knows no formats, so its caller implements this.
pub trait Extractor: Send {
    /// The number; `None` if the payload has none. Infinities and NaN are counted and not plotted.
    fn value(&self, payload: &[u8]) -> Option<f64>;

    /// When the number was measured. A payload that should say so and does not has no number either.
    fn time(&self, _payload: &[u8]) -> PointTime {
        PointTime::Arrival
    }
}

/// The time of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PointTime {
    /// When its message arrived.
    Arrival,
    /// What the payload says.
    At(Timestamp),
    /// The payload should say, and does not.
    Missing,
}

/// Names a series of one model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SeriesId(pub(super) u32);

/// How many messages of the history are read when a series is added, which the window waits for.
pub(super) const FIRST_PORTION: usize = 256;
/// How many messages of the history are read in one portion of [`Model::fill_series`](crate::model::Model::fill_series):
/// about a millisecond, during which the model is locked.
pub(super) const BACKFILL_PORTION: usize = 4_096;

/// The messages that a series reads.
pub(super) struct Source {
    pub(super) node: u32,
    pub(super) extractor: Box<dyn Extractor>,
    /// Position of the next message to read from the history.
    pub(super) backfill: Option<u64>,
}

/// Values over time, with the gaps between them: numbers out of a topic's messages, or what was computed from them.
pub struct Series {
    /// `None` for a series that is computed from others.
    source: Option<Source>,
    pub(super) points: Points,
    points_max: usize,
    pub(super) gaps: Gaps,
    skipped: u64,
    not_finite: u64,
    /// When values that are infinite or not a number came, the newest last.
    not_finite_at: VecDeque<f64>,
    late: u64,
    /// Times of points that came after later ones, the newest last.
    late_at: VecDeque<f64>,
    dropped: u64,
    /// Whether there were earlier messages that it never had: they were not held any more, or there was no room.
    misses_earlier: bool,
    /// Messages of the history that were read.
    read: u64,
    /// The oldest message that was read.
    edge: EarlierEdge,
}

/// The most times kept of values that are odd: infinite, not a number, or late.
const ODD_MAX: usize = 1_000;

impl Series {
    /// A series without points.
    pub(super) fn new(source: Option<Source>, points_max: usize) -> Self {
        Self {
            source,
            points: Points::default(),
            points_max,
            gaps: Gaps::default(),
            skipped: 0,
            not_finite: 0,
            not_finite_at: VecDeque::new(),
            late: 0,
            late_at: VecDeque::new(),
            dropped: 0,
            misses_earlier: false,
            read: 0,
            edge: EarlierEdge::default(),
        }
    }

    /// Takes in a message that just arrived, `arrived` seconds after `origin`.
    pub(super) fn feed(&mut self, arrived: f64, payload: &[u8], origin: Timestamp) {
        let (seconds, value) = self.value(arrived, payload, origin);
        self.gaps.push_back(seconds, value.is_none());
        if let Some(value) = value {
            self.push([seconds, value]);
        }
    }

    /// Adds a point and drops the oldest if there are too many.
    pub(super) fn push(&mut self, point: Point) {
        if self.points.push(point) {
            self.note_late(point[0]);
        }
        if self.points.len() > self.points_max {
            self.dropped += self.points.drop_oldest() as u64;
            self.gaps.drop_before(self.points.first().map_or(f64::INFINITY, |first| first[0]));
            self.end_backfill();
        }
    }

    fn note_late(&mut self, seconds: f64) {
        self.late += 1;
        note(&mut self.late_at, seconds);
    }

    /// Notes which points of the past came late, as if they had just arrived: those before something that came earlier.
    fn note_late_of(&mut self, latest_first: &[Point]) {
        let mut latest = f64::NEG_INFINITY;
        for [seconds, _] in latest_first.iter().rev() {
            if *seconds < latest {
                self.note_late(*seconds);
            }
            latest = latest.max(*seconds);
        }
    }

    /// Begins again without points.
    pub(super) fn restart(&mut self) {
        (self.points, self.gaps, self.dropped) = (Points::default(), Gaps::default(), 0);
    }

    /// The node whose messages it reads.
    pub(super) fn node(&self) -> Option<u32> {
        self.source.as_ref().map(|source| source.node)
    }

    /// Stops reading the history, because the held messages of the topic were forgotten.
    pub(super) fn end_backfill(&mut self) {
        if let Some(source) = &mut self.source
            && source.backfill.take().is_some()
        {
            self.misses_earlier = true;
        }
    }

    /// Notes that the history began after the first message of the topic.
    pub(super) fn note_missing_earlier(&mut self) {
        self.misses_earlier = true;
    }

    /// The time of a message's number, and the number.
    fn value(&mut self, arrived: f64, payload: &[u8], origin: Timestamp) -> (f64, Option<f64>) {
        let Some(source) = &self.source else { return (arrived, None) };
        let seconds = match source.extractor.time(payload) {
            PointTime::Arrival => arrived,
            PointTime::At(at) => at.seconds_since(origin),
            PointTime::Missing => {
                self.skipped += 1;
                return (arrived, None);
            }
        };
        let value = source.extractor.value(payload);
        match value {
            Some(value) if value.is_finite() => return (seconds, Some(value)),
            Some(_) => {
                self.not_finite += 1;
                note(&mut self.not_finite_at, seconds);
            }
            None => self.skipped += 1,
        }
        (seconds, None)
    }

    /// Reads up to `most` messages of the history; returns how many it has read.
    pub(super) fn fill(&mut self, most: usize, topic: u32, reader: Reader, origin: Timestamp) -> usize {
        let mut next = self.source.as_mut().and_then(|source| source.backfill.take());
        let mut looked_at = 0;
        let mut latest_first = Vec::new();
        while looked_at < most
            && let Some(position) = next
        {
            let Some(stored) = reader.message(topic, position) else {
                next = None;
                break;
            };
            looked_at += 1;
            self.edge.pass(stored.arrived());
            let arrived = stored.arrived().seconds_since(origin);
            let (at, value) = self.value(arrived, stored.payload(), origin);
            self.gaps.push_front(at, value.is_none());
            if let Some(value) = value {
                latest_first.push([at, value]);
            }
            let has_room = self.points.len() + latest_first.len() < self.points_max;
            let earlier = reader.position_before(topic, &stored);
            self.misses_earlier |= earlier.is_some() && !has_room;
            next = earlier.filter(|_| has_room);
        }
        self.note_late_of(&latest_first);
        self.points.push_front(&latest_first);
        if let Some(source) = &mut self.source {
            source.backfill = next;
        }
        self.read += looked_at as u64;
        looked_at
    }

    /// Notes when the first message arrived, should none have been read so far.
    pub(super) fn begin(&mut self, arrived: Timestamp) {
        if self.edge == EarlierEdge::default() {
            self.edge.pass(arrived);
        }
    }

    /// Takes in messages from before all that were read, newest first. Returns whether there is room for more.
    pub(super) fn feed_earlier<'a>(
        &mut self,
        messages: impl Iterator<Item = MessageRef<'a>>,
        origin: Timestamp,
    ) -> bool {
        let mut latest_first = Vec::new();
        for message in messages {
            let arrived = message.arrived.seconds_since(origin);
            let (at, value) = self.value(arrived, message.payload.bytes(), origin);
            self.edge.pass(message.arrived);
            self.gaps.push_front(at, value.is_none());
            latest_first.extend(value.map(|value| [at, value]));
        }
        self.note_late_of(&latest_first);
        self.points.push_front(&latest_first);
        self.points.len() < self.points_max
    }

    /// Says when the first message of the topic arrived: once that was read, nothing earlier is missing.
    pub(super) fn note_first(&mut self, arrived: Timestamp) {
        if self.edge.arrived <= arrived {
            self.misses_earlier = false;
        }
    }

    /// The oldest message that was read, once all that is held was; `None` while it is not, where there is no room for
    /// more, and for a series that is computed from others.
    pub fn edge(&self) -> Option<EarlierEdge> {
        let is_ready = self.source.is_some() && !self.is_filling() && self.points.len() < self.points_max;
        is_ready.then_some(self.edge)
    }

    /// Points held.
    pub fn len(&self) -> usize {
        self.points.len()
    }

    /// Whether no points are held.
    pub fn is_empty(&self) -> bool {
        self.points.len() == 0
    }

    /// The newest point.
    pub fn last(&self) -> Option<Point> {
        self.points.last()
    }

    /// The time of the first and of the last point.
    pub fn span(&self) -> Option<RangeInclusive<f64>> {
        Some(self.points.first()?[0]..=self.points.last()?[0])
    }

    /// The lowest and the highest value.
    pub fn bounds(&self) -> Option<RangeInclusive<f64>> {
        self.points.bounds()
    }

    /// Messages without a number for this series.
    pub fn skipped(&self) -> u64 {
        self.skipped
    }

    /// Values that were infinite or not a number, and are not plotted.
    pub fn not_finite(&self) -> u64 {
        self.not_finite
    }

    /// When such values came within a time range: the newest thousand.
    pub fn not_finite_at(&self, range: RangeInclusive<f64>) -> impl Iterator<Item = f64> {
        self.not_finite_at.iter().copied().filter(move |at| range.contains(at))
    }

    /// Points whose time lay before that of a point that had come already.
    pub fn late(&self) -> u64 {
        self.late
    }

    /// Times of such points within a range: the newest thousand.
    pub fn late_at(&self, range: RangeInclusive<f64>) -> impl Iterator<Item = f64> {
        self.late_at.iter().copied().filter(move |at| range.contains(at))
    }

    /// Since when messages have come without a number, if the newest had none.
    pub fn missing_since(&self) -> Option<f64> {
        self.gaps.open_since()
    }

    /// Points that were dropped because there were more than
    /// [`Limits::series_points`](crate::model::Limits::series_points).
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// The time of its first point, if earlier ones were dropped, or were never there because earlier messages were not
    /// held any more.
    pub fn held_from(&self) -> Option<f64> {
        let is_cut = self.dropped > 0 || (self.misses_earlier && !self.is_filling());
        self.points.first().filter(|_| is_cut).map(|first| first[0])
    }

    /// How many messages of the history were read.
    pub fn messages_read(&self) -> u64 {
        self.read
    }

    /// Whether part of the history is still to be read.
    pub fn is_filling(&self) -> bool {
        self.source.as_ref().is_some_and(|source| source.backfill.is_some())
    }

    /// The points of a time range for a plot that is `columns` pixels wide: at most four per column (the first, the
    /// lowest, the highest and the last, in order of time), plus the nearest point beyond either edge, if there is one.
    ///
    /// Points after `until` are left out: a paused plot passes the time of the pause.
    pub fn sample(&self, range: RangeInclusive<f64>, columns: usize, until: f64) -> Vec<Point> {
        let mut sample = self.points.sample(&(*range.start()..=range.end().min(until)), columns);
        sample.retain(|point| point[0] <= until);
        sample
    }

    /// Its points. A copy shares what does not change any more, so it is made in microseconds.
    pub fn points(&self) -> &Points {
        &self.points
    }

    /// The times within a range at which messages came without a number: each where such a stretch begins. A plot breaks
    /// its line there, because the values in between are unknown.
    pub fn gaps(&self, range: RangeInclusive<f64>) -> impl Iterator<Item = f64> + Clone {
        self.gaps.within(range)
    }

    /// The point nearest to a time, among those not after `until`.
    pub fn nearest(&self, seconds: f64, until: f64) -> Option<Point> {
        self.points.nearest(seconds, until)
    }
}

/// Keeps a time in order, and the newest of too many.
fn note(times: &mut VecDeque<f64>, seconds: f64) {
    if times.len() == ODD_MAX {
        times.pop_front();
    }
    let later = times.partition_point(|at| *at <= seconds);
    times.insert(later, seconds);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::tests::message;
    use crate::model::{Limits, Model};

    struct Number;

    impl Extractor for Number {
        fn value(&self, payload: &[u8]) -> Option<f64> {
            std::str::from_utf8(payload).ok()?.parse().ok()
        }
    }

    fn all(series: &Series) -> Vec<Point> {
        series.sample(f64::NEG_INFINITY..=f64::INFINITY, 1 << 20, f64::INFINITY)
    }

    #[test]
    fn a_series_starts_with_the_history_and_goes_on_with_what_comes() {
        let mut model = Model::new(Limits::default());
        let second = 1_000_000;
        let mut node = None;
        for (i, payload) in ["1", "two", "3", "inf", "5"].iter().enumerate() {
            let at = (10 + i as i64) * second;
            node = model.apply(message(b"a/b", payload.as_bytes(), at)).ok();
        }
        let id = model.add_series(node.unwrap(), Box::new(Number)).unwrap();
        model.apply(message(b"a/b", b"6", 15 * second)).unwrap();
        model.apply(message(b"a/c", b"7", 16 * second)).unwrap();
        let series = model.series(id).unwrap();
        assert_eq!(all(series), [[0.0, 1.0], [2.0, 3.0], [4.0, 5.0], [5.0, 6.0]]);
        assert_eq!((series.skipped(), series.not_finite(), series.is_filling()), (1, 1, false));
        assert_eq!(series.sample(0.0..=9.0, 100, 4.5).last(), Some(&[4.0, 5.0]));
        assert_eq!(model.origin(), Timestamp(10 * second));
        model.remove_series(id);
        assert!(model.series(id).is_none());
        model.apply(message(b"a/b", b"8", 17 * second)).unwrap();
    }

    #[test]
    fn a_message_without_a_number_is_a_gap_whether_it_came_before_the_series_or_after() {
        let mut model = Model::new(Limits::default());
        let apply = |model: &mut Model, payload: &str, second: i64| {
            model.apply(message(b"a", payload.as_bytes(), second * 1_000_000)).ok()
        };
        let mut node = None;
        for (second, payload) in ["1", "x", "y", "4", "5"].iter().enumerate() {
            node = apply(&mut model, payload, second as i64);
        }
        let id = model.add_series(node.unwrap(), Box::new(Number)).unwrap();
        for (second, payload) in ["6", "inf", "8"].iter().enumerate() {
            apply(&mut model, payload, second as i64 + 5);
        }
        let series = model.series(id).unwrap();
        let gap = |from: f64, to: f64| series.gaps(from..=to).next();
        assert_eq!(gap(0.0, 3.0), Some(1.0));
        assert_eq!(gap(3.0, 5.0), None);
        assert_eq!(gap(5.0, 7.0), Some(6.0));
        let values: Vec<_> = series.points().range(0.0..=5.0).map(|point| point[1] as i64).collect();
        assert_eq!(values, [1, 4, 5, 6]);
    }

    #[test]
    fn a_long_history_is_filled_in_portions_while_messages_come() {
        let mut model = Model::new(Limits::default());
        let count = 3 * BACKFILL_PORTION as i64;
        let mut node = None;
        for i in 0..count {
            node = model.apply(message(b"a", i.to_string().as_bytes(), i * 1_000)).ok();
        }
        let id = model.add_series(node.unwrap(), Box::new(Number)).unwrap();
        assert!(model.series(id).unwrap().is_filling());
        for i in count..count + 10 {
            model.apply(message(b"a", i.to_string().as_bytes(), i * 1_000)).unwrap();
            model.fill_series();
        }
        let series = model.series(id).unwrap();
        assert!(!series.is_filling());
        assert_eq!(series.span(), Some(0.0..=(count + 9) as f64 / 1e3));
        assert!(all(series).iter().map(|point| point[1] as i64).eq(0..count + 10));
    }

    #[test]
    fn a_full_series_drops_its_oldest_points_and_says_so() {
        let source = Source { node: 0, extractor: Box::new(Number), backfill: None };
        let mut series = Series::new(Some(source), 10_000);
        for i in 0..50_000 {
            series.feed(f64::from(i), b"1", Timestamp(0));
        }
        assert!(series.len() <= 10_000 && series.len() > 8_800);
        assert_eq!(series.dropped() + series.len() as u64, 50_000);
    }

    #[test]
    fn a_point_takes_at_most_twenty_bytes() {
        let source = Source { node: 0, extractor: Box::new(Number), backfill: None };
        let mut series = Series::new(Some(source), 10_000_000);
        for i in 0..1_000_000 {
            series.feed(f64::from(i), b"1", Timestamp(0));
        }
        let bytes = series.points().heap_bytes() as f64 / 1e6;
        assert!((16.0..20.0).contains(&bytes), "{bytes}");
    }

    #[test]
    fn values_that_are_infinite_are_told_with_their_times() {
        let mut model = Model::new(Limits::default());
        let mut node = None;
        for (second, payload) in ["inf", "1", "nan", "2"].iter().enumerate() {
            node = model.apply(message(b"a", payload.as_bytes(), second as i64 * 1_000_000)).ok();
        }
        let id = model.add_series(node.unwrap(), Box::new(Number)).unwrap();
        model.apply(message(b"a", b"-inf", 9_000_000)).unwrap();
        let series = model.series(id).unwrap();
        assert_eq!(series.not_finite_at(0.0..=10.0).collect::<Vec<_>>(), [0.0, 2.0, 9.0]);
    }

    #[test]
    fn a_series_of_a_level_without_messages_waits_for_them() {
        let mut model = Model::new(Limits::default());
        model.apply(message(b"a/b", b"1", 0)).unwrap();
        let level = model.find(b"a").unwrap();
        let id = model.add_series(level, Box::new(Number)).unwrap();
        model.apply(message(b"a", b"4", 2_000_000)).unwrap();
        assert_eq!(all(model.series(id).unwrap()), [[2.0, 4.0]]);
    }

    /// Reads `time value`, with the time in seconds since the epoch.
    struct Timed;

    impl Extractor for Timed {
        fn value(&self, payload: &[u8]) -> Option<f64> {
            str::from_utf8(payload).ok()?.split_once(' ')?.1.parse().ok()
        }

        fn time(&self, payload: &[u8]) -> PointTime {
            let text = str::from_utf8(payload).ok().and_then(|text| text.split_once(' ')?.0.parse().ok());
            text.map_or(PointTime::Missing, |seconds: i64| PointTime::At(Timestamp(seconds * 1_000_000)))
        }
    }

    #[test]
    fn the_payload_may_say_when_a_value_was_measured_and_late_ones_are_told() {
        let mut model = Model::new(Limits::default());
        let mut node = None;
        for payload in ["103 1", "101 2", "x 9", "105 3"] {
            node = model.apply(message(b"a", payload.as_bytes(), 100_000_000)).ok();
        }
        let id = model.add_series(node.unwrap(), Box::new(Timed)).unwrap();
        for payload in ["104 4", "106 5"] {
            model.apply(message(b"a", payload.as_bytes(), 100_000_000)).unwrap();
        }
        let series = model.series(id).unwrap();
        assert_eq!(all(series), [[1.0, 2.0], [3.0, 1.0], [4.0, 4.0], [5.0, 3.0], [6.0, 5.0]]);
        assert_eq!((series.late(), series.skipped()), (2, 1));
        assert!(series.late_at(0.0..=9.0).any(|at| (at - 4.0).abs() < 1e-9));
    }

    #[test]
    fn a_value_that_stops_coming_is_told_with_the_time_of_the_first_message_without_it() {
        let mut model = Model::new(Limits::default());
        let mut node = None;
        for (second, payload) in ["1", "x", "y"].iter().enumerate() {
            node = model.apply(message(b"a", payload.as_bytes(), second as i64 * 1_000_000)).ok();
        }
        let id = model.add_series(node.unwrap(), Box::new(Number)).unwrap();
        assert_eq!(model.series(id).unwrap().missing_since(), Some(1.0));
        model.apply(message(b"a", b"4", 3_000_000)).unwrap();
        assert_eq!(model.series(id).unwrap().missing_since(), None);
    }
}

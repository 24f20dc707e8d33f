//! A topic's messages from before the memory, read back while messages arrive.

use proptest::prelude::*;

use crate::message::Timestamp;
use crate::model::tests::message;
use crate::model::{EarlierEdge, EarlierTaken, EdgeWalk, Extractor, Limits, Model, NodeId};

/// What a recording would hold of a topic.
type Disk = Vec<(i64, Vec<u8>)>;

/// Reads up to `most` messages from the disk into the model, as a reader does.
struct Reading {
    next: Option<usize>,
}

impl Reading {
    fn begin(model: &mut Model, node: NodeId, disk: &Disk, portion: usize) -> Self {
        let mut walk = EdgeWalk::default();
        let edge: EarlierEdge = loop {
            if let Some(edge) = model.open_earlier(node, &mut walk, portion) {
                break edge;
            }
        };
        let mut to_skip = edge.same;
        let mut next = disk.iter().rposition(|(at, _)| *at <= edge.arrived.0);
        while to_skip > 0
            && let Some(index) = next
        {
            assert_eq!(disk[index].0, edge.arrived.0);
            (next, to_skip) = (index.checked_sub(1), to_skip - 1);
        }
        Self { next }
    }

    fn page(&mut self, model: &mut Model, node: NodeId, topic: &[u8], disk: &Disk, most: usize) {
        for _ in 0..most {
            let Some(index) = self.next else { return };
            let (at, payload) = &disk[index];
            assert_eq!(model.add_earlier(node, &message(topic, payload, *at)), EarlierTaken::Yes);
            self.next = index.checked_sub(1);
        }
    }
}

fn history(model: &Model, node: NodeId) -> Vec<(i64, i64, Vec<u8>)> {
    model
        .history(node)
        .map(|stored| (stored.number(), stored.arrived().0, stored.payload().to_vec()))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 60 } else { 600 }))]

    #[test]
    fn the_history_goes_on_into_the_disk_without_a_gap(
        sent in prop::collection::vec((0..3u8, 1..3_000usize, 0..2i64), 400..1_500),
        begins in 100..399usize,
        portion in 1..40usize,
        pages in 0..30usize,
        kept in 1..5u32,
    ) {
        let limits = Limits { history_bytes: 1 << 18, history_per_topic_min: kept, ..Limits::default() };
        let mut model = Model::new(limits);
        let (mut disk, mut at): (Disk, i64) = (Vec::new(), 0);
        let mut reading: Option<Reading> = None;
        let topic = b"t/0";
        for (index, (which, size, passes)) in sent.iter().enumerate() {
            at += passes;
            let name = format!("t/{which}").into_bytes();
            let payload = format!("{index} {}", "x".repeat(*size)).into_bytes();
            model.apply(message(&name, &payload, at)).unwrap();
            if *which == 0 {
                disk.push((at, payload));
            }
            let Some(node) = model.find(topic) else { continue };
            if index == begins {
                reading = Some(Reading::begin(&mut model, node, &disk, portion));
            }
            if let Some(reading) = &mut reading
                && index.is_multiple_of(7)
            {
                reading.page(&mut model, node, topic, &disk, pages);
            }
        }
        while model.roll_up(Timestamp(at)) {}
        let Some(node) = model.find(topic) else { return Ok(()) };
        let Some(mut reading) = reading else { return Ok(()) };
        let shown = history(&model, node);
        let expected = disk.iter().enumerate().rev().map(|(index, (at, payload))| (index as i64 + 1, *at, payload.clone()));
        let expected: Vec<_> = expected.collect();
        prop_assert!(shown == expected[..shown.len()], "a gap, or another order");
        let info = model.node(node).unwrap().topic.unwrap();
        prop_assert_eq!((info.kept, info.evicted), (shown.len() as u64, (disk.len() - shown.len()) as u64));
        reading.page(&mut model, node, topic, &disk, usize::MAX);
        prop_assert!(history(&model, node) == expected, "everything is there in the end");
    }
}

#[test]
fn what_came_before_the_session_is_numbered_from_0_down() {
    let mut model = Model::new(Limits::default());
    model.apply(message(b"a", b"now", 10)).unwrap();
    while model.roll_up(Timestamp(10)) {}
    let node = model.find(b"a").unwrap();
    let mut walk = EdgeWalk::default();
    assert_eq!(
        model.open_earlier(node, &mut walk, 10),
        Some(EarlierEdge { arrived: Timestamp(10), same: 1 })
    );
    for (at, payload) in [(2, b"b"), (1, b"a")] {
        assert_eq!(model.add_earlier(node, &message(b"a", payload, at)), EarlierTaken::Yes);
    }
    let numbers: Vec<i64> = history(&model, node).iter().map(|(number, ..)| *number).collect();
    assert_eq!(numbers, [1, 0, -1]);
    let id = model.history(node).last().unwrap().id();
    assert_eq!(model.message(id).unwrap().payload(), b"a");
    model.forget(node);
    assert!(model.message(id).is_none());
}

struct Number;

impl Extractor for Number {
    fn value(&self, payload: &[u8]) -> Option<f64> {
        std::str::from_utf8(payload).ok()?.trim().parse().ok()
    }
}

#[test]
fn a_series_says_from_when_on_it_has_values_until_it_read_the_first_message() {
    let limits = Limits { history_bytes: 1 << 18, history_per_topic_min: 1, ..Limits::default() };
    let mut model = Model::new(limits);
    let payload = |second: i64| format!("{second:>1000}");
    for second in 0..2_000 {
        model.apply(message(b"a", payload(second).as_bytes(), second * 1_000_000)).unwrap();
    }
    let node = model.find(b"a").unwrap();
    let id = model.add_series(node, Box::new(Number)).unwrap();
    while model.fill_series() {}
    let first = model.series(id).unwrap().held_from().unwrap() as i64;
    assert!((1..1_999).contains(&first), "{first}");
    let earlier = |model: &mut Model, seconds: std::ops::Range<i64>| {
        let payloads: Vec<_> = seconds.rev().map(|second| (second, payload(second))).collect();
        let messages = payloads.iter().map(|(at, text)| message(b"a", text.as_bytes(), at * 1_000_000));
        model.add_earlier_to_series(id, messages)
    };
    assert!(earlier(&mut model, 1..first));
    assert_eq!(model.series(id).unwrap().held_from(), Some(1.0));
    assert!(earlier(&mut model, 0..1));
    assert_eq!(model.series(id).unwrap().held_from(), None);
    assert_eq!((model.series(id).unwrap().len(), model.series(id).unwrap().late()), (2_000, 0));
}

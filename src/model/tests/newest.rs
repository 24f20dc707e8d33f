//! Newest values beyond their budget, against the list of all that came.

use std::collections::BTreeMap;

use bytes::Bytes;
use proptest::prelude::*;

use crate::message::{Flags, LARGE_PAYLOAD_BYTES, MessageRef, Payload, Timestamp};
use crate::model::{Limits, Model, PAYLOAD_HEAD_BYTES, Stored};

const HISTORY: usize = 1 << 20;
const NEWEST: usize = 2 << 20;
/// What a value costs beside its payload, at most.
const OVERHEAD: usize = 300;

fn payload(serial: u32, size: usize) -> Bytes {
    let mut bytes = serial.to_le_bytes().to_vec();
    bytes.resize(size.max(4), serial as u8);
    Bytes::from(bytes)
}

fn send(model: &mut Model, topic: &str, payload: &Bytes) {
    let payload =
        if payload.len() >= LARGE_PAYLOAD_BYTES { Payload::Large(payload) } else { Payload::Small(payload) };
    let (flags, arrived) = (Flags::default(), Timestamp(0));
    model.apply(MessageRef { topic: topic.as_bytes(), payload, flags, properties: None, arrived }).unwrap();
}

fn model() -> Model {
    Model::new(Limits { history_bytes: HISTORY, newest_bytes: NEWEST, ..Limits::default() })
}

fn newest<'a>(model: &'a Model, topic: &str) -> Stored<'a> {
    model.node(model.find(topic.as_bytes()).unwrap()).unwrap().topic.unwrap().newest
}

/// Pays off what eviction is behind.
fn frames(model: &mut Model) {
    for _ in 0..20 {
        model.roll_up(Timestamp(0));
    }
}

#[test]
fn a_hundred_large_values_stay_within_the_budget_and_the_oldest_of_the_largest_go_first() {
    let mut model = model();
    let sent: Vec<Bytes> = (0..100).map(|i| payload(i, 200 << 10)).collect();
    for (i, payload) in sent.iter().enumerate() {
        send(&mut model, &format!("large/{i}"), payload);
    }
    frames(&mut model);
    let stats = model.stats();
    // The heads alone are more than the budget here; nothing above their size is left beside the log's share.
    assert!(stats.newest_bytes <= 100 * (PAYLOAD_HEAD_BYTES + OVERHEAD), "{stats:?}");
    assert!(stats.history_bytes <= 100 * (PAYLOAD_HEAD_BYTES + OVERHEAD) + HISTORY, "{stats:?}");
    let dropped: Vec<bool> =
        (0..100).map(|i| newest(&model, &format!("large/{i}")).is_payload_dropped()).collect();
    assert!(dropped.is_sorted_by(|a, b| a >= b), "the oldest first: {dropped:?}");
    let count = dropped.iter().filter(|dropped| **dropped).count();
    assert!(count >= 90, "{count}");
    assert_eq!(stats.payloads_dropped as usize, count);
    assert_eq!(stats.payload_bytes_dropped as usize, count * ((200 << 10) - PAYLOAD_HEAD_BYTES));
    let first = newest(&model, "large/0");
    assert_eq!((first.payload(), first.payload_bytes()), (&sent[0][..PAYLOAD_HEAD_BYTES], 200 << 10));
    assert!(sent[0].is_unique(), "the memory is given back");

    // The broker was asked again.
    send(&mut model, "large/0", &sent[0]);
    frames(&mut model);
    assert_eq!(newest(&model, "large/0").payload(), sent[0]);
    let dropped = (0..100).filter(|i| newest(&model, &format!("large/{i}")).is_payload_dropped()).count();
    assert_eq!(model.stats().payloads_dropped as usize, dropped);
}

#[test]
fn values_of_64_kib_and_less_are_never_dropped() {
    let mut model = model();
    for i in 0..200 {
        send(&mut model, &format!("small/{i}"), &payload(i, PAYLOAD_HEAD_BYTES));
    }
    send(&mut model, "large", &payload(0, 8 * HISTORY));
    for i in 0..200 {
        send(&mut model, &format!("smaller/{i}"), &payload(i, 10_000));
    }
    frames(&mut model);
    for i in 0..200 {
        assert_eq!(newest(&model, &format!("small/{i}")).payload(), payload(i, PAYLOAD_HEAD_BYTES));
        assert_eq!(newest(&model, &format!("smaller/{i}")).payload(), payload(i, 10_000));
    }
    let stats = model.stats();
    assert_eq!((stats.payloads_dropped, stats.newest_bytes > NEWEST), (1, true), "{stats:?}");
}

#[derive(Clone, Debug)]
enum Step {
    Send { topic: u8, size: usize },
    RollUp,
    Pause(bool),
}

fn step() -> impl Strategy<Value = Step> {
    let size = prop_oneof![
        3 => 4..2_000usize,
        2 => LARGE_PAYLOAD_BYTES..=PAYLOAD_HEAD_BYTES,
        4 => PAYLOAD_HEAD_BYTES + 1..600_000usize,
        1 => NEWEST / 2..NEWEST * 2,
    ];
    prop_oneof![
        12 => (0..16u8, size).prop_map(|(topic, size)| Step::Send { topic, size }),
        3 => Just(Step::RollUp),
        1 => any::<bool>().prop_map(Step::Pause),
    ]
}

/// Every newest value is whole or says that it is not; what is counted is what is so; small ones are whole, and all are
/// while they never took more than the budget.
fn check(model: &mut Model, sent: &BTreeMap<u8, (u32, usize)>, most: usize) {
    model.set_paused(false);
    frames(model);
    let stats = model.stats();
    let (mut dropped, mut dropped_bytes, mut whole_large) = (0, 0, 0);
    for (topic, &(serial, size)) in sent {
        let stored = newest(model, &format!("t/{topic}"));
        let expected = payload(serial, size);
        assert_eq!(stored.payload_bytes(), expected.len() as u64);
        if stored.is_payload_dropped() {
            assert!(size > PAYLOAD_HEAD_BYTES);
            assert_eq!(stored.payload(), &expected[..PAYLOAD_HEAD_BYTES]);
            dropped += 1;
            dropped_bytes += (expected.len() - PAYLOAD_HEAD_BYTES) as u64;
        } else {
            assert_eq!(stored.payload(), expected);
            whole_large += if size > PAYLOAD_HEAD_BYTES { size } else { 0 };
        }
    }
    assert_eq!((stats.payloads_dropped, stats.payload_bytes_dropped), (dropped, dropped_bytes));
    // What is whole beyond the budget is in the log.
    assert!(stats.newest_bytes <= NEWEST || whole_large <= HISTORY * 5 / 4, "{stats:?}");
    assert!(most > NEWEST || dropped == 0, "{dropped} dropped, although all took {most}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 30 } else { 300 }))]

    #[test]
    fn newest_values_beyond_their_budget_keep_their_heads(steps in prop::collection::vec(step(), 1..120)) {
        let mut model = model();
        let mut sent = BTreeMap::new();
        // What a paused view shows is kept beside what came since.
        let mut shown = BTreeMap::new();
        let mut most = 0;
        for (serial, step) in steps.into_iter().enumerate() {
            match step {
                Step::Send { topic, size } => {
                    let serial = serial as u32;
                    send(&mut model, &format!("t/{topic}"), &payload(serial, size));
                    sent.insert(topic, (serial, size));
                }
                Step::RollUp => {
                    model.roll_up(Timestamp(0));
                    if !model.roll_up.paused {
                        shown.clone_from(&sent);
                    }
                }
                Step::Pause(paused) => model.set_paused(paused),
            }
            let bytes = |of: &BTreeMap<u8, (u32, usize)>| of.values().map(|(_, size)| size + OVERHEAD).sum::<usize>();
            most = most.max(bytes(&sent) + bytes(&shown));
        }
        check(&mut model, &sent, most);
    }
}

//! What is held when the budget is small, against the list of all that came.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use proptest::prelude::*;

use crate::message::{Flags, LARGE_PAYLOAD_BYTES, MessageRef, Payload, PublishProperties, QoS, Timestamp};
use crate::model::{Limits, MessageId, Model};

const BUDGET: usize = 1 << 20;

/// A message of a test: everything about it follows from its serial number and its size.
#[derive(Clone, Copy, Debug)]
struct Sent {
    topic: u8,
    serial: u32,
    size: usize,
}

impl Sent {
    fn topic(self) -> String {
        format!("t/{}", self.topic)
    }

    fn payload(self) -> Bytes {
        let mut bytes = self.serial.to_le_bytes().to_vec();
        bytes.resize(self.size.max(4), self.serial as u8);
        Bytes::from(bytes)
    }

    fn flags(self) -> Flags {
        let qos = QoS::ALL[self.serial as usize % 3];
        Flags { qos, retain: self.serial.is_multiple_of(5), dup: self.serial.is_multiple_of(7) }
    }

    fn properties(self) -> Option<Arc<PublishProperties>> {
        let content_type = self.serial.is_multiple_of(4).then(|| format!("text/{}", self.serial))?;
        Some(Arc::new(PublishProperties { content_type: Some(content_type), ..PublishProperties::default() }))
    }
}

#[derive(Clone, Debug)]
enum Step {
    Send { topic: u8, size: usize, times: u32 },
    RollUp,
    Pause(bool),
    Forget(u8),
}

fn step() -> impl Strategy<Value = Step> {
    let size = prop_oneof![
        6 => 4..200usize,
        4 => 2_000..LARGE_PAYLOAD_BYTES,
        2 => LARGE_PAYLOAD_BYTES..200_000usize,
        1 => BUDGET..2 * BUDGET,
    ];
    prop_oneof![
        10 => (0..12u8, size, 1..40u32).prop_map(|(topic, size, times)| Step::Send {
            topic,
            size,
            times: if size > 40_000 { 1 } else { times },
        }),
        3 => Just(Step::RollUp),
        1 => any::<bool>().prop_map(Step::Pause),
        1 => (0..12u8).prop_map(Step::Forget),
    ]
}

struct Pair {
    model: Model,
    limits: Limits,
    /// What was not forgotten.
    sent: Vec<Sent>,
    /// The size of the largest message of all, forgotten or not: it has made room for itself.
    largest: usize,
    /// The most that the last twenty messages of all topics ever weighed.
    heaviest: usize,
    serial: u32,
    shown: usize,
    ids: Vec<MessageId>,
}

impl Pair {
    fn run(&mut self, step: &Step) {
        match *step {
            Step::Send { topic, size, times } => {
                self.largest = self.largest.max(size);
                for _ in 0..times {
                    let sent = Sent { topic, serial: self.serial, size };
                    self.serial += 1;
                    self.sent.push(sent);
                    let (topic, payload, properties) = (sent.topic(), sent.payload(), sent.properties());
                    let large = payload.len() >= LARGE_PAYLOAD_BYTES;
                    self.model
                        .apply(MessageRef {
                            topic: topic.as_bytes(),
                            payload: if large { Payload::Large(&payload) } else { Payload::Small(&payload) },
                            flags: sent.flags(),
                            properties: properties.as_ref(),
                            arrived: Timestamp(i64::from(sent.serial)),
                        })
                        .unwrap();
                }
            }
            Step::RollUp => {
                self.model.roll_up(Timestamp(i64::from(self.serial)));
                if !self.model.roll_up.paused {
                    self.shown = self.sent.len();
                }
            }
            Step::Pause(paused) => self.model.set_paused(paused),
            Step::Forget(topic) => {
                if let Some(node) = self.model.find(format!("t/{topic}").as_bytes()) {
                    self.model.forget(node);
                }
                self.shown = self.sent[..self.shown].iter().filter(|sent| sent.topic != topic).count();
                self.sent.retain(|sent| sent.topic != topic);
            }
        }
    }

    /// Takes note of how much the last twenty messages of all topics weigh now.
    fn weigh(&mut self) {
        let mut taken: BTreeMap<u8, usize> = BTreeMap::new();
        let mut last = 0;
        for sent in self.sent.iter().rev() {
            let taken = taken.entry(sent.topic).or_default();
            if *taken < 20 {
                *taken += 1;
                last += sent.size + 300;
            }
        }
        self.heaviest = self.heaviest.max(last);
    }

    /// Every topic holds its newest messages without a gap, as they were sent, and all counts agree.
    fn check(&mut self) {
        let mut all: BTreeMap<u8, Vec<Sent>> = BTreeMap::new();
        let mut shown: BTreeMap<u8, usize> = BTreeMap::new();
        for (at, sent) in self.sent.iter().enumerate() {
            all.entry(sent.topic).or_default().push(*sent);
            *shown.entry(sent.topic).or_default() += usize::from(at < self.shown);
        }
        let stats = self.model.stats();
        let mut held_in_all = 0;
        for (topic, all) in &all {
            let shown = shown[topic];
            let node = self.model.find(all[0].topic().as_bytes()).unwrap();
            let info = self.model.node(node).unwrap().topic;
            assert_eq!(info.is_some(), shown > 0);
            let Some(info) = info else { continue };
            let held: Vec<_> = self.model.history(node).collect();
            assert_eq!((info.messages, info.kept), (shown as u64, held.len() as u64));
            assert_eq!(info.messages, info.kept + info.evicted);
            assert_eq!(info.newest.id(), held[0].id());
            for (stored, (number, sent)) in held.iter().zip(all[..shown].iter().enumerate().rev()) {
                assert_eq!(stored.payload(), sent.payload());
                assert_eq!(stored.payload_shared(), sent.payload());
                assert_eq!((stored.flags(), stored.properties()), (sent.flags(), sent.properties().as_ref()));
                assert_eq!(
                    (stored.number(), stored.arrived()),
                    (number as i64 + 1, Timestamp(i64::from(sent.serial)))
                );
                assert_eq!(self.model.message(stored.id()).unwrap().payload(), sent.payload());
            }
            // Nothing is aside that is not held, but for what the view shows.
            let index = self.model.topic_index(node).unwrap();
            let topic = &self.model.topics.all[index];
            let is_held =
                |number: u32| topic.newer_than(number) < topic.kept || u64::from(number) == topic.shown_count;
            assert!(self.model.history.numbers_aside(topic).into_iter().all(is_held));
            held_in_all += held.len() as u64;
            self.ids.extend(held.iter().take(2).map(crate::model::Stored::id));
        }
        assert_eq!(stats.messages_kept + stats.messages_evicted, self.sent.len() as u64);
        if self.shown == self.sent.len() {
            assert_eq!(stats.messages_kept, held_in_all);
            self.check_budget(&all);
        }
        // A name given out earlier leads to the same message or to none.
        for id in &self.ids {
            if let Some(stored) = self.model.message(*id) {
                let serial = u32::from_le_bytes(*stored.payload().first_chunk().unwrap());
                assert_eq!((stored.id(), stored.arrived()), (*id, Timestamp(i64::from(serial))));
            }
        }
        let recent: Vec<_> = self.model.recent(None).map(|stored| (stored.arrived(), stored.id())).collect();
        assert!(recent.is_sorted_by(|a, b| a.0 > b.0 && a.1.position() > b.1.position()));
        if let Some(&(_, id)) = recent.get(recent.len() / 2) {
            let rest = recent[recent.len() / 2 + 1..].iter().map(|&(_, id)| id);
            assert!(self.model.recent(Some(id)).map(|stored| stored.id()).eq(rest));
        }
    }

    fn check_budget(&mut self, all: &BTreeMap<u8, Vec<Sent>>) {
        // Eviction may be behind by a portion; frames pay it off.
        for _ in 0..4 {
            self.model.roll_up(Timestamp(i64::from(self.serial)));
        }
        let newest: usize = all.values().map(|all| all[all.len() - 1].size + 300).sum();
        let bytes = self.model.stats().history_bytes;
        assert!(bytes <= self.limits.history_bytes * 5 / 4 + newest, "{bytes} bytes");
        // While little is aside, and always was, nothing of the last messages is lost.
        if self.heaviest < self.limits.history_bytes / 4 {
            let dropped_earlier = self.largest > self.limits.history_bytes / 8;
            for all in all.values().filter(|_| !dropped_earlier) {
                let node = self.model.find(all[0].topic().as_bytes()).unwrap();
                assert!(self.model.history(node).count() >= all.len().min(20));
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 40 } else { 400 }))]

    #[test]
    fn the_newest_messages_of_every_topic_are_held_and_counts_are_exact(
        steps in prop::collection::vec(step(), 1..150),
    ) {
        let limits = Limits { history_bytes: BUDGET, ..Limits::default() };
        let mut pair = Pair { model: Model::new(limits), limits, sent: Vec::new(), largest: 0, heaviest: 0, serial: 0, shown: 0, ids: Vec::new() };
        for (at, step) in steps.iter().enumerate() {
            pair.run(step);
            pair.weigh();
            if at % 10 == 0 {
                pair.check();
            }
        }
        pair.run(&Step::RollUp);
        pair.check();
    }
}

fn send(model: &mut Model, topic: &str, payload: &Bytes) {
    let payload =
        if payload.len() >= LARGE_PAYLOAD_BYTES { Payload::Large(payload) } else { Payload::Small(payload) };
    let (flags, arrived) = (Flags::default(), Timestamp(0));
    model.apply(MessageRef { topic: topic.as_bytes(), payload, flags, properties: None, arrived }).unwrap();
}

#[test]
fn a_message_larger_than_the_budget_is_kept_until_the_next_and_then_gives_its_memory_back() {
    let mut model = Model::new(Limits { history_bytes: BUDGET, ..Limits::default() });
    for i in 0..1_000 {
        send(&mut model, &format!("small/{}", i % 10), &Bytes::from(vec![0; 100]));
    }
    let large = Bytes::from(vec![7; 64 * BUDGET]);
    send(&mut model, "large", &large);
    for i in 0..1_000 {
        send(&mut model, &format!("small/{}", i % 10), &Bytes::from(vec![1; 100]));
    }
    model.roll_up(Timestamp(0));
    let node = model.find(b"large").unwrap();
    assert_eq!(model.node(node).unwrap().topic.unwrap().newest.payload().len(), 64 * BUDGET);
    // Other topics keep a history beside it.
    assert!(model.history(model.find(b"small/3").unwrap()).count() >= 20);
    assert!(!large.is_unique());

    send(&mut model, "large", &Bytes::from_static(b"small"));
    for _ in 0..100 {
        model.roll_up(Timestamp(0));
    }
    assert!(large.is_unique(), "nothing holds the payload any more");
    assert!(model.stats().history_bytes <= BUDGET);
}

#[test]
fn a_large_payload_does_not_wait_for_its_neighbours_to_go() {
    let mut model = Model::new(Limits { history_bytes: BUDGET, ..Limits::default() });
    let large = Bytes::from(vec![7; BUDGET * 3 / 5]);
    send(&mut model, "large", &large);
    send(&mut model, "large", &Bytes::from_static(b"2"));
    send(&mut model, "other", &Bytes::from(vec![8; BUDGET * 2 / 5]));
    // All of them lie in the same chunk.
    assert!(large.is_unique());
    assert_eq!(model.stats().messages_evicted, 1);
}

#[test]
fn the_last_messages_of_quiet_topics_leave_half_the_budget_to_the_others() {
    let mut model = Model::new(Limits { history_bytes: BUDGET, ..Limits::default() });
    let quiet = |i: u32| format!("quiet/{i}");
    for i in 0..1_000 {
        send(&mut model, &quiet(i % 100), &Bytes::from(vec![0; 300]));
    }
    let busy = |model: &mut Model| {
        for _ in 0..20_000 {
            send(model, "busy", &Bytes::from(vec![1; 100]));
        }
        model.roll_up(Timestamp(0));
    };
    busy(&mut model);
    let kept = |model: &Model, i| model.history(model.find(quiet(i).as_bytes()).unwrap()).count();
    assert!((0..100).all(|i| kept(&model, i) == 10));
    for i in 0..200 {
        send(&mut model, &format!("wordy/{i}"), &Bytes::from(vec![2; 2_000]));
    }
    busy(&mut model);
    assert!((0..100).all(|i| kept(&model, i) >= 1) && (0..100).any(|i| kept(&model, i) == 1));
    let busy = model.find(b"busy").unwrap();
    assert!(model.history(busy).map(|stored| stored.payload().len() + 31).sum::<usize>() > BUDGET * 45 / 100);
    let stats = model.stats();
    assert!(stats.history_bytes <= BUDGET);
    assert_eq!(stats.messages_evicted + stats.messages_kept, stats.messages);
}

#[test]
fn what_a_paused_view_shows_outlives_its_eviction() {
    let mut model = Model::new(Limits { history_bytes: BUDGET, ..Limits::default() });
    send(&mut model, "a", &Bytes::from_static(b"shown"));
    model.roll_up(Timestamp(0));
    model.set_paused(true);
    for i in 0..30_000 {
        send(&mut model, "a", &Bytes::from(format!("unseen {i} {:500}", "")));
    }
    model.roll_up(Timestamp(1));
    let node = model.find(b"a").unwrap();
    let topic = model.node(node).unwrap().topic.unwrap();
    assert_eq!((topic.newest.payload(), topic.messages, topic.kept), (&b"shown"[..], 1, 1));
    assert_eq!(model.history(node).count(), 1);
    assert_eq!(model.paused_messages(), 30_000);

    model.set_paused(false);
    model.roll_up(Timestamp(2));
    let topic = model.node(node).unwrap().topic.unwrap();
    assert!(topic.newest.payload().starts_with(b"unseen 29999"));
    assert_eq!((topic.messages, topic.kept), (30_001, model.stats().messages_kept));
    assert_eq!(model.paused_messages(), 0);
}

#[test]
fn a_quiet_topic_keeps_its_last_messages_beside_a_busy_one() {
    let mut model = Model::new(Limits { history_bytes: BUDGET, ..Limits::default() });
    for i in 0..50 {
        send(&mut model, "quiet", &Bytes::from(format!("{i}")));
    }
    for i in 0..100_000 {
        send(&mut model, "busy", &Bytes::from(format!("{i:100}")));
    }
    model.roll_up(Timestamp(0));
    let quiet = model.find(b"quiet").unwrap();
    let held: Vec<_> = model.history(quiet).map(|stored| stored.number()).collect();
    assert_eq!(held, (31..=50).rev().collect::<Vec<i64>>());
    let stats = model.stats();
    assert!(stats.history_bytes <= BUDGET);
    assert_eq!(stats.messages_kept + stats.messages_evicted, 100_050);
    assert!(model.history(model.find(b"busy").unwrap()).count() > 1_000);
}

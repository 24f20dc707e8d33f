//! A tree at its limit, in random interleavings: what is known goes on, what is new is counted, the rows stay right.

use std::collections::{BTreeMap, HashSet};

use proptest::prelude::*;

use crate::message::Timestamp;
use crate::model::tests::{Contains, message};
use crate::model::{Limits, Model, NodeId, NotTaken};

#[derive(Clone, Debug)]
enum Step {
    Apply(u16, u8),
    Frame,
    Pause(bool),
    ExpandAll(bool),
    Search(bool),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        30 => (0..600u16, 0..4u8).prop_map(|(i, depth)| Step::Apply(i, depth)),
        4 => Just(Step::Frame),
        1 => any::<bool>().prop_map(Step::Pause),
        1 => any::<bool>().prop_map(Step::ExpandAll),
        1 => any::<bool>().prop_map(Step::Search),
    ]
}

fn topic(i: u16, depth: u8) -> String {
    // Later ones are longer: one that is refused says nothing about the next.
    (0..depth)
        .fold(format!("storm/{}", i % 7), |topic, level| format!("{topic}/{}", i / 7 + u16::from(level)))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 60 } else { 600 }))]

    #[test]
    fn a_full_tree_counts_what_it_refuses_and_keeps_what_it_has(
        steps in prop::collection::vec(step(), 1..400),
        room in 2_000..40_000usize,
    ) {
        let empty = Model::new(Limits::default()).stats().tree_bytes;
        let limits = Limits { tree_bytes: empty + room, ..Limits::default() };
        let mut model = Model::new(limits);
        let mut taken: BTreeMap<String, u64> = BTreeMap::new();
        let mut refused = HashSet::new();
        let mut refusals = 0;
        for (now, step) in steps.into_iter().enumerate() {
            let now = now as i64;
            match step {
                Step::Apply(i, depth) => {
                    let topic = topic(i, depth);
                    match model.apply(message(topic.as_bytes(), b"1", now)) {
                        Ok(node) => {
                            prop_assert_eq!(model.topic_bytes(node), topic.as_bytes());
                            *taken.entry(topic).or_default() += 1;
                        }
                        Err(why) => {
                            prop_assert_eq!(why, NotTaken::TreeFull);
                            prop_assert!(!taken.contains_key(&topic), "{} is known", topic);
                            refusals += 1;
                            refused.insert(topic);
                        }
                    }
                }
                Step::Frame => while model.roll_up(Timestamp(now)) {},
                Step::Pause(paused) => model.set_paused(paused),
                Step::ExpandAll(true) => model.expand_all(),
                Step::ExpandAll(false) => model.collapse_all(),
                Step::Search(true) => model.set_filter(Some(Box::new(Contains(b"/3".to_vec())))),
                Step::Search(false) => model.set_filter(None),
            }
            prop_assert!(model.stats().tree_bytes <= limits.tree_bytes);
        }
        model.set_paused(false);
        model.set_filter(None);
        while model.roll_up(Timestamp(1_000)) {}
        let stats = model.stats();
        prop_assert_eq!(stats.messages, taken.values().sum::<u64>());
        prop_assert_eq!((stats.refused_messages, stats.refused_topics as usize), (refusals, refused.len()));
        model.expand_all();
        let mut shown = BTreeMap::new();
        for row in model.rows(0, usize::MAX) {
            if let Some(topic) = model.node(row.node).and_then(|node| node.topic) {
                let name = String::from_utf8(model.topic_bytes(row.node)).unwrap();
                prop_assert_eq!(shown.insert(name, topic.messages), None);
            }
        }
        prop_assert_eq!(&shown, &taken);
        prop_assert_eq!(model.node(NodeId::ROOT).unwrap().messages, stats.messages);
    }
}

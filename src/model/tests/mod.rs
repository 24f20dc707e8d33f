//! The model held against a naive one, in random interleavings of everything that can happen to it.

mod earlier;
mod held;
mod naive;
mod newest;
mod portions;
mod rewind;
mod storm;
mod view;

use crate::message::{Flags, MessageRef, Payload, Timestamp};
use crate::model::{Limits, Matcher, Model, NodeId};

/// A message without anything special.
pub(super) fn message<'a>(topic: &'a [u8], payload: &'a [u8], arrived: i64) -> MessageRef<'a> {
    MessageRef {
        topic,
        payload: Payload::Small(payload),
        flags: Flags::default(),
        properties: None,
        arrived: Timestamp(arrived),
    }
}

/// Looks for bytes in topics and payloads.
#[derive(Clone, Debug)]
pub(super) struct Contains(pub(super) Vec<u8>);

impl Matcher for Contains {
    fn topic(&self, topic: &[u8]) -> bool {
        memchr::memmem::find(topic, &self.0).is_some()
    }

    fn payload(&self, payload: &[u8]) -> bool {
        memchr::memmem::find(payload, &self.0).is_some()
    }
}

fn model_with(topics: &[&str]) -> Model {
    let mut model = Model::new(Limits::default());
    for topic in topics {
        model.apply(message(topic.as_bytes(), b"1", 0)).unwrap();
    }
    model.roll_up(Timestamp(0));
    model
}

fn rows(model: &Model) -> Vec<String> {
    let text = |node: NodeId| String::from_utf8(model.topic_bytes(node)).unwrap();
    model.rows(0, usize::MAX).map(|row| text(row.node)).collect()
}

#[test]
fn revealing_the_scope_opens_nothing_above_it() {
    let mut model = model_with(&["a/b/c"]);
    let scope = model.find(b"a/b").unwrap();
    model.set_scope(Some(scope));
    assert!(model.reveal(scope));
    model.set_scope(None);
    assert_eq!(rows(&model), ["a"]);
}

#[test]
fn empty_levels_are_levels() {
    let mut model = model_with(&["/a", "a", "a//b", "", "/"]);
    model.expand_all();
    assert_eq!(rows(&model), ["", "/", "/a", "a", "a/", "a//b"]);
    for topic in ["/a", "a", "a//b", "", "/"] {
        let node = model.find(topic.as_bytes()).unwrap();
        assert!(model.node(node).unwrap().topic.is_some(), "{topic:?}");
        assert_eq!(model.topic_bytes(node), topic.as_bytes());
    }
    assert_eq!(model.find(b"a/"), Some(model.path(model.find(b"a//b").unwrap())[1]));
    assert_eq!(model.find(b"b"), None);
}

#[test]
fn a_topic_of_65536_levels_is_as_good_as_any() {
    let topic = vec![b'/'; 65_535];
    let mut model = Model::new(Limits::default());
    let node = model.apply(message(&topic, b"deep", 0)).unwrap();
    // More than one portion.
    while model.roll_up(Timestamp(0)) {}
    assert_eq!(model.stats().nodes, 65_536);
    assert_eq!(model.topic_bytes(node), topic);
    assert_eq!(model.path(node).len(), 65_536);
    model.expand_all();
    assert_eq!(model.row_of(node), Some(65_535));
    let last = model.rows(65_535, 2).collect::<Vec<_>>();
    assert_eq!((last.len(), last[0].node, last[0].level), (1, node, 65_535));
    model.collapse_all();
    assert_eq!(model.row_count(), 1);
    assert!(model.reveal(node));
    assert_eq!(model.row_count(), 65_536);
    assert_eq!(model.apply(message(&vec![b'x'; 65_536], b"", 0)), Err(crate::model::NotTaken::TopicTooLong));
}

#[test]
fn bytes_that_are_no_utf8_stay_as_they_are() {
    let mut model = Model::new(Limits::default());
    let topic = b"\xff\xfe/\x00/ok";
    let node = model.apply(message(topic, b"\x80", 0)).unwrap();
    model.roll_up(Timestamp(0));
    assert_eq!(model.topic_bytes(node), topic);
    assert_eq!(model.find(topic), Some(node));
    assert_eq!(model.node(node).unwrap().topic.unwrap().newest.payload(), b"\x80");
}

#[test]
fn names_sort_as_people_expect_and_reserved_ones_last() {
    let mut model = model_with(&["device-10", "$SYS/broker", "device-2", "Attic", "z/$state", "z/a"]);
    model.expand_all();
    assert_eq!(
        rows(&model),
        ["Attic", "device-2", "device-10", "z", "z/$state", "z/a", "$SYS", "$SYS/broker"]
    );
}

#[test]
fn a_storm_of_new_topics_ends_at_the_limit_and_is_counted() {
    let limit = 4 << 20;
    let mut model = Model::new(Limits { tree_bytes: limit, ..Limits::default() });
    let mut accepted = 0u32;
    for i in 0..100_000u32 {
        let topic = format!("storm/{}/{i}", i % 7);
        accepted += u32::from(model.apply(message(topic.as_bytes(), b"1", 0)).is_ok());
    }
    let stats = model.stats();
    assert!(accepted > 1_000 && stats.tree_bytes <= limit, "{stats:?}");
    assert_eq!((stats.topics, stats.messages), (accepted, u64::from(accepted)));
    assert_eq!(stats.refused_messages, u64::from(100_000 - accepted));
    assert_eq!(stats.refused_topics, crate::model::REFUSED_TOPICS_COUNTED_MAX.min(100_000 - accepted));
    // A known topic goes on.
    assert!(model.apply(message(b"storm/0/0", b"2", 0)).is_ok());
}

#[test]
fn ids_of_another_model_are_answered_with_nothing() {
    let mut large = model_with(&["a/b/c", "a/b/d"]);
    let foreign = large.find(b"a/b/d").unwrap();
    let message_id = large.node(foreign).unwrap().topic.unwrap().newest.id();
    let mut model = model_with(&["x"]);
    assert!(model.node(foreign).is_none() && model.row_of(foreign).is_none() && !model.reveal(foreign));
    assert!(model.message(message_id).is_none() && model.history(foreign).next().is_none());
    assert!(model.topic_bytes(foreign).is_empty() && model.path(foreign).is_empty());
    model.expand(foreign);
    model.collapse_subtree(foreign);
    assert_eq!(model.row_count(), 1);
    large.expand_all();
    assert_eq!(large.row_count(), 4);
}

#[test]
fn a_history_goes_on_from_any_of_its_messages() {
    let mut model = Model::new(Limits::default());
    for number in 0..5i64 {
        model.apply(message(b"a", number.to_string().as_bytes(), number)).unwrap();
        model.apply(message(b"b", b"beside", number)).unwrap();
    }
    model.roll_up(Timestamp(9));
    let node = model.find(b"a").unwrap();
    let all: Vec<_> = model.history(node).collect();
    assert_eq!(all.len(), 5);
    for (at, from) in all.iter().enumerate() {
        let rest: Vec<_> = model.history_before(from.id()).map(|stored| stored.id()).collect();
        assert_eq!(rest, all[at + 1..].iter().map(crate::model::Stored::id).collect::<Vec<_>>());
    }
}

#[test]
fn every_level_of_a_deep_topic_is_counted_with_all_that_it_costs() {
    use crate::model::tree::{Branch, TreeNode};
    let mut model = Model::new(Limits::default());
    let empty = model.stats().tree_bytes;
    model.apply(message(&vec![b'/'; 65_535], b"1", 0)).unwrap();
    while model.roll_up(Timestamp(0)) {}
    model.set_filter(Some(Box::new(Contains(b"/".to_vec()))));
    model.search_step(1);
    let per_level = (model.stats().tree_bytes - empty) / 65_536;
    // The node, its list of one child as the allocator gives it, its place in the index, its rows in the tree and in a
    // search, and the notes of its level.
    let least = size_of::<TreeNode>() + size_of::<Branch>() + 32 + 5 + 2 * 16 + 40;
    assert!((least..2 * least).contains(&per_level), "{per_level} bytes, not {least}");
}

#[test]
fn deep_topics_stop_at_the_limit() {
    let limit = 64 << 20;
    let mut model = Model::new(Limits { tree_bytes: limit, ..Limits::default() });
    let mut refused = 0;
    for i in 0..20 {
        let topic = format!("{i}{}", "/".repeat(65_500)).into_bytes();
        refused += u32::from(model.apply(message(&topic, b"1", 0)).is_err());
        while model.roll_up(Timestamp(0)) {}
    }
    let stats = model.stats();
    assert!(refused > 0 && refused < 20, "{refused}");
    assert!(stats.tree_bytes <= limit && stats.tree_bytes > limit / 2, "{stats:?}");
}

#[test]
fn levels_open_until_the_rows_fill_the_pane() {
    let topics: Vec<String> = (0..3)
        .flat_map(|hall| (0..4).map(move |machine| format!("plant/{hall}/{machine}/state")))
        .chain(["$SYS/uptime".to_owned(), "home/door".to_owned()])
        .collect();
    let topics: Vec<&str> = topics.iter().map(String::as_str).collect();
    let mut model = model_with(&topics);
    assert!(!model.expand_to_fill(100), "there are not so many");
    assert!(rows(&model).contains(&"plant/2/3/state".to_owned()));
    assert!(!rows(&model).contains(&"$SYS/uptime".to_owned()), "the broker's own topics stay closed");
    model.collapse_all();
    assert!(model.expand_to_fill(7));
    assert_eq!(rows(&model), ["home", "home/door", "plant", "plant/0", "plant/1", "plant/2", "$SYS"]);
}

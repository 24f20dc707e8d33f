//! What changed since: a tree against what it, or another, showed at some moment.
//!
//! A [`TreeState`] holds of each topic as much as it takes to tell: a fingerprint of its payload and of its shape, whether
//! it was retained, when it arrived, and the beginning of its payload to show. Both building and comparing go in
//! portions: the caller has the clock.

use std::hash::Hasher as _;

use rustc_hash::{FxHashMap, FxHashSet, FxHasher};

use crate::message::Timestamp;
use crate::model::{Model, NodeId, Stored};
use crate::payload::preview;

/// How much of a payload is kept to be shown, in characters.
const PREVIEW_CHARS: usize = 120;
/// A larger payload has no shape: telling it would take too long.
const SHAPE_BYTES_MAX: usize = 64 * 1024;
/// How many of a topic's messages are looked through for the one of a moment.
const HISTORY_MAX: usize = 100_000;

/// What a topic had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicState {
    payload: u64,
    shape: u64,
    is_retained: bool,
    arrived: Timestamp,
    /// The beginning of its payload.
    pub preview: Box<str>,
}

/// What a tree had at a moment.
#[derive(Clone, Debug, Default)]
pub struct TreeState {
    topics: FxHashMap<Box<[u8]>, TopicState>,
    /// The moment.
    pub at: Timestamp,
    /// Topics whose message of that moment is no longer held, so that nothing can be said about them.
    unknown: FxHashSet<Box<[u8]>>,
}

/// In which ways a topic differs; several may be true.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Differs {
    /// It was not there.
    pub is_new: bool,
    /// It is there no more.
    pub is_gone: bool,
    /// No message has come since.
    pub is_silent: bool,
    /// Its payload has another value.
    pub has_other_value: bool,
    /// Its payload has other fields or types.
    pub has_other_shape: bool,
    /// It is retained now and was not, or the other way round.
    pub has_other_retain: bool,
}

/// A topic that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Its node, unless it is gone.
    pub node: Option<NodeId>,
    /// The topic.
    pub topic: Box<[u8]>,
    /// How it differs.
    pub how: Differs,
    /// The beginning of its payload then.
    pub before: Box<str>,
    /// The beginning of its payload now.
    pub now: Box<str>,
}

impl Differs {
    /// Whether there is anything to say.
    pub fn any(self) -> bool {
        self != Self::default()
    }

    /// Whether something came or went: silence alone is no change.
    pub fn is_change(self) -> bool {
        Self { is_silent: false, ..self }.any()
    }
}

impl TopicState {
    /// The state that a message gives.
    pub fn of(payload: &[u8], is_retained: bool, arrived: Timestamp) -> Self {
        Self {
            payload: hash(payload),
            shape: shape_of(payload),
            is_retained,
            arrived,
            preview: preview(payload, None, PREVIEW_CHARS).into(),
        }
    }

    fn of_stored(stored: &Stored<'_>) -> Self {
        Self::of(stored.payload(), stored.is_retained(), stored.arrived())
    }
}

impl TreeState {
    /// An empty tree at a moment.
    pub fn at(at: Timestamp) -> Self {
        Self { at, ..Self::default() }
    }

    /// Adds a topic.
    pub fn insert(&mut self, topic: &[u8], state: TopicState) {
        self.topics.insert(topic.into(), state);
    }

    /// How many topics it has.
    pub fn topics(&self) -> usize {
        self.topics.len()
    }

    /// Takes in the next topics of a model as they were at the moment, from `next` on. Returns from where to go on.
    pub fn take_in(&mut self, model: &Model, next: u32, most: u32) -> Option<u32> {
        let nodes = model.topic_nodes(next, most)?;
        for node in nodes.into_iter().flatten() {
            let mut messages = model.history(node).take(HISTORY_MAX);
            let found = messages.find(|stored| stored.arrived() <= self.at);
            let topic = model.topic_bytes(node);
            if let Some(stored) = found {
                self.insert(&topic, TopicState::of_stored(&stored));
                continue;
            }
            let newest = model.node(node).and_then(|node| node.topic);
            if newest.is_some_and(|topic| topic.first_arrived <= self.at) {
                self.unknown.insert(topic.into());
            }
        }
        Some(next.saturating_add(most))
    }
}

/// A comparison that is under way.
#[derive(Debug, Default)]
pub struct TreeComparison {
    next: u32,
    found: Vec<Difference>,
    known: usize,
    is_through: bool,
}

impl TreeComparison {
    /// Compares the next topics. Returns the differences once all were looked at, those that are gone last.
    pub fn step(&mut self, model: &Model, before: &TreeState, most: u32) -> Option<Vec<Difference>> {
        if self.is_through {
            return None;
        }
        if let Some(nodes) = model.topic_nodes(self.next, most) {
            for node in nodes.into_iter().flatten() {
                self.compare(model, before, node);
            }
            self.next = self.next.saturating_add(most);
            return None;
        }
        if self.known < before.topics.len() {
            for (topic, state) in &before.topics {
                if model.find(topic).and_then(|node| model.node(node)).is_none_or(|node| node.topic.is_none())
                {
                    self.found.push(Difference {
                        node: None,
                        topic: topic.clone(),
                        how: Differs { is_gone: true, ..Differs::default() },
                        before: state.preview.clone(),
                        now: Box::default(),
                    });
                }
            }
        }
        self.is_through = true;
        self.found.sort_by(|a, b| a.topic.cmp(&b.topic));
        Some(std::mem::take(&mut self.found))
    }

    fn compare(&mut self, model: &Model, before: &TreeState, node: NodeId) {
        let Some(newest) = model.node(node).and_then(|node| node.topic).map(|topic| topic.newest) else {
            return;
        };
        let topic = model.topic_bytes(node);
        if before.unknown.contains(topic.as_slice()) {
            return;
        }
        let then = before.topics.get(topic.as_slice());
        self.known += usize::from(then.is_some());
        let mut how = Differs::default();
        match then {
            None => how.is_new = true,
            Some(then) => {
                how.has_other_value = then.payload != hash(newest.payload());
                how.has_other_shape = how.has_other_value && then.shape != shape_of(newest.payload());
                how.has_other_retain = then.is_retained != newest.is_retained();
                how.is_silent = newest.arrived() <= before.at;
            }
        }
        if how.any() {
            self.found.push(Difference {
                node: Some(node),
                topic: topic.into(),
                how,
                before: then.map(|then| then.preview.clone()).unwrap_or_default(),
                now: preview(newest.payload(), None, PREVIEW_CHARS).into(),
            });
        }
    }
}

fn hash(bytes: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write_usize(bytes.len());
    hasher.write(bytes);
    hasher.finish()
}

/// A number that differs if two payloads have other fields or other types; numbers are one type, and lists are as their
/// first element is.
fn shape_of(payload: &[u8]) -> u64 {
    if payload.len() > SHAPE_BYTES_MAX {
        return 0;
    }
    let Ok(value) = serde_json::from_slice::<serde_json::Value>(payload) else { return 1 };
    let mut hasher = FxHasher::default();
    let mut stack = vec![&value];
    while let Some(value) = stack.pop() {
        match value {
            serde_json::Value::Null => hasher.write_u8(2),
            serde_json::Value::Bool(_) => hasher.write_u8(3),
            serde_json::Value::Number(_) => hasher.write_u8(4),
            serde_json::Value::String(_) => hasher.write_u8(5),
            serde_json::Value::Array(items) => {
                hasher.write_u8(6);
                stack.extend(items.first());
            }
            serde_json::Value::Object(fields) => {
                hasher.write_u8(7);
                for (name, value) in fields {
                    hasher.write(name.as_bytes());
                    hasher.write_u8(8);
                    stack.push(value);
                }
            }
        }
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::{Flags, MessageRef, Payload};
    use crate::model::Limits;

    fn send(model: &mut Model, topic: &str, payload: &str, at: i64) {
        let payload = Payload::Small(payload.as_bytes());
        let flags = Flags::default();
        let message =
            MessageRef { topic: topic.as_bytes(), payload, flags, properties: None, arrived: Timestamp(at) };
        model.apply(message).unwrap();
        model.roll_up(Timestamp(at));
    }

    fn state(model: &Model, at: i64) -> TreeState {
        let mut state = TreeState::at(Timestamp(at));
        let mut next = 0;
        while let Some(after) = state.take_in(model, next, 2) {
            next = after;
        }
        state
    }

    fn compare(model: &Model, before: &TreeState) -> Vec<Difference> {
        let mut comparison = TreeComparison::default();
        loop {
            if let Some(found) = comparison.step(model, before, 2) {
                return found;
            }
        }
    }

    #[test]
    fn each_kind_of_change_is_told() {
        let mut model = Model::new(Limits::default());
        for topic in ["same", "silent", "value", "shape", "gone"] {
            send(&mut model, topic, r#"{"a":1}"#, 1);
        }
        let before = state(&model, 5);
        send(&mut model, "same", r#"{"a":1}"#, 10);
        send(&mut model, "value", r#"{"a":2}"#, 10);
        send(&mut model, "shape", r#"{"b":2}"#, 10);
        send(&mut model, "new", "1", 10);
        model.forget(model.find(b"gone").unwrap());
        while model.roll_up(Timestamp(11)) {}

        let found = compare(&model, &before);
        let how = |topic: &str| {
            found
                .iter()
                .find(|found| &*found.topic == topic.as_bytes())
                .map(|found| found.how)
                .unwrap_or_default()
        };
        assert_eq!(how("same"), Differs::default());
        assert_eq!(how("silent"), Differs { is_silent: true, ..Differs::default() });
        assert_eq!(how("value"), Differs { has_other_value: true, ..Differs::default() });
        let other = Differs { has_other_value: true, has_other_shape: true, ..Differs::default() };
        assert_eq!(how("shape"), other);
        assert_eq!(how("new"), Differs { is_new: true, ..Differs::default() });
        assert_eq!(how("gone"), Differs { is_gone: true, ..Differs::default() });
    }

    #[test]
    fn an_earlier_moment_is_read_from_the_history() {
        let mut model = Model::new(Limits::default());
        for at in 1..=10 {
            send(&mut model, "a", &at.to_string(), at);
        }
        let before = state(&model, 4);
        let found = compare(&model, &before);
        assert_eq!((&*found[0].before, &*found[0].now), ("4", "10"));
    }
}

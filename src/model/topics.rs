//! What a node needs once it has received a message, and the index that finds it by its whole topic.

use crate::message::Timestamp;
use crate::model::arena::Arena;
use crate::model::counters::{Last, News, NodeCounters};
use crate::model::index::{HashIndex, KeyHash};
use crate::model::rate::Rate;
use crate::model::stored::Reader;
use crate::model::tree::{NONE, Tree};

/// A node that has received a message. 64 bytes: there are a million of them.
///
/// `newest` and `count` are as received; `shown` and `shown_count` are as last published. The window shows only what is
/// published, so that a frame is consistent and a paused view does not change.
#[derive(Debug)]
pub(super) struct TopicData {
    pub(super) node: u32,
    /// Hash of the whole topic, in the index of [`Topics`].
    hash: KeyHash,
    /// Position of the newest message.
    pub(super) newest: u64,
    /// Position of the newest published message; meaningless while `shown_count` is 0.
    pub(super) shown: u64,
    /// Messages received.
    pub(super) count: u64,
    /// Messages that are published.
    pub(super) shown_count: u64,
    pub(super) first_arrived: Timestamp,
    pub(super) rate: Rate,
    /// How many messages are held: always the newest ones.
    pub(super) kept: u32,
    /// The slot of messages that left the log, or [`NONE`].
    pub(super) aside: u32,
}

impl TopicData {
    /// How many newer messages there are than the one with this number. Numbers are the low 32 bits of a count, which
    /// is far more than one log can hold.
    pub(super) fn newer_than(&self, number: u32) -> u32 {
        (self.count as u32).wrapping_sub(number)
    }

    /// Whether the window shows the message at `position` as newest.
    pub(super) fn shows(&self, position: u64) -> bool {
        self.shown_count > 0 && self.shown == position
    }

    /// Its published counts, in the form that branches use; `index` is its own.
    pub(super) fn published(&self, index: u32, reader: Reader) -> NodeCounters {
        let newest = reader.newest_of(self);
        NodeCounters {
            messages: self.shown_count,
            topics: u32::from(self.shown_count > 0),
            rate: self.rate,
            byte_rate: reader.topics.byte_rate(index),
            last: newest.map(|stored| Last { position: self.shown, arrived: stored.arrived() }),
            pending: News::default(),
        }
    }

    /// How many of the published messages are held; the newest published one always is.
    pub(super) fn shown_kept(&self) -> u64 {
        let gone = self.count - u64::from(self.kept);
        self.shown_count.saturating_sub(gone).max(u64::from(self.shown_count > 0))
    }
}

/// All topics, numbered in order of their first message.
#[derive(Debug)]
pub(super) struct Topics {
    /// All topics, including forgotten ones, which have no messages and are not found by name.
    pub(super) all: Arena<TopicData>,
    /// Bytes of payload per second of the topics up to some index. Beside the topics, which fill their cache lines, and
    /// empty until somebody wants to see them.
    byte_rates: Arena<Rate>,
    index: HashIndex,
    forgotten: u32,
}

impl Topics {
    pub(super) fn new() -> Self {
        Self { all: Arena::new(), byte_rates: Arena::new(), index: HashIndex::new(), forgotten: 0 }
    }

    pub(super) fn hash(&self, topic: &[u8]) -> KeyHash {
        self.index.hash(topic)
    }

    /// The topic with this name, found with one look into the index and one comparison.
    #[inline]
    pub(super) fn find(&self, hash: KeyHash, name: &[u8], tree: &Tree) -> Option<u32> {
        self.index.find(hash, |index| {
            let topic = &self.all[index];
            topic.hash == hash && tree.is_named(topic.node, name)
        })
    }

    /// Adds a topic without messages.
    pub(super) fn add(&mut self, hash: KeyHash, node: u32, first_arrived: Timestamp) -> u32 {
        let index = self.all.push(TopicData {
            node,
            hash,
            newest: 0,
            shown: 0,
            count: 0,
            shown_count: 0,
            first_arrived,
            rate: Rate::default(),
            kept: 0,
            aside: NONE,
        });
        let all = &self.all;
        self.index.insert(hash, index, |_, other| all[other].hash);
        index
    }

    /// Bytes of payload per second of a topic; nothing unless they are measured.
    pub(super) fn byte_rate(&self, index: u32) -> Rate {
        self.byte_rates.get(index).copied().unwrap_or_default()
    }

    /// The same, to add to it.
    pub(super) fn byte_rate_mut(&mut self, index: u32) -> &mut Rate {
        while self.byte_rates.len() <= index {
            self.byte_rates.push(Rate::default());
        }
        &mut self.byte_rates[index]
    }

    /// How many topics there are, not counting forgotten ones.
    pub(super) fn len(&self) -> u32 {
        self.all.len() - self.forgotten
    }

    /// Forgets a topic whose messages were dropped. Its number stays in use, since records in the log refer to it; if
    /// the topic comes back it gets a new one.
    pub(super) fn forget(&mut self, index: u32) {
        self.index.remove(self.all[index].hash, |entry| entry == index);
        self.forgotten += 1;
        let topic = &mut self.all[index];
        (topic.count, topic.shown_count, topic.kept, topic.aside) = (0, 0, 0, NONE);
        topic.rate = Rate::default();
        if index < self.byte_rates.len() {
            self.byte_rates[index] = Rate::default();
        }
    }

    /// Memory held, in bytes.
    pub(super) fn heap_bytes(&self) -> usize {
        self.all.heap_bytes() + self.byte_rates.heap_bytes() + self.index.heap_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_fills_one_cache_line() {
        assert_eq!(size_of::<TopicData>(), 64);
    }
}

//! Reading messages back: one message, a topic's history, or everything in order of arrival.

use std::sync::Arc;

use bytes::Bytes;

use crate::message::{Flags, PublishProperties, Timestamp};
use crate::model::earlier::LOG_START;
use crate::model::history::History;
use crate::model::record::Record;
use crate::model::topics::{TopicData, Topics};
use crate::model::tree::NodeId;

/// Identifies a message for as long as it is held. Later messages have larger positions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MessageId {
    node: NodeId,
    position: u64,
}

impl MessageId {
    /// The node of the topic that received it.
    pub fn node(self) -> NodeId {
        self.node
    }

    /// Its place in the order of arrival: larger is later. Positions have gaps.
    pub fn position(self) -> u64 {
        self.position
    }
}

/// A message that is held.
#[derive(Clone, Copy, Debug)]
pub struct Stored<'a> {
    id: MessageId,
    number: i64,
    record: Record<'a>,
}

impl<'a> Stored<'a> {
    fn new(topic: &TopicData, position: u64, record: Record<'a>) -> Self {
        let number = topic.count as i64 - i64::from(topic.newer_than(record.header.number));
        Self { id: MessageId { node: NodeId(topic.node), position }, number, record }
    }

    /// Its id, to find it again.
    pub fn id(&self) -> MessageId {
        self.id
    }

    /// Its place among the topic's messages of this session, from 1. What a recording holds from before the session has 0
    /// and less.
    pub fn number(&self) -> i64 {
        self.number
    }

    /// The payload as received, or only its head if [`Stored::is_payload_dropped`].
    pub fn payload(&self) -> &'a [u8] {
        self.record.payload()
    }

    /// An owned payload: a copy if it is small, shared if it is large.
    pub fn payload_shared(&self) -> Bytes {
        match self.record.large_payload() {
            Some(bytes) => bytes.clone(),
            None => Bytes::copy_from_slice(self.payload()),
        }
    }

    /// Bytes of the payload as received, held or not.
    pub fn payload_bytes(&self) -> u64 {
        u64::from(self.record.header.payload_len)
    }

    /// Whether it tells that the broker retains it: it has the flag, and is not the empty message that clears the topic.
    pub fn is_retained(&self) -> bool {
        self.flags().retain && self.payload_bytes() > 0
    }

    /// Whether all but the first [`PAYLOAD_HEAD_BYTES`](crate::model::PAYLOAD_HEAD_BYTES) of the payload were dropped to
    /// stay within [`Limits::newest_bytes`](crate::model::Limits::newest_bytes).
    pub fn is_payload_dropped(&self) -> bool {
        self.record.is_payload_dropped()
    }

    /// QoS, retain and DUP.
    pub fn flags(&self) -> Flags {
        self.record.flags()
    }

    /// MQTT 5 properties, if any was set.
    pub fn properties(&self) -> Option<&'a Arc<PublishProperties>> {
        self.record.properties()
    }

    /// When it was read from the socket.
    pub fn arrived(&self) -> Timestamp {
        self.record.header.arrived
    }
}

/// Looks up messages in the topics and the history.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    pub(super) topics: &'a Topics,
    pub(super) history: &'a History,
}

impl<'a> Reader<'a> {
    /// The message of a topic at a position, if it is held.
    pub(super) fn message(self, index: u32, position: u64) -> Option<Stored<'a>> {
        let topic = self.topics.all.get(index)?;
        let record = if position < LOG_START {
            self.history.earlier().get(index, position)?
        } else {
            self.history.get(topic, position)?
        };
        // A position may be out of date, so check that the record belongs to this topic.
        (record.header.topic == index).then(|| Stored::new(topic, position, record))
    }

    /// The message that the window shows as a topic's newest.
    pub(super) fn newest(self, index: u32) -> Option<Stored<'a>> {
        self.newest_of(self.topics.all.get(index)?)
    }

    pub(super) fn newest_of(self, topic: &TopicData) -> Option<Stored<'a>> {
        if topic.shown_count == 0 {
            return None;
        }
        self.history.get(topic, topic.shown).map(|record| Stored::new(topic, topic.shown, record))
    }

    pub(super) fn named(self, index: u32, id: MessageId) -> Option<Stored<'a>> {
        self.message(index, id.position)
    }

    /// Position of a topic's message before this one, if it is held.
    pub(super) fn position_before(self, index: u32, stored: &Stored) -> Option<u64> {
        let topic = self.topics.all.get(index)?;
        // The previous one is held if it has fewer than `kept` newer ones.
        let newer = topic.count as i64 + 1 - stored.number;
        if newer < i64::from(topic.kept) {
            return Some(stored.record.header.previous);
        }
        self.history.earlier().before(index, stored.id.position, stored.record.header.number)
    }

    /// A topic's held messages up to the published one, newest first.
    pub(super) fn history(self, index: u32) -> impl Iterator<Item = Stored<'a>> {
        self.back_from(index, self.newest(index))
    }

    /// A topic's held messages before one of them, newest first.
    pub(super) fn history_before(self, index: u32, id: MessageId) -> impl Iterator<Item = Stored<'a>> {
        self.back_from(index, self.named(index, id)).skip(1)
    }

    /// A topic's held messages from one of them on, newest first.
    pub(super) fn back_from(self, index: u32, first: Option<Stored<'a>>) -> impl Iterator<Item = Stored<'a>> {
        let mut next = first;
        std::iter::from_fn(move || {
            let stored = next.take()?;
            next = self.position_before(index, &stored).and_then(|position| self.message(index, position));
            Some(stored)
        })
    }

    /// The messages in the log from `position` up to `end`, oldest first. Messages kept aside are not included.
    pub(super) fn log_from(self, position: u64, end: u64) -> impl Iterator<Item = Stored<'a>> {
        let log = self.history.log();
        let mut next = position.max(log.tail());
        std::iter::from_fn(move || {
            loop {
                let at = next;
                let record = if at < end { log.get(at)? } else { return None };
                next = log.after(at)?;
                let topic = self.topics.all.get(record.header.topic)?;
                let is_forgotten = topic.count == 0;
                if !is_forgotten {
                    return Some(Stored::new(topic, at, record));
                }
            }
        })
    }

    /// The messages in the log below `position`, newest first. Messages kept aside are not included.
    pub(super) fn log_before(self, position: u64) -> impl Iterator<Item = Stored<'a>> {
        let log = self.history.log();
        let mut at = position;
        std::iter::from_fn(move || {
            loop {
                at = log.before(at)?;
                let record = log.get(at)?;
                let topic = self.topics.all.get(record.header.topic)?;
                let is_forgotten = topic.count == 0;
                if !is_forgotten {
                    return Some(Stored::new(topic, at, record));
                }
            }
        })
    }
}

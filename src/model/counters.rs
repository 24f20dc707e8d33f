//! Counts and times of a node and all below it.

use crate::message::Timestamp;
use crate::model::rate::{Moment, Rate};

/// Sums over a node and all below it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct NodeCounters {
    pub(super) messages: u64,
    /// Nodes that have received a message, including the node itself.
    pub(super) topics: u32,
    pub(super) rate: Rate,
    /// Bytes of payload per second, while they are measured.
    pub(super) byte_rate: Rate,
    pub(super) last: Option<Last>,
    /// What arrived and has not been passed on to the parent yet.
    pub(super) pending: News,
}

/// An addition to [`NodeCounters`] on its way up.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct News {
    pub(super) messages: u64,
    /// Bytes of their payloads, while they are measured.
    pub(super) bytes: u64,
    pub(super) topics: u32,
    pub(super) last: Option<Last>,
}

/// The position and time of the newest of some messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Last {
    pub(super) position: u64,
    pub(super) arrived: Timestamp,
}

impl News {
    pub(super) fn add(&mut self, other: &Self) {
        self.messages += other.messages;
        self.bytes = self.bytes.saturating_add(other.bytes);
        self.topics += other.topics;
        self.last = self.last.max(other.last);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.messages == 0 && self.topics == 0
    }
}

impl NodeCounters {
    /// Adds what is pending to the sums, and returns it for the parent.
    pub(super) fn settle(&mut self, at: Moment) -> News {
        let news = std::mem::take(&mut self.pending);
        self.messages += news.messages;
        self.topics += news.topics;
        self.rate.add(news.messages, at);
        self.byte_rate.add(news.bytes, at);
        self.last = self.last.max(news.last);
        news
    }
}

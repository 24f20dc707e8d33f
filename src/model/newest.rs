//! The budget of the newest values: which payloads outlived the log because some topic still shows them, and which of
//! them give way when they take too much together.
//!
//! Only payloads above [`PAYLOAD_HEAD_BYTES`] give way, and they leave that much of themselves behind.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use crate::model::record::Record;

/// So much of a dropped payload is kept. Payloads up to this size are never dropped.
pub const PAYLOAD_HEAD_BYTES: usize = 64 * 1024;

/// What one value costs aside beside its record: its position, its slot and the allocator's own bytes.
const BESIDE_BYTES: usize = 80;

/// The newest values that are not in the log, in sum, and the large ones in the order in which they give way.
#[derive(Debug, Default)]
pub(super) struct Newest {
    bytes: usize,
    /// The largest first, by powers of two; of about equal size, the one that came first. With position and topic.
    large: BTreeSet<(Reverse<u32>, u64, u32)>,
    /// Values of which only the head is held.
    dropped: u32,
    /// Bytes of those that are not held.
    dropped_bytes: u64,
}

impl Newest {
    /// A value that its topic needs is aside now.
    pub(super) fn add(&mut self, position: u64, record: &Record) {
        self.bytes += weight(record);
        if record.payload().len() > PAYLOAD_HEAD_BYTES {
            self.large.insert(rank(position, record));
        }
    }

    /// Its topic no longer needs a value that is aside.
    pub(super) fn remove(&mut self, position: u64, record: &Record) {
        self.bytes = self.bytes.saturating_sub(weight(record));
        self.large.remove(&rank(position, record));
        if record.is_payload_dropped() {
            self.dropped -= 1;
            self.dropped_bytes -= missing(record);
        }
    }

    /// The value that gives way next, by position and topic, if one has to.
    pub(super) fn next_to_drop(&self, bytes_max: usize) -> Option<(u64, u32)> {
        if self.bytes <= bytes_max {
            return None;
        }
        self.large.first().map(|&(_, position, topic)| (position, topic))
    }

    /// Bytes that they take.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// How many are held as heads, and how many bytes of them are not held.
    pub(super) fn dropped(&self) -> (u32, u64) {
        (self.dropped, self.dropped_bytes)
    }

    /// A value that was removed is back with its head alone.
    pub(super) fn note_dropped(&mut self, record: &Record) {
        self.bytes += weight(record);
        self.dropped += 1;
        self.dropped_bytes += missing(record);
    }
}

fn rank(position: u64, record: &Record) -> (Reverse<u32>, u64, u32) {
    (Reverse(record.header.payload_len.max(1).ilog2()), position, record.header.topic)
}

fn weight(record: &Record) -> usize {
    record.weight() + BESIDE_BYTES
}

fn missing(record: &Record) -> u64 {
    u64::from(record.header.payload_len).saturating_sub(record.payload().len() as u64)
}

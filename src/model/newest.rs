//! The budget of the newest values: which payloads outlive the log because a topic still shows them, and which of them
//! are dropped when together they take too much.
//!
//! Only payloads larger than [`PAYLOAD_HEAD_BYTES`] are dropped, and that much of each is kept.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use crate::model::record::Record;

/// How much of a dropped payload is kept. Payloads up to this size are never dropped.
pub const PAYLOAD_HEAD_BYTES: usize = 64 * 1024;

/// What one value kept aside costs in addition to its record: its position, its slot and the allocator's overhead.
const BESIDE_BYTES: usize = 80;

/// The total size of the newest values outside of the log, and the large ones in the order in which to drop them.
#[derive(Debug, Default)]
pub(super) struct Newest {
    bytes: usize,
    /// Size as a power of two, position and topic: the largest first, and of about equal size the oldest first.
    large: BTreeSet<(Reverse<u32>, u64, u32)>,
    /// Number of values of which only the head is held.
    dropped: u32,
    /// Bytes of those values that are not held.
    dropped_bytes: u64,
}

impl Newest {
    /// Counts a value that was put aside because its topic needs it.
    pub(super) fn add(&mut self, position: u64, record: &Record) {
        self.bytes += weight(record);
        if record.payload().len() > PAYLOAD_HEAD_BYTES {
            self.large.insert(rank(position, record));
        }
    }

    /// Stops counting a value aside that its topic no longer needs.
    pub(super) fn remove(&mut self, position: u64, record: &Record) {
        self.bytes = self.bytes.saturating_sub(weight(record));
        self.large.remove(&rank(position, record));
        if record.is_payload_dropped() {
            self.dropped -= 1;
            self.dropped_bytes -= missing(record);
        }
    }

    /// Position and topic of the value to drop next, if one has to be dropped.
    pub(super) fn next_to_drop(&self, bytes_max: usize) -> Option<(u64, u32)> {
        if self.bytes <= bytes_max {
            return None;
        }
        self.large.first().map(|&(_, position, topic)| (position, topic))
    }

    /// Bytes that the values take.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// How many values are held only as heads, and how many of their bytes are not held.
    pub(super) fn dropped(&self) -> (u32, u64) {
        (self.dropped, self.dropped_bytes)
    }

    /// Counts a removed value that was put back with its head alone.
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

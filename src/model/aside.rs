//! Messages that are kept although they left the log: the newest of every topic, and the last few.
//!
//! A quiet topic on a busy broker would otherwise lose its only message within a minute. Such messages are copied here,
//! in one small block of bytes per topic, oldest first.

use crate::model::arena::Arena;
use crate::model::record::{Beside, Record, RecordHeader};
use crate::model::tree::NONE;

/// The messages of one topic.
#[derive(Clone, Debug, Default)]
struct Slot {
    /// Records, each preceded by its position in the log.
    bytes: Box<[u8]>,
    /// The [`Beside`] of each record that has one, in the same order.
    beside: Vec<Beside>,
}

/// The allocator's overhead per block, and the slot itself.
const SLOT_BYTES: usize = size_of::<Slot>() + 16;

/// The messages that outlived the log, by topic.
#[derive(Debug)]
pub(super) struct Aside {
    slots: Arena<Slot>,
    free: Vec<u32>,
    bytes: usize,
}

impl Slot {
    /// Positions and records, oldest first.
    fn iter(&self) -> impl Iterator<Item = (u64, Record<'_>)> {
        let mut rest = &*self.bytes;
        let mut beside = self.beside.iter();
        std::iter::from_fn(move || {
            let (position, after) = rest.split_first_chunk()?;
            let record = Record::read(after, |_| beside.next())?;
            rest = after.get(record.raw.len()..)?;
            Some((u64::from_le_bytes(*position), record))
        })
    }

    fn weight(&self) -> usize {
        if self.bytes.is_empty() {
            return 0;
        }
        SLOT_BYTES + self.bytes.len() + self.beside.iter().map(Beside::weight).sum::<usize>()
    }
}

impl Aside {
    pub(super) fn new() -> Self {
        Self { slots: Arena::new(), free: Vec::new(), bytes: 0 }
    }

    /// Bytes held, including what lies beside the records and the overhead of the blocks.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// The number of slots, used or not, for a sweep over all of them.
    pub(super) fn slots(&self) -> u32 {
        self.slots.len()
    }

    /// The index of the topic that a slot belongs to, if it is used.
    pub(super) fn topic_of(&self, slot: u32) -> Option<u32> {
        let (_, record) = self.slots.get(slot)?.iter().next()?;
        Some(record.header.topic)
    }

    /// Copies a record into a topic's slot as its newest; returns the slot.
    pub(super) fn push(&mut self, slot: u32, position: u64, record: &Record) -> u32 {
        let slot = if slot == NONE {
            self.free.pop().unwrap_or_else(|| self.slots.push(Slot::default()))
        } else {
            slot
        };
        let held = std::mem::take(&mut self.slots[slot]);
        self.bytes -= held.weight();
        let mut bytes = Vec::with_capacity(held.bytes.len() + size_of::<u64>() + record.raw.len());
        bytes.extend_from_slice(&held.bytes);
        bytes.extend_from_slice(&position.to_le_bytes());
        bytes.extend_from_slice(record.raw);
        let mut beside = held.beside;
        beside.extend(record.beside.cloned());
        self.put(slot, Slot { bytes: bytes.into_boxed_slice(), beside });
        slot
    }

    /// Keeps only the records that `keep` accepts, given position and header; returns the slot, or [`NONE`] if it is
    /// empty.
    pub(super) fn retain(&mut self, slot: u32, keep: impl Fn(u64, &RecordHeader) -> bool) -> u32 {
        if slot == NONE || self.slots[slot].iter().all(|(position, record)| keep(position, &record.header)) {
            return slot;
        }
        let held = std::mem::take(&mut self.slots[slot]);
        self.bytes -= held.weight();
        let mut bytes = Vec::with_capacity(held.bytes.len());
        let mut beside = Vec::new();
        for (position, record) in held.iter().filter(|(position, record)| keep(*position, &record.header)) {
            bytes.extend_from_slice(&position.to_le_bytes());
            bytes.extend_from_slice(record.raw);
            beside.extend(record.beside.cloned());
        }
        if bytes.is_empty() {
            self.free.push(slot);
            return NONE;
        }
        self.put(slot, Slot { bytes: bytes.into_boxed_slice(), beside });
        slot
    }

    /// Cuts a record's payload to its first `bytes`.
    pub(super) fn keep_head(&mut self, slot: u32, position: u64, bytes: usize) {
        if slot == NONE {
            return;
        }
        let slot = &mut self.slots[slot];
        self.bytes -= slot.weight();
        let records = slot.iter().take_while(|(at, _)| *at != position);
        let before = records.filter(|(_, record)| record.beside.is_some()).count();
        if let Some(beside) = slot.beside.get_mut(before) {
            beside.keep_head(bytes);
        }
        self.bytes += slot.weight();
    }

    fn put(&mut self, slot: u32, with: Slot) {
        self.bytes += with.weight();
        self.slots[slot] = with;
    }

    #[cfg(test)]
    pub(super) fn numbers(&self, slot: u32) -> Vec<u32> {
        self.slots
            .get(slot)
            .into_iter()
            .flat_map(Slot::iter)
            .map(|(_, record)| record.header.number)
            .collect()
    }

    /// The positions and records of a slot, oldest first.
    pub(super) fn records(&self, slot: u32) -> impl Iterator<Item = (u64, Record<'_>)> {
        self.slots.get(slot).into_iter().flat_map(Slot::iter)
    }

    /// The record that had this position in the log.
    pub(super) fn get(&self, slot: u32, position: u64) -> Option<Record<'_>> {
        self.slots.get(slot)?.iter().find(|(at, _)| *at == position).map(|(_, record)| record)
    }
}

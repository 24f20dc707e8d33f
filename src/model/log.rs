//! All messages in order of arrival, in chunks of fixed size; the oldest are dropped at the front.
//!
//! A position consists of chunk number and offset: it counts bytes from the start of the log and is never used twice.
//! No record crosses the end of a chunk.

use std::collections::VecDeque;

use crate::message::Timestamp;
use crate::model::record::{Beside, NewRecord, Record};

/// A queue of records in chunks.
#[derive(Debug)]
pub(super) struct Log {
    chunks: VecDeque<LogChunk>,
    /// An emptied chunk to be reused, because returning memory and asking for it again costs page faults.
    spare: Option<LogChunk>,
    /// Number of the first chunk.
    first_chunk: u64,
    /// Position of the oldest record, or `head` if there is none.
    tail: u64,
    /// Bytes of the records held and of what lies beside them.
    bytes: usize,
    chunk_bits: u32,
}

#[derive(Debug, Default)]
struct LogChunk {
    bytes: Vec<u8>,
    beside: Vec<Beside>,
    /// Offset of the last record.
    last: u32,
}

/// The smallest chunk holds several of the largest records with a small payload (32 KiB and a header).
const CHUNK_BITS_MIN: u32 = 17;
const CHUNK_BITS_MAX: u32 = 20;

impl Log {
    /// An empty log whose first position is `start`, a multiple of the size of a chunk, and whose chunks suit a budget of
    /// `bytes`.
    pub(super) fn starting_at(start: u64, bytes: usize) -> Self {
        let chunk_bits = (bytes / 256).max(1).ilog2().clamp(CHUNK_BITS_MIN, CHUNK_BITS_MAX);
        let first_chunk = start >> chunk_bits;
        Self {
            chunks: VecDeque::new(),
            spare: None,
            first_chunk,
            tail: first_chunk << chunk_bits,
            bytes: 0,
            chunk_bits,
        }
    }

    /// Appends a record and returns its position.
    pub(super) fn append(&mut self, record: &NewRecord) -> u64 {
        let before = self.chunks.back().map_or(0, |chunk| (chunk.bytes.len() - chunk.last as usize) as u16);
        let (header, beside) = record.prepare(before);
        let room = (1usize << self.chunk_bits) - self.chunks.back().map_or(0, |chunk| chunk.bytes.len());
        if self.chunks.is_empty() || header.record_len() > room {
            self.add_chunk();
        }
        let position = self.head();
        self.bytes += header.record_len() + beside.as_ref().map_or(0, Beside::weight);
        if let Some(chunk) = self.chunks.back_mut() {
            chunk.last = chunk.bytes.len() as u32;
            record.write(&header, chunk.beside.len() as u32, &mut chunk.bytes);
            chunk.beside.extend(beside);
        }
        position
    }

    fn add_chunk(&mut self) {
        let mut chunk = self.spare.take().unwrap_or_default();
        // Chunks are allocated whole, except for the first, so that a session with few messages stays small.
        if !self.chunks.is_empty() {
            chunk.bytes.reserve_exact(1 << self.chunk_bits);
        }
        if self.chunks.is_empty() {
            self.tail = self.first_chunk << self.chunk_bits;
        }
        self.chunks.push_back(chunk);
    }

    /// Where the next record goes if its chunk has room.
    pub(super) fn head(&self) -> u64 {
        match self.chunks.back() {
            Some(chunk) => {
                ((self.first_chunk + self.chunks.len() as u64 - 1) << self.chunk_bits)
                    + chunk.bytes.len() as u64
            }
            None => self.first_chunk << self.chunk_bits,
        }
    }

    /// The position of the oldest record, or of the next one if there is none.
    pub(super) fn tail(&self) -> u64 {
        self.tail
    }

    /// Bytes of the records held and of what lies beside them.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// The record at a position returned by [`Log::append`] that is not below [`Log::tail`].
    #[inline]
    pub(super) fn get(&self, position: u64) -> Option<Record<'_>> {
        if position < self.tail {
            return None;
        }
        let number = (position >> self.chunk_bits).checked_sub(self.first_chunk)?;
        let chunk = self.chunks.get(number as usize)?;
        let offset = position as usize & ((1 << self.chunk_bits) - 1);
        Record::read(chunk.bytes.get(offset..)?, |number| chunk.beside.get(number as usize))
    }

    /// The position of the record before `position`, which must be that of a held record or the head. That record may
    /// no longer be held.
    pub(super) fn before(&self, position: u64) -> Option<u64> {
        let mut number = (position >> self.chunk_bits).checked_sub(self.first_chunk)? as usize;
        let offset = position as usize & ((1 << self.chunk_bits) - 1);
        let before = match self.chunks.get(number) {
            Some(chunk) if offset > 0 && offset == chunk.bytes.len() => chunk.last as usize,
            Some(_) if offset > 0 => offset.checked_sub(usize::from(self.get(position)?.header.before))?,
            _ => {
                number = number.checked_sub(1)?;
                self.chunks.get(number)?.last as usize
            }
        };
        Some(((self.first_chunk + number as u64) << self.chunk_bits) + before as u64)
    }

    /// The position after the record at `position`, which is that of the next record or the head. `None` if the record
    /// is not held.
    pub(super) fn after(&self, position: u64) -> Option<u64> {
        let end = position + self.get(position)?.raw.len() as u64;
        let number = (position >> self.chunk_bits).checked_sub(self.first_chunk)?;
        let chunk = self.chunks.get(number as usize)?;
        let is_last = (position as usize & ((1 << self.chunk_bits) - 1)) == chunk.last as usize;
        let is_newest_chunk = number as usize + 1 == self.chunks.len();
        Some(if is_last && !is_newest_chunk {
            (self.first_chunk + number + 1) << self.chunk_bits
        } else {
            end
        })
    }

    /// The position after the last record that had arrived by then; if the clock was set back, times occur twice, and
    /// the later occurrence counts.
    pub(super) fn end_of(&self, time: Timestamp) -> u64 {
        let starts = |number: usize| {
            let start = ((self.first_chunk + number as u64) << self.chunk_bits).max(self.tail);
            self.get(start).map(|record| (start, record.header.arrived))
        };
        let begun = (0..self.chunks.len()).rev().filter_map(starts).find(|(_, arrived)| *arrived <= time);
        let Some((start, _)) = begun else { return self.tail };
        let chunk = start >> self.chunk_bits;
        let (mut at, mut end) = (start, start);
        while at >> self.chunk_bits == chunk
            && let Some(record) = self.get(at)
            && let Some(next) = self.after(at)
        {
            if record.header.arrived <= time {
                end = next;
            }
            at = next;
        }
        end
    }

    /// Where the chunk after that of `position` begins.
    pub(super) fn chunk_after(&self, position: u64) -> u64 {
        ((position >> self.chunk_bits) + 1) << self.chunk_bits
    }

    /// Where the chunk of the byte before `position` begins.
    pub(super) fn chunk_before(&self, position: u64) -> u64 {
        (position.saturating_sub(1) >> self.chunk_bits) << self.chunk_bits
    }

    /// Drops the oldest record.
    pub(super) fn drop_oldest(&mut self) {
        let Some(record) = self.get(self.tail) else { return };
        let (len, weight, beside) = (record.raw.len(), record.weight(), record.beside_number());
        self.bytes -= weight;
        self.tail += len as u64;
        let Some(chunk) = self.chunks.front_mut() else { return };
        // What lies beside may be large, so it is freed at once, not with its chunk.
        if let Some(beside) = beside.and_then(|number| chunk.beside.get_mut(number as usize)) {
            *beside = Beside::default();
        }
        let end = (self.first_chunk << self.chunk_bits) + chunk.bytes.len() as u64;
        if self.tail == end
            && let Some(mut chunk) = self.chunks.pop_front()
        {
            self.first_chunk += 1;
            self.tail = self.first_chunk << self.chunk_bits;
            chunk.bytes.clear();
            chunk.beside = Vec::new();
            chunk.last = 0;
            self.spare = Some(chunk);
        }
    }
}

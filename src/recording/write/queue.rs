//! The way from the ingest thread to the writer: a queue bounded by bytes that never blocks who fills it, unless they ask.
//!
//! When it is full, the batch goes back to its owner and the gap grows; the gap takes its place in the order as soon as there
//! is room again. Emptied batches come back to be filled again.

use std::collections::VecDeque;
use std::time::Instant;

use parking_lot::{Condvar, Mutex};

use crate::message::{Batch, Timestamp};
use crate::recording::format::event::{Event, Gap, GapReason};

/// What may wait for the disk, in bytes: at 1,000,000 messages/s of 100 bytes about half a second.
const BYTES_MAX: usize = 128 << 20;
/// Emptied batches that are kept to be filled again.
const SPARES_MAX: usize = 32;
/// A batch that held more than this is given back to the system.
const SPARE_BYTES_MAX: usize = 1 << 20;
/// Events that may wait; later ones are lost like messages.
const EVENTS_MAX: usize = 10_000;

/// Something to write.
#[derive(Debug)]
pub(super) enum Item {
    /// Messages.
    Batch(Batch),
    /// Something that happened.
    Event(Timestamp, Event),
    /// Messages are missing here.
    Gap(Gap),
}

/// What the writer finds.
#[derive(Debug)]
pub(super) enum Next {
    /// Something to write.
    Item(Item),
    /// Nothing until the deadline.
    Nothing,
    /// The recorder is gone, and everything was taken.
    End,
}

#[derive(Debug, Default)]
struct State {
    items: VecDeque<Item>,
    bytes: usize,
    spares: Vec<Batch>,
    /// Messages that found no room since the last that did.
    missing: Option<Gap>,
    events: usize,
    closed: bool,
    /// The writer has ended: nothing is taken any more.
    writer_gone: bool,
}

/// The queue.
#[derive(Debug, Default)]
pub(super) struct Queue {
    state: Mutex<State>,
    filled: Condvar,
    emptied: Condvar,
}

impl Queue {
    /// Takes the batch and gives an empty one for it, or gives it back as it is. With `wait` it stays until there is room.
    ///
    /// Returns how many messages were not taken.
    pub fn offer(&self, batch: Batch, wait: bool) -> (Batch, u64) {
        let weight = batch.weight_bytes();
        let mut state = self.state.lock();
        while wait && !state.has_room(weight) && !state.writer_gone {
            self.emptied.wait(&mut state);
        }
        if state.closed || state.writer_gone || !state.has_room(weight) {
            let messages = batch.len() as u64;
            state.miss(&batch);
            return (batch, messages);
        }
        if let Some(gap) = state.missing.take() {
            state.items.push_back(Item::Gap(gap));
        }
        state.bytes += weight;
        state.items.push_back(Item::Batch(batch));
        let spare = state.spares.pop().unwrap_or_default();
        drop(state);
        self.filled.notify_one();
        (spare, 0)
    }

    /// Takes something that happened.
    pub fn event(&self, at: Timestamp, event: Event) {
        let mut state = self.state.lock();
        if state.events < EVENTS_MAX {
            state.events += 1;
            state.items.push_back(Item::Event(at, event));
        }
        drop(state);
        self.filled.notify_one();
    }

    /// Takes a gap that somebody else knows of.
    pub fn gap(&self, gap: Gap) {
        let mut state = self.state.lock();
        if state.events < EVENTS_MAX {
            state.events += 1;
            state.items.push_back(Item::Gap(gap));
        }
        drop(state);
        self.filled.notify_one();
    }

    /// What comes next, waiting until the deadline.
    pub fn next(&self, deadline: Instant) -> Next {
        let mut state = self.state.lock();
        loop {
            if let Some(item) = state.items.pop_front() {
                if matches!(item, Item::Event(..) | Item::Gap(_)) {
                    state.events = state.events.saturating_sub(1);
                }
                return Next::Item(item);
            }
            if state.closed {
                return state.missing.take().map_or(Next::End, |gap| Next::Item(Item::Gap(gap)));
            }
            if self.filled.wait_until(&mut state, deadline).timed_out() && state.items.is_empty() {
                return if state.closed { continue } else { Next::Nothing };
            }
        }
    }

    /// A batch was written, or dropped: it no longer counts.
    pub fn done(&self, mut batch: Batch) {
        let weight = batch.weight_bytes();
        batch.clear();
        let mut state = self.state.lock();
        state.bytes = state.bytes.saturating_sub(weight);
        if weight <= SPARE_BYTES_MAX && state.spares.len() < SPARES_MAX {
            state.spares.push(batch);
        }
        drop(state);
        self.emptied.notify_one();
    }

    /// Bytes that wait.
    pub fn bytes(&self) -> u64 {
        self.state.lock().bytes as u64
    }

    /// Nothing comes any more.
    pub fn close(&self) {
        self.state.lock().closed = true;
        self.filled.notify_one();
    }

    /// The writer has ended.
    pub fn leave(&self) {
        self.state.lock().writer_gone = true;
        self.emptied.notify_all();
    }
}

impl State {
    fn has_room(&self, weight: usize) -> bool {
        self.bytes == 0 || self.bytes + weight <= BYTES_MAX
    }

    fn miss(&mut self, batch: &Batch) {
        let times = (batch.get(0), batch.get(batch.len().saturating_sub(1)));
        let (Some(first), Some(last)) = times else { return };
        let gap = self.missing.get_or_insert(Gap {
            from: first.arrived,
            to: last.arrived,
            reason: GapReason::Overload,
            messages: Some(0),
        });
        gap.to = last.arrived;
        gap.messages = gap.messages.map(|messages| messages + batch.len() as u64);
    }
}

//! The queue from the ingest thread to the writer, limited in bytes. It never blocks the sender unless asked to.
//!
//! When it is full, batches are returned to their owner and the gap grows; once there is room again the gap takes its
//! place in the order. Emptied batches are returned for reuse.

use std::collections::VecDeque;
use std::time::Instant;

use parking_lot::{Condvar, Mutex};

use crate::message::{Batch, Timestamp};
use crate::recording::format::event::{Gap, GapReason, RecordedEvent};

/// The most that may wait for the disk, in bytes: about half a second at 1,000,000 messages/s of 100 bytes.
const BYTES_MAX: usize = 128 << 20;
/// How many emptied batches are kept for reuse.
const SPARES_MAX: usize = 32;
/// A batch that held more than this is freed instead.
const SPARE_BYTES_MAX: usize = 1 << 20;
/// How many events may wait; further ones are lost, like messages.
const EVENTS_MAX: usize = 10_000;

/// An item to write.
#[derive(Debug)]
pub(super) enum Item {
    /// Messages.
    Batch(Batch),
    /// An event of the connection.
    Event(Timestamp, RecordedEvent),
    /// Messages are missing here.
    Gap(Gap),
}

/// The result of waiting for an item.
#[derive(Debug)]
pub(super) enum Next {
    /// An item to write.
    Item(Item),
    /// No item before the deadline.
    Nothing,
    /// The recorder is gone and everything was taken.
    End,
}

#[derive(Debug, Default)]
struct State {
    items: VecDeque<Item>,
    bytes: usize,
    spares: Vec<Batch>,
    /// Messages that found no room since the last batch that did.
    missing: Option<Gap>,
    events: usize,
    closed: bool,
    /// Whether the writer has ended, so that nothing is accepted any more.
    writer_gone: bool,
}

/// The queue between ingest thread and writer.
#[derive(Debug, Default)]
pub(super) struct Queue {
    state: Mutex<State>,
    filled: Condvar,
    emptied: Condvar,
}

impl Queue {
    /// Takes the batch and returns an empty one, or returns the batch unchanged. With `wait` it blocks until there is
    /// room.
    ///
    /// Also returns how many messages were not taken.
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

    /// Adds an event.
    pub fn event(&self, at: Timestamp, event: RecordedEvent) {
        let mut state = self.state.lock();
        if state.events < EVENTS_MAX {
            state.events += 1;
            state.items.push_back(Item::Event(at, event));
        }
        drop(state);
        self.filled.notify_one();
    }

    /// Adds a gap that the caller knows about.
    pub fn gap(&self, gap: Gap) {
        let mut state = self.state.lock();
        if state.events < EVENTS_MAX {
            state.events += 1;
            state.items.push_back(Item::Gap(gap));
        }
        drop(state);
        self.filled.notify_one();
    }

    /// The next item, waiting until the deadline.
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

    /// Notes that a batch was written or dropped and no longer counts.
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

    /// How many bytes wait.
    pub fn bytes(&self) -> u64 {
        self.state.lock().bytes as u64
    }

    /// Closes the queue: no more items will be added.
    pub fn close(&self) {
        self.state.lock().closed = true;
        self.filled.notify_one();
    }

    /// Notes that the writer has ended.
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

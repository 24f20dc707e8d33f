//! The way from the worker to the ingest thread: a queue of batches, bounded by the bytes that they hold.
//!
//! One thread sends from async code and waits for room without blocking its runtime; one thread receives and blocks.
//! Batches go back to be filled again, so that a steady stream allocates nothing.

use std::collections::VecDeque;
use std::mem;
use std::sync::Arc;

use parking_lot::{Condvar, Mutex};
use tokio::sync::Notify;

use crate::message::Batch;

/// What may wait for the model, in bytes. At 500,000 messages/s of 100 bytes it is a second of traffic.
pub(super) const BYTES_MAX: usize = 64 * 1024 * 1024;
/// What may wait for a sink, in bytes. It is less than for the model: when a program behind a pipe stops reading, the
/// broker should notice soon, and what waits here is already acknowledged.
pub(super) const SINK_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Emptied batches that are kept to be filled again.
const SPARES_MAX: usize = 16;
/// The memory of a batch that held more than this is given back to the system: it carried something unusual.
const SPARE_BYTES_MAX: usize = 1024 * 1024;

struct Shared {
    state: Mutex<State>,
    /// Notified when something was sent or the sender is gone.
    filled: Condvar,
    /// Notified when something was taken in or the receiver is gone.
    room: Notify,
    bytes_max: usize,
}

#[derive(Default)]
struct State {
    queue: VecDeque<Batch>,
    /// Bytes in the queue and in the batch that is being taken in.
    bytes: usize,
    spares: Vec<Batch>,
    sender_gone: bool,
    receiver_gone: bool,
}

/// The worker's end.
pub(super) struct Sender(Arc<Shared>);

/// The ingest thread's end.
pub(super) struct Receiver(Arc<Shared>);

/// Reads the fill level from any thread.
#[derive(Clone)]
pub(super) struct Gauge(Arc<Shared>);

/// A queue that holds at most `bytes_max`, or a single batch of any size.
pub(super) fn bounded(bytes_max: usize) -> (Sender, Receiver) {
    let shared =
        Arc::new(Shared { state: Mutex::default(), filled: Condvar::new(), room: Notify::new(), bytes_max });
    (Sender(shared.clone()), Receiver(shared))
}

/// What became of a batch.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Sent {
    /// It is queued, and an empty batch was put in its place.
    Yes,
    /// There is no room now; the batch is unchanged.
    Full,
    /// The receiver is gone; the batch is unchanged.
    Gone,
}

impl Sender {
    /// Queues the batch if there is room for it, and puts an empty one in its place. A batch above the bound passes
    /// when nothing waits.
    pub(super) fn try_send(&self, batch: &mut Batch) -> Sent {
        let weight = batch.weight_bytes();
        let mut state = self.0.state.lock();
        if state.receiver_gone {
            return Sent::Gone;
        }
        if state.bytes > 0 && state.bytes + weight > self.0.bytes_max {
            return Sent::Full;
        }
        let empty = state.spares.pop().unwrap_or_default();
        state.bytes += weight;
        state.queue.push_back(mem::replace(batch, empty));
        drop(state);
        self.0.filled.notify_one();
        Sent::Yes
    }

    /// Waits until it is worth trying again.
    pub(super) fn room(&self) -> impl Future<Output = ()> + use<> {
        let shared = Arc::clone(&self.0);
        // `Notify` keeps one earlier notification for the next waiter, so none is missed in between.
        async move { shared.room.notified().await }
    }

    /// A view of the fill level.
    pub(super) fn gauge(&self) -> Gauge {
        Gauge(self.0.clone())
    }
}

impl Drop for Sender {
    fn drop(&mut self) {
        self.0.state.lock().sender_gone = true;
        self.0.filled.notify_one();
    }
}

impl Receiver {
    /// The next batch if one waits.
    pub(super) fn try_receive(&self) -> Option<Batch> {
        self.0.state.lock().queue.pop_front()
    }

    /// The next batch, waiting for one; `None` when the sender is gone and everything was taken.
    pub(super) fn receive(&self) -> Option<Batch> {
        let mut state = self.0.state.lock();
        loop {
            if let Some(batch) = state.queue.pop_front() {
                return Some(batch);
            }
            if state.sender_gone {
                return None;
            }
            self.0.filled.wait(&mut state);
        }
    }

    /// Reports a batch as taken in: it no longer counts, and its memory is reused.
    #[cfg(test)]
    pub(super) fn done(&self, batch: Batch) {
        self.done_with(batch.weight_bytes(), batch);
    }

    /// Reports a batch of this weight as taken in: it no longer counts. The memory of `batch`, which may be another, is reused.
    pub(super) fn done_with(&self, weight: usize, mut batch: Batch) {
        let spare = batch.weight_bytes();
        batch.clear();
        let mut state = self.0.state.lock();
        state.bytes = state.bytes.saturating_sub(weight);
        if spare <= SPARE_BYTES_MAX && state.spares.len() < SPARES_MAX {
            state.spares.push(batch);
        }
        drop(state);
        self.0.room.notify_one();
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.0.state.lock().receiver_gone = true;
        self.0.room.notify_one();
    }
}

impl Gauge {
    /// Bytes that wait for the model.
    pub(super) fn waiting_bytes(&self) -> u64 {
        self.0.state.lock().bytes as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::{Flags, Payload, Timestamp};

    fn batch(payload: usize) -> Batch {
        let mut batch = Batch::default();
        let payload = vec![b'x'; payload];
        batch.push(b"a", Payload::Small(&payload), Flags::default(), None, Timestamp(0));
        batch
    }

    #[test]
    fn what_was_sent_arrives_in_order_and_then_the_end() {
        let (sender, receiver) = bounded(BYTES_MAX);
        for payload in 1..=3 {
            assert_eq!(sender.try_send(&mut batch(payload)), Sent::Yes);
        }
        drop(sender);
        for payload in 1..=3 {
            let batch = receiver.receive().unwrap();
            assert_eq!(batch.get(0).unwrap().payload.bytes().len(), payload);
            receiver.done(batch);
        }
        assert!(receiver.receive().is_none());
    }

    #[test]
    fn a_batch_that_does_not_fit_stays_until_another_was_taken_in() {
        let (sender, receiver) = bounded(1_000);
        let mut second = batch(601);
        assert_eq!(sender.try_send(&mut batch(600)), Sent::Yes);
        assert_eq!(sender.try_send(&mut second), Sent::Full);
        let taken = receiver.receive().unwrap();
        assert_eq!(sender.try_send(&mut second), Sent::Full, "a batch counts until it is in the model");
        assert_eq!(second.len(), 1, "it is still here");
        receiver.done(taken);
        assert_eq!(sender.try_send(&mut second), Sent::Yes);
        assert!(second.is_empty(), "an empty one took its place");
    }

    #[test]
    fn a_batch_above_the_bound_passes_alone() {
        let (sender, receiver) = bounded(1_000);
        assert_eq!(sender.try_send(&mut batch(5_000)), Sent::Yes);
        assert_eq!(sender.try_send(&mut batch(1)), Sent::Full);
        let taken = receiver.receive().unwrap();
        receiver.done(taken);
        assert_eq!(sender.try_send(&mut batch(1)), Sent::Yes);
    }

    #[test]
    fn who_waits_for_room_is_told_of_it_and_of_the_end() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let (sender, receiver) = bounded(1_000);
        let mut second = batch(900);
        assert_eq!(sender.try_send(&mut batch(900)), Sent::Yes);
        assert_eq!(sender.try_send(&mut second), Sent::Full);
        let thread = std::thread::Builder::new().spawn(move || {
            let taken = receiver.receive().unwrap();
            receiver.done(taken);
            receiver
        });
        runtime.block_on(sender.room());
        assert_eq!(sender.try_send(&mut second), Sent::Yes);

        drop(thread.unwrap().join().unwrap());
        runtime.block_on(sender.room());
        assert_eq!(sender.try_send(&mut batch(1)), Sent::Gone);
    }
}

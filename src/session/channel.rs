//! The way from the worker to the ingest thread: a queue of batches, bounded by the bytes that they hold.
//!
//! One thread sends from async code and waits for room without blocking its runtime; one thread receives and blocks.
//! Batches go back to be filled again, so that a steady stream allocates nothing.

use std::collections::VecDeque;
use std::sync::Arc;

use parking_lot::{Condvar, Mutex};
use tokio::sync::Notify;

use crate::model::message::Batch;

/// What may wait for the model, in bytes. At 500,000 messages/s of 100 bytes it is a second of traffic.
pub(super) const BYTES_MAX: usize = 64 * 1024 * 1024;
/// Emptied batches that are kept to be filled again.
const SPARES_MAX: usize = 16;
/// A batch that held more than this is given back to the system: it carried something unusual.
const SPARE_BYTES_MAX: usize = 1024 * 1024;

struct Shared {
    state: Mutex<State>,
    /// Something was sent, or the sender is gone.
    filled: Condvar,
    /// Something was taken in, or the receiver is gone.
    room: Notify,
    bytes_max: usize,
}

#[derive(Default)]
struct State {
    queue: VecDeque<Batch>,
    /// Held by the queue and by the batch that is being taken in.
    bytes: usize,
    spares: Vec<Batch>,
    sender_gone: bool,
    receiver_gone: bool,
}

/// The worker's end.
pub(super) struct Sender(Arc<Shared>);

/// The ingest thread's end.
pub(super) struct Receiver(Arc<Shared>);

/// Looks at the fill level from anywhere.
#[derive(Clone)]
pub(super) struct Gauge(Arc<Shared>);

/// A queue that holds at most `bytes_max`, or a single batch of any size.
pub(super) fn bounded(bytes_max: usize) -> (Sender, Receiver) {
    let shared =
        Arc::new(Shared { state: Mutex::default(), filled: Condvar::new(), room: Notify::new(), bytes_max });
    (Sender(shared.clone()), Receiver(shared))
}

impl Sender {
    /// Queues the batch if there is room for it, else gives it back. A batch above the bound passes when nothing
    /// waits. `Err(None)`: the receiver is gone.
    fn try_send(&self, batch: Batch) -> Result<(), Option<Batch>> {
        let mut state = self.0.state.lock();
        if state.receiver_gone {
            return Err(None);
        }
        let weight = batch.weight_bytes();
        if state.bytes > 0 && state.bytes + weight > self.0.bytes_max {
            return Err(Some(batch));
        }
        state.bytes += weight;
        state.queue.push_back(batch);
        drop(state);
        self.0.filled.notify_one();
        Ok(())
    }

    /// Queues the batch, waiting for room; calls `full` once if it has to. `Err`: the receiver is gone, and with it
    /// the batch.
    pub(super) async fn send(&self, mut batch: Batch, full: impl FnOnce()) -> Result<(), Gone> {
        let mut full = Some(full);
        loop {
            match self.try_send(batch) {
                Ok(()) => return Ok(()),
                Err(None) => return Err(Gone),
                Err(Some(back)) => batch = back,
            }
            if let Some(full) = full.take() {
                full();
            }
            // A notification from before is kept for one waiter, so none is missed in between.
            self.0.room.notified().await;
        }
    }

    /// An empty batch, with the memory of an earlier one if there is any.
    pub(super) fn spare(&self) -> Batch {
        self.0.state.lock().spares.pop().unwrap_or_default()
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

/// The other end is gone.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Gone;

impl Receiver {
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

    /// Says that the batch was taken in: it no longer counts, and its memory is used again.
    pub(super) fn done(&self, mut batch: Batch) {
        let weight = batch.weight_bytes();
        batch.clear();
        let mut state = self.0.state.lock();
        state.bytes = state.bytes.saturating_sub(weight);
        if weight <= SPARE_BYTES_MAX && state.spares.len() < SPARES_MAX {
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
    use std::time::Duration;

    use bytes::Bytes;

    use super::*;
    use crate::model::message::{Flags, Timestamp};

    fn batch(payload: usize) -> Batch {
        let mut batch = Batch::default();
        batch.push(b"a", &Bytes::from(vec![b'x'; payload]), Flags::default(), None, Timestamp(0));
        batch
    }

    fn runtime() -> tokio::runtime::Runtime {
        tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap()
    }

    #[test]
    fn what_was_sent_arrives_in_order_and_then_the_end() {
        let (sender, receiver) = bounded(BYTES_MAX);
        runtime().block_on(async {
            for payload in 1..=3 {
                sender.send(batch(payload), || panic!("there is room")).await.unwrap();
            }
        });
        drop(sender);
        for payload in 1..=3 {
            let batch = receiver.receive().unwrap();
            assert_eq!(batch.get(0).unwrap().payload.bytes().len(), payload);
            receiver.done(batch);
        }
        assert!(receiver.receive().is_none());
    }

    #[test]
    fn a_full_queue_holds_the_sender_until_a_batch_was_taken_in() {
        let (sender, receiver) = bounded(1_000);
        runtime().block_on(async {
            sender.send(batch(600), || panic!("there is room")).await.unwrap();
            let mut was_full = false;
            {
                let second = std::pin::pin!(sender.send(batch(601), || was_full = true));
                let waiting = tokio::time::timeout(Duration::from_millis(20), second).await;
                assert!(waiting.is_err(), "600 and 601 bytes do not fit 1,000");
            }
            assert!(was_full);

            let taken = receiver.receive().unwrap();
            assert!(
                matches!(sender.try_send(batch(601)), Err(Some(_))),
                "a batch counts until it is in the model"
            );
            receiver.done(taken);
            sender.send(batch(601), || panic!("there is room again")).await.unwrap();
        });
        assert_eq!(receiver.receive().unwrap().get(0).unwrap().payload.bytes().len(), 601);
    }

    #[test]
    fn a_batch_above_the_bound_passes_alone() {
        let (sender, receiver) = bounded(1_000);
        runtime().block_on(sender.send(batch(5_000), || panic!("nothing waits"))).unwrap();
        assert!(matches!(sender.try_send(batch(1)), Err(Some(_))));
        let taken = receiver.receive().unwrap();
        receiver.done(taken);
        assert!(sender.try_send(batch(1)).is_ok());
    }

    #[test]
    fn a_waiting_sender_is_told_when_the_receiver_is_gone() {
        let (sender, receiver) = bounded(1_000);
        runtime().block_on(async {
            sender.send(batch(900), || ()).await.unwrap();
            let dropped = std::thread::Builder::new().spawn(move || drop(receiver)).unwrap();
            assert_eq!(sender.send(batch(900), || ()).await, Err(Gone));
            dropped.join().unwrap();
        });
    }
}

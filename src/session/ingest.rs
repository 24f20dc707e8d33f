//! The ingest thread: takes batches from the channel and applies them to the model, or hands them to a [`Sink`].
//!
//! It holds the model's lock for a millisecond at most and then gives the window a chance to take it. Messages that the
//! model refuses (because the tree is at its limit) are counted as lost and logged.

use std::sync::atomic::Ordering;
use std::thread;
use std::time::{Duration, Instant};

use crate::message::Batch;
use crate::model::NotTaken;
use crate::session::channel::Receiver;
use crate::session::clock;
use crate::session::connection_log::LogEvent;
use crate::session::recording;
use crate::session::shared::Shared;
use crate::session::sink::Sink;

/// How long the model may be locked at a time.
const SLICE: Duration = Duration::from_millis(1);
/// The clock is read once per this many messages: reading it costs a tenth as much as a message.
const MESSAGES_PER_LOOK: usize = 64;

/// The shortest time between two log lines saying that the model refused messages.
const REFUSED_LOG_PAUSE: Duration = Duration::from_secs(10);

/// Runs until the worker is gone and everything it sent is in the model.
pub(super) fn run(receiver: &Receiver, shared: &Shared) {
    let mut logged: Option<Instant> = None;
    while let Some(batch) = receiver.receive() {
        let refused = apply(&batch, shared);
        let messages = batch.len() as u64;
        hand_on(receiver, shared, batch);
        let numbers = &shared.numbers;
        if let Some((count, why)) = refused {
            numbers.lost.fetch_add(count, Ordering::Relaxed);
            numbers.applied.fetch_add(messages - count, Ordering::Relaxed);
            if logged.is_none_or(|at| at.elapsed() >= REFUSED_LOG_PAUSE) {
                logged = Some(Instant::now());
                shared.log(LogEvent::NotKept(why));
            }
        } else {
            numbers.applied.fetch_add(messages, Ordering::Relaxed);
        }
        numbers.taken_at_us.store(clock::now().0, Ordering::Relaxed);
        shared.wake();
    }
}

/// Feeds the sink until the worker is gone and everything it sent was handed over. It wakes nobody, as there is
/// nothing to look at.
pub(super) fn run_into(receiver: &Receiver, shared: &Shared, sink: &mut dyn Sink) {
    loop {
        let waiting = receiver.try_receive().or_else(|| {
            sink.idle();
            receiver.receive()
        });
        let Some(batch) = waiting else { break };
        for (index, message) in batch.iter().enumerate() {
            sink.message(message, batch.packet_id(index));
        }
        shared.numbers.applied.fetch_add(batch.len() as u64, Ordering::Relaxed);
        hand_on(receiver, shared, batch);
    }
    sink.idle();
}

/// Hands a batch to the recorder as it is, or back to the worker. A batch that the recorder keeps until the disk has it
/// counts no longer, unless the recorder makes this thread wait.
fn hand_on(receiver: &Receiver, shared: &Shared, batch: Batch) {
    let weight = batch.weight_bytes();
    let spare = recording::offer(shared.recorder().as_deref(), batch);
    receiver.done_with(weight, spare);
}

/// Applies a batch in slices; returns how many messages were refused and the last reason.
///
/// On a busy machine a thread can lose its core for several milliseconds at any moment. The core is yielded here on
/// purpose, while the model is unlocked: the next slice then starts with a fresh time slice, and the window hardly ever
/// waits for a thread that holds the lock and does not run.
pub(super) fn apply(batch: &Batch, shared: &Shared) -> Option<(u64, NotTaken)> {
    let mut refused: Option<(u64, NotTaken)> = None;
    let mut model = shared.model.lock();
    let mut locked = Instant::now();
    for (index, message) in batch.iter().enumerate() {
        if index % MESSAGES_PER_LOOK == 0 && locked.elapsed() >= SLICE {
            drop(model);
            thread::yield_now();
            model = shared.model.lock();
            locked = Instant::now();
        }
        if let Err(why) = model.apply(message) {
            refused = Some((refused.map_or(1, |(count, _)| count + 1), why));
        }
    }
    refused
}

//! Collects messages into batches and sends them to the ingest thread.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use crate::message::{Batch, Timestamp};
use crate::mqtt::link::Received;
use crate::session::channel::{Sender, Sent};
use crate::session::clock;
use crate::session::connection_log::LogEvent;
use crate::session::shared::Shared;

/// A batch with so many messages goes on its way; a link adds up to 512 at once.
const BATCH_MESSAGES: usize = 512;
/// Or with so many bytes.
const BATCH_BYTES: usize = 1024 * 1024;
/// Or when its first message is so old, in microseconds.
const BATCH_AGE_MAX_US: i64 = 5_000;

/// Above this rate, small reads are collected by a short sleep: a broker writes message by message, and a wake-up
/// for each costs five times as much as the message.
const COALESCE_RATE: f64 = 2_000.0;
/// A step that brought fewer than this found the socket empty.
const SMALL_STEP: usize = 9;
const COALESCE_PAUSE: Duration = Duration::from_millis(1);
/// The rate is measured over at least so many microseconds.
const RATE_WINDOW_US: i64 = 100_000;
/// The log says at most this often that the channel was full.
const HELD_BACK_LOG_PAUSE: Duration = Duration::from_secs(10);

/// The worker's end of the channel and the batch that is being filled.
pub(in crate::session) struct Batcher {
    shared: Arc<Shared>,
    sender: Sender,
    batch: Batch,
    batch_since: Timestamp,
    /// Arrival of the messages of this step: the clock is read once per step.
    step_at: Option<Timestamp>,
    step_messages: usize,
    /// Messages and bytes that the counters do not have yet: they are told once per step.
    uncounted: (u64, u64),
    rate: Rate,
    is_held_back: bool,
    held_back_logged: Option<Instant>,
    gone: bool,
}

impl Batcher {
    pub(in crate::session) fn new(shared: Arc<Shared>, sender: Sender) -> Self {
        Self {
            shared,
            sender,
            batch: Batch::default(),
            batch_since: Timestamp::default(),
            step_at: None,
            step_messages: 0,
            uncounted: (0, 0),
            rate: Rate::default(),
            is_held_back: false,
            held_back_logged: None,
            gone: false,
        }
    }

    /// A step of the link begins.
    pub(in crate::session) fn begin_step(&mut self) {
        self.step_at = None;
        self.step_messages = 0;
    }

    /// Adds a message.
    #[inline]
    pub(in crate::session) fn push(&mut self, message: Received<'_>) {
        let Received { topic, payload, flags, packet_id, properties } = message;
        let now = *self.step_at.get_or_insert_with(clock::now);
        if self.batch.is_empty() {
            self.batch_since = now;
        }
        self.step_messages += 1;
        self.uncounted.0 += 1;
        self.uncounted.1 += (topic.len() + payload.bytes().len()) as u64;
        self.batch.push(topic, payload, flags, properties, now);
        self.batch.identify_last(packet_id);
    }

    fn count(&mut self) {
        let (messages, bytes) = std::mem::take(&mut self.uncounted);
        if messages > 0 {
            let numbers = &self.shared.numbers;
            numbers.received.fetch_add(messages, Ordering::Relaxed);
            numbers.received_bytes.fetch_add(bytes, Ordering::Relaxed);
        }
    }

    /// Sends the batch on if it is full or old, and whatever is in it if the link is `idle`; `false`: it has to, and
    /// there is no room.
    pub(in crate::session) fn settle(&mut self, idle: bool) -> bool {
        self.count();
        let is_due = idle || self.step_at.is_some_and(|now| self.is_due(now));
        !is_due || self.try_flush()
    }

    /// A step of the link ended: waits a little for more when messages come fast and one by one.
    pub(in crate::session) fn end_step(&mut self) {
        if let Some(now) = self.step_at {
            self.rate.count(self.step_messages, now);
            if self.step_messages < SMALL_STEP && self.rate.per_second > COALESCE_RATE {
                // The thread sleeps, not the task: the runtime would wake up for every segment that arrives. It has
                // nothing else to do than to serve this socket.
                std::thread::sleep(COALESCE_PAUSE);
            }
        }
    }

    /// Whether the last batch found no room: it waits here, and nothing more may come before it is on its way.
    pub(in crate::session) fn is_held_back(&self) -> bool {
        self.is_held_back
    }

    /// Whether the ingest thread has ended: nothing can be received any more.
    pub(in crate::session) fn is_gone(&self) -> bool {
        self.gone
    }

    fn is_due(&self, now: Timestamp) -> bool {
        let age_us = now.0.saturating_sub(self.batch_since.0);
        self.batch.len() >= BATCH_MESSAGES
            || self.batch.weight_bytes() >= BATCH_BYTES
            // Also when the clock was set back.
            || !(0..BATCH_AGE_MAX_US).contains(&age_us)
    }

    /// Sends what was collected to the ingest thread, waiting for room. When it is dropped while it waits, the batch
    /// stays and goes with the next flush.
    pub(in crate::session) async fn flush(&mut self) {
        self.count();
        while !self.try_flush() {
            self.room().await;
        }
    }

    /// Waits until it is worth to try again.
    pub(in crate::session) fn room(&self) -> impl Future<Output = ()> + use<> {
        self.sender.room()
    }

    /// Sends what was collected; `false`: there is no room for it.
    fn try_flush(&mut self) -> bool {
        if self.batch.is_empty() {
            return true;
        }
        match self.sender.try_send(&mut self.batch) {
            Sent::Yes => {
                if std::mem::take(&mut self.is_held_back) {
                    self.shared.numbers.held_back.store(false, Ordering::Relaxed);
                }
                true
            }
            Sent::Full => {
                if !std::mem::replace(&mut self.is_held_back, true) {
                    self.hold_back();
                }
                false
            }
            Sent::Gone => {
                self.gone = true;
                self.shared.numbers.lost.fetch_add(self.batch.len() as u64, Ordering::Relaxed);
                self.batch.clear();
                true
            }
        }
    }

    /// Reading stops: says so, in the log not too often.
    fn hold_back(&mut self) {
        self.shared.numbers.held_back.store(true, Ordering::Relaxed);
        if self.held_back_logged.is_none_or(|at| at.elapsed() >= HELD_BACK_LOG_PAUSE) {
            self.held_back_logged = Some(Instant::now());
            self.shared.log(LogEvent::HeldBack);
        } else {
            self.shared.wake();
        }
    }
}

/// Messages per second over the last tenth of a second that had any.
#[derive(Default)]
struct Rate {
    per_second: f64,
    since: Timestamp,
    messages: usize,
}

impl Rate {
    fn count(&mut self, messages: usize, now: Timestamp) {
        self.messages += messages;
        let elapsed_us = now.0.saturating_sub(self.since.0);
        if !(0..RATE_WINDOW_US).contains(&elapsed_us) {
            self.per_second =
                if elapsed_us > 0 { self.messages as f64 * 1e6 / elapsed_us as f64 } else { 0.0 };
            (self.since, self.messages) = (now, 0);
        }
    }
}

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

/// A batch with this many messages is sent; a link adds up to 512 at once.
const BATCH_MESSAGES: usize = 512;
/// A batch with this many bytes is sent.
const BATCH_BYTES: usize = 1024 * 1024;
/// A batch whose first message is this old is sent, in microseconds.
const BATCH_AGE_MAX_US: i64 = 5_000;

/// Above this rate, in messages per second, a short sleep collects small reads: a broker writes message by message,
/// and waking up for each one costs five times as much as the message.
const COALESCE_RATE: f64 = 2_000.0;
/// A step that brought fewer messages than this found the socket empty.
const SMALL_STEP: usize = 9;
const COALESCE_PAUSE: Duration = Duration::from_millis(1);
/// The rate is measured over at least this many microseconds.
const RATE_WINDOW_US: i64 = 100_000;
/// The shortest time between two log lines saying that the channel was full.
const HELD_BACK_LOG_PAUSE: Duration = Duration::from_secs(10);

/// The worker's end of the channel and the batch that is being filled.
pub(in crate::session) struct Batcher {
    shared: Arc<Shared>,
    sender: Sender,
    batch: Batch,
    batch_since: Timestamp,
    /// When the messages of this step arrived: the clock is read once per step.
    step_at: Option<Timestamp>,
    step_messages: usize,
    /// Messages and bytes not counted yet: the counters are updated once per step.
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

    /// Sends the batch on if it is full or old, and any batch if the link is `idle`. Returns `false` if a batch has to
    /// be sent and there is no room.
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
                // The thread sleeps, not the task: the runtime would wake up for every segment that arrives, and serving
                // this socket is all it has to do.
                std::thread::sleep(COALESCE_PAUSE);
            }
        }
    }

    /// Whether the last batch found no room: it waits here, and nothing more may be added until it is sent.
    pub(in crate::session) fn is_held_back(&self) -> bool {
        self.is_held_back
    }

    /// Whether the ingest thread has ended, so that nothing more can be received.
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

    /// Sends what was collected to the ingest thread, waiting for room. If the future is dropped while it waits, the
    /// batch stays for the next flush.
    pub(in crate::session) async fn flush(&mut self) {
        self.count();
        while !self.try_flush() {
            self.room().await;
        }
    }

    /// Waits until it is worth trying again.
    pub(in crate::session) fn room(&self) -> impl Future<Output = ()> + use<> {
        self.sender.room()
    }

    /// Sends what was collected; returns `false` if there is no room for it.
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

    /// Marks reading as stopped, and logs it, but not too often.
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

/// Messages per second, measured over the last tenth of a second in which any arrived.
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

//! Collects messages into batches and sends them to the ingest thread.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use bytes::Bytes;

use crate::model::message::{Batch, Flags, PublishProperties, Timestamp};
use crate::session::channel::{Sender, Sent};
use crate::session::clock;
use crate::session::shared::Shared;
use crate::session::status::Level;

/// A batch goes on its way with so many messages at the latest; a link adds up to [`STEP_MESSAGES`] at once.
const BATCH_MESSAGES_MAX: usize = 512;
/// The most that a link was seen to hand over in one step; more is correct too, and makes a larger batch.
const STEP_MESSAGES: usize = 16;
/// Or with so many bytes.
const BATCH_BYTES_MAX: usize = 1024 * 1024;
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
pub(super) struct Batcher {
    shared: Arc<Shared>,
    sender: Sender,
    batch: Batch,
    batch_since: Timestamp,
    /// Arrival of the messages of this step: the clock is read once per step.
    step_at: Option<Timestamp>,
    step_messages: usize,
    /// Of the message that comes next.
    packet_id: u16,
    rate: Rate,
    held_back_logged: Option<Instant>,
    gone: bool,
}

impl Batcher {
    pub(super) fn new(shared: Arc<Shared>, sender: Sender) -> Self {
        Self {
            shared,
            sender,
            batch: Batch::default(),
            batch_since: Timestamp::default(),
            step_at: None,
            step_messages: 0,
            packet_id: 0,
            rate: Rate::default(),
            held_back_logged: None,
            gone: false,
        }
    }

    /// A step of the link begins.
    pub(super) fn begin_step(&mut self) {
        self.step_at = None;
        self.step_messages = 0;
    }

    /// The packet identifier of the message that is added next.
    pub(super) fn packet_id(&mut self, packet_id: u16) {
        self.packet_id = packet_id;
    }

    /// Adds a message.
    pub(super) fn push(
        &mut self,
        topic: &[u8],
        payload: &Bytes,
        flags: Flags,
        properties: Option<PublishProperties>,
    ) {
        let now = *self.step_at.get_or_insert_with(clock::now);
        if self.batch.is_empty() {
            self.batch_since = now;
        }
        self.step_messages += 1;
        let numbers = &self.shared.numbers;
        numbers.received.fetch_add(1, Ordering::Relaxed);
        numbers.received_bytes.fetch_add((topic.len() + payload.len()) as u64, Ordering::Relaxed);
        self.batch.push(topic, payload, flags, properties, now);
        self.batch.identify_last(std::mem::take(&mut self.packet_id));
    }

    /// A step of the link ended: sends the batch on if it is full or old, and waits a little for more when messages
    /// come fast and one by one.
    pub(super) async fn end_step(&mut self) {
        if let Some(now) = self.step_at {
            self.rate.count(self.step_messages, now);
            if self.is_due(now) {
                self.flush().await;
            }
            if self.step_messages < SMALL_STEP && self.rate.per_second > COALESCE_RATE {
                // The thread sleeps, not the task: the runtime would wake up for every segment that arrives. It has
                // nothing else to do than to serve this socket.
                std::thread::sleep(COALESCE_PAUSE);
            }
        }
    }

    /// Whether the ingest thread has ended: nothing can be received any more.
    pub(super) fn is_gone(&self) -> bool {
        self.gone
    }

    fn is_due(&self, now: Timestamp) -> bool {
        let age_us = now.0.saturating_sub(self.batch_since.0);
        self.batch.len() + STEP_MESSAGES > BATCH_MESSAGES_MAX
            || self.batch.weight_bytes() >= BATCH_BYTES_MAX
            // Also when the clock was set back.
            || !(0..BATCH_AGE_MAX_US).contains(&age_us)
    }

    /// Sends what was collected to the ingest thread, waiting for room. When it is dropped while it waits, the batch
    /// stays and goes with the next flush.
    pub(super) async fn flush(&mut self) {
        let mut was_full = false;
        while !self.batch.is_empty() {
            match self.sender.try_send(&mut self.batch) {
                Sent::Yes => {}
                Sent::Full => {
                    if !was_full {
                        was_full = true;
                        self.hold_back();
                    }
                    self.sender.room().await;
                }
                Sent::Gone => {
                    self.gone = true;
                    self.shared.numbers.lost.fetch_add(self.batch.len() as u64, Ordering::Relaxed);
                    self.batch.clear();
                }
            }
        }
        if was_full {
            self.shared.numbers.held_back.store(false, Ordering::Relaxed);
        }
    }

    /// Reading stops: says so, in the log not too often.
    fn hold_back(&mut self) {
        self.shared.numbers.held_back.store(true, Ordering::Relaxed);
        if self.held_back_logged.is_none_or(|at| at.elapsed() >= HELD_BACK_LOG_PAUSE) {
            self.held_back_logged = Some(Instant::now());
            let text = "More arrives than can be taken in: reading from the broker pauses at times, nothing is lost here";
            self.shared.log(Level::Warning, text);
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

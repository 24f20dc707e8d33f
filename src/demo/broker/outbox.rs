//! What waits to be written to one client: acknowledgements, and messages within a byte limit.
//!
//! Filled by the router and the client's reading half, emptied by its writing half. Filling never blocks: messages for
//! which a slow reader has no room are dropped and counted, as in other brokers. All outboxes of a broker also share
//! one limit, so that many slow readers take no more memory than that.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use bytes::Bytes;
use parking_lot::Mutex;
use tokio::sync::Notify;

use crate::demo::broker::outgoing::Delivery;
use crate::message::QoS;
use crate::mqtt::options::MqttVersion;
use crate::mqtt::packet::{Acknowledgement, acknowledge};
use crate::mqtt::reason::ReasonCode;
use crate::mqtt::trace::PacketKind;

/// Bytes that are encoded before they are written.
const WRITE_BYTES: usize = 64 * 1024;

/// Acknowledgements waiting beyond this make the reading half pause: a client that never reads its answers
/// may not have more of them made.
const ANSWER_BYTES_MAX: usize = 256 * 1024;

/// What limits an outbox.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// Bytes of waiting messages; a single larger message is taken when nothing else waits.
    pub queue_bytes: usize,
    /// Bytes of messages that wait or are being written, of all clients together.
    pub all_queues_bytes: usize,
    /// Messages of QoS 1 and 2 that may be unacknowledged at a time (MQTT 5.0, 3.1.2.11.3).
    pub in_flight: usize,
    /// The largest packet that the client takes (MQTT 5.0, 3.1.2.11.4).
    pub packet_bytes: usize,
}

/// The queue of one client.
#[derive(Debug)]
pub(super) struct Outbox {
    version: MqttVersion,
    limits: Limits,
    queue: Mutex<Queue>,
    /// What waits for all clients together.
    all_queues: Arc<AtomicUsize>,
    filled: Notify,
    emptied: Notify,
}

#[derive(Debug, Default)]
struct Queue {
    answers: Vec<u8>,
    messages: VecDeque<Delivery>,
    messages_bytes: usize,
    /// What was handed out by the last [`Outbox::fill`] and is being written.
    writing_bytes: usize,
    /// By packet identifier, the acknowledgement that is awaited.
    in_flight: HashMap<u16, PacketKind>,
    last_id: u16,
    dropped: u64,
    closed: bool,
}

/// What [`Outbox::fill`] found.
pub(super) enum Filled {
    /// Bytes to write, then this payload.
    Bytes(Option<Bytes>),
    /// There is nothing to write now.
    Nothing,
    /// The outbox is closed.
    Closed,
}

impl Outbox {
    /// `all_queues` counts what waits for all clients of the broker.
    pub fn new(version: MqttVersion, limits: Limits, all_queues: Arc<AtomicUsize>) -> Self {
        // One identifier stays free, so that the search for one ends.
        let limits = Limits { in_flight: limits.in_flight.min(usize::from(u16::MAX) - 1), ..limits };
        let (filled, emptied) = (Notify::new(), Notify::new());
        Self { version, limits, queue: Mutex::default(), all_queues, filled, emptied }
    }

    /// Queues an encoded packet ahead of all messages.
    pub fn answer(&self, packet: &[u8]) {
        let mut queue = self.queue.lock();
        if !queue.closed {
            queue.answers.extend_from_slice(packet);
            self.filled.notify_one();
        }
    }

    /// Queues a message; `false` if it was dropped for want of room.
    pub fn deliver(&self, delivery: Delivery) -> bool {
        let mut queue = self.queue.lock();
        if queue.closed {
            return true;
        }
        let weight = delivery.message.weight_bytes();
        let fits_here = queue.messages.is_empty() || queue.messages_bytes + weight <= self.limits.queue_bytes;
        if !fits_here || !self.reserve(weight) {
            queue.dropped += 1;
            return false;
        }
        queue.messages_bytes += weight;
        queue.messages.push_back(delivery);
        self.filled.notify_one();
        true
    }

    /// Takes room from what all clients share.
    fn reserve(&self, bytes: usize) -> bool {
        let most = self.limits.all_queues_bytes;
        let reserved = |waiting: usize| waiting.checked_add(bytes).filter(|waiting| *waiting <= most);
        self.all_queues.fetch_update(Ordering::Relaxed, Ordering::Relaxed, reserved).is_ok()
    }

    fn release(&self, bytes: usize) {
        self.all_queues.fetch_sub(bytes, Ordering::Relaxed);
    }

    /// Forgets the messages, sends `last_packet` after what is being written, and ends the writing half.
    pub fn close(&self, last_packet: &[u8]) {
        let mut queue = self.queue.lock();
        if !queue.closed {
            queue.closed = true;
            queue.messages.clear();
            self.release(std::mem::take(&mut queue.messages_bytes));
            queue.answers.extend_from_slice(last_packet);
        }
        self.filled.notify_one();
        self.emptied.notify_one();
    }

    pub fn is_closed(&self) -> bool {
        self.queue.lock().closed
    }

    /// Messages that were dropped, and bytes that wait.
    pub fn load(&self) -> (u64, usize) {
        let queue = self.queue.lock();
        (queue.dropped, queue.messages_bytes)
    }

    /// Handles PUBACK, PUBREC or PUBCOMP. One that is not expected is ignored.
    pub fn acknowledged(&self, kind: PacketKind, acknowledgement: &Acknowledgement) {
        let Acknowledgement { packet_id: id, reason, .. } = *acknowledgement;
        let mut queue = self.queue.lock();
        if queue.in_flight.get(&id) != Some(&kind) {
            return;
        }
        if kind == PacketKind::PubRec && !reason.is_failure() {
            queue.in_flight.insert(id, PacketKind::PubComp);
            acknowledge(&mut queue.answers, PacketKind::PubRel, id, ReasonCode::SUCCESS, self.version);
        } else {
            queue.in_flight.remove(&id);
        }
        self.filled.notify_one();
    }

    /// Moves what may be sent now into `out`, about 64 KiB at a time. What the call before moved has been written.
    pub fn fill(&self, out: &mut Vec<u8>) -> Filled {
        let now = Instant::now();
        let mut queue = self.queue.lock();
        self.release(std::mem::take(&mut queue.writing_bytes));
        out.extend_from_slice(&queue.answers);
        if queue.answers.len() > WRITE_BYTES {
            queue.answers = Vec::new();
        } else {
            queue.answers.clear();
        }
        self.emptied.notify_one();
        while out.len() < WRITE_BYTES {
            let Some(delivery) = self.next(&mut queue, now) else { break };
            let start = out.len();
            let id = if delivery.qos == QoS::AtMostOnce { 0 } else { queue.free_id() };
            let tail = delivery.encode(self.version, id, now, out);
            if out.len() - start + tail.as_ref().map_or(0, Bytes::len) > self.limits.packet_bytes {
                out.truncate(start);
                queue.dropped += 1;
                continue;
            }
            match delivery.qos {
                QoS::AtMostOnce => None,
                QoS::AtLeastOnce => queue.in_flight.insert(id, PacketKind::PubAck),
                QoS::ExactlyOnce => queue.in_flight.insert(id, PacketKind::PubRec),
            };
            if tail.is_some() {
                return Filled::Bytes(tail);
            }
        }
        match (out.is_empty(), queue.closed) {
            (false, _) => Filled::Bytes(None),
            (true, true) => Filled::Closed,
            (true, false) => Filled::Nothing,
        }
    }

    /// The next message that may be sent: one of QoS 1 or 2 waits, and all behind it, while the window is
    /// full.
    fn next(&self, queue: &mut Queue, now: Instant) -> Option<Delivery> {
        loop {
            let full = queue.in_flight.len() >= self.limits.in_flight;
            if queue.messages.front()?.qos != QoS::AtMostOnce && full {
                return None;
            }
            let delivery = queue.messages.pop_front()?;
            let weight = delivery.message.weight_bytes();
            queue.messages_bytes -= weight;
            queue.writing_bytes += weight;
            if delivery.message.is_live(now) {
                return Some(delivery);
            }
        }
    }

    /// Waits until something was queued since the last [`Outbox::fill`].
    pub async fn filled(&self) {
        self.filled.notified().await;
    }

    /// Waits while too many answers are unread.
    pub async fn has_room(&self) {
        loop {
            {
                let queue = self.queue.lock();
                if queue.closed || queue.answers.len() < ANSWER_BYTES_MAX {
                    return;
                }
            }
            self.emptied.notified().await;
        }
    }
}

impl Drop for Outbox {
    fn drop(&mut self) {
        let queue = self.queue.get_mut();
        let left = queue.messages_bytes + queue.writing_bytes;
        self.release(left);
    }
}

impl Queue {
    /// A packet identifier that is not in flight; the window is smaller than their number.
    fn free_id(&mut self) -> u16 {
        loop {
            self.last_id = self.last_id.checked_add(1).unwrap_or(1);
            if !self.in_flight.contains_key(&self.last_id) {
                return self.last_id;
            }
        }
    }
}

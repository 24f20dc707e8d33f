//! What waits to be written to one client: acknowledgements, and messages within a byte limit.
//!
//! Filled by the router and the client's reading half, emptied by its writing half. It never blocks whoever
//! fills it: what a slow reader has no room for is dropped and counted, as brokers do.

use std::collections::{HashMap, VecDeque};
use std::time::Instant;

use bytes::{Bytes, BytesMut};
use parking_lot::Mutex;
use rumqttc::QoS;
use tokio::sync::Notify;

use crate::demo::broker::codes::{Version, ack, reason};
use crate::demo::broker::outgoing::{Delivery, acknowledge};

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
    /// Messages of QoS 1 and 2 that may be unacknowledged at a time (MQTT 5.0, 3.1.2.11.3).
    pub in_flight: usize,
    /// The largest packet that the client takes (MQTT 5.0, 3.1.2.11.4).
    pub packet_bytes: usize,
}

/// The queue of one client.
#[derive(Debug)]
pub(super) struct Outbox {
    version: Version,
    limits: Limits,
    state: Mutex<State>,
    filled: Notify,
    emptied: Notify,
}

#[derive(Debug, Default)]
struct State {
    answers: BytesMut,
    queue: VecDeque<Delivery>,
    queue_bytes: usize,
    /// By packet identifier, the first byte of the acknowledgement that is awaited.
    in_flight: HashMap<u16, u8>,
    last_id: u16,
    dropped: u64,
    closed: bool,
}

/// What [`Outbox::fill`] found.
pub(super) enum Filled {
    /// Bytes to write, then this payload.
    Bytes(Option<Bytes>),
    /// Nothing now.
    Nothing,
    /// Nothing any more.
    Closed,
}

impl Outbox {
    pub fn new(version: Version, limits: Limits) -> Self {
        // One identifier stays free, so that the search for one ends.
        let limits = Limits { in_flight: limits.in_flight.min(usize::from(u16::MAX) - 1), ..limits };
        Self { version, limits, state: Mutex::default(), filled: Notify::new(), emptied: Notify::new() }
    }

    /// Queues an encoded packet ahead of all messages.
    pub fn answer(&self, packet: &[u8]) {
        let mut state = self.state.lock();
        if !state.closed {
            state.answers.extend_from_slice(packet);
            self.filled.notify_one();
        }
    }

    /// Queues a message; `false` if it was dropped for want of room.
    pub fn deliver(&self, delivery: Delivery) -> bool {
        let mut state = self.state.lock();
        if state.closed {
            return true;
        }
        let weight = delivery.message.weight_bytes();
        if !state.queue.is_empty() && state.queue_bytes + weight > self.limits.queue_bytes {
            state.dropped += 1;
            return false;
        }
        state.queue_bytes += weight;
        state.queue.push_back(delivery);
        self.filled.notify_one();
        true
    }

    /// Forgets the messages, sends `last_packet` after what is being written, and ends the writing half.
    pub fn close(&self, last_packet: &[u8]) {
        let mut state = self.state.lock();
        if !state.closed {
            state.closed = true;
            state.queue.clear();
            state.queue_bytes = 0;
            state.answers.extend_from_slice(last_packet);
        }
        self.filled.notify_one();
        self.emptied.notify_one();
    }

    pub fn is_closed(&self) -> bool {
        self.state.lock().closed
    }

    /// Messages that were dropped, and bytes that wait.
    pub fn load(&self) -> (u64, usize) {
        let state = self.state.lock();
        (state.dropped, state.queue_bytes)
    }

    /// PUBACK, PUBREC or PUBCOMP arrived. One that nobody waits for is ignored: it ends nothing.
    pub fn acknowledged(&self, first: u8, id: u16, refused: bool) {
        let mut state = self.state.lock();
        if state.in_flight.get(&id) != Some(&first) {
            return;
        }
        if first == ack::PUBREC && !refused {
            state.in_flight.insert(id, ack::PUBCOMP);
            state.answers.extend(acknowledge(self.version, ack::PUBREL, id, reason::SUCCESS));
        } else {
            state.in_flight.remove(&id);
        }
        self.filled.notify_one();
    }

    /// Moves what may be sent now into `out`, about 64 KiB at a time.
    pub fn fill(&self, out: &mut BytesMut) -> Filled {
        let now = Instant::now();
        let mut state = self.state.lock();
        out.extend_from_slice(&state.answers);
        if state.answers.len() > WRITE_BYTES {
            state.answers = BytesMut::new();
        } else {
            state.answers.clear();
        }
        self.emptied.notify_one();
        while out.len() < WRITE_BYTES {
            let Some(delivery) = self.next(&mut state, now) else { break };
            let start = out.len();
            let id = if delivery.qos == QoS::AtMostOnce { 0 } else { state.free_id() };
            let tail = delivery.encode(self.version, id, now, out);
            if out.len() - start + tail.as_ref().map_or(0, Bytes::len) > self.limits.packet_bytes {
                out.truncate(start);
                state.dropped += 1;
                continue;
            }
            match delivery.qos {
                QoS::AtMostOnce => None,
                QoS::AtLeastOnce => state.in_flight.insert(id, ack::PUBACK),
                QoS::ExactlyOnce => state.in_flight.insert(id, ack::PUBREC),
            };
            if tail.is_some() {
                return Filled::Bytes(tail);
            }
        }
        match (out.is_empty(), state.closed) {
            (false, _) => Filled::Bytes(None),
            (true, true) => Filled::Closed,
            (true, false) => Filled::Nothing,
        }
    }

    /// The next message that may be sent: one of QoS 1 or 2 waits, and all behind it, while the window is
    /// full.
    fn next(&self, state: &mut State, now: Instant) -> Option<Delivery> {
        loop {
            let full = state.in_flight.len() >= self.limits.in_flight;
            if state.queue.front()?.qos != QoS::AtMostOnce && full {
                return None;
            }
            let delivery = state.queue.pop_front()?;
            state.queue_bytes -= delivery.message.weight_bytes();
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
                let state = self.state.lock();
                if state.closed || state.answers.len() < ANSWER_BYTES_MAX {
                    return;
                }
            }
            self.emptied.notified().await;
        }
    }
}

impl State {
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

//! Which answer belongs to which request.
//!
//! The client crate gives out packet identifiers itself and says so afterwards, in the order of the requests. Here
//! the requests wait in that order for their identifier, and then for their answer. The window of what may be
//! under way is kept smaller than the crate's own cycle of identifiers, so that two requests never share one: a
//! collision there costs the connection.

use std::collections::VecDeque;

/// How many packets with an identifier may be under way with MQTT 5; the broker's receive maximum may be lower. Each
/// costs the client crate 216 bytes from the start, and its default of 65,535 a scan of 14 MB.
pub(super) const IN_FLIGHT_MAX: u16 = 256;
/// The same with MQTT 3.1.1, where the broker cannot say what it takes: mosquitto acknowledges from the 21st message
/// at QoS 2 on and throws it away.
pub(super) const IN_FLIGHT_MAX_V4: u16 = 16;
/// How many requests may wait inside the client crate; half of [`CLIENT_QUEUE`], which therefore is never full.
const QUEUED_MAX: usize = 64;
/// Capacity of the client crate's request queue.
pub(super) const CLIENT_QUEUE: usize = 128;

/// A request that an answer will come for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Awaited {
    /// A publish by its token.
    Publish(u64),
    /// A subscription by its filter.
    Subscribe(String),
    /// An unsubscription by its filter.
    Unsubscribe(String),
}

/// The requests under way on one connection.
#[derive(Debug)]
pub(super) struct Flight {
    limit: usize,
    /// Handed to the client crate, not yet sent: their order is the order of what it will report as sent.
    queued: VecDeque<Awaited>,
    /// Sent with a packet identifier, oldest first. Answered ones stay as `None` until the ones before are answered
    /// too: the window counts from the oldest.
    sent: VecDeque<(u16, Option<Awaited>)>,
    /// Identifiers that the client crate will never take for free again on this connection.
    leaked: usize,
}

impl Flight {
    /// Nothing under way, and room for so many packets with an identifier.
    pub(super) fn new(limit: u16) -> Self {
        Self { limit: usize::from(limit), queued: VecDeque::new(), sent: VecDeque::new(), leaked: 0 }
    }

    /// The broker's receive maximum (MQTT 5.0, 3.2.2.3.3).
    pub(super) fn limit_to(&mut self, receive_max: u16) {
        self.limit = usize::from(receive_max.clamp(1, IN_FLIGHT_MAX));
    }

    /// Whether another request can be handed over without a collision or a full queue.
    pub(super) fn has_room(&self) -> bool {
        self.queued.len() < QUEUED_MAX && self.queued.len() + self.sent.len() + self.leaked < self.limit
    }

    /// A request was handed to the client crate.
    pub(super) fn queue(&mut self, awaited: Awaited) {
        self.queued.push_back(awaited);
    }

    /// The oldest queued request was sent with this packet identifier; 0 is a publish at QoS 0, which is returned
    /// because nothing more will come for it.
    pub(super) fn sent(&mut self, packet_id: u16) -> Option<Awaited> {
        let awaited = self.queued.pop_front()?;
        if packet_id == 0 {
            return Some(awaited);
        }
        self.sent.push_back((packet_id, Some(awaited)));
        None
    }

    /// The last answer for this packet identifier came: what it answers, once.
    pub(super) fn answered(&mut self, packet_id: u16) -> Option<Awaited> {
        let (_, slot) = self.sent.iter_mut().find(|(id, slot)| *id == packet_id && slot.is_some())?;
        let awaited = slot.take();
        while self.sent.front().is_some_and(|(_, slot)| slot.is_none()) {
            self.sent.pop_front();
        }
        awaited
    }

    /// An answer after which the client crate does not free the identifier: a refused PUBREC or PUBCOMP.
    pub(super) fn leak(&mut self) {
        self.leaked += 1;
    }

    /// Whether so many identifiers leaked that only a fresh connection helps.
    pub(super) fn is_worn_out(&self) -> bool {
        self.leaked * 2 >= self.limit && self.leaked > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_find_their_requests_in_any_order() {
        let mut flight = Flight::new(IN_FLIGHT_MAX);
        flight.queue(Awaited::Subscribe("#".to_owned()));
        flight.queue(Awaited::Publish(7));
        flight.queue(Awaited::Publish(8));
        assert_eq!(flight.sent(1), None);
        assert_eq!(flight.sent(0), Some(Awaited::Publish(7)), "QoS 0 is done when it is sent");
        assert_eq!(flight.sent(2), None);
        assert_eq!(flight.answered(2), Some(Awaited::Publish(8)));
        assert_eq!(flight.answered(2), None, "an answer counts once");
        assert_eq!(flight.answered(1), Some(Awaited::Subscribe("#".to_owned())));
        assert!(flight.sent.is_empty());
    }

    #[test]
    fn the_window_counts_from_the_oldest_unanswered_request() {
        let mut flight = Flight::new(IN_FLIGHT_MAX);
        flight.limit_to(3);
        for id in 1..=3 {
            assert!(flight.has_room());
            flight.queue(Awaited::Publish(id));
            flight.sent(id as u16);
        }
        assert!(!flight.has_room());
        flight.answered(2);
        assert!(!flight.has_room(), "identifier 1 is still in use and would come next");
        flight.answered(1);
        assert!(flight.has_room());
    }

    #[test]
    fn leaked_identifiers_wear_a_connection_out() {
        let mut flight = Flight::new(IN_FLIGHT_MAX);
        flight.limit_to(20);
        assert!(!flight.is_worn_out());
        (0..10).for_each(|_| flight.leak());
        assert!(flight.is_worn_out());
    }
}

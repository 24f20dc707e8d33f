//! Packet identifiers: what is under way and waits for its acknowledgement.
//!
//! It outlives a connection, because a session does (MQTT 5.0, 4.1): messages that were not acknowledged are sent
//! again when the broker kept the session, and an identifier stays what it was.

use std::collections::HashMap;
use std::time::Instant;

use crate::message::QoS;
use crate::mqtt::options::MqttVersion;
use crate::mqtt::packet::{Flaw, Malformed};
use crate::mqtt::publish::Publish;
use crate::mqtt::reason::Reason;
use crate::mqtt::trace::PacketKind;

/// How many messages of QoS 1 and 2 may be under way with MQTT 5; the broker's receive maximum may be lower.
const PUBLISHES_MAX: u16 = 256;
/// The same with older versions, where the broker cannot say what it takes: mosquitto acknowledges from the 21st
/// message at QoS 2 on and throws it away.
const PUBLISHES_MAX_V3: u16 = 16;

/// A packet that an answer will come for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Awaited {
    /// A PUBLISH at QoS 1 or 2, to be sent again if need be.
    Publish {
        /// Of the request.
        token: u64,
        /// What.
        publish: Publish,
    },
    /// The second half of QoS 2: PUBREL was sent, the message is the broker's.
    Release {
        /// Of the request.
        token: u64,
        /// What the broker said in PUBREC.
        received: Reason,
    },
    /// SUBSCRIBE to this filter, at this QoS.
    Subscribe(String, QoS),
    /// UNSUBSCRIBE from this filter.
    Unsubscribe(String),
}

impl Awaited {
    /// The packet that was sent, and the one that answers it.
    pub(super) fn pair(&self) -> (PacketKind, PacketKind) {
        match self {
            Self::Publish { publish, .. } if publish.qos == QoS::ExactlyOnce => {
                (PacketKind::Publish, PacketKind::PubRec)
            }
            Self::Publish { .. } => (PacketKind::Publish, PacketKind::PubAck),
            Self::Release { .. } => (PacketKind::PubRel, PacketKind::PubComp),
            Self::Subscribe(..) => (PacketKind::Subscribe, PacketKind::SubAck),
            Self::Unsubscribe(_) => (PacketKind::Unsubscribe, PacketKind::UnsubAck),
        }
    }

    fn is_publish(&self) -> bool {
        matches!(self, Self::Publish { .. } | Self::Release { .. })
    }
}

/// Something under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sent {
    /// What.
    pub awaited: Awaited,
    /// Since when.
    pub at: Instant,
    /// It takes room on the connection that stands. What was sent on one before does not until it is sent again.
    counted: bool,
    /// Grows with each packet: the order in which they are sent again.
    order: u64,
}

/// All that is under way.
#[derive(Debug, Default)]
pub(super) struct Flight {
    sent: HashMap<u16, Sent>,
    last_id: u16,
    last_order: u64,
    publishes: usize,
    publishes_max: usize,
}

impl Flight {
    /// A connection begins. Subscriptions belong to the one before, and if the broker has no session, everything.
    pub(super) fn begin(&mut self, version: MqttVersion, receive_max: Option<u16>, session_present: bool) {
        let most = if version == MqttVersion::V5 { PUBLISHES_MAX } else { PUBLISHES_MAX_V3 };
        self.publishes_max = usize::from(receive_max.unwrap_or(most).min(most));
        self.sent.retain(|_, sent| session_present && sent.awaited.is_publish());
        self.sent.values_mut().for_each(|sent| sent.counted = false);
        self.publishes = 0;
    }

    /// What was sent on a connection before goes out again.
    pub(super) fn sent_again(&mut self, id: u16) {
        if let Some(sent) = self.sent.get_mut(&id).filter(|sent| !sent.counted) {
            sent.counted = true;
            self.publishes += 1;
        }
    }

    /// What must be sent again, in the order in which it was sent first.
    pub(super) fn unacknowledged(&self) -> Vec<u16> {
        let mut all: Vec<_> = self.sent.iter().collect();
        all.sort_unstable_by_key(|(_, sent)| sent.order);
        all.into_iter().map(|(id, _)| *id).collect()
    }

    /// Whether the broker has an answer to give.
    pub(super) fn is_owed(&self) -> bool {
        !self.sent.is_empty()
    }

    /// Whether the broker takes another message of QoS 1 or 2.
    pub(super) fn has_room(&self) -> bool {
        self.publishes < self.publishes_max
    }

    /// Gives out an identifier; `None` if all are in use.
    pub(super) fn insert(&mut self, awaited: Awaited, at: Instant) -> Option<u16> {
        if self.sent.len() >= usize::from(u16::MAX) {
            return None;
        }
        loop {
            self.last_id = self.last_id.checked_add(1).unwrap_or(1);
            if !self.sent.contains_key(&self.last_id) {
                break;
            }
        }
        self.last_order += 1;
        let counted = awaited.is_publish();
        self.publishes += usize::from(counted);
        self.sent.insert(self.last_id, Sent { awaited, at, counted, order: self.last_order });
        Some(self.last_id)
    }

    /// What waits under an identifier.
    pub(super) fn get(&self, id: u16) -> Option<&Awaited> {
        self.sent.get(&id).map(|sent| &sent.awaited)
    }

    /// The same, to be changed.
    pub(super) fn get_mut(&mut self, id: u16) -> Option<&mut Sent> {
        self.sent.get_mut(&id)
    }

    /// That an answer is of a kind that does not fit what waits under its identifier. An answer to nothing is none, and a
    /// PUBREC may come again after PUBREL.
    pub(super) fn check_answer(&self, id: u16, kind: PacketKind) -> Result<(), Malformed> {
        match self.get(id).map(Awaited::pair) {
            Some((PacketKind::PubRel, _)) if kind == PacketKind::PubRec => Ok(()),
            Some((to, wanted)) if wanted != kind => {
                Err(Malformed::new(kind, Flaw::WrongAnswer { to, wanted }))
            }
            _ => Ok(()),
        }
    }

    /// Frees an identifier if what waits under it is of the kind that was answered.
    pub(super) fn take_if(&mut self, id: u16, is_answered: impl Fn(&Awaited) -> bool) -> Option<Sent> {
        self.sent.get(&id).filter(|sent| is_answered(&sent.awaited))?;
        let sent = self.sent.remove(&id)?;
        self.publishes -= usize::from(sent.counted);
        Some(sent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn publish(token: u64) -> Awaited {
        Awaited::Publish { token, publish: Publish::default() }
    }

    #[test]
    fn answers_find_their_requests_once_and_in_any_order() {
        let mut flight = Flight::default();
        flight.begin(MqttVersion::V5, None, false);
        let now = Instant::now();
        let first = flight.insert(Awaited::Subscribe("#".to_owned(), QoS::AtMostOnce), now).unwrap();
        let second = flight.insert(publish(7), now).unwrap();
        assert!(flight.take_if(second, |awaited| matches!(awaited, Awaited::Subscribe(..))).is_none());
        assert_eq!(flight.take_if(second, Awaited::is_publish).map(|sent| sent.awaited), Some(publish(7)));
        assert_eq!(flight.take_if(second, Awaited::is_publish), None, "an answer counts once");
        assert!(flight.take_if(first, |_| true).is_some());
        assert!(flight.sent.is_empty() && flight.publishes == 0);
    }

    #[test]
    fn the_window_is_the_smaller_of_ours_and_the_brokers_and_counts_messages_alone() {
        let mut flight = Flight::default();
        flight.begin(MqttVersion::V5, Some(3), false);
        let now = Instant::now();
        flight.insert(Awaited::Unsubscribe("#".to_owned()), now);
        for token in 0..3 {
            assert!(flight.has_room());
            flight.insert(publish(token), now);
        }
        assert!(!flight.has_room());
        flight.begin(MqttVersion::V5, None, true);
        assert!(flight.has_room());
        let again = flight.unacknowledged();
        let tokens: Vec<_> = again.iter().filter_map(|id| flight.get(*id).cloned()).collect();
        assert_eq!(tokens, [publish(0), publish(1), publish(2)], "a session goes on in order");
        flight.begin(MqttVersion::V5, Some(1), true);
        assert!(flight.has_room(), "nothing was sent on this connection");
        flight.sent_again(again[0]);
        flight.sent_again(again[0]);
        assert!(!flight.has_room());
        flight.take_if(again[0], |_| true).unwrap();
        assert!(flight.has_room());
        flight.begin(MqttVersion::V3_1_1, None, false);
        assert!(flight.unacknowledged().is_empty());
        for token in 0..u64::from(PUBLISHES_MAX_V3) {
            assert!(flight.has_room());
            flight.insert(publish(token), now);
        }
        assert!(!flight.has_room());
    }

    #[test]
    fn identifiers_go_round_and_never_meet_one_in_use_or_zero() {
        let mut flight = Flight::default();
        let now = Instant::now();
        let kept = flight.insert(publish(0), now).unwrap();
        for _ in 0..200_000 {
            let id = flight.insert(Awaited::Unsubscribe(String::new()), now).unwrap();
            assert!(id != 0 && id != kept);
            flight.take_if(id, |_| true).unwrap();
        }
        while flight.insert(Awaited::Unsubscribe(String::new()), now).is_some() {}
        assert_eq!(flight.sent.len(), 65_535);
    }
}

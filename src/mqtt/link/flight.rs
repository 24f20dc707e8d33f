//! Packet identifiers: packets in flight that wait for an acknowledgement.
//!
//! This outlives a connection because a session does (MQTT 5.0, 4.1): if the broker kept the session, unacknowledged
//! messages are sent again under the same identifiers.

use std::collections::HashMap;
use std::time::Instant;

use crate::message::QoS;
use crate::mqtt::options::MqttVersion;
use crate::mqtt::packet::{Flaw, Malformed};
use crate::mqtt::publish::Publish;
use crate::mqtt::reason::Reason;
use crate::mqtt::trace::PacketKind;

/// How many QoS 1 and 2 messages may be in flight with MQTT 5; the broker's receive maximum may be lower.
const PUBLISHES_MAX: u16 = 256;
/// How many QoS 1 and 2 messages may be in flight with older versions, where the broker cannot announce a limit. From
/// the 21st QoS 2 message on, mosquitto acknowledges and discards them.
const PUBLISHES_MAX_V3: u16 = 16;

/// A packet that expects an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Awaited {
    /// A PUBLISH at QoS 1 or 2, sent again if necessary.
    Publish {
        /// Token of the request.
        token: u64,
        /// The message.
        publish: Publish,
    },
    /// The second half of QoS 2: PUBREL was sent and the broker has the message.
    Release {
        /// Token of the request.
        token: u64,
        /// The reason in the broker's PUBREC.
        received: Reason,
    },
    /// SUBSCRIBE to this filter, at this QoS.
    Subscribe(String, QoS),
    /// UNSUBSCRIBE from this filter.
    Unsubscribe(String),
}

impl Awaited {
    /// The packet that was sent and the one that answers it.
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

/// A packet in flight.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sent {
    /// The answer it waits for.
    pub awaited: Awaited,
    /// When it was sent.
    pub at: Instant,
    /// Whether it counts against the limit of the current connection. A packet from an earlier connection does not
    /// until it is sent again.
    counted: bool,
    /// Increases with each packet, so packets can be sent again in order.
    order: u64,
}

/// All packets in flight.
#[derive(Debug, Default)]
pub(super) struct Flight {
    sent: HashMap<u16, Sent>,
    last_id: u16,
    last_order: u64,
    publishes: usize,
    publishes_max: usize,
}

impl Flight {
    /// Begins a connection. Discards pending subscriptions, which belong to the connection before, and everything else
    /// too if the broker kept no session.
    pub(super) fn begin(&mut self, version: MqttVersion, receive_max: Option<u16>, session_present: bool) {
        let most = if version == MqttVersion::V5 { PUBLISHES_MAX } else { PUBLISHES_MAX_V3 };
        self.publishes_max = usize::from(receive_max.unwrap_or(most).min(most));
        self.sent.retain(|_, sent| session_present && sent.awaited.is_publish());
        self.sent.values_mut().for_each(|sent| sent.counted = false);
        self.publishes = 0;
    }

    /// Counts a packet from an earlier connection that was sent again.
    pub(super) fn sent_again(&mut self, id: u16) {
        if let Some(sent) = self.sent.get_mut(&id).filter(|sent| !sent.counted) {
            sent.counted = true;
            self.publishes += 1;
        }
    }

    /// Identifiers of what must be sent again, in the original order.
    pub(super) fn unacknowledged(&self) -> Vec<u16> {
        let mut all: Vec<_> = self.sent.iter().collect();
        all.sort_unstable_by_key(|(_, sent)| sent.order);
        all.into_iter().map(|(id, _)| *id).collect()
    }

    /// Whether the broker owes an answer.
    pub(super) fn is_owed(&self) -> bool {
        !self.sent.is_empty()
    }

    /// Whether the broker accepts another QoS 1 or 2 message.
    pub(super) fn has_room(&self) -> bool {
        self.publishes < self.publishes_max
    }

    /// Assigns an identifier; `None` if all are in use.
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

    /// The packet waiting under an identifier.
    pub(super) fn get(&self, id: u16) -> Option<&Awaited> {
        self.sent.get(&id).map(|sent| &sent.awaited)
    }

    /// The packet waiting under an identifier, for changing it.
    pub(super) fn get_mut(&mut self, id: u16) -> Option<&mut Sent> {
        self.sent.get_mut(&id)
    }

    /// Checks that an answer fits the packet waiting under its identifier. An answer to nothing is accepted, and a
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

    /// Frees an identifier if the packet waiting under it is the one answered.
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

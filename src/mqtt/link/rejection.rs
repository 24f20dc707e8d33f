//! Why a link did not do what it was asked for, and what a broker said that it would not do.

use crate::message::QoS;
use crate::mqtt::packet::{Oversize, ServerProperties};
use crate::mqtt::publish::Unpublishable;
use crate::mqtt::reason::Reason;

/// Why a publish, a subscription or the end of one was not accepted: by the broker, or before it was sent, because the
/// broker would end the connection over it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// The broker answered with this reason.
    Broker(Reason),
    /// The broker refused. SUBACK before MQTT 5 gives no reason (MQTT 3.1.1, 3.9.3).
    Unexplained,
    /// Nothing can be sent that has an answer: all packet identifiers are in use.
    NoPacketIdentifier,
    /// A field is too long for its packet.
    Oversize(Oversize),
    /// The packet is larger than the broker allows.
    PacketTooLarge {
        /// Size of the packet.
        bytes: usize,
        /// What the broker allows.
        bytes_max: u32,
    },
    /// The message cannot be sent, to any broker or to this one.
    Publish(Unpublishable),
    /// The broker takes messages up to this QoS.
    QosMax(QoS),
    /// The broker keeps no retained messages.
    NoRetainedMessages,
    /// A shared subscription with "no local" is a protocol error (MQTT 5.0, 3.8.3.1).
    NoLocalIsShared,
    /// The broker has no shared subscriptions.
    NoSharedSubscriptions,
    /// The broker has no subscription identifiers.
    NoSubscriptionIdentifiers,
    /// The broker has no wildcards in subscriptions.
    NoWildcards,
}

/// What a broker announces in CONNACK that restricts what a person can do (MQTT 5.0, 3.2.2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Restriction {
    /// Packets have at most so many bytes.
    PacketBytesMax(u32),
    /// Messages have at most this QoS.
    QosMax(QoS),
    /// It keeps no retained messages.
    NoRetainedMessages,
    /// Filters have no wildcards.
    NoWildcards,
    /// There are no shared subscriptions.
    NoSharedSubscriptions,
    /// The keep alive is this, in seconds, whatever was asked for.
    KeepAlive(u16),
}

impl ServerProperties {
    /// What of it restricts what a person can do.
    pub fn restrictions(&self) -> Vec<Restriction> {
        let missing =
            |available: Option<bool>, restriction| (available == Some(false)).then_some(restriction);
        [
            self.packet_bytes_max.map(Restriction::PacketBytesMax),
            self.qos_max.map(Restriction::QosMax),
            missing(self.retain_available, Restriction::NoRetainedMessages),
            missing(self.wildcards_available, Restriction::NoWildcards),
            missing(self.shared_available, Restriction::NoSharedSubscriptions),
            self.keep_alive_s.map(Restriction::KeepAlive),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

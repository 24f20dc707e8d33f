//! Why a link did not do what it was asked, and what a broker announced that it would not do.

use crate::message::QoS;
use crate::mqtt::packet::{Oversize, ServerProperties};
use crate::mqtt::publish::Unpublishable;
use crate::mqtt::reason::Reason;

/// Why a publish, subscription or unsubscription was rejected: by the broker, or before it was sent because the broker
/// would end the connection over it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// The broker gave this reason.
    Broker(Reason),
    /// The broker refused. SUBACK gives no reason before MQTT 5 (MQTT 3.1.1, 3.9.3).
    Unexplained,
    /// All packet identifiers are in use, so nothing that expects an answer can be sent.
    NoPacketIdentifier,
    /// A field is too long for its packet.
    Oversize(Oversize),
    /// The packet is larger than the broker allows.
    PacketTooLarge {
        /// Size of the packet.
        bytes: usize,
        /// The broker's limit.
        bytes_max: u32,
    },
    /// The message cannot be sent to this broker, or to any.
    Publish(Unpublishable),
    /// The broker accepts messages only up to this QoS.
    QosMax(QoS),
    /// The broker accepts topic aliases only up to this number; 0 if it accepts none.
    TopicAlias {
        /// The alias of the message.
        alias: u16,
        /// The broker's limit.
        max: u16,
    },
    /// The broker keeps no retained messages.
    NoRetainedMessages,
    /// A shared subscription with "no local" is a protocol error (MQTT 5.0, 3.8.3.1).
    NoLocalIsShared,
    /// The broker does not support shared subscriptions.
    NoSharedSubscriptions,
    /// The broker does not support subscription identifiers.
    NoSubscriptionIdentifiers,
    /// The broker does not support wildcards in subscriptions.
    NoWildcards,
}

/// A limit announced in CONNACK that restricts what a person can do (MQTT 5.0, 3.2.2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Restriction {
    /// Packets may have at most this many bytes.
    PacketBytesMax(u32),
    /// Messages may have at most this QoS.
    QosMax(QoS),
    /// The broker keeps no retained messages.
    NoRetainedMessages,
    /// Filters may not contain wildcards.
    NoWildcards,
    /// Shared subscriptions are not supported.
    NoSharedSubscriptions,
    /// The broker sets this keep alive, in seconds, whatever was requested.
    KeepAlive(u16),
}

impl ServerProperties {
    /// The announced limits that restrict what a person can do.
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

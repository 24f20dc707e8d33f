//! What a link tells its owner, besides messages and packets.

use std::time::Duration;

use crate::message::QoS;
use crate::mqtt::failure::Failure;
use crate::mqtt::link::rejection::{Rejection, Restriction};
use crate::mqtt::options::MqttVersion;
use crate::mqtt::reason::Reason;
use crate::mqtt::step::TakenStep;
use crate::mqtt::wire::TlsInfo;

/// What a link tells its owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A step on the way to CONNACK was taken.
    Step(Box<TakenStep>),
    /// The broker does not seem to speak this version of MQTT, and an older one is tried at once.
    Fallback {
        /// What was tried.
        from: MqttVersion,
        /// What is tried now.
        to: MqttVersion,
        /// What happened, as it would be shown if there were nothing else to try.
        failure: Failure,
    },
    /// CONNACK was positive.
    Connected(Box<Connected>),
    /// A subscription was answered, or was not sent.
    Subscribed {
        /// The filter asked for.
        filter: String,
        /// The QoS asked for.
        asked: QoS,
        /// Granted QoS, or why not.
        granted: Result<QoS, Rejection>,
    },
    /// The end of a subscription was answered, or was not sent.
    Unsubscribed {
        /// The filter.
        filter: String,
        /// Whether the broker confirmed it, or why not.
        done: Result<(), Rejection>,
    },
    /// PINGRESP to a [`Request::Ping`].
    Pong {
        /// Since PINGREQ was sent.
        after: Duration,
    },
    /// A publish was answered, or will not be.
    Published {
        /// The request's token.
        token: u64,
        /// What became of it.
        outcome: PublishOutcome,
    },
}

/// What became of a publish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PublishOutcome {
    /// Handed to the network at QoS 0: nothing more will be known.
    Sent,
    /// The last acknowledgement came. Its reason may say more than success.
    Acknowledged(Reason),
    /// Refused by the broker or before it was sent.
    Refused(Rejection),
    /// The connection ended before it was sent whole. What waits for an acknowledgement has no answer yet: the next
    /// link sends it again if the broker kept the session.
    Lost,
}

/// What the broker said of itself and of the session in CONNACK.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Connected {
    /// The version that is spoken.
    pub version: MqttVersion,
    /// How the connection is encrypted, if it is.
    pub tls: Option<TlsInfo>,
    /// The broker kept a session of this client ID. MQTT 3.1 does not say.
    pub session_present: bool,
    /// Whether this side goes on with the session, because the broker kept it or may have.
    pub goes_on: bool,
    /// What it offers.
    pub server: ServerProperties,
}

/// The limits and features that the broker announces (MQTT 5.0, 3.2.2.3). All unset with MQTT 3.1.1.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct ServerProperties {
    /// The client ID that the broker gave.
    pub assigned_client_id: Option<String>,
    /// The largest packet that it takes.
    pub packet_bytes_max: Option<u32>,
    /// The highest QoS at which it takes messages.
    pub qos_max: Option<QoS>,
    /// Whether it keeps retained messages.
    pub retain_available: Option<bool>,
    /// How many QoS 1 and 2 messages it takes at once.
    pub receive_max: Option<u16>,
    /// The keep alive it wants instead of ours, in seconds.
    pub keep_alive_s: Option<u16>,
    /// How long it keeps the session, in seconds.
    pub session_expiry_s: Option<u32>,
    /// Whether filters may have wildcards.
    pub wildcards_available: Option<bool>,
    /// Whether `$share` works.
    pub shared_available: Option<bool>,
    /// Whether subscriptions may have identifiers.
    pub identifiers_available: Option<bool>,
    /// How many topics we may replace by a number.
    pub topic_alias_max: Option<u16>,
    /// What it lets clients build response topics from.
    pub response_information: Option<String>,
    /// Another broker that it names.
    pub server_reference: Option<String>,
    /// What it said in words.
    pub reason_string: Option<String>,
    /// Anything else it said.
    pub user_properties: Vec<(String, String)>,
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

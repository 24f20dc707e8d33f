//! What a link tells its owner, besides messages and packets.

use std::time::Duration;

use crate::message::QoS;
use crate::mqtt::failure::Failure;
use crate::mqtt::options::MqttVersion;
use crate::mqtt::packet::ServerProperties;
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
    /// SUBACK: the QoS granted, or the refusal in words.
    Subscribed {
        /// The filter asked for.
        filter: String,
        /// The QoS asked for.
        asked: QoS,
        /// Granted QoS, or why not.
        granted: Result<QoS, String>,
    },
    /// UNSUBACK: empty, or what the broker said.
    Unsubscribed {
        /// The filter.
        filter: String,
        /// What the broker noted or why it refused.
        note: Option<String>,
    },
    /// PINGRESP to a [`Request::Ping`].
    Pong {
        /// Since PINGREQ was sent.
        after: Duration,
    },
    /// An answer to a publish.
    Published {
        /// The request's token.
        token: u64,
        /// What became of it.
        answer: Answer,
    },
}

/// What became of a publish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Handed to the network at QoS 0: nothing more will be known.
    Sent,
    /// The last acknowledgement came, with what the broker noted, or empty.
    Acknowledged(String),
    /// Refused by the broker or before it was sent.
    Refused(String),
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

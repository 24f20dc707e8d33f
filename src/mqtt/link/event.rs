//! What a link tells its owner, besides messages and packets.

use std::time::{Duration, Instant};

use crate::message::QoS;
use crate::mqtt::failure::Failure;
use crate::mqtt::link::rejection::Rejection;
use crate::mqtt::options::MqttVersion;
use crate::mqtt::packet::ServerProperties;
use crate::mqtt::reason::Reason;
use crate::mqtt::step::TakenStep;
use crate::mqtt::wire::TlsInfo;

/// What a link tells its owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A step on the way to CONNACK was taken.
    Step(Box<TakenStep>),
    /// The broker does not seem to speak this version of MQTT, and another one is tried at once.
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
    /// The broker has an answer to give and says nothing. If that goes on for as long again, the link ends.
    NotAnswering {
        /// Since when.
        since: Instant,
    },
    /// It says something again.
    Answering,
    /// PINGRESP to a [`Request::Ping`](crate::mqtt::link::Request::Ping).
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
    /// The version that was found by asking, where it was left open and the broker's answer leaves no doubt: worth
    /// remembering.
    pub found: Option<MqttVersion>,
}

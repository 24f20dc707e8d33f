//! Events that a link reports to its owner, besides messages and packets.

use std::time::{Duration, Instant};

use crate::message::QoS;
use crate::mqtt::failure::Failure;
use crate::mqtt::link::rejection::Rejection;
use crate::mqtt::options::MqttVersion;
use crate::mqtt::packet::ServerProperties;
use crate::mqtt::reason::Reason;
use crate::mqtt::step::TakenStep;
use crate::mqtt::wire::TlsInfo;

/// An event that a link reports to its owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A step towards CONNACK ended.
    Step(Box<TakenStep>),
    /// The broker does not seem to speak this version of MQTT, so another one is tried at once.
    Fallback {
        /// The version tried before.
        from: MqttVersion,
        /// The version tried now.
        to: MqttVersion,
        /// The failure, as it would be shown if there were nothing else to try.
        failure: Failure,
    },
    /// CONNACK was positive.
    Connected(Box<Connected>),
    /// A subscription was answered or could not be sent.
    Subscribed {
        /// The filter asked for.
        filter: String,
        /// The QoS asked for.
        asked: QoS,
        /// The granted QoS, or why there is none.
        granted: Result<QoS, Rejection>,
    },
    /// An unsubscription was answered or could not be sent.
    Unsubscribed {
        /// The filter to unsubscribe from.
        filter: String,
        /// Success if the broker confirmed it, otherwise why not.
        done: Result<(), Rejection>,
    },
    /// The broker owes an answer but is silent. The link ends if this lasts as long again.
    NotAnswering {
        /// When the silence began.
        since: Instant,
    },
    /// The broker is sending again after a silence.
    Answering,
    /// PINGRESP to a [`Request::Ping`](crate::mqtt::link::Request::Ping).
    Pong {
        /// Time since PINGREQ was sent.
        after: Duration,
    },
    /// A publish was answered or will not be.
    Published {
        /// Token of the request.
        token: u64,
        /// The outcome of the publish.
        outcome: PublishOutcome,
    },
}

/// The outcome of a publish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PublishOutcome {
    /// Handed to the network at QoS 0; nothing more will be known.
    Sent,
    /// The last acknowledgement arrived. Its reason may say more than success.
    Acknowledged(Reason),
    /// Refused by the broker, or before it was sent.
    Refused(Rejection),
    /// The connection ended before all of it was sent. A message that only lacks its acknowledgement is not lost: the
    /// next link sends it again if the broker kept the session.
    Lost,
}

/// What the broker said about itself and the session in CONNACK.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Connected {
    /// The version that is spoken.
    pub version: MqttVersion,
    /// How the connection is encrypted, if it is.
    pub tls: Option<TlsInfo>,
    /// The broker kept a session of this client ID. MQTT 3.1 does not say.
    pub session_present: bool,
    /// Whether this side resumes the session, because the broker kept it or may have.
    pub goes_on: bool,
    /// What the broker announced.
    pub server: ServerProperties,
    /// The version that the broker was found to speak if the options left it open and its answer leaves no doubt.
    pub found: Option<MqttVersion>,
}

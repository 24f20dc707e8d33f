//! The connection log: what a session did and what came of it, as data. The sentences are made in
//! [`words::log`](crate::words::log).

use std::time::Duration;

use crate::message::{QoS, Timestamp};
use crate::model;
use crate::mqtt::check::Problem;
use crate::mqtt::failure::{Failure, Hint};
use crate::mqtt::link::{PublishOutcome, Rejection, Restriction};
use crate::mqtt::options::MqttVersion;
use crate::mqtt::step::{Step, TakenStep};
use crate::mqtt::wire::TlsInfo;
use crate::recording::{Damage, Gap, RecordedEvent};

/// One line of the connection log.
#[derive(Clone, Debug, PartialEq)]
pub struct LogLine {
    /// When it happened.
    pub at: Timestamp,
    /// What happened; never holds a secret.
    pub what: LogEvent,
}

impl LogLine {
    /// How much it matters.
    pub fn level(&self) -> Level {
        self.what.level()
    }
}

/// How much a log line matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// A step was taken.
    Info,
    /// Something succeeded.
    Ok,
    /// Something is not as it was asked for.
    Warning,
    /// Something failed.
    Error,
}

/// What happens in a session.
#[derive(Clone, Debug, PartialEq)]
pub enum LogEvent {
    /// An attempt to connect begins.
    Connecting {
        /// Where, without user name and password.
        url: String,
    },
    /// A step on the way to the broker worked, with a warning.
    Warned(Box<TakenStep>),
    /// The broker does not seem to speak one version of MQTT, and an older one is tried.
    Fallback {
        /// What was tried.
        from: MqttVersion,
        /// What is tried now.
        to: MqttVersion,
        /// What happened.
        failure: Failure,
    },
    /// CONNACK was positive.
    Connected(Box<Welcome>),
    /// The broker restricts what clients may do.
    Restricted(Vec<Restriction>),
    /// The broker added this to CONNACK.
    BrokerSays(String),
    /// A subscription was granted.
    Subscribed {
        /// The topic filter.
        filter: String,
        /// The QoS asked for.
        asked: QoS,
        /// The QoS granted.
        granted: QoS,
    },
    /// A subscription was not made.
    SubscribeRefused {
        /// The topic filter.
        filter: String,
        /// Why.
        why: Rejection,
    },
    /// A subscription ended.
    Unsubscribed {
        /// The topic filter.
        filter: String,
    },
    /// A subscription may not have ended.
    UnsubscribeRefused {
        /// The topic filter.
        filter: String,
        /// Why.
        why: Rejection,
    },
    /// A publish was answered, or will never be.
    Published {
        /// The topic.
        topic: String,
        /// What became of it.
        outcome: PublishOutcome,
        /// From the request to the answer.
        took: Duration,
    },
    /// Messages arrive faster than the model takes them in, so reading pauses.
    HeldBack,
    /// The broker owes an answer and is silent.
    NotAnswering {
        /// How long it has been silent.
        after: Duration,
    },
    /// A silent broker answers again.
    AnsweringAgain {
        /// How long it was silent.
        after: Duration,
    },
    /// A message could not be kept.
    NotKept(model::NotTaken),
    /// An option of the connection has no effect or may surprise.
    Noted(Problem),
    /// The password was not sent: versions before MQTT 5 allow one only together with a user name.
    PasswordNotSent,
    /// The connection failed, or was lost.
    Failed(Failure),
    /// What may help against a failure.
    Advice {
        /// The step that failed.
        step: Step,
        /// The advice.
        hint: Hint,
    },
    /// There is no further attempt until the person asks for one.
    Halted(Halt),
    /// There is another attempt after a pause.
    NextAttempt {
        /// How long the pause is.
        after: Duration,
    },
    /// The person disconnected.
    Disconnected {
        /// From where, without user name and password.
        url: String,
    },
    /// Something that a recording says happened.
    Recorded(RecordedEvent),
    /// Messages are missing in a recording.
    Gap(Gap),
    /// A part of a recording cannot be read.
    Damaged(Damage),
    /// A thread of the session ended before its time.
    Crashed(Crash),
}

/// The facts of a connection that has just been made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Welcome {
    /// The broker's address, without user name and password.
    pub url: String,
    /// The MQTT version in use.
    pub version: MqttVersion,
    /// How it is encrypted, if it is.
    pub tls: Option<TlsInfo>,
    /// The client ID in use.
    pub client_id: String,
    /// The broker kept a session of this client ID.
    pub session_present: bool,
}

/// Why there is no further attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Halt {
    /// The credentials were refused, and brokers lock accounts after repeated failures.
    Credentials,
    /// It would fail again until something is changed.
    FailsAgain,
}

/// How a thread of the session failed. It is a defect of the program, or the system is short of something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Crash {
    /// It ended before its time.
    Ended {
        /// Its name.
        thread: &'static str,
        /// The panic's message or the error's text, if it has one.
        reason: Option<String>,
    },
    /// It could not be started.
    NotStarted {
        /// Its name.
        thread: &'static str,
        /// The error's text.
        error: String,
    },
}

impl LogEvent {
    /// How much it matters.
    pub fn level(&self) -> Level {
        match self {
            Self::Connecting { .. }
            | Self::Restricted(_)
            | Self::BrokerSays(_)
            | Self::Advice { .. }
            | Self::Halted(_)
            | Self::NextAttempt { .. }
            | Self::Recorded(_)
            | Self::Disconnected { .. } => Level::Info,
            Self::Connected(_) | Self::AnsweringAgain { .. } | Self::Unsubscribed { .. } => Level::Ok,
            Self::Subscribed { asked, granted, .. } if asked == granted => Level::Ok,
            Self::Published { outcome: PublishOutcome::Sent | PublishOutcome::Acknowledged(_), .. } => {
                Level::Ok
            }
            Self::Warned(_)
            | Self::Fallback { .. }
            | Self::Subscribed { .. }
            | Self::UnsubscribeRefused { .. }
            | Self::HeldBack
            | Self::NotAnswering { .. }
            | Self::Noted(_)
            | Self::Gap(_)
            | Self::Damaged(_)
            | Self::PasswordNotSent => Level::Warning,
            Self::SubscribeRefused { .. }
            | Self::Published { outcome: PublishOutcome::Refused(_) | PublishOutcome::Lost, .. }
            | Self::NotKept(_)
            | Self::Failed(_)
            | Self::Crashed(_) => Level::Error,
        }
    }
}

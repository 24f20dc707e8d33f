//! What a session shows of itself: its state, its subscriptions, its log and the answers to what was published.
//!
//! The worker writes it, the window reads a copy once per frame. Nothing here waits.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::message::{QoS, Timestamp};
use crate::mqtt::options::{MqttVersion, Subscription};

use crate::session::connection_log::{Crash, LogEvent, LogLine};

pub use crate::mqtt::failure::Failure;
pub use crate::mqtt::link::{PublishOutcome, Rejection};
pub use crate::mqtt::wire::TlsInfo;

/// How many lines the connection log keeps; the oldest go first.
pub const LOG_LINES_MAX: usize = 2_000;
/// How many publish answers are kept for the publish panel.
pub const PUBLISH_RESULTS_MAX: usize = 200;

/// The state of the connection.
#[derive(Clone, Debug, PartialEq)]
pub enum ConnectionState {
    /// A connection is being made.
    Connecting {
        /// Attempts since the last success, counted from 1.
        attempt: u32,
    },
    /// CONNACK was positive.
    Connected {
        /// When.
        since: Instant,
        /// The version that is spoken.
        version: MqttVersion,
        /// How far it can be trusted.
        security: Security,
    },
    /// The connection is up, but the broker owes an answer and is silent. If that goes on, a new connection is made.
    NotAnswering {
        /// When the silence began.
        since: Instant,
        /// The version that is spoken.
        version: MqttVersion,
        /// How far the connection can be trusted.
        security: Security,
    },
    /// The connection was lost or refused; the next attempt starts by itself.
    Reconnecting {
        /// When the next attempt starts.
        at: Instant,
        /// How many attempts failed since the last success.
        failed: u32,
    },
    /// There is none and will be none: the session shows a recording.
    Recorded,
    /// The person disconnected, or the worker ended.
    Disconnected,
}

impl ConnectionState {
    /// Whether the connection is up.
    pub fn is_connected(&self) -> bool {
        self.spoken().is_some()
    }

    /// The MQTT version of the connection, and how far it can be trusted; `None` if it is not up.
    pub fn spoken(&self) -> Option<(MqttVersion, Security)> {
        match *self {
            Self::Connected { version, security, .. } | Self::NotAnswering { version, security, .. } => {
                Some((version, security))
            }
            Self::Connecting { .. } | Self::Reconnecting { .. } | Self::Recorded | Self::Disconnected => None,
        }
    }
}

/// How far a connection can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// The connection is not encrypted.
    Plain,
    /// The connection uses TLS, and the broker's certificate was checked.
    Verified,
    /// The connection uses TLS, but checking the broker's certificate is turned off.
    Unverified,
}

/// The broker's answer to one subscription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Grant {
    /// The subscription is turned off: kept in the list, but not made.
    Off,
    /// SUBSCRIBE is not answered yet, or there is no connection.
    Pending,
    /// The broker granted this QoS, which may be lower than the one asked for.
    Granted(QoS),
    /// The broker refused it, or was not asked because it would have.
    Refused(Rejection),
}

/// A subscription and the broker's answer to it.
#[derive(Clone, Debug)]
pub struct SubscriptionState {
    /// What is asked for.
    pub wanted: Subscription,
    /// The broker's answer.
    pub grant: Grant,
}

impl SubscriptionState {
    /// A subscription without an answer: pending, or turned off.
    pub fn new(wanted: Subscription) -> Self {
        let mut state = Self { wanted, grant: Grant::Off };
        state.begin();
        state
    }

    /// Forgets the broker's answer.
    pub fn begin(&mut self) {
        self.grant = if self.wanted.enabled { Grant::Pending } else { Grant::Off };
    }
}

/// A publish and what became of it.
#[derive(Clone, Debug)]
pub struct PublishResult {
    /// The number given to the request.
    pub token: u64,
    /// The topic.
    pub topic: String,
    /// What became of it.
    pub outcome: PublishOutcome,
    /// Time from the request to the answer.
    pub took: Duration,
    /// When the answer came.
    pub at: Timestamp,
}

/// A session's state as the window sees it.
#[derive(Clone, Debug)]
pub struct Status {
    /// The state of the connection.
    pub state: ConnectionState,
    /// How often CONNACK was positive.
    pub connects: u32,
    /// The client ID in use, as sent or as the broker assigned it.
    pub client_id: String,
    /// How the connection is encrypted, or was when it was last up.
    pub tls: Option<TlsInfo>,
    /// Whether MQTT 5 did not work and an older version is used, the version having been left open.
    pub fell_back: bool,
    /// The version that the broker was found to speak if the options left it open; worth remembering for the next run.
    pub found: Option<MqttVersion>,
    /// When a connection that stood ended, oldest first: what came meanwhile nobody here knows.
    pub losses: VecDeque<Timestamp>,
    /// The last failure, until the next success.
    pub failure: Option<Failure>,
    /// The subscriptions with the broker's answers.
    pub subscriptions: Vec<SubscriptionState>,
    /// The connection log, oldest line first.
    pub log: VecDeque<LogLine>,
    /// Number of lines ever logged; shows whether `log` changed.
    pub log_total: u64,
    /// Answers to publishes, newest last.
    pub publishes: VecDeque<PublishResult>,
    /// Set when a thread of the session failed, which ends the session.
    pub crashed: Option<Crash>,
}

/// More losses of a connection than this are not told apart in a plot.
const LOSSES_MAX: usize = 1_000;

impl Status {
    /// Notes that the connection ended.
    pub fn note_loss(&mut self, at: Timestamp) {
        if self.losses.len() == LOSSES_MAX {
            self.losses.pop_front();
        }
        self.losses.push_back(at);
    }
}

impl Default for Status {
    fn default() -> Self {
        Self {
            state: ConnectionState::Disconnected,
            connects: 0,
            client_id: String::new(),
            tls: None,
            fell_back: false,
            found: None,
            losses: VecDeque::new(),
            failure: None,
            subscriptions: Vec::new(),
            log: VecDeque::new(),
            log_total: 0,
            publishes: VecDeque::new(),
            crashed: None,
        }
    }
}

impl Status {
    /// Adds a line to the log and drops the oldest beyond [`LOG_LINES_MAX`].
    pub fn log(&mut self, at: Timestamp, what: LogEvent) {
        if self.log.len() == LOG_LINES_MAX {
            self.log.pop_front();
        }
        self.log.push_back(LogLine { at, what });
        self.log_total += 1;
    }

    /// Adds a publish answer and drops the oldest beyond [`PUBLISH_RESULTS_MAX`].
    pub fn published(&mut self, result: PublishResult) {
        if self.publishes.len() == PUBLISH_RESULTS_MAX {
            self.publishes.pop_front();
        }
        self.publishes.push_back(result);
    }
}

/// Traffic numbers, readable at any time without a lock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Messages read from the socket since the session began.
    pub received: u64,
    /// Payload and topic bytes of the received messages.
    pub received_bytes: u64,
    /// Messages in the channel, not yet in the model.
    pub waiting: u64,
    /// Bytes that the waiting messages take.
    pub waiting_bytes: u64,
    /// Whether the channel is full right now, so that the socket is not read and the broker has to wait.
    pub held_back: bool,
    /// Messages that were received but not taken into the model. It should stay 0.
    pub lost: u64,
    /// Messages that the program sent.
    pub sent: u64,
    /// When the ingest thread finished the newest batch.
    pub taken_at: Timestamp,
}

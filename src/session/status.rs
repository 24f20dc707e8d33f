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

/// Where the connection stands.
#[derive(Clone, Debug, PartialEq)]
pub enum ConnectionState {
    /// Being made, for the `attempt`th time since the last success (from 1).
    Connecting {
        /// From 1.
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
    /// The connection stands, but the broker has an answer to give and says nothing. It is made anew if that goes on.
    NotAnswering {
        /// Since when it says nothing.
        since: Instant,
        /// The version that is spoken.
        version: MqttVersion,
        /// How far the connection can be trusted.
        security: Security,
    },
    /// Lost or refused; the next attempt comes by itself.
    Reconnecting {
        /// When the next attempt starts.
        at: Instant,
        /// How many attempts failed since the last success.
        failed: u32,
    },
    /// The person disconnected, or the worker ended.
    Disconnected,
}

impl ConnectionState {
    /// Whether a connection stands.
    pub fn is_connected(&self) -> bool {
        self.spoken().is_some()
    }

    /// What is spoken on the connection that stands, and how far it can be trusted.
    pub fn spoken(&self) -> Option<(MqttVersion, Security)> {
        match *self {
            Self::Connected { version, security, .. } | Self::NotAnswering { version, security, .. } => {
                Some((version, security))
            }
            Self::Connecting { .. } | Self::Reconnecting { .. } | Self::Disconnected => None,
        }
    }
}

/// How far a connection can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// Not encrypted.
    Plain,
    /// TLS, and the broker's certificate was checked.
    Verified,
    /// TLS, and the broker's certificate was not checked, because the check is off.
    Unverified,
}

/// What the broker said of one subscription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Grant {
    /// Turned off: kept, but not subscribed to.
    Off,
    /// SUBSCRIBE not answered yet, or not connected.
    Pending,
    /// Granted at this QoS, which may be lower than asked.
    Granted(QoS),
    /// Refused by the broker, or not asked for because it would be.
    Refused(Rejection),
}

/// A subscription and where it stands.
#[derive(Clone, Debug)]
pub struct SubscriptionState {
    /// What is asked for.
    pub wanted: Subscription,
    /// The broker's answer.
    pub grant: Grant,
}

impl SubscriptionState {
    /// A subscription that the broker has not answered, or is not asked about.
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

/// What became of a publish, and which it was.
#[derive(Clone, Debug)]
pub struct PublishResult {
    /// The number given to the request.
    pub token: u64,
    /// The topic.
    pub topic: String,
    /// What became of it.
    pub outcome: PublishOutcome,
    /// From the request to the answer.
    pub took: Duration,
    /// When the answer came.
    pub at: Timestamp,
}

/// A session's state as the window sees it.
#[derive(Clone, Debug)]
pub struct Status {
    /// Where the connection stands.
    pub state: ConnectionState,
    /// How often CONNACK was positive.
    pub connects: u32,
    /// The client ID in use, as sent or as the broker assigned it.
    pub client_id: String,
    /// How the connection is encrypted, or was when it last stood.
    pub tls: Option<TlsInfo>,
    /// The version was left open, and MQTT 5 did not work.
    pub fell_back: bool,
    /// When a connection that stood ended, oldest first: what came meanwhile nobody here knows.
    pub losses: VecDeque<Timestamp>,
    /// The last failure, until the next success.
    pub failure: Option<Failure>,
    /// The subscriptions with the broker's answers.
    pub subscriptions: Vec<SubscriptionState>,
    /// Connection log, oldest first.
    pub log: VecDeque<LogLine>,
    /// All lines ever logged; tells whether `log` changed.
    pub log_total: u64,
    /// Newest last.
    pub publishes: VecDeque<PublishResult>,
    /// A thread of the session failed, and the session has ended.
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
    /// Payload and topic bytes of them.
    pub received_bytes: u64,
    /// Messages in the channel, not yet in the model.
    pub waiting: u64,
    /// Bytes they hold.
    pub waiting_bytes: u64,
    /// The channel is full at this moment and the socket is not read: the broker has to wait.
    pub held_back: bool,
    /// Messages that were received and not taken into the model. It should stay 0.
    pub lost: u64,
    /// Messages that the program sent.
    pub sent: u64,
    /// When the ingest thread was done with the newest batch.
    pub taken_at: Timestamp,
}

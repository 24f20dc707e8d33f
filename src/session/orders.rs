//! What the handle asks of the worker.

use std::time::{Duration, Instant};

use crate::mqtt::options::Subscription;
use crate::mqtt::publish::Publish;

/// How long DISCONNECT may take to be sent.
const DISCONNECT_GRACE: Duration = Duration::from_secs(1);

/// What is wanted of the connection as a whole. The newest counts, so it travels in a watch channel and can never
/// be refused for a full queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Orders {
    /// Be connected, or try for ever.
    pub connect: bool,
    /// End the worker.
    pub stop: bool,
    /// Counts the requests to try at once.
    pub hurry: u64,
    /// How long what is on its way, and DISCONNECT, may take to be sent.
    pub grace: Duration,
}

impl Default for Orders {
    /// To connect.
    fn default() -> Self {
        Self { connect: true, stop: false, hurry: 0, grace: DISCONNECT_GRACE }
    }
}

impl Orders {
    /// Whether a connection may stand.
    pub(super) fn wants_connection(self) -> bool {
        self.connect && !self.stop
    }
}

/// One thing to send. Orders travel in a bounded queue; a full one is an answer.
#[derive(Debug)]
pub(super) enum Order {
    /// Publish.
    Publish {
        /// Its number.
        token: u64,
        /// When it was asked for.
        since: Instant,
        /// What.
        publish: Publish,
    },
    /// Subscribe; the status has it already.
    Subscribe(Subscription),
    /// Unsubscribe; the status has forgotten it already.
    Unsubscribe(String),
}

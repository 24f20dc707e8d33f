//! What the handle asks of the worker.

use std::time::{Duration, Instant};

use crate::mqtt::link::Request;
use crate::mqtt::packet::Disconnect;
use crate::mqtt::reason::ReasonCode;

/// How long DISCONNECT may take to be sent.
pub(super) const DISCONNECT_GRACE: Duration = Duration::from_secs(1);

/// What is wanted of the connection as a whole. The newest wish counts, so it travels in a watch channel and can never be
/// refused for a full queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wish {
    /// Be connected, or try for ever.
    pub connect: bool,
    /// End the worker.
    pub stop: bool,
    /// Counts the wishes to try at once.
    pub hurry: u64,
    /// How a connection ends.
    pub goodbye: Goodbye,
}

/// How a connection ends that is no longer wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Goodbye {
    /// How long what is on its way, and DISCONNECT, may take to be sent: a large message takes a while over a slow line.
    pub grace: Duration,
    /// What the broker is told.
    pub disconnect: Disconnect,
}

impl Default for Goodbye {
    fn default() -> Self {
        Self { grace: DISCONNECT_GRACE, disconnect: Disconnect::default() }
    }
}

impl Goodbye {
    /// After which the broker publishes the will all the same.
    pub fn with_will(mut self) -> Self {
        self.disconnect.reason = ReasonCode::DISCONNECT_WITH_WILL;
        self
    }
}

impl Default for Wish {
    /// To connect.
    fn default() -> Self {
        Self { connect: true, stop: false, hurry: 0, goodbye: Goodbye::default() }
    }
}

impl Wish {
    /// Whether a connection may stand.
    pub(super) fn wants_connection(&self) -> bool {
        self.connect && !self.stop
    }
}

/// A request on its way to the worker. The queue is bounded; that it is full is an answer.
///
/// What is subscribed to stands in the status already, and what is unsubscribed from no longer does.
#[derive(Debug)]
pub(super) struct Queued {
    /// What is asked for.
    pub request: Request,
    /// When.
    pub since: Instant,
}

impl From<Request> for Queued {
    fn from(request: Request) -> Self {
        Self { request, since: Instant::now() }
    }
}

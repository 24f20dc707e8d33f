//! What the handle asks of the worker.

use std::time::{Duration, Instant};

use crate::mqtt::link::Request;
use crate::mqtt::packet::Disconnect;
use crate::mqtt::reason::ReasonCode;

/// How long DISCONNECT may take to be sent.
pub(super) const DISCONNECT_GRACE: Duration = Duration::from_secs(1);

/// What is wanted of the connection as a whole. Only the newest wish counts, so it travels in a watch channel and is
/// never refused because a queue is full.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wish {
    /// Whether to be connected, or to keep trying.
    pub connect: bool,
    /// Whether to end the worker.
    pub stop: bool,
    /// Number of requests to try at once; a change ends a pause.
    pub hurry: u64,
    /// How a connection ends.
    pub goodbye: Goodbye,
}

/// How a connection ends that is no longer wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Goodbye {
    /// How long queued messages and DISCONNECT may take to be sent: a large message takes a while over a slow line.
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
    /// Ends with this DISCONNECT.
    pub fn saying(disconnect: Disconnect) -> Self {
        Self { disconnect, ..Self::default() }
    }

    /// After which the broker publishes the will all the same.
    #[must_use]
    pub fn with_will(mut self) -> Self {
        self.disconnect.reason = ReasonCode::DISCONNECT_WITH_WILL;
        self
    }
}

impl Default for Wish {
    /// The wish to be connected.
    fn default() -> Self {
        Self { connect: true, stop: false, hurry: 0, goodbye: Goodbye::default() }
    }
}

impl Wish {
    /// Whether there should be a connection.
    pub(super) fn wants_connection(&self) -> bool {
        self.connect && !self.stop
    }
}

/// A request on its way to the worker. The queue is bounded, and the caller learns when it is full.
///
/// The list of subscriptions in the status already includes the change.
#[derive(Debug)]
pub(super) struct Queued {
    /// What is asked for.
    pub request: Request,
    /// When it was requested.
    pub since: Instant,
}

impl From<Request> for Queued {
    fn from(request: Request) -> Self {
        Self { request, since: Instant::now() }
    }
}

//! What the handle asks of the worker.

use std::time::{Duration, Instant};

use crate::mqtt::link::Request;

/// How long DISCONNECT may take to be sent.
const DISCONNECT_GRACE: Duration = Duration::from_secs(1);

/// What is wanted of the connection as a whole. Only the newest wish counts, so it travels in a watch channel and is
/// never refused because a queue is full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wish {
    /// Whether to be connected, or to keep trying.
    pub connect: bool,
    /// Whether to end the worker.
    pub stop: bool,
    /// Number of requests to try at once; a change ends a pause.
    pub hurry: u64,
    /// How long queued messages and DISCONNECT may take to be sent.
    pub grace: Duration,
}

impl Default for Wish {
    /// The wish to be connected.
    fn default() -> Self {
        Self { connect: true, stop: false, hurry: 0, grace: DISCONNECT_GRACE }
    }
}

impl Wish {
    /// Whether there should be a connection.
    pub(super) fn wants_connection(self) -> bool {
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

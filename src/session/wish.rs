//! What the handle asks of the worker.

use std::time::{Duration, Instant};

use crate::mqtt::link::Request;

/// How long DISCONNECT may take to be sent.
const DISCONNECT_GRACE: Duration = Duration::from_secs(1);

/// What is wanted of the connection as a whole. The newest wish counts, so it travels in a watch channel and can never be
/// refused for a full queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wish {
    /// Be connected, or try for ever.
    pub connect: bool,
    /// End the worker.
    pub stop: bool,
    /// Counts the wishes to try at once.
    pub hurry: u64,
    /// How long what is on its way, and DISCONNECT, may take to be sent.
    pub grace: Duration,
}

impl Default for Wish {
    /// To connect.
    fn default() -> Self {
        Self { connect: true, stop: false, hurry: 0, grace: DISCONNECT_GRACE }
    }
}

impl Wish {
    /// Whether a connection may stand.
    pub(super) fn wants_connection(self) -> bool {
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

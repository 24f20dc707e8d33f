//! Publishes for a session from any thread.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crossbeam_channel::Receiver;
use tokio::sync::mpsc;

use crate::mqtt::link::Request;
use crate::mqtt::options::MqttVersion;
use crate::mqtt::publish::Publish;
use crate::session::shared::Shared;
use crate::session::status::Status;
use crate::session::wish::Queued;
use crate::session::{Declined, REQUEST_BYTES_MAX};

/// A handle that publishes for a session. After the session has ended it declines everything.
#[derive(Clone)]
pub struct SessionPublisher {
    shared: Arc<Shared>,
    requests: mpsc::Sender<Queued>,
    next_token: Arc<AtomicU64>,
    /// The version that is tried first.
    first: MqttVersion,
}

impl std::fmt::Debug for SessionPublisher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SessionPublisher").finish_non_exhaustive()
    }
}

impl SessionPublisher {
    pub(super) fn new(shared: &Arc<Shared>, requests: &mpsc::Sender<Queued>, first: MqttVersion) -> Self {
        let (shared, requests) = (Arc::clone(shared), requests.clone());
        Self { shared, requests, next_token: Arc::new(AtomicU64::new(1)), first }
    }

    /// Asks to publish, as [`Session::publish`](crate::session::Session::publish) does.
    ///
    /// # Errors
    ///
    /// If the message cannot be sent, or not now.
    pub fn publish(&self, publish: Publish) -> Result<u64, Declined> {
        publish.check(self.spoken())?;
        if !self.shared.is_connected() {
            return Err(Declined::NotConnected);
        }
        let bytes = publish.payload.len() as u64;
        let requested = &self.shared.numbers.requested_bytes;
        let before = requested.fetch_add(bytes, Ordering::Relaxed);
        let token = self.next_token.fetch_add(1, Ordering::Relaxed);
        let sent = if before > 0 && before + bytes > REQUEST_BYTES_MAX {
            Err(Declined::Busy)
        } else {
            ask(&self.requests, Request::Publish(token, publish))
        };
        if sent.is_err() {
            requested.fetch_sub(bytes, Ordering::Relaxed);
        }
        sent.map(|()| token)
    }

    /// The session's status, with the answers to publishes.
    pub fn status(&self) -> Arc<Status> {
        self.shared.status()
    }

    /// Fires when the status has changed since it was last received from.
    pub fn listen(&self) -> Receiver<()> {
        self.shared.listen()
    }

    /// The MQTT version in use, or the one to be tried first.
    pub fn spoken(&self) -> MqttVersion {
        self.shared.status().state.spoken().map_or(self.first, |(version, _)| version)
    }
}

/// Hands a request to the worker.
pub(super) fn ask(requests: &mpsc::Sender<Queued>, request: Request) -> Result<(), Declined> {
    requests.try_send(request.into()).map_err(|error| match error {
        mpsc::error::TrySendError::Full(_) => Declined::Busy,
        mpsc::error::TrySendError::Closed(_) => Declined::Ended,
    })
}

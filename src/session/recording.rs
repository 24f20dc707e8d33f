//! What a session hands to a recorder: whole batches once the model has them, and what happened as data of the recording's own.

use std::sync::Arc;

use crate::message::{Batch, Timestamp};
use crate::mqtt::failure::{Cause, Failure, MqttCause};
use crate::mqtt::link::Rejection;
use crate::recording::{Gap, GapReason, Loss, RecordedEvent, Recorder};
use crate::session::connection_log::{LogEvent, LogLine};
use crate::session::status::{Grant, Status};

/// A recorder and what it has to be told.
pub(super) struct Tap {
    recorder: Arc<Recorder>,
    /// Since when there is no connection, if there was one.
    lost_at: Option<Timestamp>,
    is_connected: bool,
}

impl Tap {
    /// Starts with how the session stands.
    pub(super) fn new(recorder: Arc<Recorder>, status: &Status, url: String, now: Timestamp) -> Self {
        let is_connected = status.state.is_connected();
        if let Some((version, _)) = status.state.spoken() {
            let (version, client_id) = (version.name().to_owned(), status.client_id.clone());
            recorder.event(now, RecordedEvent::Connected { url, version, client_id, session_present: false });
            for state in &status.subscriptions {
                if let Grant::Granted(qos) = state.grant {
                    let filter = state.wanted.filter.clone();
                    recorder.event(now, RecordedEvent::Subscribed { filter, qos: qos.into() });
                }
            }
        }
        Self { recorder, lost_at: None, is_connected }
    }

    /// The recorder.
    pub(super) fn recorder(&self) -> &Arc<Recorder> {
        &self.recorder
    }

    /// Hands on what the log says, and the gap that a lost connection leaves.
    pub(super) fn line(&mut self, line: &LogLine) {
        let Some(event) = event(&line.what) else { return };
        match event {
            RecordedEvent::Connected { .. } => {
                self.is_connected = true;
                if let Some(from) = self.lost_at.take() {
                    let reason = GapReason::Disconnected;
                    self.recorder.gap(Gap { from, to: line.at, reason, messages: None });
                }
            }
            RecordedEvent::Lost { .. } | RecordedEvent::Disconnected => {
                if std::mem::take(&mut self.is_connected) {
                    self.lost_at = Some(line.at);
                }
            }
            RecordedEvent::Subscribed { .. }
            | RecordedEvent::Refused { .. }
            | RecordedEvent::Unsubscribed { .. }
            | RecordedEvent::Other => {}
        }
        self.recorder.event(line.at, event);
    }
}

/// What of the connection log belongs into a recording.
fn event(what: &LogEvent) -> Option<RecordedEvent> {
    Some(match what {
        LogEvent::Connected(welcome) => RecordedEvent::Connected {
            url: welcome.url.clone(),
            version: welcome.version.name().to_owned(),
            client_id: welcome.client_id.clone(),
            session_present: welcome.session_present,
        },
        LogEvent::Failed(failure) => lost(failure),
        LogEvent::Crashed(_) => RecordedEvent::Lost { why: Loss::Program, text: None },
        LogEvent::Disconnected { .. } => RecordedEvent::Disconnected,
        LogEvent::Subscribed { filter, granted, .. } => {
            RecordedEvent::Subscribed { filter: filter.clone(), qos: (*granted).into() }
        }
        LogEvent::SubscribeRefused { filter, why } => {
            let code = if let Rejection::Broker(reason) = why { Some(reason.code.0) } else { None };
            RecordedEvent::Refused { filter: filter.clone(), code }
        }
        LogEvent::Unsubscribed { filter } => RecordedEvent::Unsubscribed { filter: filter.clone() },
        _ => return None,
    })
}

fn lost(failure: &Failure) -> RecordedEvent {
    let mut text = None;
    let why = match &failure.cause {
        Cause::NoAnswer { .. } => Loss::NoAnswer,
        Cause::Closed => Loss::Closed,
        Cause::Io(error) => {
            text = Some(error.text.clone());
            Loss::System
        }
        Cause::Name(_) | Cause::LocalAddress(_) | Cause::Tcp(_) | Cause::Socket(_) | Cause::Proxy(_) => {
            Loss::Unreachable
        }
        Cause::File(_) | Cause::Tls(_) => Loss::Security,
        Cause::Mqtt(MqttCause::Refused(_) | MqttCause::Authentication(_)) => Loss::Refused,
        Cause::Websocket(_) | Cause::Mqtt(_) => Loss::Protocol,
        Cause::Option(_) | Cause::Program(_) => Loss::Program,
    };
    RecordedEvent::Lost { why, text }
}

/// Hands a batch to the recorder, if there is one; gives back a batch to be filled again.
pub(super) fn offer(recorder: Option<&Recorder>, batch: Batch) -> Batch {
    match recorder {
        Some(recorder) => recorder.offer(batch),
        None => batch,
    }
}

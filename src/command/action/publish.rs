//! Actions on messages to send.

use std::time::Duration;

use bytes::Bytes;

use crate::message::{PublishProperties, QoS};
use crate::mqtt::shell::{PublishProgram, Shell};
use crate::store::drafts::{KeptDraft, KeptDrafts};
use crate::store::publish_history::Published;

/// An action on messages to send.
#[derive(Clone, Debug)]
pub enum PublishAction {
    /// Send a message.
    Send(Outgoing),
    /// Send a message that names a response topic, and wait for the response.
    Request(Box<RequestOrder>),
    /// Stop waiting for the response to the request with this number.
    StopRequest(u64),
    /// Clear the retained message of a topic by sending this empty one.
    ClearRetained(Outgoing),
    /// Undo a [`ClearRetained`](Self::ClearRetained) in the session with this number: publish this message again.
    RestoreRetained(u64, Outgoing),
    /// Put a message into the publish panel and show it.
    Compose(Outgoing),
    /// Put a message of the history into a draft.
    ComposePublished(Box<Published>),
    /// Put a message of the history into a draft, and ask how to save it.
    SavePublished(Box<Published>),
    /// Send a message of the history again.
    SendAgain(Box<Published>),
    /// Copy the command that sends a message of the history.
    CopyAs(Box<Published>, PublishProgram, Shell),
    /// Open a draft that was closed.
    ReopenDraft(Box<KeptDraft>),
    /// Keep the drafts of the session that shows on disk.
    KeepDrafts(Box<KeptDrafts>),
    /// Ask for a file and load its content into the publish panel.
    LoadPayload,
    /// Forget an entry of the publish history.
    RemovePublished(usize),
}

/// A request of a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestOrder {
    /// Number of the draft, which shows the response.
    pub draft: u64,
    /// The message, with response topic and correlation data.
    pub message: Outgoing,
    /// How long to wait for the response.
    pub within: Duration,
}

/// A message to publish, as composed in the panel.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outgoing {
    /// Topic name.
    pub topic: String,
    /// Payload as it will be sent.
    pub payload: Bytes,
    /// Quality of service.
    pub qos: QoS,
    /// Whether the broker should retain it.
    pub retain: bool,
    /// Properties, sent with MQTT 5 only.
    pub properties: PublishProperties,
}

impl Outgoing {
    /// Whether a broker takes it as a request to clear the retained message (MQTT 5.0, 3.3.1.3).
    pub fn clears_retained(&self) -> bool {
        self.retain && self.payload.is_empty()
    }
}

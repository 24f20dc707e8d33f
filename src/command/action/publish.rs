//! Actions about messages to send.

use bytes::Bytes;

use crate::message::{PublishProperties, QoS};

/// About messages to send.
#[derive(Clone, Debug)]
pub enum PublishAction {
    /// Send a message.
    Send(Outgoing),
    /// Remove what the broker retains for a topic, by this empty message.
    ClearRetained(Outgoing),
    /// Undo that in the session with this number: publish what was retained.
    RestoreRetained(u64, Outgoing),
    /// Put a message into the publish panel and show it.
    Compose(Outgoing),
    /// Ask for a file and put its content into the publish panel.
    LoadPayload,
    /// Forget an entry of the publish history.
    RemovePublished(usize),
}

/// A message to publish, as the panel holds it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outgoing {
    /// Topic name.
    pub topic: String,
    /// Payload as it will be sent.
    pub payload: Bytes,
    /// Quality of service.
    pub qos: QoS,
    /// Whether the broker shall keep it.
    pub retain: bool,
    /// MQTT 5 only.
    pub properties: PublishProperties,
}

impl Outgoing {
    /// Whether a broker takes it for the wish to forget what it retains (MQTT 5.0, 3.3.1.3).
    pub fn clears_retained(&self) -> bool {
        self.retain && self.payload.is_empty()
    }
}

//! A message taken out of the model, so that the panel can keep it while the model changes.

use std::sync::Arc;

use bytes::Bytes;

use crate::message::{Flags, PublishProperties, Timestamp};
use crate::model::{MessageId, Stored};

/// A message and its time of arrival. Large payloads are shared with the model, small ones copied.
#[derive(Clone, Debug)]
pub struct InspectedMessage {
    /// Its identifier in the model, which may have dropped it by now.
    pub id: MessageId,
    /// Its position among the topic's messages, as [`Stored::number`].
    pub number: i64,
    /// Payload as received, or only its beginning.
    pub payload: Bytes,
    /// Length of the payload as received, in bytes.
    pub bytes: u64,
    /// Whether `payload` is only the beginning, because the rest was dropped.
    pub is_payload_dropped: bool,
    /// QoS, retain, DUP.
    pub flags: Flags,
    /// MQTT 5 properties, if there were any.
    pub properties: Option<Arc<PublishProperties>>,
    /// When it was read from the socket.
    pub arrived: Timestamp,
}

impl From<Stored<'_>> for InspectedMessage {
    fn from(stored: Stored<'_>) -> Self {
        Self {
            id: stored.id(),
            number: stored.number(),
            payload: stored.payload_shared(),
            bytes: stored.payload_bytes(),
            is_payload_dropped: stored.is_payload_dropped(),
            flags: stored.flags(),
            properties: stored.properties().cloned(),
            arrived: stored.arrived(),
        }
    }
}

//! A message as the panel keeps it: taken out of the model, so that it stays while the model goes on.

use std::sync::Arc;

use bytes::Bytes;

use crate::message::{Flags, PublishProperties, Timestamp};
use crate::model::{MessageId, Stored};

/// A message and when it came. Large payloads are shared with the model, small ones copied.
#[derive(Clone, Debug)]
pub struct InspectedMessage {
    /// Its name in the model, where it may be gone by now.
    pub id: MessageId,
    /// It was the topic's first, second, … message; from 1.
    pub number: u64,
    /// As received, or its beginning.
    pub payload: Bytes,
    /// Bytes of the payload as received.
    pub bytes: u64,
    /// Whether `payload` is only the beginning, since the rest was dropped.
    pub is_payload_dropped: bool,
    /// QoS, retain, DUP.
    pub flags: Flags,
    /// MQTT 5 properties, if any was set.
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

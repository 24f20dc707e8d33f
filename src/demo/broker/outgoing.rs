//! The packets that the broker sends, for the version of their receiver.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;

use crate::demo::broker::message::Message;
use crate::message::{Flags, PublishProperties, QoS};
use crate::mqtt::options::MqttVersion;
use crate::mqtt::packet::{ConnAck, Disconnect, Head, Incoming, ServerProperties};
use crate::mqtt::reason::ReasonCode;

/// Payloads up to this size are copied behind their packet's head.
const COPIED_BYTES_MAX: usize = 32 * 1024;

/// A packet as bytes. All that this broker makes fit MQTT's lengths.
pub(super) fn encoded(packet: &Incoming<'_>, version: MqttVersion) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Err(oversize) = packet.encode(&mut bytes, version) {
        log::error!("the demo broker's {} was not sent: {oversize:?}", packet.kind().name());
    }
    bytes
}

/// CONNACK to a client that is let in. What this broker does not do, it says.
pub(super) fn welcome(assigned_id: Option<String>, version: MqttVersion) -> Vec<u8> {
    let server = ServerProperties {
        assigned_client_id: assigned_id,
        session_expiry_s: Some(0),
        shared_available: Some(false),
        ..ServerProperties::default()
    };
    encoded(&Incoming::ConnAck(Box::new(ConnAck { server, ..ConnAck::default() })), version)
}

/// CONNACK to a client that is not let in, with this code as it is: MQTT 3.1.1 has codes of its own.
pub(super) fn refusal(code: u8, version: MqttVersion) -> Vec<u8> {
    encoded(&Incoming::ConnAck(Box::new(ConnAck { code, ..ConnAck::default() })), version)
}

/// DISCONNECT. Before MQTT 5 a broker has none.
pub(super) fn farewell(reason: ReasonCode, version: MqttVersion) -> Vec<u8> {
    if version != MqttVersion::V5 {
        return Vec::new();
    }
    encoded(&Incoming::Disconnect(Disconnect { reason, ..Disconnect::default() }), version)
}

/// One message on its way to one receiver.
#[derive(Clone, Debug)]
pub(super) struct Delivery {
    pub message: Arc<Message>,
    pub qos: QoS,
    pub retain: bool,
    pub subscription_id: Option<u32>,
}

impl Delivery {
    /// Appends PUBLISH to `out`. A large payload is returned instead of copied: it follows on the wire.
    pub fn encode(&self, version: MqttVersion, id: u16, now: Instant, out: &mut Vec<u8>) -> Option<Bytes> {
        let Message { topic, payload, .. } = self.message.as_ref();
        let properties = self.properties(now);
        let head = Head {
            topic,
            flags: Flags { qos: self.qos, retain: self.retain, dup: false },
            packet_id: id,
            topic_alias: None,
            properties: properties.as_deref(),
            subscription_identifiers: self.subscription_id.as_slice(),
        };
        if let Err(oversize) = head.encode(out, payload.len(), version) {
            // Message::check has seen to it.
            log::error!("a message of the demo broker was not sent: {oversize:?}");
            return None;
        }
        if payload.len() > COPIED_BYTES_MAX {
            return Some(payload.clone());
        }
        out.extend_from_slice(payload);
        None
    }

    /// The message's properties, with what is left of its expiry interval (MQTT 5.0, 3.3.2.3.3).
    fn properties(&self, now: Instant) -> Option<Cow<'_, PublishProperties>> {
        let properties = self.message.properties.as_deref()?;
        let Some(expires) = self.message.expires else { return Some(Cow::Borrowed(properties)) };
        let left_s = expires.saturating_duration_since(now).as_secs();
        let message_expiry_interval_s = Some(u32::try_from(left_s).unwrap_or(u32::MAX));
        Some(Cow::Owned(PublishProperties { message_expiry_interval_s, ..properties.clone() }))
    }
}

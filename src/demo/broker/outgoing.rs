//! The packets that the broker sends, written for the version of their receiver.
//!
//! They are our own and not the codecs': one payload is shared by all receivers, topics may be any bytes, and
//! a fault can carry any reason code.

use std::sync::Arc;
use std::time::Instant;

use bytes::{BufMut, Bytes, BytesMut};
use rumqttc::QoS;

use crate::demo::broker::codes::{Version, reason};
use crate::demo::broker::message::Message;

/// CONNACK (MQTT 5.0, 3.2). A refusal carries `code` as it is; MQTT 3.1.1 has codes of its own.
pub(super) fn connack(version: Version, code: u8, assigned_id: Option<&str>) -> Vec<u8> {
    if version == Version::V4 {
        return vec![0x20, 2, 0, code];
    }
    // Session expiry 0 and no shared subscriptions: what this broker does not do, it says.
    let mut properties = vec![0x11, 0, 0, 0, 0, 0x2A, 0];
    if let Some(id) = assigned_id {
        properties.push(0x12);
        properties.extend((id.len() as u16).to_be_bytes());
        properties.extend(id.as_bytes());
    }
    if code != reason::SUCCESS {
        properties.clear();
    }
    let mut packet = vec![0x20, properties.len() as u8 + 3, 0, code, properties.len() as u8];
    packet.extend(properties);
    packet
}

/// PUBACK, PUBREC, PUBREL or PUBCOMP. MQTT 3.1.1 has no place for a reason.
pub(super) fn acknowledge(version: Version, first: u8, id: u16, reason: u8) -> Vec<u8> {
    let [high, low] = id.to_be_bytes();
    if version == Version::V4 || reason == reason::SUCCESS {
        vec![first, 2, high, low]
    } else {
        vec![first, 4, high, low, reason, 0]
    }
}

/// SUBACK (`first` 0x90) or UNSUBACK (0xB0, whose reasons only MQTT 5 has).
pub(super) fn subscription_ack(version: Version, first: u8, id: u16, reasons: &[u8]) -> Vec<u8> {
    let mut packet = BytesMut::with_capacity(reasons.len() + 8);
    let reasons = if version == Version::V4 && first == 0xB0 { &[] } else { reasons };
    packet.put_u8(first);
    put_length(&mut packet, 2 + usize::from(version == Version::V5) + reasons.len());
    packet.put_u16(id);
    if version == Version::V5 {
        packet.put_u8(0);
    }
    packet.put_slice(reasons);
    packet.to_vec()
}

/// DISCONNECT of MQTT 5 with an empty property length, since rumqttc drops the shorter form; MQTT 3.1.1's
/// server has none.
pub(super) fn disconnect(version: Version, reason: u8) -> Vec<u8> {
    if version == Version::V5 { vec![0xE0, 2, reason, 0] } else { Vec::new() }
}

/// One message on its way to one receiver.
#[derive(Clone, Debug)]
pub(super) struct Delivery {
    pub message: Arc<Message>,
    pub qos: QoS,
    pub retain: bool,
    pub subscription_id: Option<usize>,
}

impl Delivery {
    /// Appends PUBLISH to `out`. A payload above 32 KiB is returned instead of copied: it follows on the
    /// wire.
    pub fn encode(&self, version: Version, id: u16, now: Instant, out: &mut BytesMut) -> Option<Bytes> {
        const COPIED_BYTES_MAX: usize = 32 * 1024;
        let Message { topic, payload, .. } = self.message.as_ref();
        let properties = match version {
            Version::V4 => Bytes::new(),
            Version::V5 => self.properties(now),
        };
        let id_bytes = if self.qos == QoS::AtMostOnce { 0 } else { 2 };
        out.put_u8(0x30 | (self.qos as u8) << 1 | u8::from(self.retain));
        put_length(out, 2 + topic.len() + id_bytes + properties.len() + payload.len());
        out.put_u16(topic.len() as u16);
        out.put_slice(topic);
        if id_bytes > 0 {
            out.put_u16(id);
        }
        out.put_slice(&properties);
        if payload.len() > COPIED_BYTES_MAX {
            return Some(payload.clone());
        }
        out.put_slice(payload);
        None
    }

    /// The property block with its length.
    fn properties(&self, now: Instant) -> Bytes {
        const NONE: Bytes = Bytes::from_static(&[0]);
        if self.message.properties.is_none() && self.subscription_id.is_none() {
            return NONE;
        }
        let mut properties = self.message.properties.as_deref().cloned().unwrap_or_default();
        properties.subscription_identifiers.extend(self.subscription_id);
        if let Some(expires) = self.message.expires {
            let left_s = expires.saturating_duration_since(now).as_secs();
            properties.message_expiry_interval = Some(left_s as u32);
        }
        let mut block = BytesMut::new();
        // Writing fails only above 256 MiB of properties, which no packet that was read can have.
        if properties.write(&mut block).is_ok() { block.freeze() } else { NONE }
    }
}

/// A variable byte integer (MQTT 5.0, 1.5.5).
fn put_length(out: &mut BytesMut, mut length: usize) {
    while length >= 0x80 {
        out.put_u8(length as u8 | 0x80);
        length >>= 7;
    }
    out.put_u8(length as u8);
}

//! A broker's packets as bytes, for fake servers. Only bytes that break the protocol are written by hand.

use mqttree::message::Flags;
use mqttree::mqtt::options::MqttVersion;
use mqttree::mqtt::packet::{Acknowledgement, ConnAck, Incoming, PublishPacket, ServerProperties, SubAck};
use mqttree::mqtt::reason::ReasonCode;
use mqttree::mqtt::trace::PacketKind;

/// Encodes a packet.
pub fn sent(packet: &Incoming<'_>, version: MqttVersion) -> Vec<u8> {
    let mut bytes = Vec::new();
    packet.encode(&mut bytes, version).unwrap();
    bytes
}

/// A CONNACK that accepts the client and announces nothing.
pub fn connack(version: MqttVersion) -> Vec<u8> {
    announcing(version, false, ServerProperties::default())
}

/// A CONNACK that accepts the client and reports a kept session.
pub fn connack_with_session(version: MqttVersion) -> Vec<u8> {
    announcing(version, true, ServerProperties::default())
}

/// A CONNACK that accepts the client and announces these properties.
pub fn announcing(version: MqttVersion, session_present: bool, server: ServerProperties) -> Vec<u8> {
    let connack = ConnAck { session_present, server, ..ConnAck::default() };
    sent(&Incoming::ConnAck(Box::new(connack)), version)
}

/// A CONNACK with this code, as numbered in this version.
pub fn refusal(version: MqttVersion, code: u8) -> Vec<u8> {
    sent(&Incoming::ConnAck(Box::new(ConnAck { code, ..ConnAck::default() })), version)
}

/// A SUBACK for one topic filter.
pub fn suback(version: MqttVersion, packet_id: u16, code: u8) -> Vec<u8> {
    let reasons = vec![ReasonCode(code)];
    sent(&Incoming::SubAck(SubAck { packet_id, reasons, reason_string: None }), version)
}

/// A PUBLISH.
pub fn message(
    version: MqttVersion,
    flags: Flags,
    packet_id: u16,
    topic: impl AsRef<[u8]>,
    payload: impl AsRef<[u8]>,
) -> Vec<u8> {
    let (topic, payload) = (topic.as_ref(), payload.as_ref());
    let publish = PublishPacket { topic, flags, packet_id, topic_alias: None, properties: None, payload };
    sent(&Incoming::Publish(publish), version)
}

/// A PUBACK, PUBREC, PUBREL or PUBCOMP.
pub fn acknowledgement(
    version: MqttVersion,
    kind: PacketKind,
    packet_id: u16,
    reason: ReasonCode,
) -> Vec<u8> {
    let acknowledgement = Acknowledgement { packet_id, reason, reason_string: None };
    sent(&Incoming::Acknowledgement(kind, acknowledgement), version)
}

/// A PUBACK without a reason.
pub fn puback(version: MqttVersion, packet_id: u16) -> Vec<u8> {
    acknowledgement(version, PacketKind::PubAck, packet_id, ReasonCode::SUCCESS)
}

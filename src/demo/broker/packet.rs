//! MQTT packets in the broker's own words, the same for MQTT 3.1.1 and MQTT 5.
//!
//! Incoming packets are framed here and then read by rumqttc's codecs. Framing is our own because the codecs
//! report a length inside a complete packet that lacks bytes as "more bytes needed", reserve whatever a hostile
//! header asks for, and refuse the empty DISCONNECT of MQTT 5. Outgoing packets are written here: one payload is
//! shared by all receivers, topics may be any bytes, and a fault can carry any reason code.

use std::time::Instant;

use bytes::{BufMut, Bytes, BytesMut};
use rumqttc::QoS;
use rumqttc::mqttbytes::v4;
use rumqttc::v5::mqttbytes::{QoS as QoS5, v5};

use super::message::Message;

/// Reason codes (MQTT 5.0, 2.4) that the broker sends.
pub(super) mod reason {
    pub const SUCCESS: u8 = 0x00;
    pub const NO_MATCHING_SUBSCRIBERS: u8 = 0x10;
    pub const NO_SUBSCRIPTION_EXISTED: u8 = 0x11;
    pub const MALFORMED_PACKET: u8 = 0x81;
    pub const PROTOCOL_ERROR: u8 = 0x82;
    pub const UNSUPPORTED_VERSION: u8 = 0x84;
    pub const BAD_USER_OR_PASSWORD: u8 = 0x86;
    pub const KEEP_ALIVE_TIMEOUT: u8 = 0x8D;
    pub const SESSION_TAKEN_OVER: u8 = 0x8E;
    pub const TOPIC_FILTER_INVALID: u8 = 0x8F;
    pub const TOPIC_NAME_INVALID: u8 = 0x90;
    pub const TOPIC_ALIAS_INVALID: u8 = 0x94;
    pub const PACKET_TOO_LARGE: u8 = 0x95;
    pub const QUOTA_EXCEEDED: u8 = 0x97;
    pub const SHARED_NOT_SUPPORTED: u8 = 0x9E;
    /// SUBACK's only failure in MQTT 3.1.1 (3.9.3).
    pub const FAILURE: u8 = 0x80;
}

/// First bytes of the acknowledgements (MQTT 5.0, 3.4 to 3.7).
pub(super) mod ack {
    pub const PUBACK: u8 = 0x40;
    pub const PUBREC: u8 = 0x50;
    pub const PUBREL: u8 = 0x62;
    pub const PUBCOMP: u8 = 0x70;
}

/// The protocol version of a connection, from its CONNECT.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// MQTT 3.1.1, protocol level 4.
    V4,
    /// MQTT 5, protocol level 5.
    V5,
}

/// Why a packet ends its connection.
#[derive(Debug, thiserror::Error)]
pub(super) enum PacketError {
    #[error("a packet of {0} bytes exceeds the limit")]
    TooLarge(usize),
    #[error("malformed packet: {0}")]
    Malformed(String),
    #[error("protocol error: {0}")]
    Protocol(&'static str),
    #[error("MQTT protocol level {0} is not supported")]
    Version(u8),
}

impl PacketError {
    pub fn reason(&self) -> u8 {
        match self {
            Self::TooLarge(_) => reason::PACKET_TOO_LARGE,
            Self::Malformed(_) => reason::MALFORMED_PACKET,
            Self::Protocol(_) => reason::PROTOCOL_ERROR,
            Self::Version(_) => reason::UNSUPPORTED_VERSION,
        }
    }
}

/// What a client says first.
#[derive(Debug)]
pub(super) struct Connect {
    pub version: Version,
    pub client_id: String,
    pub clean: bool,
    pub keep_alive_s: u16,
    pub login: Option<(String, String)>,
    pub will: Option<Message>,
    pub receive_max: u16,
    pub packet_bytes_max: usize,
}

/// One filter of a SUBSCRIBE with its options (MQTT 5.0, 3.8.3.1); those of MQTT 3.1.1 have the defaults.
#[derive(Clone, Debug)]
pub(super) struct Subscription {
    pub filter: String,
    pub qos: QoS,
    pub no_local: bool,
    pub retain_as_published: bool,
    pub retain_handling: v5::RetainForwardRule,
    pub id: Option<usize>,
}

/// What a connected client may send.
#[derive(Debug)]
pub(super) enum Packet {
    Connect(Box<Connect>),
    Publish { message: Message, id: u16 },
    PubAck { id: u16 },
    PubRec { id: u16, refused: bool },
    PubRel { id: u16 },
    PubComp { id: u16 },
    Subscribe { id: u16, subscriptions: Vec<Subscription> },
    Unsubscribe { id: u16, filters: Vec<String> },
    PingReq,
    Disconnect { with_will: bool },
}

/// Bytes of the packet that `buffer` begins with; `None` while its header is incomplete.
pub(super) fn frame_len(buffer: &[u8], bytes_max: usize) -> Result<Option<usize>, PacketError> {
    let Some(&first) = buffer.first() else { return Ok(None) };
    // The lower half of the first byte is fixed for every packet but PUBLISH (MQTT 5.0, 2.1.3). Checking it here
    // also turns away HTTP and TLS before their bytes are taken for a length.
    let expected = match first >> 4 {
        3 => first & 0x0F,
        6 | 8 | 10 => 2,
        1 | 4 | 5 | 7 | 12 | 14 => 0,
        _ => {
            return Err(PacketError::Malformed(format!("a client does not send packet type {}", first >> 4)));
        }
    };
    if first & 0x0F != expected {
        return Err(PacketError::Malformed(format!("first byte {first:#04x}")));
    }
    let mut remaining = 0;
    for (index, byte) in buffer.iter().skip(1).take(4).enumerate() {
        remaining |= usize::from(byte & 0x7F) << (7 * index);
        if byte & 0x80 == 0 {
            let bytes = remaining + index + 2;
            return if bytes > bytes_max { Err(PacketError::TooLarge(bytes)) } else { Ok(Some(bytes)) };
        }
    }
    if buffer.len() < 5 { Ok(None) } else { Err(PacketError::Malformed("remaining length".to_owned())) }
}

/// The protocol version that a complete CONNECT asks for (MQTT 5.0, 3.1.2).
pub(super) fn version_of(frame: &[u8]) -> Result<Version, PacketError> {
    if frame.first() != Some(&0x10) {
        return Err(PacketError::Protocol("the first packet is not CONNECT"));
    }
    let header = 1 + frame.iter().skip(1).take_while(|byte| **byte & 0x80 != 0).count() + 1;
    match frame.get(header..) {
        Some([0, 4, b'M', b'Q', b'T', b'T', 4, ..]) => Ok(Version::V4),
        Some([0, 4, b'M', b'Q', b'T', b'T', 5, ..]) => Ok(Version::V5),
        Some(
            [0, 4, b'M', b'Q', b'T', b'T', level, ..] | [0, 6, b'M', b'Q', b'I', b's', b'd', b'p', level, ..],
        ) => Err(PacketError::Version(*level)),
        _ => Err(PacketError::Malformed("protocol name".to_owned())),
    }
}

/// Reads one complete packet.
pub(super) fn decode(mut frame: BytesMut, version: Version) -> Result<Packet, PacketError> {
    match version {
        Version::V4 => {
            let packet = v4::Packet::read(&mut frame, usize::MAX);
            from_v4(packet.map_err(|error| PacketError::Malformed(error.to_string()))?)
        }
        // MQTT 5.0, 3.14.2.1: reason code and properties may be missing, which the codec does not take.
        Version::V5 if matches!(frame.as_ref(), [0xE0, 0] | [0xE0, 1, _]) => {
            Ok(Packet::Disconnect { with_will: frame.get(2) == Some(&4) })
        }
        Version::V5 => {
            let packet = v5::Packet::read(&mut frame, None);
            from_v5(packet.map_err(|error| PacketError::Malformed(error.to_string()))?)
        }
    }
}

fn from_v4(packet: v4::Packet) -> Result<Packet, PacketError> {
    Ok(match packet {
        v4::Packet::Connect(connect) => Packet::Connect(Box::new(Connect {
            version: Version::V4,
            client_id: connect.client_id,
            clean: connect.clean_session,
            keep_alive_s: connect.keep_alive,
            login: connect.login.map(|login| (login.username, login.password)),
            will: connect.last_will.map(|will| Message {
                retain: will.retain,
                ..Message::new(will.topic, will.message).at(will.qos)
            }),
            receive_max: u16::MAX,
            packet_bytes_max: usize::MAX,
        })),
        v4::Packet::Publish(publish) => Packet::Publish {
            id: publish.pkid,
            message: Message {
                retain: publish.retain,
                ..Message::new(publish.topic, owned(publish.payload)).at(publish.qos)
            },
        },
        v4::Packet::PubAck(packet) => Packet::PubAck { id: packet.pkid },
        v4::Packet::PubRec(packet) => Packet::PubRec { id: packet.pkid, refused: false },
        v4::Packet::PubRel(packet) => Packet::PubRel { id: packet.pkid },
        v4::Packet::PubComp(packet) => Packet::PubComp { id: packet.pkid },
        v4::Packet::Subscribe(packet) => Packet::Subscribe {
            id: packet.pkid,
            subscriptions: packet
                .filters
                .into_iter()
                .map(|filter| Subscription {
                    filter: filter.path,
                    qos: filter.qos,
                    no_local: false,
                    retain_as_published: false,
                    retain_handling: v5::RetainForwardRule::OnEverySubscribe,
                    id: None,
                })
                .collect(),
        },
        v4::Packet::Unsubscribe(packet) => Packet::Unsubscribe { id: packet.pkid, filters: packet.topics },
        v4::Packet::PingReq => Packet::PingReq,
        v4::Packet::Disconnect => Packet::Disconnect { with_will: false },
        _ => return Err(PacketError::Protocol("a client sent a server's packet")),
    })
}

fn from_v5(packet: v5::Packet) -> Result<Packet, PacketError> {
    Ok(match packet {
        v5::Packet::Connect(connect, will, login) => {
            let properties = connect.properties.unwrap_or_default();
            if properties.receive_maximum == Some(0) || properties.max_packet_size == Some(0) {
                return Err(PacketError::Protocol("a maximum of 0 in CONNECT"));
            }
            Packet::Connect(Box::new(Connect {
                version: Version::V5,
                client_id: connect.client_id,
                clean: connect.clean_start,
                keep_alive_s: connect.keep_alive,
                login: login.map(|login| (login.username, login.password)),
                will: will.map(will_message).transpose()?,
                receive_max: properties.receive_maximum.unwrap_or(u16::MAX),
                packet_bytes_max: properties.max_packet_size.map_or(usize::MAX, |bytes| bytes as usize),
            }))
        }
        v5::Packet::Publish(publish) => {
            utf8(&publish.topic)?;
            Packet::Publish {
                id: publish.pkid,
                message: Message {
                    retain: publish.retain,
                    properties: publish.properties.map(Box::new),
                    ..Message::new(owned(publish.topic), owned(publish.payload)).at(qos(publish.qos))
                },
            }
        }
        v5::Packet::PubAck(packet) => Packet::PubAck { id: packet.pkid },
        v5::Packet::PubRec(packet) => {
            use v5::PubRecReason::{NoMatchingSubscribers, Success};
            Packet::PubRec {
                id: packet.pkid,
                refused: !matches!(packet.reason, Success | NoMatchingSubscribers),
            }
        }
        v5::Packet::PubRel(packet) => Packet::PubRel { id: packet.pkid },
        v5::Packet::PubComp(packet) => Packet::PubComp { id: packet.pkid },
        v5::Packet::Subscribe(packet) => {
            let identifier = packet.properties.and_then(|properties| properties.id);
            Packet::Subscribe {
                id: packet.pkid,
                subscriptions: packet
                    .filters
                    .into_iter()
                    .map(|filter| Subscription {
                        filter: filter.path,
                        qos: qos(filter.qos),
                        no_local: filter.nolocal,
                        retain_as_published: filter.preserve_retain,
                        retain_handling: filter.retain_forward_rule,
                        id: identifier,
                    })
                    .collect(),
            }
        }
        v5::Packet::Unsubscribe(packet) => Packet::Unsubscribe { id: packet.pkid, filters: packet.filters },
        v5::Packet::PingReq(_) => Packet::PingReq,
        v5::Packet::Disconnect(packet) => Packet::Disconnect {
            with_will: packet.reason_code != v5::DisconnectReasonCode::NormalDisconnection,
        },
        _ => return Err(PacketError::Protocol("a client sent a server's packet")),
    })
}

fn will_message(will: v5::LastWill) -> Result<Message, PacketError> {
    utf8(&will.topic)?;
    let message = Message {
        retain: will.retain,
        ..Message::new(owned(will.topic), owned(will.message)).at(qos(will.qos))
    };
    // The delay is not kept: sessions end with their connection, and a will is due then at the latest
    // (MQTT 5.0, 3.1.3.2.2).
    Ok(match will.properties {
        Some(properties) => message.with(v5::PublishProperties {
            payload_format_indicator: properties.payload_format_indicator,
            message_expiry_interval: properties.message_expiry_interval,
            content_type: properties.content_type,
            response_topic: properties.response_topic,
            correlation_data: properties.correlation_data,
            user_properties: properties.user_properties,
            ..v5::PublishProperties::default()
        }),
        None => message,
    })
}

/// The codec of MQTT 5 hands topics on unchecked.
fn utf8(topic: &[u8]) -> Result<(), PacketError> {
    std::str::from_utf8(topic).map(drop).map_err(|_| PacketError::Malformed("topic is not UTF-8".to_owned()))
}

/// The codecs' bytes are slices of the read buffer; a small slice that is kept would pin all of it.
fn owned(bytes: Bytes) -> Bytes {
    const SHARED_FROM_BYTES: usize = 32 * 1024;
    if bytes.len() < SHARED_FROM_BYTES { Bytes::copy_from_slice(&bytes) } else { bytes }
}

fn qos(qos: QoS5) -> QoS {
    match qos {
        QoS5::AtMostOnce => QoS::AtMostOnce,
        QoS5::AtLeastOnce => QoS::AtLeastOnce,
        QoS5::ExactlyOnce => QoS::ExactlyOnce,
    }
}

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
    pub message: std::sync::Arc<Message>,
    pub qos: QoS,
    pub retain: bool,
    pub subscription_id: Option<usize>,
}

impl Delivery {
    /// Appends PUBLISH to `out`. A payload above 32 KiB is returned instead of copied: it follows on the wire.
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

//! The packets that clients send, in the broker's own words, the same for MQTT 3.1.1 and MQTT 5.
//!
//! They are framed here and then read by rumqttc's codecs. Framing is our own because the codecs take a
//! length inside a complete packet that lacks bytes for "more bytes needed", reserve whatever a hostile
//! header asks for, and refuse the empty DISCONNECT of MQTT 5.

use bytes::{Bytes, BytesMut};
use rumqttc::QoS;
use rumqttc::mqttbytes::v4;
use rumqttc::v5::mqttbytes::{QoS as QoS5, v5};

use crate::demo::broker::codes::{Version, ack, reason};
use crate::demo::broker::message::Message;

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
    Publish {
        message: Message,
        id: u16,
    },
    /// PUBACK, PUBREC or PUBCOMP, told apart by their first byte.
    Acknowledge {
        first: u8,
        id: u16,
        refused: bool,
    },
    PubRel {
        id: u16,
    },
    Subscribe {
        id: u16,
        subscriptions: Vec<Subscription>,
    },
    Unsubscribe {
        id: u16,
        filters: Vec<String>,
    },
    PingReq,
    Disconnect {
        with_will: bool,
    },
}

/// Bytes of the packet that `buffer` begins with; `None` while its header is incomplete.
pub(super) fn frame_len(buffer: &[u8], bytes_max: usize) -> Result<Option<usize>, PacketError> {
    let Some(&first) = buffer.first() else { return Ok(None) };
    // The lower half of the first byte is fixed for every packet but PUBLISH (MQTT 5.0, 2.1.3). Checking it
    // here also turns away HTTP and TLS before their bytes are taken for a length.
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
        v4::Packet::PubAck(packet) => accepted(ack::PUBACK, packet.pkid),
        v4::Packet::PubRec(packet) => accepted(ack::PUBREC, packet.pkid),
        v4::Packet::PubRel(packet) => Packet::PubRel { id: packet.pkid },
        v4::Packet::PubComp(packet) => accepted(ack::PUBCOMP, packet.pkid),
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
        v5::Packet::PubAck(packet) => accepted(ack::PUBACK, packet.pkid),
        v5::Packet::PubRec(packet) => {
            use v5::PubRecReason::{NoMatchingSubscribers, Success};
            let refused = !matches!(packet.reason, Success | NoMatchingSubscribers);
            Packet::Acknowledge { first: ack::PUBREC, id: packet.pkid, refused }
        }
        v5::Packet::PubRel(packet) => Packet::PubRel { id: packet.pkid },
        v5::Packet::PubComp(packet) => accepted(ack::PUBCOMP, packet.pkid),
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

fn accepted(first: u8, id: u16) -> Packet {
    Packet::Acknowledge { first, id, refused: false }
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// One packet of each kind, as clients send them.
    const SAMPLES: &[&[u8]] = &[
        b"\x10\x20\x00\x04MQTT\x05\xCE\x00\x3C\x05\x11\x00\x00\x00\x09\x00\x01c\x00\x00\x01w\x00\x01x\
          \x00\x01u\x00\x01p",
        b"\x10\x13\x00\x04MQTT\x04\x06\x00\x3C\x00\x01c\x00\x01w\x00\x01x",
        b"\x32\x12\x00\x03a/b\x00\x07\x08\x01\x01\x03\x00\x02ab\x26\x00\x00x",
        b"\x34\x08\x00\x03a/b\x00\x07x",
        b"\x40\x04\x00\x07\x10\x00",
        b"\x62\x02\x00\x07",
        b"\x82\x0B\x00\x01\x02\x0B\x07\x00\x03a/#\x29",
        b"\xA2\x08\x00\x01\x00\x00\x03a/#",
        b"\xE0\x07\x04\x05\x11\x00\x00\x00\x00",
    ];

    fn read(bytes: &[u8], version: Version) -> Option<Result<Packet, PacketError>> {
        match frame_len(bytes, 1 << 20) {
            Ok(Some(length)) if length <= bytes.len() => {
                Some(decode(BytesMut::from(&bytes[..length]), version))
            }
            _ => None,
        }
    }

    #[test]
    fn every_sample_is_a_packet_of_one_version_at_least() {
        for sample in SAMPLES {
            let packets = [Version::V4, Version::V5].map(|version| read(sample, version));
            assert!(packets.iter().any(|packet| matches!(packet, Some(Ok(_)))), "{sample:x?}: {packets:?}");
        }
    }

    #[test]
    fn a_frame_is_as_long_as_its_header_says() {
        assert_eq!(frame_len(&[], 100).unwrap(), None);
        assert_eq!(frame_len(&[0x30, 0x80], 100_000).unwrap(), None);
        assert_eq!(frame_len(&[0x30, 0x05], 100).unwrap(), Some(7));
        assert_eq!(frame_len(&[0x30, 0x80, 0x01], 1000).unwrap(), Some(131));
        assert_eq!(frame_len(&[0x30, 0xFF, 0xFF, 0xFF, 0x7F], usize::MAX).unwrap(), Some(268_435_460));
        assert!(matches!(frame_len(&[0x30, 0x80, 0x01], 130), Err(PacketError::TooLarge(131))));
        assert!(matches!(frame_len(&[0x20, 2], 100), Err(PacketError::Malformed(_))), "a server's packet");
        assert!(
            matches!(frame_len(&[0x80, 2], 100), Err(PacketError::Malformed(_))),
            "SUBSCRIBE without its flag"
        );
    }

    #[test]
    fn both_short_forms_of_disconnect_are_read() {
        for (bytes, expected) in [(&[0xE0, 0][..], false), (&[0xE0, 1, 0], false), (&[0xE0, 1, 4], true)] {
            let packet = read(bytes, Version::V5);
            assert!(
                matches!(packet, Some(Ok(Packet::Disconnect { with_will })) if with_will == expected),
                "{packet:?}"
            );
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_codecs_panic(
            sample in prop::sample::select(SAMPLES),
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
            tail in prop::collection::vec(any::<u8>(), 0..40),
        ) {
            let mut bytes = [sample, &tail].concat();
            for (index, byte) in changes {
                let index = index.index(bytes.len());
                bytes[index] = byte;
            }
            for version in [Version::V4, Version::V5] {
                drop(read(&bytes, version));
            }
            drop(version_of(&bytes));
        }
    }
}

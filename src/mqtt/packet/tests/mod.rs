//! Packets compared with an independent implementation, and bytes that nobody would send.

mod round_trip;

use bytes::BytesMut;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use rumqttc::mqttbytes::v4;
use rumqttc::v5::mqttbytes::v5;

use super::*;
use crate::message::{Flags, PublishProperties, QoS};
use crate::mqtt::limits::{PACKET_BYTES_MAX, VARIABLE_MAX};
use crate::mqtt::options::{ConnectOptions, RetainHandling, Subscription, Will};
use crate::mqtt::publish;
use crate::mqtt::reason::ReasonCode;

fn qos() -> impl Strategy<Value = QoS> {
    prop::sample::select(QoS::ALL.to_vec())
}

fn properties() -> impl Strategy<Value = PublishProperties> {
    let text = "[a-zü/]{0,20}";
    (
        (option::of(0..=1_u8), option::of(any::<u32>()), option::of(text), option::of(text)),
        (option::of(vec(any::<u8>(), 0..20)), vec((text, text), 0..4)),
    )
        .prop_map(|((format, expiry, content_type, response_topic), (correlation_data, user))| {
            PublishProperties {
                payload_format_indicator: format,
                message_expiry_interval_s: expiry,
                content_type,
                response_topic,
                correlation_data,
                subscription_identifiers: Vec::new(),
                user_properties: user,
            }
        })
}

fn message() -> impl Strategy<Value = publish::Publish> {
    ("[a-zü/]{1,40}", vec(any::<u8>(), 0..300), qos(), any::<bool>(), properties()).prop_map(
        |(topic, payload, qos, retain, properties)| publish::Publish {
            topic,
            payload: payload.into(),
            qos,
            retain,
            properties,
            topic_alias: None,
        },
    )
}

fn encoded(message: &publish::Publish, packet_id: u16, dup: bool, version: MqttVersion) -> Vec<u8> {
    let mut wire = Vec::new();
    encode_head(&mut wire, message, packet_id, dup, false, version).unwrap();
    wire.extend(&message.payload);
    wire
}

/// The only packet in `wire`.
fn decoded(wire: &[u8], version: MqttVersion) -> Result<Incoming<'_>, Malformed> {
    let header = header(wire).unwrap().unwrap();
    assert_eq!(header.packet_bytes(), wire.len());
    decode(header, &wire[header.bytes..], version)
}

proptest! {
    #[test]
    fn a_message_comes_out_as_it_went_in(
        message in message(), packet_id in 1..=u16::MAX, dup: bool, version in prop::sample::select(MqttVersion::ALL.to_vec()),
    ) {
        let wire = encoded(&message, packet_id, dup, version);
        prop_assert_eq!(wire.len() as u64, if version == MqttVersion::V5 || message.properties.is_empty() {
            message.packet_bytes(version)
        } else {
            wire.len() as u64
        });
        let Incoming::Publish(publish) = decoded(&wire, version).unwrap() else { panic!("{wire:x?}") };
        prop_assert_eq!(publish.topic, message.topic.as_bytes());
        prop_assert_eq!(publish.payload, &message.payload[..]);
        prop_assert_eq!(publish.flags, Flags { qos: message.qos, retain: message.retain, dup });
        prop_assert_eq!(publish.packet_id, if message.qos == QoS::AtMostOnce { 0 } else { packet_id });
        let sent = (version == MqttVersion::V5 && !message.properties.is_empty()).then_some(message.properties);
        prop_assert_eq!(publish.properties, sent);
    }

    #[test]
    fn a_message_means_the_same_to_another_codec(message in message(), packet_id in 1..=u16::MAX) {
        let mut wire = BytesMut::from(&encoded(&message, packet_id, false, MqttVersion::V5)[..]);
        let Ok(v5::Packet::Publish(theirs)) = v5::Packet::read(&mut wire, None) else { panic!("not taken") };
        prop_assert_eq!(&theirs.topic[..], message.topic.as_bytes());
        prop_assert_eq!(&theirs.payload, &message.payload);
        prop_assert_eq!(theirs.qos as u8, u8::from(message.qos));
        let properties = theirs.properties.unwrap_or_default();
        prop_assert_eq!(&properties.content_type, &message.properties.content_type);
        prop_assert_eq!(&properties.user_properties, &message.properties.user_properties);

        let mut wire = BytesMut::from(&encoded(&message, packet_id, false, MqttVersion::V3_1_1)[..]);
        let Ok(v4::Packet::Publish(theirs)) = v4::Packet::read(&mut wire, 1 << 20) else { panic!("not taken") };
        prop_assert_eq!((theirs.topic, theirs.payload), (message.topic, message.payload));
    }

    #[test]
    fn the_head_of_a_message_is_known_as_soon_as_it_has_come(message in message(), version in prop::sample::select(MqttVersion::ALL.to_vec())) {
        let wire = encoded(&message, 7, false, version);
        let header = header(&wire).unwrap().unwrap();
        let body = &wire[header.bytes..];
        let bytes = body.len() - message.payload.len();
        for end in 0..=body.len() {
            match head_bytes(header.flags, &body[..end], version) {
                Some(found) => prop_assert_eq!(found, bytes),
                None => prop_assert!(end < bytes),
            }
        }
    }

    #[test]
    fn arbitrary_bytes_are_a_packet_or_have_a_flaw(bytes in vec(any::<u8>(), 0..200), version in prop::sample::select(MqttVersion::ALL.to_vec())) {
        // Makes complete packets of every type more frequent than chance would.
        for first in (0..=255).step_by(5).chain(bytes.first().copied()) {
            let header = Header { kind: PacketKind::from_number((first >> 4).clamp(1, 15)).unwrap(), flags: first & 15, bytes: 2, remaining: bytes.len() };
            if let Err(malformed) = decode(header, &bytes, version) {
                prop_assert!(malformed.reason().is_failure());
            }
        }
        if let Ok(Some(header)) = header(&bytes) {
            prop_assert!((2..=HEADER_BYTES_MAX).contains(&header.bytes) && header.remaining <= VARIABLE_MAX as usize);
        }
    }

    #[test]
    fn a_packet_cut_short_is_an_error_and_never_another_value(message in message(), cut in 0.0..1.0) {
        let message = publish::Publish { payload: bytes::Bytes::new(), ..message };
        let wire = encoded(&message, 7, false, MqttVersion::V5);
        let header = header(&wire).unwrap().unwrap();
        let body = &wire[header.bytes..];
        let end = (body.len() as f64 * cut) as usize;
        prop_assert!(PublishPacket::decode(header.flags, &body[..end], MqttVersion::V5).is_err());
    }
}

#[test]
fn several_subscription_identifiers_stay_out_of_the_payload() {
    let wire = b"\x30\x12\x00\x01a\x09\x0b\x01\x0b\x80\x01\x0b\x02\x01\x01HELLO";
    let Incoming::Publish(publish) = decoded(wire, MqttVersion::V5).unwrap() else { panic!() };
    assert_eq!(publish.payload, b"HELLO");
    let properties = publish.properties.unwrap();
    assert_eq!(properties.subscription_identifiers, [1, 128, 2]);
    assert_eq!(properties.payload_format_indicator, Some(1));
}

#[test]
fn every_acknowledgement_comes_back_from_its_short_and_its_long_form() {
    for kind in [PacketKind::PubAck, PacketKind::PubRec, PacketKind::PubRel, PacketKind::PubComp] {
        for version in MqttVersion::ALL {
            for reason in [ReasonCode::SUCCESS, ReasonCode::PACKET_IDENTIFIER_NOT_FOUND] {
                let mut wire = Vec::new();
                acknowledge(&mut wire, kind, 0x1234, reason, version);
                let reason = if version == MqttVersion::V5 { reason } else { ReasonCode::SUCCESS };
                let wanted = Acknowledgement { packet_id: 0x1234, reason, reason_string: None };
                assert_eq!(decoded(&wire, version), Ok(Incoming::Acknowledgement(kind, wanted)));
            }
        }
    }
    let wire = b"\x40\x0a\x00\x01\x87\x06\x1f\x00\x03acl";
    let wanted = Acknowledgement {
        packet_id: 1,
        reason: ReasonCode::NOT_AUTHORIZED,
        reason_string: Some("acl".to_owned()),
    };
    assert_eq!(decoded(wire, MqttVersion::V5), Ok(Incoming::Acknowledgement(PacketKind::PubAck, wanted)));
}

#[test]
fn disconnect_is_understood_in_all_its_lengths() {
    for (wire, reason, note) in [
        (&b"\xe0\x00"[..], 0, None),
        (b"\xe0\x01\x8e", 0x8E, None),
        (b"\xe0\x02\x8e\x00", 0x8E, None),
        (b"\xe0\x08\x8b\x06\x1f\x00\x03bye", 0x8B, Some("bye")),
    ] {
        let wanted = Disconnect {
            reason: ReasonCode(reason),
            reason_string: note.map(str::to_owned),
            ..Disconnect::default()
        };
        assert_eq!(decoded(wire, MqttVersion::V5), Ok(Incoming::Disconnect(wanted)));
    }
}

#[test]
fn connack_of_3_1_1_says_to_mqtt_5_what_it_means() {
    let cases: [(&[u8], u8); 6] = [
        (b"\x20\x02\x00\x01", 0x84),
        (b"\x20\x02\x00\x05", 0x87),
        (b"\x20\x02\x00\x84", 0x84),
        // As sent by a broker that adds properties, and with codes that no version defines.
        (b"\x20\x03\x00\x04\x00", 0x86),
        (b"\x20\x03\x00\x06\x00", 0x06),
        (b"\x20\x02\x00\x07", 0x07),
    ];
    for (wire, reason) in cases {
        let Ok(Incoming::ConnAck(connack)) = decoded(wire, MqttVersion::V5) else { panic!("{wire:x?}") };
        assert_eq!(connack.reason, ReasonCode(reason));
    }
    assert!(decoded(b"\x20\x02\x00\x00", MqttVersion::V5).is_err(), "what follows would be misread");
}

#[test]
fn connack_of_another_codec_is_read_whole() {
    let properties = v5::ConnAckProperties {
        session_expiry_interval: Some(1),
        receive_max: Some(2),
        max_qos: Some(1),
        retain_available: Some(0),
        max_packet_size: Some(5),
        assigned_client_identifier: Some("id".to_owned()),
        topic_alias_max: Some(6),
        reason_string: Some("hello".to_owned()),
        user_properties: vec![("a".to_owned(), "b".to_owned())],
        wildcard_subscription_available: Some(0),
        subscription_identifiers_available: Some(1),
        shared_subscription_available: Some(0),
        server_keep_alive: Some(0),
        response_information: Some("info".to_owned()),
        server_reference: Some("other".to_owned()),
        authentication_method: Some("m".to_owned()),
        authentication_data: Some(b"d".to_vec().into()),
    };
    let theirs = v5::ConnAck {
        session_present: true,
        code: v5::ConnectReturnCode::Success,
        properties: Some(properties),
    };
    let mut wire = BytesMut::new();
    theirs.write(&mut wire).unwrap();
    let Ok(Incoming::ConnAck(connack)) = decoded(&wire, MqttVersion::V5) else { panic!("{wire:x?}") };
    let server = &connack.server;
    assert!(connack.session_present);
    assert_eq!((server.session_expiry_s, server.receive_max), (Some(1), Some(2)));
    assert_eq!((server.qos_max, server.retain_available), (Some(QoS::AtLeastOnce), Some(false)));
    assert_eq!((server.packet_bytes_max, server.topic_alias_max), (Some(5), Some(6)));
    assert_eq!(server.assigned_client_id.as_deref(), Some("id"));
    assert_eq!(server.reason_string.as_deref(), Some("hello"));
    assert_eq!(server.user_properties, [("a".to_owned(), "b".to_owned())]);
    assert_eq!((server.wildcards_available, server.identifiers_available), (Some(false), Some(true)));
    assert_eq!((server.shared_available, server.keep_alive_s), (Some(false), Some(0)));
    assert_eq!(server.response_information.as_deref(), Some("info"));
    assert_eq!(server.server_reference.as_deref(), Some("other"));
    assert_eq!(connack.authentication_method.as_deref(), Some("m"));
    assert_eq!(connack.authentication_data.as_deref(), Some(&b"d"[..]));
}

fn connect(options: &ConnectOptions, version: MqttVersion) -> BytesMut {
    let credentials = Credentials { username: "anna", password: "s3cret", authentication: None };
    let mut wire = Vec::new();
    Connect::of(options, version, "me", credentials).encode(&mut wire).unwrap();
    BytesMut::from(&wire[..])
}

#[test]
fn connect_means_the_same_to_another_codec() {
    let will = Will {
        topic: "gone".to_owned(),
        payload: "bye".to_owned(),
        qos: QoS::ExactlyOnce,
        retain: true,
        ..Will::default()
    };
    let mut options = ConnectOptions { keep_alive_s: 7, will: Some(will), ..ConnectOptions::default() };
    options.mqtt5.session_expiry_s = Some(3);
    options.mqtt5.receive_max = Some(4);

    let mut wire = connect(&options, MqttVersion::V5);
    let Ok(v5::Packet::Connect(theirs, Some(last), Some(login))) = v5::Packet::read(&mut wire, None) else {
        panic!("not taken");
    };
    assert_eq!((theirs.client_id.as_str(), theirs.keep_alive, theirs.clean_start), ("me", 7, true));
    let properties = theirs.properties.unwrap();
    assert_eq!((properties.session_expiry_interval, properties.receive_maximum), (Some(3), Some(4)));
    assert_eq!(properties.max_packet_size, Some(PACKET_BYTES_MAX));
    assert_eq!((&last.topic[..], &last.message[..], last.retain), (&b"gone"[..], &b"bye"[..], true));
    assert_eq!((login.username.as_str(), login.password.as_str()), ("anna", "s3cret"));

    let mut wire = connect(&options, MqttVersion::V3_1_1);
    let Ok(v4::Packet::Connect(theirs)) = v4::Packet::read(&mut wire, 1 << 20) else { panic!("not taken") };
    assert_eq!((theirs.client_id.as_str(), theirs.keep_alive, theirs.clean_session), ("me", 7, true));
    assert_eq!(theirs.last_will.map(|will| will.topic).as_deref(), Some("gone"));

    let wire = connect(&options, MqttVersion::V3_1);
    assert!(wire[2..].starts_with(b"\x00\x06MQIsdp\x03"), "{wire:x?}");
}

#[test]
fn a_session_that_is_not_clean_is_kept_in_mqtt_5_as_in_3_1_1() {
    let options = ConnectOptions { clean_session: false, ..ConnectOptions::default() };
    let mut wire = connect(&options, MqttVersion::V5);
    let Ok(v5::Packet::Connect(theirs, ..)) = v5::Packet::read(&mut wire, None) else { panic!("not taken") };
    assert_eq!(theirs.properties.unwrap().session_expiry_interval, Some(u32::MAX));
}

#[test]
fn subscribe_means_the_same_to_another_codec() {
    let subscription = Subscription {
        no_local: true,
        retain_as_published: true,
        retain_handling: RetainHandling::DoNotSend,
        identifier: Some(300),
        ..Subscription::new("a/+", QoS::AtLeastOnce)
    };
    let mut wire = Vec::new();
    subscribe(&mut wire, 9, [&subscription], MqttVersion::V5).unwrap();
    let Ok(v5::Packet::Subscribe(theirs)) = v5::Packet::read(&mut BytesMut::from(&wire[..]), None) else {
        panic!("not taken");
    };
    assert_eq!((theirs.pkid, theirs.properties.and_then(|properties| properties.id)), (9, Some(300)));
    let filter = &theirs.filters[0];
    assert_eq!((filter.path.as_str(), filter.nolocal, filter.preserve_retain), ("a/+", true, true));
    assert_eq!(filter.retain_forward_rule, v5::RetainForwardRule::Never);
    for version in [MqttVersion::V3_1, MqttVersion::V3_1_1] {
        let mut wire = Vec::new();
        subscribe(&mut wire, 9, [&subscription], version).unwrap();
        assert_eq!(wire, b"\x82\x08\x00\x09\x00\x03a/+\x01");
    }
    let mut wire = Vec::new();
    unsubscribe(&mut wire, 9, ["a/+"], &[], MqttVersion::V5).unwrap();
    assert_eq!(wire, b"\xa2\x08\x00\x09\x00\x00\x03a/+");
}

#[test]
fn what_is_too_long_for_its_field_is_refused_and_nothing_is_written() {
    let long = "x".repeat(65_536);
    let mut wire = Vec::new();
    let subscription = Subscription::new(long.clone(), QoS::AtMostOnce);
    assert_eq!(subscribe(&mut wire, 1, [&subscription], MqttVersion::V5), Err(Oversize(Part::TopicFilter)));
    let message = publish::Publish { topic: long.clone(), ..Default::default() };
    assert_eq!(
        encode_head(&mut wire, &message, 1, false, false, MqttVersion::V3_1_1),
        Err(Oversize(Part::Topic))
    );
    let will = Some(Will { payload: long, ..Will::default() });
    let options = ConnectOptions { will, ..ConnectOptions::default() };
    let credentials = Credentials::default();
    let connect = Connect::of(&options, MqttVersion::V5, "", credentials);
    assert_eq!(connect.encode(&mut wire), Err(Oversize(Part::WillPayload)));
    assert!(wire.is_empty());
}

#[test]
fn what_breaks_the_protocol_is_told_apart() {
    use MqttVersion::{V3_1, V3_1_1, V5};
    use PacketKind as Kind;
    for (wire, version, packet, flaw) in [
        (&b"\x36\x05\x00\x01a\x00\x01"[..], V5, Kind::Publish, Flaw::QoS3),
        (b"\x32\x05\x00\x01a\x00\x00", V3_1_1, Kind::Publish, Flaw::NoPacketId),
        (b"\x30\x02\x00\x00", V3_1_1, Kind::Publish, Flaw::NoTopic),
        (b"\x30\x02\x00\x05", V3_1, Kind::Publish, Flaw::EndsWithin(Part::Topic)),
        (
            b"\x30\x06\x00\x01a\x02\x0b\x00",
            V5,
            Kind::Publish,
            Flaw::PropertyValue(Property::SubscriptionIdentifier, 0),
        ),
        (
            b"\x30\x08\x00\x01a\x04\x01\x00\x01\x00",
            V5,
            Kind::Publish,
            Flaw::RepeatedProperty(Property::PayloadFormatIndicator),
        ),
        (
            b"\x30\x07\x00\x01a\x03\x21\x00\x01",
            V5,
            Kind::Publish,
            Flaw::MisplacedProperty(Property::ReceiveMaximum),
        ),
        (b"\x30\x06\x00\x01a\x02\x55\x00", V5, Kind::Publish, Flaw::UnknownProperty(0x55)),
        (
            b"\x30\x06\x00\x01a\x02\x01\x07",
            V5,
            Kind::Publish,
            Flaw::PropertyValue(Property::PayloadFormatIndicator, 7),
        ),
        (
            b"\x20\x06\x00\x00\x03\x21\x00\x00",
            V5,
            Kind::ConnAck,
            Flaw::PropertyValue(Property::ReceiveMaximum, 0),
        ),
        (b"\x20\x03\x00\x00\x00", V3_1_1, Kind::ConnAck, Flaw::TrailingBytes(1)),
        (b"\x90\x03\x00\x01\x03", V3_1_1, Kind::SubAck, Flaw::GrantedQoS(3)),
        (b"\xb0\x03\x00\x01\x00", V5, Kind::UnsubAck, Flaw::NoReasonCode),
        (b"\x90\x02\x00\x01", V3_1_1, Kind::SubAck, Flaw::NoReasonCode),
        (b"\x41\x02\x00\x01", V3_1_1, Kind::PubAck, Flaw::Flags { found: 1, wanted: 0 }),
        (b"\xc0\x00", V5, Kind::PingReq, Flaw::OnlyClientsSend),
        (b"\xf0\x00", V3_1_1, Kind::Auth, Flaw::NeedsMqtt5),
    ] {
        assert_eq!(decoded(wire, version), Err(Malformed::new(packet, flaw)), "{wire:x?}");
    }
    let two = SubAck { reasons: vec![ReasonCode::SUCCESS; 2], ..SubAck::default() };
    assert_eq!(two.only(), Err(Malformed::new(Kind::SubAck, Flaw::Answers(2))));
    assert_eq!(header(b"\x00\x00"), Err(Malformed::new(None, Flaw::NoType)));
    assert!(header(b"\x30\x80\x80\x80\x80\x01").is_err());
}

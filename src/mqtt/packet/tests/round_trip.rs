//! Every packet survives encoding and decoding unchanged, from either sender and in every version.

use bytes::BytesMut;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use rumqttc::v5::mqttbytes::v5;

use super::{properties, qos};
use crate::message::{Flags, PublishProperties, QoS};
use crate::mqtt::limits::SUBSCRIPTION_IDENTIFIER_MAX;
use crate::mqtt::options::{MqttVersion, RetainHandling, Subscription};
use crate::mqtt::packet::*;
use crate::mqtt::reason::ReasonCode;
use crate::mqtt::trace::PacketKind;

fn version() -> impl Strategy<Value = MqttVersion> {
    prop::sample::select(MqttVersion::ALL.to_vec())
}

/// A text as packets carry it: characters of every length, but none that decoding removes.
fn text() -> impl Strategy<Value = String> {
    "[a-zü温🙂 /]{0,12}"
}

fn pairs() -> impl Strategy<Value = Vec<(String, String)>> {
    vec((text(), text()), 0..3)
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    vec(any::<u8>(), 0..40)
}

fn acknowledgement_kind() -> impl Strategy<Value = PacketKind> {
    use PacketKind::{PubAck, PubComp, PubRec, PubRel};
    prop::sample::select(vec![PubAck, PubRec, PubRel, PubComp])
}

/// A reason that a SUBACK can have.
fn granted() -> impl Strategy<Value = ReasonCode> {
    prop_oneof![0..=2_u8, 0x80..=u8::MAX].prop_map(ReasonCode)
}

fn subscription() -> impl Strategy<Value = Subscription> {
    let handling = prop::sample::select(RetainHandling::ALL.to_vec());
    (text(), qos(), any::<bool>(), any::<bool>(), handling).prop_map(
        |(filter, qos, no_local, retain_as_published, retain_handling)| Subscription {
            filter,
            qos,
            no_local,
            retain_as_published,
            retain_handling,
            ..Subscription::default()
        },
    )
}

/// The limits that `server` announces as numbers and flags.
fn limits() -> impl Strategy<Value = ServerProperties> {
    let flag = || option::of(any::<bool>());
    let qos_max = prop::sample::select(vec![None, Some(QoS::AtMostOnce), Some(QoS::AtLeastOnce)]);
    (
        (option::of(1..=u32::MAX), qos_max, flag(), option::of(1..=u16::MAX), option::of(any::<u16>())),
        (option::of(any::<u32>()), flag(), flag(), flag(), option::of(any::<u16>())),
    )
        .prop_map(|(first, second)| {
            let (packet_bytes_max, qos_max, retain_available, receive_max, keep_alive_s) = first;
            let (session_expiry_s, wildcards_available, shared_available, identifiers_available, aliases) =
                second;
            ServerProperties {
                packet_bytes_max,
                qos_max,
                retain_available,
                receive_max,
                keep_alive_s,
                session_expiry_s,
                wildcards_available,
                shared_available,
                identifiers_available,
                topic_alias_max: aliases,
                ..ServerProperties::default()
            }
        })
}

fn server() -> impl Strategy<Value = ServerProperties> {
    let text = || option::of(text());
    (limits(), text(), text(), text(), text(), pairs()).prop_map(
        |(
            limits,
            assigned_client_id,
            response_information,
            server_reference,
            reason_string,
            user_properties,
        )| {
            ServerProperties {
                assigned_client_id,
                response_information,
                server_reference,
                reason_string,
                user_properties,
                ..limits
            }
        },
    )
}

fn connect_properties() -> impl Strategy<Value = ConnectProperties> {
    let flag = || option::of(any::<bool>());
    (
        (
            option::of(any::<u32>()),
            option::of(1..=u16::MAX),
            option::of(1..=u32::MAX),
            option::of(any::<u16>()),
        ),
        (flag(), flag(), pairs(), option::of(text()), option::of(bytes())),
    )
        .prop_map(|(limits, others)| {
            let (session_expiry_s, receive_max, packet_bytes_max, topic_alias_max) = limits;
            let (response, problem, user_properties, authentication_method, authentication_data) = others;
            ConnectProperties {
                session_expiry_s,
                receive_max,
                packet_bytes_max,
                topic_alias_max,
                request_response_information: response,
                request_problem_information: problem,
                user_properties,
                authentication_method,
                authentication_data,
            }
        })
}

/// Encodes a packet and decodes it again from the receiver's side.
#[track_caller]
fn returns(sender: Sender, packet: &Incoming<'_>, version: MqttVersion) -> Result<(), TestCaseError> {
    let mut wire = Vec::new();
    packet.encode(&mut wire, version).unwrap();
    let header = header(&wire).unwrap().unwrap();
    prop_assert_eq!(header.packet_bytes(), wire.len());
    let body = &wire[header.bytes..];
    let decoded = match sender {
        Sender::Broker => decode(header, body, version),
        Sender::Client => decode_from_client(header, body, version),
    };
    prop_assert_eq!(decoded.as_ref(), Ok(packet), "{:x?}", wire);
    Ok(())
}

proptest! {
    #[test]
    fn connect_returns(
        version in version(),
        client_id in text(),
        login in (option::of(text()), option::of(bytes())),
        clean: bool,
        keep_alive_s: u16,
        will in option::of((text(), bytes(), qos(), any::<bool>(), option::of(any::<u32>()), properties())),
        properties in connect_properties(),
    ) {
        let v5 = version == MqttVersion::V5;
        let (username, password) = &login;
        let will = will.as_ref().map(|(topic, payload, qos, retain, delay_interval_s, properties)| LastWill {
            topic,
            payload,
            qos: *qos,
            retain: *retain,
            delay_interval_s: delay_interval_s.filter(|_| v5),
            properties: if v5 { properties.clone() } else { PublishProperties::default() },
        });
        let connect = Connect {
            version,
            client_id: &client_id,
            clean,
            keep_alive_s,
            username: username.as_deref(),
            password: password.as_deref().filter(|_| v5 || username.is_some()),
            will,
            properties: if v5 { properties } else { ConnectProperties::default() },
        };
        returns(Sender::Client, &Incoming::Connect(Box::new(connect)), version)?;
    }

    #[test]
    fn connack_returns(
        version in version(), session_present: bool, code: u8, server in server(),
        method in option::of(text()), data in option::of(bytes()),
    ) {
        let v5 = version == MqttVersion::V5;
        let connack = ConnAck {
            session_present,
            reason: ReasonCode::of_connack(code),
            code,
            server: if v5 { server } else { ServerProperties::default() },
            authentication_method: method.filter(|_| v5),
            authentication_data: data.filter(|_| v5),
        };
        returns(Sender::Broker, &Incoming::ConnAck(Box::new(connack)), version)?;
    }

    #[test]
    fn publish_returns_from_either_side(
        version in version(), topic in vec(any::<u8>(), 1..40), payload in bytes(), qos in qos(), flags: (bool, bool),
        packet_id in 1..=u16::MAX, alias in option::of(any::<u16>()), properties in properties(),
        identifiers in vec(1..=SUBSCRIPTION_IDENTIFIER_MAX, 0..4),
    ) {
        let v5 = version == MqttVersion::V5;
        let properties = PublishProperties { subscription_identifiers: identifiers, ..properties };
        let publish = PublishPacket {
            topic: &topic,
            flags: Flags { qos, retain: flags.0, dup: flags.1 },
            packet_id: if qos == QoS::AtMostOnce { 0 } else { packet_id },
            topic_alias: alias.filter(|_| v5),
            properties: Some(properties).filter(|properties| v5 && !properties.is_empty()),
            payload: &payload,
        };
        returns(Sender::Broker, &Incoming::Publish(publish.clone()), version)?;
        returns(Sender::Client, &Incoming::Publish(publish), version)?;
    }

    #[test]
    fn acknowledgements_return_from_either_side(
        version in version(), kind in acknowledgement_kind(), packet_id in 1..=u16::MAX, reason: u8,
        reason_string in option::of(text()),
    ) {
        let v5 = version == MqttVersion::V5;
        let reason = if v5 { ReasonCode(reason) } else { ReasonCode::SUCCESS };
        let acknowledgement = Acknowledgement { packet_id, reason, reason_string: reason_string.filter(|_| v5) };
        let packet = Incoming::Acknowledgement(kind, acknowledgement);
        returns(Sender::Broker, &packet, version)?;
        returns(Sender::Client, &packet, version)?;
    }

    #[test]
    fn subscribe_and_unsubscribe_return(
        version in version(), packet_id in 1..=u16::MAX, subscriptions in vec(subscription(), 1..4),
        identifier in option::of(1..=SUBSCRIPTION_IDENTIFIER_MAX), filters in vec(text(), 1..4),
        user_properties in vec((text(), text()), 0..3),
    ) {
        let v5 = version == MqttVersion::V5;
        let subscriptions = subscriptions.into_iter().map(|subscription| match version {
            MqttVersion::V5 => Subscription { identifier, ..subscription },
            MqttVersion::V3_1 | MqttVersion::V3_1_1 => Subscription {
                retain_as_published: false,
                ..Subscription::new(subscription.filter, subscription.qos)
            },
        });
        let mut subscribe = Subscribe { packet_id, subscriptions: subscriptions.collect() };
        let user_properties = if v5 { user_properties } else { Vec::new() };
        subscribe.subscriptions[0].user_properties.clone_from(&user_properties);
        prop_assert!(v5 || subscribe.subscriptions.iter().all(|subscription| subscription.identifier.is_none()));
        returns(Sender::Client, &Incoming::Subscribe(subscribe), version)?;
        returns(Sender::Client, &Incoming::Unsubscribe(Unsubscribe { packet_id, filters, user_properties }), version)?;
    }

    #[test]
    fn suback_and_unsuback_return(
        version in version(), packet_id in 1..=u16::MAX, granted in vec(granted(), 1..4),
        reasons in vec(any::<u8>().prop_map(ReasonCode), 1..4), reason_string in option::of(text()),
    ) {
        let v5 = version == MqttVersion::V5;
        let reason_string = reason_string.filter(|_| v5);
        let suback = SubAck { packet_id, reasons: granted, reason_string: reason_string.clone() };
        returns(Sender::Broker, &Incoming::SubAck(suback), version)?;
        let reasons = if v5 { reasons } else { Vec::new() };
        returns(Sender::Broker, &Incoming::UnsubAck(UnsubAck { packet_id, reasons, reason_string }), version)?;
    }

    #[test]
    fn disconnect_and_auth_return_from_either_side(
        version in version(), reason: u8, reason_string in option::of(text()), reference in option::of(text()),
        expiry in option::of(any::<u32>()), method in option::of(text()), data in bytes(),
        user_properties in vec((text(), text()), 0..3),
    ) {
        let v5 = version == MqttVersion::V5;
        let reason = if v5 { ReasonCode(reason) } else { ReasonCode::SUCCESS };
        let disconnect = Disconnect {
            reason,
            reason_string: reason_string.clone().filter(|_| v5),
            server_reference: reference.filter(|_| v5),
            session_expiry_s: expiry.filter(|_| v5),
            user_properties: if v5 { user_properties } else { Vec::new() },
        };
        let packet = Incoming::Disconnect(disconnect);
        returns(Sender::Broker, &packet, version)?;
        returns(Sender::Client, &packet, version)?;
        let packet = Incoming::Auth(Auth { reason, method, data, reason_string });
        returns(Sender::Broker, &packet, MqttVersion::V5)?;
        returns(Sender::Client, &packet, MqttVersion::V5)?;
    }

    #[test]
    fn arbitrary_bytes_of_a_client_are_a_packet_or_have_a_flaw(
        bytes in vec(any::<u8>(), 0..200), version in version(),
    ) {
        for first in (16..=255).step_by(3) {
            let kind = PacketKind::from_number(first >> 4).unwrap();
            let header = Header { kind, flags: first & 15, bytes: 2, remaining: bytes.len() };
            if let Err(malformed) = decode_from_client(header, &bytes, version) {
                prop_assert!(malformed.reason().is_failure());
            }
        }
    }
}

#[test]
fn pings_return() {
    for version in MqttVersion::ALL {
        returns(Sender::Client, &Incoming::PingReq, version).unwrap();
        returns(Sender::Broker, &Incoming::PingResp, version).unwrap();
    }
}

#[test]
fn what_another_codec_says_as_a_client_is_understood() {
    let read = |wire: &[u8]| {
        let header = header(wire).unwrap().unwrap();
        match decode_from_client(header, &wire[header.bytes..], MqttVersion::V5).unwrap() {
            Incoming::Subscribe(subscribe) => subscribe,
            other => panic!("{other:?}"),
        }
    };
    let filter = v5::Filter {
        nolocal: true,
        retain_forward_rule: v5::RetainForwardRule::OnNewSubscribe,
        ..v5::Filter::new("a/+", rumqttc::v5::mqttbytes::QoS::AtLeastOnce)
    };
    let properties = v5::SubscribeProperties { id: Some(300), user_properties: Vec::new() };
    let theirs = v5::Subscribe { pkid: 9, ..v5::Subscribe::new(filter, Some(properties)) };
    let mut wire = BytesMut::new();
    v5::Packet::Subscribe(theirs).write(&mut wire, None).unwrap();
    let ours = Subscription {
        no_local: true,
        retain_as_published: false,
        retain_handling: RetainHandling::SendIfNew,
        identifier: Some(300),
        ..Subscription::new("a/+", QoS::AtLeastOnce)
    };
    assert_eq!(read(&wire), Subscribe { packet_id: 9, subscriptions: vec![ours] });
}

#[test]
fn what_a_client_may_not_say_is_told_apart() {
    use MqttVersion::{V3_1_1, V5};
    use PacketKind as Kind;
    for (wire, version, packet, flaw) in [
        (&b"\x10\x02\x00\x09"[..], V5, Kind::Connect, Flaw::EndsWithin(Part::ProtocolName)),
        (b"\x10\x06\x00\x03HTTP", V5, Kind::Connect, Flaw::ProtocolName),
        (b"\x10\x07\x00\x04MQTT\x06", V5, Kind::Connect, Flaw::ProtocolLevel(6)),
        (b"\x10\x0c\x00\x04MQTT\x04\x03\x00\x00\x00\x00", V3_1_1, Kind::Connect, Flaw::ConnectFlags(0x03)),
        (b"\x10\x0c\x00\x04MQTT\x04\x42\x00\x00\x00\x00", V3_1_1, Kind::Connect, Flaw::ConnectFlags(0x42)),
        (b"\x10\x0c\x00\x04MQTT\x04\x1e\x00\x00\x00\x00", V3_1_1, Kind::Connect, Flaw::ConnectFlags(0x1E)),
        (
            b"\x10\x10\x00\x04MQTT\x05\x02\x00\x00\x03\x21\x00\x00\x00\x00",
            V5,
            Kind::Connect,
            Flaw::PropertyValue(Property::ReceiveMaximum, 0),
        ),
        (b"\x82\x03\x00\x01\x00", V5, Kind::Subscribe, Flaw::NoTopicFilter),
        (b"\x82\x06\x00\x01\x00\x01a\x03", V3_1_1, Kind::Subscribe, Flaw::SubscriptionOptions(3)),
        (b"\x82\x07\x00\x01\x00\x00\x01a\x31", V5, Kind::Subscribe, Flaw::SubscriptionOptions(0x31)),
        (b"\x80\x06\x00\x01\x00\x01a\x00", V3_1_1, Kind::Subscribe, Flaw::Flags { found: 0, wanted: 2 }),
        (b"\xa2\x03\x00\x01\x00", V5, Kind::Unsubscribe, Flaw::NoTopicFilter),
        (b"\xd0\x00", V5, Kind::PingResp, Flaw::OnlyBrokersSend),
    ] {
        let header = header(wire).unwrap().unwrap();
        let decoded = decode_from_client(header, &wire[header.bytes..], version);
        assert_eq!(decoded, Err(Malformed::new(packet, flaw)), "{wire:x?}");
    }
}

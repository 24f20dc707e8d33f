//! Brokers that break the protocol or use its rarer parts: a person reads what happened, and nothing panics, hangs or
//! shows a wrong value.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Arc;
use std::thread::Builder;
use std::time::Duration;

use bytes::Bytes;
use crossbeam_channel::{Receiver, bounded};
use mqttree::message::{Flags, QoS};
use mqttree::model::Limits;
use mqttree::mqtt::options::{ConnectOptions, MqttVersion, Secrets, Subscription, VersionChoice};
use mqttree::mqtt::packet::{self, ConnAck, Incoming, PINGRESP, ServerProperties, UnsubAck};
use mqttree::mqtt::reason::ReasonCode;
use mqttree::mqtt::trace::PacketKind;
use mqttree::session::connection_log::LogEvent;
use mqttree::session::status::{ConnectionState, PublishOutcome};
use mqttree::session::{Declined, Goodbye, Opening, Publish, Session};

use crate::harness::packets::{acknowledgement, announcing, connack, message, refusal, sent, suback};
use crate::harness::{DEADLINE, FakeServer, Watched, options, until};

/// Options without subscriptions, so that the server's bytes are the first that arrive.
pub fn quiet(port: u16, version: impl Into<VersionChoice>) -> ConnectOptions {
    ConnectOptions { subscriptions: Vec::new(), ..options(port, version) }
}

/// A server that sends these bytes after CONNECT and returns everything it reads afterwards.
fn server(answer: &[u8]) -> (FakeServer, Receiver<Vec<u8>>) {
    let (sender, receiver) = bounded(1_024);
    let answer = answer.to_vec();
    let server = FakeServer::start(move |stream| {
        let mut request = [0; 4096];
        if stream.read(&mut request).is_err() || stream.write_all(&answer).is_err() {
            return;
        }
        while let Ok(count @ 1..) = stream.read(&mut request) {
            if sender.send(request[..count].to_vec()).is_err() {
                return;
            }
        }
    });
    (server, receiver)
}

/// Waits until the server has read `wanted` after CONNECT.
#[track_caller]
fn expect(read: &Receiver<Vec<u8>>, wanted: &[u8]) {
    let mut all = Vec::new();
    while !all.windows(wanted.len()).any(|window| window == wanted) {
        let bytes = read.recv_timeout(DEADLINE);
        all.extend(bytes.unwrap_or_else(|error| panic!("{wanted:x?} is not in {all:x?}: {error}")));
    }
}

fn answer(version: MqttVersion, more: &[u8]) -> Vec<u8> {
    [&connack(version), more].concat()
}

#[test]
fn every_packet_that_breaks_the_protocol_is_said_in_words_and_to_the_broker() {
    use MqttVersion::{V3_1, V3_1_1, V5};
    for (version, bytes, why, reason) in [
        (V5, &b"\x36\x06\x00\x01a\x00\x01\x00"[..], "a PUBLISH that breaks the protocol: its QoS is 3", 0x81),
        (V3_1_1, b"\x36\x05\x00\x01a\x00\x01", "its QoS is 3, which does not exist", 0),
        (V3_1, b"\x30\x02\x00\x09", "a PUBLISH that breaks the protocol: it ends within its topic", 0),
        (V5, b"\x30\x03\x00\x00\x00", "its topic is empty", 0x82),
        (V5, b"\x30\x06\x00\x00\x03\x23\x00\x01", "its topic alias is 1, allowed were none", 0x94),
        (V5, b"\x32\x06\x00\x01a\x00\x00\x00", "its packet identifier is 0", 0x81),
        (V5, b"\x30\x07\x00\x01a\x03\x21\x00\x01", "it has a receive maximum, which does not belong", 0x82),
        (V5, b"\x30\xff\xff\xff\xff\x01", "its length takes more than four bytes", 0x81),
        (V3_1_1, b"\x00\x00", "a packet that breaks the protocol: its type is 0", 0),
        (V5, b"\xc0\x00", "a PINGREQ that breaks the protocol: only clients send it", 0x82),
        (V5, b"\x20\x03\x00\x00\x00", "a CONNACK that breaks the protocol: it came twice", 0x82),
        (V5, b"\xf0\x00", "an AUTH that breaks the protocol: the broker authenticates again", 0x82),
        (V3_1_1, b"\xf0\x00", "only MQTT 5 has it", 0),
        (V5, b"\x90\x04\x00\x01\x00\x03", "it grants QoS 3, which does not exist", 0x81),
        (V5, b"\x42\x02\x00\x01", "its flags are 0b0010 and must be 0", 0x81),
        (V5, b"\x90\xff\xff\xff\x7f", "it has 268435455 bytes", 0x81),
    ] {
        let (server, read) = server(&answer(version, bytes));
        let session = Watched::open(quiet(server.port, version));
        let failure = session.failure();
        assert_eq!(failure.what, format!("Connection to 127.0.0.1:{}", server.port), "{failure:?}");
        assert!(failure.why.contains(why), "{failure:?}");
        if reason != 0 {
            expect(&read, &[0xE0, 1, reason]);
        }
    }
}

#[test]
fn a_first_packet_that_is_not_connack_is_named() {
    for (bytes, why) in [
        (&b"\x40\x02\x00\x01"[..], "the answer is PUBACK and not CONNACK"),
        (b"\x30\x04\x00\x01a\x00", "the answer is PUBLISH and not CONNACK"),
        (b"\xe0\x01\x8b", "ended by the broker: server shutting down"),
        (
            b"\x20\x01\x00",
            "the broker sent a CONNACK that breaks the protocol: it ends within its reason code",
        ),
        (b"\x20\x02\x00\x00", "it has no properties, as if this were MQTT 3.1.1"),
        (b"\xf0\x00", "the broker asks for an authentication that was not offered"),
        (b"\x00\x01\x02\x03", "the answer is not MQTT"),
        (b"SSH-2.0-server\r\n", "the answer is not MQTT"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "the port speaks HTTP, not MQTT"),
        (b"\x15\x03\x01\x00\x02\x02\x46", "the port speaks TLS"),
    ] {
        let (server, _read) = server(bytes);
        let failure = Watched::open(quiet(server.port, MqttVersion::V5)).failure();
        assert!(failure.why.contains(why), "{bytes:x?}: {failure:?}");
    }
}

#[test]
fn a_refusal_has_the_brokers_words_and_another_broker_that_it_names() {
    let moved = ServerProperties {
        reason_string: Some("moved".to_owned()),
        server_reference: Some("other:1883".to_owned()),
        ..ServerProperties::default()
    };
    let connack = ConnAck { code: 0x9D, server: moved, ..ConnAck::default() };
    let (server, _read) = server(&sent(&Incoming::ConnAck(Box::new(connack)), MqttVersion::V5));
    let failure = Watched::open(quiet(server.port, MqttVersion::V5)).failure();
    assert_eq!(failure.why, "server moved (moved); it names other:1883");
}

#[test]
fn disconnect_is_understood_in_all_its_lengths() {
    for (bytes, why) in [
        (&b"\xe0\x00"[..], "ended by the broker without a reason"),
        (b"\xe0\x01\x8e", "ended by the broker: session taken over"),
        (b"\xe0\x02\x98\x00", "ended by the broker: administrative action"),
        (b"\xe0\x0a\x97\x08\x1f\x00\x05quota", "ended by the broker: quota exceeded (quota)"),
    ] {
        let (server, _read) = server(&answer(MqttVersion::V5, bytes));
        assert_eq!(Watched::open(quiet(server.port, MqttVersion::V5)).failure().why, why);
    }
}

#[test]
fn a_packet_above_our_limit_is_named_with_both_sizes() {
    let (server, read) = server(&answer(MqttVersion::V5, b"\x30\x88\x27\x00\x01a\x00"));
    let mut options = quiet(server.port, MqttVersion::V5);
    options.mqtt5.packet_bytes_max = Some(1_000);
    let failure = Watched::open(options).failure();
    assert_eq!(failure.why, "Packet too large: PUBLISH of 5003 bytes; this connection allows 1000");
    expect(&read, b"\xe0\x01\x95");
}

#[test]
fn a_header_that_announces_much_and_sends_nothing_costs_nothing() {
    for version in MqttVersion::ALL {
        let message = message(version, Flags::default(), 0, "a", "1");
        let huge = b"\x30\xff\xff\xff\x7f\x00\x01a\x00";
        let (server, _read) = server(&answer(version, &[&message[..], huge].concat()));
        let session = Watched::open(quiet(server.port, version));
        until(|| session.describe(), || session.counters().received == 1);
        session.assert_held();
    }
}

#[test]
fn topic_aliases_stand_for_their_topics_per_connection() {
    let aliased = |topic: &str, alias, payload: &str| {
        let (topic, topic_alias, payload) = (topic.as_bytes(), Some(alias), payload.as_bytes());
        let flags = Flags::default();
        let publish =
            packet::PublishPacket { topic, flags, packet_id: 0, topic_alias, properties: None, payload };
        sent(&Incoming::Publish(publish), MqttVersion::V5)
    };
    let publishes = [("a", 1, "1"), ("", 1, "2"), ("b", 2, "3"), ("c", 1, "4"), ("", 1, "5")]
        .map(|(topic, alias, payload)| aliased(topic, alias, payload));
    let (server, _read) = server(&answer(MqttVersion::V5, &publishes.concat()));
    let mut options = quiet(server.port, MqttVersion::V5);
    options.mqtt5.topic_alias_max = 2;
    let session = Watched::open(options.clone());
    for (topic, payload) in [("a", b"2"), ("b", b"3"), ("c", b"5")] {
        session.wait_for_payload(topic, payload);
    }
    assert_eq!(session.topics(), 3, "no message without a topic");

    for (topic, alias, why) in [
        ("", 2, "its topic alias 2 stands for no topic"),
        ("a", 3, "its topic alias is 3, allowed were 1 to 2"),
        ("a", 0, "its topic alias is 0, allowed were 1 to 2"),
    ] {
        let (server, _read) = self::server(&answer(MqttVersion::V5, &aliased(topic, alias, "1")));
        let failure = Watched::open(ConnectOptions { port: server.port, ..options.clone() }).failure();
        assert!(failure.why.contains(why), "{failure:?}");
    }
}

#[test]
fn several_subscription_identifiers_are_shown_and_the_payload_is_whole() {
    let publish = b"\x30\x12\x00\x01a\x09\x0b\x01\x0b\x80\x01\x0b\x02\x01\x01HELLO";
    let (server, _read) = server(&answer(MqttVersion::V5, publish));
    let session = Watched::open(quiet(server.port, MqttVersion::V5));
    let newest = session.wait_for("a");
    assert_eq!(newest.payload, b"HELLO");
    assert_eq!(newest.properties.unwrap().subscription_identifiers, [1, 128, 2]);
}

#[test]
fn a_message_of_qos_2_that_comes_twice_is_shown_once_and_released_once() {
    for version in MqttVersion::ALL {
        let publish =
            |dup| message(version, Flags { qos: QoS::ExactlyOnce, dup, retain: false }, 7, "a", "1");
        let release = || acknowledgement(version, PacketKind::PubRel, 7, ReasonCode::SUCCESS);
        let more = [publish(false), publish(true), release(), release(), publish(false)].concat();
        let (server, read) = server(&answer(version, &more));
        let session = Watched::open(quiet(server.port, version));
        // The second release is for an unknown identifier but is answered anyway; after that the identifier is new.
        let unknown: &[u8] =
            if version == MqttVersion::V5 { b"\x70\x03\x00\x07\x92" } else { b"\x70\x02\x00\x07" };
        expect(
            &read,
            &[b"\x50\x02\x00\x07\x50\x02\x00\x07\x70\x02\x00\x07", unknown, b"\x50\x02\x00\x07"].concat(),
        );
        until(|| session.describe(), || session.counters().received == 2);
        session.assert_held();
    }
}

#[test]
fn acknowledgements_of_nothing_are_no_reason_to_leave() {
    for version in MqttVersion::ALL {
        let kinds = [PacketKind::PubAck, PacketKind::PubRec, PacketKind::PubComp, PacketKind::PubRel];
        let acknowledgements = kinds.map(|kind| acknowledgement(version, kind, 9, ReasonCode::SUCCESS));
        let reasons = vec![ReasonCode::SUCCESS];
        let unsuback = UnsubAck { packet_id: 9, reasons, reason_string: None };
        let more = [
            acknowledgements.concat(),
            PINGRESP.repeat(2),
            sent(&Incoming::UnsubAck(unsuback), version),
            message(version, Flags::default(), 0, "a", "1"),
        ];
        let (server, _read) = server(&answer(version, &more.concat()));
        let session = Watched::open(quiet(server.port, version));
        session.wait_for("a");
        session.assert_held();
    }
}

#[test]
fn an_answer_of_the_wrong_kind_ends_the_connection_at_once() {
    use MqttVersion::{V3_1_1, V5};
    use PacketKind::{PubAck, PubComp, PubRec};
    for (version, qos, kind, why) in [
        (
            V5,
            QoS::ExactlyOnce,
            PubAck,
            "PUBACK that breaks the protocol: it answers PUBLISH where PUBREC must",
        ),
        (V3_1_1, QoS::ExactlyOnce, PubComp, "it answers PUBLISH where PUBREC must"),
        (V3_1_1, QoS::AtLeastOnce, PubRec, "it answers PUBLISH where PUBACK must"),
        (V5, QoS::AtLeastOnce, PubComp, "it answers PUBLISH where PUBACK must"),
    ] {
        let bytes = acknowledgement(version, kind, 1, ReasonCode::SUCCESS);
        let why_not = wrong_answer(version, &bytes, |session| {
            session.publish(publish("on", qos)).unwrap();
        });
        assert!(why_not.contains(why), "{why_not}");
    }
    let subscribe = |session: &Watched| {
        session.subscribe(&Subscription::new("a", QoS::AtMostOnce)).unwrap();
    };
    let puback = acknowledgement(V3_1_1, PubAck, 1, ReasonCode::SUCCESS);
    assert!(wrong_answer(V3_1_1, &puback, subscribe).contains("it answers SUBSCRIBE where SUBACK must"));
    let two = wrong_answer(V3_1_1, b"\x90\x04\x00\x01\x00\x00", subscribe);
    assert!(two.contains("it answers 2 topic filters instead of one"), "{two}");
    let unsubscribe = |session: &Watched| session.unsubscribe("a").unwrap();
    let suback = suback(V5, 1, 0);
    assert!(wrong_answer(V5, &suback, unsubscribe).contains("it answers UNSUBSCRIBE where UNSUBACK must"));
    let two = wrong_answer(V5, b"\xb0\x05\x00\x01\x00\x00\x00", unsubscribe);
    assert!(two.contains("it answers 2 topic filters instead of one"), "{two}");
}

/// Why the connection ends when the first request is answered with these bytes.
fn wrong_answer(version: MqttVersion, bytes: &[u8], ask: impl Fn(&Watched)) -> String {
    let server = FakeServer::answering(&[connack(version), bytes.to_vec()]);
    let session = Watched::open(quiet(server.port, version));
    session.wait("connected", |status| status.state.is_connected());
    ask(&session);
    session.failure().why
}

#[test]
fn more_messages_than_our_receive_maximum_are_refused() {
    let at_qos_2 = Flags { qos: QoS::ExactlyOnce, ..Flags::default() };
    let messages = [1, 2, 3].map(|packet_id| message(MqttVersion::V5, at_qos_2, packet_id, "a", "1"));
    let (server, read) = server(&answer(MqttVersion::V5, &messages.concat()));
    let mut options = quiet(server.port, MqttVersion::V5);
    options.mqtt5.receive_max = Some(2);
    let failure = Watched::open(options).failure();
    assert!(failure.why.contains("receive maximum"), "{failure:?}");
    expect(&read, b"\xe0\x01\x93");
}

#[test]
fn the_brokers_receive_maximum_is_kept_and_other_requests_get_past_it() {
    // Nothing is acknowledged.
    let one = ServerProperties { receive_max: Some(1), ..ServerProperties::default() };
    let (server, read) = server(&announcing(MqttVersion::V5, false, one));
    let session = Watched::open(quiet(server.port, MqttVersion::V5));
    session.wait("connected", |status| status.state.is_connected());
    for payload in ["1", "2"] {
        session.publish(publish(payload, QoS::AtLeastOnce)).unwrap();
    }
    session.subscribe(&Subscription::new("later", QoS::AtMostOnce)).unwrap();
    let mut all = Vec::new();
    while !all.windows(5).any(|window| window == b"later") {
        all.extend(read.recv_timeout(DEADLINE).unwrap());
    }
    assert_eq!(all.iter().filter(|byte| **byte & 0xF6 == 0x32).count(), 1, "one PUBLISH: {all:x?}");
}

pub fn publish(payload: &str, qos: QoS) -> Publish {
    Publish {
        topic: "t".to_owned(),
        payload: Bytes::copy_from_slice(payload.as_bytes()),
        qos,
        ..Publish::default()
    }
}

/// The next bytes; empty at the end of the stream.
pub fn hear(stream: &mut TcpStream) -> Vec<u8> {
    let mut bytes = vec![0; 4096];
    let count = stream.read(&mut bytes).unwrap_or_default();
    bytes.truncate(count);
    bytes
}

/// Reads until `wanted` has arrived.
pub fn hear_until(stream: &mut TcpStream, wanted: &[u8]) -> Vec<u8> {
    let mut all = Vec::new();
    while !all.windows(wanted.len()).any(|window| window == wanted) {
        match hear(stream) {
            bytes if bytes.is_empty() => break,
            bytes => all.extend(bytes),
        }
    }
    all
}

#[test]
fn auto_falls_back_to_3_1_1_at_once_says_so_and_remembers_what_is_certain() {
    // How old brokers refuse MQTT 5, and one answer that is not a refusal but 3.1.1.
    for (refusal, next) in [
        (refusal(MqttVersion::V3_1_1, 1), 4),
        (refusal(MqttVersion::V5, 0x84), 4),
        // These may have been chance.
        (connack(MqttVersion::V3_1_1), 5),
        (Vec::new(), 5),
    ] {
        let said_instead = refusal.clone();
        let levels = Arc::new(parking_lot::Mutex::new(Vec::new()));
        let seen = levels.clone();
        let server = FakeServer::start(move |stream| {
            let mut request = [0; 1024];
            if stream.read(&mut request).is_ok_and(|count| count > 9) {
                seen.lock().push(request[8]);
                if request[8] == 4 {
                    stream.write_all(&connack(MqttVersion::V3_1_1)).ok();
                    // The first connection ends soon; the next should begin with what is known.
                    if seen.lock().len() > 2 {
                        while stream.read(&mut request).is_ok_and(|count| count > 0) {}
                    }
                } else {
                    stream.write_all(&said_instead).ok();
                }
            }
        });
        let session = Watched::open(quiet(server.port, VersionChoice::Auto));
        until(|| session.describe(), || levels.lock().len() >= 3);
        assert_eq!(levels.lock()[..3], [5, 4, next], "{refusal:x?}");
        let status = session.wait("connected again", |status| status.connects == 2);
        assert!(matches!(status.state, ConnectionState::Connected { version: MqttVersion::V3_1_1, .. }));
        let said = |event: &LogEvent| {
            matches!(event, LogEvent::Fallback { from: MqttVersion::V5, to: MqttVersion::V3_1_1, .. })
        };
        assert!(session.logged(said) > 0, "{}", session.describe());
    }
}

/// A server that answers MQTT 5 only like this and speaks 3.1.1. Returns the protocol levels of all attempts.
fn speaking_3_1_1(to_5: impl Fn(&mut TcpStream) + Clone + Send + 'static) -> (FakeServer, Receiver<u8>) {
    let (sender, receiver) = bounded(64);
    let server = FakeServer::start(move |stream| {
        let mut request = [0; 1024];
        let Ok(10..) = stream.read(&mut request) else { return };
        sender.send(request[8]).ok();
        if request[8] == 5 {
            to_5(stream);
        } else {
            stream.write_all(&connack(MqttVersion::V3_1_1)).ok();
            while stream.read(&mut request).is_ok_and(|count| count > 0) {}
        }
    });
    (server, receiver)
}

#[test]
fn auto_falls_back_to_3_1_1_when_connect_is_not_answered() {
    let (server, levels) = speaking_3_1_1(|stream| while !hear(stream).is_empty() {});
    let mut options = quiet(server.port, VersionChoice::Auto);
    options.network.connect_timeout_s = 1;
    let session = Watched::open(options);
    let status = session.wait("connected", |status| status.connects == 1);
    assert!(matches!(status.state, ConnectionState::Connected { version: MqttVersion::V3_1_1, .. }));
    assert_eq!(levels.try_iter().collect::<Vec<_>>(), [5, 4]);
}

#[test]
fn what_a_broker_spoke_is_tried_first_and_mqtt_5_again_when_it_no_longer_does() {
    let presuming = |port| {
        let opening = Opening {
            options: quiet(port, VersionChoice::Auto),
            presumed: Some(MqttVersion::V3_1_1),
            is_held: false,
        };
        Session::open(opening, Secrets::default(), Limits::default(), Arc::new(|| ()))
    };
    let connected =
        |session: &Session| until(|| format!("{:?}", session.status()), || session.status().connects == 1);
    let (server, levels) = speaking_3_1_1(|_| ());
    let session = presuming(server.port);
    connected(&session);
    assert_eq!(levels.try_iter().collect::<Vec<_>>(), [4]);
    assert_eq!(session.status().found, None, "it was not asked");

    let (sender, levels) = bounded(64);
    let server = FakeServer::start(move |stream| {
        let mut request = [0; 1024];
        let Ok(10..) = stream.read(&mut request) else { return };
        sender.send(request[8]).ok();
        if request[8] == 5 {
            stream.write_all(&connack(MqttVersion::V5)).ok();
            while stream.read(&mut request).is_ok_and(|count| count > 0) {}
        } else {
            stream.write_all(&refusal(MqttVersion::V3_1_1, 1)).ok();
        }
    });
    let session = presuming(server.port);
    connected(&session);
    assert_eq!(levels.try_iter().collect::<Vec<_>>(), [4, 5]);
    assert_eq!(session.status().found, Some(MqttVersion::V5));
}

#[test]
fn what_auto_tried_is_named_when_nothing_works() {
    let closing = FakeServer::closing();
    let failure = Watched::open(quiet(closing.port, VersionChoice::Auto)).failure();
    assert!(failure.why.ends_with("(MQTT 5 and 3.1.1 were tried)"), "{failure:?}");
    let failure = Watched::open(quiet(closing.port, MqttVersion::V5)).failure();
    assert!(!failure.why.contains("tried"), "{failure:?}");
}

#[test]
fn auto_does_not_fall_back_over_a_wrong_password() {
    for (version, code) in [(MqttVersion::V5, 0x86), (MqttVersion::V3_1_1, 5), (MqttVersion::V5, 0x88)] {
        let (server, _read) = server(&refusal(version, code));
        let session = Watched::open(quiet(server.port, VersionChoice::Auto));
        session.failure();
        let fallbacks = session.logged(|event| matches!(event, LogEvent::Fallback { .. }));
        assert_eq!(fallbacks, 0, "{}", session.describe());
    }
}

#[test]
fn pings_go_out_while_the_model_is_busy() {
    let (sender, pings) = bounded(1_024);
    let server = FakeServer::start(move |stream| {
        hear(stream); // CONNECT
        stream.write_all(&connack(MqttVersion::V3_1_1)).ok();
        let mut reading = stream.try_clone().unwrap();
        let sender = sender.clone();
        let reader = Builder::new().name("fake-reader".to_owned()).spawn(move || {
            while let Some(first) = hear(&mut reading).first() {
                sender.try_send(*first).ok();
            }
        });
        let packet = message(MqttVersion::V3_1_1, Flags::default(), 0, "a", [b'x'; 1_000]);
        while stream.write_all(&packet).is_ok() {}
        reader.unwrap().join().ok();
    });
    let session =
        Watched::open(ConnectOptions { keep_alive_s: 1, ..quiet(server.port, MqttVersion::V3_1_1) });
    let model = session.model().clone();
    let busy = model.lock();
    until(|| session.describe(), || session.counters().held_back);
    while pings.try_recv().is_ok() {}
    for _ in 0..3 {
        assert_eq!(pings.recv_timeout(Duration::from_secs(5)), Ok(0xC0), "{}", session.describe());
    }
    drop(busy);
    session.assert_held();
}

#[test]
fn disconnect_gets_past_messages_that_the_broker_does_not_take() {
    // Nothing is acknowledged.
    let one = ServerProperties { receive_max: Some(1), ..ServerProperties::default() };
    let (server, read) = server(&announcing(MqttVersion::V5, false, one));
    let session = Watched::open(quiet(server.port, MqttVersion::V5));
    session.wait("connected", |status| status.state.is_connected());
    for _ in 0..400 {
        session.publish(publish("1", QoS::AtLeastOnce)).unwrap();
    }
    expect(&read, b"\x00\x01t\x00\x01");
    session.disconnect();
    expect(&read, b"\xe0\x00");
    session.wait("disconnected", |status| status.state == ConnectionState::Disconnected);
    assert_eq!(session.status().failure, None, "{}", session.describe());
}

#[test]
fn disconnect_that_cannot_be_sent_is_no_failure_and_no_reason_to_wait() {
    let (end, ended) = bounded::<()>(1);
    let server = FakeServer::start(move |stream| {
        hear(stream); // CONNECT
        stream.write_all(&connack(MqttVersion::V3_1_1)).ok();
        hear(stream); // A part of the message that follows.
        ended.recv().ok();
    });
    let session = Watched::open(quiet(server.port, MqttVersion::V3_1_1));
    session.wait("connected", |status| status.state.is_connected());
    let large = Bytes::from(vec![b'x'; 50_000_000]);
    session.publish(Publish { payload: large, ..publish("", QoS::AtMostOnce) }).unwrap();
    session.disconnect_with(Goodbye { grace: Duration::from_mins(1), ..Goodbye::default() });
    end.send(()).unwrap();
    session.wait("disconnected", |status| status.state == ConnectionState::Disconnected);
    let status = session.status();
    assert_eq!(status.failure, None, "{}", session.describe());
    let retried = session.logged(|event| matches!(event, LogEvent::NextAttempt { .. }));
    assert_eq!(retried, 0, "{}", session.describe());
}

#[test]
fn disconnecting_while_nothing_is_read_is_no_end_by_the_broker() {
    let server = FakeServer::start(move |stream| {
        hear(stream); // CONNECT
        stream.write_all(&connack(MqttVersion::V3_1_1)).ok();
        let mut reading = stream.try_clone().unwrap();
        let reader = Builder::new().name("fake-reader".to_owned()).spawn(move || {
            let disconnect = hear(&mut reading);
            reading.shutdown(std::net::Shutdown::Both).ok();
            disconnect
        });
        let packet = message(MqttVersion::V3_1_1, Flags::default(), 0, "a", [b'x'; 1_000]);
        while stream.write_all(&packet).is_ok() {}
        assert_eq!(reader.unwrap().join().unwrap(), b"\xe0\x00");
    });
    let session = Watched::open(quiet(server.port, MqttVersion::V3_1_1));
    {
        let _busy = session.model().lock();
        until(|| session.describe(), || session.counters().held_back);
        session.disconnect();
    }
    session.wait("disconnected", |status| status.state == ConnectionState::Disconnected);
    assert_eq!(session.status().failure, None, "{}", session.describe());
}

#[test]
fn what_the_broker_notes_at_qos_2_is_kept_to_the_end() {
    let server = FakeServer::start(|stream| {
        // Answers to CONNECT, PUBLISH and PUBREL.
        let version = MqttVersion::V5;
        let nobody = ReasonCode::NO_MATCHING_SUBSCRIBERS;
        for answer in [
            connack(version),
            acknowledgement(version, PacketKind::PubRec, 1, nobody),
            acknowledgement(version, PacketKind::PubComp, 1, ReasonCode::SUCCESS),
        ] {
            hear(stream);
            stream.write_all(&answer).ok();
        }
        while !hear(stream).is_empty() {}
    });
    let session = Watched::open(quiet(server.port, MqttVersion::V5));
    session.wait("connected", |status| status.state.is_connected());
    let outcome = session.outcome(publish("1", QoS::ExactlyOnce));
    assert_eq!(outcome, PublishOutcome::Acknowledged(ReasonCode::NO_MATCHING_SUBSCRIBERS.into()));
}

#[test]
fn an_answer_to_a_subscription_that_was_changed_meanwhile_is_not_taken_for_the_new_one() {
    let server = FakeServer::start(|stream| {
        hear(stream); // CONNECT
        stream.write_all(&connack(MqttVersion::V5)).ok();
        hear_until(stream, b"\x00\x01f\x0A"); // retain as published, QoS 2
        for (packet_id, granted) in [(1, 0), (2, 2)] {
            stream.write_all(&suback(MqttVersion::V5, packet_id, granted)).ok();
        }
        while !hear(stream).is_empty() {}
    });
    let session = Watched::open(quiet(server.port, MqttVersion::V5));
    session.wait("connected", |status| status.state.is_connected());
    for qos in [QoS::AtMostOnce, QoS::ExactlyOnce] {
        session.subscribe(&Subscription::new("f", qos)).unwrap();
    }
    session.wait_until_subscribed();
    let falsely =
        |event: &LogEvent| matches!(event, LogEvent::Subscribed { asked, granted, .. } if asked != granted);
    assert_eq!(session.logged(falsely), 0, "{}", session.describe());
}

#[test]
fn an_identifier_that_no_broker_takes_is_refused_before_it_ends_the_connection() {
    let (server, _read) = server(&connack(MqttVersion::V5));
    let session = Watched::open(quiet(server.port, MqttVersion::V5));
    session.wait("connected", |status| status.state.is_connected());
    let with =
        |identifier| Subscription { identifier: Some(identifier), ..Subscription::new("a", QoS::AtMostOnce) };
    for identifier in [0, 268_435_456] {
        assert_eq!(session.subscribe(&with(identifier)), Err(Declined::Identifier));
    }
    session.subscribe(&with(268_435_455)).unwrap();
    assert_eq!(session.change_subscription("a", &with(0)), Err(Declined::Identifier));
    assert_eq!(session.status().subscriptions.len(), 1);
}

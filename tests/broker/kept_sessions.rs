//! Sessions that the broker keeps between connections: what is sent again, what is answered, and what is new.

use std::io::Write as _;
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crossbeam_channel::bounded;
use mqttree::message::{Flags, QoS};
use mqttree::mqtt::options::{ConnectOptions, MqttVersion, Subscription};
use mqttree::mqtt::packet::ServerProperties;
use mqttree::mqtt::reason::ReasonCode;
use mqttree::mqtt::trace::PacketKind;
use mqttree::session::status::PublishOutcome;

use crate::harness::packets::{acknowledgement, announcing, connack, connack_with_session, message, puback};
use crate::harness::{DEADLINE, FakeServer, Watched, until};
use crate::rude::{hear, hear_until, publish, quiet};

/// A server that handles its first connection with `first` after CONNECT, and later ones with `then`. Both close it
/// afterwards.
fn twice(
    first: impl Fn(&mut TcpStream) + Clone + Send + 'static,
    then: impl Fn(&mut TcpStream) + Clone + Send + 'static,
) -> FakeServer {
    let connections = Arc::new(AtomicUsize::new(0));
    FakeServer::start(move |stream| {
        hear(stream); // CONNECT
        if connections.fetch_add(1, Ordering::SeqCst) == 0 {
            first(stream);
        } else {
            then(stream);
            while !hear(stream).is_empty() {}
        }
    })
}

/// Options for a session that the broker should keep.
fn kept(port: u16, version: MqttVersion) -> ConnectOptions {
    ConnectOptions { clean_session: false, client_id: "kept".to_owned(), ..quiet(port, version) }
}

#[test]
fn what_was_not_acknowledged_is_sent_again_in_a_session_that_was_kept() {
    let (sender, reconnected) = bounded(1_024);
    let connections = Arc::new(AtomicUsize::new(0));
    let server = FakeServer::start(move |stream| {
        hear(stream); // CONNECT
        if connections.fetch_add(1, Ordering::SeqCst) == 0 {
            // A CONNACK, but the connection ends instead of a PUBACK.
            stream.write_all(&connack(MqttVersion::V3_1_1)).ok();
            hear(stream);
        } else {
            // A CONNACK with a session, then a PUBACK.
            stream.write_all(&connack_with_session(MqttVersion::V3_1_1)).ok();
            sender.try_send(hear(stream)).ok();
            stream.write_all(&puback(MqttVersion::V3_1_1, 1)).ok();
            while !hear(stream).is_empty() {}
        }
    });
    let options = ConnectOptions {
        clean_session: false,
        client_id: "kept".to_owned(),
        ..quiet(server.port, MqttVersion::V3_1_1)
    };
    let session = Watched::open(options);
    session.wait("connected", |status| status.state.is_connected());
    let outcome = session.outcome(publish("1", QoS::AtLeastOnce));
    assert!(matches!(outcome, PublishOutcome::Acknowledged { .. }), "{outcome:?}");
    let again = reconnected.recv_timeout(DEADLINE).unwrap();
    assert_eq!(again, b"\x3a\x06\x00\x01t\x00\x011", "the same with DUP");
}

#[test]
fn what_was_never_sent_is_answered_when_the_connection_ends_also_in_a_session_that_was_kept() {
    let connections = Arc::new(AtomicUsize::new(0));
    let server = FakeServer::start(move |stream| {
        hear(stream); // CONNECT
        let one = ServerProperties { receive_max: Some(1), ..ServerProperties::default() };
        if connections.fetch_add(1, Ordering::SeqCst) == 0 {
            // A CONNACK, but the connection ends instead of a PUBACK.
            stream.write_all(&announcing(MqttVersion::V5, false, one)).ok();
            hear_until(stream, b"later");
        } else {
            stream.write_all(&announcing(MqttVersion::V5, true, one)).ok();
            hear(stream);
            stream.write_all(&puback(MqttVersion::V5, 1)).ok();
            while !hear(stream).is_empty() {}
        }
    });
    let options = ConnectOptions {
        clean_session: false,
        client_id: "kept".to_owned(),
        ..quiet(server.port, MqttVersion::V5)
    };
    let session = Watched::open(options);
    session.wait("connected", |status| status.state.is_connected());
    let tokens = ["1", "2"].map(|payload| session.publish(publish(payload, QoS::AtLeastOnce)).unwrap());
    let unsent = session.publish(publish("3", QoS::AtMostOnce)).unwrap();
    // It overtakes them: once the broker has it, they were taken.
    session.subscribe(&Subscription::new("later", QoS::AtMostOnce)).unwrap();
    let answers = session.wait("all answers", |status| status.publishes.len() == 3);
    let answer =
        |token| answers.publishes.iter().find(|answer| answer.token == token).unwrap().outcome.clone();
    assert!(matches!(answer(tokens[0]), PublishOutcome::Acknowledged { .. }), "{}", session.describe());
    assert_eq!((answer(tokens[1]), answer(unsent)), (PublishOutcome::Lost, PublishOutcome::Lost));
}

#[test]
fn what_is_sent_again_keeps_to_what_the_broker_takes_now() {
    let (sender, heard) = bounded(1_024);
    let server = twice(
        |stream| {
            stream.write_all(&connack(MqttVersion::V5)).ok();
            hear_until(stream, b"\x00\x03\x00large");
        },
        move |stream| {
            let (receive_max, packet_bytes_max) = (Some(1), Some(11));
            let less = ServerProperties { receive_max, packet_bytes_max, ..ServerProperties::default() };
            stream.write_all(&announcing(MqttVersion::V5, true, less)).ok();
            for packet_id in [1, 2] {
                sender.try_send(hear(stream)).ok();
                stream.write_all(&puback(MqttVersion::V5, packet_id)).ok();
            }
        },
    );
    let session = Watched::open(kept(server.port, MqttVersion::V5));
    session.wait("connected", |status| status.state.is_connected());
    for payload in ["1", "2", "large"] {
        session.publish(publish(payload, QoS::AtLeastOnce)).unwrap();
    }
    let status = session.wait("all answers", |status| status.publishes.len() == 3);
    let refused = |outcome: &PublishOutcome| matches!(outcome, PublishOutcome::Refused(_));
    let answers: Vec<_> = status.publishes.iter().map(|answer| refused(&answer.outcome)).collect();
    assert_eq!(answers.iter().filter(|refused| **refused).count(), 1, "{}", session.describe());
    assert_eq!(heard.recv_timeout(DEADLINE).unwrap(), b"\x3a\x07\x00\x01t\x00\x01\x001", "one at a time");
    assert_eq!(heard.recv_timeout(DEADLINE).unwrap(), b"\x3a\x07\x00\x01t\x00\x02\x002");
}

#[test]
fn with_mqtt_3_1_an_identifier_is_new_where_the_broker_may_have_lost_the_session() {
    let version = MqttVersion::V3_1;
    let at_qos_2 = |packet_id, dup| {
        message(version, Flags { qos: QoS::ExactlyOnce, dup, retain: false }, packet_id, "a", "1")
    };
    let first = [connack(version), at_qos_2(7, false), at_qos_2(8, false)].concat();
    let last = message(version, Flags::default(), 0, "b", "1");
    let then = [connack(version), at_qos_2(7, true), at_qos_2(8, false), last].concat();
    let server = twice(
        move |stream| {
            stream.write_all(&first).ok();
            hear_until(stream, b"\x50\x02\x00\x08");
        },
        move |stream| drop(stream.write_all(&then)),
    );
    let session = Watched::open(kept(server.port, version));
    session.wait_for("b");
    assert_eq!(session.counters().received, 4, "the one with DUP is known\n{}", session.describe());
}

#[test]
fn a_message_that_was_refused_for_the_receive_maximum_is_not_lost() {
    let version = MqttVersion::V5;
    let at_qos_2 = move |packet_id, dup| {
        message(version, Flags { qos: QoS::ExactlyOnce, dup, retain: false }, packet_id, "a", "1")
    };
    let server = twice(
        move |stream| {
            let messages = [1, 2, 3].map(|packet_id| at_qos_2(packet_id, false)).concat();
            stream.write_all(&[connack(version), messages].concat()).ok();
            while !hear(stream).is_empty() {}
        },
        move |stream| {
            // The first one is released, then the third is repeated.
            let release = acknowledgement(version, PacketKind::PubRel, 1, ReasonCode::SUCCESS);
            let bytes = [connack_with_session(version), release, at_qos_2(3, true)].concat();
            stream.write_all(&bytes).ok();
        },
    );
    let mut options = kept(server.port, version);
    options.mqtt5.receive_max = Some(2);
    let session = Watched::open(options);
    until(|| session.describe(), || session.counters().received == 3);
}

#[test]
fn an_unsubscribe_that_was_not_confirmed_is_sent_again_in_a_session_that_was_kept() {
    for version in [MqttVersion::V3_1, MqttVersion::V3_1_1] {
        let (sender, unsubscribed) = bounded(1_024);
        let server = twice(
            move |stream| {
                stream.write_all(&connack(version)).ok();
                hear_until(stream, b"\x00\x04gone\x00");
                hear_until(stream, b"\x00\x04gone");
            },
            move |stream| {
                // MQTT 3.1 has no session present flag.
                let has_flag = version == MqttVersion::V3_1_1;
                let connack = announcing(version, has_flag, ServerProperties::default());
                stream.write_all(&connack).ok();
                sender.try_send(hear_until(stream, b"\x00\x04gone")).ok();
            },
        );
        let session = Watched::open(kept(server.port, version));
        session.wait("connected", |status| status.state.is_connected());
        session.set_trace(true);
        session.subscribe(&Subscription::new("gone", QoS::AtMostOnce)).unwrap();
        until(|| session.describe(), || session.packet_log().total() > 0);
        session.unsubscribe("gone").unwrap();
        let again = unsubscribed.recv_timeout(DEADLINE).unwrap();
        assert_eq!(again.first(), Some(&0xa2), "{again:x?}");
    }
}

//! What withstands pressure: a busy model, pings behind a backlog, brokers with odd demands, a panic.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Arc;

use bytes::Bytes;
use mqttree::demo::broker::{Broker as Fake, Config, Faults};
use mqttree::message::{Flags, QoS};
use mqttree::model::Limits;
use mqttree::mqtt::options::{ConnectOptions, MqttVersion, Secret};
use mqttree::mqtt::packet::ServerProperties;
use mqttree::session::connection_log::{Crash, LogEvent};
use mqttree::session::status::ConnectionState;
use mqttree::session::{Publish, Session};

use crate::harness::packets::{announcing, connack, message, suback};
use crate::harness::{FakeServer, Watched, options, until};

/// Answers an MQTT 3.1.1 CONNECT and SUBSCRIBE, but no ping.
fn greet(stream: &mut TcpStream) {
    let mut request = [0; 1024];
    let version = MqttVersion::V3_1_1;
    for answer in [connack(version), suback(version, 1, 0)] {
        assert!(stream.read(&mut request).unwrap() > 0);
        stream.write_all(&answer).unwrap();
    }
}

fn read_until_closed(stream: &mut TcpStream) {
    let mut request = [0; 1024];
    while stream.read(&mut request).is_ok_and(|count| count > 0) {}
}

#[test]
fn when_the_model_is_busy_reading_pauses_and_nothing_is_lost() {
    const MESSAGES: u64 = 100_000;
    let server = FakeServer::start(|stream| {
        greet(stream);
        let packet = message(MqttVersion::V3_1_1, Flags::default(), 0, "a", [b'x'; 1_000]);
        for _ in 0..MESSAGES {
            stream.write_all(&packet).unwrap();
        }
        read_until_closed(stream);
    });
    let session = Watched::open(options(server.port, MqttVersion::V3_1_1));
    {
        let _busy = session.model().lock();
        until(|| session.describe(), || session.counters().held_back);
        let counters = session.counters();
        assert!(counters.waiting > 0 && counters.waiting_bytes > 60 << 20, "{counters:?}");
        assert!(counters.waiting_bytes <= 64 << 20, "{counters:?}");
    }
    until(
        || session.describe(),
        || session.counters().received == MESSAGES && session.counters().waiting == 0,
    );
    let counters = session.counters();
    assert_eq!((counters.lost, counters.waiting_bytes, counters.held_back), (0, 0, false));
    assert_eq!(session.look(|model| model.stats().messages), MESSAGES);
    let said = session.logged(|event| matches!(event, LogEvent::HeldBack));
    assert!(said > 0, "{}", session.describe());
}

#[test]
fn disconnecting_while_the_model_is_busy_loses_nothing_that_was_read() {
    let fake = Fake::start(Config::default()).unwrap();
    let session = Watched::connected(options(fake.port(), MqttVersion::V5));
    {
        let _busy = session.model().lock();
        let message = message(MqttVersion::V5, Flags::default(), 0, "a", "1");
        fake.send_raw(None, &message.repeat(1_000));
        until(|| session.describe(), || session.counters().received > 0);
        session.disconnect();
    }
    session.wait("disconnected", |status| status.state == ConnectionState::Disconnected);
    until(|| session.describe(), || session.counters().waiting == 0);
    let received = session.counters().received;
    assert_eq!(session.look(|model| model.stats().messages), received);
}

#[test]
fn a_broker_that_answers_no_ping_and_sends_nothing_is_given_up() {
    let fake = Fake::start(Config::default()).unwrap();
    let options = ConnectOptions { keep_alive_s: 1, ..options(fake.port(), MqttVersion::V3_1_1) };
    let session = Watched::connected(options);
    fake.set_faults(Faults { silent: true, ..Faults::default() });
    assert_eq!(session.failure().why, "the broker answered neither a ping nor anything else");
}

#[test]
fn messages_keep_a_connection_whose_ping_answers_wait_behind_them() {
    // One keep alive each; two of them without an answer would end the connection.
    const MESSAGES: u64 = 4;
    let server = FakeServer::start(|stream| {
        greet(stream);
        let mut ping = [0; 2];
        for _ in 0..MESSAGES {
            stream.read_exact(&mut ping).unwrap();
            assert_eq!(ping, [0xC0, 0]);
            let message = message(MqttVersion::V3_1_1, Flags::default(), 0, "a", "1");
            stream.write_all(&message).unwrap();
        }
        read_until_closed(stream);
    });
    let session =
        Watched::open(ConnectOptions { keep_alive_s: 1, ..options(server.port, MqttVersion::V3_1_1) });
    until(|| session.describe(), || session.counters().received >= MESSAGES);
    session.assert_held();
}

#[test]
fn a_broker_that_wants_no_pings_is_not_flooded_with_them() {
    let fake = Fake::start(Config::default()).unwrap();
    // MQTT 5.0, 3.2.2.3.14.
    let server = ServerProperties { keep_alive_s: Some(0), ..ServerProperties::default() };
    let connack = announcing(MqttVersion::V5, false, server);
    fake.set_faults(Faults { connack_bytes: Some(connack), ..Faults::default() });
    let session = Watched::connected(options(fake.port(), MqttVersion::V5));
    for index in 0..50 {
        let publish = Publish {
            topic: format!("a/{index}"),
            payload: Bytes::from_static(b"1"),
            qos: QoS::AtLeastOnce,
            ..Publish::default()
        };
        session.publish_and_wait(publish);
    }
    session.assert_held();
    assert_eq!(session.topics(), 50);
}

#[test]
fn a_panic_of_a_thread_is_shown_and_ends_only_the_session() {
    let fake = Fake::start(Config::default()).unwrap();
    let wake = Arc::new(|| {
        assert!(std::thread::current().name() != Some("mqtt-ingest"), "as if the model had a defect");
    });
    let session =
        Session::open(options(fake.port(), MqttVersion::V5), Secret::default(), Limits::default(), wake);
    until(
        || format!("{:?}", session.status()),
        || {
            session.looked();
            fake.send_raw(None, &message(MqttVersion::V5, Flags::default(), 0, "a", "1"));
            session.status().crashed.is_some()
        },
    );
    let status = session.status();
    let reason = Some("as if the model had a defect".to_owned());
    let crash = Crash::Ended { thread: "mqtt-ingest", reason };
    assert_eq!(status.crashed.as_ref(), Some(&crash));
    assert!(status.log.iter().any(|line| line.what == LogEvent::Crashed(crash.clone())), "{:?}", status.log);
    until(|| format!("{:?}", session.status()), || session.status().state == ConnectionState::Disconnected);
}

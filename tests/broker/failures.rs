//! What a person reads if there is no connection: the step, host and port, the reason, and what may help.

use mqttree::message::Flags;
use mqttree::mqtt::options::{ConnectOptions, MqttVersion, Protocol, Subscription};
use mqttree::mqtt::reason::ReasonCode;
use mqttree::session::connection_log::LogEvent;
use mqttree::session::status::{ConnectionState, Grant, Rejection};
use mqttree::words::Told;

use crate::harness::packets::{connack, message, refusal, suback};

use crate::harness::{Broker, FakeServer, Publisher, Setup, Watched, free_port, line, options, until};

fn failure(port: u16, version: MqttVersion) -> Told {
    Watched::open(options(port, version)).failure()
}

#[test]
fn an_unknown_host_is_a_failed_name_resolution() {
    let options = ConnectOptions { host: "no-such-host.invalid".to_owned(), ..ConnectOptions::default() };
    let session = Watched::open(options);
    let failure = session.failure();
    assert_eq!(failure.what, "Name resolution of no-such-host.invalid");
    assert!(failure.hint.contains("spelling"), "{failure:?}");
    session.wait("it keeps trying", |status| matches!(status.state, ConnectionState::Reconnecting { .. }));
}

#[test]
fn a_refused_port_is_a_failed_tcp_connection() {
    let port = free_port();
    for version in MqttVersion::ALL {
        let failure = failure(port, version);
        assert_eq!(line(&failure), format!("TCP connection to 127.0.0.1:{port}: connection refused"));
        assert!(failure.hint.contains("Nothing listens"), "{failure:?}");
    }
}

#[test]
fn attempts_go_on_with_growing_pauses_and_at_once_when_asked() {
    let session = Watched::open(options(free_port(), MqttVersion::V5));
    session.wait(
        "the second failure",
        |status| matches!(status.state, ConnectionState::Reconnecting { failed, .. } if failed >= 2),
    );
    let attempts = |session: &Watched| session.logged(|event| matches!(event, LogEvent::Connecting { .. }));
    let before = attempts(&session);
    session.reconnect_now();
    session.wait("an attempt at once", |_| attempts(&session) > before);
}

#[test]
fn a_web_server_is_recognised() {
    let server = FakeServer::http();
    for version in MqttVersion::ALL {
        let failure = failure(server.port, version);
        assert_eq!(failure.what, format!("CONNECT to 127.0.0.1:{}", server.port));
        assert_eq!(failure.why, "the port speaks HTTP, not MQTT");
        assert!(failure.hint.contains("1883"), "{failure:?}");
    }
}

#[test]
fn a_web_server_that_waits_for_a_whole_request_is_recognised_after_the_timeout() {
    let failure = failure(FakeServer::patient_http().port, MqttVersion::V5);
    assert_eq!(failure.why, "the port speaks HTTP, not MQTT");
}

#[test]
fn a_server_that_says_nothing_is_named_after_the_timeout() {
    let failure = failure(FakeServer::silent().port, MqttVersion::V3_1_1);
    assert!(failure.what.starts_with("CONNECT to"), "{failure:?}");
    assert_eq!(failure.why, "no answer within 10 s");
}

#[test]
fn a_connection_that_is_closed_at_once_suggests_the_other_version() {
    let server = FakeServer::closing();
    for (version, other) in
        [(MqttVersion::V5, "3.1.1"), (MqttVersion::V3_1_1, "5"), (MqttVersion::V3_1, "3.1.1")]
    {
        let failure = failure(server.port, version);
        assert!(failure.why.contains("closed without an answer"), "{failure:?}");
        assert!(failure.hint.contains(&format!("try {other}")), "{failure:?}");
    }
}

#[test]
fn a_refusal_by_the_broker_is_said_in_its_words() {
    for (code, version, why) in [
        (1, MqttVersion::V3_1_1, "unsupported protocol version"),
        (2, MqttVersion::V3_1_1, "client identifier not valid"),
        (9, MqttVersion::V3_1_1, "reason code 0x09, which the specification does not know"),
        (0x85, MqttVersion::V5, "client identifier not valid"),
        (0x8A, MqttVersion::V5, "banned"),
        // A return code of MQTT 3.1.1 in a CONNACK of MQTT 5, and codes that are not allowed there.
        (0x04, MqttVersion::V5, "bad user name or password"),
        (0x10, MqttVersion::V5, "reason code 0x10, which the specification does not know"),
    ] {
        let server = FakeServer::answering(&[refusal(version, code)]);
        assert_eq!(failure(server.port, version).why, why, "{code:#x}");
    }
}

#[test]
fn tls_towards_a_port_without_it_suggests_the_other_protocol() {
    let broker = Broker::start();
    let options = ConnectOptions { protocol: Protocol::Mqtts, ..options(broker.port, MqttVersion::V5) };
    let failure = Watched::open(options).failure();
    assert!(failure.what.starts_with("TLS handshake with 127.0.0.1"), "{failure:?}");
    assert!(failure.hint.contains("mqtt"), "{failure:?}");
}

#[test]
fn a_topic_that_is_not_utf_8_is_kept_as_sent_in_every_version() {
    // This broker passes such topics on; mosquitto refuses them.
    for version in MqttVersion::ALL {
        let message = message(version, Flags::default(), 0, b"a/\xff", "hi");
        let answers = [connack(version), [suback(version, 1, 0), message].concat()];
        let server = FakeServer::answering(&answers);
        let session = Watched::open(options(server.port, version));
        until(|| session.describe(), || session.topics() == 1);
        assert!(session.look(|model| model.find(b"a/\xff").is_some()), "the topic is kept as sent");
        session.assert_held();
    }
}

#[test]
fn a_subscription_that_is_not_allowed_is_shown_as_refused() {
    let broker = Broker::with(&Setup { may_subscribe: Some(vec!["open/#"]), ..Setup::default() });
    // SUBACK in MQTT 3.1 cannot refuse: mosquitto grants subscriptions that it will not serve.
    for version in [MqttVersion::V3_1_1, MqttVersion::V5] {
        let subscription =
            |filter: &str| Subscription { filter: filter.to_owned(), ..Subscription::default() };
        let session = Watched::connected(ConnectOptions {
            subscriptions: vec![subscription("secret/#"), subscription("open/#")],
            ..options(broker.port, version)
        });
        let status = session.status();
        let grant = |filter: &str| {
            status.subscriptions.iter().find(|state| state.wanted.filter == filter).unwrap().grant.clone()
        };
        let why = match version {
            MqttVersion::V5 => Rejection::Broker(ReasonCode::NOT_AUTHORIZED.into()),
            _ => Rejection::Unexplained,
        };
        assert_eq!(grant("secret/#"), Grant::Refused(why));
        assert!(matches!(grant("open/#"), Grant::Granted(_)), "{}", session.describe());
        let said = |event: &LogEvent| matches!(event, LogEvent::SubscribeRefused { filter, .. } if filter == "secret/#");
        assert_eq!(session.logged(said), 1, "{}", session.describe());

        let mut publisher = Publisher::connect(broker.port);
        publisher.publish(b"secret/a", b"1", false);
        publisher.publish(b"open/a", b"1", false);
        publisher.finish();
        session.wait_for("open/a");
        assert_eq!(session.newest("secret/a"), None);
    }
}

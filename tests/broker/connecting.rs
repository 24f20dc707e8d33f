//! Connecting: versions, credentials, client IDs, and the end of a session.

use std::sync::atomic::Ordering;
use std::thread;

use mqttree::demo::broker::{Broker as Demo, Config};
use mqttree::mqtt::failure::Failure;
use mqttree::mqtt::options::{ConnectOptions, MqttVersion};
use mqttree::session::connection_log::LogEvent;
use mqttree::session::status::{ConnectionState, Security};

use crate::harness::{Broker, FakeServer, Setup, Watched, free_port, logged, mosquitto_pub, options, until};

#[test]
fn all_versions_connect_and_say_so() {
    let broker = Broker::start();
    for version in MqttVersion::ALL {
        let session = Watched::connected(options(broker.port, version));
        let status = session.status();
        assert!(
            matches!(status.state, ConnectionState::Connected { version: spoken, security: Security::Plain, .. } if spoken == version)
        );
        assert!(status.client_id.starts_with("mqttree-"), "{}", status.client_id);
        assert_eq!(status.failure, None);
        let url = format!("mqtt://127.0.0.1:{}", broker.port);
        let said = |event: &LogEvent| matches!(event, LogEvent::Connected(welcome) if (&welcome.url, welcome.version) == (&url, version));
        assert_eq!(session.logged(said), 1, "{}", session.describe());
    }
}

#[test]
fn a_password_lets_in_and_a_wrong_one_is_said_and_not_tried_again() {
    let broker = Broker::with(&Setup { users: vec![("anna", "s3cret")], ..Setup::default() });
    for version in MqttVersion::ALL {
        let options = ConnectOptions { username: "anna".to_owned(), ..options(broker.port, version) };
        let right = Watched::open_with(options.clone(), "s3cret");
        right.wait_until_subscribed();

        let wrong = Watched::open_with(options, "guessed");
        let failure = wrong.failure();
        assert_eq!(failure.what, format!("CONNECT to 127.0.0.1:{}", broker.port));
        assert!(
            failure.why.contains("not authorized") || failure.why.contains("bad user name"),
            "{failure:?}"
        );
        assert!(failure.hint.contains("password"), "{failure:?}");
        wrong.wait("the session gives up", |status| {
            status.state == ConnectionState::Disconnected && status.failure.is_some()
        });
        let retried = wrong.logged(|event| matches!(event, LogEvent::NextAttempt { .. }));
        assert_eq!(retried, 0, "{}", wrong.describe());
        assert!(!wrong.describe().contains("guessed"), "no password in any text");

        wrong.reconnect_now();
        wrong.wait("a second attempt that was asked for", |status| {
            logged(status, |event| matches!(event, LogEvent::Connecting { .. })) == 2
        });
    }
}

#[test]
fn a_password_that_stops_working_is_tried_again_for_ever() {
    let setup = Setup { users: vec![("anna", "s3cret")], ..Setup::default() };
    let mut broker = Broker::with(&setup);
    let options = ConnectOptions { username: "anna".to_owned(), ..options(broker.port, MqttVersion::V5) };
    let session = Watched::open_with(options, "s3cret");
    session.wait_until_subscribed();

    broker.kill();
    let passwords = std::fs::read(broker.path("passwords")).unwrap();
    std::fs::write(broker.path("passwords"), "").unwrap();
    broker.restart();
    session.wait("the broker refuses the user", |status| {
        status.failure.as_ref().is_some_and(Failure::is_of_credentials)
            && matches!(status.state, ConnectionState::Reconnecting { .. })
    });

    broker.kill();
    std::fs::write(broker.path("passwords"), passwords).unwrap();
    broker.restart();
    session.wait_until_subscribed();
}

#[test]
fn two_sessions_at_once_have_their_own_trees() {
    let (first, second) = (Broker::start(), Broker::start());
    let one = Watched::connected(options(first.port, MqttVersion::V3_1_1));
    let two = Watched::connected(options(second.port, MqttVersion::V5));
    let again = Watched::connected(options(first.port, MqttVersion::V5));
    mosquitto_pub(first.port, &["-t", "from/first", "-m", "1"]);
    mosquitto_pub(second.port, &["-t", "from/second", "-m", "2"]);

    assert_eq!(one.wait_for("from/first").payload, b"1");
    assert_eq!(again.wait_for("from/first").payload, b"1");
    assert_eq!(two.wait_for("from/second").payload, b"2");
    assert_eq!((one.newest("from/second"), two.newest("from/first")), (None, None));
}

#[test]
fn the_same_client_id_twice_is_named_as_a_likely_reason_where_the_broker_is_silent() {
    let broker = Broker::start();
    for version in MqttVersion::ALL {
        let options = ConnectOptions { client_id: "twin".to_owned(), ..options(broker.port, version) };
        let first = Watched::connected(options.clone());
        let second = Watched::connected(options);
        let failure = first.failure();
        // From 2.0.19 on mosquitto gives the reason, but only in MQTT 5.
        let is_said = version == MqttVersion::V5 && failure.why == "ended by the broker: session taken over";
        assert!(is_said || failure.why == "closed by the broker without a reason", "{failure:?}");
        assert!(failure.hint.contains("same client ID"), "{failure:?}");
        second.disconnect();
    }
}

#[test]
fn a_takeover_that_the_broker_names_is_said_exactly() {
    let broker = Demo::start(Config::default()).unwrap();
    let options = ConnectOptions { client_id: "twin".to_owned(), ..options(broker.port(), MqttVersion::V5) };
    let first = Watched::connected(options.clone());
    let second = Watched::connected(options);
    let failure = first.failure();
    assert_eq!(failure.why, "ended by the broker: session taken over");
    assert!(failure.hint.contains("same client ID"), "{failure:?}");
    second.disconnect();
}

#[test]
fn disconnecting_keeps_the_tree_and_reconnecting_subscribes_again() {
    let broker = Broker::start();
    let session = Watched::connected(options(broker.port, MqttVersion::V5));
    mosquitto_pub(broker.port, &["-t", "kept", "-m", "1"]);
    session.wait_for("kept");

    session.disconnect();
    session.wait("disconnected", |status| status.state == ConnectionState::Disconnected);
    until(|| format!("the broker got DISCONNECT\n{}", broker.log()), || broker.log().contains("DISCONNECT"));
    assert_eq!(session.topics(), 1);

    session.reconnect_now();
    session.wait_until_subscribed();
    mosquitto_pub(broker.port, &["-t", "kept", "-m", "2"]);
    session.wait_for_payload("kept", b"2");
}

#[test]
fn options_that_cannot_work_are_not_tried() {
    let broken = ConnectOptions { host: "mqtt://there".to_owned(), ..ConnectOptions::default() };
    let session = Watched::open(broken);
    let failure = session.failure();
    assert!(failure.why.starts_with("Host cannot be used. Only the host belongs here"), "{failure:?}");
    session.reconnect_now();
    let status = session
        .wait("it is said again", |status| logged(status, |event| matches!(event, LogEvent::Failed(_))) == 2);
    assert_eq!(status.state, ConnectionState::Disconnected);
    let tried = session.logged(|event| matches!(event, LogEvent::Connecting { .. }));
    assert_eq!(tried, 0, "{}", session.describe());
}

#[test]
fn every_keep_alive_is_sent_as_it_is_in_every_version() {
    let broker = Broker::start();
    for version in MqttVersion::ALL {
        for keep_alive_s in [0, 1, 4, u16::MAX] {
            let client_id = format!("{}-{keep_alive_s}", version.name());
            let options = ConnectOptions {
                keep_alive_s,
                client_id: client_id.clone(),
                ..options(broker.port, version)
            };
            let session = Watched::connected(options);
            let said = format!(
                "as {client_id} (p{}, c1, k{keep_alive_s})",
                match version {
                    MqttVersion::V3_1 => 1,
                    MqttVersion::V3_1_1 => 2,
                    MqttVersion::V5 => 5,
                }
            );
            assert!(broker.log().contains(&said), "{said} is not in:\n{}", broker.log());
            session.assert_held();
        }
    }
}

#[test]
fn the_window_is_woken_once_until_it_has_looked() {
    let broker = Broker::start();
    let session = Watched::connected(options(broker.port, MqttVersion::V5));
    session.looked();
    let before = session.wakes.load(Ordering::SeqCst);
    for _ in 0..3 {
        mosquitto_pub(broker.port, &["-t", "a", "-m", "1"]);
    }
    until(|| session.describe(), || session.counters().received == 3 && session.counters().waiting == 0);
    assert_eq!(session.wakes.load(Ordering::SeqCst), before + 1, "three messages, one wake");
    session.looked();
    mosquitto_pub(broker.port, &["-t", "a", "-m", "1"]);
    until(|| session.describe(), || session.wakes.load(Ordering::SeqCst) == before + 2);
}

#[test]
fn dropping_a_session_never_hangs() {
    let broker = Broker::start();
    let silent = FakeServer::silent();
    let ends = |what: &str, session: Watched| {
        let dropping = thread::Builder::new().name("drop".to_owned());
        let dropping = dropping.spawn(move || drop(session)).unwrap();
        until(|| format!("the end of a session that was {what}"), || dropping.is_finished());
    };

    for version in MqttVersion::ALL {
        ends("connected", Watched::connected(options(broker.port, version)));

        let connecting = Watched::open(options(silent.port, version));
        connecting.wait("connecting", |status| matches!(status.state, ConnectionState::Connecting { .. }));
        ends("connecting to a server that says nothing", connecting);

        let refused = Watched::open(options(free_port(), version));
        refused.wait("waiting", |status| matches!(status.state, ConnectionState::Reconnecting { .. }));
        ends("waiting for the next attempt", refused);

        ends("just opened", Watched::open(options(broker.port, version)));
    }
}

//! MQTT 5 options with a real broker: subscription options, wills, and kept sessions.

use bytes::Bytes;
use mqttree::message::QoS;
use mqttree::mqtt::options::{
    ConnectOptions, MqttVersion, RetainHandling, Subscription, VersionChoice, Will, WillProperties,
};
use mqttree::session::Publish;
use mqttree::session::connection_log::LogEvent;
use mqttree::session::status::{ConnectionState, Grant, Rejection};

use crate::harness::{Broker, Watched, mosquitto_pub, options, until};

fn publish(topic: &str, qos: QoS) -> Publish {
    Publish { topic: topic.to_owned(), payload: Bytes::from_static(b"1"), qos, ..Publish::default() }
}

fn subscribed(port: u16, subscription: Subscription) -> Watched {
    let subscriptions = vec![subscription];
    Watched::connected(ConnectOptions { subscriptions, ..options(port, MqttVersion::V5) })
}

#[test]
fn what_this_client_publishes_itself_stays_away_where_that_is_chosen() {
    let broker = Broker::start();
    let session = subscribed(broker.port, Subscription { no_local: true, ..Subscription::default() });
    session.outcome(publish("own", QoS::AtLeastOnce));
    mosquitto_pub(broker.port, &["-t", "foreign", "-m", "1"]);
    session.wait_for("foreign");
    assert_eq!(session.newest("own"), None);
}

#[test]
fn the_retain_flag_arrives_as_published_where_that_is_chosen() {
    let broker = Broker::start();
    for (retain_as_published, retain) in [(true, true), (false, false)] {
        let session =
            subscribed(broker.port, Subscription { retain_as_published, ..Subscription::default() });
        let topic = format!("flag/{retain_as_published}");
        mosquitto_pub(broker.port, &["-t", &topic, "-m", "1", "-r"]);
        assert_eq!(session.wait_for(&topic).flags.retain, retain);
    }
}

#[test]
fn a_message_that_is_retained_while_the_window_looks_on_is_known_to_be_with_mqtt_5() {
    let broker = Broker::start();
    for (version, is_known) in [(MqttVersion::V5, true), (MqttVersion::V3_1_1, false)] {
        let subscriptions = vec![Subscription::default()];
        let session = Watched::connected(ConnectOptions { subscriptions, ..options(broker.port, version) });
        let topic = format!("live/{}", version.name());
        mosquitto_pub(broker.port, &["-t", &topic, "-m", "1", "-r"]);
        session.wait_for(&topic);
        let is_retained = session
            .look(|model| model.history(model.find(topic.as_bytes()).unwrap()).next().unwrap().is_retained());
        assert_eq!(is_retained, is_known, "{version:?}");
    }
}

#[test]
fn retained_messages_come_as_retain_handling_says() {
    let broker = Broker::start();
    mosquitto_pub(broker.port, &["-t", "kept", "-m", "1", "-r"]);
    for (retain_handling, first, again) in
        [(RetainHandling::Send, 1, 2), (RetainHandling::SendIfNew, 1, 1), (RetainHandling::DoNotSend, 0, 0)]
    {
        let subscription = Subscription { retain_handling, ..Subscription::default() };
        let session = subscribed(broker.port, subscription.clone());
        let received = |count: u64, mark: &str| {
            mosquitto_pub(broker.port, &["-t", mark, "-m", "1"]);
            session.wait_for(mark);
            let marks = if mark == "first" { 1 } else { 2 };
            assert_eq!(session.counters().received, count + marks, "{retain_handling:?}, {mark}");
        };
        received(first, "first");
        session.subscribe(&subscription).unwrap();
        session.wait_until_subscribed();
        received(again, "again");
    }
}

#[test]
fn a_subscription_identifier_comes_back_with_each_message() {
    let broker = Broker::start();
    let session =
        subscribed(broker.port, Subscription { identifier: Some(268_435_455), ..Subscription::default() });
    mosquitto_pub(broker.port, &["-t", "a", "-m", "1"]);
    assert_eq!(session.wait_for("a").properties.unwrap().subscription_identifiers, [268_435_455]);
}

#[test]
fn a_shared_subscription_shares() {
    let broker = Broker::start();
    for version in MqttVersion::ALL {
        let filter = format!("$share/group{}/shared/+", version.name().replace('.', ""));
        let share = || {
            let subscriptions = vec![Subscription::new(filter.clone(), QoS::AtLeastOnce)];
            Watched::connected(ConnectOptions { subscriptions, ..options(broker.port, version) })
        };
        let (one, two) = (share(), share());
        for index in 0..10 {
            one.outcome(publish(&format!("shared/{index}"), QoS::AtLeastOnce));
        }
        let both = || one.counters().received + two.counters().received;
        until(|| one.describe(), || both() == 10);
        assert!(one.counters().received > 0 && two.counters().received > 0, "{}", one.describe());
    }
}

#[test]
fn what_a_broker_would_end_the_connection_for_is_refused_before() {
    let broker = Broker::start();
    let session = subscribed(broker.port, Subscription::default());
    let shared = Subscription { no_local: true, ..Subscription::new("$share/g/a", QoS::AtMostOnce) };
    session.subscribe(&shared).unwrap();
    session.wait_until_subscribed();
    let grant = session.status().subscriptions[1].grant.clone();
    assert_eq!(grant, Grant::Refused(Rejection::NoLocalIsShared));
    session.assert_held();
}

#[test]
fn a_will_comes_with_all_that_it_says() {
    let broker = Broker::start();
    let witness = Watched::connected(options(broker.port, MqttVersion::V5));
    for version in MqttVersion::ALL {
        let topic = format!("will/{}", version.name());
        let will = Will {
            topic: topic.clone(),
            payload: "gone".to_owned(),
            qos: QoS::ExactlyOnce,
            retain: false,
            properties: WillProperties {
                content_type: Some("text/plain".to_owned()),
                payload_is_text: true,
                user_properties: vec![("a".to_owned(), "b".to_owned())],
                response_topic: Some("why".to_owned()),
                correlation_data: Some("1".to_owned()),
                ..WillProperties::default()
            },
        };
        let client_id = format!("will-{}", version.name());
        let options = ConnectOptions { will: Some(will), client_id, ..options(broker.port, version) };
        let session = Watched::connected(options.clone());
        // Another client with the same ID: the broker ends the first connection without DISCONNECT.
        let other = Watched::connected(ConnectOptions { will: None, ..options });
        let newest = witness.wait_for_payload(&topic, b"gone");
        assert_eq!(newest.flags.qos, QoS::ExactlyOnce);
        if version == MqttVersion::V5 {
            let properties = newest.properties.unwrap();
            assert_eq!(properties.content_type.as_deref(), Some("text/plain"));
            assert_eq!(properties.payload_format_indicator, Some(1));
            assert_eq!(properties.response_topic.as_deref(), Some("why"));
            assert_eq!(properties.correlation_data.as_deref(), Some(&b"1"[..]));
            assert_eq!(properties.user_properties, [("a".to_owned(), "b".to_owned())]);
        } else {
            assert_eq!(newest.properties, None);
        }
        session.disconnect();
        other.disconnect();
    }
}

#[test]
fn a_disconnection_that_was_asked_for_leaves_no_will() {
    let broker = Broker::start();
    let witness = Watched::connected(options(broker.port, MqttVersion::V5));
    for version in MqttVersion::ALL {
        let will = Some(Will { topic: "will".to_owned(), payload: "gone".to_owned(), ..Will::default() });
        let session = Watched::connected(ConnectOptions { will, ..options(broker.port, version) });
        session.disconnect();
        session.wait("disconnected", |status| status.state == ConnectionState::Disconnected);
        let mark = format!("after/{}", version.name());
        mosquitto_pub(broker.port, &["-t", &mark, "-m", "1"]);
        witness.wait_for(&mark);
        assert_eq!(witness.newest("will"), None);
    }
}

#[test]
fn a_kept_session_brings_what_came_meanwhile_exactly_once() {
    let broker = Broker::start();
    for version in MqttVersion::ALL {
        let options = ConnectOptions {
            clean_session: false,
            client_id: format!("kept-{}", version.name()),
            ..options(broker.port, version)
        };
        let session = Watched::connected(options);
        session.disconnect();
        session.wait("disconnected", |status| status.state == ConnectionState::Disconnected);
        for index in 0..50 {
            let topic = format!("meanwhile/{}/{index}", version.name());
            mosquitto_pub(broker.port, &["-t", &topic, "-m", "1", "-q", "2"]);
        }
        session.reconnect_now();
        until(|| session.describe(), || session.topics() == 50);
        session.wait_until_subscribed();
        let said =
            session.logged(|event| matches!(event, LogEvent::Connected(welcome) if welcome.session_present));
        assert_eq!(said == 1, version != MqttVersion::V3_1, "{}", session.describe());
        assert_eq!(session.counters().received, 50, "{}", session.describe());
    }
}

#[test]
fn our_receive_maximum_is_kept_by_the_broker_and_costs_no_message() {
    let broker = Broker::start();
    let mut options = options(broker.port, MqttVersion::V5);
    options.mqtt5.receive_max = Some(1);
    let session = Watched::connected(options);
    for index in 0..20 {
        mosquitto_pub(broker.port, &["-t", &format!("one/{index}"), "-m", "1", "-q", "2"]);
    }
    until(|| session.describe(), || session.topics() == 20);
    session.assert_held();
}

#[test]
fn auto_speaks_mqtt_5_with_a_broker_that_does() {
    let broker = Broker::start();
    let session = Watched::connected(options(broker.port, VersionChoice::Auto));
    let state = session.status().state.clone();
    assert!(matches!(state, ConnectionState::Connected { version: MqttVersion::V5, .. }), "{state:?}");
}

#[test]
fn a_short_keep_alive_holds_a_quiet_connection() {
    let broker = Broker::start();
    let sessions = MqttVersion::ALL.map(|version| {
        Watched::connected(ConnectOptions { keep_alive_s: 1, ..options(broker.port, version) })
    });
    // mosquitto checks after 1.5 times the keep alive.
    let pings = || broker.log().matches("Received PINGREQ").count();
    until(|| broker.log(), || pings() >= 12);
    for session in &sessions {
        session.assert_held();
    }
}

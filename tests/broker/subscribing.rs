//! Subscriptions of an open session: turned off and on, changed, removed, and how a kept session handles them.

use mqttree::message::QoS;
use mqttree::mqtt::options::{ConnectOptions, MqttVersion, Subscription};
use mqttree::session::connection_log::LogEvent;
use mqttree::session::status::Grant;
use mqttree::words::{self, Language};

use crate::harness::{Broker, Watched, logged, mosquitto_pub, options, until};

const VERSIONS: [MqttVersion; 2] = [MqttVersion::V3_1_1, MqttVersion::V5];

fn connected(port: u16, version: MqttVersion, filters: &[&str]) -> Watched {
    let subscriptions = filters.iter().map(|filter| Subscription::new(*filter, QoS::AtLeastOnce)).collect();
    Watched::connected(ConnectOptions { subscriptions, ..options(port, version) })
}

fn grants(session: &Watched) -> Vec<(String, Grant)> {
    let status = session.status();
    status.subscriptions.iter().map(|state| (state.wanted.filter.clone(), state.grant.clone())).collect()
}

fn wait_for_log(session: &Watched, text: &str) {
    let said = |event: &LogEvent| words::log::line(event, Language::English) == text;
    session.wait(text, |status| logged(status, said) > 0);
}

/// Sends a message that must not arrive, and then one that does: the first would have arrived earlier.
fn is_not_delivered(broker: &Broker, session: &Watched, topic: &str, mark: &str) {
    mosquitto_pub(broker.port, &["-t", topic, "-m", "no", "-q", "1"]);
    mosquitto_pub(broker.port, &["-t", mark, "-m", "yes", "-q", "1"]);
    session.wait_for(mark);
    assert_eq!(session.newest(topic), None, "{topic}");
}

#[test]
fn what_is_turned_off_stays_in_the_list_and_delivers_nothing() {
    let broker = Broker::start();
    for version in VERSIONS {
        let session = connected(broker.port, version, &["off/#", "on/#"]);
        session.set_enabled("off/#", false).unwrap();
        wait_for_log(&session, "Unsubscribed from off/#");
        assert_eq!(grants(&session)[0], ("off/#".to_owned(), Grant::Off));
        is_not_delivered(&broker, &session, "off/a", "on/a");

        session.set_enabled("off/#", true).unwrap();
        session.wait_until_subscribed();
        assert_eq!(grants(&session)[0].1, Grant::Granted(QoS::AtLeastOnce));
        mosquitto_pub(broker.port, &["-t", "off/b", "-m", "yes"]);
        session.wait_for("off/b");
    }
}

#[test]
fn what_is_off_is_not_subscribed_to_at_connect() {
    let broker = Broker::start();
    let off = Subscription { enabled: false, ..Subscription::new("off/#", QoS::AtMostOnce) };
    let on = Subscription::new("on/#", QoS::AtMostOnce);
    let chosen = ConnectOptions { subscriptions: vec![off, on], ..options(broker.port, MqttVersion::V5) };
    let session = Watched::connected(chosen);
    assert_eq!(grants(&session)[0].1, Grant::Off);
    is_not_delivered(&broker, &session, "off/a", "on/a");
}

#[test]
fn a_filter_that_is_changed_keeps_its_place_and_the_old_one_ends() {
    let broker = Broker::start();
    for version in VERSIONS {
        let session = connected(broker.port, version, &["old/#", "other/#"]);
        session.change_subscription("old/#", &Subscription::new("new/#", QoS::ExactlyOnce)).unwrap();
        wait_for_log(&session, "Unsubscribed from old/#");
        session.wait_until_subscribed();
        assert_eq!(
            grants(&session),
            [
                ("new/#".to_owned(), Grant::Granted(QoS::ExactlyOnce)),
                ("other/#".to_owned(), Grant::Granted(QoS::AtLeastOnce))
            ]
        );
        is_not_delivered(&broker, &session, "old/a", "new/a");
        assert!(session.change_subscription("new/#", &Subscription::new("a#", QoS::AtMostOnce)).is_err());
        assert_eq!(grants(&session).len(), 2, "what cannot be changed stays");
    }
}

#[test]
fn a_known_filter_gets_the_new_qos_and_what_was_removed_comes_back_where_it_was() {
    let broker = Broker::start();
    let session = connected(broker.port, MqttVersion::V5, &["a", "b", "c"]);
    session.subscribe(&Subscription::new("b", QoS::AtMostOnce)).unwrap();
    session.wait("the new QoS", |status| status.subscriptions[1].grant == Grant::Granted(QoS::AtMostOnce));
    session.unsubscribe("b").unwrap();
    wait_for_log(&session, "Unsubscribed from b");
    session.subscribe_at(1, &Subscription::new("b", QoS::AtMostOnce)).unwrap();
    session.wait_until_subscribed();
    let filters: Vec<_> = grants(&session).into_iter().map(|(filter, _)| filter).collect();
    assert_eq!(filters, ["a", "b", "c"]);
}

#[test]
fn what_was_turned_off_or_removed_while_away_ends_in_a_session_that_the_broker_kept() {
    let broker = Broker::start();
    for version in VERSIONS {
        let name = format!("kept-{}", version.name());
        let filters = ["off/#", "removed/#", "on/#"];
        let chosen = ConnectOptions {
            clean_session: false,
            client_id: name,
            subscriptions: filters.map(|filter| Subscription::new(filter, QoS::AtLeastOnce)).to_vec(),
            ..options(broker.port, version)
        };
        let chosen = ConnectOptions {
            mqtt5: mqttree::mqtt::options::Mqtt5Options {
                session_expiry_s: Some(600),
                ..chosen.mqtt5.clone()
            },
            ..chosen
        };
        let session = Watched::connected(chosen);
        session.disconnect();
        session.wait("disconnected", |status| !status.state.is_connected());
        session.set_enabled("off/#", false).unwrap();
        session.unsubscribe("removed/#").unwrap();
        session.reconnect_now();
        wait_for_log(&session, "Unsubscribed from off/#");
        wait_for_log(&session, "Unsubscribed from removed/#");
        session.wait_until_subscribed();
        until(|| session.describe(), || grants(&session).len() == 2);
        is_not_delivered(&broker, &session, "off/a", "on/a");
        is_not_delivered(&broker, &session, "removed/a", "on/b");
    }
}

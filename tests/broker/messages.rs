//! Incoming messages: all of them arrive, exactly as sent.

use mqttree::message::QoS;
use mqttree::mqtt::options::{ConnectOptions, MqttVersion, Subscription};
use mqttree::session::connection_log::LogEvent;
use mqttree::session::status::Grant;

use crate::harness::{Broker, Publisher, Watched, logged, mosquitto_pub, options, until};

#[test]
fn ten_thousand_retained_topics_are_all_there() {
    const TOPICS: u32 = 10_000;
    let broker = Broker::start();
    let mut publisher = Publisher::connect(broker.port);
    for index in 0..TOPICS {
        let topic = format!("building/{}/floor/{}/sensor/{index}", index % 20, index % 7);
        publisher.publish(topic.as_bytes(), format!("{index}").as_bytes(), true);
    }
    publisher.finish();

    for version in MqttVersion::ALL {
        let session = Watched::open(options(broker.port, version));
        until(|| session.describe(), || session.topics() == TOPICS);
        for index in [0, 1, 4_999, TOPICS - 1] {
            let topic = format!("building/{}/floor/{}/sensor/{index}", index % 20, index % 7);
            let newest = session.newest(&topic).unwrap();
            assert_eq!(newest.payload, format!("{index}").as_bytes());
            assert!(newest.flags.retain, "{topic}");
        }
        let counters = session.counters();
        assert_eq!((counters.received, counters.lost), (u64::from(TOPICS), 0));
    }
}

#[test]
fn every_qos_and_the_retained_flag_arrive_as_sent() {
    let broker = Broker::start();
    for version in MqttVersion::ALL {
        for (qos, level) in QoS::ALL.into_iter().zip(["0", "1", "2"]) {
            let (live, kept) = (format!("live/{level}"), format!("kept/{}/{level}", version.name()));
            mosquitto_pub(broker.port, &["-t", &kept, "-m", "kept", "-q", level, "-r"]);
            let session = Watched::connected(options(broker.port, version));
            let newest = session.wait_for(&kept);
            assert_eq!((newest.flags.qos, newest.flags.retain), (qos, true), "{kept}");

            mosquitto_pub(broker.port, &["-t", &live, "-m", "live", "-q", level]);
            let newest = session.wait_for(&live);
            assert_eq!((newest.flags.qos, newest.flags.retain), (qos, false), "{live}");
            assert_eq!(newest.payload, b"live");
        }
    }
}

#[test]
fn large_payloads_arrive_byte_by_byte() {
    let broker = Broker::start();
    for version in MqttVersion::ALL {
        let session = Watched::connected(options(broker.port, version));
        // At, below and above the size where payloads get their own allocation, and beyond every default limit.
        for (index, bytes) in [32 * 1024 - 1, 32 * 1024, 256 * 1024, 20 * 1024 * 1024].into_iter().enumerate()
        {
            let payload = noise(bytes);
            let path = broker.path("payload");
            std::fs::write(&path, &payload).unwrap();
            let topic = format!("large/{index}");
            mosquitto_pub(broker.port, &["-t", &topic, "-q", "1", "-f", &path.display().to_string()]);
            let newest = session.wait_for(&topic);
            assert_eq!(newest.payload.len(), bytes);
            assert!(newest.payload == payload, "{bytes} bytes differ from what was sent");
        }
    }
}

/// Bytes without a repeating pattern, which a shifted copy could match.
fn noise(bytes: usize) -> Vec<u8> {
    let mut random = fastrand::Rng::with_seed(7);
    std::iter::repeat_with(|| random.u8(..)).take(bytes).collect()
}

#[test]
fn the_properties_of_mqtt_5_arrive() {
    let broker = Broker::start();
    let session = Watched::connected(options(broker.port, MqttVersion::V5));
    #[rustfmt::skip]
    mosquitto_pub(broker.port, &[
        "-V", "5", "-t", "with/properties", "-m", "{}",
        "-D", "publish", "content-type", "application/json",
        "-D", "publish", "payload-format-indicator", "1",
        "-D", "publish", "message-expiry-interval", "600",
        "-D", "publish", "response-topic", "answers/here",
        "-D", "publish", "correlation-data", "42",
        "-D", "publish", "user-property", "unit", "C",
        "-D", "publish", "user-property", "unit", "K",
    ]);
    let properties = session.wait_for("with/properties").properties.unwrap();
    assert_eq!(properties.content_type.as_deref(), Some("application/json"));
    assert_eq!(properties.payload_format_indicator, Some(1));
    assert!(properties.message_expiry_interval_s.is_some_and(|seconds| (590..=600).contains(&seconds)));
    assert_eq!(properties.response_topic.as_deref(), Some("answers/here"));
    assert_eq!(properties.correlation_data.as_deref(), Some(&b"42"[..]));
    let unit = |value: &str| ("unit".to_owned(), value.to_owned());
    assert_eq!(properties.user_properties, [unit("C"), unit("K")]);
}

#[test]
fn subscriptions_change_while_connected_and_granted_qos_is_shown() {
    let broker = Broker::with(&crate::harness::Setup { extra: "max_qos 1\n", ..Default::default() });
    for version in MqttVersion::ALL {
        let session =
            Watched::connected(ConnectOptions { subscriptions: vec![], ..options(broker.port, version) });
        let filter = "later/+";
        session.subscribe(&Subscription::new(filter, QoS::AtLeastOnce)).unwrap();
        session.wait_until_subscribed();
        assert_eq!(session.status().subscriptions[0].grant, Grant::Granted(QoS::AtLeastOnce));
        mosquitto_pub(broker.port, &["-t", "later/a", "-m", "1"]);
        session.wait_for("later/a");

        session.unsubscribe(filter).unwrap();
        let ended =
            |event: &LogEvent| matches!(event, LogEvent::Unsubscribed { filter } if filter == "later/+");
        session.wait("unsubscribed", |status| logged(status, ended) == 1);
        assert!(session.status().subscriptions.is_empty());
        mosquitto_pub(broker.port, &["-t", "later/b", "-m", "1"]);
        // A later message shows that it did not arrive.
        session.subscribe(&Subscription::new("end", QoS::AtMostOnce)).unwrap();
        session.wait_until_subscribed();
        mosquitto_pub(broker.port, &["-t", "end", "-m", "1"]);
        session.wait_for("end");
        assert_eq!(session.newest("later/b"), None);
        assert!(session.subscribe(&Subscription { filter: "a#".to_owned(), ..Default::default() }).is_err());
    }
}

#[test]
fn odd_topics_keep_their_names() {
    let broker = Broker::start();
    let session = Watched::connected(options(broker.port, MqttVersion::V3_1_1));
    for topic in ["/", "a//b", "/leading", "trailing/", "温度/客厅", "üb/x", "with space/ "] {
        mosquitto_pub(broker.port, &["-t", topic, "-m", topic]);
        session.wait_for_payload(topic, topic.as_bytes());
    }
    mosquitto_pub(broker.port, &["-t", "empty", "-n"]);
    assert_eq!(session.wait_for("empty").payload, b"");
}

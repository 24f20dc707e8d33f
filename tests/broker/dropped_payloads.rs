//! Newest values beyond their budget, and requesting them from the broker again.

use mqttree::message::QoS;
use mqttree::model::{Limits, PAYLOAD_HEAD_BYTES};
use mqttree::mqtt::options::{MqttVersion, Subscription};

use crate::harness::{Broker, Publisher, Watched, options, until};

/// Whether only the beginning of a topic's newest payload is held.
fn is_dropped(session: &Watched, topic: &str) -> bool {
    session.look(|model| {
        let node = model.find(topic.as_bytes());
        node.and_then(|node| model.history(node).next()).is_some_and(|newest| newest.is_payload_dropped())
    })
}

#[test]
fn a_dropped_payload_comes_back_when_the_broker_is_asked_again() {
    let broker = Broker::start();
    let payload = |index: u8| vec![b'a' + index; 1_000_000];
    let topics: Vec<_> = (0..4).map(|index| format!("large/{index}")).collect();
    let mut publisher = Publisher::connect(broker.port);
    for (index, topic) in (0..).zip(&topics) {
        publisher.publish(topic.as_bytes(), &payload(index), true);
    }
    publisher.finish();

    let limits = Limits { history_bytes: 1 << 20, newest_bytes: 2 << 20, ..Limits::default() };
    for version in MqttVersion::ALL {
        let session = Watched::open_within(options(broker.port, version), limits);
        // A broker sends its retained messages in any order.
        let dropped = || topics.iter().position(|topic| is_dropped(&session, topic));
        until(|| session.describe(), || session.topics() == 4 && dropped().is_some());
        let index = dropped().unwrap();
        let (topic, payload) = (topics[index].as_str(), payload(index as u8));
        assert_eq!(session.newest(topic).unwrap().payload, payload[..PAYLOAD_HEAD_BYTES]);

        // Does what the button does: subscribes to only this topic.
        session.subscribe(&Subscription::new(topic, QoS::AtMostOnce)).unwrap();
        until(|| session.describe(), || !is_dropped(&session, topic));
        let newest = session.newest(topic).unwrap();
        assert_eq!(newest.payload, payload);
        assert!(newest.flags.retain);
        assert_eq!(session.topics(), 4, "only this message came again");
    }
}

//! A broker that is killed and restarted costs nothing but what it lost itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::Builder;

use bytes::Bytes;
use mqttree::message::{Flags, QoS};
use mqttree::mqtt::options::MqttVersion;
use mqttree::session::Publish;
use mqttree::session::status::{ConnectionState, Grant, PublishOutcome};

use crate::harness::packets::{connack, message, suback};
use crate::harness::{Broker, FakeServer, Publisher, Watched, mosquitto_pub, options, until};

#[test]
fn a_broker_killed_in_mid_stream_leaves_the_tree_and_the_stream_resumes() {
    for version in MqttVersion::ALL {
        let mut broker = Broker::start();
        let session = Watched::connected(options(broker.port, version));
        let streaming = stream(broker.port);
        until(|| session.describe(), || session.topics() == 100);

        broker.kill();
        streaming.finish();
        session.wait("the loss is seen", |status| {
            matches!(status.state, ConnectionState::Reconnecting { .. }) && status.failure.is_some()
        });
        let (topics, messages) = session.look(|model| (model.stats().topics, model.stats().messages));
        assert_eq!(topics, 100, "the tree stays");
        assert_eq!(session.status().losses.len(), 1, "plots break their lines there");
        assert!(session.status().subscriptions.iter().all(|state| state.grant == Grant::Pending));

        broker.restart();
        session.wait_until_subscribed();
        assert_eq!(session.status().failure, None, "a success ends the failure");
        let streaming = stream(broker.port);
        until(|| session.describe(), || session.look(|model| model.stats().messages) > messages + 1_000);
        streaming.finish();
        assert_eq!(session.topics(), 100);
        let counters = session.counters();
        assert_eq!(counters.lost, 0, "{}", session.describe());
    }
}

/// Publishes on a hundred topics until told to stop or until the broker is gone.
fn stream(port: u16) -> Stream {
    let stop = Arc::new(AtomicBool::new(false));
    let stopped = stop.clone();
    let thread = Builder::new().name("stream".to_owned()).spawn(move || {
        let mut publisher = Publisher::connect(port);
        let mut index = 0_u64;
        while !stopped.load(Ordering::Relaxed) {
            let topic = format!("stream/{}", index % 100);
            if publisher.try_publish(topic.as_bytes(), index.to_string().as_bytes(), false).is_err() {
                return;
            }
            index += 1;
        }
    });
    Stream { stop, thread: thread.unwrap() }
}

struct Stream {
    stop: Arc<AtomicBool>,
    thread: std::thread::JoinHandle<()>,
}

impl Stream {
    fn finish(self) {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.join().unwrap();
    }
}

#[test]
fn everything_that_was_read_before_a_loss_is_in_the_tree() {
    // A SUBACK, three messages, and then bytes that are not MQTT, all at once.
    let version = MqttVersion::V3_1_1;
    let message = |topic: &str, payload: &str| message(version, Flags::default(), 0, topic, payload);
    let at_once =
        [suback(version, 1, 0), message("a", "1"), message("b", "2"), message("c", "3"), vec![0xFF; 5]];
    let server = FakeServer::answering(&[connack(version), at_once.concat()]);
    let session = Watched::open(options(server.port, version));
    session.failure();
    for (topic, payload) in [("a", b"1"), ("b", b"2"), ("c", b"3")] {
        session.wait_for_payload(topic, payload);
    }
}

#[test]
fn a_publish_without_an_answer_is_lost_and_said_so() {
    let version = MqttVersion::V5;
    let server = FakeServer::answering(&[connack(version), suback(version, 1, 2)]);
    let session = Watched::connected(options(server.port, version));
    let publish = Publish {
        topic: "a".to_owned(),
        payload: Bytes::from_static(b"1"),
        qos: QoS::AtLeastOnce,
        ..Publish::default()
    };
    let token = session.publish(publish).unwrap();
    session.disconnect();
    let status = session.wait("an answer", |status| !status.publishes.is_empty());
    let result = &status.publishes[0];
    assert_eq!((result.token, &result.outcome), (token, &PublishOutcome::Lost));
}

#[test]
fn subscriptions_made_while_the_broker_is_away_are_made_when_it_is_back() {
    let mut broker = Broker::start();
    let mut chosen = options(broker.port, MqttVersion::V5);
    chosen.subscriptions.clear();
    let session = Watched::connected(chosen);
    broker.kill();
    session.wait("the loss is seen", |status| matches!(status.state, ConnectionState::Reconnecting { .. }));
    session.subscribe(&mqttree::session::Subscription::new("later", QoS::AtLeastOnce)).unwrap();
    broker.restart();
    session.wait_until_subscribed();
    mosquitto_pub(broker.port, &["-t", "later", "-m", "1", "-q", "1"]);
    session.wait_for("later");
}

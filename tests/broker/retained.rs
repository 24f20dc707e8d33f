//! What the broker retains: listed, cleared and published back by a connection of its own.

use std::sync::Arc;

use bytes::Bytes;
use mqttree::message::{PublishProperties, QoS};
use mqttree::mqtt::options::{MqttVersion, Secrets};
use mqttree::session::Publish;
use mqttree::session::retained::{CopyOrder, DeskState, RetainedDesk, RetainedOutcome, RetainedPhase};

use crate::harness::{Broker, Publisher, Watched, mosquitto_pub, options, until};

fn desk(port: u16, version: MqttVersion, filter: &str) -> RetainedDesk {
    let keep = Box::new(|_: &[Arc<_>]| Ok(()));
    RetainedDesk::open(&options(port, version), Secrets::default(), filter, keep, Arc::new(|| ())).unwrap()
}

fn wait(desk: &RetainedDesk, what: &str, is_so: impl Fn(&DeskState) -> bool) -> DeskState {
    until(|| format!("{what}: {:?} {:?}", desk.state().phase, desk.state().outcome), || is_so(&desk.state()));
    desk.state()
}

fn listed(desk: &RetainedDesk) -> DeskState {
    wait(desk, "the list", |state| state.phase == RetainedPhase::Listed)
}

fn topics(state: &DeskState) -> Vec<&str> {
    state.messages.iter().map(|message| message.topic.as_str()).collect()
}

#[test]
fn only_what_is_retained_is_listed() {
    let broker = Broker::start();
    let mut publisher = Publisher::connect(broker.port);
    publisher.publish(b"a/kept", b"1", true);
    publisher.publish(b"a/live", b"2", false);
    publisher.publish(b"a/cleared", b"3", true);
    publisher.publish(b"a/cleared", b"", true);
    publisher.publish(b"other", b"4", true);
    publisher.finish();
    for version in [MqttVersion::V3_1_1, MqttVersion::V5] {
        let desk = desk(broker.port, version, "a/#");
        assert_eq!(topics(&listed(&desk)), ["a/kept"]);
    }
}

#[test]
fn thousands_are_cleared_and_the_others_stay_and_come_back_with_qos_and_properties() {
    let broker = Broker::start();
    let mut publisher = Publisher::connect(broker.port);
    for number in 0..10_000 {
        let folder = if number < 6_000 { "old" } else { "new" };
        publisher.publish(
            format!("{folder}/{number:05}").as_bytes(),
            format!("value {number}").as_bytes(),
            true,
        );
    }
    publisher.finish();
    let session = Watched::connected(options(broker.port, MqttVersion::V5));
    let properties = PublishProperties {
        content_type: Some("application/octet-stream".to_owned()),
        message_expiry_interval_s: Some(100_000),
        correlation_data: Some(vec![0, 255]),
        user_properties: vec![("name".to_owned(), "值".to_owned())],
        ..PublishProperties::default()
    };
    for (number, qos) in QoS::ALL.into_iter().enumerate() {
        let topic = format!("old/0000{number}");
        let payload = Bytes::from(vec![0xFF; 40_000]);
        let properties = properties.clone();
        session.outcome(Publish { topic, payload, qos, retain: true, properties, topic_alias: None });
    }

    let desk = desk(broker.port, MqttVersion::V5, "#");
    let before =
        wait(&desk, "all", |state| state.phase == RetainedPhase::Listed && state.messages.len() == 10_000);
    let chosen: Vec<String> =
        topics(&before).into_iter().filter(|topic| topic.starts_with("old/")).map(str::to_owned).collect();
    desk.clear(chosen, 1_000_000);
    let after = wait(&desk, "the clear", |state| state.outcome.is_some());
    assert_eq!(after.outcome.as_deref(), Some(&RetainedOutcome::Cleared(6_000, Vec::new())));
    assert_eq!(after.undoable, 6_000);
    let rest: Vec<_> =
        before.messages.iter().filter(|message| message.topic.starts_with("new/")).cloned().collect();
    assert_eq!(*after.messages, rest, "the others are untouched");

    desk.put_back(1_000_000);
    let restored = wait(&desk, "the undoing", |state| {
        state.outcome.as_deref() == Some(&RetainedOutcome::PutBack(6_000, Vec::new()))
    });
    let bare = |state: &DeskState| -> Vec<_> {
        let messages = state.messages.iter();
        messages
            .map(|message| {
                // Time goes on for what expires.
                let properties =
                    PublishProperties { message_expiry_interval_s: None, ..message.properties.clone() };
                (message.topic.clone(), message.payload.clone(), properties)
            })
            .collect()
    };
    assert_eq!(bare(&restored), bare(&before), "byte for byte");
    assert!(restored.messages.iter().any(|message| message.properties.message_expiry_interval_s.is_some()));
    let reader = Watched::connected(options(broker.port, MqttVersion::V5));
    for (number, qos) in QoS::ALL.into_iter().enumerate() {
        let topic = format!("old/0000{number}");
        reader.subscribe(&mqttree::session::Subscription::new(topic.clone(), QoS::ExactlyOnce)).unwrap();
        until(|| topic.clone(), || reader.newest(&topic).is_some_and(|newest| newest.flags.qos == qos));
    }
}

#[test]
fn a_clear_that_is_cut_off_goes_on_after_the_reconnect() {
    let broker = Broker::start();
    let mut publisher = Publisher::connect(broker.port);
    for number in 0..2_000 {
        publisher.publish(format!("t/{number}").as_bytes(), b"1", true);
    }
    publisher.finish();
    let desk = desk(broker.port, MqttVersion::V5, "#");
    let is_complete =
        |state: &DeskState| state.phase == RetainedPhase::Listed && state.messages.len() == 2_000;
    let before = wait(&desk, "all", is_complete);
    desk.clear(topics(&before).into_iter().map(str::to_owned).collect(), 500);
    wait(&desk, "half of it", |state| matches!(state.phase, RetainedPhase::Clearing(done, _) if done > 500));
    // A client with the same ID makes the broker end the connection (MQTT 5.0, 3.1.4).
    let log = broker.log();
    let id = log.split(" as mqttree-").nth(1).and_then(|rest| rest.split(' ').next()).unwrap();
    mosquitto_pub(broker.port, &["-i", &format!("mqttree-{id}"), "-t", "other", "-m", "1"]);
    let after = wait(&desk, "the rest", |state| state.outcome.is_some());
    assert_eq!(after.outcome.as_deref(), Some(&RetainedOutcome::Cleared(2_000, Vec::new())));
    assert!(after.messages.is_empty());
    assert!(broker.log().matches(" as mqttree-").count() >= 3, "it was cut off");
}

#[test]
fn a_clear_that_is_stopped_says_what_is_left() {
    let broker = Broker::start();
    let mut publisher = Publisher::connect(broker.port);
    for number in 0..1_000 {
        publisher.publish(format!("t/{number}").as_bytes(), b"1", true);
    }
    publisher.finish();
    let desk = desk(broker.port, MqttVersion::V5, "#");
    let before =
        wait(&desk, "all", |state| state.phase == RetainedPhase::Listed && state.messages.len() == 1_000);
    desk.clear(topics(&before).into_iter().map(str::to_owned).collect(), 100);
    wait(&desk, "some of it", |state| matches!(state.phase, RetainedPhase::Clearing(done, _) if done > 20));
    desk.stop();
    let after = wait(&desk, "the end", |state| state.outcome.is_some());
    let Some(RetainedOutcome::Stopped(cleared, left)) = after.outcome.as_deref() else { panic!("{after:?}") };
    assert_eq!((cleared + left, *left), (1_000, after.messages.len()));
    assert!((21..1_000).contains(cleared));
    assert_eq!(after.undoable, *cleared);
}

#[test]
fn nothing_is_cleared_that_could_not_be_kept() {
    let broker = Broker::start();
    let mut publisher = Publisher::connect(broker.port);
    publisher.publish(b"a", b"1", true);
    publisher.finish();
    let keep = Box::new(|_: &[Arc<_>]| Err(std::io::Error::other("no space")));
    let options = options(broker.port, MqttVersion::V5);
    let desk = RetainedDesk::open(&options, Secrets::default(), "#", keep, Arc::new(|| ())).unwrap();
    wait(&desk, "all", |state| state.phase == RetainedPhase::Listed && state.messages.len() == 1);
    desk.clear(vec!["a".to_owned()], 1_000);
    let after = wait(&desk, "the end", |state| state.outcome.is_some());
    assert_eq!(after.outcome.as_deref(), Some(&RetainedOutcome::NotKept("no space".to_owned())));
    desk.list("#");
    let again = wait(&desk, "the list", |state| {
        state.version > after.version && state.phase == RetainedPhase::Listed
    });
    assert_eq!(topics(&again), ["a"]);
}

#[test]
fn messages_are_copied_under_another_prefix_and_to_another_broker_with_qos_and_properties() {
    let (here, there) = (Broker::start(), Broker::start());
    let session = Watched::connected(options(here.port, MqttVersion::V5));
    let properties =
        PublishProperties { content_type: Some("text/plain".to_owned()), ..PublishProperties::default() };
    for (topic, qos) in [("a/1", QoS::AtLeastOnce), ("a/2", QoS::ExactlyOnce)] {
        let (topic, payload, properties) = (topic.to_owned(), Bytes::from_static(b"v"), properties.clone());
        session.outcome(Publish { topic, payload, qos, retain: true, properties, topic_alias: None });
    }
    let desk = desk(here.port, MqttVersion::V5, "a/#");
    wait(&desk, "all", |state| state.phase == RetainedPhase::Listed && state.messages.len() == 2);
    let elsewhere = Watched::connected(options(there.port, MqttVersion::V5));
    for publisher in [session.publisher(), elsewhere.publisher()] {
        let topics = ["1", "2"].map(|end| (format!("a/{end}"), format!("b/{end}"))).to_vec();
        desk.copy(CopyOrder { topics, publisher, per_second: 1_000_000 });
        let done = wait(&desk, "the copy", |state| state.outcome.is_some());
        assert_eq!(done.outcome.as_deref(), Some(&RetainedOutcome::Copied(2, Vec::new())));
        desk.list("a/#");
        wait(&desk, "the list", |state| state.outcome.is_none() && state.phase == RetainedPhase::Listed);
    }
    for port in [here.port, there.port] {
        let reader = Watched::connected(options(port, MqttVersion::V5));
        for (topic, qos) in [("b/1", QoS::AtLeastOnce), ("b/2", QoS::ExactlyOnce)] {
            let copy = reader.wait_for(topic);
            assert_eq!((copy.payload.as_slice(), copy.flags.qos), (&b"v"[..], qos), "{topic} at {port}");
            assert_eq!(copy.properties.unwrap().content_type.as_deref(), Some("text/plain"));
        }
    }
}

#[test]
fn what_is_fetched_has_the_qos_at_which_it_was_published() {
    let broker = Broker::start();
    let session = Watched::connected(options(broker.port, MqttVersion::V5));
    let message = Publish { topic: "a".to_owned(), payload: Bytes::from_static(b"1"), ..Publish::default() };
    session.outcome(Publish { qos: QoS::ExactlyOnce, retain: true, ..message });
    let desk = desk(broker.port, MqttVersion::V5, "#");
    wait(&desk, "all", |state| state.phase == RetainedPhase::Listed && state.messages.len() == 1);
    desk.fetch(vec!["a".to_owned()]);
    let mut fetched = None;
    until(
        || "the message".to_owned(),
        || {
            fetched = fetched.take().or_else(|| desk.take_fetched());
            fetched.is_some()
        },
    );
    assert_eq!(fetched.unwrap()[0].qos, Some(QoS::ExactlyOnce));
}

/// Prints how long many retained messages take and the memory they need; `MQTTREE_RETAINED` says how many.
#[test]
#[ignore = "prints figures: run it in release with --ignored --nocapture"]
fn figures_of_a_hundred_thousand() {
    let count: usize = std::env::var("MQTTREE_RETAINED").ok().and_then(|n| n.parse().ok()).unwrap_or(100_000);
    let memory = || memory_stats::memory_stats().map_or(0, |stats| stats.physical_mem) / 1_000_000;
    let broker = Broker::start();
    let mut publisher = Publisher::connect(broker.port);
    for number in 0..count {
        publisher.publish(format!("t/{}/{number}", number % 100).as_bytes(), b"{\"value\": 21.5}", true);
    }
    publisher.finish();
    let before = memory();
    let began = std::time::Instant::now();
    let desk = desk(broker.port, MqttVersion::V5, "#");
    let is_complete =
        |state: &DeskState| state.phase == RetainedPhase::Listed && state.messages.len() == count;
    let all = wait(&desk, "all", is_complete);
    println!("listed {count} in {:.1?}, {} MB more than before", began.elapsed(), memory() - before);
    let began = std::time::Instant::now();
    desk.clear(topics(&all).into_iter().map(str::to_owned).collect(), 20_000);
    let mut peak = 0;
    until(
        || format!("the clear: {:?}", desk.state().phase),
        || {
            peak = peak.max(memory());
            desk.state().outcome.is_some()
        },
    );
    let outcome = desk.state().outcome;
    assert_eq!(outcome.as_deref(), Some(&RetainedOutcome::Cleared(count, Vec::new())));
    println!("cleared {count} in {:.1?} at 20,000/s, checked; peak {peak} MB", began.elapsed());
}

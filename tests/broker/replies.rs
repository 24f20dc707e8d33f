//! Reply rules against a real broker.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use mqttree::automation::{Responder, ResponderState};
use mqttree::message::PublishProperties;
use mqttree::mqtt::options::{MqttVersion, Secrets};
use mqttree::reply::{PER_SECOND_MAX, Replies, ReplyRule};
use mqttree::session::Publish;

use crate::harness::{Broker, Watched, options, until};

fn rule(filter: &str, topic: &str, payload: &str) -> ReplyRule {
    let [filter, topic, payload] = [filter, topic, payload].map(str::to_owned);
    ReplyRule { filter, topic, payload, ..ReplyRule::default() }
}

/// Turns rules on and waits until they listen.
fn answering(port: u16, version: MqttVersion, rules: &[ReplyRule]) -> Responder {
    let variables = [("room".to_owned(), "kitchen".to_owned())];
    let replies = Replies::new(rules, &variables).unwrap();
    let on = Responder::open(&options(port, version), Secrets::default(), replies, Arc::new(|| ())).unwrap();
    wait(&on, "it listens", |state| state.listens);
    on
}

fn wait(responder: &Responder, what: &str, is_so: impl Fn(&ResponderState) -> bool) -> ResponderState {
    until(|| format!("{what}: {:?}", responder.state()), || is_so(&responder.state()));
    responder.state()
}

fn publish(session: &Watched, topic: &str, payload: &str) {
    let payload = Bytes::copy_from_slice(payload.as_bytes());
    session.outcome(Publish { topic: topic.to_owned(), payload, ..Publish::default() });
}

/// Publishes until the rules have heard one: SUBSCRIBE may still be on its way when they connect.
fn publish_until(session: &Watched, responder: &Responder, topic: &str, payload: &str) {
    until(
        || format!("an answer to {topic}: {:?}", responder.state()),
        || {
            publish(session, topic, payload);
            responder.state().count() > 0 || responder.state().stopped.is_some()
        },
    );
}

#[test]
fn the_rules_of_the_documentation_answer() {
    #[derive(serde::Deserialize)]
    struct Example {
        replies: Vec<ReplyRule>,
    }
    let page = include_str!("../../docs/publishing.md");
    let section = page.split("## Replies\n").nth(1).unwrap();
    let example = section.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    let Example { replies } = toml::from_str(example).unwrap();
    let broker = Broker::start();
    let session = Watched::connected(options(broker.port, MqttVersion::V5));
    let on = answering(broker.port, MqttVersion::V5, &replies);
    publish_until(&session, &on, "lamp/kitchen/set", r#"{"id": 7, "state": "ON"}"#);
    let state = session.wait_for("lamp/7/state");
    let state: serde_json::Value = serde_json::from_slice(&state.payload).unwrap();
    assert_eq!((&state["state"], &state["asked"]), (&"ON".into(), &"lamp/kitchen/set".into()));

    let properties = PublishProperties {
        response_topic: Some("answers/me".to_owned()),
        correlation_data: Some(b"42".to_vec()),
        ..PublishProperties::default()
    };
    let request = Publish { topic: "clock/get".to_owned(), properties, ..Publish::default() };
    session.outcome(request);
    let answer = session.wait_for("answers/me");
    assert_eq!(answer.properties.unwrap().correlation_data.as_deref(), Some(&b"42"[..]));
}

#[test]
fn two_rules_that_would_loop_are_stopped_at_a_hundred_a_second() {
    for version in [MqttVersion::V3_1_1, MqttVersion::V5] {
        let broker = Broker::start();
        let session = Watched::connected(options(broker.port, version));
        // Each answers the other: two windows do, or one whose replies come back.
        let ping = answering(broker.port, version, &[rule("a", "b", "{{counter}}")]);
        let pong = answering(broker.port, version, &[rule("b", "a", "{{counter}}")]);
        let began = Instant::now();
        publish_until(&session, &ping, "a", "go");
        until(
            || format!("it stops: {:?} {:?}", ping.state(), pong.state()),
            || ping.state().stopped.is_some() || pong.state().stopped.is_some(),
        );
        let most = ping.state().count().max(pong.state().count());
        let seconds = began.elapsed().as_secs() + 1;
        assert!(most <= PER_SECOND_MAX as u64 * (seconds + 1), "{most} in {seconds} s");
    }
}

#[test]
fn a_rule_never_answers_itself() {
    for version in [MqttVersion::V3_1_1, MqttVersion::V5] {
        let broker = Broker::start();
        let session = Watched::connected(options(broker.port, version));
        let both = [rule("#", "a/b", "{{topic}}"), rule("x/end", "y/end", "")];
        let on = answering(broker.port, version, &both);
        publish_until(&session, &on, "x/begin", "1");
        // What was answered before the last question would have come back before its answer.
        publish(&session, "x/end", "");
        session.wait_for("y/end");
        let state = wait(&on, "the last answer", |state| state.counts.get(1) == Some(&1));
        let asked = session.look(|model| {
            let of = |topic: &[u8]| model.find(topic).map_or(0, |node| model.history(node).count());
            of(b"x/begin") + of(b"x/end")
        });
        assert!(state.counts[0] <= asked as u64, "{state:?}, asked {asked} times");
        assert!(state.stopped.is_none());
    }
}

#[test]
fn a_reply_waits_for_its_delay_and_a_rule_keeps_to_its_limit() {
    let broker = Broker::start();
    let session = Watched::connected(options(broker.port, MqttVersion::V5));
    let late = ReplyRule { delay_ms: 300, per_second_max: 1, ..rule("ask", "late", "{{payload}} {{room}}") };
    let on = answering(broker.port, MqttVersion::V5, &[late]);
    let began = Instant::now();
    publish_until(&session, &on, "ask", "1");
    publish(&session, "ask", "2");
    assert_eq!(session.wait_for("late").payload, b"1 kitchen");
    assert!(began.elapsed() >= Duration::from_millis(300));
    drop(on);
    // The handle is gone and with it the rules.
    publish(&session, "ask", "3");
    publish(&session, "done", "");
    session.wait_for("done");
    let answers = session.look(|model| {
        let node = model.find(b"late").unwrap();
        model.history(node).map(|message| message.payload().to_vec()).collect::<Vec<_>>()
    });
    assert!(!answers.contains(&b"3 kitchen".to_vec()), "{answers:?}");
}

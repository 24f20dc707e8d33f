//! Messages that go out one after the other, at a pace.

use std::sync::Arc;
use std::time::{Duration, Instant};

use mqttree::mqtt::options::MqttVersion;
use mqttree::session::Publish;
use mqttree::session::sending::{MessageSource, NextMessage, Sending, SendingPhase, SendingPlan};

use crate::harness::{Broker, Watched, options, until};

fn numbers(topic: &'static str) -> MessageSource<String> {
    Box::new(move |number| {
        let (topic, payload) = (topic.to_owned(), number.to_string().into());
        NextMessage::Publish(Publish { topic, payload, ..Publish::default() }, None)
    })
}

fn start(session: &Watched, plan: SendingPlan, source: MessageSource<String>) -> Sending<String> {
    Sending::start(session.publisher(), plan, source, Arc::new(|| ())).unwrap()
}

fn wait(sending: &Sending<String>, what: &str, is_so: impl Fn(SendingPhase) -> bool) {
    until(|| format!("{what}: {:?}", sending.state()), || is_so(sending.state().phase));
}

#[test]
fn a_message_each_millisecond_is_neither_lost_nor_early() {
    let broker = Broker::start();
    let session = Watched::connected(options(broker.port, MqttVersion::V5));
    let began = Instant::now();
    let plan = SendingPlan { every: Duration::from_millis(1), count: Some(10_000) };
    let sending = start(&session, plan, numbers("n"));
    wait(&sending, "the end", |phase| phase == SendingPhase::Finished);
    let took = began.elapsed();
    let state = sending.state();
    println!("10,000 messages, one a millisecond, took {took:.2?}: {:.1}/s", state.per_second);
    assert_eq!((state.sent, state.part), (10_000, Some(1.0)));
    assert!(took >= Duration::from_millis(9_999), "faster than the pace: {took:?}");
    until(|| "all of them".to_owned(), || session.counters().received >= 10_000);
    assert_eq!(session.wait_for("n").payload, b"10000");
    assert_eq!(session.counters().received, 10_000);
}

#[test]
fn several_go_on_at_once_until_each_is_stopped() {
    let broker = Broker::start();
    let session = Watched::connected(options(broker.port, MqttVersion::V3_1_1));
    let plan = SendingPlan { every: Duration::from_millis(2), count: None };
    let mut first = start(&session, plan, numbers("first"));
    let second = start(&session, plan, numbers("second"));
    session.wait_for("first");
    session.wait_for("second");
    first.stop();
    wait(&first, "the stop", |phase| phase == SendingPhase::Stopped);
    let (stopped, before) = (first.state().sent, second.state().sent);
    until(|| "the other".to_owned(), || second.state().sent > before);
    assert_eq!(first.state().sent, stopped);
}

#[test]
fn what_is_sent_waits_for_the_connection_and_goes_on() {
    let broker = Broker::start();
    let session = Watched::connected(options(broker.port, MqttVersion::V5));
    let plan = SendingPlan { every: Duration::from_millis(1), count: None };
    let sending = start(&session, plan, numbers("n"));
    session.wait_for("n");
    session.disconnect();
    wait(&sending, "the pause", |phase| phase == SendingPhase::Waiting);
    let before = sending.state().sent;
    session.reconnect_now();
    until(|| format!("{:?}", sending.state()), || sending.state().sent > before);
    wait(&sending, "the rest", |phase| phase == SendingPhase::Running);
}

#[test]
fn a_message_that_cannot_be_made_or_sent_ends_it_with_the_reason() {
    let broker = Broker::start();
    let session = Watched::connected(options(broker.port, MqttVersion::V5));
    let plan = SendingPlan { every: Duration::ZERO, count: None };
    let broken = start(
        &session,
        plan,
        Box::new(|number| match number {
            1 => NextMessage::Publish(Publish { topic: "n".to_owned(), ..Publish::default() }, None),
            _ => NextMessage::Broken("line 2".to_owned()),
        }),
    );
    wait(&broken, "the failure", |phase| phase == SendingPhase::Failed);
    assert_eq!((broken.state().sent, broken.state().broken), (1, Some("line 2".to_owned())));
    let refused = start(&session, plan, numbers("a/#"));
    wait(&refused, "the refusal", |phase| phase == SendingPhase::Failed);
    assert!(refused.state().declined.is_some());
}

use std::sync::Arc;

use super::*;
use crate::message::{Flags, Payload, PublishProperties, QoS};

const NOW: Timestamp = Timestamp(1_800_000_000_000_000);

fn rule(filter: &str, topic: &str) -> ReplyRule {
    let [filter, topic, payload] = [filter, topic, "{{counter}}"].map(str::to_owned);
    ReplyRule { filter, topic, payload, ..ReplyRule::default() }
}

fn replies(rules: &[ReplyRule]) -> Replies {
    Replies::new(rules, &[("room".to_owned(), "kitchen".to_owned())]).unwrap()
}

fn message<'a>(topic: &'a str, payload: &'a [u8]) -> MessageRef<'a> {
    let (flags, payload) = (Flags::default(), Payload::Small(payload));
    MessageRef { topic: topic.as_bytes(), payload, flags, properties: None, arrived: NOW }
}

fn hear(replies: &mut Replies, topic: &str, payload: &[u8], at: Duration) -> Vec<DueReply> {
    replies.heard(message(topic, payload), at, NOW)
}

#[test]
fn two_rules_that_answer_each_other_are_stopped() {
    let mut replies = replies(&[rule("a", "b"), rule("b", "a")]);
    let (mut sent, mut topic, mut at) = (0, "a".to_owned(), Duration::ZERO);
    while replies.stopped().is_none() {
        // As if another client repeated each reply with a payload of its own.
        let Some(reply) = hear(&mut replies, &topic, b"x", at).into_iter().next() else { break };
        topic = reply.publish.topic;
        sent += 1;
        at += Duration::from_millis(1);
    }
    assert_eq!((sent, replies.stopped()), (PER_SECOND_MAX, Some(0)));
    assert!(
        hear(&mut replies, "a", b"x", Duration::from_mins(1)).is_empty(),
        "until a person turns them on again"
    );
}

#[test]
fn a_rule_does_not_answer_itself() {
    let mut replies = replies(&[rule("#", "a/b")]);
    let due = hear(&mut replies, "x", b"", Duration::ZERO);
    replies.sent(&due[0].publish, Duration::ZERO);
    assert!(hear(&mut replies, "a/b", &due[0].publish.payload, Duration::from_millis(5)).is_empty());
    assert_eq!(hear(&mut replies, "a/b", b"from another", Duration::from_millis(6)).len(), 1);
}

#[test]
fn a_rule_has_a_condition_a_delay_and_a_limit() {
    let limited = ReplyRule {
        condition: "temp > 30".to_owned(),
        delay_ms: 250,
        per_second_max: 2,
        ..rule("t", "alarm")
    };
    let mut replies = replies(&[limited]);
    assert!(hear(&mut replies, "t", b"{\"temp\": 20}", Duration::ZERO).is_empty());
    let mut due =
        |at| hear(&mut replies, "t", b"{\"temp\": 31}", Duration::from_millis(at)).first().map(|due| due.at);
    assert_eq!(due(0), Some(Duration::from_millis(250)));
    assert!(due(1).is_some() && due(2).is_none() && due(1_001).is_some());
    assert_eq!(replies.counts(), [3]);
}

#[test]
fn a_reply_is_filled_from_the_message_the_connection_and_other_topics() {
    let payload = "{{room}} {{topic}} {{value payload .id}} {{value plant/mode .}}";
    let filled =
        ReplyRule { payload: payload.to_owned(), ..rule("lamp/+/set", "lamp/{{value payload .id}}/state") };
    let mut replies = replies(&[filled]);
    assert_eq!(replies.filters(), ["lamp/+/set", "plant/mode"]);
    assert_eq!(hear(&mut replies, "lamp/7/set", b"{\"id\": 7}", Duration::ZERO), []);
    let (_, failure) = replies.failure().unwrap();
    assert!(matches!(failure, ReplyFailure::Template(_)), "{failure:?}");
    hear(&mut replies, "plant/mode", b"night", Duration::ZERO);
    let due = hear(&mut replies, "lamp/7/set", b"{\"id\": 7}", Duration::ZERO);
    assert_eq!(due[0].publish.topic, "lamp/7/state");
    assert_eq!(due[0].publish.payload, "kitchen lamp/7/set 7 night");
    // A value that makes a wildcard of the topic sends nothing.
    assert!(hear(&mut replies, "lamp/7/set", b"{\"id\": \"#\"}", Duration::ZERO).is_empty());
    assert!(matches!(replies.failure(), Some((0, ReplyFailure::Topic(_)))));
}

#[test]
fn a_request_is_answered_where_it_says_and_with_its_correlation_data() {
    let mut replies = replies(&[ReplyRule { qos: QoS::AtLeastOnce, ..rule("clock/get", "") }]);
    let properties = Arc::new(PublishProperties {
        response_topic: Some("answers/7".to_owned()),
        correlation_data: Some(b"\x00\x07".to_vec()),
        ..PublishProperties::default()
    });
    let request = MessageRef { properties: Some(&properties), ..message("clock/get", b"") };
    let due = replies.heard(request, Duration::ZERO, NOW);
    assert_eq!(due[0].publish.topic, "answers/7");
    assert_eq!(due[0].publish.properties.correlation_data.as_deref(), Some(&b"\x00\x07"[..]));
    assert!(hear(&mut replies, "clock/get", b"", Duration::ZERO).is_empty());
    assert_eq!(replies.failure(), Some(&(0, ReplyFailure::NoResponseTopic)));
}

#[test]
fn what_the_broker_had_kept_and_rules_that_are_off_answer_nothing() {
    let mut replies = replies(&[rule("a", "b"), ReplyRule { enabled: false, ..rule("c", "d") }]);
    let retained = MessageRef { flags: Flags { retain: true, ..Flags::default() }, ..message("a", b"1") };
    assert!(replies.heard(retained, Duration::ZERO, NOW).is_empty());
    assert!(hear(&mut replies, "c", b"1", Duration::ZERO).is_empty());
    assert_eq!(replies.filters(), ["a"]);
}

#[test]
fn a_mistake_is_told_with_its_place() {
    let part = |rule: ReplyRule| rule.check().unwrap_err().part();
    assert_eq!(part(rule("a/#/b", "x")), ReplyPart::Filter);
    assert_eq!(part(rule("a", "x/+")), ReplyPart::Topic);
    assert_eq!(part(ReplyRule { condition: "temp >".to_owned(), ..rule("a", "x") }), ReplyPart::Condition);
    assert_eq!(part(ReplyRule { payload: "{{".to_owned(), ..rule("a", "x") }), ReplyPart::Payload);
    assert_eq!(Replies::new(&[rule("a", "x"), rule("", "x")], &[]).unwrap_err().0, 1);
}

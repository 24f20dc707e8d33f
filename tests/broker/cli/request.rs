//! `mqttree rr` beside mosquitto_rr, against one mosquitto.

use bytes::Bytes;
use mqttree::message::{PublishProperties, QoS};
use mqttree::mqtt::options::{ConnectOptions, MqttVersion, Subscription};
use mqttree::session::Publish;

use super::run::{Left, Line, Whose, until_subscribed};
use crate::harness::{Broker, Watched, free_port, mosquitto_pub, options, until};

/// Runs `rr` of either program and answers its request with mosquitto_pub.
fn asked(broker: &Broker, whose: Whose, arguments: &[&str], answer: &[&str]) -> Left {
    let running = Line::new(whose, "rr", broker.port, arguments).start();
    until(
        || format!("the request:\n{}\n{}", broker.log(), running.stderr()),
        || broker.log().lines().any(|line| line.contains("Received PUBLISH") && line.contains("'ask/it'")),
    );
    mosquitto_pub(broker.port, answer);
    running.left()
}

#[test]
fn the_first_response_is_printed_as_mosquitto_rr_prints_it() {
    for more in [
        &["-m", "hello"][..],
        &["-n", "-v"],
        &["-m", "x", "-F", "%t|%q|%p|%l", "-q", "1"],
        &["-m", "x", "-N"],
        &["-m", "x", "-V", "311"],
        &["-m", "x", "-D", "publish", "content-type", "text/plain"],
    ] {
        let version: &[&str] = if more.contains(&"311") { &[] } else { &["-V", "5"] };
        let arguments = [&["-t", "ask/it", "-e", "answers/here"][..], version, more].concat();
        let answer = ["-t", "answers/here", "-m", "21.5", "-q", "1"];
        let [theirs, ours] = [Whose::Theirs, Whose::Ours].map(|whose| {
            let broker = Broker::start();
            asked(&broker, whose, &arguments, &answer)
        });
        assert_eq!((theirs.status, ours.status), (Some(0), Some(0)), "{more:?}: {}", ours.stderr);
        let text = |left: &Left| String::from_utf8_lossy(&left.stdout).into_owned();
        assert_eq!(text(&theirs), text(&ours), "{more:?}");
        assert_eq!(ours.stderr, "");
    }
}

#[test]
fn no_response_ends_with_mosquittos_status() {
    let broker = Broker::start();
    let arguments = ["-t", "ask", "-e", "answers", "-m", "x", "-W", "1"];
    let theirs = Line::new(Whose::Theirs, "rr", broker.port, &arguments).run();
    let ours = Line::new(Whose::Ours, "rr", broker.port, &arguments).run();
    assert_eq!((theirs.status, ours.status), (Some(27), Some(27)));
    assert_eq!(ours.stderr, "mqttree: the 1 s of -W are over\n");
}

#[test]
fn a_kept_message_is_a_response_unless_it_is_left_out() {
    let broker = Broker::start();
    mosquitto_pub(broker.port, &["-t", "answers", "-m", "stale", "-r", "-q", "1"]);
    for whose in [Whose::Theirs, Whose::Ours] {
        let line = |more: &[&str]| {
            let arguments = [&["-t", "ask", "-e", "answers", "-m", "x", "-W", "1"], more].concat();
            Line::new(whose, "rr", broker.port, &arguments).run()
        };
        assert_eq!((line(&[]).status, line(&[]).stdout.as_slice()), (Some(0), &b"stale\n"[..]), "{whose:?}");
        if whose == Whose::Ours {
            // mosquitto_rr 2.0.11 takes the option and prints the message all the same.
            let left = line(&["-R"]);
            assert_eq!((left.status, left.stdout.as_slice()), (Some(27), &b""[..]));
        }
    }
}

/// A responder that sends what belongs to others first, at full speed.
#[test]
fn a_response_is_found_among_many_with_other_correlation_data() {
    let broker = Broker::start();
    let subscriptions = vec![Subscription::new("ask", QoS::AtLeastOnce)];
    let responder =
        Watched::connected(ConnectOptions { subscriptions, ..options(broker.port, MqttVersion::V5) });
    let running =
        Line::new(Whose::Ours, "rr", broker.port, &["-t", "ask", "-e", "answers", "-m", "x", "-q", "1"]);
    let running = running.start();
    until(|| responder.describe(), || responder.newest("ask").is_some());
    let asked = responder.newest("ask").unwrap().properties.unwrap();
    assert_eq!(asked.response_topic.as_deref(), Some("answers"));
    let data = asked.correlation_data.unwrap();
    let respond = |payload: String, data: Vec<u8>| {
        let properties = PublishProperties { correlation_data: Some(data), ..PublishProperties::default() };
        let payload = Bytes::from(payload);
        let publish = Publish { topic: "answers".to_owned(), payload, properties, ..Publish::default() };
        responder.publish(publish).unwrap();
    };
    for number in 0..2_000_u32 {
        respond(format!("of another {number}"), number.to_be_bytes().to_vec());
    }
    respond("mine".to_owned(), data);
    let left = running.left();
    assert_eq!((left.status, left.stdout.as_slice()), (Some(0), &b"mine\n"[..]), "{}", left.stderr);
}

#[test]
fn what_is_wrong_with_a_request_is_said() {
    for (line, expected) in [
        ("-e a -m x", "there is no topic to publish to"),
        ("-t a -m x", "there is no response topic"),
        ("-t a -e b/# -m x", "-e b/#"),
        ("-t a/+ -e b -m x", "-t a/+"),
        ("-t a -e b", "a request comes from one place"),
        ("-t a -e b -m x -n", "a request comes from one place"),
        ("-t a -e b -m x -W 0", "-W 0: not a number from 1 on"),
        (
            "-t a -e b -m x -D unsubscribe user-property a b",
            "properties of connect, will, publish, subscribe and disconnect",
        ),
        ("-t a -e b -m x -V 311 -D publish content-type t", "properties need MQTT 5"),
    ] {
        let words: Vec<&str> = line.split(' ').collect();
        let left = Line::without_broker(Whose::Ours, "rr", &words).run();
        assert_eq!(left.status, Some(2), "{line}: {}", left.stderr);
        assert!(left.stderr.contains(expected), "{line}: {}", left.stderr);
    }
    let left = Line::new(Whose::Ours, "rr", free_port(), &["-t", "a", "-e", "b", "-m", "x"]).run();
    assert_eq!((left.status, left.stderr.lines().count()), (Some(1), 3), "{}", left.stderr);
}

#[test]
fn a_connection_that_is_lost_before_the_response_is_a_failure() {
    let mut broker = Broker::start();
    let running = Line::new(Whose::Ours, "rr", broker.port, &["-t", "ask", "-e", "b", "-m", "x"]).start();
    until_subscribed(&broker, 1);
    until(|| broker.log(), || broker.log().contains("'ask'"));
    broker.kill();
    let left = running.left();
    assert_eq!(left.status, Some(1), "{}", left.stderr);
    assert!(!left.stderr.is_empty());
}

//! Recordings against a real broker: what is recorded, and what a replay makes of it.

use std::ops::ControlFlow;
use std::path::Path;

use mqttree::message::{Flags, PublishProperties, QoS};
use mqttree::recording::{Found, GapReason, Query, RecordedEvent, Recording};

use crate::cli::run::{Line, Running, Whose, until_subscribed};
use crate::harness::{Broker, mosquitto_pub, until};

/// Topic, payload, flags and properties of every message, in the order of arrival.
type Messages = Vec<(Vec<u8>, Vec<u8>, Flags, Option<PublishProperties>)>;

fn record(port: u16, folder: &Path, arguments: &[&str]) -> Running {
    let folder = folder.to_str().unwrap();
    Line::new(Whose::Ours, "record", port, &[arguments, &["-o", folder, "--leave-free", "1"]].concat())
        .start()
}

fn until_recorded(folder: &Path, messages: u64) {
    let count = || Recording::open(folder).map_or(0, |recording| recording.summary().messages);
    until(|| format!("{messages} messages, not {}", count()), || count() >= messages);
}

/// Ends a recording as Ctrl-C does, once it has so many messages.
fn end(recording: Running, folder: &Path, messages: u64) {
    until_recorded(folder, messages);
    recording.signal("INT");
    let left = recording.left();
    assert_eq!(left.status, Some(0), "{}", left.stderr);
    assert!(left.stderr.contains(&format!("{messages} messages recorded")), "{}", left.stderr);
}

fn all(folder: &Path) -> Messages {
    let mut found = Messages::new();
    let recording = Recording::open(folder).unwrap();
    let ended = recording.walk::<()>(&Query::default(), |item| {
        if let Found::Message(message) = item {
            let properties = message.properties.map(|properties| (**properties).clone());
            let payload = message.payload.bytes().to_vec();
            found.push((message.topic.to_vec(), payload, message.flags, properties));
        }
        ControlFlow::Continue(())
    });
    assert!(ended.is_continue());
    assert_eq!(recording.damage(), []);
    found
}

/// By topic, in the order of arrival: brokers keep the order of a topic.
fn by_topic(mut messages: Messages, prefix: &[u8]) -> Messages {
    for (topic, _, flags, properties) in &mut messages {
        *topic = topic.strip_prefix(prefix).unwrap().to_vec();
        flags.dup = false;
        if let Some(properties) = properties {
            properties.subscription_identifiers.clear();
        }
    }
    messages.sort_by(|one, other| one.0.cmp(&other.0));
    messages
}

#[test]
fn a_replay_that_is_recorded_again_is_the_same_recording() {
    let broker = Broker::start();
    let (first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    mosquitto_pub(broker.port, &["-t", "kept", "-m", "retained", "-r", "-q", "1"]);
    let recording = record(broker.port, first.path(), &["-t", "#", "-q", "2"]);
    until_subscribed(&broker, 1);
    for number in 0..30 {
        let (topic, qos) = (format!("t/{}", number % 4), (number % 3).to_string());
        let payload = format!("{number} ä\n");
        let user = ["-V", "5", "-D", "publish", "user-property", "n", "ä"];
        let properties = if number % 5 == 0 { &user[..] } else { &[] };
        let own = ["-t", &topic, "-m", &payload, "-q", &qos];
        mosquitto_pub(broker.port, &[&own, properties].concat());
    }
    end(recording, first.path(), 31);
    let recorded = all(first.path());
    assert!(recorded.iter().any(|(_, _, flags, _)| flags.retain), "what the broker kept");
    assert!(recorded.iter().any(|(_, _, flags, _)| flags.qos == QoS::ExactlyOnce));
    assert!(recorded.iter().any(|(_, _, _, properties)| properties.is_some()));

    let again = record(broker.port, second.path(), &["-t", "again/#", "-q", "2"]);
    until_subscribed(&broker, 2);
    let folder = first.path().to_str().unwrap();
    let replay = ["--prefix", "again/", "--pace", "max", folder];
    let left = Line::new(Whose::Ours, "replay", broker.port, &replay).run();
    assert_eq!((left.status, left.stderr.as_str()), (Some(0), "mqttree: 31 messages sent\n"));
    end(again, second.path(), 31);

    let expected = by_topic(recorded, b"");
    let mut found = by_topic(all(second.path()), b"again/");
    // A broker sends what is published with the flag to those who listen already without it.
    for (one, other) in found.iter_mut().zip(&expected) {
        one.2.retain = other.2.retain;
    }
    assert_eq!(found, expected);
    let kept = Line::new(Whose::Theirs, "sub", broker.port, &["-t", "again/#", "-C", "1", "-v"]).run();
    assert_eq!(kept.stdout, b"again/kept retained\n", "the flag was sent");
}

#[test]
fn a_part_is_replayed_without_the_flag_and_with_another_qos() {
    let broker = Broker::start();
    let folder = tempfile::tempdir().unwrap();
    for topic in ["a/1", "a/2", "b"] {
        mosquitto_pub(broker.port, &["-t", topic, "-m", topic, "-r"]);
    }
    let recording = record(broker.port, folder.path(), &["-t", "#"]);
    end(recording, folder.path(), 3);
    let other = Broker::start();
    let arguments = ["-t", "a/+", "--retain", "never", "-q", "1", folder.path().to_str().unwrap()];
    let heard =
        Line::new(Whose::Theirs, "sub", other.port, &["-t", "#", "-q", "1", "-C", "2", "-F", "%t %q"])
            .start();
    until_subscribed(&other, 1);
    let left = Line::new(Whose::Ours, "replay", other.port, &arguments).run();
    assert_eq!(left.status, Some(0), "{}", left.stderr);
    let mut lines: Vec<u8> = heard.left().stdout;
    lines.sort_unstable();
    let mut expected = b"a/1 1\na/2 1\n".to_vec();
    expected.sort_unstable();
    assert_eq!(lines, expected);
    let kept = Line::new(Whose::Ours, "sub", other.port, &["-t", "#", "--retained-only", "-W", "1"]).run();
    assert_eq!(kept.stdout, b"", "nothing stays at the broker");
}

#[test]
fn a_recording_does_not_go_back_by_accident() {
    let broker = Broker::start();
    let folder = tempfile::tempdir().unwrap();
    mosquitto_pub(broker.port, &["-t", "a", "-m", "x", "-r"]);
    end_of_one(&broker, folder.path());
    let path = folder.path().to_str().unwrap();
    let left = Line::new(Whose::Ours, "replay", broker.port, &[path]).run();
    assert_eq!(left.status, Some(1));
    assert!(left.stderr.contains("--same-broker"), "{}", left.stderr);
    let left = Line::new(Whose::Ours, "replay", broker.port, &[path, "--same-broker"]).run();
    assert_eq!(left.status, Some(0), "{}", left.stderr);
}

fn end_of_one(broker: &Broker, folder: &Path) {
    let recording = record(broker.port, folder, &["-t", "#"]);
    let count = || Recording::open(folder).map_or(0, |recording| recording.summary().messages);
    until(|| "a message".to_owned(), || count() == 1);
    recording.signal("TERM");
    assert_eq!(recording.left().status, Some(0));
}

#[test]
fn a_lost_connection_is_a_gap_with_its_reason() {
    let mut broker = Broker::start();
    let folder = tempfile::tempdir().unwrap();
    let recording = record(broker.port, folder.path(), &["-t", "#"]);
    until_subscribed(&broker, 1);
    mosquitto_pub(broker.port, &["-t", "a", "-m", "before"]);
    until_recorded(folder.path(), 1);
    broker.kill();
    until(|| recording.stderr(), || recording.stderr().contains("next attempt"));
    broker.restart();
    until(|| recording.stderr(), || recording.stderr().contains("connected again"));
    // Kept by the broker, so that it comes however soon the subscription is made.
    mosquitto_pub(broker.port, &["-t", "a", "-m", "after", "-r"]);
    end(recording, folder.path(), 2);
    let recording = Recording::open(folder.path()).unwrap();
    let gaps = recording.gaps();
    assert_eq!(gaps.len(), 1, "{gaps:?}");
    assert_eq!((gaps[0].reason, gaps[0].messages), (GapReason::Disconnected, None));
    assert!(gaps[0].from < gaps[0].to);
    let mut events = Vec::new();
    let ended = recording.walk::<()>(&Query::default(), |item| {
        if let Found::Event(_, event) = item {
            events.push(event.clone());
        }
        ControlFlow::Continue(())
    });
    assert!(ended.is_continue());
    let connected = events.iter().filter(|event| matches!(event, RecordedEvent::Connected { .. })).count();
    assert_eq!(connected, 2, "{events:?}");
    assert!(events.iter().any(|event| matches!(event, RecordedEvent::Lost { .. })), "{events:?}");
    assert_eq!(events.last(), Some(&RecordedEvent::Disconnected), "{events:?}");
}

#[test]
fn a_recording_ends_at_the_size_that_was_asked_for() {
    let broker = Broker::start();
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["-t", "#", "--max-size", "2k", "--split", "1k"];
    let recording = record(broker.port, folder.path(), &arguments);
    until_subscribed(&broker, 1);
    until(
        || recording.stderr(),
        || {
            let payload = fastrand::u64(..).to_string().repeat(20);
            mosquitto_pub(broker.port, &["-t", "a", "-m", &payload]);
            recording.stderr().contains("recorded")
        },
    );
    assert_eq!(recording.left().status, Some(0));
    assert!(Recording::open(folder.path()).unwrap().summary().segments > 1);
}

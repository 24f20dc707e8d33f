//! Tests that what is written can be read back: compared with a naive model, across segments and keyframes, and from
//! damaged files.

mod damaged;
mod naive;
mod stopping;

use std::fs;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Duration;

use tempfile::TempDir;

use super::*;
use crate::message::{Batch, Flags, Payload, PublishProperties, QoS, Timestamp};
use crate::recording::failure::{OpenFailure, RecordFailure};

/// A message that owns its data.
#[derive(Clone, PartialEq, Eq)]
struct Owned {
    topic: Vec<u8>,
    payload: Vec<u8>,
    flags: Flags,
    properties: Option<PublishProperties>,
    at: i64,
}

impl std::fmt::Debug for Owned {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (topic, payload) = (self.topic.escape_ascii(), &self.payload[..self.payload.len().min(20)]);
        write!(f, "{topic}@{}={} ({} bytes)", self.at, payload.escape_ascii(), self.payload.len())
    }
}

/// A message with nothing special.
fn plain(topic: &str, payload: impl Into<Vec<u8>>, at: i64) -> Owned {
    Owned { topic: topic.into(), payload: payload.into(), flags: Flags::default(), properties: None, at }
}

fn batch_of(messages: &[Owned]) -> Batch {
    let mut batch = Batch::default();
    for Owned { topic, payload, flags, properties, at } in messages {
        batch.push(topic, Payload::Small(payload), *flags, properties.clone(), Timestamp(*at));
    }
    batch
}

/// Small frames and segments, so that a test has many of them.
fn small(folder: &Path) -> RecordOptions {
    RecordOptions {
        frame_bytes_max: 400,
        segment_bytes_max: 4_000,
        free_bytes_min: 0,
        waits: true,
        ..RecordOptions::new(folder, Facts { name: "test".to_owned(), ..Facts::default() })
    }
}

/// Records the messages in batches and closes the recording.
fn record(options: RecordOptions, messages: &[Owned]) {
    let recorder = Recorder::start(options).unwrap();
    for messages in messages.chunks(7) {
        recorder.offer(batch_of(messages));
    }
    assert!(recorder.finish(Duration::from_mins(1)));
    let RecordingProgress { messages: written, missing, ended, failure, .. } = recorder.progress();
    assert_eq!((written, missing, ended, failure), (messages.len() as u64, 0, true, None));
}

/// All messages of a recording.
fn all(recording: &Recording) -> Vec<Owned> {
    matching(recording, &Query::default())
}

fn matching(recording: &Recording, query: &Query<'_>) -> Vec<Owned> {
    let mut found = Vec::new();
    let ended = recording.walk::<()>(query, |item| {
        if let Found::Message(message) = item {
            found.push(owned(message));
        }
        ControlFlow::Continue(())
    });
    assert!(ended.is_continue());
    found
}

fn owned(message: crate::message::MessageRef<'_>) -> Owned {
    Owned {
        topic: message.topic.to_vec(),
        payload: message.payload.bytes().to_vec(),
        flags: message.flags,
        properties: message.properties.map(|properties| (**properties).clone()),
        at: message.arrived.0,
    }
}

/// The newest message of every topic at this time, by topic.
fn state(recording: &Recording, at: i64) -> Vec<Owned> {
    let mut found = Vec::new();
    if let Some(moment) = recording.moment(Timestamp(at)) {
        let ended = moment.walk::<()>(|message| {
            found.push(owned(message));
            ControlFlow::Continue(())
        });
        assert!(ended.is_continue());
    }
    found.sort_by(|one, other| one.topic.cmp(&other.topic));
    found
}

/// A topic's messages, the newest first.
fn history(recording: &Recording, topic: &[u8]) -> Vec<Owned> {
    let mut found = Vec::new();
    let ended = recording.history::<()>(topic, |stored| {
        let RecordedMessage { payload, flags, properties, arrived } = stored;
        let properties = properties.map(|properties| (*properties).clone());
        found.push(Owned { topic: topic.to_vec(), payload, flags, properties, at: arrived.0 });
        ControlFlow::Continue(())
    });
    assert!(ended.is_continue());
    found
}

#[test]
fn everything_of_a_message_is_kept() {
    let folder = TempDir::new().unwrap();
    let properties = PublishProperties {
        content_type: Some("text/plain".to_owned()),
        user_properties: vec![("name".to_owned(), "值".to_owned())],
        ..PublishProperties::default()
    };
    let messages = [
        Owned { properties: Some(properties), ..plain("a/b", "x", 5) },
        Owned { flags: Flags { qos: QoS::ExactlyOnce, retain: true, dup: true }, ..plain("", "", 6) },
        Owned { topic: vec![0xff, 0, b'/'], payload: vec![0; 100_000], ..plain("", "", -7) },
        Owned { payload: vec![7; 2 << 20], ..plain("large", "", 8) },
    ];
    record(RecordOptions { segment_bytes_max: 1 << 30, ..small(folder.path()) }, &messages);
    let recording = Recording::open(folder.path()).unwrap();
    assert_eq!(all(&recording), messages);
    assert_eq!(recording.damage(), []);
    let summary = recording.summary();
    assert_eq!((summary.messages, summary.segments), (4, 1));
    assert_eq!(summary.span, Some((Timestamp(-7), Timestamp(8))));
    assert_eq!(summary.facts.name, "test");
}

#[test]
fn a_second_run_follows_the_first_and_the_time_between_is_a_gap() {
    let folder = TempDir::new().unwrap();
    record(small(folder.path()), &[plain("a", "1", 1), plain("b", "2", 2)]);
    record(small(folder.path()), &[plain("b", "3", 3)]);
    let recording = Recording::open(folder.path()).unwrap();
    assert_eq!(recording.summary().segments, 2);
    let payloads: Vec<Vec<u8>> = all(&recording).into_iter().map(|message| message.payload).collect();
    assert_eq!(payloads, [b"1", b"2", b"3"]);
    assert_eq!(history(&recording, b"b").len(), 2);
    let gaps = recording.gaps();
    assert_eq!((gaps.len(), gaps[0].reason, gaps[0].from), (1, GapReason::Paused, Timestamp(2)));
}

#[test]
fn a_folder_takes_one_recorder_at_a_time() {
    let folder = TempDir::new().unwrap();
    let first = Recorder::start(small(folder.path())).unwrap();
    let refused = Recorder::start(small(folder.path())).unwrap_err();
    assert_eq!(refused, RecordFailure::Locked { folder: folder.path().to_owned() });
    assert!(first.finish(Duration::from_mins(1)));
    drop(first);
    drop(Recorder::start(small(folder.path())).unwrap());
}

#[test]
fn a_folder_that_is_no_recording_is_told_from_one_that_is_not_there() {
    let folder = TempDir::new().unwrap();
    let missing = folder.path().join("missing");
    assert_eq!(Recording::open(&missing).unwrap_err(), OpenFailure::NoFolder { folder: missing });
    fs::write(folder.path().join("other"), "x").unwrap();
    let empty = folder.path().to_owned();
    assert_eq!(Recording::open(&empty).unwrap_err(), OpenFailure::NoRecording { folder: empty });
}

#[test]
fn events_and_gaps_come_back_in_their_places() {
    let folder = TempDir::new().unwrap();
    let recorder = Recorder::start(small(folder.path())).unwrap();
    let lost = RecordedEvent::Lost { why: Loss::Closed, text: None };
    let gap = Gap { from: Timestamp(3), to: Timestamp(4), reason: GapReason::Disconnected, messages: None };
    recorder.event(Timestamp(2), lost.clone());
    recorder.gap(gap);
    recorder.offer(batch_of(&[plain("a", "x", 5)]));
    assert!(recorder.finish(Duration::from_mins(1)));
    let recording = Recording::open(folder.path()).unwrap();
    assert_eq!(recording.gaps(), [gap]);
    let mut found = Vec::new();
    let ended = recording.walk::<()>(&Query::default(), |item| {
        match item {
            Found::Event(at, event) => found.push((at.0, Some(event.clone()))),
            Found::Gap(gap) => found.push((gap.from.0, None)),
            Found::Message(message) => found.push((message.arrived.0, None)),
        }
        ControlFlow::Continue(())
    });
    assert!(ended.is_continue());
    found.sort_by_key(|(at, _)| *at);
    assert_eq!(found, [(2, Some(lost)), (3, None), (5, None)]);
}

#[test]
fn a_budget_drops_the_oldest_segments_and_no_topic_is_forgotten() {
    let folder = TempDir::new().unwrap();
    let mut messages = vec![plain("quiet", "still here", 0)];
    messages.extend((1..2_000).map(|at| plain("loud", format!("{at} {}", fastrand::u64(..)), at)));
    record(RecordOptions { budget_bytes: Some(20_000), ..small(folder.path()) }, &messages);
    let recording = Recording::open(folder.path()).unwrap();
    let summary = recording.summary();
    assert!(summary.bytes < 30_000 && summary.segments < 8, "{summary:?}");
    assert_eq!(recording.damage(), [], "what was dropped is no damage");
    let kept = all(&recording);
    assert!(kept.len() < messages.len() && messages.ends_with(&kept));
    assert_eq!(state(&recording, i64::MAX), [messages.last().unwrap().clone(), messages[0].clone()]);
    assert_eq!(history(&recording, b"quiet"), [messages[0].clone()]);
}

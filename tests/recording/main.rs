//! Recordings on a real disk: programs that are killed, disks that are full, and what other programs read.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, in its helpers too")]

mod full;
mod interchange;
mod killed;
mod others;

use std::ops::ControlFlow;
use std::path::Path;
use std::process::Command;

use mqttree::message::{Batch, Flags, Payload, PublishProperties, Timestamp};
use mqttree::recording::{Facts, Found, Query, RecordOptions, Recorder, Recording};

/// The variable that makes an ignored test the other half of another: the folder it works in.
const FOLDER: &str = "MQTTREE_TEST_FOLDER";

/// A program that runs one test of this binary alone, as its other half.
fn other_half(test: &str, folder: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test, "--ignored", "--nocapture"]).env(FOLDER, folder);
    command
}

fn recorder(folder: &Path) -> Recorder {
    let facts = Facts { url: "mqtt://example.org".to_owned(), ..Facts::default() };
    let options = RecordOptions { free_bytes_min: 0, waits: true, ..RecordOptions::new(folder, facts) };
    Recorder::start(options).unwrap()
}

/// A batch of one message.
fn one(topic: &str, payload: &[u8], at: i64) -> Batch {
    let mut batch = Batch::default();
    batch.push(topic.as_bytes(), Payload::Small(payload), Flags::default(), None, Timestamp(at));
    batch
}

/// The payloads of a recording as numbers.
fn numbers(recording: &Recording) -> Vec<u64> {
    let mut found = Vec::new();
    let ended = recording.walk::<()>(&Query::default(), |item| {
        if let Found::Message(message) = item {
            found.push(str::from_utf8(message.payload.bytes()).unwrap().parse().unwrap());
        }
        ControlFlow::Continue(())
    });
    assert!(ended.is_continue());
    found
}

/// Properties of every kind.
fn properties() -> PublishProperties {
    PublishProperties {
        payload_format_indicator: Some(1),
        message_expiry_interval_s: Some(60),
        content_type: Some("application/json".to_owned()),
        response_topic: Some("answers".to_owned()),
        correlation_data: Some(vec![0, 1, 255]),
        subscription_identifiers: vec![1, 70_000],
        user_properties: vec![("名".to_owned(), "值".to_owned()), ("名".to_owned(), String::new())],
    }
}

//! Files of other programs: what is exported and read again is the same.

use std::ops::ControlFlow;
use std::path::Path;

use mqttree::interchange::{
    Excerpt, ExportFormat, FilePlace, ImportFailure, ImportProblem, MessageOrigin, Tally, export, import,
};
use mqttree::message::{Flags, PublishProperties, Timestamp};
use mqttree::recording::{Found, Query, Recording};

use crate::others::recorded;

/// All that is known of a message.
type Whole = (Timestamp, Vec<u8>, Vec<u8>, Flags, Option<PublishProperties>);

fn messages(folder: &Path) -> Vec<Whole> {
    let mut found = Vec::new();
    let recording = Recording::open(folder).unwrap();
    let ended = recording.walk::<()>(&Query::default(), |item| {
        if let Found::Message(message) = item {
            let properties = message.properties.map(|properties| (**properties).clone());
            let (topic, payload) = (message.topic.to_vec(), message.payload.bytes().to_vec());
            found.push((message.arrived, topic, payload, message.flags, properties));
        }
        ControlFlow::Continue(())
    });
    assert!(ended.is_continue());
    assert_eq!(recording.damage(), []);
    found
}

fn comes_back(format: ExportFormat, name: &str) {
    let recording = recorded();
    let folder = tempfile::tempdir().unwrap();
    let (file, again) = (folder.path().join(name), folder.path().join("again"));
    let origin = MessageOrigin::Recording(recording.path().to_owned()).open().unwrap();
    let done = export(&origin, &Excerpt::default(), format, &file, &Tally::default()).unwrap();
    assert_eq!(done.messages, 3_000);
    let found = import(&file, &again, &Tally::default()).unwrap();
    assert_eq!((found.messages, found.faults), (3_000, 0), "{found:?}");
    assert_eq!(messages(&again), messages(recording.path()));
}

#[test]
fn json_lines_that_are_read_again_are_the_same_messages() {
    comes_back(ExportFormat::JsonLines { events: true }, "all.jsonl");
}

#[test]
fn mcap_that_is_read_again_is_the_same_messages() {
    comes_back(ExportFormat::Mcap, "all.mcap");
}

#[test]
fn a_line_that_is_no_message_is_named_and_the_others_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("some.jsonl");
    let good = r#"{"time":"2026-11-22T12:00:00Z","topic":"a","payload":{"t":1},"qos":1}"#;
    let lines = [
        good,
        "",
        "{nonsense",
        r#"{"topic":"a","payload":"1"}"#,
        r#"{"time":"2026-11-22T12:00:00Z","payload":"1"}"#,
        r#"{"time":"2026-11-22T12:00:00Z","topic":"a","payload_base64":"?"}"#,
        good,
    ];
    std::fs::write(&file, lines.join("\n")).unwrap();
    let again = folder.path().join("again");
    let found = import(&file, &again, &Tally::default()).unwrap();
    assert_eq!((found.messages, found.faults), (2, 4));
    let places: Vec<FilePlace> = found.first_faults.iter().map(|fault| fault.place).collect();
    assert_eq!(places, [3, 4, 5, 6].map(FilePlace::Line));
    assert_eq!(found.first_faults[1].what, ImportProblem::NoTime);
    assert_eq!(found.first_faults[3].what, ImportProblem::NotBase64("payload_base64"));
    assert_eq!(messages(&again)[0].2, br#"{"t":1}"#);
}

#[test]
fn mcap_that_was_cut_is_read_up_to_there() {
    let recording = recorded();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("all.mcap");
    let origin = MessageOrigin::Recording(recording.path().to_owned()).open().unwrap();
    export(&origin, &Excerpt::default(), ExportFormat::Mcap, &file, &Tally::default()).unwrap();
    let bytes = std::fs::read(&file).unwrap();
    std::fs::write(&file, &bytes[..bytes.len() / 2]).unwrap();
    let again = folder.path().join("again");
    let found = import(&file, &again, &Tally::default()).unwrap();
    assert_eq!(found.faults, 1);
    assert_eq!(found.first_faults[0].what, ImportProblem::Cut);
    let (whole, part) = (messages(recording.path()), messages(&again));
    assert!(part.len() > 100 && part.len() < whole.len());
    assert_eq!(part[..part.len() - 1], whole[..part.len() - 1]);
}

#[test]
fn other_files_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("picture.png");
    std::fs::write(&file, b"\x89PNG\r\n").unwrap();
    let refused = import(&file, &folder.path().join("a"), &Tally::default());
    assert!(matches!(refused, Err(ImportFailure::Unknown)), "{refused:?}");
    std::fs::write(&file, b"{\"topic\":\"a\"}").unwrap();
    let refused = import(&file, &folder.path().join("b"), &Tally::default());
    assert!(matches!(refused, Err(ImportFailure::NoMessages(Some(_)))), "{refused:?}");
}

#[test]
fn a_cancelled_export_leaves_what_was_there() {
    let recording = recorded();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("old.jsonl");
    std::fs::write(&file, "old").unwrap();
    let origin = MessageOrigin::Recording(recording.path().to_owned()).open().unwrap();
    let tally = Tally::default();
    tally.cancel();
    for format in [ExportFormat::JsonLines { events: false }, ExportFormat::Csv, ExportFormat::Mcap] {
        export(&origin, &Excerpt::default(), format, &file, &tally).unwrap_err();
    }
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "old");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
}

//! A recording that is shown in a tab of its own.

use std::path::Path;

use eframe::egui::accesskit::Role;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use mqttree::app::Start;
use mqttree::message::{Batch, Flags, Payload, QoS, Timestamp};
use mqttree::recording::{Facts, Gap, GapReason, RecordOptions, RecordedEvent, Recorder};

use crate::app::Window;
use crate::harness::{NOW, PATIENCE};

/// Records a connection that was lost for a while: two topics with three messages each.
pub fn record(folder: &Path) {
    let recorder = Recorder::start(RecordOptions::new(folder, Facts::default())).unwrap();
    let subscribed = RecordedEvent::Subscribed { filter: "hall/#".to_owned(), qos: 1 };
    recorder.event(NOW, subscribed);
    let mut batch = Batch::default();
    for number in 0..3 {
        let at = Timestamp(NOW.0 + number * 1_000_000);
        let flags = Flags { qos: QoS::AtLeastOnce, retain: number == 0, dup: false };
        let payload = format!("{{\"value\":{number}}}");
        for topic in [&b"hall/left"[..], b"hall/right"] {
            batch.push(topic, Payload::Small(payload.as_bytes()), flags, None, at);
        }
    }
    recorder.offer(batch);
    let (from, to) = (Timestamp(NOW.0 + 2_000_000), Timestamp(NOW.0 + 9_000_000));
    recorder.gap(Gap { from, to, reason: GapReason::Disconnected, messages: None });
    assert!(recorder.finish(PATIENCE));
}

pub fn shown(folder: &Path) -> Window {
    let mut window = Window::open(Start { recordings: vec![folder.to_owned()], ..Start::default() });
    window.until_label("6 messages");
    window.until("the tree", |harness| harness.query_by_role_and_label(Role::TreeItem, "right").is_some());
    window
}

#[test]
fn a_recording_is_shown_as_a_session_is() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("monday");
    record(&folder);
    let mut window = shown(&folder);
    window.until_label("Recording monday");
    window.until_label("2 topics");
    window.harness.get_by_role_and_label(Role::TreeItem, "right").click();
    window.until("the payload", |harness| {
        harness
            .query_all_by_label("Topic")
            .any(|node| node.value().is_some_and(|value| value == "hall/right"))
    });
    window.until("its value", |harness| {
        let row = harness.get_by_role_and_label(Role::TreeItem, "right");
        row.accesskit_node().description().is_some_and(|text| text.contains("{\"value\":2}"))
    });
    window.harness.get_by_role_and_label(Role::Tab, "Log").click();
    window.until_label("Subscribed to hall/# at QoS 1");
    window.until_label("Nothing was recorded until");
}

#[test]
fn what_needs_a_connection_is_not_offered_for_a_recording() {
    let folder = tempfile::tempdir().unwrap();
    record(folder.path());
    let window = shown(folder.path());
    for name in ["Connect", "Disconnect", "Record", "Save as profile", "Subscribe to $SYS/#"] {
        assert!(window.harness.query_by_role_and_label(Role::Button, name).is_none(), "{name}");
    }
}

#[test]
fn a_folder_without_a_recording_is_refused_with_a_reason() {
    let folder = tempfile::tempdir().unwrap();
    let start = Start { recordings: vec![folder.path().to_owned()], ..Start::default() };
    let mut window = Window::open(start);
    window.until_label("the folder holds no recording");
}

/// Records more than the smallest history holds: a number with every message, each of which is large.
fn record_much(folder: &Path) {
    let recorder =
        Recorder::start(RecordOptions { waits: true, ..RecordOptions::new(folder, Facts::default()) });
    let recorder = recorder.unwrap();
    let filler = "x".repeat(60_000);
    for number in 0..MUCH {
        let mut batch = Batch::default();
        let at = Timestamp(NOW.0 + number * 1_000_000);
        let payload = format!("{{\"value\":{number},\"filler\":\"{filler}\"}}");
        batch.push(b"hall/large", Payload::Small(payload.as_bytes()), Flags::default(), None, at);
        recorder.offer(batch);
    }
    assert!(recorder.finish(PATIENCE));
}

const MUCH: i64 = 400;

#[test]
fn a_history_goes_on_into_the_recording() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("much");
    record_much(&folder);
    let start = Start { recordings: vec![folder], ..Start::default() };
    let settings = "language = \"english\"\nfold_single_levels = false\nhistory_budget_mib = 16\n";
    let mut window = Window::open_with(start, &[("settings.toml", settings)]);
    window.until("the tree", |harness| harness.query_by_role_and_label(Role::TreeItem, "large").is_some());
    window.harness.get_by_role_and_label(Role::TreeItem, "large").click();
    window.until_label("Older messages are in the recording");
    assert!(window.harness.query_by_label("400 messages").is_none());
    window.until("all messages", |harness| {
        if let Some(button) = harness.query_by_role_and_label(Role::Button, "Read more") {
            button.click();
        }
        harness.query_by_label("400 messages").is_some()
    });
    window.until_label("Everything in the recording is listed");
}

#[test]
fn a_connection_that_is_always_recorded_is_recorded_from_its_first_message_on() {
    let demo = mqttree::demo::start().unwrap();
    let profiles = format!(
        "version = 1\n[[profile]]\nid = \"5f0c2d9e4b1a7788\"\nname = \"plant\"\nhost = \"127.0.0.1\"\nport = {}\n\
         [profile.recording]\nalways = true\nkeep_mb = 1000\nleave_free_mb = 250\n\
         [[profile.subscriptions]]\nfilter = \"#\"\n",
        demo.port()
    );
    let start = Start { profiles: vec!["plant".to_owned()], demo: Some(demo), ..Start::default() };
    let mut window = Window::open_with(start, &[("profiles.toml", &profiles)]);
    window.until_label("Connected to plant");
    window.until("its mark", |harness| harness.query_all_by_label_contains("Recording, ").next().is_some());
    let folder = window.path().join("data/recordings/plant 5f0c2d");
    window.until("messages on disk", |_| {
        mqttree::recording::Recording::open(&folder).is_ok_and(|recording| recording.summary().messages > 0)
    });
    window.click("Stop recording");
    window.until_label("recorded, ");
    let recording = mqttree::recording::Recording::open(&folder).unwrap();
    let mut first = None;
    let ended = recording.walk(&mqttree::recording::Query::default(), |found| match found {
        mqttree::recording::Found::Event(_, event) => {
            first.get_or_insert(event.clone());
            std::ops::ControlFlow::<()>::Continue(())
        }
        _ => std::ops::ControlFlow::Continue(()),
    });
    assert!(ended.is_continue());
    assert!(matches!(first, Some(RecordedEvent::Connected { .. })), "{first:?}");
}

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
    for name in ["Connect", "Disconnect", "Record", "Save as profile"] {
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

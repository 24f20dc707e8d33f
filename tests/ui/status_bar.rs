//! The status bar's texts about the connection.

use std::time::{Duration, Instant};

use eframe::egui::{Context, Ui};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use mqttree::command::Actions;
use mqttree::mqtt::options::MqttVersion;
use mqttree::panels::PanelView;
use mqttree::panels::recording_mark::Recorded;
use mqttree::panels::scene::Scene;
use mqttree::panels::status_bar::{self, About};
use mqttree::recording::RecordingProgress;
use mqttree::recording::failure::RecordFailure;
use mqttree::session::status::{ConnectionState, Security, TlsInfo};

use crate::harness::{Stage, stage};

/// With the recording that it tells of.
#[derive(Default)]
pub struct Bar(Option<Recorded>);

impl PanelView for Bar {
    fn tick(&mut self, _ctx: &Context, _frame: &Scene<'_>, _actions: &mut Actions) {}

    fn show(&mut self, ui: &mut Ui, scene: &Scene<'_>, actions: &mut Actions) {
        status_bar::show(
            ui,
            scene,
            About { name: "factory", rate: 0.0, unsaved: false, recorded: self.0.as_ref() },
            actions,
        );
    }
}

pub fn bar(version: MqttVersion, security: Security, fell_back: bool) -> Harness<'static, Stage<Bar>> {
    let mut stage_of_bar = Stage::new(Bar::default());
    let status = &mut stage_of_bar.status;
    status.state = ConnectionState::Connected { since: Instant::now(), version, security };
    status.fell_back = fell_back;
    if security != Security::Plain {
        let verified = security == Security::Verified;
        let cipher = "TLS13_AES_256_GCM_SHA384".to_owned();
        status.tls = Some(TlsInfo { version: "TLS 1.3".to_owned(), cipher, verified, ..TlsInfo::default() });
    }
    let mut harness = stage(stage_of_bar);
    harness.run_steps(3);
    harness
}

/// Whether `text` is shown while the pointer rests on `label`.
fn has_tooltip(harness: &mut Harness<'static, Stage<Bar>>, label: &str, text: &str) -> bool {
    harness.get_by_label(label).hover();
    // A tooltip appears after the pointer has rested for a moment.
    harness.run_steps(60);
    harness.query_all_by_label_contains(text).next().is_some()
}

#[test]
fn a_broker_that_was_not_verified_is_said_in_words_and_why_it_matters() {
    let mut harness = bar(MqttVersion::V5, Security::Unverified, false);
    harness.get_by_label("Connected to factory");
    assert!(has_tooltip(&mut harness, "TLS, not verified", "can read and change everything"));
}

#[test]
fn a_verified_connection_says_its_version_of_tls() {
    let mut harness = bar(MqttVersion::V5, Security::Verified, false);
    assert!(has_tooltip(&mut harness, "TLS 1.3", "TLS13_AES_256_GCM_SHA384"));
}

#[test]
fn a_connection_without_tls_claims_none() {
    let harness = bar(MqttVersion::V5, Security::Plain, false);
    assert!(harness.query_by_label_contains("TLS").is_none());
}

#[test]
fn falling_back_to_the_older_version_is_explained() {
    let mut harness = bar(MqttVersion::V3_1_1, Security::Plain, true);
    assert!(has_tooltip(&mut harness, "MQTT 3.1.1", "MQTT 5 did not work with this broker"));
    let mut harness = bar(MqttVersion::V3_1_1, Security::Plain, false);
    assert!(!has_tooltip(&mut harness, "MQTT 3.1.1", "MQTT 5 did not work with this broker"));
}

#[test]
fn a_countdown_draws_once_a_second() {
    let mut stage_of_bar = Stage::new(Bar::default());
    let at = Instant::now() + Duration::from_millis(30_900);
    stage_of_bar.status.state = ConnectionState::Reconnecting { at, failed: 1 };
    let mut harness = stage(stage_of_bar);
    harness.run_steps(3);
    harness.get_by_label("Reconnecting in 31 s");
    let view = &harness.output().viewport_output[&eframe::egui::ViewportId::ROOT];
    let next = view.repaint_delay;
    assert!(next > Duration::from_millis(250) && next <= Duration::from_secs(1), "{next:?}");
}

#[test]
fn a_broker_that_does_not_answer_is_said_and_the_seconds_are_counted() {
    let mut stage_of_bar = Stage::new(Bar::default());
    let since = Instant::now().checked_sub(Duration::from_millis(12_100)).unwrap();
    let (version, security) = (MqttVersion::V5, Security::Unverified);
    stage_of_bar.status.state = ConnectionState::NotAnswering { since, version, security };
    let mut harness = stage(stage_of_bar);
    harness.run_steps(3);
    harness.get_by_label("Not answering for 12 s");
    harness.get_by_label("◆");
    harness.get_by_label("MQTT 5");
    harness.get_by_label("TLS, not verified");
    let view = &harness.output().viewport_output[&eframe::egui::ViewportId::ROOT];
    let next = view.repaint_delay;
    assert!(next > Duration::from_millis(250) && next <= Duration::from_millis(1_020), "{next:?}");
}

fn recording(progress: RecordingProgress) -> Harness<'static, Stage<Bar>> {
    let recorded = Recorded { progress, folder: "/data/factory".into(), bytes_per_second: 1.2e6 };
    let mut harness = stage(Stage::new(Bar(Some(recorded))));
    harness.run_steps(3);
    harness
}

#[test]
fn a_recording_shows_its_size_its_rate_and_where_it_is() {
    let progress = RecordingProgress { messages: 1_234, bytes: 12_300_000, ..RecordingProgress::default() };
    let mut harness = recording(progress);
    harness.get_by_label("Stop recording");
    assert!(harness.query_by_label("Record").is_none());
    assert!(has_tooltip(&mut harness, "Recording, 12.3 MB, 1.2 MB/s", "1,234 messages recorded"));
}

#[test]
fn a_full_disk_is_said_where_the_recording_was() {
    let failure = Some(RecordFailure::DiskFull);
    let mut harness = recording(RecordingProgress { missing: 7, failure, ..RecordingProgress::default() });
    assert!(has_tooltip(&mut harness, "Not recording", "7 messages are missing"));
}

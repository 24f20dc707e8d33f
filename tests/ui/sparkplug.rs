//! The tool of Sparkplug B: the state of edge nodes and devices, and commands to them.

use std::time::Instant;

use eframe::egui::accesskit::Role;
use eframe::egui::vec2;
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use mqttree::command::{Action, PublishAction, SparkplugAction};
use mqttree::message::Timestamp;
use mqttree::mqtt::options::MqttVersion;
use mqttree::panels::scene::EarlierMoment;
use mqttree::panels::sparkplug::SparkplugView;
use mqttree::payload::decode::{Choice, Format};
use mqttree::payload::encode::encode;
use mqttree::payload::{DecodeLimits, never};
use mqttree::query::sparkplug::NodeKey;
use mqttree::session::status::{ConnectionState, Security};
use serde_json::{Value, json};

use crate::app::on_demo;
use crate::harness::{NOW, Stage, stage};
use crate::snapshots::pictures;

type Panel = Harness<'static, Stage<SparkplugView>>;

/// A message, and how many seconds ago it came.
fn hear(stage: &mut Stage<SparkplugView>, topic: &str, payload: &Value, seconds: i64) {
    let bytes = encode(&Choice::plain(Format::Sparkplug), &payload.to_string()).unwrap();
    let at = Timestamp(stage.now.0 - seconds * 1_000_000);
    stage.receive(format!("spBv1.0/Plant/{topic}"), &bytes, at);
}

/// An edge node with two devices, a gap, a host, and a version that is not known.
fn plant() -> Stage<SparkplugView> {
    let mut stage = Stage::new(SparkplugView::default());
    let (version, security) = (MqttVersion::V5, Security::Plain);
    stage.status.state = ConnectionState::Connected { since: Instant::now(), version, security };
    let birth = json!({
        "seq": 0,
        "metrics": { "bdSeq": 3, "Node Control/Rebirth": false, "Properties/Hardware": "Edge gateway 4" },
    });
    hear(&mut stage, "NBIRTH/Edge", &birth, 300);
    let details = json!({
        "Hydraulics/Pressure": { "alias": 10, "type": "Float", "properties": { "unit": "bar" } },
        "Strokes": { "alias": 11, "type": "UInt64" },
    });
    let metrics = json!({
        "Hydraulics/Pressure": 84.5, "Strokes": 9_007_199_254_740_993_u64, "Running": true, "Tool": "T-118",
    });
    hear(&mut stage, "DBIRTH/Edge/press", &json!({ "seq": 1, "metrics": metrics, "details": details }), 300);
    let oven = json!({ "seq": 2, "metrics": { "Temperature": 212.25, "Door open": false } });
    hear(&mut stage, "DBIRTH/Edge/oven", &oven, 300);
    let details = json!({ "p": { "alias": 10, "type": "Float", "not_in_birth": true } });
    let data = json!({ "seq": 5, "metrics": { "p": 86.25 }, "details": details });
    hear(&mut stage, "DDATA/Edge/press", &data, 2);
    hear(&mut stage, "DDEATH/Edge/oven", &json!({ "seq": 6 }), 1);
    stage.receive("spBv1.0/STATE/scada", br#"{"online":true,"timestamp":1795348700000}"#, NOW);
    stage.receive("spBv4.0/Plant/NBIRTH/Edge", b"", NOW);
    stage
}

fn opened(mut stage_: Stage<SparkplugView>, topic: &str) -> Panel {
    stage_.selected = stage_.model.find(topic.as_bytes());
    let mut harness = stage(stage_);
    harness.run_steps(3);
    harness
}

fn click(harness: &mut Panel, label: &str) {
    harness.get_by_label(label).click();
    harness.run_steps(3);
}

fn sent(harness: &Panel) -> Vec<(String, String)> {
    let sent = harness.state().actions.iter().filter_map(|action| match action {
        Action::Publish(PublishAction::Send(message)) => {
            let decoder = Format::Sparkplug.decoder();
            let json = decoder.json(&message.payload, &DecodeLimits::default(), &never).unwrap().unwrap();
            Some((message.topic.clone(), json.into_owned()))
        }
        _ => None,
    });
    sent.collect()
}

#[test]
fn an_earlier_moment_of_the_tree_is_not_taken_for_one_of_the_plant() {
    const NOTE: &str = "The time bar does not move this";
    let mut panel = stage(plant());
    panel.run_steps(3);
    assert!(panel.query_by_label_contains(NOTE).is_none());
    let until = panel.state().now;
    panel.state_mut().paused = true;
    let at = Timestamp(until.0 - 60_000_000);
    panel.state_mut().earlier =
        Some(EarlierMoment { at, until, is_playing: false, is_seeking: false, found_nothing: false });
    panel.run_steps(3);
    panel.get_by_label_contains(NOTE);
    assert!(panel.query_all_by_label_contains("press").next().is_some());
}

#[test]
fn the_list_says_what_is_online() {
    let mut harness = opened(plant(), "");
    for row in ["Host scada, online", "Plant / Edge, online", "press, online", "oven, offline"] {
        harness.get_by_role_and_label(Role::ListBoxOption, row);
    }
    click(&mut harness, "Unknown: spBv4.0, birth not seen");
    harness.get_by_label_contains("1 message of spBv4.0, which Sparkplug B 3.0 does not have");
    click(&mut harness, "Host scada, online");
    harness.get_by_label_contains("By its own clock: ");
}

#[test]
fn the_device_of_the_selected_topic_shows_with_all_its_metrics_as_they_are_now() {
    let mut harness = opened(plant(), "spBv1.0/Plant/DDATA/Edge/press");
    for row in
        ["Hydraulics/Pressure, Float, 86.25", "Strokes, UInt64, 9007199254740993", "Tool, String, \"T-118\""]
    {
        harness.get_by_role_and_label(Role::ListItem, row);
    }
    harness.get_by_label_contains("online 5 m · 1 birth");
    click(&mut harness, "oven, offline");
    harness.get_by_role_and_label(Role::ListItem, "Temperature, Double, 212.25");
}

#[test]
fn a_gap_is_explained_at_its_edge_node() {
    let harness = opened(plant(), "spBv1.0/Plant/NBIRTH/Edge");
    harness.get_by_label_contains("the last step expected 3 and got 5, 2 are missing in all");
    harness.get_by_label_contains("bdSeq 3 · seq 6");
}

#[test]
fn a_rebirth_is_asked_about_and_not_twice_within_ten_seconds() {
    let mut harness = opened(plant(), "spBv1.0/Plant/NBIRTH/Edge");
    click(&mut harness, "Request rebirth…");
    let key = NodeKey { group: "Plant".into(), node: "Edge".into() };
    let last = harness.state().actions.last();
    assert!(matches!(last, Some(Action::Sparkplug(SparkplugAction::AskRebirth(asked))) if *asked == key));
    harness.state_mut().plant.asked_for_rebirth(&key, NOW);
    harness.run_steps(2);
    assert!(harness.get_by_label("Request rebirth…").accesskit_node().is_disabled());
    harness.state_mut().now = Timestamp(NOW.0 + 10_000_000);
    harness.run_steps(2);
    assert!(!harness.get_by_label("Request rebirth…").accesskit_node().is_disabled());
}

#[test]
fn a_command_writes_a_typed_metric() {
    let mut harness = opened(plant(), "spBv1.0/Plant/DDATA/Edge/press");
    click(&mut harness, "Write metrics…");
    let value = |harness: &Panel| harness.get_by_role_and_label(Role::TextInput, "Metric value").value();
    assert_eq!(value(&harness).as_deref(), Some("86.25"), "the form begins with the value as it is");
    harness.get_by_role_and_label(Role::TextInput, "Metric value").type_text("0");
    harness.run_steps(3);
    click(&mut harness, "Send DCMD");
    let (topic, json) = sent(&harness).pop().unwrap();
    assert_eq!(topic, "spBv1.0/Plant/DCMD/Edge/press");
    let value: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(value["metrics"]["Hydraulics/Pressure"].as_f64().map(|it| it as i64), Some(86));
    assert_eq!(value["details"]["Hydraulics/Pressure"]["type"], "Float");
}

#[test]
fn a_value_that_does_not_fit_its_type_is_not_sent() {
    let mut harness = opened(plant(), "spBv1.0/Plant/DDATA/Edge/press");
    click(&mut harness, "Write metrics…");
    harness.get_by_role_and_label(Role::TextInput, "Metric value").type_text("x");
    harness.run_steps(3);
    harness.get_by_label_contains("metrics.Hydraulics/Pressure: a number is needed here");
    assert!(harness.get_by_label("Send DCMD").accesskit_node().is_disabled());
    assert_eq!(sent(&harness), []);
}

#[test]
fn a_paused_view_keeps_the_state_of_its_moment() {
    let mut harness = opened(plant(), "spBv1.0/Plant/DDATA/Edge/press");
    harness.state_mut().paused = true;
    harness.run_steps(2);
    let stage = harness.state_mut();
    hear(stage, "DDATA/Edge/press", &json!({ "seq": 7, "metrics": { "Running": false } }), 0);
    harness.run_steps(2);
    harness.get_by_role_and_label(Role::ListItem, "Running, Boolean, true");
    harness.state_mut().paused = false;
    harness.run_steps(2);
    harness.get_by_role_and_label(Role::ListItem, "Running, Boolean, false");
}

#[test]
fn without_sparkplug_it_says_what_to_subscribe_to() {
    let mut harness = stage(Stage::new(SparkplugView::default()));
    harness.run_steps(2);
    harness.get_by_label("No Sparkplug here");
}

#[test]
fn sparkplug_looks_as_it_should() {
    pictures("sparkplug", vec2(1_000.0, 260.0), || {
        let mut stage = plant();
        stage.selected = stage.model.find(b"spBv1.0/Plant/DDATA/Edge/press");
        stage
    });
}

#[test]
fn an_edge_node_with_a_gap_looks_as_it_should() {
    pictures("sparkplug-node", vec2(1_000.0, 260.0), || {
        let mut stage = plant();
        stage.selected = stage.model.find(b"spBv1.0/Plant/NBIRTH/Edge");
        stage
    });
}

#[test]
fn an_edge_node_of_the_demonstration_is_born_again_when_a_person_asks() {
    let mut window = on_demo();
    window.until_label("Connected to Demo");
    window.harness.get_by_role_and_label(Role::Tab, "Sparkplug").click();
    window.until("the edge node", |harness| {
        harness.query_by_role_and_label(Role::ListBoxOption, "Plant / Edge, online").is_some()
    });
    window.harness.get_by_role_and_label(Role::ListBoxOption, "Plant / Edge, online").click();
    window.until_label("bdSeq 0");
    window.click("Request rebirth…");
    window.harness.get_by_label_contains("sends its birth and those of its 2 devices again");
    window.click("Request rebirth");
    window.until_label("1 rebirth request");
    window.until_label("again");
}

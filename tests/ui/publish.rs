//! The publish panel.

use std::sync::Arc;
use std::time::{Duration, Instant};

use eframe::egui::accesskit::Role;
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use mqttree::command::{Action, Dangerous, FileLines, Outgoing, PublishAction, SavedAction, SendingAction};
use mqttree::message::{PublishProperties, QoS, Timestamp};
use mqttree::mqtt::options::{MqttVersion, Secret, SecretVariables};
use mqttree::mqtt::publish::{LimitedBy, Unpublishable};
use mqttree::mqtt::reason::ReasonCode;
use mqttree::mqtt::shell::{PublishProgram, Shell};
use mqttree::panels::publish::{Notation, PublishView};
use mqttree::panels::scene::SendingRow;
use mqttree::query::Rules;
use mqttree::session::sending::{SendingPhase, SendingState};
use mqttree::session::status::{ConnectionState, PublishOutcome, PublishResult, Rejection, Security};

use mqttree::store::document::Storable as _;
use mqttree::store::publish_history::PublishHistory;
use mqttree::store::saved::{MessageLibrary, SavedLibrary, SavedMessage, SavedPayload};

use crate::harness::{NOW, Stage, stage, stage_of};

type Panel = Harness<'static, Stage<PublishView>>;

fn connected(version: MqttVersion) -> Stage<PublishView> {
    let mut stage = Stage::new(PublishView::default());
    stage.status.state =
        ConnectionState::Connected { since: Instant::now(), version, security: Security::Plain };
    stage
}

fn write(harness: &mut Panel, field: &str, text: &str) {
    harness.get_by_label(field).focus();
    harness.run();
    harness.get_by_label(field).type_text(text);
    harness.run();
}

fn click(harness: &mut Panel, label: &str) {
    harness.get_by_label(label).click();
    harness.run();
}

fn published(harness: &Panel) -> Vec<Outgoing> {
    let sent = harness.state().actions.iter().filter_map(|action| match action {
        Action::Publish(PublishAction::Send(message)) => Some(message.clone()),
        _ => None,
    });
    sent.collect()
}

fn value(harness: &Panel, field: &str) -> String {
    harness.get_by_label(field).value().unwrap_or_default()
}

fn message(topic: &str, payload: &str) -> Outgoing {
    let payload = payload.to_owned().into();
    Outgoing { topic: topic.to_owned(), payload, ..Outgoing::default() }
}

#[test]
fn what_is_written_is_published() {
    let mut harness = stage(connected(MqttVersion::V5));
    write(&mut harness, "Publish topic", "工厂/设定");
    write(&mut harness, "Publish payload", "开");
    click(&mut harness, "Retain");
    click(&mut harness, "Publish QoS");
    click(&mut harness, "QoS 2, exactly once");
    click(&mut harness, "Publish");
    let expected = Outgoing { qos: QoS::ExactlyOnce, retain: true, ..message("工厂/设定", "开") };
    assert_eq!(published(&harness), [expected]);
}

#[test]
fn the_topic_follows_the_selection_until_another_is_written() {
    let mut stage_ = connected(MqttVersion::V5);
    let first = stage_.receive("a/b", b"1", NOW);
    let second = stage_.receive("c", b"1", NOW);
    stage_.selected = Some(first);
    let mut harness = stage(stage_);
    harness.run();
    assert_eq!(value(&harness, "Publish topic"), "a/b");
    harness.state_mut().selected = Some(second);
    harness.run();
    assert_eq!(value(&harness, "Publish topic"), "c");

    write(&mut harness, "Publish topic", "/set");
    harness.state_mut().selected = Some(first);
    harness.run();
    assert_eq!(value(&harness, "Publish topic"), "c/set");
    click(&mut harness, "Use selected topic");
    assert_eq!(value(&harness, "Publish topic"), "a/b");
}

#[test]
fn a_topic_with_a_wildcard_is_refused_before_anything_is_sent() {
    let mut stage_ = connected(MqttVersion::V5);
    stage_.panel.compose(message("a/+/set", "1"));
    let mut harness = stage(stage_);
    harness.get_by_label_contains("The topic contains the wildcard +");
    click(&mut harness, "Publish");
    assert!(published(&harness).is_empty());
}

#[test]
fn sending_by_keyboard_says_why_it_cannot_be() {
    let mut harness = stage(Stage::new(PublishView::default()));
    let mut actions = mqttree::command::Actions::default();
    harness.state_mut().panel.send(&mut actions);
    let asked = actions.take();
    let [Action::Notify(notice)] = asked.as_slice() else { panic!("{asked:?}") };
    assert_eq!(notice.text, "Not published\nNot connected; connect first");
}

#[test]
fn without_a_connection_the_button_cannot_be_pressed() {
    let mut stage_ = Stage::new(PublishView::default());
    stage_.panel.compose(message("a", "1"));
    let mut harness = stage(stage_);
    click(&mut harness, "Publish");
    assert!(published(&harness).is_empty());
}

#[test]
fn json_is_recognised_and_an_error_is_placed() {
    let mut stage_ = connected(MqttVersion::V5);
    stage_.panel.compose(message("a", "{\n  \"a\": }"));
    let mut harness = stage(stage_);
    harness.get_by_label_contains("JSON error at line 2, column 8: ");
    harness.state_mut().panel.compose(message("a", "{\"a\": 1.10}"));
    harness.run();
    harness.get_by_label("JSON   11 B");
    click(&mut harness, "Format JSON");
    assert_eq!(value(&harness, "Publish payload"), "{\n  \"a\": 1.10\n}");
}

#[test]
fn broken_json_can_still_be_published() {
    let mut stage_ = connected(MqttVersion::V5);
    stage_.panel.compose(message("a", "{\"a\":"));
    let mut harness = stage(stage_);
    click(&mut harness, "Publish");
    assert_eq!(published(&harness), [message("a", "{\"a\":")]);
}

#[test]
fn bytes_are_written_as_digits() {
    let mut stage_ = connected(MqttVersion::V5);
    stage_.panel.compose(message("a", ""));
    let mut harness = stage(stage_);
    click(&mut harness, "Hex");
    write(&mut harness, "Publish payload", "01 ff");
    harness.get_by_label("2 B");
    click(&mut harness, "Publish");
    assert_eq!(published(&harness)[0].payload.as_ref(), [0x01, 0xFF]);

    write(&mut harness, "Publish payload", " 0g");
    harness.get_by_label("Line 1, column 8: 'g' is not a hexadecimal digit");
    click(&mut harness, "Publish");
    assert_eq!(published(&harness).len(), 1);
}

#[test]
fn a_loaded_file_that_is_no_text_stands_beside_the_editor() {
    let mut harness = stage(connected(MqttVersion::V5));
    click(&mut harness, "Load file…");
    assert!(matches!(harness.state().actions.last(), Some(Action::Publish(PublishAction::LoadPayload))));
    harness.state_mut().panel.load("firmware.bin", vec![0; 70_000].into());
    harness.run();
    harness.get_by_label("firmware.bin");
    harness.get_by_label("70.0 kB");
    assert!(harness.query_by_label("Publish payload").is_none());
    click(&mut harness, "Remove file");
    harness.get_by_label("Publish payload");
}

#[test]
fn an_empty_retained_payload_is_cleared_by_its_own_button_alone() {
    let mut stage_ = connected(MqttVersion::V5);
    let clearing = Outgoing { retain: true, ..message("a", "") };
    stage_.panel.compose(clearing.clone());
    let mut harness = stage(stage_);
    harness.run();
    let publish = harness.get_by_role_and_label(Role::Button, "Publish");
    assert!(publish.accesskit_node().is_disabled());
    let mut asked = mqttree::command::Actions::default();
    harness.state_mut().panel.send(&mut asked);
    assert!(matches!(asked.take().as_slice(), [Action::Notify(_)]), "a command says why it sends nothing");

    click(&mut harness, "Clear retained");
    assert_eq!(published(&harness), []);
    let cleared = harness.state().actions.iter().any(
        |action| matches!(action, Action::Publish(PublishAction::ClearRetained(sent)) if *sent == clearing),
    );
    assert!(cleared);
    write(&mut harness, "Publish payload", "1");
    assert!(harness.query_by_label("Clear retained").is_none());
}

#[test]
fn the_panel_knows_whether_it_has_the_keyboard() {
    let mut harness = stage(connected(MqttVersion::V5));
    harness.run();
    assert!(!harness.state().panel.has_focus());
    write(&mut harness, "Publish payload", "1");
    assert!(harness.state().panel.has_focus());
}

#[test]
fn an_empty_retained_payload_says_that_it_clears() {
    let mut stage_ = connected(MqttVersion::V5);
    stage_.panel.compose(Outgoing { retain: true, ..message("a", "") });
    let harness = stage(stage_);
    harness.get_by_label("Empty: removes the retained message of this topic");
}

#[test]
fn the_brokers_answer_to_the_last_message_shows() {
    let mut stage_ = connected(MqttVersion::V5);
    stage_.panel.sent(7);
    let mut harness = stage(stage_);
    harness.get_by_label("Waiting for the broker");
    for (token, outcome) in [
        (6, PublishOutcome::Refused(Rejection::Broker(ReasonCode::NOT_AUTHORIZED.into()))),
        (7, PublishOutcome::Acknowledged(ReasonCode::SUCCESS.into())),
    ] {
        let took = Duration::from_micros(3_400);
        let result = PublishResult { token, topic: "a".to_owned(), outcome, took, at: NOW };
        harness.state_mut().status.published(result);
    }
    harness.run();
    harness.get_by_label("Acknowledged in 3.4 ms");
}

#[test]
fn a_refusal_says_the_brokers_reason() {
    let mut stage_ = connected(MqttVersion::V5);
    stage_.panel.sent(1);
    let outcome = PublishOutcome::Refused(Rejection::Broker(ReasonCode::QUOTA_EXCEEDED.into()));
    let took = Duration::ZERO;
    stage_.status.published(PublishResult { token: 1, topic: "a".to_owned(), outcome, took, at: NOW });
    stage(stage_).get_by_label("Refused: quota exceeded");
}

#[test]
fn what_the_broker_does_not_offer_is_said_on_the_spot_and_the_draft_keeps_everything() {
    let by = LimitedBy::Broker;
    let too_large = Rejection::Publish(Unpublishable::TooLarge { bytes: 2_007, bytes_max: 1_000, by });
    for (why, said) in [
        (too_large, "makes a packet of 2007 bytes"),
        (Rejection::QosMax(QoS::AtLeastOnce), "Refused: the broker takes messages at QoS 1 at most"),
        (Rejection::NoRetainedMessages, "Refused: the broker keeps no retained messages"),
    ] {
        let mut harness = draft("lamp/set", "on");
        click(&mut harness, "Publish");
        assert_eq!(published(&harness), [message("lamp/set", "on")]);
        harness.state_mut().panel.sent(1);
        let (outcome, took) = (PublishOutcome::Refused(why), Duration::ZERO);
        let result = PublishResult { token: 1, topic: "lamp/set".to_owned(), outcome, took, at: NOW };
        harness.state_mut().status.published(result);
        harness.run();
        assert!(harness.query_by_label_contains(said).is_some(), "{said}");
        assert_eq!(value(&harness, "Publish topic"), "lamp/set");
        assert_eq!(value(&harness, "Publish payload"), "on");
    }
}

#[test]
fn secrets_are_masked_in_the_preview_and_sent_as_they_are() {
    let mut stage_ = connected(MqttVersion::V5);
    stage_.variables = vec![("token".to_owned(), "hunter2".to_owned())];
    stage_.secrets = SecretVariables(vec![("token".to_owned(), Secret::new("hunter2"))]);
    let mut harness = stage(stage_);
    write(&mut harness, "Publish topic", "login");
    write(&mut harness, "Publish payload", "key={{token}}");
    harness.run();
    assert_eq!(value(&harness, "Will be sent"), "login   key=••••••");
    click(&mut harness, "Publish");
    assert_eq!(published(&harness), [message("login", "key=hunter2")]);
}

#[test]
fn properties_are_sent_with_mqtt_5() {
    let mut stage_ = connected(MqttVersion::V5);
    stage_.panel.compose(message("a", "1"));
    let mut harness = stage(stage_);
    click(&mut harness, "Properties");
    write(&mut harness, "Content type", "text/plain");
    write(&mut harness, "Message expiry", "60");
    click(&mut harness, "Add property");
    write(&mut harness, "Property 1 name", "语言");
    write(&mut harness, "Property 1 value", "zh");
    click(&mut harness, "Publish");
    let properties = PublishProperties {
        content_type: Some("text/plain".to_owned()),
        message_expiry_interval_s: Some(60),
        user_properties: vec![("语言".to_owned(), "zh".to_owned())],
        ..PublishProperties::default()
    };
    assert_eq!(published(&harness)[0].properties, properties);
    harness.get_by_label("Properties 3");
}

#[test]
fn a_wrong_property_stops_the_message_and_is_marked() {
    let mut stage_ = connected(MqttVersion::V5);
    stage_.panel.compose(message("a", "1"));
    let mut harness = stage(stage_);
    click(&mut harness, "Properties");
    write(&mut harness, "Message expiry", "soon");
    harness.get_by_label_contains("The message expiry is a whole number of seconds");
    click(&mut harness, "Publish");
    assert!(published(&harness).is_empty());
}

#[test]
fn mqtt_3_has_no_properties() {
    let mut stage_ = connected(MqttVersion::V3_1_1);
    let properties = PublishProperties { content_type: Some("x".to_owned()), ..PublishProperties::default() };
    stage_.panel.compose(Outgoing { properties, ..message("a", "1") });
    let mut harness = stage(stage_);
    assert!(harness.query_by_label("Properties").is_none());
    click(&mut harness, "Publish");
    assert_eq!(published(&harness), [message("a", "1")]);
}

fn with_history() -> Stage<PublishView> {
    let mut stage = connected(MqttVersion::V5);
    let none = PublishProperties::default();
    for (index, topic) in ["plant/old", "plant/new"].iter().enumerate() {
        let at = Timestamp(NOW.0 - 10_000_000 + index as i64);
        drop(stage.history.add(at, topic, b"{\"on\": true}", QoS::AtLeastOnce, true, none.clone()));
    }
    stage
}

#[test]
fn a_message_of_the_history_comes_back_into_the_editor() {
    let mut harness = stage(with_history());
    click(&mut harness, "plant/old, {\"on\": true}");
    assert_eq!(value(&harness, "Publish topic"), "plant/old");
    click(&mut harness, "Publish");
    let expected = Outgoing { qos: QoS::AtLeastOnce, retain: true, ..message("plant/old", "{\"on\": true}") };
    assert_eq!(published(&harness), [expected]);
}

#[test]
fn one_message_of_the_history_can_be_removed() {
    let mut harness = stage(with_history());
    harness.get_by_label("plant/old, {\"on\": true}").hover();
    harness.run();
    click(&mut harness, "Remove from history");
    assert!(matches!(
        harness.state().actions.last(),
        Some(Action::Publish(PublishAction::RemovePublished(1)))
    ));
}

#[test]
fn clearing_the_history_is_asked_about() {
    let mut harness = stage(with_history());
    click(&mut harness, "Clear history…");
    let asked = harness.state().actions.last();
    assert!(matches!(asked, Some(Action::Confirm(Dangerous::ClearPublished))), "{asked:?}");
}

#[test]
fn a_payload_that_was_too_large_to_keep_is_not_sent_as_an_empty_one() {
    let mut stage_ = connected(MqttVersion::V5);
    let line = br#"{"at_us": 1, "topic": "a", "too_large_bytes": 70000, "retain": true}"#;
    stage_.history = PublishHistory::parse(line).document;
    let mut harness = stage(stage_);
    click(&mut harness, "a, 70.0 kB, not kept");
    harness.get_by_label("Payload not kept");
    click(&mut harness, "Publish");
    assert!(published(&harness).is_empty());
    click(&mut harness, "Write payload");
    write(&mut harness, "Publish payload", "1");
    click(&mut harness, "Publish");
    assert_eq!(published(&harness), [Outgoing { retain: true, ..message("a", "1") }]);
}

#[test]
fn a_selected_topic_that_is_not_utf_8_cannot_be_published_to() {
    let mut stage_ = connected(MqttVersion::V5);
    let good = stage_.receive("a", b"1", NOW);
    let bad = stage_.receive(b"b/\xFF", b"1", NOW);
    stage_.selected = Some(good);
    let mut harness = stage(stage_);
    assert_eq!(value(&harness, "Publish topic"), "a");
    harness.state_mut().selected = Some(bad);
    harness.run();
    assert_eq!(value(&harness, "Publish topic"), "");
    harness.get_by_label_contains("is not UTF-8");
    click(&mut harness, "Publish");
    assert!(published(&harness).is_empty());
}

/// A draft that is being written, in which placeholders are replaced.
fn draft(topic: &str, payload: &str) -> Panel {
    let mut stage_ = connected(MqttVersion::V5);
    stage_.receive("plant/line1", b"{\"temp\": 21.5}", NOW);
    stage_.variables = vec![("room".to_owned(), "kitchen".to_owned())];
    let mut harness = stage(stage_);
    write(&mut harness, "Publish topic", topic);
    write(&mut harness, "Publish payload", payload);
    harness.run();
    harness
}

#[test]
fn placeholders_are_previewed_and_sent_filled() {
    let mut harness = draft("{{room}}/set", "{\"n\": {{counter}}, \"t\": {{value plant/line1 .temp}}}");
    assert_eq!(value(&harness, "Will be sent"), "kitchen/set   {\"n\": 1, \"t\": 21.5}");
    harness.get_by_label("JSON   19 B");
    click(&mut harness, "Publish");
    harness.state_mut().panel.sent(1);
    harness.run();
    click(&mut harness, "Publish");
    let sent = published(&harness);
    let expected = [1, 2].map(|n| message("kitchen/set", &format!("{{\"n\": {n}, \"t\": 21.5}}")));
    assert_eq!(sent, expected);
}

#[test]
fn what_is_random_is_sent_as_it_was_previewed() {
    let mut harness = draft("dice", "{{uuid}} {{random 1 1000000}}");
    let preview = value(&harness, "Will be sent");
    click(&mut harness, "Publish");
    let sent = String::from_utf8(published(&harness)[0].payload.to_vec()).unwrap();
    assert_eq!(preview, format!("dice   {sent}"));
}

#[test]
fn an_unknown_variable_is_marked_at_its_place_and_nothing_is_sent() {
    let mut harness = draft("lamp", "on {{colour}}");
    harness.get_by_label("Payload: Line 1, column 4: the variable colour is not set for this connection");
    assert!(harness.get_by_role_and_label(Role::Button, "Publish").accesskit_node().is_disabled());
    let mut asked = mqttree::command::Actions::default();
    harness.state_mut().panel.send(&mut asked);
    assert!(matches!(asked.take().as_slice(), [Action::Notify(_)]));
    assert_eq!(value(&harness, "Publish payload"), "on {{colour}}", "the draft keeps everything");

    harness.state_mut().variables.push(("colour".to_owned(), "red".to_owned()));
    harness.run();
    click(&mut harness, "Publish");
    assert_eq!(published(&harness), [message("lamp", "on red")]);
}

#[test]
fn braces_of_a_received_message_stay_as_they_are_until_variables_are_turned_on() {
    let mut stage_ = connected(MqttVersion::V5);
    stage_.panel.compose(message("ha/config", "{{ counter }}"));
    let mut harness = stage(stage_);
    click(&mut harness, "Publish");
    click(&mut harness, "Variables");
    harness.run();
    click(&mut harness, "Publish");
    assert_eq!(published(&harness), [message("ha/config", "{{ counter }}"), message("ha/config", "1")]);
}

#[test]
fn bytes_are_written_as_base64() {
    let mut stage_ = connected(MqttVersion::V5);
    stage_.panel.compose(message("a", ""));
    let mut harness = stage(stage_);
    click(&mut harness, "Base64");
    write(&mut harness, "Publish payload", "AQL/");
    harness.get_by_label("3 B");
    click(&mut harness, "Publish");
    assert_eq!(published(&harness)[0].payload.as_ref(), [1, 2, 0xFF]);
    click(&mut harness, "Hex");
    assert_eq!(value(&harness, "Publish payload"), "01 02 ff");
}

#[test]
fn drafts_are_tabs_of_their_own_and_a_closed_one_can_be_had_back() {
    let mut harness = stage(connected(MqttVersion::V5));
    write(&mut harness, "Publish topic", "lamp/set");
    write(&mut harness, "Publish payload", "on");
    click(&mut harness, "New draft");
    write(&mut harness, "Publish topic", "fan/set");
    assert_eq!(value(&harness, "Publish payload"), "");
    click(&mut harness, "Draft 1: lamp/set");
    assert_eq!(value(&harness, "Publish payload"), "on");
    click(&mut harness, "Close draft lamp/set");
    assert_eq!(value(&harness, "Publish topic"), "fan/set");
    let Some(Action::Notify(notice)) = harness.state().actions.last() else { panic!() };
    let Some(Action::Publish(PublishAction::ReopenDraft(closed))) = notice.undo.as_deref().cloned() else {
        panic!()
    };
    harness.state_mut().panel.reopen(*closed);
    harness.run();
    assert_eq!(value(&harness, "Publish payload"), "on");
}

#[test]
fn drafts_are_kept_a_moment_after_they_changed_and_come_back() {
    let mut harness = stage(connected(MqttVersion::V5));
    write(&mut harness, "Publish topic", "lamp/set");
    write(&mut harness, "Publish payload", "{\"a\":");
    let kept = |harness: &Panel| {
        harness.state().actions.iter().rev().find_map(|action| match action {
            Action::Publish(PublishAction::KeepDrafts(drafts)) => Some((**drafts).clone()),
            _ => None,
        })
    };
    crate::harness::until(&mut harness, "the drafts", |harness| {
        kept(harness).is_some_and(|kept| kept.drafts[0].text == "{\"a\":")
    });
    let mut again = connected(MqttVersion::V5);
    again.panel.restore(kept(&harness).unwrap());
    let mut again = stage(again);
    again.run();
    assert_eq!(value(&again, "Publish topic"), "lamp/set");
    assert_eq!(value(&again, "Publish payload"), "{\"a\":");
}

#[test]
fn json_is_sent_as_cbor_and_a_mistake_says_where_it_is() {
    let mut stage_ = connected(MqttVersion::V5);
    stage_.panel.compose(message("a", "{\"on\": true}"));
    let mut harness = stage(stage_);
    click(&mut harness, "Written as");
    click(&mut harness, "CBOR");
    harness.get_by_label("5 B");
    click(&mut harness, "Publish");
    assert_eq!(published(&harness)[0].payload.as_ref(), [0xA1, 0x62, b'o', b'n', 0xF5]);
    write(&mut harness, "Publish payload", "}");
    harness.get_by_label_contains("Line 1, column 13");
    assert!(harness.get_by_role_and_label(Role::Button, "Publish").accesskit_node().is_disabled());
}

#[test]
fn protobuf_is_written_with_the_schema_of_the_topics_rule() {
    let files = mqttree::payload::schema::SchemaFiles::new(|_| {
        Ok(b"syntax = \"proto3\"; message Lamp { int32 level = 1; }".to_vec())
    });
    let rule = mqttree::query::Rule::with_files("lamp/+", "protobuf:lamp.proto#Lamp", &files);
    assert_eq!(rule.error, None);
    let mut stage_ = connected(MqttVersion::V5);
    stage_.rules = Rules::new([rule]);
    stage_.panel.compose(message("lamp/set", "{\"level\": 7}"));
    let mut harness = stage(stage_);
    click(&mut harness, "Written as");
    click(&mut harness, "Protobuf");
    harness.run();
    click(&mut harness, "Publish");
    assert_eq!(published(&harness)[0].payload.as_ref(), [8, 7]);
}

#[test]
fn topics_are_completed_from_the_tree_level_by_level() {
    let mut stage_ = connected(MqttVersion::V5);
    for topic in ["plant/line1/temp", "plant/line2/temp", "office"] {
        stage_.receive(topic, b"1", NOW);
    }
    let mut harness = stage(stage_);
    write(&mut harness, "Publish topic", "pl");
    assert!(harness.query_by_label("office").is_none());
    click(&mut harness, "plant/");
    assert_eq!(value(&harness, "Publish topic"), "plant/");
    harness.run();
    harness.key_press(eframe::egui::Key::ArrowDown);
    harness.run();
    harness.key_press(eframe::egui::Key::ArrowDown);
    harness.run();
    harness.key_press(eframe::egui::Key::Enter);
    harness.run();
    assert_eq!(value(&harness, "Publish topic"), "plant/line2/");
    harness.key_press(eframe::egui::Key::ArrowRight);
    harness.run();
    assert_eq!(value(&harness, "Publish topic"), "plant/line2/temp", "the grey text is taken");
    harness.key_press(eframe::egui::Key::Escape);
    harness.run();
    assert!(harness.query_by_label("Topic suggestions").is_none());
}

#[test]
fn formatting_is_undone_and_redone_by_key_in_each_draft_alone() {
    let mut harness = stage(connected(MqttVersion::V5));
    write(&mut harness, "Publish topic", "a");
    write(&mut harness, "Publish payload", "{\"a\":1}");
    harness.run_steps(3);
    click(&mut harness, "Format JSON");
    assert_eq!(value(&harness, "Publish payload"), "{\n  \"a\": 1\n}");
    harness.get_by_label("Publish payload").focus();
    harness.run();
    harness.key_press_modifiers(eframe::egui::Modifiers::COMMAND, eframe::egui::Key::Z);
    harness.run();
    assert_eq!(value(&harness, "Publish payload"), "{\"a\":1}");
    let redo = eframe::egui::Modifiers::COMMAND | eframe::egui::Modifiers::SHIFT;
    harness.key_press_modifiers(redo, eframe::egui::Key::Z);
    harness.run();
    assert_eq!(value(&harness, "Publish payload"), "{\n  \"a\": 1\n}");
    click(&mut harness, "New draft");
    harness.get_by_label("Publish payload").focus();
    harness.run();
    harness.key_press_modifiers(eframe::egui::Modifiers::COMMAND, eframe::egui::Key::Z);
    harness.run();
    assert_eq!(value(&harness, "Publish payload"), "", "the other draft's text stays there");
}

#[test]
fn a_draft_is_repeated_at_its_pace_and_as_often_as_is_typed() {
    let mut harness = draft("lamp", "{{counter}}");
    click(&mut harness, "Repeat…");
    harness.get_by_label("Every (ms)").focus();
    harness.run();
    harness.key_press_modifiers(eframe::egui::Modifiers::COMMAND, eframe::egui::Key::A);
    harness.get_by_label("Every (ms)").type_text("1");
    harness.run();
    write(&mut harness, "Times", "10000");
    click(&mut harness, "Start repeating");
    let Some(Action::Sending(SendingAction::Repeat(order))) = harness.state().actions.last() else {
        panic!("{:?}", harness.state().actions.last())
    };
    assert_eq!((order.plan.every, order.plan.count), (Duration::from_millis(1), Some(10_000)));
    assert_eq!((order.recipe.topic.as_str(), order.recipe.fills), ("lamp", true));
    assert_eq!(order.first, message("lamp", "1"));
}

#[test]
fn what_is_being_sent_shows_its_pace_and_is_stopped_row_by_row() {
    let row = |id, what: &str, phase, per_second| SendingRow {
        id,
        what: what.to_owned(),
        every: Duration::from_millis(10),
        state: SendingState {
            phase,
            sent: 1_234,
            total: None,
            part: None,
            per_second,
            broken: None,
            declined: None,
        },
    };
    let mut stage_ = connected(MqttVersion::V5);
    stage_.sendings = vec![
        row(7, "lamp/set", SendingPhase::Running, 99.8),
        row(8, "values.jsonl", SendingPhase::Finished, 1_000.0),
    ];
    let mut harness = stage_of(stage_, eframe::egui::vec2(1_000.0, 340.0), eframe::egui::Theme::Dark);
    harness.run();
    assert_eq!(value(&harness, "lamp/set"), "every 10 ms   1,234 sent   99.8/s");
    click(&mut harness, "Stop lamp/set");
    assert!(matches!(harness.state().actions.last(), Some(Action::Sending(SendingAction::Stop(7)))));
    click(&mut harness, "Dismiss values.jsonl");
    assert!(matches!(harness.state().actions.last(), Some(Action::Sending(SendingAction::Stop(8)))));
}

#[test]
fn a_file_of_lines_is_sent_like_the_draft_or_as_whole_messages() {
    let mut stage_ = connected(MqttVersion::V5);
    stage_.panel.compose(Outgoing { qos: QoS::AtLeastOnce, ..message("lamp", "old") });
    let mut harness = stage(stage_);
    click(&mut harness, "Repeat…");
    click(&mut harness, "Choose file…");
    let Some(Action::Sending(SendingAction::SendFile(order))) = harness.state().actions.last() else {
        panic!()
    };
    let FileLines::Payloads(like) = &order.lines else { panic!("{order:?}") };
    assert_eq!((like.topic.as_str(), like.qos, order.per_second), ("lamp", QoS::AtLeastOnce, 100));
    click(&mut harness, "Repeat…");
    click(&mut harness, "Each line is a message as JSON");
    click(&mut harness, "Choose file…");
    let Some(Action::Sending(SendingAction::SendFile(order))) = harness.state().actions.last() else {
        panic!()
    };
    assert!(matches!(order.lines, FileLines::Messages));
}

fn search(harness: &mut Panel, text: &str) {
    write(harness, "Search history", text);
}

/// Opens the menu of a message of the history.
fn menu_of(harness: &mut Panel, row: &str) {
    harness.get_by_label(row).click_secondary();
    harness.run();
}

#[test]
fn the_history_is_searched_in_topics_and_payloads() {
    let mut harness = stage(with_history());
    search(&mut harness, "NEW");
    harness.get_by_label("plant/new, {\"on\": true}");
    assert!(harness.query_by_label("plant/old, {\"on\": true}").is_none());
    search(&mut harness, " nothing like it");
    harness.get_by_label("No message has that");
}

#[test]
fn a_message_of_the_history_is_sent_again_saved_or_copied_as_a_command() {
    let mut harness = stage(with_history());
    let last = |harness: &Panel| harness.state().actions.last().cloned();
    menu_of(&mut harness, "plant/old, {\"on\": true}");
    click(&mut harness, "Send again");
    let Some(Action::Publish(PublishAction::SendAgain(message))) = last(&harness) else { panic!() };
    assert_eq!(message.topic, "plant/old");
    menu_of(&mut harness, "plant/old, {\"on\": true}");
    click(&mut harness, "Save as message…");
    assert!(matches!(last(&harness), Some(Action::Publish(PublishAction::SavePublished(_)))));
    menu_of(&mut harness, "plant/new, {\"on\": true}");
    click(&mut harness, "Copy as mosquitto_pub");
    let expected = (PublishProgram::Mosquitto, Shell::Posix);
    let Some(Action::Publish(PublishAction::CopyAs(message, program, shell))) = last(&harness) else {
        panic!()
    };
    assert_eq!((message.topic.as_str(), (program, shell)), ("plant/new", expected));
}

#[test]
fn a_large_payload_of_the_history_is_fetched_from_its_file() {
    let mut stage_ = connected(MqttVersion::V5);
    let none = PublishProperties::default();
    assert!(stage_.history.add(NOW, "a", &vec![0; 70_000], QoS::AtMostOnce, false, none).is_some());
    let mut harness = stage(stage_);
    click(&mut harness, "a, 70.0 kB, in a file");
    let action = harness.state().actions.last();
    assert!(matches!(action, Some(Action::Publish(PublishAction::ComposePublished(_)))), "{action:?}");
}

/// A library with a folder, a message of a profile and a broken file.
fn library() -> (Arc<SavedLibrary>, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let put = |path: &str, text: &str| {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    put("shared/Lamps/all off.mqtt", "+++\ntopic = \"lamps/set\"\nqos = 1\n+++\n{\"state\": \"OFF\"}\n");
    put("shared/Lamps/hall/on.mqtt", "+++\ntopic = \"hall/lamp/set\"\n+++\non\n");
    put("shared/Lamps/hall/broken.mqtt", "+++\ntopic = \"hall/#\"\n+++\non\n");
    put("profiles/p/Own/reset.mqtt", "+++\ntopic = \"reset\"\n+++\n");
    let (woken, wakes) = crossbeam_channel::bounded(16);
    let is_format = |format: &str| Notation::of_id(format).is_some();
    let watch = MessageLibrary::watch(folder.path().to_owned(), is_format, move || {
        woken.try_send(()).unwrap_or_default();
    });
    wakes.recv_timeout(crate::harness::PATIENCE).unwrap();
    (watch.unwrap().current(), folder)
}

#[test]
fn saved_messages_are_listed_sent_by_one_click_and_edited_in_a_draft() {
    let (messages, _folder) = library();
    let mut stage_ = connected(MqttVersion::V5);
    (stage_.messages, stage_.profile) = (messages, Some("p".to_owned()));
    let mut harness = stage(stage_);
    click(&mut harness, "Saved");
    harness.get_by_label("reset, reset");
    click(&mut harness, "Send all off");
    let Some(Action::Saved(SavedAction::Send(path))) = harness.state().actions.last().cloned() else {
        panic!()
    };
    assert!(path.ends_with("shared/Lamps/all off.mqtt"));
    click(&mut harness, "on, hall/lamp/set");
    let Some(Action::Saved(SavedAction::Edit(path))) = harness.state().actions.last().cloned() else {
        panic!()
    };
    let message = harness.state().messages.find(&path).unwrap().message.clone().unwrap();
    harness.state_mut().panel.edit_saved(&path, &message);
    harness.run();
    assert_eq!(value(&harness, "Publish topic"), "hall/lamp/set");
    assert_eq!(value(&harness, "Publish payload"), "on");
    harness.state_mut().profile = None;
    harness.run();
    assert!(harness.query_by_label("reset, reset").is_none(), "it is another connection's");
}

#[test]
fn a_broken_file_says_where() {
    let (messages, _folder) = library();
    let mut stage_ = connected(MqttVersion::V5);
    stage_.messages = messages;
    let mut harness = stage(stage_);
    click(&mut harness, "Saved");
    harness.get_by_label_contains("broken, Line 2, column 9: ");
    assert!(harness.query_by_label("Send broken").is_none());
}

#[test]
fn a_draft_is_saved_under_a_name_in_a_collection_with_keys() {
    let mut harness = draft("lamp/{{room}}", "on");
    click(&mut harness, "Save…");
    write(&mut harness, "Message name", "/evening");
    write(&mut harness, "Keys", "Ctrl+K");
    harness.get_by_label("These keys run a command of mqttree");
    write(&mut harness, "Keys", "+1");
    harness.get_by_label("These are no keys; write them as Ctrl+Shift+1");
    harness.get_by_label("Keys").focus();
    harness.run();
    harness.key_press_modifiers(eframe::egui::Modifiers::COMMAND, eframe::egui::Key::A);
    harness.get_by_label("Keys").type_text("Ctrl+Alt+L");
    harness.run();
    click(&mut harness, "Save message");
    let Some(Action::Saved(SavedAction::Save(order))) = harness.state().actions.last() else {
        panic!("{:?}", harness.state().actions.last())
    };
    assert_eq!((order.name.as_str(), order.collection.as_str()), ("{{room}}/evening", "Messages"));
    let expected = SavedMessage {
        topic: "lamp/{{room}}".to_owned(),
        variables: true,
        format: "text".to_owned(),
        key: "Ctrl+Alt+L".to_owned(),
        payload: SavedPayload::Below("on".to_owned()),
        ..SavedMessage::default()
    };
    assert_eq!(order.message, expected);
}

//! The panel of retained messages.

use std::sync::Arc;

use eframe::egui::accesskit::Role;
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use mqttree::command::{Action, RetainedAction};
use mqttree::message::PublishProperties;
use mqttree::panels::retained::RetainedView;
use mqttree::session::retained::{DeskState, RetainedMessage, RetainedOutcome, RetainedPhase};

use crate::harness::{Stage, stage};

type Panel = Harness<'static, Stage<RetainedView>>;

fn message(topic: &str, payload: &str) -> Arc<RetainedMessage> {
    let (topic, payload) = (topic.to_owned(), payload.to_owned().into());
    Arc::new(RetainedMessage { topic, payload, qos: None, properties: PublishProperties::default() })
}

fn desk(phase: RetainedPhase, messages: &[(&str, &str)]) -> DeskState {
    DeskState {
        filter: "plant/#".into(),
        phase,
        messages: Arc::new(messages.iter().map(|(topic, payload)| message(topic, payload)).collect()),
        version: 1,
        is_cut: false,
        outcome: None,
        undoable: 0,
    }
}

fn listed() -> Panel {
    let mut stage_ = Stage::new(RetainedView::default());
    let messages = [("plant/a", "a long one"), ("plant/b", "2"), ("plant/c", "on")];
    stage_.retained = Some(desk(RetainedPhase::Listed, &messages));
    let mut harness = stage(stage_);
    harness.run();
    harness
}

fn click(harness: &mut Panel, label: &str) {
    harness.get_by_label(label).click();
    harness.run();
}

fn asked(harness: &Panel) -> Vec<String> {
    let clears = harness.state().actions.iter().filter_map(|action| match action {
        Action::Retained(RetainedAction::AskClear { topics, per_second: 1_000 }) => Some(topics.to_vec()),
        _ => None,
    });
    clears.flatten().collect()
}

#[test]
fn the_broker_is_asked_for_what_is_below_a_filter() {
    let mut stage_ = Stage::new(RetainedView::default());
    let (version, security) =
        (mqttree::mqtt::options::MqttVersion::V5, mqttree::session::status::Security::Plain);
    stage_.status.state = mqttree::session::status::ConnectionState::Connected {
        since: std::time::Instant::now(),
        version,
        security,
    };
    stage_.panel.set_filter("plant/#".to_owned());
    let mut harness = stage(stage_);
    harness.get_by_label("Not asked yet");
    click(&mut harness, "List");
    let action = harness.state().actions.last();
    assert!(matches!(action, Some(Action::Retained(RetainedAction::List(filter))) if filter == "plant/#"));
}

#[test]
fn what_is_chosen_is_asked_about_with_its_topics() {
    let mut harness = listed();
    let clear = harness.get_by_label("Clear chosen…");
    assert!(clear.accesskit_node().is_disabled());
    click(&mut harness, "plant/c, on");
    click(&mut harness, "plant/a, a long one");
    click(&mut harness, "Clear 2…");
    assert_eq!(asked(&harness), ["plant/a", "plant/c"]);
}

#[test]
fn a_search_narrows_what_is_chosen_as_a_whole() {
    let mut harness = listed();
    harness.get_by_label("Search retained").focus();
    harness.run();
    harness.get_by_label("Search retained").type_text("long");
    harness.run();
    harness.get_by_label("1 of 3 retained");
    click(&mut harness, "Choose all shown");
    click(&mut harness, "Clear 1…");
    assert_eq!(asked(&harness), ["plant/a"]);
}

#[test]
fn headings_sort_by_size_and_backwards() {
    let mut harness = listed();
    let first = |harness: &Panel| {
        let rows = harness.query_all_by_role(Role::CheckBox);
        let names: Vec<String> = rows.filter_map(|row| row.accesskit_node().label()).collect();
        names.into_iter().find(|name| name.starts_with("plant/")).unwrap()
    };
    assert_eq!(first(&harness), "plant/a, a long one");
    click(&mut harness, "Size");
    assert_eq!(first(&harness), "plant/b, 2");
    click(&mut harness, "Size ↑");
    assert_eq!(first(&harness), "plant/a, a long one");
}

#[test]
fn a_running_clear_can_be_stopped_and_a_finished_one_undone() {
    let mut harness = listed();
    harness.state_mut().retained.as_mut().unwrap().phase = RetainedPhase::Clearing(10, 6_000);
    harness.run();
    harness.get_by_label("Clearing: 10 of 6,000");
    click(&mut harness, "Stop");
    assert!(matches!(harness.state().actions.last(), Some(Action::Retained(RetainedAction::Stop))));

    let desk = harness.state_mut().retained.as_mut().unwrap();
    desk.phase = RetainedPhase::Listed;
    desk.outcome = Some(Arc::new(RetainedOutcome::Cleared(5_999, vec!["plant/a".to_owned()])));
    desk.undoable = 5_999;
    harness.run();
    harness.get_by_label("Cleared 5,999; still retained: plant/a");
    click(&mut harness, "Undo clear of 5,999");
    assert!(matches!(harness.state().actions.last(), Some(Action::Retained(RetainedAction::PutBack { .. }))));
}

#[test]
fn the_chosen_messages_are_saved() {
    let mut harness = listed();
    click(&mut harness, "Choose all shown");
    click(&mut harness, "Save retained…");
    let Some(Action::Retained(RetainedAction::Save(messages))) = harness.state().actions.last() else {
        panic!()
    };
    assert_eq!(messages.len(), 3);
    click(&mut harness, "Save as CSV…");
    let Some(Action::Retained(RetainedAction::SaveTable(topics))) = harness.state().actions.last() else {
        panic!()
    };
    assert_eq!(topics.to_vec(), ["plant/a", "plant/b", "plant/c"]);
}

#[test]
fn one_message_is_cleared_by_its_own_button_and_the_answer() {
    let mut harness = listed();
    harness.get_by_label("plant/b, 2").hover();
    harness.run();
    click(&mut harness, "Clear plant/b…");
    assert_eq!(asked(&harness), ["plant/b"]);
}

#[test]
fn messages_are_copied_under_another_prefix_or_to_another_session_as_the_preview_says() {
    let mut harness = listed();
    click(&mut harness, "plant/a, a long one");
    click(&mut harness, "plant/b, 2");
    click(&mut harness, "Copy to…");
    let copy = harness.get_by_label("Copy 2 messages");
    assert!(copy.accesskit_node().is_disabled(), "they would take their own place");
    for (field, text) in [("Prefix", "plant/"), ("New prefix", "backup/")] {
        harness.get_by_label(field).focus();
        harness.run();
        harness.get_by_label(field).type_text(text);
        harness.run();
    }
    assert_eq!(harness.get_by_label("plant/a").value().as_deref(), Some("backup/a"));
    click(&mut harness, "home");
    click(&mut harness, "Copy 2 messages");
    let Some(Action::Retained(RetainedAction::Copy { to, topics, .. })) = harness.state().actions.last()
    else {
        panic!("{:?}", harness.state().actions.last())
    };
    let expected = [("plant/a", "backup/a"), ("plant/b", "backup/b")];
    assert_eq!(*to, 1);
    assert_eq!(topics.to_vec(), expected.map(|(from, to)| (from.to_owned(), to.to_owned())));
}

#[test]
fn values_are_decoded_by_the_rules() {
    let mut stage_ = Stage::new(RetainedView::default());
    let mut state = desk(RetainedPhase::Listed, &[]);
    let payload = vec![0xA1, 0x61, b'a', 0x01].into();
    let (topic, properties) = ("plant/cbor".to_owned(), PublishProperties::default());
    state.messages = Arc::new(vec![Arc::new(RetainedMessage { topic, payload, qos: None, properties })]);
    stage_.retained = Some(state);
    stage_.rules = mqttree::query::Rules::new([mqttree::query::Rule::new("plant/#", "cbor")]);
    let mut harness = stage(stage_);
    harness.run();
    harness.get_by_label("plant/cbor, {\"a\":1}");
}

/// Prints what a frame costs with a hundred thousand retained messages.
#[test]
#[ignore = "prints figures: run it in release with --ignored --nocapture"]
fn figures_of_a_frame_with_a_hundred_thousand() {
    let mut stage_ = Stage::new(RetainedView::default());
    let mut state = desk(RetainedPhase::Listed, &[]);
    let topics = (0..100_000).map(|number| message(&format!("plant/{number:06}"), "{\"value\": 21.5}"));
    state.messages = Arc::new(topics.collect());
    stage_.retained = Some(state);
    let mut harness = stage(stage_);
    harness.run();
    click(&mut harness, "Choose all shown");
    let began = std::time::Instant::now();
    harness.run_steps(200);
    println!("a frame takes {:.2?}", began.elapsed() / 200);
}

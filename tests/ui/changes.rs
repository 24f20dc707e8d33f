//! What changed since a moment.

use eframe::egui::accesskit::Role;
use eframe::egui::{Theme, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use mqttree::command::{Action, ChangesAction};
use mqttree::message::Timestamp;
use mqttree::panels::changes::ChangesView;

use crate::app::on_demo;
use crate::harness::{NOW, Stage, stage_of};
use crate::snapshots::pictures;

fn at(seconds: i64) -> Timestamp {
    Timestamp(NOW.0 + seconds * 1_000_000)
}

/// A hall that is compared with what it was ten seconds ago.
fn hall() -> Stage<ChangesView> {
    let mut stage = Stage::new(ChangesView::default());
    for (topic, payload) in [
        ("hall/left/temperature", r#"{"t":20}"#),
        ("hall/left/door", r#"{"open":false}"#),
        ("hall/right/lamp", "off"),
        ("hall/right/clock", "12:00"),
    ] {
        stage.receive(topic, payload.as_bytes(), at(0));
    }
    stage.receive("hall/left/temperature", br#"{"t":21}"#, at(15));
    stage.receive("hall/left/door", br#"{"open":false,"by":"guard"}"#, at(16));
    stage.receive("hall/right/clock", b"12:00", at(17));
    stage.receive("hall/new", b"1", at(18));
    stage.now = at(20);
    stage.panel.compare_with_moment(at(10));
    stage
}

fn lines(harness: &Harness<'static, Stage<ChangesView>>) -> Vec<String> {
    let items = harness.query_all_by_role(Role::ListItem);
    items.map(|item| item.accesskit_node().label().unwrap_or_default()).collect()
}

fn shown() -> Harness<'static, Stage<ChangesView>> {
    let mut harness = stage_of(hall(), vec2(1_100.0, 260.0), Theme::Dark);
    harness.run_steps(5);
    harness
}

#[test]
fn each_change_is_a_line_with_both_values() {
    let harness = shown();
    assert_eq!(
        lines(&harness),
        [
            r#"hall/left/door: Other shape, before {"open":false}, now {"open":false,"by":"guard"}"#,
            r#"hall/left/temperature: Other value, before {"t":20}, now {"t":21}"#,
            "hall/new: New, before , now 1",
        ]
    );
}

#[test]
fn silence_is_listed_on_request() {
    let mut harness = shown();
    harness.get_by_label("Silent 1").click();
    harness.run_steps(3);
    assert!(lines(&harness).contains(&"hall/right/lamp: Silent, before off, now off".to_owned()));
}

#[test]
fn the_table_is_exported() {
    let mut harness = shown();
    harness.get_by_label("Export changes…").click();
    harness.run_steps(3);
    let saved = harness.state().actions.iter().find_map(|action| match action {
        Action::Save { bytes, .. } => Some(String::from_utf8(bytes.to_vec()).unwrap()),
        _ => None,
    });
    let saved = saved.unwrap();
    assert!(saved.starts_with("topic,what,before,now\n"), "{saved}");
    assert!(saved.contains("hall/new,New,,1\n"), "{saved}");
}

#[test]
fn the_tree_is_asked_to_show_only_what_changed() {
    let mut harness = shown();
    harness.get_by_label("Only what changed").click();
    harness.run_steps(3);
    let count = harness.state().actions.iter().find_map(|action| match action {
        Action::Changes(ChangesAction::OnlyThese(Some(nodes))) => Some(nodes.len()),
        _ => None,
    });
    assert_eq!(count, Some(3));
}

#[test]
fn a_live_tree_shows_only_what_changed_and_everything_again() {
    let mut window = on_demo();
    window.until_label("Connected to Demo");
    window.until("messages", |window| window.query_all_by_role(Role::TreeItem).count() > 3);
    window.harness.get_by_role_and_label(Role::Tab, "Changes").click();
    window.harness.run_steps(3);
    window.harness.get_by_role_and_label(Role::ComboBox, "Compare with").click();
    window.harness.run_steps(3);
    window.click("From this moment on");
    window.until("a change", |window| {
        window.query_all_by_label_contains(": Other value, before").next().is_some()
    });
    window.click("Only what changed");
    window.until_label(" match");
    window.click("Only what changed");
    window.until("the whole tree", |window| window.query_all_by_label_contains(" match").next().is_none());
}

#[test]
fn pictures_of_what_changed() {
    pictures("changes", vec2(1_100.0, 260.0), hall);
}

//! Levels that share a row, and levels that are open at first.

use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Theme, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use mqttree::command::{Action, TopicAction};
use mqttree::panels::topics::TopicsView;

use crate::harness::{NOW, Stage, stage_of};

type Window = Harness<'static, Stage<TopicsView>>;

fn open(topics: &[&str]) -> Window {
    let mut stage = Stage::new(TopicsView::default());
    stage.model.set_folding(true);
    receive(&mut stage, topics);
    let mut window = stage_of(stage, vec2(600.0, 300.0), Theme::Dark);
    window.run_steps(3);
    window
}

fn receive(stage: &mut Stage<TopicsView>, topics: &[&str]) {
    for topic in topics {
        stage.receive(topic, b"1", NOW);
    }
}

/// Names and levels of the rows, from the top.
fn rows(window: &Window) -> Vec<(String, usize)> {
    let row = |row: egui_kittest::Node<'_>| {
        let node = row.accesskit_node();
        (row.rect().top(), node.label().unwrap_or_default(), node.level().unwrap_or_default())
    };
    let mut rows: Vec<_> = window.query_all_by_role(Role::TreeItem).map(row).collect();
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    rows.into_iter().map(|(_, name, level)| (name, level)).collect()
}

fn row(name: &str, level: usize) -> (String, usize) {
    (name.to_owned(), level)
}

fn carry_out(window: &mut Window) {
    let stage = window.state_mut();
    for action in std::mem::take(&mut stage.actions) {
        match action {
            Action::Topic(TopicAction::SetExpanded(node, true)) => stage.model.expand(node),
            Action::Topic(TopicAction::SetExpanded(node, false)) => stage.model.collapse(node),
            Action::Topic(TopicAction::Select(node)) => stage.selected = Some(node),
            _ => {}
        }
    }
    window.run_steps(3);
}

#[test]
fn single_levels_share_a_row_until_a_second_one_comes() {
    let mut window = open(&["m0/u0/p0", "m1/a", "m1/b"]);
    assert_eq!(rows(&window), [row("m0/u0/p0", 1), row("m1", 1)]);
    receive(window.state_mut(), &["m0/u1"]);
    window.run_steps(3);
    assert_eq!(rows(&window), [row("m0", 1), row("m1", 1)]);
}

#[test]
fn a_level_that_gets_a_message_gets_a_row() {
    let mut window = open(&["m0/u0/p0"]);
    receive(window.state_mut(), &["m0/u0"]);
    window.run_steps(3);
    assert_eq!(rows(&window), [row("m0/u0", 1)]);
}

#[test]
fn the_keys_walk_rows_of_several_levels() {
    let mut window = open(&["a/b/c/x", "a/b/c/y/z"]);
    window.get_by_role_and_label(Role::TreeItem, "a/b/c").click();
    window.run_steps(3);
    carry_out(&mut window);
    window.key_press(Key::ArrowRight);
    window.run_steps(3);
    carry_out(&mut window);
    assert_eq!(rows(&window), [row("a/b/c", 1), row("x", 2), row("y/z", 2)]);
    for _ in 0..2 {
        window.key_press(Key::ArrowDown);
        window.run_steps(3);
        carry_out(&mut window);
    }
    assert_eq!(window.state().selected, window.state().model.find(b"a/b/c/y/z"));
    window.key_press(Key::ArrowLeft);
    window.run_steps(3);
    carry_out(&mut window);
    assert_eq!(window.state().selected, window.state().model.find(b"a/b/c"));
    window.key_press(Key::ArrowLeft);
    window.run_steps(3);
    carry_out(&mut window);
    assert_eq!(rows(&window), [row("a/b/c", 1)]);
}

#[test]
fn a_level_inside_of_a_row_has_that_row() {
    let mut window = open(&["a/b/c", "d"]);
    let level = window.state().model.find(b"a/b").unwrap();
    assert_eq!(window.state().model.row_of(level), Some(0));
    window.state_mut().selected = Some(level);
    window.run_steps(2);
    let row = window.get_by_role_and_label(Role::TreeItem, "a/b/c");
    assert_eq!(row.accesskit_node().is_selected(), Some(true));
}

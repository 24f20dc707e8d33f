//! The columns of the topic tree: their texts, sorting, and the look of values.

use eframe::egui::accesskit::{Role, SortDirection};
use eframe::egui::{Rect, Theme, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use mqttree::command::{Action, TopicAction};
use mqttree::message::{Flags, MessageRef, Payload, QoS, Timestamp};
use mqttree::model::{Order, Sorting};
use mqttree::panels::topics::TopicsView;
use mqttree::store::Settings;
use mqttree::store::settings::Column;

use crate::harness::{NOW, Stage, stage_of};

type Window = Harness<'static, Stage<TopicsView>>;

fn open(width: f32, messages: &[(&str, &str)]) -> Window {
    open_with(width, messages, |_| {})
}

fn open_with(width: f32, messages: &[(&str, &str)], set: impl FnOnce(&mut Settings)) -> Window {
    let mut stage = Stage::new(TopicsView::default());
    set(&mut stage.settings);
    for (topic, payload) in messages {
        stage.receive(topic, payload.as_bytes(), Timestamp(NOW.0 - 3_000_000));
    }
    let mut window = stage_of(stage, vec2(width, 300.0), Theme::Dark);
    window.run_steps(3);
    window
}

/// Carries out the panel's actions, as the app does.
fn carry_out(window: &mut Window) {
    let stage = window.state_mut();
    for action in std::mem::take(&mut stage.actions) {
        match action {
            Action::Topic(TopicAction::SortBy(sorting)) => stage.model.set_order(sorting),
            Action::ChangeSettings(settings) => stage.settings = *settings,
            _ => {}
        }
    }
    window.run_steps(3);
}

fn rows(window: &Window) -> Vec<String> {
    let mut rows: Vec<(f32, String)> = window
        .query_all_by_role(Role::TreeItem)
        .map(|row| (row.rect().top(), row.accesskit_node().label().unwrap_or_default()))
        .collect();
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    rows.into_iter().map(|(_, name)| name).collect()
}

fn heading(window: &Window, name: &str) -> Rect {
    window.get_by_role_and_label(Role::ColumnHeader, name).rect()
}

fn click(window: &mut Window, name: &str) {
    window.get_by_role_and_label(Role::ColumnHeader, name).click();
    window.run_steps(3);
    carry_out(window);
}

const NUMBERS: &[(&str, &str)] =
    &[("a", "5"), ("b", "40"), ("b", "30"), ("c", "text"), ("c", "4"), ("c", "100")];

#[test]
fn a_click_on_a_heading_sorts_by_its_column_and_a_second_one_backwards() {
    let mut window = open(600.0, NUMBERS);
    assert_eq!(rows(&window), ["a", "b", "c"]);
    let sorted = |window: &Window, name: &str| {
        window.get_by_role_and_label(Role::ColumnHeader, name).accesskit_node().sort_direction()
    };
    assert_eq!(sorted(&window, "Topic level"), Some(SortDirection::Ascending));
    click(&mut window, "Messages");
    assert_eq!(rows(&window), ["c", "b", "a"]);
    assert_eq!(sorted(&window, "Messages"), Some(SortDirection::Descending));
    assert_eq!(sorted(&window, "Topic level"), None);
    click(&mut window, "Messages");
    assert_eq!(rows(&window), ["a", "b", "c"]);
    click(&mut window, "Value");
    assert_eq!(rows(&window), ["c", "b", "a"], "the largest number first");
    click(&mut window, "Value");
    assert_eq!(rows(&window), ["a", "b", "c"]);
    click(&mut window, "Topic level");
    click(&mut window, "Topic level");
    assert_eq!(rows(&window), ["c", "b", "a"]);
}

#[test]
fn every_order_is_reached_through_the_headings() {
    let mut window = open_with(1_200.0, NUMBERS, |settings| {
        for column in Column::ALL {
            settings.columns.get_mut(column).shown = true;
        }
    });
    let mut reached = Vec::new();
    for name in [
        "Messages",
        "Topic level",
        "Value",
        "Per second",
        "Age",
        "Size",
        "QoS",
        "Retained",
        "Topics",
        "Bytes/s",
        "Changed",
    ] {
        click(&mut window, name);
        reached.push(window.state().model.order().by);
    }
    window.set_size(vec2(1_200.0, 600.0));
    window.get_by_role_and_label(Role::ColumnHeader, "Topic level").click_secondary();
    window.run_steps(3);
    window.get_by_label("Sort by order of arrival").click();
    window.run_steps(3);
    carry_out(&mut window);
    reached.push(window.state().model.order().by);
    assert!(Order::ALL.into_iter().all(|order| reached.contains(&order)), "{reached:?}");
}

#[test]
fn the_row_of_headings_is_named_sort_by_and_says_the_order() {
    let mut window = open(600.0, NUMBERS);
    let said = |window: &Window| window.get_by_label("Sort by").accesskit_node().value();
    assert_eq!(said(&window).as_deref(), Some("Topic, ascending"));
    window.state_mut().model.set_order(Sorting { by: Order::Rate, reversed: true });
    window.run_steps(2);
    assert_eq!(said(&window).as_deref(), Some("Per second, ascending"));
}

#[test]
fn an_edge_that_is_dragged_widens_its_column_and_the_width_is_kept() {
    let mut window = open(600.0, NUMBERS);
    let before = heading(&window, "Messages");
    let edge = pos2(before.left() - 4.0, before.center().y);
    window.hover_at(edge);
    window.run_steps(1);
    window.drag_at(edge);
    window.run_steps(1);
    window.hover_at(edge - vec2(20.0, 0.0));
    window.run_steps(1);
    window.hover_at(edge - vec2(40.0, 0.0));
    window.run_steps(2);
    assert!((heading(&window, "Messages").left() - before.left() + 40.0).abs() < 2.0, "while it is dragged");
    window.drop_at(edge - vec2(40.0, 0.0));
    window.run_steps(2);
    carry_out(&mut window);
    let width = window.state().settings.columns.messages.width;
    assert!(width.is_some_and(|width| (width - 120.0).abs() < 2.0), "{width:?}");
    assert!((heading(&window, "Messages").left() - before.left() + 40.0).abs() < 2.0, "afterwards");
}

#[test]
fn columns_are_chosen_in_the_menu_of_the_headings() {
    let mut window = open(900.0, NUMBERS);
    assert!(window.query_by_role_and_label(Role::ColumnHeader, "Size").is_none());
    window.get_by_role_and_label(Role::ColumnHeader, "Age").click_secondary();
    window.run_steps(3);
    window.get_by_role_and_label(Role::MenuItemCheckBox, "Size").click();
    window.run_steps(3);
    carry_out(&mut window);
    assert!(window.query_by_role_and_label(Role::ColumnHeader, "Size").is_some());
}

#[test]
fn in_a_narrow_pane_columns_give_way_to_names_and_values() {
    let names = |window: &Window| -> Vec<String> {
        let headings = window.query_all_by_role(Role::ColumnHeader);
        headings.map(|heading| heading.accesskit_node().label().unwrap_or_default()).collect()
    };
    assert_eq!(names(&open(600.0, NUMBERS)), ["Topic level", "Value", "Messages", "Per second", "Age"]);
    assert_eq!(names(&open(350.0, NUMBERS)), ["Topic level", "Value", "Messages", "Per second"]);
    assert_eq!(names(&open(200.0, NUMBERS)), ["Topic level", "Value"]);
}

#[test]
fn a_value_has_room_up_to_the_columns_at_the_greatest_width() {
    let long = "x".repeat(900);
    let window = open(2_560.0, &[("t", &long)]);
    let said = window.get_by_role_and_label(Role::TreeItem, "t").accesskit_node().description();
    let room = heading(&window, "Messages").left() - heading(&window, "Value").left() - 16.0;
    // A character of the values' font is 7.8 points wide.
    assert!(said.is_some_and(|said| said.chars().count() as f32 * 7.8 > room));
}

#[test]
fn the_tooltip_has_value_time_size_and_qos() {
    let mut window = open(600.0, &[]);
    let flags = Flags { qos: QoS::AtLeastOnce, retain: true, dup: false };
    let payload = Payload::Small(b"42.5");
    let message = MessageRef { topic: b"t", payload, flags, properties: None, arrived: NOW };
    window.state_mut().model.apply(message).unwrap();
    window.state_mut().model.roll_up(NOW);
    window.run_steps(3);
    let at = window.get_by_role_and_label(Role::TreeItem, "t").rect().center();
    window.hover_at(at);
    for _ in 0..60 {
        window.step();
    }
    for part in ["42.5", "2026-11-22", "4 bytes", "QoS 1", "Retained when the subscription was made"] {
        assert!(window.query_all_by_label_contains(part).next().is_some(), "{part}");
    }
}

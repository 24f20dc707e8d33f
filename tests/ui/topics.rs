//! The topic tree: the texts of a row, and how it is operated.

use eframe::egui::{Key, Theme, accesskit::Role, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use mqttree::command::{Action, PlotAction, Plottable, TopicAction};
use mqttree::message::{Batch, Flags, Payload, Timestamp};
use mqttree::panels::plot_drag;
use mqttree::panels::topics::TopicsView;

use crate::harness::{NOW, Stage, stage_of};

fn feed(stage: &mut Stage<TopicsView>, messages: &[(&str, &str)]) {
    let mut batch = Batch::default();
    for (topic, payload) in messages {
        let payload = Payload::Small(payload.as_bytes());
        batch.push(topic.as_bytes(), payload, Flags::default(), None, Timestamp(NOW.0 - 3_000_000));
    }
    for message in batch.iter() {
        stage.model.apply(message).unwrap();
    }
    stage.model.roll_up(NOW);
}

fn open(messages: &[(&str, &str)]) -> Harness<'static, Stage<TopicsView>> {
    let mut stage = Stage::new(TopicsView::default());
    feed(&mut stage, messages);
    let mut harness = stage_of(stage, vec2(480.0, 400.0), Theme::Dark);
    harness.run_steps(2);
    harness
}

const PLANT: &[(&str, &str)] = &[
    ("plant/hall-2/temperature", "42.5"),
    ("plant/hall-10/temperature", "19.0"),
    ("a//b", "x"),
    ("工厂/温度", "正常"),
];

#[test]
fn a_row_has_the_role_the_level_and_the_place_of_a_tree_item() {
    let mut harness = open(PLANT);
    let node = harness.state().model.find(b"plant").unwrap();
    harness.state_mut().model.expand(node);
    harness.run_steps(2);
    let row = harness.get_by_role_and_label(Role::TreeItem, "hall-10");
    let row = row.accesskit_node();
    assert_eq!(row.level(), Some(2));
    assert_eq!(
        row.position_in_set(),
        Some(1),
        "natural order: hall-2 comes first, and AccessKit counts from 0"
    );
}

#[test]
fn the_newest_value_begins_the_row_s_description() {
    let mut harness = open(&[("t", "first"), ("t", "second")]);
    let description = |harness: &Harness<'_, Stage<TopicsView>>| {
        harness.get_by_role_and_label(Role::TreeItem, "t").accesskit_node().description()
    };
    assert_eq!(description(&harness).as_deref(), Some("second, 2 messages, 3 s ago"));
    feed(harness.state_mut(), &[("t", "third")]);
    // A screen reader is informed at most once a second.
    harness.run_steps(6);
    assert_eq!(description(&harness).as_deref(), Some("third, 3 messages, 3 s ago"));
}

#[test]
fn an_empty_level_is_a_row_of_its_own() {
    let mut harness = open(PLANT);
    harness.state_mut().model.expand_all();
    harness.run_steps(2);
    assert!(harness.query_by_role_and_label(Role::TreeItem, "(empty)").is_some());
}

#[test]
fn chinese_names_are_ordinary() {
    let harness = open(PLANT);
    assert!(harness.query_by_role_and_label(Role::TreeItem, "工厂").is_some());
}

#[test]
fn a_click_selects_and_the_arrow_opens() {
    let mut harness = open(PLANT);
    harness.get_by_role_and_label(Role::TreeItem, "plant").click();
    harness.run_steps(3);
    let plant = harness.state().model.find(b"plant");
    let selected = harness.state().actions.iter().find_map(|action| match action {
        Action::Topic(TopicAction::Select(node)) => Some(*node),
        _ => None,
    });
    assert_eq!(selected, plant);

    harness.state_mut().selected = plant;
    harness.run_steps(1);
    harness.key_press(Key::ArrowRight);
    harness.run_steps(2);
    let opened = harness
        .state()
        .actions
        .iter()
        .any(|action| matches!(action, Action::Topic(TopicAction::SetExpanded(node, true)) if Some(*node) == plant));
    assert!(opened, "{:?}", harness.state().actions);
}

#[test]
fn typing_the_beginning_of_a_name_selects_it() {
    let mut harness = open(&[("alpha", "1"), ("beta", "2"), ("bravo", "3")]);
    harness.get_by_role_and_label(Role::TreeItem, "alpha").click();
    harness.run_steps(3);
    harness.state_mut().actions.clear();
    harness.event(eframe::egui::Event::Text("br".to_owned()));
    harness.run_steps(2);
    let bravo = harness.state().model.find(b"bravo");
    assert!(
        harness
            .state()
            .actions
            .iter()
            .any(|action| matches!(action, Action::Topic(TopicAction::Select(node)) if Some(*node) == bravo))
    );
}

#[test]
fn the_selected_row_stays_where_it_is_while_rows_come_in_above() {
    let topics: Vec<String> = (0..200).map(|index| format!("m-{index:03}")).collect();
    let messages: Vec<(&str, &str)> = topics.iter().map(|topic| (topic.as_str(), "1")).collect();
    let mut harness = open(&messages);
    let node = harness.state().model.find(b"m-100").unwrap();
    harness.state_mut().selected = Some(node);
    harness.state_mut().panel.reveal(node);
    harness.run_steps(3);
    let top = |harness: &Harness<'_, Stage<TopicsView>>| {
        harness.get_by_role_and_label(Role::TreeItem, "m-100").rect().top()
    };
    let before = top(&harness);
    let above: Vec<String> = (0..50).map(|index| format!("a-{index:03}")).collect();
    let above: Vec<(&str, &str)> = above.iter().map(|topic| (topic.as_str(), "1")).collect();
    feed(harness.state_mut(), &above);
    harness.run_steps(3);
    assert!((top(&harness) - before).abs() < 0.5, "{before} then {}", top(&harness));
}

#[test]
fn a_million_pixels_deep_the_list_still_moves_by_single_pixels() {
    use mqttree::ui::widgets::virtual_list::{ListPlace, VirtualList};
    let mut place = ListPlace { row: 900_000, offset: 3.0 };
    let mut harness = Harness::builder().with_size(vec2(200.0, 220.0)).build_ui(move |ui| {
        let list = VirtualList { name: "rows", rows: 1_000_000, row_height: 22.0, scroll_to: None };
        let before = place;
        list.show(ui, &mut place, |_, _, _| {});
        // A row that is not moved stays exactly in place, however deep it is.
        assert_eq!(place.row, before.row);
        assert!((place.offset - before.offset).abs() < 0.01);
    });
    harness.run_steps(3);
}

#[test]
fn nothing_received_says_what_to_expect() {
    let harness = open(&[]);
    assert!(harness.query_all_by_label_contains("Topics appear here").next().is_some());
}

#[test]
fn a_click_on_the_mark_of_a_number_plots_it() {
    let mut harness = open(&[("t", "21.5"), ("word", "offline")]);
    let end_of = |harness: &Harness<'_, Stage<TopicsView>>, name: &str| {
        // The columns on the right begin after the value.
        let row = harness.get_by_role_and_label(Role::TreeItem, name).rect();
        let messages = harness.get_by_role_and_label(Role::ColumnHeader, "Messages").rect().left();
        eframe::egui::pos2(messages - 26.0, row.center().y)
    };
    for (name, plots) in [("t", true), ("word", false)] {
        harness.state_mut().actions.clear();
        let at = end_of(&harness, name);
        harness.hover_at(at);
        harness.run_steps(2);
        harness.drag_at(at);
        harness.run_steps(1);
        harness.drop_at(at);
        harness.run_steps(2);
        let stage = harness.state();
        let node = stage.model.find(name.as_bytes()).unwrap();
        let added = stage.actions.iter().any(|action| {
            matches!(action, Action::Plot(PlotAction::Add { node: plotted, path: None }) if *plotted == node)
        });
        assert_eq!(added, plots, "{name}: {:?}", stage.actions);
    }
}

#[test]
fn a_topic_is_dragged_with_its_numbers() {
    let mut harness = open(&[("t", r#"{"b": 2, "name": "x", "a": 1.5, "on": true}"#), ("word", "offline")]);
    let mut drag = |name: &str| {
        let from = harness.get_by_role_and_label(Role::TreeItem, name).rect().center();
        harness.hover_at(from);
        harness.run_steps(1);
        harness.drag_at(from);
        harness.run_steps(1);
        harness.hover_at(from + vec2(60.0, 60.0));
        harness.run_steps(2);
        let dragged = plot_drag::dragged(&harness.ctx);
        harness.drop_at(from + vec2(60.0, 60.0));
        harness.run_steps(2);
        dragged.map(|dragged| dragged.numbers)
    };
    let paths = drag("t").map(|numbers| {
        let path = |number: Plottable| number.path.unwrap().to_string();
        numbers.into_iter().map(path).collect::<Vec<_>>()
    });
    assert_eq!(paths.unwrap(), ["a", "b", "on"]);
    assert_eq!(drag("word"), None);
}

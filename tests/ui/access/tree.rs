//! Using the tree with a screen reader, without a mouse.

use eframe::egui::accesskit::{Action, ActionRequest, Role, Toggled, TreeId};
use eframe::egui::{Event, Key, Theme, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use mqttree::command::{self, TopicAction};
use mqttree::message::Timestamp;
use mqttree::model::NodeId;
use mqttree::panels::topics::TopicsView;

use crate::harness::{NOW, Stage, stage_of};

type Tree = Harness<'static, Stage<TopicsView>>;

fn open(topics: &[&str]) -> Tree {
    let mut stage = Stage::new(TopicsView::default());
    for topic in topics {
        stage.receive(topic, b"21.5", Timestamp(NOW.0 - 3_000_000));
    }
    stage.model.expand_all();
    stage.model.roll_up(NOW);
    let mut harness = stage_of(stage, vec2(480.0, 300.0), Theme::Dark);
    harness.run_steps(2);
    harness
}

fn node_of(harness: &Tree, topic: &str) -> NodeId {
    harness.state().model.find(topic.as_bytes()).unwrap()
}

/// Requests an action as an accessibility client does.
fn ask(harness: &mut Tree, role: Role, name: &str, action: Action) {
    let (target_node, target_tree) = harness.get_by_role_and_label(role, name).accesskit_node().locate();
    assert_eq!(target_tree, TreeId::ROOT);
    harness.event(Event::AccessKitActionRequest(ActionRequest {
        action,
        target_tree,
        target_node,
        data: None,
    }));
    harness.run_steps(2);
}

fn asked(harness: &Tree) -> Vec<&TopicAction> {
    harness
        .state()
        .actions
        .iter()
        .filter_map(|action| match action {
            command::Action::Topic(action) => Some(action),
            _ => None,
        })
        .collect()
}

#[test]
fn a_row_is_inside_of_the_row_above_it_which_says_how_many_there_are() {
    let harness = open(&["plant/hall-2", "plant/hall-10", "home"]);
    let row = harness.get_by_role_and_label(Role::TreeItem, "hall-10");
    let row = row.accesskit_node();
    assert_eq!((row.level(), row.position_in_set()), (Some(2), Some(1)), "the second one, counted from 0");
    let mut container = row.parent().unwrap();
    while container.role() != Role::TreeItem {
        container = container.parent().unwrap();
    }
    assert_eq!((container.label().as_deref(), container.size_of_set()), (Some("plant"), Some(2)));
    let tree = harness.get_by_role_and_label(Role::Tree, "Topics");
    assert_eq!(tree.accesskit_node().size_of_set(), Some(2), "home and plant");
}

#[test]
fn a_row_says_value_count_and_age() {
    let harness = open(&["plant/hall-2", "plant/hall-2"]);
    let said =
        |name: &str| harness.get_by_role_and_label(Role::TreeItem, name).accesskit_node().description();
    assert_eq!(said("hall-2").as_deref(), Some("21.5, 2 messages, 3 s ago"));
    assert!(said("plant").is_some_and(|said| said.ends_with("2 messages, 3 s ago")), "{:?}", said("plant"));
}

#[test]
fn what_a_row_says_changes_once_a_second_at_most() {
    let mut harness = open(&["t"]);
    let mut said = Vec::new();
    let time = |harness: &Tree| harness.ctx.input(|input| input.time);
    let end = time(&harness) + 4.0;
    while time(&harness) < end {
        harness.state_mut().receive("t", b"22.5", NOW);
        harness.step();
        let row = harness.get_by_role_and_label(Role::TreeItem, "t");
        said.extend(row.accesskit_node().description());
    }
    said.dedup();
    assert!((4..=5).contains(&said.len()), "{said:?}");
}

#[test]
fn a_row_with_children_shows_its_state_and_can_be_opened_and_closed() {
    let mut harness = open(&["plant/hall-2"]);
    let plant = node_of(&harness, "plant");
    let row = harness.get_by_role_and_label(Role::TreeItem, "plant");
    assert_eq!(row.accesskit_node().data().is_expanded(), Some(true));
    assert_eq!(
        harness.get_by_role_and_label(Role::Button, "Expanded").accesskit_node().toggled(),
        Some(Toggled::True)
    );
    assert_eq!(
        harness.get_by_role_and_label(Role::TreeItem, "hall-2").accesskit_node().data().is_expanded(),
        None,
        "a leaf is neither open nor closed"
    );

    ask(&mut harness, Role::TreeItem, "plant", Action::Collapse);
    assert!(matches!(asked(&harness)[..], [TopicAction::SetExpanded(node, false)] if *node == plant));
    harness.state_mut().actions.clear();
    ask(&mut harness, Role::Button, "Expanded", Action::Click);
    assert!(matches!(asked(&harness)[..], [TopicAction::SetExpanded(node, false)] if *node == plant));

    harness.state_mut().model.collapse_all();
    harness.state_mut().actions.clear();
    harness.run_steps(2);
    assert_eq!(
        harness.get_by_role_and_label(Role::Button, "Expanded").accesskit_node().toggled(),
        Some(Toggled::False)
    );
    ask(&mut harness, Role::TreeItem, "plant", Action::Expand);
    assert!(matches!(asked(&harness)[..], [TopicAction::SetExpanded(node, true)] if *node == plant));
}

#[test]
fn the_selected_row_is_what_has_the_focus_for_a_screen_reader() {
    let mut harness = open(&["plant/hall-2", "plant/hall-3"]);
    let hall = node_of(&harness, "plant/hall-3");
    harness.state_mut().selected = Some(hall);
    harness.state_mut().panel.take_focus();
    harness.run_steps(3);
    assert!(harness.get_by_role_and_label(Role::TreeItem, "hall-3").accesskit_node().is_focused());
}

#[test]
fn an_arrow_right_after_an_accessible_click_stays_in_the_tree() {
    let mut harness = open(&["a", "b", "c"]);
    let (target_node, target_tree) =
        harness.get_by_role_and_label(Role::TreeItem, "b").accesskit_node().locate();
    let click = ActionRequest { action: Action::Click, target_tree, target_node, data: None };
    harness.event(Event::AccessKitActionRequest(click));
    harness.step();
    harness.state_mut().selected = Some(node_of(&harness, "b"));
    harness.key_press(Key::ArrowUp);
    harness.run_steps(2);
    let a = node_of(&harness, "a");
    let asked = asked(&harness);
    assert!(matches!(asked[..], [.., TopicAction::Select(node)] if *node == a), "{asked:?}");
    // The selected row represents the tree.
    let row = harness.get_by_role_and_label(Role::TreeItem, "b");
    assert!(row.accesskit_node().is_focused(), "the arrow led out of the tree");
}

#[test]
fn the_rows_above_the_view_are_there_and_can_be_closed() {
    let topics: Vec<String> = (0..100).map(|index| format!("plant/hall/m-{index:03}")).collect();
    let mut harness = open(&topics.iter().map(String::as_str).collect::<Vec<_>>());
    let node = node_of(&harness, "plant/hall/m-090");
    harness.state_mut().panel.reveal(node);
    harness.run_steps(3);
    let hall = harness.get_by_role_and_label(Role::TreeItem, "hall");
    assert_eq!((hall.accesskit_node().level(), hall.accesskit_node().size_of_set()), (Some(2), Some(100)));
    ask(&mut harness, Role::TreeItem, "hall", Action::Collapse);
    let hall = node_of(&harness, "plant/hall");
    assert!(matches!(asked(&harness)[..], [TopicAction::SetExpanded(node, false)] if *node == hall));
}

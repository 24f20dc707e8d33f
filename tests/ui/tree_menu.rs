//! Actions on a topic: its row's menu, showing it alone, pinning it, forgetting it.

use eframe::egui::{Key, Modifiers, Theme, accesskit::Role, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use mqttree::panels::topics::TopicsView;

use crate::app::{Window, on_demo};
use crate::harness::{NOW, Stage, stage_of};

fn row_shows(window: &Window, name: &str) -> bool {
    window.harness.query_all_by_role_and_label(Role::TreeItem, name).next().is_some()
}

fn opened() -> Window {
    let mut window = on_demo();
    window.until("the tree", |harness| {
        harness.query_by_role_and_label(Role::TreeItem, "plant").is_some()
            && harness.query_by_role_and_label(Role::TreeItem, "home").is_some()
    });
    window
}

fn open_menu(window: &mut Window, row: &str) {
    window.harness.get_by_role_and_label(Role::TreeItem, row).click_secondary();
    window.harness.run_steps(4);
}

fn choose(window: &mut Window, entry: &str) {
    window.harness.get_by_role_and_label(Role::MenuItem, entry).click();
    window.harness.run_steps(4);
}

fn press(window: &mut Window, key: Key) {
    window.harness.key_press(key);
    window.harness.run_steps(4);
}

fn is_focused(window: &Window, role: Role, name: &str) -> bool {
    window.harness.get_by_role_and_label(role, name).is_focused()
}

#[test]
fn a_part_of_the_tree_shows_alone_until_escape() {
    for key in [Key::Escape, Key::Backspace] {
        let mut window = opened();
        open_menu(&mut window, "plant");
        choose(&mut window, "Show only this");
        assert!(row_shows(&window, "plant") && !row_shows(&window, "home"));
        assert!(window.harness.query_by_label("Only plant").is_some(), "the chip says what shows");
        press(&mut window, key);
        assert!(row_shows(&window, "home"), "{key:?}");
        assert!(window.harness.query_by_label("Only plant").is_none());
    }
}

#[test]
fn the_button_of_the_chip_shows_the_whole_tree() {
    let mut window = opened();
    open_menu(&mut window, "plant");
    choose(&mut window, "Show only this");
    window.click("Show the whole tree");
    assert!(row_shows(&window, "home"));
}

#[test]
fn a_search_looks_at_what_shows_alone() {
    let mut window = opened();
    open_menu(&mut window, "plant");
    choose(&mut window, "Show only this");
    window.type_into("Search topics", "climate");
    // One match per hall.
    window.until("the matches", |harness| {
        let mut found = harness.query_all_by_label_contains(" match");
        found.any(|node| node.accesskit_node().value().as_deref() == Some("3 matches"))
    });
}

#[test]
fn the_menu_key_opens_the_menu_of_the_selected_row_and_gives_the_keyboard_back() {
    for (key, modifiers) in [(Key::Menu, Modifiers::NONE), (Key::F10, Modifiers::SHIFT)] {
        let mut window = opened();
        window.click("plant");
        window.harness.key_press_modifiers(modifiers, key);
        window.harness.run_steps(5);
        assert!(is_focused(&window, Role::MenuItem, "Show only this"), "the first entry has the keyboard");
        press(&mut window, Key::ArrowDown);
        assert!(is_focused(&window, Role::MenuItem, "Expand all below"));
        press(&mut window, Key::Escape);
        assert!(window.harness.query_by_role(Role::MenuItem).is_none());
        assert!(is_focused(&window, Role::TreeItem, "plant"), "the tree has it, at its selected row");
    }
}

#[test]
fn an_entry_that_cannot_be_chosen_says_why() {
    let mut window = opened();
    open_menu(&mut window, "plant");
    let plot = window.harness.get_by_role_and_label(Role::MenuItem, "Plot value");
    assert!(plot.accesskit_node().is_disabled());
    assert_eq!(plot.accesskit_node().description().as_deref(), Some("The newest payload is not a number"));
}

#[test]
fn forgetting_below_asks_first_and_then_takes_the_rows() {
    let mut window = opened();
    window.harness.key_press_modifiers(Modifiers::COMMAND, Key::P);
    window.harness.run_steps(3);
    open_menu(&mut window, "plant");
    choose(&mut window, "Forget all below…");
    assert!(row_shows(&window, "plant"));
    window.click("Forget topics");
    window.harness.run_steps(3);
    assert!(!row_shows(&window, "plant") && row_shows(&window, "home"), "the view stands still");
    window.harness.key_press_modifiers(Modifiers::COMMAND, Key::P);
    window.until("its next message", |harness| {
        harness.query_by_role_and_label(Role::TreeItem, "plant").is_some()
    });
}

#[test]
fn a_pinned_topic_shows_its_value_above_the_tree_until_it_is_unpinned() {
    let mut window = opened();
    window.type_into("Search topics", "living-room/thermostat");
    window.until("the match", |harness| {
        harness.query_by_role_and_label(Role::TreeItem, "thermostat").is_some()
    });
    open_menu(&mut window, "thermostat");
    choose(&mut window, "Pin topic");
    window.click("Clear search");
    let pinned = window.harness.get_by_role_and_label(Role::ListItem, "home/living-room/thermostat");
    let said = pinned.accesskit_node().description().unwrap();
    assert!(said.contains("temperature"), "{said}");
    pinned.click();
    window.harness.run_steps(4);
    let topic = window.harness.get_by_label("Topic");
    assert_eq!(topic.accesskit_node().value().as_deref(), Some("home/living-room/thermostat"));
    window.click("Unpin");
    assert!(window.harness.query_by_role_and_label(Role::ListItem, "home/living-room/thermostat").is_none());
}

#[test]
fn pinned_topics_that_have_not_come_wait_and_many_of_them_scroll() {
    let mut stage = Stage::new(TopicsView::default());
    stage.receive("plant/1", b"42", NOW);
    stage.pinned = (0..30).map(|number| format!("plant/{number}")).collect();
    let mut harness = stage_of(stage, vec2(480.0, 400.0), Theme::Dark);
    harness.run_steps(2);
    let said =
        |topic: &str| harness.get_by_role_and_label(Role::ListItem, topic).accesskit_node().description();
    assert_eq!(said("plant/0").as_deref(), Some("waiting for the first message"));
    assert!(said("plant/1").is_some_and(|said| said.starts_with("42, ")));
    assert!(
        harness.query_by_role_and_label(Role::ListItem, "plant/20").is_none(),
        "it has to be scrolled to"
    );
    assert!(harness.query_by_role_and_label(Role::TreeItem, "plant").is_some(), "the tree has its room");
}

//! The search: from its field to the matches, between matches, and back.

use eframe::egui::{Key, Modifiers, accesskit::Role};
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use crate::app::{Window, field, on_demo};

/// The demo with this text in the focused search field and a match in view.
fn searched(text: &str, row: &str) -> Window {
    let mut window = on_demo();
    window.until("the tree", |harness| harness.query_by_role_and_label(Role::TreeItem, "plant").is_some());
    window.type_into("Search topics", text);
    window.until("a match", |harness| {
        harness.query_all_by_role_and_label(Role::TreeItem, row).next().is_some()
    });
    window
}

fn press(window: &mut Window, key: Key) {
    window.harness.key_press(key);
    window.harness.run_steps(4);
}

fn selected(window: &Window) -> Option<String> {
    window.harness.query_by_label("Topic").and_then(|topic| topic.accesskit_node().value())
}

fn searched_for(window: &Window) -> String {
    field(&window.harness, "Search topics").accesskit_node().value().unwrap_or_default()
}

fn tree_has_focus(window: &Window) -> bool {
    // The tree reports its selected row as focused, if it has one.
    let rows = window.harness.get_all_by_role(Role::TreeItem);
    window.harness.get_by_role_and_label(Role::Tree, "Topics").is_focused()
        || rows.into_iter().any(|row| row.is_focused())
}

#[test]
fn what_was_selected_in_a_search_shows_in_the_tree_when_the_search_is_cleared() {
    let mut window = searched("hall-2/MACHINE", "hall-2");
    let row =
        |window: &Window| window.harness.query_by_role_and_label(Role::TreeItem, "machine-02").is_some();
    window.until("a machine", |harness| {
        harness.query_all_by_role_and_label(Role::TreeItem, "machine-02").next().is_some()
    });
    window.click("machine-02");
    window.click("Clear search");
    assert_eq!(searched_for(&window), "");
    window.until("the hit in the whole tree", |harness| {
        harness.query_by_role_and_label(Role::TreeItem, "home").is_some()
    });
    assert!(row(&window));
    assert_eq!(selected(&window).as_deref(), Some("plant/hall-2/machine-02"));
}

#[test]
fn down_and_enter_lead_from_the_field_to_the_first_match() {
    for key in [Key::ArrowDown, Key::Enter] {
        let mut window = searched("temperature", "temperature");
        press(&mut window, key);
        assert!(tree_has_focus(&window), "{key:?}");
        assert_eq!(selected(&window).as_deref(), Some("home/bathroom/thermostat"));
        assert_eq!(searched_for(&window), "temperature");
    }
}

#[test]
fn f3_walks_the_matches_and_shift_f3_walks_back() {
    let mut window = searched("temperature", "temperature");
    press(&mut window, Key::F3);
    let first = selected(&window);
    press(&mut window, Key::F3);
    let second = selected(&window);
    assert!(first.is_some() && second.is_some() && first != second, "{first:?} {second:?}");
    window.harness.key_press_modifiers(Modifiers::SHIFT, Key::F3);
    window.harness.run_steps(4);
    assert_eq!(selected(&window), first);
    assert!(field(&window.harness, "Search topics").is_focused(), "typing can go on");
}

#[test]
fn escape_gives_the_keyboard_back_to_where_it_was() {
    let mut window = on_demo();
    window.until("the tree", |harness| harness.query_by_role_and_label(Role::TreeItem, "plant").is_some());
    window.click("plant");
    assert!(tree_has_focus(&window));
    window.harness.key_press_modifiers(Modifiers::COMMAND, Key::F);
    window.harness.run_steps(3);
    assert!(field(&window.harness, "Search topics").is_focused());
    field(&window.harness, "Search topics").type_text("home");
    window.harness.run_steps(3);
    press(&mut window, Key::Escape);
    assert!(tree_has_focus(&window));
    assert_eq!(searched_for(&window), "");
}

#[test]
fn escape_in_the_rows_ends_the_search_and_stays_there() {
    let mut window = searched("temperature", "temperature");
    press(&mut window, Key::ArrowDown);
    let hit = selected(&window);
    press(&mut window, Key::Escape);
    assert_eq!(searched_for(&window), "");
    assert!(tree_has_focus(&window));
    assert_eq!(selected(&window), hit);
}

#[test]
fn the_button_for_regular_expressions_says_whether_it_is_on() {
    let mut window = searched("temperature", "temperature");
    let is_on = |window: &Window| {
        window.harness.get_by_role_and_label(Role::Button, "Regular expression").accesskit_node().toggled()
    };
    assert_eq!(is_on(&window), Some(false.into()));
    window.click("Regular expression");
    assert_eq!(is_on(&window), Some(true.into()));
    window.type_into("Search topics", "hall-[12]/.*temp");
    window.until("what the expression finds", |harness| {
        harness.query_by_role_and_label(Role::TreeItem, "hall-2").is_some()
            && harness.query_by_role_and_label(Role::TreeItem, "home").is_none()
    });
}

#[test]
fn a_condition_finds_topics_by_what_their_newest_payload_holds() {
    let window = searched(r#"bearing.temperature > -100 and unit == "mm/s""#, "plant");
    assert!(window.harness.query_by_role_and_label(Role::TreeItem, "home").is_none(), "it has none such");
}

#[test]
fn what_is_no_condition_says_at_which_character() {
    let mut window = on_demo();
    window.type_into("Search topics", "state == off");
    window.until("the reason", |harness| {
        harness.query_by_label_contains("Character 10: put a text in double quotes").is_some()
    });
}

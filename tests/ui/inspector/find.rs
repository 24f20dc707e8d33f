//! The search inside a payload, the levels of the tree, and the path of what is selected.

use eframe::egui::accesskit::Role;
use eframe::egui::{Event, Key, Modifiers, PointerButton, Theme, vec2};
use egui_kittest::kittest::Queryable as _;
use mqttree::command::{Action, TopicAction};

use super::{MACHINE, STATE, Window, click, payload, receive, select, settle, window};

/// A window with this payload, in which the text is looked for.
fn found(bytes: &'static [u8], text: &str) -> Window {
    let mut window = window(|stage| {
        receive(stage, MACHINE, bytes, 3.0);
        select(stage, MACHINE);
    });
    click(&mut window, Role::Button, "Find in payload");
    window.get_by_role_and_label(Role::TextInput, "Find in payload").type_text(text);
    settle(&mut window);
    window
}

fn press(window: &mut Window, modifiers: Modifiers, key: Key) {
    window.key_press_modifiers(modifiers, key);
    settle(window);
}

fn says(window: &Window, text: &str) -> bool {
    window.query_by_label(text).is_some() || window.query_by_value(text).is_some()
}

#[test]
fn keys_and_values_are_counted_and_stepped_through_around_the_end() {
    let mut window = found(STATE, "ID");
    assert!(says(&window, "1 of 2"), "the first is gone to");
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert!(says(&window, "2 of 2"));
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert!(says(&window, "1 of 2"));
    press(&mut window, Modifiers::SHIFT, Key::Enter);
    assert!(says(&window, "2 of 2"));
    assert!(says(&window, "Path sensors[1].id"), "and where it is");
}

#[test]
fn what_is_not_there_is_said_not_to_be() {
    assert!(says(&found(STATE, "pressure"), "Not found"));
}

#[test]
fn a_match_inside_a_closed_array_opens_it() {
    let mut window = window(|stage| {
        receive(stage, MACHINE, STATE, 3.0);
        select(stage, MACHINE);
    });
    click(&mut window, Role::DisclosureTriangle, "Close \"sensors\": [");
    assert!(!payload(&window).contains("\"id\""));
    click(&mut window, Role::Button, "Find in payload");
    window.get_by_role_and_label(Role::TextInput, "Find in payload").type_text("\"id\": 2");
    settle(&mut window);
    assert!(payload(&window).contains("\"id\": 2"), "{}", payload(&window));
}

#[test]
fn a_step_stays_with_its_message() {
    let mut window = found(STATE, "temperature");
    receive(window.state_mut(), MACHINE, b"{\"other\":1}", 1.0);
    settle(&mut window);
    assert!(payload(&window).contains("temperature"), "{}", payload(&window));
}

#[test]
fn bytes_are_found_by_their_digits() {
    let window = found(b"\x9c\xfe\x00\x01\x9c\xfe", "9C fe");
    assert!(says(&window, "1 of 2"));
}

#[test]
fn escape_closes_the_search_and_gives_the_keyboard_back_to_the_payload() {
    let mut window = found(STATE, "id");
    press(&mut window, Modifiers::NONE, Key::Escape);
    assert!(window.query_by_role_and_label(Role::TextInput, "Find in payload").is_none());
    assert!(window.state().panel.payload_has_keyboard());
}

/// Opens the menu of a line.
fn menu_at(window: &mut Window, row: &str) {
    let pos =
        window.get_by_role_and_label(Role::DisclosureTriangle, row).rect().right_center() + vec2(30.0, 0.0);
    window.hover_at(pos);
    for pressed in [true, false] {
        let (button, modifiers) = (PointerButton::Secondary, Modifiers::NONE);
        window.event(Event::PointerButton { pos, button, pressed, modifiers });
        window.run_steps(2);
    }
    settle(window);
}

#[test]
fn the_menu_opens_to_a_level_and_copies_a_subtree() {
    let mut window = window(|stage| {
        receive(stage, MACHINE, STATE, 3.0);
        select(stage, MACHINE);
    });
    menu_at(&mut window, "Close \"sensors\": [");
    click(&mut window, Role::MenuItem, "Expand to level 2");
    assert!(payload(&window).contains("\"sensors\": [") && !payload(&window).contains("\"id\""));
    menu_at(&mut window, "Close \"sensors\": [");
    click(&mut window, Role::MenuItem, "Expand everything");
    assert!(payload(&window).contains("\"id\": 2"));
    menu_at(&mut window, "Close \"sensors\": [");
    let asked = click(&mut window, Role::MenuItem, "Copy subtree");
    let copied = asked.iter().find_map(|action| match action {
        Action::Copy { text, .. } => Some(text.as_str()),
        _ => None,
    });
    let expected = "[\n  {\n    \"id\": 1\n  },\n  {\n    \"id\": 2\n  }\n]";
    assert_eq!(copied, Some(expected), "{asked:?}");
    assert!(!asked.iter().any(|action| matches!(action, Action::Topic(TopicAction::Select(_)))));
}

#[test]
fn the_search_inside_a_payload() {
    let mut results = egui_kittest::SnapshotResults::new();
    for (theme, name) in [(Theme::Dark, "inspector-find-dark"), (Theme::Light, "inspector-find-light")] {
        let mut window = super::window_of(super::SIZE, theme, |stage| {
            receive(stage, MACHINE, STATE, 3.0);
            select(stage, MACHINE);
        });
        click(&mut window, Role::Button, "Find in payload");
        window.get_by_role_and_label(Role::TextInput, "Find in payload").type_text("id");
        settle(&mut window);
        press(&mut window, Modifiers::NONE, Key::Enter);
        results.add(window.try_snapshot(name));
        super::pictures::in_chinese(&mut window, theme, "inspector-find", &mut results);
    }
}

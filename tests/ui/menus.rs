//! Context menus outside the tree: messages, values, series, tabs, fields.

use eframe::egui::{self, Key, Modifiers, accesskit::Role};
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use crate::app::{Window, field, on_demo, on_demo_without_tools};

fn entries(window: &Window) -> Vec<String> {
    window.harness.get_all_by_role(Role::MenuItem).filter_map(|node| node.accesskit_node().label()).collect()
}

fn choose(window: &mut Window, entry: &str) {
    window.harness.get_by_role_and_label(Role::MenuItem, entry).click();
    window.harness.run_steps(4);
}

fn copied(window: &Window) -> Option<String> {
    window.harness.output().platform_output.commands.iter().find_map(|command| match command {
        egui::OutputCommand::CopyText(text) => Some(text.clone()),
        _ => None,
    })
}

/// The demo with this topic selected and the view paused.
fn at(topic: &str, row: &str) -> Window {
    let mut window = on_demo_without_tools();
    window.until("the tree", |harness| harness.query_by_role_and_label(Role::TreeItem, "plant").is_some());
    window.type_into("Search topics", topic);
    window.until("the topic", |harness| harness.query_by_role_and_label(Role::TreeItem, row).is_some());
    window.click(row);
    window.until("its payload", |harness| harness.query_by_label("Meta").is_some());
    window.harness.key_press_modifiers(Modifiers::COMMAND, Key::P);
    window.harness.run_steps(3);
    window
}

#[test]
fn a_message_of_the_history_is_shown_or_put_into_the_publish_panel() {
    let mut window = at("living-room/thermostat", "thermostat");
    let row = window.harness.get_all_by_role(Role::Row).next().unwrap();
    row.click_secondary();
    window.harness.run_steps(4);
    let expected = [
        "Show this message",
        "Compare others with this message",
        "Copy payload",
        "Copy time",
        "Put into the publish panel",
    ];
    assert_eq!(entries(&window), expected);
    choose(&mut window, "Put into the publish panel");
    let topic = field(&window.harness, "Publish topic").accesskit_node().value();
    assert_eq!(topic.as_deref(), Some("home/living-room/thermostat"));
}

#[test]
fn a_field_has_cut_copy_paste_and_select_all() {
    let mut window = on_demo();
    window.until("the tree", |harness| harness.query_by_role_and_label(Role::TreeItem, "plant").is_some());
    window.type_into("Search topics", "plant");
    window.harness.key_press_modifiers(Modifiers::SHIFT, Key::F10);
    window.harness.run_steps(5);
    assert_eq!(entries(&window), ["Cut", "Copy", "Paste", "Select all"]);
    choose(&mut window, "Select all");
    assert!(field(&window.harness, "Search topics").is_focused());
    field(&window.harness, "Search topics").type_text("home");
    window.harness.run_steps(3);
    let value = field(&window.harness, "Search topics").accesskit_node().value();
    assert_eq!(value.as_deref(), Some("home"), "what was selected is replaced");
}

#[test]
fn a_tab_s_menu_closes_the_session() {
    let mut window = on_demo();
    window.harness.get_by_role_and_label(Role::Tab, "Demo").click_secondary();
    window.harness.run_steps(4);
    assert!(entries(&window).contains(&"Disconnect".to_owned()));
    choose(&mut window, "Close tab");
    assert!(window.harness.query_by_role_and_label(Role::Tab, "Demo").is_none());
}

#[test]
fn the_path_of_a_value_in_the_payload_is_copied() {
    let mut window = at("living-room/thermostat", "thermostat");
    let payload = window.harness.get_by_label("Payload");
    let place = payload.rect().left_top() + egui::vec2(60.0, 30.0);
    window.harness.hover_at(place);
    for pressed in [true, false] {
        let (button, modifiers) = (egui::PointerButton::Secondary, Modifiers::NONE);
        window.harness.event(egui::Event::PointerButton { pos: place, button, pressed, modifiers });
        window.harness.run_steps(2);
    }
    window.harness.run_steps(3);
    window.harness.get_by_role_and_label(Role::MenuItem, "Copy path").click();
    let mut text = None;
    for _ in 0..4 {
        window.harness.step();
        text = text.or_else(|| copied(&window));
    }
    assert!(text.is_some_and(|text| !text.is_empty()));
}

#[test]
fn two_topics_are_compared_until_the_comparison_is_ended() {
    let mut window = at("living-room", "thermostat");
    let rows = window.harness.get_all_by_role(Role::TreeItem);
    let other = rows
        .filter_map(|row| row.accesskit_node().label())
        .find(|name| !["thermostat", "home", "living-room"].contains(&name.as_str()));
    let other = other.unwrap();
    window.harness.get_all_by_role_and_label(Role::TreeItem, &other).next().unwrap().click_secondary();
    window.harness.run_steps(4);
    choose(&mut window, "Compare with selected");
    window.until("the comparison", |harness| {
        harness
            .query_all_by_label_contains("Compared with the newest message of home/living-room")
            .next()
            .is_some()
    });
    window.click("End comparison");
    assert!(window.harness.query_all_by_label_contains("Compared with").next().is_none());
}

/// Chooses an entry of what is open and gives what it copies.
fn copy_by(window: &mut Window, entry: &str) -> String {
    window.harness.get_by_role_and_label(Role::MenuItem, entry).click();
    let mut text = None;
    for _ in 0..4 {
        window.harness.step();
        text = text.or_else(|| copied(window));
    }
    text.unwrap()
}

#[test]
fn payload_and_time_of_a_message_of_the_history_are_copied() {
    let mut window = at("living-room/temperature", "temperature");
    let value = window.harness.get_by_label("Payload").accesskit_node().value().unwrap();
    for (entry, is_right) in [
        ("Copy payload", (|text: &str, value: &str| text == value.trim()) as fn(&str, &str) -> bool),
        // Such as 2026-11-28 04:23:43.120 +00:00.
        ("Copy time", |text, _| text.len() > 22 && text.starts_with("20") && text.contains(':')),
    ] {
        window.harness.get_all_by_role(Role::Row).next().unwrap().click_secondary();
        window.harness.run_steps(4);
        let text = copy_by(&mut window, entry);
        assert!(is_right(&text, &value), "{entry}: {text:?} of {value:?}");
        window.harness.run_steps(4);
    }
}

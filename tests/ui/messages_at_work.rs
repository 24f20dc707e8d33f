//! What sends and clears messages, in the whole window against the demo's broker.

use std::path::Path;

use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;

use crate::app::{Window, on_demo_with_tools};
use crate::harness::english;

/// Publishes what is given, by the panel.
fn publish(window: &mut Window, topic: &str, payload: &str) {
    window.type_into("Publish topic", topic);
    window.type_into("Publish payload", payload);
    window.harness.get_by_role_and_label(Role::Button, "Publish").click();
    window.harness.run_steps(3);
}

fn until_topic(window: &mut Window, name: &str) {
    window.until(name, |harness| harness.query_by_role_and_label(Role::TreeItem, name).is_some());
}

#[test]
fn a_file_that_somebody_edits_meanwhile_is_sent_from_the_palette_and_by_its_keys() {
    let mut window = on_demo_with_tools();
    let folder = english(window.path()).messages().join("shared/Lamps");
    std::fs::create_dir_all(&folder).unwrap();
    let write = |folder: &Path, topic: &str| {
        let text = format!("+++\ntopic = \"{topic}\"\nkey = \"Ctrl+Alt+L\"\n+++\non\n");
        std::fs::write(folder.join("evening.mqtt"), text).unwrap();
    };
    write(&folder, "attic");
    window.click("Saved");
    window.until_label("evening, attic");
    window.harness.key_press_modifiers(Modifiers::COMMAND, Key::K);
    window.until("the palette", |harness| {
        harness.query_by_role_and_label(Role::TextInput, "Search commands").is_some()
    });
    window.harness.get_by_role_and_label(Role::TextInput, "Search commands").type_text("evening");
    window.until("the entry", |harness| {
        harness.query_by_role_and_label(Role::ListBoxOption, "Send: evening (Lamps)").is_some()
    });
    window.harness.key_press(Key::Enter);
    until_topic(&mut window, "attic");

    write(&folder, "cellar");
    window.until_label("evening, cellar");
    window.harness.key_press_modifiers(Modifiers::COMMAND | Modifiers::ALT, Key::L);
    until_topic(&mut window, "cellar");
}

#[test]
fn one_key_stops_all_that_is_being_repeated() {
    let mut window = on_demo_with_tools();
    for topic in ["attic/a", "attic/b"] {
        window.type_into("Publish topic", topic);
        window.type_into("Publish payload", "1");
        window.click("Repeat…");
        window.click("Start repeating");
        window.until_label(&format!("Stop {topic}"));
    }
    window.harness.key_press_modifiers(Modifiers::COMMAND, Key::Period);
    window.until_label("Dismiss attic/a");
    window.until_label("Dismiss attic/b");
}

#[test]
fn the_delete_key_leads_to_what_is_retained_below_where_it_is_cleared_and_put_back() {
    let mut window = on_demo_with_tools();
    window.click("Retain");
    publish(&mut window, "attic/lamp", "on");
    until_topic(&mut window, "attic");
    window.harness.get_by_role_and_label(Role::TreeItem, "attic").click();
    window.harness.run_steps(3);
    window.harness.key_press(Key::Delete);
    window.until_label("attic/lamp, on");
    window.until_label("Retained below attic/#");
    window.click("Choose all shown");
    window.until("it can be cleared", |harness| harness.query_by_label("Clear 1…").is_some());
    window.click("Clear 1…");
    window.until_label("Clear 1 retained message?");
    window.harness.get_by_label_contains("The broker forgets what it retains for attic/lamp");
    window.click("Clear retained");
    window.until_label("Undo clear of 1");
    window.until_label("Cleared 1;");
    window.click("Undo clear of 1");
    window.until_label("Published back 1; the broker retains all of them");
}

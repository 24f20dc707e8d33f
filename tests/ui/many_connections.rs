//! Ten thousand saved connections: only visible rows are drawn, and the keyboard reaches all of them.

use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use mqttree::mqtt::options::{ConnectOptions, Secrets};
use mqttree::store::Profile;
use mqttree::store::transfer::{FoundConnection, Import, Source};

use crate::connections::{Window, page_of};

const MANY: usize = 10_000;

fn profiles(first: usize) -> impl Iterator<Item = Profile> {
    (first..first + MANY).map(|number| {
        let host = format!("broker-{number}.example.org");
        Profile::new(format!("machine {number}"), ConnectOptions { host, ..ConnectOptions::default() })
    })
}

fn rows(window: &Window) -> usize {
    window.query_all_by_role(Role::ListBoxOption).count()
}

#[test]
fn only_the_rows_that_show_are_drawn_of_ten_thousand_connections() {
    let mut window = page_of(profiles(0));
    assert!((40..70).contains(&rows(&window)), "{} rows", rows(&window));

    window.get_by_label("machine 0").focus();
    window.run_steps(2);
    window.key_press_modifiers(Modifiers::NONE, Key::End);
    window.run_steps(4);
    let last = window.get_by_role_and_label(Role::ListBoxOption, "machine 9999");
    assert_eq!(last.accesskit_node().position_in_set(), Some(MANY));
    assert!(last.accesskit_node().is_focused());
    let name = window.get_by_role_and_label(Role::TextInput, "Name").value();
    assert_eq!(name.as_deref(), Some("machine 9999"), "what has the keyboard shows in the form");
    assert!((40..70).contains(&rows(&window)), "{} rows", rows(&window));
}

#[test]
fn the_arrow_keys_go_on_past_the_end_of_what_shows() {
    let mut window = page_of(profiles(0));
    window.get_by_label("machine 0").focus();
    window.run_steps(2);
    for _ in 0..80 {
        window.key_press(Key::ArrowDown);
        window.run_steps(2);
    }
    let node = window.get_by_role_and_label(Role::ListBoxOption, "machine 80");
    assert!(node.accesskit_node().is_focused());
}

#[test]
fn the_look_at_an_import_of_ten_thousand_connections_draws_what_shows() {
    let mut window = page_of(profiles(0).take(10));
    let found = profiles(0).map(|profile| FoundConnection {
        profile,
        secrets: Secrets::default(),
        files: Vec::new(),
        messages: Vec::new(),
        notes: Vec::new(),
    });
    let import = Import { source: Source::Mqttx, found: found.collect(), notes: Vec::new() };
    window.state_mut().view.preview("connections.json".to_owned(), import);
    window.run_steps(4);
    let boxes = window.query_all_by_role(Role::CheckBox).count();
    assert!((3..40).contains(&boxes), "{boxes} connections");
    window.get_by_label("Import 10,000 connections");
    window.get_all_by_label_contains("machine 0").next().unwrap();
}

#[test]
fn a_connection_without_a_name_is_called_so() {
    let window = page_of([Profile { name: String::new(), ..Profile::new("x", ConnectOptions::default()) }]);
    window.get_by_role_and_label(Role::ListBoxOption, "Unnamed connection");
}

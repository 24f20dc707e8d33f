//! What a client of the accessibility bus has seen once it may keep: an id stays with its widget.

use std::collections::HashMap;
use std::net::TcpListener;

use eframe::egui::{Key, Modifiers, accesskit};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use mqttree::app::Start;
use mqttree::demo;
use mqttree::demo::broker::{Broker, Config};
use mqttree::mqtt::options::{ConnectOptions, Secrets};

use accesskit::Role;

use crate::app::{Window, on_demo};

/// Names of buttons that are one button in two states.
const TURNS: [[&str; 2]; 5] = [
    ["Pause", "Resume"],
    ["Connect", "Disconnect"],
    ["Collapsed", "Expanded"],
    ["Hide tools", "Show tools"],
    ["Record", "Stop recording"],
];

/// What was seen under every id so far, and what did not stay.
#[derive(Default)]
struct Seen {
    known: HashMap<(accesskit::NodeId, accesskit::TreeId), (Role, Option<String>, String)>,
    changed: Vec<String>,
}

impl Seen {
    fn look(&mut self, window: &Window, state: &str) {
        for node in window.harness.root().children_recursive() {
            let node = node.accesskit_node();
            let now = (node.role(), name(&node));
            let (role, label, since) =
                self.known.entry(node.locate()).or_insert_with(|| (now.0, now.1.clone(), state.to_owned()));
            if *role != now.0 || !is_same(label.as_deref(), now.1.as_deref()) {
                let what = format!("{role:?} {label:?} of \"{since}\" is {now:?} in \"{state}\"");
                if !self.changed.contains(&what) {
                    self.changed.push(what);
                }
            }
        }
    }

    fn steps(&mut self, window: &mut Window, state: &str, steps: usize) {
        for _ in 0..steps {
            window.harness.step();
            self.look(window, state);
        }
    }

    fn press(&mut self, window: &mut Window, modifiers: Modifiers, key: Key) {
        window.harness.key_press_modifiers(modifiers, key);
        self.steps(window, &format!("{modifiers:?} {key:?}"), 4);
    }

    fn click(&mut self, window: &mut Window, role: Role, name: &str) {
        window.harness.get_all_by_role_and_label(role, name).next().unwrap().click();
        self.steps(window, name, 4);
    }

    fn assert_kept(&self) {
        assert!(self.changed.is_empty(), "{}", self.changed.join("\n"));
    }
}

/// The name of what can be operated, without its numbers; texts may say anything.
fn name(node: &egui_kittest::kittest::AccessKitNode<'_>) -> Option<String> {
    let is_operated = matches!(
        node.role(),
        Role::Button
            | Role::CheckBox
            | Role::ComboBox
            | Role::Link
            | Role::MenuItem
            | Role::MultilineTextInput
            | Role::PasswordInput
            | Role::RadioButton
            | Role::Region
            | Role::Tab
            | Role::TabList
            | Role::TextInput
    );
    let label = node.label().filter(|_| is_operated)?;
    Some(label.replace(|c: char| c.is_ascii_digit() || ".,".contains(c), ""))
}

fn is_same(before: Option<&str>, now: Option<&str>) -> bool {
    before == now
        || before.zip(now).is_some_and(|(before, now)| {
            TURNS.iter().any(|turn| turn.contains(&before) && turn.contains(&now))
        })
}

#[test]
fn an_id_keeps_its_widget_while_a_session_goes_through_its_states() {
    let mut window = on_demo();
    let mut seen = Seen::default();
    window.until("the tree", |harness| harness.query_by_role_and_label(Role::TreeItem, "plant").is_some());
    seen.steps(&mut window, "connected", 10);
    seen.click(&mut window, Role::TreeItem, "plant");
    for tool in ["Publish", "Plots", "Subscriptions", "Log", "Protocol"] {
        seen.click(&mut window, Role::Tab, tool);
    }
    seen.press(&mut window, Modifiers::COMMAND, Key::J);
    seen.press(&mut window, Modifiers::COMMAND, Key::J);
    seen.press(&mut window, Modifiers::COMMAND, Key::Comma);
    seen.press(&mut window, Modifiers::NONE, Key::Escape);
    seen.press(&mut window, Modifiers::NONE, Key::F1);
    seen.press(&mut window, Modifiers::NONE, Key::Escape);
    seen.press(&mut window, Modifiers::COMMAND, Key::K);
    seen.press(&mut window, Modifiers::NONE, Key::Escape);
    seen.click(&mut window, Role::Button, "Menu");
    seen.press(&mut window, Modifiers::NONE, Key::Escape);
    seen.press(&mut window, Modifiers::COMMAND, Key::T);
    seen.assert_kept();
}

#[test]
fn an_id_keeps_its_widget_while_the_sections_of_the_form_open() {
    let mut window = Window::open(Start::default());
    let mut seen = Seen::default();
    seen.steps(&mut window, "start", 3);
    seen.click(&mut window, Role::Button, "New connection");
    for protocol in ["wss", "mqtts", "ws", "mqtt"] {
        seen.click(&mut window, Role::ComboBox, "Protocol");
        let is_wanted = |label: &str| label.starts_with(&format!("{protocol}:")) || label == protocol;
        let option = window
            .harness
            .get_all_by_role(Role::ListBoxOption)
            .find(|node| node.accesskit_node().label().is_some_and(|label| is_wanted(&label)));
        option.unwrap().click();
        seen.steps(&mut window, protocol, 4);
        let heads: Vec<_> = window
            .harness
            .root()
            .children_recursive()
            .filter(|node| node.accesskit_node().data().is_expanded() == Some(false))
            .filter_map(|node| {
                node.accesskit_node().label().map(|label| (node.accesskit_node().role(), label))
            })
            .collect();
        for (role, name) in heads {
            if let Some(node) = window.harness.query_all_by_role_and_label(role, &name).next() {
                node.click();
            }
            seen.steps(&mut window, &name, 3);
        }
    }
    window.type_into("Port", "99999");
    seen.steps(&mut window, "a wrong port", 3);
    seen.assert_kept();
}

#[test]
fn an_id_keeps_its_widget_when_the_connection_fails_and_comes_back() {
    let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
    let options = ConnectOptions { host: "127.0.0.1".to_owned(), port, ..ConnectOptions::default() };
    let mut window = Window::open(Start {
        open: vec![("one".to_owned(), options, Secrets::default())],
        ..Start::default()
    });
    let mut seen = Seen::default();
    seen.steps(&mut window, "connecting", 1);
    window.until("the banner", |harness| harness.query_by_role(Role::Alert).is_some());
    seen.steps(&mut window, "lost", 3);
    let demo = Broker::start(Config { port, ..Config::default() }).unwrap();
    window.until_label("Connected to");
    seen.steps(&mut window, "connected", 20);
    drop(demo);
    window.until("the banner", |harness| harness.query_by_role(Role::Alert).is_some());
    seen.steps(&mut window, "lost again", 3);
    seen.assert_kept();
}

#[test]
fn two_sessions_share_no_id_of_a_topic() {
    let demos = [demo::start().unwrap(), demo::start().unwrap()];
    let open = demos.iter().map(|demo| {
        let options =
            ConnectOptions { host: "127.0.0.1".to_owned(), port: demo.port(), ..ConnectOptions::default() };
        ("Demo".to_owned(), options, Secrets::default())
    });
    let mut window = Window::open(Start { open: open.collect(), ..Start::default() });
    let rows = |window: &Window| -> Vec<_> {
        let rows = window.harness.get_all_by_role(Role::TreeItem);
        rows.map(|node| node.accesskit_node().locate()).collect()
    };
    window.until("the tree", |harness| harness.query_by_role_and_label(Role::TreeItem, "plant").is_some());
    let first = rows(&window);
    window.harness.key_press_modifiers(Modifiers::COMMAND, Key::Tab);
    window.harness.run_steps(3);
    window.until("the tree", |harness| harness.query_by_role_and_label(Role::TreeItem, "plant").is_some());
    assert!(rows(&window).iter().all(|id| !first.contains(id)));
}

//! The whole window, headless, with the embedded broker: what a person does from the first start on.

use eframe::egui::{Event, Key, Modifiers, accesskit::Role, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use egui_kittest::{Harness, Node};
use mqttree::app::{App, Start};
use mqttree::demo;
use mqttree::mqtt::options::{ConnectOptions, Secrets};
use mqttree::recording::Recording;

use crate::harness::{english, until, with_system_fonts};

/// The window with its own folder; both are removed after the test.
pub struct Window {
    pub harness: Harness<'static, App>,
    folder: tempfile::TempDir,
}

impl Window {
    pub fn open(start: Start) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let harness = harness(&folder, start);
        Self { harness, folder }
    }

    /// [`Window::open`] with these files in the folder of the configuration.
    pub fn open_with(start: Start, files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let paths = english(folder.path());
        for (name, text) in files {
            std::fs::write(paths.config.join(name), text).unwrap();
        }
        let harness = harness(&folder, start);
        Self { harness, folder }
    }

    /// The folder with all of the program's files.
    pub fn path(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// Ends the program and restarts it with the same folder.
    fn restart(self) -> Self {
        let Self { harness, folder } = self;
        let mut app = harness.into_state();
        eframe::App::on_exit(&mut app, None);
        drop(app);
        let harness = harness_of(&folder);
        Self { harness, folder }
    }

    /// Steps until `found` returns true.
    pub fn until(&mut self, what: &str, mut found: impl FnMut(&Harness<'static, App>) -> bool) {
        until(&mut self.harness, what, |harness| found(harness));
    }

    pub fn until_label(&mut self, label: &str) {
        self.until(label, |harness| harness.query_all_by_label_contains(label).next().is_some());
    }

    pub fn click(&mut self, label: &str) {
        self.harness.get_by_label(label).click();
        self.harness.run_steps(3);
    }

    pub fn type_into(&mut self, label: &str, text: &str) {
        field(&self.harness, label).focus();
        self.harness.run_steps(2);
        self.harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
        self.harness.run_steps(1);
        field(&self.harness, label).type_text(text);
        self.harness.run_steps(2);
    }
}

/// The text field with this name; its label may have the same name.
pub fn field<'a>(harness: &'a Harness<'static, App>, name: &'a str) -> Node<'a> {
    const FIELDS: [Role; 3] = [Role::TextInput, Role::MultilineTextInput, Role::PasswordInput];
    harness.get_all_by_label(name).find(|node| FIELDS.contains(&node.accesskit_node().role())).unwrap()
}

fn harness_of(folder: &tempfile::TempDir) -> Harness<'static, App> {
    harness(folder, Start::default())
}

fn harness(folder: &tempfile::TempDir, start: Start) -> Harness<'static, App> {
    let paths = english(folder.path());
    with_system_fonts(Harness::builder())
        .with_size(vec2(1280.0, 800.0))
        .with_step_dt(1.0 / 60.0)
        .build_eframe(move |creation| App::new(&creation.egui_ctx, &paths, start).unwrap())
}

pub fn on_demo() -> Window {
    let demo = demo::start().unwrap();
    let options =
        ConnectOptions { host: "127.0.0.1".to_owned(), port: demo.port(), ..ConnectOptions::default() };
    let open = vec![("Demo".to_owned(), options, Secrets::default())];
    Window::open(Start { open, demo: Some(demo), ..Start::default() })
}

/// [`on_demo`] with the tool that publishes instead of the plots.
pub fn on_demo_with_tools() -> Window {
    let mut window = on_demo();
    window.until_label("Connected to Demo");
    window.harness.get_by_role_and_label(Role::Tab, "Publish").click();
    window.harness.run_steps(3);
    window
}

/// [`on_demo`] without the plots, which it opens with.
pub fn on_demo_without_tools() -> Window {
    let mut window = on_demo();
    window.harness.key_press_modifiers(Modifiers::COMMAND, Key::J);
    window.harness.run_steps(3);
    window
}

#[test]
fn the_first_start_hides_the_tools_and_the_next_one_remembers() {
    let mut window = on_demo();
    window.until_label("Connected to Demo");
    assert!(window.harness.query_by_label("Publish payload").is_none());
    window.harness.get_by_role_and_label(Role::Tab, "Publish").click();
    window.harness.run_steps(3);
    field(&window.harness, "Publish payload");

    let mut window = window.restart();
    let settings = std::fs::read_to_string(english(window.folder.path()).settings()).unwrap();
    assert!(settings.contains("[panes.tools]\nvisible = true"), "{settings}");
    window.until_label("Connect to a broker");
}

#[test]
fn the_first_start_says_what_to_do() {
    let window = Window::open(Start::default());
    assert!(window.harness.query_by_label("Connect to a broker").is_some());
    assert!(window.harness.query_by_role_and_label(Role::Button, "New connection").is_some());
}

#[test]
fn a_profile_is_found_again_after_a_restart() {
    let mut window = Window::open(Start::default());
    window.click("New connection");
    window.type_into("Name", "Plant");
    window.type_into("Host", "broker.example");
    window.type_into("Port", "1884");
    window.click("Save");

    let mut window = window.restart();
    window.until_label("Plant");
    let host = field(&window.harness, "Host");
    assert_eq!(host.accesskit_node().value().as_deref(), Some("broker.example"));
}

#[test]
fn what_is_typed_is_saved_without_being_told() {
    let mut window = Window::open(Start::default());
    window.click("New connection");
    window.type_into("Name", "By itself");
    window.harness.run_steps(90);
    let mut window = window.restart();
    window.until_label("By itself");
}

#[test]
fn a_wrong_port_is_marked_and_nothing_is_sent() {
    let mut window = Window::open(Start::default());
    window.click("New connection");
    window.type_into("Host", "localhost");
    window.type_into("Port", "99999");
    window.click("Connect");
    assert!(window.harness.query_by_label("A port is a number from 1 to 65535.").is_some());
    assert!(window.harness.query_by_role_and_label(Role::Tree, "Topics").is_none());
}

#[test]
fn deleting_asks_first_and_cancel_keeps_the_connection() {
    let mut window = Window::open(Start::default());
    window.click("New connection");
    window.type_into("Name", "Keep me");
    window.click("Delete");
    window.click("Cancel");
    assert!(window.harness.query_by_label("Keep me").is_some());
    window.click("Delete");
    window.click("Delete connection");
    window.until_label("Connect to a broker");
}

#[test]
fn topics_of_a_broker_appear_and_counters_run() {
    let mut window = on_demo();
    window.until_label("Connected to Demo");
    window.until("the tree", |harness| harness.query_by_role_and_label(Role::TreeItem, "plant").is_some());
    window.until_label("0 lost");
    assert!(window.harness.query_by_role_and_label(Role::Tree, "Topics").is_some());
}

#[test]
fn the_demo_opens_from_the_window_and_an_address_is_remembered() {
    let mut window = Window::open(Start::default());
    window.click("Open the demo");
    window.until_label("Connected to Demo");
    let demo = demo::start().unwrap();
    window.harness.key_press_modifiers(Modifiers::COMMAND, Key::N);
    window.harness.run_steps(3);
    window.type_into("Address", &format!("127.0.0.1:{}", demo.port()));
    window.harness.key_press(Key::Enter);
    window.until_label("Connected to 127.0.0.1");
    let mut window = window.restart();
    window.until_label(&format!("mqtt://127.0.0.1:{}", demo.port()));
}

#[test]
fn the_demo_begins_with_a_topic_that_shows() {
    let mut window = on_demo();
    window.until("a topic", |harness| {
        let topic = harness.query_all_by_label("Topic").find_map(|node| node.accesskit_node().value());
        topic.is_some_and(|topic| topic == demo::SHOWCASE)
    });
    let mut empty = window.harness.query_all_by_role_and_label(Role::TreeItem, "(empty)");
    assert!(empty.all(|row| row.accesskit_node().level() != Some(1)), "on top");
}

#[test]
fn a_search_leaves_the_topics_that_match() {
    let mut window = on_demo();
    window.until("the tree", |harness| harness.query_by_role_and_label(Role::TreeItem, "plant").is_some());
    window.type_into("Search topics", "Living-Room");
    window.until("the match", |harness| {
        harness.query_by_role_and_label(Role::TreeItem, "living-room").is_some()
            && harness.query_by_role_and_label(Role::TreeItem, "plant").is_none()
    });
    assert!(window.harness.query_all_by_label_contains("match").next().is_some());
}

#[test]
fn the_keyboard_opens_and_walks_the_tree() {
    let mut window = on_demo();
    window.until("the tree", |harness| harness.query_by_role_and_label(Role::TreeItem, "plant").is_some());
    window.harness.get_by_role_and_label(Role::TreeItem, "plant").click();
    window.harness.run_steps(3);
    window.harness.key_press(Key::ArrowRight);
    window.until("a level below", |harness| {
        harness.query_by_role_and_label(Role::TreeItem, "hall-1").is_some()
    });
    window.harness.key_press(Key::ArrowRight);
    window.harness.run_steps(3);
    let topic = window.harness.get_by_label("Topic");
    assert_eq!(topic.accesskit_node().value().as_deref(), Some("plant/hall-1"));
}

#[test]
fn a_published_message_is_seen_in_the_tree() {
    let mut window = on_demo_with_tools();
    window.until_label("Connected to Demo");
    window.type_into("Publish topic", "mine/value");
    window.type_into("Publish payload", "hello");
    window.harness.get_by_role_and_label(Role::Button, "Publish").click();
    window.until("the topic", |harness| harness.query_by_role_and_label(Role::TreeItem, "mine").is_some());
}

#[test]
fn a_key_publishes_only_from_the_panel() {
    let mut window = on_demo_with_tools();
    window.until("the tree", |harness| harness.query_by_role_and_label(Role::TreeItem, "home").is_some());
    window.type_into("Publish topic", "mine/value");
    window.type_into("Publish payload", "hello");
    let enter = |window: &mut Window| {
        window.harness.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
        window.harness.run_steps(5);
    };
    window.harness.get_by_role_and_label(Role::TreeItem, "home").click();
    window.harness.run_steps(3);
    enter(&mut window);
    window.harness.key_press_modifiers(Modifiers::COMMAND, Key::J);
    window.harness.run_steps(3);
    enter(&mut window);
    window.harness.key_press_modifiers(Modifiers::COMMAND, Key::J);
    window.until_label("Nothing published yet");

    field(&window.harness, "Publish payload").focus();
    window.harness.run_steps(3);
    enter(&mut window);
    window.until("the topic", |harness| harness.query_by_role_and_label(Role::TreeItem, "mine").is_some());
}

/// The text of the payload view.
fn payload(harness: &Harness<'static, App>) -> Option<String> {
    harness.query_by_label("Payload").and_then(|node| node.value())
}

#[test]
fn what_was_retained_is_published_back() {
    let mut window = on_demo_with_tools();
    window.until_label("Connected to Demo");
    // Before all others by name: whatever else opens, its row stays where it is and in view.
    window.type_into("Publish topic", "attic");
    window.type_into("Publish payload", "41.5");
    window.harness.get_by_role_and_label(Role::Button, "Publish").click();
    window.until("the topic", |harness| harness.query_by_role_and_label(Role::TreeItem, "attic").is_some());

    // Nothing says that the broker retains anything here. What is unknown is asked about.
    window.click("Retain");
    let payload_is = |window: &mut Window, text: &str| {
        field(&window.harness, "Publish payload").focus();
        window.harness.run_steps(2);
        window.harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
        window.harness.key_press(Key::Backspace);
        window.harness.run_steps(3);
        if !text.is_empty() {
            window.type_into("Publish payload", text);
        }
    };
    payload_is(&mut window, "");
    window.click("Clear retained");
    window.until_label("Clear the retained message of");
    window.click("Cancel");

    payload_is(&mut window, "41.5");
    window.harness.get_by_role_and_label(Role::Button, "Publish").click();
    window.harness.run_steps(3);
    payload_is(&mut window, "");
    window.harness.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::D);
    window.until("the end", |harness| harness.query_by_label("Disconnected").is_some());
    window.harness.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::R);
    window.until_label("Connected to Demo");
    window.harness.get_by_role_and_label(Role::TreeItem, "attic").click();
    window.until("the retained message", |harness| {
        harness
            .query_by_label("Meta")
            .and_then(|node| node.value())
            .is_some_and(|meta| meta.contains("retained"))
    });
    window.click("Clear retained");
    window.until_label("Cleared the retained message of");
    window.until("nothing", |harness| payload(harness).is_none_or(|text| !text.contains("41.5")));
    window.click("Undo");
    window.until("it is back", |harness| payload(harness).is_some_and(|text| text.contains("41.5")));
}

#[test]
fn an_empty_message_to_a_mere_level_is_asked_about() {
    let mut window = on_demo_with_tools();
    window.until("the tree", |harness| harness.query_by_role_and_label(Role::TreeItem, "plant").is_some());
    window.type_into("Publish topic", "plant");
    window.harness.get_by_role_and_label(Role::Button, "Publish").click();
    window.until_label("Publish an empty message to");
    window.click("Cancel");
    assert!(window.harness.query_by_label("Nothing published yet").is_some());
}

#[test]
fn a_closed_session_is_reopened_with_its_tree() {
    let mut window = on_demo();
    window.until("the tree", |harness| harness.query_by_role_and_label(Role::TreeItem, "plant").is_some());
    window.harness.key_press_modifiers(Modifiers::COMMAND, Key::W);
    window.until_label("Closed");
    assert!(window.harness.query_by_role_and_label(Role::Tree, "Topics").is_none());
    window.harness.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::T);
    window.until("the tree", |harness| harness.query_by_role_and_label(Role::TreeItem, "plant").is_some());
    window.until("the end", |harness| harness.query_by_label("Disconnected").is_some());

    window.harness.key_press_modifiers(Modifiers::COMMAND, Key::W);
    window.harness.run_steps(3);
    window.harness.get_all_by_label("Undo").last().unwrap().click();
    window.until("the tree", |harness| harness.query_by_role_and_label(Role::TreeItem, "plant").is_some());
}

/// A window opened by a link to this port on this machine.
fn linked(port: u16, folder: tempfile::TempDir) -> Window {
    let options = ConnectOptions { host: "127.0.0.1".to_owned(), port, ..ConnectOptions::default() };
    let link = Some(("127.0.0.1".to_owned(), options, Secrets::default()));
    let harness = harness(&folder, Start { link, ..Start::default() });
    Window { harness, folder }
}

/// A window opened with a saved connection.
pub fn saved(name: &str, folder: tempfile::TempDir) -> Window {
    let harness = harness(&folder, Start { profiles: vec![name.to_owned()], ..Start::default() });
    Window { harness, folder }
}

#[test]
fn a_link_is_followed_only_after_a_question() {
    let mut window = linked(1, tempfile::tempdir().unwrap());
    window.until_label("Connect to \"127.0.0.1\"?");
    assert!(window.harness.query_by_role_and_label(Role::Tree, "Topics").is_none());
    window.click("Cancel");
    assert!(window.harness.query_by_role_and_label(Role::Tree, "Topics").is_none());

    let mut window = linked(1, tempfile::tempdir().unwrap());
    window.until_label("Connect to \"127.0.0.1\"?");
    window.click("Connect");
    window.until_label("Reconnecting in");
}

#[test]
fn a_link_to_a_saved_connection_is_followed_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let paths = english(folder.path());
    std::fs::write(
        paths.profiles(),
        "[[profile]]\nid = \"1\"\nname = \"Mine\"\nhost = \"127.0.0.1\"\nport = 1\n",
    )
    .unwrap();
    let mut window = linked(1, folder);
    window.until_label("Reconnecting in");
}

#[test]
fn a_squeezed_window_gives_the_tools_their_height_back() {
    let mut window = on_demo_with_tools();
    window.until_label("Connected to Demo");
    let height = |window: &mut Window, size| {
        window.harness.set_size(size);
        window.harness.run_steps(4);
        let top = window.harness.get_by_role_and_label(Role::Tab, "Plots").rect();
        let bottom = window.harness.get_by_label("Connected to Demo").rect();
        bottom.top() - top.top()
    };
    let before = height(&mut window, vec2(1280.0, 800.0));
    let squeezed = height(&mut window, vec2(640.0, 330.0));
    assert!(squeezed < before - 50.0, "{squeezed} of {before}");
    let after = height(&mut window, vec2(1280.0, 800.0));
    assert!((after - before).abs() <= 2.0, "{after} instead of {before}");
}

#[test]
fn pausing_holds_the_view_and_counts_what_comes() {
    let mut window = on_demo();
    window.until("the tree", |harness| harness.query_by_role_and_label(Role::TreeItem, "plant").is_some());
    window.click("Pause");
    window.until_label("Paused,");
    window.until("new messages", |harness| {
        let label = harness.query_all_by_label_contains("Paused,").next();
        label.is_some_and(|node| node.accesskit_node().label().is_none_or(|text| text != "Paused, 0 new"))
    });
    window.click("Resume");
    assert!(window.harness.query_all_by_label_contains("Paused,").next().is_none());
}

#[test]
fn a_failed_connection_says_what_failed_and_what_to_try() {
    // The port was free a moment ago, so nothing listens there.
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let options = ConnectOptions { host: "127.0.0.1".to_owned(), port, ..ConnectOptions::default() };
    let start = Start { open: vec![("Nobody".to_owned(), options, Secrets::default())], ..Start::default() };
    let mut window = Window::open(start);
    window.until_label("Reconnecting in");
    window.until_label(&format!("127.0.0.1:{port} failed"));

    window.click("Find out why");
    window.until("the end of the test", |harness| {
        harness.query_all_by_label_contains("Failed: TCP connection").next().is_some()
    });
    window.harness.get_by_role_and_label(Role::Button, "Close").click();
    window.harness.run_steps(3);
    assert!(window.harness.query_by_label("Connection test").is_none());

    // From the banner to the option to fix.
    window.click("Edit connection");
    window.until("the form", |harness| harness.query_by_role_and_label(Role::TextInput, "Host").is_some());
    let host = window.harness.get_by_role_and_label(Role::TextInput, "Host").value();
    assert_eq!(host.as_deref(), Some("127.0.0.1"));
}

#[test]
fn subscriptions_are_changed_while_the_connection_stands() {
    let mut window = on_demo();
    window.until_label("Connected to Demo");
    window.click("Subscriptions");
    window.until_label("Granted QoS 0");
    window.type_into("Topic filter", "plant/+/state");
    window.harness.get_by_role_and_label(Role::Button, "Add subscription").click();
    window.until("both are granted", |harness| harness.query_all_by_label("Granted QoS 0").count() == 2);
    window.until_label("# covers plant/+/state");

    window.click("Subscribe to #");
    window.until_label("Off");
    window.click("Remove plant/+/state");
    window.until_label("Removed the subscription to");
    assert!(window.harness.query_by_label("Remove plant/+/state").is_none());
    window.click("Undo");
    window.until_label("Granted QoS 0");
    window.harness.get_by_label("Remove plant/+/state");
}

#[test]
fn both_shortcuts_open_the_command_palette() {
    let mut window = Window::open(Start::default());
    for (modifiers, key) in [(Modifiers::COMMAND, Key::K), (Modifiers::COMMAND | Modifiers::SHIFT, Key::P)] {
        window.harness.key_press_modifiers(modifiers, key);
        window.harness.run_steps(3);
        assert!(window.harness.query_by_label("Command palette").is_some());
        window.harness.key_press(Key::Escape);
        window.harness.run_steps(3);
        assert!(window.harness.query_by_label("Command palette").is_none());
    }
}

#[test]
fn keys_in_one_frame_with_the_escape_that_closes_a_dialog_reach_what_is_behind_it() {
    let mut window = Window::open(Start::default());
    let is_open = |window: &Window, name| {
        window.harness.query_all_by_role_and_label(Role::Dialog, name).next().is_some()
    };
    for (modifiers, open, name) in
        [(Modifiers::NONE, Key::F1, "Shortcuts"), (Modifiers::COMMAND, Key::K, "Command palette")]
    {
        window.harness.key_press_modifiers(modifiers, open);
        window.harness.run_steps(3);
        assert!(is_open(&window, name));
        // Both in one frame, as a fast hand or a slow machine has them.
        for (key, modifiers) in [(Key::Escape, Modifiers::NONE), (Key::Comma, Modifiers::COMMAND)] {
            let physical_key = None;
            window.harness.input_mut().events.push(Event::Key {
                key,
                physical_key,
                pressed: true,
                repeat: false,
                modifiers,
            });
        }
        window.harness.run_steps(6);
        assert!(!is_open(&window, name) && is_open(&window, "Settings"), "after {name}");
        window.harness.key_press(Key::Escape);
        window.harness.run_steps(3);
    }
}

#[test]
fn the_language_changes_at_once_and_is_found_again() {
    let mut window = Window::open(Start::default());
    window.harness.key_press_modifiers(Modifiers::COMMAND, Key::Comma);
    window.harness.run_steps(12);
    window.harness.get_by_role_and_label(Role::ComboBox, "Language").click();
    window.harness.run_steps(12);
    window.click("简体中文");
    assert!(window.harness.query_by_role_and_label(Role::Dialog, "设置").is_some());
    let window = window.restart();
    assert!(window.harness.query_by_role_and_label(Role::Button, "新建连接").is_some());
}

#[test]
fn a_session_is_recorded_and_the_recording_says_what_it_holds() {
    let mut window = on_demo();
    window.until_label("Connected to Demo");
    window.click("Record");
    window.until_label("Recording into");
    window.until("a size", |harness| harness.query_all_by_label_contains("Recording, ").next().is_some());
    let recordings = window.folder.path().join("data/recordings");
    let folder = std::fs::read_dir(&recordings).unwrap().next().unwrap().unwrap().path();
    let messages = || Recording::open(&folder).map_or(0, |recording| recording.summary().messages);
    window.until("messages on disk", |_| messages() > 0);
    //SHOT
    window.click("Stop recording");
    window.until_label("recorded, ");
    window.until("the command to begin again", |harness| harness.query_by_label("Record").is_some());
    let recording = Recording::open(&folder).unwrap();
    assert_eq!(recording.damage(), []);
    let facts = recording.summary().facts;
    assert_eq!((facts.name.as_str(), facts.filters), ("Demo", vec!["#".to_owned()]));
}

//! The path dialog for desktops without their own.

use std::path::Path;

use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Modifiers, Theme, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use mqttree::app::Start;
use mqttree::app::file_dialogs::FileDialogs;
use mqttree::mqtt::options::{ConnectOptions, Secrets};
use mqttree::panels::path_dialog::{PathAnswer, PathDialog, PathPurpose};
use mqttree::ui::theme;

use crate::app::Window as AppWindow;
use crate::harness::{until, with_system_fonts};

struct Asked {
    dialog: PathDialog,
    answer: PathAnswer,
}

type Window = Harness<'static, Asked>;

fn asking(purpose: PathPurpose, folder: &Path, name: &str) -> Window {
    let dialog = PathDialog::new("Save file".to_owned(), purpose, &folder.join(""), name);
    let builder = with_system_fonts(Harness::builder()).with_size(vec2(800.0, 560.0)).with_theme(Theme::Dark);
    let builder = builder.with_context_setup(theme::install);
    let mut window = builder.build_ui_state(
        |ui, asked: &mut Asked| {
            if asked.answer == PathAnswer::Open {
                asked.answer = asked.dialog.show(ui.ctx());
            }
        },
        Asked { dialog, answer: PathAnswer::Open },
    );
    window.run_steps(4);
    window
}

fn typed(window: &Window) -> String {
    window.get_by_role_and_label(Role::TextInput, "File").value().unwrap_or_default()
}

fn until_listed(window: &mut Window, name: &'static str) {
    until(window, name, |window| window.query_by_role_and_label(Role::ListItem, name).is_some());
}

fn press(window: &mut Window, key: Key) {
    window.key_press(key);
    window.run_steps(3);
}

/// A folder that contains a file and a folder.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("certificates")).unwrap();
    std::fs::write(folder.path().join("certificates/ca.pem"), "").unwrap();
    std::fs::write(folder.path().join("old.json"), "1").unwrap();
    folder
}

#[test]
fn tab_completes_and_enter_opens() {
    let folder = folder();
    let mut window = asking(PathPurpose::Open, folder.path(), "");
    until_listed(&mut window, "certificates");
    window.get_by_role_and_label(Role::TextInput, "File").type_text("ce");
    window.run_steps(2);
    press(&mut window, Key::Tab);
    assert!(typed(&window).ends_with("/certificates/"), "{}", typed(&window));
    until_listed(&mut window, "ca.pem");
    press(&mut window, Key::ArrowDown);
    press(&mut window, Key::Enter);
    assert!(typed(&window).ends_with("/certificates/ca.pem"), "{}", typed(&window));
    press(&mut window, Key::Enter);
    let expected = PathAnswer::Chosen(folder.path().join("certificates/ca.pem"));
    until(&mut window, "the answer", |window| window.state().answer != PathAnswer::Open);
    assert_eq!(window.state().answer, expected);
}

#[test]
fn a_file_that_exists_is_replaced_only_after_a_question() {
    let folder = folder();
    let mut window = asking(PathPurpose::Save, folder.path(), "old.json");
    press(&mut window, Key::Enter);
    until(&mut window, "the question", |window| {
        window.query_by_label_contains("exists. Replace it?").is_some()
    });
    press(&mut window, Key::Enter);
    assert_eq!(window.state().answer, PathAnswer::Open, "Enter alone replaces nothing");
    window.get_by_role_and_label(Role::Button, "Replace").click();
    window.run_steps(3);
    assert_eq!(window.state().answer, PathAnswer::Chosen(folder.path().join("old.json")));
}

#[test]
fn what_cannot_be_used_is_said_in_the_dialog() {
    let folder = folder();
    let cases = [
        (PathPurpose::Open, "missing", "There is no such file"),
        (PathPurpose::Save, "no/such/file", "There is no folder"),
        (PathPurpose::Save, "certificates", "This is a folder"),
    ];
    for (purpose, name, says) in cases {
        let mut window = asking(purpose, folder.path(), name);
        press(&mut window, Key::Enter);
        until(&mut window, says, |window| window.query_by_label_contains(says).is_some());
        assert_eq!(window.state().answer, PathAnswer::Open);
        window.get_by_role_and_label(Role::Button, "Cancel").click();
        window.run_steps(3);
        assert_eq!(window.state().answer, PathAnswer::Cancelled);
    }
    let mut window = asking(PathPurpose::Open, &folder.path().join("nowhere"), "");
    until(&mut window, "why", |window| window.query_by_label_contains("The folder cannot be read").is_some());
}

#[test]
fn a_payload_is_saved_without_a_desktop_dialog() {
    let demo = mqttree::demo::start().unwrap();
    let options =
        ConnectOptions { host: "127.0.0.1".to_owned(), port: demo.port(), ..ConnectOptions::default() };
    let open = vec![("Demo".to_owned(), options, Secrets::default())];
    let mut window =
        AppWindow::open(Start { open, demo: Some(demo), file_dialogs: FileDialogs::Own, ..Start::default() });
    window.until("a topic", |harness| harness.query_by_label("Payload").is_some());
    window.harness.key_press_modifiers(Modifiers::COMMAND, Key::S);
    window.until("the dialog", |harness| harness.query_by_role_and_label(Role::TextInput, "File").is_some());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("payload.json");
    window.type_into("File", path.to_str().unwrap());
    window.harness.key_press(Key::Enter);
    window.until("the notice", |harness| harness.query_by_label_contains("Saved ").is_some());
    assert!(std::fs::read_to_string(&path).unwrap().contains("\"temperature\""));
}

#[test]
fn the_values_below_a_level_are_exported_decoded() {
    let demo = mqttree::demo::start().unwrap();
    let options =
        ConnectOptions { host: "127.0.0.1".to_owned(), port: demo.port(), ..ConnectOptions::default() };
    let open = vec![("Demo".to_owned(), options, Secrets::default())];
    let mut window =
        AppWindow::open(Start { open, demo: Some(demo), file_dialogs: FileDialogs::Own, ..Start::default() });
    window.type_into("Search topics", "formats/cbor/");
    let level = |harness: &Harness<'static, _>| {
        harness.query_by_role_and_label(Role::TreeItem, "cbor").is_some_and(|row| row.rect().is_positive())
    };
    window.until("the level", level);
    window.harness.get_by_role_and_label(Role::TreeItem, "cbor").click_secondary();
    window.harness.run_steps(3);
    window.click("Export values…");
    window.until("the dialog", |harness| harness.query_by_role_and_label(Role::TextInput, "File").is_some());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("values.jsonl");
    window.type_into("File", path.to_str().unwrap());
    window.harness.key_press(Key::Enter);
    window.until("the notice", |harness| harness.query_by_label_contains("Exported ").is_some());
    let text = std::fs::read_to_string(&path).unwrap();
    for line in text.lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(line["topic"].as_str().unwrap().starts_with("formats/cbor/"), "{line}");
        assert!(line["value"].is_object(), "{line}");
    }
    assert!(text.contains("\"formats/cbor/battery\""), "{text}");
}

#[test]
fn the_dialog_is_drawn() {
    let folder = folder();
    let mut window = asking(PathPurpose::Open, folder.path(), "");
    until_listed(&mut window, "old.json");
    let focused = window.get_by_role_and_label(Role::TextInput, "File");
    assert!(focused.accesskit_node().is_focused(), "one can type at once");
}

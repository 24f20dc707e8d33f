//! Exports, snapshots, replays and imports in the window.

use std::path::{Path, PathBuf};

use eframe::egui::accesskit::Role;
use eframe::egui::{Event, Key, Modifiers, Theme, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use egui_kittest::{Harness, SnapshotResults};
use mqttree::app::Start;
use mqttree::app::file_dialogs::FileDialogs;
use mqttree::command::{Actions, ExchangePurpose};
use mqttree::demo;
use mqttree::interchange::{MessageOrigin, Preview};
use mqttree::mqtt::options::{ConnectOptions, Secrets};
use mqttree::panels::exchange::{ExchangeForm, FormSubject, FormTarget, WorkRow, show_works};
use mqttree::query::Rules;
use mqttree::session::replay::ReplayPlan;
use mqttree::ui::widgets::dialog;
use mqttree::words::Language;
use mqttree::words::confirm::ConfirmQuestion;
use mqttree::words::exchange::{self as words, WorkKind};

use crate::app::Window;
use crate::harness::{speak_chinese, until};
use crate::recordings::record;
use crate::snapshots::picture;

/// A window without a desktop's dialogs.
fn window(recordings: Vec<PathBuf>) -> Window {
    Window::open(Start { recordings, file_dialogs: FileDialogs::Own, ..Start::default() })
}

/// A window with a recording that was just made.
fn with_recording(folder: &Path) -> Window {
    let folder = folder.join("monday");
    record(&folder);
    let mut window = window(vec![folder]);
    window.until_label("6 messages");
    window.until("the tree", |harness| harness.query_by_role_and_label(Role::TreeItem, "right").is_some());
    window
}

/// Runs a command by its name in the palette.
fn run(window: &mut Window, name: &str) {
    window.harness.key_press_modifiers(Modifiers::COMMAND, Key::K);
    window.harness.run_steps(3);
    window.harness.event(Event::Text(name.to_owned()));
    window.harness.run_steps(3);
    window.harness.key_press(Key::Enter);
    window.harness.run_steps(4);
}

/// Answers the dialog that asks for a path.
fn answer(window: &mut Window, path: &Path) {
    window.until("the dialog", |harness| harness.query_by_role_and_label(Role::TextInput, "File").is_some());
    window.type_into("File", path.to_str().unwrap());
    window.harness.key_press(Key::Enter);
    window.harness.run_steps(3);
}

fn press(window: &mut Window, name: &'static str) {
    window.until(name, |harness| {
        harness
            .query_by_role_and_label(Role::Button, name)
            .is_some_and(|button| !button.accesskit_node().is_disabled())
    });
    window.harness.get_by_role_and_label(Role::Button, name).click();
    window.harness.run_steps(4);
}

#[test]
fn a_part_of_a_recording_is_exported_and_opens_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = with_recording(folder.path());
    run(&mut window, "Export messages");
    window.until_label("6 messages on 2 topics");
    window.type_into("Topics", "hall/left");
    window.until_label("3 messages on 1 topic");
    window.type_into("From", "+1s");
    window.until_label("2 messages on 1 topic");
    press(&mut window, "Export to…");
    let path = folder.path().join("left.jsonl");
    answer(&mut window, &path);
    window.until_label("2 messages written to");
    let text = std::fs::read_to_string(&path).unwrap();
    assert_eq!(text.lines().filter(|line| line.contains("\"topic\":\"hall/left\"")).count(), 2, "{text}");

    window.harness.key_press_modifiers(Modifiers::COMMAND, Key::O);
    window.harness.run_steps(3);
    answer(&mut window, &path);
    window.until_label("Recording left.jsonl");
    window.until_label("2 messages");
}

#[test]
fn what_cannot_be_asked_for_is_said_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = with_recording(folder.path());
    run(&mut window, "Export messages");
    window.type_into("Topics", "a/#/b");
    window.until_label("this is not a topic filter");
    window.type_into("Topics", "nowhere");
    window.until_label("No message matches");
    window.type_into("Topics", "");
    window.type_into("From", "noon");
    window.until_label("A time is written as");
    let button = window.harness.get_by_role_and_label(Role::Button, "Export to…");
    assert!(button.accesskit_node().is_disabled());
}

#[test]
fn a_snapshot_of_a_level_opens_read_only_anywhere() {
    let folder = tempfile::tempdir().unwrap();
    let mut first = with_recording(folder.path());
    first.harness.get_by_role_and_label(Role::TreeItem, "left").click_secondary();
    first.harness.run_steps(4);
    first.harness.get_by_role_and_label(Role::MenuItem, "Save snapshot…").click();
    first.harness.run_steps(4);
    first.type_into("Messages per topic", "2");
    first.until_label("1 topic with at most 2 messages each");
    press(&mut first, "Save as…");
    let path = folder.path().join("left.mqsnap");
    answer(&mut first, &path);
    first.until_label("2 messages written to");

    let mut other = window(vec![path]);
    other.until_label("Recording left.mqsnap");
    other.until_label("2 messages");
    other.until("its topic", |harness| {
        harness.query_by_role_and_label(Role::TreeItem, "left").is_some()
            && harness.query_by_role_and_label(Role::TreeItem, "right").is_none()
    });
}

#[test]
fn the_tree_is_compared_with_a_snapshot() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = with_recording(folder.path());
    run(&mut window, "Save snapshot");
    window.type_into("Topics", "hall/left");
    press(&mut window, "Save as…");
    let path = folder.path().join("left.mqsnap");
    answer(&mut window, &path);
    window.until_label(" written to");
    window.harness.get_by_role_and_label(Role::Tab, "Changes").click();
    window.harness.run_steps(3);
    window.harness.get_by_role_and_label(Role::ComboBox, "Compare with").click();
    window.harness.run_steps(3);
    window.click("A recording or snapshot…");
    answer(&mut window, &path);
    window.until_label("hall/right: New");
}

#[test]
fn a_file_that_is_none_of_ours_is_refused_with_a_reason() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("odd.mcap");
    std::fs::write(&path, "no MCAP").unwrap();
    let mut window = window(vec![path]);
    window.until_label("odd.mcap was not opened");
}

/// The demonstration, and a recording in front of it.
fn demo_and_recording(folder: &Path) -> Window {
    let folder = folder.join("monday");
    record(&folder);
    let demo = demo::start().unwrap();
    let options =
        ConnectOptions { host: "127.0.0.1".to_owned(), port: demo.port(), ..ConnectOptions::default() };
    let open = vec![("Demo".to_owned(), options, Secrets::default())];
    let mut window = Window::open(Start {
        open,
        demo: Some(demo),
        recordings: vec![folder],
        file_dialogs: FileDialogs::Own,
        ..Start::default()
    });
    window.until_label("Recording monday");
    window.until_label("6 messages");
    window
}

#[test]
fn a_replay_names_broker_count_and_topics_before_anything_is_sent() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = demo_and_recording(folder.path());
    run(&mut window, "Replay messages");
    window.type_into("Prefix", "again/");
    window.harness.get_by_role_and_label(Role::ComboBox, "Pace").click();
    window.harness.run_steps(3);
    window.click("as fast as acknowledged");
    press(&mut window, "Replay…");
    window.until_label("Replay 6 messages to Demo?");
    window.until_label("receives 6 messages on 2 topics: again/hall/left, again/hall/right");
    press(&mut window, "Replay");
    window.until_label("6 messages sent to Demo");
    let mut tab = window.harness.query_all_by_label("Demo");
    tab.next().unwrap().click();
    drop(tab);
    window.harness.run_steps(4);
    window.until("what was replayed", |harness| {
        harness.query_by_role_and_label(Role::TreeItem, "again").is_some()
    });
}

#[test]
fn a_replay_is_paused_resumed_and_cancelled() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = demo_and_recording(folder.path());
    run(&mut window, "Replay messages");
    window.harness.get_by_role_and_label(Role::ComboBox, "Pace").click();
    window.harness.run_steps(3);
    window.click("0.1×");
    press(&mut window, "Replay…");
    press(&mut window, "Replay");
    press(&mut window, "Pause replay");
    window.until_label("Paused: ");
    press(&mut window, "Resume replay");
    window
        .until("it runs", |harness| harness.query_by_role_and_label(Role::Button, "Pause replay").is_some());
    window.harness.get_by_role_and_label(Role::Button, "Cancel: Replaying to Demo").click();
    window.until_label(" sent to Demo");
    assert!(window.harness.query_by_role_and_label(Role::Button, "Pause replay").is_none());
}

#[test]
fn messages_go_back_to_their_own_broker_only_after_a_second_question() {
    let mut window = crate::app::on_demo();
    window.until_label("Connected to Demo");
    window.until("messages", |window| window.query_all_by_role(Role::TreeItem).count() > 3);
    run(&mut window, "Replay messages");
    press(&mut window, "Replay…");
    press(&mut window, "Replay");
    window.until_label("Send them back to their own broker?");
    press(&mut window, "Cancel");
    assert!(
        window.harness.query_by_role_and_label(Role::Button, "Pause replay").is_none(),
        "nothing is sent"
    );
    window.until("the form, to add a prefix", |harness| harness.query_by_label("Prefix").is_some());
}

/// What a picture shows.
struct Pictured {
    form: Option<ExchangeForm>,
    rows: Vec<WorkRow>,
    language: Language,
}

fn subject(folder: &Path) -> FormSubject {
    let origins = vec![(words::RECORDING, MessageOrigin::Recording(folder.to_owned()))];
    FormSubject { session: 1, name: "monday".to_owned(), origins, rules: Rules::default() }
}

fn targets() -> Vec<FormTarget> {
    let target =
        |session, name: &str, url: &str| FormTarget { session, name: name.to_owned(), url: url.to_owned() };
    vec![target(2, "Test bench", "mqtts://test.example.org:8883"), target(3, "Home", "mqtt://192.0.2.7:1883")]
}

fn pictures_of(name: &str, pictured: impl Fn(&Path) -> (Option<ExchangeForm>, Vec<WorkRow>)) {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("monday");
    record(&folder);
    let mut results = SnapshotResults::new();
    for (theme, language, look) in [
        (Theme::Dark, Language::English, "dark"),
        (Theme::Light, Language::English, "light"),
        (Theme::Dark, Language::Chinese, "chinese"),
    ] {
        let (form, rows) = pictured(&folder);
        let builder = Harness::builder().with_size(vec2(640.0, 560.0)).with_theme(theme);
        let builder = builder.with_context_setup(move |ctx| {
            mqttree::ui::install(ctx);
            if language == Language::Chinese {
                speak_chinese(ctx);
            }
        });
        let mut harness = builder.build_ui_state(
            |ui, pictured: &mut Pictured| {
                mqttree::ui::language::set(ui, pictured.language);
                let mut actions = Actions::default();
                show_works(ui.ctx(), &pictured.rows, &mut actions);
                if let Some(form) = &mut pictured.form {
                    form.show(ui.ctx(), &targets(), &mut actions);
                }
            },
            Pictured { form, rows, language },
        );
        let is_counting = |harness: &Harness<'static, Pictured>| {
            harness.query_by_label_contains(language.pick("Counting", "正在统计")).is_none()
        };
        until(&mut harness, "the count", is_counting);
        picture(&mut results, &mut harness, &format!("{name}-{look}"));
    }
}

fn form(purpose: ExchangePurpose, folder: &Path, filter: &str) -> ExchangeForm {
    ExchangeForm::new(purpose, subject(folder), filter.to_owned(), Vec::new())
}

#[test]
fn pictures_of_the_form_that_exports() {
    pictures_of("export-form", |folder| (Some(form(ExchangePurpose::Export, folder, "hall/#")), Vec::new()));
}

#[test]
fn pictures_of_the_form_that_replays() {
    pictures_of("replay-form", |folder| (Some(form(ExchangePurpose::Replay, folder, "")), Vec::new()));
}

#[test]
fn pictures_of_the_form_that_saves_a_snapshot() {
    pictures_of("snapshot-form", |folder| {
        (Some(form(ExchangePurpose::Snapshot, folder, "hall/#")), Vec::new())
    });
}

#[test]
fn pictures_of_what_is_under_way() {
    pictures_of("works", |_| {
        let row = |id, kind, name: &str, done, total| WorkRow {
            id,
            kind,
            name: name.to_owned(),
            done,
            total,
            per_second: None,
            is_paused: None,
        };
        let replay = row(1, WorkKind::Replay, "Test bench with a name that is long", 1_234, 5_678);
        let replay = WorkRow { per_second: Some(250.0), is_paused: Some(false), ..replay };
        let paused = row(2, WorkKind::Replay, "Home", 3, 100);
        let paused = WorkRow { per_second: Some(0.0), is_paused: Some(true), ..paused };
        let import = row(4, WorkKind::Import, "factory.mcap", 120_000_000, 400_000_000);
        (None, vec![replay, paused, row(3, WorkKind::Export, "Factory", 250_000, 1_000_000), import])
    });
}

#[test]
fn pictures_of_the_question_before_a_replay() {
    let preview = Preview {
        messages: 1_234,
        topics: 56,
        first: ["plant/hall-1/temperature", "plant/hall-1/door", "plant/hall-2/temperature"]
            .map(|topic| topic.as_bytes().to_vec())
            .into(),
        retained: 12,
        ..Preview::default()
    };
    let plan = ReplayPlan { prefix: "replayed/".to_owned(), again: true, ..ReplayPlan::default() };
    let mut results = SnapshotResults::new();
    for (theme, language, look) in [
        (Theme::Dark, Language::English, "dark"),
        (Theme::Light, Language::English, "light"),
        (Theme::Dark, Language::Chinese, "chinese"),
    ] {
        let target = ("Test bench", "mqtts://test.example.org:8883");
        let question = words::ask_replay(&preview, target, &plan, language);
        let builder = Harness::builder().with_size(vec2(520.0, 320.0)).with_theme(theme);
        let builder = builder.with_context_setup(move |ctx| {
            mqttree::ui::install(ctx);
            if language == Language::Chinese {
                speak_chinese(ctx);
            }
        });
        let mut harness = builder.build_ui_state(
            move |ui, question: &mut ConfirmQuestion| {
                mqttree::ui::language::set(ui, language);
                dialog::confirm(ui.ctx(), &question.title, &question.text, question.verb.of(language));
            },
            question,
        );
        picture(&mut results, &mut harness, &format!("replay-question-{look}"));
    }
}

//! The panel of sequences, and runs of them against the demo's broker in the whole window.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Modifiers, Theme, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use mqttree::app::Start;
use mqttree::app::file_dialogs::FileDialogs;
use mqttree::automation::{SequenceBoard, SequenceFile, SequenceFileError, SequencePhase, SequenceState};
use mqttree::command::{Action, SequenceAction};
use mqttree::mqtt::options::{ConnectOptions, Secrets};
use mqttree::panels::sequences::SequencesView;
use mqttree::sequence::{Sequence, StepFailure, StepResult, StepState};

use crate::app::Window;
use crate::harness::{Stage, stage_of};
use crate::snapshots::pictures;

type Panel = Harness<'static, Stage<SequencesView>>;

const LAMP: &str = r#"
name = "The lamp answers"

[[step]]
publish = "lamp/set"
payload = '{"state": "ON"}'

[[step]]
expect = "lamp/state"
within = "2 s"
where = '.state == "ON"'
capture = "id"
from = ".id"

[[step]]
publish = "lamp/{{id}}/get"
"#;

fn file(name: &str, text: &str) -> SequenceFile {
    let content = Sequence::parse(text).map_err(SequenceFileError::Invalid);
    SequenceFile { path: PathBuf::from("/sequences").join(name), content }
}

fn result(state: StepState, ms: u64) -> StepResult {
    StepResult { state, took: Duration::from_millis(ms), captured: None }
}

fn board(phase: SequencePhase, results: Vec<StepResult>, passed: bool) -> SequenceBoard {
    let files = vec![file("broken.toml", "[[step]]\nwait = 7\n"), file("lamp.toml", LAMP)];
    let results: Arc<[StepResult]> = results.into();
    let state = SequenceState { phase, results, passed };
    let states = [(files[1].path.clone(), state)].into_iter().collect();
    SequenceBoard::new(files, states)
}

fn failed() -> SequenceBoard {
    let captured = Some(("id".to_owned(), "7".to_owned()));
    let publish = result(StepState::Passed, 2);
    let expect = StepResult { captured, ..result(StepState::Passed, 31) };
    let last = result(StepState::Failed(Box::new(StepFailure::NotAcknowledged)), 30_000);
    board(SequencePhase::Ended, vec![publish, expect, last], false)
}

fn open(board: SequenceBoard) -> Panel {
    let mut stage = Stage::new(SequencesView::default());
    stage.sequences = board;
    stage.panel.choose("/sequences/lamp.toml".into());
    let mut panel = stage_of(stage, vec2(1_000.0, 260.0), Theme::Dark);
    panel.run_steps(3);
    panel
}

#[test]
fn every_step_has_its_mark_its_time_and_what_it_kept() {
    let panel = open(failed());
    panel.get_by_role_and_label(Role::ListItem, "publish lamp/set, passed, 2.0 ms");
    panel.get_by_role_and_label(
        Role::ListItem,
        "expect lamp/state where .state == \"ON\", passed, 31 ms, id = 7",
    );
    panel.get_by_label("Line 16: the broker did not acknowledge the message in time");
    panel.get_by_label("0 of 1 passed");
    panel.get_by_role_and_label(Role::ListBoxOption, "The lamp answers, failed");
}

#[test]
fn a_file_that_cannot_run_says_which_line() {
    let mut panel = open(failed());
    panel.get_by_role_and_label(Role::ListBoxOption, "broken.toml, failed").click();
    panel.run_steps(2);
    panel.get_by_label_contains("Line 2");
}

#[test]
fn the_chosen_sequence_or_all_of_them_run() {
    let mut panel = open(failed());
    for name in ["Run", "Run all", "Open…"] {
        panel.get_by_role_and_label(Role::Button, name).click();
        panel.run_steps(2);
    }
    let [lamp, broken] = ["lamp.toml", "broken.toml"].map(|name| PathBuf::from("/sequences").join(name));
    let asked: Vec<SequenceAction> = panel
        .state()
        .actions
        .iter()
        .filter_map(|action| match action {
            Action::Sequence(action) => Some(action.clone()),
            _ => None,
        })
        .collect();
    let expected = [
        SequenceAction::Run(vec![lamp.clone()]),
        SequenceAction::Run(vec![broken, lamp]),
        SequenceAction::Open,
    ];
    assert_eq!(asked, expected);
}

#[test]
fn a_sequence_is_opened_and_run_in_the_window() {
    let demo = mqttree::demo::start().unwrap();
    let options =
        ConnectOptions { host: "127.0.0.1".to_owned(), port: demo.port(), ..ConnectOptions::default() };
    let open = vec![("Demo".to_owned(), options, Secrets::default())];
    let start = Start { open, demo: Some(demo), file_dialogs: FileDialogs::Own, ..Start::default() };
    let mut window = Window::open(start);
    window.until_label("Connected to Demo");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("echo.toml");
    std::fs::write(
        &path,
        "[[step]]\npublish = \"mine/a\"\npayload = \"1\"\n\n[[step]]\nexpect = \"mine/+\"\n",
    )
    .unwrap();
    window.harness.key_press_modifiers(Modifiers::COMMAND, Key::Num7);
    window.until_label("No sequence open");
    window.click("Open…");
    window.until("the dialog", |harness| harness.query_by_role_and_label(Role::TextInput, "File").is_some());
    window.type_into("File", path.to_str().unwrap());
    window.harness.key_press(Key::Enter);
    window.until("the file", |harness| {
        harness.query_by_role_and_label(Role::ListBoxOption, "echo.toml").is_some()
    });
    window.click("Run");
    window.until_label("1 of 1 passed");
    window.harness.get_by_label_contains("expect mine/+, passed");
    // The session itself has seen what was published.
    window.until("the topic", |harness| harness.query_by_role_and_label(Role::TreeItem, "mine").is_some());
}

#[test]
fn nothing_is_open_at_first_and_nothing_can_be_run() {
    use egui_kittest::kittest::NodeT as _;
    let panel = open(SequenceBoard::default());
    panel.get_by_label("No sequence open");
    for name in ["Run", "Run all", "Stop"] {
        assert!(panel.get_by_role_and_label(Role::Button, name).accesskit_node().is_disabled(), "{name}");
    }
}

#[test]
fn a_running_one_looks_right_in_both_themes_and_in_chinese() {
    pictures("sequences-running", vec2(1_000.0, 260.0), || {
        let mut stage = Stage::new(SequencesView::default());
        let running = result(StepState::Running, 0);
        let results = vec![result(StepState::Passed, 2), running, result(StepState::NotReached, 0)];
        stage.sequences = board(SequencePhase::Running, results, false);
        stage.panel.choose("/sequences/lamp.toml".into());
        stage
    });
}

#[test]
fn it_looks_right_in_both_themes_and_in_chinese() {
    pictures("sequences", vec2(1_000.0, 260.0), || {
        let mut stage = Stage::new(SequencesView::default());
        stage.sequences = failed();
        stage.panel.choose("/sequences/lamp.toml".into());
        stage
    });
}

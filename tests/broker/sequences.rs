//! Sequences as the window runs them, against a real broker.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use mqttree::automation::{SequenceBoard, SequenceFile, SequencePhase, Unfinished};
use mqttree::mqtt::options::{MqttVersion, Secrets};
use mqttree::sequence::StepState;

use crate::harness::{Broker, free_port, options, until};

const ECHO: &str = r#"
[[step]]
publish = "lamp/set"
payload = '{"id": 7}'

[[step]]
expect = "lamp/+"
capture = "id"
from = ".id"

[[step]]
publish = "lamp/{{id}}/get"
qos = 1
"#;

const TOO_LATE: &str = "[[step]]\nexpect = \"never\"\nwithin = \"50 ms\"\n";
const FOR_EVER: &str = "[[step]]\nwait = \"60 min\"\n";

/// A folder with these sequences, opened by the first of them.
fn opened(folder: &Path, files: &[(&str, &str)]) -> SequenceBoard {
    for (name, text) in files {
        std::fs::write(folder.join(name), text).unwrap();
    }
    std::fs::write(folder.join("other.toml"), "[package]\nname = \"no sequence\"\n").unwrap();
    SequenceBoard::new(SequenceFile::read_with_others(&folder.join(files[0].0)), [].into())
}

fn start(board: &mut SequenceBoard, port: u16) {
    let paths: Vec<PathBuf> = board.files.iter().map(|file| file.path.clone()).collect();
    let options = options(port, MqttVersion::V5);
    board.start(&paths, &options, &[], Secrets::default(), Arc::new(|| ())).unwrap();
}

fn finished(board: &mut SequenceBoard) {
    until(String::new, || {
        board.refresh();
        !board.is_running()
    });
}

#[test]
fn a_folder_of_sequences_passes_fails_and_names_what_was_kept() {
    let (broker, folder) = (Broker::start(), tempfile::tempdir().unwrap());
    let broken = "[[step]]\nwait = 7\n";
    let mut board =
        opened(folder.path(), &[("echo.toml", ECHO), ("late.toml", TOO_LATE), ("broken.toml", broken)]);
    assert_eq!(board.files.len(), 3, "another program's file is none of them");
    assert!(board.files[0].content.is_err());
    start(&mut board, broker.port);
    finished(&mut board);
    let [broken, echo, late] =
        ["broken.toml", "echo.toml", "late.toml"].map(|name| board.states.get(&folder.path().join(name)));
    assert!(broken.is_none(), "it cannot run");
    let echo = echo.unwrap();
    assert!(echo.passed, "{echo:?}");
    assert_eq!(echo.results[1].captured, Some(("id".to_owned(), "7".to_owned())));
    let late = late.unwrap();
    assert!(!late.passed && matches!(late.results[0].state, StepState::Failed(_)), "{late:?}");
}

#[test]
fn a_run_is_stopped_and_without_a_broker_it_says_why() {
    let (broker, folder) = (Broker::start(), tempfile::tempdir().unwrap());
    let mut board = opened(folder.path(), &[("wait.toml", FOR_EVER)]);
    start(&mut board, broker.port);
    let path = folder.path().join("wait.toml");
    until(String::new, || {
        board.refresh();
        board.states.get(&path).is_some_and(|state| {
            state.results.first().is_some_and(|result| result.state == StepState::Running)
        })
    });
    board.stop();
    assert!(!board.is_running());
    let is_stopped = |phase: &SequencePhase| matches!(phase, SequencePhase::Unfinished(why) if matches!(**why, Unfinished::Stopped(_)));
    assert!(is_stopped(&board.states[&path].phase));

    start(&mut board, free_port());
    finished(&mut board);
    let phase = &board.states[&path].phase;
    let SequencePhase::Unfinished(why) = phase else { panic!("{phase:?}") };
    assert!(matches!(**why, Unfinished::NoConnection(_)), "{why:?}");
}

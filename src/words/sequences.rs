//! The texts of the panel that runs sequences.

use crate::automation::{SequenceFileError, SequencePhase, SequenceState, Unfinished};
use crate::sequence::{FILE_BYTES_MAX, SequenceStep, StepResult, StepState};
use crate::words::Language::{self, Chinese, English};
use crate::words::rejection::rejection;
use crate::words::{Label, failure_line, format, label, sequence, session};

/// Button that opens files.
pub const OPEN: Label = label("Open…", "打开…");
/// Tooltip of [`OPEN`], and the title of its dialog.
pub const OPEN_HELP: Label = label(
    "Opens a sequence and lists the others in its folder",
    "打开一个测试序列，并列出同一文件夹中的其他序列",
);
/// Button that runs the chosen sequence.
pub const RUN: Label = label("Run", "运行");
/// Tooltip of [`RUN`].
pub const RUN_HELP: Label = label(
    "Runs the chosen sequence on a connection of its own; the file is read anew",
    "在单独的连接上运行所选序列；会重新读取文件",
);
/// Button that runs all.
pub const RUN_ALL: Label = label("Run all", "全部运行");
/// Tooltip of [`RUN_ALL`].
pub const RUN_ALL_HELP: Label =
    label("Runs all sequences of the list, one after the other", "依次运行列表中的所有序列");
/// Button that stops.
pub const STOP: Label = label("Stop", "停止");
/// Tooltip of [`STOP`].
pub const STOP_HELP: Label = label("Stops after what was sent so far", "立即停止，已发送的消息不受影响");
/// Shown before anything was opened.
pub const EMPTY: Label = label("No sequence open", "尚未打开序列");
/// Below [`EMPTY`].
pub const EMPTY_HELP: Label = label(
    "A sequence is a file of steps that publish and expect messages, to test a broker or a device. mqttree test runs the same files",
    "序列是由发布消息、等待消息等步骤组成的文件，用于测试服务器或设备。mqttree test 可运行同样的文件",
);
/// Name of the list of files.
pub const FILES: Label = label("Sequences", "序列");
/// Name of the list of steps.
pub const STEPS: Label = label("Steps", "步骤");
/// The state of a step that was not begun.
pub const NOT_REACHED: Label = label("not reached", "未执行");
/// The state of a step or sequence under way.
pub const RUNNING: Label = label("running", "运行中");

/// What a mark says to assistive technology.
pub const PASSED: Label = label("passed", "通过");
/// What a mark says to assistive technology.
pub const FAILED: Label = label("failed", "失败");

/// Why a file cannot run.
pub fn file_error(error: &SequenceFileError, language: Language) -> String {
    match (error, language) {
        (SequenceFileError::Unreadable(why), English) => format!("The file cannot be read: {why}"),
        (SequenceFileError::Unreadable(why), Chinese) => format!("无法读取文件：{why}"),
        (SequenceFileError::TooLarge, English) => {
            format!("The file has more than {}", format::bytes(FILE_BYTES_MAX))
        }
        (SequenceFileError::TooLarge, Chinese) => format!("文件超过 {}", format::bytes(FILE_BYTES_MAX)),
        (SequenceFileError::Invalid(error), _) => format::capitalised(&sequence::error(error, language)),
    }
}

/// What a step says of itself: name, state, time, and what it kept.
pub fn step(step: &SequenceStep, result: Option<&StepResult>, language: Language) -> String {
    let name = sequence::step(step, language);
    let state = result.map(|result| match &result.state {
        StepState::NotReached => NOT_REACHED.of(language).to_owned(),
        StepState::Running => RUNNING.of(language).to_owned(),
        StepState::Passed => format!("{}, {}", PASSED.of(language), format::duration(result.took)),
        StepState::Failed(_) => format!("{}, {}", FAILED.of(language), format::duration(result.took)),
    });
    let kept = result.and_then(|result| result.captured.as_ref()).map(|(name, value)| captured(name, value));
    [Some(name), state, kept].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// `id = 7`
pub fn captured(name: &str, value: &str) -> String {
    format!("{name} = {value}")
}

/// Why a sequence has not passed; `None` while nothing is wrong.
pub fn trouble(state: &SequenceState, steps: &[SequenceStep], language: Language) -> Option<String> {
    if let SequencePhase::Unfinished(why) = &state.phase {
        return Some(unfinished(why, language));
    }
    state.results.iter().zip(steps).find_map(|(result, step)| match &result.state {
        StepState::Failed(failure) => {
            let why = sequence::failure(failure, language);
            Some(match language {
                English => format!("Line {}: {why}", step.line),
                Chinese => format!("第 {} 行：{why}", step.line),
            })
        }
        StepState::NotReached | StepState::Running | StepState::Passed => None,
    })
}

fn unfinished(why: &Unfinished<()>, language: Language) -> String {
    match (why, language) {
        (Unfinished::NoConnection(failure), _) => failure_line(failure, language),
        (Unfinished::Crashed(how), _) => session::crash(how, language),
        (Unfinished::Refused { filter, why }, English) => {
            format!("The broker refused to send {filter}: {}", rejection(why, language))
        }
        (Unfinished::Refused { filter, why }, Chinese) => {
            format!("服务器拒绝订阅 {filter}：{}", rejection(why, language))
        }
        (Unfinished::Stopped(_), English) => "Stopped".to_owned(),
        (Unfinished::Stopped(_), Chinese) => "已停止".to_owned(),
    }
}

/// `2 of 3 passed`
pub fn tally(passed: usize, ran: usize, language: Language) -> String {
    match language {
        English => format!("{passed} of {ran} passed"),
        Chinese => format!("{ran} 个中 {passed} 个通过"),
    }
}

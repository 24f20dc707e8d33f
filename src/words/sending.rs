//! The texts about messages that go out one after the other: repetitions and files.

use std::time::Duration;

use crate::query::{LineFault, RecipeError, SourceFault};
use crate::session::sending::{SendingPhase, SendingState};
use crate::words::Language;
use crate::words::language::say;
use crate::words::session::declined;
use crate::words::{Label, encoding, filter, format, label, payload, publish};

/// Button that opens the form for repeating and for files.
pub const REPEAT: Label = label("Repeat…", "重复…");
/// Tooltip of [`REPEAT`].
pub const REPEAT_HELP: Label = label(
    "Sends this message again and again, or the lines of a file; it goes on while other panels are used",
    "重复发送此消息，或发送文件中的各行；使用其他面板时会继续进行",
);
/// Field for the time from one message to the next.
pub const EVERY: Label = label("Every (ms)", "间隔（毫秒）");
/// Field for the number of messages.
pub const TIMES: Label = label("Times", "次数");
/// Placeholder of [`TIMES`].
pub const UNTIL_STOPPED: Label = label("until stopped", "直到停止");
/// Button that begins to repeat.
pub const START: Label = label("Start repeating", "开始重复");
/// Why nothing can be repeated at that pace.
pub const BAD_EVERY: Label =
    label("The pace is a whole number of milliseconds from 1 on", "间隔必须是不小于 1 的整数毫秒");
/// Why nothing can be repeated that often.
pub const BAD_TIMES: Label =
    label("The number of times is a whole number from 1 on, or empty", "次数必须是不小于 1 的整数，或留空");
/// Heading of the part about files.
pub const FILE: Label = label("Messages of a file", "文件中的消息");
/// Choice: a line is a payload.
pub const LINE_IS_PAYLOAD: Label = label("Each line is a payload for this topic", "每行是此主题的载荷");
/// Choice: a line is a message as JSON.
pub const LINE_IS_MESSAGE: Label = label("Each line is a message as JSON", "每行是 JSON 格式的消息");
/// Field for the pace of a file.
pub const PACE: Label = label("Messages a second", "每秒消息数");
/// Why nothing can be sent at that pace.
pub const BAD_PACE: Label =
    label("The pace is a whole number from 1 to 1,000,000", "速度必须是 1 到 1,000,000 之间的整数");
/// Button that asks for the file.
pub const CHOOSE_FILE: Label = label("Choose file…", "选择文件…");
/// Name of the list of what is being sent.
pub const LIST: Label = label("Being sent", "正在发送");
/// Button that stops one of them.
pub const STOP: Label = label("Stop", "停止");
/// Button that takes an ended one from the list.
pub const DISMISS: Label = label("Dismiss", "移除");

/// How often a message is sent.
pub fn every(every: Duration, l: Language) -> String {
    let every = format::duration(every);
    say!(l, "every {every}", "每 {every}")
}

/// How many sendings go on, for the status bar.
pub fn active(count: usize, l: Language) -> String {
    say!(l, "{count} sending", "{count} 项发送中")
}

/// Tooltip of [`active`].
pub fn active_help(keys: &str, l: Language) -> String {
    say!(
        l,
        "Messages go out one after the other; {keys} stops all of them",
        "消息正在逐条发送；按 {keys} 全部停止"
    )
}

/// Notice that nothing can be sent, for the system's reason.
pub fn not_started(error: &std::io::Error, l: Language) -> String {
    say!(l, "Cannot send\n{error}", "无法发送\n{error}")
}

/// Name of a row's button, which tells it from those of the others.
pub fn stop(what: &str, is_active: bool, l: Language) -> String {
    let verb = if is_active { STOP } else { DISMISS }.of(l);
    format!("{verb} {what}")
}

/// What a sending has done, in one line.
pub fn state(state: &SendingState<SourceFault>, every: Duration, l: Language) -> String {
    let sent = format::count(state.sent);
    let sent = match (state.total, state.part) {
        (Some(total), _) => {
            let total = format::count(total);
            say!(l, "{sent} of {total} sent", "已发送 {sent} / {total}")
        }
        (None, Some(part)) => {
            let percent = (f64::from(part) * 100.0).floor();
            say!(l, "{sent} sent, {percent} %", "已发送 {sent}，{percent}%")
        }
        (None, None) => say!(l, "{sent} sent", "已发送 {sent}"),
    };
    let per_second = state.per_second;
    let rate = say!(l, "{per_second:.1}/s", "{per_second:.1}/秒");
    match state.phase {
        SendingPhase::Running => format!("{}   {sent}   {rate}", self::every(every, l)),
        SendingPhase::Waiting => {
            say!(l, "waiting for the connection   {sent}", "等待连接   {sent}")
        }
        SendingPhase::Finished => say!(l, "done   {sent}   {rate}", "已完成   {sent}   {rate}"),
        SendingPhase::Stopped => say!(l, "stopped   {sent}   {rate}", "已停止   {sent}   {rate}"),
        SendingPhase::Failed => {
            let why = match (&state.broken, &state.declined) {
                (Some(fault), _) => source_fault(fault, l),
                (None, Some(why)) => declined(why, l),
                (None, None) => String::new(),
            };
            format!("{why}   {sent}")
        }
    }
}

/// Why there is no next message.
pub fn source_fault(fault: &SourceFault, l: Language) -> String {
    match fault {
        SourceFault::Recipe(error) => recipe_error(error, l),
        SourceFault::Unreadable(why) => say!(l, "The file cannot be read: {why}", "无法读取文件：{why}"),
        SourceFault::Line(number, fault) => {
            let why = line_fault(fault, l);
            let number = format::count(*number);
            say!(l, "Line {number}: {why}", "第 {number} 行：{why}")
        }
    }
}

fn line_fault(fault: &LineFault, l: Language) -> String {
    match fault {
        LineFault::NotAMessage(why) => say!(l, "no message: {why}", "不是消息：{why}"),
        LineFault::TooLong => l.pick("longer than MQTT can carry", "超过 MQTT 允许的长度").to_owned(),
        LineFault::Topic(why) => filter::invalid(*why, l),
        LineFault::NoPayload => l.pick("the payload was not kept", "载荷未保存").to_owned(),
        LineFault::ClearsRetained => l.pick("it would clear a retained message", "会清除保留消息").to_owned(),
    }
}

/// Why what is written makes no message.
pub fn recipe_error(error: &RecipeError, l: Language) -> String {
    use crate::payload::writing::WritingError;
    match error {
        RecipeError::TopicPlaceholder(error) => publish::not_filled(true, error, l),
        RecipeError::PayloadPlaceholder(error) => publish::not_filled(false, error, l),
        RecipeError::Topic(why) => filter::capitalised(*why, l),
        RecipeError::Payload(WritingError::Hex(why)) => {
            publish::payload_error(&payload::hex_error(why, l), l)
        }
        RecipeError::Payload(WritingError::Base64(at)) => publish::bad_base64(*at, l),
        RecipeError::Payload(WritingError::Encode(why)) => {
            publish::payload_error(&encoding::encode_error(why, l), l)
        }
    }
}

//! What the history and its table say.

use crate::message::Flags;
use crate::session::behind::EarlierHistory;
use crate::words::Language::{self, Chinese, English};
use crate::words::language::say;
use crate::words::{Label, format, inspector, label, recording};

/// Entry in the menu of a payload's line.
pub const AS_COLUMN: Label = label("Column of the history", "作为历史的列");
/// Button that opens the filter of the history.
pub const FILTER_HISTORY: Label = label("Filter history", "筛选历史");
/// Tooltip of [`FILTER_HISTORY`].
pub const FILTER_HISTORY_HELP: Label = label(
    "Lists the messages that meet a condition such as temp > 30, or that hold a text",
    "仅列出符合条件或包含指定文本的消息",
);
/// Name of the field that filters the history.
pub const HISTORY_FILTER: Label = label("History filter", "历史筛选条件");
/// Shown in the empty field that filters the history.
pub const FILTER_HINT: Label = label("Text, or temp > 30", "文本，或 temp > 30");
/// Button that writes the history to a file.
pub const EXPORT_HISTORY: Label = label("Export history…", "导出历史…");
/// Tooltip of [`EXPORT_HISTORY`].
pub const EXPORT_HISTORY_HELP: Label =
    label("Writes the listed messages with their columns to a file", "将所列消息及其各列导出到文件");
/// Choice of how the history is written.
pub const fn export_as(is_json: bool, is_decoded: bool) -> Label {
    match (is_json, is_decoded) {
        (false, false) => label("CSV, payloads as sent", "CSV，载荷保持原样"),
        (false, true) => label("CSV, payloads decoded", "CSV，载荷已解码"),
        (true, _) => label("JSON Lines, payloads decoded", "JSON Lines，载荷已解码"),
    }
}

/// Heading of the column of times.
pub const TIME_COLUMN: Label = label("Time", "时间");
/// Notice that no column can be added.
pub const TOO_MANY_COLUMNS: Label =
    label("A topic has 12 columns at most; remove one first", "每个主题最多 12 列，请先移除一列");

/// Tooltip of a column's heading.
pub fn sort_by(column: &str, l: Language) -> String {
    say!(l, "Sort by {column}", "按 {column} 排序")
}

/// How many of the newest messages are listed.
pub fn listed(listed: usize, looked_at: usize, l: Language) -> String {
    let (listed, looked_at) = (format::count(listed as u64), format::count(looked_at as u64));
    say!(l, "{listed} of the newest {looked_at}", "最新 {looked_at} 条中的 {listed} 条")
}

/// Entry in the menu of a message in the history.
pub const SHOW_MESSAGE: Label = label("Show this message", "显示此消息");
/// Entry in the menu of a message in the history.
pub const COPY_PAYLOAD: Label = label("Copy payload", "复制载荷");
/// Entry in the menu of a message in the history.
pub const COPY_TIME: Label = label("Copy time", "复制时间");
/// Entry in the menu of a message in the history.
pub const COMPOSE_AGAIN: Label = label("Put into the publish panel", "放入发布面板");
/// Why a payload cannot be copied in the history.
pub const COPY_ABOVE: Label =
    label("A large payload is copied where it is shown", "较大的载荷可在其显示处复制");
/// Names the time of a message in a notice of copying.
pub const TIME: Label = label("time", "时间");
/// Title of the history, and name of its table.
pub const HISTORY: Label = label("History", "历史");
/// Shown while each new message is shown as it arrives.
pub const FOLLOWING_NEWEST: Label = label("Following newest", "正在跟随最新消息");
/// Button that follows the newest message again.
pub const FOLLOW_NEWEST: Label = label("Follow newest", "跟随最新消息");
/// Tooltip of [`FOLLOW_NEWEST`].
pub const FOLLOW_NEWEST_HELP: Label = label("Shows each new message as it comes", "收到新消息时立即显示");
/// Button that reads older messages from the recording.
pub const READ_EARLIER: Label = label("Read more", "读取更多");
/// Tooltip of [`READ_EARLIER`].
pub const READ_EARLIER_HELP: Label = label(
    "Reads the next older messages of this topic from the recording",
    "从录制内容中读取此主题更早的消息",
);
/// Explains why older messages are gone.
pub const EVICTED_HELP: Label = label(
    "The history has a limit in bytes, which the settings name; the newest messages of every topic are kept",
    "历史有字节上限，可在设置中查看；每个主题最新的消息都会保留",
);

/// How many messages the history holds.
pub fn messages(count: u64, language: Language) -> String {
    match language {
        English => format::plural(count, "message", "messages"),
        Chinese => format!("{} 条消息", format::count(count)),
    }
}

/// How many older messages are gone.
pub fn evicted(count: u64, language: Language) -> String {
    match language {
        English => {
            format!(
                "{} left the memory for newer ones",
                format::plural(count, "older message", "older messages")
            )
        }
        Chinese => format!("{} 条较早的消息已移出内存，为新消息腾出空间", format::count(count)),
    }
}

/// How far the messages from before the memory were read from the recording.
pub fn earlier(state: &EarlierHistory, language: Language) -> String {
    match (state, language) {
        (EarlierHistory::NotRead | EarlierHistory::More, English) => {
            "Older messages are in the recording".to_owned()
        }
        (EarlierHistory::NotRead | EarlierHistory::More, Chinese) => "更早的消息在录制内容中".to_owned(),
        (EarlierHistory::Reading, English) => "Reading older messages from the recording…".to_owned(),
        (EarlierHistory::Reading, Chinese) => "正在从录制内容中读取更早的消息…".to_owned(),
        (EarlierHistory::All, English) => "Everything in the recording is listed".to_owned(),
        (EarlierHistory::All, Chinese) => "录制内容中的消息已全部列出".to_owned(),
        (EarlierHistory::Full, English) => "There is no room in the memory for older messages".to_owned(),
        (EarlierHistory::Full, Chinese) => "内存中已没有空间容纳更早的消息".to_owned(),
        (EarlierHistory::Failed(failure), _) => {
            let told = recording::open_failure(failure, language);
            format!("{}: {}", told.what, told.why)
        }
    }
}

/// A message of the history for screen readers.
pub fn history_row(
    time: &str,
    gap_s: Option<f64>,
    size: &str,
    flags: Flags,
    value: &str,
    language: Language,
) -> String {
    let Flags { qos, retain, dup } = flags;
    let gap = gap_s.map(|gap| (format::gap(gap), language)).map(|(gap, language)| match language {
        English => format!("{gap} after the message before"),
        Chinese => format!("距上一条 {gap}"),
    });
    let marks = [(retain, label("retained", "保留")), (dup, label("sent again", "重发"))];
    let marks = marks.into_iter().filter(|(holds, _)| *holds).map(|(_, mark)| mark.of(language).to_owned());
    let parts = [
        Some(time.to_owned()),
        gap,
        Some(size.to_owned()),
        Some(inspector::qos(qos).of(language).to_owned()),
    ];
    let parts: Vec<_> = parts.into_iter().flatten().chain(marks).collect();
    match language {
        English => format!("{}: {value}", parts.join(", ")),
        Chinese => format!("{}：{value}", parts.join("，")),
    }
}

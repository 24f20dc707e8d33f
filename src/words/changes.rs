//! The texts of the comparison: what changed since.

use crate::message::Timestamp;
use crate::store::settings::TimeFormat;
use crate::words::Language::{self, Chinese, English};
use crate::words::{Label, format, label};

/// Title of the panel, and name of the table.
pub const TITLE: Label = label("What changed", "变化");
/// Name of the choice of what the tree is compared with.
pub const COMPARE_WITH: Label = label("Compare with", "与之比较");
/// The choice while nothing is chosen.
pub const CHOOSE: Label = label("Compare with…", "与之比较…");
/// The choice while the history is read.
pub const READING: Label = label("Reading the history…", "正在读取历史记录…");
/// Compares from now on.
pub const FROM_NOW: Label = label("From this moment on", "从此刻起");
/// Compares with a recording or a snapshot.
pub const A_RECORDING: Label = label("A recording or snapshot…", "录制内容或快照…");
/// Ends the comparison.
pub const NOTHING: Label = label("No comparison", "不比较");
/// Field that filters the table by topic.
pub const FILTER: Label = label("Filter changes", "筛选变化");
/// Lets the tree show only what changed.
pub const ONLY_CHANGED: Label = label("Only what changed", "仅显示变化");
/// Tooltip of [`ONLY_CHANGED`].
pub const ONLY_CHANGED_HELP: Label =
    label("The tree shows only the topics listed here", "主题树只显示此处列出的主题");
/// Button that writes the table to a file.
pub const EXPORT: Label = label("Export changes…", "导出变化…");
/// Tooltip of [`EXPORT`].
pub const EXPORT_HELP: Label =
    label("Writes the listed topics as comma-separated values", "将列出的主题写为 CSV 文件");
/// The suggested name of that file.
pub const FILE_NAME: &str = "changes.csv";
/// Shown before anything is compared.
pub const EMPTY: Label = label("Nothing to compare with yet", "尚未选择比较对象");
/// Explanation below [`EMPTY`].
pub const EMPTY_HELP: Label = label(
    "Choose an earlier moment, another session, a recording or a snapshot above",
    "请在上方选择之前的时刻、其他会话、录制内容或快照",
);
/// Shown when nothing differs.
pub const NO_CHANGE: Label = label("Nothing of these kinds changed", "没有此类变化");
/// Explanation below [`NO_CHANGE`].
pub const NO_CHANGE_HELP: Label =
    label("Other kinds can be chosen above; silence is one of them", "可在上方选择其他类型，例如“无消息”");
/// Explanation while the comparison goes on.
pub const COMPARING: Label = label("Comparing…", "正在比较…");
/// Column of the kinds.
pub const WHAT: Label = label("What", "变化");
/// Column of the topics.
pub const TOPIC: Label = label("Topic", "主题");
/// Column of the values then.
pub const BEFORE: Label = label("Before", "之前");
/// Column of the values now.
pub const NOW: Label = label("Now", "现在");
/// A kind.
pub const NEW: Label = label("New", "新增");
/// Explains [`NEW`].
pub const NEW_HELP: Label = label("Topics that were not there", "之前没有的主题");
/// A kind.
pub const GONE: Label = label("Gone", "消失");
/// Explains [`GONE`].
pub const GONE_HELP: Label = label("Topics that are there no more", "现在没有的主题");
/// A kind.
pub const VALUE: Label = label("Other value", "值不同");
/// Explains [`VALUE`].
pub const VALUE_HELP: Label = label("Topics with another payload", "载荷不同的主题");
/// A kind.
pub const SHAPE: Label = label("Other shape", "结构不同");
/// Explains [`SHAPE`].
pub const SHAPE_HELP: Label =
    label("Topics whose payload has other fields or types", "载荷字段或类型不同的主题");
/// A kind.
pub const RETAIN: Label = label("Retained or not", "保留状态不同");
/// Explains [`RETAIN`].
pub const RETAIN_HELP: Label = label(
    "Topics whose newest message came retained and did not before, or the other way round",
    "最新消息的保留标志与之前不同的主题",
);
/// A kind.
pub const SILENT: Label = label("Silent", "无消息");
/// Explains [`SILENT`].
pub const SILENT_HELP: Label = label("Topics without a message since then", "此后没有消息的主题");

/// A kind and how many topics are of it.
pub fn kind_and_count(kind: Label, count: u64, language: Language) -> String {
    format!("{} {}", kind.of(language), format::count(count))
}

/// A choice: some minutes ago.
pub fn minutes_ago(minutes: i64, language: Language) -> String {
    match (minutes, language) {
        (1, English) => "A minute ago".to_owned(),
        (60, English) => "An hour ago".to_owned(),
        (minutes, English) => format!("{minutes} minutes ago"),
        (60, Chinese) => "1 小时前".to_owned(),
        (minutes, Chinese) => format!("{minutes} 分钟前"),
    }
}

/// A choice: another session.
pub fn session(name: &str, language: Language) -> String {
    match language {
        English => format!("Session {name}"),
        Chinese => format!("会话 {name}"),
    }
}

/// What the tree is compared with: itself at this moment.
pub fn since(at: Timestamp, language: Language) -> String {
    let time = format::time(at, TimeFormat::Seconds);
    match language {
        English => format!("Since {time}"),
        Chinese => format!("自 {time}"),
    }
}

/// A line as it is read aloud.
pub fn spoken(topic: &str, what: &str, before: &str, now: &str, language: Language) -> String {
    match language {
        English => format!("{topic}: {what}, before {before}, now {now}"),
        Chinese => format!("{topic}：{what}，之前 {before}，现在 {now}"),
    }
}

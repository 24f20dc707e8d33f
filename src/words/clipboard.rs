//! What was put on the clipboard.

use crate::words::{Label, Language, label};

/// A topic's name.
pub const TOPIC: Label = label("topic", "主题");
/// A topic's name, changed where it is not UTF-8.
pub const LOSSY_TOPIC: Label =
    label("topic, with � for bytes that are not UTF-8", "主题（非 UTF-8 字节以 � 代替）");
/// The name of one level of a topic.
pub const LEVEL: Label = label("name", "名称");
/// A payload as text.
pub const PAYLOAD: Label = label("payload", "载荷");
/// A text that somebody else wrote.
pub const TEXT: Label = label("text", "文本");
/// The values of the plots.
pub const VALUES: Label = label("values", "数值");
/// The whole connection log.
pub const LOG: Label = label("log", "日志");
/// The lines of the connection log that a filter leaves.
pub const FILTERED_LOG: Label = label("filtered log", "筛选后的日志");
/// A line of the connection log.
pub const LOG_LINE: Label = label("log line", "日志行");
/// Lines of the connection log.
pub const LOG_LINES: Label = label("log lines", "日志行");
/// A line of the packet log.
pub const PACKET: Label = label("packet", "报文");
/// Lines of the packet log.
pub const PACKETS: Label = label("packets", "报文");
/// The report of the doctor.
pub const CONNECTION_TEST: Label = label("connection test", "连接测试结果");

/// Says that something is on the clipboard.
pub fn copied(what: Label, language: Language) -> String {
    let what = what.of(language);
    match language {
        Language::English => format!("Copied the {what}"),
        Language::Chinese => format!("已复制{what}"),
    }
}

//! What was put on the clipboard.

use crate::words::{Label, Language, label};

/// Names a topic in a notice of copying.
pub const TOPIC: Label = label("topic", "主题");
/// A topic's name, changed where it is not UTF-8.
pub const LOSSY_TOPIC: Label =
    label("topic, with � for bytes that are not UTF-8", "主题（非 UTF-8 字节以 � 代替）");
/// Names one level of a topic in a notice of copying.
pub const LEVEL: Label = label("name", "名称");
/// Names a payload in a notice of copying.
pub const PAYLOAD: Label = label("payload", "载荷");
/// Names a text from elsewhere in a notice of copying.
pub const TEXT: Label = label("text", "文本");
/// Names the values of the plots in a notice of copying.
pub const VALUES: Label = label("values", "数值");
/// Names the statistics of the plots in a notice of copying.
pub const STATISTICS: Label = label("statistics", "统计表");
/// Names the connection log in a notice of copying.
pub const MESSAGES: Label = label("messages", "消息");
/// The connection log.
pub const LOG: Label = label("log", "日志");
/// Names the lines of the connection log that match a filter.
pub const FILTERED_LOG: Label = label("filtered log", "筛选后的日志");
/// Names one line of the connection log.
pub const LOG_LINE: Label = label("log line", "日志行");
/// Names several lines of the connection log.
pub const LOG_LINES: Label = label("log lines", "日志行");
/// Names one line of the packet log.
pub const PACKET: Label = label("packet", "报文");
/// Names several lines of the packet log.
pub const PACKETS: Label = label("packets", "报文");
/// Names the report of a connection test.
pub const CONNECTION_TEST: Label = label("connection test", "连接测试结果");

/// Notice that something was copied to the clipboard.
pub fn copied(what: Label, language: Language) -> String {
    let what = what.of(language);
    match language {
        Language::English => format!("Copied the {what}"),
        Language::Chinese => format!("已复制{what}"),
    }
}

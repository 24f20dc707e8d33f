//! The texts of the packet log. What a reason code says is in `words::reason`.

use std::time::Duration;

use crate::mqtt::trace::Direction;
use crate::words::Language::{self, Chinese, English};
use crate::words::{Label, format, label};

/// Title of the panel, and name of the list.
pub const TITLE: Label = label("Protocol", "报文日志");
/// Switch that turns the log on or off.
pub const LOG_PACKETS: Label = label("Log packets", "记录报文");
/// Tooltip of [`LOG_PACKETS`]: what the log costs.
pub const COST: Label = label(
    "Off, it costs nothing. On, a packet takes a fraction of a microsecond, and the last 100,000 of them up to 32 MB. \
     Payloads and passwords are not kept",
    "关闭时没有任何开销。开启后，每个报文耗时不到一微秒，最近的 100,000 个报文最多占用 32 MB。不保存载荷和密码",
);
/// Shown while the log is off.
pub const OFF: Label = label("Packets are not logged", "未记录报文");
/// Shown while there are no packets.
pub const EMPTY: Label = label("No packets yet", "暂无报文");
/// Explanation below [`EMPTY`].
pub const EMPTY_HELP: Label =
    label("Every packet from and to the broker appears here", "与服务器之间收发的每个报文都会显示在这里");
/// Shown when the filter matches no packet.
pub const NOTHING_FOUND: Label = label("No packet matches", "没有匹配的报文");
/// Advice below [`NOTHING_FOUND`].
pub const NOTHING_FOUND_HELP: Label =
    label("Other words or more types may show some", "可以尝试其他关键字或更多类型");
/// Name of the filter field.
pub const FILTER: Label = label("Filter packets", "筛选报文");
/// Placeholder of the filter field.
pub const FILTER_HINT: Label = label("Topic or reason", "主题或原因");

/// Name of the choice of packet types.
pub const TYPES: Label = label("Packet types", "报文类型");
/// Shown when all types are chosen.
pub const ALL_TYPES: Label = label("All types", "所有类型");
/// Shown when no type is chosen.
pub const NO_TYPES: Label = label("No types", "未选类型");
/// Entry that chooses every type.
pub const SHOW_ALL_TYPES: Label = label("Show all types", "显示所有类型");
/// Entry that chooses no type.
pub const HIDE_ALL_TYPES: Label = label("Hide all types", "隐藏所有类型");

/// Menu of file formats to export to.
pub const EXPORT: Label = label("Export…", "导出…");
/// Tooltip of [`EXPORT`].
pub const EXPORT_HELP: Label = label("Writes the packets shown to a file", "将当前显示的报文写入文件");
/// Entry that exports to CSV.
pub const CSV: Label = label("Comma-separated values…", "逗号分隔值（CSV）…");
/// Entry that exports to JSON Lines.
pub const JSON_LINES: Label = label("JSON lines…", "JSON Lines…");
/// Button that forgets the packets.
pub const CLEAR: Label = label("Clear packets", "清空报文");
/// Tooltip of [`CLEAR`].
pub const CLEAR_HELP: Label = label("Forgets the packets of this session", "丢弃此会话的报文");
/// Button that copies the packets.
pub const COPY: Label = label("Copy packets", "复制报文");
/// Tooltip of [`COPY`].
pub const COPY_HELP: Label = label("Copies the packets shown", "复制当前显示的报文");
/// Tooltip of the button that follows the end again.
pub const GO_TO_END_HELP: Label = label("Shows new packets", "显示新报文");
/// Shown beside the count while the view is paused.
pub const PAUSED: Label = label("Paused", "已暂停");
/// Notice that the packets could not be exported or copied.
pub const NOT_WRITTEN: Label = label("The packets could not be written", "未能写入报文");

/// Heading of the column for the time.
pub const TIME: Label = label("Time", "时间");
/// Heading of the column for the packet type.
pub const TYPE: Label = label("Type", "类型");
/// Heading of the column for the packet identifier.
pub const ID: Label = label("ID", "ID");
/// Heading of the column for flags or the reason.
pub const DETAIL: Label = label("Flags or reason", "标志或原因");
/// Heading of the column for the size.
pub const SIZE: Label = label("Size", "大小");
/// Heading of the column for the topic.
pub const TOPIC: Label = label("Topic", "主题");
/// Heading of the column for the latency.
pub const LATENCY: Label = label("Latency", "延迟");
/// Tooltip of [`LATENCY`].
pub const LATENCY_HELP: Label = label(
    "From a packet of ours to its last acknowledgement: PUBACK, PUBCOMP, SUBACK, UNSUBACK or PINGRESP",
    "从发出报文到收到其最后一个确认的时间：PUBACK、PUBCOMP、SUBACK、UNSUBACK 或 PINGRESP",
);
/// The retain flag of a PUBLISH.
pub const RETAIN: Label = label("retain", "保留");
/// The DUP flag of a PUBLISH.
pub const DUP: Label = label("dup", "DUP");
/// The session present flag of a CONNACK.
pub const SESSION_PRESENT: Label = label("session present", "会话已存在");

/// The direction of a packet.
pub const fn direction(direction: Direction) -> Label {
    match direction {
        Direction::In => label("in", "收"),
        Direction::Out => label("out", "发"),
    }
}

/// How many packet types are chosen.
pub fn types(shown: usize, language: Language) -> String {
    match language {
        English => format::plural(shown as u64, "type", "types"),
        Chinese => format!("{shown} 种类型"),
    }
}

/// How many packets there are.
pub fn packets(packets: u64, language: Language) -> String {
    match language {
        English => format::plural(packets, "packet", "packets"),
        Chinese => format!("{} 个报文", format::count(packets)),
    }
}

/// Tooltip of [`packets`]: how many packets the log dropped.
pub fn older_dropped(older: u64, language: Language) -> String {
    let older = format::count(older);
    match language {
        English => format!("Only the newest are kept; {older} older ones were dropped"),
        Chinese => format!("仅保留最新的报文；已丢弃 {older} 个较早的报文"),
    }
}

/// A packet identifier, for screen readers.
pub fn packet_id(id: u16, language: Language) -> String {
    match language {
        English => format!("packet {id}"),
        Chinese => format!("报文标识符 {id}"),
    }
}

/// How long an acknowledgement took, for screen readers.
pub fn acknowledged_after(latency: Duration, language: Language) -> String {
    let latency = format::duration(latency);
    match language {
        English => format!("acknowledged after {latency}"),
        Chinese => format!("{latency} 后收到确认"),
    }
}

/// Joins the parts of a packet's description for screen readers.
pub fn parts(parts: &[String], language: Language) -> String {
    parts.join(language.pick(", ", "，"))
}

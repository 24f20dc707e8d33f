//! The texts of the packet log. What a reason code says is in `words::reason`.

use std::time::Duration;

use crate::mqtt::trace::Direction;
use crate::words::Language::{self, Chinese, English};
use crate::words::{Label, format, label};

/// Name of the list.
pub const TITLE: Label = label("Protocol", "报文日志");
/// Turns the log on and off.
pub const LOG_PACKETS: Label = label("Log packets", "记录报文");
/// What that costs.
pub const COST: Label = label(
    "Off, it costs nothing. On, a packet takes a fraction of a microsecond, and the last 100,000 of them up to 32 MB. \
     Payloads and passwords are not kept",
    "关闭时没有任何开销。开启后，每个报文耗时不到一微秒，最近的 100,000 个报文最多占用 32 MB。不保存载荷和密码",
);
/// In place of packets while the log is off.
pub const OFF: Label = label("Packets are not logged", "未记录报文");
/// In place of packets.
pub const EMPTY: Label = label("No packets yet", "暂无报文");
/// Below it.
pub const EMPTY_HELP: Label =
    label("Every packet from and to the broker appears here", "与服务器之间收发的每个报文都会显示在这里");
/// In place of packets when the filter leaves none.
pub const NOTHING_FOUND: Label = label("No packet matches", "没有匹配的报文");
/// Below it.
pub const NOTHING_FOUND_HELP: Label =
    label("Other words or more types may show some", "可以尝试其他关键字或更多类型");
/// The field for a text to filter by.
pub const FILTER: Label = label("Filter packets", "筛选报文");
/// Its placeholder.
pub const FILTER_HINT: Label = label("Topic or reason", "主题或原因");

/// The choice of types.
pub const TYPES: Label = label("Packet types", "报文类型");
/// All types show.
pub const ALL_TYPES: Label = label("All types", "所有类型");
/// No type shows.
pub const NO_TYPES: Label = label("No types", "未选类型");
/// Shows every type.
pub const SHOW_ALL_TYPES: Label = label("Show all types", "显示所有类型");
/// Hides every type.
pub const HIDE_ALL_TYPES: Label = label("Hide all types", "隐藏所有类型");

/// The menu of file formats.
pub const EXPORT: Label = label("Export…", "导出…");
/// Its tooltip.
pub const EXPORT_HELP: Label = label("Writes the packets that show to a file", "将当前显示的报文写入文件");
/// A file format.
pub const CSV: Label = label("Comma-separated values…", "逗号分隔值（CSV）…");
/// A file format.
pub const JSON_LINES: Label = label("JSON lines…", "JSON Lines…");
/// The button that forgets the packets.
pub const CLEAR: Label = label("Clear packets", "清空报文");
/// Its tooltip.
pub const CLEAR_HELP: Label = label("Forgets the packets of this session", "丢弃此会话的报文");
/// The button that copies.
pub const COPY: Label = label("Copy packets", "复制报文");
/// Its tooltip.
pub const COPY_HELP: Label = label("Copies the packets that show", "复制当前显示的报文");
/// Tooltip of the button that follows the end again.
pub const GO_TO_END_HELP: Label = label("Shows new packets", "显示新报文");
/// Stands beside the count while the view is paused.
pub const PAUSED: Label = label("Paused", "已暂停");
/// Why there is no file and nothing on the clipboard.
pub const NOT_WRITTEN: Label = label("The packets could not be written", "未能写入报文");

/// A column.
pub const TIME: Label = label("Time", "时间");
/// A column.
pub const TYPE: Label = label("Type", "类型");
/// A column.
pub const ID: Label = label("ID", "ID");
/// A column.
pub const DETAIL: Label = label("Flags or reason", "标志或原因");
/// A column.
pub const SIZE: Label = label("Size", "大小");
/// A column.
pub const TOPIC: Label = label("Topic", "主题");
/// A column.
pub const LATENCY: Label = label("Latency", "延迟");
/// Tooltip of that column.
pub const LATENCY_HELP: Label = label(
    "From a packet of ours to its last acknowledgement: PUBACK, PUBCOMP, SUBACK, UNSUBACK or PINGRESP",
    "从发出报文到收到其最后一个确认的时间：PUBACK、PUBCOMP、SUBACK、UNSUBACK 或 PINGRESP",
);
/// A flag of a PUBLISH.
pub const RETAIN: Label = label("retain", "保留");
/// A flag of a PUBLISH.
pub const DUP: Label = label("dup", "DUP");
/// The flag of a CONNACK.
pub const SESSION_PRESENT: Label = label("session present", "会话已存在");

/// Which way a packet went.
pub const fn direction(direction: Direction) -> Label {
    match direction {
        Direction::In => label("in", "收"),
        Direction::Out => label("out", "发"),
    }
}

/// How many types show.
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

/// Tooltip of that number: how many packets the log dropped.
pub fn older_dropped(older: u64, language: Language) -> String {
    let older = format::count(older);
    match language {
        English => format!("Only the newest are kept; {older} older ones were dropped"),
        Chinese => format!("仅保留最新的报文；已丢弃 {older} 个较早的报文"),
    }
}

/// A packet identifier, as it is read aloud.
pub fn packet_id(id: u16, language: Language) -> String {
    match language {
        English => format!("packet {id}"),
        Chinese => format!("报文标识符 {id}"),
    }
}

/// How long an acknowledgement took, as it is read aloud.
pub fn acknowledged_after(latency: Duration, language: Language) -> String {
    let latency = format::duration(latency);
    match language {
        English => format!("acknowledged after {latency}"),
        Chinese => format!("{latency} 后收到确认"),
    }
}

/// Parts of what is read aloud of a packet, as one.
pub fn parts(parts: &[String], language: Language) -> String {
    parts.join(language.pick(", ", "，"))
}

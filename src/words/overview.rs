//! The overview of a session: what shows while no topic is selected.

use crate::message::Timestamp;
use crate::query::broker::{Fact, Reading};
use crate::words::Language::{self, Chinese, English};
use crate::words::language::say;
use crate::words::{Label, format, label};

/// Title of the overview.
pub const TITLE: Label = label("Overview", "概览");
/// Shown while there is no message.
pub const NOTHING_YET: Label = label("Nothing has arrived yet", "尚未收到任何消息");
/// Explanation below [`NOTHING_YET`].
pub const NOTHING_YET_HELP: Label =
    label("What stands out among the topics appears here", "值得关注的主题会显示在这里");

/// Label of the figure for messages per second.
pub const MESSAGES_PER_SECOND: Label = label("messages/s", "条消息/秒");
/// Label of the figure for bytes per second.
pub const BYTES_PER_SECOND: Label = label("payload/s", "载荷/秒");
/// Label of the number of topics.
pub const TOPICS: Label = label("topics", "个主题");
/// Label of the number of messages.
pub const MESSAGES: Label = label("messages", "条消息");
/// Label of the number of retained messages.
pub const RETAINED: Label = label("known to be retained", "已知有保留消息");
/// Tooltip of [`RETAINED`]: what is counted.
pub const RETAINED_HELP: Label = label(
    "Topics whose newest message came as a retained one. A broker says so when a subscription begins, and of later messages \
     only with “Retain as published” of MQTT 5: there may be more",
    "最新消息带有保留标志的主题。服务器仅在订阅开始时标明保留消息；之后的消息只有启用 MQTT 5 的“发布时保留”才会标明，因此实际数量可能更多",
);

/// Title of the list of topics with the most messages.
pub const LOUDEST: Label = label("Loudest topics", "消息最频繁的主题");
/// Title of the list of the largest payloads.
pub const LARGEST: Label = label("Largest payloads", "最大的载荷");
/// Title of the list of topics that stopped.
pub const SILENT: Label = label("Went silent", "已停止发送");
/// Tooltip of [`SILENT`]: the rule of the list.
pub const SILENT_HELP: Label = label(
    "Came five times or more over ten seconds, at even gaps of an hour at most, and is missing for more than three of them, \
     and for ten seconds",
    "至少收到过五条消息（持续十秒以上），间隔均匀且不超过一小时，现已超过三个间隔且至少十秒没有新消息",
);
/// Shown when no topic stopped.
pub const NOBODY_SILENT: Label =
    label("Everything that publishes regularly still does", "定期发送的主题仍在正常发送");
/// Shown in place of the list while there is no connection.
pub const SILENT_UNKNOWN: Label =
    label("Not connected, so silence means nothing", "未连接，无法判断是否停止发送");
/// Title of the broker's statistics.
pub const BROKER: Label = label("What the broker reports", "服务器状态");
/// Shown when the broker publishes no statistics.
pub const NO_SYS: Label = label(
    "Nothing came below $SYS. Many brokers publish figures about themselves there",
    "尚未收到 $SYS 下的消息。许多服务器会在此发布自身状态",
);
/// Button that subscribes to the broker's statistics.
pub const SUBSCRIBE_SYS: Label = label("Subscribe to $SYS/#", "订阅 $SYS/#");

/// The name of a fact in the broker's statistics.
pub const fn fact(fact: Fact) -> Label {
    match fact {
        Fact::Version => label("Version", "版本"),
        Fact::Uptime => label("Running for", "运行时间"),
        Fact::Clients => label("Clients connected", "已连接的客户端"),
        Fact::ClientsMax => label("At most at once", "最大同时连接数"),
        Fact::Subscriptions => label("Subscriptions", "订阅"),
        Fact::Retained => label("Retained messages", "保留消息"),
        Fact::Received => label("Messages received", "收到的消息"),
        Fact::Sent => label("Messages sent", "发送的消息"),
        Fact::Dropped => label("Messages dropped", "丢弃的消息"),
        Fact::Memory => label("Memory", "内存"),
    }
}

/// The value of a fact.
pub fn reading(reading: &Reading, l: Language) -> String {
    match reading {
        Reading::Text(text) => crate::payload::visible_name(text).into_owned(),
        Reading::Count(number) => format::count(*number),
        Reading::Bytes(bytes) => format::bytes(*bytes),
        Reading::Seconds(seconds) => span(*seconds as f64, l),
    }
}

/// The rate of a topic: `3.1/s`.
pub fn per_second(rate: f64, l: Language) -> String {
    let rate = format::rate(rate);
    say!(l, "{rate}/s", "{rate}/秒")
}

/// When the last message of a topic arrived, and how often they came before: `2 m ago, every 5 s before`.
pub fn silent_since(last: Timestamp, now: Timestamp, usual_gap_s: f64, l: Language) -> String {
    let (ago, gap) = (format::ago(last, now, l), span(usual_gap_s, l));
    say!(l, "{ago}, every {gap} before", "{ago}，此前每 {gap}一次")
}

/// How many more topics there are than are listed.
pub fn and_more(more: u64, l: Language) -> String {
    let more = format::count(more);
    say!(l, "and {more} more", "还有 {more} 个")
}

/// A length of time in its two largest units: `0.2 s`, `20 m 4 s`, `3 d 2 h`.
fn span(seconds: f64, l: Language) -> String {
    if seconds < 10.0 {
        return say!(l, "{seconds:.1} s", "{seconds:.1} 秒");
    }
    let whole = seconds as u64;
    let (days, hours, minutes, seconds) = (whole / 86_400, whole / 3_600 % 24, whole / 60 % 60, whole % 60);
    match (l, days, hours, minutes) {
        (English, 0, 0, 0) => format!("{seconds} s"),
        (Chinese, 0, 0, 0) => format!("{seconds} 秒"),
        (English, 0, 0, _) => format!("{minutes} m {seconds} s"),
        (Chinese, 0, 0, _) => format!("{minutes} 分 {seconds} 秒"),
        (English, 0, _, _) => format!("{hours} h {minutes} m"),
        (Chinese, 0, _, _) => format!("{hours} 小时 {minutes} 分"),
        (English, ..) => format!("{} d {hours} h", format::count(days)),
        (Chinese, ..) => format!("{} 天 {hours} 小时", format::count(days)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_have_two_units_at_most() {
        let cases = [
            (0.25, "0.2 s"),
            (59.0, "59 s"),
            (1_204.0, "20 m 4 s"),
            (7_260.0, "2 h 1 m"),
            (266_400.0, "3 d 2 h"),
        ];
        for (seconds, text) in cases {
            assert_eq!(span(seconds, English), text);
        }
        assert_eq!(span(1_204.0, Chinese), "20 分 4 秒");
    }
}

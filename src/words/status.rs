//! What the status bar, the tabs of the sessions and the banner say of a session.

use std::time::Duration;

use crate::model::{Limits, REFUSED_TOPICS_COUNTED_MAX, Stats};
use crate::session::status::{ConnectionState, Counters, Security, Status};
use crate::words::Language::{self, Chinese, English};
use crate::words::{Label, format, label};

/// Shown when certificate checking is off.
pub const NOT_VERIFIED: Label = label("TLS, not verified", "TLS，未验证");
/// Tooltip of [`NOT_VERIFIED`].
pub const NOT_VERIFIED_WHY: Label = label(
    "The broker's certificate was not checked, because the check is turned off for this connection. Whoever stands \
     between here and the broker can read and change everything, the password too",
    "此连接关闭了证书检查，因此未检查服务器的证书。位于本机与服务器之间的任何人都能读取和修改全部内容，包括密码",
);
/// Tooltip of the MQTT version.
pub const VERSION_HELP: Label = label("The MQTT version in use", "使用的 MQTT 版本");
/// Tooltip of the MQTT version when MQTT 5 did not work.
pub const FELL_BACK_HELP: Label = label(
    "MQTT 5 did not work with this broker. The version was left to be found out, so MQTT 3.1.1 is spoken",
    "此服务器无法使用 MQTT 5。版本设为自动，因此使用 MQTT 3.1.1",
);
/// Button that connects when there is no connection.
pub const CONNECT: Label = label("Connect", "连接");
/// Tooltip of [`lost`].
pub const LOST_HELP: Label = label(
    "Messages that arrived and could not be kept. At QoS 0 a broker may drop messages before they are sent, when a \
     client reads too slowly: those no client can count",
    "已收到但无法保存的消息。QoS 0 下，如果客户端读取过慢，服务器可能在发送前丢弃消息，这些消息客户端无法统计",
);
/// Tooltip of [`rate`].
pub const RATE_HELP: Label = label("Messages that arrive now, per second", "当前每秒收到的消息数");
/// Tooltip of [`topics`].
pub const TOPICS_HELP: Label = label("Topics with a message", "收到过消息的主题");

/// Tooltip of the state while the broker does not answer.
pub const NOT_ANSWERING_HELP: Label = label(
    "The broker owes an answer and sends nothing. The connection is made anew if that goes on; how long it may take is \
     set with the connection",
    "服务器没有应答，也没有发送任何数据。如果持续无应答，将重新建立连接；等待时间在连接中设置",
);

/// The state, beginning with the word that tests and screen readers look for. `counted`: how long it is until the next
/// attempt, or since the broker said something.
pub fn state(state: &ConnectionState, name: &str, counted: Duration, language: Language) -> String {
    let (seconds, silent) = (counted.as_secs_f64().ceil(), counted.as_secs());
    match (state, language) {
        (ConnectionState::Connected { .. }, English) => format!("Connected to {name}"),
        (ConnectionState::Connected { .. }, Chinese) => format!("已连接到 {name}"),
        (ConnectionState::Connecting { .. }, English) => format!("Connecting to {name}"),
        (ConnectionState::Connecting { .. }, Chinese) => format!("正在连接 {name}"),
        (ConnectionState::NotAnswering { .. }, English) => format!("Not answering for {silent} s"),
        (ConnectionState::NotAnswering { .. }, Chinese) => format!("{silent} 秒无应答"),
        (ConnectionState::Reconnecting { .. }, English) => format!("Reconnecting in {seconds:.0} s"),
        (ConnectionState::Reconnecting { .. }, Chinese) => format!("{seconds:.0} 秒后重新连接"),
        (ConnectionState::Recorded, English) => format!("Recording {name}"),
        (ConnectionState::Recorded, Chinese) => format!("录制内容 {name}"),
        (ConnectionState::Disconnected, English) => "Disconnected".to_owned(),
        (ConnectionState::Disconnected, Chinese) => "已断开".to_owned(),
    }
}

/// How a connection is protected; `None` if it is not.
pub fn security(status: &Status, security: Security, language: Language) -> Option<&str> {
    match security {
        Security::Plain => None,
        Security::Verified => Some(status.tls.as_ref().map_or("TLS", |tls| tls.version.as_str())),
        Security::Unverified => Some(NOT_VERIFIED.of(language)),
    }
}

/// Tooltip of a connection whose certificate was checked.
pub fn verified_help(cipher: &str, language: Language) -> String {
    match language {
        English => format!("Encrypted, and the broker's certificate was checked\n{cipher}"),
        Chinese => format!("已加密，并已检查服务器的证书\n{cipher}"),
    }
}

/// How many messages could not be kept.
pub fn lost(messages: u64, language: Language) -> String {
    let messages = format::count(messages);
    match language {
        English => format!("{messages} lost"),
        Chinese => format!("丢失 {messages} 条"),
    }
}

/// How many messages are between the network and the tree.
pub fn waiting(messages: u64, language: Language) -> String {
    let messages = format::count(messages);
    match language {
        English => format!("{messages} waiting"),
        Chinese => format!("等待 {messages} 条"),
    }
}

/// Tooltip of [`waiting`]: what is waiting, and what happens when it is too much.
pub fn waiting_help(counters: Counters, language: Language) -> String {
    let bytes = format::bytes(counters.waiting_bytes);
    match language {
        English => {
            let now = if counters.held_back { ".\nThis is so at this moment" } else { "" };
            format!(
                "Messages between the network and the tree: {bytes}. When 64 MiB wait, reading stops until the tree \
                 has caught up: nothing is lost here, and the broker has to wait. What it cannot keep meanwhile it \
                 may drop, at QoS 0 without a word{now}"
            )
        }
        Chinese => {
            let now = if counters.held_back { "。\n当前正是如此" } else { "" };
            format!(
                "在网络与主题树之间等待处理的消息：{bytes}。达到 64 MiB 时暂停读取，直到主题树跟上：此处不会丢失消息，服务器\
                 需要等待；它无法保留的消息可能被丢弃，QoS 0 下不会有任何提示{now}"
            )
        }
    }
}

/// How many messages arrive per second.
pub fn rate(per_second: f64, language: Language) -> String {
    let rate = if per_second < 0.05 { "0".to_owned() } else { format::rate(per_second) };
    match language {
        English => format!("{rate} messages/s"),
        Chinese => format!("{rate} 条消息/秒"),
    }
}

/// How many messages the session has received.
pub fn messages(messages: u64, language: Language) -> String {
    match language {
        English => format::plural(messages, "message", "messages"),
        Chinese => format!("{} 条消息", format::count(messages)),
    }
}

/// Tooltip of [`messages`]: how many are kept.
pub fn messages_help(stats: &Stats, language: Language) -> String {
    let bytes = format::bytes(stats.history_bytes as u64);
    let newest = format::bytes(stats.newest_bytes as u64);
    match language {
        English => format!(
            "Received since the session began; {bytes} kept for history, {newest} of it because it is the newest of a \
             topic"
        ),
        Chinese => format!("会话开始以来收到的消息；历史占用 {bytes}，其中 {newest} 是各主题的最新值"),
    }
}

/// How many topics have a newest payload of which only the beginning is kept.
pub fn payloads_dropped(payloads: u32, language: Language) -> String {
    let payloads = u64::from(payloads);
    match language {
        English => format!("{} dropped", format::plural(payloads, "payload", "payloads")),
        Chinese => format!("丢弃 {} 个载荷", format::count(payloads)),
    }
}

/// Tooltip of [`payloads_dropped`]: why, and what helps.
pub fn payloads_dropped_help(stats: &Stats, limits: Limits, language: Language) -> String {
    let (limit, bytes) =
        (format::bytes(limits.newest_bytes as u64), format::bytes(stats.payload_bytes_dropped));
    match language {
        English => format!(
            "The newest values reached their limit of {limit}: of the largest only the first 64 kB are kept, {bytes} are \
             not. Select such a topic to ask the broker again; the settings can allow more"
        ),
        Chinese => format!(
            "最新值已达到 {limit} 的上限：最大的载荷仅保留前 64 kB，未保留 {bytes}。选中此类主题可重新向服务器获取；可在设\
             置中提高上限"
        ),
    }
}

/// How many topics the session has.
pub fn topics(topics: u64, language: Language) -> String {
    match language {
        English => format::plural(topics, "topic", "topics"),
        Chinese => format!("{} 个主题", format::count(topics)),
    }
}

/// Tells that the view is paused, and how many messages arrived meanwhile.
pub fn paused(meanwhile: u64, language: Language) -> String {
    let messages = format::count(meanwhile);
    match language {
        English => format!("Paused, {messages} new"),
        Chinese => format!("已暂停，新增 {messages} 条"),
    }
}

/// Accessible name of the button that closes a session's tab.
pub fn close(name: &str, language: Language) -> String {
    match language {
        English => format!("Close {name}"),
        Chinese => format!("关闭 {name}"),
    }
}

/// The banner after a thread of the session ended because of a defect of the program.
pub fn crashed(reason: &str, language: Language) -> (String, String) {
    match language {
        English => (
            "This session stopped working".to_owned(),
            format!("{reason}\nConnect again to go on; the tree is kept"),
        ),
        Chinese => ("此会话已停止工作".to_owned(), format!("{reason}\n重新连接即可继续；主题树会保留")),
    }
}

/// The banner's title when a step of the connection failed.
pub fn failed(what: &str, language: Language) -> String {
    match language {
        English => format!("{what} failed"),
        Chinese => format!("失败：{what}"),
    }
}

/// Button in the banner that shows the subscriptions.
pub const CHANGE_SUBSCRIPTIONS: Label = label("Change subscriptions", "修改订阅");

/// The banner when the tree is at its limit: how many topics were refused, and what helps.
pub fn full_tree(stats: &Stats, limits: Limits, language: Language) -> (String, String) {
    let is_more = stats.refused_topics >= REFUSED_TOPICS_COUNTED_MAX;
    let limit = format::bytes(limits.tree_bytes as u64);
    let refused = u64::from(stats.refused_topics);
    match language {
        English => {
            let at_least = if is_more { "at least " } else { "" };
            let topics = format::plural(refused, "new topic", "new topics");
            let messages = format::plural(stats.refused_messages, "message", "messages");
            (
                format!("The tree is full: {at_least}{topics} not added"),
                format!(
                    "It has reached its limit of {limit}. {messages} of new topics counted and not kept; the topics \
                     that are shown go on. A narrower subscription brings fewer topics; \u{201c}Clear topics\u{2026}\
                     \u{201d} makes room"
                ),
            )
        }
        Chinese => {
            let at_least = if is_more { "至少 " } else { "" };
            let (topics, messages) = (format::count(refused), format::count(stats.refused_messages));
            (
                format!("主题树已满：{at_least}{topics} 个新主题未添加"),
                format!(
                    "已达到 {limit} 的上限。新主题的 {messages} 条消息只计数、不保留；已显示的主题继续更新。缩小订阅范围可\
                     减少主题；“清空主题…”可腾出空间"
                ),
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_tree_says_how_much_it_refused_and_what_helps() {
        let limits = Limits { tree_bytes: 2 << 30, ..Limits::default() };
        let stats = Stats { refused_topics: 12, refused_messages: 3_456, ..Stats::default() };
        let (title, text) = full_tree(&stats, limits, English);
        assert_eq!(title, "The tree is full: 12 new topics not added");
        assert!(text.contains("3,456 messages") && text.contains("narrower subscription"), "{text}");

        let many = Stats { refused_topics: REFUSED_TOPICS_COUNTED_MAX, ..stats };
        assert!(full_tree(&many, limits, English).0.contains("at least 65,536 new topics"));
        assert!(full_tree(&many, limits, Chinese).0.contains("至少 65,536 个新主题"));
    }
}

//! The texts of the time bar.

use crate::message::Timestamp;
use crate::store::settings::TimeFormat;
use crate::words::Language::{self, Chinese, English};
use crate::words::{Label, format, label};

/// Name of the track, whose value is the moment shown.
pub const TRACK: Label = label("Moment shown", "显示的时刻");
/// What the track's value is while no earlier moment is shown.
pub const LIVE: Label = label("live", "实时");
/// Name of the choice of the speed.
pub const SPEED: Label = label("Speed", "速度");
/// Button that goes to the end of a recording.
pub const TO_THE_END: Label = label("Go to the end", "跳到末尾");
/// Said when there was no message or change to go to.
pub const NO_SUCH_MOMENT: Label = label("No further one is held", "没有更多可显示的时刻");
/// Explains the numbers beside the moment.
pub const SINCE_HELP: Label = label(
    "Messages that arrived after this moment are kept and shown later. A topic is unknown if its message of this moment is no longer held.",
    "此时刻之后到达的消息会保留，之后显示。如果某主题在此时刻的消息已不再保留，则该主题未知。",
);

/// A speed: `0.1×`, `1,000×`.
pub fn speed(speed: f64) -> String {
    if speed < 1.0 { format!("{speed:.1}×") } else { format!("{}×", format::count(speed as u64)) }
}

/// How far the view can go back, and why no further.
pub fn reach(first: Option<Timestamp>, evicted: u64, language: Language) -> (String, String) {
    let Some(first) = first else {
        let text = match language {
            English => "No messages yet",
            Chinese => "暂无消息",
        };
        return (text.to_owned(), String::new());
    };
    let time = format::time(first, TimeFormat::Seconds);
    match (language, evicted) {
        (English, 0) => (
            format!("Back to {time}"),
            "Drag to show the whole tree at an earlier moment. Nothing has left the history so far."
                .to_owned(),
        ),
        (Chinese, 0) => (
            format!("可回到 {time}"),
            "拖动即可显示之前某一时刻的整个主题树。历史记录尚无消息被移除。".to_owned(),
        ),
        (English, evicted) => (
            format!("Back to {time}, as far as the history goes"),
            format!(
                "Drag to show the whole tree at an earlier moment. {} left the history to stay within its memory; the settings change that.",
                format::plural(evicted, "earlier message", "earlier messages")
            ),
        ),
        (Chinese, evicted) => (
            format!("可回到 {time}（历史记录的起点）"),
            format!(
                "拖动即可显示之前某一时刻的整个主题树。为控制内存，已有 {} 条更早的消息移出历史记录；可在设置中调整。",
                format::count(evicted)
            ),
        ),
    }
}

/// What came after the moment shown, and how many topics are unknown.
pub fn since(messages: u64, unknown: u64, language: Language) -> String {
    let messages_since = match language {
        English => format!("{} since", format::plural(messages, "message", "messages")),
        Chinese => format!("此后 {} 条消息", format::count(messages)),
    };
    match (unknown, language) {
        (0, _) => messages_since,
        (unknown, English) => {
            format!("{messages_since}, {} unknown", format::plural(unknown, "topic", "topics"))
        }
        (unknown, Chinese) => format!("{messages_since}，{} 个主题未知", format::count(unknown)),
    }
}

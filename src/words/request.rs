//! The texts about requests and their responses.

use std::time::Duration;

use crate::automation::{RequestFailure, RequestPhase, RequestState};
use crate::words::Language;
use crate::words::failure::failure_line;
use crate::words::language::say;
use crate::words::rejection::rejection;
use crate::words::session::{crash, declined};
use crate::words::{Label, format, label};

/// Check box: the message is a request.
pub const EXPECT: Label = label("Expect response", "等待响应");
/// Tooltip of [`EXPECT`].
pub const EXPECT_HELP: Label = label(
    "Fills in response topic and correlation data, subscribes to the topic on a connection of its own, and shows what answers",
    "填入响应主题和对比数据，用独立的连接订阅该主题，并显示收到的响应",
);
/// Why [`EXPECT`] cannot be used with an older version.
pub const NEEDS_MQTT_5: Label = label(
    "MQTT 3 has no response topic and no correlation data. Subscribe to the topic of the answer, or let mqttree rr wait for it",
    "MQTT 3 没有响应主题和对比数据；可订阅应答所在的主题，或用 mqttree rr 等待应答",
);
/// Field for the time to wait for the response.
pub const WITHIN: Label = label("Wait (s)", "等待（秒）");
/// Why a request cannot be sent without a response topic.
pub const NO_RESPONSE_TOPIC: Label = label(
    "A response needs a response topic; it is among the properties",
    "等待响应需要响应主题，请在属性中填写",
);
/// Why nobody can wait for that long.
pub const BAD_WITHIN: Label = label(
    "The time to wait is a number of seconds from 0.001 to 86,400",
    "等待时间必须是 0.001 到 86,400 之间的秒数",
);
/// Name of the line that shows how a request is going.
pub const RESPONSE: Label = label("Response", "响应");
/// Button that shows the response in the tree and the inspector.
pub const SHOW: Label = label("Show", "显示");
/// Name of [`SHOW`].
pub const SHOW_RESPONSE: Label = label("Show response", "显示响应");
/// Why [`SHOW`] cannot be used.
pub const NOT_RECEIVED: Label = label(
    "This session has not received the response: it subscribes to no filter that matches the topic",
    "此会话没有收到该响应：没有匹配该主题的订阅",
);
/// Button that ends the waiting.
pub const STOP_WAITING: Label = label("Stop waiting", "停止等待");
/// Button that takes the line away.
pub const DISMISS: Label = label("Dismiss response", "移除响应");
/// Names the requests that a message may answer, in the inspector.
pub const REQUEST: Label = label("Request", "请求");
/// Names the responses to a message, in the inspector.
pub const RESPONSES: Label = label("Responses", "响应");
/// Shown while a request has no response.
pub const NONE_YET: Label = label("none yet", "尚无");
/// Shown where a response has no request.
pub const NOT_HELD: Label = label("not among the messages held", "不在已保留的消息中");
/// Shown while the request is looked for.
pub const LOOKING: Label = label("looking…", "正在查找…");

/// How a request is going; the response itself follows.
pub fn state(state: &RequestState, within: Duration, l: Language) -> String {
    let mut text = match &state.phase {
        RequestPhase::Connecting => {
            say!(l, "Subscribing to the response topic", "正在订阅响应主题")
        }
        RequestPhase::Waiting => {
            let within = format::duration(within);
            say!(l, "Waiting for the response, {within} at most", "正在等待响应，最多 {within}")
        }
        RequestPhase::Answered(response) => {
            let took = format::duration(response.took);
            if response.is_correlated {
                say!(l, "Response after {took}", "{took} 后收到响应")
            } else {
                say!(
                    l,
                    "After {took}, without correlation data: it may answer somebody else",
                    "{took} 后收到，但没有对比数据：可能是对其他请求的响应"
                )
            }
        }
        RequestPhase::TimedOut => {
            let within = format::duration(within);
            say!(l, "No response within {within}", "{within} 内没有响应")
        }
        RequestPhase::Stopped => say!(l, "Stopped waiting", "已停止等待"),
        RequestPhase::Failed(why) => failed(why, l),
    };
    if state.others > 0 {
        let others = format::count(state.others);
        text += &say!(l, "; {others} for others", "；其他请求的响应 {others} 条");
    }
    text
}

fn failed(why: &RequestFailure, l: Language) -> String {
    match why {
        RequestFailure::NoConnection(failure) => failure_line(failure, l),
        RequestFailure::Lost => {
            say!(l, "The connection was lost before the response", "收到响应之前连接已断开")
        }
        RequestFailure::Crashed(how) => crash(how, l),
        RequestFailure::Subscription(why) => {
            let why = rejection(why, l);
            say!(
                l,
                "Not sent: the broker refused the subscription to the response topic: {why}",
                "未发送：服务器拒绝订阅响应主题：{why}"
            )
        }
        RequestFailure::Refused(why) => {
            let why = rejection(why, l);
            say!(l, "Refused: {why}", "已拒绝：{why}")
        }
        RequestFailure::Declined(why) => {
            let why = declined(why, l);
            say!(l, "Not sent: {why}", "未发送：{why}")
        }
    }
}

/// A link to a response in the inspector: its time, and how long after the request.
pub fn response_link(time: &str, after: &str, l: Language) -> String {
    say!(l, "{time}, after {after}", "{time}，{after} 后")
}

/// A link to a request in the inspector: its topic, and how long before the response.
pub fn request_link(topic: &str, before: &str, l: Language) -> String {
    say!(l, "{topic}, {before} before", "{topic}，{before} 前")
}

//! The subscriptions panel.

use crate::message::QoS;
use crate::words::Language::{self, Chinese, English};
use crate::words::{Label, label};

/// Accessible name of the field of a filter.
pub const TOPIC_FILTER: Label = label("Topic filter", "主题过滤器");
/// In the empty field of a filter.
pub const TOPIC_FILTER_HINT: Label =
    label("Topic filter, like plant/+/state", "主题过滤器，例如 plant/+/state");
/// Name of the choice of a QoS.
pub const QOS: Label = label("QoS", "QoS");
/// Shows the choices of MQTT 5.
pub const OPTIONS: Label = label("Options", "选项");
/// Tooltip of [`OPTIONS`].
pub const OPTIONS_HELP: Label =
    label("What MQTT 5 lets a subscription choose", "MQTT 5 中订阅可以使用的选项");
/// The button that adds what was typed.
pub const ADD: Label = label("Add subscription", "添加订阅");
/// The button that changes a subscription of the list.
pub const CHANGE: Label = label("Change subscription", "修改订阅");

/// Option: own messages do not come back.
pub const NO_LOCAL: Label = label("No local", "No Local");
/// Tooltip of [`NO_LOCAL`].
pub const NO_LOCAL_HELP: Label =
    label("What this connection publishes itself is not delivered to it", "不接收由本连接自己发布的消息");
/// Option: the retain flag is passed on.
pub const RETAIN_AS_PUBLISHED: Label = label("Retain as published", "发布时保留");
/// Tooltip of [`RETAIN_AS_PUBLISHED`].
pub const RETAIN_AS_PUBLISHED_HELP: Label =
    label("Messages keep the retain flag with which they were published", "消息保持其发布时的保留标志");
/// Option: which retained messages are sent.
pub const RETAINED_MESSAGES: Label = label("Retained messages", "保留消息");
/// Option: the subscription identifier, beside its field.
pub const IDENTIFIER: Label = label("Identifier", "标识符");
/// Accessible name of the identifier's field.
pub const SUBSCRIPTION_IDENTIFIER: Label = label("Subscription identifier", "订阅标识符");
/// Shown when the connection uses an older MQTT version, which has none of the options.
pub const WITHOUT_MQTT_5: Label =
    label("The connection has no MQTT 5, so these are not sent", "此连接未使用 MQTT 5，不会发送这些选项");
/// What was typed as an identifier is none.
pub const IDENTIFIER_RANGE: Label =
    label("An identifier is a number from 1 to 268,435,455", "标识符是 1 到 268,435,455 之间的数字");
/// The filter that is typed is subscribed to already.
pub const IS_KNOWN: Label = label(
    "It is in the list already: its QoS and options become these",
    "列表中已有此订阅：其 QoS 和选项将改为这里的值",
);

/// Makes the session's subscriptions those of the profile.
pub const KEEP: Label = label("Keep in the profile", "保存到连接配置");
/// Tooltip of [`KEEP`].
pub const KEEP_HELP: Label =
    label("Makes these subscriptions those of the saved connection", "将这些订阅保存为此连接的订阅");
/// Tooltip of [`KEEP`] while there is nothing to keep.
pub const KEEP_SAME: Label =
    label("The saved connection has these subscriptions", "已保存的连接已包含这些订阅");

/// There is no subscription.
pub const EMPTY: Label = label("No subscriptions", "没有订阅");
/// Explanation below [`EMPTY`].
pub const EMPTY_HELP: Label =
    label("Nothing is received without one; publishing works", "没有订阅就收不到消息；发布不受影响");
/// Adds the filter for everything.
pub const SUBSCRIBE_TO_EVERYTHING: Label = label("Subscribe to everything", "订阅所有主题");
/// Tooltip of [`SUBSCRIBE_TO_EVERYTHING`].
pub const SUBSCRIBE_TO_EVERYTHING_HELP: Label = label("Adds the filter #", "添加主题过滤器 #");

/// Tooltip of the tick of a subscription that is on.
pub const TURN_OFF_HELP: Label =
    label("Unsubscribes and keeps the filter here", "取消订阅，但在列表中保留此主题过滤器");
/// Tooltip of the tick of a subscription that is off.
pub const TURN_ON_HELP: Label = label("Subscribes to it again", "重新订阅");
/// Tooltip of the button that removes a subscription.
pub const REMOVE_HELP: Label = label("Unsubscribes and forgets the filter", "取消订阅并移除此主题过滤器");
/// Tooltip of the button that changes a subscription.
pub const CHANGE_HELP: Label =
    label("Changes the filter, the QoS and the options", "修改主题过滤器、QoS 和选项");

/// Accessible name of the tick of a subscription.
pub fn subscribe_to(filter: &str, language: Language) -> String {
    match language {
        English => format!("Subscribe to {filter}"),
        Chinese => format!("订阅 {filter}"),
    }
}

/// Accessible name of the choice of QoS in a row.
pub fn qos_of(filter: &str, language: Language) -> String {
    match language {
        English => format!("QoS of {filter}"),
        Chinese => format!("{filter} 的 QoS"),
    }
}

/// Accessible name of the button that removes a subscription.
pub fn remove(filter: &str, language: Language) -> String {
    match language {
        English => format!("Remove {filter}"),
        Chinese => format!("移除 {filter}"),
    }
}

/// Accessible name of the button that changes a subscription.
pub fn change(filter: &str, language: Language) -> String {
    match language {
        English => format!("Change {filter}"),
        Chinese => format!("修改 {filter}"),
    }
}

/// Remark that `wide` matches everything that `narrow` does.
pub fn covers(wide: &str, narrow: &str, language: Language) -> String {
    match language {
        English => format!("{wide} covers {narrow}: brokers may deliver such messages twice"),
        Chinese => format!("{wide} 包含 {narrow}：服务器可能重复投递这类消息"),
    }
}

/// Some topics match both filters.
pub fn overlaps(filter: &str, other: &str, language: Language) -> String {
    match language {
        English => format!("{filter} overlaps {other}: brokers may deliver such messages twice"),
        Chinese => format!("{filter} 与 {other} 重叠：服务器可能重复投递这类消息"),
    }
}

/// The person turned the subscription off.
pub const OFF: Label = label("Off", "已关闭");
/// The broker has not answered yet.
pub const PENDING: Label = label("Waiting for the broker", "等待服务器响应");
/// Shown until there is a connection on which to subscribe.
pub const NOT_CONNECTED: Label = label("Not connected", "未连接");

/// The broker granted what was asked for, or less.
pub fn granted(granted: QoS, asked: QoS, language: Language) -> String {
    let (level, wanted) = (u8::from(granted), u8::from(asked));
    match language {
        English if level == wanted => format!("Granted QoS {level}"),
        English => format!("Granted QoS {level} instead of {wanted}"),
        Chinese if level == wanted => format!("已授予 QoS {level}"),
        Chinese => format!("已授予 QoS {level}，而非 {wanted}"),
    }
}

/// The broker refused, with its reason in words.
pub fn refused(why: &str, language: Language) -> String {
    match language {
        English => format!("Refused: {why}"),
        Chinese => format!("已拒绝：{why}"),
    }
}

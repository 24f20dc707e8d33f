//! The texts of the topic tree.

use crate::message::Timestamp;
use crate::model::Order;
use crate::words::Language::{self, Chinese, English};
use crate::words::{Label, format, label, status};

/// Title of the panel, and the tree's name.
pub const TITLE: Label = label("Topics", "主题");
/// The choice of the order.
pub const SORT_BY: Label = label("Sort by", "排序方式");
/// A level without a name: `a//b` has one.
pub const EMPTY_LEVEL: Label = label("(empty)", "（空）");

/// In a row's menu.
pub const COPY_TOPIC: Label = label("Copy topic", "复制主题");
/// In a row's menu.
pub const COPY_PAYLOAD: Label = label("Copy payload", "复制载荷");
/// In a row's menu.
pub const PUBLISH_TO_TOPIC: Label = label("Publish to this topic", "发布到此主题");
/// In a row's menu.
pub const EXPAND_BELOW: Label = label("Expand all below", "展开所有下级");
/// In a row's menu.
pub const COLLAPSE_BELOW: Label = label("Collapse all below", "折叠所有下级");

/// In a row's menu.
pub const COPY_NAME: Label = label("Copy name", "复制名称");
/// In a row's menu.
pub const SHOW_ONLY: Label = label("Show only this", "只显示此项");
/// In a row's menu.
pub const SUBSCRIBE_BELOW: Label = label("Subscribe below", "订阅所有下级");
/// In a row's menu.
pub const PLOT: Label = label("Plot value", "绘制数值");
/// In a row's menu.
pub const COMPARE: Label = label("Compare with selected", "与选中的主题比较");
/// Why a topic cannot be compared.
pub const IS_SELECTED: Label = label("It is the selected topic", "这就是选中的主题");
/// Why a topic cannot be compared.
pub const NONE_SELECTED: Label = label("No topic with a value is selected", "没有选中带值的主题");
/// In a row's menu; asks only where nothing is known of the retained message.
pub const CLEAR_RETAINED: Label = label("Clear retained…", "清除保留消息…");
/// In a row's menu.
pub const PIN: Label = label("Pin topic", "固定主题");
/// In a row's menu, and the button beside a pinned topic.
pub const UNPIN: Label = label("Unpin", "取消固定");
/// In a row's menu.
pub const FORGET: Label = label("Forget topic", "移除主题");
/// In a row's menu.
pub const FORGET_BELOW: Label = label("Forget all below…", "移除所有下级…");
/// Why something cannot be done with a topic.
pub const NOT_TEXT: Label = label("The topic is not UTF-8 text", "该主题不是 UTF-8 文本");
/// Why something cannot be done with a topic.
pub const NEEDS_CONNECTION: Label = label("There is no connection", "没有连接");
/// Why something cannot be done with a topic.
pub const NO_VALUE: Label = label("No message was received", "尚未收到消息");
/// Why a payload cannot be copied here.
pub const ONLY_HEAD: Label = label("Only the beginning of the payload is kept", "载荷只保留了开头");
/// Why a payload cannot be plotted here.
pub const NOT_A_NUMBER: Label = label("The newest payload is not a number", "最新载荷不是数字");
/// Why a topic cannot be part of a filter.
pub const NO_FILTER: Label = label("No topic filter can be made of it", "无法由此构成主题过滤器");
/// The list of pinned topics.
pub const PINNED: Label = label("Pinned topics", "固定的主题");
/// In place of the value of a pinned topic that has not come yet.
pub const WAITING: Label = label("waiting for the first message", "等待第一条消息");
/// In place of rows while a part of the tree shows alone.
pub const NOTHING_IN_SCOPE: Label =
    label("Nothing is left here. Escape shows the whole tree", "此处已没有内容。按 Esc 显示整个主题树");

/// How many topics show.
pub fn topic_count(topics: u64, language: Language) -> String {
    match language {
        English => format::plural(topics, "topic", "topics"),
        Chinese => format!("{} 个主题", format::count(topics)),
    }
}

/// Says which part of the tree shows alone.
pub fn only(topic: &str, language: Language) -> String {
    match language {
        English => format!("Only {topic}"),
        Chinese => format!("仅 {topic}"),
    }
}

/// In place of rows while a search goes on.
pub const SEARCHING: Label = label("Searching…", "正在搜索…");
/// In place of rows when a search found nothing.
pub const NOTHING_FOUND: Label = label("No topic matches the search", "没有匹配的主题");
/// In place of rows.
pub const PAUSED_BEFORE_ANY: Label =
    label("Nothing had arrived when the view was paused", "暂停视图时尚未收到任何消息");
/// In place of rows.
pub const NO_SUBSCRIPTIONS: Label = label(
    "This connection subscribes to nothing. Add a subscription on the connections page",
    "此连接没有任何订阅。可在连接页面添加订阅",
);
/// In place of rows.
pub const NOTHING_YET: Label =
    label("Connected. Topics appear here as messages arrive", "已连接。收到消息后，主题会显示在这里");
/// In place of rows.
pub const NOT_CONNECTED: Label =
    label("Topics appear here once the connection is made", "连接建立后，主题会显示在这里");

/// An order of the rows.
pub const fn order(order: Order) -> Label {
    match order {
        Order::Name => label("Name", "名称"),
        Order::Arrival => label("Arrival", "到达顺序"),
        Order::Messages => label("Messages", "消息数"),
        Order::Rate => label("Rate", "速率"),
        Order::LastSeen => label("Last seen", "最近更新"),
    }
}

/// How many topics are below a level that is none itself, in place of a value.
pub fn topics_below(topics: u64, language: Language) -> String {
    match language {
        English => format!("({})", format::plural(topics, "topic", "topics")),
        Chinese => format!("（{} 个主题）", format::count(topics)),
    }
}

/// Says why a search did not look at all of a payload.
pub const GIVEN_UP_HELP: Label = label(
    "Looking at the rest would have taken too long, or only the beginning of the payload is kept. There may be more \
     matches. Plain text is found much faster than a slow regular expression",
    "查看剩余内容耗时过长，或载荷只保留了开头。可能还有其他匹配。普通文本的查找比缓慢的正则表达式快得多",
);

/// A search did not look at these payloads in whole; `bytes` of the last of them were looked at.
pub fn given_up(payloads: u32, bytes: u64, language: Language) -> String {
    let bytes = format::bytes(bytes);
    match language {
        English if payloads == 1 => format!("1 payload only to {bytes}"),
        English => format!("{} payloads in part, the last to {bytes}", format::count(u64::from(payloads))),
        Chinese if payloads == 1 => format!("1 个载荷只查找到 {bytes}"),
        Chinese => format!("{} 个载荷只查找了一部分，最后一个到 {bytes}", format::count(u64::from(payloads))),
    }
}

/// The button that says whether a row's children show.
pub const EXPANDED: Label = label("Expanded", "已展开");

/// What a screen reader says of a row after its name: value, messages, and how long ago the last one came.
pub fn row(
    value: &str,
    messages: u64,
    arrived: Option<Timestamp>,
    now: Timestamp,
    language: Language,
) -> String {
    let ago = arrived.map(|then| format::ago(then, now, language));
    let messages = status::messages(messages, language);
    let parts = [Some(value), Some(&messages), ago.as_deref()];
    let between = match language {
        English => ", ",
        Chinese => "，",
    };
    parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(between)
}

/// How many topics a search found so far; `done` between 0 and 1.
pub fn found(matches: u64, done: f32, language: Language) -> String {
    let found = match language {
        English => format::plural(matches, "match", "matches"),
        Chinese => format!("{} 个匹配", format::count(matches)),
    };
    if done >= 1.0 {
        return found;
    }
    match language {
        English => format!("{found}, {:.0} %", done * 100.0),
        Chinese => format!("{found}，{:.0}%", done * 100.0),
    }
}

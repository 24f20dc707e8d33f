//! The texts of the topic tree.

use crate::message::Timestamp;
use crate::model::{Order, Sorting};
use crate::mqtt::options::MqttVersion;
use crate::store::settings::Column;
use crate::words::Language::{self, Chinese, English};
use crate::words::{Label, format, label, status};

/// Title of the panel, and the tree's name.
pub const TITLE: Label = label("Topics", "主题");
/// The row of column headers, which chooses the order.
pub const SORT_BY: Label = label("Sort by", "排序方式");
/// The menu of the columns.
pub const COLUMNS: Label = label("Columns", "列");
/// The columns, in the settings.
pub const COLUMNS_OF_TREE: Label = label("Columns of the topic tree", "主题树的列");
/// Says what the menu of the columns does.
pub const COLUMNS_HELP: Label = label("Choose the columns and the order", "选择显示的列和排序方式");
/// In the menu of the columns.
pub const RESET_WIDTHS: Label = label("Reset column widths", "重置列宽");
/// In the menu of the columns: siblings in the order in which they came.
pub const ORDER_OF_ARRIVAL: Label = label("Sort by order of arrival", "按到达顺序排序");
/// Header of the names.
pub const TOPIC: Label = label("Topic", "主题");
/// Header of the values.
pub const VALUE: Label = label("Value", "值");
/// The header of the names for assistive technology: `Topic` alone is the selected topic.
pub const TOPIC_LEVEL: Label = label("Topic level", "主题层级");
/// Says what the names are.
pub const TOPIC_HELP: Label = label("The levels of the topics", "主题的各个层级");
/// Says what the values are.
pub const VALUE_HELP: Label = label("The newest payload of the topic", "该主题最新的载荷");
/// A level without a name: `a//b` has one.
pub const EMPTY_LEVEL: Label = label("(empty)", "（空）");

/// In a row's menu.
pub const COPY_TOPIC: Label = label("Copy topic", "复制主题");
/// In a row's menu.
pub const COPY_PAYLOAD: Label = label("Copy payload", "复制载荷");
/// In a row's menu.
pub const PUBLISH_TO_TOPIC: Label = label("Publish to this topic", "发布到此主题");
/// In a row's menu: loads the newest message into the publish panel, with all that it came with.
pub const EDIT_NEWEST: Label = label("Edit newest message", "编辑最新消息");
/// In a row's menu.
pub const EXPAND_BELOW: Label = label("Expand all below", "展开所有下级");
/// In a row's menu.
pub const COLLAPSE_BELOW: Label = label("Collapse all below", "折叠所有下级");

/// In a row's menu: the newest values at and below a level, to a file.
pub const EXPORT_VALUES: Label = label("Export values…", "导出值…");

/// Notice that values were written.
pub fn values_exported(topics: u64, file: &std::path::Path, language: Language) -> String {
    let file = file.display();
    match language {
        English => format!("Exported {} to {file}", format::plural(topics, "value", "values")),
        Chinese => format!("已将 {} 个值导出到 {file}", format::count(topics)),
    }
}

/// In a row's menu.
pub const COPY_NAME: Label = label("Copy name", "复制名称");
/// In a row's menu.
pub const SHOW_ONLY: Label = label("Show only this", "只显示此项");
/// In a row's menu: its messages in order of arrival.
pub const STREAM: Label = label("Show in the stream", "在消息流中显示");
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

/// The header of a column.
pub const fn column(column: Column) -> Label {
    match column {
        Column::Trend => label("Trend", "趋势"),
        Column::Size => label("Size", "大小"),
        Column::QoS => label("QoS", "QoS"),
        Column::Retained => label("Retained", "保留"),
        Column::TopicsBelow => label("Topics", "主题数"),
        Column::LastChange => label("Changed", "变化"),
        Column::Messages => label("Messages", "消息数"),
        Column::Rate => label("Per second", "每秒"),
        Column::ByteRate => label("Bytes/s", "字节/秒"),
        Column::Age => label("Age", "时间"),
    }
}

/// What a column says.
pub const fn column_help(column: Column) -> Label {
    match column {
        Column::Trend => label("The last 30 numbers of the topic", "该主题最近的 30 个数值"),
        Column::Size => label("Size of the newest payload", "最新载荷的大小"),
        Column::QoS => label("QoS of the newest message", "最新消息的 QoS"),
        Column::Retained => {
            label("Whether the newest message is known to be retained", "最新消息是否已知为保留消息")
        }
        Column::TopicsBelow => label("Topics below", "下级主题的数量"),
        Column::LastChange => label(
            "How long ago the value changed; a message that repeats it is no change",
            "数值上次变化距今的时间；重复相同数值的消息不算变化",
        ),
        Column::Messages => label("Messages of the topic and all below", "该主题及其所有下级的消息数"),
        Column::Rate => {
            label("Messages per second of the topic and all below", "该主题及其所有下级每秒的消息数")
        }
        Column::ByteRate => label(
            "Bytes of payload per second of the topic and all below, measured while this column shows",
            "该主题及其所有下级每秒的载荷字节数，仅在显示此列时测量",
        ),
        Column::Age => label(
            "How long ago the last message of the topic or of one below came",
            "该主题或其下级最后一条消息距今的时间",
        ),
    }
}

/// An order, as it is said of the rows.
pub const fn order(order: Order) -> Label {
    match order {
        Order::Name => TOPIC,
        Order::Arrival => label("Arrival", "到达顺序"),
        Order::Value => VALUE,
        Order::Messages => column(Column::Messages),
        Order::Rate => column(Column::Rate),
        Order::ByteRate => column(Column::ByteRate),
        Order::LastChange => column(Column::LastChange),
        Order::LastSeen => column(Column::Age),
        Order::Size => column(Column::Size),
        Order::QoS => column(Column::QoS),
        Order::Retained => column(Column::Retained),
        Order::TopicsBelow => column(Column::TopicsBelow),
    }
}

/// How the rows are sorted: `Topic, ascending`.
pub fn sorting(sorting: Sorting, language: Language) -> String {
    let by = order(sorting.by).of(language);
    match (sorting.is_ascending(), language) {
        (true, English) => format!("{by}, ascending"),
        (false, English) => format!("{by}, descending"),
        (true, Chinese) => format!("{by}，升序"),
        (false, Chinese) => format!("{by}，降序"),
    }
}

/// In the column of retained messages.
pub const RETAINED: Label = label("retained", "保留");

/// What the mark of a retained message tells.
pub const fn retained_help(version: Option<MqttVersion>) -> Label {
    match version {
        Some(MqttVersion::V5) => label(
            "Retained: the broker keeps this message, as the subscription asks to be told",
            "保留消息：服务器保留着这条消息，订阅已请求告知",
        ),
        Some(MqttVersion::V3_1 | MqttVersion::V3_1_1) | None => label(
            "Retained when the subscription was made. MQTT 3.1.1 does not say of later messages whether they are retained",
            "订阅时服务器已保留的消息。MQTT 3.1.1 不会说明之后的消息是否被保留",
        ),
    }
}

/// An age that is only a lower bound, because nothing older was looked at.
pub fn or_earlier(age: &str) -> String {
    format!("> {age}")
}

/// How many topics are below a level that is not a topic itself, shown in place of a value.
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

/// A description with what is wrong with the newest message.
pub fn with_remark(said: &str, remark: &str, language: Language) -> String {
    let between = language.pick(", ", "，");
    format!("{said}{between}{remark}")
}

/// The description of a row for screen readers, after its name: value, messages, and how long ago the last one arrived.
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

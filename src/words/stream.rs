//! The texts of the stream.

use crate::message::Timestamp;
use crate::query::{Criterion, NotWanted, Wanted};
use crate::store::settings::TimeFormat;
use crate::words::Language::{self, Chinese, English};
use crate::words::{Label, filter, format, label, search};

/// Title of the panel, and name of the list.
pub const TITLE: Label = label("Stream", "消息流");
/// Name of the choice of the part of the tree.
pub const SCOPE: Label = label("Messages of", "消息范围");
/// Choice of the whole tree.
pub const ALL_TOPICS: Label = label("All topics", "所有主题");
/// Name of the choice of lines.
pub const SHOW: Label = label("Lines shown", "显示的行");
/// Button that opens the choice of columns.
pub const COLUMNS: Label = label("Columns", "列");
/// Name of the field that adds a payload's field as a column.
pub const FIELD: Label = label("Field of the payload", "载荷字段");
/// Hint in that field.
pub const FIELD_HINT: Label = label(".temperature", ".temperature");
/// Button that adds it.
pub const ADD_FIELD: Label = label("Add field", "添加字段");
/// Said of a text that is not the path of a field.
pub const NO_FIELD: Label =
    label("Write a path such as .sensors[0].value", "请输入路径，例如 .sensors[0].value");
/// Button that adds a filter.
pub const ADD_FILTER: Label = label("Filter", "筛选");
/// Tooltip of that button.
pub const ADD_FILTER_HELP: Label =
    label("Adds a filter; a message must pass all of them", "添加筛选条件；消息须满足全部条件");
/// Name of the filter's text.
pub const FILTER_TEXT: Label = label("Filter text", "筛选内容");
/// The filter lets matching messages through.
pub const INCLUDE: Label = label("Include", "包含");
/// The filter leaves matching messages out.
pub const EXCLUDE: Label = label("Exclude", "排除");
/// Button that adds the filter.
pub const ADD: Label = label("Add filter", "添加筛选");
/// In a chip's menu.
pub const CHIP_ON: Label = label("Turned on", "启用");
/// In a chip's menu.
pub const REMOVE: Label = label("Remove filter", "移除筛选");
/// Value of the column of retained messages.
pub const RETAINED: Label = label("retained", "保留");
/// Hides everything before the selected line, or so far.
pub const FROM_HERE: Label = label("From here", "从此处开始");
/// Tooltip of [`FROM_HERE`].
pub const FROM_HERE_HELP: Label = label(
    "Hides what was before the selected line, or before now; nothing is lost",
    "隐藏选中行之前（或当前之前）的消息，不会丢失",
);
/// Tooltip of the button that shows hidden lines again.
pub const SHOW_EARLIER_HELP: Label = label("Shows what was hidden again", "重新显示隐藏的消息");
/// Tooltip of the button that leads to the end.
pub const GO_TO_END_HELP: Label =
    label("Shows new messages as they come; the End key does the same", "有新消息时立即显示；也可按 End 键");
/// Tooltip of the number of messages.
pub const FOUND_HELP: Label = label(
    "The stream reaches as far back as the history in memory. Payloads are searched for texts in their first 256 kB.",
    "消息流可追溯到内存中的历史记录。文本搜索只检查载荷的前 256 kB。",
);
/// In a line's menu: marks it, or takes the mark away.
pub const MARK: Label = label("Mark or unmark", "标记或取消标记");
/// In a line's menu.
pub const ONLY_THIS_TOPIC: Label = label("Only this topic", "仅此主题");
/// In a line's menu.
pub const COPY: Label = label("Copy messages", "复制消息");
/// Shown while there are no messages.
pub const EMPTY: Label = label("No messages yet", "暂无消息");
/// Explanation below [`EMPTY`].
pub const EMPTY_HELP: Label =
    label("Every message appears here in the order of its arrival", "每条消息都会按到达顺序显示在这里");
/// Shown when nothing came since "from here".
pub const NOTHING_SINCE: Label = label("Nothing since then", "此后暂无消息");
/// Explanation below [`NOTHING_SINCE`].
pub const NOTHING_SINCE_HELP: Label =
    label("Earlier messages are hidden and not lost", "更早的消息已隐藏，并未丢失");
/// Shown when only marks are to show and there are none.
pub const NO_MARKS: Label = label("Nothing is marked", "没有标记");
/// Explanation below [`NO_MARKS`].
pub const NO_MARKS_HELP: Label =
    label("Press M on a selected message to mark it", "选中消息后按 M 键即可标记");
/// Shown while the search goes on and has found nothing yet.
pub const SEARCHING: Label = label("Looking…", "正在查找…");
/// Shown when no message passes.
pub const NOTHING_FOUND: Label = label("No message passes the filters", "没有符合筛选条件的消息");
/// Advice below [`NOTHING_FOUND`].
pub const NOTHING_FOUND_HELP: Label = label("Fewer filters may show some", "减少筛选条件可能会显示一些");

/// Choice of the messages below a topic.
pub fn below(topic: &str, language: Language) -> String {
    match language {
        English => format!("Below {topic}"),
        Chinese => format!("{topic} 及其下级"),
    }
}

/// The button that leads to the newest message, and how many came since.
pub fn go_to_end(new: u64, language: Language) -> String {
    match (new, language) {
        (0, English) => "Go to end".to_owned(),
        (0, Chinese) => "转到末尾".to_owned(),
        (new, English) => format!("Go to end · {} new", format::count(new)),
        (new, Chinese) => format!("转到末尾 · {} 条新消息", format::count(new)),
    }
}

/// The button that shows hidden messages again.
pub fn show_earlier(hidden: u64, language: Language) -> String {
    match language {
        English => format!("Show {} earlier", format::count(hidden)),
        Chinese => format!("显示更早的 {} 条", format::count(hidden)),
    }
}

/// How many messages show, of how many, and how far the search is.
pub fn found(shown: u64, looked_at: u64, progress: f32, is_filtering: bool, language: Language) -> String {
    let count = match (is_filtering, language) {
        (false, English) => format::plural(shown, "message", "messages"),
        (false, Chinese) => format!("{} 条消息", format::count(shown)),
        (true, English) => format!("{} of {}", format::count(shown), format::count(looked_at)),
        (true, Chinese) => format!("{} / {}", format::count(shown), format::count(looked_at)),
    };
    if progress >= 1.0 { count } else { format!("{count}, {:.0} %", f64::from(progress) * 100.0) }
}

/// A message as it is read aloud.
pub fn spoken(topic: &str, value: &str, is_marked: bool, language: Language) -> String {
    match (is_marked, language) {
        (false, _) => format!("{topic}: {value}"),
        (true, English) => format!("{topic}: {value}, marked"),
        (true, Chinese) => format!("{topic}：{value}，已标记"),
    }
}

/// A time without messages that may be missing.
pub fn outage(from: Timestamp, to: Option<Timestamp>, language: Language) -> String {
    let time = |at| format::time(at, TimeFormat::Seconds);
    match (to, language) {
        (Some(to), English) => format!("no connection or nothing recorded, {} to {}", time(from), time(to)),
        (Some(to), Chinese) => format!("无连接或未录制，{} 至 {}", time(from), time(to)),
        (None, English) => format!("no connection since {}", time(from)),
        (None, Chinese) => format!("自 {} 起无连接", time(from)),
    }
}

/// A filter as a chip says it.
pub fn criterion(criterion: &Criterion, language: Language) -> String {
    let what = match (&criterion.wanted, language) {
        (Wanted::Topic(filter), English) => format!("topic {filter}"),
        (Wanted::Topic(filter), Chinese) => format!("主题 {filter}"),
        (Wanted::Text(text), _) => format!("“{text}”"),
        (Wanted::Pattern(pattern), _) => format!("/{pattern}/"),
        (Wanted::Condition(condition), _) => condition.clone(),
        (Wanted::Qos(qos), _) => format!("QoS {}", u8::from(*qos)),
        (Wanted::Retained, language) => RETAINED.of(language).to_owned(),
        (Wanted::Size(bytes), _) => format!("≥ {}", format::bytes(*bytes)),
    };
    match (criterion.is_excluding, language) {
        (false, _) => what,
        (true, English) => format!("not {what}"),
        (true, Chinese) => format!("非 {what}"),
    }
}

/// Why a text is no filter.
pub fn not_wanted(why: &NotWanted, language: Language) -> String {
    match (why, language) {
        (NotWanted::Empty, English) => "Write what to look for".to_owned(),
        (NotWanted::Empty, Chinese) => "请输入要查找的内容".to_owned(),
        (NotWanted::Filter(why), language) => filter::invalid(*why, language),
        (NotWanted::Pattern(why), English) => why.clone(),
        (NotWanted::Pattern(why), Chinese) => format!("正则表达式无效：{why}"),
        (NotWanted::Condition(why), language) => search::condition(why, language),
        (NotWanted::Size, English) => "Write a number of bytes".to_owned(),
        (NotWanted::Size, Chinese) => "请输入字节数".to_owned(),
    }
}

/// A column of the stream.
pub const TIME: Label = label("Time", "时间");
/// A column of the stream: the time since the line before.
pub const SINCE: Label = label("Interval", "间隔");
/// A column of the stream.
pub const TOPIC: Label = label("Topic", "主题");
/// A column of the stream, and a kind of filter.
pub const QOS: Label = label("QoS", "QoS");
/// A column of the stream, and a kind of filter.
pub const RETAIN_FLAG: Label = label("Retained", "保留");
/// A column of the stream, and a kind of filter.
pub const SIZE: Label = label("Size", "大小");
/// A column of the stream.
pub const VALUE: Label = label("Value", "值");
/// A kind of filter.
pub const TEXT: Label = label("Text", "文本");
/// Hint of a filter by text.
pub const TEXT_HINT: Label = label("in topic or payload", "主题或载荷中");
/// A kind of filter.
pub const TOPIC_FILTER: Label = label("Topic filter", "主题过滤器");
/// Hint of a filter by topic.
pub const TOPIC_HINT: Label = label("hall/+/state", "hall/+/state");
/// A kind of filter.
pub const PATTERN: Label = label("Regular expression", "正则表达式");
/// Hint of a filter by regular expression.
pub const PATTERN_HINT: Label = label("err(or)?|fail", "err(or)?|fail");
/// A kind of filter.
pub const CONDITION: Label = label("Condition", "条件");
/// Hint of a filter by condition.
pub const CONDITION_HINT: Label = label(".temperature > 30", ".temperature > 30");
/// Hint of a filter by size.
pub const SIZE_HINT: Label = label("at least so many bytes", "至少多少字节");
/// Choice of lines: all messages.
pub const SHOW_ALL: Label = label("All, matches lit", "全部，突出匹配项");
/// Choice of lines.
pub const SHOW_BOTH: Label = label("Matches and marks", "匹配项和标记");
/// Choice of lines.
pub const SHOW_MATCHES: Label = label("Only matches", "仅匹配项");
/// Choice of lines.
pub const SHOW_MARKS: Label = label("Only marks", "仅标记");

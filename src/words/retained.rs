//! The texts of the panel of retained messages.

use crate::session::retained::{DeskState, RetainedMessage, RetainedOutcome, RetainedPhase};
use crate::words::Language::{self, Chinese, English};
use crate::words::confirm::ConfirmQuestion;
use crate::words::rejection::rejection;
use crate::words::{Label, failure_line, format, label, options};

/// How many topics a question names.
const NAMED_MAX: usize = 5;

/// Field for the topic filter of the list.
pub const FILTER: Label = label("Retained below", "保留消息的主题过滤器");
/// Button that asks the broker.
pub const LIST: Label = label("List", "列出");
/// Tooltip of [`LIST`].
pub const LIST_HELP: Label = label(
    "Asks the broker, by a connection of its own, what it retains at this moment",
    "通过单独的连接向服务器查询当前保留的消息",
);
/// Why the broker cannot be asked.
pub const NOT_CONNECTED: Label = label("Not connected; connect first", "未连接，需先建立连接");
/// Shown before the broker was asked.
pub const EMPTY: Label = label("Not asked yet", "尚未查询");
/// Explanation below [`EMPTY`].
pub const EMPTY_HELP: Label = label(
    "Enter a topic filter and press List: only what the broker retains at this moment shows",
    "输入主题过滤器并点击“列出”：只显示服务器当前保留的消息",
);
/// Shown if nothing is retained, or nothing matches the search.
pub const NOTHING: Label = label("Nothing found", "没有找到内容");
/// Explanation below [`NOTHING`].
pub const NOTHING_HELP: Label = label(
    "The broker retains nothing below this filter that matches the search",
    "服务器在此过滤器下没有与搜索相符的保留消息",
);
/// Field to search the list.
pub const SEARCH: Label = label("Search retained", "搜索保留消息");
/// Name of the list.
pub const RETAINED: Label = label("Retained messages", "保留消息");
/// Check box that chooses all rows.
pub const CHOOSE_ALL: Label = label("Choose all shown", "选择显示的全部消息");
/// Why a button cannot be pressed.
pub const CHOOSE: Label = label("Choose messages in the list first", "请先在列表中选择消息");
/// Heading of the topics.
pub const TOPIC: Label = label("Topic", "主题");
/// Heading of the sizes.
pub const SIZE: Label = label("Size", "大小");
/// Tooltip of the button that clears.
pub const CLEAR_HELP: Label = label(
    "Removes the chosen messages from the broker, after a question; what was cleared can be published back",
    "确认后从服务器清除所选消息；清除的内容可以重新发布",
);
/// Tooltip of the button that undoes a clear.
pub const UNDO_HELP: Label = label(
    "Publishes back what was cleared, with QoS and properties, until the session is closed",
    "重新发布已清除的消息，包括 QoS 和属性；会话关闭之前可用",
);
/// Button that stops a clear.
pub const STOP: Label = label("Stop", "停止");
/// Tooltip of [`STOP`].
pub const STOP_HELP: Label =
    label("Stops here; what was cleared by then can be published back", "到此停止；已清除的消息可以重新发布");
/// Choice of the pace.
pub const PACE: Label = label("Pace", "速度");
/// Button that saves the chosen messages as a file.
pub const SAVE: Label = label("Save retained…", "保存保留消息…");
/// Tooltip of [`SAVE`].
pub const SAVE_HELP: Label = label(
    "Saves the chosen messages as a file, one a line with topic, payload, QoS and properties",
    "将所选消息保存为文件，每行一条，包含主题、载荷、QoS 和属性",
);
/// Button that saves the chosen messages as a table.
pub const SAVE_TABLE: Label = label("Save as CSV…", "保存为 CSV…");
/// Tooltip of [`SAVE_TABLE`].
pub const SAVE_TABLE_HELP: Label = label(
    "Saves topic, size, payload, content type and expiry of the chosen messages as a table for a spreadsheet",
    "将所选消息的主题、大小、载荷、内容类型和过期时间保存为表格",
);
/// Entry of the tree's menu that lists what is retained at and below a topic.
pub const LIST_BELOW: Label = label("List retained below", "列出下级保留消息");

/// Button that opens the form for copying.
pub const COPY: Label = label("Copy to…", "复制到…");
/// Tooltip of [`COPY`].
pub const COPY_HELP: Label = label(
    "Publishes the chosen messages in another session or under another prefix, with QoS and properties",
    "在其他会话中或以其他前缀发布所选消息，包括 QoS 和属性",
);
/// Name of the choice of the session.
pub const TARGET: Label = label("To session", "目标会话");
/// Field for the beginning of the topics that is replaced.
pub const PREFIX_FROM: Label = label("Prefix", "前缀");
/// Field for what takes its place.
pub const PREFIX_TO: Label = label("New prefix", "新前缀");
/// Why nothing can be copied: the copies would take the place of the messages themselves.
pub const SAME_PLACE: Label = label(
    "The copies would have the same topics; change the prefix or the session",
    "副本的主题相同，需更改前缀或会话",
);
/// Button of a row that clears its message.
pub const CLEAR_ONE: Label = label("Clear this message…", "清除此消息…");

/// Button that copies so many messages.
pub fn copy_now(count: usize, language: Language) -> String {
    let messages = format::plural(count as u64, "message", "messages");
    let count = format::count(count as u64);
    match language {
        English => format!("Copy {messages}"),
        Chinese => format!("复制 {count} 条消息"),
    }
}

/// Why nothing can be copied: some topics would not be valid.
pub fn bad_copies(count: usize, language: Language) -> String {
    let topics = format::plural(count as u64, "topic", "topics");
    let count = format::count(count as u64);
    match language {
        English => format!("{topics} cannot be published to"),
        Chinese => format!("有 {count} 个主题无法发布"),
    }
}

/// A message and its copy.
pub fn from_to(from: &str, to: &str) -> String {
    format!("{from} → {to}")
}

/// How many more copies there are.
pub fn more(count: usize, language: Language) -> String {
    let count = format::count(count as u64);
    match language {
        English => format!("and {count} more"),
        Chinese => format!("另有 {count} 条"),
    }
}

/// Name of the button that clears a row's message.
pub fn clear_one(topic: &str, language: Language) -> String {
    match language {
        English => format!("Clear {topic}…"),
        Chinese => format!("清除 {topic}…"),
    }
}

/// A pace, in messages a second.
pub fn pace(per_second: u32, language: Language) -> String {
    let count = format::count(u64::from(per_second));
    match language {
        English => format!("{count}/s"),
        Chinese => format!("每秒 {count} 条"),
    }
}

/// Button that clears so many messages.
pub fn clear(chosen: usize, language: Language) -> String {
    let count = format::count(chosen as u64);
    match language {
        English if chosen == 0 => "Clear chosen…".to_owned(),
        Chinese if chosen == 0 => "清除所选…".to_owned(),
        English => format!("Clear {count}…"),
        Chinese => format!("清除 {count} 条…"),
    }
}

/// Button that publishes back so many messages.
pub fn undo(messages: usize, language: Language) -> String {
    let count = format::count(messages as u64);
    match language {
        English => format!("Undo clear of {count}"),
        Chinese => format!("撤销清除 {count} 条"),
    }
}

/// A heading; an arrow shows the direction of the order.
pub fn heading(label: Label, descending: Option<bool>, language: Language) -> String {
    let label = label.of(language);
    match descending {
        None => label.to_owned(),
        Some(false) => format!("{label} ↑"),
        Some(true) => format!("{label} ↓"),
    }
}

/// How many messages show.
pub fn shown(shown: usize, all: usize, is_cut: bool, language: Language) -> String {
    let (shown_text, all_text) = (format::count(shown as u64), format::count(all as u64));
    let text = match language {
        English if shown == all => format!("{all_text} retained"),
        Chinese if shown == all => format!("{all_text} 条保留消息"),
        English => format!("{shown_text} of {all_text} retained"),
        Chinese => format!("{all_text} 条保留消息中的 {shown_text} 条"),
    };
    match (is_cut, language) {
        (false, _) => text,
        (true, English) => format!("{text}; more did not fit into 512 MiB"),
        (true, Chinese) => format!("{text}；超过 512 MiB，其余未列出"),
    }
}

/// A row, for assistive technology.
pub fn row(topic: &str, value: &str, language: Language) -> String {
    match language {
        English => format!("{topic}, {value}"),
        Chinese => format!("{topic}，{value}"),
    }
}

/// The end of a row.
pub fn size_and_age(size: &str, age: &str) -> String {
    format!("{size}   {age}")
}

/// Everything about a message.
pub fn tooltip(message: &RetainedMessage, language: Language) -> String {
    let mut lines = vec![format::topic(&message.topic).into_owned()];
    if let Some(qos) = message.qos {
        lines.push(options::qos(qos).to_owned());
    }
    if let Some(seconds) = message.properties.message_expiry_interval_s {
        let seconds = format::count(u64::from(seconds));
        lines.push(match language {
            English => format!("Expires in {seconds} s"),
            Chinese => format!("{seconds} 秒后过期"),
        });
    }
    lines.join("\n")
}

/// What the desk is doing or has done, and whether that is bad news.
pub fn state(desk: &DeskState, language: Language) -> (String, bool) {
    let count = |number: usize| format::count(number as u64);
    let of = |done: &usize, total: &usize| match language {
        English => format!("{} of {}", count(*done), count(*total)),
        Chinese => format!("{} / {}", count(*done), count(*total)),
    };
    let filter = format::topic(&desk.filter);
    match (&desk.phase, language) {
        (RetainedPhase::Waiting(Some(why)), English) => {
            (format!("Waiting for a connection: {}", failure_line(why, language)), true)
        }
        (RetainedPhase::Waiting(Some(why)), Chinese) => {
            (format!("等待连接：{}", failure_line(why, language)), true)
        }
        (RetainedPhase::Waiting(None), English) => ("Waiting for a connection".to_owned(), false),
        (RetainedPhase::Waiting(None), Chinese) => ("等待连接".to_owned(), false),
        (RetainedPhase::Listing, English) => {
            (format!("Asking the broker: {} so far", count(desk.messages.len())), false)
        }
        (RetainedPhase::Listing, Chinese) => {
            (format!("正在查询服务器：已有 {} 条", count(desk.messages.len())), false)
        }
        (RetainedPhase::Refused(why), English) => (format!("Refused: {}", rejection(why, language)), true),
        (RetainedPhase::Refused(why), Chinese) => (format!("已拒绝：{}", rejection(why, language)), true),
        (RetainedPhase::Preparing(done, total), English) => {
            (format!("Keeping what will be cleared: {}", of(done, total)), false)
        }
        (RetainedPhase::Preparing(done, total), Chinese) => {
            (format!("正在保存将要清除的消息：{}", of(done, total)), false)
        }
        (RetainedPhase::Clearing(done, total), English) => (format!("Clearing: {}", of(done, total)), false),
        (RetainedPhase::Clearing(done, total), Chinese) => (format!("正在清除：{}", of(done, total)), false),
        (RetainedPhase::PuttingBack(done, total), English) => {
            (format!("Publishing back: {}", of(done, total)), false)
        }
        (RetainedPhase::PuttingBack(done, total), Chinese) => {
            (format!("正在重新发布：{}", of(done, total)), false)
        }
        (RetainedPhase::Copying(done, total), English) => (format!("Copying: {}", of(done, total)), false),
        (RetainedPhase::Copying(done, total), Chinese) => (format!("正在复制：{}", of(done, total)), false),
        (RetainedPhase::Listed, language) => match desk.outcome.as_deref() {
            Some(ended) => outcome(ended, language),
            None => (language.pick("Retained below ", "保留消息：").to_owned() + &filter, false),
        },
    }
}

fn outcome(outcome: &RetainedOutcome, language: Language) -> (String, bool) {
    let count = |number: usize| format::count(number as u64);
    let names = |topics: &[String]| first_names(topics, language);
    match (outcome, language) {
        (RetainedOutcome::Cleared(done, left), English) if left.is_empty() => {
            (format!("Cleared {}; the broker has none of them", count(*done)), false)
        }
        (RetainedOutcome::Cleared(done, left), Chinese) if left.is_empty() => {
            (format!("已清除 {} 条，服务器上已不存在", count(*done)), false)
        }
        (RetainedOutcome::Cleared(done, left), English) => {
            (format!("Cleared {}; still retained: {}", count(*done), names(left)), true)
        }
        (RetainedOutcome::Cleared(done, left), Chinese) => {
            (format!("已清除 {} 条；仍然保留：{}", count(*done), names(left)), true)
        }
        (RetainedOutcome::Stopped(done, left), English) => {
            (format!("Stopped: {} cleared, {} still retained", count(*done), count(*left)), false)
        }
        (RetainedOutcome::Stopped(done, left), Chinese) => {
            (format!("已停止：清除 {} 条，仍保留 {} 条", count(*done), count(*left)), false)
        }
        (RetainedOutcome::PutBack(done, left), English) if left.is_empty() => {
            (format!("Published back {}; the broker retains all of them", count(*done)), false)
        }
        (RetainedOutcome::PutBack(done, left), Chinese) if left.is_empty() => {
            (format!("已重新发布 {} 条，服务器均已保留", count(*done)), false)
        }
        (RetainedOutcome::PutBack(done, left), English) => {
            (format!("Published back {}; still missing: {}", count(*done), names(left)), true)
        }
        (RetainedOutcome::PutBack(done, left), Chinese) => {
            (format!("已重新发布 {} 条；仍缺少：{}", count(*done), names(left)), true)
        }
        (RetainedOutcome::Copied(done, failed), English) if failed.is_empty() => {
            (format!("Copied {}", count(*done)), false)
        }
        (RetainedOutcome::Copied(done, failed), Chinese) if failed.is_empty() => {
            (format!("已复制 {} 条", count(*done)), false)
        }
        (RetainedOutcome::Copied(done, failed), English) => {
            (format!("Copied {}; not copied: {}", count(*done), names(failed)), true)
        }
        (RetainedOutcome::Copied(done, failed), Chinese) => {
            (format!("已复制 {} 条；未复制：{}", count(*done), names(failed)), true)
        }
        (RetainedOutcome::NotKept(why), English) => {
            (format!("Nothing was cleared, since it could not be kept for undoing: {why}"), true)
        }
        (RetainedOutcome::NotKept(why), Chinese) => {
            (format!("未清除任何消息，因为无法保存以供撤销：{why}"), true)
        }
    }
}

/// The first topics, and how many more there are.
fn first_names(topics: &[String], language: Language) -> String {
    let named: Vec<_> =
        topics.iter().take(NAMED_MAX).map(|topic| format::topic(topic).into_owned()).collect();
    let list = named.join(language.pick(", ", "、"));
    let more = topics.len().saturating_sub(NAMED_MAX) as u64;
    match (more, language) {
        (0, _) => list,
        (more, English) => format!("{list} and {} more", format::count(more)),
        (more, Chinese) => format!("{list} 等，另有 {} 条", format::count(more)),
    }
}

/// Asks whether to clear these topics.
pub fn ask_clear(topics: &[String], language: Language) -> ConfirmQuestion {
    let (number, names) = (format::count(topics.len() as u64), first_names(topics, language));
    let (title, text) = match language {
        English => (
            format!(
                "Clear {}?",
                format::plural(topics.len() as u64, "retained message", "retained messages")
            ),
            format!(
                "The broker forgets what it retains for {names}. It can be published back until this session is closed."
            ),
        ),
        Chinese => (
            format!("清除 {number} 条保留消息？"),
            format!("服务器将清除为以下主题保留的消息：{names}。在此会话关闭之前可以重新发布。"),
        ),
    };
    ConfirmQuestion { title, text, verb: label("Clear retained", "清除保留消息") }
}

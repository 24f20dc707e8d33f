//! What is said of many messages at once: exports, snapshots, replays and imports.

use std::path::Path;

use crate::interchange::{
    ExportFailure, Exported, FilePlace, ImportFailure, ImportFault, ImportProblem, Imported, Preview,
    TOPICS_MAX, Walked,
};
use crate::session::replay::{ReplayState, ReplayTrouble};
use crate::words::Language;
use crate::words::confirm::ConfirmQuestion;
use crate::words::language::say;
use crate::words::{Label, Told, format, label, recording, rejection, session};

/// Title of the form that writes messages to a file.
pub const EXPORT: Label = label("Export messages", "导出消息");
/// Title of the form that keeps the newest messages.
pub const SNAPSHOT: Label = label("Save a snapshot", "保存快照");
/// Title of the form that publishes messages again.
pub const REPLAY: Label = label("Replay messages", "重放消息");
/// Button that asks where the export goes.
pub const EXPORT_TO: Label = label("Export to…", "导出到…");
/// Button that asks where the snapshot goes.
pub const SAVE_AS: Label = label("Save as…", "另存为…");
/// Button that asks whether to replay.
pub const REPLAY_NOW: Label = label("Replay…", "重放…");
/// Entry of a menu that exports.
pub const EXPORT_BELOW: Label = label("Export messages…", "导出消息…");
/// Entry of a menu that saves a snapshot.
pub const SNAPSHOT_BELOW: Label = label("Save snapshot…", "保存快照…");
/// Entry of a menu that replays.
pub const REPLAY_BELOW: Label = label("Replay messages…", "重放消息…");
/// Tooltip of the button that exports what the stream shows.
pub const EXPORT_SHOWN_HELP: Label = label("Export the messages that pass the filters", "导出通过筛选的消息");
/// Tooltip of the button that exports a topic's history.
pub const EXPORT_HISTORY_HELP: Label = label("Export the messages of this topic", "导出此主题的消息");

/// Field: where messages are taken from.
pub const FROM_WHERE: Label = label("Source", "来源");
/// Choice of [`FROM_WHERE`]: what memory holds.
pub const MEMORY: Label = label("What memory holds", "内存中的消息");
/// Choice of [`FROM_WHERE`]: the recording of the session.
pub const RECORDING: Label = label("The whole recording", "完整的录制内容");
/// Field for the topic filter.
pub const TOPICS: Label = label("Topics", "主题");
/// Placeholder of [`TOPICS`].
pub const ALL: Label = label("all", "全部");
/// Field for the earliest time.
pub const FROM: Label = label("From", "开始时间");
/// Field for the latest time.
pub const TO: Label = label("Until", "结束时间");
/// Placeholder of [`FROM`] and [`TO`].
pub const TIME_HINT: Label = label("2026-11-27 12:00, or +10m", "2026-11-27 12:00 或 +10m");
/// Field: the filters of the stream.
pub const FILTERS: Label = label("Filters", "筛选");
/// Field for the format.
pub const FORMAT: Label = label("Format", "格式");
/// Format of an export.
pub const JSON_LINES: Label = label("JSON Lines", "JSON Lines");
/// Format of an export.
pub const CSV: Label = label("CSV", "CSV");
/// Format of an export.
pub const MCAP: Label = label("MCAP", "MCAP");
/// Check box: events and gaps are written too.
pub const WITH_EVENTS: Label = label("Connection events and gaps too", "同时导出连接事件和空缺");
/// Field for the number of messages of a topic.
pub const LAST: Label = label("Messages per topic", "每个主题的消息数");
/// Check box: decoder rules go with the snapshot.
pub const WITH_RULES: Label = label("Decoder rules too", "同时保存解码规则");
/// Tooltip of [`WITH_RULES`].
pub const WITH_RULES_HELP: Label =
    label("Rules that start a program are never carried over", "启动外部程序的规则绝不会随快照保存");
/// Field: which session publishes.
pub const TARGET: Label = label("To", "目标");
/// There is no session that could publish.
pub const NO_TARGET: Label =
    label("No connected session: connect to a broker first", "没有已连接的会话：请先连接到服务器");
/// Field for the pace.
pub const PACE: Label = label("Pace", "速度");
/// Pace: as it was.
pub const ORIGINAL: Label = label("as recorded", "按原速");
/// Pace: as fast as the broker acknowledges.
pub const FASTEST: Label = label("as fast as acknowledged", "以服务器确认的最快速度");
/// Check box: begins again at the end.
pub const LOOP: Label = label("Begin again at the end", "结束后重新开始");
/// Field for the text before every topic.
pub const PREFIX: Label = label("Prefix", "前缀");
/// Placeholder of [`PREFIX`].
pub const PREFIX_HINT: Label = label("none, or replayed/", "无，或 replayed/");
/// Field for the retain flag.
pub const RETAIN: Label = label("Retain flag", "保留标志");
/// Choice of [`RETAIN`] and [`QOS`].
pub const AS_RECORDED: Label = label("as recorded", "与原消息相同");
/// Choice of [`RETAIN`].
pub const NEVER: Label = label("never", "不设置");
/// Field for the QoS.
pub const QOS: Label = label("QoS", "QoS");

/// A pace.
pub fn pace(times: f64) -> String {
    format!("{times}×")
}

/// The filter is no topic filter.
pub const BAD_FILTER: Label = label("Topics: this is not a topic filter", "主题：不是有效的主题过滤器");
/// A time cannot be read.
pub const BAD_TIME: Label = label(
    "A time is written as 2026-11-27 12:00, or +10m after the first message",
    "时间的写法为 2026-11-27 12:00，或表示首条消息之后的 +10m",
);
/// The number of messages of a topic is none.
pub const BAD_LAST: Label =
    label("The number of messages is a whole number from 1 on", "消息数必须是不小于 1 的整数");
/// The prefix makes no topic.
pub const BAD_PREFIX: Label = label("Topics cannot begin with this prefix", "主题不能以此前缀开头");
/// Nothing is there.
pub const NOTHING: Label = label("No message matches", "没有匹配的消息");
/// The count failed.
pub const NOT_COUNTED: Label = label("The messages could not be counted", "无法统计消息");

/// How far the count is.
pub fn counting(messages: u64, l: Language) -> String {
    let messages = format::count(messages);
    say!(l, "Counting: {messages} messages so far", "正在统计：目前 {messages} 条消息")
}

/// What an excerpt comes to, with the topics that come first.
pub fn preview(preview: &Preview, l: Language) -> String {
    let Preview { messages, topics, bytes, .. } = preview;
    let size = format::bytes(*bytes);
    let first = first_topics(preview, "", l);
    match l {
        Language::English => format!(
            "{} on {}, {size} of payloads: {first}",
            format::plural(*messages, "message", "messages"),
            format::plural(*topics, "topic", "topics"),
        ),
        Language::Chinese => format!(
            "{} 条消息，{} 个主题，载荷共 {size}：{first}",
            format::count(*messages),
            format::count(*topics)
        ),
    }
}

/// What a snapshot comes to.
pub fn snapshot_preview(preview: &Preview, last: u32, l: Language) -> String {
    let first = first_topics(preview, "", l);
    let (topics, last) = (preview.topics, u64::from(last));
    match l {
        Language::English => {
            let topics = format::plural(topics, "topic", "topics");
            let most = format::plural(last, "message", "messages");
            format!("{topics} with at most {most} each: {first}")
        }
        Language::Chinese => {
            format!("{} 个主题，每个最多 {} 条消息：{first}", format::count(topics), format::count(last))
        }
    }
}

/// The topics that come first, under a prefix.
fn first_topics(preview: &Preview, prefix: &str, l: Language) -> String {
    let first = preview.first.iter().map(|topic| {
        let topic = String::from_utf8_lossy(topic);
        format::topic(&format!("{prefix}{topic}")).to_string()
    });
    let mut text = first.collect::<Vec<_>>().join(l.pick(", ", "、"));
    if preview.topics > preview.first.len() as u64 {
        text.push_str(l.pick(" …", " 等"));
    }
    text
}

/// MCAP has no room for so many topics in a file.
pub fn split(files: usize, l: Language) -> String {
    let (files, most) = (format::count(files as u64), format::count(TOPICS_MAX as u64));
    say!(
        l,
        "An MCAP file has room for {most} topics: this becomes {files} files.",
        "一个 MCAP 文件最多容纳 {most} 个主题：将写成 {files} 个文件。"
    )
}

/// Asks whether to replay: the broker, how many messages, the first topics.
pub fn ask_replay(
    preview: &Preview,
    (name, url): (&str, &str),
    plan: &crate::session::replay::ReplayPlan,
    l: Language,
) -> ConfirmQuestion {
    let first = first_topics(preview, &plan.prefix, l);
    let retained = if plan.keeps_retain { preview.retained } else { 0 };
    let (title, mut lines) = match l {
        Language::English => {
            let messages = format::plural(preview.messages, "message", "messages");
            let topics = format::plural(preview.topics, "topic", "topics");
            let title = format!("Replay {messages} to {name}?");
            (title, vec![format!("{url} receives {messages} on {topics}: {first}")])
        }
        Language::Chinese => {
            let (messages, topics) = (format::count(preview.messages), format::count(preview.topics));
            let title = format!("向 {name} 重放 {messages} 条消息？");
            (title, vec![format!("{url} 将收到 {topics} 个主题的 {messages} 条消息：{first}")])
        }
    };
    if retained > 0 {
        let retained = format::count(retained);
        lines.push(say!(
            l,
            "{retained} with the retain flag stay at the broker.",
            "其中 {retained} 条带有保留标志，会留在服务器上。"
        ));
    }
    if plan.again {
        let again =
            label("It begins again at the end until it is cancelled.", "结束后会重新开始，直到取消为止。");
        lines.push(again.of(l).to_owned());
    }
    ConfirmQuestion { title, text: lines.join("\n\n"), verb: label("Replay", "重放") }
}

/// Asks a second time: the messages come from this broker.
pub fn ask_same_broker(url: &str, messages: u64, l: Language) -> ConfirmQuestion {
    let title = label("Send them back to their own broker?", "发回原来的服务器？").of(l).to_owned();
    let count = format::count(messages);
    let text = say!(
        l,
        "The messages came from {url}. All who listen there receive {count} messages again, under the same topics, and \
         devices may act on them. A prefix keeps them apart.",
        "这些消息来自 {url}。那里的所有订阅者会以相同主题再次收到 {count} 条消息，设备可能会据此动作。使用前缀可以将其区分开。"
    );
    ConfirmQuestion { title, text, verb: label("Send back", "发回") }
}

/// Name of the list of what is under way.
pub const WORKS: Label = label("Under way", "进行中");

/// What a piece of work does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WorkKind {
    /// Writes messages to a file.
    Export,
    /// Keeps the newest.
    Snapshot,
    /// Reads a file.
    Import,
    /// Publishes messages.
    Replay,
}

/// What is under way, with its object.
pub fn work(kind: WorkKind, name: &str, l: Language) -> String {
    match kind {
        WorkKind::Export => say!(l, "Exporting {name}", "正在导出 {name}"),
        WorkKind::Snapshot => say!(l, "Saving a snapshot of {name}", "正在保存 {name} 的快照"),
        WorkKind::Import => say!(l, "Opening {name}", "正在打开 {name}"),
        WorkKind::Replay => say!(l, "Replaying to {name}", "正在重放到 {name}"),
    }
}

/// How far messages are: `1,234 of 5,678 messages`.
pub fn progress(done: u64, total: u64, per_second: Option<f64>, l: Language) -> String {
    let of = match (total, l) {
        (0, Language::English) => format::plural(done, "message", "messages"),
        (0, Language::Chinese) => format!("{} 条消息", format::count(done)),
        (total, Language::English) => {
            format!("{} of {}", format::count(done), format::plural(total, "message", "messages"))
        }
        (total, Language::Chinese) => format!("{} / {} 条消息", format::count(done), format::count(total)),
    };
    match per_second {
        Some(rate) => {
            let rate = format::rate(rate);
            say!(l, "{of}, {rate}/s", "{of}，{rate}/s")
        }
        None => of,
    }
}

/// How far the reading of a file is.
pub fn progress_bytes(done: u64, total: u64, l: Language) -> String {
    let (done, total) = (format::bytes(done), format::bytes(total));
    say!(l, "{done} of {total}", "{done} / {total}")
}

/// Mark of a replay that waits.
pub const PAUSED: Label = label("Paused", "已暂停");
/// Button that lets a replay wait.
pub const PAUSE_REPLAY: Label = label("Pause replay", "暂停重放");
/// Button that lets a replay go on.
pub const RESUME_REPLAY: Label = label("Resume replay", "继续重放");

/// Name of the button that ends a piece of work.
pub fn cancel(work: &str, l: Language) -> String {
    say!(l, "Cancel: {work}", "取消：{work}")
}

/// What could not be read along the way, if anything.
fn missed(walked: Walked, l: Language) -> String {
    let mut text = String::new();
    if walked.cut > 0 {
        let cut = format::count(walked.cut);
        text.push_str(&say!(
            l,
            "\n{cut} are missing: only the beginning of their payloads was still in memory",
            "\n缺少 {cut} 条：内存中仅剩其载荷的开头"
        ));
    }
    if walked.was_overtaken {
        text.push_str(
            label(
                "\nOlder messages left the memory meanwhile and are missing",
                "\n期间较早的消息已从内存中移除，未包含在内",
            )
            .of(l),
        );
    }
    text
}

/// An export is done.
pub fn exported(done: &Exported, path: &Path, l: Language) -> String {
    let path = path.display();
    let missed = missed(done.walked, l);
    let files = done.files;
    let into = match (files, l) {
        (1, Language::English) => format!("written to {path}"),
        (1, Language::Chinese) => format!("已写入 {path}"),
        (files, Language::English) => format!("written to {files} files beside {path}"),
        (files, Language::Chinese) => format!("已写入 {path} 旁的 {files} 个文件"),
    };
    match l {
        Language::English => {
            format!("{} {into}{missed}", format::plural(done.messages, "message", "messages"))
        }
        Language::Chinese => format!("{} 条消息{into}{missed}", format::count(done.messages)),
    }
}

/// A snapshot was saved without the rules that start programs.
pub fn programs_left_out(rules: usize, l: Language) -> String {
    let rules = format::count(rules as u64);
    say!(
        l,
        "\nDecoder rules that start a program were left out: {rules}",
        "\n未保存启动外部程序的解码规则：{rules} 条"
    )
}

/// Why nothing was written; `None` if a person wanted it so.
pub fn not_exported(failure: &ExportFailure, l: Language) -> Option<String> {
    let (file, why) = match failure {
        ExportFailure::System { file, error } => (file.display().to_string(), error.to_string()),
        ExportFailure::Mcap { file, text } => (file.display().to_string(), text.clone()),
        ExportFailure::Record(failure) => {
            let Told { why, .. } = recording::failure(failure, l);
            return Some(say!(l, "Nothing was saved: {why}", "未能保存：{why}"));
        }
        ExportFailure::Cancelled => return None,
    };
    Some(say!(l, "{file} was not written: {why}", "未能写入 {file}：{why}"))
}

/// A replay ended: what came of it.
pub fn replayed(state: &ReplayState, to: &str, l: Language) -> String {
    let ReplayState { sent, refused, unsendable, stripped, cut, failure, .. } = state;
    let sent = match l {
        Language::English => format!("{} sent to {to}", format::plural(*sent, "message", "messages")),
        Language::Chinese => format!("已向 {to} 发送 {} 条消息", format::count(*sent)),
    };
    let besides = [
        (refused, label("refused by the broker", "条被服务器拒绝")),
        (unsendable, label("left out: their topics cannot be published to", "条被忽略：其主题无法发布")),
        (
            stripped,
            label(
                "sent without their properties, which MQTT 3 does not have",
                "条发送时不带属性，因为 MQTT 3 没有属性",
            ),
        ),
        (
            cut,
            label(
                "left out: only the beginning of their payloads was still in memory",
                "条被忽略：内存中仅剩其载荷的开头",
            ),
        ),
    ];
    let besides = besides.into_iter().filter(|(number, _)| **number > 0);
    let mut lines = vec![sent];
    lines.extend(besides.map(|(number, what)| format!("{} {}", format::count(*number), what.of(l))));
    if let Some((topic, why)) = failure {
        let (topic, why) = (format::topic(topic).to_string(), replay_trouble(why, l));
        lines.push(if topic.is_empty() {
            say!(l, "It ended: {why}", "已中断：{why}")
        } else {
            say!(l, "It ended at {topic}: {why}", "在 {topic} 处中断：{why}")
        });
    }
    lines.join("\n")
}

fn replay_trouble(why: &ReplayTrouble, l: Language) -> String {
    match why {
        ReplayTrouble::Declined(why) => session::declined(why, l),
        ReplayTrouble::Refused(why) => rejection::rejection(why, l),
        ReplayTrouble::NotAcknowledged => {
            label("the broker does not answer", "服务器没有响应").of(l).to_owned()
        }
        ReplayTrouble::Lost => label("the connection was lost", "连接已断开").of(l).to_owned(),
    }
}

/// A replay could not begin, for the system's reason.
pub fn not_replayed(error: &std::io::Error, l: Language) -> String {
    say!(l, "Cannot replay\n{error}", "无法重放\n{error}")
}

/// A file was opened in which something could not be read; the first of it.
pub fn imported(name: &str, found: &Imported, l: Language) -> String {
    let (messages, faults) = (format::count(found.messages), format::count(found.faults));
    let mut lines = vec![say!(
        l,
        "{name}: {messages} messages were read, {faults} places were not",
        "{name}：已读取 {messages} 条消息，有 {faults} 处无法读取"
    )];
    lines.extend(found.first_faults.iter().map(|fault| import_fault(fault, l)));
    if found.faults > found.first_faults.len() as u64 {
        lines.push("…".to_owned());
    }
    lines.join("\n")
}

/// Why a file was not opened; `None` if a person wanted it so.
pub fn not_imported(name: &str, failure: &ImportFailure, l: Language) -> Option<String> {
    let why = match failure {
        ImportFailure::System(error) => error.to_string(),
        ImportFailure::Record(failure) => recording::failure(failure, l).why,
        ImportFailure::Unknown => label(
            "it is no recording, snapshot, MCAP file or file of JSON Lines",
            "不是录制内容、快照、MCAP 文件或 JSON Lines 文件",
        )
        .of(l)
        .to_owned(),
        ImportFailure::NoMessages(None) => label("it holds no message", "其中没有消息").of(l).to_owned(),
        ImportFailure::NoMessages(Some(fault)) => import_fault(fault, l),
        ImportFailure::Cancelled => return None,
    };
    Some(say!(l, "{name} was not opened: {why}", "未能打开 {name}：{why}"))
}

/// What is wrong at a place of a file.
pub fn import_fault(fault: &ImportFault, l: Language) -> String {
    let what = match &fault.what {
        ImportProblem::NotAMessage(text) => say!(l, "no message ({text})", "不是消息（{text}）"),
        ImportProblem::TooLong => label("the line is too long", "该行过长").of(l).to_owned(),
        ImportProblem::NotBase64(field) => say!(l, "{field} is not Base64", "{field} 不是 Base64"),
        ImportProblem::NoTime => {
            label("there is no time as in 2026-11-27T12:00:00Z", "没有形如 2026-11-27T12:00:00Z 的时间")
                .of(l)
                .to_owned()
        }
        ImportProblem::TopicTooLong => label("the topic is too long for MQTT", "主题过长").of(l).to_owned(),
        ImportProblem::Record(text) => {
            say!(l, "the record cannot be read ({text})", "无法读取记录（{text}）")
        }
        ImportProblem::Compressed(name) => say!(
            l,
            "it is compressed with {name}; the mcap tool unpacks it: mcap compress --compression none",
            "使用 {name} 压缩；可用 mcap 工具解压：mcap compress --compression none"
        ),
        ImportProblem::NoChannel => {
            label("a message names a channel that was not described", "消息引用了未描述的通道")
                .of(l)
                .to_owned()
        }
        ImportProblem::Cut => label("the file ends here", "文件在此处中断").of(l).to_owned(),
    };
    match fault.place {
        FilePlace::Line(line) => {
            let line = format::count(line);
            say!(l, "line {line}: {what}", "第 {line} 行：{what}")
        }
        FilePlace::Offset(offset) => {
            let offset = format::count(offset);
            say!(l, "at byte {offset}: {what}", "字节 {offset} 处：{what}")
        }
    }
}

/// Title of the dialog that asks for a file to open.
pub const OPEN: Label = label(
    "Open a recording (any of its .mqrec files), a snapshot, MCAP or JSON Lines",
    "打开录制内容（任一 .mqrec 文件）、快照、MCAP 或 JSON Lines",
);

//! What the inspector says: the topic's line, the message's facts, the views of its payload, and the history.

mod compare;
mod find;
mod history;
mod query;

pub use compare::*;
pub use find::*;
pub use history::*;
pub use query::*;

use std::ops::Range;

use crate::message::{QoS, Timestamp};
use crate::payload::decode::Violation;
use crate::payload::document::Notes;
use crate::payload::query::JsonPath;
use crate::payload::{ByteKind, Packing};
use crate::query::{Departure, DepartureKind, ValueType};
use crate::words::Language::{self, Chinese, English};
use crate::words::language::say;
use crate::words::{Label, format, label, payload};

// What was copied, for the confirmation.
/// Names a topic in a notice of copying.
pub const TOPIC: Label = label("topic", "主题");
/// The topic's name, changed where it is not UTF-8.
pub const LOSSY_TOPIC: Label =
    label("topic, with � for bytes that are not UTF-8", "主题（非 UTF-8 字节以 � 代替）");
/// Entry in the menu of a payload's line.
pub const COPY_VALUE: Label = label("Copy value", "复制值");
/// Entry in the menu of a payload's line.
pub const COPY_PATH: Label = label("Copy path", "复制路径");
/// Names a path in a notice of copying.
pub const PATH: Label = label("path", "路径");
/// Entry in the menu of a payload's line.
pub const COPY_SUBTREE: Label = label("Copy subtree", "复制子树");
/// Why the subtree of a line cannot be copied.
pub const NO_SUBTREE: Label = label("Nothing opens on this line", "此行没有可展开的内容");
/// Entry in the menu of a payload's line.
pub const OPEN_ALL: Label = label("Expand everything", "全部展开");

/// Entry in the menu of a payload's line: folds everything deeper than a level.
pub fn open_to_level(level: usize, l: Language) -> String {
    say!(l, "Expand to level {level}", "展开到第 {level} 层")
}

/// The path of the selected value, for screen readers; a click copies it.
pub fn selected_path(path: &str, l: Language) -> String {
    say!(l, "Path {path}", "路径 {path}")
}

/// Entry in the menu of a payload's line.
pub const EXPORT_SHAPE: Label = label("Export learned shape…", "导出学习到的结构…");
/// Notice that there is no shape to save.
pub const NO_SHAPE: Label =
    label("Nothing was learned yet: the messages hold no values", "尚未学习到结构：消息中没有可读取的值");

const fn value_type(kind: ValueType) -> Label {
    match kind {
        ValueType::Null => label("null", "null"),
        ValueType::Boolean => label("true or false", "布尔值"),
        ValueType::Number => label("a number", "数值"),
        ValueType::Text => label("text", "文本"),
        ValueType::Array => label("an array", "数组"),
        ValueType::Object => label("an object", "对象"),
    }
}

/// How a message departs from those before it.
pub fn departure(departure: &Departure, l: Language) -> String {
    let (path, messages) = (&departure.path, messages(departure.messages, l));
    match departure.kind {
        DepartureKind::Type { was, now } => {
            let (was, now) = (value_type(was).of(l), value_type(now).of(l));
            say!(l, "{path} was {was} in {messages}, now {now}", "{path} 在 {messages}中为{was}，现为{now}")
        }
        DepartureKind::New => say!(l, "{path} is new after {messages}", "{path} 是 {messages}之后新出现的"),
        DepartureKind::Missing => {
            say!(
                l,
                "{path} was in all {messages} before, and is missing",
                "{path} 在此前全部 {messages}中都有，现缺失"
            )
        }
    }
}

/// How a message breaks the JSON Schema of its decoder rule.
pub fn violation(violation: &Violation, l: Language) -> String {
    let path = &violation.path;
    match &violation.reason {
        Some(reason) => say!(l, "breaks its schema at {path}: {reason}", "不符合模式，{path}：{reason}"),
        None => l.pick("breaks its schema: it holds no values", "不符合模式：其中没有可读取的值").to_owned(),
    }
}

/// How a message breaks its schema, as a remark below it.
pub fn violated(violation: &Violation, l: Language) -> PayloadRemark {
    PayloadRemark::warning(self::violation(violation, l))
}

/// How a message departs from those before it, as a remark below it.
pub fn departed(departure: &Departure, l: Language) -> PayloadRemark {
    PayloadRemark::warning(self::departure(departure, l))
}

/// A newer message that is being decoded, as a remark below the one that shows.
pub fn decoding_remark(bytes: u64, l: Language) -> PayloadRemark {
    PayloadRemark::info(decoding_newest(bytes, l))
}

/// Button that marks what changed in the last messages.
pub const WHAT_CHANGES: Label = label("What changes", "变化之处");
/// Tooltip of [`WHAT_CHANGES`].
pub const WHAT_CHANGES_HELP: Label =
    label("Marks the values that changed in the last messages", "标出最近消息中变化过的值");
/// Choice: nothing is marked.
pub const NO_CHANGES_MARKED: Label = label("Mark nothing", "不标记");

/// Choice: what changed in so many messages is marked.
pub fn changes_of_last(messages: usize, l: Language) -> String {
    let messages = format::count(messages as u64);
    say!(l, "Mark changes in the last {messages} messages", "标记最近 {messages} 条消息中的变化")
}

/// How many values are marked.
pub fn changed_within(values: usize, messages: usize, l: Language) -> String {
    let messages = self::messages(messages as u64, l);
    let count = format::count(values as u64);
    match (values, l) {
        (0, English) => format!("Nothing changed in the last {messages}"),
        (0, Chinese) => format!("最近 {messages}中没有变化"),
        (_, English) => {
            format!("{} changed in the last {messages}", format::plural(values as u64, "value", "values"))
        }
        (_, Chinese) => format!("最近 {messages}中有 {count} 个值变化"),
    }
}

/// How often a value changed.
pub fn times(times: u32, l: Language) -> String {
    let times = format::count(u64::from(times));
    say!(l, "{times}×", "{times} 次")
}

/// Name of the bytes below a tree of values.
pub const BYTES_OF_VALUE: Label = label("Bytes of the value", "值的字节");
/// Button that closes the bytes below a tree of values.
pub const CLOSE_BYTES: Label = label("Close bytes", "关闭字节");
/// Said where the selected line has no bytes of its own.
pub const NO_BYTES: Label = label("No bytes of its own", "没有对应的字节");

/// Heading of the column that names how bytes are read.
pub const READ_AS: Label = label("Read as", "读作");
/// Heading of the column of numbers whose low byte comes first.
pub const LITTLE_ENDIAN: Label = label("Little endian", "小端序");
/// Heading of the column of numbers whose high byte comes first.
pub const BIG_ENDIAN: Label = label("Big endian", "大端序");

/// A way to read bytes, as a short name.
pub fn byte_kind(kind: ByteKind, l: Language) -> String {
    match kind {
        ByteKind::Unsigned(bits) => format!("u{bits}"),
        ByteKind::Signed(bits) => format!("i{bits}"),
        ByteKind::Float(bits) => format!("f{bits}"),
        ByteKind::Bits => say!(l, "Bits", "二进制位"),
        ByteKind::Leb128 => "LEB128".to_owned(),
        ByteKind::SignedLeb128 => say!(l, "Signed LEB128", "有符号 LEB128"),
        ByteKind::UnixSeconds => say!(l, "Unix time, s", "Unix 时间（秒）"),
        ByteKind::UnixMilliseconds => say!(l, "Unix time, ms", "Unix 时间（毫秒）"),
        ByteKind::Guid => "GUID".to_owned(),
        ByteKind::Utf8 => "UTF-8".to_owned(),
    }
}

/// Which bytes are selected.
pub fn selected_bytes(bytes: &Range<usize>, l: Language) -> String {
    let (start, digits) = (format::count(bytes.start as u64), format!("0x{:x}", bytes.start));
    match bytes.len() {
        0 | 1 => say!(l, "Byte {start} ({digits})", "第 {start} 字节（{digits}）"),
        length => {
            let length = format::count(length as u64);
            say!(
                l,
                "{length} bytes from byte {start} ({digits})",
                "从第 {start} 字节（{digits}）起共 {length} 字节"
            )
        }
    }
}

/// Why the value of a line cannot be copied.
pub const NO_SINGLE_VALUE: Label = label("The line has no single value", "此行没有单个值");

/// Names a payload as text in a notice of copying.
pub const PAYLOAD: Label = label("payload", "载荷");
/// Names a payload as hexadecimal digits in a notice of copying.
pub const PAYLOAD_AS_HEX: Label = label("payload as hex", "载荷（十六进制）");
/// Names selected text in a notice of copying.
pub const SELECTION: Label = label("selection", "所选内容");

// Notices.
/// Notice that no message is shown to copy or save.
pub const NOTHING_TO_COPY: Label =
    label("There is no payload to copy or save here", "此处没有可复制或保存的载荷");
/// Notice that the job that prepares a copy failed.
pub const COPYING_FAILED: Label =
    label("Copying the payload failed\nSave it to a file instead", "复制载荷失败\n可改为保存到文件");
/// Notice that a selection was too long to be copied in full.
pub const SELECTION_CUT: Label = label(
    "Only the first 64 MB of the selection were copied\nSave the payload to have all of it",
    "仅复制了所选内容的前 64 MB\n如需全部内容，可保存载荷",
);
/// Notice that a message's topic cannot be published to.
pub const TOPIC_NOT_UTF8: Label = label(
    "This topic is not UTF-8, so nothing can be published to it (MQTT 5.0, 1.5.4)",
    "该主题不是 UTF-8，无法向其发布消息（MQTT 5.0，1.5.4）",
);

/// Notice that a binary payload is too long to be copied as digits.
pub fn too_much_to_copy(bytes: u64, language: Language) -> String {
    let bytes = format::bytes(bytes);
    say!(
        language,
        "{bytes} that are no text are too much for the clipboard\nSave the payload to a file",
        "{bytes} 的非文本内容过大，无法放入剪贴板\n可将载荷保存到文件"
    )
}

// A payload of which only the beginning is kept.
/// Explains why only the beginning of a payload is kept.
pub const PAYLOAD_DROPPED_HELP: Label = label(
    "The newest values took more memory than the settings allow, so the largest ones keep only their beginning",
    "最新值占用的内存超过设置的上限，因此最大的载荷只保留开头",
);
/// Button that asks the broker for the message again.
pub const ASK_AGAIN: Label = label("Ask the broker again", "重新向服务器获取");
/// Tooltip of [`ASK_AGAIN`]: when it helps.
pub const ASK_AGAIN_HELP: Label = label(
    "Subscribes to this topic anew. The broker then sends its retained message; a message that was not retained cannot \
     come again",
    "重新订阅该主题，服务器会再次发送其保留消息；非保留消息无法再次获取",
);
/// Notice that a payload of which only the beginning is kept cannot be copied, saved or published.
pub const ONLY_HEAD_IS_HELD: Label = label(
    "Only the beginning of this payload is kept\nAsk the broker for it again first",
    "该载荷只保留了开头\n需先重新向服务器获取",
);
/// Why a topic cannot be subscribed to by its name.
pub const CANNOT_ASK_AGAIN: Label = label(
    "Nothing can be subscribed to under this name, so the broker cannot be asked for it alone",
    "无法按此名称订阅，因此不能单独向服务器获取",
);

/// Tells how much of a payload is kept.
pub fn payload_dropped(held: u64, all: u64, language: Language) -> String {
    let (held, all) = (format::bytes(held), format::bytes(all));
    say!(
        language,
        "Payload dropped: only the first {held} of {all} are kept",
        "载荷已丢弃：仅保留 {all} 中的前 {held}"
    )
}

// The empty panel, and a level without messages.
/// Shown when no node is selected.
pub const NO_TOPIC: Label = label("No topic selected", "未选择主题");
/// What to do when no node is selected.
pub const SELECT_A_TOPIC: Label =
    label("Select a topic in the tree to look into its messages.", "在主题树中选择一个主题以查看其消息。");
/// Label of the number of topics below a level.
pub const TOPICS_BELOW: Label = label("Topics below", "下级主题");
/// Label of the number of messages below a level.
pub const MESSAGES: Label = label("Messages", "消息");
/// Label of the messages per second below a level.
pub const RATE: Label = label("Rate", "速率");
/// Label of the time of the last message below a level.
pub const LAST_MESSAGE: Label = label("Last message", "最近消息");
/// Explains that a level has no messages of its own.
pub const NOT_A_TOPIC: Label = label(
    "No message came to this level itself. Open it in the tree to see the topics below.",
    "该层级本身没有收到消息。在主题树中将其展开即可查看下级主题。",
);

/// Messages per second, from [`format::rate`]; empty if there are none.
pub fn rate(per_second: &str, language: Language) -> String {
    match (per_second, language) {
        ("", English) => "none at the moment".to_owned(),
        ("", Chinese) => "当前没有消息".to_owned(),
        (_, English) => format!("{per_second} messages/s"),
        (_, Chinese) => format!("{per_second} 条消息/秒"),
    }
}

// The topic.
/// Accessible name of the line with the topic.
pub const TOPIC_LINE: Label = label("Topic", "主题");
/// Name of the button that stands for levels that do not fit.
pub const LEVELS_LEFT_OUT: Label = label("Levels left out", "省略的层级");

// The message's facts.
/// Accessible name of the line with the message's facts.
pub const META: Label = label("Meta", "元数据");
/// Mark of a message with the retain flag.
pub const RETAINED: Label = label("retained", "保留");
/// Tooltip of [`RETAINED`].
pub const RETAINED_HELP: Label = label(
    "The broker had kept this message, or the subscription shows the flag as published",
    "该消息由服务器保留，或订阅启用了“发布时保留”而显示发布时的标志",
);
/// Tooltip of the mark of a duplicate.
pub const DUP_HELP: Label = label("A repeated delivery of a message sent before", "重复投递此前已发送的消息");
/// Mark of a duplicate, which has no other name.
pub const DUP: &str = "DUP";
/// Explains R in the history.
pub const RETAINED_MARK_HELP: Label =
    label("R: retained, the broker had kept it", "R：保留消息，由服务器保留");
/// Explains DUP in the history.
pub const DUP_MARK_HELP: Label = label("DUP: a repeated delivery", "DUP：重复投递");

/// A quality of service with its promise: `QoS 1: at least once`.
pub const fn qos(qos: QoS) -> Label {
    match qos {
        QoS::AtMostOnce => label("QoS 0: at most once", "QoS 0：至多一次"),
        QoS::AtLeastOnce => label("QoS 1: at least once", "QoS 1：至少一次"),
        QoS::ExactlyOnce => label("QoS 2: exactly once", "QoS 2：恰好一次"),
    }
}

/// A size to the byte: `1,234 bytes`.
pub fn exact_bytes(bytes: u64, language: Language) -> String {
    match language {
        English => format::plural(bytes, "byte", "bytes"),
        Chinese => format!("{} 字节", format::count(bytes)),
    }
}

/// When a message was received.
pub fn received(at: Timestamp, language: Language) -> String {
    let at = format::date_time(at);
    say!(language, "Received {at}", "接收时间：{at}")
}

// MQTT 5 properties.
/// Heading of the MQTT 5 properties.
pub const PROPERTIES: Label = label("Properties", "属性");
/// Label of the payload format indicator.
pub const PAYLOAD_FORMAT: Label = label("Payload format", "载荷格式");
/// Label of the message expiry interval.
pub const EXPIRES_AFTER: Label = label("Expires after", "过期时间");
/// Label of the content type.
pub const CONTENT_TYPE: Label = label("Content type", "内容类型");
/// Label of the response topic.
pub const RESPONSE_TOPIC: Label = label("Response topic", "响应主题");
/// Label of the correlation data.
pub const CORRELATION_DATA: Label = label("Correlation data", "对比数据");
/// Label of the subscription identifiers.
pub const SUBSCRIPTION_IDS: Label = label("Subscription IDs", "订阅标识符");

/// What a payload format indicator means (MQTT 5.0, 3.3.2.3.2).
pub fn payload_format(indicator: u8, language: Language) -> String {
    match (indicator, language) {
        (0, English) => "0, unspecified bytes".to_owned(),
        (0, Chinese) => "0，未指定的字节".to_owned(),
        (1, English) => "1, UTF-8 text".to_owned(),
        (1, Chinese) => "1，UTF-8 文本".to_owned(),
        (other, English) => format!("{other}, not defined by MQTT 5"),
        (other, Chinese) => format!("{other}，MQTT 5 未定义"),
    }
}

// The payload.
/// Accessible name of the payload that is shown.
pub const PAYLOAD_READOUT: Label = label("Payload", "载荷");
/// Name of the choice of the size of a picture.
pub const ZOOM: Label = label("Zoom", "缩放");
/// Choice to fit a picture to the available room.
pub const FIT: Label = label("Fit", "适应窗口");
/// Choice to draw a picture pixel by pixel.
pub const FULL_SIZE: Label = label("100 %", "100%");

/// The size at which a picture is drawn: `38 %`.
pub fn percent(times: f32, l: Language) -> String {
    let percent = f64::from(times) * 100.0;
    say!(l, "{percent:.0} %", "{percent:.0}%")
}

/// Accessible name of the tabs of the payload's views.
pub const PAYLOAD_VIEW: Label = label("Payload view", "载荷视图");
/// Button that puts the message into the publish panel.
pub const PUBLISH_AGAIN: Label = label("Publish again", "再次发布");
/// Tooltip of [`PUBLISH_AGAIN`].
pub const PUBLISH_AGAIN_HELP: Label =
    label("Puts this message into the publish panel", "将该消息填入发布面板");
/// Button that plots a number.
pub const PLOT_VALUE: Label = label("Plot value", "绘制曲线");
/// Tooltip of [`PLOT_VALUE`].
pub const PLOT_VALUE_HELP: Label = label("Plots this value over time", "绘制该值随时间变化的曲线");
/// Shown when the payload has no bytes.
pub const EMPTY_PAYLOAD: Label = label("The payload is empty", "载荷为空");
/// Explains what an empty payload does.
pub const EMPTY_PAYLOAD_HELP: Label = label(
    "Sent with retain set, an empty payload clears the retained message of its topic.",
    "带保留标志发送的空载荷会清除该主题的保留消息。",
);
/// Button that stops decoding.
pub const CANCEL_DECODING: Label = label("Cancel decoding", "取消解码");
/// Shown where decoding was stopped by a person.
pub const DECODING_CANCELLED: Label = label("Decoding was cancelled", "已取消解码");
/// What can be done then.
pub const DECODING_CANCELLED_HELP: Label =
    label("The payload shows at once as hex, or can be saved.", "载荷可立即以十六进制查看，也可保存。");
/// Button that decodes after all.
pub const DECODE_AGAIN: Label = label("Decode", "解码");
/// Button that leads to the bound on decoded payloads.
pub const CHANGE_LIMIT: Label = label("Change the limit…", "更改上限…");
/// Shown when the decoding thread ended without a result.
pub const DECODING_FAILED: Label = label(
    "Decoding stopped for a reason within the program. Look at the payload as hex, or save it.",
    "由于程序内部原因，解码已停止。可改用十六进制查看载荷，或将其保存。",
);

/// Accessible name of the button that plots the value at a path.
pub fn plot_value(path: Option<&JsonPath>, language: Language) -> String {
    let verb = PLOT_VALUE.of(language);
    path.map_or_else(|| verb.to_owned(), |path| format!("{verb} {path}"))
}

/// Accessible name of the mark that opens or closes an object or array, with its line.
pub fn fold(is_closed: bool, line: &str, language: Language) -> String {
    match (is_closed, language) {
        (true, English) => format!("Open {line}"),
        (true, Chinese) => format!("展开 {line}"),
        (false, English) => format!("Close {line}"),
        (false, Chinese) => format!("折叠 {line}"),
    }
}

/// The number of lines that a closed object or array hides.
pub fn lines(lines: u64, language: Language) -> String {
    match language {
        English => format::plural(lines, "line", "lines"),
        Chinese => format!("{} 行", format::count(lines)),
    }
}

/// Shown while a payload of this size is decoded.
pub fn decoding(bytes: u64, language: Language) -> String {
    let bytes = format::bytes(bytes);
    say!(language, "Decoding {bytes}…", "正在解码 {bytes}…")
}

/// Shown while a newer payload of this size is decoded.
pub fn decoding_newest(bytes: u64, language: Language) -> String {
    let bytes = format::bytes(bytes);
    say!(language, "Decoding the newest message, {bytes}…", "正在解码最新消息（{bytes}）…")
}

/// What failed, and why, in one line.
pub fn fault(what: &str, why: &str, language: Language) -> String {
    say!(language, "{what}: {why}", "{what}：{why}")
}

/// A remark below a payload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayloadRemark {
    /// The text.
    pub text: String,
    /// Whether the payload is not quite what is shown.
    pub is_warning: bool,
}

impl PayloadRemark {
    /// A remark that only informs.
    pub fn info(text: String) -> Self {
        Self { text, is_warning: false }
    }

    pub(super) fn warning(text: String) -> Self {
        Self { text, is_warning: true }
    }
}

/// What a person should know about a document in addition to its lines.
pub fn notes(notes: &Notes, language: Language) -> Vec<PayloadRemark> {
    let Notes { json_values, invalid_bytes, control_characters, crlf_lines, json_fault } = *notes;
    let mut remarks = Vec::new();
    if let Some(fault) = json_fault {
        let fault = payload::syntax_error(&fault, language);
        remarks.push(PayloadRemark::warning(say!(language, "Not JSON: {fault}", "不是 JSON：{fault}")));
    }
    if json_values > 1 {
        let count = json_values as u64;
        remarks.push(PayloadRemark::info(match language {
            English => format!("{} in a row", format::plural(count, "value", "values")),
            Chinese => format!("连续 {} 个值", format::count(count)),
        }));
    }
    if invalid_bytes > 0 {
        let count = invalid_bytes as u64;
        remarks.push(PayloadRemark::warning(match language {
            English => format!("{} not UTF-8, shown as �", format::plural(count, "byte is", "bytes are")),
            Chinese => format!("{} 个字节不是 UTF-8，显示为 �", format::count(count)),
        }));
    }
    if control_characters > 0 {
        let count = control_characters as u64;
        remarks.push(PayloadRemark::info(match language {
            English => {
                let count = format::plural(count, "control character", "control characters");
                format!("{count} shown as symbols")
            }
            Chinese => format!("{} 个控制字符以符号显示", format::count(count)),
        }));
    }
    if crlf_lines > 0 {
        remarks
            .push(PayloadRemark::info(language.pick("Lines end with CR LF", "行以 CR LF 结尾").to_owned()));
    }
    remarks
}

/// Tells that what is shown was packed: `Unpacked from Base64, gzip`.
pub fn unpacked(packings: &[Packing], language: Language) -> String {
    let names: Vec<_> = packings.iter().map(|packing| packing.name()).collect();
    match language {
        English => format!("Unpacked from {}", names.join(", ")),
        Chinese => format!("已解包：{}", names.join("、")),
    }
}

/// The beginning of a text that is too long to show, and its size.
pub fn cut(start: &str, bytes: u64, language: Language) -> String {
    let bytes = format::bytes(bytes);
    say!(language, "{start}… ({bytes})", "{start}…（{bytes}）")
}

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn remarks_say_what_is_not_quite_what_was_sent() {
        let found = Notes { invalid_bytes: 1, control_characters: 2, ..Notes::default() };
        let said =
            |language| notes(&found, language).into_iter().map(|remark| remark.text).collect::<Vec<_>>();
        assert_eq!(
            said(English),
            ["1 byte is not UTF-8, shown as �", "2 control characters shown as symbols"]
        );
        assert_eq!(said(Chinese), ["1 个字节不是 UTF-8，显示为 �", "2 个控制字符以符号显示"]);
    }
}

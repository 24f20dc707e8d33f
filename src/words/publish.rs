//! The texts of the publish panel.

use std::time::Duration;

use crate::message::Timestamp;
use crate::store::settings::TimeFormat;
use crate::template::TemplateError;
use crate::words::Language::{self, Chinese, English};
use crate::words::template::template_error;
use crate::words::{Label, format, label};

// The topic.

/// Name of the field for the topic.
pub const TOPIC: Label = label("Publish topic", "发布主题");
/// Placeholder of the topic.
pub const TOPIC_HINT: Label = label("Topic", "主题");
/// Button that takes over the selected topic.
pub const USE_SELECTED: Label = label("Use selected topic", "使用选中的主题");
/// Tooltip of [`USE_SELECTED`] while the field follows the tree.
pub const FOLLOWS_HELP: Label = label(
    "Follows the topic that is selected in the tree, until another one is typed",
    "跟随主题树中选中的主题，直到输入其他主题",
);
/// Tooltip of [`USE_SELECTED`] after another topic was typed.
pub const FOLLOW_HELP: Label = label(
    "Uses the topic that is selected in the tree, and follows it",
    "使用主题树中选中的主题，并保持跟随",
);
/// Why the selected topic cannot be published to (MQTT 5.0, 1.5.4).
pub const TOPIC_NOT_UTF8: Label = label(
    "The selected topic is not UTF-8; brokers refuse such topics",
    "选中的主题不是 UTF-8 编码，服务器会拒绝此类主题",
);

/// Name of the list of topics that could be meant.
pub const SUGGESTIONS: Label = label("Topic suggestions", "主题建议");

// The drafts.

/// Name of the strip of drafts.
pub const DRAFTS: Label = label("Drafts", "草稿");
/// Button that opens an empty draft.
pub const NEW_DRAFT: Label = label("New draft", "新建草稿");
/// Tooltip of [`NEW_DRAFT`].
pub const NEW_DRAFT_HELP: Label = label(
    "Opens another draft; drafts are kept until they are closed",
    "打开另一份草稿；草稿会一直保留，直到关闭",
);
/// Button that lists all drafts, where not all tabs have room.
pub const ALL_DRAFTS: Label = label("All drafts", "所有草稿");
/// Tab of a draft without a topic.
pub const EMPTY_DRAFT: Label = label("Draft", "草稿");
/// Tooltip of the button that closes a draft.
pub const CLOSE_DRAFT_HELP: Label = label("Closes the draft", "关闭草稿");
/// Notice after a draft was closed that held something.
pub const DRAFT_CLOSED: Label = label("Draft closed", "草稿已关闭");

/// Name of a draft's tab.
pub fn draft(index: usize, topic: &str, language: Language) -> String {
    let number = index + 1;
    match language {
        English => format!("Draft {number}: {topic}"),
        Chinese => format!("草稿 {number}：{topic}"),
    }
}

/// Name of the button that closes a draft.
pub fn close_draft(topic: &str, language: Language) -> String {
    match language {
        English => format!("Close draft {topic}"),
        Chinese => format!("关闭草稿 {topic}"),
    }
}

// The payload.

/// Name of the field for the payload.
pub const PAYLOAD: Label = label("Publish payload", "发布载荷");
/// Placeholder of the payload.
pub const PAYLOAD_HINT: Label = label("Payload", "载荷");
/// Placeholder of the payload while it is edited as hexadecimal digits.
pub const HEX_HINT: Label =
    label("Bytes as hexadecimal digits, like 01 ab ff", "十六进制字节，例如 01 ab ff");
/// Name of the choice between text and hexadecimal digits.
pub const PAYLOAD_FORMAT: Label = label("Payload format", "载荷格式");
/// Choice to edit the payload as text.
pub const TEXT: Label = label("Text", "文本");
/// Choice to edit the payload as hexadecimal digits.
pub const HEX: Label = label("Hex", "十六进制");
/// Choice to edit the payload as Base64.
pub const BASE64: Label = label("Base64", "Base64");
/// Placeholder of the payload while it is edited as Base64.
pub const BASE64_HINT: Label = label("Bytes as Base64, like AQL/", "Base64 编码的字节，例如 AQL/");
/// Name of the choice of a format that is written from JSON.
pub const WRITTEN_AS: Label = label("Written as", "写入格式");
/// Tooltip of [`WRITTEN_AS`].
pub const WRITTEN_AS_HELP: Label = label(
    "What is written as JSON is sent in this format; a decoder rule of the topic gives the schema",
    "以 JSON 编写的内容按此格式发送；模式取自该主题的解码规则",
);
/// Shown in the choice while no format is chosen.
pub const AS_FORMAT: Label = label("JSON as…", "JSON 转为…");
/// Placeholder of the payload while it is written in such a format.
pub const JSON_HINT: Label =
    label("Value as JSON, like {\"on\": true}", "以 JSON 表示的值，例如 {\"on\": true}");
/// Button that turns placeholders on or off.
pub const VARIABLES: Label = label("Variables", "变量");
/// Tooltip of [`VARIABLES`] while they are on.
pub const VARIABLES_ON_HELP: Label = label(
    "{{name}} is replaced by the connection's variable, {{now}}, {{counter}}, {{uuid}}, {{random 1 6}} and others by their value",
    "{{名称}} 会替换为连接的变量，{{now}}、{{counter}}、{{uuid}}、{{random 1 6}} 等会替换为对应的值",
);
/// Tooltip of [`VARIABLES`] while they are off.
pub const VARIABLES_OFF_HELP: Label = label(
    "{{name}} is sent as it is; press to have it replaced by its value",
    "{{名称}} 按原样发送；点击后会替换为对应的值",
);
/// Name of the line that shows what will be sent.
pub const PREVIEW: Label = label("Will be sent", "将要发送");
/// Button that formats JSON.
pub const FORMAT_JSON: Label = label("Format JSON", "格式化 JSON");
/// Tooltip of [`FORMAT_JSON`].
pub const FORMAT_JSON_HELP: Label = label(
    "Lays the JSON out line by line; numbers and keys stay as they are",
    "逐行排版 JSON；数字和键保持不变",
);
/// Why the payload cannot be formatted.
pub const NOT_JSON: Label = label("The payload is not JSON", "载荷不是 JSON");
/// Button that loads the payload from a file.
pub const LOAD_FILE: Label = label("Load file…", "加载文件…");
/// Tooltip of [`LOAD_FILE`].
pub const LOAD_FILE_HELP: Label = label("Takes the payload from a file", "从文件读取载荷");
/// Button that returns to the editor from a file.
pub const REMOVE_FILE: Label = label("Remove file", "移除文件");
/// Button that returns to the editor from a long text.
pub const REMOVE_TEXT: Label = label("Remove text", "移除文本");
/// Button that returns to the editor from a payload that was not kept.
pub const WRITE_PAYLOAD: Label = label("Write payload", "编写载荷");
/// Tooltip of the buttons that return to the editor.
pub const REMOVE_FILE_HELP: Label = label("Writes the payload by hand", "手动编写载荷");
/// Shown in place of a file's name for the payload of a message.
pub const PAYLOAD_OF_MESSAGE: Label = label("Payload of the message", "消息的载荷");
/// Shown in place of a file's name for a payload that was too large to keep.
pub const PAYLOAD_NOT_KEPT: Label = label("Payload not kept", "载荷未保存");
/// Shown in place of a file's name for a text that is too long for the editor.
pub const LONG_TEXT: Label = label("Long text", "长文本");

/// Remark on an empty payload.
pub const EMPTY: Label = label("Empty", "空");
/// Remark on an empty payload that is to be retained (MQTT 5.0, 3.3.1.3).
pub const EMPTY_RETAINED: Label =
    label("Empty: removes the retained message of this topic", "空：将清除此主题的保留消息");
/// Why bytes cannot be edited as text.
pub const BYTES_NOT_TEXT: Label = label(
    "These bytes are not text; they can only be edited as digits",
    "这些字节不是文本，只能以十六进制编辑",
);

/// Remark on a payload that is JSON; the same in both languages.
pub fn is_json(bytes: u64) -> String {
    format!("JSON   {}", format::bytes(bytes))
}

/// Remark on a payload that is text.
pub fn is_text(bytes: u64, language: Language) -> String {
    format!("{}   {}", TEXT.of(language), format::bytes(bytes))
}

/// Remark on a payload that is too long to be checked while typing.
pub fn is_long(bytes: u64, language: Language) -> String {
    let size = format::bytes(bytes);
    match language {
        English => format!("Long text, not coloured   {size}"),
        Chinese => format!("长文本，不着色   {size}"),
    }
}

/// Why a text is not Base64.
pub fn bad_base64(at: usize, language: Language) -> String {
    match language {
        English => format!("Not Base64 from character {at} on"),
        Chinese => format!("从第 {at} 个字符起不是 Base64"),
    }
}

/// Why a placeholder cannot be filled, in the topic or in the payload.
pub fn not_filled(is_topic: bool, error: &TemplateError, language: Language) -> String {
    let why = template_error(error, language);
    match (is_topic, language) {
        (true, English) => format!("Topic: {why}"),
        (true, Chinese) => format!("主题：{why}"),
        (false, English) => format!("Payload: {why}"),
        (false, Chinese) => format!("载荷：{why}"),
    }
}

/// What will be sent, in one line.
pub fn preview(topic: &str, payload: &str) -> String {
    format!("{topic}   {payload}")
}

/// Where and why a payload that looks like JSON is invalid.
pub fn json_error(why: &str, language: Language) -> String {
    match language {
        English => format!("JSON error at {why}"),
        Chinese => format!("JSON 错误，{why}"),
    }
}

/// Why a text cannot be edited as hexadecimal digits.
pub fn too_long_for_hex(bytes_max: u64, language: Language) -> String {
    let limit = format::bytes(bytes_max);
    match language {
        English => format!("Texts above {limit} are not shown as digits"),
        Chinese => format!("超过 {limit} 的文本不以十六进制显示"),
    }
}

/// Why a payload from the history cannot be sent again.
pub fn payload_missing(bytes: u64, language: Language) -> String {
    let size = format::bytes(bytes);
    match language {
        English => format!("The payload of {size} was too large to be kept; load it again"),
        Chinese => format!("该载荷（{size}）过大，未保存；需重新加载"),
    }
}

/// Why the digits in the editor are invalid.
pub fn payload_error(why: &str, language: Language) -> String {
    match language {
        English => format!("Payload: {why}"),
        Chinese => format!("载荷：{why}"),
    }
}

// Sending.

/// Button that publishes the message.
pub const PUBLISH: Label = label("Publish", "发布");
/// Button that clears the broker's retained message.
pub const CLEAR_RETAINED: Label = label("Clear retained", "清除保留消息");
/// Tooltip of [`CLEAR_RETAINED`].
pub const CLEAR_RETAINED_HELP: Label = label(
    "Removes the message that the broker keeps for this topic. What is known of it can be published back",
    "清除服务器为此主题保留的消息；已知的内容可以重新发布",
);
/// Why [`PUBLISH`] does not send an empty message that is to be retained.
pub const USE_CLEAR_RETAINED: Label = label(
    "An empty retained message removes what the broker keeps; that is what Clear retained is for",
    "空的保留消息会清除服务器保留的内容，请使用“清除保留消息”",
);
/// Name of the choice of the quality of service.
pub const QOS: Label = label("Publish QoS", "发布 QoS");
/// Option to retain the message.
pub const RETAIN: Label = label("Retain", "保留");
/// Tooltip of [`RETAIN`].
pub const RETAIN_HELP: Label = label(
    "The broker keeps the message and sends it to everyone who subscribes later",
    "服务器会保存该消息，并发送给之后订阅的客户端",
);
/// Why nothing can be published while the first connection is made.
pub const NOT_CONNECTED_YET: Label = label("Not connected yet", "尚未连接");
/// Why nothing can be published while a lost connection is made again.
pub const RECONNECTING: Label =
    label("The connection is lost; it is being made again", "连接已断开，正在重新连接");
/// Why nothing can be published without a connection.
pub const NOT_CONNECTED: Label = label("Not connected; connect first", "未连接，需先建立连接");

/// Why nothing can be published from a recording.
pub const RECORDED: Label = label("This is a recording; there is no connection", "这是录制内容，没有连接");

/// Notice that a message was not published, and why.
pub fn not_published(why: &str, language: Language) -> String {
    match language {
        English => format!("Not published\n{why}"),
        Chinese => format!("未发布\n{why}"),
    }
}

// What became of it.

/// Shown until the broker answers.
pub const WAITING: Label = label("Waiting for the broker", "等待服务器响应");
/// Shown when the connection was lost before the broker answered.
pub const LOST: Label = label("The connection was lost before the answer", "收到应答之前连接已断开");

/// Shown after a message was sent that has no answer.
pub fn sent(at: Timestamp, time: TimeFormat, language: Language) -> String {
    let time = format::time(at, time);
    match language {
        English => format!("Sent at {time}; QoS 0 has no answer"),
        Chinese => format!("已于 {time} 发送；QoS 0 没有应答"),
    }
}

/// Shown after the broker acknowledged the message; `note` is what it added.
pub fn acknowledged(after: Duration, note: Option<&str>, language: Language) -> String {
    let after = format::duration(after);
    match (note, language) {
        (None, English) => format!("Acknowledged in {after}"),
        (None, Chinese) => format!("{after} 后收到确认"),
        (Some(note), English) => format!("Acknowledged in {after}: {note}"),
        (Some(note), Chinese) => format!("{after} 后收到确认：{note}"),
    }
}

/// Shown after the broker refused the message.
pub fn refused(why: &str, language: Language) -> String {
    match language {
        English => format!("Refused: {why}"),
        Chinese => format!("已拒绝：{why}"),
    }
}

// What was sent before.

/// Name of the tabs beside the editor.
pub const VIEWS: Label = label("Publish views", "发布视图");
/// Tab of the publish history.
pub const HISTORY: Label = label("History", "历史");
/// Name of the list of published messages.
pub const PUBLISHED: Label = label("Published messages", "已发布的消息");
/// Shown while nothing was published.
pub const NOTHING_PUBLISHED: Label = label("Nothing published yet", "尚未发布消息");
/// Explanation below [`NOTHING_PUBLISHED`].
pub const NOTHING_PUBLISHED_HELP: Label =
    label("What you publish is kept here, to be sent again", "发布过的消息会保存在这里，便于再次发送");
/// Button that clears the publish history.
pub const CLEAR_HISTORY: Label = label("Clear history…", "清空历史…");
/// Tooltip of [`CLEAR_HISTORY`].
pub const CLEAR_HISTORY_HELP: Label =
    label("Removes all messages from this list; nothing is sent", "从列表中移除所有消息；不会发送任何内容");
/// Button that removes a message from the history.
pub const REMOVE: Label = label("Remove from history", "从历史中移除");
/// Tooltip of [`REMOVE`].
pub const REMOVE_HELP: Label = label("Removes the message from this list", "从列表中移除此消息");
/// Field that searches the history.
pub const SEARCH_HISTORY: Label = label("Search history", "搜索历史");
/// Shown while no message of the history has what is searched for.
pub const NOTHING_FOUND: Label = label("No message has that", "没有匹配的消息");
/// Menu entry that sends a message of the history again.
pub const SEND_AGAIN: Label = label("Send again", "再次发送");
/// Menu entry that puts a message of the history into a draft.
pub const EDIT: Label = label("Edit in a draft", "在草稿中编辑");
/// Menu entry that saves a message of the history.
pub const SAVE_AS_MESSAGE: Label = label("Save as message…", "另存为消息…");
/// Menu entry that copies the command of mosquitto_pub.
pub const COPY_MOSQUITTO: Label = label("Copy as mosquitto_pub", "复制为 mosquitto_pub 命令");
/// Menu entry that copies the command of `mqttree pub`.
pub const COPY_MQTTREE: Label = label("Copy as mqttree pub", "复制为 mqttree pub 命令");
/// Menu entry that copies the command of mosquitto_pub for PowerShell.
pub const COPY_MOSQUITTO_POWERSHELL: Label =
    label("Copy as mosquitto_pub (PowerShell)", "复制为 mosquitto_pub 命令（PowerShell）");
/// Menu entry that copies the command of `mqttree pub` for PowerShell.
pub const COPY_MQTTREE_POWERSHELL: Label =
    label("Copy as mqttree pub (PowerShell)", "复制为 mqttree pub 命令（PowerShell）");

/// What the notice calls a copied command, with what is missing in it.
pub const fn copied_command(lacks_secret: bool, lacks_correlation_data: bool) -> Label {
    match (lacks_secret, lacks_correlation_data) {
        (false, false) => label("Command", "命令"),
        (true, false) => label("Command, without the password", "命令（不含密码）"),
        (false, true) => label("Command, without the correlation data", "命令（不含对比数据）"),
        (true, true) => {
            label("Command, without the password and the correlation data", "命令（不含密码和对比数据）")
        }
    }
}

/// Shown in place of a payload that has a file of its own.
pub fn in_file(bytes: u64, language: Language) -> String {
    let size = format::bytes(bytes);
    match language {
        English => format!("{size}, in a file"),
        Chinese => format!("{size}，存于文件"),
    }
}

/// The mark of a retained message.
pub const RETAINED_MARK: Label = label("retain", "保留");

/// A message of the publish history, for screen readers.
pub fn published(topic: &str, preview: &str, language: Language) -> String {
    match language {
        English => format!("{topic}, {preview}"),
        Chinese => format!("{topic}，{preview}"),
    }
}

/// Shown in place of a payload that was too large to keep.
pub fn not_kept(bytes: u64, language: Language) -> String {
    let size = format::bytes(bytes);
    match language {
        English => format!("{size}, not kept"),
        Chinese => format!("{size}，未保存"),
    }
}

/// Shown in place of a payload that is not text.
pub fn binary(bytes: u64, language: Language) -> String {
    let size = format::bytes(bytes);
    match language {
        English => format!("{size} binary"),
        Chinese => format!("{size} 二进制数据"),
    }
}

// The properties of MQTT 5.

/// Name of the field for the content type.
pub const CONTENT_TYPE: Label = label("Content type", "内容类型");
/// Name of the field for the response topic.
pub const RESPONSE_TOPIC: Label = label("Response topic", "响应主题");
/// Placeholder of [`RESPONSE_TOPIC`].
pub const RESPONSE_TOPIC_HINT: Label = label("Where an answer is expected", "期望收到响应的主题");
/// Name of the field for the correlation data.
pub const CORRELATION_DATA: Label = label("Correlation data", "对比数据");
/// Placeholder of [`CORRELATION_DATA`].
pub const CORRELATION_DATA_HINT: Label = label("Text, or 0x and digits", "文本，或以 0x 开头的十六进制");
/// Name of the field for the message expiry interval.
pub const EXPIRY: Label = label("Message expiry", "消息过期时间");
/// Placeholder of [`EXPIRY`].
pub const EXPIRY_HINT: Label = label("Seconds", "秒");
/// Label beside the choice of the payload format indicator.
pub const INDICATOR_SHORT: Label = label("Payload format", "载荷格式");
/// Accessible name of the choice of the payload format indicator.
pub const INDICATOR: Label = label("Payload format indicator", "载荷格式指示");
/// Choice not to send the payload format indicator.
pub const INDICATOR_UNSET: Label = label("Not set", "未设置");
/// Choice of the payload format indicator 0.
pub const INDICATOR_BYTES: Label = label("Bytes", "字节");
/// Choice of the payload format indicator 1.
pub const INDICATOR_TEXT: Label = label("Text", "文本");
/// Label of the list of user properties.
pub const USER_PROPERTIES: Label = label("User properties", "用户属性");
/// Names one user property.
pub const USER_PROPERTY: Label = label("Property", "属性");
/// Why the message expiry cannot be sent.
pub const EXPIRY_NOT_A_NUMBER: Label = label(
    "The message expiry is a whole number of seconds, at most 4,294,967,295",
    "消息过期时间必须是整数秒，最大为 4,294,967,295",
);
/// Names the content type in an error.
pub const THE_CONTENT_TYPE: Label = label("The content type", "内容类型");
/// Names the correlation data in an error.
pub const THE_CORRELATION_DATA: Label = label("The correlation data", "对比数据");
/// Names the name of a user property in an error.
pub const THE_NAME: Label = label("The name", "名称");
/// Names the value of a user property in an error.
pub const THE_VALUE: Label = label("The value", "值");

/// Title of the tab of MQTT 5 properties, with the number that is set.
pub fn properties(set: usize, language: Language) -> String {
    match (set, language) {
        (0, English) => "Properties".to_owned(),
        (0, Chinese) => "属性".to_owned(),
        (set, English) => format!("Properties {set}"),
        (set, Chinese) => format!("属性 {set}"),
    }
}

/// Why a field cannot be sent: its length does not fit into 16 bits (MQTT 5.0, 1.5.4 and 1.5.6).
pub fn too_long(field: Label, bytes: usize, language: Language) -> String {
    let (field, bytes) = (field.of(language), format::count(bytes as u64));
    match language {
        English => format!("{field} has {bytes} bytes; MQTT allows at most 65,535"),
        Chinese => format!("{field}有 {bytes} 字节，MQTT 最多允许 65,535 字节"),
    }
}

/// Why a field cannot be sent: it contains a character that MQTT does not allow (MQTT 5.0, 1.5.4).
pub fn has_nul(field: Label, language: Language) -> String {
    let field = field.of(language);
    match language {
        English => format!("{field} contains a NUL character, which MQTT does not allow"),
        Chinese => format!("{field}包含 MQTT 不允许的 NUL 字符"),
    }
}

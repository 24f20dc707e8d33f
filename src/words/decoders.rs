//! The decoder rules: the panel that edits them, and the menu that makes them.

use crate::payload::decode::Format;
use crate::words::language::say;
use crate::words::{Label, Language, label, payload};

/// Accessible name of the field of a rule's filter.
pub const TOPIC_FILTER: Label = label("Topic filter", "主题过滤器");
/// In the empty field of a filter.
pub const TOPIC_FILTER_HINT: Label = label("Topic filter, like plant/+/raw", "主题过滤器，例如 plant/+/raw");
/// Name of the choice of a decoder.
pub const DECODER: Label = label("Decoder", "解码器");
/// Accessible name of the field of a decoder's options.
pub const OPTIONS: Label = label("Decoder options", "解码器选项");
/// The button that adds a rule.
pub const ADD: Label = label("Add rule", "添加规则");
/// The button that changes a rule of the list.
pub const SAVE: Label = label("Save rule", "保存规则");
/// The heading of the rules' filters.
pub const FILTER_HEADING: Label = label("Topics", "主题");
/// The heading of the preview.
pub const PREVIEW: Label = label("Preview", "预览");
/// In the preview while no topic is selected.
pub const NO_TOPIC: Label = label(
    "Select a topic to see its newest message through the decoder",
    "选择一个主题，即可查看其最新消息的解码结果",
);
/// Title shown while there are no rules.
pub const EMPTY: Label = label("No decoder rules", "没有解码规则");
/// Below [`EMPTY`].
pub const EMPTY_HELP: Label = label(
    "Payloads are read as their content type, topic or bytes suggest. A rule reads the topics of a filter with the decoder you choose.",
    "载荷默认根据内容类型、主题或字节来解读。规则用所选的解码器解读过滤器所匹配的主题。",
);
/// Tooltip of the heading of the rules.
pub const WHICH_WINS: Label = label(
    "If several rules match a topic, the most specific one counts: a name before +, both before #",
    "多条规则匹配同一主题时，以最具体的为准：名称优先于 +，两者都优先于 #",
);
/// The rule that reads the selected topic.
pub const IN_USE: Label = label("Reads the selected topic", "用于所选主题");
/// Tooltip of the button that changes a rule.
pub const CHANGE_HELP: Label = label("Changes the rule in the form above", "在上方表单中修改此规则");
/// Tooltip of the button that removes a rule.
pub const REMOVE_HELP: Label =
    label("Topics are read as their bytes suggest, as before", "相应主题恢复为自动解读");
/// The filter is that of another rule.
pub const REPLACES: Label = label("This replaces the rule with the same filter", "将替换过滤器相同的规则");

/// Name of the button that opens the menu, without a rule.
pub const CHOOSE: Label = label("Decoder", "解码器");
/// Tooltip of [`CHOOSE`].
pub const CHOOSE_HELP: Label =
    label("Always read this topic, or topics like it, this way", "始终以此方式解读此主题或类似主题");
/// Menu entry that opens the panel.
pub const RULES: Label = label("Decoder rules…", "解码规则…");

/// The name of a decoder in a list of all.
pub fn decoder(format: Format, l: Language) -> &'static str {
    match format {
        Format::Json => "JSON",
        Format::Utf16Le => l.pick("UTF-16 (low byte first)", "UTF-16（低字节在前）"),
        Format::Utf16Be => l.pick("UTF-16 (high byte first)", "UTF-16（高字节在前）"),
        format => payload::format(format).of(l),
    }
}

/// What may stand in the empty field of a decoder's options; `None` if it has none.
pub const fn options_hint(format: Format) -> Option<&'static str> {
    match format {
        Format::Struct => Some("u16le temp/100 °C, i8 rssi dBm"),
        Format::Numbers => Some("f32le"),
        Format::Protobuf => Some("plant.proto#plant.Reading"),
        Format::Avro => Some("reading.avsc"),
        Format::Brotli => Some("cbor"),
        Format::Json | Format::Cbor | Format::MessagePack | Format::Xml | Format::Yaml => {
            Some("reading.schema.json")
        }
        _ => None,
    }
}

/// Name of the button that changes a rule.
pub fn change(filter: &str, l: Language) -> String {
    say!(l, "Change the rule of {filter}", "修改 {filter} 的规则")
}

/// Name of the button that removes a rule.
pub fn remove(filter: &str, l: Language) -> String {
    say!(l, "Remove the rule of {filter}", "移除 {filter} 的规则")
}

/// Menu entry: a rule for the topic alone.
pub fn always_this(decoder: &str, l: Language) -> String {
    say!(l, "Always read this topic as {decoder}", "始终以 {decoder} 解读此主题")
}

/// Menu entry: a rule for topics like it.
pub fn always_like_this(filter: &str, decoder: &str, l: Language) -> String {
    say!(l, "Always read {filter} as {decoder}", "始终以 {decoder} 解读 {filter}")
}

/// Tooltip of the button while a rule reads the topic.
pub fn ruled(filter: &str, decoder: &str, l: Language) -> String {
    say!(l, "The rule of {filter} reads this topic: {decoder}", "由 {filter} 的规则解读此主题：{decoder}")
}

/// The title of the preview.
pub fn preview_of(topic: &str, l: Language) -> String {
    say!(l, "Preview of {topic}", "{topic} 的预览")
}

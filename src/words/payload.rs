//! What is said about payloads: the names of their formats, and why one cannot be read.

use crate::payload::decode::{
    BinaryFault, BinaryProblem, Choice, ChoiceError, DecodeError, Format, ImageInfo, LayoutError,
    LayoutProblem,
};
use crate::payload::hex::HexError;
use crate::payload::json::{JsonError, SyntaxError, SyntaxProblem};
use crate::payload::picture::{PIXELS_MAX, PictureError};
use crate::payload::query::PathProblem;
use crate::payload::schema::{SCHEMA_BYTES_MAX, SchemaError, SchemaFault};
use crate::payload::{Glance, LimitError, TooLarge};
use crate::words::Language::{self, Chinese, English};
use crate::words::language::say;
use crate::words::{Label, format, label};

/// Shown in place of an empty payload's value.
pub const NO_PAYLOAD: Label = label("(no payload)", "（无载荷）");

/// The name of a format, as the tab of its view.
pub const fn format(format: Format) -> Label {
    match format {
        Format::Image => label("Image", "图像"),
        Format::Json => label("Tree", "树形"),
        Format::Xml => label("XML", "XML"),
        Format::Cbor => label("CBOR", "CBOR"),
        Format::MessagePack => label("MessagePack", "MessagePack"),
        Format::Sparkplug => label("Sparkplug", "Sparkplug"),
        Format::Protobuf => label("Protobuf", "Protobuf"),
        Format::Avro => label("Avro", "Avro"),
        Format::Struct => label("Layout", "结构"),
        Format::Yaml => label("YAML", "YAML"),
        Format::Brotli => label("Brotli", "Brotli"),
        Format::Numbers => label("Numbers", "数值"),
        Format::Utf16Le | Format::Utf16Be => label("UTF-16", "UTF-16"),
        Format::Latin1 => label("Latin-1", "Latin-1"),
        Format::Text => label("Text", "文本"),
        Format::Hex => label("Hex", "十六进制"),
    }
}

/// What a format is, in a few words.
pub const fn about(format: Format) -> Label {
    match format {
        Format::Image => label("PNG, JPEG, GIF, WebP or BMP", "PNG、JPEG、GIF、WebP 或 BMP"),
        Format::Json => label(
            "JSON, also several values in a row; json:reading.schema.json checks them (so do cbor, messagepack, xml and yaml)",
            "JSON，可以连续多个值；json:reading.schema.json 会按模式校验（cbor、messagepack、xml、yaml 亦可）",
        ),
        Format::Xml => label("XML; attributes are members that begin with @", "XML；属性是以 @ 开头的成员"),
        Format::Cbor => label("CBOR (RFC 8949)", "CBOR（RFC 8949）"),
        Format::MessagePack => label("MessagePack", "MessagePack"),
        Format::Sparkplug => label("Sparkplug B, metrics by name", "Sparkplug B，按名称列出指标"),
        Format::Protobuf => label(
            "Protobuf by its schema, such as protobuf:plant.proto#Reading; without one, fields by number and guesses with a question mark",
            "Protobuf，可按模式解读，例如 protobuf:plant.proto#Reading；无模式时按编号列出字段，猜测的值带问号",
        ),
        Format::Avro => label(
            "Avro by its schema, such as avro:reading.avsc; containers by their own",
            "Avro，按模式解读，例如 avro:reading.avsc；容器文件使用其自带的模式",
        ),
        Format::Struct => label(
            "bytes by a layout, such as struct:u16le temp/100 °C, i8 rssi",
            "按结构解析字节，例如 struct:u16le temp/100 °C, i8 rssi",
        ),
        Format::Yaml => label("YAML 1.2 by its core schema", "YAML 1.2（核心模式）"),
        Format::Brotli => label(
            "what Brotli packed, read as its bytes suggest or as named, such as brotli:cbor",
            "Brotli 压缩的内容，自动解读或按指定格式解读，例如 brotli:cbor",
        ),
        Format::Numbers => label("numbers in a row, such as numbers:f32le", "连续的数值，例如 numbers:f32le"),
        Format::Utf16Le => label("UTF-16, the low byte first", "UTF-16，低字节在前"),
        Format::Utf16Be => label("UTF-16, the high byte first", "UTF-16，高字节在前"),
        Format::Latin1 => label("ISO 8859-1", "ISO 8859-1"),
        Format::Text => label("UTF-8", "UTF-8"),
        Format::Hex => label("the bytes", "字节"),
    }
}

/// Why a text does not name a way to decode a payload.
pub fn choice_error(error: &ChoiceError, language: Language) -> String {
    let fixed = |label: Label| label.of(language).to_owned();
    match error {
        ChoiceError::UnknownFormat => fixed(label("there is no format of that name", "没有这种格式")),
        ChoiceError::NoOptions => fixed(label("the format takes no options", "该格式没有选项")),
        ChoiceError::NeedsOptions => fixed(label(
            "the format needs to know more, such as numbers:f32le",
            "该格式需要选项，例如 numbers:f32le",
        )),
        ChoiceError::Layout(error) => layout_error(*error, language),
        ChoiceError::Schema(error) => schema_error(error, language),
    }
}

/// Why a schema cannot be used, with the file.
fn schema_error(error: &SchemaError, l: Language) -> String {
    let SchemaError { file, reason } = error;
    match reason {
        SchemaFault::NotFound => say!(l, "there is no file {file}", "没有文件 {file}"),
        SchemaFault::TooLarge => {
            let most = format::bytes(SCHEMA_BYTES_MAX);
            say!(
                l,
                "{file} has more than {most}, the most for a schema",
                "{file} 超过 {most}，即模式文件的上限"
            )
        }
        SchemaFault::Unreadable(why) => say!(l, "{file} cannot be read: {why}", "无法读取 {file}：{why}"),
        SchemaFault::Broken(why) => say!(l, "the schema is wrong: {why}", "模式有误：{why}"),
        SchemaFault::NoSuchMessage(name) => {
            say!(l, "{file} defines no message {name}", "{file} 中没有消息 {name}")
        }
        SchemaFault::WhichMessage(names) if names.is_empty() => {
            say!(l, "{file} defines no message", "{file} 中没有定义消息")
        }
        SchemaFault::WhichMessage(names) => {
            let first = names.first().map_or("", String::as_str);
            let names = names.iter().take(5).cloned().collect::<Vec<_>>().join(", ");
            say!(
                l,
                "name one of its messages, such as {file}#{first} ({names})",
                "请指定其中一个消息，例如 {file}#{first}（{names}）"
            )
        }
    }
}

/// Where and why a line is no layout.
fn layout_error(error: LayoutError, language: Language) -> String {
    let LayoutError { offset, problem } = error;
    let problem = layout_problem(problem).of(language);
    let at = format::count(offset as u64 + 1);
    say!(language, "byte {at} of the layout: {problem}", "结构的第 {at} 个字节：{problem}")
}

const fn layout_problem(problem: LayoutProblem) -> Label {
    match problem {
        LayoutProblem::Empty => label("there is no field", "没有字段"),
        LayoutProblem::UnknownType => label(
            "there is no such type; u8, i16le, f32be and text are types",
            "没有这种类型；例如 u8、i16le、f32be、text",
        ),
        LayoutProblem::NoByteOrder => label("le or be is missing behind the type", "类型后面缺少 le 或 be"),
        LayoutProblem::NoName => label("the field has no name", "字段没有名称"),
        LayoutProblem::NoNumber => label("a number is missing", "缺少数字"),
        LayoutProblem::DivisionByZero => label("nothing can be divided by 0", "不能除以 0"),
        LayoutProblem::Unclosed => label("a bracket is not closed", "括号没有闭合"),
        LayoutProblem::Twice => label("the name is there already", "名称重复"),
        LayoutProblem::TooManyBits => label("there are not so many bits", "没有这么多位"),
        LayoutProblem::TooMany => label("that many cannot be intended", "数量过大"),
        LayoutProblem::NotATime => label("only a whole number can be a time", "只有整数可以表示时间"),
        LayoutProblem::NotLast => {
            label("nothing can follow a field of any length", "长度不定的字段之后不能再有字段")
        }
        LayoutProblem::Unexpected => label("this cannot stand here", "此处不能出现该内容"),
    }
}

/// Tells that a payload cannot be read in a format.
pub const fn not_readable(format: Format) -> Label {
    match format {
        Format::Image => label("This is not a picture", "这不是图像"),
        Format::Json => label("This is not JSON", "这不是 JSON"),
        Format::Xml => label("This is not XML", "这不是 XML"),
        Format::Cbor => label("This is not CBOR", "这不是 CBOR"),
        Format::MessagePack => label("This is not MessagePack", "这不是 MessagePack"),
        Format::Sparkplug => label("This is not Sparkplug B", "这不是 Sparkplug B"),
        Format::Protobuf => label("This is not a Protobuf message", "这不是 Protobuf 消息"),
        Format::Avro => label("This is not Avro of this schema", "这不是该模式的 Avro"),
        Format::Struct => label("This does not match the layout", "与该结构不符"),
        Format::Yaml => label("This is not YAML", "这不是 YAML"),
        Format::Brotli => label("This is not what Brotli packed", "这不是 Brotli 压缩的内容"),
        Format::Numbers => label("These bytes are not numbers of that type", "不是这种类型的数值"),
        Format::Utf16Le | Format::Utf16Be | Format::Latin1 | Format::Text => {
            label("This cannot be shown as text", "无法以文本显示")
        }
        Format::Hex => label("This cannot be shown as hex", "无法以十六进制显示"),
    }
}

/// Tells that a payload cannot be shown in a format, in front of [`decode_error`].
pub const fn not_shown(format: Format, error: &DecodeError) -> Label {
    match error {
        DecodeError::Unusable(_) => label("The decoder cannot be used", "无法使用该解码器"),
        _ => not_readable(format),
    }
}

/// A payload on one line of at most `chars_max` characters.
pub fn preview(payload: &[u8], choice: Option<&Choice>, chars_max: usize, language: Language) -> String {
    if payload.is_empty() {
        return NO_PAYLOAD.of(language).to_owned();
    }
    crate::payload::preview(payload, choice, chars_max)
}

/// [`preview`], and what it is the preview of.
pub fn preview_at_a_glance(
    payload: &[u8],
    choice: Option<&Choice>,
    chars_max: usize,
    language: Language,
) -> (String, Glance) {
    if payload.is_empty() {
        return (NO_PAYLOAD.of(language).to_owned(), Glance::Other);
    }
    crate::payload::preview_at_a_glance(payload, choice, chars_max)
}

/// Caption of a picture: `PNG image   640 × 480 pixels   69 B`.
pub fn image(image: &ImageInfo, bytes: u64, language: Language) -> String {
    let (kind, bytes) = (image.kind.name(), format::bytes(bytes));
    match (image.size, language) {
        (Some((width, height)), English) => format!("{kind} image   {width} × {height} pixels   {bytes}"),
        (Some((width, height)), Chinese) => format!("{kind} 图像   {width} × {height} 像素   {bytes}"),
        (None, English) => format!("{kind} image   {bytes}"),
        (None, Chinese) => format!("{kind} 图像   {bytes}"),
    }
}

/// Added to [`image()`] when the picture is drawn with fewer pixels than it has.
pub fn drawn_smaller(width: usize, height: usize, l: Language) -> String {
    say!(l, "   drawn at {width} × {height}", "   以 {width} × {height} 显示")
}

/// Shown while a picture is decoded.
pub const DECODING_PICTURE: Label = label("Decoding the picture…", "正在解码图像…");
/// Shown when a picture cannot be drawn; the reason follows below.
pub const NO_PICTURE: Label = label("This picture cannot be drawn", "无法显示此图像");

/// Why a picture cannot be drawn, as a clause; `None` if the thread ended without a result.
pub fn picture_error(error: Option<&PictureError>, l: Language) -> String {
    match error {
        None => l.pick("decoding it failed", "解码失败").to_owned(),
        Some(PictureError::TooManyPixels { width, height }) => {
            let most = format::count(PIXELS_MAX);
            let (width, height) = (format::count(u64::from(*width)), format::count(u64::from(*height)));
            say!(
                l,
                "its header claims {width} × {height} pixels; at most {most} pixels are decoded",
                "其头部声明为 {width} × {height} 像素；最多解码 {most} 像素"
            )
        }
        Some(PictureError::TooMuchMemory) => l
            .pick(
                "decoding it would take more memory than is allowed for a picture",
                "解码所需的内存超出单个图像的上限",
            )
            .to_owned(),
        Some(PictureError::BreaksOff { bytes }) => {
            let bytes = format::count(*bytes as u64);
            say!(
                l,
                "the data ends after {bytes} bytes, before the picture is whole",
                "数据在 {bytes} 字节后结束，图像不完整"
            )
        }
        Some(PictureError::Damaged { at, reason }) => {
            let at = format::count(*at as u64);
            let reason = format::excerpt(reason, l);
            say!(l, "it is damaged before byte {at}: {reason}", "第 {at} 字节之前的数据已损坏：{reason}")
        }
        Some(PictureError::Cancelled) => l.pick("decoding was stopped", "解码已停止").to_owned(),
    }
}

/// Why a payload cannot be read in a format, and where.
pub fn decode_error(error: &DecodeError, language: Language) -> String {
    match error {
        DecodeError::Json(error) => syntax_error(error, language),
        DecodeError::NotAPicture => language
            .pick(
                "it does not begin like a PNG, JPEG, GIF, WebP or BMP",
                "开头不符合 PNG、JPEG、GIF、WebP 或 BMP 格式",
            )
            .to_owned(),
        DecodeError::NeedsOptions => language.pick("no layout has been given", "尚未指定结构").to_owned(),
        DecodeError::Unusable(error) => choice_error(error, language),
        DecodeError::Binary(fault) => binary_fault(*fault, language),
        DecodeError::Limit(error) => limit_error(*error, language),
    }
}

/// Where and why bytes are not of a format: `byte 17: the payload ends inside a value`.
fn binary_fault(fault: BinaryFault, language: Language) -> String {
    let BinaryFault { offset, problem } = fault;
    let problem = binary_problem(problem, language);
    let offset = format::count(offset as u64);
    say!(language, "byte {offset}: {problem}", "第 {offset} 字节：{problem}")
}

fn binary_problem(problem: BinaryProblem, language: Language) -> String {
    let fixed = |label: Label| label.of(language).to_owned();
    match problem {
        BinaryProblem::Truncated => fixed(label("the payload ends inside a value", "载荷在值的中间结束")),
        BinaryProblem::Trailing { bytes } => {
            let count = format::count(bytes as u64);
            let english = format::plural(bytes as u64, "byte follows", "bytes follow");
            say!(language, "the value is complete, but {english}", "值已经完整，但后面还有 {count} 个字节")
        }
        BinaryProblem::BadByte(byte) => {
            say!(language, "no value begins with {byte:#04x} here", "此处没有以 {byte:#04x} 开头的值")
        }
        BinaryProblem::NotUtf8 => fixed(label("a text is not UTF-8", "文本不是 UTF-8")),
        BinaryProblem::TooDeep(depth_max) => {
            let depth_max = format::count(depth_max as u64);
            say!(language, "more than {depth_max} containers inside each other", "嵌套超过 {depth_max} 层")
        }
        BinaryProblem::LongNumber => fixed(label("a number is longer than 64 bits", "数字超过 64 位")),
        BinaryProblem::BadLength(length) => {
            let length = format::count(length);
            say!(language, "a length of {length} cannot be right", "长度 {length} 不合理")
        }
        BinaryProblem::BadField(field) => say!(
            language,
            "{field} is no field number; they go from 1 to 536,870,911",
            "{field} 不是有效的字段编号；编号范围为 1 到 536,870,911"
        ),
        BinaryProblem::OtherType => {
            fixed(label("the value has another type than its schema says", "值的类型与模式不符"))
        }
        BinaryProblem::OtherSchema => fixed(label("it was written by another schema", "由其他模式写入")),
        BinaryProblem::UnknownCodec => fixed(label(
            "its blocks are compressed in a way that is not known here",
            "其数据块的压缩方式未知",
        )),
        BinaryProblem::BadGroup => {
            fixed(label("a group is not closed, or was not opened", "组没有关闭，或没有打开"))
        }
        BinaryProblem::Malformed => {
            fixed(label("the document is not well-formed here", "文档在此处格式不正确"))
        }
        BinaryProblem::Damaged => fixed(label("the compressed data is damaged", "压缩数据已损坏")),
    }
}

/// Why there is no JSON, and where.
pub fn json_error(error: &JsonError, language: Language) -> String {
    match error {
        JsonError::Syntax(error) => syntax_error(error, language),
        JsonError::Limit(error) => limit_error(*error, language),
    }
}

/// Where and why a text is not JSON: `line 1, column 15: a value is missing before '}'`.
pub fn syntax_error(error: &SyntaxError, language: Language) -> String {
    let SyntaxError { line, column, problem, .. } = *error;
    let problem = syntax_problem(problem, language);
    say!(language, "line {line}, column {column}: {problem}", "第 {line} 行第 {column} 列：{problem}")
}

fn syntax_problem(problem: SyntaxProblem, language: Language) -> String {
    let fixed = |label: Label| label.of(language).to_owned();
    match problem {
        SyntaxProblem::Empty => fixed(label("there is no value", "没有值")),
        SyntaxProblem::NotUtf8 => fixed(label(
            "the bytes are not UTF-8, which JSON must be",
            "内容不是 UTF-8，而 JSON 必须是 UTF-8",
        )),
        SyntaxProblem::UnexpectedCharacter(found) => {
            say!(language, "a value cannot start with {found:?}", "值不能以 {found:?} 开头")
        }
        SyntaxProblem::SingleQuote => fixed(label(
            "a string stands in double quotes, not in single ones",
            "字符串应使用双引号，而不是单引号",
        )),
        SyntaxProblem::Comment => fixed(label("JSON has no comments", "JSON 不支持注释")),
        SyntaxProblem::UnknownWord => fixed(label(
            "not a JSON word: there are true, false and null, in small letters",
            "不是 JSON 关键字：只有小写的 true、false 和 null",
        )),
        SyntaxProblem::MissingValue(found) => {
            say!(language, "a value is missing before {found:?}", "{found:?} 之前缺少值")
        }
        SyntaxProblem::TrailingComma(found) => {
            say!(language, "nothing follows the comma before {found:?}", "{found:?} 之前的逗号后面没有内容")
        }
        SyntaxProblem::ExpectedKey(found) => say!(
            language,
            "a key in double quotes is expected, not {found:?}",
            "此处应为带双引号的键，而不是 {found:?}"
        ),
        SyntaxProblem::ExpectedColon(found) => say!(
            language,
            "a colon is expected after the key, not {found:?}",
            "键后面应为冒号，而不是 {found:?}"
        ),
        SyntaxProblem::ExpectedComma { found, close } => say!(
            language,
            "a comma or {close:?} is expected, not {found:?}",
            "此处应为逗号或 {close:?}，而不是 {found:?}"
        ),
        SyntaxProblem::TrailingText => {
            fixed(label("the value is complete, but more text follows", "值已经完整，但后面还有内容"))
        }
        SyntaxProblem::Unfinished(open) => say!(
            language,
            "the text ends too early; objects and arrays still open: {open}",
            "内容提前结束，还有 {open} 个对象或数组未关闭"
        ),
        SyntaxProblem::UnclosedString => fixed(label("the string has no closing quote", "字符串缺少右引号")),
        SyntaxProblem::LineBreakInString => {
            fixed(label("a line break inside a string is written as \\n", "字符串中的换行应写作 \\n"))
        }
        SyntaxProblem::ControlInString(byte) => say!(
            language,
            "the control character {byte:#04x} inside a string is written as an escape",
            "字符串中的控制字符 {byte:#04x} 应写作转义序列"
        ),
        SyntaxProblem::BadEscape(found) => say!(
            language,
            "a backslash is followed by one of \" \\ / b f n r t u, not by {found:?}",
            "反斜杠后面应为 \" \\ / b f n r t u 之一，而不是 {found:?}"
        ),
        SyntaxProblem::BadUnicodeEscape => {
            fixed(label("\\u is followed by four hexadecimal digits", "\\u 后面应为四位十六进制数字"))
        }
        SyntaxProblem::LeadingZero => fixed(label("a number has no zeros in front", "数字不能有前导零")),
        SyntaxProblem::MissingDigit => fixed(label("a digit is missing in the number", "数字中缺少数位")),
        SyntaxProblem::BadNumberEnd(found) => {
            say!(language, "the number is followed by {found:?}", "数字后面紧跟着 {found:?}")
        }
        SyntaxProblem::TooDeep(depth_max) => {
            let depth_max = format::count(depth_max as u64);
            say!(
                language,
                "more than {depth_max} objects and arrays inside each other",
                "对象和数组的嵌套超过 {depth_max} 层"
            )
        }
    }
}

/// Why a decoder stopped although the payload may be in order.
pub fn limit_error(error: LimitError, language: Language) -> String {
    match error {
        LimitError::TooLarge { what, bytes_max } => {
            let bytes_max = format::count(bytes_max as u64);
            let what = match what {
                TooLarge::Payload => label("the payload", "载荷"),
                TooLarge::Unpacked => label("what is inside the payload", "载荷解压后的内容"),
                TooLarge::Text => label("the formatted text", "格式化后的文本"),
            };
            let what = what.of(language);
            match language {
                English => {
                    format!(
                        "{what} is larger than {bytes_max} bytes; look at it as hex, or save it to a file"
                    )
                }
                Chinese => format!("{what}超过 {bytes_max} 字节；可改用十六进制查看，或保存到文件"),
            }
        }
        LimitError::Cancelled => language.pick("cancelled", "已取消").to_owned(),
    }
}

/// Where and why a text is not hexadecimal.
pub fn hex_error(error: &HexError, language: Language) -> String {
    match (*error, language) {
        (HexError::NotADigit { line, column, found }, English) => {
            format!("line {line}, column {column}: {found:?} is not a hexadecimal digit")
        }
        (HexError::NotADigit { line, column, found }, Chinese) => {
            format!("第 {line} 行第 {column} 列：{found:?} 不是十六进制数字")
        }
        (HexError::HalfAByte, English) => "the last byte has only one digit".to_owned(),
        (HexError::HalfAByte, Chinese) => "最后一个字节只有一位数字".to_owned(),
    }
}

/// What is wrong with the text of a path.
pub const fn path_problem(problem: PathProblem, language: Language) -> &'static str {
    let text = match problem {
        PathProblem::TooManySteps => label("the path has too many steps", "路径层级过多"),
        PathProblem::NoPlainKey => {
            label("a key is missing, or needs brackets and quotes", "缺少键，或键需要加方括号和引号")
        }
        PathProblem::DotBeforeBracket => label("no dot belongs before a bracket", "方括号前不应有点号"),
        PathProblem::NoSeparator => label("a dot or a bracket is missing", "缺少点号或方括号"),
        PathProblem::UnclosedQuote => label("the closing quote is missing", "缺少右引号"),
        PathProblem::NoIndex => {
            label("brackets hold a number or a key in quotes", "方括号内应为数字或加引号的键")
        }
        PathProblem::UnclosedBracket => label("the closing bracket is missing", "缺少右方括号"),
    };
    text.of(language)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payload::{DecodeLimits, json, never};

    #[test]
    fn what_is_not_json_is_explained_with_its_place() {
        let error = json::validate(b"{\n  \"a\": 1,\n}", &DecodeLimits::default(), &never).unwrap_err();
        assert_eq!(json_error(&error, English), "line 3, column 1: nothing follows the comma before '}'");
        assert_eq!(json_error(&error, Chinese), "第 3 行第 1 列：'}' 之前的逗号后面没有内容");
    }

    #[test]
    fn a_limit_is_named_with_what_exceeds_it() {
        let error = LimitError::TooLarge { what: TooLarge::Payload, bytes_max: 1_000 };
        let said = limit_error(error, English);
        assert_eq!(said, "the payload is larger than 1,000 bytes; look at it as hex, or save it to a file");
    }
}

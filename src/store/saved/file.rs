//! The format of one file.

use std::io;
use std::ops::Range;

use bytes::Bytes;
use serde::Deserialize;
use toml::Spanned;

use crate::message::{PublishProperties, QoS};
use crate::mqtt::filter::{self, InvalidTopic};

/// What encloses the head.
pub(super) const FENCE: &str = "+++";

/// A saved message.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SavedMessage {
    /// Topic, with placeholders.
    pub topic: String,
    /// Quality of service.
    pub qos: QoS,
    /// Whether the broker is asked to retain it.
    pub retain: bool,
    /// Whether `{{…}}` is replaced.
    pub variables: bool,
    /// How the payload is written: `text`, `hex`, `base64`, or a format that is written from JSON.
    pub format: String,
    /// The keys that send it, such as `Ctrl+Shift+1`; empty for none.
    pub key: String,
    /// MQTT 5 properties.
    pub properties: PublishProperties,
    /// The payload.
    pub payload: SavedPayload,
}

/// Where the payload is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SavedPayload {
    /// Below the head.
    Below(String),
    /// In a file beside, with this name and these bytes.
    Beside(String, Bytes),
}

impl Default for SavedPayload {
    fn default() -> Self {
        Self::Below(String::new())
    }
}

/// Why a file is no message, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedFault {
    /// The line, from 1; 0 where it is the file as a whole.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What is wrong there.
    pub problem: SavedProblem,
}

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SavedProblem {
    /// It does not begin with `+++`.
    NoHead,
    /// The head has no end.
    Unclosed,
    /// The head is not TOML, or has a key that means nothing; what the parser says.
    Head(String),
    /// The topic cannot be published to.
    Topic(InvalidTopic),
    /// The payload cannot be written that way.
    Format,
    /// There is a payload below the head and one beside it.
    TwoPayloads,
    /// The payload file is not in the folder of the collection.
    Outside,
    /// The payload file cannot be read; the system's reason.
    Payload(String),
    /// The file is too large.
    TooLarge,
    /// The file is not UTF-8.
    NotUtf8,
    /// The file cannot be read; the system's reason.
    Unreadable(String),
}

impl SavedProblem {
    /// The problem of a file as a whole.
    pub(super) fn of_file(self) -> SavedFault {
        SavedFault { line: 0, column: 0, problem: self }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    topic: Spanned<String>,
    #[serde(default)]
    qos: QoS,
    #[serde(default)]
    retain: bool,
    #[serde(default = "yes")]
    variables: bool,
    format: Option<Spanned<String>>,
    #[serde(default)]
    key: String,
    payload_file: Option<Spanned<String>>,
    #[serde(default)]
    properties: HeadProperties,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct HeadProperties {
    payload_format_indicator: Option<u8>,
    message_expiry_s: Option<u32>,
    content_type: Option<String>,
    response_topic: Option<String>,
    correlation_data: Option<String>,
    correlation_data_hex: Option<String>,
    user: Vec<(String, String)>,
}

const fn yes() -> bool {
    true
}

/// Reads a file's text. `read_beside` reads a payload file by the name in the head.
///
/// # Errors
///
/// If the text is no message, with the place.
pub fn parse(
    text: &str,
    is_format: impl Fn(&str) -> bool,
    read_beside: impl FnOnce(&str) -> Result<Bytes, SavedProblem>,
) -> Result<SavedMessage, SavedFault> {
    let (head, below) = split(text)?;
    let fault = |span: Range<usize>, problem| fault_at(text, head.start + span.start, problem);
    let read: Head = toml::from_str(&text[head.clone()]).map_err(|error: toml::de::Error| {
        let span = error.span().unwrap_or(0..0);
        fault(span, SavedProblem::Head(error.message().to_owned()))
    })?;
    let Head { topic, qos, retain, variables, format, key, payload_file, properties } = read;
    if !(variables && topic.as_ref().contains("{{")) {
        filter::check_topic(topic.as_ref()).map_err(|why| fault(topic.span(), SavedProblem::Topic(why)))?;
    }
    if let Some(format) = format.as_ref().filter(|format| !is_format(format.as_ref())) {
        return Err(fault(format.span(), SavedProblem::Format));
    }
    let payload = match payload_file {
        None => SavedPayload::Below(payload_below(&text[below]).to_owned()),
        Some(name) if !text[below].trim().is_empty() => {
            return Err(fault(name.span(), SavedProblem::TwoPayloads));
        }
        Some(name) => {
            let bytes = read_beside(name.as_ref()).map_err(|problem| fault(name.span(), problem))?;
            SavedPayload::Beside(name.into_inner(), bytes)
        }
    };
    Ok(SavedMessage {
        topic: topic.into_inner(),
        qos,
        retain,
        variables,
        format: format.map_or_else(|| "text".to_owned(), Spanned::into_inner),
        key,
        properties: properties_of(properties).map_err(|problem| fault(0..0, problem))?,
        payload,
    })
}

fn properties_of(read: HeadProperties) -> Result<PublishProperties, SavedProblem> {
    let correlation_data = match (read.correlation_data, read.correlation_data_hex) {
        (Some(text), _) => Some(text.into_bytes()),
        (None, Some(hex)) => {
            let bytes = data_encoding::HEXLOWER_PERMISSIVE.decode(hex.as_bytes());
            Some(bytes.map_err(|error| SavedProblem::Head(error.to_string()))?)
        }
        (None, None) => None,
    };
    Ok(PublishProperties {
        payload_format_indicator: read.payload_format_indicator,
        message_expiry_interval_s: read.message_expiry_s,
        content_type: read.content_type,
        response_topic: read.response_topic,
        correlation_data,
        subscription_identifiers: Vec::new(),
        user_properties: read.user,
    })
}

/// Where the head is, and what follows it.
fn split(text: &str) -> Result<(Range<usize>, Range<usize>), SavedFault> {
    let is_fence = |line: &str| line.trim_end() == FENCE;
    let mut lines = text.split_inclusive('\n');
    let first = lines.next().filter(|line| is_fence(line));
    let start = first.ok_or_else(|| fault_at(text, 0, SavedProblem::NoHead))?.len();
    let mut at = start;
    for line in lines {
        if is_fence(line) {
            return Ok((start..at, at + line.len()..text.len()));
        }
        at += line.len();
    }
    Err(fault_at(text, text.len(), SavedProblem::Unclosed))
}

/// The payload without the line end that an editor puts at the end of a file.
fn payload_below(text: &str) -> &str {
    text.strip_suffix("\r\n").or_else(|| text.strip_suffix('\n')).unwrap_or(text)
}

fn fault_at(text: &str, offset: usize, problem: SavedProblem) -> SavedFault {
    let before = &text[..text.floor_char_boundary(offset)];
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    SavedFault {
        line: before.matches('\n').count() + 1,
        column: before[line_start..].chars().count() + 1,
        problem,
    }
}

/// The problem of a file that the system does not hand out.
pub(super) fn unreadable(error: &io::Error) -> SavedProblem {
    match error.kind() {
        io::ErrorKind::FileTooLarge => SavedProblem::TooLarge,
        _ => SavedProblem::Unreadable(error.to_string()),
    }
}

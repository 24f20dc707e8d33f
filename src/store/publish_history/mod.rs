//! The publish history, newest first, kept across restarts in `published.jsonl`, one message a line.
//!
//! It is bounded in messages and in bytes. Publishing the same message again moves it to the front. A plain list in
//! memory for the publish panel; [`Saver`](crate::store::Saver) writes it.

pub mod payload_files;

use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use serde::{Deserialize, Serialize};

use crate::message::{PublishProperties, QoS, Timestamp};
use crate::store::atomic::Access;
use crate::store::document::{Merged, Parsed, Saved, Storable};
use crate::store::merge;
use crate::store::notice::{FAULTS_MAX, Fault, FileDamage, Salvaged, Subject, Unwritable};

/// How many messages are kept.
pub const ENTRIES_MAX: usize = 1_000;
/// The largest payload that is kept in the file itself, in bytes; a larger one has a file of its own.
pub const PAYLOAD_BYTES_MAX: usize = 64 * 1024;
/// How many bytes of payload are kept in all. The whole file is written with each message.
pub const TOTAL_BYTES_MAX: usize = 4 * 1024 * 1024;
/// The largest payload with a file of its own; of a larger one only the size is kept.
pub const FILE_BYTES_MAX: usize = 64 * 1024 * 1024;
/// How many bytes the files of payloads have in all.
pub const FILES_BYTES_MAX: u64 = 512 * 1024 * 1024;

/// What is kept of a payload.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum KeptPayload {
    /// The whole payload.
    Whole(Vec<u8>),
    /// It is in a file of its own: its size in bytes, and the file's name.
    InFile(u64, String),
    /// Only its size in bytes, because it was too large.
    TooLarge(u64),
}

/// One message that was published.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(into = "Line", try_from = "Line")]
pub struct Published {
    /// When it was last published.
    pub at: Timestamp,
    /// Topic name.
    pub topic: String,
    /// The payload, if it was not too large.
    pub payload: KeptPayload,
    /// Quality of service.
    pub qos: QoS,
    /// Whether the broker was asked to retain it.
    pub retain: bool,
    /// MQTT 5 properties.
    pub properties: PublishProperties,
}

impl Published {
    fn same_message(&self, other: &Self) -> bool {
        let Self { at: _, topic, payload, qos, retain, properties } = self;
        *topic == other.topic
            && *payload == other.payload
            && *qos == other.qos
            && *retain == other.retain
            && *properties == other.properties
    }

    fn payload_bytes(&self) -> usize {
        match &self.payload {
            KeptPayload::Whole(bytes) => bytes.len(),
            KeptPayload::InFile(..) | KeptPayload::TooLarge(_) => 0,
        }
    }

    fn file_bytes(&self) -> u64 {
        match &self.payload {
            KeptPayload::InFile(bytes, _) => *bytes,
            KeptPayload::Whole(_) | KeptPayload::TooLarge(_) => 0,
        }
    }
}

/// The messages that were published, newest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PublishHistory {
    entries: Vec<Published>,
}

impl PublishHistory {
    /// The messages, newest first.
    pub fn iter(&self) -> std::slice::Iter<'_, Published> {
        self.entries.iter()
    }

    /// How many messages there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are no messages.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The message at `index`, where 0 is the newest.
    pub fn get(&self, index: usize) -> Option<&Published> {
        self.entries.get(index)
    }

    /// Adds a message at the front, or moves it there if it is already in the list. Drops the oldest beyond the limits.
    /// Returns the name of the file that the caller has to write the payload to, if it has one of its own.
    pub fn add(
        &mut self,
        at: Timestamp,
        topic: &str,
        payload: &[u8],
        qos: QoS,
        retain: bool,
        properties: PublishProperties,
    ) -> Option<String> {
        let inline: usize = self.entries.iter().map(Published::payload_bytes).sum();
        let is_large = payload.len() > PAYLOAD_BYTES_MAX || inline + payload.len() > TOTAL_BYTES_MAX;
        let payload = if payload.len() > FILE_BYTES_MAX {
            KeptPayload::TooLarge(payload.len() as u64)
        } else if is_large {
            KeptPayload::InFile(payload.len() as u64, payload_files::name_of(payload))
        } else {
            KeptPayload::Whole(payload.to_vec())
        };
        let new = Published { at, topic: topic.to_owned(), payload, qos, retain, properties };
        let file = match &new.payload {
            KeptPayload::InFile(_, name) => Some(name.clone()),
            KeptPayload::Whole(_) | KeptPayload::TooLarge(_) => None,
        };
        self.entries.retain(|old| !old.same_message(&new));
        self.entries.insert(0, new);
        self.bound();
        file
    }

    /// Removes a message and returns it.
    pub fn remove(&mut self, index: usize) -> Option<Published> {
        (index < self.entries.len()).then(|| self.entries.remove(index))
    }

    /// Forgets all messages.
    pub fn clear(&mut self) {
        self.entries.clear();
    }

    /// Takes over what a save merged in from another program, keeping what was changed here since.
    pub fn adopt(&mut self, saved: &Saved<Self>) {
        if saved.given != saved.stored {
            *self = Self::merge(&saved.given, self, &saved.stored, true).document;
        }
    }

    fn bound(&mut self) {
        self.entries.truncate(ENTRIES_MAX);
        let (mut total, mut in_files) = (0, 0);
        let kept = self.entries.iter().take_while(|entry| {
            total += entry.payload_bytes();
            in_files += entry.file_bytes();
            total <= TOTAL_BYTES_MAX && in_files <= FILES_BYTES_MAX
        });
        let kept = kept.count();
        self.entries.truncate(kept);
    }
}

impl<'a> IntoIterator for &'a PublishHistory {
    type Item = &'a Published;
    type IntoIter = std::slice::Iter<'a, Published>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl Storable for PublishHistory {
    const SUBJECT: Subject = Subject::Published;
    /// Allows for payloads written as hexadecimal and topics of 65,535 bytes.
    const BYTES_MAX: u64 = 64 * 1024 * 1024;

    fn parse(bytes: &[u8]) -> Parsed<Self> {
        let mut history = Self::default();
        let mut bad_lines = Vec::new();
        for (number, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
            if line.trim_ascii().is_empty() {
                continue;
            }
            match serde_json::from_slice(line) {
                Ok(entry) => history.entries.push(entry),
                Err(_) if bad_lines.len() < FAULTS_MAX => bad_lines.push(number + 1),
                Err(_) => {}
            }
        }
        let damage = (!bad_lines.is_empty()).then(|| FileDamage {
            faults: vec![Fault::NotMessages { lines: bad_lines }],
            salvaged: Salvaged::Messages { read: history.len() },
        });
        history.bound();
        Parsed { document: history, damage, ..Parsed::default() }
    }

    fn print(&self) -> Result<String, Unwritable> {
        let mut text = String::new();
        for entry in &self.entries {
            let line = serde_json::to_string(entry);
            text.push_str(&line.map_err(|error| Unwritable::Format(error.to_string()))?);
            text.push('\n');
        }
        Ok(text)
    }

    /// Private, because commands sent to devices are nobody else's business.
    fn access(&self) -> Access {
        Access::Private
    }

    fn merge(base: &Self, ours: &Self, theirs: &Self, theirs_whole: bool) -> Merged<Self> {
        // An entry never changes, so it is its own key; the same message sent at two times is made one below.
        let key = |entry: &Published| serde_json::to_string(entry).unwrap_or_default();
        let base = if theirs_whole { base.entries.as_slice() } else { &[] };
        let mut entries = merge::lists(base, &ours.entries, &theirs.entries, key).items;
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.at));
        let mut merged = Self::default();
        for entry in entries {
            if !merged.entries.iter().any(|newer| newer.same_message(&entry)) {
                merged.entries.push(entry);
            }
        }
        merged.bound();
        Merged { document: merged, remarks: Vec::new() }
    }
}

/// A message as written to the file. Text payloads stay readable; others are hexadecimal.
#[derive(Clone, Serialize, Deserialize)]
struct Line {
    /// Microseconds since the Unix epoch.
    #[serde(default)]
    at_us: i64,
    topic: String,
    #[serde(flatten)]
    payload: LinePayload,
    #[serde(default)]
    qos: QoS,
    #[serde(default)]
    retain: bool,
    #[serde(default, skip_serializing_if = "LineProperties::is_empty")]
    properties: LineProperties,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum LinePayload {
    Text(String),
    Hex(String),
    File(LineFile),
    TooLargeBytes(u64),
}

#[derive(Clone, Serialize, Deserialize)]
struct LineFile {
    name: String,
    bytes: u64,
}

/// [`PublishProperties`] as written to the file; those that only a broker sets are left out.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct LineProperties {
    #[serde(skip_serializing_if = "Option::is_none")]
    payload_format_indicator: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_expiry_interval_s: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_topic: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    correlation_data_hex: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    user_properties: Vec<(String, String)>,
}

impl LineProperties {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl From<Published> for Line {
    fn from(published: Published) -> Self {
        let Published { at, topic, payload, qos, retain, properties } = published;
        let payload = match payload {
            KeptPayload::Whole(bytes) => match String::from_utf8(bytes) {
                Ok(text) => LinePayload::Text(text),
                Err(error) => LinePayload::Hex(to_hex(error.as_bytes())),
            },
            KeptPayload::InFile(bytes, name) => LinePayload::File(LineFile { name, bytes }),
            KeptPayload::TooLarge(bytes) => LinePayload::TooLargeBytes(bytes),
        };
        let properties = LineProperties {
            payload_format_indicator: properties.payload_format_indicator,
            message_expiry_interval_s: properties.message_expiry_interval_s,
            content_type: properties.content_type,
            response_topic: properties.response_topic,
            correlation_data_hex: properties.correlation_data.as_deref().map(to_hex),
            user_properties: properties.user_properties,
        };
        Self { at_us: at.0, topic, payload, qos, retain, properties }
    }
}

impl TryFrom<Line> for Published {
    type Error = String;

    fn try_from(line: Line) -> Result<Self, Self::Error> {
        let Line { at_us, topic, payload, qos, retain, properties } = line;
        let payload = match payload {
            LinePayload::Text(text) => KeptPayload::Whole(text.into_bytes()),
            LinePayload::Hex(hex) => KeptPayload::Whole(from_hex(&hex)?),
            LinePayload::File(LineFile { name, bytes }) => KeptPayload::InFile(bytes, name),
            LinePayload::TooLargeBytes(bytes) => KeptPayload::TooLarge(bytes),
        };
        let properties = PublishProperties {
            payload_format_indicator: properties.payload_format_indicator,
            message_expiry_interval_s: properties.message_expiry_interval_s,
            content_type: properties.content_type,
            response_topic: properties.response_topic,
            correlation_data: properties.correlation_data_hex.as_deref().map(from_hex).transpose()?,
            subscription_identifiers: Vec::new(),
            user_properties: properties.user_properties,
        };
        Ok(Self { at: Timestamp(at_us), topic, payload, qos, retain, properties })
    }
}

fn to_hex(bytes: &[u8]) -> String {
    HEXLOWER.encode(bytes)
}

fn from_hex(text: &str) -> Result<Vec<u8>, String> {
    HEXLOWER_PERMISSIVE.decode(text.as_bytes()).map_err(|_| "not hexadecimal".to_owned())
}

#[cfg(test)]
mod tests;

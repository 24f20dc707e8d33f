//! Writes a message as a file.

use std::path::{Path, PathBuf};

use crate::message::PublishProperties;
use crate::store::atomic::{self, Access};
use crate::store::notice::StoreError;
use crate::store::saved::file::FENCE;
use crate::store::saved::{EXTENSION, SavedMessage, SavedPayload};

/// The most characters of a level of a name.
const LEVEL_CHARS_MAX: usize = 64;

/// The name of a message as a path below its collection: levels between slashes, each safe on every system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedName(PathBuf);

impl SavedName {
    /// The name for what a person typed; `None` if nothing is left of it.
    pub fn new(typed: &str) -> Option<Self> {
        let levels = typed.split('/').map(safe).filter(|level| !level.is_empty());
        let path: PathBuf = levels.collect();
        (!path.as_os_str().is_empty()).then_some(Self(path))
    }

    /// The name of a collection's folder for what a person typed; `None` if nothing is left of it.
    pub fn folder(typed: &str) -> Option<String> {
        let name = safe(typed);
        (!name.is_empty()).then_some(name)
    }

    /// The path of the file below the collection's folder.
    pub fn file(&self) -> PathBuf {
        let mut name = self.0.clone().into_os_string();
        name.push(".");
        name.push(EXTENSION);
        name.into()
    }
}

/// A level of a name, without what a system does not allow in file names, and without what hides a file.
fn safe(level: &str) -> String {
    let is_bad = |char: char| char.is_control() || r#"<>:"/\|?*"#.contains(char);
    let level: String = level.chars().map(|char| if is_bad(char) { '_' } else { char }).collect();
    let level = level.trim().trim_start_matches('.').trim_end_matches(['.', ' ']);
    let level: String = level.chars().take(LEVEL_CHARS_MAX).collect();
    // Windows has devices of these names in every folder.
    let is_device = ["con", "prn", "aux", "nul"].contains(&level.to_lowercase().as_str());
    if is_device { format!("{level}_") } else { level }
}

/// The text of a message's file.
pub fn print(message: &SavedMessage) -> String {
    let SavedMessage { topic, qos, retain, variables, format, key, properties, payload } = message;
    let mut head = toml::Table::new();
    let mut put = |key: &str, value: toml::Value| {
        head.insert(key.to_owned(), value);
    };
    put("topic", topic.clone().into());
    put("qos", i64::from(u8::from(*qos)).into());
    if *retain {
        put("retain", true.into());
    }
    if !variables {
        put("variables", false.into());
    }
    if format != "text" {
        put("format", format.clone().into());
    }
    if !key.is_empty() {
        put("key", key.clone().into());
    }
    if let SavedPayload::Beside(name, _) = payload {
        put("payload_file", name.clone().into());
    }
    let properties = properties_table(properties);
    if !properties.is_empty() {
        put("properties", properties.into());
    }
    // Texts, numbers and flags only, so this cannot fail.
    let mut text = format!("{FENCE}\n{}{FENCE}\n", toml::to_string(&head).unwrap_or_default());
    if let SavedPayload::Below(payload) = payload {
        text.push_str(payload);
        text.push('\n');
    }
    text
}

fn properties_table(properties: &PublishProperties) -> toml::Table {
    let PublishProperties {
        payload_format_indicator,
        message_expiry_interval_s,
        content_type,
        response_topic,
        correlation_data,
        subscription_identifiers: _,
        user_properties,
    } = properties;
    let mut table = toml::Table::new();
    let mut put = |key: &str, value: Option<toml::Value>| {
        if let Some(value) = value {
            table.insert(key.to_owned(), value);
        }
    };
    put("payload_format_indicator", payload_format_indicator.map(|number| i64::from(number).into()));
    put("message_expiry_s", message_expiry_interval_s.map(|number| i64::from(number).into()));
    put("content_type", content_type.clone().map(Into::into));
    put("response_topic", response_topic.clone().map(Into::into));
    match correlation_data.as_deref().map(std::str::from_utf8) {
        Some(Ok(text)) => put("correlation_data", Some(text.into())),
        Some(Err(_)) => {
            let hex = correlation_data.as_deref().map(|bytes| data_encoding::HEXLOWER.encode(bytes));
            put("correlation_data_hex", hex.map(Into::into));
        }
        None => {}
    }
    if !user_properties.is_empty() {
        let pairs = user_properties.iter().map(|(name, value)| vec![name.clone(), value.clone()].into());
        put("user", Some(toml::Value::Array(pairs.collect())));
    }
    table
}

/// Writes a message into a collection. A payload beside it is written first, so that a file never names one that is not
/// there. Blocks on the disk.
///
/// # Errors
///
/// If a file cannot be written; an older one is then still whole.
pub fn write(collection: &Path, name: &SavedName, message: &SavedMessage) -> Result<PathBuf, StoreError> {
    let path = collection.join(name.file());
    rewrite(&path, message)?;
    Ok(path)
}

/// Writes a message to the file that it had. Blocks on the disk.
///
/// # Errors
///
/// If the file cannot be written.
pub fn rewrite(path: &Path, message: &SavedMessage) -> Result<(), StoreError> {
    if let SavedPayload::Beside(file, bytes) = &message.payload {
        atomic::write(&path.with_file_name(file), bytes, Access::Default)?;
    }
    atomic::write(path, print(message).as_bytes(), Access::Default)
}

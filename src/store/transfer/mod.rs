//! Connections from and to other places: our own export, the settings of MQTT Explorer, the export of MQTTX.
//!
//! [`read`] recognises a file by itself and gives what it holds with a sentence for each thing that does not come over,
//! so that a person can look before anything is kept. [`keep()`] then writes the certificates that came with it.
//! [`write()`] makes a file of ours. Nothing here knows of the window, and only `keep` touches the disk.

mod json;
mod keep;
mod mqtt_explorer;
mod mqttree;
mod mqttx;
mod object;

use std::fmt;

use crate::mqtt::check::check;
use crate::mqtt::options::{ConnectOptions, Secrets};
use crate::store::profiles::{NEW_NAME, Profile};
use crate::store::url;

pub use crate::store::transfer::keep::{keep, kept_for, remove};
pub use crate::store::transfer::mqttree::write;

/// The largest file that is read, in bytes. MQTTX exports its messages too, which are passed over.
pub const FILE_BYTES_MAX: usize = 256 << 20;

/// How many connections are taken from one file.
pub const CONNECTIONS_MAX: usize = 10_000;

/// Whose file it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Our own export, or a `profiles.toml`.
    Mqttree,
    /// MQTT Explorer's `settings.json`.
    MqttExplorer,
    /// MQTTX's export as JSON.
    Mqttx,
}

impl Source {
    /// `mqttree`, `MQTT Explorer`, `MQTTX`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mqttree => "mqttree",
            Self::MqttExplorer => "MQTT Explorer",
            Self::Mqttx => "MQTTX",
        }
    }
}

/// What a file holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Import {
    /// Whose it is.
    pub source: Source,
    /// The connections, in the order of the other program.
    pub found: Vec<Found>,
    /// What does not come over of the file as a whole, a sentence each.
    pub notes: Vec<String>,
}

/// One connection of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// With a new id, so that it never takes the place, or the keyring's entries, of another.
    pub profile: Profile,
    /// Secrets that the file holds.
    pub secrets: Secrets,
    /// Files that the file holds; [`keep()`] writes them and puts their paths into the profile.
    pub files: Vec<File>,
    /// What does not come over, or cannot be used as it is, a sentence each.
    pub notes: Vec<String>,
}

impl Found {
    /// A connection with nothing to be said about it yet.
    fn new(name: String, connect: ConnectOptions) -> Self {
        let profile = Profile::new(name, connect);
        Self { profile, secrets: Secrets::default(), files: Vec::new(), notes: Vec::new() }
    }

    /// What stands in the place of the host and is no address would be kept as readable text.
    fn leave_out_secret_host(&mut self) {
        let Profile { name, connect, .. } = &mut self.profile;
        if url::may_hold_password(connect) {
            if *name == connect.host {
                NEW_NAME.clone_into(name);
            }
            connect.host.clear();
            self.notes.push("Its host is no host, and may hold a password: it is left out.".to_owned());
        }
    }

    /// Says what the form will mark: it comes over as it is.
    fn note_mistakes(&mut self) {
        let mistakes = check(&self.profile.connect).into_iter();
        self.notes.extend(mistakes.map(|problem| format!("{}: {}", problem.field, problem.issue)));
    }
}

/// A file within a file. Its content may be a key: `Debug` gives its size alone.
#[derive(Clone, PartialEq, Eq)]
pub struct File {
    /// Which option it is.
    pub purpose: FilePurpose,
    /// What it was called; may be empty, and may be anything.
    pub name: String,
    /// Its bytes.
    pub content: Vec<u8>,
}

impl fmt::Debug for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { purpose, name, content } = self;
        write!(f, "File({purpose:?}, {name:?}, {} bytes)", content.len())
    }
}

/// Which option a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FilePurpose {
    /// [`ConnectOptions::ca_certificate`]
    CaCertificate,
    /// [`crate::mqtt::options::TlsOptions::client_certificate`]
    ClientCertificate,
    /// [`crate::mqtt::options::TlsOptions::client_key`]
    ClientKey,
}

impl FilePurpose {
    /// `CA certificate`, `client certificate`, `client key`.
    pub fn name(self) -> &'static str {
        match self {
            Self::CaCertificate => "CA certificate",
            Self::ClientCertificate => "client certificate",
            Self::ClientKey => "client key",
        }
    }
}

/// Why nothing could be read. Never quotes the file: it may hold passwords.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// Longer than [`FILE_BYTES_MAX`], or of more parts than are looked at.
    #[error("the file is too large for a list of connections")]
    TooLarge,
    /// Not UTF-8.
    #[error("the file is not text")]
    NotText,
    /// It begins like JSON and is none.
    #[error("line {line}, column {column}: this is not JSON")]
    Json {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
    },
    /// Text of another kind.
    #[error("the file is neither of mqttree nor of MQTT Explorer nor of MQTTX")]
    Unknown,
    /// Of a known kind, but without a connection.
    #[error("the file of {} holds no connection", .0.name())]
    Empty(Source),
}

impl ImportError {
    /// What may help.
    pub fn suggestion(&self) -> &'static str {
        match self {
            Self::TooLarge => "Export the connections without their messages.",
            Self::NotText | Self::Json { .. } | Self::Unknown => {
                "Choose a file that mqttree exported, the settings.json of MQTT Explorer, or an export of MQTTX as JSON."
            }
            Self::Empty(_) => "Choose another file.",
        }
    }
}

/// Reads a file of any known kind. Whatever the bytes, it neither panics nor takes much more memory than they do.
pub fn read(bytes: &[u8]) -> Result<Import, ImportError> {
    if bytes.len() > FILE_BYTES_MAX {
        return Err(ImportError::TooLarge);
    }
    let text = std::str::from_utf8(bytes).map_err(|_not_utf8| ImportError::NotText)?;
    // Editors on Windows put a byte order mark before everything.
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let import = match text.bytes().next() {
        Some(b'{') => read_json(text)?,
        // `[[profile]]` begins like a list in JSON.
        Some(b'[') if !text.starts_with("[[") && !mqttree::recognises(text) => read_json(text)?,
        _ if mqttree::recognises(text) => mqttree::read(text),
        _ => return Err(ImportError::Unknown),
    };
    finish(import)
}

fn read_json(text: &str) -> Result<Import, ImportError> {
    let value = json::parse(text)?;
    if let Some(import) = mqtt_explorer::read(&value) {
        Ok(import)
    } else {
        mqttx::read(&value).ok_or(ImportError::Unknown)
    }
}

/// What all sources have in common.
fn finish(mut import: Import) -> Result<Import, ImportError> {
    if import.found.is_empty() && import.notes.is_empty() {
        return Err(ImportError::Empty(import.source));
    }
    let count = import.found.len();
    if count > CONNECTIONS_MAX {
        import.found.truncate(CONNECTIONS_MAX);
        import.notes.push(format!("Only the first {CONNECTIONS_MAX} of {count} connections come over."));
    }
    for found in &mut import.found {
        found.leave_out_secret_host();
        found.note_mistakes();
    }
    Ok(import)
}

#[cfg(test)]
mod tests;

//! Connections from and to other places: our own export, the settings of MQTT Explorer, MQTTX's export and its database.
//!
//! [`read`] and [`read_database`] recognise a file by themselves and give what it holds with a note for each thing that does not come over, so
//! that a person can look before anything is kept. [`keep()`] then writes the certificates that came with it.
//! [`write()`] makes a file of ours. Nothing here knows of the window, and only `keep` touches the disk.

mod json;
mod keep;
mod mqtt_explorer;
mod mqttree;
mod mqttx;
mod note;
mod object;
mod places;
mod sqlite;

use std::fmt;
use std::io::{Read, Seek};

use crate::mqtt::check::check;
use crate::mqtt::options::{ConnectOptions, Secrets};
use crate::store::profiles::Profile;
use crate::store::saved::SavedMessage;
use crate::store::url;

pub use crate::store::transfer::keep::{keep, kept_for, remove};
pub use crate::store::transfer::mqttree::write;
pub use crate::store::transfer::note::{Expected, Note, TransferLoss};
pub use crate::store::transfer::places::{Place, places};

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
    /// MQTTX's database, or its export as JSON.
    Mqttx,
}

impl Source {
    /// The program's own name, in every language: `mqttree`, `MQTT Explorer`, `MQTTX`.
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
    pub found: Vec<FoundConnection>,
    /// What does not come over of the file as a whole.
    pub notes: Vec<Note>,
}

/// One connection of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundConnection {
    /// With a new id, so that it never takes the place, or the keyring's entries, of another. The name may be empty.
    pub profile: Profile,
    /// Secrets that the file holds.
    pub secrets: Secrets,
    /// Files that the file holds; [`keep()`] writes them and puts their paths into the profile.
    pub files: Vec<File>,
    /// Messages that were sent with the other program.
    pub messages: Vec<SavedMessage>,
    /// What does not come over, or cannot be used as it is.
    pub notes: Vec<Note>,
}

impl FoundConnection {
    /// A connection with nothing to be said about it yet.
    fn new(name: String, connect: ConnectOptions) -> Self {
        let profile = Profile::new(name, connect);
        Self {
            profile,
            secrets: Secrets::default(),
            files: Vec::new(),
            messages: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// What stands in the place of the host and is no address would be kept as readable text.
    fn leave_out_secret_host(&mut self) {
        let Profile { name, connect, .. } = &mut self.profile;
        if url::may_hold_password(connect) {
            if *name == connect.host {
                name.clear();
            }
            connect.host.clear();
            self.notes.push(Note::Loss(TransferLoss::Host));
        }
    }

    /// Notes what the form will mark: it comes over as it is.
    fn note_problems(&mut self) {
        self.notes.extend(check(&self.profile.connect).into_iter().map(Note::Problem));
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

/// Why nothing could be read. Holds nothing of the file: it may be a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportError {
    /// Longer than [`FILE_BYTES_MAX`], or of more parts than are looked at.
    TooLarge,
    /// Not UTF-8.
    NotText,
    /// It begins like JSON and is none.
    Json {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
    },
    /// Text of another kind.
    Unknown,
    /// Of a known kind, but without a connection.
    Empty(Source),
    /// A database of SQLite that is damaged.
    DatabaseDamaged,
    /// A database of SQLite that is another program's.
    DatabaseUnknown,
    /// The system stopped reading the database.
    DatabaseUnreadable,
    /// The program is writing its database, or broke off while it did: what is in the file may be half of a change.
    DatabaseBusy,
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

/// Whether a file that begins like this is for [`read_database`].
pub fn is_database(beginning: &[u8]) -> bool {
    beginning.starts_with(sqlite::MAGIC)
}

/// Reads a database; it may be of any size, because only what is needed is read. `log` is the file of the same name with `-wal` behind it, if there
/// is one.
pub fn read_database<R: Read + Seek>(file: R, log: Option<R>) -> Result<Import, ImportError> {
    finish(mqttx::read_database(file, log)?)
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
    let found = import.found.len();
    if found > CONNECTIONS_MAX {
        import.found.truncate(CONNECTIONS_MAX);
        import.notes.push(Note::ConnectionsLimit { taken: CONNECTIONS_MAX, found });
    }
    for found in &mut import.found {
        found.leave_out_secret_host();
        found.note_problems();
    }
    Ok(import)
}

#[cfg(test)]
mod tests;

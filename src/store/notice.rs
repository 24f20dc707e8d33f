//! What a person is told about the files, and why a file could not be read or written.
//!
//! Texts here never quote a file's content: a line that does not parse may hold a password.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// How much a notice matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing is lost; the person should know.
    Info,
    /// Something is not as it was.
    Warning,
    /// Something was not done.
    Error,
}

/// One thing to tell the person: what, why, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// How much it matters.
    pub severity: Severity,
    /// What happened, with its object: `profiles.toml could not be read`.
    pub what: String,
    /// The reason, with line numbers where there are any.
    pub why: String,
    /// What may help; may be empty.
    pub suggestion: String,
    /// The file to look at, if there is one.
    pub file: Option<PathBuf>,
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.what, self.why)?;
        if !self.suggestion.is_empty() {
            write!(f, " {}", self.suggestion)?;
        }
        Ok(())
    }
}

/// Why a file of ours could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The operating system refused a step.
    #[error("{} could not be {}: {step} failed: {source}", path.display(), if *writing { "saved" } else { "read" })]
    Io {
        /// The file that was asked for.
        path: PathBuf,
        /// What was being done to it: `creating a temporary file in /home/ada/.config/mqttree`.
        step: String,
        /// Whether the file was being written; a file that could not be written is as it was before.
        writing: bool,
        /// The system's reason.
        source: io::Error,
    },
    /// Another program holds the lock.
    #[error("{} could not be saved: another mqttree has been writing for {waited_ms} ms", path.display())]
    Busy {
        /// The file that was to be saved.
        path: PathBuf,
        /// How long we waited.
        waited_ms: u64,
    },
    /// The values cannot be written in the file's format.
    #[error("{} could not be saved: {reason}", path.display())]
    Format {
        /// The file that was to be saved.
        path: PathBuf,
        /// Which value, and why.
        reason: String,
    },
    /// The system has no folder for us.
    #[error("there is no folder for the settings: {reason}")]
    NoHome {
        /// Why.
        reason: String,
    },
}

impl StoreError {
    /// A step on the way to reading `path` failed.
    pub(super) fn reading(path: &Path, step: impl Into<String>, source: io::Error) -> Self {
        Self::Io { path: path.to_owned(), step: step.into(), writing: false, source }
    }

    /// A step on the way to writing `path` failed.
    pub(super) fn writing(path: &Path, step: impl Into<String>, source: io::Error) -> Self {
        Self::Io { path: path.to_owned(), step: step.into(), writing: true, source }
    }

    /// What may help, or an empty text.
    pub fn suggestion(&self) -> String {
        match self {
            Self::Io { source, writing, .. } => io_suggestion(source, *writing).to_owned(),
            Self::Busy { .. } => {
                "Close the other mqttree or wait until it answers again; the change is saved with the next one."
                    .to_owned()
            }
            Self::Format { .. } => "Change the value and save again.".to_owned(),
            Self::NoHome { .. } => format!("Set {} to a folder that may be written.", crate::store::paths::HOME_VARIABLE),
        }
    }

    /// The error as something to show.
    pub fn notice(&self) -> Notice {
        let (what, why, file) = match self {
            Self::Io { path, step, writing, source } => {
                let verb = if *writing { "saved" } else { "read" };
                (
                    format!("{} could not be {verb}", path.display()),
                    format!("{step} failed: {source}."),
                    Some(path),
                )
            }
            Self::Busy { path, waited_ms } => (
                format!("{} could not be saved", path.display()),
                format!("Another mqttree has been writing for {waited_ms} ms."),
                Some(path),
            ),
            Self::Format { path, reason } => {
                (format!("{} could not be saved", path.display()), format!("{reason}."), Some(path))
            }
            Self::NoHome { reason } => ("Nothing can be saved".to_owned(), format!("{reason}."), None),
        };
        let suggestion = self.suggestion();
        Notice { severity: Severity::Error, what, why, suggestion, file: file.cloned() }
    }
}

fn io_suggestion(source: &io::Error, writing: bool) -> &'static str {
    match source.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "Free some space; the file on disk is as it was before."
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "Give yourself the right to read and write the folder, or set MQTTREE_HOME to another one."
        }
        _ if writing => "The file on disk is as it was before; the change is tried again with the next one.",
        _ => "",
    }
}

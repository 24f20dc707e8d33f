//! What happened to the files, as data: why one could not be read or written, and what a person should know about it.
//!
//! [`crate::words::store`] writes the sentences. Nothing here holds a file's content, because a line that does not
//! parse may be a password.

use std::io;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use crate::store::transfer::FilePurpose;

/// How many faults of one file are described. A file of the wrong kind has one on each line.
pub(super) const FAULTS_MAX: usize = 200;

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

/// One thing that the person should know about a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreNotice {
    /// The file could not be read or written.
    Failed(StoreError),
    /// A part of the file could not be read.
    Damaged {
        /// The file.
        file: PathBuf,
        /// Which part.
        damage: FileDamage,
    },
    /// The damaged file was copied before it was written again.
    CopyKept {
        /// The file.
        file: PathBuf,
        /// The copy beside it.
        copy: PathBuf,
    },
    /// Nothing is lost, but something may be unexpected.
    Remark {
        /// What the file holds.
        subject: Subject,
        /// The file.
        file: PathBuf,
        /// What to tell the person.
        remark: Remark,
    },
}

impl StoreNotice {
    /// How much it matters.
    pub fn severity(&self) -> Severity {
        match self {
            Self::Failed(_) => Severity::Error,
            Self::Damaged { .. } => Severity::Warning,
            Self::CopyKept { .. } | Self::Remark { .. } => Severity::Info,
        }
    }
}

/// Which of the program's files it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The saved connections: `profiles.toml`.
    Connections,
    /// The settings: `settings.toml`.
    Settings,
    /// The publish history: `published.jsonl`.
    Published,
}

/// A remark about the content of a file that could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remark {
    /// A later version of the program wrote the file.
    NewerVersion,
    /// A number is not in its range.
    OutOfRange {
        /// Its key in the file.
        key: &'static str,
        /// Its value in the file.
        value: u32,
        /// The allowed values.
        range: RangeInclusive<u32>,
        /// The value that is used instead.
        used: u32,
    },
    /// The key of the connections does not hold a list.
    NotAList {
        /// Its TOML type, such as `integer`.
        found: &'static str,
    },
    /// An entry of the list is not a table.
    NotATable {
        /// Its place, from 1.
        number: usize,
    },
    /// An entry is a table, but not a connection that this version understands; it stays in the file.
    NotAConnection {
        /// Its name, if it has one.
        name: Option<String>,
        /// Its place, from 1.
        number: usize,
        /// What the parser says, without quoting the file.
        reason: String,
    },
    /// Two running programs changed a connection at once; both changes are kept.
    ChangedTwice {
        /// The connection.
        name: String,
        /// The new name of the other program's version.
        kept_as: String,
    },
    /// The file holds passwords, and until now other users of the machine could read it.
    OthersCouldRead,
}

/// Which part of a file could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileDamage {
    /// All faults: first those of lines, in the order of the file, then those of values.
    pub faults: Vec<Fault>,
    /// What could still be read.
    pub salvaged: Salvaged,
}

/// One thing in a file that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A line is not UTF-8.
    NotUtf8 {
        /// From 1.
        line: usize,
    },
    /// A line is not TOML.
    Syntax {
        /// From 1.
        line: usize,
        /// What the parser says, without quoting the file.
        reason: String,
    },
    /// A part of the file is too long to be read.
    TooLong {
        /// The line on which it begins, from 1.
        line: usize,
        /// How long a part may be.
        bytes_max: usize,
    },
    /// A setting has a value of another type.
    WrongValue {
        /// Its key.
        key: String,
        /// What the parser says, without quoting the file.
        reason: String,
    },
    /// Lines of the publish history are not messages.
    NotMessages {
        /// From 1.
        lines: Vec<usize>,
    },
}

impl Fault {
    /// The first line that the fault concerns, from 1; `None` for a whole value.
    pub(super) fn line(&self) -> Option<usize> {
        match self {
            Self::NotUtf8 { line } | Self::Syntax { line, .. } | Self::TooLong { line, .. } => Some(*line),
            Self::NotMessages { lines } => lines.first().copied(),
            Self::WrongValue { .. } => None,
        }
    }
}

/// What could be read of a damaged file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Salvaged {
    /// All settings but those with a fault.
    OtherSettings,
    /// Connections.
    Connections {
        /// How many were read.
        read: usize,
        /// How many parts of the file could not be read.
        lost: usize,
    },
    /// All published messages but those with a fault.
    Messages {
        /// How many.
        read: usize,
    },
}

/// What the operating system says about a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SystemError {
    /// What kind of trouble it is.
    pub kind: io::ErrorKind,
    /// The system's own words.
    pub text: String,
}

impl From<io::Error> for SystemError {
    fn from(error: io::Error) -> Self {
        Self { kind: error.kind(), text: error.to_string() }
    }
}

/// Why one of the program's files could not be read or written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreError {
    /// The operating system refused a step.
    Io {
        /// The file that was asked for.
        path: PathBuf,
        /// What was being done to it.
        step: FileStep,
        /// Whether the file was being written; if so, it is unchanged.
        writing: bool,
        /// The system's reason.
        source: SystemError,
    },
    /// Something else stands where the file should be.
    NotAFile {
        /// The file that was asked for.
        path: PathBuf,
        /// What is there.
        found: Obstacle,
        /// Whether the file was being written.
        writing: bool,
    },
    /// The file is larger than any file of its kind should be.
    TooLarge {
        /// The file that was asked for.
        path: PathBuf,
        /// Its size.
        bytes: u64,
        /// The largest size that is read or written.
        bytes_max: u64,
        /// Whether the file was being written.
        writing: bool,
    },
    /// Another program holds the lock.
    Busy {
        /// The file that was to be saved.
        path: PathBuf,
        /// How long we waited.
        waited_ms: u64,
    },
    /// The values cannot be written in the file's format.
    Unwritable {
        /// The file that was to be saved.
        path: PathBuf,
        /// Which value, and why.
        reason: Unwritable,
    },
    /// The system names no folder for the program's files.
    NoHome(NoHome),
}

/// What is in the place of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// A symbolic link to something that is not there.
    DanglingLink {
        /// Where the link leads.
        target: PathBuf,
    },
    /// A folder.
    Folder,
    /// A named pipe.
    Pipe,
    /// A socket.
    Socket,
    /// A device.
    Device,
    /// Something else.
    Other,
}

/// A step on the way to reading or writing a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileStep {
    /// Opening the file itself.
    Open,
    /// Creating this folder.
    CreateFolder(PathBuf),
    /// Opening the lock file.
    OpenLock(PathBuf),
    /// Locking the lock file.
    Lock(PathBuf),
    /// Creating the temporary file in this folder.
    CreateTemporary(PathBuf),
    /// Writing the temporary file.
    WriteTemporary,
    /// Flushing the temporary file to the disk.
    FlushTemporary,
    /// Renaming the temporary file over the old one.
    Rename,
}

/// Why a value cannot be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unwritable {
    /// A path in a connection is not UTF-8, as TOML requires.
    PathOf {
        /// The connection.
        name: String,
        /// Which path.
        file: FilePurpose,
    },
    /// The folder's path is not UTF-8, as paths in a connection must be.
    Folder,
    /// The format's crate reports this error.
    Format(String),
}

/// Why there is no folder for the program's files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoHome {
    /// `MQTTREE_HOME` is not a usable path, for this reason from the system.
    BadVariable(SystemError),
    /// The system names no home folder for this user.
    Unknown,
}

impl StoreError {
    /// The error when a step of reading `path` failed.
    pub(super) fn reading(path: &Path, step: FileStep, source: io::Error) -> Self {
        Self::Io { path: path.to_owned(), step, writing: false, source: source.into() }
    }

    /// The error when a step of writing `path` failed.
    pub(super) fn writing(path: &Path, step: FileStep, source: io::Error) -> Self {
        Self::Io { path: path.to_owned(), step, writing: true, source: source.into() }
    }
}

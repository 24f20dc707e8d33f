//! Why a recording cannot be written or opened, as data.

use std::io;
use std::path::PathBuf;

/// Why nothing is being recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordFailure {
    /// Another program, or another session of this one, records into the folder.
    Locked {
        /// The folder.
        folder: PathBuf,
    },
    /// The disk is full.
    DiskFull,
    /// Less is free than is to be left free.
    BelowFloor {
        /// Bytes that are free.
        free: u64,
        /// Bytes that are to stay free.
        floor: u64,
    },
    /// The folder is no longer there.
    FolderGone {
        /// The folder.
        folder: PathBuf,
    },
    /// The folder may not be written.
    NotPermitted {
        /// The folder.
        folder: PathBuf,
    },
    /// What else the system says.
    System {
        /// The folder.
        folder: PathBuf,
        /// The system's text.
        text: String,
    },
}

impl RecordFailure {
    /// What an error of the system means for a recording in `folder`.
    pub(super) fn of(error: &io::Error, folder: &std::path::Path) -> Self {
        let folder = folder.to_owned();
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
                Self::DiskFull
            }
            io::ErrorKind::NotFound
            | io::ErrorKind::NotADirectory
            | io::ErrorKind::StaleNetworkFileHandle => Self::FolderGone { folder },
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                Self::NotPermitted { folder }
            }
            _ => Self::System { folder, text: system_text(error) },
        }
    }

    /// Whether room on the disk is what is missing.
    pub fn is_of_room(&self) -> bool {
        matches!(self, Self::DiskFull | Self::BelowFloor { .. })
    }
}

/// Why a folder cannot be opened as a recording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OpenFailure {
    /// There is no such folder.
    NoFolder {
        /// The folder.
        folder: PathBuf,
    },
    /// The folder holds no segment.
    NoRecording {
        /// The folder.
        folder: PathBuf,
    },
    /// What else the system says.
    System {
        /// The folder.
        folder: PathBuf,
        /// The system's text.
        text: String,
    },
}

/// The system's own words, without the number that the standard library adds.
pub(super) fn system_text(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or_default().to_owned()
}

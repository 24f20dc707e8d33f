//! Why a recording cannot be written or opened, as data.

use std::io;
use std::path::PathBuf;

/// Why nothing is being recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordFailure {
    /// Another program, or another session of this one, is recording into the folder.
    Locked {
        /// Folder of the recording.
        folder: PathBuf,
    },
    /// The disk is full.
    DiskFull,
    /// Less space is free than must be left free.
    BelowFloor {
        /// Free space in bytes.
        free: u64,
        /// Space that must stay free, in bytes.
        floor: u64,
    },
    /// The folder no longer exists.
    FolderGone {
        /// Folder of the recording.
        folder: PathBuf,
    },
    /// The folder is not writable.
    NotPermitted {
        /// Folder of the recording.
        folder: PathBuf,
    },
    /// Another error from the system.
    System {
        /// Folder of the recording.
        folder: PathBuf,
        /// The system's text.
        text: String,
    },
}

impl RecordFailure {
    /// What a system error means for a recording in `folder`.
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

    /// Whether the reason is a lack of disk space.
    pub fn is_of_room(&self) -> bool {
        matches!(self, Self::DiskFull | Self::BelowFloor { .. })
    }
}

/// Why a folder cannot be opened as a recording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OpenFailure {
    /// There is no such folder.
    NoFolder {
        /// Folder of the recording.
        folder: PathBuf,
    },
    /// The folder holds no segment.
    NoRecording {
        /// Folder of the recording.
        folder: PathBuf,
    },
    /// Another error from the system.
    System {
        /// Folder of the recording.
        folder: PathBuf,
        /// The system's text.
        text: String,
    },
}

/// The system's error text, without the number that the standard library adds.
pub(super) fn system_text(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or_default().to_owned()
}

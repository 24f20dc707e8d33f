//! The person's folders, as far as the system names them.

use std::path::{Path, PathBuf};

use directories::{BaseDirs, UserDirs};

/// The home folder.
pub fn home() -> Option<PathBuf> {
    BaseDirs::new().map(|dirs| dirs.home_dir().to_owned())
}

/// The folder of documents, if there is one.
pub fn documents() -> Option<PathBuf> {
    let dirs = UserDirs::new();
    dirs.and_then(|dirs| dirs.document_dir().map(Path::to_owned)).filter(|folder| folder.is_dir())
}

/// Where programs keep the person's settings: on Linux `~/.config`.
pub fn config() -> Option<PathBuf> {
    BaseDirs::new().map(|dirs| dirs.config_dir().to_owned())
}

/// Where programs keep the person's data: on Linux `~/.local/share`.
pub fn data() -> Option<PathBuf> {
    BaseDirs::new().map(|dirs| dirs.data_dir().to_owned())
}

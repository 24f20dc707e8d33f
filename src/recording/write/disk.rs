//! What the writer asks of the folder and the disk below it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::recording::failure::RecordFailure;
use crate::recording::format::number_of;

/// Who holds this file's lock records into the folder.
const LOCK_FILE: &str = "lock";

/// The right to record into a folder, until dropped. The system ends it with the process, however that ends.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    /// Takes it, or says who cannot have it.
    pub fn take(folder: &Path) -> Result<Self, RecordFailure> {
        let failed = |error: io::Error| RecordFailure::of(&error, folder);
        let path = folder.join(LOCK_FILE);
        let mut file =
            OpenOptions::new().write(true).create(true).truncate(false).open(path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(fs::TryLockError::WouldBlock) => {
                return Err(RecordFailure::Locked { folder: folder.to_owned() });
            }
            Err(fs::TryLockError::Error(error)) => return Err(failed(error)),
        }
        // For people who wonder; nobody reads it.
        file.set_len(0).ok();
        writeln!(file, "{}", std::process::id()).ok();
        Ok(Self { _file: file })
    }
}

/// The segments of a folder: number, path and size, in order.
pub(in crate::recording) fn segments(folder: &Path) -> io::Result<Vec<(u32, PathBuf, u64)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let Some(number) = entry.file_name().to_str().and_then(number_of) else { continue };
        // One may have been dropped for the budget meanwhile.
        let Ok(metadata) = entry.metadata() else { continue };
        if metadata.is_file() {
            found.push((number, entry.path(), metadata.len()));
        }
    }
    found.sort();
    Ok(found)
}

/// Removes the oldest segments until all together have at most `bytes_max`; never the one with the number `current`.
pub(super) fn keep_budget(folder: &Path, bytes_max: u64, current: u32) -> io::Result<u32> {
    let found = segments(folder)?;
    let mut bytes: u64 = found.iter().map(|(_, _, bytes)| bytes).sum();
    let mut removed = 0;
    for (number, path, own) in found {
        if bytes <= bytes_max || number >= current {
            break;
        }
        fs::remove_file(path)?;
        bytes -= own;
        removed += 1;
    }
    Ok(removed)
}

/// Bytes that an ordinary user can still write below `folder`; `None` where the system does not say.
#[cfg(unix)]
pub(super) fn free_bytes(folder: &Path) -> Option<u64> {
    let found = rustix::fs::statvfs(folder).ok()?;
    found.f_bavail.checked_mul(found.f_frsize)
}

/// Bytes that an ordinary user can still write below `folder`; `None` where the system does not say.
#[cfg(not(unix))]
pub(super) fn free_bytes(_folder: &Path) -> Option<u64> {
    None
}

/// Whether the file at `path` is this one: a folder that was removed, or a disk that was unplugged, takes writes for as
/// long as the file is open, and nobody ever sees them again.
pub(super) fn is_there(path: &Path, file: &File) -> bool {
    let (Ok(by_path), Ok(open)) = (fs::metadata(path), file.metadata()) else { return false };
    same_file(&by_path, &open)
}

#[cfg(unix)]
fn same_file(one: &fs::Metadata, other: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

#[cfg(not(unix))]
fn same_file(one: &fs::Metadata, other: &fs::Metadata) -> bool {
    one.len() == other.len()
}

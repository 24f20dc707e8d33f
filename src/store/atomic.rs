//! Replaces a file so that, whatever happens, either the old or the new content is on disk in full.
//!
//! A temporary file in the same folder is written, flushed to the disk and renamed over the old one. On Unix the folder
//! is flushed as well, because otherwise a power cut could undo the rename. Called by `store::document` and wherever a
//! file is saved for a person. Never writes into the old file, and leaves its temporary file behind only if the program
//! dies.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use tempfile::{Builder, NamedTempFile};

use crate::store::file;
use crate::store::notice::{FileStep, StoreError};

/// Who may read the file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Access {
    /// Keep the permissions of the old file, or use the system's default for a new one.
    #[default]
    Default,
    /// Only the owner: mode 0600 on Unix. On Windows the folder's rules apply, which are already per user.
    Private,
}

/// Replaces the file at `path` with `content`, and creates the folders above it.
///
/// A symbolic link is kept: the file that it points to is replaced.
pub fn write(path: &Path, content: &[u8], access: Access) -> Result<(), StoreError> {
    write_with(path, access, |file| file.write_all(content))
}

/// Like [`write()`], with content that is produced piece by piece. If `fill` fails, the old file is untouched.
pub fn write_with(
    path: &Path,
    access: Access,
    fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), StoreError> {
    if let Some(found) = file::obstacle(path) {
        return Err(StoreError::NotAFile { path: path.to_owned(), found, writing: true });
    }
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = folder_of(&target);
    let failed = |step: FileStep| move |source| StoreError::writing(path, step, source);

    fs::create_dir_all(folder).map_err(failed(FileStep::CreateFolder(folder.to_owned())))?;
    let mut file = create_temporary(&target, folder, access)
        .map_err(failed(FileStep::CreateTemporary(folder.to_owned())))?;
    fill(file.as_file_mut()).map_err(failed(FileStep::WriteTemporary))?;
    file.as_file().sync_all().map_err(failed(FileStep::FlushTemporary))?;
    file.persist(&target).map_err(|error| StoreError::writing(path, FileStep::Rename, error.error))?;
    flush_folder(folder);
    Ok(())
}

/// Removes temporary files that a crashed program left beside `path`. The caller must hold the file's lock, so that
/// nobody else is writing one.
pub(super) fn remove_leftovers(path: &Path) {
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let prefix = temporary_prefix(&target);
    let Ok(entries) = fs::read_dir(folder_of(&target)) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with(&prefix) && name.ends_with(TEMPORARY_SUFFIX) {
            fs::remove_file(entry.path())
                .unwrap_or_else(|error| log::warn!("{} was not removed: {error}", entry.path().display()));
        }
    }
}

const TEMPORARY_SUFFIX: &str = ".tmp";

fn temporary_prefix(target: &Path) -> String {
    format!(".{}.", target.file_name().unwrap_or_default().to_string_lossy())
}

fn folder_of(target: &Path) -> &Path {
    match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

#[cfg(unix)]
fn create_temporary(target: &Path, folder: &Path, access: Access) -> io::Result<NamedTempFile> {
    use std::os::unix::fs::PermissionsExt as _;

    let old = fs::metadata(target).ok().map(|old| old.permissions().mode() & 0o777);
    let (prefix, mut builder) = (temporary_prefix(target), Builder::new());
    builder.prefix(&prefix).suffix(TEMPORARY_SUFFIX);
    match (access, old) {
        // `tempfile` creates files with mode 0600, so nobody else can read it before the rename either.
        (Access::Private, _) => builder.tempfile_in(folder),
        (Access::Default, None) => builder.permissions(fs::Permissions::from_mode(0o666)).tempfile_in(folder),
        (Access::Default, Some(mode)) => {
            let file = builder.tempfile_in(folder)?;
            file.as_file().set_permissions(fs::Permissions::from_mode(mode))?;
            Ok(file)
        }
    }
}

#[cfg(not(unix))]
fn create_temporary(target: &Path, folder: &Path, _access: Access) -> io::Result<NamedTempFile> {
    Builder::new().prefix(&temporary_prefix(target)).suffix(TEMPORARY_SUFFIX).tempfile_in(folder)
}

#[cfg(unix)]
fn flush_folder(folder: &Path) {
    // The new file is in place. That some network drives cannot flush a folder does not make the write a failure.
    fs::File::open(folder)
        .and_then(|folder| folder.sync_all())
        .unwrap_or_else(|error| log::warn!("{} was not flushed to the disk: {error}", folder.display()));
}

#[cfg(not(unix))]
fn flush_folder(_folder: &Path) {
    // Windows has no handle to flush for a folder; NTFS journals the rename.
}

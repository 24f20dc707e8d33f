//! Writes the certificates and keys that came within an import, so that the options can name them by their paths.

use std::fs;
use std::path::{Path, PathBuf};

use crate::mqtt::options::ConnectOptions;
use crate::store::atomic::{self, Access};
use crate::store::notice::{StoreError, Unwritable};
use crate::store::profiles::Profile;
use crate::store::transfer::{File, FilePurpose, FoundConnection};

/// How much of a file's old name is kept, in bytes.
const NAME_BYTES_MAX: usize = 64;

/// Writes the files of `found` into `folder` and gives its profile with their paths; keys are for their owner alone.
///
/// The names begin with the profile's id, so that no file is written over. If one cannot be written, those before it are
/// removed again. Blocks on the disk.
pub fn keep(found: &FoundConnection, folder: &Path) -> Result<Profile, StoreError> {
    let mut profile = found.profile.clone();
    let mut written: Vec<PathBuf> = Vec::new();
    for file in &found.files {
        let path = folder.join(format!("{}-{}", safe(profile.id.as_str()), file_name(file)));
        if let Err(error) = write(&path, file) {
            remove(&written);
            return Err(error);
        }
        written.push(path.clone());
        put(&mut profile.connect, file.purpose, path);
    }
    Ok(profile)
}

/// Which files of `profile` are in `folder`, where only [`keep`] puts any, and are named by none of the `others`.
pub fn kept_for<'a>(
    profile: &Profile,
    others: impl IntoIterator<Item = &'a Profile>,
    folder: &Path,
) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> =
        named(profile).filter(|path| path.parent() == Some(folder)).cloned().collect();
    for other in others {
        files.retain(|file| named(other).all(|path| path != file));
    }
    files
}

fn named(profile: &Profile) -> impl Iterator<Item = &PathBuf> {
    let ConnectOptions { ca_certificate, tls, .. } = &profile.connect;
    [ca_certificate, &tls.client_certificate, &tls.client_key].into_iter().flatten()
}

/// Removes files that [`keep`] wrote. Blocks on the disk.
pub fn remove(files: &[PathBuf]) {
    for path in files {
        fs::remove_file(path)
            .unwrap_or_else(|error| log::warn!("{} was not removed: {error}", path.display()));
    }
}

fn write(path: &Path, file: &File) -> Result<(), StoreError> {
    if path.to_str().is_none() {
        return Err(StoreError::Unwritable { path: path.to_owned(), reason: Unwritable::Folder });
    }
    let access = if file.purpose == FilePurpose::ClientKey { Access::Private } else { Access::Default };
    atomic::write(path, &file.content, access)
}

/// Puts a path where the purpose says.
pub(super) fn put(options: &mut ConnectOptions, purpose: FilePurpose, path: PathBuf) {
    let place = match purpose {
        FilePurpose::CaCertificate => &mut options.ca_certificate,
        FilePurpose::ClientCertificate => &mut options.tls.client_certificate,
        FilePurpose::ClientKey => &mut options.tls.client_key,
    };
    *place = Some(path);
}

/// Says what it is, and what it was called if it was.
fn file_name(file: &File) -> String {
    let purpose = match file.purpose {
        FilePurpose::CaCertificate => "ca",
        FilePurpose::ClientCertificate => "certificate",
        FilePurpose::ClientKey => "key",
    };
    let name = safe(&file.name);
    if name.is_empty() { format!("{purpose}.pem") } else { format!("{purpose}-{name}") }
}

/// What can stand in a file's name on every system. The name comes from somebody else's file: no folder may be in it.
fn safe(name: &str) -> String {
    let allowed = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '_' };
    name.trim_matches('.')
        .chars()
        .take(NAME_BYTES_MAX)
        .map(allowed)
        .collect::<String>()
        .trim_matches('.')
        .to_owned()
}

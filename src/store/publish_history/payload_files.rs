//! Large payloads that were published, a file each, named after what is in them.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use data_encoding::HEXLOWER;
use ring::digest::{SHA256, digest};

use crate::store::publish_history::{KeptPayload, PublishHistory};

/// For how long a file stays that no message names: another running mqttree may have written it just now.
const UNNAMED_FOR: Duration = Duration::from_hours(24);

/// The name of a payload's file.
pub fn name_of(payload: &[u8]) -> String {
    HEXLOWER.encode(digest(&SHA256, payload).as_ref())
}

/// The file of this name; `None` if the name is not one that [`name_of`] gives: a history from elsewhere must not name
/// any other file.
pub fn path(folder: &Path, name: &str) -> Option<PathBuf> {
    let is_name = name.len() == 64 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_name.then(|| folder.join(name))
}

/// Reads the payload of this name. Blocks on the disk.
///
/// # Errors
///
/// If there is no such file, or if it holds something else by now.
pub fn read(folder: &Path, name: &str) -> io::Result<Vec<u8>> {
    let path = path(folder, name).ok_or(io::ErrorKind::NotFound)?;
    let bytes = fs::read(path)?;
    if name_of(&bytes) == name { Ok(bytes) } else { Err(io::ErrorKind::InvalidData.into()) }
}

/// Removes the files that no message names any more. Blocks on the disk.
pub fn sweep(folder: &Path, history: &PublishHistory) {
    let Ok(files) = fs::read_dir(folder) else { return };
    let is_named = |name: &str| {
        history.iter().any(|entry| matches!(&entry.payload, KeptPayload::InFile(_, known) if known == name))
    };
    for file in files.flatten() {
        let is_old = file.metadata().and_then(|metadata| metadata.modified()).is_ok_and(|modified| {
            SystemTime::now().duration_since(modified).is_ok_and(|age| age >= UNNAMED_FOR)
        });
        if is_old && !is_named(&file.file_name().to_string_lossy()) {
            fs::remove_file(file.path())
                .unwrap_or_else(|error| log::warn!("{} stays: {error}", file.path().display()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::{PublishProperties, QoS, Timestamp};

    #[test]
    fn a_payload_is_read_by_its_name_and_nothing_else_is() {
        let folder = tempfile::tempdir().unwrap();
        let name = name_of(b"payload");
        fs::write(folder.path().join(&name), b"payload").unwrap();
        assert_eq!(read(folder.path(), &name).unwrap(), b"payload");
        fs::write(folder.path().join(&name), b"changed").unwrap();
        assert_eq!(read(folder.path(), &name).unwrap_err().kind(), io::ErrorKind::InvalidData);
        for name in ["../../etc/passwd", "", "/etc/passwd"] {
            assert_eq!(read(folder.path(), name).unwrap_err().kind(), io::ErrorKind::NotFound);
        }
    }

    #[test]
    fn files_that_no_message_names_go_after_a_day() {
        let folder = tempfile::tempdir().unwrap();
        let mut history = PublishHistory::default();
        let payload = vec![1; 100_000];
        let none = PublishProperties::default();
        let named = history.add(Timestamp(1), "a", &payload, QoS::AtMostOnce, false, none).unwrap();
        let old = SystemTime::now() - 2 * UNNAMED_FOR;
        for (name, time) in [(named.as_str(), old), ("old", old), ("new", SystemTime::now())] {
            let file = fs::File::create(folder.path().join(name)).unwrap();
            file.set_modified(time).unwrap();
        }
        sweep(folder.path(), &history);
        let left = |name: &str| folder.path().join(name).exists();
        assert!(left(&named) && left("new") && !left("old"));
    }
}

//! The files of schemas that decoder rules name.

use std::io::{self, Read as _};
use std::path::Path;

/// Reads a file of at most `bytes_max` bytes. A path that is not absolute is one below `folder`, the folder of the
/// person's settings.
pub fn read_below(folder: &Path, path: &str, bytes_max: u64) -> io::Result<Vec<u8>> {
    let path = folder.join(path);
    // A pipe would be waited for, and a device would never end.
    if !std::fs::metadata(&path)?.is_file() {
        return Err(io::ErrorKind::NotFound.into());
    }
    let file = std::fs::File::open(path)?;
    let mut bytes = Vec::new();
    file.take(bytes_max + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > bytes_max {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schema_is_read_from_the_settings_folder_or_from_anywhere_within_its_bound() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.proto"), b"12345").unwrap();
        let absolute = folder.path().join("a.proto");
        assert_eq!(read_below(folder.path(), "a.proto", 5).unwrap(), b"12345");
        assert_eq!(read_below(Path::new("/nowhere"), absolute.to_str().unwrap(), 5).unwrap(), b"12345");
        let refused = |path, most| read_below(folder.path(), path, most).unwrap_err().kind();
        assert_eq!(refused("a.proto", 4), io::ErrorKind::FileTooLarge);
        assert_eq!(refused("b.proto", 4), io::ErrorKind::NotFound);
        assert_eq!(refused(".", 4), io::ErrorKind::NotFound);
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_in_place_of_a_schema_is_not_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        assert_eq!(read_below(folder.path(), "pipe", 5).unwrap_err().kind(), io::ErrorKind::NotFound);
    }
}

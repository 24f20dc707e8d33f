//! The log's file, with one older file behind it.

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// The name of the file.
const NAME: &str = "mqttree.log";
/// The name of the older file.
const OLDER: &str = "mqttree.1.log";
/// How large the file may grow; both together take twice as much.
const BYTES_MAX: u64 = 512 * 1024;

/// Opened with its first line, so that a run with nothing to say makes no file.
pub struct LogFile {
    folder: PathBuf,
    open: Option<(File, u64)>,
}

impl LogFile {
    /// The file in this folder, which need not exist.
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), open: None }
    }

    /// Adds a line. What cannot be written is left out.
    pub fn write(&mut self, level: &str, text: &str) {
        let line = format!("{} {level}: {text}\n", jiff::Zoned::now().strftime("%Y-%m-%dT%H:%M:%S%:z"));
        if self.open.as_ref().is_some_and(|(_, bytes)| *bytes > BYTES_MAX) {
            self.open = None;
        }
        if self.open.is_none() {
            self.open = self.begin().ok();
        }
        if let Some((file, bytes)) = &mut self.open {
            match file.write_all(line.as_bytes()) {
                Ok(()) => *bytes += line.len() as u64,
                Err(_) => self.open = None,
            }
        }
    }

    fn begin(&self) -> std::io::Result<(File, u64)> {
        fs::create_dir_all(&self.folder)?;
        let path = self.folder.join(NAME);
        if fs::metadata(&path).is_ok_and(|file| file.len() > BYTES_MAX) {
            fs::rename(&path, self.folder.join(OLDER))?;
        }
        let file = OpenOptions::new().create(true).append(true).open(&path)?;
        let bytes = file.metadata()?.len();
        Ok((file, bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_file_makes_room_and_the_one_before_it_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let mut log = LogFile::new(&folder.path().join("state"));
        let long = "x".repeat(BYTES_MAX as usize);
        for text in [long.as_str(), "second", "third"] {
            log.write("warn", text);
        }
        let read = |name| fs::read_to_string(folder.path().join("state").join(name)).unwrap();
        assert!(read(OLDER).contains(&long));
        let newest = read(NAME);
        assert!(newest.lines().count() == 2 && newest.contains(" warn: third"), "{newest}");
    }

    #[test]
    fn a_folder_that_cannot_be_made_costs_the_line_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let blocked = folder.path().join("state");
        fs::write(&blocked, "a file").unwrap();
        LogFile::new(&blocked).write("warn", "lost");
        assert_eq!(fs::read_to_string(&blocked).unwrap(), "a file");
    }
}

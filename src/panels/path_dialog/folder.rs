//! What is in a folder, and what a path leads to. Both may take long on a network: jobs ask.

use std::io;
use std::path::{Path, PathBuf};

use crate::store::folders;

/// More entries of a folder are not read.
const ENTRIES_MAX: usize = 10_000;

/// An entry of a folder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    /// Files come after folders.
    pub is_file: bool,
    /// Its name.
    pub name: String,
}

/// Reads a folder: its folders first, each kind by name. Names that are not UTF-8 cannot be typed and are left out.
pub(super) fn read(folder: &Path) -> io::Result<Vec<Entry>> {
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(folder)?.take(ENTRIES_MAX) {
        let entry = entry?;
        let is_file = !std::fs::metadata(entry.path()).is_ok_and(|metadata| metadata.is_dir());
        entries.extend(entry.file_name().into_string().ok().map(|name| Entry { is_file, name }));
    }
    entries.sort();
    Ok(entries)
}

/// What a path leads to.
#[derive(Debug)]
pub(super) enum Found {
    /// A file.
    File,
    /// A folder.
    Folder,
    /// Nothing, in a folder that is there.
    Nothing,
    /// Nothing, and the folder is not there either.
    NoFolder(PathBuf),
    /// It cannot be told.
    Unknown(io::Error),
}

/// Looks where a path leads.
pub(super) fn look(path: &Path) -> Found {
    match std::fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => Found::Folder,
        Ok(_) => Found::File,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let folder = path.parent().unwrap_or(path);
            if folder.is_dir() { Found::Nothing } else { Found::NoFolder(folder.to_owned()) }
        }
        Err(error) => Found::Unknown(error),
    }
}

/// What was typed, in two: its folder with the last separator, and the beginning of a name.
pub(super) fn split(typed: &str) -> (&str, &str) {
    let end = typed.rfind(std::path::is_separator).map_or(0, |at| at + 1);
    typed.split_at(end)
}

/// A typed path as the system takes it: from the home folder behind `~`, and from where the program was started if it
/// is relative.
pub(super) fn absolute(typed: &str) -> PathBuf {
    let path = match typed.strip_prefix('~') {
        Some(rest) if rest.is_empty() || rest.starts_with(std::path::is_separator) => {
            folders::home().map(|home| home.join(rest.trim_start_matches(std::path::is_separator)))
        }
        _ => None,
    };
    let path = path.unwrap_or_else(|| PathBuf::from(typed));
    std::path::absolute(&path).unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_lists_its_folders_first() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.txt"), "").unwrap();
        std::fs::create_dir(folder.path().join("z")).unwrap();
        let names: Vec<_> = read(folder.path()).unwrap().into_iter().map(|entry| entry.name).collect();
        assert_eq!(names, ["z", "a.txt"]);
    }

    #[test]
    fn a_path_leads_to_a_file_a_folder_or_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a");
        std::fs::write(&file, "").unwrap();
        assert!(matches!(look(&file), Found::File));
        assert!(matches!(look(folder.path()), Found::Folder));
        assert!(matches!(look(&folder.path().join("b")), Found::Nothing));
        assert!(matches!(look(&folder.path().join("b/c")), Found::NoFolder(_)));
    }

    #[test]
    fn what_was_typed_is_a_folder_and_the_beginning_of_a_name() {
        assert_eq!(split("/tmp/ab"), ("/tmp/", "ab"));
        assert_eq!(split("/tmp/"), ("/tmp/", ""));
        assert_eq!(split("ab"), ("", "ab"));
        assert!(absolute("ab").is_absolute() && absolute("~/x").is_absolute());
    }
}

//! Reads folders and checks paths. Both may take long over a network, so jobs do it.

use std::io;
use std::path::{Path, PathBuf};

use crate::store::folders;

/// The most entries of a folder that are read.
const ENTRIES_MAX: usize = 10_000;

/// An entry in a folder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    /// Whether it is a file. Sorts files after folders.
    pub is_file: bool,
    /// Name of the entry.
    pub name: String,
}

/// Reads a folder: folders first, each group by name. Names that are not UTF-8 cannot be typed and are left out.
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

/// What a path refers to.
#[derive(Debug)]
pub(super) enum Found {
    /// An existing file.
    File,
    /// An existing folder.
    Folder,
    /// Nothing, but its folder exists.
    Nothing,
    /// Nothing, and its folder does not exist either.
    NoFolder(PathBuf),
    /// Unknown because of an error.
    Unknown(io::Error),
}

/// Checks what a path refers to.
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

/// Splits typed text into a folder, with its last separator, and the beginning of a name.
pub(super) fn split(typed: &str) -> (&str, &str) {
    let end = typed.rfind(std::path::is_separator).map_or(0, |at| at + 1);
    typed.split_at(end)
}

/// Makes a typed path absolute: `` is the home folder, and relative paths start from the program's working directory.
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

//! Reads the folders of saved messages. Blocks on the disk.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;

use crate::store::saved::file::unreadable;
use crate::store::saved::{EXTENSION, SavedFault, SavedMessage, SavedProblem, parse};

/// How deep folders in a collection are looked into.
const DEPTH_MAX: usize = 8;
/// The most files of all collections together.
const FILES_MAX: usize = 2_000;
/// The largest file of a message.
const FILE_BYTES_MAX: u64 = 4 * 1024 * 1024;
/// The largest payload file.
const PAYLOAD_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// Whose collection it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CollectionPlace {
    /// Everybody's: it shows in every session.
    Shared,
    /// That of the profile with this id.
    Profile(String),
}

/// A collection: a folder of messages.
#[derive(Clone, Debug, PartialEq)]
pub struct Collection {
    /// Its name, which is that of the folder.
    pub name: String,
    /// Whose it is.
    pub place: CollectionPlace,
    /// The folder.
    pub folder: PathBuf,
    /// The messages, by folder and name.
    pub entries: Vec<SavedEntry>,
}

/// A file of a collection.
#[derive(Clone, Debug, PartialEq)]
pub struct SavedEntry {
    /// The file.
    pub path: PathBuf,
    /// The folder within the collection, with slashes; empty at the top.
    pub folder: String,
    /// The file's name without its ending.
    pub name: String,
    /// The message, or why it is none.
    pub message: Result<Arc<SavedMessage>, SavedFault>,
}

/// All collections.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SavedLibrary {
    /// The collections, shared ones first, by name.
    pub collections: Vec<Collection>,
    /// Whether there are more files than are read.
    pub is_cut: bool,
}

impl SavedLibrary {
    /// The collections that a session of this profile shows.
    pub fn of_profile<'a>(&'a self, profile: Option<&'a str>) -> impl Iterator<Item = &'a Collection> {
        self.collections.iter().filter(move |collection| match &collection.place {
            CollectionPlace::Shared => true,
            CollectionPlace::Profile(id) => Some(id.as_str()) == profile,
        })
    }

    /// The message in this file.
    pub fn find(&self, path: &Path) -> Option<&SavedEntry> {
        self.collections.iter().flat_map(|collection| &collection.entries).find(|entry| entry.path == path)
    }
}

/// What a file looked like when it was read.
type Stamp = (SystemTime, u64);

/// Reads the collections again and again, and each file only if it changed.
#[derive(Debug, Default)]
pub(super) struct Scanner {
    known: HashMap<PathBuf, (Stamp, Option<Stamp>, SavedEntry)>,
}

impl Scanner {
    /// The collections as they are now. `is_format` says which payload formats there are.
    pub(super) fn scan(&mut self, root: &Path, is_format: &dyn Fn(&str) -> bool) -> SavedLibrary {
        let mut library = SavedLibrary::default();
        let mut left = FILES_MAX;
        let shared = folders_in(&root.join("shared")).into_iter().map(|path| (CollectionPlace::Shared, path));
        let profiles = folders_in(&root.join("profiles")).into_iter().flat_map(|profile| {
            let id = name_of(&profile);
            folders_in(&profile).into_iter().map(move |path| (CollectionPlace::Profile(id.clone()), path))
        });
        for (place, folder) in shared.chain(profiles) {
            let mut entries = Vec::new();
            // The folder of a collection may itself be a link to where a person keeps it.
            if let Ok(real) = fs::canonicalize(&folder) {
                self.read_folder(&folder, &real, "", 0, &mut left, is_format, &mut entries);
            }
            let name = name_of(&folder);
            library.collections.push(Collection { name, place, folder, entries });
        }
        library.is_cut = left == 0;
        let is_known = |path: &PathBuf| library.find(path).is_some();
        self.known.retain(|path, _| is_known(path));
        library
    }

    #[expect(clippy::too_many_arguments, reason = "one step of a walk: where it is, and what it fills")]
    fn read_folder(
        &mut self,
        folder: &Path,
        real_root: &Path,
        within: &str,
        depth: usize,
        left: &mut usize,
        is_format: &dyn Fn(&str) -> bool,
        entries: &mut Vec<SavedEntry>,
    ) {
        let Ok(read) = fs::read_dir(folder) else { return };
        let mut paths: Vec<PathBuf> = read.flatten().map(|entry| entry.path()).collect();
        paths.sort();
        let mut folders = Vec::new();
        for path in paths {
            let name = name_of(&path);
            if name.starts_with('.') {
                continue;
            }
            // What leads out of the collection is not looked at.
            let is_inside = fs::canonicalize(&path).is_ok_and(|real| real.starts_with(real_root));
            if !is_inside {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == EXTENSION) && *left > 0 {
                *left -= 1;
                entries.push(self.read_file(path, real_root, within, is_format));
            }
        }
        if depth >= DEPTH_MAX {
            return;
        }
        for path in folders {
            let name = name_of(&path);
            let within = if within.is_empty() { name } else { format!("{within}/{name}") };
            self.read_folder(&path, real_root, &within, depth + 1, left, is_format, entries);
        }
    }

    fn read_file(
        &mut self,
        path: PathBuf,
        real_root: &Path,
        within: &str,
        is_format: &dyn Fn(&str) -> bool,
    ) -> SavedEntry {
        let stamp = stamp(&path).unwrap_or((SystemTime::UNIX_EPOCH, 0));
        if let Some((known, beside, entry)) = self.known.get(&path)
            && *known == stamp
            && *beside == beside_stamp(entry)
        {
            return entry.clone();
        }
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let message = read(&path, real_root, is_format).map(Arc::new);
        let entry = SavedEntry { path: path.clone(), folder: within.to_owned(), name, message };
        self.known.insert(path, (stamp, beside_stamp(&entry), entry.clone()));
        entry
    }
}

fn stamp(path: &Path) -> Option<Stamp> {
    let metadata = fs::metadata(path).ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}

/// What the payload file of a message looks like; of a broken message nothing is known.
fn beside_stamp(entry: &SavedEntry) -> Option<Stamp> {
    match &entry.message {
        Ok(message) => match &message.payload {
            super::SavedPayload::Beside(name, _) => stamp(&entry.path.with_file_name(name)),
            super::SavedPayload::Below(_) => None,
        },
        // A payload file that was missing may be there by now.
        Err(fault) if matches!(fault.problem, SavedProblem::Payload(_)) => Some((SystemTime::now(), 0)),
        Err(_) => None,
    }
}

fn read(path: &Path, real_root: &Path, is_format: &dyn Fn(&str) -> bool) -> Result<SavedMessage, SavedFault> {
    let bytes = whole(path, FILE_BYTES_MAX).map_err(|error| unreadable(&error).of_file())?;
    let text = String::from_utf8(bytes).map_err(|_| SavedProblem::NotUtf8.of_file())?;
    parse(&text, is_format, |name| read_beside(path, name, real_root))
}

/// Reads a payload file, which has to be in the collection's folder, whatever links say.
fn read_beside(path: &Path, name: &str, real_root: &Path) -> Result<Bytes, SavedProblem> {
    let is_relative = Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
    if !is_relative || name.is_empty() {
        return Err(SavedProblem::Outside);
    }
    let real = fs::canonicalize(path.with_file_name(name)).map_err(|error| payload_fault(&error))?;
    if !real.starts_with(real_root) {
        return Err(SavedProblem::Outside);
    }
    whole(&real, PAYLOAD_BYTES_MAX).map(Bytes::from).map_err(|error| payload_fault(&error))
}

/// A whole file, if it is one and not too large.
fn whole(path: &Path, bytes_max: u64) -> io::Result<Vec<u8>> {
    let metadata = fs::metadata(path)?;
    // A pipe or a device would never end.
    if !metadata.is_file() {
        return Err(io::ErrorKind::NotFound.into());
    }
    if metadata.len() > bytes_max {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    fs::read(path)
}

fn payload_fault(error: &io::Error) -> SavedProblem {
    match unreadable(error) {
        SavedProblem::Unreadable(why) => SavedProblem::Payload(why),
        other => other,
    }
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// The folders in a folder, by name.
fn folders_in(folder: &Path) -> Vec<PathBuf> {
    let Ok(read) = fs::read_dir(folder) else { return Vec::new() };
    let mut folders: Vec<PathBuf> = read.flatten().map(|entry| entry.path()).collect();
    folders.retain(|path| path.is_dir() && !name_of(path).starts_with('.'));
    folders.sort();
    folders
}

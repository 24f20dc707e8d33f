//! A file that the program keeps, that a person may edit, and that several running programs may change.
//!
//! Profiles, settings and the publish history follow the same rules:
//!
//! - A file is read whole and replaced whole ([`atomic`]). Reading needs no lock, because a rename is never half done.
//! - Writing happens under a lock file beside it (`.lock`). If the file is not what we last read or wrote, another
//!   mqttree or an editor changed it: the two changes are merged against what both started from, and nothing that
//!   somebody else changed is overwritten.
//! - A file that cannot be read is copied beside itself (`profiles.toml.broken-2026-11-23T14-03-59`) before it is
//!   written over. If that copy fails, nothing is written.
//!
//! Called by `crate::store::saver` on its thread. Everything here may block on the disk.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::store::atomic::{self, Access};
use crate::store::file;
use crate::store::notice::{FileDamage, FileStep, Remark, StoreError, StoreNotice, Subject, Unwritable};

/// How long to wait for another mqttree that is writing. It holds the lock for milliseconds.
const LOCK_WAIT: Duration = Duration::from_secs(2);

/// The content of a file that the program keeps.
pub trait Storable: Clone + Default + PartialEq {
    /// What notices about the file call it.
    const SUBJECT: Subject;
    /// The largest file that is read or written. Anything larger is a mistake and would fill the memory.
    const BYTES_MAX: u64;

    /// Reads what can be read. Never fails: what cannot be read is described, without quoting it.
    fn parse(bytes: &[u8]) -> Parsed<Self>;

    /// The file's text, or which value cannot be written and why.
    fn print(&self) -> Result<String, Unwritable>;

    /// Who may read the file.
    fn access(&self) -> Access {
        Access::Default
    }

    /// Merges our changes and somebody else's, both made since `base`.
    ///
    /// `theirs_whole` is false if `theirs` was salvaged from a damaged file, so that what it lacks was not deleted on
    /// purpose.
    fn merge(base: &Self, ours: &Self, theirs: &Self, theirs_whole: bool) -> Merged<Self>;
}

/// What could be read of a file.
#[derive(Clone, Debug, Default)]
pub struct Parsed<D> {
    /// All that could be read.
    pub document: D,
    /// What could not be read, if anything; the file is then copied before it is written again.
    pub damage: Option<FileDamage>,
    /// What the person should know about the content; nothing is lost.
    pub remarks: Vec<Remark>,
    /// Whether the document differs from the file and should be written at once (an id was added, a value limited).
    pub amended: bool,
}

/// The result of a merge.
#[derive(Clone, Debug)]
pub struct Merged<D> {
    /// The document to write.
    pub document: D,
    /// What the person should know about conflicting changes.
    pub remarks: Vec<Remark>,
}

/// The result of a save.
#[derive(Clone, Debug)]
pub struct Saved<D> {
    /// What was asked to be saved.
    pub given: D,
    /// What is on disk now; differs from `given` if another program had changed the file.
    pub stored: D,
    /// What the person should know.
    pub notices: Vec<StoreNotice>,
}

/// A file and its last known content.
#[derive(Debug)]
pub struct StoredFile<D> {
    path: PathBuf,
    /// What the file held when we last read or wrote it, which is the base of a merge.
    base: D,
    base_bytes: Option<Vec<u8>>,
    /// Whether the file is damaged and could not be copied yet.
    uncopied_damage: bool,
}

impl<D: Storable> StoredFile<D> {
    /// Reads `path`. A missing file is an empty document; a file that cannot be read gives a notice, and is not written
    /// over later either.
    pub fn load(path: PathBuf) -> (Self, D, Vec<StoreNotice>) {
        let mut stored = Self { path, base: D::default(), base_bytes: None, uncopied_damage: false };
        let bytes = match file::read(&stored.path, D::BYTES_MAX) {
            Ok(Some(bytes)) => bytes,
            Ok(None) => return (stored, D::default(), Vec::new()),
            Err(error) => return (stored, D::default(), vec![StoreNotice::Failed(error)]),
        };
        let Parsed { document, damage, remarks, amended } = D::parse(&bytes);
        let mut notices: Vec<_> = remarks.into_iter().map(|remark| stored.remark(remark)).collect();
        let exposed = document.access() == Access::Private && readable_by_others(&stored.path);
        if exposed {
            notices.push(stored.remark(Remark::OthersCouldRead));
        }
        stored.base = document.clone();
        stored.base_bytes = Some(bytes);
        stored.uncopied_damage = damage.is_some();
        let damaged = damage.is_some();
        notices.extend(damage.map(|damage| stored.damaged(damage)));
        if damaged || amended || exposed {
            match stored.save(&document) {
                Ok(saved) => {
                    notices.extend(saved.notices);
                    return (stored, saved.stored, notices);
                }
                Err(error) => notices.push(StoreNotice::Failed(error)),
            }
        }
        (stored, document, notices)
    }

    /// Writes `ours`, merged with what another program wrote since we last looked.
    ///
    /// If this fails, the file on disk is unchanged, and the next save tries again.
    pub fn save(&mut self, ours: &D) -> Result<Saved<D>, StoreError> {
        let _lock = self.lock()?;
        atomic::remove_leftovers(&self.path);
        let current = file::read(&self.path, D::BYTES_MAX)?;
        let (document, notices) = self.bring_together(ours, current.as_deref())?;
        let text =
            document.print().map_err(|reason| StoreError::Unwritable { path: self.path.clone(), reason })?;
        let bytes = text.into_bytes();
        let (length, bytes_max) = (bytes.len() as u64, D::BYTES_MAX);
        if length > bytes_max {
            // A larger file could not be read again.
            let path = self.path.clone();
            return Err(StoreError::TooLarge { path, bytes: length, bytes_max, writing: true });
        }
        let exposed = document.access() == Access::Private && readable_by_others(&self.path);
        if current.as_ref() != Some(&bytes) || exposed {
            atomic::write(&self.path, &bytes, document.access())?;
        }
        self.base = document.clone();
        self.base_bytes = Some(bytes);
        self.uncopied_damage = false;
        Ok(Saved { given: ours.clone(), stored: document, notices })
    }

    /// The document to write and the notices about it, given what the file holds now.
    fn bring_together(&self, ours: &D, current: Option<&[u8]>) -> Result<(D, Vec<StoreNotice>), StoreError> {
        let Some(current) = current else { return Ok((ours.clone(), Vec::new())) };
        let mut notices = Vec::new();
        if self.base_bytes.as_deref() == Some(current) {
            if self.uncopied_damage {
                notices.push(self.copy_beside(current)?);
            }
            return Ok((ours.clone(), notices));
        }
        let theirs = D::parse(current);
        let theirs_whole = theirs.damage.is_none();
        if let Some(damage) = theirs.damage {
            notices.push(self.damaged(damage));
            notices.push(self.copy_beside(current)?);
        }
        let merged = D::merge(&self.base, ours, &theirs.document, theirs_whole);
        notices.extend(theirs.remarks.into_iter().chain(merged.remarks).map(|remark| self.remark(remark)));
        Ok((merged.document, notices))
    }

    fn lock(&self) -> Result<Option<File>, StoreError> {
        let folder = self.path.parent().unwrap_or(Path::new("."));
        let failed = |step: FileStep| move |source| StoreError::writing(&self.path, step, source);
        fs::create_dir_all(folder).map_err(failed(FileStep::CreateFolder(folder.to_owned())))?;
        let lock_path = folder.join(".lock");
        if let Some(found) = file::obstacle(&lock_path) {
            return Err(StoreError::NotAFile { path: lock_path, found, writing: true });
        }
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&lock_path)
            .map_err(failed(FileStep::OpenLock(lock_path.clone())))?;
        let began = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Some(file)),
                Err(TryLockError::WouldBlock) if began.elapsed() < LOCK_WAIT => {
                    // A blocking lock would wait for ever if a program was stopped while holding it.
                    std::thread::sleep(Duration::from_millis(5));
                }
                Err(TryLockError::WouldBlock) => {
                    let waited_ms = began.elapsed().as_millis() as u64;
                    return Err(StoreError::Busy { path: self.path.clone(), waited_ms });
                }
                // Some network drives do not support locks. The comparison before each write still finds others'
                // changes.
                Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {
                    return Ok(None);
                }
                Err(TryLockError::Error(source)) => {
                    return Err(StoreError::writing(&self.path, FileStep::Lock(lock_path), source));
                }
            }
        }
    }

    /// Copies the bytes of a damaged file to a file beside it.
    fn copy_beside(&self, bytes: &[u8]) -> Result<StoreNotice, StoreError> {
        let time = jiff::Zoned::now().strftime("%Y-%m-%dT%H-%M-%S");
        let file_name = self.path.file_name().unwrap_or_default().to_string_lossy();
        let name = format!("{file_name}.broken-{time}");
        let mut copy = self.path.with_file_name(&name);
        for n in 2.. {
            if !copy.exists() {
                break;
            }
            copy = self.path.with_file_name(format!("{name}-{n}"));
        }
        // It may contain a password.
        atomic::write(&copy, bytes, Access::Private)?;
        Ok(StoreNotice::CopyKept { file: self.path.clone(), copy })
    }

    fn damaged(&self, damage: FileDamage) -> StoreNotice {
        StoreNotice::Damaged { file: self.path.clone(), damage }
    }

    fn remark(&self, remark: Remark) -> StoreNotice {
        StoreNotice::Remark { subject: D::SUBJECT, file: self.path.clone(), remark }
    }
}

#[cfg(unix)]
fn readable_by_others(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    fs::metadata(path).is_ok_and(|meta| meta.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn readable_by_others(_path: &Path) -> bool {
    false
}

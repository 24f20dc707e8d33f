//! The sequences of a session that a person has opened: their files, and how the last run of each went.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use crate::automation::sequence_thread::{SequencePhase, SequenceState, SequenceThread};
use crate::mqtt::options::{ConnectOptions, Secrets};
use crate::sequence::{FILE_BYTES_MAX, Sequence, SequenceError};
use crate::session::Wake;

/// How many files of a folder are listed.
const FILES_MAX: usize = 500;

/// What a file of a sequence has and no other file in TOML.
const MARK: &str = "[[step]]";

/// A file of steps, as it was when it was read.
#[derive(Clone, Debug)]
pub struct SequenceFile {
    /// Where it is.
    pub path: PathBuf,
    /// What it says, or why it cannot run.
    pub content: Result<Sequence, SequenceFileError>,
}

/// Why a file cannot run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SequenceFileError {
    /// The system cannot read it, for this reason.
    Unreadable(String),
    /// It has more than [`FILE_BYTES_MAX`] bytes.
    TooLarge,
    /// It is no sequence.
    Invalid(SequenceError),
}

impl SequenceFile {
    /// Reads a file. Blocks.
    pub fn read(path: PathBuf) -> Self {
        let content = text(&path).and_then(|text| Sequence::parse(&text).map_err(SequenceFileError::Invalid));
        Self { path, content }
    }

    /// Reads a file and the other sequences in its folder, or those of a folder, by name. Blocks.
    pub fn read_with_others(chosen: &Path) -> Vec<Self> {
        let folder = if chosen.is_dir() { Some(chosen) } else { chosen.parent() };
        let entries = folder.into_iter().flat_map(std::fs::read_dir).flatten().flatten();
        let mut paths: Vec<PathBuf> = entries
            .map(|entry| entry.path())
            .filter(|path| path != chosen && path.extension().is_some_and(|end| end == "toml"))
            .take(FILES_MAX)
            .filter(|path| text(path).is_ok_and(|text| text.contains(MARK)))
            .collect();
        if !chosen.is_dir() {
            paths.push(chosen.to_owned());
        }
        paths.sort();
        paths.into_iter().map(Self::read).collect()
    }

    /// What it is called: its own name, or that of the file.
    pub fn name(&self) -> String {
        let own = self.content.as_ref().ok().and_then(|sequence| sequence.name.clone());
        own.unwrap_or_else(|| {
            self.path.file_name().unwrap_or(self.path.as_os_str()).to_string_lossy().into_owned()
        })
    }
}

fn text(path: &Path) -> Result<String, SequenceFileError> {
    let unreadable = |error: io::Error| SequenceFileError::Unreadable(error.to_string());
    let mut text = Vec::new();
    let file = File::open(path).map_err(unreadable)?;
    file.take(FILE_BYTES_MAX.saturating_add(1)).read_to_end(&mut text).map_err(unreadable)?;
    if text.len() as u64 > FILE_BYTES_MAX {
        return Err(SequenceFileError::TooLarge);
    }
    String::from_utf8(text).map_err(|error| SequenceFileError::Unreadable(error.utf8_error().to_string()))
}

/// The files and how they went.
#[derive(Debug, Default)]
pub struct SequenceBoard {
    /// The files, by name.
    pub files: Vec<SequenceFile>,
    /// How the last run of each went, by its file.
    pub states: HashMap<PathBuf, SequenceState>,
    running: Option<(SequenceThread, Vec<PathBuf>)>,
}

impl SequenceBoard {
    /// These files, with how they went; nothing is under way.
    pub fn new(files: Vec<SequenceFile>, states: HashMap<PathBuf, SequenceState>) -> Self {
        Self { files, states, running: None }
    }

    /// Whether any is under way.
    pub fn is_running(&self) -> bool {
        self.running.is_some()
    }

    /// Runs those of these files that can, one after the other.
    pub fn start(
        &mut self,
        paths: &[PathBuf],
        options: &ConnectOptions,
        variables: &[(String, String)],
        secrets: Secrets,
        wake: Wake,
    ) -> io::Result<()> {
        let chosen = self.files.iter().filter(|file| paths.contains(&file.path));
        let (paths, sequences): (Vec<PathBuf>, Vec<Sequence>) =
            chosen.filter_map(|file| Some((file.path.clone(), file.content.as_ref().ok()?.clone()))).unzip();
        self.states.retain(|path, _| !paths.contains(path));
        if !sequences.is_empty() {
            let thread = SequenceThread::start(options, variables, secrets, sequences, wake)?;
            self.running = Some((thread, paths));
            self.refresh();
        }
        Ok(())
    }

    /// Stops what is under way.
    pub fn stop(&mut self) {
        self.refresh();
        self.running = None;
        // The thread ends on its own; nobody hears of it.
        for state in self.states.values_mut() {
            if matches!(state.phase, SequencePhase::Running | SequencePhase::Waiting) {
                state.phase = SequencePhase::Unfinished(Box::new(super::Unfinished::Stopped(None)));
            }
        }
    }

    /// Takes over how it is going.
    pub fn refresh(&mut self) {
        let Some((thread, paths)) = &self.running else { return };
        let states = thread.states();
        let goes_on =
            |state: &SequenceState| matches!(state.phase, SequencePhase::Waiting | SequencePhase::Running);
        let is_over = !states.iter().any(goes_on);
        self.states.extend(paths.iter().cloned().zip(states));
        if is_over {
            self.running = None;
        }
    }
}

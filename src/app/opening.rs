//! Opens what shows as a session without a connection: recordings, snapshots, and files of other programs, which are
//! read into a recording of their own that goes with the tab.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::app::tab::Tab;
use crate::app::{App, limits, unsaved};
use crate::command::Notice;
use crate::interchange::{FileKind, ImportFailure, Imported, SNAPSHOT_ENDING, Tally, import};
use crate::mqtt::options::Secrets;
use crate::panels::exchange::WorkRow;
use crate::panels::path_dialog::PathPurpose;
use crate::recording::Recording;
use crate::recording::failure::OpenFailure;
use crate::session::Session;
use crate::store::profiles::DecoderRule;
use crate::ui::job::{Job, JobProgress};
use crate::ui::language;
use crate::words::exchange::{self as words, WorkKind};
use crate::words::{Told, recording};

/// How the names of files end that are opened when they are dropped onto the window.
const DROPPED: [&str; 3] = [SNAPSHOT_ENDING, "mqrec", "mcap"];

/// Something that was opened.
pub(in crate::app) struct OpenedFile {
    pub(in crate::app) recording: Recording,
    /// What it is called.
    pub(in crate::app) name: String,
    /// What was read from a file of another program, and where it is kept as long as the tab is there.
    imported: Option<(Imported, TempDir)>,
}

/// Why something was not opened.
pub(in crate::app) enum NotOpened {
    Recording(OpenFailure),
    File(String, ImportFailure),
}

/// Something that is being opened, unless nothing was chosen.
pub(in crate::app) struct FileOpening {
    pub(in crate::app) id: u64,
    job: Job<Option<Result<OpenedFile, NotOpened>>>,
    tally: Tally,
    name: String,
}

impl FileOpening {
    /// What shows of it while a file is read.
    pub(in crate::app) fn row(&self) -> Option<WorkRow> {
        let (done, total) = (self.tally.done(), self.tally.total());
        (total > 0).then(|| WorkRow {
            id: self.id,
            kind: WorkKind::Import,
            name: self.name.clone(),
            done,
            total,
            per_second: None,
            is_paused: None,
        })
    }

    pub(in crate::app) fn cancel(&self) {
        self.tally.cancel();
    }
}

/// Opens a folder or a file, whatever it is. Files of other programs are read into a folder below `kept`.
pub(in crate::app) fn open(path: &Path, kept: &Path, tally: &Tally) -> Result<OpenedFile, NotOpened> {
    let name = name_of(path);
    let recording = |path: &Path| {
        let recording = Recording::open(path).map_err(NotOpened::Recording)?;
        Ok(OpenedFile { recording, name: name_of(path), imported: None })
    };
    let failed = |failure| NotOpened::File(name.clone(), failure);
    if !path.is_file() {
        return recording(path);
    }
    let has_ending = |ending: &str| path.extension().is_some_and(|found| found.eq_ignore_ascii_case(ending));
    match FileKind::of(path).map_err(|error| failed(ImportFailure::System(error)))? {
        // A damaged beginning does not make it something else.
        _ if has_ending(SNAPSHOT_ENDING) => recording(path),
        FileKind::Mcap | FileKind::JsonLines => {
            std::fs::create_dir_all(kept).map_err(|error| failed(ImportFailure::System(error)))?;
            let folder = tempfile::Builder::new().prefix(".opened-").tempdir_in(kept);
            let folder = folder.map_err(|error| failed(ImportFailure::System(error)))?;
            let found = import(path, folder.path(), tally).map_err(failed)?;
            let recording = Recording::open(folder.path()).map_err(NotOpened::Recording)?;
            Ok(OpenedFile { recording, name: name.clone(), imported: Some((found, folder)) })
        }
        FileKind::Segment => {
            let alone = Recording::open(path).map_err(NotOpened::Recording)?;
            if alone.summary().facts.snapshot.is_some() {
                return Ok(OpenedFile { recording: alone, name, imported: None });
            }
            // Any of its files stands for a recording.
            recording(path.parent().unwrap_or(path))
        }
        FileKind::Unknown if has_ending("mqrec") => recording(path.parent().unwrap_or(path)),
        FileKind::Unknown => Err(failed(ImportFailure::Unknown)),
    }
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

impl App {
    /// Asks for something to open.
    pub(in crate::app) fn choose_recording(&mut self) {
        let answer = self.paths.ask(words::OPEN.of(language(&self.ctx)), PathPurpose::Open, "");
        self.begin_opening(String::new(), answer);
    }

    /// Opens a recording, or a file that opens as one.
    pub(in crate::app) fn open_recording(&mut self, path: PathBuf) {
        self.begin_opening(name_of(&path), move || Some(path));
    }

    fn begin_opening(&mut self, name: String, path: impl FnOnce() -> Option<PathBuf> + Send + 'static) {
        let (tally, kept) = (Tally::default(), self.recordings.clone());
        let theirs = tally.clone();
        let ctx = self.ctx.clone();
        let job = Job::spawn("open recording", &self.ctx, move |_| {
            let path = path()?;
            // A window that waits for a dialog draws nothing by itself.
            ctx.request_repaint();
            Some(open(&path, &kept, &theirs))
        });
        let id = self.exchange.next_id();
        self.openings.push(FileOpening { id, job, tally, name });
    }

    /// Opens what was dropped onto the window and shows as a session.
    pub(in crate::app) fn take_dropped_recordings(&mut self) {
        let is_ours = |path: &Path| {
            let ending = path.extension().and_then(|ending| ending.to_str()).map(str::to_lowercase);
            path.is_dir() || ending.is_some_and(|ending| DROPPED.contains(&ending.as_str()))
        };
        let dropped: Vec<PathBuf> = self.ctx.input_mut(|input| {
            let files = &mut input.raw.dropped_files;
            let paths = files.iter().map(|file| file.path()).filter(|path| is_ours(path));
            let paths = paths.map(Path::to_owned).collect();
            files.retain(|file| !is_ours(file.path()));
            paths
        });
        for path in dropped {
            self.open_recording(path);
        }
    }

    /// Shows what was opened meanwhile.
    pub(in crate::app) fn collect_opened_recordings(&mut self) {
        let mut opened = Vec::new();
        self.openings.retain(|opening| match opening.job.poll() {
            JobProgress::Running => true,
            JobProgress::Done(recording) => {
                opened.extend(recording);
                false
            }
            JobProgress::Failed => false,
        });
        for recording in opened {
            match recording {
                Ok(opened) => self.show_recording(opened),
                Err(why) => self.tell_not_opened(&why),
            }
        }
    }

    /// Says why something was not opened.
    pub(in crate::app) fn tell_not_opened(&mut self, why: &NotOpened) {
        let l = language(&self.ctx);
        let text = match why {
            NotOpened::Recording(failure) => {
                let Told { what, why, .. } = recording::open_failure(failure, l);
                Some(format!("{what}: {why}"))
            }
            NotOpened::File(name, failure) => words::not_imported(name, failure, l),
        };
        if let Some(text) = text {
            self.notify(Notice::error(text));
        }
    }

    /// Shows a recording in a tab. Decoder rules of a snapshot come with it, but none that starts a program.
    fn show_recording(&mut self, opened: OpenedFile) {
        let OpenedFile { recording, name, imported } = opened;
        let path = recording.folder().to_owned();
        let facts = recording.summary().facts;
        let decoders = facts.snapshot.map(|snapshot| snapshot.decoders).unwrap_or_default();
        let decoders =
            decoders.into_iter().filter(|(_, decoder)| !super::exchange::starts_a_program(decoder));
        let rules: Vec<DecoderRule> =
            decoders.map(|(filter, decoder)| DecoderRule { filter, decoder }).collect();
        let rules = self.prepare_rules(&rules);
        let (delay, wake) = self.waking();
        let settings = &self.storage.settings;
        let session = Session::open_recorded(recording, limits(settings), wake);
        let options = session.options().clone();
        let mut tab =
            Tab::new(unsaved((name.clone(), options, Secrets::default())), session, delay, settings);
        tab.rules = rules;
        tab.recorded = Some(path);
        tab.url = Some(facts.url).filter(|url| !url.is_empty());
        if let Some((found, folder)) = imported {
            tab.kept_files = Some(folder);
            if found.faults > 0 {
                self.notify(Notice::error(words::imported(&name, &found, language(&self.ctx))));
            }
        }
        self.tabs.push(tab);
        self.show_tab(Some(self.tabs.len() - 1));
    }
}

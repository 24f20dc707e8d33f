//! The files of the connections page: certificates chosen for a field, and imports and exports of connections.
//!
//! Jobs wait for the dialogs and read and write the files.

mod files;

use std::path::PathBuf;

use crate::app::App;
use crate::command::{Notice, ProfileEdit};
use crate::panels::path_dialog::PathPurpose;
use crate::store::profiles::Field;
use crate::store::transfer::{FoundConnection, Import};
use crate::store::{Profile, ProfileId};
use crate::ui::job::{Job, JobProgress};
use crate::ui::language;
use crate::words::{check, transfer as words};

/// The dialogs and transfers in progress.
#[derive(Debug, Default)]
pub(super) struct Transfers {
    picking: Option<Picking>,
    reading: Option<Job<Option<Read>>>,
    taking: Option<Job<Result<Vec<ProfileEdit>, files::NotKept>>>,
}

/// The file dialog of a field; gives no path if none was chosen.
#[derive(Debug)]
struct Picking {
    profile: ProfileId,
    field: Field,
    job: Job<Option<PathBuf>>,
}

/// A file's name, and the connections in it or why there are none.
type Read = (String, Result<Import, files::Unreadable>);

impl App {
    /// Asks for the file of a field.
    pub(super) fn pick_file(&mut self, profile: ProfileId, field: Field) {
        let answer = self.paths.ask(check::field(field, language(&self.ctx)), PathPurpose::Open, "");
        let job = Job::spawn("pick file", &self.ctx, move |_| answer());
        self.transfers.picking = Some(Picking { profile, field, job });
    }

    /// Asks for a file of connections.
    pub(super) fn import_profiles(&mut self) {
        let language = language(&self.ctx);
        let answer = self.paths.ask(words::IMPORT.of(language), PathPurpose::Open, "");
        self.transfers.reading = Some(Job::spawn("read connections", &self.ctx, move |_| {
            answer().map(|path| files::read(&path, language))
        }));
    }

    /// Reads a file of connections.
    pub(super) fn read_profiles(&mut self, path: PathBuf) {
        let language = language(&self.ctx);
        self.transfers.reading =
            Some(Job::spawn("read connections", &self.ctx, move |_| Some(files::read(&path, language))));
    }

    /// Saves the certificates of what was found, then adds the connections to the list.
    pub(super) fn take_over(&mut self, found: Vec<FoundConnection>) {
        let folder = self.storage.certificates.clone();
        let messages = std::sync::Arc::clone(&self.storage.messages);
        let job = Job::spawn("take connections over", &self.ctx, move |_| {
            let edits = files::keep_all(&found, &folder)?;
            files::keep_messages(&found, &edits, &messages)?;
            Ok(edits)
        });
        self.transfers.taking = Some(job);
    }

    /// Asks for a file and writes the connections into it.
    pub(super) fn export_profiles(&mut self, profiles: Vec<Profile>, with_secrets: bool) {
        let language = language(&self.ctx);
        let answer = self.paths.ask(words::EXPORT.of(language), PathPurpose::Save, "connections.toml");
        let secrets = with_secrets.then_some(self.storage.secrets);
        self.jobs.push(Job::spawn("export connections", &self.ctx, move |_| {
            Some(files::export(&answer()?, &profiles, secrets, language))
        }));
    }

    /// Collects what was chosen and read meanwhile.
    pub(super) fn collect_transfers(&mut self) {
        self.collect_picked();
        self.collect_read();
        self.collect_taken();
    }

    fn collect_picked(&mut self) {
        let Some(Picking { profile, field, job }) = &self.transfers.picking else { return };
        match job.poll() {
            JobProgress::Running => return,
            JobProgress::Done(path) => {
                if let Some(path) = path {
                    self.connections.picked(profile, *field, path);
                }
            }
            JobProgress::Failed => {
                self.notify(Notice::error(words::NO_DIALOG_FOR_FIELD.of(language(&self.ctx))));
            }
        }
        self.transfers.picking = None;
    }

    fn collect_read(&mut self) {
        let Some(job) = &self.transfers.reading else { return };
        match job.poll() {
            JobProgress::Running => return,
            JobProgress::Done(None) => {}
            JobProgress::Done(Some((name, Ok(import)))) => self.connections.preview(name, import),
            JobProgress::Done(Some((name, Err(why)))) => {
                let language = language(&self.ctx);
                self.notify(Notice::error(words::nothing_imported(&name, &why.told(language), language)));
            }
            JobProgress::Failed => {
                self.notify(Notice::error(words::NO_DIALOG_FOR_IMPORT.of(language(&self.ctx))));
            }
        }
        self.transfers.reading = None;
    }

    fn collect_taken(&mut self) {
        let Some(job) = &self.transfers.taking else { return };
        match job.poll() {
            JobProgress::Running => return,
            JobProgress::Done(Ok(edits)) => self.add_profiles(edits),
            JobProgress::Done(Err(files::NotKept { connection, error })) => {
                let why = words::certificates_not_kept(&connection, &error, language(&self.ctx));
                self.notify(Notice::error(why));
            }
            JobProgress::Failed => self.notify(Notice::error(words::NOT_IMPORTED.of(language(&self.ctx)))),
        }
        self.transfers.taking = None;
    }

    /// Adds connections from elsewhere, and keeps their secrets where they say.
    fn add_profiles(&mut self, edits: Vec<ProfileEdit>) {
        let count = edits.len() as u64;
        let ids = self.add_edited(edits);
        if let Some(id) = ids.first() {
            self.connections.edit(id);
            self.notify(Notice::info(words::imported(count, language(&self.ctx))));
        }
    }
}

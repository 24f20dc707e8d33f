//! The drafts of the publish panel, read when a session opens and written when they changed.

use std::path::PathBuf;

use eframe::egui::ViewportId;

use crate::app::{App, Tab};
use crate::store::drafts::{self, KeptDrafts};
use crate::ui::job::{Job, JobProgress};

/// Where drafts are, and which are being read.
#[derive(Debug)]
pub struct DraftFiles {
    folder: PathBuf,
    reading: Vec<(u64, Job<KeptDrafts>)>,
}

impl DraftFiles {
    /// The files of this folder.
    pub fn new(folder: PathBuf) -> Self {
        Self { folder, reading: Vec::new() }
    }

    /// The file of a session's connection. Sessions of the same connection share it.
    fn path(&self, tab: &Tab) -> PathBuf {
        let key = match &tab.profile {
            _ if tab.demo => "demo".to_owned(),
            Some(profile) => profile.to_string(),
            None => tab.options.url(),
        };
        drafts::path(&self.folder, &key)
    }
}

impl App {
    /// Reads the drafts of the session that shows.
    pub(in crate::app) fn read_drafts(&mut self) {
        let Some(tab) = self.active.and_then(|index| self.tabs.get(index)) else { return };
        let path = self.draft_files.path(tab);
        let job = Job::spawn("read drafts", &self.ctx, move |_| KeptDrafts::load(&path));
        self.draft_files.reading.push((tab.number, job));
    }

    /// Hands drafts that were read to their session.
    pub(in crate::app) fn collect_drafts(&mut self) {
        let Self { draft_files, tabs, .. } = self;
        draft_files.reading.retain(|(number, job)| match job.poll() {
            JobProgress::Running => true,
            JobProgress::Failed => false,
            JobProgress::Done(drafts) => {
                if let Some(tab) = tabs.iter_mut().find(|tab| tab.number == *number) {
                    tab.view.tools.publish.restore(drafts);
                }
                false
            }
        });
    }

    /// Keeps the drafts of the session that shows. Those of a second window end with it.
    pub(in crate::app) fn keep_drafts(&self, drafts: &KeptDrafts) {
        if self.front == ViewportId::ROOT
            && let Some(tab) = self.active_tab()
        {
            self.storage.save_own(self.draft_files.path(tab), drafts.print());
        }
    }

    /// Keeps the drafts of a session that ends.
    pub(in crate::app) fn keep_last_drafts(&self, tab: &mut Tab) {
        if let Some(drafts) = tab.view.tools.publish.take_changed() {
            self.storage.save_own(self.draft_files.path(tab), drafts.print());
        }
    }
}

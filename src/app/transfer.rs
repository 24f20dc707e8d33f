//! Files of the connections page: certificates that are chosen for a field.
//!
//! macOS wants a dialog to be made on the window's thread; waiting for it is the job's business.

use std::path::PathBuf;

use super::App;
use super::action::Notice;
use crate::store::ProfileId;
use crate::store::profiles::Field;
use crate::ui::job::{Job, Progress};

/// What is on its way.
#[derive(Debug, Default)]
pub(super) struct Transfers {
    picking: Option<Picking>,
}

/// The file dialog of a field; no path if none was chosen.
#[derive(Debug)]
struct Picking {
    profile: ProfileId,
    field: Field,
    job: Job<Option<PathBuf>>,
}

impl App {
    /// Asks for the file of a field.
    pub(super) fn pick_file(&mut self, profile: ProfileId, field: Field) {
        let dialog = rfd::AsyncFileDialog::new().set_title(field.name()).pick_file();
        let job = Job::spawn("pick file", &self.ctx, move |_| {
            pollster::block_on(dialog).map(|file| file.path().to_path_buf())
        });
        self.transfers.picking = Some(Picking { profile, field, job });
    }

    /// Takes what was chosen and read meanwhile.
    pub(super) fn collect_transfers(&mut self) {
        self.collect_picked();
    }

    fn collect_picked(&mut self) {
        let Some(Picking { profile, field, job }) = &self.transfers.picking else { return };
        match job.poll() {
            Progress::Running => return,
            Progress::Done(path) => {
                if let Some(path) = path {
                    self.connections.picked(profile, *field, path);
                }
            }
            Progress::Failed => {
                let text = "The file dialog could not be opened\nType the path of the file into its field";
                self.notify(Notice::error(text));
            }
        }
        self.transfers.picking = None;
    }
}

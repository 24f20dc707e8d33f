//! The sequences of a tab: read by jobs, run beside its session.

use std::path::PathBuf;
use std::sync::Arc;

use eframe::egui::{Context, ViewportId};

use crate::app::tab::Tab;
use crate::automation::{SequenceBoard, SequenceFile};
use crate::ui::job::{Job, JobProgress};

/// What a job has read, and which file a person chose; nothing if the person chose none.
type OpenedSequences = Option<(Vec<SequenceFile>, Option<PathBuf>)>;

/// The sequences of a session.
#[derive(Debug, Default)]
pub struct TabSequences {
    /// The files and how they went.
    pub board: SequenceBoard,
    /// Reads files.
    pub opening: Option<Job<OpenedSequences>>,
    /// Which of them run once they are read.
    pub run: Vec<PathBuf>,
}

impl Tab {
    /// Takes over what was read and how the runs are going.
    pub(super) fn tick_sequences(&mut self, ctx: &Context) {
        self.sequences.board.refresh();
        let opened = match self.sequences.opening.as_ref().map(Job::poll) {
            None | Some(JobProgress::Running) => return,
            Some(JobProgress::Failed) => None,
            Some(JobProgress::Done(opened)) => opened,
        };
        self.sequences.opening = None;
        let run = std::mem::take(&mut self.sequences.run);
        let Some((files, chosen)) = opened else { return };
        self.sequences.board.files = files;
        if let Some(chosen) = chosen {
            self.sequences.board.states.clear();
            self.view.tools.sequences.choose(chosen);
        }
        if !run.is_empty() {
            let ctx = ctx.clone();
            let wake = Arc::new(move || ctx.request_repaint_of(ViewportId::ROOT));
            let (options, secrets) = (&self.options, self.secrets.clone());
            let variables = self.secret_variables.found.with(&options.variables);
            let started = self.sequences.board.start(&run, options, &variables, secrets, wake);
            if let Err(error) = started {
                log::error!("cannot start the thread of the sequences: {error}");
            }
        }
    }
}

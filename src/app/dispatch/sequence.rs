//! Carries out actions on sequences of steps.

use std::path::PathBuf;

use crate::app::App;
use crate::automation::SequenceFile;
use crate::command::{SequenceAction, Tool};
use crate::panels::path_dialog::PathPurpose;
use crate::ui::job::Job;
use crate::ui::language;
use crate::words::sequences as words;

impl App {
    /// Carries out an action on the sequences of the session that is shown.
    pub(super) fn sequence(&mut self, action: SequenceAction) {
        match action {
            SequenceAction::Open => {
                let title = words::OPEN_HELP.of(language(&self.ctx));
                let answer = self.paths.ask(title, PathPurpose::Open, "");
                let job = Job::spawn("open sequences", &self.ctx, move |_| {
                    let chosen = answer()?;
                    let files = SequenceFile::read_with_others(&chosen);
                    Some((files, Some(chosen)))
                });
                self.in_session(|tab| tab.sequences.opening = Some(job));
            }
            SequenceAction::Run(paths) => self.run_sequences(paths),
            SequenceAction::Stop => self.in_session(|tab| tab.sequences.board.stop()),
        }
    }

    /// Reads the files of the list anew, then runs some of them.
    fn run_sequences(&mut self, run: Vec<PathBuf>) {
        self.show_tool(Tool::Sequences);
        let ctx = self.ctx.clone();
        self.in_session(|tab| {
            let files = tab.sequences.board.files.iter();
            let paths: Vec<PathBuf> = files.map(|file| file.path.clone()).collect();
            tab.sequences.run = run;
            tab.sequences.opening = Some(Job::spawn("read sequences", &ctx, move |_| {
                Some((paths.into_iter().map(SequenceFile::read).collect(), None))
            }));
        });
    }
}

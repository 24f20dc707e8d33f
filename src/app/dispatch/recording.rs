//! Begins and ends recordings of sessions. Folders are made and files closed by jobs: a disk may take its time.

use std::path::PathBuf;
use std::time::Duration;

use crate::VERSION;
use crate::app::App;
use crate::command::Notice;
use crate::message::Timestamp;
use crate::recording::failure::RecordFailure;
use crate::recording::{Facts, RecordOptions, Recorder, RecordingProgress};
use crate::session::clock;
use crate::store::settings::TimeFormat;
use crate::ui::job::{self, Job};
use crate::ui::language;
use crate::words::{format, recording as words};

/// How long a job waits for the disk to take what is left.
const PATIENCE: Duration = Duration::from_mins(1);
/// A folder's name has at most so many characters of the connection's.
const NAME_CHARS_MAX: usize = 60;

/// A recording that is about to begin: of the session with this number.
pub(in crate::app) type Beginning = (u64, Job<Result<Recorder, RecordFailure>>);

impl App {
    /// Begins to record the session that shows, in a new folder.
    pub(super) fn begin_recording(&mut self) {
        let Some(tab) = self.active_tab() else { return };
        let number = tab.number;
        if tab.session.recorder().is_some() || self.beginnings.iter().any(|(other, _)| *other == number) {
            return;
        }
        let status = tab.session.status();
        let options = tab.session.options();
        let facts = Facts {
            program: format!("mqttree {VERSION}"),
            name: tab.name.clone(),
            url: options.url(),
            client_id: options.client_id.clone(),
            filters: status.subscriptions.iter().map(|state| state.wanted.filter.clone()).collect(),
            snapshot: None,
        };
        let folder = self.recordings.join(folder_name(&tab.name, clock::now()));
        let options = RecordOptions::new(folder, facts);
        let job = Job::spawn("begin recording", &self.ctx, move |_| Recorder::start(options));
        self.beginnings.push((number, job));
    }

    /// Hands recorders that are ready to their sessions.
    pub(in crate::app) fn collect_recordings(&mut self) {
        let mut begun = Vec::new();
        self.beginnings.retain(|(number, job)| match job.poll() {
            job::JobProgress::Running => true,
            job::JobProgress::Done(recorder) => {
                begun.push((*number, recorder));
                false
            }
            job::JobProgress::Failed => false,
        });
        let l = language(&self.ctx);
        for (number, recorder) in begun {
            match recorder {
                Ok(recorder) => {
                    let folder: PathBuf = recorder.folder().to_owned();
                    // A tab that was closed meanwhile leaves an empty recording.
                    if let Some(tab) = self.tabs.iter().find(|tab| tab.number == number) {
                        tab.session.record(recorder);
                        self.notify(Notice::info(words::began(&folder, l)));
                    }
                }
                Err(failure) => self.notify(Notice::error(words::not_begun(&failure, l))),
            }
        }
    }

    /// Ends the recording of the session that shows.
    pub(super) fn stop_recording(&mut self) {
        let Some(recorder) = self.active_tab().and_then(|tab| tab.session.stop_recording()) else { return };
        let l = language(&self.ctx);
        self.jobs.push(Job::spawn("end recording", &self.ctx, move |_| {
            let is_whole = recorder.finish(PATIENCE);
            let progress: RecordingProgress = recorder.progress();
            Some(match progress.failure {
                None if is_whole => Notice::info(words::ended(&progress, recorder.folder(), l)),
                _ => Notice::error(words::ended(&progress, recorder.folder(), l)),
            })
        }));
    }
}

/// The connection's name and the time, without what some file system cannot have in a name.
fn folder_name(name: &str, at: Timestamp) -> String {
    let plain = |c: char| if c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.') { c } else { '-' };
    let name: String = name.chars().take(NAME_CHARS_MAX).map(plain).collect();
    let time = format::time(at, TimeFormat::Seconds).replace(':', ".");
    format!("{} {} {time}", name.trim_matches([' ', '.']), format::date(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_called_after_the_connection_and_the_time() {
        let name = folder_name("../fac:tory/工厂", Timestamp(1_700_000_000_000_000));
        assert!(name.starts_with("-fac-tory-工厂 2023-11-1"), "{name}");
        assert!(!name.contains([':', '/', '\\']), "{name}");
    }
}

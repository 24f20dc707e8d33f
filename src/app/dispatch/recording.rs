//! Begins and ends recordings of sessions. Folders are made and files closed by jobs: a disk may take its time.

use std::path::PathBuf;
use std::time::Duration;

use crate::VERSION;
use crate::app::App;
use crate::app::tab::Tab;
use crate::command::Notice;
use crate::message::Timestamp;
use crate::recording::failure::RecordFailure;
use crate::recording::{Facts, RecordOptions, Recorder, RecordingProgress};
use crate::session::clock;
use crate::store::ProfileId;
use crate::store::profiles::AutoRecording;
use crate::store::settings::TimeFormat;
use crate::ui::job::{self, Job};
use crate::ui::language;
use crate::words::{format, recording as words};

/// How long a job waits for the disk to take what is left.
const PATIENCE: Duration = Duration::from_mins(1);
/// A folder's name has at most so many characters of the connection's.
const NAME_CHARS_MAX: usize = 60;
/// So many characters of a profile's id are in the name of its folder.
const ID_CHARS: usize = 6;

/// Bytes of a megabyte.
const MEGABYTE: u64 = 1_000_000;
/// A budget is kept by removing whole segments, which are therefore a small part of it.
const SEGMENTS_OF_BUDGET: u64 = 10;
/// The smallest segment, in bytes.
const SEGMENT_BYTES_MIN: u64 = 16 * MEGABYTE;
/// So many sessions of one connection can be recorded at once, each into a folder of its own.
const SESSIONS_MAX: u32 = 9;

/// A recording that is about to begin.
pub(in crate::app) struct Beginning {
    /// The number of the session.
    number: u64,
    /// Whether the session waits for it before it connects.
    is_awaited: bool,
    job: Job<Result<Recorder, RecordFailure>>,
}

impl App {
    /// Begins to record the session that shows, in a new folder.
    pub(super) fn begin_recording(&mut self) {
        let Some(tab) = self.active_tab() else { return };
        let number = tab.number;
        if tab.session.recorder().is_some() || self.beginnings.iter().any(|other| other.number == number) {
            return;
        }
        let folder = self.recordings.join(folder_name(&tab.name, clock::now()));
        let options = RecordOptions::new(folder, facts(tab));
        let job = Job::spawn("begin recording", &self.ctx, move |_| Recorder::start(options));
        self.beginnings.push(Beginning { number, is_awaited: false, job });
    }

    /// Begins to record a session of a connection that is always recorded. The session connects once that has begun, or
    /// has failed.
    pub(in crate::app) fn record_always(&mut self, number: u64, always: AutoRecording) {
        let Some(tab) = self.tabs.iter().find(|tab| tab.number == number) else { return };
        let name = always_name(&tab.name, tab.profile.as_ref().map_or("", ProfileId::as_str));
        let (recordings, facts) = (self.recordings.clone(), facts(tab));
        let job = Job::spawn("begin recording", &self.ctx, move |_| {
            let start = |session: u32| {
                let name = if session == 1 { name.clone() } else { format!("{name} {session}") };
                Recorder::start(always_options(recordings.join(name), facts.clone(), always))
            };
            let is_taken = |begun: &Result<Recorder, _>| matches!(begun, Err(RecordFailure::Locked { .. }));
            (1..SESSIONS_MAX).map(start).find(|begun| !is_taken(begun)).unwrap_or_else(|| start(SESSIONS_MAX))
        });
        self.beginnings.push(Beginning { number, is_awaited: true, job });
    }

    /// Hands recorders that are ready to their sessions.
    pub(in crate::app) fn collect_recordings(&mut self) {
        let mut begun = Vec::new();
        self.beginnings.retain(|Beginning { number, is_awaited, job }| match job.poll() {
            job::JobProgress::Running => true,
            job::JobProgress::Done(recorder) => {
                begun.push((*number, *is_awaited, Some(recorder)));
                false
            }
            job::JobProgress::Failed => {
                begun.push((*number, *is_awaited, None));
                false
            }
        });
        let l = language(&self.ctx);
        for (number, is_awaited, recorder) in begun {
            // A tab that was closed meanwhile leaves an empty recording.
            let Some(tab) = self.tabs.iter().find(|tab| tab.number == number) else { continue };
            let notice = match recorder {
                Some(Ok(recorder)) => {
                    let folder: PathBuf = recorder.folder().to_owned();
                    tab.session.record(recorder);
                    // What a person did not ask for just now is said by the mark alone.
                    (!is_awaited).then(|| Notice::info(words::began(&folder, l)))
                }
                Some(Err(failure)) => Some(Notice::error(words::not_begun(&failure, l))),
                None => None,
            };
            if is_awaited {
                tab.session.reconnect_now();
            }
            if let Some(notice) = notice {
                self.notify(notice);
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

/// What a recording says about the session.
fn facts(tab: &Tab) -> Facts {
    let (status, options) = (tab.session.status(), tab.session.options());
    Facts {
        program: format!("mqttree {VERSION}"),
        name: tab.name.clone(),
        url: options.url(),
        client_id: options.client_id.clone(),
        filters: status.subscriptions.iter().map(|state| state.wanted.filter.clone()).collect(),
        snapshot: None,
    }
}

/// How a connection is recorded that always is.
fn always_options(folder: PathBuf, facts: Facts, always: AutoRecording) -> RecordOptions {
    let mut options = RecordOptions::new(folder, facts);
    let keep = always.keep_mb.saturating_mul(MEGABYTE);
    if keep > 0 {
        options.budget_bytes = Some(keep);
        options.segment_bytes_max =
            (keep / SEGMENTS_OF_BUDGET).clamp(SEGMENT_BYTES_MIN, options.segment_bytes_max);
    }
    options.free_bytes_min = always.leave_free_mb.saturating_mul(MEGABYTE);
    options.begins_full = true;
    options
}

/// The connection's name and the time.
fn folder_name(name: &str, at: Timestamp) -> String {
    let time = format::time(at, TimeFormat::Seconds).replace(':', ".");
    format!("{} {} {time}", plain_name(name), format::date(at))
}

/// The connection's name, and enough of its profile's id to tell it from another of that name.
fn always_name(name: &str, profile: &str) -> String {
    let id: String = profile.chars().filter(char::is_ascii_alphanumeric).take(ID_CHARS).collect();
    format!("{} {id}", plain_name(name))
}

/// A name without what some file system cannot have in it.
fn plain_name(name: &str) -> String {
    let plain = |c: char| if c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.') { c } else { '-' };
    let name: String = name.chars().take(NAME_CHARS_MAX).map(plain).collect();
    name.trim_matches([' ', '.']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_is_kept_in_small_segments_and_room_is_waited_for() {
        let options = |keep_mb| {
            let always = AutoRecording { always: true, keep_mb, leave_free_mb: 250 };
            always_options(PathBuf::new(), Facts::default(), always)
        };
        let (some, all) = (options(1_000), options(0));
        assert_eq!((some.budget_bytes, some.segment_bytes_max), (Some(1_000_000_000), 100_000_000));
        assert_eq!((all.budget_bytes, all.segment_bytes_max), (None, 1 << 30));
        assert!(all.begins_full && all.free_bytes_min == 250_000_000);
        assert_eq!(options(10).segment_bytes_max, SEGMENT_BYTES_MIN);
    }

    #[test]
    fn a_folder_of_what_is_always_recorded_keeps_its_name() {
        assert_eq!(always_name("plant: one", "5f0c2d9e4b1a7788"), "plant- one 5f0c2d");
    }

    #[test]
    fn a_folder_is_called_after_the_connection_and_the_time() {
        let name = folder_name("../fac:tory/工厂", Timestamp(1_700_000_000_000_000));
        assert!(name.starts_with("-fac-tory-工厂 2023-11-1"), "{name}");
        assert!(!name.contains([':', '/', '\\']), "{name}");
    }
}

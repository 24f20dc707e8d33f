//! The thread that writes profiles, settings and the publish history, so that the window never waits for a disk.
//!
//! The window hands over the newest state, which replaces an earlier one that is not written yet. So at most one state
//! of each file is waiting. Dropping the [`Saver`] writes what is waiting, then ends the thread.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex};

use crate::store::atomic::{self, Access};
use crate::store::document::{Saved, Storable, StoredFile};
use crate::store::notice::{StoreError, StoreNotice};
use crate::store::paths::Paths;
use crate::store::profiles::Profiles;
use crate::store::publish_history::PublishHistory;
use crate::store::settings::Settings;

/// The most events that wait for the window; the oldest go first.
const EVENTS_MAX: usize = 64;

/// Everything that was on disk, and the saver that writes it from now on.
#[derive(Debug)]
pub struct Opened {
    /// The connections.
    pub profiles: Profiles,
    /// The settings.
    pub settings: Settings,
    /// The publish history.
    pub history: PublishHistory,
    /// Writes all of these.
    pub saver: Saver,
    /// What the person should know about the files.
    pub notices: Vec<StoreNotice>,
}

/// What became of something that was handed to the [`Saver`].
#[derive(Clone, Debug)]
pub enum SaveEvent {
    /// The connections are on disk. Give this to [`Profiles::adopt`].
    Profiles(Saved<Profiles>),
    /// The settings are on disk. Give this to [`Settings::adopt`].
    Settings(Box<Saved<Settings>>),
    /// The publish history is on disk. Give this to [`PublishHistory::adopt`].
    History(Saved<PublishHistory>),
    /// Something was not written; it is tried again with the next change of the same file.
    Failed(StoreError),
}

/// Reads all files and starts the thread that writes them. Blocks on the disk: for the start of the program.
///
/// Files that cannot be read start empty, with a notice. `wake` is called after each event, on the saver's thread.
pub fn open(paths: &Paths, wake: impl Fn() + Send + 'static) -> io::Result<Opened> {
    let (profiles_file, profiles, mut notices) = StoredFile::load(paths.profiles());
    let (settings_file, settings, settings_notices) = StoredFile::load(paths.settings());
    let (history_file, history, history_notices) = StoredFile::load(paths.published());
    notices.extend(settings_notices);
    notices.extend(history_notices);
    let files = Files { profiles: profiles_file, settings: settings_file, history: history_file };
    Ok(Opened { profiles, settings, history, saver: Saver::start(files, wake)?, notices })
}

/// The handle of the thread.
#[derive(Debug)]
pub struct Saver {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct Files {
    profiles: StoredFile<Profiles>,
    settings: StoredFile<Settings>,
    history: StoredFile<PublishHistory>,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    waiting: Waiting,
    writing: bool,
    stopping: bool,
    events: std::collections::VecDeque<SaveEvent>,
}

#[derive(Debug, Default)]
struct Waiting {
    profiles: Option<Profiles>,
    settings: Option<Settings>,
    history: Option<PublishHistory>,
    /// Files that nobody else writes, by path.
    own: BTreeMap<PathBuf, Vec<u8>>,
}

impl Waiting {
    fn is_empty(&self) -> bool {
        self.profiles.is_none() && self.settings.is_none() && self.history.is_none() && self.own.is_empty()
    }
}

impl Saver {
    fn start(files: Files, wake: impl Fn() + Send + 'static) -> io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let for_thread = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name("store-saver".to_owned())
            .spawn(move || for_thread.run(files, &wake))?;
        Ok(Self { shared, thread: Some(thread) })
    }

    /// Has the connections written. Does not wait.
    pub fn save_profiles(&self, profiles: &Profiles) {
        self.hand_over(|waiting| waiting.profiles = Some(profiles.clone()));
    }

    /// Has the settings written. Does not wait.
    pub fn save_settings(&self, settings: &Settings) {
        self.hand_over(|waiting| waiting.settings = Some(settings.clone()));
    }

    /// Has the publish history written. Does not wait.
    pub fn save_history(&self, history: &PublishHistory) {
        self.hand_over(|waiting| waiting.history = Some(history.clone()));
    }

    /// Has a file written that only its owner may read and that no other program writes. Does not wait.
    pub fn save_own(&self, path: PathBuf, bytes: Vec<u8>) {
        self.hand_over(|waiting| {
            waiting.own.insert(path, bytes);
        });
    }

    /// What became of earlier saves, oldest first. Does not wait.
    pub fn events(&self) -> Vec<SaveEvent> {
        self.shared.state.lock().events.drain(..).collect()
    }

    /// Waits until everything handed over is written or has failed; returns `false` if that takes longer than `limit`.
    pub fn flush(&self, limit: Duration) -> bool {
        let until = Instant::now() + limit;
        let mut state = self.shared.state.lock();
        while state.writing || !state.waiting.is_empty() {
            if self.shared.changed.wait_until(&mut state, until).timed_out() {
                return false;
            }
        }
        true
    }

    fn hand_over(&self, put: impl FnOnce(&mut Waiting)) {
        put(&mut self.shared.state.lock().waiting);
        self.shared.changed.notify_all();
    }
}

impl Drop for Saver {
    fn drop(&mut self) {
        self.shared.state.lock().stopping = true;
        self.shared.changed.notify_all();
        if let Some(Err(_)) = self.thread.take().map(JoinHandle::join) {
            log::error!("the thread that saves files panicked");
        }
    }
}

impl Shared {
    fn run(&self, mut files: Files, wake: &dyn Fn()) {
        while let Some(waiting) = self.take() {
            let Waiting { profiles, settings, history, own } = waiting;
            let events = [
                profiles.map(|profiles| save(&mut files.profiles, &profiles, SaveEvent::Profiles)),
                settings.map(|settings| {
                    save(&mut files.settings, &settings, |saved| SaveEvent::Settings(Box::new(saved)))
                }),
                history.map(|history| save(&mut files.history, &history, SaveEvent::History)),
            ];
            let own = own.iter().filter_map(|(path, bytes)| {
                atomic::write(path, bytes, Access::Private).err().map(SaveEvent::Failed)
            });
            let events: Vec<SaveEvent> = events.into_iter().flatten().chain(own).collect();
            let mut state = self.state.lock();
            state.events.extend(events);
            let surplus = state.events.len().saturating_sub(EVENTS_MAX);
            state.events.drain(..surplus);
            state.writing = false;
            drop(state);
            self.changed.notify_all();
            wake();
        }
    }

    /// What to write next; `None` when nothing is left and the handle is gone.
    fn take(&self) -> Option<Waiting> {
        let mut state = self.state.lock();
        while state.waiting.is_empty() {
            if state.stopping {
                return None;
            }
            self.changed.wait(&mut state);
        }
        state.writing = true;
        Some(std::mem::take(&mut state.waiting))
    }
}

fn save<D: Storable>(file: &mut StoredFile<D>, document: &D, done: fn(Saved<D>) -> SaveEvent) -> SaveEvent {
    match file.save(document) {
        Ok(saved) => done(saved),
        Err(error) => SaveEvent::Failed(error),
    }
}

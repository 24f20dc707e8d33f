//! Writing recordings: the handle that a session holds, and the thread behind it.

mod carry;
pub(super) mod disk;
mod queue;
mod segment;
mod sync;
mod topics;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, TryRecvError};
use parking_lot::Mutex;

use crate::message::{Batch, Timestamp};
use crate::recording::failure::RecordFailure;
use crate::recording::format::event::{Gap, RecordedEvent};
use crate::recording::format::segment_head::Facts;
use crate::recording::write::disk::Lock;
use crate::recording::write::queue::Queue;
use crate::recording::write::writer::Writer;

/// Options of a new recording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordOptions {
    /// The folder, created if necessary. An existing recording in it is kept, and the new run follows it.
    pub folder: PathBuf,
    /// Facts about the recording.
    pub facts: Facts,
    /// A frame is written at this uncompressed size. Keyframes are at least this far apart.
    pub frame_bytes_max: usize,
    /// A new segment begins when one reaches this many bytes.
    pub segment_bytes_max: u64,
    /// The oldest segments are removed when the total exceeds this.
    pub budget_bytes: Option<u64>,
    /// How many bytes of the disk to leave free.
    pub free_bytes_min: u64,
    /// Whether it begins although there is no room yet: with a gap that ends once there is.
    pub begins_full: bool,
    /// Whether callers wait for a slow disk instead of leaving a gap. Meant for programs that only record.
    pub waits: bool,
}

impl RecordOptions {
    /// Options with the usual limits.
    pub fn new(folder: impl Into<PathBuf>, facts: Facts) -> Self {
        Self {
            folder: folder.into(),
            facts,
            frame_bytes_max: 1 << 20,
            segment_bytes_max: 1 << 30,
            budget_bytes: None,
            free_bytes_min: 256 << 20,
            begins_full: false,
            waits: false,
        }
    }
}

/// The progress of a recording.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordingProgress {
    /// How many messages are on disk.
    pub messages: u64,
    /// How many bytes were written.
    pub bytes: u64,
    /// How many messages are missing.
    pub missing: u64,
    /// Bytes of messages waiting for the disk.
    pub waiting_bytes: u64,
    /// How many segments this run has started.
    pub segments: u32,
    /// How many segments were removed for the budget.
    pub dropped_segments: u32,
    /// Why nothing is being recorded at present. Recording resumes automatically once the reason is gone.
    pub failure: Option<RecordFailure>,
    /// Whether the writer has ended.
    pub ended: bool,
}

/// State shared by the handle and the thread.
#[derive(Debug, Default)]
struct Shared {
    messages: AtomicU64,
    bytes: AtomicU64,
    missing: AtomicU64,
    segments: AtomicU64,
    dropped_segments: AtomicU64,
    failure: Mutex<Option<RecordFailure>>,
}

/// A recording being written. Dropping it writes what is left and ends the recording; [`Recorder::finish`] waits for
/// that.
#[derive(Debug)]
pub struct Recorder {
    folder: PathBuf,
    waits: bool,
    continues: bool,
    queue: Arc<Queue>,
    shared: Arc<Shared>,
    thread: Mutex<Option<JoinHandle<()>>>,
    /// Disconnected once the thread has ended.
    ended: Receiver<()>,
}

impl Recorder {
    /// Starts a recording, or returns why that is impossible. Creates the folder and opens its first segment.
    pub fn start(options: RecordOptions) -> Result<Self, RecordFailure> {
        let RecordOptions { folder, waits, .. } = &options;
        let (folder, waits) = (folder.clone(), *waits);
        std::fs::create_dir_all(&folder).map_err(|error| RecordFailure::of(&error, &folder))?;
        let lock = Lock::take(&folder)?;
        let continues = disk::segments(&folder).is_ok_and(|segments| !segments.is_empty());
        let (queue, shared) = (Arc::<Queue>::default(), Arc::<Shared>::default());
        let mut writer = Writer::new(options, lock, queue.clone(), shared.clone());
        writer.begin()?;
        let (alive, ended) = crossbeam_channel::bounded(0);
        let started = Builder::new().name("recorder".to_owned()).spawn({
            let queue = queue.clone();
            move || {
                writer.run();
                queue.leave();
                drop(alive);
            }
        });
        let thread = started.map_err(|error| RecordFailure::of(&error, &folder))?;
        Ok(Self { folder, waits, continues, queue, shared, thread: Mutex::new(Some(thread)), ended })
    }

    /// The recording's folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whether the folder held a recording before.
    pub fn continues(&self) -> bool {
        self.continues
    }

    /// Takes a batch and returns an empty one. If there is no room, the batch is returned and the gap is noted.
    pub fn offer(&self, batch: Batch) -> Batch {
        let (back, missed) = self.queue.offer(batch, self.waits);
        self.shared.missing.fetch_add(missed, Ordering::Relaxed);
        back
    }

    /// Records an event.
    pub fn event(&self, at: Timestamp, event: RecordedEvent) {
        self.queue.event(at, event);
    }

    /// Records a gap that the caller knows about.
    pub fn gap(&self, gap: Gap) {
        self.queue.gap(gap);
    }

    /// The current progress.
    pub fn progress(&self) -> RecordingProgress {
        let load = |number: &AtomicU64| number.load(Ordering::Relaxed);
        let Shared { messages, bytes, missing, segments, dropped_segments, failure } = &*self.shared;
        RecordingProgress {
            messages: load(messages),
            bytes: load(bytes),
            missing: load(missing),
            waiting_bytes: self.queue.bytes(),
            segments: load(segments) as u32,
            dropped_segments: load(dropped_segments) as u32,
            failure: failure.lock().clone(),
            ended: self.ended.try_recv() == Err(TryRecvError::Disconnected),
        }
    }

    /// Writes what is left and closes the last segment, in the background.
    pub fn end(&self) {
        self.queue.close();
    }

    /// Ends the recording and waits up to `patience` until everything is on disk; returns `false` if it is still
    /// writing.
    pub fn finish(&self, patience: Duration) -> bool {
        self.end();
        // Nothing is ever sent on this channel.
        let is_late = self.ended.recv_timeout(patience) == Err(RecvTimeoutError::Timeout);
        if is_late {
            return false;
        }
        if let Some(thread) = self.thread.lock().take()
            && thread.join().is_err()
        {
            log::error!("the recorder panicked while it ended");
        }
        true
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.queue.close();
    }
}

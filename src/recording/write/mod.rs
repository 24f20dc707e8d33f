//! Writing: the handle that a session holds, and the thread behind it.

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
use crate::recording::format::event::{Event, Gap};
use crate::recording::format::segment_head::Facts;
use crate::recording::write::disk::Lock;
use crate::recording::write::queue::Queue;
use crate::recording::write::writer::Writer;

/// What a recording is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordOptions {
    /// Where it is kept. It is created; what is recorded there already stays, and the new run follows it.
    pub folder: PathBuf,
    /// What is recorded, for people.
    pub facts: Facts,
    /// A frame is written at this size, before it is packed. Keyframes are no closer than that.
    pub frame_bytes_max: usize,
    /// A new segment begins when one has so many bytes.
    pub segment_bytes_max: u64,
    /// The oldest segments are removed when all together have more bytes than this.
    pub budget_bytes: Option<u64>,
    /// Bytes of the disk that are left free.
    pub free_bytes_min: u64,
    /// Whoever hands over messages waits for a slow disk, instead of making a gap. For a program that does nothing else.
    pub waits: bool,
}

impl RecordOptions {
    /// A recording with the usual limits.
    pub fn new(folder: impl Into<PathBuf>, facts: Facts) -> Self {
        Self {
            folder: folder.into(),
            facts,
            frame_bytes_max: 1 << 20,
            segment_bytes_max: 1 << 30,
            budget_bytes: None,
            free_bytes_min: 256 << 20,
            waits: false,
        }
    }
}

/// How a recording is going.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Messages that are on disk.
    pub messages: u64,
    /// Bytes that were written.
    pub bytes: u64,
    /// Messages that were to be recorded and are missing.
    pub missing: u64,
    /// Messages' bytes that wait for the disk.
    pub waiting_bytes: u64,
    /// Segments that this run has begun.
    pub segments: u32,
    /// Segments that were removed for the budget.
    pub dropped_segments: u32,
    /// Why nothing is being recorded at the moment. It goes on by itself when the reason is gone.
    pub failure: Option<RecordFailure>,
    /// The writer has ended.
    pub ended: bool,
}

/// What the handle and the thread see together.
#[derive(Debug, Default)]
struct Shared {
    messages: AtomicU64,
    bytes: AtomicU64,
    missing: AtomicU64,
    segments: AtomicU64,
    dropped_segments: AtomicU64,
    failure: Mutex<Option<RecordFailure>>,
}

/// A recording that is being written. Dropping it writes what is left and ends it; [`Recorder::finish`] waits for that.
#[derive(Debug)]
pub struct Recorder {
    folder: PathBuf,
    waits: bool,
    queue: Arc<Queue>,
    shared: Arc<Shared>,
    thread: Mutex<Option<JoinHandle<()>>>,
    /// Disconnected when the thread has ended.
    ended: Receiver<()>,
}

impl Recorder {
    /// Begins a recording, or says why there can be none. Creates the folder and opens its first segment.
    pub fn start(options: RecordOptions) -> Result<Self, RecordFailure> {
        let RecordOptions { folder, waits, .. } = &options;
        let (folder, waits) = (folder.clone(), *waits);
        std::fs::create_dir_all(&folder).map_err(|error| RecordFailure::of(&error, &folder))?;
        let lock = Lock::take(&folder)?;
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
        Ok(Self { folder, waits, queue, shared, thread: Mutex::new(Some(thread)), ended })
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Takes a batch, and gives an empty one for it. If there is no room, it comes back and the gap is noted.
    pub fn offer(&self, batch: Batch) -> Batch {
        let (back, missed) = self.queue.offer(batch, self.waits);
        self.shared.missing.fetch_add(missed, Ordering::Relaxed);
        back
    }

    /// Takes something that happened.
    pub fn event(&self, at: Timestamp, event: Event) {
        self.queue.event(at, event);
    }

    /// Takes a gap of which the caller knows.
    pub fn gap(&self, gap: Gap) {
        self.queue.gap(gap);
    }

    /// How it is going.
    pub fn progress(&self) -> Progress {
        let load = |number: &AtomicU64| number.load(Ordering::Relaxed);
        let Shared { messages, bytes, missing, segments, dropped_segments, failure } = &*self.shared;
        Progress {
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

    /// Ends it and waits until all is on disk, for `patience` at most. `false`: it is still writing.
    pub fn finish(&self, patience: Duration) -> bool {
        self.end();
        // Nothing is ever sent.
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

//! What a session's threads share with its owner: the model, the status and the counters.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use parking_lot::{FairMutex, Mutex};

use crate::message::Timestamp;
use crate::model::Model;
use crate::recording::{Recorder, Recording};
use crate::session::behind::Behind;
use crate::session::channel::Gauge;
use crate::session::clock;
use crate::session::connection_log::{Crash, LogEvent};
use crate::session::packet_log::PacketLog;
use crate::session::recording::Tap;
use crate::session::status::{ConnectionState, Counters, Status};

/// Called, from any thread, when something changed that the window may show. It must not block.
pub type Wake = Arc<dyn Fn() + Send + Sync>;

/// The state shared by the handle, the worker and the ingest thread.
pub(super) struct Shared {
    pub(super) model: Arc<FairMutex<Model>>,
    /// Copied on write: a reader's snapshot is a clone of the `Arc`, so a change copies the status at most once per
    /// snapshot.
    status: Mutex<Arc<Status>>,
    pub(super) numbers: Numbers,
    /// The recording that is shown, if more is in it than in the memory.
    shown: Mutex<Option<Arc<Recording>>>,
    /// Who records this session.
    tap: Mutex<Option<Tap>>,
    /// The packets of this session, while the log is turned on.
    pub(super) packet_log: Arc<PacketLog>,
    gauge: Gauge,
    wake: Wake,
    /// Who is told of every change of the status, besides the window; each channel holds one message.
    listeners: Mutex<Vec<Sender<()>>>,
    /// Set when the window was woken and has not looked since.
    woken: AtomicBool,
}

/// The live counters behind [`Counters`].
#[derive(Default)]
pub(super) struct Numbers {
    pub(super) received: AtomicU64,
    pub(super) received_bytes: AtomicU64,
    pub(super) applied: AtomicU64,
    pub(super) lost: AtomicU64,
    /// When the newest batch was taken in, in microseconds since 1970.
    pub(super) taken_at_us: AtomicI64,
    pub(super) sent: AtomicU64,
    /// Set while the channel is full and the socket is not read.
    pub(super) held_back: AtomicBool,
    /// Payload bytes of publishes that wait for the worker.
    pub(super) requested_bytes: AtomicU64,
}

impl Shared {
    pub(super) fn new(model: Model, gauge: Gauge, wake: Wake) -> Self {
        Self {
            model: Arc::new(FairMutex::new(model)),
            status: Mutex::default(),
            numbers: Numbers::default(),
            shown: Mutex::default(),
            tap: Mutex::default(),
            packet_log: Arc::default(),
            gauge,
            wake,
            listeners: Mutex::default(),
            woken: AtomicBool::new(false),
        }
    }

    /// The status as it is now. Cheap to take.
    pub(super) fn status(&self) -> Arc<Status> {
        self.status.lock().clone()
    }

    /// Changes the status and wakes the window.
    pub(super) fn update<T>(&self, change: impl FnOnce(&mut Status) -> T) -> T {
        let result = {
            let mut status = self.status.lock();
            let before = status.log_total;
            let result = change(Arc::make_mut(&mut status));
            self.record_log(&status, before);
            result
        };
        // A full channel means that news is already waiting; a closed one that nobody listens any more.
        self.listeners.lock().retain(|listener| listener.try_send(()) != Err(TrySendError::Disconnected(())));
        self.wake();
        result
    }

    /// Fires when the status has changed since it was last received from.
    pub(super) fn listen(&self) -> Receiver<()> {
        let (sender, receiver) = bounded(1);
        self.listeners.lock().push(sender);
        receiver
    }

    /// Hands the lines that came to the log to who records.
    fn record_log(&self, status: &Status, before: u64) {
        let lines = usize::try_from(status.log_total - before).unwrap_or(usize::MAX);
        if lines > 0
            && let Some(tap) = &mut *self.tap.lock()
        {
            let first = status.log.len().saturating_sub(lines);
            status.log.range(first..).for_each(|line| tap.line(line));
        }
    }

    /// Records from now on; gives back who did until now.
    pub(super) fn set_recorder(&self, recorder: Option<Arc<Recorder>>, url: &str) -> Option<Arc<Recorder>> {
        let status = self.status.lock();
        let tap = recorder.map(|recorder| Tap::new(recorder, &status, url.to_owned(), clock::now()));
        let before = std::mem::replace(&mut *self.tap.lock(), tap);
        before.map(|tap| tap.recorder().clone())
    }

    /// Who records.
    pub(super) fn recorder(&self) -> Option<Arc<Recorder>> {
        self.tap.lock().as_ref().map(|tap| tap.recorder().clone())
    }

    /// Notes that the recording shown holds more than the memory.
    pub(super) fn set_shown(&self, recording: Arc<Recording>) {
        *self.shown.lock() = Some(recording);
    }

    /// The recording that holds what is not in memory.
    pub(super) fn behind(&self) -> Option<Behind> {
        if let Some(recorder) = self.recorder() {
            let (folder, continues) = (recorder.folder().to_owned(), recorder.continues());
            return Some(Behind::Written { folder, continues });
        }
        self.shown.lock().clone().map(Behind::Shown)
    }

    /// Adds a line to the connection log.
    pub(super) fn log(&self, what: LogEvent) {
        self.update(|status| status.log(clock::now(), what));
    }

    /// Whether CONNACK was positive and the connection stands.
    pub(super) fn is_connected(&self) -> bool {
        self.status.lock().state.is_connected()
    }

    /// Wakes the window, unless it was woken and has not looked since.
    pub(super) fn wake(&self) {
        if !self.woken.swap(true, Ordering::AcqRel) {
            (self.wake)();
        }
    }

    /// Whether the window was woken and has not looked since.
    pub(super) fn is_woken(&self) -> bool {
        self.woken.load(Ordering::Acquire)
    }

    /// Notes that the window is looking now: later changes wake it again.
    pub(super) fn looked(&self) {
        self.woken.store(false, Ordering::Release);
    }

    /// The traffic numbers. Each is exact; together they describe about the same moment.
    pub(super) fn counters(&self) -> Counters {
        let load = |number: &AtomicU64| number.load(Ordering::Relaxed);
        let numbers = &self.numbers;
        // Read before `received`, so that the difference never goes below zero.
        let taken = load(&numbers.applied) + load(&numbers.lost);
        let received = load(&numbers.received);
        Counters {
            received,
            received_bytes: load(&numbers.received_bytes),
            waiting: received.saturating_sub(taken),
            waiting_bytes: self.gauge.waiting_bytes(),
            held_back: numbers.held_back.load(Ordering::Relaxed),
            lost: load(&numbers.lost),
            sent: load(&numbers.sent),
            taken_at: Timestamp(numbers.taken_at_us.load(Ordering::Relaxed)),
        }
    }

    /// Ends the session because a thread failed, and shows why until it is closed.
    pub(super) fn crashed(&self, crash: Crash) {
        log::error!("{crash:?}");
        self.update(|status| {
            status.log(clock::now(), LogEvent::Crashed(crash.clone()));
            status.crashed.get_or_insert(crash);
            status.state = ConnectionState::Disconnected;
        });
    }
}

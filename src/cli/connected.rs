//! A session for commands without a window: status changes, Ctrl-C, and a clean end.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, bounded};
use parking_lot::Mutex;

use crate::mqtt::options::{ConnectOptions, Secrets};
use crate::recording::Recorder;
use crate::session::signals::{Interruption, interrupts};
use crate::session::status::{ConnectionState, Status};
use crate::session::{Goodbye, Opening, Session, Sink, Wake, clock};
use crate::store::Paths;
use crate::store::spoken::{self, Spoken};
use crate::words::cli::NotBegun;

/// An open session with channels that report its news.
pub(super) struct Connected {
    /// The session.
    pub session: Session,
    /// Fires when the status has changed since [`Connected::look`].
    pub woken: Receiver<()>,
    /// Fires when the system ends the program.
    pub interrupted: Receiver<Interruption>,
    /// Where to note what the broker was found to speak, until that is done.
    spoken: Mutex<Option<PathBuf>>,
}

impl Connected {
    /// Starts connecting.
    pub(super) fn open(options: ConnectOptions, secrets: Secrets, sink: impl Sink) -> Result<Self, NotBegun> {
        Self::open_with(options, |opening, wake| Session::open_into(opening, secrets, sink, wake))
    }

    /// Starts to connect, and records what comes.
    pub(super) fn open_recording(
        options: ConnectOptions,
        secrets: Secrets,
        sink: impl Sink,
        recorder: Recorder,
    ) -> Result<Self, NotBegun> {
        Self::open_with(options, |opening, wake| {
            Session::open_recording(opening, secrets, sink, recorder, wake)
        })
    }

    fn open_with(
        options: ConnectOptions,
        open: impl FnOnce(Opening, Wake) -> Session,
    ) -> Result<Self, NotBegun> {
        let interrupted = interrupts().map_err(|error| NotBegun::Interrupts(error.into()))?;
        let (wake, woken) = bounded(1);
        let wake = Arc::new(move || {
            // A full channel means that a wake-up is already waiting.
            wake.try_send(()).ok();
        });
        // Without a home nothing is remembered.
        let spoken = Paths::from_env().ok().map(|paths| paths.spoken());
        let presumed = spoken.as_ref().and_then(|file| Spoken::load(file).presumed(&options, clock::now()));
        let session = open(Opening { options, presumed, is_held: false }, wake);
        Ok(Self { session, woken, interrupted, spoken: Mutex::new(spoken) })
    }

    /// The current status; later changes fire `woken`.
    pub(super) fn look(&self) -> Arc<Status> {
        self.session.looked();
        let status = self.session.status();
        if let Some(version) = status.found
            && let Some(file) = self.spoken.lock().take()
            && let Err(error) = spoken::note(&file, self.session.options(), version, clock::now())
        {
            log::warn!("what the broker speaks is not remembered: {error:?}");
        }
        status
    }

    /// Disconnects and waits until what was on its way has left: for its grace at most, or until Ctrl-C.
    pub(super) fn finish(&self, goodbye: Goodbye) {
        let deadline = Instant::now() + goodbye.grace;
        self.session.disconnect_with(goodbye);
        while self.look().state != ConnectionState::Disconnected {
            let mut interrupted = false;
            crossbeam_channel::select! {
                recv(self.woken) -> _ => {}
                recv(self.interrupted) -> _ => interrupted = true,
                default(deadline.saturating_duration_since(Instant::now())) => interrupted = true,
            }
            if interrupted {
                return;
            }
        }
    }

    /// Waits for `pause`; returns `false` if Ctrl-C ended it.
    pub(super) fn wait(&self, pause: Duration) -> bool {
        self.interrupted.recv_timeout(pause) == Err(RecvTimeoutError::Timeout)
    }
}

//! A session as a command without a window holds it: its status when it changes, Ctrl-C, and a tidy end.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, bounded};

use crate::mqtt::options::{ConnectOptions, Secrets};
use crate::recording::Recorder;
use crate::session::signals::interrupts;
use crate::session::status::{ConnectionState, Status};
use crate::session::{Session, Sink, Wake};
use crate::words::cli::NotBegun;

/// An open session and what tells of it.
pub(super) struct Connected {
    /// The session.
    pub session: Session,
    /// Fires when the status changed since [`Connected::look`].
    pub woken: Receiver<()>,
    /// Fires at Ctrl-C.
    pub interrupted: Receiver<()>,
}

impl Connected {
    /// Starts to connect.
    pub(super) fn open(options: ConnectOptions, secrets: Secrets, sink: impl Sink) -> Result<Self, NotBegun> {
        Self::open_with(|wake| Session::open_into(options, secrets, sink, wake))
    }

    /// Starts to connect, and records what comes.
    pub(super) fn open_recording(
        options: ConnectOptions,
        secrets: Secrets,
        sink: impl Sink,
        recorder: Recorder,
    ) -> Result<Self, NotBegun> {
        Self::open_with(|wake| Session::open_recording(options, secrets, sink, recorder, wake))
    }

    fn open_with(open: impl FnOnce(Wake) -> Session) -> Result<Self, NotBegun> {
        let interrupted = interrupts().map_err(|error| NotBegun::Interrupts(error.into()))?;
        let (wake, woken) = bounded(1);
        let wake = Arc::new(move || {
            // One that waits already tells as much.
            wake.try_send(()).ok();
        });
        Ok(Self { session: open(wake), woken, interrupted })
    }

    /// The status now; what changes after this fires `woken`.
    pub(super) fn look(&self) -> Arc<Status> {
        self.session.looked();
        self.session.status()
    }

    /// Disconnects and waits until what was on its way has left: for `grace` at most, or until Ctrl-C.
    pub(super) fn finish(&self, grace: Duration) {
        let deadline = Instant::now() + grace;
        self.session.disconnect_within(grace);
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

    /// Waits for `pause`; `false` if Ctrl-C ended it.
    pub(super) fn wait(&self, pause: Duration) -> bool {
        self.interrupted.recv_timeout(pause) == Err(RecvTimeoutError::Timeout)
    }
}

//! Ctrl-C and the signals that ask a program to end.

use std::io;
use std::thread::Builder;

use crossbeam_channel::{Receiver, bounded};

/// The exit code after a second Ctrl-C, as shells report it: 128 plus the number of SIGINT.
const INTERRUPTED: i32 = 130;

/// Fires once, at the first Ctrl-C, SIGTERM or SIGHUP. A second one ends the program at once, for people who do not want
/// to wait for a clean end.
pub fn interrupts() -> io::Result<Receiver<()>> {
    let (sender, receiver) = bounded(1);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    // From here on signals are caught, not only once the thread runs.
    let mut ends = {
        let _context = runtime.enter();
        Ends::new()?
    };
    Builder::new().name("signals".to_owned()).spawn(move || {
        runtime.block_on(async {
            ends.next().await;
            // The receiver lives as long as the command.
            sender.try_send(()).ok();
            ends.next().await;
            std::process::exit(INTERRUPTED);
        });
    })?;
    Ok(receiver)
}

#[cfg(unix)]
struct Ends {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
    hang_up: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Ends {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hang_up: signal(SignalKind::hangup())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
            _ = self.hang_up.recv() => {}
        }
    }
}

#[cfg(windows)]
struct Ends {
    interrupt: tokio::signal::windows::CtrlC,
    close: tokio::signal::windows::CtrlClose,
}

#[cfg(windows)]
impl Ends {
    fn new() -> io::Result<Self> {
        use tokio::signal::windows::{ctrl_c, ctrl_close};
        Ok(Self { interrupt: ctrl_c()?, close: ctrl_close()? })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.close.recv() => {}
        }
    }
}

//! Ctrl-C and what the system sends to end a program.

use crossbeam_channel::{Receiver, bounded};

/// How a shell names the end by a second Ctrl-C: 128 and the number of SIGINT.
const INTERRUPTED: i32 = 130;

/// Fires once at the first Ctrl-C, SIGTERM or SIGHUP. The second one ends the program at once: somebody does not want to
/// wait for the goodbye.
pub(super) fn interrupts() -> Result<Receiver<()>, String> {
    let (sender, receiver) = bounded(1);
    let mut seen = false;
    let handler = move || {
        if std::mem::replace(&mut seen, true) {
            std::process::exit(INTERRUPTED);
        }
        // The receiver lives as long as the command.
        sender.try_send(()).ok();
    };
    ctrlc::set_handler(handler).map_err(|error| format!("Ctrl-C cannot be caught: {error}"))?;
    Ok(receiver)
}

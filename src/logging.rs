//! Where the program's own log goes: warnings and errors to standard error, one line each.
//!
//! What happens on a connection is in the window's log panel, not here.

use std::io::Write as _;

use log::{LevelFilter, Log, Metadata, Record};

struct Stderr;

impl Log for Stderr {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        // Graphics crates warn about what their fallbacks then handle; a person can do nothing with it.
        let ours = metadata.target().starts_with("mqttree");
        metadata.level() <= if ours { log::Level::Warn } else { log::Level::Error }
    }

    fn log(&self, record: &Record<'_>) {
        if self.enabled(record.metadata()) {
            let level = record.level().as_str().to_lowercase();
            // Standard error may be closed: then there is nowhere to say so.
            writeln!(std::io::stderr(), "mqttree: {level}: {}", record.args()).ok();
        }
    }

    fn flush(&self) {}
}

/// Installs the log once; later calls change nothing.
pub fn install() {
    static STDERR: Stderr = Stderr;
    if log::set_logger(&STDERR).is_ok() {
        log::set_max_level(LevelFilter::Warn);
    }
}

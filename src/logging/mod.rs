//! Where the program's own log goes: warnings, errors and panics to standard error.
//!
//! Events of a connection go to the window's log panel instead.

mod build_paths;

use std::backtrace::{Backtrace, BacktraceStatus};
use std::io::Write as _;
use std::panic::PanicHookInfo;
use std::thread;

use log::{LevelFilter, Log, Metadata, Record};

pub use build_paths::{source_file, without_build_paths};

struct Stderr;

impl Log for Stderr {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        // Graphics crates warn about problems that their fallbacks handle; a person can do nothing about them.
        let ours = metadata.target().starts_with("mqttree");
        metadata.level() <= if ours { log::Level::Warn } else { log::Level::Error }
    }

    fn log(&self, record: &Record<'_>) {
        if self.enabled(record.metadata()) {
            let level = record.level().as_str().to_lowercase();
            let text = record.args().to_string();
            // If standard error is closed, there is nowhere to report that.
            writeln!(std::io::stderr(), "mqttree: {level}: {}", without_build_paths(&text)).ok();
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

/// The facts of a panic, to be put into words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Panicked<'a> {
    /// Name of the thread, if it has one.
    pub thread: Option<&'a str>,
    /// The panic's message.
    pub message: &'a str,
    /// Source file, starting at its crate's folder.
    pub file: &'a str,
    /// Line in the file.
    pub line: u32,
}

/// Reports panics on standard error in these words, without paths of the build machine. A backtrace follows if
/// `RUST_BACKTRACE` asks for one.
pub fn tell_panics(words: fn(Panicked<'_>) -> String) {
    std::panic::set_hook(Box::new(move |info| {
        let mut text = report(info, words);
        let backtrace = Backtrace::capture();
        if backtrace.status() == BacktraceStatus::Captured {
            text = format!("{text}\n{}", without_build_paths(&backtrace.to_string()));
        }
        writeln!(std::io::stderr(), "{text}").ok();
    }));
}

fn report(info: &PanicHookInfo<'_>, words: fn(Panicked<'_>) -> String) -> String {
    let thread = thread::current();
    let (file, line) = info.location().map_or(("", 0), |place| (source_file(place.file()), place.line()));
    let message = info.payload_as_str().unwrap_or_default();
    words(Panicked { thread: thread.name(), message, file, line })
}

#[cfg(test)]
mod tests {
    use std::panic;

    use parking_lot::Mutex;

    use super::*;

    static TOLD: Mutex<Vec<String>> = Mutex::new(Vec::new());

    #[test]
    fn a_panic_in_another_crate_is_told_without_the_folders_of_the_build() {
        let before = panic::take_hook();
        tell_panics(|panicked| {
            let text = format!("{panicked:?}");
            TOLD.lock().push(text.clone());
            text
        });
        let worker = thread::Builder::new().name("worker".to_owned());
        let ended = worker.spawn(|| bytes::Bytes::new().slice(1..)).unwrap().join();
        panic::set_hook(before);
        assert!(ended.is_err());
        // Other tests may panic at the same time.
        let told = TOLD.lock();
        let told = told.iter().find(|text| text.contains("worker")).unwrap();
        assert!(told.contains("file: \"bytes-") && told.contains("message: \"range"), "{told}");
    }
}

//! Where the program's own log goes: warnings and errors to standard error and to a file, panics to a report of their own.
//!
//! Events of a connection go to the window's log panel instead. Nothing here says a topic, a payload or a secret, and
//! nothing is sent anywhere. What cannot be written is left out: a full disk must not keep the program from starting.

mod build_paths;
mod log_file;
mod panic_report;

use std::backtrace::{Backtrace, BacktraceStatus};
use std::io::Write as _;
use std::panic::PanicHookInfo;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::thread;

use log::{LevelFilter, Log, Metadata, Record};
use parking_lot::Mutex;

pub use build_paths::{source_file, without_build_paths};
use log_file::LogFile;
pub use panic_report::{PanicReport, take_report};

/// The environment variable that says how much is logged: `off`, `error`, `warn`, `info`, `debug` or `trace`.
pub const LEVEL_VARIABLE: &str = "MQTTREE_LOG";

struct Program {
    /// How much of what this program says is kept.
    level: LevelFilter,
    /// The file; `None` if there is no folder for it.
    file: Option<Mutex<LogFile>>,
}

impl Log for Program {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        // Graphics crates warn about problems that their fallbacks handle; a person can do nothing about them.
        let others = if self.level > LevelFilter::Warn { LevelFilter::Warn } else { LevelFilter::Error };
        let ours = metadata.target().starts_with("mqttree");
        metadata.level() <= if ours { self.level } else { others.min(self.level) }
    }

    fn log(&self, record: &Record<'_>) {
        if self.enabled(record.metadata()) {
            let level = record.level().as_str().to_lowercase();
            let text = record.args().to_string();
            let text = without_build_paths(&text);
            // If standard error is closed, there is nowhere to report that.
            writeln!(std::io::stderr(), "mqttree: {level}: {text}").ok();
            if let Some(file) = &self.file {
                file.lock().write(&level, &text);
            }
        }
    }

    fn flush(&self) {}
}

/// Installs the log once; later calls change nothing. `folder` is where its file goes.
pub fn install(folder: Option<PathBuf>) {
    static PROGRAM: OnceLock<Program> = OnceLock::new();
    let asked = std::env::var(LEVEL_VARIABLE).unwrap_or_default();
    let level = level(&asked);
    let program = PROGRAM
        .get_or_init(|| Program { level, file: folder.map(|folder| Mutex::new(LogFile::new(&folder))) });
    if log::set_logger(program).is_ok() {
        log::set_max_level(level);
    }
}

/// The level that a person asked for. What is no level counts as the default: a variable must not keep the program from
/// starting.
fn level(asked: &str) -> LevelFilter {
    asked.trim().parse().unwrap_or(LevelFilter::Warn)
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
/// `RUST_BACKTRACE` asks for one. With a folder, the first one is also written to a file there, for the next start.
pub fn tell_panics(words: fn(Panicked<'_>) -> String, folder: Option<PathBuf>, version: &'static str) {
    std::panic::set_hook(Box::new(move |info| {
        if let Some(folder) = &folder {
            panic_report::write(folder, version, info);
        }
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

    #[test]
    fn a_level_that_is_none_counts_as_the_default() {
        for (asked, expected) in [
            ("", LevelFilter::Warn),
            ("loud", LevelFilter::Warn),
            (" Debug ", LevelFilter::Debug),
            ("off", LevelFilter::Off),
        ] {
            assert_eq!(level(asked), expected, "{asked:?}");
        }
    }

    #[test]
    fn other_crates_never_say_more_than_warnings() {
        // Libraries of TLS and of the desktop say more than belongs in a file that people attach to reports.
        for (level, warnings) in
            [(LevelFilter::Trace, true), (LevelFilter::Warn, false), (LevelFilter::Off, false)]
        {
            let program = Program { level, file: None };
            let is_kept = |target: &str, level| {
                program.enabled(&Metadata::builder().target(target).level(level).build())
            };
            assert_eq!(is_kept("rustls", log::Level::Warn), warnings, "{level}");
            assert!(!is_kept("rustls", log::Level::Debug));
            assert_eq!(is_kept("mqttree::app", log::Level::Debug), level == LevelFilter::Trace);
        }
    }

    static TOLD: Mutex<Vec<String>> = Mutex::new(Vec::new());

    #[test]
    fn a_panic_in_another_crate_is_told_without_the_folders_of_the_build() {
        let before = panic::take_hook();
        let words = |panicked: Panicked<'_>| {
            let text = format!("{panicked:?}");
            TOLD.lock().push(text.clone());
            text
        };
        tell_panics(words, None, "0");
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

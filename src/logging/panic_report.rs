//! The report of a panic: a file that the next start shows.
//!
//! It holds the place in the source and the fixed part of the message. What a message quotes can be a topic, a payload or
//! a password, so every quotation is left out.

use std::backtrace::Backtrace;
use std::fs;
use std::io::Read as _;
use std::panic::PanicHookInfo;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use crate::logging::{source_file, without_build_paths};

const NAME: &str = "panic.txt";
/// The most that is read of a report; somebody may have put another file in its place.
const BYTES_MAX: u64 = 256 * 1024;
/// What std itself puts between quotes.
const FIXED: [&str; 8] = [
    "Result::unwrap()",
    "Result::expect()",
    "Option::unwrap()",
    "Err",
    "Ok",
    "None",
    "Some",
    "left == right",
];

/// A report of an earlier run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PanicReport {
    /// Its text.
    pub text: String,
}

/// Writes the report of the first panic of this run; later ones often follow from it.
pub(super) fn write(folder: &Path, version: &str, info: &PanicHookInfo<'_>) {
    static IS_WRITTEN: AtomicBool = AtomicBool::new(false);
    if IS_WRITTEN.swap(true, Ordering::Relaxed) {
        return;
    }
    let place =
        info.location().map_or_else(String::new, |at| format!("{}:{}", source_file(at.file()), at.line()));
    let message = without_values(info.payload_as_str().unwrap_or_default());
    let thread = thread::current();
    let backtrace = Backtrace::force_capture().to_string();
    let text = format!(
        "mqttree {version}\n{} {}\n{}\nthread {} at {place}\n{message}\n\n{}\n",
        std::env::consts::OS,
        std::env::consts::ARCH,
        jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ"),
        thread.name().unwrap_or("?"),
        without_build_paths(&backtrace),
    );
    // Where nothing can be written, standard error has it.
    fs::create_dir_all(folder).and_then(|()| fs::write(folder.join(NAME), text)).ok();
}

/// Takes the report of an earlier run, which is then gone.
pub fn take_report(folder: &Path) -> Option<PanicReport> {
    let path = folder.join(NAME);
    let mut bytes = Vec::new();
    fs::File::open(&path).ok()?.take(BYTES_MAX).read_to_end(&mut bytes).ok()?;
    fs::remove_file(&path).ok()?;
    Some(PanicReport { text: String::from_utf8_lossy(&bytes).into_owned() })
}

/// The first line of a message up to what it quotes, or up to the value behind `value:`. A quotation may hold marks of its
/// own, so nothing behind it can be trusted either.
fn without_values(message: &str) -> String {
    let line = message.lines().next().unwrap_or_default();
    let line = line
        .split_once(": ")
        .filter(|(before, _)| before.ends_with("value"))
        .map_or(line, |(before, _)| before);
    let mut kept = 0;
    while let Some(at) = line[kept..].find(['`', '"', '\'']) {
        let (start, inside) = (kept + at, &line[kept + at + 1..]);
        let fixed = FIXED
            .into_iter()
            .find(|fixed| inside.strip_prefix(fixed).is_some_and(|rest| rest.starts_with('`')));
        let Some(fixed) = fixed else { return format!("{}…", &line[..start]) };
        kept = start + fixed.len() + 2;
    }
    line.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_says_nothing_that_came_from_outside() {
        for (message, kept) in [
            (
                "index out of bounds: the len is 3 but the index is 5",
                "index out of bounds: the len is 3 but the index is 5",
            ),
            (
                "called `Result::unwrap()` on an `Err` value: Login { password: hunter2 }",
                "called `Result::unwrap()` on an `Err` value",
            ),
            (
                "assertion `left == right` failed\n  left: plant/1\n right: plant/2",
                "assertion `left == right` failed",
            ),
            ("no such topic \"plant/1\" here", "no such topic …"),
            ("it is inside 'é' (bytes 2..4) of `somebody's plant`", "it is inside …"),
        ] {
            assert_eq!(without_values(message), kept);
        }
    }

    #[test]
    fn a_report_is_shown_once_whatever_is_in_it() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(take_report(folder.path()), None);
        fs::write(folder.path().join(NAME), [b'a', 0xFF, b'b']).unwrap();
        assert_eq!(take_report(folder.path()).unwrap().text, "a\u{FFFD}b");
        assert_eq!(take_report(folder.path()), None);
    }
}

//! Writes messages in formats that other programs read.

use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use crate::interchange::staged::Staged;
use crate::interchange::{Excerpt, OpenOrigin, Tally, Walked, csv, json_lines, mcap};
use crate::recording::Found;
use crate::recording::failure::RecordFailure;

/// In which form messages are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    /// An object of JSON for each message.
    JsonLines {
        /// Whether what happened to the connection and what is missing is written too.
        events: bool,
    },
    /// Comma-separated values with a line of names.
    Csv,
    /// MCAP, with a channel for each topic.
    Mcap,
}

/// Why messages were not written.
#[derive(Debug)]
pub enum ExportFailure {
    /// The system did not write the file.
    System {
        /// The file.
        file: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// The library that writes MCAP failed.
    Mcap {
        /// The file.
        file: PathBuf,
        /// What it says.
        text: String,
    },
    /// The disk did not take a snapshot.
    Record(RecordFailure),
    /// A person ended it.
    Cancelled,
}

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Exported {
    /// How many messages.
    pub messages: u64,
    /// How many files.
    pub files: usize,
    /// What could not be read.
    pub walked: Walked,
}

/// Writes messages into a file, or into several beside each other where MCAP has no room for so many topics. What was
/// there stays until everything is written.
pub fn export(
    origin: &OpenOrigin,
    excerpt: &Excerpt,
    format: ExportFormat,
    path: &Path,
    tally: &Tally,
) -> Result<Exported, ExportFailure> {
    if format == ExportFormat::Mcap {
        return mcap::write(origin, excerpt, path, tally);
    }
    let failed = |error: io::Error| ExportFailure::System { file: path.to_owned(), error };
    let (staged, mut out) = Staged::create(path).map_err(failed)?;
    let (messages, walked) = write_text(origin, excerpt, format, &mut out, tally).map_err(failed)?;
    if tally.is_cancelled() {
        return Err(ExportFailure::Cancelled);
    }
    staged.finish(out).map_err(failed)?;
    Ok(Exported { messages, files: 1, walked })
}

/// Writes messages as lines, until the tally is cancelled; MCAP is none and writes nothing.
pub fn write_text(
    origin: &OpenOrigin,
    excerpt: &Excerpt,
    format: ExportFormat,
    out: &mut dyn Write,
    tally: &Tally,
) -> io::Result<(u64, Walked)> {
    let has_events = format == ExportFormat::JsonLines { events: true };
    if format == ExportFormat::Csv {
        out.write_all(csv::HEAD)?;
    }
    let (mut line, mut messages) = (Vec::new(), 0);
    let ended = origin.walk(excerpt, |found| {
        line.clear();
        let made = match found {
            Found::Message(message) => {
                messages += 1;
                match format {
                    ExportFormat::JsonLines { .. } => json_lines::message(message, &mut line),
                    ExportFormat::Csv => csv::message(message, &mut line),
                    ExportFormat::Mcap => {}
                }
                Ok(())
            }
            Found::Event(at, event) if has_events => json_lines::event(at, event, &mut line),
            Found::Gap(gap) if has_events => json_lines::gap(gap, &mut line),
            Found::Event(..) | Found::Gap(_) => Ok(()),
        };
        match made.and_then(|()| out.write_all(&line)) {
            Ok(()) if tally.count() => ControlFlow::Continue(()),
            Ok(()) => ControlFlow::Break(None),
            Err(error) => ControlFlow::Break(Some(error)),
        }
    });
    match ended {
        ControlFlow::Continue(walked) => Ok((messages, walked)),
        ControlFlow::Break(None) => Ok((messages, Walked::default())),
        ControlFlow::Break(Some(error)) => Err(error),
    }
}

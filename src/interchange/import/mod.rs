//! Reads files of other programs into a recording, which then opens as any other does: nothing is held in memory that a
//! file claims to have.
//!
//! What cannot be read is named by its line or its place in the file, and the rest is read all the same.

mod json_lines;
mod mcap;

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;
use std::time::Duration;

use crate::interchange::Tally;
use crate::interchange::written::RecordingWriter;
use crate::recording::Facts;
use crate::recording::failure::RecordFailure;

/// Faults that are named one by one.
const NAMED_MAX: usize = 100;
/// How long the disk may take for what is left.
const PATIENCE: Duration = Duration::from_mins(5);

/// What a file is, going by its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// A segment of a recording, or a snapshot.
    Segment,
    /// MCAP.
    Mcap,
    /// Lines of JSON, going by the first of them.
    JsonLines,
    /// Something else.
    Unknown,
}

impl FileKind {
    /// Looks at a file's first bytes.
    pub fn of(path: &Path) -> io::Result<Self> {
        let mut first = Vec::new();
        File::open(path)?.take(64).read_to_end(&mut first)?;
        Ok(Self::of_bytes(&first))
    }

    fn of_bytes(first: &[u8]) -> Self {
        if first.starts_with(b"\x89MQREC") {
            Self::Segment
        } else if first.starts_with(b"\x89MCAP") {
            Self::Mcap
        } else if first.trim_ascii_start().starts_with(b"{") {
            Self::JsonLines
        } else {
            Self::Unknown
        }
    }
}

/// What is wrong at one place of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportFault {
    /// The line, from 1, or the offset in bytes.
    pub place: FilePlace,
    /// What is wrong there.
    pub what: ImportProblem,
}

/// A place in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FilePlace {
    /// A line, from 1.
    Line(u64),
    /// An offset in bytes.
    Offset(u64),
}

/// What is wrong at a place of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImportProblem {
    /// It is not JSON, or no message, in the words of the parser.
    NotAMessage(String),
    /// The line is longer than this program reads.
    TooLong,
    /// A field is no Base64.
    NotBase64(&'static str),
    /// It says no time that can be read.
    NoTime,
    /// A topic has more bytes than MQTT allows.
    TopicTooLong,
    /// A record cannot be read, in the words of the library.
    Record(String),
    /// The file is compressed in a way that this program does not read.
    Compressed(String),
    /// A message names a channel that was not described before.
    NoChannel,
    /// The file ends in the middle.
    Cut,
}

/// Why a file could not be read at all.
#[derive(Debug)]
pub enum ImportFailure {
    /// The system did not read it.
    System(io::Error),
    /// What was read could not be kept.
    Record(RecordFailure),
    /// It is of no kind that is known.
    Unknown,
    /// Nothing in it is a message; what is wrong first.
    NoMessages(Option<ImportFault>),
    /// A person ended it.
    Cancelled,
}

/// What was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// How many messages.
    pub messages: u64,
    /// How much could not be read.
    pub faults: u64,
    /// The first of it.
    pub first_faults: Vec<ImportFault>,
}

/// Reads a file into a new recording in `folder`.
pub fn import(path: &Path, folder: &Path, tally: &Tally) -> Result<Imported, ImportFailure> {
    let kind = FileKind::of(path).map_err(ImportFailure::System)?;
    let file = File::open(path).map_err(ImportFailure::System)?;
    let metadata = file.metadata().map_err(ImportFailure::System)?;
    // A pipe or a device would never end.
    if !metadata.is_file() || !matches!(kind, FileKind::Mcap | FileKind::JsonLines) {
        return Err(ImportFailure::Unknown);
    }
    tally.expect(metadata.len());
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let facts = Facts { program: format!("mqttree {}", crate::VERSION), name, ..Facts::default() };
    let writer = RecordingWriter::create(folder, facts).map_err(ImportFailure::Record)?;
    let mut intake = Intake { writer, tally: tally.clone(), messages: 0, faults: Imported::default() };
    let read = match kind {
        FileKind::Mcap => mcap::read(file, &mut intake),
        _ => json_lines::read(file, &mut intake),
    };
    read.map_err(ImportFailure::System)?;
    if tally.is_cancelled() {
        return Err(ImportFailure::Cancelled);
    }
    let Intake { writer, faults, .. } = intake;
    let messages = writer.finish(PATIENCE).map_err(ImportFailure::Record)?;
    if messages == 0 {
        return Err(ImportFailure::NoMessages(faults.first_faults.into_iter().next()));
    }
    Ok(Imported { messages, ..faults })
}

/// Takes what the readers find.
struct Intake {
    writer: RecordingWriter,
    /// In bytes of the file.
    tally: Tally,
    messages: u64,
    faults: Imported,
}

impl Intake {
    fn fault(&mut self, place: FilePlace, what: ImportProblem) {
        self.faults.faults += 1;
        if self.faults.first_faults.len() < NAMED_MAX {
            self.faults.first_faults.push(ImportFault { place, what });
        }
    }

    /// Whether to go on.
    fn message(&mut self, message: crate::message::MessageRef<'_>) -> bool {
        self.messages += 1;
        // The tally counts bytes of the file and not messages.
        self.writer.message(message, &Tally::default()).is_continue() && !self.tally.is_cancelled()
    }
}

//! What `mqttree test` prints, and what can be wrong with its arguments.

use std::path::PathBuf;

use crate::sequence::{FILE_BYTES_MAX, SequenceError, SequenceStep, StepResult, StepState};
use crate::store::notice::SystemError;
use crate::words::Language::English;
use crate::words::format::{count, duration, excerpt, plural};
use crate::words::sequence;

/// What a report says of a file that did not run.
pub const NOT_RUN: &str = "there was no connection, or a subscription was refused";

/// The width in which the names of steps stand.
const NAME_CHARS: usize = 48;

/// A line of output.
#[derive(Clone, Copy, Debug)]
pub enum SequenceLine<'a> {
    /// A file begins.
    File(&'a str),
    /// A step has ended, or was not reached.
    Step {
        /// The step.
        step: &'a SequenceStep,
        /// How it went.
        result: &'a StepResult,
    },
    /// All is done.
    Summary {
        /// How many files passed.
        passed: usize,
        /// How many there are.
        files: usize,
    },
}

/// A line of output, without its last line feed.
pub fn sequence_line(line: &SequenceLine<'_>) -> String {
    match line {
        SequenceLine::File(name) => (*name).to_owned(),
        SequenceLine::Step { step, result } => {
            let name = sequence::step(step, English);
            let name = excerpt(&name, English);
            match &result.state {
                StepState::Passed => format!("  ✓ {name:NAME_CHARS$} {:>8}", duration(result.took)),
                StepState::NotReached | StepState::Running => format!("  – {name:NAME_CHARS$} not reached"),
                StepState::Failed(failure) => {
                    let why = sequence::failure(failure, English);
                    let (line, why) = (step.line, excerpt(&why, English));
                    format!("  ✗ {name:NAME_CHARS$} {:>8}\n    line {line}: {why}", duration(result.took))
                }
            }
        }
        SequenceLine::Summary { passed, files } if passed == files => {
            format!("{} passed", plural(*files as u64, "sequence", "sequences"))
        }
        SequenceLine::Summary { passed, files } => {
            format!("{} of {} failed", files - passed, plural(*files as u64, "sequence", "sequences"))
        }
    }
}

/// What is wrong with the arguments of `mqttree test`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SequenceUsage {
    /// A file cannot be read.
    Unreadable {
        /// The file.
        file: PathBuf,
        /// Why.
        error: SystemError,
    },
    /// A file has more than [`FILE_BYTES_MAX`] bytes.
    TooLarge {
        /// The file.
        file: PathBuf,
    },
    /// A file is no sequence.
    File {
        /// The file.
        file: PathBuf,
        /// What is wrong, and where.
        error: SequenceError,
    },
    /// `--var` is not `NAME=VALUE`.
    Variable {
        /// What was typed.
        text: String,
    },
}

impl SequenceUsage {
    pub(super) fn wrong(&self) -> String {
        match self {
            Self::Unreadable { file, error } => format!("{} cannot be read: {}", file.display(), error.text),
            Self::TooLarge { file } => {
                format!("{} has more than {} bytes", file.display(), count(FILE_BYTES_MAX))
            }
            Self::File { file, error } => format!("{}, {}", file.display(), sequence::error(error, English)),
            Self::Variable { text } => format!("--var {text}: not NAME=VALUE, or no name of a variable"),
        }
    }

    pub(super) fn right(&self) -> String {
        match self {
            Self::Unreadable { .. } => "Check its name and its rights.".to_owned(),
            Self::TooLarge { .. } => "Split it into several files.".to_owned(),
            Self::File { .. } => "Nothing was run.".to_owned(),
            Self::Variable { .. } => "For example: --var lamp=kitchen".to_owned(),
        }
    }
}

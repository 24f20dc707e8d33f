//! What the commands about recordings say, in English.

use std::path::PathBuf;

use crate::message::Timestamp;
use crate::recording::failure::{OpenFailure, RecordFailure};
use crate::recording::{Damage, GapReason, Summary};
use crate::store::notice::SystemError;
use crate::words::Language::English;
use crate::words::format::{bytes, count, date_time, duration, plural};
use crate::words::{Told, recording};

/// What is wrong with the arguments of a command about recordings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordingUsage {
    /// Nowhere to record to.
    NoFolder,
    /// An option gives no size.
    Size {
        /// The option.
        option: &'static str,
        /// What was typed.
        text: String,
    },
    /// An option gives no stretch of time.
    Duration {
        /// The option.
        option: &'static str,
        /// What was typed.
        text: String,
    },
    /// An option gives no point in time.
    Time {
        /// The option.
        option: &'static str,
        /// What was typed.
        text: String,
    },
    /// `--pace` is none.
    Pace {
        /// What was typed.
        text: String,
    },
    /// Not exactly one of the formats.
    OneFormat,
    /// MCAP cannot go to a pipe.
    McapNeedsFile,
    /// `--prefix` makes no topic.
    Prefix {
        /// What was typed.
        text: String,
    },
}

impl RecordingUsage {
    pub(super) fn wrong(&self) -> String {
        match self {
            Self::NoFolder => "there is no folder to record into".to_owned(),
            Self::Size { option, text } => format!("{option} {text}: not a size"),
            Self::Duration { option, text } => format!("{option} {text}: not a length of time"),
            Self::Time { option, text } => format!("{option} {text}: not a point in time"),
            Self::Pace { text } => format!("--pace {text}: not a pace from 0.001 to 100000"),
            Self::OneFormat => "the format is one of --jsonl, --csv and --mcap".to_owned(),
            Self::McapNeedsFile => "--mcap writes a file, not a pipe".to_owned(),
            Self::Prefix { text } => format!("--prefix {text}: topics cannot begin like that"),
        }
    }

    pub(super) fn right(&self) -> String {
        match self {
            Self::NoFolder => "Add -o FOLDER; it is created.".to_owned(),
            Self::Size { option, .. } => format!("For example: {option} 500M, or {option} 10G"),
            Self::Duration { option, .. } => format!("For example: {option} 90, {option} 10m or {option} 2h"),
            Self::Time { option, .. } => {
                format!(
                    "For example: {option} 2026-11-27T12:00:00Z, {option} '2026-11-27 12:00' or {option} +10m"
                )
            }
            Self::Pace { .. } => "For example: --pace 10, --pace 0.5 or --pace max".to_owned(),
            Self::OneFormat => "For example: mqttree export FOLDER --jsonl".to_owned(),
            Self::McapNeedsFile => "Add -o FILE.".to_owned(),
            Self::Prefix { .. } => "For example: --prefix replayed/".to_owned(),
        }
    }
}

/// Something that failed with a recording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordingTrouble {
    /// It cannot be written.
    Record(RecordFailure),
    /// It cannot be opened.
    Open(OpenFailure),
    /// What is exported cannot be written.
    Write {
        /// Where to; `None`: standard output.
        file: Option<PathBuf>,
        /// Why.
        error: SystemError,
    },
    /// The library that writes MCAP failed.
    Mcap {
        /// Where to.
        file: PathBuf,
        /// What it says.
        text: String,
    },
    /// The disk did not take everything before the program ended.
    Unfinished {
        /// The folder.
        folder: PathBuf,
    },
    /// The recording came from the broker that it would be replayed to.
    SameBroker {
        /// Its address.
        url: String,
    },
}

impl RecordingTrouble {
    pub(super) fn told(&self) -> Told {
        let told = |what: String, why: String, hint: &str| Told { what, why, hint: hint.to_owned() };
        match self {
            Self::Record(failure) => recording::failure(failure, English),
            Self::Open(failure) => recording::open_failure(failure, English),
            Self::Write { file, error } => {
                let what = match file {
                    Some(file) => format!("File {}", file.display()),
                    None => "Standard output".to_owned(),
                };
                told(what, format!("it cannot be written: {}", error.text), "")
            }
            Self::Mcap { file, text } => {
                told(format!("File {}", file.display()), format!("it cannot be written: {text}"), "")
            }
            Self::Unfinished { folder } => told(
                format!("Recording {}", folder.display()),
                "the disk did not take everything in time".to_owned(),
                "What is there can be read; mqttree info says what it is.",
            ),
            Self::SameBroker { url } => told(
                format!("Replay to {url}"),
                "the recording was made from this broker, and who listens there would hear everything again"
                    .to_owned(),
                "Add --prefix TEXT, or --same-broker if that is what you want.",
            ),
        }
    }
}

/// Something that happened to a recording, in one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordingNews {
    /// It began; for `-d`.
    Began {
        /// The folder.
        folder: PathBuf,
    },
    /// It stopped for the moment.
    Stopped(RecordFailure),
    /// It goes on.
    GoesOn {
        /// Messages that are missing by now.
        missing: u64,
    },
    /// It ended.
    Ended {
        /// The folder.
        folder: PathBuf,
        /// Messages on disk.
        messages: u64,
        /// Bytes on disk.
        bytes: u64,
        /// Messages that are missing.
        missing: u64,
    },
    /// A part of what was read is missing.
    Damaged(Damage),
    /// Messages were not recorded.
    Gaps {
        /// How many gaps.
        gaps: usize,
        /// How many messages, as far as anybody knows.
        messages: u64,
    },
    /// MCAP has no room for so many topics.
    Split {
        /// How many topics.
        topics: usize,
        /// How many files.
        files: usize,
    },
    /// A replay ended.
    Replayed {
        /// Messages that were sent.
        messages: u64,
        /// Messages that the broker refused.
        refused: u64,
        /// Messages with a topic that cannot be published to.
        unsendable: u64,
        /// Messages that were sent without their properties.
        stripped: u64,
    },
}

impl RecordingNews {
    pub(super) fn line(&self) -> String {
        match self {
            Self::Began { folder } => format!("recording into {}", folder.display()),
            Self::Stopped(failure) => {
                let Told { why, hint, .. } = recording::failure(failure, English);
                format!("not recording: {why}. {hint}")
            }
            Self::GoesOn { missing: 0 } => "recording again".to_owned(),
            Self::GoesOn { missing } => {
                format!("recording again; {} missing", plural(*missing, "message is", "messages are"))
            }
            Self::Ended { folder, messages, bytes: size, missing } => {
                let recorded = plural(*messages, "message", "messages");
                let missing = match missing {
                    0 => String::new(),
                    missing => format!("; {} missing", plural(*missing, "message is", "messages are")),
                };
                format!("{recorded} recorded in {}, {}{missing}", folder.display(), bytes(*size))
            }
            Self::Damaged(damage) => recording::damage(damage, English),
            Self::Gaps { gaps, messages } => {
                let gaps = plural(*gaps as u64, "gap", "gaps");
                match messages {
                    0 => format!("the recording has {gaps}; mqttree info lists them"),
                    messages => format!(
                        "the recording has {gaps}, with {} missing; mqttree info lists them",
                        plural(*messages, "message", "messages")
                    ),
                }
            }
            Self::Split { topics, files } => format!(
                "MCAP has room for 65,535 topics in a file: the {} topics are written as {} files",
                count(*topics as u64),
                count(*files as u64)
            ),
            Self::Replayed { messages, refused, unsendable, stripped } => {
                let besides = [
                    (refused, "refused by the broker"),
                    (unsendable, "left out: their topics cannot be published to"),
                    (stripped, "sent without their properties, which MQTT 3 does not have"),
                ];
                let besides = besides.into_iter().filter(|(number, _)| **number > 0);
                let mut clauses = vec![format!("{} sent", plural(*messages, "message", "messages"))];
                clauses.extend(besides.map(|(number, what)| format!("{} {what}", count(*number))));
                clauses.join("; ")
            }
        }
    }
}

/// A stretch of time of which messages are missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GapLine {
    /// From when.
    pub from: Timestamp,
    /// Until when.
    pub to: Timestamp,
    /// Why.
    pub reason: GapReason,
    /// How many, if anybody knows.
    pub messages: Option<u64>,
}

/// What `mqttree info` prints of a recording: a line each.
pub fn info(summary: &Summary, topics: usize, gaps: &[GapLine], damage: &[Damage]) -> String {
    let Summary { facts, segments, bytes: size, messages, span } = summary;
    let mut lines = Vec::new();
    let mut line = |name: &str, text: String| {
        if !text.is_empty() {
            lines.push(format!("{name:<12}{text}"));
        }
    };
    line("Connection", facts.name.clone());
    line("Broker", facts.url.clone());
    line("Filters", facts.filters.join(" "));
    line("Recorded by", facts.program.clone());
    if let Some((first, last)) = span {
        line("From", date_time(*first));
        line("To", date_time(*last));
        let length = u64::try_from(last.0.saturating_sub(first.0)).unwrap_or_default();
        line("Length", duration(std::time::Duration::from_micros(length)));
    }
    line("Messages", count(*messages));
    line("Topics", count(topics as u64));
    let per_message = match messages {
        0 => String::new(),
        messages => format!(", {:.1} bytes a message", *size as f64 / *messages as f64),
    };
    let in_segments = plural(*segments as u64, "segment", "segments");
    line("Size", format!("{} in {in_segments}{per_message}", bytes(*size)));
    for GapLine { from, to, reason, messages } in gaps {
        let missing = match messages {
            Some(messages) => format!(", {} missing", plural(*messages, "message", "messages")),
            None => String::new(),
        };
        let reason = recording::gap_reason(*reason).of(English);
        line("Gap", format!("{} to {}: {reason}{missing}", date_time(*from), date_time(*to)));
    }
    for found in damage {
        line("Damage", recording::damage(found, English));
    }
    lines.join("\n") + "\n"
}

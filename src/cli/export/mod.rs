//! `mqttree export`: writes what a recording holds in formats that other programs read.

mod csv;
mod json_lines;
mod mcap;

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::ops::ControlFlow;
use std::path::PathBuf;

use clap::{ArgAction, Parser};

use crate::cli::recording_value::{Part, PartArgs, open, tell_what_is_missing};
use crate::cli::report::Report;
use crate::cli::{Unusable, output, status};
use crate::message::Timestamp;
use crate::recording::{Found, Query, Recording};
use crate::words::cli::{RecordingTrouble, RecordingUsage, Trouble, Usage};

/// What goes out in one write.
const WRITE_BYTES: usize = 256 * 1024;

const EXAMPLES: &str = "\
Examples:
  mqttree export monday --jsonl | jq .topic              a line of JSON for each message
  mqttree export monday --csv -t 'line3/#' -o line3.csv  for a spreadsheet
  mqttree export monday --mcap -o monday.mcap            for Foxglove, Lichtblick and PlotJuggler
  mqttree export monday --jsonl --from +10m --to +20m    ten minutes of it

Times of --from and --to: 2026-11-27T12:00:00Z, '2026-11-27 12:00' here, or +10m after the first message.
What is missing in the recording is told on standard error.

Exit status: 0 done, also when a pipe is closed; 1 failed; 2 wrong usage.";

/// Write what a recording holds.
#[derive(Debug, Default, Parser)]
#[command(
    version,
    args_override_self = true,
    disable_help_flag = true,
    disable_version_flag = true,
    after_help = EXAMPLES,
    max_term_width = 100
)]
pub(super) struct ExportArgs {
    /// The folder of the recording
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
    /// JSON Lines: every message as an object, with all that is known of it
    #[arg(long)]
    jsonl: bool,
    /// Comma-separated values with a line of names
    #[arg(long)]
    csv: bool,
    /// MCAP, a channel for each topic
    #[arg(long)]
    mcap: bool,
    /// Beside messages, what happened to the connection and what is missing; with --jsonl
    #[arg(long, requires = "jsonl")]
    events: bool,
    #[command(flatten)]
    part: PartArgs,
    /// File to write; standard output if not given
    #[arg(short = 'o', long = "output", value_name = "FILE")]
    file: Option<PathBuf>,
    /// Say nothing of what is missing
    #[arg(long)]
    quiet: bool,

    /// Print help
    #[arg(long, action = ArgAction::Help)]
    help: Option<bool>,
    /// Print version
    #[arg(long, action = ArgAction::Version)]
    version: Option<bool>,
}

/// In which form messages are written.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Format {
    JsonLines { events: bool },
    Csv,
    Mcap(PathBuf),
}

/// What `mqttree export` was asked to do.
#[derive(Debug)]
pub struct Plan {
    folder: PathBuf,
    format: Format,
    part: Part,
    file: Option<PathBuf>,
    quiet: bool,
}

/// What the arguments mean.
pub(super) fn plan(args: ExportArgs) -> Result<Plan, Unusable> {
    let format = match (args.jsonl, args.csv, args.mcap) {
        (true, false, false) => Format::JsonLines { events: args.events },
        (false, true, false) => Format::Csv,
        (false, false, true) => {
            let file = args.file.clone();
            Format::Mcap(file.ok_or(Usage::Recording(RecordingUsage::McapNeedsFile))?)
        }
        _ => return Err(Usage::Recording(RecordingUsage::OneFormat).into()),
    };
    let part = args.part.read()?;
    Ok(Plan { folder: args.folder, format, part, file: args.file, quiet: args.quiet })
}

impl Plan {
    /// Writes everything, and gives the exit status.
    pub(super) fn run(self) -> u8 {
        let Self { folder, format, part, file, quiet } = self;
        let report = Report { quiet };
        let recording = match open(&folder, report) {
            Ok(recording) => recording,
            Err(status) => return status,
        };
        let span = part.span(&recording);
        let wants = |topic: &[u8]| part.wants(topic);
        let query = Query { from: span.0, to: span.1, wants: &wants };
        let failed = |error: io::Error| RecordingTrouble::Write { file: file.clone(), error: error.into() };
        let written = match &format {
            Format::JsonLines { events } => {
                text(file.as_ref(), |out| json_lines_of(&recording, &query, *events, out)).map_err(failed)
            }
            Format::Csv => text(file.as_ref(), |out| csv_of(&recording, &query, out)).map_err(failed),
            Format::Mcap(path) => mcap::write(&recording, &query, path, report),
        };
        match written {
            Ok(()) => {
                tell_what_is_missing(&recording, report);
                status::DONE
            }
            Err(RecordingTrouble::Write { error, .. }) if error.kind == io::ErrorKind::BrokenPipe => {
                status::DONE
            }
            Err(trouble) => report.trouble(&Trouble::Recording(trouble)),
        }
    }
}

/// Writes into the file, or to standard output.
fn text(file: Option<&PathBuf>, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let out: Box<dyn Write> = match file {
        Some(path) => Box::new(File::create(path)?),
        None => output::standard(),
    };
    let mut out = BufWriter::with_capacity(WRITE_BYTES, out);
    write(&mut out)?;
    out.flush()
}

fn json_lines_of(
    recording: &Recording,
    query: &Query<'_>,
    events: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut line = Vec::new();
    walk(recording, query, |found| {
        line.clear();
        match found {
            Found::Message(message) => json_lines::message(message, &mut line),
            Found::Event(at, event) if events => json_lines::event(at, event, &mut line)?,
            Found::Gap(gap) if events => json_lines::gap(gap, &mut line)?,
            Found::Event(..) | Found::Gap(_) => {}
        }
        out.write_all(&line)
    })
}

fn csv_of(recording: &Recording, query: &Query<'_>, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(csv::HEAD)?;
    let mut line = Vec::new();
    walk(recording, query, |found| {
        let Found::Message(message) = found else { return Ok(()) };
        line.clear();
        csv::message(message, &mut line);
        out.write_all(&line)
    })
}

/// Hands everything to `each` until it fails.
fn walk<E>(
    recording: &Recording,
    query: &Query<'_>,
    mut each: impl FnMut(Found<'_>) -> Result<(), E>,
) -> Result<(), E> {
    let ended = recording.walk(query, |found| match each(found) {
        Ok(()) => ControlFlow::Continue(()),
        Err(error) => ControlFlow::Break(error),
    });
    match ended {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(error) => Err(error),
    }
}

/// A time in UTC with microseconds: `2026-11-27T12:00:00.123456Z`.
fn time(at: Timestamp) -> String {
    let at = jiff::Timestamp::from_microsecond(at.0).unwrap_or_default();
    at.strftime("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
}

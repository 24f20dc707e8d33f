//! `mqttree export`: writes what a recording holds in formats that other programs read.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::{ArgAction, Parser};

use crate::cli::recording_value::{Part, PartArgs, open, tell_what_is_missing};
use crate::cli::report::Report;
use crate::cli::{Unusable, output, status};
use crate::interchange::{
    Excerpt, ExportFailure, ExportFormat, OpenOrigin, Tally, export, files_for, write_text,
};
use crate::words::cli::{News, RecordingNews, RecordingTrouble, RecordingUsage, Trouble, Usage};

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

/// What `mqttree export` was asked to do.
#[derive(Debug)]
pub struct Plan {
    folder: PathBuf,
    format: ExportFormat,
    part: Part,
    file: Option<PathBuf>,
    quiet: bool,
}

/// What the arguments mean.
pub(super) fn plan(args: ExportArgs) -> Result<Plan, Unusable> {
    let format = match (args.jsonl, args.csv, args.mcap) {
        (true, false, false) => ExportFormat::JsonLines { events: args.events },
        (false, true, false) => ExportFormat::Csv,
        (false, false, true) if args.file.is_none() => {
            return Err(Usage::Recording(RecordingUsage::McapNeedsFile).into());
        }
        (false, false, true) => ExportFormat::Mcap,
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
        let excerpt = part.excerpt();
        let origin = OpenOrigin::Recording(recording);
        let written = match (format, &file) {
            (ExportFormat::Mcap, Some(path)) => {
                let topics = origin.topics(&excerpt).len();
                let files = files_for(topics);
                if files > 1 {
                    report.news(&News::Recording(RecordingNews::Split { topics, files }));
                }
                export(&origin, &excerpt, format, path, &Tally::default()).map(drop).map_err(trouble)
            }
            _ => text(file.as_deref(), &origin, &excerpt, format)
                .map_err(|error| RecordingTrouble::Write { file: file.clone(), error: error.into() }),
        };
        match written {
            Ok(()) => {
                if let OpenOrigin::Recording(recording) = &origin {
                    tell_what_is_missing(recording, report);
                }
                status::DONE
            }
            Err(RecordingTrouble::Write { error, .. }) if error.kind == io::ErrorKind::BrokenPipe => {
                status::DONE
            }
            Err(trouble) => report.trouble(&Trouble::Recording(trouble)),
        }
    }
}

fn trouble(failure: ExportFailure) -> RecordingTrouble {
    match failure {
        ExportFailure::System { file, error } => {
            RecordingTrouble::Write { file: Some(file), error: error.into() }
        }
        ExportFailure::Mcap { file, text } => RecordingTrouble::Mcap { file, text },
        ExportFailure::Record(failure) => RecordingTrouble::Record(failure),
        // Nobody can cancel it here.
        ExportFailure::Cancelled => {
            RecordingTrouble::Write { file: None, error: io::Error::from(io::ErrorKind::Interrupted).into() }
        }
    }
}

/// Writes into the file, or to standard output.
fn text(file: Option<&Path>, origin: &OpenOrigin, excerpt: &Excerpt, format: ExportFormat) -> io::Result<()> {
    let out: Box<dyn Write> = match file {
        Some(path) => Box::new(File::create(path)?),
        None => output::standard(),
    };
    let mut out = BufWriter::with_capacity(WRITE_BYTES, out);
    write_text(origin, excerpt, format, &mut out, &Tally::default())?;
    out.flush()
}

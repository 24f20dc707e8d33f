//! `mqttree info`: says what a recording holds, and what is missing in it.

use std::io::Write;
use std::path::PathBuf;

use clap::{ArgAction, Parser};

use crate::cli::recording_value::open;
use crate::cli::report::Report;
use crate::cli::status;
use crate::words::cli::{GapLine, Trouble, info};

const EXAMPLES: &str = "\
Examples:
  mqttree info monday           what is in it, its gaps, and damage that shows at once
  mqttree info monday --check   reads all of it, and finds any damage

Exit status: 0 whole; 1 damaged, or no recording; 2 wrong usage.";

/// Say what a recording holds.
#[derive(Debug, Default, Parser)]
#[command(
    version,
    disable_help_flag = true,
    disable_version_flag = true,
    after_help = EXAMPLES,
    max_term_width = 100
)]
pub(super) struct InfoArgs {
    /// The folder of the recording
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
    /// Read everything, to find damage that does not show at once
    #[arg(long)]
    check: bool,

    /// Print help
    #[arg(long, action = ArgAction::Help)]
    help: Option<bool>,
    /// Print version
    #[arg(long, action = ArgAction::Version)]
    version: Option<bool>,
}

/// What `mqttree info` was asked to do.
#[derive(Debug)]
pub struct Plan {
    folder: PathBuf,
    check: bool,
}

/// What the arguments mean.
pub(super) fn plan(args: InfoArgs) -> Plan {
    let InfoArgs { folder, check, .. } = args;
    Plan { folder, check }
}

impl Plan {
    /// Prints it, and gives the exit status.
    pub(super) fn run(self, mut out: impl Write) -> u8 {
        let report = Report { quiet: false };
        let recording = match open(&self.folder, report) {
            Ok(recording) => recording,
            Err(status) => return status,
        };
        if self.check {
            recording.check();
        }
        let topics = recording.topics(|_| true).len();
        let gaps: Vec<GapLine> = recording
            .gaps()
            .into_iter()
            .map(|gap| GapLine { from: gap.from, to: gap.to, reason: gap.reason, messages: gap.messages })
            .collect();
        let damage = recording.damage();
        let text = info(&recording.summary(), topics, &gaps, &damage);
        match out.write_all(text.as_bytes()) {
            Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
                report.trouble(&Trouble::Output(error.into()))
            }
            _ if damage.is_empty() => status::DONE,
            _ => status::FAILED,
        }
    }
}

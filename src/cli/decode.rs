//! `mqttree decode`: shows what the decoders make of bytes, without a broker.

use std::io::{Read as _, Write};
use std::path::{Path, PathBuf};

use clap::{ArgAction, Args};

use crate::cli::decoders;
use crate::cli::report::Report;
use crate::cli::target::saved;
use crate::cli::{Unusable, status};
use crate::payload::decode::{Choice, DECODERS, line};
use crate::payload::{DecodeLimits, never};
use crate::query::{Rules, choice_of_topic};
use crate::store::notice::SystemError;
use crate::words::cli::{Trouble, Usage};
use crate::words::{Language, payload};

const EXAMPLES: &str = "\
Examples:
  mqttree decode message.bin                                  what the bytes suggest, as one line of JSON
  mqttree decode --as cbor message.bin | jq .temperature      as CBOR, or a fault with its byte
  mqttree decode --as protobuf:plant.proto#Reading message.bin   by a schema
  mqttree decode --as json:reading.schema.json message.bin    checked by a JSON Schema
  mqttree decode --as 'struct:u16le temp/100 °C, i8 rssi' -   bytes of a sensor, from standard input
  mqttree decode --profile plant --topic plant/a/raw message.bin   by the rules of a saved connection
  mqttree decode --list                                       the formats

Exit status: 0 decoded; 1 the bytes are not what was claimed, or cannot be read; 2 wrong usage.";

/// Decode the bytes of a file.
#[derive(Debug, Default, Args)]
#[command(
    version,
    disable_help_flag = true,
    disable_version_flag = true,
    after_help = EXAMPLES,
    max_term_width = 100
)]
pub(in crate::cli) struct DecodeArgs {
    /// The file, or - for standard input
    #[arg(value_name = "FILE", required_unless_present = "list")]
    file: Option<PathBuf>,
    /// Read it as this format
    #[arg(long = "as", value_name = "FORMAT[:OPTIONS]")]
    choice: Option<String>,
    /// Read it as a message on this topic
    #[arg(long, value_name = "TOPIC", conflicts_with = "choice")]
    topic: Option<String>,
    /// Read it by the decoder rules of a saved connection
    #[arg(long, value_name = "NAME", requires = "topic")]
    profile: Option<String>,
    /// Print the formats
    #[arg(long)]
    list: bool,

    /// Print help
    #[arg(long, action = ArgAction::Help)]
    help: Option<bool>,
    /// Print version
    #[arg(long, action = ArgAction::Version)]
    version: Option<bool>,
}

/// What `mqttree decode` has to do.
#[derive(Debug)]
pub enum Plan {
    /// Print the formats.
    List,
    /// Decode a file.
    File {
        /// `-`: standard input.
        file: PathBuf,
        /// How to read it; `None` decides by its bytes.
        choice: Option<Choice>,
    },
}

/// Checks the arguments.
pub(super) fn plan(args: DecodeArgs) -> Result<Plan, Unusable> {
    let DecodeArgs { file, choice, topic, profile, list, .. } = args;
    let rules = match profile {
        Some(name) => decoders::prepare(&saved(&name)?.decoders),
        None => Rules::default(),
    };
    let choice = match (choice, topic) {
        (Some(text), _) => {
            let choice = Choice::read(&text, &decoders::schemas_from_here());
            Some(choice.map_err(|error| Usage::Choice { text, error })?)
        }
        (None, Some(topic)) => {
            let topic = topic.as_bytes();
            rules.choice_of_topic(topic).cloned().or_else(|| choice_of_topic(topic))
        }
        (None, None) => None,
    };
    Ok(match file {
        Some(file) if !list => Plan::File { file, choice },
        _ => Plan::List,
    })
}

impl Plan {
    /// Prints the result and returns the exit status.
    pub(super) fn run(self, mut out: impl Write) -> u8 {
        let report = Report { quiet: false };
        let text = match self {
            Self::List => list(),
            Self::File { file, choice } => match decode(&file, choice.as_ref()) {
                Ok(line) => line + "\n",
                Err(trouble) => return report.trouble(&trouble),
            },
        };
        match out.write_all(text.as_bytes()) {
            Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
                report.trouble(&Trouble::Output(SystemError::from(error)))
            }
            Ok(()) | Err(_) => status::DONE,
        }
    }
}

fn decode(file: &Path, choice: Option<&Choice>) -> Result<String, Trouble> {
    let limits = DecodeLimits::default();
    let mut payload = Vec::new();
    // Reading one byte more than a payload may have shows that it is too large.
    let bytes_max = limits.input_bytes_max as u64 + 1;
    if file.as_os_str() == "-" {
        let read = std::io::stdin().lock().take(bytes_max).read_to_end(&mut payload);
        read.map_err(|error| Trouble::Input(SystemError::from(error)))?;
    } else {
        let read = std::fs::File::open(file).and_then(|file| file.take(bytes_max).read_to_end(&mut payload));
        read.map_err(|error| Trouble::File { file: file.to_owned(), error: SystemError::from(error) })?;
    }
    let line = line(&payload, choice, &limits, &never).map_err(|error| Trouble::Decode {
        file: file.to_owned(),
        choice: choice.map(Choice::format),
        error,
    })?;
    let violation = choice.and_then(|choice| choice.violations(&payload).into_iter().next());
    match violation {
        Some(violation) => Err(Trouble::Violation { file: file.to_owned(), violation }),
        None => Ok(line),
    }
}

/// Lists the formats, one per line: the name, and what the window calls it.
fn list() -> String {
    let width = DECODERS.iter().map(|(format, _)| format.id().len()).max().unwrap_or(0);
    DECODERS.iter().fold(String::new(), |list, (format, _)| {
        let about = payload::about(*format).of(Language::English);
        list + &format!("{:width$}  {about}\n", format.id())
    })
}

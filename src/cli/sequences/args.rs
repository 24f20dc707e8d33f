//! The options of `mqttree test`.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use clap::{ArgAction, Parser};

use crate::cli::connection::{ConnectionArgs, require_mqtt5};
use crate::cli::sequences::Plan;
use crate::cli::target::{Client, Target};
use crate::cli::{Environment, Unusable};
use crate::mqtt::packet::Disconnect;
use crate::sequence::{FILE_BYTES_MAX, Sequence};
use crate::store::notice::SystemError;
use crate::template::is_variable_name;
use crate::words::cli::{SequenceUsage, Usage};

const EXAMPLES: &str = "\
Examples:
  mqttree test -h example.org lamp.toml                     run the steps of a file
  mqttree test --profile factory *.toml --junit out.xml     several files, with a report for a CI server
  mqttree test -h example.org --var lamp=kitchen lamp.toml  with a value for {{lamp}}

A file holds steps in TOML, each a table:
  [[step]]
  publish = \"lamp/set\"
  payload = '{\"state\": \"ON\"}'

  [[step]]
  expect = \"lamp/state\"
  within = \"2 s\"
  where = '.state == \"ON\"'

Each file has a connection of its own. All files are read before the first one runs.

Exit status: 0 all steps passed; 1 a step failed, or the broker refused; 2 wrong usage, or a file is no sequence.";

/// Run sequences of steps against a broker or a device.
#[derive(Debug, Default, Parser)]
#[command(
    version,
    args_override_self = true,
    disable_help_flag = true,
    disable_version_flag = true,
    after_help = EXAMPLES,
    max_term_width = 100
)]
pub(in crate::cli) struct TestArgs {
    /// Files with sequences
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Write a report in JUnit's XML
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Set a variable for {{NAME}}; may be repeated
    #[arg(long = "var", value_name = "NAME=VALUE", action = ArgAction::Append)]
    variables: Vec<String>,
    /// Print nothing but errors
    #[arg(long)]
    quiet: bool,
    /// Use a saved connection; other options override its own
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    #[command(flatten)]
    connection: ConnectionArgs,

    /// Print help
    #[arg(long, action = ArgAction::Help)]
    help: Option<bool>,
    /// Print version
    #[arg(long, action = ArgAction::Version)]
    version: Option<bool>,
}

/// Checks the arguments and reads the files.
pub(in crate::cli) fn plan(args: TestArgs, environment: &Environment) -> Result<Plan, Unusable> {
    let TestArgs { files, junit, variables, quiet, profile, connection, .. } = args;
    let mut target = Target::find(&connection, profile.as_deref(), Client::Own, environment)?;
    let mut disconnect = Disconnect::default();
    for property in &target.properties {
        if property.command != "disconnect" {
            return Err(property.not_of_command(&["connect", "will", "disconnect"]).into());
        }
        property.apply_to_disconnect(&mut disconnect, &target.profile.connect)?;
    }
    require_mqtt5(&target.properties, &mut target.profile.connect)?;
    target.profile.connect.subscriptions.clear();
    target.check()?;
    let variables = variables.iter().map(|text| variable(text)).collect::<Result<BTreeMap<_, _>, _>>()?;
    let sequences = files.into_iter().map(|file| read(&file).map(|sequence| (file, sequence)));
    let sequences = sequences.collect::<Result<Vec<_>, Usage>>()?;
    Ok(Plan { target, sequences, junit, variables, disconnect, quiet })
}

/// `NAME=VALUE`
fn variable(text: &str) -> Result<(String, String), Usage> {
    match text.split_once('=') {
        Some((name, value)) if is_variable_name(name) => Ok((name.to_owned(), value.to_owned())),
        _ => Err(Usage::Sequence(SequenceUsage::Variable { text: text.to_owned() })),
    }
}

fn read(file: &Path) -> Result<Sequence, Usage> {
    let wrong = |usage: SequenceUsage| Usage::Sequence(usage);
    let unreadable = |error: SystemError| wrong(SequenceUsage::Unreadable { file: file.to_owned(), error });
    let opened = std::fs::File::open(file).map_err(|error| unreadable(error.into()))?;
    let mut text = String::new();
    let read = opened.take(FILE_BYTES_MAX + 1).read_to_string(&mut text);
    read.map_err(|error| unreadable(error.into()))?;
    if text.len() as u64 > FILE_BYTES_MAX {
        return Err(wrong(SequenceUsage::TooLarge { file: file.to_owned() }));
    }
    Sequence::parse(&text).map_err(|error| wrong(SequenceUsage::File { file: file.to_owned(), error }))
}

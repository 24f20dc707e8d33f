//! The command-line options. Names follow mosquitto's programs, so they are already familiar. Nothing here interprets
//! them.
//!
//! [`Args`] is the only definition of the command line: parsing, help texts, completions and man pages all derive from
//! it.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{ArgAction, CommandFactory as _, Parser, Subcommand};
use clap_complete::Shell;

use crate::cli::connection::{ConnectionArgs, join_properties, secret};
use crate::cli::decode::DecodeArgs;
use crate::cli::export::ExportArgs;
use crate::cli::info::InfoArgs;
use crate::cli::publish::PublishArgs;
use crate::cli::record::RecordArgs;
use crate::cli::replay::ReplayArgs;
use crate::cli::request::RequestArgs;
use crate::cli::sequences::TestArgs;
use crate::cli::subscribe::SubscribeArgs;
use crate::cli::{Exit, Unusable, status};
use crate::mqtt::options::Secret;
use crate::words;

const EXAMPLES: &str = "\
Examples:
  mqttree                      opens the window on the saved connections
  mqttree mqtt://user@example.org:1883 -t 'a/#'
  mqttree -L mqtt://example.org   never asks; a URL alone asks unless it is typed into a shell
  mqttree -h example.org -u user -t 'a/#' -t 'b/+' -V 311
  mqttree mqtts://example.org --cafile ca.pem --cert me.pem --key me.key
  mqttree wss://user@example.org/mqtt --proxy socks5h://proxy.example.org
  mqttree --unix /run/mosquitto/broker.sock
  mqttree -h example.org -i desk -c -x 3600 -D connect receive-maximum 10
  mqttree -h example.org --will-topic desk/state --will-payload gone --will-retain
  mqttree --profile factory
  mqttree --demo
  mqttree completions bash > ~/.local/share/bash-completion/completions/mqttree

Without a window, with the options of mosquitto_sub and mosquitto_pub:
  mqttree sub --help
  mqttree pub --help
  mqttree rr --help        a request and its response, with the options of mosquitto_rr

Sequences of steps that test a broker or a device:
  mqttree test --help

Recordings:
  mqttree record --help    write what arrives into a folder
  mqttree info --help      say what a recording holds
  mqttree export --help    write it as JSON Lines, CSV or MCAP
  mqttree replay --help    publish it again

Environment:
  MQTTREE_PASSWORD         the password of a connection with a user name, instead of -P
  MQTTREE_KEY_PASSPHRASE   opens an encrypted client key
  MQTTREE_PROXY_PASSWORD   the password of the proxy's user name
  MQTTREE_TOKEN            the data of -D connect authentication-method METHOD
  MQTTREE_HOME             a folder for settings, data and state instead of the system's
  MQTTREE_KEYRING          none: do not use the system's keyring
  MQTTREE_LOG              off, error, warn, info, debug or trace: how much is logged to standard error and mqttree.log

Exit status: 0 done, 1 refused or failed, 2 wrong usage or no display.";

/// A native desktop MQTT explorer; without a connection the window opens on the saved ones
#[derive(Debug, Default, Parser)]
#[command(
    name = "mqttree",
    version,
    disable_help_flag = true,
    disable_version_flag = true,
    args_conflicts_with_subcommands = true,
    after_help = EXAMPLES,
    max_term_width = 100
)]
pub(super) struct Args {
    /// URL of the broker to open, such as mqtt://USER:PASSWORD@HOST:PORT/TOPIC or wss://HOST/PATH (mqtt, mqtts, ws or
    /// wss; only HOST is required), or unix:///PATH
    #[arg(value_name = "URL", value_parser = secret())]
    pub address: Option<Secret>,
    /// Topic filter to subscribe to; may be repeated; # if not given
    #[arg(short, long = "topic", value_name = "TOPIC")]
    pub topic: Vec<String>,
    /// QoS of the subscriptions: 0, 1 or 2
    #[arg(short, long, value_name = "QOS")]
    pub qos: Option<String>,

    /// Where and how to connect.
    #[command(flatten)]
    pub connection: ConnectionArgs,

    /// Open a saved connection; may be repeated
    #[arg(long, value_name = "NAME")]
    pub profile: Vec<String>,
    /// Open a built-in broker with simulated devices
    #[arg(long)]
    pub demo: bool,
    /// Renderer that draws the window
    #[arg(long, value_name = "RENDERER", value_parser = ["glow", "wgpu"])]
    pub renderer: Option<String>,
    /// Write one line of JSON about speed and memory each second
    #[arg(long, value_name = "FILE")]
    pub perf_log: Option<PathBuf>,

    /// Print help
    #[arg(long, action = ArgAction::HelpShort)]
    help: Option<bool>,
    /// Print version
    #[arg(long, action = ArgAction::Version)]
    version: Option<bool>,

    /// The command to run instead of opening a window.
    #[command(subcommand)]
    pub verb: Option<Verb>,
}

/// A command without a window.
#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    #[command(name = "sub", display_name = "mqttree sub")]
    Sub(Box<SubscribeArgs>),
    #[command(name = "pub", display_name = "mqttree pub")]
    Pub(Box<PublishArgs>),
    #[command(name = "rr", display_name = "mqttree rr")]
    Request(Box<RequestArgs>),
    #[command(name = "test", display_name = "mqttree test")]
    Test(Box<TestArgs>),
    #[command(name = "record", display_name = "mqttree record")]
    Record(Box<RecordArgs>),
    #[command(name = "info", display_name = "mqttree info")]
    Info(InfoArgs),
    #[command(name = "export", display_name = "mqttree export")]
    Export(ExportArgs),
    #[command(name = "replay", display_name = "mqttree replay")]
    Replay(Box<ReplayArgs>),
    #[command(name = "decode", display_name = "mqttree decode")]
    Decode(DecodeArgs),
    /// Print a shell's completion script
    #[command(name = "completions")]
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print version
    #[command(name = "version")]
    Version,
}

/// The definition of the command line, for generating texts from it.
pub(super) fn definition() -> clap::Command {
    Args::command()
}

/// The completion script for a shell.
pub(super) fn completions(shell: Shell) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut definition(), "mqttree", &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

impl Args {
    /// Whether the only argument is a URL, which is how the desktop passes on a link.
    pub fn is_bare_address(&self) -> bool {
        let Self { address, topic, qos, connection, profile, demo, renderer, perf_log, verb, .. } = self;
        let window =
            verb.is_none() && profile.is_empty() && !demo && renderer.is_none() && perf_log.is_none();
        address.is_some() && window && topic.is_empty() && qos.is_none() && connection.first_given().is_none()
    }
}

/// If a URL is followed by a word that is not a command, there is one URL too many.
fn second_address(error: &clap::Error, command: &mut clap::Command) -> Option<clap::Error> {
    let Some(ContextValue::String(name)) = error.get(ContextKind::InvalidSubcommand) else { return None };
    let is_command = command.find_subcommand(name).is_some();
    (!is_command).then(|| command.error(ErrorKind::UnknownArgument, words::cli::unexpected_argument(name)))
}

/// Parses the arguments. Help and version are also returned as [`Unusable::Exit`].
pub(super) fn read<A: Parser>(args: impl IntoIterator<Item = OsString>) -> Result<A, Unusable> {
    // Without an explicit name, usage would begin with only the program's name.
    let command = A::command();
    let name = command.get_name().to_owned();
    let mut command = command.bin_name(name);
    let matches = command.try_get_matches_from_mut(join_properties(args));
    matches.and_then(|matches| A::from_arg_matches(&matches)).map_err(|error| {
        let error = second_address(&error, &mut command).unwrap_or(error);
        let asked_for = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
        Unusable::Exit(Exit {
            status: if asked_for { status::DONE } else { status::USAGE },
            text: error.render().to_string(),
            to_stderr: !asked_for,
        })
    })
}

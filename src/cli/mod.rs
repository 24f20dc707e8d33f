//! The command line: turns what a person typed into what to do.
//!
//! [`parse`] is pure apart from the environment's secrets: it opens no file, window or connection. `main` either prints
//! an [`Exit`] and ends with its status, or passes the [`Launch`] to the window.

mod args;
mod connected;
mod connection;
mod decode;
mod decoders;
mod export;
mod format;
mod info;
mod launch;
mod options_file;
mod output;
mod publish;
mod record;
mod recording_value;
mod replay;
mod report;
mod request;
mod sequences;
mod subscribe;
mod target;

use std::ffi::OsString;

use crate::cli::args::{Args, Verb, read as read_args};
use crate::cli::connection::Environment;
pub use crate::cli::launch::{Connection, Launch};
use crate::store::profiles::{Profile, Profiles};
use crate::words;
use crate::words::cli::{ProfileError, Usage};

/// The program's exit statuses.
pub mod status {
    /// Success.
    pub const DONE: u8 = 0;
    /// A broker refused, or something failed.
    pub const FAILED: u8 = 1;
    /// Wrong usage, or no display.
    pub const USAGE: u8 = 2;
    /// The time limit of `mqttree sub -W` was reached; same number as mosquitto_sub.
    pub const TIMEOUT: u8 = 27;
}

/// An early end of the program: help, version, or an error in the arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exit {
    /// Exit status, one of [`status`].
    pub status: u8,
    /// The text to print, with its final line feed.
    pub text: String,
    /// Whether to print to standard error.
    pub to_stderr: bool,
}

impl Exit {
    /// Creates the exit for a text that was asked for.
    fn done(text: String) -> Self {
        Self { status: status::DONE, text, to_stderr: false }
    }
}

/// Why the arguments do not lead to a command.
#[derive(Clone, Debug)]
enum Unusable {
    /// Help, version, or an error from the option parser.
    Exit(Exit),
    /// An option has an unusable value.
    Usage(Box<Usage>),
}

impl Unusable {
    /// Turns it into an exit; `command` names the command whose help is referred to, empty for the window.
    fn exit(self, command: &str) -> Exit {
        match self {
            Self::Exit(exit) => exit,
            Self::Usage(wrong) => {
                Exit { status: status::USAGE, text: words::cli::usage(&wrong, command), to_stderr: true }
            }
        }
    }
}

impl From<Usage> for Unusable {
    fn from(wrong: Usage) -> Self {
        Self::Usage(Box::new(wrong))
    }
}

/// What the arguments ask the program to do.
#[derive(Debug)]
pub enum CliCommand {
    /// Open the window.
    Window(Box<Launch>),
    /// `mqttree sub`: print what arrives.
    Subscribe(Box<subscribe::Plan>),
    /// `mqttree pub`: publish, then end.
    Publish(Box<publish::Plan>),
    /// `mqttree rr`: publish a request and print the first response.
    Request(Box<request::Plan>),
    /// `mqttree test`: run sequences of steps.
    Test(Box<sequences::Plan>),
    /// `mqttree record`: write what arrives into a recording.
    Record(Box<record::Plan>),
    /// `mqttree export`: write what a recording holds.
    Export(export::Plan),
    /// `mqttree info`: say what a recording holds.
    Info(info::Plan),
    /// `mqttree replay`: publish what a recording holds.
    Replay(Box<replay::Plan>),
    /// `mqttree decode`: print what bytes mean.
    Decode(decode::Plan),
}

/// The commands whose help an error may point to.
const VERBS: [&str; 9] = ["sub", "pub", "rr", "test", "decode", "record", "info", "export", "replay"];

/// Parses the arguments, starting with the program's name, and the secrets in the environment. A `--profile` option of
/// a command without a window also reads the profiles file.
pub fn command(args: impl IntoIterator<Item = OsString>) -> Result<CliCommand, Exit> {
    command_with(args, &Environment::read())
}

/// Parses the arguments in a given environment; see [`command`].
fn command_with(
    args: impl IntoIterator<Item = OsString>,
    environment: &Environment,
) -> Result<CliCommand, Exit> {
    let mut args: Vec<OsString> = args.into_iter().collect();
    let name = args.get(1).and_then(|name| name.to_str());
    let verb = VERBS.into_iter().find(|verb| name == Some(verb)).unwrap_or_default();
    let of_verb = |unusable: Unusable| unusable.exit(verb);
    if matches!(verb, "sub" | "pub" | "rr") {
        let program = args.remove(0);
        args = options_file::expand(args).map_err(of_verb)?;
        args.insert(0, program);
    }
    let mut args: Args = read_args(args).map_err(of_verb)?;
    match args.verb.take() {
        None => {
            let launch = launch::build(args, environment).map_err(|wrong| of_verb(wrong.into()))?;
            Ok(CliCommand::Window(Box::new(launch)))
        }
        Some(Verb::Sub(args)) => {
            let plan = subscribe::plan(&args, environment).map_err(of_verb)?;
            Ok(CliCommand::Subscribe(Box::new(plan)))
        }
        Some(Verb::Pub(args)) => {
            let plan = publish::plan(*args, environment).map_err(of_verb)?;
            Ok(CliCommand::Publish(Box::new(plan)))
        }
        Some(Verb::Request(args)) => {
            let plan = request::plan(*args, environment).map_err(of_verb)?;
            Ok(CliCommand::Request(Box::new(plan)))
        }
        Some(Verb::Test(args)) => {
            let plan = sequences::plan(*args, environment).map_err(of_verb)?;
            Ok(CliCommand::Test(Box::new(plan)))
        }
        Some(Verb::Record(args)) => {
            let plan = record::plan(*args, environment).map_err(of_verb)?;
            Ok(CliCommand::Record(Box::new(plan)))
        }
        Some(Verb::Info(args)) => Ok(CliCommand::Info(info::plan(args))),
        Some(Verb::Export(args)) => export::plan(args).map(CliCommand::Export).map_err(of_verb),
        Some(Verb::Replay(args)) => {
            let plan = replay::plan(*args, environment).map_err(of_verb)?;
            Ok(CliCommand::Replay(Box::new(plan)))
        }
        Some(Verb::Decode(args)) => decode::plan(args).map(CliCommand::Decode).map_err(of_verb),
        Some(Verb::Completions { shell }) => Err(Exit::done(args::completions(shell))),
        Some(Verb::Version) => Err(Exit::done(definition().render_version())),
    }
}

/// Parses the window's arguments, starting with the program's name, and the secrets in the environment.
pub fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Launch, Exit> {
    parse_with(args, &Environment::read())
}

/// Parses the window's arguments in a given environment; see [`parse`].
fn parse_with(args: impl IntoIterator<Item = OsString>, environment: &Environment) -> Result<Launch, Exit> {
    let launch = read_args(args).and_then(|args| Ok(launch::build(args, environment)?));
    launch.map_err(|unusable| unusable.exit(""))
}

/// The definition of the command line, from which man pages are made.
pub fn definition() -> clap::Command {
    args::definition()
}

/// Runs `mqttree sub` on standard output and returns the exit status.
pub fn subscribe(plan: subscribe::Plan) -> u8 {
    plan.run(output::standard())
}

/// Runs `mqttree pub` and returns the exit status.
pub fn publish(plan: publish::Plan) -> u8 {
    plan.run()
}

/// Runs `mqttree rr` on standard output and returns the exit status.
pub fn request(plan: request::Plan) -> u8 {
    plan.run(output::standard())
}

/// Runs `mqttree test` on standard output and returns the exit status.
pub fn test(plan: sequences::Plan) -> u8 {
    plan.run(output::standard())
}

/// Runs `mqttree record` and returns the exit status.
pub fn record(plan: record::Plan) -> u8 {
    plan.run()
}

/// Runs `mqttree export` and returns the exit status.
pub fn export(plan: export::Plan) -> u8 {
    plan.run()
}

/// Runs `mqttree info` on standard output and returns the exit status.
pub fn info(plan: info::Plan) -> u8 {
    plan.run(output::standard())
}

/// Runs `mqttree replay` and returns the exit status.
pub fn replay(plan: replay::Plan) -> u8 {
    plan.run()
}

/// Runs `mqttree decode` on standard output and returns the exit status.
pub fn decode(plan: decode::Plan) -> u8 {
    plan.run(output::standard())
}

/// The saved profiles named by `--profile`, or an error that names the missing ones.
pub fn named_profiles<'a>(launch: &Launch, profiles: &'a Profiles) -> Result<Vec<&'a Profile>, Exit> {
    let found: Result<_, Usage> = launch.saved.iter().map(|name| named_profile(name, profiles)).collect();
    found.map_err(|wrong| Unusable::from(wrong).exit(""))
}

fn named_profile<'a>(name: &str, profiles: &'a Profiles) -> Result<&'a Profile, Usage> {
    let wrong = |error| Usage::Profile { name: name.to_owned(), error: Box::new(error) };
    let lower = name.to_lowercase();
    let exact: Vec<&Profile> = profiles.iter().filter(|profile| profile.name == name).collect();
    let alike: Vec<&Profile> =
        profiles.iter().filter(|profile| profile.name.to_lowercase() == lower).collect();
    match (exact.as_slice(), alike.as_slice()) {
        ([one], _) | ([], [one]) => Ok(one),
        ([], []) => {
            let saved = profiles.iter().map(|profile| profile.name.clone()).collect();
            Err(wrong(ProfileError::None { saved }))
        }
        (several, alike) => Err(wrong(ProfileError::Several { count: several.len().max(alike.len()) })),
    }
}

/// Why no window can be opened here, as one line without line feed; `None` if it is worth trying.
///
/// Only Unix systems other than macOS can tell in advance: there a window needs X11 or Wayland.
pub fn display_missing() -> Option<&'static str> {
    if cfg!(all(unix, not(target_os = "macos"))) { no_display(|name| std::env::var_os(name)) } else { None }
}

fn no_display(variable: impl Fn(&str) -> Option<OsString>) -> Option<&'static str> {
    // The variables that winit checks; an empty one counts as unset.
    let found = ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"]
        .into_iter()
        .any(|name| variable(name).is_some_and(|value| !value.is_empty()));
    (!found).then_some(words::cli::NO_DISPLAY)
}

#[cfg(test)]
mod tests;

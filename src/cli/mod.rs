//! The command line: what a person typed, turned into what to do.
//!
//! [`parse`] is pure but for the environment's secrets: it opens no file, no window and no connection. `main` prints an
//! [`Exit`] and ends with its status, or hands the [`Launch`] to the window.

mod args;
mod connected;
mod connection;
mod format;
mod launch;
mod output;
mod publish;
mod report;
mod subscribe;
mod target;

use std::ffi::OsString;

use crate::cli::args::read as read_args;
use crate::cli::connection::Environment;
pub use crate::cli::launch::{Connection, Launch};
use crate::store::profiles::{Profile, Profiles};

/// The program's exit statuses.
pub mod status {
    /// Done.
    pub const DONE: u8 = 0;
    /// Refused by a broker, or failed.
    pub const FAILED: u8 = 1;
    /// Wrong usage, or no display.
    pub const USAGE: u8 = 2;
    /// The time that `mqttree sub -W` gave is over; mosquitto_sub's number.
    pub const TIMEOUT: u8 = 27;
}

/// The end of the program before it began: help, version, or what is wrong with the arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exit {
    /// One of [`status`].
    pub status: u8,
    /// What to print, with its line feed.
    pub text: String,
    /// Where to print it.
    pub to_stderr: bool,
}

impl Exit {
    /// The same for a command, whose help is another.
    fn of(mut self, command: &str) -> Self {
        self.text = self.text.replace("mqttree --help lists", &format!("mqttree {command} --help lists"));
        self
    }

    /// Wrong usage: what is wrong, and how it is right.
    fn usage(wrong: impl AsRef<str>, right: impl AsRef<str>) -> Self {
        let text =
            format!("mqttree: {}\n{}\nmqttree --help lists all options.\n", wrong.as_ref(), right.as_ref());
        Self { status: status::USAGE, text, to_stderr: true }
    }
}

/// What the arguments ask for.
#[derive(Debug)]
pub enum Command {
    /// Open the window.
    Window(Box<Launch>),
    /// `mqttree sub`: print what arrives.
    Subscribe(Box<subscribe::Plan>),
    /// `mqttree pub`: publish, and end.
    Publish(Box<publish::Plan>),
}

/// Reads the arguments, the program's name first, and the secrets in the environment. `--profile` of a command without a
/// window reads the file of the profiles too.
pub fn command(args: impl IntoIterator<Item = OsString>) -> Result<Command, Exit> {
    let mut args: Vec<OsString> = args.into_iter().collect();
    let environment = Environment::read();
    let name = args.get(1).and_then(|name| name.to_str());
    match name {
        Some("sub") => {
            args.remove(1);
            let plan = subscribe::parse(args, &environment).map_err(|exit| exit.of("sub"))?;
            Ok(Command::Subscribe(Box::new(plan)))
        }
        Some("pub") => {
            args.remove(1);
            let plan = publish::parse(args, &environment).map_err(|exit| exit.of("pub"))?;
            Ok(Command::Publish(Box::new(plan)))
        }
        _ => parse_with(args, &environment).map(|launch| Command::Window(Box::new(launch))),
    }
}

/// Reads the arguments of the window, the program's name first, and the secrets in the environment.
pub fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Launch, Exit> {
    parse_with(args, &Environment::read())
}

/// [`parse`] with the environment given.
fn parse_with(args: impl IntoIterator<Item = OsString>, environment: &Environment) -> Result<Launch, Exit> {
    launch::build(read_args(args)?, environment)
}

/// Runs `mqttree sub` on standard output, and gives the exit status.
pub fn subscribe(plan: subscribe::Plan) -> u8 {
    plan.run(output::standard())
}

/// Runs `mqttree pub`, and gives the exit status.
pub fn publish(plan: publish::Plan) -> u8 {
    plan.run()
}

/// The saved profiles that `--profile` named, or which of them there is not.
pub fn named_profiles<'a>(launch: &Launch, profiles: &'a Profiles) -> Result<Vec<&'a Profile>, Exit> {
    launch.saved.iter().map(|name| named_profile(name, profiles)).collect()
}

fn named_profile<'a>(name: &str, profiles: &'a Profiles) -> Result<&'a Profile, Exit> {
    let lower = name.to_lowercase();
    let exact: Vec<&Profile> = profiles.iter().filter(|profile| profile.name == name).collect();
    let alike: Vec<&Profile> =
        profiles.iter().filter(|profile| profile.name.to_lowercase() == lower).collect();
    match (exact.as_slice(), alike.as_slice()) {
        ([one], _) | ([], [one]) => Ok(one),
        ([], []) => {
            let names: Vec<String> = profiles.iter().map(|profile| format!("\"{}\"", profile.name)).collect();
            let right = if names.is_empty() {
                "None is saved yet; mqttree without arguments opens the window in which to make one."
                    .to_owned()
            } else {
                format!("Saved are {}.", names.join(", "))
            };
            Err(Exit::usage(format!("--profile: no saved connection is called \"{name}\""), right))
        }
        (several, alike) => Err(Exit::usage(
            format!("--profile: {} saved connections are called \"{name}\"", several.len().max(alike.len())),
            "Rename one of them in the window.",
        )),
    }
}

/// Why no window can be opened here, as one line without line feed; `None` where one can be tried.
///
/// Only Unix without macOS can tell beforehand: there a window needs X11 or Wayland.
pub fn display_missing() -> Option<String> {
    if cfg!(all(unix, not(target_os = "macos"))) { no_display(|name| std::env::var_os(name)) } else { None }
}

fn no_display(variable: impl Fn(&str) -> Option<OsString>) -> Option<String> {
    // The three that winit looks at; an empty one is as good as none.
    let found = ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"]
        .into_iter()
        .any(|name| variable(name).is_some_and(|value| !value.is_empty()));
    let text = "mqttree: there is no display: neither DISPLAY nor WAYLAND_DISPLAY is set; \
                start it in a desktop session, or with `xvfb-run -a mqttree` to run it unseen";
    (!found).then(|| text.to_owned())
}

#[cfg(test)]
mod tests;

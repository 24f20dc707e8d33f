//! The command line: what a person typed, turned into what to do.
//!
//! [`parse`] is pure but for the environment's secrets: it opens no file, no window and no connection. `main` prints an
//! [`Exit`] and ends with its status, or hands the [`Launch`] to the window.

mod args;
mod connection;
mod launch;

use std::ffi::OsString;

use self::connection::Environment;
pub use self::launch::{Connection, Launch};
use crate::store::profiles::{Profile, Profiles};

/// The program's exit statuses.
pub mod status {
    /// Done.
    pub const DONE: u8 = 0;
    /// Refused by a broker, or failed.
    pub const FAILED: u8 = 1;
    /// Wrong usage, or no display.
    pub const USAGE: u8 = 2;
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
    /// Wrong usage: what is wrong, and how it is right.
    fn usage(wrong: impl AsRef<str>, right: impl AsRef<str>) -> Self {
        let text =
            format!("mqttree: {}\n{}\nmqttree --help lists all options.\n", wrong.as_ref(), right.as_ref());
        Self { status: status::USAGE, text, to_stderr: true }
    }
}

/// Reads the arguments, the program's name first, and the secrets in the environment.
pub fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Launch, Exit> {
    parse_with(args, &Environment::read())
}

/// [`parse`] with the environment given.
fn parse_with(args: impl IntoIterator<Item = OsString>, environment: &Environment) -> Result<Launch, Exit> {
    launch::build(args::read(args)?, environment)
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

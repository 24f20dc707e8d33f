//! What the command line says, in English whatever the system's language: scripts and reports quote it.
//!
//! What can be wrong with the arguments is declared here, beside its sentences, because the command line stands above
//! this floor. Help texts stand with the options.

mod property;
mod recording;
mod report;
mod sequence;
mod usage;

pub use property::PropertyError;
pub use recording::{GapLine, RecordingNews, RecordingTrouble, RecordingUsage, info};
pub use report::{News, NotBegun, NotPublished, Trouble, news, trouble};
pub use sequence::{NOT_RUN, SequenceLine, SequenceUsage, sequence_line};
pub use usage::{FormatError, ProfileError, UrlPart, Usage};

/// Why no window can be opened: one line without line feed.
pub const NO_DISPLAY: &str = "mqttree: there is no display: neither DISPLAY nor WAYLAND_DISPLAY is set; \
                              start it in a desktop session, or with `xvfb-run -a mqttree` to run it unseen";

/// Wrong usage in three lines, with the last line feed: what is wrong, how it is right, and where all options are.
/// `command` is `sub` or `pub`, or empty for the window.
pub fn usage(wrong: &Usage, command: &str) -> String {
    let (wrong, right) = (wrong.wrong(), wrong.right());
    let space = if command.is_empty() { "" } else { " " };
    format!("mqttree: {wrong}\n{right}\nmqttree{space}{command} --help lists all options.\n")
}

/// Message about an argument where none is expected, in the style of the options' parser.
pub fn unexpected_argument(argument: &str) -> String {
    format!("unexpected argument '{argument}' found")
}

/// Names the place where the path of a websocket is given.
pub const PATH_IN_THE_URL: &str = "the path in the URL";

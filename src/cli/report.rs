//! Error reports of the commands without a window: three short lines on standard error.

use std::borrow::Cow;
use std::fmt::Display;
use std::io::Write as _;

use crate::cli::status;
use crate::mqtt::failure::Failure;
use crate::words::cli::{News, Trouble};
use crate::words::format::excerpt;
use crate::words::{self, Language, Told};

/// Reports a command's errors. `--quiet` suppresses them, except for errors in the arguments.
#[derive(Clone, Copy, Debug)]
pub(super) struct Report {
    /// Whether to print nothing.
    pub quiet: bool,
}

impl Report {
    /// Prints one line.
    fn line(self, text: impl Display) {
        if !self.quiet {
            // If standard error is closed, there is nowhere to report that.
            writeln!(std::io::stderr(), "mqttree: {text}").ok();
        }
    }

    /// Reports what failed, why, and what to try. Returns the exit status.
    pub(super) fn failure(self, failure: &Failure) -> u8 {
        self.told(&words::failure(failure, Language::English))
    }

    /// Reports any other failure. Returns the exit status.
    pub(super) fn trouble(self, trouble: &Trouble) -> u8 {
        self.told(&words::cli::trouble(trouble))
    }

    /// Reports an event.
    pub(super) fn news(self, news: &News) {
        self.line(words::cli::news(news));
    }

    fn told(self, told: &Told) -> u8 {
        let Told { what, why, hint } = told;
        // A broker's reason, its topics and the names in its certificate may be of any length.
        let mut text = format!("{}\n  {}", english(what), english(why));
        if !hint.is_empty() {
            text += "\n  ";
            text += &english(hint);
        }
        self.line(text);
        status::FAILED
    }
}

fn english(text: &str) -> Cow<'_, str> {
    excerpt(text, Language::English)
}

//! What the commands without a window say when something fails: three short lines on standard error.

use std::borrow::Cow;
use std::fmt::Display;
use std::io::Write as _;

use crate::cli::status;
use crate::mqtt::failure::Failure;
use crate::words::cli::{News, Trouble};
use crate::words::format::excerpt;
use crate::words::{self, Language, Told};

/// Where a command's errors go; `--quiet` keeps them to itself. What is wrong with the arguments is said all the same.
#[derive(Clone, Copy, Debug)]
pub(super) struct Report {
    /// Print nothing.
    pub quiet: bool,
}

impl Report {
    /// One line.
    fn line(self, text: impl Display) {
        if !self.quiet {
            // Standard error may be closed: then there is nowhere to say so.
            writeln!(std::io::stderr(), "mqttree: {text}").ok();
        }
    }

    /// What failed, why, and what to try. Gives the exit status for it.
    pub(super) fn failure(self, failure: &Failure) -> u8 {
        self.told(&words::failure(failure, Language::English))
    }

    /// What else failed. Gives the exit status for it.
    pub(super) fn trouble(self, trouble: &Trouble) -> u8 {
        self.told(&words::cli::trouble(trouble))
    }

    /// Something that happened.
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

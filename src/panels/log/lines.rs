//! Which lines of the connection log show, and which of them are selected. Pure.
//!
//! Lines are known by their number since the session began, so that a selection stays where it is while the oldest
//! lines are dropped.

use std::fmt::Write as _;

use crate::session::status::{Level, LogLine, Status};
use crate::ui::widgets::line_list::{LineSelection, LineSource};
use crate::words::{Label, format, log_panel};

/// Which levels show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Levels {
    /// All of them.
    #[default]
    All,
    /// Warnings and errors.
    Problems,
    /// Errors alone.
    Errors,
}

impl Levels {
    /// Every choice.
    pub const ALL: [Self; 3] = [Self::All, Self::Problems, Self::Errors];

    /// What it is called.
    pub fn label(self) -> Label {
        match self {
            Self::All => log_panel::ALL_LINES,
            Self::Problems => log_panel::PROBLEMS,
            Self::Errors => log_panel::ERRORS,
        }
    }

    fn shows(self, level: Level) -> bool {
        match self {
            Self::All => true,
            Self::Problems => level >= Level::Warning,
            Self::Errors => level >= Level::Error,
        }
    }
}

/// What the lines are filtered by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogFilter {
    /// By level.
    pub levels: Levels,
    /// By text, small and capital letters alike; empty shows all.
    pub text: String,
}

impl LogFilter {
    /// Whether it lets everything through.
    pub fn is_empty(&self) -> bool {
        self.levels == Levels::All && self.text.is_empty()
    }

    fn shows(&self, line: &LogLine, lower_text: &str) -> bool {
        self.levels.shows(line.level)
            && (lower_text.is_empty() || line.text.to_lowercase().contains(lower_text))
    }
}

/// The lines that show. Looks only at lines that are new since the last call, unless the filter changed.
#[derive(Debug, Default)]
pub struct LogLines {
    numbers: Vec<u64>,
    seen: u64,
    filter: LogFilter,
}

impl LogLines {
    /// Brings the list up to date.
    pub fn refresh(&mut self, status: &Status, filter: &LogFilter) {
        // Fewer lines than seen: another session's log.
        if self.filter != *filter || status.log_total < self.seen {
            self.filter.clone_from(filter);
            self.numbers.clear();
            self.seen = 0;
        }
        if self.seen == status.log_total {
            return;
        }
        let first = first_number(status);
        self.numbers.drain(..self.numbers.partition_point(|number| *number < first));
        let lower = self.filter.text.to_lowercase();
        let skip = self.seen.saturating_sub(first);
        for (index, line) in status.log.iter().enumerate().skip(skip as usize) {
            if self.filter.shows(line, &lower) {
                self.numbers.push(first + index as u64);
            }
        }
        self.seen = status.log_total;
    }

    /// How many show.
    pub fn len(&self) -> usize {
        self.numbers.len()
    }

    /// The lines that show, selected or all, as text to copy: date and time, level, text.
    pub fn text(&self, status: &Status, selection: Option<LineSelection>) -> String {
        let mut out = String::new();
        for &number in &self.numbers {
            if selection.is_none_or(|selection| selection.contains(number))
                && let Some(line) = line(status, number)
            {
                let (at, level) = (format::date_time(line.at), level_name(line.level));
                writeln!(out, "{at}  {level:<7}  {}", line.text).ok();
            }
        }
        out
    }
}

impl LineSource for LogLines {
    fn rows(&self) -> u64 {
        self.numbers.len() as u64
    }

    fn number(&self, row: u64) -> Option<u64> {
        self.numbers.get(usize::try_from(row).ok()?).copied()
    }

    fn row(&self, number: u64) -> u64 {
        self.numbers.partition_point(|known| *known < number) as u64
    }
}

/// The line with a number, if it is still kept.
pub fn line(status: &Status, number: u64) -> Option<&LogLine> {
    let index = number.checked_sub(first_number(status))?;
    status.log.get(usize::try_from(index).ok()?)
}

fn first_number(status: &Status) -> u64 {
    status.log_total.saturating_sub(status.log.len() as u64)
}

/// A level in a word.
pub fn level_name(level: Level) -> &'static str {
    match level {
        Level::Info => "info",
        Level::Ok => "ok",
        Level::Warning => "warning",
        Level::Error => "error",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Timestamp;
    use crate::session::status::LOG_LINES_MAX;

    fn status(lines: &[(Level, &str)]) -> Status {
        let mut status = Status::default();
        for (index, (level, text)) in lines.iter().enumerate() {
            status.log(Timestamp(index as i64), *level, *text);
        }
        status
    }

    fn shown(lines: &LogLines, status: &Status) -> Vec<String> {
        (0..lines.len() as u64)
            .map(|row| line(status, lines.number(row).unwrap()).unwrap().text.clone())
            .collect()
    }

    #[test]
    fn lines_are_filtered_by_level_and_by_text() {
        let status = status(&[
            (Level::Info, "TCP connected"),
            (Level::Error, "TLS handshake failed"),
            (Level::Warning, "TLS certificate ends soon"),
        ]);
        let mut lines = LogLines::default();
        for (levels, text, expected) in [
            (Levels::All, "", vec!["TCP connected", "TLS handshake failed", "TLS certificate ends soon"]),
            (Levels::All, "tls", vec!["TLS handshake failed", "TLS certificate ends soon"]),
            (Levels::Problems, "", vec!["TLS handshake failed", "TLS certificate ends soon"]),
            (Levels::Errors, "tls", vec!["TLS handshake failed"]),
            (Levels::Errors, "tcp", vec![]),
        ] {
            lines.refresh(&status, &LogFilter { levels, text: text.to_owned() });
            assert_eq!(shown(&lines, &status), expected, "{levels:?} {text:?}");
        }
    }

    #[test]
    fn a_selection_stays_on_its_lines_while_the_oldest_are_dropped() {
        let mut status = Status::default();
        let mut lines = LogLines::default();
        let mut selection = None;
        for index in 0..LOG_LINES_MAX + 500 {
            status.log(Timestamp(index as i64), Level::Info, format!("line {index}"));
            if index % 7 == 0 {
                lines.refresh(&status, &LogFilter::default());
            }
            if index == 1_000 {
                lines.refresh(&status, &LogFilter::default());
                selection = lines.number(999).map(LineSelection::one);
            }
        }
        lines.refresh(&status, &LogFilter::default());
        assert_eq!(lines.len(), LOG_LINES_MAX);
        assert_eq!(shown(&lines, &status).first().unwrap(), "line 500");
        let copied = lines.text(&status, selection);
        assert!(copied.ends_with("info     line 999\n"), "{copied}");
        assert_eq!(copied.lines().count(), 1);
    }

    #[test]
    fn the_log_of_another_session_replaces_the_lines() {
        let mut lines = LogLines::default();
        lines.refresh(&status(&[(Level::Info, "a"), (Level::Info, "b")]), &LogFilter::default());
        let other = status(&[(Level::Info, "c")]);
        lines.refresh(&other, &LogFilter::default());
        assert_eq!(shown(&lines, &other), ["c"]);
    }
}

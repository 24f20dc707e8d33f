//! Which lines of the connection log are visible, and which are selected. Pure.
//!
//! Lines are identified by their number since the session began, so a selection stays in place while the oldest lines
//! are dropped.

use std::collections::VecDeque;
use std::fmt::Write as _;

use crate::message::Timestamp;
use crate::session::connection_log::{Level, LogLine};
use crate::session::status::Status;
use crate::ui::widgets::line_list::{LineSelection, LineSource};
use crate::words::{self, Label, Language, format, log_panel};

/// Which levels are visible.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Levels {
    /// All levels.
    #[default]
    All,
    /// Warnings and errors.
    Problems,
    /// Only errors.
    Errors,
}

impl Levels {
    /// Every choice.
    pub const ALL: [Self; 3] = [Self::All, Self::Problems, Self::Errors];

    /// The choice's label.
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
    /// Levels to show.
    pub levels: Levels,
    /// Text to search for, ignoring case; empty shows all.
    pub text: String,
}

impl LogFilter {
    /// Whether the filter lets everything through.
    pub fn is_empty(&self) -> bool {
        self.levels == Levels::All && self.text.is_empty()
    }

    fn shows(&self, line: &WordedLine, lower_text: &str) -> bool {
        self.levels.shows(line.level)
            && (lower_text.is_empty() || line.text.to_lowercase().contains(lower_text))
    }
}

/// A line in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WordedLine {
    /// When it happened.
    pub at: Timestamp,
    /// Severity.
    pub level: Level,
    /// Text of the event.
    pub text: String,
}

impl WordedLine {
    fn new(line: &LogLine, language: Language) -> Self {
        Self { at: line.at, level: line.level(), text: words::log::line(&line.what, language) }
    }
}

/// The retained lines as text, and which of them are visible. Each line is converted to text once.
#[derive(Debug, Default)]
pub struct LogLines {
    kept: VecDeque<WordedLine>,
    /// Number after the last line's.
    end: u64,
    language: Language,
    /// Numbers of the visible lines.
    numbers: Vec<u64>,
    filter: LogFilter,
}

impl LogLines {
    /// Brings the list up to date.
    pub fn refresh(&mut self, status: &Status, filter: &LogFilter, language: Language) {
        if self.language != language || !self.belongs_to(status) {
            *self = Self { language, ..Self::default() };
        }
        if self.filter != *filter {
            self.filter.clone_from(filter);
            self.numbers.clear();
            self.add_shown(self.first());
        }
        if self.end == status.log_total {
            return;
        }
        let first = first_number(status);
        let dropped = first.saturating_sub(self.first()).min(self.kept.len() as u64);
        self.kept.drain(..dropped as usize);
        self.numbers.drain(..self.numbers.partition_point(|number| *number < first));
        let new = self.end.max(first);
        let skip = (new - first) as usize;
        self.kept.extend(status.log.iter().skip(skip).map(|line| WordedLine::new(line, language)));
        self.end = status.log_total;
        self.add_shown(new);
    }

    /// Whether the last line is still the session's. The log of another session replaces all lines.
    fn belongs_to(&self, status: &Status) -> bool {
        let Some(last) = self.kept.back() else { return self.end <= status.log_total };
        let index = self.end.checked_sub(first_number(status) + 1);
        let same = index.and_then(|index| status.log.get(usize::try_from(index).ok()?));
        self.end <= status.log_total && same.is_none_or(|line| line.at == last.at)
    }

    /// Number of the first line.
    fn first(&self) -> u64 {
        self.end - self.kept.len() as u64
    }

    /// Adds the numbers of the visible lines from `from` on.
    fn add_shown(&mut self, from: u64) {
        let lower = self.filter.text.to_lowercase();
        let first = self.first();
        let numbered = (first..).zip(&self.kept).skip((from - first) as usize);
        let shown = numbered.filter(|(_, line)| self.filter.shows(line, &lower));
        self.numbers.extend(shown.map(|(number, _)| number));
    }

    /// The line with a number, if it is retained.
    pub fn line(&self, number: u64) -> Option<&WordedLine> {
        let index = number.checked_sub(self.first())?;
        self.kept.get(usize::try_from(index).ok()?)
    }

    /// How many lines are visible.
    pub fn len(&self) -> usize {
        self.numbers.len()
    }

    /// The visible lines, selected or all, as text to copy: date and time, level, text.
    pub fn text(&self, selection: Option<LineSelection>) -> String {
        let mut out = String::new();
        for &number in &self.numbers {
            if selection.is_none_or(|selection| selection.contains(number))
                && let Some(line) = self.line(number)
            {
                let (at, level) =
                    (format::date_time(line.at), words::log::level(line.level).of(self.language));
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

fn first_number(status: &Status) -> u64 {
    status.log_total.saturating_sub(status.log.len() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mqtt::link::Rejection;
    use crate::session::connection_log::LogEvent;
    use crate::session::status::LOG_LINES_MAX;

    fn refused(filter: &str) -> LogEvent {
        LogEvent::SubscribeRefused { filter: filter.to_owned(), why: Rejection::Unexplained }
    }

    fn says(text: &str) -> LogEvent {
        LogEvent::BrokerSays(text.to_owned())
    }

    fn status(events: &[LogEvent]) -> Status {
        let mut status = Status::default();
        for (index, event) in events.iter().enumerate() {
            status.log(Timestamp(index as i64), event.clone());
        }
        status
    }

    fn refresh(lines: &mut LogLines, status: &Status, filter: &LogFilter) {
        lines.refresh(status, filter, Language::English);
    }

    fn shown(lines: &LogLines) -> Vec<String> {
        (0..lines.len() as u64)
            .map(|row| lines.line(lines.number(row).unwrap()).unwrap().text.clone())
            .collect()
    }

    #[test]
    fn lines_are_filtered_by_level_and_by_text() {
        let status = status(&[says("TCP"), refused("tls"), LogEvent::HeldBack]);
        let [info, error, warning] =
            [0, 1, 2].map(|index| words::log::line(&status.log[index].what, Language::English));
        let mut lines = LogLines::default();
        for (levels, text, expected) in [
            (Levels::All, "", vec![&info, &error, &warning]),
            (Levels::All, "Tls", vec![&error]),
            (Levels::All, "the broker", vec![&info, &error, &warning]),
            (Levels::Problems, "", vec![&error, &warning]),
            (Levels::Errors, "TLS", vec![&error]),
            (Levels::Errors, "tcp", vec![]),
        ] {
            refresh(&mut lines, &status, &LogFilter { levels, text: text.to_owned() });
            assert_eq!(shown(&lines).iter().collect::<Vec<_>>(), expected, "{levels:?} {text:?}");
        }
    }

    #[test]
    fn a_selection_stays_on_its_lines_while_the_oldest_are_dropped() {
        let mut status = Status::default();
        let mut lines = LogLines::default();
        let mut selection = None;
        for index in 0..LOG_LINES_MAX + 500 {
            status.log(Timestamp(index as i64), says(&format!("line {index}")));
            if index % 7 == 0 {
                refresh(&mut lines, &status, &LogFilter::default());
            }
            if index == 1_000 {
                refresh(&mut lines, &status, &LogFilter::default());
                selection = lines.number(999).map(LineSelection::one);
            }
        }
        refresh(&mut lines, &status, &LogFilter::default());
        assert_eq!(lines.len(), LOG_LINES_MAX);
        assert!(shown(&lines).first().unwrap().ends_with("line 500"));
        let copied = lines.text(selection);
        assert!(copied.contains("  info     ") && copied.ends_with("line 999\n"), "{copied}");
        assert_eq!(copied.lines().count(), 1);
    }

    #[test]
    fn lines_that_came_and_went_unseen_are_not_missed() {
        let mut status = status(&[says("a")]);
        let mut lines = LogLines::default();
        refresh(&mut lines, &status, &LogFilter::default());
        for index in 0..3 * LOG_LINES_MAX {
            status.log(Timestamp(index as i64), says("b"));
        }
        refresh(&mut lines, &status, &LogFilter::default());
        assert_eq!(lines.len(), LOG_LINES_MAX);
        assert_eq!(lines.number(0), Some(1 + 2 * LOG_LINES_MAX as u64));
    }

    #[test]
    fn the_log_of_another_session_replaces_the_lines() {
        let mut lines = LogLines::default();
        refresh(&mut lines, &status(&[says("a"), says("b")]), &LogFilter::default());
        let other = status(&[says("c")]);
        refresh(&mut lines, &other, &LogFilter::default());
        assert!(shown(&lines).iter().all(|text| text.ends_with('c')));
        // There are more lines than were seen before.
        let mut longer = Status::default();
        for text in ["d", "e", "f"] {
            longer.log(Timestamp(1_000), says(text));
        }
        refresh(&mut lines, &longer, &LogFilter::default());
        assert_eq!(lines.len(), 3);
        assert!(shown(&lines)[0].ends_with('d'));
    }

    #[test]
    fn another_language_puts_all_lines_into_other_words() {
        let status = status(&[LogEvent::HeldBack, refused("plant/#")]);
        let mut lines = LogLines::default();
        refresh(&mut lines, &status, &LogFilter::default());
        let english = shown(&lines);
        lines.refresh(&status, &LogFilter::default(), Language::Chinese);
        assert!(shown(&lines)[1].starts_with("订阅 plant/#"), "{:?}", shown(&lines));
        refresh(&mut lines, &status, &LogFilter::default());
        assert_eq!(shown(&lines), english);
    }
}

//! Where a line too wide for the view is broken. Pure functions over one piece of a line (at most a few kB).
//!
//! Columns are those of a monospaced font. Characters that another font has to draw count as two, which is what
//! the widest of them take: a row may end early, but nothing is ever drawn outside of the view.

use std::ops::Range;

/// No row is narrower, however narrow the view.
pub const COLUMNS_MIN: usize = 8;

/// Columns of a tabulator, as egui draws it.
const TAB_COLUMNS: usize = 4;

/// Columns that a character takes at most.
fn columns_of(c: char) -> usize {
    match c {
        '\t' => TAB_COLUMNS,
        // What the program's own monospaced font draws: Latin, Greek, Cyrillic, punctuation, arrows, signs.
        '\0'..='\u{52f}' | '\u{1e00}'..='\u{2bff}' => 1,
        _ => 2,
    }
}

/// The rows of a text, as byte ranges in order without gaps. An empty text is one empty row.
pub fn rows(text: &str, columns: usize) -> TextRows<'_> {
    let narrow = text.is_ascii() && !has_tab(text);
    TextRows { text, columns: columns.max(COLUMNS_MIN), at: 0, narrow, ended: false }
}

/// How many rows a text takes.
pub fn row_count(text: &str, columns: usize) -> usize {
    if fits(text, columns) { 1 } else { rows(text, columns).count() }
}

/// Whether a text surely takes one row: no character has fewer bytes than columns but the tabulator.
pub fn fits(text: &str, columns: usize) -> bool {
    text.len() <= columns && !has_tab(text)
}

fn has_tab(text: &str) -> bool {
    memchr::memchr(b'\t', text.as_bytes()).is_some()
}

/// Iterator over the rows of a text.
#[derive(Clone, Debug)]
pub struct TextRows<'a> {
    text: &'a str,
    columns: usize,
    at: usize,
    /// Every byte is a column.
    narrow: bool,
    ended: bool,
}

impl Iterator for TextRows<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        if self.ended {
            return None;
        }
        let start = self.at;
        let rest = &self.text[start..];
        let fits = if self.narrow { rest.len().min(self.columns) } else { fitting(rest, self.columns) };
        let length = if fits == rest.len() { fits } else { nice_break(&rest[..fits]) };
        self.at += length;
        self.ended = self.at == self.text.len();
        Some(start..self.at)
    }
}

/// Bytes of the longest beginning of `text` that fits into `columns`.
fn fitting(text: &str, columns: usize) -> usize {
    let mut used = 0;
    for (at, c) in text.char_indices() {
        used += columns_of(c);
        if used > columns {
            return at;
        }
    }
    text.len()
}

/// Where to break a full row: after the last space or comma beyond its first third, else at its end.
fn nice_break(row: &str) -> usize {
    let third = row.len() / 3;
    let gap = row.as_bytes()[third..].iter().rposition(|byte| matches!(byte, b' ' | b',' | b';' | b'\t'));
    gap.map_or(row.len(), |at| third + at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken(text: &str, columns: usize) -> Vec<&str> {
        rows(text, columns).map(|range| &text[range]).collect()
    }

    #[test]
    fn a_short_text_is_one_row() {
        assert_eq!(broken("", 20), [""]);
        assert_eq!(broken("temperature", 11), ["temperature"]);
        assert_eq!(row_count("temperature", 11), 1);
    }

    #[test]
    fn a_long_text_breaks_after_words_where_it_can() {
        assert_eq!(broken("the pump has stopped", 10), ["the pump ", "has ", "stopped"]);
        assert_eq!(broken("0123456789abcdef", 10), ["0123456789", "abcdef"]);
    }

    #[test]
    fn wide_characters_take_two_columns() {
        assert_eq!(broken("温度传感器过热", 8), ["温度传感", "器过热"]);
    }

    #[test]
    fn a_tabulator_takes_its_room() {
        assert_eq!(broken("\t\tabc", 8), ["\t\t", "abc"]);
        assert!(!fits("\t\t\t", 8) && fits("abc", 8));
    }

    #[test]
    fn rows_join_to_the_text_they_came_from() {
        let text = "größe 温度, x; \u{1f600}\u{1f600}\u{1f600}\u{1f600}\u{1f600} and a_very_long_word_without_any_gap";
        for columns in 1..40 {
            assert_eq!(broken(text, columns).concat(), text);
            assert_eq!(broken(text, columns).len(), row_count(text, columns.max(COLUMNS_MIN)));
        }
    }
}

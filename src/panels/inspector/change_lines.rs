//! Changes of values as rows of the text view: `data.temperature: 21.5 → 21.6`, with the parts that differ marked.

use std::borrow::Cow;
use std::ops::Range;

use eframe::egui::{Align2, Color32, Ui, pos2};

use crate::panels::inspector::tree_view::GUTTER;
use crate::payload::diff::{Change, ChangeKind, Changes};
use crate::payload::query::JsonPath;
use crate::ui::tokens::{Tokens, tokens};
use crate::ui::widgets::context_menu::{Item, Menu};
use crate::ui::widgets::text_view::{
    Copied, Spot, TextRow, TextShown, TextSource, TextView, TextViewState, wrap,
};
use crate::ui::{icons, language, theme};
use crate::words::inspector as words;

/// Stands between what was and what is.
const ARROW: &str = " → ";

/// What a line tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sign {
    Added,
    Removed,
    Changed,
    Moved,
}

impl Sign {
    fn text(self) -> &'static str {
        match self {
            Self::Added => "+",
            Self::Removed => "−",
            Self::Changed => "~",
            Self::Moved => "↕",
        }
    }
}

/// A change as a line.
#[derive(Debug)]
struct ChangeLine {
    sign: Sign,
    text: String,
    /// Where the path ends.
    path_end: usize,
    /// What stands out of what was.
    old: Range<usize>,
    /// What stands out of what is.
    new: Range<usize>,
}

impl ChangeLine {
    fn of(change: &Change) -> Self {
        let mut text = change.path.to_string();
        let path_end = text.len();
        text.push_str(": ");
        let start = text.len();
        let (sign, old, new) = match &change.kind {
            ChangeKind::Added(value) => {
                text.push_str(value);
                (Sign::Added, 0..0, start..text.len())
            }
            ChangeKind::Removed(value) => {
                text.push_str(value);
                (Sign::Removed, start..text.len(), 0..0)
            }
            ChangeKind::Changed { old, new, emphasis } => {
                text.push_str(old);
                text.push_str(ARROW);
                let second = text.len();
                text.push_str(new);
                // Where most of it differs, all of it is marked.
                let part = |part: &Range<usize>, value: &str, at: usize| {
                    if *emphasis == (0..0, 0..0) {
                        at..at + value.len()
                    } else {
                        at + part.start..at + part.end
                    }
                };
                (Sign::Changed, part(&emphasis.0, old, start), part(&emphasis.1, new, second))
            }
            ChangeKind::Moved { from, value } => {
                text.extend([&format!("[{from}]"), ARROW, value]);
                (Sign::Moved, 0..0, 0..0)
            }
        };
        Self { sign, text, path_end, old, new }
    }

    fn signed(&self) -> String {
        // A plain minus is what other programs read.
        let sign = if self.sign == Sign::Removed { "-" } else { self.sign.text() };
        format!("{sign} {}", self.text)
    }
}

/// Changes as rows of the text view.
#[derive(Debug)]
pub struct ChangeLines {
    changes: Changes,
    lines: Vec<ChangeLine>,
    columns: usize,
    /// For each row: the line, and the bytes of its text that are shown.
    rows: Vec<(u32, Range<u32>)>,
}

impl ChangeLines {
    /// Wraps changes to a width.
    pub fn new(changes: Changes, columns: usize) -> Self {
        let lines = changes.list.iter().map(ChangeLine::of).collect();
        let mut lines = Self { changes, lines, columns: 0, rows: Vec::new() };
        lines.fit(columns);
        lines
    }

    /// The changes.
    pub fn changes(&self) -> &Changes {
        &self.changes
    }

    /// The path of what changed on a line.
    pub fn path(&self, line: usize) -> Option<&JsonPath> {
        self.changes.list.get(line).map(|change| &change.path)
    }

    /// Wraps the lines to another width. Changes are limited in number, so this is done at once.
    pub fn fit(&mut self, columns: usize) {
        if columns == self.columns {
            return;
        }
        self.columns = columns;
        let width = columns.max(wrap::COLUMNS_MIN);
        let rows = self.lines.iter().enumerate().flat_map(|(number, line)| {
            wrap::rows(&line.text, width).map(move |part| (number as u32, part.start as u32..part.end as u32))
        });
        self.rows = rows.collect();
    }
}

/// The part of `range` that a row shows.
fn within(row: &TextRow<'_>, range: &Range<usize>) -> Option<Range<usize>> {
    let (from, to) = (range.start.max(row.start), range.end.min(row.start + row.text.len()));
    (from < to).then(|| from - row.start..to - row.start)
}

impl TextSource for ChangeLines {
    fn row_count(&self) -> u64 {
        self.rows.len() as u64
    }

    fn row(&self, row: u64) -> Option<TextRow<'_>> {
        let (number, part) = self.rows.get(row as usize)?;
        let line = self.lines.get(*number as usize)?;
        let (start, end) = (part.start as usize, part.end as usize);
        let text = Cow::Borrowed(line.text.get(start..end)?);
        let indent = if start > 0 { 2 } else { 0 };
        Some(TextRow { text, line: *number as usize, start, indent, last: end == line.text.len() })
    }

    fn colors(&self, row: &TextRow<'_>, t: &Tokens, add: &mut dyn FnMut(Range<usize>, Color32)) {
        let Some(line) = self.lines.get(row.line) else { return };
        // Lines on a colour of their own have none beside it.
        let is_plain = matches!(line.sign, Sign::Changed | Sign::Moved);
        if let Some(path) = within(row, &(0..line.path_end)).filter(|_| is_plain) {
            add(path, t.text_muted);
        }
    }

    fn background(&self, row: &TextRow<'_>, t: &Tokens) -> Option<Color32> {
        match self.lines.get(row.line)?.sign {
            Sign::Added => Some(t.diff_added),
            Sign::Removed => Some(t.diff_removed),
            Sign::Changed | Sign::Moved => None,
        }
    }

    fn emphasis(&self, row: &TextRow<'_>, t: &Tokens, add: &mut dyn FnMut(Range<usize>, Color32)) {
        let Some(line) = self.lines.get(row.line).filter(|line| line.sign == Sign::Changed) else { return };
        if let Some(old) = within(row, &line.old) {
            add(old, t.diff_removed);
        }
        if let Some(new) = within(row, &line.new) {
            add(new, t.diff_added);
        }
    }

    fn menu(&self, row: &TextRow<'_>, menu: &mut Menu<'_>) -> Option<Copied> {
        let l = language(menu.ui());
        menu.separator();
        let is_wanted = menu.item(&Item::new(icons::COPY, words::COPY_PATH.of(l)));
        let text = self.path(row.line).filter(|_| is_wanted)?.to_string();
        Some(Copied { text, cut: false })
    }

    fn end(&self) -> Spot {
        let line = self.lines.len().saturating_sub(1);
        Spot { line, byte: self.lines.last().map_or(0, |line| line.text.len()) }
    }

    fn copy(&self, from: Spot, to: Spot) -> Copied {
        let text = if from.line == to.line {
            let text = self.lines.get(from.line).and_then(|line| line.text.get(from.byte..to.byte));
            text.unwrap_or_default().to_owned()
        } else {
            let lines = self.lines.iter().take(to.line + 1).skip(from.line);
            lines.map(ChangeLine::signed).collect::<Vec<_>>().join("\n")
        };
        Copied { text, cut: false }
    }
}

/// Draws changes.
pub fn show(ui: &mut Ui, lines: &ChangeLines, state: &mut TextViewState) -> TextShown {
    let name = words::PAYLOAD_READOUT.of(language(ui));
    TextView { name, source: lines, gutter: GUTTER }.show(ui, state, |ui, row, place| {
        let Some(line) = lines.lines.get(row.line).filter(|_| row.start == 0) else { return };
        let t = tokens(ui);
        let at = pos2(place.rect.left() + GUTTER / 2.0, place.rect.center().y);
        ui.painter().text(at, Align2::CENTER_CENTER, line.sign.text(), theme::mono_font(), t.text);
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payload::diff::{DiffOptions, changes};
    use crate::payload::never;

    fn lines(old: &str, new: &str, columns: usize) -> ChangeLines {
        let found = changes(old.as_bytes(), new.as_bytes(), &DiffOptions::default(), &never, &never);
        ChangeLines::new(found.unwrap().unwrap(), columns)
    }

    #[test]
    fn a_change_is_a_line_with_what_was_and_what_is() {
        let lines =
            lines(r#"{"a":"on at 7","b":[1,2,3],"c":0}"#, r#"{"a":"on at 8","b":[3,1,2],"d":null}"#, 80);
        let texts: Vec<String> = lines.lines.iter().map(ChangeLine::signed).collect();
        assert_eq!(texts, ["~ a: \"on at 7\" → \"on at 8\"", "↕ b[0]: [2] → 3", "+ d: null", "- c: 0"]);
        let first = &lines.lines[0];
        assert_eq!((&first.text[first.old.clone()], &first.text[first.new.clone()]), ("7", "8"));
        assert_eq!(lines.path(1).unwrap().to_string(), "b[0]");
    }

    #[test]
    fn a_long_change_is_wrapped_and_copied_whole() {
        let lines = lines(r#"{"a":"some words"}"#, r#"{"a":"some other words than these"}"#, 24);
        assert!(lines.row_count() > 1);
        let copied = lines.copy(Spot::default(), lines.end());
        assert_eq!(copied.text, lines.lines[0].text);
        assert!(lines.row(lines.row_count()).is_none());
    }
}

//! Changes since the previous message: added and removed lines have a sign and a background, unchanged ones are folded.

use std::borrow::Cow;
use std::ops::Range;

use eframe::egui::{Align2, Color32, Ui, pos2};

use crate::panels::inspector::tree_view::GUTTER;
use crate::panels::token_colors::color_of;
use crate::payload::diff::{Basis, Diff, DiffLine, DiffRow, Sign};
use crate::payload::json::tokens_from;
use crate::ui::tokens::{Tokens, tokens};
use crate::ui::widgets::text_view::{
    Copied, Spot, TextRow, TextShown, TextSource, TextView, TextViewState, wrap,
};
use crate::ui::{language, theme};
use crate::words::{Language, inspector as words};

/// Columns per level of indentation.
const INDENT: usize = 2;

/// A comparison as rows of the text view.
#[derive(Debug)]
pub struct DiffLines {
    diff: Diff,
    columns: usize,
    /// Language of the rows that stand for unchanged lines.
    language: Language,
    /// For each row of the view: the row of the comparison, and the bytes of its text that are shown.
    rows: Vec<(u32, Range<u32>)>,
}

impl DiffLines {
    /// Wraps a comparison's lines to a width.
    pub fn new(diff: Diff, columns: usize) -> Self {
        let mut lines = Self { diff, columns: 0, language: Language::English, rows: Vec::new() };
        lines.fit(columns);
        lines
    }

    /// The comparison.
    pub fn diff(&self) -> &Diff {
        &self.diff
    }

    /// Wraps the lines to another width. A comparison is limited in length, so this is done at once.
    pub fn fit(&mut self, columns: usize) {
        if columns == self.columns {
            return;
        }
        self.columns = columns;
        self.rows.clear();
        for (number, row) in self.diff.rows.iter().enumerate() {
            match row {
                DiffRow::Unchanged(_) => self.rows.push((number as u32, 0..0)),
                DiffRow::Line(line) => {
                    let width = columns.saturating_sub(indent_of(line, columns)).max(wrap::COLUMNS_MIN);
                    let parts = wrap::rows(&line.text, width);
                    self.rows.extend(parts.map(|part| (number as u32, part.start as u32..part.end as u32)));
                }
            }
        }
    }

    /// Switches the language of the rows that stand for unchanged lines.
    pub fn speak(&mut self, language: Language) {
        self.language = language;
    }

    fn line(&self, row: &TextRow<'_>) -> Option<&DiffLine> {
        match self.diff.rows.get(row.line) {
            Some(DiffRow::Line(line)) => Some(line),
            _ => None,
        }
    }

    fn text(&self, number: usize) -> Option<Cow<'_, str>> {
        Some(match self.diff.rows.get(number)? {
            DiffRow::Line(line) => Cow::Borrowed(line.text.as_str()),
            DiffRow::Unchanged(count) => Cow::Owned(words::unchanged(*count as u64, self.language)),
        })
    }

    /// A line as copied, with its sign and indentation.
    fn signed(&self, number: usize) -> String {
        let text = self.text(number).unwrap_or_default();
        match self.diff.rows.get(number) {
            Some(DiffRow::Line(line)) => {
                let sign = if line.sign == Sign::Removed { '-' } else { sign_of(line.sign) };
                format!("{sign} {}{text}", " ".repeat(line.depth * INDENT))
            }
            _ => format!("  {text}"),
        }
    }
}

fn indent_of(line: &DiffLine, columns: usize) -> usize {
    (line.depth * INDENT).min(columns / 3)
}

fn sign_of(sign: Sign) -> char {
    match sign {
        Sign::Same => ' ',
        Sign::Added => '+',
        Sign::Removed => '−',
    }
}

impl TextSource for DiffLines {
    fn row_count(&self) -> u64 {
        self.rows.len() as u64
    }

    fn row(&self, row: u64) -> Option<TextRow<'_>> {
        let (number, part) = self.rows.get(row as usize)?;
        let text = self.text(*number as usize)?;
        let (start, end) = (part.start as usize, part.end as usize);
        let (indent, text, last) = match self.diff.rows.get(*number as usize)? {
            DiffRow::Unchanged(_) => (0, text, true),
            DiffRow::Line(line) => (
                indent_of(line, self.columns),
                Cow::Borrowed(line.text.get(start..end)?),
                end == line.text.len(),
            ),
        };
        Some(TextRow { text, line: *number as usize, start, indent, last })
    }

    fn colors(&self, row: &TextRow<'_>, t: &Tokens, add: &mut dyn FnMut(Range<usize>, Color32)) {
        match self.line(row) {
            None => add(0..row.text.len(), t.text_muted),
            // Changed lines already have a background colour.
            Some(line) if line.sign == Sign::Same && self.diff.basis == Basis::Json => {
                let shown = row.start..row.start + row.text.len();
                for (range, kind) in tokens_from(&line.text, line.state) {
                    let (from, to) = (range.start.max(shown.start), range.end.min(shown.end));
                    if from < to {
                        add(from - row.start..to - row.start, color_of(kind, t));
                    }
                }
            }
            Some(_) => {}
        }
    }

    fn background(&self, row: &TextRow<'_>, t: &Tokens) -> Option<Color32> {
        match self.line(row)?.sign {
            Sign::Same => None,
            Sign::Added => Some(t.diff_added),
            Sign::Removed => Some(t.diff_removed),
        }
    }

    fn emphasis(&self, row: &TextRow<'_>, t: &Tokens, add: &mut dyn FnMut(Range<usize>, Color32)) {
        let Some(line) = self.line(row) else { return };
        let color = if line.sign == Sign::Added { t.ok } else { t.error };
        let (from, to) =
            (line.emphasis.start.max(row.start), line.emphasis.end.min(row.start + row.text.len()));
        if from < to {
            add(from - row.start..to - row.start, color.gamma_multiply(0.25));
        }
    }

    fn end(&self) -> Spot {
        let last = self.diff.rows.len().saturating_sub(1);
        Spot { line: last, byte: self.text(last).map_or(0, |text| text.len()) }
    }

    fn copy(&self, from: Spot, to: Spot) -> Copied {
        if from.line == to.line {
            let text = self.text(from.line).unwrap_or_default();
            return Copied { text: text.get(from.byte..to.byte).unwrap_or_default().to_owned(), cut: false };
        }
        let lines: Vec<String> = (from.line..=to.line).map(|number| self.signed(number)).collect();
        Copied { text: lines.join("\n"), cut: false }
    }
}

/// Draws a comparison.
pub fn show(ui: &mut Ui, lines: &DiffLines, state: &mut TextViewState) -> TextShown {
    let name = words::PAYLOAD_READOUT.of(language(ui));
    TextView { name, source: lines, gutter: GUTTER }.show(ui, state, |ui, row, place| {
        let Some(line) = lines.line(row).filter(|line| line.sign != Sign::Same && row.start == 0) else {
            return;
        };
        let t = tokens(ui);
        let at = pos2(place.rect.left() + GUTTER / 2.0, place.rect.center().y);
        ui.painter().text(at, Align2::CENTER_CENTER, sign_of(line.sign), theme::mono_font(), t.text);
    })
}

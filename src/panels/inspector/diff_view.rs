//! The comparison of two messages, by values or by lines. By lines, added and removed ones have a sign and a background,
//! and unchanged ones are folded.

use std::borrow::Cow;
use std::ops::Range;

use eframe::egui::{self, Align, Align2, Color32, Layout, Sense, Ui, pos2, vec2};

use crate::panels::inspector::change_lines;
use crate::panels::inspector::comparison::{Compared, Comparison};
use crate::panels::inspector::content::{Content, PayloadView};
use crate::panels::inspector::payload_view::{columns_of, fault, said};
use crate::panels::inspector::tree_view::GUTTER;
use crate::panels::token_colors::color_of;
use crate::payload::diff::{Basis, Diff, DiffLine, DiffRow, NoChanges, Sign};
use crate::payload::json::tokens_from;
use crate::ui::tokens::{Tokens, size, tokens};
use crate::ui::widgets::segments::segments;
use crate::ui::widgets::text_view::{
    Copied, Spot, TextRow, TextShown, TextSource, TextView, TextViewState, wrap,
};
use crate::ui::{language, theme};
use crate::words::inspector::{self as words, PayloadRemark};
use crate::words::{Language, payload};

/// Height of the bar above a comparison.
const BAR_HEIGHT: f32 = 34.0;

/// How a comparison is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DiffAs {
    /// Value by value.
    #[default]
    Values,
    /// Line by line.
    Lines,
}

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

/// Draws a comparison, or why there is none. Values that cannot be compared are compared by lines.
pub fn show_comparison(
    ui: &mut Ui,
    content: &mut Content,
    diff_as: &mut DiffAs,
    of_values: &mut TextViewState,
    of_lines: &mut TextViewState,
) -> Option<TextShown> {
    let l = language(ui);
    let compared = match content.comparison_mut()? {
        Comparison::NothingBefore => {
            said(ui, words::NOTHING_BEFORE.of(l));
            return None;
        }
        Comparison::OtherGone => {
            said(ui, words::OTHER_GONE.of(l));
            return None;
        }
        Comparison::Fault(error) => {
            fault(ui, words::NOT_COMPARABLE.of(l), &payload::limit_error(*error, l));
            return None;
        }
        Comparison::Changes(compared) if compared.lines.diff().rows.is_empty() => {
            said(ui, words::BOTH_EMPTY.of(l));
            return None;
        }
        Comparison::Changes(compared) => compared,
    };
    if compared.values.is_ok() {
        bar(ui, diff_as);
    }
    let columns = columns_of(ui, PayloadView::Diff);
    match (&mut compared.values, *diff_as) {
        (Ok(changes), DiffAs::Values) if changes.changes().list.is_empty() => {
            said(ui, words::no_changes(compared.lines.diff().identical).of(l));
            None
        }
        (Ok(changes), DiffAs::Values) => {
            changes.fit(columns);
            Some(change_lines::show(ui, changes, of_values))
        }
        (Ok(_), DiffAs::Lines) | (Err(_), _) => {
            compared.lines.fit(columns);
            compared.lines.speak(l);
            Some(show(ui, &compared.lines, of_lines))
        }
    }
}

/// Draws the choice between values and lines.
fn bar(ui: &mut Ui, diff_as: &mut DiffAs) {
    let l = language(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), BAR_HEIGHT), Sense::hover());
    let builder = egui::UiBuilder::new()
        .scope_id(ui.scope_id().with("compare by"))
        .max_rect(rect.shrink2(vec2(size::PADDING, 0.0)))
        .layout(Layout::left_to_right(Align::Center));
    let mut inside = ui.new_child(builder);
    let choices = [(DiffAs::Values, words::BY_VALUES), (DiffAs::Lines, words::BY_LINES)];
    if let Some(chosen) = segments(&mut inside, words::COMPARE_BY.of(l), &choices, Some(*diff_as)) {
        *diff_as = chosen;
    }
}

/// What is to be said of a comparison.
pub fn remarks(compared: &Compared, diff_as: DiffAs, is_before: bool, l: Language) -> Vec<PayloadRemark> {
    let lines = |diff: &Diff| PayloadRemark::info(words::comparison(diff, is_before, l));
    match (&compared.values, diff_as) {
        (Ok(changes), DiffAs::Values) if changes.changes().list.is_empty() => Vec::new(),
        (Ok(changes), DiffAs::Values) => {
            vec![PayloadRemark::info(words::changes(changes.changes(), is_before, l))]
        }
        (Ok(_) | Err(NoChanges::NoValues), _) => vec![lines(compared.lines.diff())],
        (Err(why), _) => vec![words::by_lines_because(*why, l), lines(compared.lines.diff())],
    }
}

/// Draws a comparison by lines.
fn show(ui: &mut Ui, lines: &DiffLines, state: &mut TextViewState) -> TextShown {
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

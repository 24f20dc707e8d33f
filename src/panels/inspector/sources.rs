//! Payloads as rows of the text view: formatted JSON and text from a document, bytes as hexadecimal digits.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use eframe::egui::Color32;

use crate::panels::inspector::document_rows::DocumentRows;
use crate::panels::token_colors::color_of;
use crate::payload::document::{Document, DocumentKind, PIECE_BYTES};
use crate::payload::find::Occurrences;
use crate::payload::hex::{self, LINE_BYTES};
use crate::payload::json::{TokenKind, path_at_line};
use crate::ui::tokens::Tokens;
use crate::ui::widgets::context_menu::{Item, Menu};
use crate::ui::widgets::text_view::{Copied, Selection, Spot, TextRow, TextSource};
use crate::ui::{icons, language};
use crate::words::inspector as words;

/// The levels that the menu opens to.
const LEVELS: [usize; 3] = [1, 2, 3];

/// The most that can be copied from a view at once; larger amounts can be saved to a file.
const COPY_BYTES_MAX: usize = 64 << 20;

impl TextSource for DocumentRows {
    fn row_count(&self) -> u64 {
        DocumentRows::row_count(self) as u64
    }

    fn row(&self, row: u64) -> Option<TextRow<'_>> {
        let row = DocumentRows::row(self, row as usize)?;
        let ends_here = row.to == row.line.text.len();
        // Only a full piece can be followed by another.
        let goes_on = row.line.text.len() + 4 > PIECE_BYTES
            && self.document().line(row.line.index + 1).is_some_and(|next| next.continuation);
        Some(TextRow {
            text: Cow::Borrowed(&row.line.text[row.from..row.to]),
            line: row.line.index,
            start: row.from,
            indent: row.indent,
            last: ends_here && !goes_on,
        })
    }

    fn colors(&self, row: &TextRow<'_>, t: &Tokens, add: &mut dyn FnMut(Range<usize>, Color32)) {
        let document = self.document();
        let Some(line) = document.line(row.line) else { return };
        let shown = row.start..row.start + row.text.len();
        for (range, kind) in document.tokens(&line) {
            let (from, to) = (range.start.max(shown.start), range.end.min(shown.end));
            if from < to {
                add(from - row.start..to - row.start, color_of(kind, t));
            }
        }
    }

    fn background(&self, row: &TextRow<'_>, t: &Tokens) -> Option<Color32> {
        self.changes_at(row.line).map(|_| t.surface_3)
    }

    fn emphasis(&self, row: &TextRow<'_>, t: &Tokens, add: &mut dyn FnMut(Range<usize>, Color32)) {
        let Some(line) = self.marks().and_then(|_| self.document().line(row.line)) else { return };
        let start = self.document().range_of(&line).start + row.start;
        mark_found(self.marks(), start..start + row.text.len(), t, add);
    }

    fn menu(&self, row: &TextRow<'_>, menu: &mut Menu<'_>) -> Option<Copied> {
        let document = self.document();
        if document.kind() != DocumentKind::Json {
            return None;
        }
        let l = language(menu.ui());
        let line = document.line(row.line)?;
        let value = document.tokens(&line).filter(|(_, kind)| *kind != TokenKind::Punctuation).last();
        let is_scalar = value.as_ref().is_some_and(|(_, kind)| *kind != TokenKind::Key);
        let why_no_value = (!is_scalar || line.continuation).then_some(words::NO_SINGLE_VALUE.of(l));
        menu.separator();
        let mut copied = None;
        if menu.item(&Item::new(icons::COPY, words::COPY_VALUE.of(l)).unless(why_no_value)) {
            copied = value.and_then(|(range, _)| line.text.get(range)).map(str::to_owned);
        }
        if menu.item(&Item::new(icons::COPY, words::COPY_PATH.of(l))) {
            copied = path_at_line(document, row.line).map(|(path, _)| path.to_string());
        }
        let why = (!line.opens(document.kind())).then_some(words::NO_SUBTREE.of(l));
        if menu.item(&Item::new(icons::COPY, words::COPY_SUBTREE.of(l)).unless(why)) {
            copied = subtree(document, row.line);
        }
        if menu.item(&Item::new(icons::ROWS, words::AS_COLUMN.of(l)).unless(why_no_value)) {
            self.want_column(row.line);
        }
        menu.separator();
        if menu.item(&Item::new(icons::ARROWS_OUT_LINE_VERTICAL, words::OPEN_ALL.of(l))) {
            self.want_level(usize::MAX);
        }
        for level in LEVELS {
            if menu.item(&Item::new(icons::ARROWS_IN_LINE_VERTICAL, &words::open_to_level(level, l))) {
                self.want_level(level);
            }
        }
        menu.separator();
        if menu.item(&Item::new(icons::FLOPPY_DISK, words::EXPORT_SHAPE.of(l))) {
            self.want_shape();
        }
        Some(Copied { text: copied?, cut: false })
    }

    fn end(&self) -> Spot {
        let last = self.document().line_count().saturating_sub(1);
        Spot { line: last, byte: self.document().line(last).map_or(0, |line| line.text.len()) }
    }

    fn copy(&self, from: Spot, to: Spot) -> Copied {
        let document = self.document();
        let (Some(first), Some(last)) = (document.line(from.line), document.line(to.line)) else {
            return Copied::default();
        };
        if from.line == to.line {
            let text = first.text.get(from.byte..to.byte).unwrap_or_default().to_owned();
            return Copied { text, cut: false };
        }
        let (mut text, cut) = document.copy(from.line..to.line + 1, COPY_BYTES_MAX);
        if !cut {
            text.truncate(text.len() - (last.text.len() - to.byte.min(last.text.len())));
        }
        if from.byte > 0 {
            let indent = if first.continuation { 0 } else { first.indent_columns() };
            text.drain(..(indent + from.byte).min(text.len()));
        }
        Copied { text, cut }
    }
}

/// Marks the places in a row that a search found. The row stands at `row` in what was searched.
fn mark_found(
    found: Option<&Occurrences>,
    row: Range<usize>,
    t: &Tokens,
    add: &mut dyn FnMut(Range<usize>, Color32),
) {
    for place in found.into_iter().flat_map(|found| found.within(row.clone())) {
        let (from, to) = (place.start.max(row.start), place.end.min(row.end));
        add(from - row.start..to - row.start, t.highlight);
    }
}

/// An object or array with everything in it, as JSON, without its key and without the comma behind it.
fn subtree(document: &Document, line: usize) -> Option<String> {
    let first = document.line(line)?;
    let end = document.fold_end(line)?;
    let (mut text, is_cut) = document.copy(line..end + 1, COPY_BYTES_MAX);
    let key = document.tokens(&first).find(|(_, kind)| *kind == TokenKind::Key);
    // Key, colon, space.
    let before = first.indent_columns() + key.map_or(0, |(range, _)| range.end + 2);
    text.drain(..before.min(text.len()));
    if text.ends_with(',') {
        text.pop();
    }
    let indented = format!("\n{}", " ".repeat(first.indent_columns()));
    (!is_cut).then(|| text.replace(&indented, "\n"))
}

/// Bytes as rows of offset, digits and characters. Rows are made when they are drawn.
#[derive(Debug)]
pub struct HexRows {
    payload: Bytes,
    /// Bytes per row: 8 or 16.
    bytes_per_row: usize,
    /// How many digits the offset has.
    digits: usize,
    /// Places that a search found.
    marks: Option<Arc<Occurrences>>,
}

/// Separates offset, digits and characters.
const GAP: &str = "  ";

impl HexRows {
    /// Creates rows with as many bytes as fit in `columns`.
    pub fn new(payload: Bytes, columns: usize) -> Self {
        let digits = match payload.len() {
            0..=0xffff => 4,
            0x1_0000..=0xff_ffff => 6,
            _ => 8,
        };
        let needed = digits + 2 * GAP.len() + 3 * LINE_BYTES + LINE_BYTES;
        let bytes_per_row = if columns >= needed { LINE_BYTES } else { LINE_BYTES / 2 };
        Self { payload, bytes_per_row, digits, marks: None }
    }

    /// Marks what a search found.
    #[must_use]
    pub fn marking(self, marks: Option<&Arc<Occurrences>>) -> Self {
        Self { marks: marks.cloned(), ..self }
    }

    /// The digits of bytes, as a selection.
    pub fn selection_of(&self, bytes: &Range<usize>) -> Selection {
        let last = bytes.end.saturating_sub(1).max(bytes.start);
        Selection { anchor: self.spot(bytes.start, false), head: self.spot(last, true) }
    }

    /// The bytes that a selection covers; one if only a place was clicked.
    pub fn bytes_of(&self, selection: Selection) -> Range<usize> {
        let (first, last) = selection.ends();
        let last =
            if selection.is_empty() || last.byte == 0 { last } else { Spot { byte: last.byte - 1, ..last } };
        let (from, to) = (self.byte_at(first), self.byte_at(last).max(self.byte_at(first)));
        from..to + 1
    }

    /// The byte whose digits or whose sign stand at a place, or the nearest one.
    fn byte_at(&self, spot: Spot) -> usize {
        let row_start = spot.line * self.bytes_per_row;
        let length = self.payload.len().saturating_sub(row_start).clamp(1, self.bytes_per_row);
        let signs_at = self.digits + 2 * GAP.len() + self.hex_columns();
        let within = if spot.byte >= signs_at {
            let text = self.text(spot.line).unwrap_or_default();
            text.get(signs_at..spot.byte).map_or(0, |before| before.chars().count())
        } else {
            (0..length).rev().find(|byte| self.digits_at(*byte) <= spot.byte).unwrap_or(0)
        };
        row_start + within.min(length - 1)
    }

    /// The row that shows a byte.
    pub fn row_of(&self, byte: usize) -> u64 {
        (byte / self.bytes_per_row) as u64
    }

    fn spot(&self, byte: usize, behind: bool) -> Spot {
        let at = self.digits_at(byte % self.bytes_per_row) + if behind { 2 } else { 0 };
        Spot { line: byte / self.bytes_per_row, byte: at }
    }

    /// Columns before the digits of a byte of a row.
    fn digits_at(&self, byte: usize) -> usize {
        // Two spaces part the halves of a full row.
        let gap = usize::from(self.bytes_per_row == LINE_BYTES && byte >= LINE_BYTES / 2);
        self.digits + GAP.len() + 3 * byte + gap
    }

    /// How many columns the digits of a full row take.
    fn hex_columns(&self) -> usize {
        if self.bytes_per_row == LINE_BYTES { 3 * LINE_BYTES } else { 3 * self.bytes_per_row - 1 }
    }

    fn text(&self, row: usize) -> Option<String> {
        let halves = LINE_BYTES / self.bytes_per_row;
        let whole = hex::line(&self.payload, row / halves)?;
        let (digits, ascii) = if halves == 1 {
            (whole.digits.as_str(), whole.ascii.clone())
        } else if row.is_multiple_of(2) {
            (whole.digits.split(GAP).next()?, whole.ascii.chars().take(self.bytes_per_row).collect())
        } else {
            (whole.digits.split(GAP).nth(1)?, whole.ascii.chars().skip(self.bytes_per_row).collect())
        };
        let offset = row * self.bytes_per_row;
        let (width, columns) = (self.digits, self.hex_columns());
        Some(format!("{offset:0width$x}{GAP}{digits:columns$}{GAP}{ascii}"))
    }
}

impl TextSource for HexRows {
    fn row_count(&self) -> u64 {
        self.payload.len().div_ceil(self.bytes_per_row) as u64
    }

    fn row(&self, row: u64) -> Option<TextRow<'_>> {
        let text = self.text(row as usize)?;
        Some(TextRow { text: Cow::Owned(text), line: row as usize, start: 0, indent: 0, last: true })
    }

    fn colors(&self, row: &TextRow<'_>, t: &Tokens, add: &mut dyn FnMut(Range<usize>, Color32)) {
        add(0..self.digits, t.text_muted);
        let from = self.digits + GAP.len();
        let to = from + self.hex_columns();
        // Zeros are the most common bytes and the least interesting.
        let mut at = from;
        while let Some(pair) = row.text.get(at..at + 2).filter(|_| at < to) {
            if pair == "00" {
                add(at..at + 2, t.text_muted);
            }
            at += if pair == GAP || row.text.as_bytes().get(at) == Some(&b' ') { 1 } else { 3 };
        }
        add(to..row.text.len(), t.text_muted);
    }

    fn emphasis(&self, row: &TextRow<'_>, t: &Tokens, add: &mut dyn FnMut(Range<usize>, Color32)) {
        let start = row.line * self.bytes_per_row;
        let end = self.payload.len().min(start + self.bytes_per_row);
        mark_found(self.marks.as_deref(), start..end, t, &mut |bytes, color| {
            let (first, last) = (bytes.start, bytes.end.saturating_sub(1));
            add(self.digits_at(first)..self.digits_at(last) + 2, color);
            let characters = self.digits + 2 * GAP.len() + self.hex_columns();
            // A sign for a byte is one character, though not always one byte.
            let column = |at: usize| {
                let text = row.text.get(characters..).unwrap_or_default();
                characters + text.char_indices().nth(at).map_or(text.len(), |(at, _)| at)
            };
            add(column(first)..column(last + 1), color);
        });
    }

    fn end(&self) -> Spot {
        let last = (self.row_count() as usize).saturating_sub(1);
        Spot { line: last, byte: self.text(last).map_or(0, |text| text.len()) }
    }

    fn copy(&self, from: Spot, to: Spot) -> Copied {
        let mut text = String::new();
        for line in from.line..=to.line {
            let Some(row) = self.text(line) else { break };
            if text.len() > COPY_BYTES_MAX {
                return Copied { text, cut: true };
            }
            let start = if line == from.line { from.byte } else { 0 };
            let end = if line == to.line { to.byte } else { row.len() };
            text.push_str(row.get(start..end.min(row.len())).unwrap_or_default());
            if line < to.line {
                text.push('\n');
            }
        }
        Copied { text, cut: false }
    }
}

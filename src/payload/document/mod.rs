//! A long text as lines that can be drawn one by one, wherever the view stands.
//!
//! A document is made once per payload, above 64 KiB by a job. The view then reads the few dozen lines that show. A
//! line longer than [`PIECE_BYTES`] comes in pieces, so nothing long ever reaches a widget. The text is held once; the
//! index beside it costs a third of a byte per line.

mod fold;
mod index;
mod spans;
mod text;

use std::ops::Range;
use std::sync::atomic::AtomicUsize;

pub use fold::{Fold, Folds};
pub use index::{Line, Lines, PIECE_BYTES};
pub use spans::{SPANS_MAX, Span};

use crate::payload::document::index::LineIndex;
use crate::payload::document::spans::Spans;
use crate::payload::find::{Needle, Occurrences};
use crate::payload::json::{JsonTokens, SyntaxError, tokens_from};
use crate::payload::{CancelCheck, DecodeLimits, LimitError, TooLarge};

/// What the lines of a document are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DocumentKind {
    /// Formatted JSON: lines have an indentation, fold and have paths.
    Json,
    /// Text as sent.
    Text,
}

/// What a person should know about a document beside its lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Notes {
    /// JSON: values at the top; more than one where a payload holds several in a row.
    pub json_values: usize,
    /// Text: bytes that are not UTF-8, shown as U+FFFD.
    pub invalid_bytes: usize,
    /// Text: invisible and bidirectional characters, shown as symbols (`␀`, `<U+202E>`).
    pub control_characters: usize,
    /// Text: lines that end with carriage return and line feed; the return is not shown.
    pub crlf_lines: usize,
    /// Text that begins like JSON: where and why it is not.
    pub json_fault: Option<SyntaxError>,
}

/// Lines of text with an index. Immutable; share it as an `Arc`.
#[derive(Debug)]
pub struct Document {
    text: String,
    kind: DocumentKind,
    notes: Notes,
    index: LineIndex,
    spans: Spans,
}

impl Document {
    /// The document of a text payload. Invisible characters become symbols and bytes that are not UTF-8 are replaced;
    /// both are counted.
    pub fn from_text(
        payload: &[u8],
        limits: &DecodeLimits,
        cancel: CancelCheck<'_>,
    ) -> Result<Self, LimitError> {
        let (text, notes) = text::readable(payload, limits, cancel)?;
        Self::new(text, DocumentKind::Text, notes, cancel)
    }

    /// The document of formatted JSON without indentation, as `json::pretty` writes it.
    pub(super) fn from_json_lines(
        text: String,
        values: usize,
        cancel: CancelCheck<'_>,
    ) -> Result<Self, LimitError> {
        Self::new(text, DocumentKind::Json, Notes { json_values: values, ..Notes::default() }, cancel)
    }

    fn new(
        text: String,
        kind: DocumentKind,
        notes: Notes,
        cancel: CancelCheck<'_>,
    ) -> Result<Self, LimitError> {
        if u32::try_from(text.len()).is_err() {
            return Err(LimitError::TooLarge { what: TooLarge::Text, bytes_max: u32::MAX as usize });
        }
        let index = LineIndex::build(&text, kind, cancel).ok_or(LimitError::Cancelled)?;
        Ok(Self { text, kind, notes, index, spans: Spans::default() })
    }

    /// What the lines are.
    pub fn kind(&self) -> DocumentKind {
        self.kind
    }

    /// What was replaced or counted.
    pub fn notes(&self) -> Notes {
        self.notes
    }

    pub(super) fn set_json_fault(&mut self, fault: Option<SyntaxError>) {
        self.notes.json_fault = fault;
    }

    /// Keeps which bytes of the payload the values come from. `written` is the same JSON without line breaks, to which
    /// the places of `spans` belong.
    pub(super) fn set_spans(&mut self, written: &str, spans: Vec<(usize, Span)>) {
        self.spans = Spans::place(self, written, spans);
    }

    pub(super) fn forget_spans(&mut self) {
        self.spans = Spans::default();
    }

    /// Whether it is known which bytes of the payload the values come from.
    pub fn has_spans(&self) -> bool {
        !self.spans.is_empty()
    }

    /// The bytes of the payload that the value of a line was read from; `None` if that is not known.
    pub fn bytes_of(&self, line: usize) -> Option<Range<usize>> {
        self.spans.of_line(line)
    }

    /// The line of the innermost value that was read from a byte of the payload, or from around it.
    pub fn line_of_byte(&self, byte: usize) -> Option<usize> {
        self.spans.line_of(byte)
    }

    /// What the stretches of a line are, for its colours. None in text.
    pub fn tokens<'a>(&self, line: &Line<'a>) -> JsonTokens<'a> {
        match self.kind {
            DocumentKind::Json => tokens_from(line.text, line.state),
            DocumentKind::Text => JsonTokens::none(),
        }
    }

    /// Lines to draw, pieces of long lines included. At least one.
    pub fn line_count(&self) -> usize {
        self.index.lines()
    }

    /// Lines of the text itself, which is also the last line number.
    pub fn text_line_count(&self) -> usize {
        self.index.text_lines()
    }

    /// One line to draw. For several in a row, [`Document::lines`] is cheaper.
    pub fn line(&self, line: usize) -> Option<Line<'_>> {
        self.lines(line..line.saturating_add(1)).next()
    }

    /// Lines to draw, in order. Beyond the end there are none.
    pub fn lines(&self, lines: Range<usize>) -> Lines<'_> {
        self.index.lines_in(&self.text, self.kind, lines)
    }

    /// The text of `lines` with its indentation, for the clipboard, and whether it was cut off at `bytes_max`.
    pub fn copy(&self, lines: Range<usize>, bytes_max: usize) -> (String, bool) {
        let mut out = String::new();
        for (count, line) in self.lines(lines).enumerate() {
            let indent = if line.continuation { 0 } else { line.indent_columns() };
            let line_break = if count > 0 && !line.continuation { "\n" } else { "" };
            if out.len() + line_break.len() + indent + line.text.len() > bytes_max {
                return (out, true);
            }
            out.push_str(line_break);
            out.extend(std::iter::repeat_n(' ', indent));
            out.push_str(line.text);
        }
        (out, false)
    }

    /// Bytes of the whole text; of JSON without its indentation.
    pub fn text_bytes(&self) -> usize {
        self.text.len()
    }

    /// Finds a needle in the whole text; see [`Occurrences::find`].
    pub fn find(
        &self,
        needle: &Needle,
        passed: &AtomicUsize,
        cancel: CancelCheck<'_>,
    ) -> Option<Occurrences> {
        Occurrences::find(self.text.as_bytes(), needle, passed, cancel)
    }

    /// The line to draw that holds the byte at `offset` of the text, and how many bytes of the line stand before it.
    pub fn place_of(&self, offset: usize) -> (usize, usize) {
        let line = self.line_at(offset);
        let (start, length) = self.line(line).map_or((0, 0), |line| (line.offset, line.text.len()));
        (line, offset.saturating_sub(start).min(length))
    }

    /// Where the text of a line stands in the whole text.
    pub fn range_of(&self, line: &Line<'_>) -> Range<usize> {
        line.offset..line.offset + line.text.len()
    }

    /// The whole text; JSON without its indentation.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The line to draw that holds the byte at `offset` of the text.
    pub(super) fn line_at(&self, offset: usize) -> usize {
        self.index.line_at(&self.text, self.kind, offset)
    }

    pub(super) fn index(&self) -> &LineIndex {
        &self.index
    }

    /// Bytes on the heap.
    pub fn heap_bytes(&self) -> usize {
        self.text.capacity() + self.index.heap_bytes() + self.spans.heap_bytes()
    }
}

#[cfg(test)]
mod tests;

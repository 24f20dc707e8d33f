//! Which bytes of a payload the values of a document were read from.

use std::ops::Range;

use crate::payload::document::Document;

/// The most values whose bytes are remembered: 16 MiB of them. A document with more has no spans.
pub const SPANS_MAX: usize = 1 << 20;

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// The byte at which its key begins, or itself if it has none.
    pub key_from: usize,
    /// Its own bytes.
    pub bytes: Range<usize>,
}

/// The span of the value that begins on a line.
#[derive(Clone, Copy, Debug)]
struct LineSpan {
    line: u32,
    key_from: u32,
    start: u32,
    end: u32,
}

/// The spans of a document, by line.
#[derive(Debug, Default)]
pub(super) struct Spans(Vec<LineSpan>);

impl Spans {
    /// Finds the line of each span. A document has the tokens of `written` in the same order, with line breaks and
    /// spaces between them, so one walk through both finds all.
    pub fn place(document: &Document, written: &str, spans: Vec<(usize, Span)>) -> Self {
        let (written, text) = (written.as_bytes(), document.text().as_bytes());
        let (mut from, mut to) = (0, 0);
        let mut placed: Vec<LineSpan> = Vec::with_capacity(spans.len());
        for (at, Span { key_from, bytes }) in spans {
            while from < at {
                match (written.get(from), text.get(to)) {
                    (Some(this), Some(that)) => {
                        from += usize::from(this == that);
                        to += 1;
                    }
                    _ => return Self::default(),
                }
            }
            // The space or break before the value belongs to the layout.
            while text.get(to).is_some_and(|byte| Some(byte) != written.get(at)) {
                to += 1;
            }
            let line = document.line_at(to);
            let known = [line, key_from, bytes.start, bytes.end].map(u32::try_from);
            let [Ok(line), Ok(key_from), Ok(start), Ok(end)] = known else { return Self::default() };
            // Two values on a line are one inside the other, and the outer one stands for both.
            if placed.last().is_none_or(|last| last.line < line) {
                placed.push(LineSpan { line, key_from, start, end });
            }
        }
        Self(placed)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn heap_bytes(&self) -> usize {
        self.0.capacity() * size_of::<LineSpan>()
    }

    pub fn of_line(&self, line: usize) -> Option<Range<usize>> {
        let found = self.0.binary_search_by_key(&line, |span| span.line as usize).ok()?;
        let span = self.0.get(found)?;
        Some(span.start as usize..span.end as usize)
    }

    /// The shortest span around a byte, with its key. Fields may stand in another order than they came in, so all are
    /// looked at: a person asks once a click.
    pub fn line_of(&self, byte: usize) -> Option<usize> {
        let around = |span: &&LineSpan| (span.key_from as usize..span.end as usize).contains(&byte);
        let innermost =
            self.0.iter().filter(around).min_by_key(|span| (span.end - span.key_from, span.line))?;
        Some(innermost.line as usize)
    }
}

//! What changed between two payloads: value by value ([`changes`]), or line by line ([`diff`]).
//!
//! JSON is compared as it is shown, so a payload that was only written differently has no changes. Text is compared by
//! lines, anything else by rows of 16 bytes. What both sides share at the start and at the end is skipped at the speed
//! of memory, so a small change in a large payload is found exactly. Only the part between is searched, up to a limit
//! that the result names.

mod lines;
mod side;
mod values;

use std::ops::Range;
use std::time::Duration;

use similar::{DiffOp, TextDiff};

pub use values::{Change, ChangeKind, ChangedParts, Changes, NoChanges, changes};

use crate::payload::decode::{Format, detect};
use crate::payload::diff::lines::DiffBuilder;
use crate::payload::diff::side::{DiffPiece, DiffSide, SharedEnds};
use crate::payload::document::Document;
use crate::payload::json::{self, JsonError, LineState};
use crate::payload::{CancelCheck, DecodeLimits, LimitError};

/// How far a comparison goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DiffOptions {
    /// Unchanged lines that stay around a change.
    pub context_lines: usize,
    /// Bytes of each side that are searched, counted from the first difference.
    pub search_bytes_max: usize,
    /// After this time the rest counts as changed: correct, but perhaps longer than necessary.
    pub search_time_max: Duration,
    /// Limits of each payload.
    pub limits: DecodeLimits,
}

impl Default for DiffOptions {
    fn default() -> Self {
        Self {
            context_lines: 3,
            search_bytes_max: 256 * 1024,
            search_time_max: Duration::from_millis(200),
            limits: DecodeLimits::default(),
        }
    }
}

/// What the lines of a comparison are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// Lines of formatted JSON. A comma at the end of a line does not count.
    Json,
    /// Lines of text.
    Text,
    /// Rows of 16 bytes: digits, two spaces, characters.
    Hex,
}

/// Which side a line is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// On both.
    Same,
    /// On the new one.
    Added,
    /// On the old one.
    Removed,
}

/// A line of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiffLine {
    /// Which side it is on.
    pub sign: Sign,
    /// Line number in the old payload, from 1.
    pub old: Option<usize>,
    /// Line number in the new payload, from 1.
    pub new: Option<usize>,
    /// Levels of indentation.
    pub depth: usize,
    /// At most `document::PIECE_BYTES` bytes.
    pub text: String,
    /// How the tokens of the text begin, for JSON.
    pub state: LineState,
    /// The bytes of the text that differ from the line it was compared with; empty if all of it does, or nothing.
    pub emphasis: Range<usize>,
}

/// A row to draw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DiffRow {
    /// A line.
    Line(DiffLine),
    /// As many lines that are the same on both sides: "… n lines".
    Unchanged(usize),
}

/// What changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diff {
    /// What the lines are.
    pub basis: Basis,
    /// Rows to draw, in order.
    pub rows: Vec<DiffRow>,
    /// Lines that are only in the new payload.
    pub added: usize,
    /// Lines that are only in the old payload.
    pub removed: usize,
    /// The payloads are equal, byte by byte. Without changes and not identical: only spacing or line ends differ.
    pub identical: bool,
    /// Lines of the old and the new payload after the last row that were not compared, where the difference was
    /// too large.
    pub not_compared: Option<(usize, usize)>,
}

/// Compares two payloads.
pub fn diff(
    old: &[u8],
    new: &[u8],
    options: &DiffOptions,
    cancel: CancelCheck<'_>,
) -> Result<Diff, LimitError> {
    let (basis, old_side, new_side) = sides(old, new, options, cancel)?;
    let shared = SharedEnds::of(&old_side, &new_side);
    let old_middle = shared.head..old_side.line_count() - shared.tail;
    let new_middle = shared.head..new_side.line_count() - shared.tail;
    let old_pieces = old_side.pieces(old_middle.clone(), options.search_bytes_max);
    let new_pieces = new_side.pieces(new_middle.clone(), options.search_bytes_max);
    let left = (old_middle.len() - old_pieces.len(), new_middle.len() - new_pieces.len());
    let not_compared = (left != (0, 0)).then_some(left);
    if cancel() {
        return Err(LimitError::Cancelled);
    }

    let ops = search(basis, &old_pieces, &new_pieces, options.search_time_max);
    // Of the shared lines, those that may be context; the others are only counted.
    let context = options.context_lines.saturating_add(1);
    let head = shared.head.saturating_sub(context)..shared.head;
    let tail = if not_compared.is_some() { 0 } else { shared.tail };
    let near = tail.min(context);
    let mut lines = DiffBuilder::default();
    lines.same(old_side.pieces(head.clone(), usize::MAX), new_side.pieces(head.clone(), usize::MAX));
    lines.changes(&ops, &old_pieces, &new_pieces);
    lines.same(
        old_side.pieces(old_middle.end..old_middle.end + near, usize::MAX),
        new_side.pieces(new_middle.end..new_middle.end + near, usize::MAX),
    );
    let (added, removed) = (lines.count(Sign::Added), lines.count(Sign::Removed));
    let rows = lines.into_rows(head.start, tail - near, options.context_lines);
    Ok(Diff { basis, rows, added, removed, identical: old == new, not_compared })
}

fn sides<'a>(
    old: &'a [u8],
    new: &'a [u8],
    options: &DiffOptions,
    cancel: CancelCheck<'_>,
) -> Result<(Basis, DiffSide<'a>, DiffSide<'a>), LimitError> {
    let formats = [detect(old), detect(new)];
    let all = |wanted: &[Format]| formats.iter().flatten().all(|format| wanted.contains(format));
    if all(&[Format::Json]) {
        let pretty = |payload: &[u8]| match json::pretty(payload, &options.limits, cancel) {
            Ok(document) => Ok(Some(DiffSide::Lines(document))),
            Err(JsonError::Limit(LimitError::Cancelled)) => Err(LimitError::Cancelled),
            Err(_) if payload.is_empty() => Ok(Some(DiffSide::Nothing)),
            Err(_) => Ok(None), // it breaks off later on, so it is text
        };
        if let (Some(old), Some(new)) = (pretty(old)?, pretty(new)?) {
            return Ok((Basis::Json, old, new));
        }
    }
    if all(&[Format::Json, Format::Text]) {
        let text = |payload: &[u8]| match payload {
            [] => Ok(DiffSide::Nothing),
            _ => Document::from_text(payload, &options.limits, cancel).map(DiffSide::Lines),
        };
        return Ok((Basis::Text, text(old)?, text(new)?));
    }
    Ok((Basis::Hex, DiffSide::Bytes(old), DiffSide::Bytes(new)))
}

/// The shortest way from the old lines to the new ones, as far as there is time for it.
fn search(basis: Basis, old: &[DiffPiece], new: &[DiffPiece], time_max: Duration) -> Vec<DiffOp> {
    let key = |piece: &DiffPiece| {
        let text = match basis {
            Basis::Json => piece.text.strip_suffix(',').unwrap_or(&piece.text),
            Basis::Text | Basis::Hex => &piece.text,
        };
        // The same text at another depth is another line.
        format!("{} {text}", piece.depth)
    };
    let (old, new): (Vec<_>, Vec<_>) = (old.iter().map(key).collect(), new.iter().map(key).collect());
    let old: Vec<&str> = old.iter().map(String::as_str).collect();
    let new: Vec<&str> = new.iter().map(String::as_str).collect();
    TextDiff::configure().timeout(time_max).diff_slices(&old, &new).ops().to_vec()
}

#[cfg(test)]
mod tests;

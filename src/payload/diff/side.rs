//! One payload as lines, and what two payloads share at both ends.

use std::ops::Range;

use crate::payload::document::Document;
use crate::payload::hex;
use crate::payload::json::LineState;

/// One payload as lines.
pub(super) enum DiffSide<'a> {
    Lines(Document),
    Bytes(&'a [u8]),
    Nothing,
}

/// A line of one payload.
#[derive(Clone, Debug)]
pub(super) struct DiffPiece {
    pub number: usize,
    pub depth: usize,
    pub text: String,
    pub state: LineState,
}

impl DiffSide<'_> {
    pub fn line_count(&self) -> usize {
        match self {
            Self::Lines(document) => document.line_count(),
            Self::Bytes(bytes) => hex::line_count(bytes),
            Self::Nothing => 0,
        }
    }

    fn bytes(&self) -> &[u8] {
        match self {
            Self::Lines(document) => document.text().as_bytes(),
            Self::Bytes(bytes) => bytes,
            Self::Nothing => &[],
        }
    }

    /// The line that holds the byte at `offset`.
    fn line_at(&self, offset: usize) -> usize {
        match self {
            Self::Lines(document) => document.line_at(offset),
            Self::Bytes(_) => offset / hex::LINE_BYTES,
            Self::Nothing => 0,
        }
    }

    /// Lines that lie whole within the last `shared` bytes, which the other side has as well.
    fn lines_in_tail(&self, shared: usize) -> usize {
        let bytes = self.bytes();
        match self {
            Self::Lines(document) => {
                let start = bytes.len() - shared;
                let line_start = match start.checked_sub(1).and_then(|before| bytes.get(before)) {
                    None | Some(b'\n') => start, // the tail begins with a line
                    _ => match memchr::memchr(b'\n', &bytes[start..]) {
                        Some(found) => start + found + 1,
                        None => return 0,
                    },
                };
                document.line_count() - document.line_at(line_start)
            }
            // The last row may be short; its length is the same on both sides, or none is shared.
            Self::Bytes(_) => {
                let last = bytes.len() % hex::LINE_BYTES;
                let short = usize::from(last > 0);
                shared.checked_sub(last).map_or(0, |rest| rest / hex::LINE_BYTES + short)
            }
            Self::Nothing => 0,
        }
    }

    /// The lines `range`, as far as they stay within `bytes_max`; the first one always.
    pub fn pieces(&self, range: Range<usize>, bytes_max: usize) -> Vec<DiffPiece> {
        let mut bytes = 0;
        let fits = |piece: &DiffPiece| {
            let first = bytes == 0;
            bytes += piece.text.len() + 1;
            first || bytes <= bytes_max
        };
        match self {
            Self::Lines(document) => document
                .lines(range)
                .map(|line| DiffPiece {
                    number: line.number,
                    depth: line.depth,
                    text: line.text.to_owned(),
                    state: line.state,
                })
                .take_while(fits)
                .collect(),
            Self::Bytes(payload) => range.map_while(|row| hex_piece(payload, row)).take_while(fits).collect(),
            Self::Nothing => Vec::new(),
        }
    }
}

fn hex_piece(payload: &[u8], row: usize) -> Option<DiffPiece> {
    /// Columns of the digits of a full row.
    const DIGITS: usize = hex::LINE_BYTES * 3;
    let line = hex::line(payload, row)?;
    let text = format!("{:DIGITS$}  {}", line.digits, line.ascii);
    Some(DiffPiece { number: row + 1, depth: 0, text, state: LineState::Outside })
}

/// How many lines both sides have in common at the start and at the end.
pub(super) struct SharedEnds {
    pub head: usize,
    pub tail: usize,
}

impl SharedEnds {
    pub fn of(old: &DiffSide<'_>, new: &DiffSide<'_>) -> Self {
        let (a, b) = (old.bytes(), new.bytes());
        let shortest = a.len().min(b.len());
        let lines_max = old.line_count().min(new.line_count());
        let prefix = common_prefix(a, b);
        if prefix == shortest && a.len() == b.len() {
            return Self { head: lines_max, tail: 0 };
        }
        // The line in which they part is not shared, even if one side ends there.
        let head = old.line_at(prefix).min(new.line_at(prefix)).min(lines_max);
        let tail = match (old, new) {
            (DiffSide::Bytes(_), _) if a.len() % hex::LINE_BYTES != b.len() % hex::LINE_BYTES => 0,
            _ => {
                let suffix = common_suffix(&a[prefix..], &b[prefix..]);
                old.lines_in_tail(suffix).min(new.lines_in_tail(suffix))
            }
        };
        Self { head, tail: tail.min(lines_max - head) }
    }
}

fn common_prefix(a: &[u8], b: &[u8]) -> usize {
    const STEP: usize = 4096;
    let steps = a.chunks_exact(STEP).zip(b.chunks_exact(STEP)).take_while(|(a, b)| a == b).count() * STEP;
    steps + a[steps..].iter().zip(&b[steps..]).take_while(|(a, b)| a == b).count()
}

fn common_suffix(a: &[u8], b: &[u8]) -> usize {
    const STEP: usize = 4096;
    let steps = a.rchunks_exact(STEP).zip(b.rchunks_exact(STEP)).take_while(|(a, b)| a == b).count() * STEP;
    let (a, b) = (&a[..a.len() - steps], &b[..b.len() - steps]);
    steps + a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count()
}

//! Finds lines in a text: a checkpoint for every 64 lines, and a walk from there.
//!
//! Drawing line 5,000,000 jumps to a checkpoint and passes at most 63 lines. Folding skips the blocks that lie
//! deeper than the line that closes; a path to a line starts at the nearest snapshot of what is open.

use std::ops::Range;

use crate::payload::CancelCheck;
use crate::payload::document::DocumentKind;
use crate::payload::json::{LineState, state_after};
use crate::payload::limits::CANCEL_EVERY_BYTES;

/// The most bytes of a line to draw; a longer line comes in pieces of this size, cut between characters.
pub const PIECE_BYTES: usize = 2_000;

/// Columns of a level of indentation.
const INDENT: usize = 2;

const BLOCK_LINES: usize = 64;

/// Text between two snapshots, at least; walking it takes about a millisecond.
const SNAPSHOT_BYTES: usize = 1 << 20;

/// A line to draw, or a piece of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// Place among the lines to draw, from 0.
    pub index: usize,
    /// Place among the lines of the text, from 1; the same for all pieces of a line.
    pub number: usize,
    /// Levels of indentation; see [`Line::indent_columns`].
    pub depth: usize,
    /// At most [`PIECE_BYTES`], without line break and indentation.
    pub text: &'a str,
    /// A further piece of the line before it.
    pub continuation: bool,
    /// How the tokens of this piece begin (`json::tokens_from`).
    pub state: LineState,
    /// Bytes of the text before `text`.
    pub(in crate::payload) offset: usize,
    /// Bytes of the text before the line whose piece this is.
    pub(in crate::payload) first_offset: usize,
    /// Nothing of the line follows this piece.
    pub(in crate::payload) last_piece: bool,
}

impl Line<'_> {
    /// Spaces before the text. The caller may draw fewer for very deep lines.
    pub fn indent_columns(&self) -> usize {
        self.depth * INDENT
    }

    /// An object or array opens at the end of this line.
    pub fn opens(&self, kind: DocumentKind) -> bool {
        kind == DocumentKind::Json && self.last_piece && self.text.ends_with(['{', '['])
    }

    /// An object or array closes at the start of this line.
    pub fn closes(&self, kind: DocumentKind) -> bool {
        kind == DocumentKind::Json && !self.continuation && self.text.starts_with(['}', ']'])
    }
}

/// The state at the beginning of a line, from which reading can go on.
#[derive(Clone, Copy, Debug)]
struct Checkpoint {
    offset: u32,
    first_offset: u32,
    /// Number of the line, from 1.
    number: u32,
    /// Objects and arrays that are open before the line.
    open: u32,
    state: LineState,
    continuation: bool,
}

#[derive(Debug)]
struct LineBlock {
    first: Checkpoint,
    /// The smallest depth of a line in this block.
    depth_min: u32,
}

/// An object or array that is open.
#[derive(Clone, Copy, Debug)]
pub(in crate::payload) struct OpenContainer {
    /// Where the line begins that opened it; its key, if any, stands there.
    pub opener: u32,
    /// Items begun in it so far.
    pub items: u32,
    /// An object, not an array.
    pub object: bool,
}

/// The objects and arrays that are open before `line`.
#[derive(Debug)]
struct OpenAt {
    line: u32,
    open: Box<[OpenContainer]>,
}

/// The lines of a text.
#[derive(Debug)]
pub(in crate::payload) struct LineIndex {
    blocks: Vec<LineBlock>,
    snapshots: Vec<OpenAt>,
    lines: usize,
    text_lines: usize,
}

impl LineIndex {
    /// `None` if cancelled.
    pub fn build(text: &str, kind: DocumentKind, cancel: CancelCheck<'_>) -> Option<Self> {
        let mut index = Self { blocks: Vec::new(), snapshots: Vec::new(), lines: 0, text_lines: 0 };
        let mut lines = Lines::start(text, kind);
        let mut frames = OpenContainers::default();
        let (mut look_at, mut snapshot_at) = (CANCEL_EVERY_BYTES, SNAPSHOT_BYTES);
        loop {
            let checkpoint = lines.checkpoint();
            if kind == DocumentKind::Json && !lines.continuation && lines.offset >= snapshot_at {
                index
                    .snapshots
                    .push(OpenAt { line: lines.index as u32, open: frames.open.as_slice().into() });
                // A snapshot of very deep text may not cost more than the text that it saves walking.
                snapshot_at = lines.offset + SNAPSHOT_BYTES + 64 * frames.open.len();
            }
            let Some(line) = lines.next() else { break };
            if line.index.is_multiple_of(BLOCK_LINES) {
                index.blocks.push(LineBlock { first: checkpoint, depth_min: u32::MAX });
            }
            if let Some(block) = index.blocks.last_mut() {
                block.depth_min = block.depth_min.min(line.depth as u32);
            }
            if kind == DocumentKind::Json {
                frames.pass(&line);
            }
            index.lines = line.index + 1;
            index.text_lines = line.number;
            if line.offset >= look_at {
                look_at = line.offset + CANCEL_EVERY_BYTES;
                if cancel() {
                    return None;
                }
            }
        }
        index.blocks.shrink_to_fit();
        Some(index)
    }

    pub fn lines(&self) -> usize {
        self.lines
    }

    pub fn text_lines(&self) -> usize {
        self.text_lines
    }

    pub fn lines_in<'a>(&self, text: &'a str, kind: DocumentKind, range: Range<usize>) -> Lines<'a> {
        let block = range.start / BLOCK_LINES;
        let Some(LineBlock { first, .. }) = self.blocks.get(block).filter(|_| range.start < range.end) else {
            return Lines { ended: true, ..Lines::start("", kind) };
        };
        let mut lines = Lines {
            text,
            kind,
            index: block * BLOCK_LINES,
            end: range.end,
            number: first.number as usize,
            offset: first.offset as usize,
            first_offset: first.first_offset as usize,
            open: first.open as usize,
            state: first.state,
            continuation: first.continuation,
            ended: false,
        };
        while lines.index < range.start && lines.next().is_some() {}
        lines
    }

    /// The line that contains the byte at `offset` of the text.
    pub fn line_at(&self, text: &str, kind: DocumentKind, offset: usize) -> usize {
        let block =
            self.blocks.partition_point(|block| block.first.offset as usize <= offset).saturating_sub(1);
        let from = block * BLOCK_LINES;
        let lines = self.lines_in(text, kind, from..from + BLOCK_LINES);
        lines.take_while(|line| line.offset <= offset).last().map_or(0, |line| line.index)
    }

    /// The first line after `line` whose depth is at most `depth`, leaping over deeper blocks.
    pub fn next_at_depth(&self, text: &str, kind: DocumentKind, line: usize, depth: usize) -> Option<usize> {
        let mut from = line + 1;
        while from < self.lines {
            let block_end = (from / BLOCK_LINES + 1) * BLOCK_LINES;
            if self.blocks.get(from / BLOCK_LINES)?.depth_min as usize <= depth {
                let mut lines = self.lines_in(text, kind, from..block_end);
                if let Some(found) = lines.find(|line| line.depth <= depth) {
                    return Some(found.index);
                }
            }
            from = block_end;
        }
        None
    }

    /// What is open before a line, and that line, not after `line` and not long before it.
    pub fn snapshot_before(&self, line: usize) -> (usize, OpenContainers) {
        let after = self.snapshots.partition_point(|snapshot| snapshot.line as usize <= line);
        match after.checked_sub(1).and_then(|at| self.snapshots.get(at)) {
            Some(snapshot) => (snapshot.line as usize, OpenContainers { open: snapshot.open.to_vec() }),
            None => (0, OpenContainers::default()),
        }
    }

    pub fn heap_bytes(&self) -> usize {
        let frames: usize = self.snapshots.iter().map(|snapshot| size_of_val(&*snapshot.open)).sum();
        self.blocks.capacity() * size_of::<LineBlock>()
            + self.snapshots.capacity() * size_of::<OpenAt>()
            + frames
    }
}

/// The objects and arrays that are open while lines of formatted JSON pass by.
#[derive(Debug, Default)]
pub(in crate::payload) struct OpenContainers {
    /// From the outermost to the innermost.
    pub open: Vec<OpenContainer>,
}

impl OpenContainers {
    pub fn pass(&mut self, line: &Line<'_>) {
        if line.closes(DocumentKind::Json) {
            self.open.pop();
        } else if !line.continuation
            && let Some(frame) = self.open.last_mut()
        {
            frame.items += 1;
        }
        if line.opens(DocumentKind::Json) {
            // Only the last piece says that something opens; the key stands in the first.
            let object = line.text.ends_with('{');
            self.open.push(OpenContainer { opener: line.first_offset as u32, items: 0, object });
        }
    }
}

/// Iterator over the lines to draw.
#[derive(Clone, Debug)]
pub struct Lines<'a> {
    text: &'a str,
    kind: DocumentKind,
    /// The next line's place, and where to stop.
    index: usize,
    end: usize,
    number: usize,
    offset: usize,
    first_offset: usize,
    open: usize,
    state: LineState,
    continuation: bool,
    ended: bool,
}

impl<'a> Lines<'a> {
    fn start(text: &'a str, kind: DocumentKind) -> Self {
        Self {
            text,
            kind,
            index: 0,
            end: usize::MAX,
            number: 1,
            offset: 0,
            first_offset: 0,
            open: 0,
            state: LineState::Outside,
            continuation: false,
            ended: false,
        }
    }

    fn checkpoint(&self) -> Checkpoint {
        Checkpoint {
            offset: self.offset as u32,
            first_offset: self.first_offset as u32,
            number: self.number as u32,
            open: self.open as u32,
            state: self.state,
            continuation: self.continuation,
        }
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;

    fn next(&mut self) -> Option<Line<'a>> {
        if self.ended || self.index >= self.end {
            return None;
        }
        let rest = self.text.get(self.offset..)?;
        let window = &rest.as_bytes()[..rest.len().min(PIECE_BYTES + 1)];
        let (length, last_piece) = match memchr::memchr(b'\n', window) {
            Some(length) => (length, true),
            None if rest.len() <= PIECE_BYTES => (rest.len(), true),
            None => (rest.floor_char_boundary(PIECE_BYTES), false),
        };
        let mut line = Line {
            index: self.index,
            number: self.number,
            depth: self.open,
            text: &rest[..length],
            continuation: self.continuation,
            state: self.state,
            offset: self.offset,
            first_offset: self.first_offset,
            last_piece,
        };
        if line.closes(self.kind) {
            line.depth = line.depth.saturating_sub(1);
        }
        self.open = line.depth + usize::from(line.opens(self.kind));
        self.index += 1;
        self.offset += length;
        self.continuation = !last_piece;
        if last_piece {
            self.number += 1;
            self.state = LineState::Outside;
            self.ended = self.offset >= self.text.len();
            self.offset += 1;
            self.first_offset = self.offset;
        } else if self.kind == DocumentKind::Json {
            self.state = state_after(line.text, self.state);
        }
        Some(line)
    }
}

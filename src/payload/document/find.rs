//! Searching a document in slices, so that 100 MB can be searched between two frames after frames.

use std::ops::Range;

use regex::{Regex, RegexBuilder};

use crate::payload::document::Document;

/// The most characters to search for.
const NEEDLE_CHARS_MAX: usize = 1_000;

/// What to search for: a text, whatever its case on both sides (simple case folding of Unicode).
#[derive(Clone, Debug)]
pub struct Needle {
    regex: Regex,
    /// The most bytes that a match can have.
    match_bytes_max: usize,
}

/// Where a match stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// The line to draw in which it begins.
    pub line: usize,
    /// Bytes of that line's text; a match that goes on in the next piece is cut at the end of this one.
    pub range: Range<usize>,
    /// Where to go on: the `from` of the next call.
    pub next: usize,
}

/// What one slice of searching gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FindStep {
    /// The next match.
    Found(Match),
    /// Nothing yet; go on from here.
    NotYet(usize),
    /// Nothing up to the end.
    End,
}

impl Needle {
    /// `None` where there is nothing to search for: an empty text, or one of more than 1,000 characters.
    pub fn new(text: &str) -> Option<Self> {
        if text.is_empty() || text.chars().count() > NEEDLE_CHARS_MAX {
            return None;
        }
        let regex = RegexBuilder::new(&regex::escape(text)).case_insensitive(true).build().ok()?;
        // The Kelvin sign is the longest letter that folds to an ASCII one: three bytes instead of one.
        Some(Self { regex, match_bytes_max: 4 * text.len() })
    }
}

impl Document {
    /// The first match at or after `from` (0, or what the call before said), looking at about `bytes_max` bytes.
    ///
    /// The indentation of JSON is not part of the text.
    pub fn find(&self, needle: &Needle, from: usize, bytes_max: usize) -> FindStep {
        let text = self.text();
        let start = text.floor_char_boundary(from);
        let window = bytes_max.max(2 * needle.match_bytes_max + 8);
        let end = text.floor_char_boundary(start.saturating_add(window));
        let Some(slice) = text.get(start..end) else { return FindStep::End };
        match needle.regex.find(slice) {
            Some(found) => FindStep::Found(self.locate(start + found.start(), start + found.end())),
            None if end == text.len() => FindStep::End,
            None => FindStep::NotYet(text.floor_char_boundary(end - needle.match_bytes_max)),
        }
    }

    fn locate(&self, start: usize, end: usize) -> Match {
        let line = self.line_at(start);
        let (offset, length) = self.line(line).map_or((start, 0), |line| (line.offset, line.text.len()));
        let range = (start - offset).min(length)..(end - offset).min(length);
        Match { line, range, next: end }
    }
}

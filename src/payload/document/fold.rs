//! Objects and arrays that a person has closed in the view of a JSON document.
//!
//! A closed object is drawn as its first line followed by its closing bracket; its other lines are skipped. Where it
//! ends is found when the person clicks, by leaping over deeper blocks of the index.

use std::ops::Range;

use crate::payload::CancelCheck;
use crate::payload::document::{Document, DocumentKind, Line, Lines};

/// Lines that are passed between two looks at a [`CancelCheck`].
const CANCEL_EVERY_LINES: usize = 4_096;

/// A closed object or array.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fold {
    /// The line that opens it, which stays visible.
    pub line: usize,
    /// The line that closes it, the last one hidden.
    pub end: usize,
}

impl Fold {
    /// Lines between the brackets.
    pub fn inner_lines(&self) -> usize {
        self.end - self.line - 1
    }
}

/// A fold that is not inside another one, and how many lines are hidden before it.
#[derive(Clone, Copy, Debug)]
struct Outer {
    fold: Fold,
    hidden_before: usize,
}

/// The folds of one document. Finds the line that shows at a place, and the place of a line, in O(log folds).
#[derive(Clone, Debug, Default)]
pub struct Folds {
    /// All folds by line. One inside another comes back when the outer one is opened.
    all: Vec<Fold>,
    outer: Vec<Outer>,
    hidden: usize,
}

impl Document {
    /// The line that closes what opens at the end of `line`.
    pub fn fold_end(&self, line: usize) -> Option<usize> {
        let opener = self.line(line).filter(|line| line.opens(self.kind()))?;
        self.index().next_at_depth(self.text(), self.kind(), line, opener.depth)
    }
}

impl Folds {
    /// Closes the object or array that opens at `line`, or opens it again. False if nothing opens there.
    pub fn toggle(&mut self, document: &Document, line: usize) -> bool {
        match self.all.binary_search_by_key(&line, |fold| fold.line) {
            Ok(at) => {
                self.all.remove(at);
            }
            Err(at) => {
                let Some(end) = document.fold_end(line) else { return false };
                self.all.insert(at, Fold { line, end });
            }
        }
        self.rebuild();
        true
    }

    /// Everything closed that lies `level` deep or deeper, the outermost of it; 0 closes all. `None` if cancelled.
    pub fn to_level(document: &Document, level: usize, cancel: CancelCheck<'_>) -> Option<Self> {
        let mut folds = Self::default();
        let mut from = 0;
        'after_fold: loop {
            for line in document.lines(from..usize::MAX) {
                if line.index.is_multiple_of(CANCEL_EVERY_LINES) && cancel() {
                    return None;
                }
                if line.depth < level || !line.opens(document.kind()) {
                    continue;
                }
                if let Some(end) = document.fold_end(line.index) {
                    folds.all.push(Fold { line: line.index, end });
                    from = end + 1;
                    continue 'after_fold;
                }
            }
            folds.rebuild();
            return Some(folds);
        }
    }

    /// The lines that are closed.
    pub fn closed(&self) -> impl ExactSizeIterator<Item = usize> + '_ {
        self.all.iter().map(|fold| fold.line)
    }

    /// The outermost closed part that hides `line`.
    pub fn hiding(&self, line: usize) -> Option<Fold> {
        let after = self.outer.partition_point(|outer| outer.fold.line < line);
        let outer = after.checked_sub(1).and_then(|at| self.outer.get(at))?;
        (line <= outer.fold.end).then_some(outer.fold)
    }

    /// Whether nothing is closed.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The fold that `line` shows.
    pub fn at(&self, line: usize) -> Option<Fold> {
        let at = self.all.binary_search_by_key(&line, |fold| fold.line).ok()?;
        self.all.get(at).copied()
    }

    /// Lines that show of a document with `line_count` lines.
    pub fn visible_count(&self, line_count: usize) -> usize {
        line_count.saturating_sub(self.hidden)
    }

    /// The line that shows at `visible`, from 0.
    pub fn line_of(&self, visible: usize) -> usize {
        let after = self.outer.partition_point(|outer| outer.fold.line - outer.hidden_before < visible);
        visible + after.checked_sub(1).map_or(0, |at| self.hidden_through(at))
    }

    /// The place at which `line` shows, or at which the fold that hides it shows.
    pub fn visible_of(&self, line: usize) -> usize {
        let after = self.outer.partition_point(|outer| outer.fold.line < line);
        let Some(outer) = after.checked_sub(1).and_then(|at| self.outer.get(at)) else { return line };
        if line <= outer.fold.end {
            return outer.fold.line - outer.hidden_before;
        }
        line - outer.hidden_before - (outer.fold.end - outer.fold.line)
    }

    /// The lines that show at the places `visible`, each with its fold if something is closed there.
    pub fn lines<'a>(&'a self, document: &'a Document, visible: Range<usize>) -> VisibleLines<'a> {
        let lines = document.lines(self.line_of(visible.start)..usize::MAX);
        VisibleLines { folds: self, document, lines, left: visible.len() }
    }

    fn hidden_through(&self, at: usize) -> usize {
        self.outer.get(at).map_or(0, |outer| outer.hidden_before + outer.fold.end - outer.fold.line)
    }

    fn rebuild(&mut self) {
        self.outer.clear();
        self.hidden = 0;
        for &fold in &self.all {
            if self.outer.last().is_none_or(|outer| outer.fold.end < fold.line) {
                self.outer.push(Outer { fold, hidden_before: self.hidden });
                self.hidden += fold.end - fold.line;
            }
        }
    }
}

/// Iterator over the lines that show.
#[derive(Debug)]
pub struct VisibleLines<'a> {
    folds: &'a Folds,
    document: &'a Document,
    lines: Lines<'a>,
    left: usize,
}

impl<'a> Iterator for VisibleLines<'a> {
    type Item = (Line<'a>, Option<Fold>);

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        let line = self.lines.next()?;
        let fold = self.folds.at(line.index);
        if let Some(fold) = fold {
            self.lines = self.document.lines(fold.end + 1..usize::MAX);
        }
        Some((line, fold))
    }
}

impl Line<'_> {
    /// The bracket that closes what opens at the end of this line, to be drawn behind it while it is closed.
    pub fn closing_bracket(&self, kind: DocumentKind) -> Option<char> {
        if !self.opens(kind) {
            return None;
        }
        Some(if self.text.ends_with('{') { '}' } else { ']' })
    }
}

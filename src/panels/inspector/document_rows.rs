//! A document as rows of the text view: folded objects are skipped, and lines too wide for the view are wrapped.
//!
//! Only lines that need more than one row are remembered, so folding in a large document iterates over those instead of
//! the text. Finding them takes one pass over the text, in a job above 64 KiB.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::payload::document::{Document, Folds, Line};
use crate::payload::find::Occurrences;
use crate::payload::json::path_at_line;
use crate::payload::query::JsonPath;
use crate::ui::widgets::text_view::wrap;

/// Indentation is limited to the view's columns divided by this.
const INDENT_SHARE: usize = 3;
/// How far from its old line a fold is looked for in the next message.
const FOLD_DRIFT_LINES: usize = 64;

/// More folds do not stay folded in the next message.
const CLOSED_MAX: usize = 500;

/// The lines whose values changed lately.
#[derive(Debug)]
pub struct ChangedLines(Vec<(usize, u32)>);

impl ChangedLines {
    /// Lines in order, and how often each changed.
    pub fn new(lines: Vec<(usize, u32)>) -> Self {
        Self(lines)
    }

    /// How many lines there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// How often a line changed; 0 if it did not.
    fn at(&self, line: usize) -> u32 {
        let found = self.0.binary_search_by_key(&line, |(line, _)| *line).ok();
        found.and_then(|found| self.0.get(found)).map_or(0, |(_, changes)| *changes)
    }

    /// Whether anything changed between two lines.
    fn any_within(&self, lines: std::ops::Range<usize>) -> bool {
        let first = self.0.partition_point(|(line, _)| *line < lines.start);
        self.0.get(first).is_some_and(|(line, _)| *line < lines.end)
    }
}

/// Lines of a document that take more than one row at a certain width.
#[derive(Debug)]
pub struct Broken {
    columns: usize,
    lines: Vec<BrokenLine>,
}

#[derive(Clone, Copy, Debug)]
struct BrokenLine {
    line: u32,
    /// Number of rows beyond the first.
    more: u32,
}

impl Broken {
    /// Scans the whole document; returns `None` if `cancelled` says so.
    pub fn find(document: &Document, columns: usize, cancelled: &dyn Fn() -> bool) -> Option<Self> {
        let mut lines = Vec::new();
        for line in document.lines(0..usize::MAX) {
            let width = columns_for(&line, columns);
            if !wrap::fits(line.text, width) {
                let more = wrap::row_count(line.text, width) - 1;
                if more > 0 {
                    lines.push(BrokenLine { line: line.index as u32, more: more as u32 });
                }
            }
            if line.index.is_multiple_of(4_096) && cancelled() {
                return None;
            }
        }
        lines.shrink_to_fit();
        Some(Self { columns, lines })
    }
}

/// How many columns an indentation takes, up to a share of the view.
pub fn indent_of(line: &Line<'_>, columns: usize) -> usize {
    line.indent_columns().min(columns / INDENT_SHARE)
}

fn columns_for(line: &Line<'_>, columns: usize) -> usize {
    (columns - indent_of(line, columns)).max(wrap::COLUMNS_MIN)
}

/// A wrapped line that is visible, and the position of its first row.
#[derive(Clone, Copy, Debug)]
struct ShownBroken {
    visible: usize,
    more_before: usize,
    more: usize,
}

/// A document as rows.
#[derive(Debug)]
pub struct DocumentRows {
    document: Arc<Document>,
    folds: Folds,
    /// The lines that a person folded.
    closed: BTreeSet<usize>,
    broken: Arc<Broken>,
    shown: Vec<ShownBroken>,
    more: usize,
    /// The lines whose values changed lately, to be marked.
    changed: Option<Arc<ChangedLines>>,
    /// Places that a search found, to be marked.
    marks: Option<Arc<Occurrences>>,
    /// The level that a person asked for, to be folded to.
    wanted_level: Cell<Option<usize>>,
    /// A person wants what was learned of the topic's shape.
    wants_shape: Cell<bool>,
    /// The line whose value a person wants as a column.
    wanted_column: Cell<Option<usize>>,
    /// Paths of lines that were drawn: finding one requires a walk through the text.
    paths: RefCell<FxHashMap<usize, JsonPath>>,
}

/// A row: a line, or one of the parts it was wrapped into.
#[derive(Clone, Copy, Debug)]
pub struct DocumentRow<'a> {
    /// The line.
    pub line: Line<'a>,
    /// Start of the row in the line's text, in bytes.
    pub from: usize,
    /// End of the row in the line's text, in bytes.
    pub to: usize,
    /// Columns of indentation.
    pub indent: usize,
}

impl DocumentRows {
    /// Creates the rows of a whole document.
    pub fn new(document: Arc<Document>, broken: Arc<Broken>) -> Self {
        let mut lines = Self {
            document,
            folds: Folds::default(),
            closed: BTreeSet::new(),
            broken,
            shown: Vec::new(),
            more: 0,
            changed: None,
            marks: None,
            wanted_level: Cell::new(None),
            wants_shape: Cell::new(false),
            wanted_column: Cell::new(None),
            paths: RefCell::default(),
        };
        lines.recount();
        lines
    }

    /// The document.
    pub fn document(&self) -> &Arc<Document> {
        &self.document
    }

    /// The width that lines are wrapped to, in columns.
    pub fn columns(&self) -> usize {
        self.broken.columns
    }

    /// The folded parts.
    pub fn folds(&self) -> &Folds {
        &self.folds
    }

    /// Applies the wrapping for another width.
    pub fn set_broken(&mut self, broken: Arc<Broken>) {
        self.broken = broken;
        self.recount();
    }

    /// The places that a search found.
    pub fn marks(&self) -> Option<&Occurrences> {
        self.marks.as_deref()
    }

    /// Marks what a search found; `None` marks nothing.
    pub fn set_marks(&mut self, marks: Option<&Arc<Occurrences>>) {
        self.marks = marks.cloned();
    }

    /// Marks what changed lately; `None` marks nothing.
    pub fn set_changed(&mut self, changed: Option<Arc<ChangedLines>>) {
        self.changed = changed;
    }

    /// How often the value on a line changed lately, or something folded inside of it; `None` if nothing did.
    pub fn changes_at(&self, line: usize) -> Option<u32> {
        let changed = self.changed.as_ref()?;
        let inside = self.folds.at(line).map(|fold| line + 1..line + 1 + fold.inner_lines());
        match changed.at(line) {
            0 if inside.is_some_and(|inside| changed.any_within(inside)) => Some(0),
            0 => None,
            changes => Some(changes),
        }
    }

    /// Asks for everything `level` deep or deeper to be folded.
    pub fn want_level(&self, level: usize) {
        self.wanted_level.set(Some(level));
    }

    /// The level that was asked for, once.
    pub fn take_wanted_level(&self) -> Option<usize> {
        self.wanted_level.take()
    }

    /// Asks for what was learned of the topic's shape.
    pub fn want_shape(&self) {
        self.wants_shape.set(true);
    }

    /// Whether it was asked for, once.
    pub fn take_wants_shape(&self) -> bool {
        self.wants_shape.take()
    }

    /// Asks for the value of a line to be a column of the history.
    pub fn want_column(&self, line: usize) {
        self.wanted_column.set(Some(line));
    }

    /// The path that was asked for as a column, once.
    pub fn take_wanted_column(&self) -> Option<JsonPath> {
        let line = self.wanted_column.take()?;
        path_at_line(&self.document, line).map(|(path, _)| path)
    }

    /// Takes other folds. Many of them do not stay folded in the next message, which would take too long.
    pub fn set_folds(&mut self, folds: Folds) {
        self.closed.clear();
        if folds.closed().len() <= CLOSED_MAX {
            self.closed.extend(folds.closed());
        }
        self.folds = folds;
        self.recount();
    }

    /// Unfolds what hides a line.
    pub fn open_to(&mut self, line: usize) {
        while let Some(fold) = self.folds.hiding(line) {
            if !self.folds.toggle(&self.document, fold.line) {
                break;
            }
            self.closed.remove(&fold.line);
        }
        self.recount();
    }

    /// The row that shows a byte of a line.
    pub fn row_of(&self, line: usize, byte: usize) -> u64 {
        let visible = self.folds.visible_of(line);
        let after = self.shown.partition_point(|shown| shown.visible < visible);
        let more_before = after
            .checked_sub(1)
            .and_then(|at| self.shown.get(at))
            .map_or(0, |shown| shown.more_before + shown.more);
        let part = self.document.line(line).map_or(0, |line| {
            let width = columns_for(&line, self.broken.columns);
            wrap::rows(line.text, width)
                .take_while(|part| part.end <= byte && part.end < line.text.len())
                .count()
        });
        (visible + more_before + part) as u64
    }

    /// Folds what opens at a line, or unfolds it.
    pub fn toggle(&mut self, line: usize) {
        if self.folds.toggle(&self.document, line) {
            if !self.closed.remove(&line) {
                self.closed.insert(line);
            }
            self.recount();
        }
    }

    /// Folds what is folded in `old` if the same line is in about the same place.
    pub fn take_folds(&mut self, old: &Self) {
        for &line in &old.closed {
            if let Some(here) = old.document.line(line).and_then(|wanted| self.find_near(&wanted)) {
                self.toggle(here);
            }
        }
    }

    fn find_near(&self, wanted: &Line<'_>) -> Option<usize> {
        let same = |line: &Line<'_>| line.depth == wanted.depth && line.text == wanted.text;
        if self.document.line(wanted.index).is_some_and(|line| same(&line)) {
            return Some(wanted.index);
        }
        let near = wanted.index.saturating_sub(FOLD_DRIFT_LINES)..wanted.index + FOLD_DRIFT_LINES;
        let found = self.document.lines(near).filter(|line| same(line) && !self.closed.contains(&line.index));
        found.map(|line| line.index).min_by_key(|index| index.abs_diff(wanted.index))
    }

    /// The path of a line, if already looked up.
    pub fn path(&self, line: usize) -> Option<JsonPath> {
        self.paths.borrow().get(&line).cloned()
    }

    /// Remembers the path of a line.
    pub fn remember_path(&self, line: usize, path: JsonPath) {
        self.paths.borrow_mut().insert(line, path);
    }

    fn recount(&mut self) {
        self.shown.clear();
        self.more = 0;
        for &BrokenLine { line, more } in &self.broken.lines {
            let (line, more) = (line as usize, more as usize);
            let visible = self.folds.visible_of(line);
            if self.folds.is_empty() || self.folds.line_of(visible) == line {
                self.shown.push(ShownBroken { visible, more_before: self.more, more });
                self.more += more;
            }
        }
    }

    /// How many rows there are to draw.
    pub fn row_count(&self) -> usize {
        self.folds.visible_count(self.document.line_count()) + self.more
    }

    /// The row with this number; `None` beyond the end.
    pub fn row(&self, row: usize) -> Option<DocumentRow<'_>> {
        let after = self.shown.partition_point(|shown| shown.visible + shown.more_before <= row);
        let (visible, part) = match after.checked_sub(1).and_then(|at| self.shown.get(at)) {
            None => (row, 0),
            Some(shown) => {
                let first = shown.visible + shown.more_before;
                let into = row - first;
                if into <= shown.more {
                    (shown.visible, into)
                } else {
                    (row - shown.more_before - shown.more, 0)
                }
            }
        };
        if visible >= self.folds.visible_count(self.document.line_count()) {
            return None;
        }
        let line = self.document.line(self.folds.line_of(visible))?;
        let width = columns_for(&line, self.broken.columns);
        let part = if wrap::fits(line.text, width) {
            0..line.text.len()
        } else {
            wrap::rows(line.text, width).nth(part).unwrap_or(0..line.text.len())
        };
        Some(DocumentRow {
            line,
            from: part.start,
            to: part.end,
            indent: indent_of(&line, self.broken.columns),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payload::{DecodeLimits, json, never};

    fn lines(json: &str, columns: usize) -> DocumentRows {
        let document = Arc::new(json::pretty(json.as_bytes(), &DecodeLimits::default(), &never).unwrap());
        let broken = Broken::find(&document, columns, &never).unwrap();
        DocumentRows::new(document, Arc::new(broken))
    }

    fn texts(lines: &DocumentRows) -> Vec<String> {
        let rows = (0..).map_while(|row| lines.row(row));
        rows.map(|row| row.line.text[row.from..row.to].to_owned()).collect()
    }

    const DOCUMENT: &str =
        r#"{"a":"a long text that needs rows","b":[1,2],"c":"another text that is long","d":0}"#;

    #[test]
    fn a_wide_line_takes_several_rows() {
        let lines = lines(DOCUMENT, 24);
        let texts = texts(&lines);
        assert_eq!(texts.len(), lines.row_count());
        assert_eq!(texts[1], "\"a\": \"a long text ");
        assert_eq!(texts[2], "that needs rows\",");
        assert_eq!(texts[3], "\"b\": [");
    }

    #[test]
    fn a_closed_array_takes_one_row() {
        let mut lines = lines(DOCUMENT, 24);
        let open = texts(&lines);
        lines.toggle(2);
        assert_eq!(lines.row_count(), open.len() - 3, "two items and what closes them");
        assert_eq!(texts(&lines)[4..], open[7..], "what follows is as it was");
        assert!(lines.row(lines.row_count()).is_none());
        lines.toggle(2);
        assert_eq!(texts(&lines), open);
    }

    #[test]
    fn broken_lines_inside_a_closed_object_take_no_room() {
        let mut lines = lines(r#"{"a":{"b":"a long text that needs several rows"},"c":1}"#, 24);
        lines.toggle(1);
        assert_eq!(texts(&lines), ["{", "\"a\": {", "\"c\": 1", "}"]);
    }

    #[test]
    fn what_lies_deeper_than_a_level_is_folded_and_opens_to_show_a_line() {
        let mut lines = lines(r#"{"a":{"b":{"c":1}},"d":[[2],3]}"#, 24);
        lines.set_folds(Folds::to_level(&lines.document, 1, &never).unwrap());
        assert_eq!(texts(&lines), ["{", "\"a\": {", "\"d\": [", "}"]);
        lines.set_folds(Folds::to_level(&lines.document, 2, &never).unwrap());
        assert_eq!(texts(&lines), ["{", "\"a\": {", "\"b\": {", "},", "\"d\": [", "[", "3", "]", "}"]);
        lines.open_to(3);
        assert_eq!(texts(&lines)[3], "\"c\": 1");
        assert_eq!((lines.row_of(3, 0), lines.row_of(4, 0)), (3, 4));
        assert_eq!(Folds::to_level(&lines.document, 1, &|| true).map(|_| ()), None);
    }

    #[test]
    fn the_row_of_a_byte_is_the_part_of_its_line_that_shows_it() {
        let mut lines = lines(DOCUMENT, 24);
        assert_eq!((lines.row_of(1, 0), lines.row_of(1, 20), lines.row_of(2, 0)), (1, 2, 3));
        lines.toggle(2);
        assert_eq!(lines.row_of(6, 0), 4);
    }

    #[test]
    fn what_was_closed_stays_closed_in_the_next_message() {
        let mut first = lines(r#"{"a":{"b":1},"c":[1,2]}"#, 40);
        first.toggle(1);
        first.toggle(4);
        let mut second = lines(r#"{"new":0,"a":{"b":2},"c":[1,2,3]}"#, 40);
        second.take_folds(&first);
        assert_eq!(texts(&second), ["{", "\"new\": 0,", "\"a\": {", "\"c\": [", "}"]);
    }
}

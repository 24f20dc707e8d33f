//! Makes the rows that are drawn out of the edits between two payloads.

use std::ops::Range;

use similar::DiffOp;

use crate::payload::diff::side::DiffPiece;
use crate::payload::diff::{DiffLine, DiffRow, Sign};

/// The lines of a comparison before long runs of unchanged ones are folded.
#[derive(Debug, Default)]
pub(super) struct DiffBuilder(Vec<DiffLine>);

impl DiffBuilder {
    /// Adds lines that both sides have.
    pub fn same(&mut self, old: Vec<DiffPiece>, new: Vec<DiffPiece>) {
        // The text is the new one: of JSON, commas may differ.
        self.0.extend(old.into_iter().zip(new).map(|(old, new)| line(Sign::Same, Some(&old), Some(&new))));
    }

    /// Adds the lines of both sides as `ops` describe them.
    pub fn changes(&mut self, ops: &[DiffOp], old: &[DiffPiece], new: &[DiffPiece]) {
        for op in ops {
            let (old, new) = (&old[op.old_range()], &new[op.new_range()]);
            if let DiffOp::Equal { .. } = op {
                self.same(old.to_vec(), new.to_vec());
                continue;
            }
            let removed = self.0.len();
            self.0.extend(old.iter().map(|piece| line(Sign::Removed, Some(piece), None)));
            let added = self.0.len();
            self.0.extend(new.iter().map(|piece| line(Sign::Added, None, Some(piece))));
            for pair in 0..old.len().min(new.len()) {
                let (before, after) = emphasis(&old[pair].text, &new[pair].text);
                self.0[removed + pair].emphasis = before;
                self.0[added + pair].emphasis = after;
            }
        }
    }

    pub fn count(&self, sign: Sign) -> usize {
        self.0.iter().filter(|line| line.sign == sign).count()
    }

    /// Folds what is further than `context` lines from a change, together with `before` and `after` lines that were
    /// not even listed.
    pub fn into_rows(self, before: usize, after: usize, context: usize) -> Vec<DiffRow> {
        let near = near_changes(&self.0, context);
        let mut rows = Vec::new();
        let mut unchanged = before;
        let mut hidden = None;
        for (line, near) in self.0.into_iter().zip(near) {
            if near {
                fold(&mut rows, unchanged, hidden.take());
                rows.push(DiffRow::Line(line));
                unchanged = 0;
            } else {
                unchanged += 1;
                hidden = Some(line);
            }
        }
        fold(&mut rows, unchanged + after, hidden);
        rows
    }
}

/// Adds a row for unchanged lines. One line alone is shown itself: the row would be as tall.
fn fold(rows: &mut Vec<DiffRow>, unchanged: usize, hidden: Option<DiffLine>) {
    match (unchanged, hidden) {
        (0, _) => {}
        (1, Some(line)) => rows.push(DiffRow::Line(line)),
        _ => rows.push(DiffRow::Unchanged(unchanged)),
    }
}

fn near_changes(lines: &[DiffLine], context: usize) -> Vec<bool> {
    let mut near = vec![false; lines.len()];
    let mut marked = 0;
    for (at, _) in lines.iter().enumerate().filter(|(_, line)| line.sign != Sign::Same) {
        let end = (at.saturating_add(context).saturating_add(1)).min(lines.len());
        let start = at.saturating_sub(context).max(marked.min(end));
        near[start..end].fill(true);
        marked = end;
    }
    near
}

fn line(sign: Sign, old: Option<&DiffPiece>, new: Option<&DiffPiece>) -> DiffLine {
    let (depth, text, state) = match new.or(old) {
        Some(piece) => (piece.depth, piece.text.clone(), piece.state),
        None => Default::default(),
    };
    let (old, new) = (old.map(|piece| piece.number), new.map(|piece| piece.number));
    DiffLine { sign, old, new, depth, text, state, emphasis: 0..0 }
}

/// The part of each text that differs, widened to whole words; empty where most of it differs anyway.
pub(super) fn emphasis(old: &str, new: &str) -> (Range<usize>, Range<usize>) {
    let same = |(a, b): &(char, char)| a == b;
    let prefix: usize = old.chars().zip(new.chars()).take_while(same).map(|(a, _)| a.len_utf8()).sum();
    let (old_rest, new_rest) = (&old[prefix..], &new[prefix..]);
    let backwards = old_rest.chars().rev().zip(new_rest.chars().rev());
    let suffix: usize = backwards.take_while(same).map(|(a, _)| a.len_utf8()).sum();

    // Both sides have the same characters there, so the words end at the same distance.
    let is_word = |c: &char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_');
    let width = |c: char| c.len_utf8();
    let back: usize = old[..prefix].chars().rev().take_while(is_word).map(width).sum();
    let on: usize = old[old.len() - suffix..].chars().take_while(is_word).map(width).sum();
    let (start, end) = (prefix - back, suffix - on);
    if (start + end) * 4 < old.len().max(new.len()) {
        return (0..0, 0..0);
    }
    (start..old.len() - end, start..new.len() - end)
}

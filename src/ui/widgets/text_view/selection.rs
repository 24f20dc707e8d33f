//! What of a text is selected: two places, and what the pointer and the keys make of them.

use std::ops::Range;

/// A place between two characters. Lines are the source's; a row that was broken out of a line is no line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    /// Line of the source.
    pub line: usize,
    /// Bytes of the line before the place.
    pub byte: usize,
}

/// From where a selection was begun to where it is now; empty if they are the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Where it was begun.
    pub anchor: Spot,
    /// The end that moves.
    pub head: Spot,
}

impl Selection {
    /// Nothing selected, at a place.
    pub fn at(spot: Spot) -> Self {
        Self { anchor: spot, head: spot }
    }

    /// Whether nothing is selected.
    pub fn is_empty(self) -> bool {
        self.anchor == self.head
    }

    /// Its first and its last place.
    pub fn ends(self) -> (Spot, Spot) {
        (self.anchor.min(self.head), self.anchor.max(self.head))
    }

    /// The part of a row that is selected, as bytes of the row, and whether the line's end is selected with it.
    /// The row begins `start` bytes into `line` and is `length` bytes long.
    pub fn in_row(self, line: usize, start: usize, length: usize) -> Option<(Range<usize>, bool)> {
        let (first, last) = self.ends();
        let (row_first, row_last) = (Spot { line, byte: start }, Spot { line, byte: start + length });
        if first == last || last < row_first || first > row_last {
            return None;
        }
        let from = if first <= row_first { 0 } else { first.byte - start };
        let to = if last > row_last { length } else { last.byte - start };
        Some((from..to, last.line > line))
    }
}

/// The word around a byte of `text`: letters, digits and `_`, or a run of anything else that is not space.
pub fn word_at(text: &str, byte: usize) -> Range<usize> {
    #[derive(PartialEq)]
    enum Class {
        Word,
        Space,
        Other,
    }
    let class = |c: char| match c {
        '_' => Class::Word,
        _ if c.is_alphanumeric() => Class::Word,
        _ if c.is_whitespace() => Class::Space,
        _ => Class::Other,
    };
    let byte = text.floor_char_boundary(byte);
    let Some(here) = text[byte..].chars().next().or_else(|| text.chars().next_back()).map(class) else {
        return 0..0;
    };
    let start = text[..byte].char_indices().rev().take_while(|&(_, c)| class(c) == here).last();
    let end = text[byte..].char_indices().find(|&(_, c)| class(c) != here);
    start.map_or(byte, |(at, _)| at)..end.map_or(text.len(), |(at, _)| byte + at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spot(line: usize, byte: usize) -> Spot {
        Spot { line, byte }
    }

    #[test]
    fn a_selection_covers_its_part_of_each_row() {
        let selection = Selection { anchor: spot(5, 2), head: spot(3, 4) };
        assert_eq!(selection.in_row(2, 0, 10), None);
        assert_eq!(selection.in_row(3, 0, 10), Some((4..10, true)));
        assert_eq!(selection.in_row(4, 0, 0), Some((0..0, true)), "an empty line shows its line break");
        assert_eq!(selection.in_row(5, 0, 10), Some((0..2, false)));
        assert_eq!(selection.in_row(6, 0, 10), None);
    }

    #[test]
    fn a_line_in_several_rows_is_covered_row_by_row() {
        let selection = Selection { anchor: spot(0, 8), head: spot(0, 15) };
        assert_eq!(selection.in_row(0, 0, 10), Some((8..10, false)));
        assert_eq!(selection.in_row(0, 10, 10), Some((0..5, false)));
        assert_eq!(selection.in_row(0, 20, 10), None);
    }

    #[test]
    fn a_word_ends_where_its_kind_ends() {
        let text = r#"  "outdoor_temp": 21.5"#;
        assert_eq!(&text[word_at(text, 6)], "outdoor_temp");
        assert_eq!(&text[word_at(text, 15)], "\":");
        assert_eq!(&text[word_at(text, 0)], "  ");
        assert_eq!(&text[word_at(text, text.len())], "5");
        assert_eq!(word_at("", 0), 0..0);
    }
}

//! The text of a field: never longer than its limit, never with a control character.

use std::any::TypeId;
use std::ops::Range;

use eframe::egui::TextBuffer;
use eframe::egui::text::CharIndex;

use crate::ui::widgets::field::{FieldLines, Limit};

/// A text as its field shows it.
///
/// What a file or a broker put there may be longer than the limit or hold control characters. Such a text stays as it
/// is until it is edited: the field shows its beginning, with `␀` and the like in the place of the characters.
#[derive(Debug)]
pub struct Bounded<'a> {
    text: &'a mut String,
    limit: Limit,
    /// What is shown, where that is not the text itself.
    shown: Option<String>,
    left_out: LeftOut,
}

/// What was not taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct LeftOut {
    /// Control characters.
    pub controls: usize,
    /// Bytes that were taken of a text that was too long, and how many it had.
    pub cut: Option<(usize, usize)>,
}

impl<'a> Bounded<'a> {
    /// The text of a field with this limit.
    pub fn new(text: &'a mut String, limit: Limit) -> Self {
        let mut bounded = Self { text, limit, shown: None, left_out: LeftOut::default() };
        bounded.refresh();
        bounded
    }

    pub(super) fn limit(&self) -> Limit {
        self.limit
    }

    pub(super) fn shown(&self) -> &str {
        self.shown.as_deref().unwrap_or(self.text)
    }

    /// Bytes that still fit.
    pub(super) fn room(&self) -> usize {
        self.limit.bytes_max.saturating_sub(self.text.len())
    }

    pub(super) fn left_out(&self) -> LeftOut {
        self.left_out
    }

    fn visible_end(&self) -> usize {
        self.text.floor_char_boundary(self.limit.bytes_max)
    }

    fn refresh(&mut self) {
        let visible = &self.text[..self.visible_end()];
        let is_plain = !visible.contains(|character| is_control(character, self.limit.lines));
        self.shown = if is_plain && visible.len() == self.text.len() {
            None
        } else {
            Some(visible.chars().map(|character| picture(character, self.limit.lines)).collect())
        };
    }

    /// What does not show is given up once the text is edited.
    fn edit(&mut self) {
        let (end, of) = (self.visible_end(), self.text.len());
        if end < of {
            self.text.truncate(end);
            self.left_out.cut = Some((end, of));
        }
    }

    fn byte_of(&self, index: CharIndex) -> usize {
        self.text.char_indices().nth(index.0).map_or(self.text.len(), |(byte, _)| byte)
    }
}

impl TextBuffer for Bounded<'_> {
    fn is_mutable(&self) -> bool {
        true
    }

    fn as_str(&self) -> &str {
        self.shown()
    }

    fn insert_text(&mut self, text: &str, char_index: CharIndex) -> usize {
        self.edit();
        let lines = self.limit.lines;
        let fits = text.floor_char_boundary(self.room());
        if fits < text.len() {
            self.left_out.cut = Some((fits, text.len()));
        }
        let is_kept = |character: &char| !is_control(*character, lines) || *character == '\t';
        let mut inserted = String::with_capacity(fits);
        let kept = text[..fits].chars().filter(is_kept);
        inserted.extend(kept.map(|character| if is_control(character, lines) { ' ' } else { character }));
        let count = inserted.chars().count();
        self.left_out.controls += text[..fits].chars().count() - count;
        let at = self.byte_of(char_index);
        self.text.insert_str(at, &inserted);
        self.refresh();
        count
    }

    fn delete_char_range(&mut self, char_range: Range<CharIndex>) {
        self.edit();
        let (from, to) = (self.byte_of(char_range.start), self.byte_of(char_range.end));
        self.text.drain(from..to.max(from));
        self.refresh();
    }

    fn type_id(&self) -> TypeId {
        TypeId::of::<Bounded<'static>>()
    }
}

/// Whether a field does not take a character. Fields of several lines take line ends and tabs.
fn is_control(character: char, lines: FieldLines) -> bool {
    character.is_control() && (lines == FieldLines::One || !matches!(character, '\n' | '\r' | '\t'))
}

/// One character in the place of a control character, so that places in the text stay the same.
fn picture(character: char, lines: FieldLines) -> char {
    match character {
        _ if !is_control(character, lines) => character,
        '\0'..='\u{1F}' => char::from_u32(0x2400 + character as u32).unwrap_or(char::REPLACEMENT_CHARACTER),
        '\u{7F}' => '\u{2421}',
        _ => char::REPLACEMENT_CHARACTER,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(index: usize) -> CharIndex {
        CharIndex(index)
    }

    #[test]
    fn control_characters_are_left_out_and_counted() {
        let mut text = "ab".to_owned();
        let mut field = Bounded::new(&mut text, Limit::line(10));
        assert_eq!(field.insert_text("\0x\ty\u{9B}", at(1)), 3);
        assert_eq!(field.left_out(), LeftOut { controls: 2, cut: None });
        assert_eq!(text, "ax yb");

        let mut field = Bounded::new(&mut text, Limit::text(20));
        field.insert_text("1\r\n\t2\0", at(0));
        assert_eq!(text, "1\r\n\t2ax yb");
    }

    #[test]
    fn what_does_not_fit_is_cut_between_characters() {
        let mut text = "温".to_owned();
        let mut field = Bounded::new(&mut text, Limit::line(8));
        assert_eq!(field.insert_text("度计", at(1)), 1);
        assert_eq!(field.left_out().cut, Some((3, 6)));
        assert_eq!(text, "温度");
    }

    #[test]
    fn what_a_file_put_there_stays_until_it_is_edited() {
        let mut text = "a\0b\nc-and-more".to_owned();
        let mut field = Bounded::new(&mut text, Limit::line(5));
        assert_eq!(field.as_str(), "a␀b␊c");
        assert_eq!(field.room(), 0);
        field.delete_char_range(at(2)..at(5));
        assert_eq!((field.as_str(), field.left_out().cut), ("a␀", Some((5, 14))));
        field.delete_char_range(at(1)..at(2));
        assert_eq!(text, "a");

        let mut untouched = "x\0".to_owned();
        assert_eq!(Bounded::new(&mut untouched, Limit::line(5)).as_str(), "x␀");
        assert_eq!(untouched, "x\0");
    }
}

//! The tokens of one visible line, for its colours. Takes any text, half a line included, and allocates nothing.
//!
//! This is not the validator: the editor colours a text while it is being typed.

use std::ops::Range;

/// What a stretch of a line is. Between tokens there is only space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// A string that a colon follows.
    Key,
    /// Any other string, with its quotes.
    String,
    /// A number.
    Number,
    /// `true` or `false`.
    Bool,
    /// `null`.
    Null,
    /// Brackets, braces, commas and colons.
    Punctuation,
    /// Anything that JSON does not have.
    Unknown,
}

/// Where a line begins that continues the one before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LineState {
    /// Outside of a string.
    #[default]
    Outside,
    /// Inside a string.
    InString,
    /// Inside a string, right after a backslash.
    InEscape,
}

/// The tokens of a line that starts outside of a string.
pub fn tokens(line: &str) -> JsonTokens<'_> {
    tokens_from(line, LineState::Outside)
}

/// The tokens of a line that starts in `state`.
pub fn tokens_from(line: &str, state: LineState) -> JsonTokens<'_> {
    JsonTokens { text: line.as_bytes(), at: 0, state }
}

/// Iterator over the tokens of a line: byte ranges in order, without overlaps, on character boundaries.
#[derive(Clone, Debug)]
pub struct JsonTokens<'a> {
    text: &'a [u8],
    at: usize,
    state: LineState,
}

impl Iterator for JsonTokens<'_> {
    type Item = (Range<usize>, TokenKind);

    fn next(&mut self) -> Option<Self::Item> {
        if self.state != LineState::Outside {
            return self.rest_of_string();
        }
        let space = self.text.get(self.at..)?.iter().position(|byte| !byte.is_ascii_whitespace())?;
        let start = self.at + space;
        self.at = start;
        let kind = match self.text[start] {
            b'"' => {
                self.at += 1;
                self.string()
            }
            b'{' | b'}' | b'[' | b']' | b',' | b':' => {
                self.at += 1;
                TokenKind::Punctuation
            }
            b'-' | b'+' | b'.' | b'0'..=b'9' => {
                self.run(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'));
                TokenKind::Number
            }
            _ => {
                self.run(|byte| !byte.is_ascii_whitespace() && !b"\"{}[],:".contains(&byte));
                match &self.text[start..self.at] {
                    b"true" | b"false" => TokenKind::Bool,
                    b"null" => TokenKind::Null,
                    _ => TokenKind::Unknown,
                }
            }
        };
        Some((start..self.at, kind))
    }
}

impl JsonTokens<'_> {
    /// No tokens.
    pub(in crate::payload) fn none() -> Self {
        tokens("")
    }

    fn run(&mut self, belongs: impl Fn(u8) -> bool) {
        let rest = &self.text[self.at..];
        self.at += rest.iter().position(|&byte| !belongs(byte)).unwrap_or(rest.len());
    }

    fn rest_of_string(&mut self) -> Option<(Range<usize>, TokenKind)> {
        self.at = usize::from(self.state == LineState::InEscape).min(self.text.len());
        self.state = LineState::Outside;
        let kind = self.string();
        if self.at == 0 { self.next() } else { Some((0..self.at, kind)) }
    }

    /// Moves past the end of the string that `at` stands in.
    fn string(&mut self) -> TokenKind {
        while let Some(found) = memchr::memchr3(b'"', b'\\', b'\n', &self.text[self.at..]) {
            self.at += found;
            match self.text[self.at] {
                b'"' => {
                    self.at += 1;
                    return self.key_or_string();
                }
                b'\\' => self.at = (self.at + 2).min(self.text.len()),
                _ => return TokenKind::String, // a string ends with its line
            }
        }
        self.at = self.text.len();
        TokenKind::String
    }

    fn key_or_string(&self) -> TokenKind {
        match self.text[self.at..].iter().find(|byte| !byte.is_ascii_whitespace()) {
            Some(b':') => TokenKind::Key,
            _ => TokenKind::String,
        }
    }
}

/// The state in which the piece after `piece` starts, if `piece` itself starts in `state`.
pub(in crate::payload) fn state_after(piece: &str, mut state: LineState) -> LineState {
    let text = piece.as_bytes();
    let mut at = usize::from(state == LineState::InEscape);
    if state == LineState::InEscape {
        state = LineState::InString;
    }
    while let Some(found) = text.get(at..).and_then(|rest| memchr::memchr2(b'"', b'\\', rest)) {
        at += found + 1;
        state = match (state, text[at - 1]) {
            (LineState::InString, b'\\') if at == text.len() => return LineState::InEscape,
            (LineState::InString, b'\\') => {
                at += 1;
                LineState::InString
            }
            (LineState::InString, _) => LineState::Outside,
            (_, b'"') => LineState::InString,
            (other, _) => other,
        };
    }
    state
}

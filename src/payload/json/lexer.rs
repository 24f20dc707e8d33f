//! The grammar of JSON (RFC 8259) as a pull lexer: checks everything, changes nothing, keeps its own stack.

use std::ops::Range;

use crate::payload::json::SyntaxProblem;

/// An object or an array.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Container {
    Object,
    Array,
}

impl Container {
    fn close(self) -> u8 {
        match self {
            Self::Object => b'}',
            Self::Array => b']',
        }
    }
}

/// A piece of JSON. Commas and colons are checked and passed over: they follow from the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::payload) enum Token {
    Open,
    Close,
    Key,
    /// String, number, true, false or null.
    Scalar,
}

/// How many values a text may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::payload) enum Roots {
    /// One (RFC 8259).
    One,
    /// One value, or objects and arrays in a row. Not scalars: `12 30` is text, not two numbers.
    Many,
    /// Any values in a row, as decoders write them.
    Any,
}

/// Where and why lexing stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::payload) struct Stop {
    pub offset: usize,
    pub problem: SyntaxProblem,
    /// The text ended where more was expected: a longer text with the same start could be right.
    pub at_end: bool,
}

type Step<T> = Result<T, Stop>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expect {
    Value,
    ValueOrClose,
    Key,
    KeyOrClose,
    CommaOrClose,
    End,
}

/// Reads tokens from `text`; the caller has checked that it is UTF-8 where that matters.
pub(in crate::payload) struct Lexer<'a> {
    text: &'a [u8],
    at: usize,
    open: Vec<Container>,
    depth_max: usize,
    expect: Expect,
    roots: Roots,
    root_count: usize,
}

impl<'a> Lexer<'a> {
    pub fn new(text: &'a [u8], roots: Roots, depth_max: usize) -> Self {
        // A byte order mark may be ignored (RFC 8259, 8.1).
        let at = if text.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
        Self { text, at, open: Vec::new(), depth_max, expect: Expect::Value, roots, root_count: 0 }
    }

    /// Bytes read so far.
    pub fn position(&self) -> usize {
        self.at
    }

    /// Objects and arrays that are open.
    pub fn depth(&self) -> usize {
        self.open.len()
    }

    /// The next token and where it stands, or `None` at a proper end.
    #[inline]
    pub fn next(&mut self) -> Step<Option<(Token, Range<usize>)>> {
        loop {
            let Some(byte) = self.skip_space() else { return self.finish() };
            let start = self.at;
            let token = match (self.expect, byte) {
                (Expect::CommaOrClose, b',') => {
                    self.at += 1;
                    self.expect = match self.open.last() {
                        Some(Container::Object) => Expect::Key,
                        _ => Expect::Value,
                    };
                    continue;
                }
                (Expect::KeyOrClose, b'}') | (Expect::ValueOrClose, b']') | (Expect::CommaOrClose, _) => {
                    self.close(byte)?
                }
                (Expect::Key | Expect::KeyOrClose, b'"') => return self.key().map(Some),
                (Expect::Key, b'}') => return Err(self.fail(SyntaxProblem::TrailingComma('}'))),
                (Expect::Key | Expect::KeyOrClose, _) => {
                    return Err(self.fail(SyntaxProblem::ExpectedKey(self.character_at(self.at))));
                }
                (Expect::Value | Expect::ValueOrClose, _) => self.value(byte)?,
                (Expect::End, b'{' | b'[') if self.roots == Roots::Many => self.value(byte)?,
                (Expect::End, _) if self.roots == Roots::Any => self.value(byte)?,
                (Expect::End, _) => return Err(self.fail(SyntaxProblem::TrailingText)),
            };
            return Ok(Some((token, start..self.at)));
        }
    }

    fn finish(&self) -> Step<Option<(Token, Range<usize>)>> {
        let problem = match self.expect {
            Expect::End => return Ok(None),
            _ if self.root_count == 0 => SyntaxProblem::Empty,
            _ => SyntaxProblem::Unfinished(self.open.len()),
        };
        Err(Stop { offset: self.text.len(), problem, at_end: true })
    }

    #[inline]
    fn skip_space(&mut self) -> Option<u8> {
        loop {
            match self.text.get(self.at) {
                Some(b' ' | b'\n' | b'\r' | b'\t') => self.at += 1,
                other => return other.copied(),
            }
        }
    }

    fn value(&mut self, byte: u8) -> Step<Token> {
        self.root_count += usize::from(self.open.is_empty());
        match byte {
            b'{' => return self.open(Container::Object, Expect::KeyOrClose),
            b'[' => return self.open(Container::Array, Expect::ValueOrClose),
            b'"' => self.string()?,
            b'-' | b'0'..=b'9' => self.number()?,
            b't' => self.word(b"true")?,
            b'f' => self.word(b"false")?,
            b'n' => self.word(b"null")?,
            _ => return Err(self.fail(self.why_no_value(byte))),
        }
        if self.open.is_empty() && self.roots == Roots::Many {
            // Only objects and arrays may stand in a row.
            self.roots = Roots::One;
        }
        self.value_is_complete();
        Ok(Token::Scalar)
    }

    fn why_no_value(&self, byte: u8) -> SyntaxProblem {
        match byte {
            b']' if self.expect == Expect::Value && self.open.last() == Some(&Container::Array) => {
                SyntaxProblem::TrailingComma(']')
            }
            b'}' | b']' | b',' | b':' => SyntaxProblem::MissingValue(char::from(byte)),
            b'\'' => SyntaxProblem::SingleQuote,
            b'/' => SyntaxProblem::Comment,
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => SyntaxProblem::UnknownWord,
            _ => SyntaxProblem::UnexpectedCharacter(self.character_at(self.at)),
        }
    }

    #[inline]
    fn value_is_complete(&mut self) {
        self.expect = if self.open.is_empty() { Expect::End } else { Expect::CommaOrClose };
    }

    fn open(&mut self, container: Container, expect: Expect) -> Step<Token> {
        if self.open.len() >= self.depth_max {
            return Err(self.fail(SyntaxProblem::TooDeep(self.depth_max)));
        }
        self.open.push(container);
        self.expect = expect;
        self.at += 1;
        Ok(Token::Open)
    }

    fn close(&mut self, byte: u8) -> Step<Token> {
        let close = self.open.last().map_or(0, |container| container.close());
        if byte != close {
            let (found, close) = (self.character_at(self.at), char::from(close));
            return Err(self.fail(SyntaxProblem::ExpectedComma { found, close }));
        }
        self.open.pop();
        self.at += 1;
        self.value_is_complete();
        Ok(Token::Close)
    }

    fn key(&mut self) -> Step<(Token, Range<usize>)> {
        let start = self.at;
        self.string()?;
        let key = start..self.at;
        match self.skip_space() {
            Some(b':') => self.at += 1,
            Some(_) => return Err(self.fail(SyntaxProblem::ExpectedColon(self.character_at(self.at)))),
            None => return Err(self.fail(SyntaxProblem::Unfinished(self.open.len()))),
        }
        self.expect = Expect::Value;
        Ok((Token::Key, key))
    }

    #[inline]
    fn string(&mut self) -> Step<()> {
        let start = self.at;
        self.at += 1;
        loop {
            let rest = &self.text[self.at..];
            let Some(plain) = rest.iter().position(|&byte| matches!(byte, b'"' | b'\\' | 0..=0x1F)) else {
                return Err(Stop { offset: start, problem: SyntaxProblem::UnclosedString, at_end: true });
            };
            self.at += plain;
            match rest[plain] {
                b'"' => {
                    self.at += 1;
                    return Ok(());
                }
                b'\\' => self.escape(start)?,
                b'\n' | b'\r' => return Err(self.fail(SyntaxProblem::LineBreakInString)),
                control => return Err(self.fail(SyntaxProblem::ControlInString(control))),
            }
        }
    }

    /// Passes over an escape inside the string that began at `start`.
    fn escape(&mut self, start: usize) -> Step<()> {
        self.at += match self.text.get(self.at + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => 2,
            Some(b'u') => {
                let digits = self.text[self.at + 2..].iter().take(4);
                let hex = digits.take_while(|byte| byte.is_ascii_hexdigit()).count();
                if hex < 4 {
                    let at_end = self.at + 2 + hex == self.text.len();
                    return Err(Stop { at_end, ..self.fail(SyntaxProblem::BadUnicodeEscape) });
                }
                6
            }
            Some(_) => return Err(self.fail(SyntaxProblem::BadEscape(self.character_at(self.at + 1)))),
            None => return Err(Stop { offset: start, problem: SyntaxProblem::UnclosedString, at_end: true }),
        };
        Ok(())
    }

    fn number(&mut self) -> Step<()> {
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
            if self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
                return Err(self.fail(SyntaxProblem::LeadingZero));
            }
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        match self.peek() {
            None | Some(b' ' | b'\n' | b'\r' | b'\t' | b',' | b']' | b'}') => Ok(()),
            Some(_) => Err(self.fail(SyntaxProblem::BadNumberEnd(self.character_at(self.at)))),
        }
    }

    #[inline]
    fn digits(&mut self) -> Step<()> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        if self.at > start { Ok(()) } else { Err(self.fail(SyntaxProblem::MissingDigit)) }
    }

    fn word(&mut self, word: &'static [u8]) -> Step<()> {
        let rest = &self.text[self.at..];
        if !rest.starts_with(word) {
            return Err(Stop { at_end: word.starts_with(rest), ..self.fail(SyntaxProblem::UnknownWord) });
        }
        if rest.get(word.len()).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_') {
            return Err(self.fail(SyntaxProblem::UnknownWord));
        }
        self.at += word.len();
        Ok(())
    }

    #[inline]
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn fail(&self, problem: SyntaxProblem) -> Stop {
        Stop { offset: self.at, problem, at_end: self.at >= self.text.len() }
    }

    fn character_at(&self, at: usize) -> char {
        let bytes = self.text.get(at..).unwrap_or_default();
        let valid = bytes[..bytes.len().min(4)].utf8_chunks().next().map_or("", |chunk| chunk.valid());
        valid.chars().next().unwrap_or(char::REPLACEMENT_CHARACTER)
    }
}

/// Whether `start`, the first bytes of a text (`whole`: all of them), is JSON as far as can be seen.
pub(in crate::payload) fn looks_like_json(start: &[u8], whole: bool) -> bool {
    // Nothing can be deeper than it is long.
    let mut lexer = Lexer::new(start, Roots::Many, start.len());
    loop {
        match lexer.next() {
            Ok(Some(_)) => {}
            Ok(None) => return true,
            Err(stop) => return stop.at_end && !whole && stop.problem != SyntaxProblem::Empty,
        }
    }
}

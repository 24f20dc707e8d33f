//! Why a text is not JSON, in words that help to mend it.

use thiserror::Error;

use crate::payload::LimitError;

/// Why there is no result.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum JsonError {
    /// The text breaks the grammar.
    #[error(transparent)]
    Syntax(#[from] SyntaxError),
    /// The text, or what would be made of it, is too large, or whoever asked no longer wants the answer.
    #[error(transparent)]
    Limit(#[from] LimitError),
}

/// The first place where a text breaks the grammar of JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("line {line}, column {column}: {problem}")]
pub struct SyntaxError {
    /// Bytes before the place.
    pub offset: usize,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// What is wrong there.
    pub problem: Problem,
}

/// What is wrong with a text. Characters are as found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[expect(missing_docs, reason = "the messages are the documentation")]
pub enum Problem {
    #[error("there is no value")]
    Empty,
    #[error("the bytes are not UTF-8, which JSON must be")]
    NotUtf8,
    #[error("a value cannot start with {0:?}")]
    UnexpectedCharacter(char),
    #[error("a string stands in double quotes, not in single ones")]
    SingleQuote,
    #[error("JSON has no comments")]
    Comment,
    #[error("not a JSON word: there are true, false and null, in small letters")]
    UnknownWord,
    #[error("a value is missing before {0:?}")]
    MissingValue(char),
    #[error("nothing follows the comma before {0:?}")]
    TrailingComma(char),
    #[error("a key in double quotes is expected, not {0:?}")]
    ExpectedKey(char),
    #[error("a colon is expected after the key, not {0:?}")]
    ExpectedColon(char),
    #[error("a comma or {close:?} is expected, not {found:?}")]
    ExpectedComma { found: char, close: char },
    #[error("the value is complete, but more text follows")]
    TrailingText,
    #[error("the text ends too early; objects and arrays still open: {0}")]
    Unfinished(usize),
    #[error("the string has no closing quote")]
    UnclosedString,
    #[error("a line break inside a string is written as \\n")]
    LineBreakInString,
    #[error("the control character {0:#04x} inside a string is written as an escape")]
    ControlInString(u8),
    #[error("a backslash is followed by one of \" \\ / b f n r t u, not by {0:?}")]
    BadEscape(char),
    #[error("\\u is followed by four hexadecimal digits")]
    BadUnicodeEscape,
    #[error("a number has no zeros in front")]
    LeadingZero,
    #[error("a digit is missing in the number")]
    MissingDigit,
    #[error("the number is followed by {0:?}")]
    BadNumberEnd(char),
    #[error("more than {0} objects and arrays inside each other")]
    TooDeep(usize),
}

impl SyntaxError {
    /// Counts lines and columns up to `offset`: only errors pay for that.
    pub(super) fn locate(text: &[u8], offset: usize, problem: Problem) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let line_start = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
        let line = memchr::memchr_iter(b'\n', before).count() + 1;
        // A byte that does not continue a character starts one.
        let column = before[line_start..].iter().filter(|&&byte| byte & 0xC0 != 0x80).count() + 1;
        Self { offset, line, column, problem }
    }
}

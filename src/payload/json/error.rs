//! Why a text is not JSON, and where.

use crate::payload::LimitError;

/// Why there is no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonError {
    /// The text breaks the grammar.
    Syntax(SyntaxError),
    /// The text is too large, or the result is no longer wanted.
    Limit(LimitError),
}

impl From<SyntaxError> for JsonError {
    fn from(error: SyntaxError) -> Self {
        Self::Syntax(error)
    }
}

impl From<LimitError> for JsonError {
    fn from(error: LimitError) -> Self {
        Self::Limit(error)
    }
}

/// The first place where a text breaks the grammar of JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// Bytes before the place.
    pub offset: usize,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// What is wrong there.
    pub problem: SyntaxProblem,
}

/// What is wrong with a text; characters are those found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SyntaxProblem {
    /// There is no value.
    Empty,
    /// The bytes are not UTF-8, which JSON must be.
    NotUtf8,
    /// A value cannot start with this character.
    UnexpectedCharacter(char),
    /// A string stands in single quotes.
    SingleQuote,
    /// A comment; JSON has none.
    Comment,
    /// A word other than `true`, `false` and `null`.
    UnknownWord,
    /// A value is missing before this character.
    MissingValue(char),
    /// Nothing stands between a comma and this bracket.
    TrailingComma(char),
    /// Not a key in double quotes.
    ExpectedKey(char),
    /// No colon after a key.
    ExpectedColon(char),
    /// No comma or closing bracket after a value.
    ExpectedComma {
        /// What stands there.
        found: char,
        /// The bracket that would close what is open.
        close: char,
    },
    /// More text follows a complete value.
    TrailingText,
    /// The text ends while so many objects and arrays are open.
    Unfinished(usize),
    /// A string has no closing quote.
    UnclosedString,
    /// A line break inside a string.
    LineBreakInString,
    /// A control character inside a string.
    ControlInString(u8),
    /// A backslash before a character that has no escape.
    BadEscape(char),
    /// `\u` without four hexadecimal digits.
    BadUnicodeEscape,
    /// A number with zeros in front.
    LeadingZero,
    /// A number without a digit where one must stand.
    MissingDigit,
    /// A number that this character follows.
    BadNumberEnd(char),
    /// More objects and arrays inside each other than this limit.
    TooDeep(usize),
}

impl SyntaxError {
    /// Counts lines and columns up to `offset`: only errors pay for that.
    pub(super) fn locate(text: &[u8], offset: usize, problem: SyntaxProblem) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let line_start = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
        let line = memchr::memchr_iter(b'\n', before).count() + 1;
        // A byte that does not continue a character starts one.
        let column = before[line_start..].iter().filter(|&&byte| byte & 0xC0 != 0x80).count() + 1;
        Self { offset, line, column, problem }
    }
}

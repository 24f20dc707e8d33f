//! JSON as a value, for what is written from it: numbers as they stand, keys in their order, also twice.

use std::borrow::Cow;

use crate::payload::json::format::locate;
use crate::payload::json::lexer::{Lexer, Roots, Token};
use crate::payload::json::string::decode;
use crate::payload::json::{JsonError, SyntaxProblem};
use crate::payload::{DecodeLimits, LimitError};

/// Objects and arrays inside each other. What a person writes is never as deep; what is written from it may recurse.
const DEPTH_MAX: usize = 128;

/// A value of JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Literal<'t> {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean(bool),
    /// A number as it stands, with all its digits.
    Number(&'t str),
    /// A string.
    Text(Cow<'t, str>),
    /// An array.
    Array(Vec<Self>),
    /// An object, its members in their order.
    Object(Vec<(Cow<'t, str>, Self)>),
}

/// A container that is not closed yet, and the key that its next value has.
enum Open<'t> {
    Array(Vec<Literal<'t>>),
    Object(Vec<(Cow<'t, str>, Literal<'t>)>, Option<Cow<'t, str>>),
}

impl<'t> Literal<'t> {
    /// Reads one value of at most 128 levels (RFC 8259).
    pub fn parse(text: &'t str, limits: &DecodeLimits) -> Result<Self, JsonError> {
        if text.len() > limits.input_bytes_max {
            return Err(LimitError::payload(limits).into());
        }
        let stop = |stop| locate(text.as_bytes(), stop);
        let mut lexer = Lexer::new(text.as_bytes(), Roots::One, DEPTH_MAX.min(limits.depth_max));
        let mut open: Vec<Open<'t>> = Vec::new();
        let mut root = None;
        while let Some((token, range)) = lexer.next().map_err(stop)? {
            let raw = text.get(range).unwrap_or_default();
            let value = match token {
                Token::Key => {
                    if let Some(Open::Object(_, key)) = open.last_mut() {
                        *key = Some(unquoted(raw));
                    }
                    continue;
                }
                Token::Open => {
                    let is_array = raw.starts_with('[');
                    open.push(if is_array {
                        Open::Array(Vec::new())
                    } else {
                        Open::Object(Vec::new(), None)
                    });
                    continue;
                }
                Token::Close => match open.pop() {
                    Some(Open::Array(items)) => Self::Array(items),
                    Some(Open::Object(members, _)) => Self::Object(members),
                    None => continue,
                },
                Token::Scalar => Self::scalar(raw),
            };
            match open.last_mut() {
                Some(Open::Array(items)) => items.push(value),
                Some(Open::Object(members, key)) => members.push((key.take().unwrap_or_default(), value)),
                None => root = Some(value),
            }
        }
        let nothing =
            crate::payload::json::lexer::Stop { offset: 0, problem: SyntaxProblem::Empty, at_end: true };
        root.ok_or_else(|| locate(text.as_bytes(), nothing))
    }

    fn scalar(raw: &'t str) -> Self {
        match raw {
            "null" => Self::Null,
            "true" => Self::Boolean(true),
            "false" => Self::Boolean(false),
            _ if raw.starts_with('"') => Self::Text(unquoted(raw)),
            _ => Self::Number(raw),
        }
    }

    /// The member with this name; of several the last.
    pub fn member(&self, name: &str) -> Option<&Self> {
        let Self::Object(members) = self else { return None };
        members.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// A string.
    pub fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// A number without a fraction, of at most 128 bits.
    pub fn whole(&self) -> Option<i128> {
        if let Self::Number(digits) = self { digits.parse().ok() } else { None }
    }

    /// A number, or one of the words that decoders write for what JSON has no number for.
    pub fn float(&self) -> Option<f64> {
        match self {
            Self::Number(digits) => digits.parse().ok(),
            Self::Text(text) => not_finite(text),
            _ => None,
        }
    }

    /// Bytes as decoders write them: the string `h'0102'`.
    pub fn bytes(&self) -> Option<Vec<u8>> {
        let digits = self.text()?.strip_prefix("h'")?.strip_suffix('\'')?;
        data_encoding::HEXLOWER_PERMISSIVE.decode(digits.as_bytes()).ok()
    }
}

/// What a word of the decoders stands for.
pub(in crate::payload) fn not_finite(word: &str) -> Option<f64> {
    match word {
        "NaN" => Some(f64::NAN),
        "Infinity" => Some(f64::INFINITY),
        "-Infinity" => Some(f64::NEG_INFINITY),
        _ => None,
    }
}

fn unquoted(raw: &str) -> Cow<'_, str> {
    decode(raw.strip_prefix('"').and_then(|raw| raw.strip_suffix('"')).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Literal<'_>, JsonError> {
        Literal::parse(text, &DecodeLimits::default())
    }

    #[test]
    fn nothing_is_rounded_reordered_or_lost() {
        let value =
            parse(r#" {"b": 12345678901234567890.50, "a": ["x\n", true, null, {}], "b": []} "#).unwrap();
        let Literal::Object(members) = &value else { panic!("{value:?}") };
        let keys: Vec<&str> = members.iter().map(|(key, _)| &**key).collect();
        assert_eq!(keys, ["b", "a", "b"]);
        assert_eq!(members[0].1, Literal::Number("12345678901234567890.50"));
        let items =
            [Literal::Text("x\n".into()), Literal::Boolean(true), Literal::Null, Literal::Object(vec![])];
        assert_eq!(members[1].1, Literal::Array(items.to_vec()));
        assert_eq!(value.member("b"), Some(&Literal::Array(vec![])));
    }

    #[test]
    fn words_of_the_decoders_are_understood() {
        assert_eq!(parse("\"h'01fF'\"").unwrap().bytes(), Some(vec![1, 255]));
        assert_eq!(parse("\"h'0'\"").unwrap().bytes(), None);
        assert_eq!(parse("\"-Infinity\"").unwrap().float(), Some(f64::NEG_INFINITY));
        assert_eq!(parse("-170141183460469231731687303715884105728").unwrap().whole(), Some(i128::MIN));
        assert_eq!(parse("1.0").unwrap().whole(), None);
    }

    #[test]
    fn what_is_no_value_says_where() {
        for (text, offset) in [("", 0), ("{\"a\":}", 5), ("1 2", 2)] {
            assert!(matches!(parse(text), Err(JsonError::Syntax(error)) if error.offset == offset), "{text}");
        }
        let deep = "[".repeat(200) + &"]".repeat(200);
        assert!(parse(&deep).is_err());
    }
}

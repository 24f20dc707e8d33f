//! Conditions on what a payload holds: `temp > 30`, `state == "offline" and battery < 20`.
//!
//! The search, the history, stream filters and reply rules ask them, most of them once for each message. So they read
//! values as the plots do, without a tree, and cannot run long: a condition is a list of comparisons.

mod parse;

use std::cmp::Ordering;
use std::fmt;

use crate::payload::decode::Choice;
use crate::payload::query::{FoundValue, JsonPath, PathProblem, number_of, value_at};
use crate::query::values::values_of;

/// What must be true of a payload.
///
/// ```text
/// path  ==  !=  <  <=  >  >=  contains  literal      joined by and, or
/// ```
///
/// A path is written as in [`JsonPath`]; `$` is the whole payload. A literal is a number, a text in double quotes,
/// `true`, `false` or `null`. `and` binds closer than `or`. What is not there meets no comparison, not even `!=`.
/// What [`fmt::Display`] writes is what was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    text: String,
    /// One of these must hold; each holds if all of its comparisons do.
    alternatives: Vec<Vec<Comparison>>,
}

/// Why a text is not a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConditionError {
    /// Where it is not, from 1, in characters.
    pub place: usize,
    /// What is wrong there.
    pub problem: ConditionProblem,
}

/// What is wrong with the text of a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConditionProblem {
    /// A path is missing or wrong.
    Path(PathProblem),
    /// No comparison follows the path.
    NoOperator,
    /// A single `=` stands where `==` is meant.
    SingleEquals,
    /// Nothing follows the comparison.
    NoLiteral,
    /// A text has no quotes around it.
    NoQuotes,
    /// A text has no closing quote.
    UnclosedQuote,
    /// `true`, `false` and `null` are neither larger nor smaller than anything.
    NoOrder,
    /// `contains` needs a text.
    ContainsNoText,
    /// Neither `and` nor `or` follows a comparison.
    NoConjunction,
    /// There are more than [`Condition::COMPARISONS_MAX`] comparisons, or more text than anybody writes.
    TooLong,
}

#[derive(Clone, Debug, PartialEq)]
struct Comparison {
    path: JsonPath,
    operator: Operator,
    literal: Literal,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Contains,
}

#[derive(Clone, Debug, PartialEq)]
enum Literal {
    /// A number, and all its digits if it is whole: 64 bits do not fit into a floating-point number.
    Number(f64, Option<i128>),
    Text(String),
    Bool(bool),
    Null,
}

impl Condition {
    /// The most comparisons of a condition: each costs a walk through the payload.
    pub const COMPARISONS_MAX: usize = 32;

    /// Whether a payload meets the condition. `choice` says how the payload is read; without one its bytes decide.
    pub fn holds(&self, payload: &[u8], choice: Option<&Choice>) -> bool {
        let values = values_of(payload, choice);
        let read = values.as_deref();
        self.alternatives.iter().any(|all| all.iter().all(|comparison| comparison.holds(payload, read)))
    }

    /// The paths that it looks at.
    pub fn paths(&self) -> impl Iterator<Item = &JsonPath> {
        self.alternatives.iter().flatten().map(|comparison| &comparison.path)
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Comparison {
    /// `values` is the JSON that the payload holds.
    fn holds(&self, payload: &[u8], values: Option<&[u8]>) -> bool {
        let is_whole = self.path.segments().is_empty();
        match values.and_then(|values| value_at(values, &self.path).filter(|_| !is_whole || is_one(values))) {
            Some(found) => self.holds_for(&found),
            None if is_whole => self.holds_for_plain(payload),
            None => false,
        }
    }

    fn holds_for(&self, found: &FoundValue<'_>) -> bool {
        let order = match (found, &self.literal) {
            (FoundValue::Number(digits), Literal::Number(float, whole)) => order_of(digits, *float, *whole),
            // Many devices send numbers as texts, and switches as numbers.
            (FoundValue::Text(text), Literal::Number(float, _)) => {
                number_of(text.as_bytes()).and_then(|number| number.partial_cmp(float))
            }
            (FoundValue::Text(text), Literal::Text(literal)) if self.operator == Operator::Contains => {
                return text.contains(literal.as_str());
            }
            (FoundValue::Text(text), Literal::Text(literal)) => Some(text.as_ref().cmp(literal.as_str())),
            (FoundValue::Bool(value), Literal::Bool(literal)) if value == literal => Some(Ordering::Equal),
            (FoundValue::Null, Literal::Null) => Some(Ordering::Equal),
            _ => None,
        };
        self.operator.takes(order)
    }

    /// A payload that is no JSON is a number or a text.
    fn holds_for_plain(&self, payload: &[u8]) -> bool {
        if payload.is_empty() {
            return false;
        }
        match &self.literal {
            Literal::Number(float, _) => {
                let order = number_of(payload).and_then(|number| number.partial_cmp(float));
                self.operator.takes(order)
            }
            Literal::Text(_) | Literal::Bool(_) | Literal::Null => match str::from_utf8(payload) {
                Ok(text) => {
                    self.holds_for(&FoundValue::Text(text.trim_end_matches(['\r', '\n', '\0']).into()))
                }
                Err(_) => self.operator == Operator::NotEqual,
            },
        }
    }
}

/// Whether JSON is one value, not a text that only begins like one (`12 ok`) nor several in a row.
fn is_one(json: &[u8]) -> bool {
    match json.trim_ascii() {
        [b'{', .., b'}'] | [b'[', .., b']'] | [b'"', .., b'"'] => true,
        scalar => !scalar.iter().any(u8::is_ascii_whitespace),
    }
}

fn order_of(digits: &str, float: f64, whole: Option<i128>) -> Option<Ordering> {
    match (digits.parse::<i128>(), whole) {
        (Ok(digits), Some(whole)) => Some(digits.cmp(&whole)),
        _ => digits.parse::<f64>().ok()?.partial_cmp(&float),
    }
}

impl Operator {
    /// Whether it holds for a value that stands so to the literal; `None` if the two cannot be compared.
    fn takes(self, order: Option<Ordering>) -> bool {
        match self {
            Self::Equal => order == Some(Ordering::Equal),
            Self::NotEqual => order != Some(Ordering::Equal),
            Self::Less => order == Some(Ordering::Less),
            Self::LessOrEqual => matches!(order, Some(Ordering::Less | Ordering::Equal)),
            Self::Greater => order == Some(Ordering::Greater),
            Self::GreaterOrEqual => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
            Self::Contains => false,
        }
    }
}

#[cfg(test)]
mod tests;

//! What can be wrong with a template, and where.

use crate::template::function::FunctionName;

/// Where a placeholder stands in the text of a template.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TemplateSpot {
    /// Its first byte.
    pub start: usize,
    /// The byte after its last.
    pub end: usize,
    /// Its line, from 1.
    pub line: usize,
    /// Its column in characters, from 1.
    pub column: usize,
}

impl TemplateSpot {
    pub(super) fn error(self, problem: TemplateProblem) -> TemplateError {
        TemplateError { spot: self, problem }
    }
}

/// A placeholder that cannot be read or has no value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{problem:?} at line {}, column {}", spot.line, spot.column)]
pub struct TemplateError {
    /// Where it stands.
    pub spot: TemplateSpot,
    /// What is wrong with it.
    pub problem: TemplateProblem,
}

/// What is wrong with a placeholder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TemplateProblem {
    /// `{{` without `}}`.
    Unclosed,
    /// Nothing between the braces.
    Empty,
    /// A quote is not closed.
    UnclosedQuote,
    /// No function has this name, and with arguments it cannot be a variable.
    UnknownFunction(String),
    /// The environment has no variable of this name.
    UnknownVariable(String),
    /// A function has too few or too many arguments, or they are of the wrong kind.
    Arguments(FunctionName),
    /// The first number is above the second.
    Reversed(FunctionName),
    /// `{{topic}}` stands in the topic itself.
    NoTopic,
    /// No message of this topic is known, or its payload is not text or has nothing at the path.
    NoValue {
        /// The topic.
        topic: String,
        /// The path; empty for the whole payload.
        path: String,
    },
    /// The filled text would be longer than [`super::FILLED_BYTES_MAX`].
    TooLong,
}

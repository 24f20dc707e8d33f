//! Why something failed, in the words of the person who reads it.

/// A failure in the three lines that the window shows. Holds no secrets.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}: {why}")]
pub struct Failure {
    /// What failed, with its object: `TCP connection to example.org:1883`.
    pub what: String,
    /// The reason: `connection refused`.
    pub why: String,
    /// What may help; may be empty.
    pub suggestion: String,
}

impl Failure {
    /// A failure from its three parts.
    pub fn new(what: impl Into<String>, why: impl Into<String>, suggestion: impl Into<String>) -> Self {
        Self { what: what.into(), why: why.into(), suggestion: suggestion.into() }
    }
}

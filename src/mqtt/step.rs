//! The steps of a connection: what the connection doctor shows, and what a link goes through to connect.

use std::time::Duration;

use crate::mqtt::failure::Failure;

/// One step, after it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What was done, with its object: `TCP connection to 192.0.2.1:1883`.
    pub what: String,
    /// How it ended.
    pub outcome: Outcome,
    /// How long it took; `None` where nothing was waited for.
    pub took: Option<Duration>,
    /// What was found, each a short line: `TLS 1.3, TLS13_AES_256_GCM_SHA384`. No secrets.
    pub details: Vec<String>,
}

/// How a step ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// As it should.
    Ok,
    /// It works, and yet a person should know this.
    Warning(String),
    /// It failed.
    Failed {
        /// The reason: `connection refused`.
        why: String,
        /// What may help; may be empty.
        suggestion: String,
    },
    /// It was not tried, for this reason.
    Skipped(String),
}

impl Step {
    /// A step that went well.
    pub fn ok(what: impl Into<String>, took: Duration) -> Self {
        Self { what: what.into(), outcome: Outcome::Ok, took: Some(took), details: Vec::new() }
    }

    /// The step that ended in `failure`.
    pub fn failed(failure: &Failure, took: Duration) -> Self {
        let Failure { what, why, suggestion } = failure.clone();
        Self { what, outcome: Outcome::Failed { why, suggestion }, took: Some(took), details: Vec::new() }
    }

    /// With a line of what was found.
    #[must_use]
    pub fn detail(mut self, line: impl Into<String>) -> Self {
        self.details.push(line.into());
        self
    }

    /// Whether it failed.
    pub fn is_failed(&self) -> bool {
        matches!(self.outcome, Outcome::Failed { .. })
    }
}

/// Where the steps go while they are taken.
pub type Report<'a> = &'a mut dyn FnMut(Step);

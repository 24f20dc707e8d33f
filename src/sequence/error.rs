//! What can be wrong with a sequence, and why a step fails.

use std::time::Duration;

use crate::mqtt::filter::InvalidTopic;
use crate::mqtt::link::Rejection;
use crate::mqtt::publish::Unpublishable;
use crate::payload::query::PathError;
use crate::query::ConditionError;
use crate::template::TemplateError;

/// Why a file is no sequence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{problem:?} in line {line}")]
pub struct SequenceError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong there.
    pub problem: SequenceProblem,
}

/// What is wrong with a sequence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SequenceProblem {
    /// It is no TOML, or has a key that no step has; in the words of the parser.
    Toml(String),
    /// There is no step.
    NoSteps,
    /// There are more than [`super::STEPS_MAX`] steps.
    TooManySteps,
    /// A step neither publishes, expects, captures nor waits.
    NoKind,
    /// A step does two things.
    TwoKinds(&'static str, &'static str),
    /// A key means nothing in a step of this kind.
    Misplaced {
        /// `within`
        key: &'static str,
        /// `publish`
        kind: &'static str,
    },
    /// `capture` without `from`.
    NoFrom,
    /// A topic or filter cannot be.
    Topic(InvalidTopic),
    /// It is no duration.
    Duration(String),
    /// It is no level of QoS.
    Qos(i64),
    /// It is no path.
    Path(PathError),
    /// It is no condition.
    Condition(ConditionError),
    /// A placeholder cannot be read.
    Template(TemplateError),
    /// No variable can have this name.
    Variable(String),
}

/// Why a step failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepFailure {
    /// A placeholder has no value.
    Template(TemplateError),
    /// With its values, the topic or filter cannot be.
    Topic(InvalidTopic),
    /// A value in the filter has other levels than the one that was subscribed to.
    OtherLevels(String),
    /// With its values, the condition cannot be read.
    Condition(ConditionError),
    /// No expected message came.
    NotExpected {
        /// How long it was waited for.
        within: Duration,
        /// How many messages matched the filter but not the condition.
        unmet: usize,
        /// How many matched but had been kept by the broker, or had not.
        other_retained: usize,
        /// The payload of the last that matched the filter, as text.
        last: Option<String>,
        /// How many messages were forgotten because too many came.
        forgotten: usize,
    },
    /// There is nothing at the path.
    NothingAt(String),
    /// Nothing was expected before the capture.
    NoMessage,
    /// The message cannot be published.
    Unpublishable(Unpublishable),
    /// The broker refused the message.
    Refused(Rejection),
    /// The broker did not acknowledge the message in time.
    NotAcknowledged,
    /// There was no connection, or it was lost.
    NotConnected,
}

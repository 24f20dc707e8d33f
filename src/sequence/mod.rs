//! Sequences: files of steps that publish, expect, capture and wait, to test a broker or a device.
//!
//! [`Sequence::parse`] reads a file. A [`SequenceRun`] says what to do next; its caller does it and reports what happened,
//! with the time since the run began. Both are pure: the command line and the window run the same files.
//!
//! ```
//! use mqttree::sequence::Sequence;
//!
//! let sequence = Sequence::parse(
//!     r#"
//!     [[step]]
//!     publish = "lamp/set"
//!     payload = '{"state": "ON"}'
//!
//!     [[step]]
//!     expect = "lamp/state"
//!     within = "2 s"
//!     where = '.state == "ON"'
//!     "#,
//! )?;
//! assert_eq!(sequence.steps.len(), 2);
//! # Ok::<(), mqttree::sequence::SequenceError>(())
//! ```

mod error;
mod parse;
mod run;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::time::Duration;

pub use crate::sequence::error::{SequenceError, SequenceProblem, StepFailure};
pub use crate::sequence::run::{SequenceRun, StepResult, StepState, Todo};

use crate::message::QoS;
use crate::payload::query::JsonPath;
use crate::template::Template;

/// The largest file that is read, in bytes.
pub const FILE_BYTES_MAX: u64 = 4 * 1024 * 1024;
/// The most steps of a sequence.
pub const STEPS_MAX: usize = 10_000;
/// How long an expected message may take if the step does not say.
pub const WITHIN: Duration = Duration::from_secs(5);

/// What a file says.
#[derive(Clone, Debug, PartialEq)]
pub struct Sequence {
    /// Its name, if it has one of its own.
    pub name: Option<String>,
    /// Variables that it brings.
    pub variables: BTreeMap<String, String>,
    /// What to do, in order; at least one.
    pub steps: Vec<SequenceStep>,
}

/// One step of a sequence.
#[derive(Clone, Debug, PartialEq)]
pub struct SequenceStep {
    /// Where it stands in the file, from 1.
    pub line: usize,
    /// Its name, if it has one of its own.
    pub name: Option<String>,
    /// What it does.
    pub kind: StepAction,
}

/// What a step does.
#[derive(Clone, Debug, PartialEq)]
pub enum StepAction {
    /// Publishes a message and waits for the acknowledgement that its QoS brings.
    Publish {
        /// The topic.
        topic: TemplateText,
        /// The payload.
        payload: TemplateText,
        /// Its QoS.
        qos: QoS,
        /// Whether the broker is to keep it.
        retain: bool,
    },
    /// Waits for a message.
    Expect {
        /// The filter that its topic matches.
        filter: TemplateText,
        /// How long it may take.
        within: Duration,
        /// What must be true of its payload.
        condition: Option<TemplateText>,
        /// Whether a message that the broker had kept is expected, instead of a new one.
        retained: bool,
        /// What to keep of it.
        capture: Option<Capture>,
    },
    /// Keeps a value of the last expected message.
    Capture(Capture),
    /// Does nothing for a while.
    Wait(Duration),
}

/// A value that is kept in a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capture {
    /// The variable.
    pub name: String,
    /// Where the value stands in the payload.
    pub from: JsonPath,
}

/// A text with placeholders, and as it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct TemplateText {
    /// As it stands in the file.
    pub written: String,
    /// What is filled.
    pub template: Template,
}

impl SequenceStep {
    /// Its texts with placeholders.
    fn texts(&self) -> impl Iterator<Item = &TemplateText> {
        let texts = match &self.kind {
            StepAction::Publish { topic, payload, .. } => [Some(topic), Some(payload)],
            StepAction::Expect { filter, condition, .. } => [Some(filter), condition.as_ref()],
            StepAction::Capture(_) | StepAction::Wait(_) => [None, None],
        };
        texts.into_iter().flatten()
    }
}

impl Sequence {
    /// Reads a file; an error names the line.
    pub fn parse(text: &str) -> Result<Self, SequenceError> {
        parse::parse(text)
    }

    /// What must be subscribed to before the first step, each filter once. A level with a placeholder is a wildcard.
    pub fn filters(&self) -> Vec<String> {
        let mut filters = Vec::new();
        let mut add = |filter: String| {
            if !filters.contains(&filter) {
                filters.push(filter);
            }
        };
        for step in &self.steps {
            if let StepAction::Expect { filter, .. } = &step.kind {
                add(levels(&filter.written).join("/"));
            }
            for (topic, _) in step.texts().flat_map(|text| text.template.values()) {
                add(topic.to_owned());
            }
        }
        filters
    }
}

/// The levels of a topic filter; one with a placeholder is `+`.
fn levels(written: &str) -> Vec<&str> {
    let mut ends = Vec::new();
    let mut is_inside = false;
    for (at, char) in written.char_indices() {
        let rest = written.get(at..).unwrap_or_default();
        if rest.starts_with("{{") || rest.starts_with("}}") {
            is_inside = char == '{';
        } else if char == '/' && !is_inside {
            ends.push(at);
        }
    }
    ends.push(written.len());
    let mut start = 0;
    let level = |end: usize| {
        let level = written.get(start..end).unwrap_or_default();
        start = end + 1;
        if level.contains("{{") { "+" } else { level }
    };
    ends.into_iter().map(level).collect()
}

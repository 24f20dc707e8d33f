//! What a payload is compared with, and what the comparison found: values that came, went, changed and moved, and lines.

use std::time::{Duration, Instant};

use bytes::Bytes;

use crate::message::Timestamp;
use crate::model::{MessageId, Model, NodeId};
use crate::panels::inspector::change_lines::ChangeLines;
use crate::panels::inspector::diff_view::DiffLines;
use crate::panels::inspector::message::InspectedMessage;
use crate::panels::scene::Scene;
use crate::payload::decode::{Choice, Format, detect, json};
use crate::payload::diff::{DiffOptions, NoChanges, changes, diff};
use crate::payload::{DecodeLimits, LimitError};
use crate::query::Readings;

/// A comparison of values that takes longer gives way to one of lines.
const VALUES_TIME_MAX: Duration = Duration::from_millis(500);

/// What the payload is compared with instead of the message before it.
#[derive(Clone, Copy, Debug)]
pub enum Against {
    /// The newest message of another topic.
    Topic {
        /// The topic.
        node: NodeId,
        /// The message it was last compared with.
        newest: Option<MessageId>,
    },
    /// Another message of the same topic.
    Message {
        /// The message.
        id: MessageId,
        /// When it came, should it leave the history.
        arrived: Timestamp,
    },
}

/// The other side of a comparison.
#[derive(Debug)]
pub enum Other {
    /// There is no message before this one.
    Nothing,
    /// The message that was chosen has left the history.
    Gone,
    /// A message.
    Message {
        /// Its payload.
        payload: Bytes,
        /// How it is read.
        choice: Option<Choice>,
        /// It came after the message that shows, which is then the old one.
        is_newer: bool,
    },
}

impl Other {
    /// The message that `message` is to be compared with.
    pub fn of(
        message: &InspectedMessage,
        against: Option<Against>,
        scene: &Scene<'_>,
        readings: &mut Readings,
    ) -> Self {
        let model = scene.model;
        let stored = match against {
            None => model.history_before(message.id).next(),
            Some(Against::Topic { node, .. }) => newest_of(model, node),
            Some(Against::Message { id, .. }) => model.message(id),
        };
        match (stored.filter(|stored| !stored.is_payload_dropped()), against) {
            (Some(stored), _) => Self::Message {
                payload: stored.payload_shared(),
                choice: readings.choice_of(model, scene.rules, &stored),
                is_newer: matches!(against, Some(Against::Message { .. }))
                    && stored.number() > message.number,
            },
            (None, Some(Against::Message { .. })) => Self::Gone,
            (None, _) => Self::Nothing,
        }
    }

    /// Bytes of the payload.
    pub fn bytes(&self) -> usize {
        match self {
            Self::Nothing | Self::Gone => 0,
            Self::Message { payload, .. } => payload.len(),
        }
    }
}

/// The newest message of a topic.
pub fn newest_of(model: &Model, node: NodeId) -> Option<crate::model::Stored<'_>> {
    model.node(node).and_then(|node| node.topic).map(|topic| topic.newest)
}

/// A comparison of two messages.
#[derive(Debug)]
pub enum Comparison {
    /// There is no previous message, or it is no longer held.
    NothingBefore,
    /// The chosen message is no longer held.
    OtherGone,
    /// The two cannot be compared.
    Fault(LimitError),
    /// What changed.
    Changes(Box<Compared>),
}

/// What changed, told in both ways.
#[derive(Debug)]
pub struct Compared {
    /// Value by value, or why not.
    pub values: Result<ChangeLines, NoChanges>,
    /// Line by line.
    pub lines: DiffLines,
}

/// Compares a payload with the other one; `None` if it is no longer wanted.
pub fn compare(
    payload: Bytes,
    choice: Option<&Choice>,
    other: Other,
    columns: usize,
    cancel: &dyn Fn() -> bool,
) -> Comparison {
    let (other, other_choice, is_newer) = match other {
        Other::Nothing => return Comparison::NothingBefore,
        Other::Gone => return Comparison::OtherGone,
        Other::Message { payload, choice, is_newer } => (payload, choice, is_newer),
    };
    let other = value_of(other, other_choice.as_ref(), cancel);
    let this = value_of(payload, choice, cancel);
    let (old, new) = if is_newer { (this, other) } else { (other, this) };
    let options = DiffOptions::default();
    let begun = Instant::now();
    let is_late = || begun.elapsed() >= VALUES_TIME_MAX;
    let compared = changes(&old, &new, &options, &is_late, cancel).and_then(|values| {
        let values = values.map(|values| ChangeLines::new(values, columns));
        Ok(Compared { values, lines: DiffLines::new(diff(&old, &new, &options, cancel)?, columns) })
    });
    compared.map_or_else(Comparison::Fault, |compared| Comparison::Changes(Box::new(compared)))
}

/// The bytes to compare: the decoded value if the payload contains one and is not text itself.
fn value_of(payload: Bytes, choice: Option<&Choice>, cancel: &dyn Fn() -> bool) -> Bytes {
    let format = choice.map_or_else(|| detect(&payload), |choice| Some(choice.format()));
    let Some(format) = format.filter(|format| *format != Format::Json) else { return payload };
    let decoder = choice.map_or(format.decoder(), Choice::decoder);
    match json(decoder, &payload, &DecodeLimits::default(), cancel) {
        Some(Ok(json)) => json.into(),
        Some(Err(_)) | None => payload,
    }
}

//! The part of an origin that is wanted.

use crate::interchange::TypedMoment;
use crate::message::{MessageRef, Timestamp};
use crate::mqtt::filter;
use crate::query::{Candidate, Rules, Sieve};

/// Which messages are wanted; every condition must hold.
#[derive(Clone, Debug, Default)]
pub struct Excerpt {
    /// Topic filters, of which one must match; empty for all topics.
    pub filters: Vec<String>,
    /// Start, inclusive.
    pub from: Option<TypedMoment>,
    /// End, exclusive.
    pub to: Option<TypedMoment>,
    /// What messages must pass besides, and how their payloads are read for it.
    pub sieve: Sieve,
    /// How payloads are read where the sieve asks for values.
    pub rules: Rules,
}

/// Start, inclusive, and end, exclusive.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct TimeSpan {
    pub from: Option<Timestamp>,
    pub to: Option<Timestamp>,
}

impl TimeSpan {
    /// Whether a time lies in it.
    pub fn holds(self, at: Timestamp) -> bool {
        self.from.is_none_or(|from| from <= at) && self.to.is_none_or(|to| at < to)
    }
}

impl Excerpt {
    /// The times that are meant among messages of which the first came at `first`.
    pub(super) fn span(&self, first: Option<Timestamp>) -> TimeSpan {
        let at = |moment: Option<TypedMoment>| moment.map(|moment| moment.after(first.unwrap_or_default()));
        TimeSpan { from: at(self.from), to: at(self.to) }
    }

    /// Whether messages of a topic can be wanted.
    pub fn wants_topic(&self, topic: &[u8]) -> bool {
        let mut filters = self.filters.iter();
        (self.filters.is_empty() || filters.any(|filter| filter::matches(filter.as_bytes(), topic)))
            && self.sieve.passes_topic(topic)
    }

    /// Whether a message is wanted whose topic and time are.
    pub fn passes(&self, message: &MessageRef<'_>) -> bool {
        if self.sieve.is_of_topic() {
            return true;
        }
        let payload = message.payload.bytes();
        self.sieve.passes_message(Candidate {
            topic: message.topic,
            payload,
            payload_bytes: payload.len() as u64,
            flags: message.flags,
            choice: self.rules.choice_of_topic(message.topic),
        })
    }
}

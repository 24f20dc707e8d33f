//! What an excerpt comes to, before anything is done with it.

use std::collections::HashSet;
use std::hash::{BuildHasher as _, RandomState};
use std::ops::ControlFlow;

use crate::interchange::{Excerpt, OpenOrigin, Tally};
use crate::message::Timestamp;
use crate::recording::Found;

/// How many topics a preview names.
pub const NAMED_MAX: usize = 5;

/// What an excerpt comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preview {
    /// How many messages.
    pub messages: u64,
    /// How many topics.
    pub topics: u64,
    /// The topics that come first.
    pub first: Vec<Vec<u8>>,
    /// When the earliest and the latest message came.
    pub span: Option<(Timestamp, Timestamp)>,
    /// How many messages have the retain flag.
    pub retained: u64,
    /// Bytes of all payloads.
    pub bytes: u64,
}

/// Looks at all of it; `None` if it was cancelled. Topics are told apart by 64 bits of a hash, so that a million of them
/// need little memory.
pub fn preview(origin: &OpenOrigin, excerpt: &Excerpt, tally: &Tally) -> Option<Preview> {
    let mut preview = Preview::default();
    let (hasher, mut topics) = (RandomState::new(), HashSet::new());
    let walked = origin.walk(excerpt, |found| {
        let Found::Message(message) = found else { return ControlFlow::Continue(()) };
        if !tally.count() {
            return ControlFlow::Break(());
        }
        preview.messages += 1;
        preview.bytes += message.payload.bytes().len() as u64;
        preview.retained += u64::from(message.flags.retain);
        let at = message.arrived;
        preview.span = Some(preview.span.map_or((at, at), |(first, last)| (first.min(at), last.max(at))));
        if topics.insert(hasher.hash_one(message.topic)) && preview.first.len() < NAMED_MAX {
            preview.first.push(message.topic.to_vec());
        }
        ControlFlow::Continue(())
    });
    preview.topics = topics.len() as u64;
    (walked.is_continue() && !tally.is_cancelled()).then_some(preview)
}

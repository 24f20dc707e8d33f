//! Reads a recording in the order in which everything arrived.

use std::ops::ControlFlow;
use std::sync::Arc;

use crate::message::{MessageRef, Timestamp};
use crate::recording::format::event::{self, Gap, RecordedEvent};
use crate::recording::format::footer::FooterEntry;
use crate::recording::format::frame::Kind;
use crate::recording::format::rows::Rows;
use crate::recording::read::Recording;
use crate::recording::read::segment::Segment;
use crate::recording::read::topics::TopicTable;

/// The wanted part of a recording.
pub struct Query<'a> {
    /// Start, inclusive.
    pub from: Option<Timestamp>,
    /// End, exclusive.
    pub to: Option<Timestamp>,
    /// Whether messages of a topic are wanted; asked once per frame and topic.
    pub wants: &'a dyn Fn(&[u8]) -> bool,
}

impl Default for Query<'_> {
    /// Selects everything.
    fn default() -> Self {
        Self { from: None, to: None, wants: &|_| true }
    }
}

impl Query<'_> {
    fn holds(&self, at: Timestamp) -> bool {
        self.from.is_none_or(|from| from <= at) && self.to.is_none_or(|to| at < to)
    }

    fn may_hold(&self, entry: &FooterEntry) -> bool {
        self.from.is_none_or(|from| from <= entry.last) && self.to.is_none_or(|to| entry.first < to)
    }
}

/// An item of a recording.
#[derive(Debug)]
pub enum Found<'a> {
    /// A message.
    Message(MessageRef<'a>),
    /// An event of the connection.
    Event(Timestamp, &'a RecordedEvent),
    /// Messages are missing here.
    Gap(&'a Gap),
}

impl Recording {
    /// Reads everything, so that [`Recording::damage`] is complete afterwards.
    pub fn check(&self) {
        for segment in &self.segments {
            segment.entries.iter().for_each(|entry| segment.check(entry));
            segment.forget_topics();
        }
    }

    /// Passes everything wanted to `each`, until it breaks.
    pub fn walk<B>(
        &self,
        query: &Query<'_>,
        mut each: impl FnMut(Found<'_>) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        for segment in &self.segments {
            walk_segment(segment, query, &mut each)?;
            segment.forget_topics();
        }
        ControlFlow::Continue(())
    }
}

fn walk_segment<B>(
    segment: &Segment,
    query: &Query<'_>,
    each: &mut impl FnMut(Found<'_>) -> ControlFlow<B>,
) -> ControlFlow<B> {
    for entry in segment.entries.iter().filter(|entry| query.may_hold(entry)) {
        match entry.kind {
            Kind::Messages => {
                if let Some(mut rows) = segment.rows(entry) {
                    let topics = segment.topics();
                    if walk_rows(&mut rows, &topics, query, each)?.is_none() {
                        segment.note(entry);
                    }
                }
            }
            Kind::Events => {
                for (at, what) in segment.unpacked(entry).iter().flat_map(|body| event::read(body)) {
                    if query.holds(at) {
                        each(Found::Event(at, &what))?;
                    }
                }
            }
            Kind::Gap => {
                let body = segment.unpacked(entry);
                if let Some(gap) = body.and_then(|body| event::read_gap(&body, entry.first, entry.last)) {
                    each(Found::Gap(&gap))?;
                }
            }
            Kind::Carried | Kind::Topics | Kind::Keyframe | Kind::Footer | Kind::Other(_) => {}
        }
    }
    ControlFlow::Continue(())
}

/// Returns `None` if not everything could be read.
fn walk_rows<B>(
    rows: &mut Rows,
    topics: &TopicTable,
    query: &Query<'_>,
    each: &mut impl FnMut(Found<'_>) -> ControlFlow<B>,
) -> ControlFlow<B, Option<()>> {
    let mut is_whole = true;
    let names: Vec<Option<&[u8]>> = rows
        .topics
        .iter()
        .map(|topic| {
            let name = topics.name(topic.id);
            is_whole &= name.is_some();
            name.filter(|name| (query.wants)(name))
        })
        .collect();
    if names.iter().all(Option::is_none) {
        return ControlFlow::Continue(is_whole.then_some(()));
    }
    if rows.unpack().is_err() {
        return ControlFlow::Continue(None);
    }
    for row in &rows.messages {
        let Some(Some(name)) = names.get(row.topic as usize) else { continue };
        if !query.holds(row.at) {
            continue;
        }
        let Ok(properties) = rows.properties(row) else {
            is_whole = false;
            continue;
        };
        let properties = properties.map(Arc::new);
        match rows.message(row, name, properties.as_ref()) {
            Some(message) => each(Found::Message(message))?,
            None => is_whole = false,
        }
    }
    ControlFlow::Continue(is_whole.then_some(()))
}

//! The whole tree at a certain moment: the newest message of every topic.
//!
//! "At a moment" means everything that had arrived up to the last message with that time or an earlier one. If the
//! clock was set back, some times occur twice, and the later occurrence counts.

use std::ops::ControlFlow;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::message::{MessageRef, Timestamp};
use crate::recording::format::footer::FooterEntry;
use crate::recording::format::frame::Kind;
use crate::recording::format::keyframe::FramePlace;
use crate::recording::read::Recording;
use crate::recording::read::segment::Segment;
use crate::recording::read::stored::{holds_messages, of_messages};

/// The position of every topic's newest message at a moment.
#[derive(Debug)]
pub struct Moment<'a> {
    segment: &'a Segment,
    places: FxHashMap<u32, FramePlace>,
    at: Timestamp,
}

impl Recording {
    /// The recording at this time; `None` if nothing had arrived yet.
    pub fn moment(&self, at: Timestamp) -> Option<Moment<'_>> {
        for segment in self.segments.iter().rev() {
            let before = segment.entries.iter().enumerate().rev();
            for (index, entry) in
                before.filter(|(_, entry)| entry.kind == Kind::Messages && entry.first <= at)
            {
                let Some(rows) = segment.rows(entry) else { continue };
                // There is one unless the head's times are wrong.
                let Some(row) = rows.messages.iter().rposition(|row| row.at <= at) else { continue };
                let mut places = FxHashMap::default();
                let start = keyframe_before(segment, index, &mut places);
                for earlier in segment.entries.get(start..index).unwrap_or_default() {
                    apply(segment, earlier, &mut places);
                }
                for (row_index, row) in (0..).zip(rows.messages.iter().take(row + 1)) {
                    if let Some(topic) = rows.topic_of(row) {
                        places.insert(topic.id, FramePlace { ordinal: entry.ordinal, row: row_index });
                    }
                }
                let at = rows.messages.get(row).map_or(at, |row| row.at);
                return Some(Moment { segment, places, at });
            }
        }
        None
    }

    /// The recording at its end.
    pub fn end(&self) -> Option<Moment<'_>> {
        self.moment(Timestamp(i64::MAX))
    }
}

/// Loads the last keyframe before the frame at `index`; returns the index of the first frame to apply after it.
fn keyframe_before(segment: &Segment, index: usize, places: &mut FxHashMap<u32, FramePlace>) -> usize {
    let before = segment.entries.get(..index).unwrap_or_default().iter().enumerate().rev();
    for (index, entry) in before.filter(|(_, entry)| entry.kind == Kind::Keyframe) {
        places.reserve((entry.count as usize).min(entry.bytes as usize * 16));
        if segment.keyframe(entry, |id, place| {
            places.insert(id, place);
        }) {
            return index;
        }
        places.clear();
    }
    0
}

/// Applies a frame, whose messages are now the newest of their topics.
fn apply(segment: &Segment, entry: &FooterEntry, places: &mut FxHashMap<u32, FramePlace>) {
    if !holds_messages(entry) {
        return;
    }
    let Some(rows) = segment.rows(entry) else { return };
    for (index, row) in (0..).zip(&rows.messages) {
        if let Some(topic) = rows.topic_of(row) {
            places.insert(topic.id, FramePlace { ordinal: entry.ordinal, row: index });
        }
    }
}

impl Moment<'_> {
    /// How many topics have a message.
    pub fn topics(&self) -> usize {
        self.places.len()
    }

    /// When the last message had arrived.
    pub fn at(&self) -> Timestamp {
        self.at
    }

    /// Passes the newest message of every topic to `each`, in order of arrival, until it breaks.
    pub fn walk<B>(&self, mut each: impl FnMut(MessageRef<'_>) -> ControlFlow<B>) -> ControlFlow<B> {
        let topics = self.segment.topics();
        let mut places: Vec<(FramePlace, u32)> =
            self.places.iter().map(|(id, place)| (*place, *id)).collect();
        places.sort_unstable();
        for group in places.chunk_by(|(one, _), (other, _)| one.ordinal == other.ordinal) {
            let Some((first, _)) = group.first() else { continue };
            let Some(entry) = of_messages(&self.segment.entries, first.ordinal) else { continue };
            let Some(mut rows) = self.segment.rows(entry) else { continue };
            if rows.unpack().is_err() {
                self.segment.note(entry);
                continue;
            }
            for (place, id) in group {
                let Some(row) = rows.messages.get(place.row as usize) else { continue };
                let (Some(name), Ok(properties)) = (topics.name(*id), rows.properties(row)) else { continue };
                let properties = properties.map(Arc::new);
                if let Some(message) = rows.message(row, name, properties.as_ref()) {
                    each(message)?;
                }
            }
        }
        ControlFlow::Continue(())
    }
}

//! The messages of one topic from the newest to the oldest, across all segments.
//!
//! For each of its topics a frame names the previous frame with a message of it, so nothing else has to be read. If
//! damage breaks this chain, the earlier frames are searched one by one.

use std::ops::ControlFlow;
use std::sync::Arc;

use crate::message::{Flags, MessageRef, Payload, PublishProperties, Timestamp};
use crate::recording::format::footer::FooterEntry;
use crate::recording::format::frame::Kind;
use crate::recording::format::rows::Rows;
use crate::recording::read::Recording;
use crate::recording::read::segment::Segment;
use crate::recording::read::stored::{holds_messages, of_messages};

/// A message of a topic's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedMessage {
    /// The payload.
    pub payload: Vec<u8>,
    /// QoS, retain, DUP.
    pub flags: Flags,
    /// MQTT 5 properties, if any were set.
    pub properties: Option<Arc<PublishProperties>>,
    /// Time of arrival.
    pub arrived: Timestamp,
}

/// Where to continue looking for a topic.
enum Onward {
    /// In this segment, in the frame with this ordinal.
    At(u32),
    /// In this segment, somewhere before the frame with this ordinal.
    Before(u32),
    /// In the previous segment, in the frame with this ordinal.
    Earlier(u32),
    /// Nowhere in this run.
    End,
}

impl RecordedMessage {
    /// The message as one of this topic.
    pub fn of_topic<'a>(&'a self, topic: &'a [u8]) -> MessageRef<'a> {
        let Self { payload, flags, properties, arrived } = self;
        let (payload, properties) = (Payload::Small(payload), properties.as_ref());
        MessageRef { topic, payload, flags: *flags, properties, arrived: *arrived }
    }
}

impl Recording {
    /// Passes a topic's messages to `each`, newest first, until it breaks.
    pub fn history<B>(
        &self,
        topic: &[u8],
        each: impl FnMut(RecordedMessage) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        self.history_until(topic, Timestamp(i64::MAX), each)
    }

    /// Passes a topic's messages to `each` as [`Recording::history`] does, but only those that arrived by a time.
    pub fn history_until<B>(
        &self,
        topic: &[u8],
        until: Timestamp,
        mut each: impl FnMut(RecordedMessage) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        let mut segments = self.segments.as_slice();
        // Where a segment is missing, a carried message is handed on; the one that it was copied from may come next.
        let mut carried = None;
        let mut each = |stored: RecordedMessage, is_carried: bool| {
            let is_known = carried.take().as_ref() == Some(&stored);
            if is_carried {
                carried = Some(stored.clone());
            }
            if is_known { ControlFlow::Continue(()) } else { each(stored) }
        };
        while let Some(last) = segments.last() {
            let start =
                segments.iter().rposition(|segment| segment.run != last.run).map_or(0, |other| other + 1);
            let (earlier, run) = segments.split_at(start);
            history_of_run(run, Wanted { topic, until }, &mut each)?;
            segments = earlier;
        }
        ControlFlow::Continue(())
    }
}

/// What is looked for.
#[derive(Clone, Copy)]
struct Wanted<'a> {
    topic: &'a [u8],
    until: Timestamp,
}

fn history_of_run<B>(
    run: &[Segment],
    Wanted { topic, until }: Wanted<'_>,
    each: &mut impl FnMut(RecordedMessage, bool) -> ControlFlow<B>,
) -> ControlFlow<B> {
    // The last segment of a run knows all of its topics, unless it is damaged.
    let Some(id) = run.iter().rev().find_map(|segment| segment.topics().id(topic)) else {
        return ControlFlow::Continue(());
    };
    let mut start = None;
    for (index, segment) in run.iter().enumerate().rev() {
        let before = index.checked_sub(1).and_then(|index| run.get(index));
        let before = before.filter(|before| before.number + 1 == segment.number);
        let mut onward = match start.take() {
            Some(ordinal) => Onward::At(ordinal),
            None => newest(segment, id),
        };
        loop {
            onward = match onward {
                Onward::At(ordinal) => match of_messages(&segment.entries, ordinal) {
                    Some(entry) => step(segment, entry, (id, until), before.is_none(), each)?,
                    None => Onward::Before(ordinal),
                },
                Onward::Before(ordinal) => match look_before(segment, ordinal, id) {
                    Some(entry) => step(segment, entry, (id, until), before.is_none(), each)?,
                    None => Onward::End,
                },
                Onward::Earlier(ordinal) => {
                    start = Some(ordinal);
                    break;
                }
                Onward::End => break,
            };
        }
    }
    ControlFlow::Continue(())
}

/// Passes on a frame's messages of the topic, and returns where to continue.
fn step<B>(
    segment: &Segment,
    entry: &FooterEntry,
    (id, until): (u32, Timestamp),
    is_oldest: bool,
    each: &mut impl FnMut(RecordedMessage, bool) -> ControlFlow<B>,
) -> ControlFlow<B, Onward> {
    let ordinal = entry.ordinal;
    let Some(mut rows) = segment.rows(entry) else { return ControlFlow::Continue(Onward::Before(ordinal)) };
    let Some(local) = rows.topics.iter().position(|topic| topic.id == id) else {
        return ControlFlow::Continue(Onward::Before(ordinal));
    };
    let before = rows.topics.get(local).and_then(|topic| topic.before);
    let is_carried = entry.kind == Kind::Carried;
    // A carried message is also in the previous segment, if that still exists.
    if (!is_carried || is_oldest) && entry.first <= until {
        hand_on(segment, entry, &mut rows, (local as u32, until), each)?;
    }
    ControlFlow::Continue(match before {
        Some(before) if is_carried && !is_oldest => Onward::Earlier(before),
        Some(before) if !is_carried && before < ordinal => Onward::At(before),
        _ => Onward::End,
    })
}

fn hand_on<B>(
    segment: &Segment,
    entry: &FooterEntry,
    rows: &mut Rows,
    (local, until): (u32, Timestamp),
    each: &mut impl FnMut(RecordedMessage, bool) -> ControlFlow<B>,
) -> ControlFlow<B> {
    if rows.unpack().is_err() {
        segment.note(entry);
        return ControlFlow::Continue(());
    }
    for row in rows.messages.iter().rev().filter(|row| row.topic == local && row.at <= until) {
        let (Some(payload), Ok(properties)) = (rows.payload(row), rows.properties(row)) else { continue };
        let properties = properties.map(Arc::new);
        let stored =
            RecordedMessage { payload: payload.to_vec(), flags: row.flags, properties, arrived: row.at };
        each(stored, entry.kind == Kind::Carried)?;
    }
    ControlFlow::Continue(())
}

/// The newest frame of the segment with the topic: after the last keyframe, or where that points.
fn newest(segment: &Segment, id: u32) -> Onward {
    for entry in segment.entries.iter().rev() {
        if entry.kind == Kind::Keyframe {
            let mut found = None;
            if segment.keyframe(entry, |topic, place| {
                if topic == id {
                    found = Some(place.ordinal);
                }
            }) {
                return found.map_or(Onward::End, Onward::At);
            }
        } else if holds_messages(entry)
            && segment.rows(entry).is_some_and(|rows| rows.topics.iter().any(|topic| topic.id == id))
        {
            return Onward::At(entry.ordinal);
        }
    }
    Onward::End
}

/// The last frame with the topic before the one with this ordinal.
fn look_before(segment: &Segment, ordinal: u32, id: u32) -> Option<&FooterEntry> {
    let before =
        segment.entries.iter().rev().filter(|entry| holds_messages(entry) && entry.ordinal < ordinal);
    before
        .into_iter()
        .find(|entry| segment.rows(entry).is_some_and(|rows| rows.topics.iter().any(|topic| topic.id == id)))
}

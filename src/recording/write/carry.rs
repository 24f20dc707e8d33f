//! The beginning of a segment: the newest message of each topic, read back from the previous segment.

use std::io;
use std::sync::Arc;

use crate::message::Timestamp;
use crate::recording::format::footer::FooterEntry;
use crate::recording::format::frame::Kind;
use crate::recording::format::keyframe::FramePlace;
use crate::recording::format::rows::Builder;
use crate::recording::read::stored;
use crate::recording::write::segment::{Frames, Segment};
use crate::recording::write::topics::Topics;
use crate::recording::write::writer::{Definitions, put};

/// A closed segment, with the position of each topic's newest message.
pub(super) struct Carry {
    from: Segment,
    /// Positions in file order.
    places: Vec<(FramePlace, u32)>,
}

impl Carry {
    pub(super) fn new(from: Segment, topics: &Topics) -> Self {
        let mut places: Vec<(FramePlace, u32)> = topics.places().map(|(id, place)| (place, id)).collect();
        places.sort_unstable();
        Self { from, places }
    }

    /// Writes the messages into a new segment. What cannot be read back is left out.
    pub(super) fn write_into(
        &self,
        segment: &mut Segment,
        topics: &mut Topics,
        builder: &mut Builder,
        definitions: &mut Definitions,
        frame_bytes_max: usize,
    ) -> io::Result<()> {
        let mut frames = Frames::default();
        for group in self.places.chunk_by(|(one, _), (other, _)| one.ordinal == other.ordinal) {
            let Some(((first, _), entry)) =
                group.first().and_then(|first| Some((first, self.entry(first.0.ordinal)?)))
            else {
                continue;
            };
            let Ok(mut rows) = stored::rows(&self.from.file, entry) else { continue };
            if rows.unpack().is_err() {
                continue;
            }
            for (place, id) in group {
                let Some(row) = rows.messages.get(place.row as usize) else { continue };
                let properties = rows.properties(row).ok().flatten().map(Arc::new);
                let name = topics.name(*id).to_vec();
                let Some(message) = rows.message(row, &name, properties.as_ref()) else { continue };
                definitions.note(topics, *id, segment.number);
                let ordinal = segment.message_frames;
                put(builder, topics, (*id, ordinal), |_| Some(first.ordinal), message);
                if builder.raw_bytes() >= frame_bytes_max {
                    seal(segment, &mut frames, builder, definitions)?;
                }
            }
        }
        if builder.count() > 0 {
            seal(segment, &mut frames, builder, definitions)?;
        }
        Ok(())
    }

    /// The message frame with this ordinal.
    fn entry(&self, ordinal: u32) -> Option<&FooterEntry> {
        stored::of_messages(&self.from.entries, ordinal)
    }
}

fn seal(
    segment: &mut Segment,
    frames: &mut Frames,
    builder: &mut Builder,
    definitions: &mut Definitions,
) -> io::Result<()> {
    let (ordinal, count) = (segment.message_frames, builder.count());
    let span: (Timestamp, Timestamp) = builder.span();
    definitions.seal(frames, ordinal, span);
    let bytes = builder.seal(Kind::Carried, ordinal, &mut frames.bytes);
    frames.entry(Kind::Carried, ordinal, count, span, bytes);
    let written = segment.write(frames);
    frames.clear();
    written
}

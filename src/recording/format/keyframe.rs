//! The body of a keyframe: the position of each topic's newest message at this point in the segment.

use crate::recording::format::input::{Input, MalformedFrame};
use crate::recording::format::varint;

/// Position of a message within its segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::recording) struct FramePlace {
    /// Ordinal of the frame.
    pub ordinal: u32,
    /// Index of the message in the frame.
    pub row: u32,
}

/// The body of the keyframe with this ordinal; topics are in ascending order of their numbers.
pub(in crate::recording) fn body(
    ordinal: u32,
    places: impl Iterator<Item = (u32, FramePlace)>,
) -> (u32, Vec<u8>) {
    let mut out = Vec::new();
    let (mut count, mut next) = (0, 0);
    for (id, place) in places {
        varint::put(&mut out, u64::from(id - next));
        varint::put(&mut out, u64::from(ordinal - place.ordinal));
        varint::put(&mut out, u64::from(place.row));
        next = id + 1;
        count += 1;
    }
    (count, out)
}

/// Passes every topic and its place to `each`.
pub(in crate::recording) fn read(
    ordinal: u32,
    body: &[u8],
    mut each: impl FnMut(u32, FramePlace),
) -> Result<(), MalformedFrame> {
    let mut input = Input(body);
    let mut next = 0_u32;
    while !input.0.is_empty() {
        let id = next.checked_add(input.varint_u32()?).ok_or(MalformedFrame)?;
        let ordinal = ordinal.checked_sub(input.varint_u32()?).ok_or(MalformedFrame)?;
        each(id, FramePlace { ordinal, row: input.varint_u32()? });
        next = id.checked_add(1).ok_or(MalformedFrame)?;
    }
    Ok(())
}

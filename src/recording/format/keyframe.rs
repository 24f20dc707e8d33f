//! The body of a keyframe: where the newest message of each topic is, at this place of the segment.

use crate::recording::format::input::{Input, Malformed};
use crate::recording::format::varint;

/// Where a message is, within its segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::recording) struct Place {
    /// The frame.
    pub ordinal: u32,
    /// The message in the frame.
    pub row: u32,
}

/// The body of the keyframe with this ordinal; topics come in ascending order of their numbers.
pub(in crate::recording) fn body(ordinal: u32, places: impl Iterator<Item = (u32, Place)>) -> (u32, Vec<u8>) {
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

/// Hands every topic and its place to `each`.
pub(in crate::recording) fn read(
    ordinal: u32,
    body: &[u8],
    mut each: impl FnMut(u32, Place),
) -> Result<(), Malformed> {
    let mut input = Input(body);
    let mut next = 0_u32;
    while !input.0.is_empty() {
        let id = next.checked_add(input.varint_u32()?).ok_or(Malformed)?;
        let ordinal = ordinal.checked_sub(input.varint_u32()?).ok_or(Malformed)?;
        each(id, Place { ordinal, row: input.varint_u32()? });
        next = id.checked_add(1).ok_or(Malformed)?;
    }
    Ok(())
}

//! The end of a closed segment: a frame that lists all others, and sixteen bytes that locate it.

use crate::message::Timestamp;
use crate::recording::format::frame::Kind;
use crate::recording::format::input::{Input, MalformedFrame};
use crate::recording::format::varint;

/// Size of the trailer after the footer: the footer's offset and [`MARK`].
pub(in crate::recording) const TRAILER_BYTES: usize = 16;
/// The last bytes of a closed segment.
const MARK: [u8; 8] = *b"MQRECEND";

/// A listed frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::recording) struct FooterEntry {
    /// What the frame holds.
    pub kind: Kind,
    /// Offset of the frame in the file.
    pub offset: u64,
    /// How many message frames precede it.
    pub ordinal: u32,
    /// Size of head and body in bytes.
    pub bytes: u32,
    /// How many messages, topics or events it holds.
    pub count: u32,
    /// Its earliest time.
    pub first: Timestamp,
    /// Its latest time.
    pub last: Timestamp,
}

/// The body of the footer. The frames must follow one another without gaps.
pub(in crate::recording) fn body(entries: &[FooterEntry]) -> Vec<u8> {
    let mut out = Vec::with_capacity(entries.len() * 12);
    let mut previous = 0_i64;
    for FooterEntry { kind, bytes, count, first, last, .. } in entries {
        out.push(kind.code());
        varint::put(&mut out, u64::from(*bytes));
        varint::put(&mut out, u64::from(*count));
        varint::put_signed(&mut out, first.0.wrapping_sub(previous));
        varint::put_signed(&mut out, last.0.wrapping_sub(first.0));
        previous = first.0;
    }
    out
}

/// Parses the list; `start` is the offset of the first frame.
pub(in crate::recording) fn read(body: &[u8], start: u64) -> Result<Vec<FooterEntry>, MalformedFrame> {
    let mut input = Input(body);
    let mut entries: Vec<FooterEntry> = Vec::new();
    let (mut offset, mut previous, mut ordinal) = (start, 0_i64, 0_u32);
    while !input.0.is_empty() {
        let kind = Kind::from(input.byte()?);
        let (bytes, count) = (input.varint_u32()?, input.varint_u32()?);
        let first = previous.wrapping_add(input.varint_signed()?);
        let last = first.wrapping_add(input.varint_signed()?);
        entries.push(FooterEntry {
            kind,
            offset,
            ordinal,
            bytes,
            count,
            first: Timestamp(first),
            last: Timestamp(last),
        });
        offset = offset.checked_add(u64::from(bytes)).ok_or(MalformedFrame)?;
        previous = first;
        ordinal += u32::from(kind.holds_messages());
    }
    Ok(entries)
}

/// The trailer of a segment whose footer begins at `offset`.
pub(in crate::recording) fn trailer(offset: u64) -> [u8; TRAILER_BYTES] {
    let mut bytes = [0; TRAILER_BYTES];
    for (place, byte) in bytes.iter_mut().zip(offset.to_le_bytes().iter().chain(&MARK)) {
        *place = *byte;
    }
    bytes
}

/// Offset of the footer, if this is the trailer of a closed segment.
pub(in crate::recording) fn offset_of(trailer: &[u8; TRAILER_BYTES]) -> Option<u64> {
    let mut input = Input(trailer);
    let offset = input.u64().ok()?;
    (input.0 == MARK).then_some(offset)
}

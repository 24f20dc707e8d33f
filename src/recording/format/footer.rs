//! The end of a segment that was closed: a frame that lists all others, and sixteen bytes that lead to it.

use crate::message::Timestamp;
use crate::recording::format::frame::Kind;
use crate::recording::format::input::{Input, Malformed};
use crate::recording::format::varint;

/// Bytes behind the footer: where it begins, and [`MARK`].
pub(in crate::recording) const TRAILER_BYTES: usize = 16;
/// What a whole segment ends with.
const MARK: [u8; 8] = *b"MQRECEND";

/// A frame of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::recording) struct Entry {
    /// What it holds.
    pub kind: Kind,
    /// Where it begins in the file.
    pub offset: u64,
    /// How many frames of messages stand before it.
    pub ordinal: u32,
    /// Bytes of head and body.
    pub bytes: u32,
    /// Messages, topics or events in it.
    pub count: u32,
    /// The earliest time in it.
    pub first: Timestamp,
    /// The latest time in it.
    pub last: Timestamp,
}

/// The body of the footer; the frames follow each other without room.
pub(in crate::recording) fn body(entries: &[Entry]) -> Vec<u8> {
    let mut out = Vec::with_capacity(entries.len() * 12);
    let mut previous = 0_i64;
    for Entry { kind, bytes, count, first, last, .. } in entries {
        out.push(kind.code());
        varint::put(&mut out, u64::from(*bytes));
        varint::put(&mut out, u64::from(*count));
        varint::put_signed(&mut out, first.0.wrapping_sub(previous));
        varint::put_signed(&mut out, last.0.wrapping_sub(first.0));
        previous = first.0;
    }
    out
}

/// Reads the list; `start` is where the first frame begins.
pub(in crate::recording) fn read(body: &[u8], start: u64) -> Result<Vec<Entry>, Malformed> {
    let mut input = Input(body);
    let mut entries: Vec<Entry> = Vec::new();
    let (mut offset, mut previous, mut ordinal) = (start, 0_i64, 0_u32);
    while !input.0.is_empty() {
        let kind = Kind::from(input.byte()?);
        let (bytes, count) = (input.varint_u32()?, input.varint_u32()?);
        let first = previous.wrapping_add(input.varint_signed()?);
        let last = first.wrapping_add(input.varint_signed()?);
        entries.push(Entry {
            kind,
            offset,
            ordinal,
            bytes,
            count,
            first: Timestamp(first),
            last: Timestamp(last),
        });
        offset = offset.checked_add(u64::from(bytes)).ok_or(Malformed)?;
        previous = first;
        ordinal += u32::from(kind.holds_messages());
    }
    Ok(entries)
}

/// The last bytes of a segment whose footer begins at `offset`.
pub(in crate::recording) fn trailer(offset: u64) -> [u8; TRAILER_BYTES] {
    let mut bytes = [0; TRAILER_BYTES];
    for (place, byte) in bytes.iter_mut().zip(offset.to_le_bytes().iter().chain(&MARK)) {
        *place = *byte;
    }
    bytes
}

/// Where the footer begins, if these are the last bytes of a segment that was closed.
pub(in crate::recording) fn offset_of(trailer: &[u8; TRAILER_BYTES]) -> Option<u64> {
    let mut input = Input(trailer);
    let offset = input.u64().ok()?;
    (input.0 == MARK).then_some(offset)
}

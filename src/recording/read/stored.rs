//! Reads frames out of a file, and believes nothing before its CRC was right.

use std::fs::File;
use std::io;

use crate::recording::format::footer::Entry;
use crate::recording::format::frame::{self, HEAD_BYTES, Head};
use crate::recording::format::input::Malformed;
use crate::recording::format::rows::Rows;

/// Why a frame could not be read.
#[derive(Debug)]
pub(in crate::recording) enum Unreadable {
    /// The bytes are not what was written.
    Damaged,
    /// The system did not give them.
    System(io::Error),
}

impl From<Malformed> for Unreadable {
    fn from(_: Malformed) -> Self {
        Self::Damaged
    }
}

impl From<io::Error> for Unreadable {
    fn from(error: io::Error) -> Self {
        // The file is shorter than it was.
        if error.kind() == io::ErrorKind::UnexpectedEof { Self::Damaged } else { Self::System(error) }
    }
}

/// Fills `buffer` from this place of the file, without moving anybody's cursor.
#[cfg(unix)]
pub(super) fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, buffer, offset)
}

/// Fills `buffer` from this place of the file.
#[cfg(windows)]
pub(super) fn read_at(file: &File, mut buffer: &mut [u8], mut offset: u64) -> io::Result<()> {
    while !buffer.is_empty() {
        match std::os::windows::fs::FileExt::seek_read(file, buffer, offset)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            read => {
                buffer = &mut buffer[read..];
                offset += read as u64;
            }
        }
    }
    Ok(())
}

/// The head of the frame at this place.
pub(super) fn head(file: &File, offset: u64) -> Result<Head, Unreadable> {
    let mut bytes = [0; HEAD_BYTES];
    read_at(file, &mut bytes, offset)?;
    Ok(Head::read(&bytes)?)
}

/// A frame: its head, and its body as it stands in the file.
fn body(file: &File, entry: &Entry) -> Result<(Head, Vec<u8>), Unreadable> {
    // The length is the file's own: no more is reserved than was seen to be there.
    let mut bytes = vec![0; (entry.bytes as usize).max(HEAD_BYTES)];
    read_at(file, &mut bytes, entry.offset)?;
    let (head, body) = bytes.split_first_chunk().ok_or(Unreadable::Damaged)?;
    let head = Head::read(head)?;
    let is_listed =
        head.kind == entry.kind && head.ordinal == entry.ordinal && head.stored as usize == body.len();
    if !is_listed || (!cfg!(fuzzing) && crc32fast::hash(body) != head.crc) {
        return Err(Unreadable::Damaged);
    }
    bytes.drain(..HEAD_BYTES);
    Ok((head, bytes))
}

/// The body of a frame of anything but messages, unpacked.
pub(super) fn unpacked(file: &File, entry: &Entry) -> Result<Vec<u8>, Unreadable> {
    let (head, body) = body(file, entry)?;
    Ok(frame::unpack(&body, head.codec, head.raw as usize)?)
}

/// The messages of a frame; their payloads are still packed.
pub(in crate::recording) fn rows(file: &File, entry: &Entry) -> Result<Rows, Unreadable> {
    let (head, body) = body(file, entry)?;
    Ok(Rows::read(&head, &body)?)
}

/// Whether a frame holds messages.
pub(in crate::recording) fn holds_messages(entry: &Entry) -> bool {
    entry.kind.holds_messages()
}

/// The frame of messages with this ordinal.
pub(in crate::recording) fn of_messages(entries: &[Entry], ordinal: u32) -> Option<&Entry> {
    // Those without messages share the ordinal of the next one with messages.
    let start = entries.partition_point(|entry| entry.ordinal < ordinal);
    let found = entries.get(start..)?.iter().find(|entry| holds_messages(entry));
    found.filter(|entry| entry.ordinal == ordinal)
}

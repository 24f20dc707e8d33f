//! Reads frames from a file, trusting nothing before its CRC was checked.

use std::fs::File;
use std::io;

use crate::recording::format::footer::FooterEntry;
use crate::recording::format::frame::{self, FrameHead, HEAD_BYTES};
use crate::recording::format::input::MalformedFrame;
use crate::recording::format::rows::Rows;

/// Why a frame could not be read.
#[derive(Debug)]
pub(in crate::recording) enum Unreadable {
    /// The bytes differ from what was written.
    Damaged,
    /// The system could not read them.
    System(io::Error),
}

impl From<MalformedFrame> for Unreadable {
    fn from(_: MalformedFrame) -> Self {
        Self::Damaged
    }
}

impl From<io::Error> for Unreadable {
    fn from(error: io::Error) -> Self {
        // The file has become shorter.
        if error.kind() == io::ErrorKind::UnexpectedEof { Self::Damaged } else { Self::System(error) }
    }
}

/// Fills `buffer` from this offset of the file, without moving a shared cursor.
#[cfg(unix)]
pub(super) fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, buffer, offset)
}

/// Fills `buffer` from this offset of the file.
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

/// The head of the frame at this offset.
pub(super) fn head(file: &File, offset: u64) -> Result<FrameHead, Unreadable> {
    let mut bytes = [0; HEAD_BYTES];
    read_at(file, &mut bytes, offset)?;
    Ok(FrameHead::read(&bytes)?)
}

/// A frame's head, and its body as stored in the file.
fn body(file: &File, entry: &FooterEntry) -> Result<(FrameHead, Vec<u8>), Unreadable> {
    // The length comes from the file itself, so no more is reserved than exists.
    let mut bytes = vec![0; (entry.bytes as usize).max(HEAD_BYTES)];
    read_at(file, &mut bytes, entry.offset)?;
    let (head, body) = bytes.split_first_chunk().ok_or(Unreadable::Damaged)?;
    let head = FrameHead::read(head)?;
    let is_listed =
        head.kind == entry.kind && head.ordinal == entry.ordinal && head.stored as usize == body.len();
    if !is_listed || (!cfg!(fuzzing) && crc32fast::hash(body) != head.crc) {
        return Err(Unreadable::Damaged);
    }
    bytes.drain(..HEAD_BYTES);
    Ok((head, bytes))
}

/// The decompressed body of a frame without messages.
pub(super) fn unpacked(file: &File, entry: &FooterEntry) -> Result<Vec<u8>, Unreadable> {
    let (head, body) = body(file, entry)?;
    Ok(frame::unpack(&body, head.codec, head.raw as usize)?)
}

/// The messages of a frame, with payloads still compressed.
pub(in crate::recording) fn rows(file: &File, entry: &FooterEntry) -> Result<Rows, Unreadable> {
    let (head, body) = body(file, entry)?;
    Ok(Rows::read(&head, &body)?)
}

/// Whether a frame holds messages.
pub(in crate::recording) fn holds_messages(entry: &FooterEntry) -> bool {
    entry.kind.holds_messages()
}

/// The message frame with this ordinal.
pub(in crate::recording) fn of_messages(entries: &[FooterEntry], ordinal: u32) -> Option<&FooterEntry> {
    // Frames without messages share the ordinal of the next message frame.
    let start = entries.partition_point(|entry| entry.ordinal < ordinal);
    let found = entries.get(start..)?.iter().find(|entry| holds_messages(entry));
    found.filter(|entry| entry.ordinal == ordinal)
}

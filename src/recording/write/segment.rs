//! The segment being written: a file that only ever grows by complete frames.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::message::Timestamp;
use crate::recording::format::file_name;
use crate::recording::format::footer::{self, FooterEntry};
use crate::recording::format::frame::{self, FrameHead, HEAD_BYTES, Kind};
use crate::recording::format::segment_head::SegmentHead;

/// An open segment.
#[derive(Debug)]
pub(super) struct Segment {
    /// Also used for reading back when the next segment begins.
    pub file: File,
    /// Path of the file.
    pub path: PathBuf,
    /// Number of the segment.
    pub number: u32,
    /// Size of the file so far; everything before this is complete.
    pub bytes: u64,
    /// All frames.
    pub entries: Vec<FooterEntry>,
    /// How many message frames there are, which is the next one's ordinal.
    pub message_frames: u32,
    /// Bytes written since the last keyframe.
    pub since_keyframe: u64,
    /// Size of the last keyframe in bytes.
    pub keyframe_bytes: u64,
    /// Bytes carried over from the previous segment.
    pub carried_bytes: u64,
}

impl Segment {
    /// Creates a segment in a file that must not exist yet.
    pub fn create(folder: &Path, head: &SegmentHead) -> io::Result<Self> {
        let path = folder.join(file_name(head.number));
        let mut file = OpenOptions::new().read(true).append(true).create_new(true).open(&path)?;
        let bytes = head.bytes();
        if let Err(error) = file.write_all(&bytes) {
            // A file without a complete head is useless.
            drop(file);
            std::fs::remove_file(&path).ok();
            return Err(error);
        }
        Ok(Self {
            file,
            path,
            number: head.number,
            bytes: bytes.len() as u64,
            entries: Vec::new(),
            message_frames: 0,
            since_keyframe: 0,
            keyframe_bytes: 0,
            carried_bytes: 0,
        })
    }

    /// Writes complete frames with a single call. After an error the file is restored if the system allows it.
    pub fn write(&mut self, frames: &Frames) -> io::Result<()> {
        if let Err(error) = self.file.write_all(&frames.bytes) {
            self.file.set_len(self.bytes).ok();
            return Err(error);
        }
        for frame in &frames.entries {
            let entry = FooterEntry { offset: self.bytes, ..*frame };
            self.entries.push(entry);
            self.message_frames += u32::from(frame.kind.holds_messages());
            self.bytes += u64::from(entry.bytes);
            if entry.kind == Kind::Keyframe {
                (self.since_keyframe, self.keyframe_bytes) = (0, u64::from(entry.bytes));
            } else {
                self.since_keyframe += u64::from(entry.bytes);
            }
            if entry.kind == Kind::Carried {
                self.carried_bytes += u64::from(entry.bytes);
            }
        }
        Ok(())
    }

    /// Writes the list of all frames. Nothing can be added afterwards.
    pub fn finish(&mut self) -> io::Result<()> {
        let raw = footer::body(&self.entries);
        let times = self.entries.iter().map(|entry| (entry.first, entry.last));
        let (first, last) = times.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))).unwrap_or_default();
        let mut frames = Frames::default();
        frames.put(Kind::Footer, self.message_frames, self.entries.len() as u32, (first, last), &raw);
        let offset = self.bytes;
        frames.bytes.extend_from_slice(&footer::trailer(offset));
        if let Err(error) = self.file.write_all(&frames.bytes) {
            self.file.set_len(self.bytes).ok();
            return Err(error);
        }
        self.bytes += frames.bytes.len() as u64;
        self.file.sync_data()
    }
}

/// Frames ready to be written.
#[derive(Debug, Default)]
pub(super) struct Frames {
    /// Their bytes, as in the file.
    pub bytes: Vec<u8>,
    /// Their entries; the offsets are not known yet.
    pub entries: Vec<FooterEntry>,
}

impl Frames {
    /// Adds a frame without messages.
    pub fn put(
        &mut self,
        kind: Kind,
        ordinal: u32,
        count: u32,
        (first, last): (Timestamp, Timestamp),
        raw: &[u8],
    ) {
        let mut body = Vec::new();
        let codec = frame::pack(raw, &mut body);
        let head =
            FrameHead { kind, codec, ordinal, count, first, last, stored: 0, raw: raw.len() as u32, crc: 0 };
        let bytes = frame::put(&mut self.bytes, head, &body);
        self.entry(kind, ordinal, count, (first, last), bytes);
    }

    /// Adds the entry for a frame whose bytes were just appended.
    pub fn entry(
        &mut self,
        kind: Kind,
        ordinal: u32,
        count: u32,
        (first, last): (Timestamp, Timestamp),
        bytes: usize,
    ) {
        debug_assert!(bytes >= HEAD_BYTES);
        self.entries.push(FooterEntry { kind, offset: 0, ordinal, bytes: bytes as u32, count, first, last });
    }

    /// Empties it but keeps its memory.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.bytes.shrink_to(16 << 20);
        self.entries.clear();
    }

    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

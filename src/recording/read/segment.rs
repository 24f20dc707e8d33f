//! A segment for reading: the list of its frames, from its footer or from a scan, and its topics.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use parking_lot::Mutex;

use crate::message::Timestamp;
use crate::recording::failure::system_text;
use crate::recording::format::footer::{self, FooterEntry, TRAILER_BYTES};
use crate::recording::format::frame::{FrameHead, HEAD_BYTES, Kind, MARK};
use crate::recording::format::rows::Rows;
use crate::recording::format::segment_head::{FIXED_BYTES, Facts, NotASegment, SegmentHead};
use crate::recording::format::{catalog, keyframe};
use crate::recording::read::damage::{Damage, DamageKind};
use crate::recording::read::stored::{self, Unreadable};
use crate::recording::read::topics::TopicTable;

/// Bytes read at once while a scan looks for the next frame.
const SEARCH_BYTES: usize = 1 << 20;

/// A segment open for reading.
#[derive(Debug)]
pub(super) struct Segment {
    /// Number of the segment.
    pub number: u32,
    /// The run that wrote it; made up if its head is damaged.
    pub run: u64,
    /// When it was started.
    pub begun: Option<Timestamp>,
    /// Facts about the recording.
    pub facts: Facts,
    /// Size of the file in bytes.
    pub bytes: u64,
    /// Whether it ends with a list of its frames.
    pub is_closed: bool,
    /// Its frames except the footer, in file order.
    pub entries: Vec<FooterEntry>,
    /// Open for reading.
    pub file: File,
    topics: Mutex<Option<Arc<TopicTable>>>,
    damage: Mutex<Vec<Damage>>,
}

impl Segment {
    /// Opens a file. Damage is noted; only a file that cannot be read at all is an error.
    pub fn open(number: u32, path: &Path) -> Result<Self, DamageKind> {
        let failed = |error: std::io::Error| DamageKind::Unreadable { text: system_text(&error) };
        let file = File::open(path).map_err(failed)?;
        let bytes = file.metadata().map_err(failed)?.len();
        let (head, start) = match read_head(&file) {
            Ok((head, start)) => (Some(head), start),
            Err(NotASegment::Version(version)) => return Err(DamageKind::Version(version)),
            Err(NotASegment::Head) => (None, 0),
        };
        let SegmentHead { run, begun, facts, .. } = head.clone().unwrap_or_else(|| SegmentHead {
            number,
            run: u64::MAX - u64::from(number),
            begun: Timestamp(0),
            facts: Facts::default(),
        });
        let begun = head.is_some().then_some(begun);
        let mut segment = Self {
            number,
            run,
            begun,
            facts,
            bytes,
            is_closed: false,
            entries: Vec::new(),
            file,
            topics: Mutex::default(),
            damage: Mutex::default(),
        };
        match segment.read_footer(start).filter(|_| head.is_some()) {
            Some(entries) => (segment.entries, segment.is_closed) = (entries, true),
            None => segment.scan(start),
        }
        if bytes == 0 {
            segment.note_hole(0, None);
        }
        Ok(segment)
    }

    /// The damage known so far.
    pub fn damage(&self) -> Vec<Damage> {
        self.damage.lock().clone()
    }

    /// The topics that it defines; read once.
    pub fn topics(&self) -> Arc<TopicTable> {
        let mut topics = self.topics.lock();
        if let Some(known) = &*topics {
            return known.clone();
        }
        let mut table = TopicTable::default();
        for entry in self.entries.iter().filter(|entry| entry.kind == Kind::Topics) {
            if let Some(body) = self.known(entry, stored::unpacked(&self.file, entry)) {
                // Everything read before an invalid byte is valid.
                if catalog::read(&body, |id, topic| table.insert(id, topic)).is_err() {
                    self.note(entry);
                }
            }
        }
        let table = Arc::new(table);
        *topics = Some(table.clone());
        table
    }

    /// Releases the topics, which may take much memory.
    pub fn forget_topics(&self) {
        *self.topics.lock() = None;
    }

    /// Reads a message frame; notes damage.
    pub fn rows(&self, entry: &FooterEntry) -> Option<Rows> {
        self.known(entry, stored::rows(&self.file, entry))
    }

    /// Reads and decompresses any other frame; notes damage.
    pub fn unpacked(&self, entry: &FooterEntry) -> Option<Vec<u8>> {
        self.known(entry, stored::unpacked(&self.file, entry))
    }

    /// Passes a keyframe's places to `each`; returns `false` if the frame is damaged.
    pub fn keyframe(&self, entry: &FooterEntry, each: impl FnMut(u32, keyframe::FramePlace)) -> bool {
        let Some(body) = self.unpacked(entry) else { return false };
        let is_whole = keyframe::read(entry.ordinal, &body, each).is_ok();
        if !is_whole {
            self.note(entry);
        }
        is_whole
    }

    /// Reads a whole frame; notes damage.
    pub fn check(&self, entry: &FooterEntry) {
        if entry.kind.holds_messages() {
            if self.rows(entry).is_some_and(|mut rows| rows.unpack().is_err()) {
                self.note(entry);
            }
        } else if let Kind::Keyframe = entry.kind {
            self.keyframe(entry, |_, _| {});
        } else {
            self.unpacked(entry);
        }
    }

    /// The times of the earliest and latest message.
    pub fn span(&self) -> Option<(Timestamp, Timestamp)> {
        let own = self.entries.iter().filter(|entry| entry.kind == Kind::Messages);
        own.map(|entry| (entry.first, entry.last)).reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
    }

    fn known<T>(&self, entry: &FooterEntry, read: Result<T, Unreadable>) -> Option<T> {
        match read {
            Ok(read) => Some(read),
            Err(Unreadable::Damaged) => {
                self.note(entry);
                None
            }
            Err(Unreadable::System(error)) => {
                log::warn!("segment {}: {error}", self.number);
                self.note(entry);
                None
            }
        }
    }

    /// Notes that a frame is damaged.
    pub fn note(&self, entry: &FooterEntry) {
        let found = Damage {
            segment: self.number,
            from: Some(entry.first),
            to: Some(entry.last),
            kind: DamageKind::Frame {
                messages: u64::from(entry.count) * u64::from(entry.kind == Kind::Messages),
            },
        };
        let mut damage = self.damage.lock();
        if !damage.contains(&found) {
            damage.push(found);
        }
    }

    /// Notes that the end is missing, as the next segment shows.
    pub fn note_cut(&self, next: &Self) {
        let from = self.entries.last().map(|entry| entry.last).or(self.begun);
        let mut damage = self.damage.lock();
        // A torn end already says so.
        if !damage.iter().any(|damage| matches!(damage.kind, DamageKind::Torn { .. })) {
            damage.push(Damage { segment: self.number, from, to: next.begun, kind: DamageKind::Cut });
        }
    }

    /// The frames from the footer, if it is intact and covers the whole file.
    fn read_footer(&self, start: u64) -> Option<Vec<FooterEntry>> {
        let mut trailer = [0; TRAILER_BYTES];
        let trailer_at = self.bytes.checked_sub(TRAILER_BYTES as u64)?;
        stored::read_at(&self.file, &mut trailer, trailer_at).ok()?;
        let offset = footer::offset_of(&trailer)?;
        let head = stored::head(&self.file, offset).ok().filter(|head| head.kind == Kind::Footer)?;
        let entry = entry(&head, offset);
        if offset + u64::from(entry.bytes) != trailer_at {
            return None;
        }
        let entries = footer::read(&stored::unpacked(&self.file, &entry).ok()?, start).ok()?;
        let end = entries.last().map_or(start, |last| last.offset + u64::from(last.bytes));
        (end == offset).then_some(entries)
    }

    /// Finds the frames by their heads alone: about a thousand per GiB.
    fn scan(&mut self, start: u64) {
        let mut offset = start;
        while offset < self.bytes {
            if let Ok(head) = stored::head(&self.file, offset)
                && offset + (HEAD_BYTES as u64) + u64::from(head.stored) <= self.bytes
            {
                let entry = entry(&head, offset);
                offset += u64::from(entry.bytes);
                if head.kind == Kind::Footer {
                    offset += TRAILER_BYTES as u64;
                    self.is_closed = true;
                } else {
                    self.entries.push(entry);
                }
                continue;
            }
            let next = self.search(offset + 1);
            self.note_hole(offset, next);
            offset = next.map_or(self.bytes, |(next, _)| next);
        }
    }

    /// The next place with an intact head whose body lies within the file.
    fn search(&self, mut from: u64) -> Option<(u64, FrameHead)> {
        let mut buffer = vec![0; SEARCH_BYTES];
        while from < self.bytes {
            let length = usize::try_from(self.bytes - from).unwrap_or(SEARCH_BYTES).min(SEARCH_BYTES);
            let chunk = buffer.get_mut(..length)?;
            stored::read_at(&self.file, chunk, from).ok()?;
            for place in memchr::memmem::find_iter(chunk, &MARK) {
                let offset = from + place as u64;
                if let Ok(head) = stored::head(&self.file, offset)
                    && offset + (HEAD_BYTES as u64) + u64::from(head.stored) <= self.bytes
                {
                    return Some((offset, head));
                }
            }
            // A mark may cross the boundary.
            from += (length.saturating_sub(MARK.len() - 1)).max(1) as u64;
        }
        None
    }

    fn note_hole(&self, offset: u64, next: Option<(u64, FrameHead)>) {
        let (end, kind) = match next {
            Some((end, _)) => (end, None),
            None => (self.bytes, Some(offset)),
        };
        let bytes = end - offset;
        let kind = if kind.is_some() { DamageKind::Torn { bytes } } else { DamageKind::Bytes { bytes } };
        let from = self.entries.last().map(|entry| entry.last);
        let to = next.map(|(_, head)| head.first);
        self.damage.lock().push(Damage { segment: self.number, from: from.or(self.begun), to, kind });
    }
}

fn entry(head: &FrameHead, offset: u64) -> FooterEntry {
    let FrameHead { kind, ordinal, count, first, last, stored, .. } = *head;
    FooterEntry { kind, offset, ordinal, bytes: HEAD_BYTES as u32 + stored, count, first, last }
}

fn read_head(file: &File) -> Result<(SegmentHead, u64), NotASegment> {
    let mut fixed = [0; FIXED_BYTES];
    stored::read_at(file, &mut fixed, 0).map_err(|_| NotASegment::Head)?;
    let mut facts = vec![0; SegmentHead::facts_bytes(&fixed)?];
    stored::read_at(file, &mut facts, FIXED_BYTES as u64).map_err(|_| NotASegment::Head)?;
    let head = SegmentHead::read(&fixed, &facts)?;
    Ok((head, (FIXED_BYTES + facts.len()) as u64))
}

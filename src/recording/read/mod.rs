//! Reading a folder of segments as one recording.
//!
//! Opening reads only the lists of frames. Memory holds only these lists and, once requested, the topics of the segment
//! used last.

mod damage;
mod history;
mod moment;
mod segment;
pub(super) mod stored;
mod topics;
mod walk;

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

pub use crate::recording::read::damage::{Damage, DamageKind};
pub use crate::recording::read::history::RecordedMessage;
pub use crate::recording::read::moment::Moment;
pub use crate::recording::read::walk::{Found, Query};

use crate::message::Timestamp;
use crate::recording::failure::{OpenFailure, system_text};
use crate::recording::format::event::{self, Gap, GapReason};
use crate::recording::format::frame::Kind;
use crate::recording::format::segment_head::Facts;
use crate::recording::read::segment::Segment;
use crate::recording::write::disk;

/// A recording that is open for reading. Several programs may read it, even while another one writes it.
#[derive(Debug)]
pub struct Recording {
    folder: PathBuf,
    segments: Vec<Segment>,
    /// Damage that concerns whole segments.
    damage: Vec<Damage>,
}

/// An overview of a recording.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// The facts recorded last.
    pub facts: Facts,
    /// How many segments can be read.
    pub segments: usize,
    /// Their size in bytes.
    pub bytes: u64,
    /// How many messages they hold.
    pub messages: u64,
    /// The times of the earliest and latest message.
    pub span: Option<(Timestamp, Timestamp)>,
}

impl Recording {
    /// Opens a folder, or a single file as a snapshot is one. Damage to parts of it is reported by [`Recording::damage`].
    pub fn open(folder: &Path) -> Result<Self, OpenFailure> {
        let at = || folder.to_owned();
        let listed = match fs::metadata(folder) {
            Ok(found) if found.is_dir() => disk::segments(folder),
            Ok(found) if found.is_file() => return Self::open_file(folder),
            Ok(_) => return Err(OpenFailure::NoFolder { folder: at() }),
            Err(error) => Err(error),
        };
        let paths = listed.map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => OpenFailure::NoFolder { folder: at() },
            _ => OpenFailure::System { folder: at(), text: system_text(&error) },
        })?;
        if paths.is_empty() {
            return Err(OpenFailure::NoRecording { folder: at() });
        }
        let (mut segments, mut damage) = (Vec::<Segment>::new(), Vec::new());
        let mut before = None;
        for (number, path, _) in paths {
            let earlier = || segments.last().and_then(Segment::span).map(|(_, last)| last);
            if let Some(before) = before {
                damage.extend((before + 1..number).take(MISSING_MAX).map(|missing| Damage {
                    segment: missing,
                    from: earlier(),
                    to: None,
                    kind: DamageKind::Missing,
                }));
            }
            before = Some(number);
            match Segment::open(number, &path) {
                Ok(segment) => {
                    // Now the end of what is missing before it is known.
                    let begun = segment.begun;
                    damage
                        .iter_mut()
                        .filter(|damage| damage.to.is_none())
                        .for_each(|damage| damage.to = begun);
                    segments.push(segment);
                }
                Err(kind) => damage.push(Damage { segment: number, from: earlier(), to: None, kind }),
            }
        }
        for (one, next) in segments.iter().zip(segments.iter().skip(1)) {
            if !one.is_closed && one.number + 1 == next.number && one.run == next.run {
                one.note_cut(next);
            }
        }
        Ok(Self { folder: folder.to_owned(), segments, damage })
    }

    /// Opens a file that stands alone. Unlike the last segment of a recording, it was closed when it was made, so a missing
    /// end is damage.
    fn open_file(path: &Path) -> Result<Self, OpenFailure> {
        let (mut segments, mut damage) = (Vec::new(), Vec::new());
        match Segment::open(1, path) {
            Ok(segment) if segment.entries.is_empty() && segment.begun.is_none() => {
                return Err(OpenFailure::NoRecording { folder: path.to_owned() });
            }
            Ok(segment) => {
                if !segment.is_closed && segment.damage().is_empty() {
                    let from = segment.span().map(|(_, last)| last);
                    damage.push(Damage { segment: 1, from, to: None, kind: DamageKind::Cut });
                }
                segments.push(segment);
            }
            Err(DamageKind::Unreadable { text }) => {
                return Err(OpenFailure::System { folder: path.to_owned(), text });
            }
            Err(kind) => damage.push(Damage { segment: 1, from: None, to: None, kind }),
        }
        Ok(Self { folder: path.to_owned(), segments, damage })
    }

    /// The recording's folder, or its file.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// An overview of the recording.
    pub fn summary(&self) -> Summary {
        let messages = self.segments.iter().flat_map(|segment| &segment.entries);
        let messages = messages.filter(|entry| entry.kind == Kind::Messages);
        let spans = self.segments.iter().filter_map(Segment::span);
        Summary {
            facts: self.segments.last().map(|segment| segment.facts.clone()).unwrap_or_default(),
            segments: self.segments.len(),
            bytes: self.segments.iter().map(|segment| segment.bytes).sum(),
            messages: messages.map(|entry| u64::from(entry.count)).sum(),
            span: spans.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))),
        }
    }

    /// The damage known so far: frames are checked only when they are read.
    pub fn damage(&self) -> Vec<Damage> {
        let mut all = self.damage.clone();
        all.extend(self.segments.iter().flat_map(Segment::damage));
        all.sort_by_key(|damage| damage.segment);
        all
    }

    /// The periods from which messages are missing, with the reasons, in order.
    pub fn gaps(&self) -> Vec<Gap> {
        let mut gaps = Vec::new();
        let mut before: Option<&Segment> = None;
        for segment in &self.segments {
            gaps.extend(before.and_then(|before| pause_between(before, segment)));
            before = Some(segment);
            for entry in segment.entries.iter().filter(|entry| entry.kind == Kind::Gap) {
                let body = segment.unpacked(entry);
                gaps.extend(body.and_then(|body| event::read_gap(&body, entry.first, entry.last)));
            }
        }
        gaps
    }

    /// The time from which on the messages take at most about `bytes_max` bytes in memory. Reads the indexes of the frames
    /// that do.
    pub fn tail_from(&self, bytes_max: u64) -> Option<Timestamp> {
        let (mut bytes, mut from) = (0, None);
        for segment in self.segments.iter().rev() {
            for entry in segment.entries.iter().rev().filter(|entry| entry.kind == Kind::Messages) {
                // Only the index says how much the payloads are once they are unpacked.
                let raw = segment.rows(entry).map_or(0, |rows| rows.data_bytes());
                bytes += raw as u64 + u64::from(entry.count) * MESSAGE_BYTES;
                if bytes > bytes_max && from.is_some() {
                    return from;
                }
                from = Some(entry.first);
            }
        }
        from
    }

    /// Releases the topics, which may take much memory; they are read again once they are needed.
    pub fn forget_topics(&self) {
        self.segments.iter().for_each(Segment::forget_topics);
    }

    /// All matching topics of the recording. Reads the topics of every segment.
    pub fn topics(&self, wants: impl Fn(&[u8]) -> bool) -> BTreeSet<Vec<u8>> {
        let mut found = BTreeSet::new();
        for (index, segment) in self.segments.iter().enumerate() {
            // The last segment of a run knows all of its topics.
            let is_last = self.segments.get(index + 1).is_none_or(|next| next.run != segment.run);
            let is_whole = segment.damage().is_empty() && self.damage.is_empty();
            if is_last || !is_whole {
                found.extend(segment.topics().names().filter(|name| wants(name)).map(<[u8]>::to_vec));
                segment.forget_topics();
            }
        }
        found
    }
}

/// What a message takes in memory in addition to its payload.
const MESSAGE_BYTES: u64 = 32;

/// How many missing segments are reported individually.
const MISSING_MAX: usize = 1_000;

/// The gap between two runs, when nothing was recorded.
fn pause_between(before: &Segment, next: &Segment) -> Option<Gap> {
    let (from, to) = (before.span()?.1, next.begun?);
    let is_pause = before.run != next.run && from < to;
    is_pause.then_some(Gap { from, to, reason: GapReason::Paused, messages: None })
}

//! What is missing in a recording that was not finished or was damaged later.

use crate::message::Timestamp;

/// A part of a recording that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// Number of the segment.
    pub segment: u32,
    /// The time from which something may be missing, if known.
    pub from: Option<Timestamp>,
    /// The time until which something may be missing, if known.
    pub to: Option<Timestamp>,
    /// What is wrong.
    pub kind: DamageKind,
}

/// What is wrong with a part of a recording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DamageKind {
    /// The segment is missing from the sequence.
    Missing,
    /// The segment was written in a later version of the format.
    Version(u16),
    /// The system cannot read the segment.
    Unreadable {
        /// The system's text.
        text: String,
    },
    /// The bytes between two intact frames are invalid.
    Bytes {
        /// How many bytes.
        bytes: u64,
    },
    /// The segment ends in an incomplete frame: the program or the computer stopped while writing.
    Torn {
        /// How many bytes.
        bytes: u64,
    },
    /// The segment was cut at the end of a frame: the next segment shows that there was more.
    Cut,
    /// A frame was changed after it was written.
    Frame {
        /// How many messages the frame held.
        messages: u64,
    },
}

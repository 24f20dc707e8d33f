//! What is missing in a recording that was not written to its end, or was damaged since.

use crate::message::Timestamp;

/// A part of a recording that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// The number of the segment.
    pub segment: u32,
    /// The time from which on something may be missing, if it is known.
    pub from: Option<Timestamp>,
    /// The time until which something may be missing, if it is known.
    pub to: Option<Timestamp>,
    /// What is wrong.
    pub kind: DamageKind,
}

/// What is wrong with a part of a recording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DamageKind {
    /// The segment is missing among the others.
    Missing,
    /// The segment is of a later version of the format.
    Version(u16),
    /// The system does not let it be read.
    Unreadable {
        /// The system's text.
        text: String,
    },
    /// Bytes between two whole frames are none.
    Bytes {
        /// How many.
        bytes: u64,
    },
    /// The last bytes of the segment are no whole frame: the program or the computer ended while it wrote.
    Torn {
        /// How many.
        bytes: u64,
    },
    /// The segment was cut where a frame ends: the one that follows it shows that there was more.
    Cut,
    /// A frame was changed after it was written.
    Frame {
        /// How many messages it held.
        messages: u64,
    },
}

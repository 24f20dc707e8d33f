//! Recordings: a session's messages on disk, in a folder of segments that is written while messages arrive and can be
//! read at any time.
//!
//! [`Recorder`] takes whole batches without making its caller wait: its own thread compresses and writes them. What the
//! disk cannot keep up with becomes a gap in the recording, with its reason and length. [`Recording`] reads a folder,
//! even while it is being written or after a crash or failing disk has damaged it: intact parts are returned, and
//! missing ones are reported.
//!
//! The format is described in `docs/recording-format.md`. Nothing here knows about sessions, windows or sentences.

pub mod failure;
mod format;
mod read;
mod write;

pub use crate::recording::format::event::{Gap, GapReason, Loss, RecordedEvent};
pub use crate::recording::format::segment_head::{Facts, SnapshotFacts};
pub use crate::recording::read::{
    Damage, DamageKind, Found, Moment, Query, RecordedMessage, Recording, Summary,
};
pub use crate::recording::write::{RecordOptions, Recorder, RecordingProgress};

#[cfg(test)]
mod tests;

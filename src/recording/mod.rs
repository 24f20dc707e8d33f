//! A session's messages on disk: a folder of segments that is written while messages arrive, and read at any time.
//!
//! [`Recorder`] is handed whole batches and never makes its caller wait: a thread of its own packs and writes them. What the disk
//! cannot take becomes a gap in the recording, with its reason and its length. [`Recording`] reads a folder, also while it is
//! written and also one that a crash or a failing disk has left in pieces: what is whole comes back, what is missing is named.
//!
//! The format stands in `docs/recording-format.md`. Nothing here knows a session, a window or a sentence.

pub mod failure;
mod format;
mod read;
mod write;

pub use crate::recording::format::event::{Event, Gap, GapReason, Loss};
pub use crate::recording::format::segment_head::Facts;
pub use crate::recording::read::{Damage, DamageKind, Found, Moment, Query, Recording, Stored, Summary};
pub use crate::recording::write::{Progress, RecordOptions, Recorder};

#[cfg(test)]
mod tests;

//! Messages in files of other programs, and in files that people pass on: JSON Lines, CSV, MCAP and snapshots.
//!
//! An [`MessageOrigin`] is where messages come from: what a session holds in memory, or a recording. An [`Excerpt`] is the part
//! of it that is wanted. Everything works through it message by message and reports to a [`Tally`], so that a person
//! sees how far it is and can end it. Nothing here knows about windows or sentences.

mod csv;
mod excerpt;
mod export;
mod import;
mod json_lines;
mod mcap;
mod memory;
mod origin;
mod preview;
mod snapshot;
mod staged;
mod tally;
mod typed_moment;
mod written;

pub use crate::interchange::excerpt::Excerpt;
pub use crate::interchange::export::{ExportFailure, ExportFormat, Exported, export, write_text};
pub use crate::interchange::import::{
    FileKind, FilePlace, ImportFailure, ImportFault, ImportProblem, Imported, import,
};
pub use crate::interchange::mcap::{TOPICS_MAX, files_for};
pub use crate::interchange::origin::{MessageOrigin, OpenOrigin, Walked};
pub use crate::interchange::preview::{NAMED_MAX, Preview, preview};
pub use crate::interchange::snapshot::{SNAPSHOT_ENDING, save_snapshot};
pub use crate::interchange::tally::Tally;
pub use crate::interchange::typed_moment::{TypedMoment, duration_of};

use crate::message::Timestamp;

/// A time in UTC with microseconds: `2026-11-27T12:00:00.123456Z`.
fn written_time(at: Timestamp) -> String {
    let at = jiff::Timestamp::from_microsecond(at.0).unwrap_or_default();
    at.strftime("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
}

//! What bytes mean: decoders, differences, paths and numbers, each a pure function with limits.
//!
//! Called by the tree and the history (one-line previews), the inspector (documents, differences, pictures), the plots
//! (numbers) and the publish panel (highlighting, formatting). It knows no window, thread, clock or file, and nothing
//! of the program but `message`. Any bytes may come in: no function panics, recurses or runs without end.
//!
//! What may take longer than a frame takes [`DecodeLimits`] and a [`CancelCheck`], so that it can run as a job.

pub mod decode;
pub mod diff;
pub mod document;
pub mod encode;
pub mod find;
pub mod hex;
pub mod json;
pub mod picture;
pub mod query;
pub mod schema;
pub mod writing;

mod limits;
mod packing;
mod preview;
mod reading;
mod visible;

pub use limits::{CancelCheck, DecodeLimits, LimitError, TooLarge, never};
pub use packing::{Packing, Unpacked, unpack};
pub use preview::{Glance, byte_size, preview, preview_at_a_glance};
pub use reading::{ByteKind, ByteReading, byte_readings};
pub use visible::{visible_line, visible_name};

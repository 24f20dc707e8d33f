//! From bytes to what the inspector draws: decoders, each a pure function with limits.
//!
//! Called by the tree (one-line previews), the inspector (documents, differences, pictures), the plots (numbers)
//! and the publish panel (highlighting, formatting). Never here: a window, a thread, a clock, a file, or anything
//! else of this program. Any bytes may come in; none of them makes a function panic, recurse or run without end.
//!
//! Whatever may take longer than a frame takes [`Limits`] and a [`Cancel`], so that it can run as a job elsewhere.

pub mod diff;
pub mod document;
pub mod image;
pub mod json;

mod detect;
mod limits;
mod number;
mod preview;
mod visible;

pub use detect::{Kind, detect};
pub use limits::{Cancel, LimitError, Limits, never};
pub use number::{Extract, number_of};
pub use preview::{Preview, byte_size, preview};
pub use visible::visible_line;

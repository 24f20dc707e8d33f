//! How much a decoder may take, and how it is told to stop.

use thiserror::Error;

/// Asked from time to time by whatever may take long; `true` ends the work with an error that says so.
///
/// A job passes a look at its own flag: `&|| cancelled.load(Ordering::Relaxed)`.
pub type Cancel<'a> = &'a dyn Fn() -> bool;

/// The [`Cancel`] of work that is small enough to be left alone.
pub fn never() -> bool {
    false
}

/// Bytes and levels that a decoder accepts. Nothing is cut silently: above a limit the decoder refuses and says why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes that come in.
    pub input_bytes_max: usize,
    /// Bytes that go out; offsets into a document are 32 bits wide, so that its index stays small.
    pub output_bytes_max: usize,
    /// Objects and arrays inside each other.
    pub depth_max: usize,
}

impl Default for Limits {
    /// The largest packet of MQTT comes in (MQTT 5.0, 1.5.5), and what it can grow to goes out.
    fn default() -> Self {
        Self { input_bytes_max: 268_435_455, output_bytes_max: 1 << 30, depth_max: 100_000 }
    }
}

/// Why a decoder stopped although nothing is wrong with what came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum LimitError {
    /// What came in, or what would be made of it, is larger than the limit.
    #[error("{what} is larger than {bytes_max} bytes; look at it as hex, or save it to a file")]
    TooLarge {
        /// What is too large: "the payload", "the formatted text".
        what: &'static str,
        /// The limit that it exceeds.
        bytes_max: usize,
    },
    /// Whoever asked no longer wants the answer.
    #[error("cancelled")]
    Cancelled,
}

impl LimitError {
    pub(super) fn input(limits: &Limits) -> Self {
        Self::TooLarge { what: "the payload", bytes_max: limits.input_bytes_max }
    }

    pub(super) fn output(limits: &Limits) -> Self {
        Self::TooLarge { what: "the formatted text", bytes_max: limits.output_bytes_max }
    }
}

/// Bytes of work between two looks at a [`Cancel`]: about a millisecond.
pub(super) const CANCEL_EVERY_BYTES: usize = 256 * 1024;

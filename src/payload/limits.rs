//! How much a decoder may take, and how it is told to stop.

/// Polled by work that may take long; returning `true` ends it with [`LimitError::Cancelled`].
///
/// A job passes a look at its own flag: `&|| cancelled.load(Ordering::Relaxed)`.
pub type CancelCheck<'a> = &'a dyn Fn() -> bool;

/// The [`CancelCheck`] of work that is too small to be cancelled.
pub fn never() -> bool {
    false
}

/// Bytes and levels that a decoder accepts. Above a limit the decoder fails; it never cuts anything off silently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DecodeLimits {
    /// Bytes of a payload.
    pub input_bytes_max: usize,
    /// Bytes that come out of a compressed payload, and bytes of JSON that a binary one becomes.
    pub decoded_bytes_max: usize,
    /// Bytes of the text made from it. Offsets into a document have 32 bits, which keeps its index small.
    pub output_bytes_max: usize,
    /// Objects and arrays inside each other.
    pub depth_max: usize,
}

impl Default for DecodeLimits {
    /// Accepts the largest packet of MQTT (MQTT 5.0, 1.5.5), and four times as much text made from it.
    fn default() -> Self {
        Self {
            input_bytes_max: 268_435_455,
            decoded_bytes_max: 64 << 20,
            output_bytes_max: 1 << 30,
            depth_max: 100_000,
        }
    }
}

/// Why a decoder stopped although the payload may be in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitError {
    /// Something is larger than its limit.
    TooLarge {
        /// What is too large.
        what: TooLarge,
        /// The limit.
        bytes_max: usize,
    },
    /// The result is no longer wanted.
    Cancelled,
}

/// What can be too large for a decoder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TooLarge {
    /// The payload itself.
    Payload,
    /// What is inside a compressed payload.
    Unpacked,
    /// The text made from the payload.
    Text,
}

impl LimitError {
    pub(super) fn payload(limits: &DecodeLimits) -> Self {
        Self::TooLarge { what: TooLarge::Payload, bytes_max: limits.input_bytes_max }
    }

    pub(super) fn text(limits: &DecodeLimits) -> Self {
        Self::TooLarge { what: TooLarge::Text, bytes_max: limits.output_bytes_max }
    }
}

/// Bytes of work between two looks at a [`CancelCheck`]: about a millisecond.
pub(super) const CANCEL_EVERY_BYTES: usize = 256 * 1024;

//! The fixed header (MQTT 5.0, 2.1).

use crate::mqtt::packet::malformed::{Flaw, Malformed};
use crate::mqtt::packet::reader::{Variable, variable};
use crate::mqtt::trace::PacketKind;

/// The longest fixed header, in bytes.
pub const HEADER_BYTES_MAX: usize = 5;

/// What the fixed header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Which packet.
    pub kind: PacketKind,
    /// The lower four bits of the first byte.
    pub flags: u8,
    /// Bytes of the header itself: 2 to 5.
    pub bytes: usize,
    /// Bytes that follow it.
    pub remaining: usize,
}

impl Header {
    /// Bytes of the whole packet.
    pub fn packet_bytes(self) -> usize {
        self.bytes + self.remaining
    }
}

/// Reads the fixed header at the beginning of `bytes`; `None` if more bytes are needed.
#[inline]
pub fn header(bytes: &[u8]) -> Result<Option<Header>, Malformed> {
    let Some((&first, rest)) = bytes.split_first() else { return Ok(None) };
    let Some(kind) = PacketKind::from_number(first >> 4) else {
        return Err(Malformed::new(None, Flaw::NoType));
    };
    match variable(rest) {
        Variable::Whole { value, bytes } => {
            Ok(Some(Header { kind, flags: first & 0x0F, bytes: 1 + bytes, remaining: value as usize }))
        }
        Variable::Short => Ok(None),
        Variable::TooLong => Err(Malformed::new(kind, Flaw::LengthTooLong)),
    }
}

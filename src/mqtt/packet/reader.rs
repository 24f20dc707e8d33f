//! Reading the fields of a packet (MQTT 5.0, 1.5).

use crate::mqtt::packet::malformed::{Flaw, Malformed, Part};
use crate::mqtt::reason::ReasonCode;
use crate::mqtt::trace::PacketKind;

/// The unread part of a packet.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader<'a> {
    pub(super) packet: PacketKind,
    pub(super) rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(super) fn new(packet: PacketKind, body: &'a [u8]) -> Self {
        Self { packet, rest: body }
    }

    #[cold]
    pub(super) fn malformed(&self, flaw: Flaw) -> Malformed {
        Malformed::new(self.packet, flaw)
    }

    #[cold]
    fn ends(&self, part: Part) -> Malformed {
        self.malformed(Flaw::EndsWithin(part))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// Checks that nothing is left.
    pub(super) fn end(&self) -> Result<(), Malformed> {
        match self.rest.len() {
            0 => Ok(()),
            bytes => Err(self.malformed(Flaw::TrailingBytes(bytes))),
        }
    }

    /// Takes the next `count` bytes.
    #[inline]
    pub(super) fn take(&mut self, count: usize, part: Part) -> Result<&'a [u8], Malformed> {
        match self.rest.split_at_checked(count) {
            Some((taken, rest)) => {
                self.rest = rest;
                Ok(taken)
            }
            None => Err(self.ends(part)),
        }
    }

    #[inline]
    fn array<const N: usize>(&mut self, part: Part) -> Result<[u8; N], Malformed> {
        match self.rest.split_first_chunk::<N>() {
            Some((taken, rest)) => {
                self.rest = rest;
                Ok(*taken)
            }
            None => Err(self.ends(part)),
        }
    }

    #[inline]
    pub(super) fn u8(&mut self, part: Part) -> Result<u8, Malformed> {
        self.array::<1>(part).map(|[byte]| byte)
    }

    #[inline]
    pub(super) fn u16(&mut self, part: Part) -> Result<u16, Malformed> {
        self.array(part).map(u16::from_be_bytes)
    }

    pub(super) fn u32(&mut self, part: Part) -> Result<u32, Malformed> {
        self.array(part).map(u32::from_be_bytes)
    }

    pub(super) fn reason(&mut self) -> Result<ReasonCode, Malformed> {
        self.u8(Part::ReasonCode).map(ReasonCode)
    }

    /// Reads a packet identifier, which is never 0 (MQTT 5.0, 2.2.1).
    #[inline]
    pub(super) fn packet_id(&mut self) -> Result<u16, Malformed> {
        match self.u16(Part::PacketId)? {
            0 => Err(self.malformed(Flaw::NoPacketId)),
            id => Ok(id),
        }
    }

    /// Reads a variable byte integer: 1 to 4 bytes with 7 bits each (MQTT 5.0, 1.5.5).
    #[inline]
    pub(super) fn variable(&mut self, part: Part) -> Result<u32, Malformed> {
        match variable(self.rest) {
            Variable::Whole { value, bytes } => {
                self.rest = self.rest.get(bytes..).unwrap_or_default();
                Ok(value)
            }
            Variable::Short => Err(self.ends(part)),
            Variable::TooLong => Err(self.malformed(Flaw::NumberTooLong(part))),
        }
    }

    /// Reads binary data: a two-byte length and that many bytes (MQTT 5.0, 1.5.6).
    #[inline]
    pub(super) fn binary(&mut self, part: Part) -> Result<&'a [u8], Malformed> {
        let length = self.u16(part)?;
        self.take(usize::from(length), part)
    }

    /// Reads a UTF-8 string: a two-byte length and that many bytes (MQTT 5.0, 1.5.4).
    pub(super) fn str(&mut self, part: Part) -> Result<&'a str, Malformed> {
        let bytes = self.binary(part)?;
        std::str::from_utf8(bytes).map_err(|_| self.malformed(Flaw::NotUtf8(part)))
    }

    /// Reads an owned string; see [`Reader::str`].
    pub(super) fn text(&mut self, part: Part) -> Result<String, Malformed> {
        self.str(part).map(str::to_owned)
    }
}

/// The result of reading a variable byte integer.
pub(super) enum Variable {
    /// A number, and how many bytes it took.
    Whole { value: u32, bytes: usize },
    /// More bytes are needed.
    Short,
    /// The fourth byte says that another follows.
    TooLong,
}

/// Reads a variable byte integer from the beginning of `bytes`.
#[inline]
pub(super) fn variable(bytes: &[u8]) -> Variable {
    let mut value = 0_u32;
    for (index, byte) in bytes.iter().take(4).enumerate() {
        value |= u32::from(byte & 0x7F) << (7 * index);
        if byte & 0x80 == 0 {
            return Variable::Whole { value, bytes: index + 1 };
        }
    }
    if bytes.len() < 4 { Variable::Short } else { Variable::TooLong }
}

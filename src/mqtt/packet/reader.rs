//! Reading the fields of a packet (MQTT 5.0, 1.5), and what is said when they are not there.

use std::borrow::Cow;

use crate::mqtt::reason::{MALFORMED_PACKET, PROTOCOL_ERROR};
use crate::mqtt::trace::PacketKind;

/// Why bytes are not the packet that they claim to be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: {why}", .packet.map_or("a packet", PacketKind::name))]
pub struct Malformed {
    /// Which packet; `None` where its first byte does not tell.
    pub packet: Option<PacketKind>,
    /// A clause: `it ends within its packet identifier`.
    pub why: Cow<'static, str>,
    /// What a DISCONNECT calls it (MQTT 5.0, 2.4).
    pub reason: u8,
}

impl Malformed {
    /// The bytes break the format.
    pub fn new(packet: impl Into<Option<PacketKind>>, why: impl Into<Cow<'static, str>>) -> Self {
        Self { packet: packet.into(), why: why.into(), reason: MALFORMED_PACKET }
    }

    /// The bytes can be read, and say what they may not.
    pub fn protocol_error(packet: PacketKind, why: impl Into<Cow<'static, str>>) -> Self {
        Self { reason: PROTOCOL_ERROR, ..Self::new(packet, why) }
    }
}

/// What is left to be read of a packet.
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
    pub(super) fn malformed(&self, why: impl Into<Cow<'static, str>>) -> Malformed {
        Malformed::new(self.packet, why)
    }

    #[cold]
    fn ends(&self, field: &'static str) -> Malformed {
        self.malformed(format!("it ends within its {field}"))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The next `count` bytes.
    #[inline]
    pub(super) fn take(&mut self, count: usize, field: &'static str) -> Result<&'a [u8], Malformed> {
        match self.rest.split_at_checked(count) {
            Some((taken, rest)) => {
                self.rest = rest;
                Ok(taken)
            }
            None => Err(self.ends(field)),
        }
    }

    #[inline]
    fn array<const N: usize>(&mut self, field: &'static str) -> Result<[u8; N], Malformed> {
        match self.rest.split_first_chunk::<N>() {
            Some((taken, rest)) => {
                self.rest = rest;
                Ok(*taken)
            }
            None => Err(self.ends(field)),
        }
    }

    #[inline]
    pub(super) fn u8(&mut self, field: &'static str) -> Result<u8, Malformed> {
        self.array::<1>(field).map(|[byte]| byte)
    }

    #[inline]
    pub(super) fn u16(&mut self, field: &'static str) -> Result<u16, Malformed> {
        self.array(field).map(u16::from_be_bytes)
    }

    pub(super) fn u32(&mut self, field: &'static str) -> Result<u32, Malformed> {
        self.array(field).map(u32::from_be_bytes)
    }

    /// A packet identifier, which is never 0 (MQTT 5.0, 2.2.1).
    #[inline]
    pub(super) fn packet_id(&mut self) -> Result<u16, Malformed> {
        match self.u16("packet identifier")? {
            0 => Err(self.malformed("its packet identifier is 0")),
            id => Ok(id),
        }
    }

    /// 1 to 4 bytes with 7 bits each (MQTT 5.0, 1.5.5).
    #[inline]
    pub(super) fn variable(&mut self, field: &'static str) -> Result<u32, Malformed> {
        match variable(self.rest) {
            Variable::Whole { value, bytes } => {
                self.rest = self.rest.get(bytes..).unwrap_or_default();
                Ok(value)
            }
            Variable::Short => Err(self.ends(field)),
            Variable::TooLong => Err(self.malformed(format!("its {field} takes more than four bytes"))),
        }
    }

    /// Bytes after a length of two (MQTT 5.0, 1.5.6).
    #[inline]
    pub(super) fn binary(&mut self, field: &'static str) -> Result<&'a [u8], Malformed> {
        let length = self.u16(field)?;
        self.take(usize::from(length), field)
    }

    /// UTF-8 after a length of two bytes (MQTT 5.0, 1.5.4).
    pub(super) fn text(&mut self, field: &'static str) -> Result<String, Malformed> {
        let bytes = self.binary(field)?;
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(text.to_owned()),
            Err(_) => Err(self.malformed(format!("its {field} is not UTF-8"))),
        }
    }
}

/// What the bytes of a variable byte integer are.
pub(super) enum Variable {
    /// A number and how many bytes it took.
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

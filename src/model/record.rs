//! How a message is stored in the log: a header of fixed size, then its payload.
//!
//! Payloads of [`LARGE_PAYLOAD_BYTES`] and more, and properties, are shared objects that are kept beside the record.

use std::sync::Arc;

use bytes::Bytes;

use crate::message::{Flags, LARGE_PAYLOAD_BYTES, Payload, PublishProperties, QoS, Timestamp};

const QOS: u8 = 0b0000_0011;
const RETAIN: u8 = 0b0000_0100;
const DUP: u8 = 0b0000_1000;
/// Flag: the four bytes after the header tell which [`Beside`] belongs to the record.
const BESIDE: u8 = 0b0001_0000;
/// Flag: the payload is in the [`Beside`], not after the header.
const LARGE: u8 = 0b0010_0000;

/// The fixed part of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RecordHeader {
    /// Index of the topic.
    pub(super) topic: u32,
    /// The low 32 bits of the message's number in its topic, counting from 1.
    pub(super) number: u32,
    /// Position of the topic's previous message.
    pub(super) previous: u64,
    pub(super) arrived: Timestamp,
    pub(super) payload_len: u32,
    /// Length of the previous record in the same chunk; meaningless in the first of a chunk.
    pub(super) before: u16,
    bits: u8,
}

impl RecordHeader {
    /// Length of the encoded header.
    pub(super) const BYTES: usize = 31;

    #[inline]
    fn write(&self, out: &mut Vec<u8>) {
        let mut bytes = [0; Self::BYTES];
        bytes[0..4].copy_from_slice(&self.topic.to_le_bytes());
        bytes[4..8].copy_from_slice(&self.number.to_le_bytes());
        bytes[8..16].copy_from_slice(&self.previous.to_le_bytes());
        bytes[16..24].copy_from_slice(&self.arrived.0.to_le_bytes());
        bytes[24..28].copy_from_slice(&self.payload_len.to_le_bytes());
        bytes[28..30].copy_from_slice(&self.before.to_le_bytes());
        bytes[30] = self.bits;
        out.extend_from_slice(&bytes);
    }

    #[inline]
    fn read(bytes: &[u8]) -> Option<Self> {
        let bytes: &[u8; Self::BYTES] = bytes.first_chunk()?;
        let u32_at = |at: usize| u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
        let u64_at = |at: usize| u64::from(u32_at(at)) | (u64::from(u32_at(at + 4)) << 32);
        Some(Self {
            topic: u32_at(0),
            number: u32_at(4),
            previous: u64_at(8),
            arrived: Timestamp(u64_at(16) as i64),
            payload_len: u32_at(24),
            before: u16::from_le_bytes([bytes[28], bytes[29]]),
            bits: bytes[30],
        })
    }

    fn has(&self, bit: u8) -> bool {
        self.bits & bit != 0
    }

    /// Length of the whole record: the header and all that follows it.
    pub(super) fn record_len(&self) -> usize {
        let link = if self.has(BESIDE) { size_of::<u32>() } else { 0 };
        let payload = if self.has(LARGE) { 0 } else { self.payload_len as usize };
        Self::BYTES + link + payload
    }
}

/// The shared parts of a record, which are not copied into the log.
#[derive(Clone, Debug, Default)]
pub(super) struct Beside {
    payload: Option<Bytes>,
    properties: Option<Arc<PublishProperties>>,
}

impl Beside {
    /// Cuts the payload to its first `bytes`.
    pub(super) fn keep_head(&mut self, bytes: usize) {
        if let Some(payload) = &mut self.payload
            && let Some(head) = payload.get(..bytes)
        {
            // A slice would keep the whole payload alive.
            *payload = Bytes::copy_from_slice(head);
        }
    }

    /// Memory that it keeps alive, in bytes.
    pub(super) fn weight(&self) -> usize {
        let payload = self.payload.as_ref().map_or(0, Bytes::len);
        size_of::<Self>() + payload + self.properties.as_deref().map_or(0, PublishProperties::weight_bytes)
    }
}

/// A record to write.
#[derive(Clone, Copy, Debug)]
pub(super) struct NewRecord<'a> {
    pub(super) topic: u32,
    pub(super) number: u32,
    pub(super) previous: u64,
    pub(super) arrived: Timestamp,
    pub(super) flags: Flags,
    pub(super) payload: Payload<'a>,
    pub(super) properties: Option<&'a Arc<PublishProperties>>,
}

impl NewRecord<'_> {
    /// Its header, and what is kept beside it. `before` is the length of the previous record in the chunk.
    pub(super) fn prepare(&self, before: u16) -> (RecordHeader, Option<Beside>) {
        let large = match self.payload {
            Payload::Large(bytes) => Some(bytes.clone()),
            Payload::Small(bytes) if bytes.len() >= LARGE_PAYLOAD_BYTES => {
                Some(Bytes::copy_from_slice(bytes))
            }
            Payload::Small(_) => None,
        };
        let mut bits = u8::from(self.flags.qos);
        bits |= if self.flags.retain { RETAIN } else { 0 };
        bits |= if self.flags.dup { DUP } else { 0 };
        bits |= if large.is_some() { LARGE | BESIDE } else { 0 };
        bits |= if self.properties.is_some() { BESIDE } else { 0 };
        let header = RecordHeader {
            topic: self.topic,
            number: self.number,
            previous: self.previous,
            arrived: self.arrived,
            payload_len: self.payload.bytes().len() as u32,
            before,
            bits,
        };
        let beside =
            header.has(BESIDE).then(|| Beside { payload: large, properties: self.properties.cloned() });
        (header, beside)
    }

    /// Appends the record.
    pub(super) fn write(&self, header: &RecordHeader, beside: u32, out: &mut Vec<u8>) {
        header.write(out);
        if header.has(BESIDE) {
            out.extend_from_slice(&beside.to_le_bytes());
        }
        if !header.has(LARGE) {
            out.extend_from_slice(self.payload.bytes());
        }
    }
}

/// The number of the record's [`Beside`], which follows the header.
fn link(raw: &[u8]) -> Option<u32> {
    raw.get(RecordHeader::BYTES..)?.first_chunk().map(|bytes| u32::from_le_bytes(*bytes))
}

/// A record as read from the log.
#[derive(Clone, Copy, Debug)]
pub(super) struct Record<'a> {
    pub(super) header: RecordHeader,
    /// The header and what follows it, as stored.
    pub(super) raw: &'a [u8],
    pub(super) beside: Option<&'a Beside>,
}

impl<'a> Record<'a> {
    /// Reads the record at the start of `bytes`; `beside` finds a [`Beside`] by its number.
    #[inline]
    pub(super) fn read(bytes: &'a [u8], beside: impl FnOnce(u32) -> Option<&'a Beside>) -> Option<Self> {
        let header = RecordHeader::read(bytes)?;
        let raw = bytes.get(..header.record_len())?;
        let beside = if header.has(BESIDE) { Some(beside(link(raw)?)?) } else { None };
        Some(Self { header, raw, beside })
    }

    /// The number of the record's [`Beside`], if it has one.
    pub(super) fn beside_number(&self) -> Option<u32> {
        self.beside.and_then(|_| link(self.raw))
    }

    pub(super) fn payload(&self) -> &'a [u8] {
        match self.large_payload() {
            Some(bytes) => bytes,
            None => &self.raw[self.raw.len() - self.header.payload_len as usize..],
        }
    }

    pub(super) fn large_payload(&self) -> Option<&'a Bytes> {
        self.beside?.payload.as_ref()
    }

    /// Whether only the head of the payload is held; the header has the full length.
    pub(super) fn is_payload_dropped(&self) -> bool {
        self.large_payload().is_some_and(|payload| payload.len() < self.header.payload_len as usize)
    }

    pub(super) fn properties(&self) -> Option<&'a Arc<PublishProperties>> {
        self.beside?.properties.as_ref()
    }

    pub(super) fn flags(&self) -> Flags {
        let header = &self.header;
        let qos = QoS::try_from(header.bits & QOS).unwrap_or_default();
        Flags { qos, retain: header.has(RETAIN), dup: header.has(DUP) }
    }

    /// Memory that it takes, in bytes, including its [`Beside`].
    pub(super) fn weight(&self) -> usize {
        self.raw.len() + self.beside.map_or(0, Beside::weight)
    }
}

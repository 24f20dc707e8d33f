//! Bytes that were read but not yet decoded.
//!
//! Small packets are decoded in place. The payload of a large message is read into an allocation of its own, so it is
//! copied at most once and keeps nothing else alive. Memory grows only with bytes that have arrived: a length announced
//! in a header reserves nothing.

use std::io;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};

use bytes::{BufMut as _, Bytes};
use tokio::io::{AsyncRead, AsyncReadExt as _};

use crate::message::LARGE_PAYLOAD_BYTES;
use crate::mqtt::limits::PROPERTIES_BYTES_MAX;
use crate::mqtt::link::trouble::Trouble;
use crate::mqtt::options::MqttVersion;
use crate::mqtt::packet::{self, Flaw, Header, Malformed};
use crate::mqtt::trace::PacketKind;

/// Bytes read at once. A larger buffer would save no system calls and waste processor cache.
const BUFFER_BYTES: usize = 128 * 1024;
/// The largest packet other than PUBLISH: its properties and some topic filters.
const CONTROL_BYTES_MAX: usize = PROPERTIES_BYTES_MAX + 128 * 1024;
/// The most that may precede the payload of a PUBLISH.
const HEAD_BYTES_MAX: usize = PROPERTIES_BYTES_MAX + 128 * 1024;

/// The read buffer of one connection.
#[derive(Debug, Default)]
pub(super) struct ReadBuffer {
    bytes: Vec<u8>,
    /// Everything before this index is decoded.
    start: usize,
    large: Option<Large>,
}

/// A PUBLISH whose payload is still arriving.
#[derive(Debug)]
struct Large {
    header: Header,
    /// Everything between header and payload.
    head: Vec<u8>,
    payload: Vec<u8>,
    /// The payload's full length.
    payload_bytes: usize,
}

/// What the buffer holds.
pub(super) enum Next<'a> {
    /// No complete packet.
    Incomplete,
    /// A packet: its header and everything after it.
    Packet(Header, &'a [u8]),
    /// A PUBLISH: its header, everything between header and payload, and the payload.
    Large(Header, Vec<u8>, Bytes),
}

impl ReadBuffer {
    /// The bytes that are read but not decoded.
    pub(super) fn unread(&self) -> &[u8] {
        self.bytes.get(self.start..).unwrap_or_default()
    }

    /// Takes out the next complete packet. One above `bytes_max` is an error as soon as its header has arrived.
    #[inline]
    pub(super) fn next(&mut self, version: MqttVersion, bytes_max: usize) -> Result<Next<'_>, Trouble> {
        if self.large.is_some() {
            return Ok(self.take_large());
        }
        let unread = self.unread();
        let available = unread.len();
        let Some(header) = packet::header(unread)? else { return Ok(Next::Incomplete) };
        let bytes = header.packet_bytes();
        if bytes > bytes_max {
            return Err(Trouble::PacketTooLarge { kind: header.kind, bytes, bytes_max });
        }
        if available < bytes {
            return self.incomplete(header, version);
        }
        let (from, to) = (self.start + header.bytes, self.start + bytes);
        self.start = to;
        Ok(Next::Packet(header, self.bytes.get(from..to).unwrap_or_default()))
    }

    #[cold]
    fn incomplete(&mut self, header: Header, version: MqttVersion) -> Result<Next<'_>, Trouble> {
        let Header { kind, flags, remaining, .. } = header;
        if kind != PacketKind::Publish {
            if remaining > CONTROL_BYTES_MAX {
                let flaw = Flaw::TooLong { bytes: remaining, bytes_max: CONTROL_BYTES_MAX };
                return Err(Malformed::new(kind, flaw).into());
            }
            return Ok(Next::Incomplete);
        }
        if remaining < LARGE_PAYLOAD_BYTES {
            return Ok(Next::Incomplete);
        }
        let body = self.unread().get(header.bytes..).unwrap_or_default();
        let Some(head_bytes) = packet::head_bytes(flags, body, version) else { return Ok(Next::Incomplete) };
        if head_bytes > remaining {
            return Err(Malformed::new(kind, Flaw::HeadTooLong).into());
        }
        if head_bytes > HEAD_BYTES_MAX {
            return Err(Malformed::new(kind, Flaw::HeadAboveLimit).into());
        }
        let payload_bytes = remaining - head_bytes;
        if payload_bytes < LARGE_PAYLOAD_BYTES {
            return Ok(Next::Incomplete);
        }
        let Some((head, payload)) = body.split_at_checked(head_bytes) else { return Ok(Next::Incomplete) };
        let mut collected = Vec::with_capacity(payload_bytes.min(BUFFER_BYTES).max(payload.len()));
        collected.extend(payload);
        self.large = Some(Large { header, head: head.to_vec(), payload: collected, payload_bytes });
        self.start = self.bytes.len();
        Ok(self.take_large())
    }

    fn take_large(&mut self) -> Next<'_> {
        match self.large.take_if(|large| large.payload.len() == large.payload_bytes) {
            Some(Large { header, head, payload, .. }) => Next::Large(header, head, payload.into()),
            None => Next::Incomplete,
        }
    }

    /// Reads once and returns the number of bytes, 0 at the end of the stream.
    pub(super) fn poll_read(
        &mut self,
        stream: &mut (impl AsyncRead + Unpin),
        context: &mut Context<'_>,
    ) -> Poll<io::Result<usize>> {
        let (target, most) = if let Some(Large { payload, payload_bytes, .. }) = &mut self.large {
            let missing = payload_bytes.saturating_sub(payload.len());
            if payload.len() == payload.capacity() {
                // Grows to twice what has arrived, but never beyond what was announced.
                payload.reserve_exact(missing.min(payload.len().max(BUFFER_BYTES)));
            }
            let room = payload.capacity() - payload.len();
            (payload, missing.min(room))
        } else {
            self.make_room();
            let room = self.bytes.capacity() - self.bytes.len();
            (&mut self.bytes, room)
        };
        let mut target = target.limit(most);
        let read: Pin<&mut _> = pin!(stream.read_buf(&mut target));
        Poll::Ready(ready!(read.poll(context)))
    }

    /// Moves unread bytes to the front if there are few, and allocates only for a packet that does not fit.
    fn make_room(&mut self) {
        let unread = self.bytes.len() - self.start;
        let room = self.bytes.capacity() - self.bytes.len();
        if unread == 0 {
            self.bytes.clear();
            self.start = 0;
            if !(BUFFER_BYTES..2 * BUFFER_BYTES).contains(&self.bytes.capacity()) {
                self.bytes = Vec::with_capacity(BUFFER_BYTES);
            }
        } else if self.start > 0 && room < BUFFER_BYTES / 2 {
            self.bytes.copy_within(self.start.., 0);
            self.bytes.truncate(unread);
            self.start = 0;
        }
        if self.bytes.len() == self.bytes.capacity() {
            self.bytes.reserve_exact(self.bytes.len());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Topic and payload of every message decoded from these bytes when fed in pieces of this size.
    fn messages(wire: &[u8], piece: usize) -> Vec<(Vec<u8>, Vec<u8>)> {
        let mut buffer = ReadBuffer::default();
        let mut found = Vec::new();
        let mut context = Context::from_waker(std::task::Waker::noop());
        for mut piece in wire.chunks(piece) {
            while !piece.is_empty() {
                assert!(buffer.poll_read(&mut piece, &mut context).is_ready());
                loop {
                    let (header, head, payload) = match buffer.next(MqttVersion::V3_1_1, 1 << 28).unwrap() {
                        Next::Incomplete => break,
                        Next::Packet(header, body) => (header, body.to_vec(), None),
                        Next::Large(header, head, payload) => (header, head, Some(payload)),
                    };
                    let publish =
                        packet::PublishPacket::decode(header.flags, &head, MqttVersion::V3_1_1).unwrap();
                    let payload = payload.map_or(publish.payload.to_vec(), |payload| payload.to_vec());
                    found.push((publish.topic.to_vec(), payload));
                }
            }
        }
        assert!(buffer.unread().is_empty() && buffer.bytes.capacity() <= 2 * BUFFER_BYTES);
        found
    }

    #[test]
    fn packets_of_all_sizes_come_out_whole_however_they_arrive() {
        let payloads: Vec<Vec<u8>> = [0, 1, 100, 20_000, 32_767, 32_768, 40_000, 200_000, 1_000_000, 3]
            .map(|bytes| (0..bytes).map(|index| index as u8).collect())
            .to_vec();
        let mut wire = Vec::new();
        for payload in &payloads {
            let publish = crate::mqtt::publish::Publish {
                topic: format!("t{}", payload.len()),
                payload: payload.clone().into(),
                ..Default::default()
            };
            packet::encode_head(&mut wire, &publish, 0, false, false, MqttVersion::V3_1_1).unwrap();
            wire.extend(payload);
        }
        for piece in [1_021, 4_096, 65_537, 131_072, wire.len()] {
            let found = messages(&wire, piece);
            assert_eq!(found.len(), payloads.len(), "pieces of {piece}");
            for ((topic, payload), wanted) in found.iter().zip(&payloads) {
                assert_eq!(topic, format!("t{}", wanted.len()).as_bytes());
                assert!(payload == wanted, "{} bytes in pieces of {piece}", wanted.len());
            }
        }
    }

    #[test]
    fn a_header_that_announces_much_reserves_little() {
        let mut buffer = ReadBuffer::default();
        let mut context = Context::from_waker(std::task::Waker::noop());
        let mut wire = &b"\x30\xff\xff\xff\x7f\x00\x01a1"[..];
        assert!(buffer.poll_read(&mut wire, &mut context).is_ready());
        assert!(matches!(buffer.next(MqttVersion::V3_1_1, 1 << 29), Ok(Next::Incomplete)));
        assert!(buffer.poll_read(&mut &b"23"[..], &mut context).is_ready());
        let reserved = buffer.large.as_ref().map(|large| large.payload.capacity());
        assert!(reserved.is_some_and(|bytes| bytes <= 2 * BUFFER_BYTES), "{reserved:?}");
    }

    #[test]
    fn what_can_never_be_whole_is_refused_at_once() {
        for (wire, flaw) in [
            (
                &b"\x90\xff\xff\xff\x7f"[..],
                Flaw::TooLong { bytes: 268_435_455, bytes_max: CONTROL_BYTES_MAX },
            ),
            // Properties longer than the packet, and properties longer than this program reads.
            (b"\x30\x80\x80\x08\x00\x01a\xff\xff\xff\x7f", Flaw::HeadTooLong),
            (b"\x30\x80\x80\x80\x08\x00\x01a\xff\xff\x7f", Flaw::HeadAboveLimit),
            (b"\x30\xff\xff\xff\xff", Flaw::LengthTooLong),
        ] {
            let mut buffer = ReadBuffer::default();
            let mut context = Context::from_waker(std::task::Waker::noop());
            assert!(buffer.poll_read(&mut { wire }, &mut context).is_ready());
            let Err(Trouble::Broken(malformed)) = buffer.next(MqttVersion::V5, 1 << 29) else {
                panic!("{wire:x?} was taken");
            };
            assert_eq!(malformed.flaw, flaw);
        }
    }
}

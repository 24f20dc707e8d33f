//! What clients send: packets out of a stream, and the messages in them.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::{Bytes, BytesMut};
use tokio::io::AsyncReadExt as _;
use tokio::net::tcp::OwnedReadHalf;

use crate::demo::broker::message::Message;
use crate::mqtt::options::MqttVersion;
use crate::mqtt::packet::{
    self, Flaw, Header, Incoming, LastWill, Malformed, Part, PublishPacket, Sender, decode_from_client,
};
use crate::mqtt::reason::ReasonCode;
use crate::mqtt::trace::PacketKind;

/// The read buffer grows by this much at most ahead of what has arrived, whatever a header announces.
const READ_AHEAD_BYTES: usize = 64 * 1024;

/// The largest packet that is no PUBLISH: a long list of topic filters takes many times its length in memory.
const CONTROL_BYTES_MAX: usize = 1 << 20;

/// Payloads from this size on share the memory of their packet; a smaller one would pin more than itself.
const SHARED_FROM_BYTES: usize = 32 * 1024;

/// Why a connection cannot go on.
#[derive(Debug)]
pub(super) enum Fault {
    /// A packet of so many bytes is too large.
    TooLarge(usize),
    /// All clients together have sent too much of packets that are not whole yet.
    NoRoom,
    /// A packet breaks the protocol.
    Malformed(Malformed),
    /// The stream ended.
    Stream(io::Error),
}

impl Fault {
    /// What DISCONNECT says; nothing where nobody would read it.
    pub fn reason(&self) -> Option<ReasonCode> {
        match self {
            Self::TooLarge(_) => Some(ReasonCode::PACKET_TOO_LARGE),
            Self::NoRoom => Some(ReasonCode::QUOTA_EXCEEDED),
            Self::Malformed(malformed) => Some(malformed.reason()),
            Self::Stream(_) => None,
        }
    }
}

impl From<Malformed> for Fault {
    fn from(malformed: Malformed) -> Self {
        Self::Malformed(malformed)
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Self::Stream(error)
    }
}

/// One whole packet.
#[derive(Debug)]
pub(super) struct Frame {
    header: Header,
    bytes: Bytes,
}

impl Frame {
    /// What it says.
    pub fn decode(&self, version: MqttVersion) -> Result<Incoming<'_>, Malformed> {
        decode_from_client(self.header, self.bytes.get(self.header.bytes..).unwrap_or_default(), version)
    }

    /// The message of a PUBLISH in it.
    pub fn message(&self, publish: &PublishPacket<'_>) -> Result<Message, Malformed> {
        if std::str::from_utf8(publish.topic).is_err() {
            return Err(Malformed::new(PacketKind::Publish, Flaw::NotUtf8(Part::Topic)));
        }
        let payload = if publish.payload.len() < SHARED_FROM_BYTES {
            Bytes::copy_from_slice(publish.payload)
        } else {
            self.bytes.slice_ref(publish.payload)
        };
        Ok(Message {
            retain: publish.flags.retain,
            properties: publish.properties.clone().map(Box::new),
            ..Message::new(Bytes::copy_from_slice(publish.topic), payload).at(publish.flags.qos)
        })
    }
}

/// The message that a will becomes. Its delay is not kept: sessions end with their connection, and a will is due then at
/// the latest (MQTT 5.0, 3.1.3.2.2).
pub(super) fn will_message(will: &LastWill<'_>) -> Message {
    let LastWill { topic, payload, qos, retain, delay_interval_s: _, properties } = will;
    let message = Message::new(Bytes::copy_from_slice(topic.as_bytes()), Bytes::copy_from_slice(payload));
    Message { retain: *retain, ..message.at(*qos).with(properties.clone()) }
}

/// What all clients together have sent of packets that are not whole yet.
#[derive(Debug)]
pub(super) struct Partial {
    bytes: AtomicUsize,
    bytes_max: usize,
}

impl Partial {
    pub fn new(bytes_max: usize) -> Arc<Self> {
        Arc::new(Self { bytes: AtomicUsize::new(0), bytes_max })
    }
}

/// The packets of one client.
pub(super) struct Reader {
    socket: OwnedReadHalf,
    buffer: BytesMut,
    partial: Arc<Partial>,
    /// What of the buffer is counted in `partial`.
    counted_bytes: usize,
    /// The largest packet that is taken.
    pub packet_bytes_max: usize,
    /// As CONNECT said; the newest before that.
    pub version: MqttVersion,
    /// How many were taken.
    pub packets: u64,
}

impl Reader {
    pub fn new(socket: OwnedReadHalf, packet_bytes_max: usize, partial: Arc<Partial>) -> Self {
        let (version, buffer) = (MqttVersion::V5, BytesMut::new());
        Self { socket, buffer, partial, counted_bytes: 0, packet_bytes_max, version, packets: 0 }
    }

    /// Counts what the buffer holds, and what it may hold after the next read.
    fn count(&mut self) -> Result<(), Fault> {
        let bytes = self.buffer.len() + READ_AHEAD_BYTES;
        let others = self.partial.bytes.fetch_sub(self.counted_bytes, Ordering::Relaxed) - self.counted_bytes;
        self.counted_bytes = 0;
        // What small packets need anyway is bounded by the number of connections.
        if bytes > 2 * READ_AHEAD_BYTES {
            if others + bytes > self.partial.bytes_max {
                return Err(Fault::NoRoom);
            }
            self.partial.bytes.fetch_add(bytes, Ordering::Relaxed);
            self.counted_bytes = bytes;
        }
        Ok(())
    }

    /// The next packet that has arrived whole. One that cannot be is refused by its header, before the rest has come:
    /// that also turns away HTTP and TLS.
    pub fn frame(&mut self) -> Result<Option<Frame>, Fault> {
        let Some(header) = packet::header(&self.buffer)? else { return Ok(None) };
        header.check(Sender::Client, self.version)?;
        let bytes = header.packet_bytes();
        let bytes_max = match header.kind {
            PacketKind::Publish => self.packet_bytes_max,
            _ => self.packet_bytes_max.min(CONTROL_BYTES_MAX),
        };
        if bytes > bytes_max {
            return Err(Fault::TooLarge(bytes));
        }
        if bytes > self.buffer.len() {
            return Ok(None);
        }
        self.packets += 1;
        Ok(Some(Frame { header, bytes: self.buffer.split_to(bytes).freeze() }))
    }

    /// Reads what has arrived; fails at the end of the stream.
    pub async fn read(&mut self) -> Result<(), Fault> {
        self.count()?;
        self.buffer.reserve(READ_AHEAD_BYTES);
        match self.socket.read_buf(&mut self.buffer).await? {
            0 => Err(io::Error::from(io::ErrorKind::UnexpectedEof).into()),
            _ => Ok(()),
        }
    }

    /// Waits for the first packet.
    pub async fn first(&mut self) -> Result<Frame, Fault> {
        loop {
            if let Some(frame) = self.frame()? {
                return Ok(frame);
            }
            self.read().await?;
        }
    }

    /// Reads the rest of the stream and throws it away.
    pub async fn drain(&mut self) -> Result<std::convert::Infallible, Fault> {
        loop {
            self.buffer.clear();
            self.read().await?;
        }
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.partial.bytes.fetch_sub(self.counted_bytes, Ordering::Relaxed);
    }
}

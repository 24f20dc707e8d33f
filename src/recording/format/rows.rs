//! The body of a message frame: first an index in columns, then the properties and payloads, each part compressed
//! separately.
//!
//! The index alone tells which topics the frame holds, what arrived when, and where each payload is. So a search for a
//! topic or a time decompresses only about a tenth of the frame.

use std::sync::Arc;

use crate::message::{Flags, MessageRef, Payload, PublishProperties, QoS, Timestamp};
use crate::recording::format::frame::{self, Codec, FrameHead, Kind};
use crate::recording::format::input::{Input, MalformedFrame};
use crate::recording::format::{properties, varint};

/// Flag for a message with properties.
const HAS_PROPERTIES: u8 = 0x10;
/// Bytes before the compressed index: its compressed length, its length, and both codecs.
const PREFIX_BYTES: usize = 12;

/// A topic in a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::recording) struct TopicOf {
    /// Number of the topic.
    pub id: u32,
    /// The previous frame with a message of this topic: in this segment, or for a carried message in the previous one.
    pub before: Option<u32>,
}

/// Collects messages for a frame.
#[derive(Debug, Default)]
pub(in crate::recording) struct Builder {
    topics: Vec<u8>,
    topic_count: u32,
    last_id: u32,
    which: Vec<u8>,
    times: Vec<u8>,
    flags: Vec<u8>,
    lengths: Vec<u8>,
    data: Vec<u8>,
    count: u32,
    previous: i64,
    first: i64,
    last: i64,
    scratch: Vec<u8>,
}

impl Builder {
    /// How many messages it holds so far.
    pub fn count(&self) -> u32 {
        self.count
    }

    /// The approximate size of the uncompressed frame, in bytes.
    #[inline]
    pub fn raw_bytes(&self) -> usize {
        self.data.len()
            + self.topics.len()
            + self.which.len()
            + self.times.len()
            + self.flags.len()
            + self.lengths.len()
    }

    /// The earliest and latest time.
    pub fn span(&self) -> (Timestamp, Timestamp) {
        (Timestamp(self.first), Timestamp(self.last))
    }

    /// Adds a topic that is new to the frame with this ordinal. Returns its index in the frame's list.
    pub fn add_topic(&mut self, id: u32, before: Option<u32>) -> u32 {
        varint::put_signed(&mut self.topics, i64::from(id) - i64::from(self.last_id));
        varint::put(&mut self.topics, before.map_or(0, |ordinal| u64::from(ordinal) + 1));
        self.last_id = id;
        self.topic_count += 1;
        self.topic_count - 1
    }

    /// Adds a message of the topic at this index of the list; `is_first` is set for the message for which the topic was
    /// added.
    #[inline]
    pub fn push(&mut self, topic: u32, is_first: bool, message: MessageRef<'_>) {
        varint::put(&mut self.which, if is_first { 0 } else { u64::from(topic) + 1 });
        let at = message.arrived.0;
        if self.count == 0 {
            (self.previous, self.first, self.last) = (at, at, at);
            varint::put_signed(&mut self.times, at);
        } else {
            varint::put_signed(&mut self.times, at.wrapping_sub(self.previous));
            (self.first, self.last) = (self.first.min(at), self.last.max(at));
        }
        self.previous = at;
        let Flags { qos, retain, dup } = message.flags;
        let mut flags = u8::from(qos) | u8::from(retain) << 2 | u8::from(dup) << 3;
        let payload = message.payload.bytes();
        varint::put(&mut self.lengths, payload.len() as u64);
        if let Some(found) = message.properties {
            flags |= HAS_PROPERTIES;
            self.scratch.clear();
            properties::put(&mut self.scratch, found);
            varint::put(&mut self.lengths, self.scratch.len() as u64);
            self.data.extend_from_slice(&self.scratch);
        }
        self.flags.push(flags);
        self.data.extend_from_slice(payload);
        self.count += 1;
    }

    /// Appends the frame and empties the builder. Returns the frame's size.
    pub fn seal(&mut self, kind: Kind, ordinal: u32, out: &mut Vec<u8>) -> usize {
        let mut index = Vec::with_capacity(self.raw_bytes() - self.data.len() + 8);
        varint::put(&mut index, u64::from(self.topic_count));
        for column in [&self.topics, &self.which, &self.times, &self.flags, &self.lengths] {
            index.extend_from_slice(column);
        }
        let mut body = vec![0; PREFIX_BYTES];
        let index_codec = frame::pack(&index, &mut body);
        let index_stored = body.len() - PREFIX_BYTES;
        let data_codec = frame::pack(&self.data, &mut body);
        let prefix = [(index_stored as u32).to_le_bytes(), (index.len() as u32).to_le_bytes()];
        let codecs = [codec_code(index_codec), codec_code(data_codec), 0, 0];
        for (place, byte) in body.iter_mut().zip(prefix.iter().flatten().chain(&codecs)) {
            *place = *byte;
        }
        let head = FrameHead {
            kind,
            // The two parts have their own codecs.
            codec: Codec::Plain,
            ordinal,
            count: self.count,
            first: Timestamp(self.first),
            last: Timestamp(self.last),
            stored: 0,
            raw: body.len() as u32,
            crc: 0,
        };
        let bytes = frame::put(out, head, &body);
        self.clear();
        bytes
    }

    fn clear(&mut self) {
        for column in [&mut self.topics, &mut self.which, &mut self.times, &mut self.flags, &mut self.lengths]
        {
            column.clear();
        }
        self.data.clear();
        // The memory of a single large payload should not be kept forever.
        self.data.shrink_to(4 << 20);
        (self.topic_count, self.last_id, self.count) = (0, 0, 0);
    }
}

fn codec_code(codec: Codec) -> u8 {
    match codec {
        Codec::Plain => 0,
        Codec::Lz4 => 1,
    }
}

/// A message in a frame, without its payload.
#[derive(Clone, Copy, Debug)]
pub(in crate::recording) struct FrameRow {
    /// Index of its topic in [`Rows::topics`].
    pub topic: u32,
    /// Time of arrival.
    pub at: Timestamp,
    /// QoS, retain and DUP.
    pub flags: Flags,
    start: u32,
    properties: u32,
    payload: u32,
    has_properties: bool,
}

/// The messages of a frame. Payloads are decompressed when one is requested.
#[derive(Debug)]
pub(in crate::recording) struct Rows {
    /// The frame's topics, in the order of their first messages.
    pub topics: Vec<TopicOf>,
    /// Messages in order of arrival.
    pub messages: Vec<FrameRow>,
    packed: Vec<u8>,
    codec: Codec,
    data: Option<Vec<u8>>,
    data_bytes: usize,
}

impl Rows {
    /// Parses the index of a body whose CRC is correct.
    pub fn read(head: &FrameHead, body: &[u8]) -> Result<Self, MalformedFrame> {
        let mut input = Input(body);
        let (stored, raw) = (input.u32()? as usize, input.u32()? as usize);
        let [index_codec, data_codec, ..] = input.array::<4>()?;
        let index = frame::unpack(input.take(stored)?, codec_of(index_codec)?, raw)?;
        let packed = input.0;
        let mut index = Input(&index);
        let topics = read_topics(&mut index)?;
        let (messages, data_bytes) = read_rows(&mut index, head.count as usize, topics.len())?;
        index.end()?;
        Ok(Self {
            topics,
            messages,
            packed: packed.to_vec(),
            codec: codec_of(data_codec)?,
            data: None,
            data_bytes,
        })
    }

    /// Decompresses the payloads, once.
    pub fn unpack(&mut self) -> Result<(), MalformedFrame> {
        if self.data.is_none() {
            self.data = Some(frame::unpack(&self.packed, self.codec, self.data_bytes)?);
        }
        Ok(())
    }

    /// Bytes of the payloads and properties once decompressed.
    pub fn data_bytes(&self) -> usize {
        self.data_bytes
    }

    /// The topic of a message.
    pub fn topic_of(&self, row: &FrameRow) -> Option<TopicOf> {
        self.topics.get(row.topic as usize).copied()
    }

    /// The payload of a message, after decompression.
    pub fn payload(&self, row: &FrameRow) -> Option<&[u8]> {
        let start = row.start as usize + row.properties as usize;
        self.data.as_ref()?.get(start..start + row.payload as usize)
    }

    /// The properties of a message, after decompression.
    pub fn properties(&self, row: &FrameRow) -> Result<Option<PublishProperties>, MalformedFrame> {
        if !row.has_properties {
            return Ok(None);
        }
        let start = row.start as usize;
        let bytes = self.data.as_ref().and_then(|data| data.get(start..start + row.properties as usize));
        properties::read(bytes.ok_or(MalformedFrame)?).map(Some)
    }

    /// The message in a row, with its topic's name and with properties that the caller keeps.
    pub fn message<'a>(
        &'a self,
        row: &FrameRow,
        topic: &'a [u8],
        properties: Option<&'a Arc<PublishProperties>>,
    ) -> Option<MessageRef<'a>> {
        let payload = Payload::Small(self.payload(row)?);
        Some(MessageRef { topic, payload, flags: row.flags, properties, arrived: row.at })
    }
}

fn codec_of(code: u8) -> Result<Codec, MalformedFrame> {
    match code {
        0 => Ok(Codec::Plain),
        1 => Ok(Codec::Lz4),
        _ => Err(MalformedFrame),
    }
}

fn read_topics(index: &mut Input<'_>) -> Result<Vec<TopicOf>, MalformedFrame> {
    let count = index.varint_usize()?;
    if count > index.0.len() {
        return Err(MalformedFrame); // each takes at least one byte
    }
    let mut topics = Vec::with_capacity(count);
    let mut id = 0_i64;
    for _ in 0..count {
        id = id.checked_add(index.varint_signed()?).ok_or(MalformedFrame)?;
        let before = index.varint_u32()?.checked_sub(1);
        topics.push(TopicOf { id: u32::try_from(id).map_err(|_| MalformedFrame)?, before });
    }
    Ok(topics)
}

/// Parses the message columns. Also returns the total size of payloads and properties.
fn read_rows(
    index: &mut Input<'_>,
    count: usize,
    topics: usize,
) -> Result<(Vec<FrameRow>, usize), MalformedFrame> {
    if count > index.0.len() {
        return Err(MalformedFrame);
    }
    let mut rows = Vec::with_capacity(count);
    let mut next = 0;
    for _ in 0..count {
        let topic = if let Some(topic) = index.varint_u32()?.checked_sub(1) {
            topic
        } else {
            next += 1;
            next - 1
        };
        if topic as usize >= topics {
            return Err(MalformedFrame);
        }
        rows.push(FrameRow {
            topic,
            at: Timestamp(0),
            flags: Flags::default(),
            start: 0,
            properties: 0,
            payload: 0,
            has_properties: false,
        });
    }
    let mut at = 0_i64;
    for row in &mut rows {
        at = at.wrapping_add(index.varint_signed()?);
        row.at = Timestamp(at);
    }
    for row in &mut rows {
        let flags = index.byte()?;
        let qos = QoS::try_from(flags & 3).map_err(|_| MalformedFrame)?;
        row.flags = Flags { qos, retain: flags & 4 != 0, dup: flags & 8 != 0 };
        row.has_properties = flags & HAS_PROPERTIES != 0;
    }
    let mut end = 0_u32;
    for row in &mut rows {
        row.start = end;
        row.payload = index.varint_u32()?;
        row.properties = if row.has_properties { index.varint_u32()? } else { 0 };
        end = end
            .checked_add(row.payload)
            .and_then(|end| end.checked_add(row.properties))
            .ok_or(MalformedFrame)?;
    }
    Ok((rows, end as usize))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message<'a>(topic: &'a [u8], payload: &'a [u8], at: i64) -> MessageRef<'a> {
        let flags = Flags { qos: QoS::AtLeastOnce, retain: false, dup: true };
        MessageRef {
            topic,
            payload: Payload::Small(payload),
            flags,
            properties: None,
            arrived: Timestamp(at),
        }
    }

    #[test]
    fn the_index_tells_topics_and_times_without_the_payloads() {
        let mut builder = Builder::default();
        let first = builder.add_topic(70_000, None);
        builder.push(first, true, message(b"a", b"1", 100));
        let second = builder.add_topic(3, Some(9));
        builder.push(second, true, message(b"b", b"22", 90));
        builder.push(first, false, message(b"a", b"333", i64::MIN));
        let mut bytes = Vec::new();
        let length = builder.seal(Kind::Messages, 10, &mut bytes);
        assert_eq!((length, builder.count(), builder.raw_bytes()), (bytes.len(), 0, 0));

        let (head, body) = bytes.split_first_chunk().unwrap();
        let head = FrameHead::read(head).unwrap();
        assert_eq!((head.first, head.last, head.count), (Timestamp(i64::MIN), Timestamp(100), 3));
        let mut rows = Rows::read(&head, body).unwrap();
        let topics = [TopicOf { id: 70_000, before: None }, TopicOf { id: 3, before: Some(9) }];
        assert_eq!(rows.topics, topics);
        let times: Vec<i64> = rows.messages.iter().map(|row| row.at.0).collect();
        assert_eq!(times, [100, 90, i64::MIN]);
        assert_eq!(rows.payload(&rows.messages[2]), None, "not unpacked yet");
        rows.unpack().unwrap();
        assert_eq!(rows.payload(&rows.messages[2]), Some(&b"333"[..]));
        for end in 0..body.len() {
            let mut wrong = Rows::read(&head, &body[..end]);
            if let Ok(rows) = &mut wrong {
                rows.unpack().ok(); // must not panic, whatever the result
            }
        }
    }
}

//! A message as it travels from the link to the model, and the batch that carries many of them.
//!
//! The link copies each message out of its network buffer into a [`Batch`]: one growing vector instead of an
//! allocation per message, and no slice that pins a whole read buffer (MQTT payloads are small, buffers are not).

use std::sync::Arc;

use bytes::Bytes;

/// The longest string, binary value, topic or filter, in bytes: their lengths are sent as 16 bits (MQTT 5.0, 1.5.4).
pub const FIELD_BYTES_MAX: usize = 65_535;

/// Microseconds since the Unix epoch.
///
/// The model has no clock of its own: the session stamps each message as it arrives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// Seconds from `earlier` to `self`; negative if the clock was set back in between.
    pub fn seconds_since(self, earlier: Self) -> f64 {
        self.0.saturating_sub(earlier.0) as f64 / 1e6
    }
}

/// Quality of service (MQTT 5.0, 4.3).
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(into = "u8", try_from = "u8")]
pub enum QoS {
    /// QoS 0: at most once.
    #[default]
    AtMostOnce = 0,
    /// QoS 1: at least once.
    AtLeastOnce = 1,
    /// QoS 2: exactly once.
    ExactlyOnce = 2,
}

impl QoS {
    /// All three levels, in order.
    pub const ALL: [Self; 3] = [Self::AtMostOnce, Self::AtLeastOnce, Self::ExactlyOnce];
}

impl From<QoS> for u8 {
    fn from(qos: QoS) -> Self {
        qos as Self
    }
}

impl TryFrom<u8> for QoS {
    type Error = String;

    fn try_from(level: u8) -> Result<Self, Self::Error> {
        Self::ALL.get(usize::from(level)).copied().ok_or_else(|| format!("QoS is 0, 1 or 2, not {level}"))
    }
}

/// The properties of an MQTT 5 PUBLISH (MQTT 5.0, 3.3.2.3) that a person can see or set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PublishProperties {
    /// What the payload is: 0 for bytes, 1 for UTF-8 text.
    pub payload_format_indicator: Option<u8>,
    /// Seconds until the broker stops delivering the message.
    pub message_expiry_interval_s: Option<u32>,
    /// A MIME type, or any other name the sender gives the content.
    pub content_type: Option<String>,
    /// The topic on which an answer is expected.
    pub response_topic: Option<String>,
    /// Bytes that link an answer to its request.
    pub correlation_data: Option<Vec<u8>>,
    /// The identifiers of the subscriptions that matched.
    pub subscription_identifiers: Vec<u32>,
    /// Name and value pairs, in the order sent; names may repeat.
    pub user_properties: Vec<(String, String)>,
}

impl PublishProperties {
    /// Whether no property is set.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Memory that the properties take, in bytes.
    pub fn weight_bytes(&self) -> usize {
        let text = |text: &Option<String>| text.as_ref().map_or(0, String::len);
        size_of::<Self>()
            + text(&self.content_type)
            + text(&self.response_topic)
            + self.correlation_data.as_ref().map_or(0, Vec::len)
            + self.subscription_identifiers.len() * size_of::<u32>()
            + self
                .user_properties
                .iter()
                .map(|(name, value)| name.len() + value.len() + 2 * size_of::<String>())
                .sum::<usize>()
    }
}

/// The fixed header's flags of a PUBLISH (MQTT 5.0, 3.3.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// Quality of service of this delivery.
    pub qos: QoS,
    /// Whether the broker sent it as a retained message, or the subscription keeps the flag as published.
    pub retain: bool,
    /// Whether it is a repeated delivery.
    pub dup: bool,
}

/// One received message, borrowed from a [`Batch`] or another owner.
#[derive(Clone, Copy, Debug)]
pub struct MessageRef<'a> {
    /// Topic name as sent. The specification requires UTF-8, but not all brokers obey, so it is kept as bytes.
    pub topic: &'a [u8],
    /// Payload as sent.
    pub payload: Payload<'a>,
    /// QoS, retain and DUP.
    pub flags: Flags,
    /// MQTT 5 properties, if any was set.
    pub properties: Option<&'a Arc<PublishProperties>>,
    /// When it was read from the socket.
    pub arrived: Timestamp,
}

/// A payload in transit: small ones are copied, large ones are shared.
#[derive(Clone, Copy, Debug)]
pub enum Payload<'a> {
    /// Bytes that are copied to be kept.
    Small(&'a [u8]),
    /// At least [`LARGE_PAYLOAD_BYTES`] in an allocation of their own, which is kept without another copy.
    Large(&'a Bytes),
}

impl<'a> Payload<'a> {
    /// The payload's bytes, small or large.
    pub fn bytes(self) -> &'a [u8] {
        match self {
            Self::Small(bytes) => bytes,
            Self::Large(bytes) => bytes,
        }
    }
}

/// From this size on, a payload has its own allocation and is never copied again.
pub const LARGE_PAYLOAD_BYTES: usize = 32 * 1024;

/// Many messages in arrival order, in one allocation.
#[derive(Debug, Default)]
pub struct Batch {
    bytes: Vec<u8>,
    entries: Vec<Entry>,
    /// Size of what is not in `bytes`: large payloads and properties.
    beside_bytes: usize,
}

#[derive(Debug)]
struct Entry {
    start: u32,
    topic_len: u32,
    payload_len: u32,
    flags: Flags,
    packet_id: u16,
    arrived: Timestamp,
    large: Option<Bytes>,
    properties: Option<Arc<PublishProperties>>,
}

impl Batch {
    /// Adds a message. A small payload is copied, a large one shared.
    pub fn push(
        &mut self,
        topic: &[u8],
        payload: Payload<'_>,
        flags: Flags,
        properties: Option<PublishProperties>,
        arrived: Timestamp,
    ) {
        let start = self.bytes.len() as u32;
        self.bytes.extend_from_slice(topic);
        let payload_len = payload.bytes().len();
        let large = match payload {
            Payload::Small(bytes) => {
                self.bytes.extend_from_slice(bytes);
                None
            }
            Payload::Large(bytes) => {
                self.beside_bytes += payload_len;
                Some(bytes.clone())
            }
        };
        let properties = properties.filter(|properties| !properties.is_empty());
        self.beside_bytes += properties.as_ref().map_or(0, PublishProperties::weight_bytes);
        self.entries.push(Entry {
            start,
            topic_len: topic.len() as u32,
            payload_len: payload_len as u32,
            flags,
            packet_id: 0,
            arrived,
            large,
            properties: properties.map(Arc::new),
        });
    }

    /// Sets the packet identifier that the last message came with (MQTT 5.0, 2.2.1).
    pub fn identify_last(&mut self, packet_id: u16) {
        if let Some(entry) = self.entries.last_mut() {
            entry.packet_id = packet_id;
        }
    }

    /// The packet identifier of the message at `index`; 0 if it has none.
    pub fn packet_id(&self, index: usize) -> u16 {
        self.entries.get(index).map_or(0, |entry| entry.packet_id)
    }

    /// How many messages it holds.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it holds no message.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Memory held, in bytes, including reserved but unused room. The channel's bound counts it.
    pub fn weight_bytes(&self) -> usize {
        self.bytes.capacity() + self.beside_bytes + self.entries.capacity() * size_of::<Entry>()
    }

    /// The message at `index`; `None` from [`Batch::len`] on.
    pub fn get(&self, index: usize) -> Option<MessageRef<'_>> {
        let Entry { start, topic_len, payload_len, flags, packet_id: _, arrived, large, properties } =
            self.entries.get(index)?;
        let topic_end = *start as usize + *topic_len as usize;
        let payload = match large {
            Some(bytes) => Payload::Large(bytes),
            None => Payload::Small(self.bytes.get(topic_end..topic_end + *payload_len as usize)?),
        };
        Some(MessageRef {
            topic: self.bytes.get(*start as usize..topic_end)?,
            payload,
            flags: *flags,
            properties: properties.as_ref(),
            arrived: *arrived,
        })
    }

    /// All messages, in arrival order.
    pub fn iter(&self) -> impl Iterator<Item = MessageRef<'_>> {
        (0..self.len()).filter_map(|index| self.get(index))
    }

    /// Empties the batch and keeps its memory for the next one.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.entries.clear();
        self.beside_bytes = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_gives_back_what_was_pushed() {
        let mut batch = Batch::default();
        let flags = Flags { qos: QoS::AtLeastOnce, retain: true, dup: false };
        batch.push(b"a/b", Payload::Small(b"42"), flags, None, Timestamp(7));
        let large = Bytes::from(vec![b'x'; LARGE_PAYLOAD_BYTES]);
        batch.push(b"c", Payload::Large(&large), Flags::default(), None, Timestamp(8));

        let first = batch.get(0).unwrap();
        assert_eq!((first.topic, first.payload.bytes()), (&b"a/b"[..], &b"42"[..]));
        assert_eq!((first.flags, first.arrived), (flags, Timestamp(7)));
        let second = batch.get(1).unwrap();
        assert!(matches!(second.payload, Payload::Large(bytes) if bytes.len() == LARGE_PAYLOAD_BYTES));
        assert!(batch.get(2).is_none());
    }

    #[test]
    fn what_a_batch_weighs_is_all_that_it_keeps_alive() {
        let mut batch = Batch::default();
        let properties = PublishProperties {
            user_properties: vec![("name".to_owned(), "x".repeat(100_000)); 10],
            ..PublishProperties::default()
        };
        let large = Bytes::from(vec![b'x'; LARGE_PAYLOAD_BYTES]);
        batch.push(b"a", Payload::Large(&large), Flags::default(), Some(properties), Timestamp(0));
        assert!(batch.weight_bytes() > 1_000_000 + LARGE_PAYLOAD_BYTES, "{}", batch.weight_bytes());
        batch.clear();
        assert!(batch.weight_bytes() < 1_000, "room for the next ones: {}", batch.weight_bytes());
    }

    #[test]
    fn empty_properties_are_not_kept() {
        let mut batch = Batch::default();
        let nothing = Some(PublishProperties::default());
        batch.push(b"a", Payload::Small(b""), Flags::default(), nothing, Timestamp(0));
        assert!(batch.get(0).unwrap().properties.is_none());
    }
}

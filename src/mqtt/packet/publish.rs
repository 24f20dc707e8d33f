//! PUBLISH (MQTT 5.0, 3.3), which carries the messages.

use crate::message::{Flags, PublishProperties, QoS};
use crate::mqtt::options::MqttVersion;
use crate::mqtt::packet::malformed::{Flaw, Malformed, Oversize, Part};
use crate::mqtt::packet::property::{Properties, Property};
use crate::mqtt::packet::reader::{Reader, Variable, variable};
use crate::mqtt::packet::writer::Writer;
use crate::mqtt::publish;
use crate::mqtt::trace::PacketKind;

/// A received PUBLISH, borrowed from the buffer that it was read into.
#[derive(Clone, Debug, PartialEq)]
pub struct PublishPacket<'a> {
    /// Topic as sent, not necessarily UTF-8; empty if the alias stands for it.
    pub topic: &'a [u8],
    /// QoS, retain, DUP.
    pub flags: Flags,
    /// Packet identifier; 0 at QoS 0.
    pub packet_id: u16,
    /// The alias that stands for the topic, now or from now on.
    pub topic_alias: Option<u16>,
    /// MQTT 5 properties, if any.
    pub properties: Option<PublishProperties>,
    /// The message's payload.
    pub payload: &'a [u8],
}

/// QoS, retain and DUP from the fixed header.
#[inline]
fn flags(bits: u8) -> Result<Flags, Malformed> {
    let qos = match (bits >> 1) & 3 {
        0 => QoS::AtMostOnce,
        1 => QoS::AtLeastOnce,
        2 => QoS::ExactlyOnce,
        _ => return Err(Malformed::new(PacketKind::Publish, Flaw::QoS3)),
    };
    Ok(Flags { qos, retain: bits & 1 != 0, dup: bits & 8 != 0 })
}

impl<'a> PublishPacket<'a> {
    /// Decodes everything after the fixed header, whose flags are `bits`.
    #[inline]
    pub fn decode(bits: u8, body: &'a [u8], version: MqttVersion) -> Result<Self, Malformed> {
        let flags = flags(bits)?;
        let mut reader = Reader::new(PacketKind::Publish, body);
        let topic = reader.binary(Part::Topic)?;
        let packet_id = if flags.qos == QoS::AtMostOnce { 0 } else { reader.packet_id()? };
        let mut publish = Self { topic, flags, packet_id, topic_alias: None, properties: None, payload: &[] };
        if version == MqttVersion::V5 {
            match reader.rest {
                // Most messages have no properties and skip the cost of reading them.
                [0, rest @ ..] => reader.rest = rest,
                _ => publish.read_properties(&mut reader.properties()?)?,
            }
        }
        publish.payload = reader.rest;
        if topic.is_empty() && publish.topic_alias.is_none() {
            return Err(Malformed::new(PacketKind::Publish, Flaw::NoTopic));
        }
        Ok(publish)
    }

    #[cold]
    fn read_properties(&mut self, read: &mut Properties<'_>) -> Result<(), Malformed> {
        let mut properties = PublishProperties::default();
        while let Some(property) = read.next()? {
            match property {
                Property::SubscriptionIdentifier => {
                    properties.subscription_identifiers.push(read.subscription_identifier()?);
                }
                Property::TopicAlias => self.topic_alias = Some(read.u16()?),
                other => {
                    if !read_message_property(&mut properties, other, read)? {
                        return Err(read.misplaced());
                    }
                }
            }
        }
        self.properties = Some(properties).filter(|properties| !properties.is_empty());
        Ok(())
    }

    /// Appends the whole packet.
    pub fn encode(&self, out: &mut Vec<u8>, version: MqttVersion) -> Result<(), Oversize> {
        let properties = self.properties.as_ref();
        let head = Head {
            topic: self.topic,
            flags: self.flags,
            packet_id: self.packet_id,
            topic_alias: self.topic_alias,
            properties,
            subscription_identifiers: properties
                .map_or(&[][..], |all| all.subscription_identifiers.as_slice()),
        };
        head.encode(out, self.payload.len(), version)?;
        out.extend(self.payload);
        Ok(())
    }
}

/// Everything in a PUBLISH except the payload, for encoding.
#[derive(Clone, Copy, Debug)]
pub struct Head<'a> {
    /// Topic name, or empty if the alias stands for it.
    pub topic: &'a [u8],
    /// QoS, retain, DUP.
    pub flags: Flags,
    /// Packet identifier, used at QoS 1 and 2.
    pub packet_id: u16,
    /// MQTT 5: the alias that stands for the topic, now or from now on.
    pub topic_alias: Option<u16>,
    /// MQTT 5: properties of the message. Their subscription identifiers are ignored.
    pub properties: Option<&'a PublishProperties>,
    /// MQTT 5: identifiers of the matching subscriptions. Only brokers send them (MQTT 5.0, 3.3.2.3.8).
    pub subscription_identifiers: &'a [u32],
}

impl Head<'_> {
    /// Appends the head. The caller appends the `payload_bytes` that follow.
    pub fn encode(
        &self,
        out: &mut Vec<u8>,
        payload_bytes: usize,
        version: MqttVersion,
    ) -> Result<(), Oversize> {
        let Self { topic, flags, packet_id, topic_alias, properties, subscription_identifiers } = *self;
        let mut body = Writer::default();
        body.binary(topic, Part::Topic);
        if flags.qos != QoS::AtMostOnce {
            body.u16(packet_id);
        }
        if version == MqttVersion::V5 {
            body.properties(|body| {
                if let Some(properties) = properties {
                    message_properties(body, properties);
                }
                body.u16_property(Property::TopicAlias, topic_alias);
                for identifier in subscription_identifiers {
                    body.variable_property(Property::SubscriptionIdentifier, Some(*identifier));
                }
            });
        }
        let Flags { qos, retain, dup } = flags;
        let bits = (u8::from(dup) << 3) | (u8::from(qos) << 1) | u8::from(retain);
        body.finish(out, PacketKind::Publish, bits, payload_bytes)
    }
}

/// Length of everything before the payload in `body`, or `None` if more must be read to know. `body` is what has
/// arrived after the fixed header.
pub fn head_bytes(bits: u8, body: &[u8], version: MqttVersion) -> Option<usize> {
    let topic: [u8; 2] = *body.first_chunk()?;
    let mut bytes = 2 + usize::from(u16::from_be_bytes(topic));
    if bits & 0b110 != 0 {
        bytes += 2;
    }
    if version == MqttVersion::V5 {
        match variable(body.get(bytes..)?) {
            Variable::Whole { value, bytes: length } => bytes += length + value as usize,
            Variable::Short => return None,
            Variable::TooLong => return Some(usize::MAX), // Longer than any packet.
        }
    }
    Some(bytes)
}

/// Appends a client's message without its payload, which the caller appends. Its topic is left out if the alias has
/// replaced it on this connection.
pub fn encode_head(
    out: &mut Vec<u8>,
    publish: &publish::Publish,
    packet_id: u16,
    dup: bool,
    is_replaced: bool,
    version: MqttVersion,
) -> Result<(), Oversize> {
    let publish::Publish { topic, payload, qos, retain, properties, topic_alias } = publish;
    let head = Head {
        topic: if is_replaced { &[] } else { topic.as_bytes() },
        flags: Flags { qos: *qos, retain: *retain, dup },
        packet_id,
        topic_alias: *topic_alias,
        properties: Some(properties),
        subscription_identifiers: &[],
    };
    head.encode(out, payload.len(), version)
}

/// Writes the properties of a message. Subscription identifiers belong to a delivery and are left out.
pub(super) fn message_properties(body: &mut Writer, properties: &PublishProperties) {
    let PublishProperties {
        payload_format_indicator,
        message_expiry_interval_s,
        content_type,
        response_topic,
        correlation_data,
        subscription_identifiers: _,
        user_properties,
    } = properties;
    body.byte_property(Property::PayloadFormatIndicator, *payload_format_indicator);
    body.u32_property(Property::MessageExpiryInterval, *message_expiry_interval_s);
    body.text_property(Property::ContentType, content_type.as_deref());
    body.text_property(Property::ResponseTopic, response_topic.as_deref());
    body.binary_property(Property::CorrelationData, correlation_data.as_deref());
    body.user_properties(user_properties);
}

/// Reads one property of a message; returns `false` if it is not a message property.
pub(super) fn read_message_property(
    properties: &mut PublishProperties,
    property: Property,
    read: &mut Properties<'_>,
) -> Result<bool, Malformed> {
    match property {
        Property::PayloadFormatIndicator => {
            properties.payload_format_indicator = Some(u8::from(read.flag()?));
        }
        Property::MessageExpiryInterval => properties.message_expiry_interval_s = Some(read.u32()?),
        Property::ContentType => properties.content_type = Some(read.text()?),
        Property::ResponseTopic => properties.response_topic = Some(read.text()?),
        Property::CorrelationData => properties.correlation_data = Some(read.binary()?),
        Property::User => properties.user_properties.push(read.pair()?),
        _ => return Ok(false),
    }
    Ok(true)
}

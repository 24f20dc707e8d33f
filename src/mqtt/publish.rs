//! Messages to publish, and whether they can be sent at all.

use bytes::Bytes;

use crate::message::{PublishProperties, QoS};
use crate::mqtt::filter::{self, InvalidTopic};
use crate::mqtt::limits::{FIELD_BYTES_MAX, PACKET_BYTES_MAX};
use crate::mqtt::options::MqttVersion;
use crate::mqtt::packet::Property;

/// One message to publish.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Publish {
    /// Topic name without wildcards.
    pub topic: String,
    /// Payload; an empty retained one deletes the retained message.
    pub payload: Bytes,
    /// Quality of service.
    pub qos: QoS,
    /// Whether the broker keeps it for later subscribers.
    pub retain: bool,
    /// Properties, sent with MQTT 5 only. Subscription identifiers are left out; only brokers send them.
    pub properties: PublishProperties,
    /// MQTT 5: the alias that replaces the topic from the second message of a connection on.
    pub topic_alias: Option<u16>,
}

/// Why a message cannot be published, found before anything is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unpublishable {
    /// The topic is not a valid topic name.
    Topic(InvalidTopic),
    /// The response topic is not a valid topic name (MQTT 5.0, 3.3.2.3.5).
    ResponseTopic(InvalidTopic),
    /// A property is longer than [`FIELD_BYTES_MAX`].
    PropertyTooLong(Property),
    /// A property contains U+0000 (MQTT 5.0, 1.5.4).
    PropertyHasNul(Property),
    /// It has properties, which versions before MQTT 5 cannot send.
    NeedsMqtt5,
    /// Its packet is larger than a limit allows.
    TooLarge {
        /// Size of the packet.
        bytes: u64,
        /// The limit.
        bytes_max: u32,
        /// Who sets it.
        by: LimitedBy,
    },
}

impl From<InvalidTopic> for Unpublishable {
    fn from(invalid: InvalidTopic) -> Self {
        Self::Topic(invalid)
    }
}

/// Who limits the size of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitedBy {
    /// The format of MQTT.
    Mqtt,
    /// The broker's maximum packet size.
    Broker,
}

impl Publish {
    /// Checks whether the message can be sent in this version. The link checks what the particular broker allows.
    pub fn check(&self, version: MqttVersion) -> Result<(), Unpublishable> {
        filter::check_topic(&self.topic)?;
        if version != MqttVersion::V5 && !(self.properties.is_empty() && self.topic_alias.is_none()) {
            return Err(Unpublishable::NeedsMqtt5);
        }
        check_properties(&self.properties)?;
        self.check_size(version, PACKET_BYTES_MAX, LimitedBy::Mqtt)
    }

    /// Checks that the packet has at most `bytes_max` bytes.
    pub fn check_size(
        &self,
        version: MqttVersion,
        bytes_max: u32,
        by: LimitedBy,
    ) -> Result<(), Unpublishable> {
        let bytes = self.packet_bytes(version);
        if bytes > u64::from(bytes_max) {
            Err(Unpublishable::TooLarge { bytes, bytes_max, by })
        } else {
            Ok(())
        }
    }

    /// Size of the PUBLISH packet with its fixed header (MQTT 5.0, 3.3).
    pub fn packet_bytes(&self, version: MqttVersion) -> u64 {
        let identifier = if self.qos == QoS::AtMostOnce { 0 } else { 2 };
        let properties = match version {
            MqttVersion::V3_1 | MqttVersion::V3_1_1 => 0,
            MqttVersion::V5 => {
                let bytes = properties_bytes(&self.properties) + self.topic_alias.map_or(0, |_| 3);
                bytes + variable_byte_integer_bytes(bytes)
            }
        };
        let remaining = 2 + self.topic.len() as u64 + identifier + properties + self.payload.len() as u64;
        1 + variable_byte_integer_bytes(remaining) + remaining
    }
}

fn check_properties(properties: &PublishProperties) -> Result<(), Unpublishable> {
    let PublishProperties { content_type, response_topic, correlation_data, user_properties, .. } =
        properties;
    if let Some(topic) = response_topic {
        filter::check_topic(topic).map_err(Unpublishable::ResponseTopic)?;
    }
    check_text(Property::ContentType, content_type.as_deref().unwrap_or_default())?;
    if correlation_data.as_ref().is_some_and(|data| data.len() > FIELD_BYTES_MAX) {
        return Err(Unpublishable::PropertyTooLong(Property::CorrelationData));
    }
    for (name, value) in user_properties {
        check_text(Property::User, name)?;
        check_text(Property::User, value)?;
    }
    Ok(())
}

fn check_text(property: Property, text: &str) -> Result<(), Unpublishable> {
    if text.len() > FIELD_BYTES_MAX {
        Err(Unpublishable::PropertyTooLong(property))
    } else if text.contains('\0') {
        Err(Unpublishable::PropertyHasNul(property))
    } else {
        Ok(())
    }
}

/// Length of the properties without their length field (MQTT 5.0, 2.2.2.2): an identifier each, then the value.
fn properties_bytes(properties: &PublishProperties) -> u64 {
    let text = |text: &Option<String>| text.as_ref().map_or(0, |text| 3 + text.len());
    let fixed = properties.payload_format_indicator.map_or(0, |_| 2)
        + properties.message_expiry_interval_s.map_or(0, |_| 5)
        + text(&properties.content_type)
        + text(&properties.response_topic)
        + properties.correlation_data.as_ref().map_or(0, |data| 3 + data.len());
    let user: usize =
        properties.user_properties.iter().map(|(name, value)| 5 + name.len() + value.len()).sum();
    (fixed + user) as u64
}

/// Size of a variable byte integer with this value, 7 bits to a byte (MQTT 5.0, 1.5.5).
fn variable_byte_integer_bytes(value: u64) -> u64 {
    match value {
        0..128 => 1,
        128..16_384 => 2,
        16_384..2_097_152 => 3,
        _ => 4,
    }
}

#[cfg(test)]
mod tests {
    use rumqttc::v5::mqttbytes::v5 as codec;

    use super::*;

    fn message(payload: usize, properties: PublishProperties) -> Publish {
        Publish {
            topic: "a/b".to_owned(),
            payload: Bytes::from(vec![0; payload]),
            qos: QoS::AtLeastOnce,
            retain: false,
            properties,
            topic_alias: None,
        }
    }

    #[test]
    fn the_size_is_what_the_codec_writes() {
        let properties = PublishProperties {
            payload_format_indicator: Some(1),
            message_expiry_interval_s: Some(60),
            content_type: Some("text/plain".to_owned()),
            response_topic: Some("answers".to_owned()),
            correlation_data: Some(vec![1, 2, 3]),
            subscription_identifiers: vec![],
            user_properties: vec![("name".to_owned(), "value".to_owned())],
        };
        let theirs = codec::PublishProperties {
            payload_format_indicator: Some(1),
            message_expiry_interval: Some(60),
            topic_alias: Some(7),
            response_topic: Some("answers".to_owned()),
            correlation_data: Some(Bytes::from_static(&[1, 2, 3])),
            user_properties: vec![("name".to_owned(), "value".to_owned())],
            subscription_identifiers: vec![],
            content_type: Some("text/plain".to_owned()),
        };
        for payload in [0, 40, 100, 20_000, 3_000_000] {
            let mut packet = codec::Publish::new(
                "a/b",
                rumqttc::v5::mqttbytes::QoS::AtLeastOnce,
                vec![0; payload],
                Some(theirs.clone()),
            );
            packet.pkid = 1;
            let mut wire = bytes::BytesMut::new();
            packet.write(&mut wire).unwrap();
            let ours = Publish { topic_alias: Some(7), ..message(payload, properties.clone()) };
            let ours = ours.packet_bytes(MqttVersion::V5);
            assert_eq!(ours, wire.len() as u64, "payload of {payload} bytes");
        }
    }

    #[test]
    fn what_mqtt_3_1_1_cannot_carry_is_refused_before_it_is_sent() {
        let properties =
            PublishProperties { content_type: Some("text".to_owned()), ..PublishProperties::default() };
        assert_eq!(message(1, properties.clone()).check(MqttVersion::V3_1_1), Err(Unpublishable::NeedsMqtt5));
        assert_eq!(message(1, properties).check(MqttVersion::V5), Ok(()));
        let alias = Publish { topic_alias: Some(1), ..message(1, PublishProperties::default()) };
        assert_eq!(alias.check(MqttVersion::V3_1_1), Err(Unpublishable::NeedsMqtt5));
    }

    #[test]
    fn a_packet_above_the_limit_is_refused_with_its_size() {
        let large = message(100, PublishProperties::default());
        let by = LimitedBy::Broker;
        assert_eq!(
            large.check_size(MqttVersion::V3_1_1, 64, by),
            Err(Unpublishable::TooLarge { bytes: 109, bytes_max: 64, by })
        );
        assert_eq!(large.check_size(MqttVersion::V3_1_1, 109, by), Ok(()));
    }

    #[test]
    fn a_response_topic_with_a_wildcard_is_refused() {
        let properties =
            PublishProperties { response_topic: Some("a/#".to_owned()), ..PublishProperties::default() };
        let why = Unpublishable::ResponseTopic(InvalidTopic::WildcardInTopic('#'));
        assert_eq!(message(1, properties).check(MqttVersion::V5), Err(why));
    }
}

//! A message to be published, and whether it can be sent at all.

use bytes::Bytes;

use crate::message::{PublishProperties, QoS};
use crate::mqtt::filter::{self, TOPIC_BYTES_MAX};
use crate::mqtt::options::MqttVersion;

/// The largest packet that MQTT can carry, fixed header included (MQTT 5.0, 2.1.4).
pub const PACKET_BYTES_MAX: u32 = 268_435_460;

/// One message to publish.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Publish {
    /// Topic name, no wildcards.
    pub topic: String,
    /// Payload; an empty retained one deletes the retained message.
    pub payload: Bytes,
    /// Quality of service.
    pub qos: QoS,
    /// Whether the broker keeps it for later subscribers.
    pub retain: bool,
    /// MQTT 5 only. Subscription identifiers are the broker's to send and are left out.
    pub properties: PublishProperties,
}

/// Why a message cannot be published, found before anything is sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    /// The topic.
    #[error(transparent)]
    Topic(#[from] filter::Invalid),
    /// The response topic is a topic name too (MQTT 5.0, 3.3.2.3.5).
    #[error("the response topic cannot be sent: {0}")]
    ResponseTopic(filter::Invalid),
    /// A property is longer than its 16-bit length can say, or contains NUL.
    #[error("the {property} cannot be sent: {why}")]
    Property {
        /// Which.
        property: &'static str,
        /// Why.
        why: &'static str,
    },
    /// Older versions have no properties.
    #[error("properties need MQTT 5, and this connection speaks an older version")]
    NeedsMqtt5,
    /// Larger than MQTT or the broker allows.
    #[error("the message makes a packet of {bytes} bytes; {by} at most {max}")]
    TooLarge {
        /// Size of the packet.
        bytes: u64,
        /// The limit.
        max: u32,
        /// `MQTT allows` or `the broker allows`.
        by: &'static str,
    },
}

impl Publish {
    /// Whether it can be sent in this version at all; what a particular broker allows is checked by the link.
    pub fn check(&self, version: MqttVersion) -> Result<(), Invalid> {
        filter::check_topic(&self.topic)?;
        if version != MqttVersion::V5 && !self.properties.is_empty() {
            return Err(Invalid::NeedsMqtt5);
        }
        check_properties(&self.properties)?;
        self.check_size(version, PACKET_BYTES_MAX, "MQTT allows")
    }

    /// Whether the packet fits `max` bytes, which `by` sets.
    pub fn check_size(&self, version: MqttVersion, max: u32, by: &'static str) -> Result<(), Invalid> {
        let bytes = self.packet_bytes(version);
        if bytes > u64::from(max) { Err(Invalid::TooLarge { bytes, max, by }) } else { Ok(()) }
    }

    /// Size of the PUBLISH packet with its fixed header (MQTT 5.0, 3.3).
    pub fn packet_bytes(&self, version: MqttVersion) -> u64 {
        let identifier = if self.qos == QoS::AtMostOnce { 0 } else { 2 };
        let properties = match version {
            MqttVersion::V3_1 | MqttVersion::V3_1_1 => 0,
            MqttVersion::V5 => {
                let bytes = properties_bytes(&self.properties);
                bytes + variable_byte_integer_bytes(bytes)
            }
        };
        let remaining = 2 + self.topic.len() as u64 + identifier + properties + self.payload.len() as u64;
        1 + variable_byte_integer_bytes(remaining) + remaining
    }
}

fn check_properties(properties: &PublishProperties) -> Result<(), Invalid> {
    let PublishProperties { content_type, response_topic, correlation_data, user_properties, .. } =
        properties;
    if let Some(topic) = response_topic {
        filter::check_topic(topic).map_err(Invalid::ResponseTopic)?;
    }
    check_text("content type", content_type.as_deref().unwrap_or_default())?;
    if correlation_data.as_ref().is_some_and(|data| data.len() > TOPIC_BYTES_MAX) {
        return Err(Invalid::Property { property: "correlation data", why: TOO_LONG });
    }
    for (name, value) in user_properties {
        check_text("user property", name)?;
        check_text("user property", value)?;
    }
    Ok(())
}

const TOO_LONG: &str = "it is longer than 65,535 bytes";

fn check_text(property: &'static str, text: &str) -> Result<(), Invalid> {
    if text.len() > TOPIC_BYTES_MAX {
        Err(Invalid::Property { property, why: TOO_LONG })
    } else if text.contains('\0') {
        Err(Invalid::Property { property, why: "it contains a NUL character" })
    } else {
        Ok(())
    }
}

/// Bytes of the properties without their own length (MQTT 5.0, 2.2.2.2): an identifier each, then the value.
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

/// Bytes that a length takes on the wire, 7 bits in each (MQTT 5.0, 1.5.5).
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
            topic_alias: None,
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
            let ours = message(payload, properties.clone()).packet_bytes(MqttVersion::V5);
            assert_eq!(ours, wire.len() as u64, "payload of {payload} bytes");
        }
    }

    #[test]
    fn what_mqtt_3_1_1_cannot_carry_is_refused_before_it_is_sent() {
        let properties =
            PublishProperties { content_type: Some("text".to_owned()), ..PublishProperties::default() };
        assert_eq!(message(1, properties.clone()).check(MqttVersion::V3_1_1), Err(Invalid::NeedsMqtt5));
        assert_eq!(message(1, properties).check(MqttVersion::V5), Ok(()));
    }

    #[test]
    fn a_packet_above_the_limit_is_refused_with_its_size() {
        let error = message(100, PublishProperties::default())
            .check_size(MqttVersion::V3_1_1, 64, "the broker allows")
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "the message makes a packet of 109 bytes; the broker allows at most 64"
        );
    }

    #[test]
    fn a_response_topic_with_a_wildcard_is_refused() {
        let properties =
            PublishProperties { response_topic: Some("a/#".to_owned()), ..PublishProperties::default() };
        let error = message(1, properties).check(MqttVersion::V5).unwrap_err();
        assert!(error.to_string().contains("response topic"), "{error}");
    }
}

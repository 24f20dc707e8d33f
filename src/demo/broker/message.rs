//! A message as the broker keeps and hands it on, and what makes one unfit to publish.
//!
//! Messages come from publishers in the process and from connections. They never change once routed, so that all
//! receivers share one copy.

use std::time::{Duration, Instant};

use bytes::Bytes;

use crate::message::{PublishProperties, QoS};
use crate::mqtt::limits::{FIELD_BYTES_MAX, VARIABLE_MAX};
use crate::mqtt::packet::{Part, Property};

/// What fits a packet, less room for the topic and the properties.
const PAYLOAD_BYTES_MAX: usize = VARIABLE_MAX as usize - 2 * FIELD_BYTES_MAX;

/// What a message takes besides its texts: itself, its place in a queue or in the retained store, and the allocator's
/// share. Without it a flood of empty messages would take several times what a limit says.
const OVERHEAD_BYTES: usize = 320;

/// One message to publish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Topic name. Clients must send UTF-8. Publishers in the process may use any bytes, as some real brokers do.
    pub topic: Bytes,
    /// Payload, 256 MiB at most.
    pub payload: Bytes,
    /// Highest quality of service at which it is delivered.
    pub qos: QoS,
    /// Keep it for later subscribers; an empty payload then clears what was kept.
    pub retain: bool,
    /// MQTT 5 properties, handed on to MQTT 5 clients. Subscription identifiers are not kept.
    pub properties: Option<Box<PublishProperties>>,
    /// When it stops being delivered: set on arrival from the message expiry interval.
    pub(super) expires: Option<Instant>,
}

/// Why a message cannot be published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PublishError {
    /// The topic, which has so many bytes, is empty, too long, or has a wildcard or NUL in it.
    Topic(usize),
    /// A part is longer than a packet can carry.
    TooLarge {
        /// Which.
        part: Part,
        /// Its size.
        bytes: usize,
        /// The largest that fits.
        bytes_max: usize,
    },
}

impl Message {
    /// A message at QoS 0, not retained, without properties.
    pub fn new(topic: impl Into<Bytes>, payload: impl Into<Bytes>) -> Self {
        Self {
            topic: topic.into(),
            payload: payload.into(),
            qos: QoS::AtMostOnce,
            retain: false,
            properties: None,
            expires: None,
        }
    }

    /// Makes the message retained.
    #[must_use]
    pub fn retained(mut self) -> Self {
        self.retain = true;
        self
    }

    /// Sets the quality of service.
    #[must_use]
    pub fn at(mut self, qos: QoS) -> Self {
        self.qos = qos;
        self
    }

    /// Sets the properties.
    #[must_use]
    pub fn with(mut self, properties: PublishProperties) -> Self {
        self.properties = Some(Box::new(properties));
        self
    }

    /// Whether it can be a packet.
    pub fn check(&self) -> Result<(), PublishError> {
        let topic = &self.topic;
        let forbidden = |byte: &u8| matches!(byte, b'+' | b'#' | 0);
        if topic.is_empty() || topic.len() > FIELD_BYTES_MAX || topic.iter().any(forbidden) {
            return Err(PublishError::Topic(topic.len()));
        }
        fits(Part::Content, self.payload.len(), PAYLOAD_BYTES_MAX)?;
        let Some(properties) = &self.properties else { return Ok(()) };
        let PublishProperties { content_type, response_topic, correlation_data, user_properties, .. } =
            properties.as_ref();
        let property = |property, bytes| fits(Part::Property(property), bytes, FIELD_BYTES_MAX);
        property(Property::ResponseTopic, response_topic.as_ref().map_or(0, String::len))?;
        property(Property::ContentType, content_type.as_ref().map_or(0, String::len))?;
        property(Property::CorrelationData, correlation_data.as_ref().map_or(0, Vec::len))?;
        for (name, value) in user_properties {
            property(Property::User, name.len().max(value.len()))?;
        }
        Ok(())
    }

    /// Memory that a queue holds for it, roughly.
    pub(super) fn weight_bytes(&self) -> usize {
        let properties = self.properties.as_ref().map_or(0, |properties| {
            let pairs = properties.user_properties.iter().map(|(name, value)| name.len() + value.len() + 64);
            let texts = [&properties.response_topic, &properties.content_type];
            let texts = texts.map(|text| text.as_ref().map_or(0, String::len));
            256 + pairs.sum::<usize>()
                + texts.iter().sum::<usize>()
                + properties.correlation_data.as_ref().map_or(0, Vec::len)
        });
        self.topic.len() + self.payload.len() + properties + OVERHEAD_BYTES
    }

    /// Starts the expiry interval (MQTT 5.0, 3.3.2.3.3) and drops what belongs to one delivery alone.
    pub(super) fn arrive(&mut self) {
        let Some(properties) = &mut self.properties else { return };
        properties.subscription_identifiers.clear();
        let interval = properties.message_expiry_interval_s.map(u64::from).map(Duration::from_secs);
        self.expires = interval.and_then(|interval| Instant::now().checked_add(interval));
        if properties.is_empty() {
            self.properties = None;
        }
    }

    /// Whether it may still be delivered.
    pub(super) fn is_live(&self, now: Instant) -> bool {
        self.expires.is_none_or(|expires| now < expires)
    }
}

fn fits(part: Part, bytes: usize, bytes_max: usize) -> Result<(), PublishError> {
    if bytes > bytes_max { Err(PublishError::TooLarge { part, bytes, bytes_max }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_packet_would_cut_is_refused() {
        assert!(Message::new(vec![b'x'; 65_535], "").check().is_ok());
        assert_eq!(Message::new(vec![b'x'; 65_536], "").check(), Err(PublishError::Topic(65_536)));
        assert_eq!(Message::new("a/#", "").check(), Err(PublishError::Topic(3)));
        assert_eq!(Message::new("", "").check(), Err(PublishError::Topic(0)));

        let long = PublishProperties {
            user_properties: vec![("name".to_owned(), "v".repeat(65_536))],
            ..PublishProperties::default()
        };
        assert!(matches!(
            Message::new("a", "").with(long).check(),
            Err(PublishError::TooLarge { part: Part::Property(Property::User), .. })
        ));
    }

    #[test]
    fn properties_weigh_what_they_hold() {
        let properties = PublishProperties {
            correlation_data: Some(vec![0; 1000]),
            user_properties: vec![("n".repeat(1000), "v".repeat(1000)); 3],
            ..PublishProperties::default()
        };
        assert!((7000..8000).contains(&Message::new("a", "").with(properties).weight_bytes()));
    }

    #[test]
    fn a_message_expires_after_its_interval() {
        let properties =
            PublishProperties { message_expiry_interval_s: Some(2), ..PublishProperties::default() };
        let mut message = Message::new("a", "").with(properties);
        message.arrive();
        let now = Instant::now();
        assert!(message.is_live(now + Duration::from_secs(1)));
        assert!(!message.is_live(now + Duration::from_secs(2)));
    }
}

//! Requests and their responses (MQTT 5.0, 4.10): a message that names a response topic, and the messages that answer it.

use std::sync::Arc;

use crate::message::{MessageRef, PublishProperties};
use crate::mqtt::options::MqttVersion;
use crate::mqtt::publish::Publish;

/// A request that waits for its response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingRequest {
    /// Where the response is expected.
    pub response_topic: String,
    /// What the response repeats; `None` with versions before MQTT 5, which have no properties.
    pub correlation_data: Option<Vec<u8>>,
}

impl PendingRequest {
    /// Makes a request of a message: names the response topic in it, and gives it correlation data of its own unless it
    /// has some.
    pub fn new(publish: &mut Publish, response_topic: &str, version: MqttVersion) -> Self {
        let response_topic = response_topic.to_owned();
        if version != MqttVersion::V5 {
            return Self { response_topic, correlation_data: None };
        }
        let properties = &mut publish.properties;
        properties.response_topic = Some(response_topic.clone());
        let data =
            properties.correlation_data.get_or_insert_with(|| fastrand::u64(..).to_be_bytes().to_vec());
        Self { response_topic, correlation_data: Some(data.clone()) }
    }

    /// Whether a message answers the request. One without correlation data does too, because many programs do not repeat
    /// them; one with other data answers somebody else.
    pub fn is_answered_by(&self, message: MessageRef<'_>) -> bool {
        let repeated = message.properties.and_then(correlation_data);
        let is_for_another = repeated.is_some() && repeated != self.correlation_data.as_deref();
        message.topic == self.response_topic.as_bytes()
            && (self.correlation_data.is_none() || !is_for_another)
    }
}

fn correlation_data(properties: &Arc<PublishProperties>) -> Option<&[u8]> {
    properties.correlation_data.as_deref()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::{Flags, Payload, Timestamp};

    fn answers(pending: &PendingRequest, topic: &str, data: Option<&[u8]>) -> bool {
        let correlation_data = data.map(<[u8]>::to_vec);
        let properties = Arc::new(PublishProperties { correlation_data, ..PublishProperties::default() });
        pending.is_answered_by(MessageRef {
            topic: topic.as_bytes(),
            payload: Payload::Small(b""),
            flags: Flags::default(),
            properties: Some(&properties),
            arrived: Timestamp(0),
        })
    }

    #[test]
    fn a_response_has_the_topic_and_no_data_of_another_request() {
        let mut publish = Publish::default();
        let pending = PendingRequest::new(&mut publish, "answers", MqttVersion::V5);
        assert_eq!(publish.properties.response_topic.as_deref(), Some("answers"));
        let own = publish.properties.correlation_data.clone().unwrap();
        assert!(answers(&pending, "answers", Some(&own)));
        assert!(answers(&pending, "answers", None));
        assert!(!answers(&pending, "answers", Some(b"other")));
        assert!(!answers(&pending, "elsewhere", Some(&own)));
    }

    #[test]
    fn chosen_correlation_data_are_kept_and_older_versions_have_none() {
        let properties =
            PublishProperties { correlation_data: Some(b"mine".to_vec()), ..PublishProperties::default() };
        let mut publish = Publish { properties, ..Publish::default() };
        assert!(answers(&PendingRequest::new(&mut publish, "a", MqttVersion::V5), "a", Some(b"mine")));
        let mut publish = Publish::default();
        let pending = PendingRequest::new(&mut publish, "a", MqttVersion::V3_1_1);
        assert!(publish.properties.is_empty() && answers(&pending, "a", None));
    }
}

//! What a broker retains for a topic, as far as the session's messages reveal it.

use crate::command::Outgoing;
use crate::message::PublishProperties;
use crate::model::Model;

/// How many messages of a topic are looked at, newest first.
const MESSAGES_MAX: usize = 10_000;

/// A message that the broker retains or retained.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retained {
    /// The message that restores it when published.
    pub message: Outgoing,
    /// Whether no newer message came. Brokers do not tell whether they retain a message that they forward.
    pub is_certain: bool,
}

/// The newest retained message of a topic; `None` if there is none, or if an empty one came later.
pub fn find(model: &Model, topic: &str) -> Option<Retained> {
    let node = model.find(topic.as_bytes())?;
    let mut is_certain = true;
    for stored in model.history(node).take(MESSAGES_MAX) {
        if stored.payload().is_empty() {
            return None;
        }
        if stored.flags().retain {
            let properties = stored.properties().map(|properties| PublishProperties {
                // Only brokers may send them, clients must not (MQTT 5.0, 3.3.4).
                subscription_identifiers: Vec::new(),
                ..PublishProperties::clone(properties)
            });
            let message = Outgoing {
                topic: topic.to_owned(),
                payload: stored.payload_shared(),
                qos: stored.flags().qos,
                retain: true,
                properties: properties.unwrap_or_default(),
            };
            return Some(Retained { message, is_certain });
        }
        is_certain = false;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::{Flags, MessageRef, Payload, QoS, Timestamp};
    use crate::model::Limits;

    fn model(messages: &[(&str, bool)]) -> Model {
        let mut model = Model::new(Limits::default());
        for (payload, retain) in messages {
            let flags = Flags { qos: QoS::AtLeastOnce, retain: *retain, dup: false };
            let payload = Payload::Small(payload.as_bytes());
            let arrived = Timestamp(1);
            model.apply(MessageRef { topic: b"a/b", payload, flags, properties: None, arrived }).unwrap();
        }
        model.roll_up(Timestamp(2));
        model
    }

    fn found(messages: &[(&str, bool)]) -> Option<(String, bool)> {
        let Retained { message, is_certain } = find(&model(messages), "a/b")?;
        assert!(message.retain && message.topic == "a/b" && message.qos == QoS::AtLeastOnce);
        Some((String::from_utf8(message.payload.to_vec()).unwrap(), is_certain))
    }

    #[test]
    fn what_came_as_retained_is_what_is_published_back() {
        assert_eq!(found(&[("on", true)]), Some(("on".to_owned(), true)));
        assert_eq!(found(&[("on", true), ("off", true)]), Some(("off".to_owned(), true)));
    }

    #[test]
    fn newer_messages_make_it_less_certain() {
        assert_eq!(found(&[("on", true), ("off", false)]), Some(("on".to_owned(), false)));
    }

    #[test]
    fn nothing_is_known_of_what_never_came_or_was_cleared() {
        assert_eq!(found(&[("on", false)]), None);
        assert_eq!(found(&[("on", true), ("", false)]), None);
        assert!(find(&model(&[]), "a/b").is_none() && find(&model(&[("1", true)]), "a").is_none());
    }
}

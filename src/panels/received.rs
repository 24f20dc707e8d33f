//! A received message as one to publish: what "edit" does wherever a message shows.

use crate::command::Outgoing;
use crate::message::{Flags, PublishProperties};
use crate::model::Stored;

/// The message as it was received, to be published to this topic.
pub fn outgoing(topic: String, stored: &Stored<'_>) -> Outgoing {
    let Flags { qos, retain, .. } = stored.flags();
    let properties = stored.properties().map(|properties| PublishProperties::clone(properties));
    Outgoing {
        topic,
        payload: stored.payload_shared(),
        qos,
        retain,
        // The identifiers belong to our subscriptions; a publisher must not send them (MQTT 5.0, 3.3.4).
        properties: PublishProperties {
            subscription_identifiers: Vec::new(),
            ..properties.unwrap_or_default()
        },
    }
}

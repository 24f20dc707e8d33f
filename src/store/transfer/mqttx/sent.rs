//! The messages that a person sent with MQTTX, which come over as saved messages: MQTTX keeps no others.

use std::collections::HashSet;

use serde_json::{Map, Value};

use crate::message::QoS;
use crate::mqtt::filter;
use crate::store::saved::{SavedMessage, SavedPayload};
use crate::store::transfer::object::Object;

/// How many different messages of a connection come over; the newest do.
const MESSAGES_MAX: usize = 200;
/// Longer payloads are left where they are.
const PAYLOAD_BYTES_MAX: usize = 64 * 1024;

/// The messages among these that were sent, each once, the newest first. What cannot be published is passed over.
pub(super) fn sent(list: &[Value]) -> Vec<SavedMessage> {
    let mut maps: Vec<&Map<String, Value>> = list.iter().filter_map(Value::as_object).collect();
    // Times are written so that their order is that of the texts.
    maps.sort_by_key(|map| {
        std::cmp::Reverse(map.get("createAt").and_then(Value::as_str).unwrap_or_default())
    });
    let mut known = HashSet::new();
    let messages = maps.into_iter().filter_map(message);
    let new = messages.filter(|message| {
        let SavedPayload::Below(payload) = &message.payload else { return false };
        known.insert((message.topic.clone(), payload.clone()))
    });
    new.take(MESSAGES_MAX).collect()
}

fn message(map: &Map<String, Value>) -> Option<SavedMessage> {
    // What is odd about a message that is passed over is nobody's concern.
    let mut notes = Vec::new();
    let mut object = Object::new(map, &mut notes);
    if object.flag("out") != Some(true) {
        return None;
    }
    let topic = object.text("topic").filter(|topic| filter::check_topic(topic).is_ok())?;
    let payload = match map.get("payload") {
        Some(Value::String(text)) if text.len() <= PAYLOAD_BYTES_MAX && !text.ends_with('\r') => text.clone(),
        _ => return None,
    };
    Some(SavedMessage {
        topic,
        qos: object.number::<u8>("qos").and_then(|level| QoS::try_from(level).ok()).unwrap_or_default(),
        retain: object.flag("retain").unwrap_or(false),
        // Its braces are its own.
        variables: false,
        format: "text".to_owned(),
        payload: SavedPayload::Below(payload),
        ..SavedMessage::default()
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_was_sent_comes_over_once_and_the_newest_first() {
        let list = [
            json!({"out": false, "topic": "a", "payload": "received", "createAt": "2026-01-05"}),
            json!({"out": true, "topic": "a/b", "payload": "1", "qos": 1, "retain": true, "createAt": "2026-01-01"}),
            json!({"out": 1, "topic": "a/b", "payload": "2", "qos": "2", "createAt": "2026-01-02"}),
            json!({"out": true, "topic": "a/b", "payload": "1", "createAt": "2025-01-01"}),
            json!({"out": true, "topic": "a/#", "payload": "no topic"}),
            json!({"out": true, "topic": "a", "payload": {"odd": 1}}),
            json!("odd"),
        ];
        let sent = sent(&list);
        let shown: Vec<_> =
            sent.iter().map(|one| (&*one.topic, &one.payload, u8::from(one.qos), one.retain)).collect();
        let below = |text: &str| SavedPayload::Below(text.to_owned());
        assert_eq!(shown, [("a/b", &below("2"), 2, false), ("a/b", &below("1"), 1, true)]);
    }
}

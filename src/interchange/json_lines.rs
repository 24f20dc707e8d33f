//! A message as a line of JSON. What is not UTF-8 stands as Base64 under a name that says so, so that nothing is lost and
//! nothing has to be guessed.

use std::io;

use data_encoding::BASE64;
use serde_json::{Map, Value, json};

use crate::interchange::written_time;
use crate::message::{MessageRef, PublishProperties, Timestamp};
use crate::recording::{Gap, RecordedEvent};

/// Appends a message and a line feed.
pub(super) fn message(message: MessageRef<'_>, out: &mut Vec<u8>) {
    out.extend_from_slice(b"{\"time\":");
    text(&written_time(message.arrived), out);
    bytes("topic", message.topic, out);
    bytes("payload", message.payload.bytes(), out);
    let flag = |flag: bool| if flag { "true" } else { "false" };
    let (qos, retain, dup) =
        (u8::from(message.flags.qos), flag(message.flags.retain), flag(message.flags.dup));
    out.extend_from_slice(format!(",\"qos\":{qos},\"retain\":{retain},\"dup\":{dup}").as_bytes());
    if let Some(found) = message.properties {
        out.extend_from_slice(b",\"properties\":");
        out.extend_from_slice(properties(found).to_string().as_bytes());
    }
    out.extend_from_slice(b"}\n");
}

/// Appends something that happened.
pub(super) fn event(at: Timestamp, event: &RecordedEvent, out: &mut Vec<u8>) -> io::Result<()> {
    let mut object = Map::from_iter([("time".to_owned(), Value::from(written_time(at)))]);
    if let Value::Object(found) = serde_json::to_value(event)? {
        object.extend(found);
    }
    out.extend_from_slice(Value::Object(object).to_string().as_bytes());
    out.push(b'\n');
    Ok(())
}

/// Appends a gap.
pub(super) fn gap(gap: &Gap, out: &mut Vec<u8>) -> io::Result<()> {
    let Gap { from, to, reason, messages } = gap;
    let object = json!({
        "time": written_time(*from),
        "to": written_time(*to),
        "gap": serde_json::to_value(reason)?,
        "messages": messages,
    });
    out.extend_from_slice(object.to_string().as_bytes());
    out.push(b'\n');
    Ok(())
}

/// The properties that are set.
pub(super) fn properties(found: &PublishProperties) -> Value {
    let PublishProperties {
        payload_format_indicator,
        message_expiry_interval_s,
        content_type,
        response_topic,
        correlation_data,
        subscription_identifiers,
        user_properties,
    } = found;
    let mut object = Map::new();
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            object.insert(name.to_owned(), value);
        }
    };
    // In alphabetical order, whichever order a map keeps.
    put("content_type", content_type.clone().map(Value::from));
    put("correlation_data_base64", correlation_data.as_ref().map(|data| BASE64.encode(data).into()));
    put("message_expiry_interval", message_expiry_interval_s.map(Value::from));
    put("payload_format_indicator", payload_format_indicator.map(Value::from));
    put("response_topic", response_topic.clone().map(Value::from));
    let identifiers = Some(subscription_identifiers).filter(|identifiers| !identifiers.is_empty());
    put("subscription_identifiers", identifiers.map(|identifiers| identifiers.clone().into()));
    let pairs = Some(user_properties).filter(|pairs| !pairs.is_empty());
    put("user_properties", pairs.map(|pairs| json!(pairs)));
    Value::Object(object)
}

/// Appends a member that is a text where it can be one.
fn bytes(name: &str, value: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(b",\"");
    out.extend_from_slice(name.as_bytes());
    if let Ok(value) = str::from_utf8(value) {
        out.extend_from_slice(b"\":");
        text(value, out);
    } else {
        out.extend_from_slice(b"_base64\":\"");
        out.extend_from_slice(BASE64.encode(value).as_bytes());
        out.push(b'"');
    }
}

fn text(text: &str, out: &mut Vec<u8>) {
    // A string always has a JSON, and a vector takes it.
    serde_json::to_writer(out, text).unwrap_or_default();
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::message::{Flags, Payload, QoS};

    #[test]
    fn a_message_is_a_line_with_all_that_is_known_of_it() {
        let properties = Arc::new(PublishProperties {
            correlation_data: Some(vec![0, 255]),
            user_properties: vec![("a".to_owned(), "b".to_owned()), ("a".to_owned(), "c".to_owned())],
            ..PublishProperties::default()
        });
        let mut out = Vec::new();
        message(
            MessageRef {
                topic: "räume/küche".as_bytes(),
                payload: Payload::Small(b"{\"t\":\"1\"}\n\x07"),
                flags: Flags { qos: QoS::AtLeastOnce, retain: true, dup: false },
                properties: Some(&properties),
                arrived: Timestamp(1_700_000_000_000_001),
            },
            &mut out,
        );
        let plain = MessageRef {
            topic: b"\xff",
            payload: Payload::Small(b"\xfe\xff"),
            flags: Flags::default(),
            properties: None,
            arrived: Timestamp(0),
        };
        message(plain, &mut out);
        let expected = concat!(
            r#"{"time":"2023-11-14T22:13:20.000001Z","topic":"räume/küche","payload":"{\"t\":\"1\"}\n\u0007","qos":1,"#,
            r#""retain":true,"dup":false,"properties":{"correlation_data_base64":"AP8=","user_properties":[["a","b"],["a","c"]]}}"#,
            "\n",
            r#"{"time":"1970-01-01T00:00:00.000000Z","topic_base64":"/w==","payload_base64":"/v8=","qos":0,"#,
            r#""retain":false,"dup":false}"#,
            "\n",
        );
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}

//! What MQTTX exports for MQTT 5: the properties of CONNECT and of the will.

use serde_json::{Map, Value};

use crate::message::QoS;
use crate::mqtt::limits::FIELD_BYTES_MAX;
use crate::mqtt::options::{Authentication, Mqtt5Options, Secret, Will, WillProperties};
use crate::store::transfer::object::Object;
use crate::store::transfer::{Expected, Note, TransferLoss};

/// How many user properties are taken.
const USER_PROPERTIES_MAX: usize = 1_000;

pub(super) fn connect_properties(object: &mut Object<'_>) -> Mqtt5Options {
    let defaults = Mqtt5Options::default();
    let Some(map) = object.object("properties") else { return defaults };
    let mut within = object.within(map);
    Mqtt5Options {
        session_expiry_s: within.number("sessionExpiryInterval"),
        receive_max: within.number("receiveMaximum"),
        packet_bytes_max: within.number("maximumPacketSize"),
        topic_alias_max: within.number("topicAliasMaximum").unwrap_or(defaults.topic_alias_max),
        request_response_information: within
            .flag("requestResponseInformation")
            .unwrap_or(defaults.request_response_information),
        request_problem_information: within
            .flag("requestProblemInformation")
            .unwrap_or(defaults.request_problem_information),
        user_properties: user_properties(&mut within),
    }
}

pub(super) fn authentication(object: &mut Object<'_>) -> (Authentication, Secret) {
    let nothing = (Authentication::None, Secret::default());
    let Some(map) = object.object("properties") else { return nothing };
    let mut within = object.within(map);
    let Some(method) = within.text("authenticationMethod") else { return nothing };
    let data = Secret::new(buffer(&mut within, "authenticationData").unwrap_or_default());
    if Authentication::ScramSha256.method() == Some(method.as_str()) {
        (Authentication::ScramSha256, Secret::default())
    } else if method.starts_with("SCRAM-") {
        within.note(Note::Loss(TransferLoss::ScramMethod));
        nothing
    } else {
        (Authentication::Token { method }, data)
    }
}

/// The will, if it has a topic: MQTTX exports an empty one where there is none.
pub(super) fn will(object: &mut Object<'_>) -> Option<Will> {
    let map = object.object("will")?;
    let mut within = object.within(map);
    let topic = within.text("lastWillTopic")?;
    let qos = within.number::<u8>("lastWillQos").and_then(|level| QoS::try_from(level).ok());
    let mut will = Will {
        topic,
        payload: within.text("lastWillPayload").unwrap_or_default(),
        qos: qos.unwrap_or_default(),
        retain: within.flag("lastWillRetain").unwrap_or(false),
        properties: WillProperties::default(),
    };
    if let Some(properties) = within.object("properties") {
        let mut within = within.within(properties);
        will.properties = WillProperties {
            delay_interval_s: within.number("willDelayInterval"),
            payload_is_text: within.flag("payloadFormatIndicator").unwrap_or(false),
            message_expiry_interval_s: within.number("messageExpiryInterval"),
            content_type: within.text("contentType"),
            response_topic: within.text("responseTopic"),
            correlation_data: buffer(&mut within, "correlationData"),
            user_properties: user_properties(&mut within),
        };
    }
    Some(will)
}

/// `{"name": "value"}`, a list where a name has several values; old exports have it as a text of JSON.
fn user_properties(object: &mut Object<'_>) -> Vec<(String, String)> {
    let key = "userProperties";
    let owned: Map<String, Value>;
    let map = match object.value(key) {
        None => return Vec::new(),
        Some(Value::String(text)) if text.is_empty() => return Vec::new(),
        Some(Value::String(text)) => {
            owned = serde_json::from_str(text).unwrap_or_else(|_| {
                object.note(Note::Loss(TransferLoss::DamagedUserProperties));
                Map::new()
            });
            &owned
        }
        Some(_) => match object.object(key) {
            Some(map) => map,
            None => return Vec::new(),
        },
    };
    let mut pairs = Vec::new();
    let mut odd = false;
    for (name, value) in map {
        let values = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        for value in values {
            match value {
                Value::String(value) if pairs.len() < USER_PROPERTIES_MAX => {
                    pairs.push((name.clone(), value.clone()));
                }
                _ => odd = true,
            }
        }
    }
    if odd {
        object.note(Note::Loss(TransferLoss::SomeUserProperties));
    }
    pairs
}

/// A text, or the bytes of one as Node.js writes them: `{"type": "Buffer", "data": [104, 105]}`.
fn buffer(object: &mut Object<'_>, key: &'static str) -> Option<String> {
    let Some(Value::Object(map)) = object.value(key) else { return object.text(key) };
    let bytes = map.get("data").and_then(Value::as_array).filter(|list| list.len() <= FIELD_BYTES_MAX);
    let byte = |value: &Value| value.as_u64().and_then(|byte| u8::try_from(byte).ok());
    let bytes: Option<Vec<u8>> = bytes.and_then(|list| list.iter().map(byte).collect());
    let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    if text.is_none() {
        object.note(Note::WrongType { key, expected: Expected::Text });
    }
    text.filter(|text| !text.is_empty())
}

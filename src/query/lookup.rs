//! What templates look up: the variables of a connection, and values out of the newest messages.

use std::borrow::Cow;

use crate::model::Model;
use crate::payload::DecodeLimits;
use crate::payload::decode::detect;
use crate::payload::query::{JsonPath, Segment};
use crate::payload::{never, unpack};
use crate::template::Lookup;

/// Larger payloads are not inserted into a message by `{{value …}}`.
const VALUE_BYTES_MAX: usize = 1 << 20;

/// The variables of a connection, and the model of its session.
#[derive(Clone, Copy)]
pub struct ModelLookup<'a> {
    /// Names and values.
    pub variables: &'a [(String, String)],
    /// Where newest messages are.
    pub model: &'a Model,
}

impl Lookup for ModelLookup<'_> {
    fn variable(&self, name: &str) -> Option<Cow<'_, str>> {
        self.variables.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str().into())
    }

    fn value(&self, topic: &str, path: &str) -> Option<String> {
        let node = self.model.find(topic.as_bytes())?;
        let newest = self.model.node(node)?.topic?.newest;
        text_at(newest.payload(), path)
    }
}

/// The text at a path in a payload that is JSON or can be decoded to it: a string without its quotes, anything else as
/// JSON. An empty path, or `.`, is the whole payload, which has to be text.
pub fn text_at(payload: &[u8], path: &str) -> Option<String> {
    if payload.len() > VALUE_BYTES_MAX {
        return None;
    }
    let path = path.strip_prefix('.').unwrap_or(path);
    if path.is_empty() {
        return String::from_utf8(payload.to_vec()).ok();
    }
    let path: JsonPath = path.parse().ok()?;
    let mut value: serde_json::Value = match serde_json::from_slice(payload) {
        Ok(value) => value,
        Err(_) => serde_json::from_str(&decoded(payload)?).ok()?,
    };
    for segment in path.segments() {
        value = match segment {
            Segment::Key(key) => value.get_mut(key)?.take(),
            Segment::Index(index) => value.get_mut(*index)?.take(),
        };
    }
    Some(match value {
        serde_json::Value::String(text) => text,
        other => other.to_string(),
    })
}

/// A payload in another format as JSON.
fn decoded(payload: &[u8]) -> Option<String> {
    let limits = DecodeLimits {
        input_bytes_max: VALUE_BYTES_MAX,
        decoded_bytes_max: VALUE_BYTES_MAX,
        output_bytes_max: VALUE_BYTES_MAX,
        ..DecodeLimits::default()
    };
    let unpacked = unpack(payload, &limits, &never).ok()?;
    let decoder = detect(&unpacked.bytes)?.decoder();
    Some(decoder.json(&unpacked.bytes, &limits, &never)?.ok()?.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::{Flags, MessageRef, Payload, Timestamp};
    use crate::model::Limits;

    #[test]
    fn a_path_leads_to_text_numbers_and_whole_objects() {
        let payload = br#"{"state": "ON", "t": [1, 2.50], "o": {"a": null}}"#;
        let at = |path: &str| text_at(payload, path);
        assert_eq!(at(".state").as_deref(), Some("ON"));
        assert_eq!(at("t[1]").as_deref(), Some("2.5"));
        assert_eq!(at(".o").as_deref(), Some("{\"a\":null}"));
        assert_eq!((at(".no"), at("t[9]"), at("..")), (None, None, None));
        assert_eq!(text_at(b"21.5", "").as_deref(), Some("21.5"));
        assert_eq!(text_at(b"\xFF", ""), None);
    }

    #[test]
    fn other_formats_are_decoded() {
        assert_eq!(text_at(b"\xA1\x64temp\x07", ".temp").as_deref(), Some("7"), "CBOR");
    }

    #[test]
    fn the_newest_message_and_the_variables_are_looked_up() {
        let mut model = Model::new(Limits::default());
        for payload in [b"1", b"2"] {
            let payload = Payload::Small(payload);
            let (flags, arrived) = (Flags::default(), Timestamp(1));
            model.apply(MessageRef { topic: b"a/b", payload, flags, properties: None, arrived }).unwrap();
        }
        model.roll_up(Timestamp(2));
        let variables = [("room".to_owned(), "kitchen".to_owned())];
        let values = ModelLookup { variables: &variables, model: &model };
        assert_eq!(values.value("a/b", "").as_deref(), Some("2"));
        assert_eq!((values.value("a", ""), values.value("c", "")), (None, None));
        assert_eq!(values.variable("room").as_deref(), Some("kitchen"));
        assert_eq!(values.variable("hall"), None);
    }
}

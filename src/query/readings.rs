//! How each message is to be read: by a rule, by what its sender says it is, or by its topic.

use rustc_hash::FxHashMap;

use crate::message::{MessageRef, PublishProperties};
use crate::model::{MessageId, Model, NodeId, Stored};
use crate::payload::decode::{Choice, Format, detect};
use crate::query::reading::{birth_messages, sparkplug_choice};
use crate::query::{Births, Rules};

/// Topics that are remembered; beyond it the memory starts anew.
const TOPICS_MAX: usize = 20_000;

/// Says how messages are to be read. Rules are looked up once for each topic, and births of Sparkplug B are read once.
#[derive(Debug, Default)]
pub struct Readings {
    rules: Rules,
    topics: FxHashMap<NodeId, Known>,
}

/// What is known of a topic.
#[derive(Debug)]
enum Known {
    /// A rule reads it.
    Rule(Choice),
    /// Its name says that it is Sparkplug B; the births that named its metrics when they were last read.
    Sparkplug(Vec<MessageId>, Choice),
    /// Nothing but its messages themselves.
    Nothing,
}

impl Readings {
    /// How a message is to be read; `None`: as its bytes suggest.
    pub fn choice_of(&mut self, model: &Model, rules: &Rules, message: &Stored<'_>) -> Option<Choice> {
        self.follow(rules);
        if self.topics.len() >= TOPICS_MAX {
            self.topics.clear();
        }
        let node = message.id().node();
        let known = self.topics.entry(node).or_insert_with(|| {
            let topic = model.topic_bytes(node);
            match rules.choice_of_topic(&topic) {
                Some(choice) => Known::Rule(choice.clone()),
                None => birth_messages(model, &topic).map_or(Known::Nothing, |births| {
                    Known::Sparkplug(births.iter().map(Stored::id).collect(), sparkplug_choice(&births))
                }),
            }
        });
        let said = || choice_of_properties(message.properties().map(|it| &**it), message.payload());
        match known {
            Known::Rule(choice) => Some(choice.clone()),
            Known::Nothing => said(),
            Known::Sparkplug(read, choice) => {
                if let Some(births) = birth_messages(model, &model.topic_bytes(node))
                    && !births.iter().map(Stored::id).eq(read.iter().copied())
                {
                    *choice = sparkplug_choice(&births);
                    *read = births.iter().map(Stored::id).collect();
                }
                said().or_else(|| Some(choice.clone()))
            }
        }
    }

    /// Whether these are the rules that the last message was read by.
    pub fn is_by(&self, rules: &Rules) -> bool {
        self.rules == *rules
    }

    fn follow(&mut self, rules: &Rules) {
        if self.rules != *rules {
            self.rules = rules.clone();
            self.topics.clear();
        }
    }
}

/// Says how messages are to be read where there is no model that keeps them.
#[derive(Debug, Default)]
pub struct MessageReader {
    rules: Rules,
    /// What the rules say of topics that have come.
    topics: FxHashMap<Box<[u8]>, Option<Choice>>,
    births: Births,
}

impl MessageReader {
    /// Reads by these rules.
    pub fn new(rules: Rules) -> Self {
        Self { rules, ..Self::default() }
    }

    /// How a message is to be read, after learning from it if it is a birth of Sparkplug B; `None`: as its bytes
    /// suggest.
    pub fn choice_of(&mut self, message: MessageRef<'_>) -> Option<Choice> {
        let payload = message.payload.bytes();
        let by_topic = self.births.choice_for(message.topic, payload);
        self.by_rule(message.topic)
            .or_else(|| choice_of_properties(message.properties.map(|it| &**it), payload))
            .or(by_topic)
    }

    fn by_rule(&mut self, topic: &[u8]) -> Option<Choice> {
        if self.rules.is_empty() {
            return None;
        }
        if let Some(known) = self.topics.get(topic) {
            return known.clone();
        }
        if self.topics.len() >= TOPICS_MAX {
            self.topics.clear();
        }
        let choice = self.rules.choice_of_topic(topic).cloned();
        self.topics.insert(topic.into(), choice.clone());
        choice
    }
}

/// What the sender says that a payload is: by its content type, or else by the payload format indicator (MQTT 5.0,
/// 3.3.2.3). `None` if it says nothing that leads to a decoder.
pub fn choice_of_properties(properties: Option<&PublishProperties>, payload: &[u8]) -> Option<Choice> {
    let properties = properties?;
    let format = properties.content_type.as_deref().and_then(|name| format_of_content_type(name, payload));
    let is_text = properties.payload_format_indicator == Some(1);
    format.or_else(|| if is_text { text_format(payload) } else { None }).map(Choice::plain)
}

fn format_of_content_type(name: &str, payload: &[u8]) -> Option<Format> {
    let name = name.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let (kind, inside) = name.split_once('/')?;
    let suffix = inside.rsplit_once('+').map_or(inside, |(_, suffix)| suffix);
    match (kind, suffix.trim_start_matches("x-").trim_start_matches("vnd.")) {
        ("application" | "text" | "image", "xml") => Some(Format::Xml),
        ("image", _) => Some(Format::Image),
        ("application" | "text", "json" | "ndjson" | "jsonl") => Some(Format::Json),
        ("application" | "text", "yaml") => Some(Format::Yaml),
        ("application", "cbor") => Some(Format::Cbor),
        ("application", "msgpack" | "messagepack") => Some(Format::MessagePack),
        ("application", "protobuf" | "google.protobuf") => Some(Format::Protobuf),
        ("text", _) => text_format(payload),
        _ => None,
    }
}

/// The format of a payload that its sender calls text: its bytes tell whether it is a kind of text that has values.
fn text_format(payload: &[u8]) -> Option<Format> {
    match detect(payload) {
        Some(Format::Json | Format::Xml) => None,
        _ => Some(Format::Text),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::message::{Flags, Payload, Timestamp};
    use crate::model::Limits;
    use crate::query::Rule;

    fn receive(model: &mut Model, topic: &str, payload: &[u8], content_type: Option<&str>) -> NodeId {
        let properties = content_type.map(|name| {
            Arc::new(PublishProperties { content_type: Some(name.to_owned()), ..Default::default() })
        });
        let (flags, arrived) = (Flags::default(), Timestamp(0));
        let (topic, payload) = (topic.as_bytes(), Payload::Small(payload));
        let properties = properties.as_ref();
        model.apply(MessageRef { topic, payload, flags, properties, arrived }).unwrap();
        model.roll_up(Timestamp(0));
        model.find(topic).unwrap()
    }

    fn read(readings: &mut Readings, model: &Model, rules: &Rules, node: NodeId) -> Option<String> {
        let newest = model.node(node).unwrap().topic.unwrap().newest;
        readings.choice_of(model, rules, &newest).map(|choice| choice.to_string())
    }

    #[test]
    fn a_rule_comes_before_the_content_type_and_that_before_the_bytes() {
        let mut model = Model::new(Limits::default());
        let node = receive(&mut model, "a/b", b"\xA0", Some("application/vnd.msgpack; v=1"));
        let mut readings = Readings::default();
        let rules = Rules::new([Rule::new("a/+", "hex")]);
        assert_eq!(read(&mut readings, &model, &rules, node).as_deref(), Some("hex"));
        assert!(readings.is_by(&rules));
        let none = Rules::default();
        assert_eq!(read(&mut readings, &model, &none, node).as_deref(), Some("messagepack"));
        receive(&mut model, "a/b", b"\xA0", None);
        assert_eq!(read(&mut readings, &model, &none, node), None);
    }

    #[test]
    fn a_new_birth_gives_new_names() {
        let mut model = Model::new(Limits::default());
        let mut readings = Readings::default();
        let rules = Rules::default();
        let birth = |name: u8| [0x12, 9, 0x0A, 1, name, 0x10, 9, 0x20, 3, 0x50, 1];
        let data = [0x12, 4, 0x10, 9, 0x50, 7];
        let node = receive(&mut model, "spBv1.0/g/NDATA/n", &data, None);
        for (name, metrics) in [(b't', "\"t\":7"), (b'u', "\"u\":7")] {
            receive(&mut model, "spBv1.0/g/NBIRTH/n", &birth(name), None);
            let newest = model.node(node).unwrap().topic.unwrap().newest;
            let choice = readings.choice_of(&model, &rules, &newest).unwrap();
            let limits = crate::payload::DecodeLimits::default();
            let json = choice.decoder().json(&data, &limits, &crate::payload::never).unwrap().unwrap();
            assert!(json.contains(metrics), "{json}");
        }
    }

    #[test]
    fn content_types_lead_to_decoders() {
        let cases = [
            ("application/json", b"\xFF".as_slice(), Some("json")),
            ("application/senml+json", b"[]", Some("json")),
            ("Application/CBOR", b"", Some("cbor")),
            ("application/x-protobuf", b"", Some("protobuf")),
            ("image/png", b"", Some("image")),
            ("text/plain", b"{\"a\":1}", None),
            ("text/plain; charset=utf-8", b"on", Some("text")),
            ("application/octet-stream", b"on", None),
            ("anything", b"on", None),
        ];
        for (name, payload, choice) in cases {
            let properties =
                PublishProperties { content_type: Some(name.to_owned()), ..PublishProperties::default() };
            let found = choice_of_properties(Some(&properties), payload).map(|choice| choice.to_string());
            assert_eq!(found.as_deref(), choice, "{name}");
        }
        let text = PublishProperties { payload_format_indicator: Some(1), ..PublishProperties::default() };
        assert_eq!(choice_of_properties(Some(&text), b"\x01\x02"), Some(Choice::plain(Format::Text)));
    }

    #[test]
    fn rules_are_followed_without_a_model() {
        let mut reader = MessageReader::new(Rules::new([Rule::new("a/#", "cbor")]));
        let message = |topic| MessageRef {
            topic,
            payload: Payload::Small(b"\x01"),
            flags: Flags::default(),
            properties: None,
            arrived: Timestamp(0),
        };
        for _ in 0..2 {
            assert_eq!(reader.choice_of(message(b"a/b")), Some(Choice::plain(Format::Cbor)));
            assert_eq!(reader.choice_of(message(b"b")), None);
        }
    }
}

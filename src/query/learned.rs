//! The shape of a topic's payloads, learned from the messages that came: which fields there are, what they hold, and
//! which are always there. A message that departs from it is found before it is learned from.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::payload::decode::Choice;
use crate::payload::query::{JsonPath, Segment};
use crate::query::values::values_of;

/// Messages that are learned from before one can depart.
const LEARNED_MIN: u64 = 10;
/// Fields that are remembered. Beyond it a field that is new is no departure any more.
const FIELDS_MAX: usize = 500;
/// Fields inside each other that are looked at.
const DEPTH_MAX: usize = 16;
/// Of a larger payload nothing is learned.
const PAYLOAD_BYTES_MAX: usize = 256 * 1024;
/// Departures that are told of one message.
const DEPARTURES_MAX: usize = 3;

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ValueType {
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean,
    /// A number.
    Number,
    /// A text.
    Text,
    /// An array.
    Array,
    /// An object.
    Object,
}

impl ValueType {
    fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(_) => Self::Boolean,
            Value::Number(_) => Self::Number,
            Value::String(_) => Self::Text,
            Value::Array(_) => Self::Array,
            Value::Object(_) => Self::Object,
        }
    }

    /// Its name in JSON Schema.
    fn schema_name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "boolean",
            Self::Number => "number",
            Self::Text => "string",
            Self::Array => "array",
            Self::Object => "object",
        }
    }
}

/// How a message departs from what was learned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Departure {
    /// The field, as a path; the items of an array stand as `[]`.
    pub path: String,
    /// What is different.
    pub kind: DepartureKind,
    /// The messages that it was otherwise in.
    pub messages: u64,
}

/// What is different about a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DepartureKind {
    /// It was one type, and now is another.
    Type {
        /// What it was.
        was: ValueType,
        /// What it is.
        now: ValueType,
    },
    /// It was never there.
    New,
    /// It was always there.
    Missing,
}

/// A step from a value to one inside it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Inward {
    Key(String),
    /// Any item of an array.
    Item,
}

/// What is known of a field.
#[derive(Clone, Debug, Default)]
struct Known {
    /// How often it was each type.
    types: BTreeMap<ValueType, u64>,
    /// Messages that it was in.
    messages: u64,
    /// The number of the last message that it was in, from 1.
    last: u64,
    /// The smallest and the largest number.
    range: Option<(f64, f64)>,
}

/// The shape of a topic's payloads. Its memory is bounded by 500 fields.
#[derive(Clone, Debug, Default)]
pub struct LearnedShape {
    messages: u64,
    fields: BTreeMap<Vec<Inward>, Known>,
    is_full: bool,
}

impl LearnedShape {
    /// Learns from a payload, and says how it departs from those before it. Nothing is learned from what holds no
    /// values. `choice` says how it is read; without one its bytes decide.
    pub fn learn(&mut self, payload: &[u8], choice: Option<&Choice>) -> Vec<Departure> {
        let values = if payload.len() > PAYLOAD_BYTES_MAX { None } else { values_of(payload, choice) };
        // The parser refuses what is nested deeper than 128 levels.
        let Some(value) = values.and_then(|values| serde_json::from_slice(&values).ok()) else {
            return Vec::new();
        };
        self.messages += 1;
        let mut departures = Vec::new();
        self.walk(&value, &mut departures);
        if self.messages > LEARNED_MIN {
            self.find_missing(&mut departures);
        } else {
            departures.clear();
        }
        departures.truncate(DEPARTURES_MAX);
        departures
    }

    fn walk(&mut self, value: &Value, departures: &mut Vec<Departure>) {
        let mut left: Vec<(Vec<Inward>, &Value)> = vec![(Vec::new(), value)];
        while let Some((path, value)) = left.pop() {
            if let Some(departure) = self.note(&path, value) {
                let told = departures.iter().any(|known| known.path == departure.path);
                let is_inside_new = departures
                    .iter()
                    .any(|known| known.kind == DepartureKind::New && departure.path.starts_with(&known.path));
                if !told && !is_inside_new {
                    departures.push(departure);
                }
            }
            if path.len() >= DEPTH_MAX {
                continue;
            }
            let inside = |step: Inward| path.iter().cloned().chain([step]).collect();
            match value {
                Value::Object(members) => {
                    left.extend(members.iter().map(|(key, value)| (inside(Inward::Key(key.clone())), value)));
                }
                Value::Array(items) => left.extend(items.iter().map(|item| (inside(Inward::Item), item))),
                _ => {}
            }
        }
    }

    fn note(&mut self, path: &[Inward], value: &Value) -> Option<Departure> {
        let now = ValueType::of(value);
        let messages = self.messages;
        let is_known = self.fields.contains_key(path);
        if !is_known && self.fields.len() >= FIELDS_MAX {
            self.is_full = true;
        }
        if !is_known && self.is_full {
            return None;
        }
        let known = self.fields.entry(path.to_vec()).or_default();
        let departure = if !is_known {
            Some((DepartureKind::New, messages - 1))
        } else if known.types.contains_key(&now)
            || now == ValueType::Null
            || known.types.contains_key(&ValueType::Null)
        {
            // What may be null may be anything: its type was not always known.
            None
        } else {
            let most = known.types.iter().max_by_key(|(_, count)| **count);
            most.map(|(was, _)| (DepartureKind::Type { was: *was, now }, known.messages))
        };
        *known.types.entry(now).or_default() += 1;
        if known.last != messages {
            known.last = messages;
            known.messages += 1;
        }
        if let Some(number) = value.as_f64() {
            let (low, high) = known.range.unwrap_or((number, number));
            known.range = Some((low.min(number), high.max(number)));
        }
        let (kind, messages) = departure?;
        Some(Departure { path: text_of(path), kind, messages })
    }

    /// Fields that were in all messages before this one and are not in it. What lies inside another one that is missing
    /// is not told, nor are items of arrays, which may be empty.
    fn find_missing(&self, departures: &mut Vec<Departure>) {
        let before = self.messages - 1;
        for (path, known) in &self.fields {
            let is_missing = known.last == before && known.messages == before;
            let is_outermost = path.split_last().is_some_and(|(_, outer)| {
                self.fields.get(outer).is_some_and(|outer| outer.last == self.messages)
            });
            if is_missing && is_outermost && !path.contains(&Inward::Item) {
                let kind = DepartureKind::Missing;
                departures.push(Departure { path: text_of(path), kind, messages: before });
            }
        }
    }

    /// How many messages were learned from.
    pub fn messages(&self) -> u64 {
        self.messages
    }

    /// What was learned, as JSON Schema (draft 2020-12).
    pub fn to_json_schema(&self) -> String {
        let mut schemas: BTreeMap<&[Inward], Map<String, Value>> = BTreeMap::new();
        let mut paths: Vec<_> = self.fields.iter().collect();
        paths.sort_by_key(|(path, _)| std::cmp::Reverse(path.len()));
        let mut whole = Map::new();
        for (path, known) in paths {
            let mut schema = schemas.remove(path.as_slice()).unwrap_or_default();
            let types: Vec<&str> = known.types.keys().map(|kind| kind.schema_name()).collect();
            let types = if let [one] = types[..] { json!(one) } else { json!(types) };
            schema.insert("type".to_owned(), types);
            if let Some((low, high)) = known.range {
                schema.insert("minimum".to_owned(), json!(low));
                schema.insert("maximum".to_owned(), json!(high));
            }
            let Some((last, outer)) = path.split_last() else {
                whole = schema;
                break;
            };
            let around = schemas.entry(outer).or_default();
            match last {
                Inward::Item => {
                    around.insert("items".to_owned(), schema.into());
                }
                Inward::Key(key) => {
                    let is_always = self.fields.get(outer).is_some_and(|outer| {
                        outer.messages == known.messages && !outer.types.contains_key(&ValueType::Array)
                    });
                    if is_always && !path.contains(&Inward::Item) {
                        let required = around.entry("required").or_insert_with(|| json!([]));
                        required.as_array_mut().into_iter().for_each(|required| required.push(json!(key)));
                    }
                    let properties = around.entry("properties").or_insert_with(|| json!({}));
                    if let Some(properties) = properties.as_object_mut() {
                        properties.insert(key.clone(), schema.into());
                    }
                }
            }
        }
        whole.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
        serde_json::to_string_pretty(&whole).unwrap_or_default()
    }
}

fn text_of(path: &[Inward]) -> String {
    let mut text = String::new();
    for step in path {
        match step {
            Inward::Item => text.push_str("[]"),
            Inward::Key(key) => {
                let key = JsonPath::from_iter([Segment::Key(key.clone())]).to_string();
                if !text.is_empty() && !key.starts_with('[') {
                    text.push('.');
                }
                text.push_str(&key);
            }
        }
    }
    if text.is_empty() { "$".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn learned(sent: &str, times: u64) -> LearnedShape {
        let mut shape = LearnedShape::default();
        for _ in 0..times {
            assert_eq!(shape.learn(sent.as_bytes(), None), [], "what is always so departs from nothing");
        }
        shape
    }

    fn departure(path: &str, kind: DepartureKind, messages: u64) -> Departure {
        Departure { path: path.to_owned(), kind, messages }
    }

    const SENT: &str = r#"{"temperature":21.5,"on":true,"list":[{"id":1}],"x":{"y":null}}"#;

    #[test]
    fn a_field_of_another_type_departs_and_says_what_it_was_how_often() {
        let mut shape = learned(SENT, 4_120);
        let found = shape.learn(SENT.replace("21.5", "\"warm\"").as_bytes(), None);
        let kind = DepartureKind::Type { was: ValueType::Number, now: ValueType::Text };
        assert_eq!(found, [departure("temperature", kind, 4_120)]);
        let inside = shape.learn(SENT.replace("\"id\":1", "\"id\":true").as_bytes(), None);
        let kind = DepartureKind::Type { was: ValueType::Number, now: ValueType::Boolean };
        assert_eq!(inside, [departure("list[].id", kind, 4_121)]);
        assert_eq!(shape.learn(SENT.replace("null", "7").as_bytes(), None), [], "null may become anything");
    }

    #[test]
    fn a_field_that_is_new_or_missing_departs_once_with_all_in_it() {
        let mut shape = learned(SENT, 20);
        let found = shape.learn(SENT.replace("\"on\":true", "\"off\":{\"a\":{\"b\":1}}").as_bytes(), None);
        assert_eq!(
            found,
            [departure("off", DepartureKind::New, 20), departure("on", DepartureKind::Missing, 20)]
        );
        let again = shape.learn(SENT.as_bytes(), None);
        assert_eq!(again, [], "a field that was missing once is optional, and so is one that came once");
    }

    #[test]
    fn a_few_messages_are_too_few_to_depart_from() {
        let mut shape = learned(SENT, LEARNED_MIN - 1);
        assert_eq!(shape.learn(b"{\"temperature\":\"warm\"}", None), []);
    }

    #[test]
    fn what_was_learned_is_written_as_a_schema_that_accepts_it() {
        let mut shape = learned(SENT, 3);
        shape.learn(br#"{"temperature":-3,"on":true,"list":[],"x":{"y":null}}"#, None);
        shape.learn(br#"{"temperature":5,"on":true,"list":[],"x":{"y":null},"new":"a"}"#, None);
        let schema: Value = serde_json::from_str(&shape.to_json_schema()).unwrap();
        assert_eq!(schema["properties"]["temperature"]["minimum"], json!(-3.0));
        assert_eq!(schema["required"], json!(["list", "on", "temperature", "x"]).clone());
        assert_eq!(schema["properties"]["list"]["items"]["properties"]["id"]["type"], json!("number"));
        let validator = jsonschema::validator_for(&schema).unwrap();
        assert!(validator.is_valid(&serde_json::from_str(SENT).unwrap()));
        assert!(!validator.is_valid(&json!({ "temperature": "warm" })));
    }

    #[test]
    fn memory_stays_within_its_bound() {
        let mut shape = LearnedShape::default();
        for n in 0..3_000 {
            assert!(shape.learn(format!("{{\"k{n}\":1}}").as_bytes(), None).len() <= DEPARTURES_MAX);
        }
        assert!(shape.fields.len() <= FIELDS_MAX);
        assert_eq!(shape.learn("[".repeat(5_000).as_bytes(), None), []);
    }

    proptest! {
        #[test]
        fn any_payloads_are_learned_from(payloads in proptest::collection::vec(r#"[{}\[\]"a:,01 ]{0,24}"#, 0..30)) {
            let mut shape = LearnedShape::default();
            for payload in &payloads {
                shape.learn(payload.as_bytes(), None);
            }
            let schema: Value = serde_json::from_str(&shape.to_json_schema()).unwrap();
            prop_assert!(schema.is_object());
        }
    }
}

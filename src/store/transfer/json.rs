//! JSON without what an import has no use for: the messages that MQTTX exports with its connections can be most of a
//! file. They are passed over while it is read, and the whole is bounded.

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::store::transfer::ImportError;

/// Keys whose value is of no use; it becomes `true`.
const PASSED_OVER: [&str; 1] = ["messages"];

/// How many values a file may have: each takes some tens of bytes, however short its text is.
const VALUES_MAX: usize = 2_000_000;

/// Reads a whole text.
pub(super) fn parse(text: &str) -> Result<Value, ImportError> {
    let left = Cell::new(VALUES_MAX);
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = Bounded { left: &left }.deserialize(&mut reader);
    let outcome = value.and_then(|value| reader.end().map(|()| value));
    outcome.map_err(|error| {
        if left.get() == 0 {
            ImportError::TooLarge
        } else {
            ImportError::Json { line: error.line(), column: error.column() }
        }
    })
}

/// A value, as long as there are not too many. serde_json itself bounds the depth.
#[derive(Clone, Copy)]
struct Bounded<'a> {
    left: &'a Cell<usize>,
}

impl<'de> DeserializeSeed<'de> for Bounded<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        let Some(left) = self.left.get().checked_sub(1) else {
            return Err(serde::de::Error::custom("too many values"));
        };
        self.left.set(left);
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Bounded<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element_seed(self)? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            let value = if PASSED_OVER.contains(&key.as_str()) {
                map.next_value::<IgnoredAny>()?;
                Value::Bool(true)
            } else {
                map.next_value_seed(self)?
            };
            object.insert(key, value);
        }
        Ok(Value::Object(object))
    }
}

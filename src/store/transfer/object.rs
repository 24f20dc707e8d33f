//! An object of somebody else's JSON, whose values may be of any type: what can be taken is taken, what cannot gives a
//! sentence. No sentence quotes a value.

use serde_json::{Map, Value};

/// The longest text that is taken, in bytes: nothing in MQTT can be longer.
const TEXT_BYTES_MAX: usize = 65_535;

/// An object and where to say what is odd about it.
pub(super) struct Object<'a> {
    map: &'a Map<String, Value>,
    notes: &'a mut Vec<String>,
}

impl<'a> Object<'a> {
    pub(super) fn new(map: &'a Map<String, Value>, notes: &'a mut Vec<String>) -> Self {
        Self { map, notes }
    }

    /// The value, unless there is none or it is `null`.
    pub(super) fn value(&self, key: &str) -> Option<&'a Value> {
        self.map.get(key).filter(|value| !value.is_null())
    }

    /// A text; a number is one too. Empty counts as none.
    pub(super) fn text(&mut self, key: &str) -> Option<String> {
        let text = match self.value(key)? {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => return self.odd(key, "a text"),
        };
        if text.len() > TEXT_BYTES_MAX {
            self.notes.push(format!("\"{key}\" is longer than 65,535 bytes and is left out."));
            return None;
        }
        Some(text).filter(|text| !text.is_empty())
    }

    /// Yes or no; 0 and 1 are that too.
    pub(super) fn flag(&mut self, key: &str) -> Option<bool> {
        match self.value(key)? {
            Value::Bool(flag) => Some(*flag),
            Value::Number(number) if matches!(number.as_u64(), Some(0 | 1)) => {
                Some(number.as_u64() == Some(1))
            }
            _ => self.odd(key, "yes or no"),
        }
    }

    /// A whole number that fits; a text of digits is one too.
    pub(super) fn number<T: TryFrom<u64>>(&mut self, key: &str) -> Option<T> {
        let number = match self.value(key)? {
            Value::Number(number) => number.as_u64(),
            Value::String(text) if text.is_empty() => return None,
            Value::String(text) => text.parse().ok(),
            _ => None,
        };
        match number.and_then(|number| T::try_from(number).ok()) {
            Some(number) => Some(number),
            None => self.odd(key, "a number in the range that is allowed"),
        }
    }

    /// An object within.
    pub(super) fn object(&mut self, key: &str) -> Option<&'a Map<String, Value>> {
        match self.value(key)? {
            Value::Object(map) => Some(map),
            _ => self.odd(key, "an object"),
        }
    }

    /// A list within.
    pub(super) fn list(&mut self, key: &str) -> Option<&'a [Value]> {
        match self.value(key)? {
            Value::Array(list) => Some(list),
            _ => self.odd(key, "a list"),
        }
    }

    /// Says something about it.
    pub(super) fn note(&mut self, text: impl Into<String>) {
        self.notes.push(text.into());
    }

    /// The same for an object within.
    pub(super) fn within<'b>(&'b mut self, map: &'b Map<String, Value>) -> Object<'b> {
        Object { map, notes: self.notes }
    }

    fn odd<T>(&mut self, key: &str, expected: &str) -> Option<T> {
        self.notes.push(format!("\"{key}\" is not {expected} and is left out."));
        None
    }
}

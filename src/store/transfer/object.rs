//! An object of somebody else's JSON, whose values may be of any type: what can be taken is taken, what cannot gives a
//! note. No note holds a value.

use serde_json::{Map, Value};

use crate::mqtt::limits::FIELD_BYTES_MAX;
use crate::store::transfer::note::{Expected, Note};

/// An object and where to note what is odd about it.
pub(super) struct Object<'a> {
    map: &'a Map<String, Value>,
    notes: &'a mut Vec<Note>,
}

impl<'a> Object<'a> {
    pub(super) fn new(map: &'a Map<String, Value>, notes: &'a mut Vec<Note>) -> Self {
        Self { map, notes }
    }

    /// The value, unless there is none or it is `null`.
    pub(super) fn value(&self, key: &str) -> Option<&'a Value> {
        self.map.get(key).filter(|value| !value.is_null())
    }

    /// A text; a number is one too. Empty counts as none.
    pub(super) fn text(&mut self, key: &'static str) -> Option<String> {
        let text = match self.value(key)? {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => return self.odd(key, Expected::Text),
        };
        if text.len() > FIELD_BYTES_MAX {
            self.notes.push(Note::TooLong { key });
            return None;
        }
        Some(text).filter(|text| !text.is_empty())
    }

    /// Yes or no; 0 and 1 are that too.
    pub(super) fn flag(&mut self, key: &'static str) -> Option<bool> {
        match self.value(key)? {
            Value::Bool(flag) => Some(*flag),
            Value::Number(number) if matches!(number.as_u64(), Some(0 | 1)) => {
                Some(number.as_u64() == Some(1))
            }
            _ => self.odd(key, Expected::Flag),
        }
    }

    /// A whole number that fits; a text of digits is one too.
    pub(super) fn number<T: TryFrom<u64>>(&mut self, key: &'static str) -> Option<T> {
        let number = match self.value(key)? {
            Value::Number(number) => number.as_u64(),
            Value::String(text) if text.is_empty() => return None,
            Value::String(text) => text.parse().ok(),
            _ => None,
        };
        match number.and_then(|number| T::try_from(number).ok()) {
            Some(number) => Some(number),
            None => self.odd(key, Expected::Number),
        }
    }

    /// An object within.
    pub(super) fn object(&mut self, key: &'static str) -> Option<&'a Map<String, Value>> {
        match self.value(key)? {
            Value::Object(map) => Some(map),
            _ => self.odd(key, Expected::Object),
        }
    }

    /// A list within.
    pub(super) fn list(&mut self, key: &'static str) -> Option<&'a [Value]> {
        match self.value(key)? {
            Value::Array(list) => Some(list),
            _ => self.odd(key, Expected::List),
        }
    }

    /// Notes something about it.
    pub(super) fn note(&mut self, note: Note) {
        self.notes.push(note);
    }

    /// An object within this one, with the same place for notes.
    pub(super) fn within<'b>(&'b mut self, map: &'b Map<String, Value>) -> Object<'b> {
        Object { map, notes: self.notes }
    }

    fn odd<T>(&mut self, key: &'static str, expected: Expected) -> Option<T> {
        self.notes.push(Note::WrongType { key, expected });
        None
    }
}

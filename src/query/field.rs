//! A field of a payload, for columns: what stands at a path, to be shown and sorted by.

use std::cmp::Ordering;

use crate::payload::decode::Choice;
use crate::payload::query::{FoundValue, JsonPath, number_of, value_at};
use crate::query::values::values_of;

/// The most of a text or a container that a column shows, in bytes.
const TEXT_BYTES_MAX: usize = 256;

/// What stands at a path.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldValue {
    /// As it was sent, a text without its quotes; the beginning of what is long.
    pub text: String,
    /// The number that it is, if it is one.
    pub number: Option<f64>,
}

impl FieldValue {
    /// The value at a path of a payload; `None` if there is none. `choice` says how the payload is read; without one
    /// its bytes decide.
    pub fn of(payload: &[u8], path: &JsonPath, choice: Option<&Choice>) -> Option<Self> {
        Self::all_of(payload, std::slice::from_ref(path), choice).pop()?
    }

    /// The values at several paths of a payload, which is decoded once.
    pub fn all_of(payload: &[u8], paths: &[JsonPath], choice: Option<&Choice>) -> Vec<Option<Self>> {
        let values = values_of(payload, choice);
        let found = |path| Some(Self::from(value_at(values.as_deref()?, path)?));
        paths.iter().map(found).collect()
    }

    /// Numbers by size before texts by their characters.
    pub fn order(&self, other: &Self) -> Ordering {
        match (self.number, other.number) {
            (Some(this), Some(that)) => this.total_cmp(&that),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => self.text.cmp(&other.text),
        }
    }
}

impl From<FoundValue<'_>> for FieldValue {
    fn from(found: FoundValue<'_>) -> Self {
        let plain = |text: &str, number| Self { text: beginning(text).to_owned(), number };
        match found {
            FoundValue::Number(digits) => plain(digits, digits.parse().ok()),
            FoundValue::Text(text) => plain(&text, number_of(text.as_bytes())),
            FoundValue::Bool(value) => plain(if value { "true" } else { "false" }, None),
            FoundValue::Null => plain("null", None),
            FoundValue::Container(json) => plain(json, None),
        }
    }
}

fn beginning(text: &str) -> &str {
    &text[..text.floor_char_boundary(TEXT_BYTES_MAX)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(payload: &str, path: &str) -> Option<FieldValue> {
        FieldValue::of(payload.as_bytes(), &path.parse().unwrap(), None)
    }

    #[test]
    fn a_field_is_shown_as_it_was_sent() {
        let sent = r#"{"a":12345678901234567890,"b":"21.5 °C","c":[1, 2],"d":true}"#;
        let text = |path| field(sent, path).map(|field| field.text);
        assert_eq!(text("a").as_deref(), Some("12345678901234567890"));
        assert_eq!(text("b").as_deref(), Some("21.5 °C"));
        assert_eq!(text("c").as_deref(), Some("[1, 2]"));
        assert_eq!((text("d").as_deref(), text("e")), (Some("true"), None));
        assert_eq!(field("{\"a\":\"é".to_owned().as_str(), "a"), None);
    }

    #[test]
    fn numbers_are_sorted_by_size_and_before_texts() {
        let sent = [r#"{"a":"x"}"#, r#"{"a":10}"#, r#"{"a":"9"}"#, r#"{"a":-1}"#];
        let mut fields: Vec<_> = sent.iter().filter_map(|sent| field(sent, "a")).collect();
        fields.sort_by(FieldValue::order);
        assert_eq!(
            fields.iter().map(|field| field.text.as_str()).collect::<Vec<_>>(),
            ["-1", "9", "10", "x"]
        );
    }

    #[test]
    fn a_long_text_is_cut_between_characters() {
        let long = field(&format!(r#"{{"a":"{}"}}"#, "é".repeat(1_000)), "a").unwrap();
        assert_eq!(long.text.chars().count(), TEXT_BYTES_MAX / 2);
    }
}

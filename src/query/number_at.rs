//! Extracts the numbers that the model's series keep, using the decoders of `payload`.

use std::borrow::Cow;

use crate::model;
use crate::payload::decode::Choice;
use crate::payload::query::{JsonPath, number_at, number_of};
use crate::query::values::values_of;

/// Reads one number out of each payload of a topic.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct NumberAt {
    /// Where the number is in the decoded value; `None` if the payload is the number.
    pub path: Option<JsonPath>,
    /// How payloads are decoded; `None` to decide by their bytes.
    pub choice: Option<Choice>,
}

impl model::Extractor for NumberAt {
    fn value(&self, payload: &[u8]) -> Option<f64> {
        let Some(path) = &self.path else { return number_of(payload) };
        if self.choice.is_none()
            && let Some(number) = number_at(payload, path)
        {
            return Some(number); // uncompressed JSON, by far the most common
        }
        match values_of(payload, self.choice.as_ref())? {
            Cow::Borrowed(_) if self.choice.is_none() => None, // it was tried above
            json => number_at(&json, path),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Extractor as _;

    #[test]
    fn a_number_is_the_payload_or_what_the_path_leads_to() {
        assert_eq!(NumberAt::default().value(b"21.5 V"), Some(21.5));
        let inside = NumberAt { path: Some("a[1]".parse().unwrap()), choice: None };
        assert_eq!(inside.value(b"{\"a\":[0,7]}"), Some(7.0));
        assert_eq!(inside.value(b"7"), None);
    }

    #[test]
    fn a_path_leads_into_what_is_decoded() {
        let temp = |choice: Option<&str>| NumberAt {
            path: Some("temp".parse().unwrap()),
            choice: choice.map(|choice| choice.parse().unwrap()),
        };
        assert_eq!(temp(None).value(b"\xA1\x64temp\xF9\x4D\x60"), Some(21.5), "CBOR");
        assert_eq!(temp(None).value(b"\x81\xA4temp\x07"), Some(7.0), "MessagePack");
        assert_eq!(temp(Some("struct:u16le temp/100")).value(&[0x66, 0x08]), Some(21.5));
        assert_eq!(temp(Some("struct:u16le temp/100")).value(&[0x66]), None, "too short");
        assert_eq!(temp(None).value(b"\0\0"), None);
    }
}

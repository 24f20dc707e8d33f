//! The number of a payload, for the model's series: the bridge between `payload`, which reads it, and `model`, which
//! keeps it. Neither of the two knows the other.

use crate::model;
use crate::payload::query::{JsonPath, number_at, number_of};

/// Reads one number out of each payload of a topic.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct NumberAt {
    /// Where the number stands in JSON; `None`: the payload is the number.
    pub path: Option<JsonPath>,
}

impl model::Extractor for NumberAt {
    fn value(&self, payload: &[u8]) -> Option<f64> {
        match &self.path {
            Some(path) => number_at(payload, path),
            None => number_of(payload),
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
        let inside = NumberAt { path: Some("a[1]".parse().unwrap()) };
        assert_eq!(inside.value(b"{\"a\":[0,7]}"), Some(7.0));
        assert_eq!(inside.value(b"7"), None);
    }
}

//! Extracts states that have names, such as `heating` or `true`, for the model's series, which keep numbers.

use std::sync::Arc;

use parking_lot::Mutex;

use crate::model;
use crate::payload::query::Segment;
use crate::query::NumberAt;
use crate::query::values::values_of;

/// The most states of one series. Later ones have no name; a value with more is a text and no state.
const STATES_MAX: usize = 1_000;
/// The most characters of a state's name.
const NAME_CHARS_MAX: usize = 80;

/// The names of the states of one series, in the order in which they came; a state's value is its place here.
#[derive(Debug, Default)]
pub struct StateNames(Mutex<Vec<String>>);

impl StateNames {
    /// The name of a state.
    pub fn name(&self, state: f64) -> Option<String> {
        let names = self.0.lock();
        (state >= 0.0).then(|| names.get(state as usize).cloned())?
    }

    /// All names, each at the place of its number.
    pub fn all(&self) -> Vec<String> {
        self.0.lock().clone()
    }

    fn number(&self, name: &str) -> Option<f64> {
        let mut names = self.0.lock();
        if let Some(known) = names.iter().position(|known| known == name) {
            return Some(known as f64);
        }
        (names.len() < STATES_MAX).then(|| {
            names.push(name.to_owned());
            (names.len() - 1) as f64
        })
    }
}

/// Reads one state out of each payload of a topic.
#[derive(Clone, Debug, Default)]
pub struct StateAt {
    /// Where the state is, and how payloads are decoded.
    pub at: NumberAt,
    /// The names, which whoever shows the states shares.
    pub names: Arc<StateNames>,
}

impl model::Extractor for StateAt {
    fn value(&self, payload: &[u8]) -> Option<f64> {
        let name = self.at.text(payload)?;
        self.names.number(&name)
    }
}

impl NumberAt {
    /// The value as one short line of text: a string, a number, `true`, `false` or `null`. `None` for a longer text, for
    /// an object or array, and where there is no value.
    pub fn text(&self, payload: &[u8]) -> Option<String> {
        let text = match &self.path {
            None => str::from_utf8(payload).ok()?.trim().to_owned(),
            Some(path) => {
                let values = values_of(payload, self.choice.as_ref())?;
                let mut value: serde_json::Value = serde_json::from_slice(&values).ok()?;
                for segment in path.segments() {
                    value = match segment {
                        Segment::Key(key) => value.get_mut(key.as_str())?.take(),
                        Segment::Index(index) => value.get_mut(*index)?.take(),
                    };
                }
                match value {
                    serde_json::Value::String(text) => text,
                    serde_json::Value::Object(_) | serde_json::Value::Array(_) => return None,
                    other => other.to_string(),
                }
            }
        };
        let is_short = !text.is_empty() && text.chars().nth(NAME_CHARS_MAX).is_none();
        (is_short && !text.contains(char::is_control)).then_some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Extractor as _;

    #[test]
    fn states_are_numbered_in_the_order_in_which_they_came() {
        let states = StateAt::default();
        let values = ["idle", "heating", "idle", " error\n", ""];
        let found: Vec<_> = values.iter().map(|value| states.value(value.as_bytes())).collect();
        assert_eq!(found, [Some(0.0), Some(1.0), Some(0.0), Some(2.0), None]);
        assert_eq!(states.names.name(2.0).as_deref(), Some("error"));
        assert_eq!(states.names.name(3.0), None);
    }

    #[test]
    fn a_state_stands_at_a_path_and_may_be_a_boolean_or_a_number() {
        let at = |path: &str| NumberAt { path: Some(path.parse().unwrap()), choice: None };
        let payload = br#"{"mode":"auto","on":true,"list":[{"n":3}],"long":"x","none":null}"#;
        assert_eq!(at("mode").text(payload).as_deref(), Some("auto"));
        assert_eq!(at("on").text(payload).as_deref(), Some("true"));
        assert_eq!(at("list[0].n").text(payload).as_deref(), Some("3"));
        assert_eq!(at("list").text(payload), None);
        assert_eq!(at("absent").text(payload), None);
        assert_eq!(at("on").text(b"\xA1\x62on\xF5").as_deref(), Some("true"), "CBOR");
    }

    #[test]
    fn there_are_no_more_states_than_a_person_can_tell_apart() {
        let states = StateAt::default();
        for number in 0..2_000 {
            states.value(number.to_string().as_bytes());
        }
        assert_eq!(states.value(b"1999"), None);
        assert_eq!(states.value(b"999"), Some(999.0));
        assert_eq!(states.value("x".repeat(81).as_bytes()), None);
    }
}

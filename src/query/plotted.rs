//! Reads what a plot draws out of a topic's payloads: numbers, states, or what a formula gives, and when it was measured.

use std::sync::Arc;

use crate::message::Timestamp;
use crate::model::{self, PointTime};
use crate::payload::decode::Choice;
use crate::payload::query::JsonPath;
use crate::query::{NumberAt, NumberQuery, QueryError, StateAt, StateNames};

/// How a series is read, as a person gave it.
#[derive(Clone, Copy, Debug, Default)]
pub struct PlottedAs<'a> {
    /// Where the value is; `None` for the whole payload.
    pub path: Option<&'a JsonPath>,
    /// Whether values are states with names.
    pub states: bool,
    /// A query that gives the number from the whole payload; empty for none.
    pub formula: &'a str,
    /// Where the payload says when the value was measured; empty for when the message arrived.
    pub time: &'a str,
}

/// Reads one value out of each payload of a topic.
#[derive(Clone, Debug)]
pub struct Plotted {
    what: What,
    time: Option<NumberAt>,
}

#[derive(Clone, Debug)]
enum What {
    Number(NumberAt),
    State(StateAt),
    Formula(NumberQuery, Option<Choice>),
}

impl Plotted {
    /// What reads a series. `choice` says how payloads are decoded; without one their bytes decide.
    ///
    /// # Errors
    ///
    /// Fails if the formula is none, or takes too long for each message.
    pub fn new(read: PlottedAs<'_>, choice: Option<Choice>) -> Result<Self, QueryError> {
        let at = NumberAt { path: read.path.cloned(), choice: choice.clone() };
        let time = (!read.time.is_empty())
            .then(|| NumberAt { path: read.time.parse().ok(), choice: choice.clone() });
        let what = if !read.formula.is_empty() {
            What::Formula(read.formula.parse()?, choice)
        } else if read.states {
            What::State(StateAt { at, ..StateAt::default() })
        } else {
            What::Number(at)
        };
        Ok(Self { what, time })
    }

    /// The names of its states, which whoever shows them shares; `None` for numbers.
    pub fn names(&self) -> Option<Arc<StateNames>> {
        match &self.what {
            What::State(states) => Some(Arc::clone(&states.names)),
            What::Number(_) | What::Formula(..) => None,
        }
    }
}

impl model::Extractor for Plotted {
    fn value(&self, payload: &[u8]) -> Option<f64> {
        match &self.what {
            What::Number(at) => at.value(payload).or_else(|| not_finite(at, payload)),
            What::State(states) => states.value(payload),
            What::Formula(query, choice) => query.number(payload, choice.as_ref()),
        }
    }

    fn time(&self, payload: &[u8]) -> PointTime {
        let Some(at) = &self.time else { return PointTime::Arrival };
        at.text(payload).and_then(|text| moment(&text)).map_or(PointTime::Missing, PointTime::At)
    }
}

/// `NaN`, `inf`, `-Infinity`, `1e400`: numbers that are not finite, which a plot marks instead of drawing them.
fn not_finite(at: &NumberAt, payload: &[u8]) -> Option<f64> {
    if payload.len() > NOT_FINITE_BYTES_MAX {
        return None;
    }
    let number: f64 = at.text(payload)?.parse().ok()?;
    (!number.is_finite()).then_some(number)
}

/// Longer payloads are not looked at for a word such as `NaN`.
const NOT_FINITE_BYTES_MAX: usize = 4_096;

/// A moment as devices write it: RFC 3339, or a number of seconds, milliseconds, microseconds or nanoseconds since 1970,
/// which its size tells.
fn moment(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(number) = text.parse::<f64>() {
        let microseconds = match number.abs() {
            size if size < 1e11 => number * 1e6,
            size if size < 1e14 => number * 1e3,
            size if size < 1e17 => number,
            size if size < 1e20 => number / 1e3,
            _ => return None,
        };
        return Some(Timestamp(microseconds.round() as i64));
    }
    if let Ok(at) = text.parse::<jiff::Timestamp>() {
        return Some(Timestamp(at.as_microsecond()));
    }
    // Without a zone it is UTC.
    let civil: jiff::civil::DateTime = text.parse().ok()?;
    let at = civil.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp();
    Some(Timestamp(at.as_microsecond()))
}

/// Whether a topic's newest payload has a state at a path rather than a number: a short text, `true` or `false`.
pub fn has_state(payload: &[u8], path: Option<&JsonPath>, choice: Option<&Choice>) -> bool {
    let at = NumberAt { path: path.cloned(), choice: choice.cloned() };
    let Some(text) = at.text(payload) else { return false };
    let is_boolean = path.is_some() && matches!(text.as_str(), "true" | "false");
    is_boolean || (model::Extractor::value(&at, payload).is_none() && not_finite(&at, payload).is_none())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Extractor as _;

    fn plotted(read: PlottedAs<'_>) -> Plotted {
        Plotted::new(read, None).unwrap()
    }

    #[test]
    fn a_formula_gives_the_number_and_a_mistake_has_a_place() {
        let of = plotted(PlottedAs { formula: ".temp * 1.8 + 32", ..PlottedAs::default() });
        assert_eq!(of.value(br#"{"temp": 100}"#), Some(212.0));
        assert_eq!(of.value(br#"{"temp": "warm"}"#), None);
        let wrong =
            Plotted::new(PlottedAs { formula: ".temp * ", ..PlottedAs::default() }, None).unwrap_err();
        assert!(wrong.place >= 8, "{wrong:?}");
    }

    #[test]
    fn what_is_not_finite_is_told_from_what_is_no_number() {
        let of = plotted(PlottedAs::default());
        assert!(of.value(b"NaN").unwrap().is_nan());
        assert_eq!(of.value(b"-inf"), Some(f64::NEG_INFINITY));
        assert_eq!(of.value(b"1e400"), Some(f64::INFINITY));
        assert_eq!(of.value(b"nonsense"), None);
        let path: JsonPath = "a".parse().unwrap();
        let of = plotted(PlottedAs { path: Some(&path), ..PlottedAs::default() });
        assert_eq!(of.value(br#"{"a":"Infinity"}"#), Some(f64::INFINITY));
    }

    #[test]
    fn moments_are_read_as_devices_write_them() {
        let at = Timestamp(1_795_348_800_000_000);
        for text in [
            "1795348800",
            "1795348800.0",
            "1795348800000",
            "1795348800000000",
            "1795348800000000000",
            "2026-11-22T12:00:00Z",
            "2026-11-22T13:00:00+01:00",
            "2026-11-22T12:00:00",
            "2026-11-22 12:00:00",
        ] {
            assert_eq!(moment(text), Some(at), "{text}");
        }
        assert_eq!([moment(""), moment("yesterday"), moment("1e40")], [None; 3]);
    }

    #[test]
    fn the_payload_says_when() {
        let path: JsonPath = "v".parse().unwrap();
        let of = plotted(PlottedAs { path: Some(&path), time: "ts", ..PlottedAs::default() });
        assert_eq!(of.time(br#"{"v":1,"ts":1795348800}"#), PointTime::At(Timestamp(1_795_348_800_000_000)));
        assert_eq!(of.time(br#"{"v":1}"#), PointTime::Missing);
        assert_eq!(plotted(PlottedAs::default()).time(b"1"), PointTime::Arrival);
    }

    #[test]
    fn a_short_text_is_a_state_and_a_number_is_none() {
        let path: JsonPath = "a".parse().unwrap();
        let has = |payload: &str| has_state(payload.as_bytes(), Some(&path), None);
        assert!(has(r#"{"a":"heating"}"#) && has(r#"{"a":true}"#));
        assert!(!has(r#"{"a":21.5}"#) && !has(r#"{"a":"21,5"}"#) && !has(r#"{"a":{}}"#) && !has("{}"));
        assert!(
            has_state(b"idle", None, None) && !has_state(b"on", None, None) && !has_state(b"NaN", None, None)
        );
    }
}

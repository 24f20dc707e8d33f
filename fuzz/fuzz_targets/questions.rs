//! Arbitrary payloads behind arbitrary questions: paths, conditions and the part of jq that runs for each message; and
//! comparisons of two payloads.
//!
//!     cargo +nightly fuzz run questions
//!
//! The first line is the question, the rest the payload.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mqttree_fuzz::payload::diff::{DiffOptions, changes, diff};
use mqttree_fuzz::payload::find::Needle;
use mqttree_fuzz::payload::query::{JsonPath, number_at, number_of, value_at};
use mqttree_fuzz::payload::{byte_readings, never};
use mqttree_fuzz::query::{Condition, NumberQuery};

fuzz_target!(|input: &[u8]| {
    let line_end = input.iter().position(|byte| *byte == b'\n').unwrap_or(input.len());
    let (question, payload) = input.split_at(line_end);
    number_of(payload);
    byte_readings(payload);
    let options = DiffOptions::default();
    let _ = diff(question, payload, &options, &never);
    let _ = changes(question, payload, &options, &never, &never);
    let Ok(question) = str::from_utf8(question) else { return };
    if let Ok(path) = question.parse::<JsonPath>() {
        assert_eq!(path.to_string().parse::<JsonPath>().as_ref(), Ok(&path), "{path}");
        number_at(payload, &path);
        value_at(payload, &path);
    }
    if let Ok(condition) = question.parse::<Condition>() {
        condition.holds(payload, None);
    }
    if let Ok(query) = question.parse::<NumberQuery>() {
        query.number(payload, None);
    }
    if let Some(needle) = Needle::text(question) {
        needle.is_in(payload);
    }
});

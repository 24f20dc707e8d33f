//! Changes as a person would tell them, and against a naive rule: nothing is listed where nothing changed.

use std::fmt::Write as _;
use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::payload::{DecodeLimits, json, never};

fn compare(old: &str, new: &str) -> Changes {
    let options = DiffOptions { search_time_max: Duration::from_mins(1), ..DiffOptions::default() };
    changes(old.as_bytes(), new.as_bytes(), &options, &never, &never).unwrap().unwrap()
}

fn told(old: &str, new: &str) -> Vec<String> {
    let tell = |change: &Change| {
        let path = &change.path;
        match &change.kind {
            ChangeKind::Added(value) => format!("+ {path}: {value}"),
            ChangeKind::Removed(value) => format!("- {path}: {value}"),
            ChangeKind::Changed { old, new, .. } => format!("~ {path}: {old} -> {new}"),
            ChangeKind::Moved { from, value } => format!("[{from}] > {path}: {value}"),
        }
    };
    compare(old, new).list.iter().map(tell).collect()
}

#[test]
fn members_come_go_and_change_whatever_their_order() {
    assert_eq!(
        told(
            r#"{"a":1,"b":{"c":"x","d":[1]},"gone":null}"#,
            r#"{ "b": {"d": [1], "c": "y", "e": {"f": 2}}, "a": 1 }"#
        ),
        ["~ b.c: \"x\" -> \"y\"", "+ b.e: {\"f\":2}", "- gone: null"]
    );
    assert_eq!(told(r#"{"a":1,"b":2}"#, "{\"b\":2,\n\"a\":1}"), Vec::<String>::new());
    assert_eq!(told("1", "[1]"), ["~ $: 1 -> [1]"]);
    assert_eq!(told(r#"{"a":1,"a":2}"#, r#"{"a":1,"a":3}"#), ["~ a: 2 -> 3"], "a key that comes twice");
}

#[test]
fn items_of_arrays_come_go_and_move() {
    assert_eq!(told("[1,2,3]", "[1,3]"), ["- [1]: 2"]);
    assert_eq!(told("[1,2]", "[0,1,2]"), ["+ [0]: 0"], "what only makes room has not moved");
    assert_eq!(told("[1,2,3,4]", "[4,1,2,3]"), ["[3] > [0]: 4"]);
    assert_eq!(told("[1,5,3]", "[1,6,3]"), ["~ [1]: 5 -> 6"]);
    assert_eq!(
        told(r#"[{"n":1,"v":0},{"n":2,"v":0}]"#, r#"[{"n":1,"v":9},{"n":2,"v":0}]"#),
        ["~ [0].v: 0 -> 9"]
    );
}

#[test]
fn an_object_is_known_by_its_id_wherever_it_stands() {
    assert_eq!(
        told(r#"[{"id":1,"v":"a"},{"id":2,"v":"b"}]"#, r#"[{"id":2,"v":"c"},{"id":1,"v":"a"}]"#),
        ["[1] > [0]: {\"id\":2,\"v\":\"c\"}", "~ [0].v: \"b\" -> \"c\""]
    );
    assert_eq!(
        told(r#"[{"id":1},{"id":2,"v":7},{"id":3}]"#, r#"[{"id":3},{"id":1},{"id":2,"v":8}]"#),
        ["[2] > [0]: {\"id\":3}", "~ [2].v: 7 -> 8"],
        "what only made room has not moved"
    );
}

#[test]
fn what_differs_within_a_value_is_marked() {
    let found = compare(r#"{"s":"device-17 is on"}"#, r#"{"s":"device-17 is off"}"#);
    let ChangeKind::Changed { old, new, emphasis } = &found.list[0].kind else { panic!() };
    assert_eq!((&old[emphasis.0.clone()], &new[emphasis.1.clone()]), ("on", "off"));
}

#[test]
fn what_is_no_single_value_or_takes_too_long_says_so() {
    let options = DiffOptions::default();
    let compare =
        |old: &[u8], new: &[u8]| changes(old, new, &options, &|| true, &never).unwrap().unwrap_err();
    assert_eq!(compare(b"{\"a\":1}", b"{\"a\":2}"), NoChanges::TookTooLong);
    assert_eq!(compare(b"{\"a\":1}\n{\"a\":1}", b"{\"a\":2}"), NoChanges::NoValues);
    assert_eq!(compare(b"on", b"off"), NoChanges::NoValues);
    assert_eq!(compare(b"\xFF", b"\xFF"), NoChanges::NoValues);
    let deep = "[".repeat(100_000) + &"]".repeat(100_000);
    assert_eq!(compare(deep.as_bytes(), b"[]"), NoChanges::TooLarge);
    let many = format!("[{}0]", "0,".repeat(600_000));
    assert_eq!(compare(many.as_bytes(), b"[]"), NoChanges::TooLarge);
    assert_eq!(changes(b"[1]", b"[2]", &options, &never, &|| true), Err(LimitError::Cancelled));
}

#[test]
fn more_changes_than_are_listed_are_counted() {
    let (old, new) = (vec!["0"; 6_000].join(","), vec!["1"; 6_000].join(","));
    let found = compare(&format!("[{old}]"), &format!("[{new}]"));
    assert_eq!((found.changed, found.list.len(), found.unlisted()), (6_000, LISTED_MAX, 1_000));
    let long = format!("\"{}\"", "x".repeat(10_000));
    let ChangeKind::Changed { new, .. } = &compare("1", &long).list[0].kind else { panic!() };
    assert!(new.ends_with('…') && new.len() < 1_000);
}

fn marked(messages: &[&str]) -> Vec<(usize, u32)> {
    let mut parts = ChangedParts::default();
    for json in messages {
        parts.take_in(json, &never);
    }
    let last = messages.last().unwrap().as_bytes();
    let document = json::pretty(last, &DecodeLimits::default(), &never).unwrap();
    parts.lines(&document, &never)
}

#[test]
fn the_lines_that_changed_within_the_last_messages_are_known() {
    let messages = [
        r#"{"a":1,"b":[1,{"c":5}],"n":0}"#,
        r#"{"b":[2,{"c":5}],"a":1,"n":0}"#,
        r#"{"a":1,"b":[3,{"c":5}],"n":0,"new":true}"#,
    ];
    // { / a / b: [ / 3 / { / c / } / ] / n / new
    assert_eq!(marked(&messages), [(3, 2), (9, 1)]);
    assert_eq!(marked(&messages[..1]), [], "one message alone changes nothing");
    assert_eq!(marked(&["on", "1", "2"]), [(0, 1)], "what is no value is passed over");
    assert_eq!(marked(&[r#"{"a":1}"#, "{}", r#"{"a":1}"#]), [(1, 1)], "what was away has changed");
}

/// Some JSON of few values, so that two of them have much in common.
fn value() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![Just("0".to_owned()), Just("1".to_owned()), Just("\"x\"".to_owned())];
    leaf.prop_recursive(3, 24, 5, |inner| {
        let member = ("[abc]", inner.clone()).prop_map(|(key, value)| format!("\"{key}\":{value}"));
        prop_oneof![
            proptest::collection::vec(inner, 0..5).prop_map(|items| format!("[{}]", items.join(","))),
            proptest::collection::vec(member, 0..4).prop_map(|members| format!("{{{}}}", members.join(","))),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_listed_tells_the_old_value_from_the_new(old in value(), new in value()) {
        let found = compare(&old, &new);
        let count = found.added + found.removed + found.changed + found.moved;
        prop_assert_eq!(count, found.list.len());
        prop_assert!(compare(&old, &old).list.is_empty());
        for change in &found.list {
            let mut text = String::new();
            write!(text, "{}", change.path).unwrap();
            prop_assert_eq!(text.parse::<JsonPath>().unwrap(), change.path.clone());
        }
        // Backwards, what came has gone.
        let back = compare(&new, &old);
        prop_assert_eq!(found.list.is_empty(), back.list.is_empty());
    }

    #[test]
    fn any_bytes_can_be_compared(
        old in proptest::collection::vec(any::<u8>(), 0..60),
        new in proptest::collection::vec(any::<u8>(), 0..60),
    ) {
        prop_assert!(changes(&old, &new, &DiffOptions::default(), &never, &never).is_ok());
    }
}

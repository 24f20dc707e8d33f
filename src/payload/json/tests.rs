//! JSON against tables that a person can check and against properties that hold for any bytes.

use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::payload::document::Document;
use crate::payload::query::{JsonPath, Segment, number_at, number_of};
use crate::payload::{DecodeLimits, LimitError, never};

fn pretty_of(payload: &str) -> Result<Document, JsonError> {
    pretty(payload.as_bytes(), &DecodeLimits::default(), &never)
}

fn minified(payload: &str) -> Result<String, JsonError> {
    minify(payload.as_bytes(), &DecodeLimits::default(), &never)
}

fn whole(document: &Document) -> String {
    document.copy(0..usize::MAX, usize::MAX).0
}

#[test]
fn pretty_keeps_every_character_of_every_value() {
    let cases = [
        ("{}", "{}"),
        (" [ ] ", "[]"),
        ("12345678901234567890", "12345678901234567890"),
        ("[1.0,1e400,-0.0,1E+2]", "[\n  1.0,\n  1e400,\n  -0.0,\n  1E+2\n]"),
        (r#"{"a":1,"a":2}"#, "{\n  \"a\": 1,\n  \"a\": 2\n}"),
        (r#"{"\u00e9":"\/\ud800"}"#, "{\n  \"\\u00e9\": \"\\/\\ud800\"\n}"),
        ("{\"a\" :\r\n[ {\t} , [] ]}", "{\n  \"a\": [\n    {},\n    []\n  ]\n}"),
        ("\u{FEFF}true", "true"),
        ("{\"a\":1}\n{\"b\":2}\n", "{\n  \"a\": 1\n}\n{\n  \"b\": 2\n}"),
    ];
    for (sent, shown) in cases {
        assert_eq!(whole(&pretty_of(sent).unwrap()), shown, "{sent}");
    }
}

#[test]
fn formatting_for_editing_is_what_the_view_shows() {
    let sent = r#"{"a":[1,{"b":[]}],"c":"x"}"#;
    let edited = format_for_editing(sent.as_bytes(), &DecodeLimits::default(), &never).unwrap();
    assert_eq!(edited, whole(&pretty_of(sent).unwrap()));
    let two = format_for_editing(b"{} {}", &DecodeLimits::default(), &never);
    assert!(matches!(two, Err(JsonError::Syntax(SyntaxError { problem: SyntaxProblem::TrailingText, .. }))));
}

#[test]
fn several_values_are_counted_and_scalars_in_a_row_are_not_json() {
    assert_eq!(pretty_of("{} [] {}").unwrap().notes().json_values, 3);
    assert!(pretty_of("1 2").is_err());
    assert!(pretty_of("{} 2").is_err());
    assert!(pretty_of("1 {}").is_err());
}

#[test]
fn an_error_says_where_and_why() {
    use SyntaxProblem::*;
    let cases = [
        ("", 1, 1, Empty),
        ("{\n  \"a\": 1,\n}", 3, 1, TrailingComma('}')),
        ("[1,]", 1, 4, TrailingComma(']')),
        ("[1 2]", 1, 4, ExpectedComma { found: '2', close: ']' }),
        ("{\"é\" 1}", 1, 6, ExpectedColon('1')),
        ("{a:1}", 1, 2, ExpectedKey('a')),
        ("{'a':1}", 1, 2, ExpectedKey('\'')),
        ("['a']", 1, 2, SingleQuote),
        ("[1}", 1, 3, ExpectedComma { found: '}', close: ']' }),
        ("[01]", 1, 3, LeadingZero),
        ("[1.]", 1, 4, MissingDigit),
        ("[-]", 1, 3, MissingDigit),
        ("[1x]", 1, 3, BadNumberEnd('x')),
        ("[True]", 1, 2, UnknownWord),
        ("[NaN]", 1, 2, UnknownWord),
        ("[nulls]", 1, 2, UnknownWord),
        ("[,]", 1, 2, MissingValue(',')),
        ("// a", 1, 1, Comment),
        ("\"a", 1, 1, UnclosedString),
        ("[\"a\n\"]", 1, 4, LineBreakInString),
        ("[\"\u{1}\"]", 1, 3, ControlInString(1)),
        (r#"["\x"]"#, 1, 3, BadEscape('x')),
        (r#"["\u12g4"]"#, 1, 3, BadUnicodeEscape),
        ("[[{", 1, 4, Unfinished(3)),
        ("{\"a\"", 1, 5, Unfinished(1)),
        ("{} x", 1, 4, TrailingText),
        ("温", 1, 1, UnexpectedCharacter('温')),
    ];
    for (sent, line, column, problem) in cases {
        let Err(JsonError::Syntax(error)) = pretty_of(sent) else { panic!("{sent} was taken") };
        assert_eq!((error.line, error.column, error.problem), (line, column, problem), "{sent}");
        assert!(validate(sent.as_bytes(), &DecodeLimits::default(), &never).is_err(), "{sent}");
    }
    let invalid = pretty(b"[\"\xFF\"]", &DecodeLimits::default(), &never).unwrap_err();
    let expected = SyntaxError { offset: 2, line: 1, column: 3, problem: NotUtf8 };
    assert_eq!(invalid, JsonError::Syntax(expected));
}

#[test]
fn depth_costs_no_stack_and_has_a_limit() {
    let deep = "[".repeat(100_000) + &"]".repeat(100_000);
    let document = pretty_of(&deep).unwrap();
    // The innermost pair stays on one line.
    assert_eq!(document.line_count(), 199_999);
    assert_eq!(minified(&deep).unwrap(), deep);
    assert_eq!(number_at(deep.as_bytes(), &"[0][0]".parse().unwrap()), None);
    let deeper = "[".repeat(100_001);
    let Err(JsonError::Syntax(error)) = pretty_of(&deeper) else { panic!("it was taken") };
    assert_eq!(error.problem, SyntaxProblem::TooDeep(100_000));
    // Indented, this would be 20 GB.
    let limits = DecodeLimits { output_bytes_max: 1 << 20, ..DecodeLimits::default() };
    let error = format_for_editing(deep.as_bytes(), &limits, &never).unwrap_err();
    assert!(matches!(error, JsonError::Limit(LimitError::TooLarge { .. })));
}

#[test]
fn cancelling_and_limits_end_the_work() {
    let large = format!("[{}1]", "1,".repeat(1_000_000));
    assert_eq!(
        pretty(large.as_bytes(), &DecodeLimits::default(), &|| true).unwrap_err(),
        LimitError::Cancelled.into()
    );
    assert_eq!(
        minify(large.as_bytes(), &DecodeLimits::default(), &|| true).unwrap_err(),
        LimitError::Cancelled.into()
    );
    assert_eq!(
        validate(large.as_bytes(), &DecodeLimits::default(), &|| true).unwrap_err(),
        LimitError::Cancelled.into()
    );
    let small = DecodeLimits { input_bytes_max: 10, ..DecodeLimits::default() };
    assert!(matches!(
        pretty(b"[1,2,3,4,5,6]", &small, &never),
        Err(JsonError::Limit(LimitError::TooLarge { .. }))
    ));
}

#[test]
fn tokens_tell_keys_from_strings() {
    let kinds =
        |line: &str| tokens(line).map(|(range, kind)| (line[range].to_owned(), kind)).collect::<Vec<_>>();
    let expected = [
        ("\"a\\\"b\"", TokenKind::Key),
        (":", TokenKind::Punctuation),
        ("[", TokenKind::Punctuation),
        ("\"x\"", TokenKind::String),
        (",", TokenKind::Punctuation),
        ("-1.5e3", TokenKind::Number),
        (",", TokenKind::Punctuation),
        ("true", TokenKind::Bool),
        (",", TokenKind::Punctuation),
        ("null", TokenKind::Null),
        ("]", TokenKind::Punctuation),
        ("nope", TokenKind::Unknown),
        ("\"open", TokenKind::String),
    ];
    let expected: Vec<_> = expected.map(|(text, kind)| (text.to_owned(), kind)).into();
    assert_eq!(kinds(r#"  "a\"b" : ["x", -1.5e3, true, null] nope "open"#), expected);
}

#[test]
fn a_string_in_pieces_keeps_its_colour() {
    // The boundary at 2,000 bytes falls behind a backslash.
    let text = format!(r#"{{"a":"{}\" end","b":1}}"#, "x".repeat(1_993));
    let document = pretty_of(&text).unwrap();
    let pieces: Vec<_> = document.lines(1..3).collect();
    assert!(!pieces[0].continuation && pieces[1].continuation);
    assert!(pieces[0].text.ends_with('\\'), "the test is about this boundary");
    let kinds: Vec<_> = tokens_from(pieces[1].text, pieces[1].state).collect();
    assert_eq!(kinds, [(0..6, TokenKind::String), (6..7, TokenKind::Punctuation)]);
    assert_eq!(pieces[1].number, 2);
    assert_eq!(document.line(3).unwrap().number, 3);
}

#[test]
fn a_click_on_a_line_gives_its_path() {
    let document = pretty_of(r#"{"a.b":[10,{"c":true},"s"],"d":{},"e":null}"#).unwrap();
    let found: Vec<_> = (0..document.line_count())
        .map(|line| path_at_line(&document, line).map(|(path, kind)| (path.to_string(), kind)).unwrap())
        .collect();
    let expected = [
        ("$", ValueKind::Object),
        (r#"["a.b"]"#, ValueKind::Array),
        (r#"["a.b"][0]"#, ValueKind::Number),
        (r#"["a.b"][1]"#, ValueKind::Object),
        (r#"["a.b"][1].c"#, ValueKind::Bool),
        (r#"["a.b"][1]"#, ValueKind::Object),
        (r#"["a.b"][2]"#, ValueKind::String),
        (r#"["a.b"]"#, ValueKind::Array),
        ("d", ValueKind::Object),
        ("e", ValueKind::Null),
        ("$", ValueKind::Object),
    ];
    assert_eq!(found, expected.map(|(path, kind)| (path.to_owned(), kind)));
    assert_eq!(path_at_line(&document, 11), None);
}

#[test]
fn a_path_deep_in_a_large_document_starts_from_a_snapshot() {
    let items: Vec<String> = (0..200_000).map(|n| format!(r#"{{"n":{n},"v":[{n}.5,0]}}"#)).collect();
    let text = format!(r#"{{"head":1,"items":[{}]}}"#, items.join(","));
    let document = pretty_of(&text).unwrap();
    // Line 3 + 7 n opens item n.
    let (path, kind) = path_at_line(&document, 3 + 7 * 150_000 + 3).unwrap();
    assert_eq!((path.to_string().as_str(), kind), ("items[150000].v[0]", ValueKind::Number));
    assert_eq!(number_at(text.as_bytes(), &path), Some(150_000.5));
}

/// JSON values whose numbers survive being written and read.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_filter("finite", |number| number.is_finite()).prop_map(Value::from),
        "\\PC{0,12}|[0-9]{1,4}( °C)?".prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 60, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            proptest::collection::vec(("[a-c.\\[\"\\\\\n é]{0,3}", inner), 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn naive(value: &Value, path: &JsonPath) -> Option<f64> {
    let found = path.segments().iter().try_fold(value, |value, segment| match segment {
        Segment::Key(key) => value.as_object()?.get(key),
        Segment::Index(index) => value.as_array()?.get(*index),
    })?;
    match found {
        Value::Bool(is) => Some(f64::from(u8::from(*is))),
        Value::Number(number) => number.as_f64(),
        Value::String(text) => number_of(text.as_bytes()),
        _ => None,
    }
}

fn every_path(value: &Value, here: &JsonPath, all: &mut Vec<JsonPath>) {
    all.push(here.clone());
    let mut go = |segment, value| {
        let mut path = here.clone();
        path.push(segment);
        every_path(value, &path, all);
    };
    match value {
        Value::Array(items) => items.iter().enumerate().for_each(|(at, item)| go(Segment::Index(at), item)),
        Value::Object(members) => members.iter().for_each(|(key, item)| go(Segment::Key(key.clone()), item)),
        _ => {}
    }
}

/// Text that is close to JSON, so that errors lie deep in it.
fn nearly_json() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("{"),
        Just("}"),
        Just("["),
        Just("]"),
        Just(","),
        Just(":"),
        Just("\"a\""),
        Just("\""),
        Just("\\"),
        Just("\\u12"),
        Just("1"),
        Just("-"),
        Just("0.5"),
        Just("e3"),
        Just("true"),
        Just("nul"),
        Just(" "),
        Just("\n"),
        Just("é"),
        Just("\u{1}"),
    ];
    proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_bytes_are_taken_or_refused_by_everything(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let document = pretty(&bytes, &DecodeLimits::default(), &never);
        prop_assert_eq!(document.is_ok(), minify(&bytes, &DecodeLimits::default(), &never).is_ok());
        if let Err(JsonError::Syntax(error)) = document {
            prop_assert!(error.offset <= bytes.len());
        }
        let text = String::from_utf8_lossy(&bytes);
        for state in [LineState::Outside, LineState::InString, LineState::InEscape] {
            let mut end = 0;
            for (range, _) in tokens_from(&text, state) {
                prop_assert!(end <= range.start && range.start < range.end);
                end = range.end;
                prop_assert!(text.get(range).is_some());
            }
            prop_assert!(text[end..].trim_ascii().is_empty());
        }
        number_at(&bytes, &"a[1].b".parse().unwrap());
        number_at(&bytes, &"[0]".parse().unwrap());
        if let Ok(path) = text.parse::<JsonPath>() {
            prop_assert_eq!(path.to_string().parse::<JsonPath>(), Ok(path));
        }
    }

    #[test]
    fn what_we_take_is_what_serde_takes(text in nearly_json()) {
        let ours = validate(text.as_bytes(), &DecodeLimits::default(), &never);
        let theirs = serde_json::from_str::<serde::de::IgnoredAny>(&text);
        prop_assert_eq!(ours.is_ok(), theirs.is_ok(), "{} {:?} {:?}", text, ours, theirs);
        number_at(text.as_bytes(), &"a".parse().unwrap());
        number_at(text.as_bytes(), &"[1]".parse().unwrap());
    }

    #[test]
    fn pretty_then_minify_is_minify(value in any_json(), spread in any::<bool>()) {
        let sent = if spread { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) }.unwrap();
        let document = pretty_of(&sent).unwrap();
        let minified_sent = minified(&sent).unwrap();
        prop_assert_eq!(&minified_sent, &serde_json::to_string(&value).unwrap());
        prop_assert_eq!(&minified(&whole(&document)).unwrap(), &minified_sent);
        prop_assert_eq!(whole(&document), format_for_editing(sent.as_bytes(), &DecodeLimits::default(), &never).unwrap());
    }

    #[test]
    fn numbers_agree_with_a_walk_over_a_tree(value in any_json()) {
        let sent = serde_json::to_string(&value).unwrap();
        let mut paths = Vec::new();
        every_path(&value, &JsonPath::root(), &mut paths);
        for path in paths {
            prop_assert_eq!(number_at(sent.as_bytes(), &path), naive(&value, &path), "{} in {}", path, sent);
            prop_assert_eq!(path.to_string().parse::<JsonPath>().unwrap(), path);
        }
    }

    #[test]
    fn each_line_leads_to_its_value(value in any_json()) {
        let document = pretty_of(&serde_json::to_string(&value).unwrap()).unwrap();
        let mut expected = Vec::new();
        every_path(&value, &JsonPath::root(), &mut expected);
        let mut found = Vec::new();
        for line in document.lines(0..usize::MAX) {
            let (path, kind) = path_at_line(&document, line.index).unwrap();
            let number = naive(&value, &path);
            prop_assert_eq!(kind == ValueKind::Number || kind == ValueKind::Bool, number.is_some() && kind != ValueKind::String);
            found.push(path);
        }
        // Lines that close come back to a path that has been.
        found.sort();
        found.dedup();
        expected.sort();
        prop_assert_eq!(found, expected);
    }
}

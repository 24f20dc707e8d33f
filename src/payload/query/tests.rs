//! Paths and the numbers they lead to, against tables that a person can check.

use super::*;

#[test]
fn paths_are_written_as_people_write_them_and_read_back() {
    let key = |key: &str| Segment::Key(key.to_owned());
    let cases = [
        (vec![], "$"),
        (vec![key("data"), key("sensors"), Segment::Index(2), key("value")], "data.sensors[2].value"),
        (vec![Segment::Index(0), Segment::Index(1)], "[0][1]"),
        (vec![key("a.b"), key("c d"), Segment::Index(0)], r#"["a.b"]["c d"][0]"#),
        (vec![key("$"), key("")], r#"["$"][""]"#),
        (vec![key("$x"), key("温度")], "$x.温度"),
        (vec![key("q\"\\\n")], r#"["q\"\\\u000a"]"#),
        (vec![key("2")], "2"),
    ];
    for (segments, text) in cases {
        let path: JsonPath = segments.into_iter().collect();
        assert_eq!(path.to_string(), text);
        assert_eq!(text.parse::<JsonPath>().unwrap(), path);
    }
    assert_eq!("$.a[1]".parse::<JsonPath>().unwrap().to_string(), "a[1]");
    assert_eq!(".a[1]".parse::<JsonPath>().unwrap().to_string(), "a[1]");
    let wrong = [
        ("", 1, PathProblem::NoPlainKey),
        (".", 1, PathProblem::NoPlainKey),
        ("a.", 3, PathProblem::NoPlainKey),
        ("a..b", 3, PathProblem::NoPlainKey),
        ("a[", 3, PathProblem::NoIndex),
        ("a[x]", 3, PathProblem::NoIndex),
        ("a[1", 4, PathProblem::UnclosedBracket),
        ("a[\"b", 3, PathProblem::UnclosedQuote),
        ("a[1]b", 5, PathProblem::NoSeparator),
        ("a.[1]", 3, PathProblem::DotBeforeBracket),
        ("a b", 1, PathProblem::NoPlainKey),
        ("[99999999999999999999]", 2, PathProblem::NoIndex),
    ];
    for (text, place, problem) in wrong {
        assert_eq!(text.parse::<JsonPath>(), Err(PathError { place, problem }), "{text}");
    }
}

#[test]
fn a_number_is_found_where_the_path_leads() {
    let cases = [
        ("42.5", "$", Some(42.5)),
        (" \"21.5 °C\" ", "$", Some(21.5)),
        (r#"{"a":{"b":[1,{"c":-2e2}]}}"#, "a.b[1].c", Some(-200.0)),
        (r#"{"a":true,"b":false,"c":null}"#, "a", Some(1.0)),
        (r#"{"a":true,"b":false,"c":null}"#, "b", Some(0.0)),
        (r#"{"a":true,"b":false,"c":null}"#, "c", None),
        (r#"{"a":"21.5"}"#, "a", Some(21.5)),
        (r#"{"a":"\u0032\u0031"}"#, "a", Some(21.0)),
        (r#"{"a":"text"}"#, "a", None),
        (r#"{"a":1,"a":2}"#, "a", Some(2.0)),
        (r#"{"a":{"b":1},"a":{"c":2}}"#, "a.b", None),
        (r#"{"a":{"b":1},"a":3}"#, "a.b", None),
        (r#"{"a":{"x":{"b":9}},"b":1}"#, "b", Some(1.0)),
        (r#"{"x":"}\"{","b":1}"#, "b", Some(1.0)),
        (r#"{"\u0062":1}"#, "b", Some(1.0)),
        (r#"{"a\\b":1}"#, r#"["a\\b"]"#, Some(1.0)),
        (r#"{"a\tb":1}"#, r#"["a\\tb"]"#, None),
        ("[1,2,3]", "[2]", Some(3.0)),
        ("[1,2,3]", "[3]", None),
        ("[[1,2],[3,4]]", "[1][0]", Some(3.0)),
        ("[]", "[0]", None),
        ("{}", "a", None),
        ("[1]", "a", None),
        (r#"{"a":1}"#, "[0]", None),
        (r#"{"a":1"#, "a", None),
        (r#"{"a":1e999}"#, "a", None),
        ("", "$", None),
        ("", "a", None),
    ];
    for (sent, path, number) in cases {
        assert_eq!(number_at(sent.as_bytes(), &path.parse().unwrap()), number, "{path} in {sent}");
    }
}

#[test]
fn a_value_is_found_as_it_was_sent() {
    let sent = br#"{"n":12345678901234567890,"s":"a\"b","t":true,"z":null,"o":{"k":[1, 2]},"w":nope}"#;
    let at = |path: &str| value_at(sent, &path.parse().unwrap());
    assert_eq!(at("n"), Some(FoundValue::Number("12345678901234567890")));
    assert_eq!(at("s"), Some(FoundValue::Text("a\"b".into())));
    assert_eq!(at("t"), Some(FoundValue::Bool(true)));
    assert_eq!(at("z"), Some(FoundValue::Null));
    assert_eq!(at("o"), Some(FoundValue::Container(r#"{"k":[1, 2]}"#)));
    assert_eq!((at("w"), at("x")), (None, None));
}

//! What the checked part of jq gives, and what it refuses.

use proptest::prelude::*;

use super::*;

fn number(query: &str, payload: &str) -> Option<f64> {
    query.parse::<NumberQuery>().unwrap().number(payload.as_bytes(), None)
}

#[test]
fn a_number_is_computed_from_what_a_payload_holds() {
    let sent =
        r#"{"temp":"20","on":true,"a-b":4,"phases":[{"w":1.5,"ok":true},{"w":2,"ok":false}],"x":null}"#;
    for (query, expected) in [
        (".temp * 1.8 + 32", Some(68.0)),
        (r#".["a-b"] * 2 - 1"#, Some(7.0)),
        ("[.phases[].w] | add", Some(3.5)),
        (".phases | map(.w) | max", Some(2.0)),
        ("[.phases[] | select(.ok) | .w] | length", Some(1.0)),
        (".phases[-1].w", Some(2.0)),
        (".phases | any(.ok)", Some(1.0)),
        ("if .on then 1 else 0 end", Some(1.0)),
        (".missing // 7", Some(7.0)),
        (".missing.a? // 7", Some(7.0)),
        ("pow(.temp; 2) | sqrt | floor", Some(20.0)),
        (".on", Some(1.0)),
        (".temp > 5 and .on", Some(1.0)),
        ("-(.temp | tonumber) % 7", Some(-6.0)),
        (".x + 1", None),
        (".missing", None),
        (".phases", None),
        ("1 / 0", None),
    ] {
        assert_eq!(number(query, sent), expected, "{query}");
    }
    assert_eq!(number(". * 2", "21 °C"), Some(42.0), "a payload that is a number");
    assert_eq!(number(".temp * 2", "\u{1}"), None);
}

#[test]
fn integers_do_not_grow_and_texts_are_not_multiplied() {
    assert_eq!(number(".a * .a", r#"{"a":12345678901234567890}"#), Some(1.524_157_875_323_883_4e38));
    assert_eq!(number(".s * .n", r#"{"s":"xx","n":1000000000}"#), None);
    assert_eq!(number(".s + .s", r#"{"s":"xx"}"#), None);
}

#[test]
fn what_could_run_or_grow_without_end_is_refused_where_it_stands() {
    for (query, place, refused) in [
        ("1 | recurse(.)", 5, "recurse"),
        ("[range(10)]", 2, "range"),
        ("..", 1, ".."),
        ("[limit(3; repeat(1))]", 2, "limit"),
        ("until(. > 1; . + 1)", 1, "until"),
        ("[.[], .[]]", 5, ","),
        (".a as $x | $x", 3, " as "),
        (".[] + 1", 2, "[]"),
        ("{a: 1}", 1, "{"),
        (r#""\(.a)\(.a)""#, 2, "\\("),
        (".a = 1", 4, "="),
        ("input", 1, "input"),
        ("env", 1, "env"),
        ("def f: f; f", 5, "f"),
        ("tonumber | tojson", 12, "tojson"),
        ("test(\"(a*)*b\")", 1, "test"),
        (".a[.b]", 3, "["),
    ] {
        let error = query.parse::<NumberQuery>().unwrap_err();
        let problem = QueryProblem::NotForEachMessage(refused.to_owned());
        assert_eq!(error, QueryError { place, problem }, "{query}");
    }
    assert!("reduce .[] as $x (0; . + $x)".parse::<NumberQuery>().is_err());
}

#[test]
fn what_is_no_jq_says_where() {
    let wrong = |query: &str| query.parse::<NumberQuery>().unwrap_err();
    assert_eq!(wrong(".a +").place, 5);
    assert_eq!(wrong(".a ) 1").place, 4);
    assert_eq!(wrong("").problem, QueryProblem::Expected("term".to_owned()));
    assert_eq!(wrong(&"(".repeat(40)).problem, QueryProblem::TooLong);
    assert_eq!(wrong(&"-".repeat(4_000)).problem, QueryProblem::TooLong);
}

#[test]
fn a_payload_that_is_nested_without_end_is_no_number() {
    assert_eq!(number("length", &"[".repeat(100_000)), None);
    assert_eq!(number("length", &format!("{}{}", "[".repeat(30_000), "]".repeat(30_000))), None);
}

#[test]
fn a_query_can_be_asked_from_any_thread() {
    fn shared<T: Send + Sync>() {}
    shared::<NumberQuery>();
}

proptest! {
    #[test]
    fn any_text_is_a_query_or_none(text in r"[-.a-c\[\]()|+*/0-9 ?,;$]{0,40}", payload in r#"[{}\[\]"a-c:,0-9]{0,40}"#) {
        if let Ok(query) = text.parse::<NumberQuery>() {
            query.number(payload.as_bytes(), None);
        }
    }
}

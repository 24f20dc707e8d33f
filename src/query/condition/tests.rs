//! Which payloads meet which conditions, and where a text is none.

use proptest::prelude::*;

use super::*;

fn holds(condition: &str, payload: &str) -> bool {
    condition.parse::<Condition>().unwrap().holds(payload.as_bytes(), None)
}

#[test]
fn a_condition_holds_for_the_payloads_of_this_table() {
    let state = r#"{"temp":30.5,"state":"offline","on":true,"big":12345678901234567890,"x":null,"s":["a",{"b":"7"}]}"#;
    for (condition, expected) in [
        ("temp > 30", true),
        ("temp>30.5", false),
        ("temp >= 30.5", true),
        ("temp < -1", false),
        (r#"state == "offline""#, true),
        (r#"state != "offline""#, false),
        (r#"state != "online""#, true),
        (r#"state contains "line""#, true),
        (r#"state > "a""#, true),
        (r#"state == "off\u006cine""#, true),
        ("on == true", true),
        ("on != false", true),
        ("on == 1", false),
        ("x == null", true),
        ("x != null", false),
        ("state != null", true),
        ("missing != 1", false),
        ("missing == null", false),
        ("s[1].b == 7", true),
        (r#"s[0] == "a""#, true),
        ("big == 12345678901234567890", true),
        ("big == 12345678901234567891", false),
        ("big > 12345678901234567889", true),
        ("temp > 100 or on == true", true),
        ("temp > 100 and on == true or x == null", true),
        ("temp > 100 && on == true", false),
        ("$ != null", true),
        ("state == 1", false),
    ] {
        assert_eq!(holds(condition, state), expected, "{condition}");
    }
}

#[test]
fn a_whole_payload_is_compared_as_a_number_or_as_a_text() {
    for (condition, payload, expected) in [
        ("$ > 20", "21.5", true),
        ("$ > 20", "21.5 °C", true),
        ("$ > 20", "off", false),
        (r#"$ == "off""#, "off\n", true),
        (r#"$ == "off line""#, "off line", true),
        (r#"$ == "off""#, r#""off""#, true),
        ("$ == true", "true", true),
        (r#"$ contains "fail""#, "12 failures", true),
        ("$ == 12", "12 failures", true),
        ("$ > 0", "", false),
        (r#"$ != "x""#, "", false),
    ] {
        assert_eq!(holds(condition, payload), expected, "{condition} for {payload:?}");
    }
}

#[test]
fn what_was_sent_in_another_format_is_read_by_its_bytes_or_as_chosen() {
    let above: Condition = "temp > 20".parse().unwrap();
    assert!(above.holds(b"\xA1\x64temp\xF9\x4D\x60", None), "CBOR");
    let layout: Choice = "struct:u16le temp/100".parse().unwrap();
    assert!(above.holds(&[0x66, 0x08], Some(&layout)));
    assert!(!above.holds(&[0x66, 0x08], None));
}

#[test]
fn what_is_no_condition_says_at_which_character() {
    for (text, place, problem) in [
        ("", 1, ConditionProblem::Path(PathProblem::NoPlainKey)),
        ("temp", 5, ConditionProblem::NoOperator),
        ("temp = 3", 6, ConditionProblem::SingleEquals),
        ("temp >", 7, ConditionProblem::NoLiteral),
        ("温度 > ", 6, ConditionProblem::NoLiteral),
        ("state == offline", 10, ConditionProblem::NoQuotes),
        (r#"state == "off"#, 10, ConditionProblem::UnclosedQuote),
        ("on > true", 6, ConditionProblem::NoOrder),
        ("a contains 3", 12, ConditionProblem::ContainsNoText),
        ("a > 3 b < 2", 7, ConditionProblem::NoConjunction),
        ("a > 3 and ", 11, ConditionProblem::Path(PathProblem::NoPlainKey)),
        ("a > 3 and a[x] > 3", 13, ConditionProblem::Path(PathProblem::NoIndex)),
        ("a > 1e999", 5, ConditionProblem::NoQuotes),
    ] {
        assert_eq!(text.parse::<Condition>(), Err(ConditionError { place, problem }), "{text:?}");
    }
    let long = vec!["a > 1"; Condition::COMPARISONS_MAX + 1].join(" or ");
    assert_eq!(long.parse::<Condition>().unwrap_err().problem, ConditionProblem::TooLong);
}

#[test]
fn only_what_was_meant_as_a_condition_is_taken_for_one() {
    for text in ["temp > 30", "temp>30", "temp >", "a == b", r#"name contains "x""#, "a.b[0]<= 3"] {
        assert!(Condition::is_meant(text), "{text}");
    }
    for text in ["temp", "a -> b", "<b>", "a=1", "name contains x", "> 3", "a/b", "c > ", "a<b"] {
        let expected = text == "c > ";
        assert_eq!(Condition::is_meant(text), expected, "{text}");
    }
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in ".{0,60}", payload: Vec<u8>) {
        if let Ok(condition) = text.parse::<Condition>() {
            condition.holds(&payload, None);
            prop_assert_eq!(condition.to_string().parse::<Condition>(), Ok(condition));
        }
        Condition::is_meant(&text);
    }
}

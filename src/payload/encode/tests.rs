use proptest::prelude::*;

use super::*;
use crate::payload::decode::{DECODERS, Format, json};
use crate::payload::{Packing, never, unpack};

fn choice(text: &str) -> Choice {
    text.parse().unwrap()
}

/// What comes back when the bytes are decoded again.
fn there_and_back(format: &str, text: &str) -> String {
    let choice = choice(format);
    let bytes = encode(&choice, text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
    let decoded = choice.decoder().json(&bytes, &DecodeLimits::default(), &never).unwrap();
    decoded.unwrap_or_else(|error| panic!("{text} as {bytes:x?}: {error:?}")).into_owned()
}

/// A value in the words of the decoders, and numbers that every binary format has.
fn any_value() -> impl Strategy<Value = String> {
    let scalar = prop_oneof![
        Just("null".to_owned()),
        any::<bool>().prop_map(|value| value.to_string()),
        any::<i64>().prop_map(|number| number.to_string()),
        any::<u64>().prop_map(|number| number.to_string()),
        (-300_i64..300).prop_map(|number| number.to_string()),
        any::<f64>().prop_filter("finite", |it| it.is_finite()).prop_map(written),
        any::<f32>().prop_filter("finite", |it| it.is_finite()).prop_map(|number| written(f64::from(number))),
        "[a-zé温\\\\\"\\n]{0,40}".prop_map(|text| serde_json::to_string(&text).unwrap()),
        "([0-9a-f]{2}){0,40}".prop_map(|digits| format!("\"h'{digits}'\"")),
        Just("\"NaN\"".to_owned()),
        Just("\"-Infinity\"".to_owned()),
    ];
    scalar.prop_recursive(4, 40, 20, |inside| {
        prop_oneof![
            proptest::collection::vec(inside.clone(), 0..20)
                .prop_map(|items| format!("[{}]", items.join(","))),
            proptest::collection::vec(("[a-z]{1,3}", inside), 0..20).prop_map(|members| {
                let members: Vec<_> =
                    members.iter().map(|(key, value)| format!("\"{key}\":{value}")).collect();
                format!("{{{}}}", members.join(","))
            }),
        ]
    })
}

/// A number that stays a fraction.
fn written(number: f64) -> String {
    format!("{number:?}")
}

/// Whether two values are the same, with numbers compared by what they are: 1e17 and 1.0e17 are one number.
fn are_same(a: &Literal<'_>, b: &Literal<'_>) -> bool {
    match (a, b) {
        (Literal::Number(a), Literal::Number(b)) => a == b || a.parse::<f64>() == b.parse::<f64>(),
        (Literal::Array(a), Literal::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| are_same(a, b))
        }
        (Literal::Object(a), Literal::Object(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|((k, a), (l, b))| k == l && are_same(a, b))
        }
        (a, b) => a == b,
    }
}

proptest! {
    #[test]
    fn cbor_and_messagepack_give_back_what_was_written(text in any_value()) {
        for format in ["cbor", "messagepack"] {
            let back = there_and_back(format, &text);
            let (wanted, found) = (read(&text, &DecodeLimits::default()), read(&back, &DecodeLimits::default()));
            prop_assert!(are_same(&wanted.unwrap(), &found.unwrap()), "{format}: {back}");
        }
    }

    #[test]
    fn any_text_is_written_or_refused(text in "\\PC{0,60}|[\\[\\]{}\":,0-9a-z']{0,40}") {
        for (format, _) in DECODERS {
            encode(&Choice::plain(*format), &text).ok();
        }
    }

    #[test]
    fn what_is_packed_is_unpacked_again(bytes in proptest::collection::vec(any::<u8>(), 1..400)) {
        for packing in Packing::ALL {
            let packed = pack(packing, &bytes);
            let unpacked = unpack(&packed, &DecodeLimits::default(), &never).unwrap();
            // Base64 is opened only where something with marks of its own is inside.
            prop_assert!(packing == Packing::Base64 || unpacked.layers[0] == packing, "{packing:?}");
        }
    }
}

#[test]
fn numbers_keep_every_digit() {
    for digits in
        ["18446744073709551615", "-9223372036854775808", "0.1", "1e300", "-0.0", "16777217.0", "21.5"]
    {
        for format in ["cbor", "messagepack"] {
            assert_eq!(there_and_back(format, digits), digits, "{format}");
        }
    }
    for digits in ["18446744073709551616", "-18446744073709551616", "340282366920938463463374607431768211"] {
        assert_eq!(there_and_back("cbor", digits), digits);
        let refused = encode(&choice("messagepack"), digits);
        assert_eq!(refused, Err(ValueMisfit::new(MisfitReason::OutOfRange).into()), "{digits}");
    }
}

#[test]
fn what_the_formats_have_words_for_is_taken_back() {
    let cases = [
        ("cbor", r#"{"tag(1)":1363896240}"#),
        ("cbor", r#"{"a":"undefined","b":["h'0102'"]}"#),
        ("messagepack", r#"{"ext(5)":"h'010203'"}"#),
        ("messagepack", r#"{"ext(-3)":"h'01020304'"}"#),
    ];
    for (format, text) in cases {
        assert_eq!(there_and_back(format, text), text);
    }
    assert_eq!(
        encode(&choice("cbor"), r#"{"tag(1)":1363896240}"#).unwrap(),
        [0xC1, 0x1A, 0x51, 0x4B, 0x67, 0xB0]
    );
}

#[test]
fn sparkplug_metrics_keep_their_types() {
    let text = concat!(
        r#"{"timestamp":"2026-01-02T03:04:05Z","seq":7,"metrics":{"t":-5,"u":18446744073709551615,"f":21.5,"#,
        r#""on":true,"at":"2026-01-02T03:04:05Z","name":"x","raw":"h'01ff'","n":null,"#,
        r#""list":[1,-2],"bits":[true,false,true],"words":["a","b"]},"details":{"t":{"type":"Int8"},"#,
        r#""u":{"type":"UInt64","alias":5},"f":{"type":"Float"},"on":{"type":"Boolean"},"at":{"type":"DateTime"},"#,
        r#""name":{"type":"String"},"raw":{"type":"Bytes"},"n":{"type":"Int32","null":true},"#,
        r#""list":{"type":"Int16Array"},"bits":{"type":"BooleanArray"},"words":{"type":"StringArray"}}}"#,
    );
    assert_eq!(there_and_back("sparkplug", text), text);
}

#[test]
fn a_metric_without_a_type_gets_the_one_of_its_value() {
    let back = there_and_back("sparkplug", r#"{"metrics":{"a":1,"b":1.5,"c":"x","d":false}}"#);
    for (name, kind) in [("a", "Int64"), ("b", "Double"), ("c", "String"), ("d", "Boolean")] {
        assert!(back.contains(&format!("\"{name}\":{{\"type\":\"{kind}\"}}")), "{back}");
    }
}

#[test]
fn what_does_not_fit_says_where() {
    let cases = [
        (
            "sparkplug",
            r#"{"metrics":{"t":300},"details":{"t":{"type":"Int8"}}}"#,
            "metrics.t",
            MisfitReason::OutOfRange,
        ),
        (
            "sparkplug",
            r#"{"metrics":{"t":[1,"x"]},"details":{"t":{"type":"Int8Array"}}}"#,
            "metrics.t[1]",
            MisfitReason::Needs(Needed::WholeNumber),
        ),
        ("sparkplug", r#"{"metrics":{"t":{}}}"#, "metrics.t", MisfitReason::Missing("type".to_owned())),
        ("sparkplug", "[]", "", MisfitReason::Needs(Needed::Object)),
        ("messagepack", r#"{"a":[1e999]}"#, "a[0]", MisfitReason::OutOfRange),
        ("messagepack", r#"{"ext(1)":5}"#, "ext(1)", MisfitReason::Needs(Needed::Bytes)),
    ];
    for (format, text, path, reason) in cases {
        let misfit = ValueMisfit { path: path.to_owned(), reason };
        assert_eq!(encode(&choice(format), text), Err(EncodeError::Misfit(misfit)), "{text}");
    }
    assert!(matches!(encode(&choice("cbor"), "{\"a\":"), Err(EncodeError::Json(_))));
}

#[test]
fn texts_are_written_in_their_character_set_and_hex_as_its_bytes() {
    assert_eq!(encode(&choice("text"), "é"), Ok("é".into()));
    assert_eq!(encode(&choice("json"), "{ }"), Ok(b"{ }".to_vec()));
    assert_eq!(encode(&choice("latin-1"), "é"), Ok(vec![0xE9]));
    assert_eq!(encode(&choice("latin-1"), "温"), Err(EncodeError::NoSuchCharacter('温')));
    assert_eq!(encode(&choice("utf-16be"), "é"), Ok(vec![0, 0xE9]));
    assert_eq!(encode(&choice("hex"), "01 ff"), Ok(vec![1, 255]));
    assert!(matches!(encode(&choice("hex"), "0g"), Err(EncodeError::Hex(_))));
    assert_eq!(encode(&choice("image"), "x"), Err(EncodeError::NotWritten));
}

#[test]
fn a_packed_value_reads_as_it_did() {
    let cbor = encode(&choice("cbor"), r#"{"a":1}"#).unwrap();
    for packing in Packing::ALL.into_iter().filter(|packing| *packing != Packing::Base64) {
        let packed = pack(packing, &cbor);
        let read = json(Format::Cbor.decoder(), &packed, &DecodeLimits::default(), &never);
        assert_eq!(read, Some(Ok(r#"{"a":1}"#.to_owned())), "{packing:?}");
    }
}

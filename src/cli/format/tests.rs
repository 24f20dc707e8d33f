use std::sync::Arc;

use super::*;
use crate::message::{Flags, Payload, QoS, Timestamp};
use crate::words::cli::FormatError;

/// 2026-11-25 07:28:23.994627 in UTC.
const ARRIVED: Timestamp = Timestamp(1_795_591_703_994_627);

fn properties() -> PublishProperties {
    PublishProperties {
        payload_format_indicator: Some(1),
        message_expiry_interval_s: Some(100),
        content_type: Some("application/json".to_owned()),
        response_topic: Some("re/ply".to_owned()),
        correlation_data: Some(b"x\x01y".to_vec()),
        subscription_identifiers: vec![],
        user_properties: vec![("k1".to_owned(), "v1".to_owned()), ("k2".to_owned(), "v 2".to_owned())],
    }
}

fn written(format: &str, payload: &[u8], properties: Option<PublishProperties>) -> String {
    written_as(format, payload, properties, false).0
}

fn written_as(
    format: &str,
    payload: &[u8],
    properties: Option<PublishProperties>,
    pretty: bool,
) -> (String, Result<(), Misfit>) {
    let properties = properties.map(Arc::new);
    let message = MessageRef {
        topic: b"ret/a",
        payload: Payload::Small(payload),
        flags: Flags { qos: QoS::AtLeastOnce, retain: true, dup: false },
        properties: properties.as_ref(),
        arrived: ARRIVED,
    };
    let mut format = parse(format, pretty).unwrap();
    format.zone = TimeZone::UTC;
    let mut out = Vec::new();
    let result = format.write(&Received { message, packet_id: 7, decoded: None }, &mut out);
    (String::from_utf8_lossy(&out).into_owned(), result)
}

/// The JSON object for a message with this topic and these properties, as any JSON parser reads it.
fn object(format: &str, topic: &[u8], properties: PublishProperties) -> serde_json::Value {
    let properties = Arc::new(properties);
    let message = MessageRef {
        topic,
        payload: Payload::Small(b"1"),
        flags: Flags::default(),
        properties: Some(&properties),
        arrived: ARRIVED,
    };
    let mut out = Vec::new();
    parse(format, false)
        .unwrap()
        .write(&Received { message, packet_id: 0, decoded: None }, &mut out)
        .unwrap();
    serde_json::from_slice(&out).unwrap_or_else(|error| panic!("{error}: {}", out.escape_ascii()))
}

#[test]
fn json_is_valid_whatever_the_topic_and_no_value_of_a_property_is_lost() {
    for format in ["%j", "%J"] {
        let found = object(format, b"a/\xff\"", PublishProperties::default());
        assert_eq!(
            (found["topic"].as_str(), found["topic-hex"].as_str()),
            (Some("a/\u{fffd}\""), Some("612fff22"))
        );
        assert!(object(format, b"a", PublishProperties::default()).get("topic-hex").is_none());
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let found = object(
            format,
            b"a",
            PublishProperties {
                user_properties: vec![pair("k", "1"), pair("one", "x"), pair("k", "2"), pair("k", "\"")],
                subscription_identifiers: vec![3, 4],
                ..PublishProperties::default()
            },
        );
        let expected = serde_json::json!({
            "user-properties": {"k": ["1", "2", "\""], "one": "x"},
            "subscription-identifier": [3, 4],
        });
        assert_eq!(found["properties"], expected);
    }
}

#[test]
fn the_fields_of_mosquitto_sub_2_1_are_written() {
    for (format, expected) in [
        ("%.2x", "68 65 6c 6c 6f"),
        ("%.4X", "6865 6C6C 6F"),
        ("%.3x", "686 56c 6c6 f"),
        ("%16.2x|", "  68 65 6c 6c 6f|"),
    ] {
        assert_eq!(written(format, b"hello", None), expected, "{format}");
    }
    let (float, double) = (1.5_f32.to_ne_bytes(), (-2.25_f64).to_ne_bytes());
    assert_eq!(written("%f|%.2f|%9.1f|%09.1f", &float, None), "1.500000|1.50|      1.5|0000001.5");
    assert_eq!(written("%.3d|%-8.1d|", &double, None), "-2.250|-2.2    |");
    assert_eq!(written_as("a%fb", &double, None, false), ("ab".to_owned(), Err(Misfit::NotANumber)));
}

#[test]
fn every_letter_writes_its_field() {
    for (format, expected) in [
        ("%%|%5%", "%|%"),
        ("%t|%p|%l|%m|%q|%r", "ret/a|hello|5|7|1|1"),
        ("%x|%X", "68656c6c6f|68656C6C6F"),
        ("%A|%C|%D|%E|%F|%P|%R|%S", "|application/json|x\u{1}y|100|1|k1:v1 k2:v 2|re/ply|"),
        ("%I|%U", "2026-11-25T07:28:23+0000|1795591703.994627000"),
        (r"\\|\0|\a|\e|\n|\r|\t|\v", "\\|\0|\u{7}|\u{1b}|\n|\r|\t|\u{b}"),
    ] {
        assert_eq!(written(format, b"hello", Some(properties())), expected, "{format}");
    }
    assert_eq!(written("%C%D%E%F%P%R%S", b"", None), "", "what was not sent is empty");
}

#[test]
fn widths_pad_and_a_precision_cuts_texts() {
    for (format, expected) in [
        ("%10t|%-10t|%010t|%3.3t|%.2t|%-8.3t|%.t", "     ret/a|ret/a     |     ret/a|ret|re|ret     |"),
        ("%10l|%-10l|%010l|%-010l|%5.2l", "         5|5         |0000000005|5         |    5"),
        ("%8p|%-8p|%08p|%.3p", "   hello|hello   |000hello|hello"),
        ("%10m|%010m|%-10m", "         7|0000000007|7         "),
        ("%10q|%010r|%-5.3q", "1|1|1"),
        ("%30.5I|%-30I|", "                         2026-|2026-11-25T07:28:23+0000      |"),
        ("%5A|%05S|%4C|%4R", "     |00000|    |"),
    ] {
        assert_eq!(written(format, b"hello", None), expected, "{format}");
    }
}

/// mosquitto_sub 2.0.11 cuts payloads to the width, although its manual calls that the minimum.
#[test]
fn a_width_never_cuts_a_payload() {
    assert_eq!(written("%3p|%4x", b"hello", None), "hello|68656c6c6f");
    assert_eq!(written("%12x|%-12X|%012x", b"hello", None), "  68656c6c6f|68656C6C6F  |0068656c6c6f");
}

#[test]
fn what_is_no_format_says_what() {
    for (format, expected) in [
        ("x%", FormatError::Incomplete('%')),
        ("%5.", FormatError::Incomplete('%')),
        ("@", FormatError::Incomplete('@')),
        ("x\\", FormatError::Incomplete('\\')),
        ("%z", FormatError::Unknown("%z".to_owned())),
        ("%--5t", FormatError::Unknown("%-".to_owned())),
        ("% t", FormatError::Unknown("% ".to_owned())),
        ("%1.2.3t", FormatError::Unknown("%.".to_owned())),
        ("\\q", FormatError::Unknown("\\q".to_owned())),
        ("%99999999999999999999t", FormatError::TooWide { max: 1_000_000 }),
    ] {
        assert_eq!(parse(format, false).unwrap_err(), expected, "{format}");
    }
}

#[test]
fn dates_are_those_of_strftime() {
    let expected =
        "Wed Wednesday Nov November 20 25 11/25/26 25 2026-11-25 26 2026 Nov 07 07 329  7  7 11 28 AM am";
    assert_eq!(
        written("@a @A @b @B @C @d @D @e @F @g @G @h @H @I @j @k @l @m @M @p @P", b"", None),
        expected
    );
    let expected =
        "07:28:23 AM 07:28 1795591703 23 07:28:23 3 47 48 3 47 11/25/26 07:28:23 26 2026 +0000 UTC";
    assert_eq!(written("@r @R @s @S @T @u @U @V @w @W @x @X @y @Y @z @Z", b"", None), expected);
    assert_eq!(written("@c|@n|@t|@@|@%|@N", b"", None), "Wed Nov 25 07:28:23 2026|\n|\t|@|%|994627000");
    assert_eq!(written("@E @f @q @+ @1 @ü", b"", None), "%E %f %q %+ %1 %ü", "no conversion");
}

#[test]
fn json_has_everything_and_escapes_what_it_must() {
    let expected = concat!(
        r#"{"tst":"2026-11-25T07:28:23.994627Z","topic":"ret/a","qos":1,"retain":1,"payloadlen":5,"mid":7,"#,
        r#""properties":{"payload-format-indicator":1,"content-type":"application/json","response-topic":"re/ply","#,
        r#""correlation-data":"x\u0001y","user-properties":{"k1":"v1","k2":"v 2"},"message-expiry-interval":100},"#,
        r#""payload":"hello"}"#
    );
    assert_eq!(written("%j", b"hello", Some(properties())), expected);
    let payload = |bytes: &[u8]| {
        written("%j", bytes, None).split_once(r#""payload":"#).map(|(_, end)| end.to_owned()).unwrap()
    };
    assert_eq!(
        payload(b"a\tb\x01\x7f / \\ \x08\x0c\r\n \"\xc3\xa9"),
        "\"a\\tb\\u0001\u{7f} / \\\\ \\b\\f\\r\\n \\\"é\"}"
    );
    assert_eq!(payload(b"a\0b"), "\"a\\u0000b\"}", "nothing is cut at NUL");
    assert_eq!(payload(b""), "null}");
}

#[test]
fn json_payloads_keep_every_digit() {
    let payload = |bytes: &[u8]| {
        written("%J", bytes, None).split_once(r#""payload":"#).map(|(_, end)| end.to_owned()).unwrap()
    };
    assert_eq!(
        payload(br#" { "a" : 1.0, "b":9007199254740993, "c": [1e5, "\u00e9"] } "#),
        r#"{"a":1.0,"b":9007199254740993,"c":[1e5,"\u00e9"]}}"#
    );
    assert_eq!(payload(b""), "null}");
    assert_eq!(written_as("a%Jb|%t", b"{} {}", None, false), ("ab|ret/a".to_owned(), Err(Misfit::NotJson)));
}

#[test]
fn pretty_json_is_laid_out_as_by_mosquitto() {
    let (text, _) = written_as("%J", br#"[1,2.50,"a:,{]",{},[],{"a":{"b":[1,2]}},[{}]]"#, None, true);
    let payload = text.split_once("\"payload\":\t").unwrap().1;
    let expected = concat!(
        "[1, 2.50, \"a:,{]\", {\n\t\t}, [], {\n\t\t\t\"a\":\t{\n\t\t\t\t\"b\":\t[1, 2]\n\t\t\t}\n\t\t}, [{\n\t\t\t}]]",
        "\n}"
    );
    assert_eq!(payload, expected);
    let (text, _) = written_as("%j", b"x", Some(properties()), true);
    assert!(text.starts_with("{\n\t\"tst\":\t\"2026"), "{text}");
    assert!(
        text.contains(
            "\n\t\t\"user-properties\":\t{\n\t\t\t\"k1\":\t\"v1\",\n\t\t\t\"k2\":\t\"v 2\"\n\t\t},"
        ),
        "{text}"
    );
    assert!(text.ends_with("\n\t},\n\t\"payload\":\t\"x\"\n}"), "{text}");
}

#[test]
fn the_time_of_json_has_a_valid_offset() {
    for (zone, offset) in [("UTC0", "Z"), ("IST-5:30", "+05:30"), ("NST3:30", "-03:30")] {
        let zone = jiff::tz::TimeZone::posix(zone).unwrap();
        let at = super::time::zoned(crate::message::Timestamp(0), &zone);
        assert_eq!(String::from_utf8(super::time::offset(&at)).unwrap(), offset);
    }
}

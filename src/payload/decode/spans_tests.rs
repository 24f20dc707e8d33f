//! Which bytes values come from, for every decoder that knows it.

use crate::payload::decode::{Choice, Decoded, decode};
use crate::payload::document::Document;
use crate::payload::schema::SchemaFiles;
use crate::payload::{DecodeLimits, hex, never};

fn document(choice: &str, payload: &[u8]) -> Document {
    let choice = Choice::read(choice, &SchemaFiles::default()).unwrap();
    match decode(choice.decoder(), payload, &DecodeLimits::default(), &never).unwrap() {
        Decoded::Document(document) => document,
        other => panic!("{other:?}"),
    }
}

/// Each line that has bytes, and their digits.
fn spans(document: &Document, payload: &[u8]) -> Vec<String> {
    let lines = document.lines(0..usize::MAX);
    let bytes = lines.filter_map(|line| Some((line, payload.get(document.bytes_of(line.index)?)?)));
    bytes.map(|(line, bytes)| format!("{} < {}", line.text, hex::spaced(bytes))).collect()
}

#[test]
fn the_bytes_of_values_in_cbor() {
    // {"a": [1, "é"], "t": 1(0), 2: h'ff'}, the array until a break.
    let payload = b"\xA3\x61a\x9F\x01\x62\xC3\xA9\xFF\x61t\xC1\x00\x02\x41\xFF";
    let document = document("cbor", payload);
    assert_eq!(
        spans(&document, payload),
        [
            "{ < a3 61 61 9f 01 62 c3 a9 ff 61 74 c1 00 02 41 ff",
            "\"a\": [ < 9f 01 62 c3 a9 ff",
            "1, < 01",
            "\"é\" < 62 c3 a9",
            "\"t\": { < c1 00",
            "\"tag(1)\": 0 < 00",
            "\"2\": \"h'ff'\" < 41 ff",
        ]
    );
    assert_eq!(document.line_of_byte(0), Some(0), "the head of a map is the map");
    assert_eq!(document.line_of_byte(1), Some(1), "a key is its value");
    assert_eq!(document.line_of_byte(6), Some(3));
    assert_eq!(document.line_of_byte(payload.len()), None);
    let counted = b"\x82\x01\x81\x02";
    let expected = ["[ < 82 01 81 02", "1, < 01", "[ < 81 02", "2 < 02"];
    assert_eq!(spans(&self::document("cbor", counted), counted), expected);
}

#[test]
fn the_bytes_of_values_in_messagepack() {
    let payload = b"\x82\xA1a\x92\x01\xC3\xA1b\xCD\x01\x00";
    let expected = [
        "{ < 82 a1 61 92 01 c3 a1 62 cd 01 00",
        "\"a\": [ < 92 01 c3",
        "1, < 01",
        "true < c3",
        "\"b\": 256 < cd 01 00",
    ];
    assert_eq!(spans(&document("messagepack", payload), payload), expected);
}

#[test]
fn the_bytes_of_values_in_protobuf_are_those_behind_the_tag() {
    // 1: 150, 2: "hi", 3: { 1: 1 }, 1 once more, 4 as a double.
    let payload = b"\x08\x96\x01\x12\x02hi\x1A\x02\x08\x01\x08\x02\x21\0\0\0\0\0\0\xF0\x3F";
    let document = document("protobuf", payload);
    let found = spans(&document, payload);
    assert!(found.contains(&"150, < 96 01".to_owned()), "{found:?}");
    assert!(found.contains(&"2 < 02".to_owned()), "{found:?}");
    assert!(found.contains(&"\"2?\": \"hi\", < 68 69".to_owned()), "{found:?}");
    assert!(found.contains(&"\"3?\": { < 08 01".to_owned()), "{found:?}");
    assert!(found.contains(&"\"4 double?\": 1.0 < 00 00 00 00 00 00 f0 3f".to_owned()), "{found:?}");
    let text_of = |byte| document.line(document.line_of_byte(byte).unwrap()).unwrap().text.to_owned();
    assert_eq!((text_of(0), text_of(3), text_of(11)), ("150,".into(), "\"2?\": \"hi\",".into(), "2".into()));
}

#[test]
fn the_bytes_of_values_in_a_layout() {
    let payload = b"\x01\x02\x03\x00\x05";
    let document = document("struct:u16le temp/100, u8 pair[2], bits flags{on,alarm}", payload);
    let found = spans(&document, payload);
    assert_eq!(
        found[1..],
        [
            "\"temp\": 5.13, < 01 02",
            "\"pair\": [ < 03 00",
            "3, < 03",
            "0 < 00",
            "\"flags\": { < 05",
            "\"on\": true, < 05",
            "\"alarm\": false < 05",
        ]
    );
    assert_eq!(document.line_of_byte(1), Some(1));
}

#[test]
fn json_and_what_was_packed_have_no_bytes_of_their_own() {
    assert!(!document("json", b"{\"a\":1}").has_spans());
    // MessagePack in gzip.
    let gzip = b"\x1F\x8B\x08\x00\x00\x00\x00\x00\x02\x03\x6B\x5A\x98\x38\x89\xF1\xF0\xC2\xA4\xB3\x8C\x0C\x00\x64\xA0\x22\x49\
        \x0B\x00\x00\x00";
    let packed = document("messagepack", gzip);
    assert!(packed.line_count() > 3);
    assert!(!packed.has_spans(), "the places would be those of what was unpacked");
}

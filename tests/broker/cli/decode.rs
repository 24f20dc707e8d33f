//! `mqttree decode`, which needs no broker.

use super::run::{Left, Line, Whose};

fn decode(arguments: &[&str], stdin: &[u8]) -> Left {
    Line::without_broker(Whose::Ours, "decode", arguments).stdin(stdin).start().left()
}

fn printed(left: &Left) -> &str {
    assert_eq!((left.status, left.stderr.as_str()), (Some(0), ""));
    std::str::from_utf8(&left.stdout).unwrap()
}

#[test]
fn bytes_become_one_line_of_json() {
    assert_eq!(printed(&decode(&["-"], b"\xA1\x61a\xF9\x3C\x00")), "{\"a\":1.0}\n");
    assert_eq!(printed(&decode(&["-"], b"on air\n")), "\"on air\\n\"\n");
    let layout = "struct:u16le temp/100 \u{B0}C, i8 rssi";
    assert_eq!(printed(&decode(&["--as", layout, "-"], &[0x66, 8, 0xC4])), "{\"temp\":21.5,\"rssi\":-60}\n");
    let metric = [0x12, 9, 0x0A, 1, b't', 0x10, 9, 0x20, 3, 0x50, 1];
    let known = decode(&["--topic", "spBv1.0/g/DBIRTH/n/d", "-"], &metric);
    assert!(printed(&known).contains("\"metrics\":{\"t\":1}"));
}

#[test]
fn what_is_not_what_was_claimed_ends_with_1_and_the_byte() {
    let left = decode(&["--as", "cbor", "-"], b"\x82\x01");
    assert_eq!((left.status, left.stdout.as_slice()), (Some(1), &b""[..]));
    assert!(
        left.stderr.contains("it is not cbor: byte 2: the payload ends inside a value"),
        "{}",
        left.stderr
    );
}

#[test]
fn a_payload_that_breaks_its_json_schema_ends_with_1_and_the_path() {
    let folder = tempfile::tempdir().unwrap();
    let schema = folder.path().join("reading.schema.json");
    std::fs::write(&schema, r#"{"properties":{"temp":{"maximum":50}}}"#).unwrap();
    let choice = format!("json:{}", schema.display());
    assert_eq!(printed(&decode(&["--as", &choice, "-"], b"{\"temp\":21}")), "{\"temp\":21}\n");
    let left = decode(&["--as", &choice, "-"], b"{\"temp\":51}");
    assert_eq!((left.status, left.stdout.as_slice()), (Some(1), &b""[..]));
    let why = "it breaks its schema at temp: 51 is greater than the maximum of 50";
    assert!(left.stderr.contains(why), "{}", left.stderr);
}

#[test]
fn wrong_usage_says_what_would_be_right() {
    let unknown = decode(&["--as", "cobr", "-"], b"");
    assert_eq!(unknown.status, Some(2));
    assert!(unknown.stderr.contains("--as cobr: there is no format of that name"), "{}", unknown.stderr);
    let layout = decode(&["--as", "struct:u16 a", "-"], b"");
    assert!(layout.stderr.contains("byte 1 of the layout: le or be is missing"), "{}", layout.stderr);
    let missing = decode(&["no-such-file"], b"");
    assert_eq!(missing.status, Some(1), "{}", missing.stderr);
}

#[test]
fn the_list_names_every_format() {
    let left = decode(&["--list"], b"");
    let list = printed(&left);
    for (format, _) in mqttree::payload::decode::DECODERS {
        assert!(list.lines().any(|line| line.starts_with(format.id())), "{format:?}");
    }
}

use std::io;

use proptest::prelude::*;

use super::*;
use crate::payload::decode::{BinaryProblem, Choice, ChoiceError};
use crate::payload::encode::encode;
use crate::payload::never;
use crate::payload::schema::{SchemaError, SchemaFault, SchemaFiles};

const PLANT: &str = r#"
syntax = "proto3";
package plant;

import "common/units.proto";
import "google/protobuf/timestamp.proto";
import "google/protobuf/duration.proto";

message Reading {
  double temperature = 1;
  sint32 offset = 2;
  uint64 counter = 3;
  bool running = 4;
  string name = 5;
  bytes raw = 6;
  common.Unit unit = 7;
  repeated int32 samples = 8;
  repeated string tags = 9;
  map<string, Limit> limits = 10;
  google.protobuf.Timestamp at = 11;
  google.protobuf.Duration took = 12;
  Reading inner = 13;
  optional float pressure = 14;
  fixed32 serial = 15;
  map<int32, string> names = 16;
  repeated Limit history = 17;
}

message Limit { float low = 1; float high = 2; }
"#;

const UNITS: &str = r#"
syntax = "proto3";
package common;
enum Unit { UNKNOWN = 0; CELSIUS = 1; BAR = 2; }
"#;

/// Files by their paths.
fn files(known: &'static [(&'static str, &'static str)]) -> SchemaFiles {
    SchemaFiles::new(move |path| {
        let found = known.iter().find(|(known, _)| *known == path);
        found.map(|(_, text)| text.as_bytes().to_vec()).ok_or_else(|| io::ErrorKind::NotFound.into())
    })
}

const FILES: &[(&str, &str)] = &[("schemas/plant/plant.proto", PLANT), ("schemas/common/units.proto", UNITS)];

fn reading() -> Choice {
    Choice::read("protobuf:schemas/plant/plant.proto#plant.Reading", &files(FILES)).unwrap()
}

fn json(payload: &[u8]) -> Result<String, DecodeError> {
    let decoded = reading().decoder().json(payload, &DecodeLimits::default(), &never).unwrap();
    decoded.map(std::borrow::Cow::into_owned)
}

#[test]
fn imports_are_found_beside_the_file_and_above_and_fields_have_their_names() {
    let payload = [
        &[0x09][..],
        &21.5_f64.to_le_bytes(),
        &[0x10, 0x03, 0x38, 0x01, 0x42, 0x03, 0x01, 0x02, 0x03],
        &[0x75],
        &1.5_f32.to_le_bytes(),
    ]
    .concat();
    let shown = json(&payload).unwrap();
    let expected = concat!(
        r#"{"temperature":21.5,"offset":-2,"counter":0,"running":false,"name":"","raw":"h''","unit":"CELSIUS","#,
        r#""samples":[1,2,3],"pressure":1.5,"serial":0}"#,
    );
    assert_eq!(shown, expected);
}

#[test]
fn what_is_written_reads_as_it_was() {
    let text = concat!(
        r#"{"temperature":-0.5,"offset":-70000,"counter":18446744073709551615,"running":true,"name":"温度","#,
        r#""raw":"h'00ff'","unit":"BAR","samples":[-1,0,150],"tags":["a",""],"#,
        r#""limits":{"t":{"low":1.5,"high":0.0}},"at":"2026-01-02T03:04:05.5Z","took":"-1.5s","#,
        r#""inner":{"temperature":0.0,"offset":0,"counter":0,"running":false,"name":"x","raw":"h''","#,
        r#""unit":"UNKNOWN","serial":0},"pressure":0.0,"serial":4294967295,"names":{"-7":"seven"},"#,
        r#""history":[{"low":0.0,"high":0.0},{"low":1.0,"high":2.0}]}"#,
    );
    let bytes = encode(&reading(), text).unwrap();
    assert_eq!(json(&bytes).as_deref(), Ok(text));
}

#[test]
fn what_the_schema_does_not_have_stands_by_number() {
    let shown = json(&[0xA2, 0x06, 0x02, b'o', b'k', 0xA8, 0x06, 0x05, 0xA8, 0x06, 0x06]).unwrap();
    assert!(shown.ends_with(r#""100?":"ok","101?":[5,6]}"#), "{shown}");
}

#[test]
fn a_payload_of_another_schema_says_at_which_byte() {
    let fault = |payload: &[u8]| match json(payload) {
        Err(DecodeError::Binary(fault)) => (fault.offset, fault.problem),
        other => panic!("{other:?}"),
    };
    // A name that is a number; a text that is none inside of an inner message; a message that breaks off.
    assert_eq!(fault(&[0x20, 1, 0x28, 1]), (2, BinaryProblem::OtherType));
    assert_eq!(fault(&[0x20, 1, 0x6A, 4, 0x2A, 2, 0xFF, 0xFE]), (4, BinaryProblem::NotUtf8));
    assert_eq!(fault(&[0x20, 1, 0x09, 0, 0]), (5, BinaryProblem::Truncated));
}

#[test]
fn a_message_nested_100000_deep_is_refused_or_read_without_recursion() {
    let mut payload = Vec::new();
    for _ in 0..100_100 {
        let mut head = encode::WireWriter::default();
        head.tag(13, 2);
        head.varint(payload.len() as u64);
        payload.splice(..0, head.finish());
        if payload.len() > 60_000 {
            break; // each level adds its own length: this is deep enough for any stack
        }
    }
    let shallow = DecodeLimits { depth_max: 50, ..DecodeLimits::default() };
    let refused = reading().decoder().json(&payload, &shallow, &never).unwrap();
    assert!(matches!(refused, Err(DecodeError::Binary(_))), "{refused:?}");
    assert!(json(&payload).is_ok());
}

fn error(options: &str, known: &'static [(&'static str, &'static str)]) -> SchemaError {
    match Choice::read(&format!("protobuf:{options}"), &files(known)) {
        Err(ChoiceError::Schema(error)) => *error,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_schema_that_is_missing_or_broken_says_so_with_file_and_line() {
    assert_eq!(error("a.proto#A", &[]).reason, SchemaFault::NotFound);
    let broken = error("a.proto#A", &[("a.proto", "syntax = \"proto3\";\nmessage A { int32 x 1; }")]);
    assert!(
        matches!(&broken.reason, SchemaFault::Broken(why) if why.starts_with("a.proto:2:")),
        "{broken:?}"
    );
    let import =
        error("a.proto#A", &[("a.proto", "syntax = \"proto3\";\nimport \"b.proto\";\nmessage A {}")]);
    assert!(
        matches!(&import.reason, SchemaFault::Broken(why) if why.contains("a.proto:2:") && why.contains("b.proto")),
        "{import:?}"
    );
    let cycle = error(
        "a.proto#A",
        &[
            ("a.proto", "syntax = \"proto3\"; import \"b.proto\"; message A {}"),
            ("b.proto", "syntax = \"proto3\"; import \"a.proto\"; message B {}"),
        ],
    );
    assert!(matches!(&cycle.reason, SchemaFault::Broken(why) if why.contains("cycle")), "{cycle:?}");
}

#[test]
fn a_message_is_named_unless_there_is_one_alone() {
    const ONE: &[(&str, &str)] = &[("a.proto", "syntax = \"proto3\"; package p; message A {}")];
    const TWO: &[(&str, &str)] = &[("a.proto", "syntax = \"proto3\"; package p; message A {} message B {}")];
    assert!(Choice::read("protobuf:a.proto", &files(ONE)).is_ok());
    assert!(Choice::read("protobuf:a.proto#B", &files(TWO)).is_ok(), "the package may be left out");
    let names = vec!["p.A".to_owned(), "p.B".to_owned()];
    assert_eq!(error("a.proto", TWO).reason, SchemaFault::WhichMessage(names));
    assert_eq!(error("a.proto#C", TWO).reason, SchemaFault::NoSuchMessage("C".to_owned()));
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(payload in proptest::collection::vec(any::<u8>(), 0..200)) {
        if let Err(error) = json(&payload) {
            prop_assert!(error.offset().is_none_or(|at| at <= payload.len()));
        }
    }
}

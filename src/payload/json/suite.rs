//! The parsing cases of JSONTestSuite.

use crate::payload::decode::{Format, decode};
use crate::payload::json::{JsonError, pretty, validate};
use crate::payload::{DecodeLimits, never};

/// The bytes of a case as they stand in the file.
fn bytes_of(written: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = written;
    while let Some(byte) = rest.as_bytes().first() {
        let (byte, length) = match (byte, rest.as_bytes().get(1)) {
            (b'\\', Some(b'x')) => (u8::from_str_radix(&rest[2..4], 16).unwrap(), 4),
            (b'\\', _) => (b'\\', 2),
            (byte, _) => (*byte, 1),
        };
        bytes.push(byte);
        rest = &rest[length..];
    }
    bytes
}

#[test]
fn what_the_suite_accepts_is_accepted_and_what_it_refuses_is_refused_with_a_place() {
    let file = include_str!("../../../tests/data/json-test-suite.txt");
    let cases = file.lines().filter(|line| !line.starts_with('#')).map(|line| line.split_once('\t').unwrap());
    let mut cases: Vec<(&str, Vec<u8>)> = cases.map(|(name, written)| (name, bytes_of(written))).collect();
    cases.push(("n_structure_100000_opening_arrays", b"[".repeat(100_000)));
    cases.push(("n_structure_open_array_object", [b"[{\"\":".repeat(50_000), b"\n".to_vec()].concat()));
    assert_eq!(cases.len(), 318);
    let limits = DecodeLimits::default();
    for (name, bytes) in cases {
        let found = validate(&bytes, &limits, &never);
        match name.as_bytes()[0] {
            b'y' => assert_eq!(found, Ok(()), "{name}"),
            b'n' => {
                let Err(JsonError::Syntax(error)) = &found else { panic!("{name}: {found:?}") };
                assert!(
                    error.offset <= bytes.len() && error.line > 0 && error.column > 0,
                    "{name}: {error:?}"
                );
            }
            _ => {}
        }
        // The views take any of them without a panic, and show what is accepted.
        assert!(found.is_err() || pretty(&bytes, &limits, &never).is_ok(), "{name}");
        drop(decode(Format::Json.decoder(), &bytes, &limits, &never));
    }
}

use proptest::prelude::*;

use super::*;
use crate::payload::decode::BinaryProblem;
use crate::payload::json::validate;
use crate::payload::{DecodeLimits, never};

fn decoded(names: Names, payload: &[u8]) -> Result<String, DecodeError> {
    let mut out = ValueWriter::new(1 << 20, &never);
    Sparkplug::with(Arc::new(names)).write(payload, 100, &mut out).map(|()| out.finish())
}

/// A field of bytes.
fn field(number: u8, bytes: &[u8]) -> Vec<u8> {
    [&[number << 3 | 2, bytes.len() as u8], bytes].concat()
}

#[test]
fn an_alias_is_named_by_the_birth() {
    let birth_metric = [field(1, b"Temperature"), vec![0x10, 9, 0x20, 3]].concat();
    let data_metric = [0x10, 9, 0x50, 0xFB, 0xFF, 0xFF, 0xFF, 0x0F];
    let mut names = Names::default();
    names.learn(&field(2, &birth_metric));
    let json = decoded(names, &field(2, &data_metric)).unwrap();
    let known = r#"{"metrics":{"Temperature":-5},"details":{"Temperature":{"type":"Int32","alias":9}}}"#;
    assert_eq!(json, known, "the type comes from the birth too");
}

#[test]
fn a_birth_that_is_none_teaches_nothing() {
    let mut names = Names::default();
    names.learn(b"{\"temperature\":1}");
    names.learn(b"\xFF");
    assert_eq!(names, Names::default());
}

#[test]
fn what_is_wrong_is_named_with_its_byte() {
    let cut = [0x12, 9, 0x0A];
    assert!(matches!(decoded(Names::default(), &cut), Err(DecodeError::Binary(fault)) if fault.offset == 1));
    let inside = field(2, &[0x0A, 50]);
    assert!(
        matches!(decoded(Names::default(), &inside), Err(DecodeError::Binary(fault)) if fault.offset == 3)
    );
}

/// A length as Protobuf writes it.
fn varint(mut value: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value > 0x7F {
        bytes.push(0x80 | (value & 0x7F) as u8);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

#[test]
fn templates_inside_templates_end_somewhere() {
    let mut metric = vec![0x20, 19];
    for _ in 0..100 {
        let template = [vec![0x12], varint(metric.len()), metric].concat();
        metric = [vec![0x20, 19, 0x92, 0x01], varint(template.len()), template].concat();
    }
    let payload = [vec![0x12], varint(metric.len()), metric].concat();
    let too_deep = |error: DecodeError| matches!(error, DecodeError::Binary(fault) if fault.problem == BinaryProblem::TooDeep(DEPTH_MAX));
    assert!(decoded(Names::default(), &payload).is_err_and(too_deep));
}

proptest! {
    #[test]
    fn any_bytes_are_json_or_a_fault_inside_of_them(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
        match decoded(Names::default(), &bytes) {
            Ok(json) => prop_assert!(validate(json.as_bytes(), &DecodeLimits::default(), &never).is_ok(), "{json}"),
            Err(error) => prop_assert!(error.offset().is_none_or(|at| at <= bytes.len())),
        }
    }

    /// Metrics of any content, inside a payload that is right.
    #[test]
    fn any_metric_is_json_or_a_fault(bytes in proptest::collection::vec(any::<u8>(), 0..60), code in 0_u8..40) {
        let metric = [vec![0x20, code], bytes].concat();
        let payload = field(2, &metric);
        if let Ok(json) = decoded(Names::default(), &payload) {
            prop_assert!(validate(json.as_bytes(), &DecodeLimits::default(), &never).is_ok(), "{json}");
        }
    }
}

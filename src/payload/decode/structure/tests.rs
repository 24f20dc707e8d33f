use proptest::prelude::*;

use super::*;
use crate::payload::json::validate;
use crate::payload::{DecodeLimits, never};

fn decoded(layout: &str, payload: &[u8]) -> Result<String, DecodeError> {
    let layout: Layout = layout.parse().unwrap();
    let mut out = ValueWriter::new(1 << 20, &never);
    layout.write(payload, 1_000, &mut out).map(|()| out.finish())
}

fn wrong(layout: &str) -> (usize, LayoutProblem) {
    let error = layout.parse::<Layout>().unwrap_err();
    (error.offset, error.problem)
}

#[test]
fn a_sensor_is_read_by_one_line() {
    let layout = "u16le temp/100 °C, i8 rssi dBm, u32be time:unix, bits flags{on,alarm}";
    let payload = [0x66, 0x08, 0xC4, 0x65, 0x92, 0x00, 0x80, 0b10];
    let json = r#"{"temp":21.5,"rssi":-60,"time":"2024-01-01T00:00:00Z","flags":{"on":false,"alarm":true}}"#;
    assert_eq!(decoded(layout, &payload).as_deref(), Ok(json));
}

#[test]
fn every_type_is_read_in_both_byte_orders() {
    let cases: [(&str, &[u8], &str); 18] = [
        ("u8 a", &[0xFF], "255"),
        ("i8 a", &[0xFF], "-1"),
        ("u16be a", &[1, 2], "258"),
        ("u16le a", &[1, 2], "513"),
        ("i16be a", &[0xFF, 0xFE], "-2"),
        ("u24be a", &[1, 0, 0], "65536"),
        ("i24le a", &[0, 0, 0x80], "-8388608"),
        ("u48be a", &[1, 0, 0, 0, 0, 0], "1099511627776"),
        ("i48be a", &[0xFF; 6], "-1"),
        ("u64le a", &[0xFF; 8], "18446744073709551615"),
        ("i64be a", &[0x80, 0, 0, 0, 0, 0, 0, 0], "-9223372036854775808"),
        ("f16be a", &[0x3C, 0], "1.0"),
        ("f32le a", &[0xCD, 0xCC, 0xCC, 0x3D], "0.1"),
        ("f64be a", &[0x3F, 0xB9, 0x99, 0x99, 0x99, 0x99, 0x99, 0x9A], "0.1"),
        ("u8 a[3]", &[1, 2, 3], "[1,2,3]"),
        ("text[4] a", b"ab\0x", "\"ab\""),
        ("bytes a", &[1, 2], "\"h'0102'\""),
        ("bits16be a{_:4,mode:2,on}", &[0, 0b0111_0000], "{\"mode\":3,\"on\":true}"),
    ];
    for (layout, payload, json) in cases {
        assert_eq!(decoded(layout, payload), Ok(format!("{{\"a\":{json}}}")), "{layout}");
    }
    assert_eq!(decoded("u8 a/2*4+1, pad[2], bool b", &[3, 9, 9, 1]).as_deref(), Ok("{\"a\":7.0,\"b\":true}"));
    assert_eq!(
        decoded("i64be a:unix", &[0x7F; 8]).as_deref(),
        Ok("{\"a\":9187201950435737471}"),
        "no such year"
    );
}

#[test]
fn a_payload_of_another_length_says_where() {
    let fault = |offset, problem| Err(BinaryFault { offset, problem }.into());
    assert_eq!(decoded("u16le a", &[1]), fault(1, BinaryProblem::Truncated));
    assert_eq!(decoded("u8 a", &[1, 2, 3]), fault(1, BinaryProblem::Trailing { bytes: 2 }));
    assert_eq!(decoded("u8 a, text[2] b", &[1, 0xC3, 0x28]), fault(1, BinaryProblem::NotUtf8));
}

#[test]
fn a_line_that_is_no_layout_is_marked_where_it_goes_wrong() {
    for (line, offset, problem) in [
        ("", 0, LayoutProblem::Empty),
        ("u16 a", 0, LayoutProblem::NoByteOrder),
        ("word a", 0, LayoutProblem::UnknownType),
        ("u8", 2, LayoutProblem::NoName),
        ("u8 a, ", 6, LayoutProblem::UnknownType),
        ("u8 a/0", 6, LayoutProblem::DivisionByZero),
        ("u8 a/x", 5, LayoutProblem::NoNumber),
        ("u8 a[3", 6, LayoutProblem::Unclosed),
        ("u8 a[99999999]", 5, LayoutProblem::TooMany),
        ("u8 a, u8 a", 6, LayoutProblem::Twice),
        ("f32le a:unix", 8, LayoutProblem::NotATime),
        ("u32le a:year", 8, LayoutProblem::Unexpected),
        ("bits a{b:9}", 10, LayoutProblem::TooManyBits),
        ("bits a{b", 8, LayoutProblem::Unclosed),
        ("bytes a, u8 b", 9, LayoutProblem::NotLast),
    ] {
        assert_eq!(wrong(line), (offset, problem), "{line}");
    }
}

proptest! {
    #[test]
    fn any_line_and_any_payload_end(line in "([a-z0-9_/:,{}\\[\\]*+ °-]|u8 |i16le |bits |text|, ){0,20}", payload: Vec<u8>) {
        let Ok(layout) = line.parse::<Layout>() else { return Ok(()) };
        let mut out = ValueWriter::new(1 << 20, &never);
        match layout.write(&payload, 1_000, &mut out) {
            Ok(()) => {
                let json = out.finish();
                prop_assert!(validate(json.as_bytes(), &DecodeLimits::default(), &never).is_ok(), "{json}");
            }
            Err(error) => prop_assert!(error.offset().is_none_or(|at| at <= payload.len())),
        }
    }
}

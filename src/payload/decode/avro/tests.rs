use std::io;

use proptest::prelude::*;

use super::*;
use crate::payload::decode::{Choice, ChoiceError, detect};
use crate::payload::encode::{EncodeError, MisfitReason, encode};
use crate::payload::never;

fn choice(schema: &'static str) -> Choice {
    let files = SchemaFiles::new(move |path| match path {
        "a.avsc" => Ok(schema.into()),
        _ => Err(io::ErrorKind::NotFound.into()),
    });
    Choice::read("avro:a.avsc", &files).unwrap()
}

fn json(schema: &'static str, payload: &[u8]) -> Result<String, DecodeError> {
    let decoded = choice(schema).decoder().json(payload, &DecodeLimits::default(), &never).unwrap();
    decoded.map(std::borrow::Cow::into_owned)
}

const TEST: &str =
    r#"{"type":"record","name":"test","fields":[{"name":"a","type":"long"},{"name":"b","type":"string"}]}"#;

#[test]
fn the_examples_of_the_specification_are_read() {
    let cases: [(&'static str, &[u8], &str); 16] = [
        (r#""long""#, &[0x00], "0"),
        (r#""long""#, &[0x01], "-1"),
        (r#""long""#, &[0x02], "1"),
        (r#""long""#, &[0x03], "-2"),
        (r#""int""#, &[0x7F], "-64"),
        (r#""int""#, &[0x80, 0x01], "64"),
        (r#""string""#, &[0x06, 0x66, 0x6F, 0x6F], r#""foo""#),
        (TEST, &[0x36, 0x06, 0x66, 0x6F, 0x6F], r#"{"a":27,"b":"foo"}"#),
        (r#"{"type":"enum","name":"Foo","symbols":["A","B","C","D"]}"#, &[0x00], r#""A""#),
        (r#"{"type":"enum","name":"Foo","symbols":["A","B","C","D"]}"#, &[0x06], r#""D""#),
        (r#"{"type":"array","items":"long"}"#, &[0x04, 0x06, 0x36, 0x00], "[3,27]"),
        // The same with the block's size, which a negative count says.
        (r#"{"type":"array","items":"long"}"#, &[0x03, 0x04, 0x06, 0x36, 0x00], "[3,27]"),
        (r#"{"type":"map","values":"long"}"#, &[0x02, 0x02, b'a', 0x06, 0x00], r#"{"a":3}"#),
        (r#"["null","string"]"#, &[0x00], "null"),
        (r#"["null","string"]"#, &[0x02, 0x02, 0x61], r#""a""#),
        (r#"{"type":"fixed","name":"f","size":2}"#, &[1, 2], r#""h'0102'""#),
    ];
    for (schema, payload, shown) in cases {
        assert_eq!(json(schema, payload).as_deref(), Ok(shown), "{schema}");
    }
}

const SENSOR: &str = r#"{"type":"record","name":"Reading","namespace":"plant","fields":[
    {"name":"t","type":"double"},
    {"name":"f","type":"float"},
    {"name":"ok","type":"boolean"},
    {"name":"n","type":["null","int","string"]},
    {"name":"raw","type":"bytes"},
    {"name":"at","type":{"type":"long","logicalType":"timestamp-millis"}},
    {"name":"day","type":{"type":"int","logicalType":"date"}},
    {"name":"noon","type":{"type":"int","logicalType":"time-millis"}},
    {"name":"price","type":{"type":"bytes","logicalType":"decimal","precision":9,"scale":2}},
    {"name":"tags","type":{"type":"map","values":{"type":"array","items":"string"}}},
    {"name":"next","type":["null","Reading"]}
]}"#;

const READING: &str = concat!(
    r#"{"t":21.5,"f":-0.5,"ok":true,"n":7,"raw":"h'00ff'","at":"2026-01-02T03:04:05.006Z","day":"2026-01-02","#,
    r#""noon":"12:00:00.000000","price":-12.05,"tags":{"a":["x","温"],"b":[]},"next":null}"#,
);

#[test]
fn what_is_written_as_a_single_object_reads_as_it_was() {
    let bytes = encode(&choice(SENSOR), READING).unwrap();
    assert_eq!(bytes[..2], SINGLE_OBJECT);
    assert_eq!(json(SENSOR, &bytes).as_deref(), Ok(READING));
    let nested = READING.replace("null}", &format!("{READING}}}"));
    let bytes = encode(&choice(SENSOR), &nested).unwrap();
    assert_eq!(json(SENSOR, &bytes), Ok(nested), "a type may contain itself");
}

#[test]
fn a_single_object_of_another_schema_is_not_taken_for_this_one() {
    let bytes = encode(&choice(TEST), r#"{"a":1,"b":""}"#).unwrap();
    let Err(DecodeError::Binary(fault)) = json(SENSOR, &bytes) else { panic!("it was read") };
    assert_eq!((fault.offset, fault.problem), (2, BinaryProblem::OtherSchema));
}

#[test]
fn what_does_not_fit_says_at_which_byte_or_at_which_path() {
    let fault = |schema, payload: &[u8]| match json(schema, payload) {
        Err(DecodeError::Binary(fault)) => (fault.offset, fault.problem),
        other => panic!("{other:?}"),
    };
    assert_eq!(fault(TEST, &[0x36, 0x06, 0x66]), (1, BinaryProblem::BadLength(3)));
    assert_eq!(fault(TEST, &[0x36, 0x00, 1]), (2, BinaryProblem::Trailing { bytes: 1 }));
    assert_eq!(fault(r#"["null","string"]"#, &[0x04]), (0, BinaryProblem::OtherSchema));
    assert_eq!(fault(r#""boolean""#, &[7]), (0, BinaryProblem::BadByte(7)));
    let misfit = |text| match encode(&choice(SENSOR), text) {
        Err(EncodeError::Misfit(misfit)) => (misfit.path, misfit.reason),
        other => panic!("{other:?}"),
    };
    assert_eq!(misfit("{}"), (String::new(), MisfitReason::Missing("t".to_owned())));
    assert_eq!(misfit(r#"{"x":1}"#), ("x".to_owned(), MisfitReason::NoSuchField));
    let wide = READING.replace("-12.05", "1.234");
    assert_eq!(misfit(&wide), ("price".to_owned(), MisfitReason::OutOfRange));
}

#[test]
fn endless_arrays_of_nothing_end_at_the_limit() {
    let limits = DecodeLimits { decoded_bytes_max: 1 << 20, ..DecodeLimits::default() };
    let nulls = choice(r#"{"type":"array","items":"null"}"#);
    let many = [0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01];
    let read = nulls.decoder().json(&many, &limits, &never).unwrap();
    assert!(matches!(read, Err(DecodeError::Limit(_))), "{read:?}");
}

#[test]
fn a_container_brings_its_schema_and_is_recognised() {
    for codec in ["null", "deflate"] {
        let mut payload = b"Obj\x01".to_vec();
        let sized = |text: &[u8], out: &mut Vec<u8>| {
            let mut length = encode::WireWriter::default();
            length.varint(text.len() as u64 * 2);
            out.extend(length.finish());
            out.extend_from_slice(text);
        };
        payload.push(4);
        for (key, value) in [("avro.schema", TEST), ("avro.codec", codec)] {
            sized(key.as_bytes(), &mut payload);
            sized(value.as_bytes(), &mut payload);
        }
        payload.push(0);
        payload.extend([7; 16]);
        let values = [0x36, 0x06, 0x66, 0x6F, 0x6F, 0x02, 0x00];
        payload.push(4);
        if codec == "null" {
            sized(&values, &mut payload);
        } else {
            use std::io::Write as _;
            let mut deflate = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
            deflate.write_all(&values).unwrap();
            sized(&deflate.finish().unwrap(), &mut payload);
        }
        payload.extend([7; 16]);
        assert_eq!(detect(&payload), Some(crate::payload::decode::Format::Avro));
        let avro = Choice::plain(crate::payload::decode::Format::Avro);
        let shown = avro.decoder().json(&payload, &DecodeLimits::default(), &never).unwrap();
        assert_eq!(shown.as_deref(), Ok("{\"a\":27,\"b\":\"foo\"}\n{\"a\":1,\"b\":\"\"}"), "{codec}");
        payload.truncate(payload.len() - 3);
        assert!(avro.decoder().json(&payload, &DecodeLimits::default(), &never).unwrap().is_err());
    }
}

#[test]
fn a_schema_that_is_missing_or_broken_is_named_with_its_line() {
    let error = |text: &'static str| {
        let files = SchemaFiles::new(move |_| Ok(text.into()));
        match Choice::read("avro:a.avsc", &files) {
            Err(ChoiceError::Schema(error)) => error.reason,
            other => panic!("{other:?}"),
        }
    };
    let broken = error("{\n  \"type\": \"record\",,\n}");
    assert!(matches!(&broken, SchemaFault::Broken(why) if why.starts_with("a.avsc:2:")), "{broken:?}");
    assert!(matches!(error(r#"{"type":"recrod"}"#), SchemaFault::Broken(_)));
    let missing = Choice::read("avro:b.avsc", &SchemaFiles::default());
    assert!(matches!(missing, Err(ChoiceError::Schema(error)) if error.reason == SchemaFault::NotFound));
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(payload in proptest::collection::vec(any::<u8>(), 0..120)) {
        for schema in [SENSOR, TEST, r#"["null",{"type":"map","values":"bytes"}]"#] {
            if let Err(error) = json(schema, &payload) {
                prop_assert!(error.offset().is_none_or(|at| at <= payload.len()));
            }
        }
        let container = [CONTAINER, &payload].concat();
        Avro::SCHEMALESS.write(&container, 100, &mut ValueWriter::new(1 << 16, &never)).ok();
    }
}

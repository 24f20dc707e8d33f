//! What bad input gets, for every format at once: a reason, memory within the bound, and raw views that always work.

use crate::payload::decode::{Choice, DECODERS, DecodeError, Decoded, Format, decode};
use crate::payload::encode::pack;
use crate::payload::schema::SchemaFiles;
use crate::payload::{DecodeLimits, LimitError, Packing, never, unpack};

fn read(choice: &Choice, payload: &[u8], limits: &DecodeLimits) -> Result<usize, DecodeError> {
    match decode(choice.decoder(), payload, limits, &never)? {
        Decoded::Document(document) => Ok(document.line_count()),
        Decoded::Bytes | Decoded::Image(_) => Ok(0),
    }
}

/// Payloads that end early, nest without end, hold no UTF-8, or lie about a size.
fn bad() -> Vec<Vec<u8>> {
    let nested = [b"[".as_slice(), b"\x81", b"\x91", b"<a>", b"{\"a\":", b"\x9F", b"- ", b"\x0A\x7F"];
    let mut bad: Vec<Vec<u8>> =
        nested.into_iter().map(|unit| unit.repeat(if unit.len() == 1 { 100_000 } else { 10_000 })).collect();
    bad.extend([
        b"\xFF\xFE\xFD".to_vec(),
        b"\x9B\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF".to_vec(), // CBOR: an array of 2^64 items
        b"\xDD\xFF\xFF\xFF\xFF".to_vec(),                 // MessagePack: an array of 2^32 items
        b"\x0A\xFF\xFF\xFF\xFF\x0F".to_vec(),             // Protobuf: a field of 4 GiB
        b"Obj\x01\x02".to_vec(),
        b"\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR\x7F\xFF\xFF\xFF\x7F\xFF\xFF\xFF\x08\x06\0\0\0".to_vec(),
        pack(Packing::Gzip, &vec![b'['; 200_000]),
        pack(Packing::Zstd, &vec![0; 200_000]),
    ]);
    bad
}

#[test]
fn every_decoder_says_what_is_wrong_and_where_and_the_raw_views_work() {
    for payload in bad() {
        // A fault inside of what is packed is told by its place there.
        let unpacked = unpack(&payload, &DecodeLimits::default(), &never);
        let end = unpacked.map_or(0, |unpacked| unpacked.bytes.len()).max(payload.len());
        for (format, _) in DECODERS {
            let result = read(&Choice::plain(*format), &payload, &DecodeLimits::default());
            if let Err(error) = &result {
                assert!(error.offset().is_none_or(|at| at <= end), "{format:?}: {error:?}");
            }
            if matches!(format, Format::Hex) {
                assert!(result.is_ok(), "{result:?}");
            }
        }
        let text = read(&Choice::plain(Format::Text), &payload, &DecodeLimits::default());
        assert!(text.is_ok(), "{text:?}");
    }
}

#[test]
fn what_grows_stays_within_the_bound_of_decoded_output() {
    let limits = DecodeLimits { decoded_bytes_max: 32 << 10, ..DecodeLimits::default() };
    let files = SchemaFiles::new(|path| match path {
        "a.proto" => Ok(b"syntax = \"proto3\"; message A { repeated bool b = 1; }".to_vec()),
        _ => Ok(br#"{"type":"array","items":"boolean"}"#.to_vec()),
    });
    let growing = [
        ("cbor", [b"\x9F".as_slice(), &vec![0xF6; 20_000], b"\xFF"].concat()),
        ("messagepack", [b"\xDC\x4E\x20".as_slice(), &vec![0xC0; 20_000]].concat()),
        ("protobuf", [0x08, 0x01].repeat(20_000)),
        ("protobuf:a.proto", [b"\x0A\xA0\x9C\x01".as_slice(), &vec![1; 20_000]].concat()),
        ("avro:a.avsc", [b"\xC0\xB8\x02".as_slice(), &vec![1; 20_000], b"\0"].concat()),
        ("sparkplug", [b"\x12\x02\x20\x01".as_slice()].concat().repeat(20_000)),
        ("xml", [b"<a>".as_slice(), &b"<b/>".repeat(20_000), b"</a>"].concat()),
        ("yaml", b"- null\n".repeat(20_000)),
        ("numbers:u8", vec![200; 40_000]),
        ("struct:bits b{a:1,c:1}, bytes rest", vec![0; 70_000]),
    ];
    for (text, payload) in growing {
        let choice = Choice::read(text, &files).unwrap();
        assert!(read(&choice, &payload, &DecodeLimits::default()).is_ok(), "{text}: it is right");
        let refused = read(&choice, &payload, &limits);
        assert!(
            matches!(refused, Err(DecodeError::Limit(LimitError::TooLarge { .. }))),
            "{text}: {refused:?}"
        );
    }
    assert_eq!(DecodeLimits::default().decoded_bytes_max, 64 << 20);
}

#[test]
fn every_kind_of_packing_ends_at_the_bound() {
    let limits = DecodeLimits { decoded_bytes_max: 1 << 20, ..DecodeLimits::default() };
    let json = b"[0]".repeat(1 << 20);
    for packing in Packing::ALL {
        let refused = read(&Choice::plain(Format::Json), &pack(packing, &json), &limits);
        assert!(matches!(refused, Err(DecodeError::Limit(_))), "{packing:?}: {refused:?}");
    }
}

#[test]
fn every_decoder_is_fuzzed() {
    let script = include_str!("../../../scripts/fuzz");
    let list = script.split_once("decoders=(\n").and_then(|(_, rest)| rest.split_once("\n)")).unwrap().0;
    let words = list.split_whitespace().map(|name| name.trim_matches('\''));
    let names: Vec<&str> = words.map(|name| name.split(':').next().unwrap()).collect();
    for (format, _) in DECODERS.iter().filter(|(format, _)| *format != Format::Command) {
        assert!(names.contains(&format.id()), "{} is not in scripts/fuzz", format.id());
    }
}

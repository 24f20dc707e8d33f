//! Arbitrary bytes through one decoder, the one that `MQTTREE_DECODER` names as `mqttree decode --as` does.
//!
//!     MQTTREE_DECODER=cbor cargo +nightly fuzz run decoder
//!
//! `scripts/fuzz` runs it for each decoder of the table. What cannot be read names a byte of the payload; what can be read is
//! drawn line by line, with bytes that lie in the payload; what programs get is JSON on one line.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use mqttree_fuzz::payload::decode::{self, Choice, Decoded, Format};
use mqttree_fuzz::payload::document::Document;
use mqttree_fuzz::payload::{DecodeLimits, never, preview};
use mqttree_fuzz::{LIMITS, schemas};

static CHOICE: LazyLock<Choice> = LazyLock::new(|| {
    let name = std::env::var("MQTTREE_DECODER").expect("MQTTREE_DECODER names a decoder: cbor, numbers:f32le, …");
    Choice::read(&name, &schemas()).unwrap_or_else(|error| panic!("{name}: {error:?}"))
});

fuzz_target!(|payload: &[u8]| {
    let decoder = CHOICE.decoder();
    match decoder.decode(payload, &LIMITS, &never) {
        Ok(Decoded::Document(document)) => look_at(&document, payload),
        Ok(Decoded::Bytes | Decoded::Image(_)) => {}
        Err(error) => assert!(error.offset().is_none_or(|at| at <= payload.len()), "{error:?}"),
    }
    // The same again, with what is inside if it is packed.
    let _ = decode::decode(decoder, payload, &LIMITS, &never);
    if let Some(Ok(json)) = decode::json(decoder, payload, &LIMITS, &never) {
        let read = Format::Json.decoder().decode(json.as_bytes(), &DecodeLimits::default(), &never);
        assert!(read.is_ok(), "{json}");
    }
    assert!(preview(payload, Some(&CHOICE), 200).chars().count() <= 200);
});

fn look_at(document: &Document, payload: &[u8]) {
    let lines = document.line_count();
    let mut drawn = 0;
    for line in document.lines(0..lines) {
        document.tokens(&line).for_each(drop);
        if let Some(bytes) = document.bytes_of(drawn) {
            assert!(bytes.start <= bytes.end && bytes.end <= payload.len(), "{bytes:?}");
        }
        drawn += 1;
    }
    assert_eq!(drawn, lines);
    for byte in [0, payload.len() / 2, payload.len()] {
        assert!(document.line_of_byte(byte).is_none_or(|line| line < lines));
    }
}

//! Arbitrary bytes as a payload: recognised, previewed and read in every format, and never a panic.
//!
//!     cargo +nightly fuzz run payloads
//!
//! Whatever cannot be read names a byte of the payload, and what programs get is always one value on one line.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mqttree::payload::decode::{self, DECODERS, Decoded, Decoder, Fits, Format};
use mqttree::payload::{DecodeLimits, never, preview};

const LIMITS: DecodeLimits = DecodeLimits {
    input_bytes_max: 1 << 20,
    decoded_bytes_max: 1 << 20,
    output_bytes_max: 4 << 20,
    depth_max: 1_000,
};

fuzz_target!(|payload: &[u8]| {
    let offered: Vec<Format> = Fits::of(payload).offered().collect();
    assert!(!offered.is_empty());
    decode::detect(payload);
    decode::extension(payload);
    assert!(preview(payload, None, 200).chars().count() <= 200);
    for (_, decoder) in DECODERS {
        read(*decoder, payload);
    }
    if let Ok(line) = decode::line(payload, None, &LIMITS, &never) {
        assert!(!line.contains('\n'), "{line}");
        let parsed = Format::Json.decoder().decode(line.as_bytes(), &DecodeLimits::default(), &never);
        assert!(parsed.is_ok(), "{line}");
    }
});

fn read(decoder: &dyn Decoder, payload: &[u8]) {
    match decoder.decode(payload, &LIMITS, &never) {
        Ok(Decoded::Document(document)) => {
            let lines = document.lines(0..document.line_count());
            assert_eq!(lines.map(|line| document.tokens(&line).count()).count(), document.line_count());
        }
        Ok(Decoded::Bytes | Decoded::Image(_)) => {}
        Err(error) => assert!(error.offset().is_none_or(|at| at <= payload.len()), "{error:?}"),
    }
    // The same again, with what is inside if it is packed.
    let _ = decode::decode(decoder, payload, &LIMITS, &never);
    let _ = decode::json(decoder, payload, &LIMITS, &never);
}

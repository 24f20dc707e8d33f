//! Arbitrary bytes as a payload of which nothing is known: recognised, named and previewed.
//!
//!     cargo +nightly fuzz run detector
//!
//! There is always a view, plain numbers and words are never taken for a binary format, and a line of `mqttree decode` is JSON.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mqttree_fuzz::payload::decode::{self, Fits, Format};
use mqttree_fuzz::payload::{DecodeLimits, never, preview};
use mqttree_fuzz::LIMITS;

fuzz_target!(|payload: &[u8]| {
    let offered: Vec<Format> = Fits::of(payload).offered().collect();
    assert!(!offered.is_empty());
    let detected = decode::detect(payload);
    let is_plain = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b" .+-".contains(byte);
    if payload.iter().all(is_plain) {
        assert!(matches!(detected, None | Some(Format::Json | Format::Text)), "{detected:?}");
    }
    decode::extension(payload);
    assert!(preview(payload, None, 200).chars().count() <= 200);
    if let Ok(line) = decode::line(payload, None, &LIMITS, &never) {
        assert!(!line.contains('\n'), "{line}");
        let parsed = Format::Json.decoder().decode(line.as_bytes(), &DecodeLimits::default(), &never);
        assert!(parsed.is_ok(), "{line}");
    }
});

//! Arbitrary bytes as every kind of compressed payload: no more comes out than may, and never a panic.
//!
//!     cargo +nightly fuzz run packings

#![no_main]

use libfuzzer_sys::fuzz_target;
use mqttree_fuzz::payload::decode::DecodeError;
use mqttree_fuzz::payload::{DecodeLimits, never, unpack};

const BYTES_MAX: usize = 1 << 20;

/// What each packing is recognised by, so that its reader is reached without luck.
const MARKS: [&[u8]; 6] =
    [b"", b"\x1F\x8B\x08", b"\x78\x9C", b"\x28\xB5\x2F\xFD", b"\x04\x22\x4D\x18", b"BZh9\x31\x41\x59\x26\x53\x59"];

fuzz_target!(|payload: &[u8]| {
    let limits = DecodeLimits { decoded_bytes_max: BYTES_MAX, ..DecodeLimits::default() };
    for mark in MARKS {
        let payload = [mark, payload].concat();
        match unpack(&payload, &limits, &never) {
            Ok(unpacked) if unpacked.layers.is_empty() => assert_eq!(unpacked.bytes, payload.as_slice()),
            Ok(unpacked) => assert!(unpacked.bytes.len() <= BYTES_MAX, "{:?}", unpacked.layers),
            // In a layer inside of another one the byte is one of what came out of that.
            Err(DecodeError::Binary(fault)) => {
                assert!(fault.offset <= payload.len().max(BYTES_MAX), "{fault:?}");
            }
            Err(error) => assert!(matches!(error, DecodeError::Limit(_)), "{error:?}"),
        }
    }
});

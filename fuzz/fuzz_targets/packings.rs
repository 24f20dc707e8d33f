//! Arbitrary bytes as every kind of compressed payload: no more comes out than may, and never a panic.
//!
//!     cargo +nightly fuzz run packings

#![no_main]

use libfuzzer_sys::fuzz_target;
use mqttree::payload::decode::DecodeError;
use mqttree::payload::{DecodeLimits, Packing, never, unpack, unpack_as};

const BYTES_MAX: usize = 1 << 20;

const PACKINGS: [Packing; 7] = [
    Packing::Base64,
    Packing::Gzip,
    Packing::Zlib,
    Packing::Zstd,
    Packing::Lz4,
    Packing::Bzip2,
    Packing::Brotli,
];

fuzz_target!(|payload: &[u8]| {
    let limits = DecodeLimits { decoded_bytes_max: BYTES_MAX, ..DecodeLimits::default() };
    if let Ok(unpacked) = unpack(payload, &limits, &never) {
        match &unpacked.layers[..] {
            [] => assert_eq!(unpacked.bytes, payload),
            _ => assert!(unpacked.bytes.len() <= BYTES_MAX),
        }
    }
    for packing in PACKINGS {
        match unpack_as(packing, payload, &limits, &never) {
            Ok(bytes) => assert!(bytes.len() <= BYTES_MAX, "{packing:?}"),
            Err(DecodeError::Binary(fault)) => assert!(fault.offset <= payload.len(), "{packing:?}: {fault:?}"),
            Err(error) => assert!(matches!(error, DecodeError::Limit(_)), "{packing:?}: {error:?}"),
        }
    }
});

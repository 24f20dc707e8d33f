//! Compressed payloads and Base64: what they hold, unpacked within a bound.
//!
//! A packing is recognised by its first bytes. Several may lie in each other (Base64 of gzip). What comes out is looked
//! at like any payload; the bytes as sent stay what the hex view shows.

use std::borrow::Cow;
use std::io::{self, Read, Write as _};

use ruzstd::decoding::StreamingDecoder;

use crate::payload::decode::{BinaryFault, BinaryProblem, DecodeError};
use crate::payload::limits::CANCEL_EVERY_BYTES;
use crate::payload::{CancelCheck, DecodeLimits, LimitError, TooLarge, never};

/// Packings inside each other that are opened.
const LAYERS_MAX: usize = 4;
/// Base64 this short may be a word.
const BASE64_BYTES_MIN: usize = 16;
/// A window of zstd above this is refused: it would be reserved before a byte of it has come.
const ZSTD_WINDOW_BYTES_MAX: u64 = 8 << 20;

/// How a payload is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    /// Base64 (RFC 4648, sections 4 and 5), also with line breaks.
    Base64,
    /// gzip (RFC 1952).
    Gzip,
    /// zlib (RFC 1950).
    Zlib,
    /// Zstandard (RFC 8878).
    Zstd,
    /// LZ4 in its frame format.
    Lz4,
    /// bzip2.
    Bzip2,
}

impl Packing {
    /// Every packing.
    pub const ALL: [Self; 6] = [Self::Base64, Self::Gzip, Self::Zlib, Self::Zstd, Self::Lz4, Self::Bzip2];

    /// As people write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Base64 => "Base64",
            Self::Gzip => "gzip",
            Self::Zlib => "zlib",
            Self::Zstd => "zstd",
            Self::Lz4 => "lz4",
            Self::Bzip2 => "bzip2",
        }
    }

    /// The extension of a file that holds such bytes, without a dot.
    pub(super) fn extension(self) -> &'static str {
        match self {
            Self::Base64 => "b64",
            Self::Gzip => "gz",
            Self::Zlib => "zlib",
            Self::Zstd => "zst",
            Self::Lz4 => "lz4",
            Self::Bzip2 => "bz2",
        }
    }

    /// The packing that the first bytes mark. Base64 has no such mark and is not checked here.
    pub(super) fn of_start(payload: &[u8]) -> Option<Self> {
        match payload {
            [0x1F, 0x8B, 8, ..] => Some(Self::Gzip),
            [0x28, 0xB5, 0x2F, 0xFD, ..] => Some(Self::Zstd),
            [0x04, 0x22, 0x4D, 0x18, ..] => Some(Self::Lz4),
            [b'B', b'Z', b'h', b'1'..=b'9', 0x31, 0x41, 0x59, 0x26, 0x53, 0x59, ..] => Some(Self::Bzip2),
            // Deflate with a window of 32 kB and a checksum of its own two bytes (RFC 1950, 2.2).
            [0x78, flags, ..] if (0x7800 | u16::from(*flags)).is_multiple_of(31) && flags & 0x20 == 0 => {
                Some(Self::Zlib)
            }
            _ => None,
        }
    }
}

/// What was inside a payload.
#[derive(Clone, Debug, Default)]
pub struct Unpacked<'p> {
    /// The packings, from the outside in. Empty: the payload is not packed.
    pub layers: Vec<Packing>,
    /// What they held.
    pub bytes: Cow<'p, [u8]>,
}

/// Opens a payload whole. What is not packed comes back as it is.
///
/// # Errors
///
/// If it is damaged, with the byte up to which it was read; if more than `limits.decoded_bytes_max` come out of it.
pub fn unpack<'p>(
    payload: &'p [u8],
    limits: &DecodeLimits,
    cancel: CancelCheck<'_>,
) -> Result<Unpacked<'p>, DecodeError> {
    let mut unpacked = Unpacked { layers: Vec::new(), bytes: Cow::Borrowed(payload) };
    while unpacked.layers.len() < LAYERS_MAX
        && let Some(packing) = packing_of(&unpacked.bytes)
    {
        let bytes = open(packing, &unpacked.bytes, limits.decoded_bytes_max, cancel)?;
        unpacked.layers.push(packing);
        unpacked.bytes = Cow::Owned(bytes);
    }
    Ok(unpacked)
}

/// Packs bytes.
pub fn pack(packing: Packing, bytes: &[u8]) -> Vec<u8> {
    // Writing into a vector does not fail.
    match packing {
        Packing::Base64 => data_encoding::BASE64.encode(bytes).into_bytes(),
        Packing::Gzip => {
            let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
            out.write_all(bytes).unwrap_or_default();
            out.finish().unwrap_or_default()
        }
        Packing::Zlib => {
            let mut out = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
            out.write_all(bytes).unwrap_or_default();
            out.finish().unwrap_or_default()
        }
        Packing::Zstd => {
            ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
        }
        Packing::Lz4 => {
            let mut out = lz4_flex::frame::FrameEncoder::new(Vec::new());
            out.write_all(bytes).unwrap_or_default();
            out.finish().unwrap_or_default()
        }
        Packing::Bzip2 => {
            let mut out = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::default());
            out.write_all(bytes).unwrap_or_default();
            out.finish().unwrap_or_default()
        }
    }
}

/// The first `bytes_max` bytes of what a payload holds. A payload that is damaged before anything came out of it counts
/// as not packed.
pub(super) fn unpack_start(payload: &[u8], bytes_max: usize) -> Unpacked<'_> {
    let mut unpacked = Unpacked { layers: Vec::new(), bytes: Cow::Borrowed(payload) };
    while unpacked.layers.len() < LAYERS_MAX
        && let Some(packing) = packing_of(&unpacked.bytes)
    {
        let mut out = Vec::new();
        if read(packing, &unpacked.bytes, bytes_max, &mut out, &never).is_err() && out.is_empty() {
            break;
        }
        unpacked.layers.push(packing);
        unpacked.bytes = Cow::Owned(out);
    }
    unpacked
}

/// How a payload is packed, by its beginning; `None` if it is not.
fn packing_of(payload: &[u8]) -> Option<Packing> {
    Packing::of_start(payload).or_else(|| base64_holds(payload).then_some(Packing::Base64))
}

/// Opens deflate without a head (RFC 1951), which only the format around it can tell.
pub(super) fn inflate(
    payload: &[u8],
    bytes_max: usize,
    cancel: CancelCheck<'_>,
) -> Result<Vec<u8>, DecodeError> {
    let mut out = Vec::new();
    let mut taken = Taken { payload, at: 0 };
    let result = copy(flate2::read::DeflateDecoder::new(&mut taken), bytes_max, &mut out, cancel);
    result.map_err(|stop| stop.at(taken.at))?;
    Ok(out)
}

/// Opens Brotli (RFC 7932), which has no marks: only a person can tell.
pub(super) fn unbrotli(
    payload: &[u8],
    bytes_max: usize,
    cancel: CancelCheck<'_>,
) -> Result<Vec<u8>, DecodeError> {
    let mut out = Vec::new();
    let mut taken = Taken { payload, at: 0 };
    let result = copy(brotli_decompressor::Decompressor::new(&mut taken, 4_096), bytes_max, &mut out, cancel);
    // It reads ahead, so a payload that breaks off is known by having been read whole.
    let is_read = taken.at == payload.len();
    result.map_err(|stop| match stop {
        Stop::Broken { .. } if is_read => Stop::Broken { is_end: true }.at(payload.len()),
        stop => stop.at(taken.at),
    })?;
    Ok(out)
}

/// Opens what is packed this way.
pub(super) fn open(
    packing: Packing,
    payload: &[u8],
    bytes_max: usize,
    cancel: CancelCheck<'_>,
) -> Result<Vec<u8>, DecodeError> {
    let mut out = Vec::new();
    read(packing, payload, bytes_max, &mut out, cancel)?;
    out.shrink_to_fit();
    Ok(out)
}

/// Unpacks into `out`, which holds what came out before a fault.
fn read(
    packing: Packing,
    payload: &[u8],
    bytes_max: usize,
    out: &mut Vec<u8>,
    cancel: CancelCheck<'_>,
) -> Result<(), DecodeError> {
    let mut taken = Taken { payload, at: 0 };
    let result = match packing {
        Packing::Base64 => return base64(payload, bytes_max, out),
        Packing::Gzip => copy(flate2::read::MultiGzDecoder::new(&mut taken), bytes_max, out, cancel),
        Packing::Zlib => copy(flate2::read::ZlibDecoder::new(&mut taken), bytes_max, out, cancel),
        Packing::Zstd => zstd(&mut taken, bytes_max, out, cancel),
        Packing::Lz4 => copy(lz4_flex::frame::FrameDecoder::new(&mut taken), bytes_max, out, cancel),
        Packing::Bzip2 => copy(bzip2::read::MultiBzDecoder::new(&mut taken), bytes_max, out, cancel),
    };
    result.map_err(|stop| stop.at(taken.at))
}

/// Why unpacking stopped.
enum Stop {
    Limit(LimitError),
    Broken { is_end: bool },
}

impl Stop {
    /// As the reason of a decoder that had read so far.
    fn at(self, offset: usize) -> DecodeError {
        match self {
            Self::Limit(limit) => limit.into(),
            Self::Broken { is_end } => {
                let problem = if is_end { BinaryProblem::Truncated } else { BinaryProblem::Damaged };
                BinaryFault { offset, problem }.into()
            }
        }
    }
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Broken { is_end: error.kind() == io::ErrorKind::UnexpectedEof }
    }
}

/// Frame by frame, as `zstd -d` does.
fn zstd(
    taken: &mut Taken<'_>,
    bytes_max: usize,
    out: &mut Vec<u8>,
    cancel: CancelCheck<'_>,
) -> Result<(), Stop> {
    while taken.at < taken.payload.len() {
        let decoder = StreamingDecoder::new_with_max_window_size(&mut *taken, ZSTD_WINDOW_BYTES_MAX);
        match decoder {
            Ok(decoder) => copy(decoder, bytes_max, out, cancel)?,
            Err(_) => return Err(Stop::Broken { is_end: taken.at == taken.payload.len() }),
        }
    }
    Ok(())
}

/// Reads to the end in pieces, so that it can stop at the limit or when the result is no longer wanted.
fn copy(
    mut from: impl Read,
    bytes_max: usize,
    out: &mut Vec<u8>,
    cancel: CancelCheck<'_>,
) -> Result<(), Stop> {
    let mut piece = [0; 16 * 1024];
    let mut look_at = CANCEL_EVERY_BYTES;
    loop {
        let count = from.read(&mut piece)?;
        if count == 0 {
            return Ok(());
        }
        let room = bytes_max - out.len().min(bytes_max);
        out.extend_from_slice(&piece[..count.min(room)]);
        if count > room {
            return Err(Stop::Limit(LimitError::TooLarge { what: TooLarge::Unpacked, bytes_max }));
        }
        if out.len() >= look_at {
            look_at = out.len() + CANCEL_EVERY_BYTES;
            if cancel() {
                return Err(Stop::Limit(LimitError::Cancelled));
            }
        }
    }
}

/// A payload that knows how far it was read.
struct Taken<'p> {
    payload: &'p [u8],
    at: usize,
}

impl Read for Taken<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let rest = &self.payload[self.at..];
        let count = rest.len().min(into.len());
        into[..count].copy_from_slice(&rest[..count]);
        self.at += count;
        Ok(count)
    }
}

fn base64(payload: &[u8], bytes_max: usize, out: &mut Vec<u8>) -> Result<(), DecodeError> {
    let digits: Vec<u8> = payload
        .iter()
        .filter(|byte| !matches!(byte, b'\r' | b'\n' | b' ' | b'\t'))
        .map(|byte| match byte {
            b'-' => b'+',
            b'_' => b'/',
            byte => *byte,
        })
        .collect();
    if digits.len() / 4 * 3 > bytes_max + 3 {
        // Only the beginning was asked for, or there is no room: as much as there is.
        let whole = digits.get(..bytes_max.div_ceil(3) * 4).unwrap_or_default();
        out.extend(data_encoding::BASE64.decode(whole).unwrap_or_default());
        return Err(LimitError::TooLarge { what: TooLarge::Unpacked, bytes_max }.into());
    }
    let encoding = if digits.ends_with(b"=") { data_encoding::BASE64 } else { data_encoding::BASE64_NOPAD };
    match encoding.decode(&digits) {
        Ok(bytes) => {
            out.extend(bytes);
            Ok(())
        }
        Err(error) => {
            Err(BinaryFault { offset: error.position.min(payload.len()), problem: BinaryProblem::Damaged }
                .into())
        }
    }
}

/// Whether a text is Base64 of something with recognisable marks. Base64 itself has none, and many ordinary words and
/// numbers are valid Base64.
fn base64_holds(payload: &[u8]) -> bool {
    if payload.len() < BASE64_BYTES_MIN {
        return false;
    }
    let start = payload.trim_ascii();
    let start = &start[..start.len().min(1_024)];
    let is_digit = |byte: &u8| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_' | b'=' | b'\r' | b'\n')
    };
    if !start.iter().all(is_digit) {
        return false;
    }
    let mut out = Vec::new();
    let is_damaged =
        matches!(base64(payload, 768, &mut out), Err(DecodeError::Binary(_) | DecodeError::NotAPicture));
    !is_damaged && crate::payload::decode::has_marks(&out)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use proptest::prelude::*;

    use super::*;

    const JSON: &[u8] = b"{\"temperature\":21.5}";

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        out.write_all(bytes).unwrap();
        out.finish().unwrap()
    }

    fn layers_of(payload: &[u8]) -> (Vec<Packing>, Vec<u8>) {
        let unpacked = unpack(payload, &DecodeLimits::default(), &never).unwrap();
        (unpacked.layers, unpacked.bytes.into_owned())
    }

    #[test]
    fn each_packing_gives_back_what_was_put_in() {
        let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
        zlib.write_all(JSON).unwrap();
        let mut lz4 = lz4_flex::frame::FrameEncoder::new(Vec::new());
        lz4.write_all(JSON).unwrap();
        let mut bzip2 = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::default());
        bzip2.write_all(JSON).unwrap();
        let zstd = ruzstd::encoding::compress_to_vec(JSON, ruzstd::encoding::CompressionLevel::Fastest);
        for (packing, payload) in [
            (Packing::Gzip, gzip(JSON)),
            (Packing::Zlib, zlib.finish().unwrap()),
            (Packing::Lz4, lz4.finish().unwrap()),
            (Packing::Bzip2, bzip2.finish().unwrap()),
            (Packing::Zstd, zstd),
        ] {
            assert_eq!(layers_of(&payload), (vec![packing], JSON.to_vec()), "{packing:?}");
            assert_eq!(unpack_start(&payload, 5).bytes.as_ref(), &JSON[..5], "{packing:?}");
        }
    }

    #[test]
    fn packings_lie_in_each_other() {
        let payload = data_encoding::BASE64.encode(&gzip(&gzip(JSON)));
        let layers = vec![Packing::Base64, Packing::Gzip, Packing::Gzip];
        assert_eq!(layers_of(payload.as_bytes()), (layers, JSON.to_vec()));
    }

    #[test]
    fn base64_is_only_believed_of_what_has_marks() {
        for word in ["temperature/living", "DEADBEEFDEADBEEF", "1234567812345678", "aGVsbG8gd29ybGQhIQ=="] {
            assert_eq!(layers_of(word.as_bytes()).0, [], "{word}");
        }
        let png = data_encoding::BASE64.encode(b"\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR");
        assert_eq!(layers_of(png.as_bytes()).0, [Packing::Base64]);
        let json = data_encoding::BASE64URL_NOPAD.encode(JSON);
        assert_eq!(layers_of(json.as_bytes()), (vec![Packing::Base64], JSON.to_vec()));
    }

    #[test]
    fn what_grows_beyond_the_bound_is_refused_and_what_is_damaged_says_where() {
        let bomb = gzip(&vec![0; 10 << 20]);
        let limits = DecodeLimits { decoded_bytes_max: 1 << 20, ..DecodeLimits::default() };
        let too_large = LimitError::TooLarge { what: TooLarge::Unpacked, bytes_max: 1 << 20 };
        assert_eq!(unpack(&bomb, &limits, &never).unwrap_err(), DecodeError::Limit(too_large));
        let cut = &gzip(JSON)[..20];
        let error = unpack(cut, &DecodeLimits::default(), &never).unwrap_err();
        assert_eq!(error, BinaryFault { offset: 20, problem: BinaryProblem::Truncated }.into());
        let mut wrong = gzip(JSON);
        let last = wrong.len() - 6;
        wrong[last] ^= 1;
        assert!(matches!(
            unpack(&wrong, &DecodeLimits::default(), &never),
            Err(DecodeError::Binary(BinaryFault { problem: BinaryProblem::Damaged, .. }))
        ));
        // A window of two gigabytes is not reserved.
        let window = b"\x28\xB5\x2F\xFD\x00\xA8\x01\x00\x00";
        assert!(unpack(window, &DecodeLimits::default(), &never).is_err());
    }

    proptest! {
        #[test]
        fn any_bytes_behind_any_signature_end(tail in proptest::collection::vec(any::<u8>(), 0..200)) {
            for head in [&b"\x1F\x8B\x08"[..], b"\x28\xB5\x2F\xFD", b"\x04\x22\x4D\x18", b"BZh91AY&SY", b"\x78\x9C", b""] {
                let payload = [head, &tail].concat();
                match unpack(&payload, &DecodeLimits::default(), &never) {
                    Ok(_) => {}
                    Err(error) => prop_assert!(error.offset().is_none_or(|at| at <= payload.len())),
                }
                unpack_start(&payload, 1_024);
            }
        }
    }
}

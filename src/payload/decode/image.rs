//! Pictures, by their header alone: which format, and how many pixels. `payload::picture` decodes them.
//!
//! Nothing is decoded here, and no length is trusted beyond the bytes that are there. The crate `imagesize` was tried
//! and rejected: it misreads the size of top-down bitmaps and of old ones with short headers, stops at fill bytes in
//! JPEG, and takes any text that begins with `BM` for a bitmap.

use crate::payload::decode::{DecodeError, Decoded, Decoder, Fit, Look, Shape};
use crate::payload::preview::{PreviewLine, byte_size};
use crate::payload::{CancelCheck, DecodeLimits};

/// Reads the header of a picture.
pub(super) struct Image;

impl Decoder for Image {
    fn fit(&self, look: &Look<'_>) -> Fit {
        match (probe(look.payload()), look.text()) {
            (None, _) => Fit::No,
            (Some(_), None) => Fit::Certain,
            // "GIF89a" may be the beginning of a sentence.
            (Some(_), Some(_)) => Fit::Likely,
        }
    }

    fn shape(&self) -> Shape {
        Shape::Picture
    }

    fn decode(&self, payload: &[u8], _: &DecodeLimits, _: CancelCheck<'_>) -> Result<Decoded, DecodeError> {
        probe(payload).map(Decoded::Image).ok_or(DecodeError::NotAPicture)
    }

    /// `PNG 128 × 128, 3.4 kB`.
    fn preview(&self, look: &Look<'_>, line: &mut PreviewLine) {
        let bytes = byte_size(look.payload().len() as u64);
        let text = match probe(look.payload()) {
            Some(ImageInfo { kind, size: Some((width, height)) }) => {
                format!("{} {width} × {height}, {bytes}", kind.name())
            }
            Some(ImageInfo { kind, size: None }) => format!("{}, {bytes}", kind.name()),
            None => bytes,
        };
        let fits = line.push_all(&text);
        line.end(fits);
    }

    fn extension(&self, look: &Look<'_>) -> &'static str {
        probe(look.payload()).map_or("bin", |image| image.kind.extension())
    }
}

/// A picture format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImageKind {
    /// Portable Network Graphics.
    Png,
    /// JPEG.
    Jpeg,
    /// Graphics Interchange Format.
    Gif,
    /// WebP.
    WebP,
    /// Windows bitmap.
    Bmp,
}

impl ImageKind {
    /// The format's usual name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Png => "PNG",
            Self::Jpeg => "JPEG",
            Self::Gif => "GIF",
            Self::WebP => "WebP",
            Self::Bmp => "BMP",
        }
    }

    /// The file extension, without a dot.
    fn extension(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpeg",
            Self::Gif => "gif",
            Self::WebP => "webp",
            Self::Bmp => "bmp",
        }
    }
}

/// What the header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImageInfo {
    /// The format.
    pub kind: ImageKind,
    /// Width and height in pixels, where the header has them.
    pub size: Option<(u32, u32)>,
}

/// Segments of a JPEG file that are passed before its size; cameras write a dozen.
const JPEG_SEGMENTS_MAX: usize = 256;

/// Recognises a picture by its first bytes and reads its size.
fn probe(bytes: &[u8]) -> Option<ImageInfo> {
    let (kind, size) = if bytes.starts_with(b"\x89PNG\r\n\x1A\n") {
        (ImageKind::Png, png_size(bytes))
    } else if bytes.starts_with(b"\xFF\xD8\xFF") {
        (ImageKind::Jpeg, jpeg_size(bytes))
    } else if bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a") {
        (ImageKind::Gif, little16(bytes, 6).zip(little16(bytes, 8)))
    } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        (ImageKind::WebP, webp_size(bytes))
    } else {
        (ImageKind::Bmp, Some(bmp_size(bytes)?))
    };
    Some(ImageInfo { kind, size: size.filter(|(width, height)| *width > 0 && *height > 0) })
}

fn array<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..)?.first_chunk().copied()
}

fn little16(bytes: &[u8], at: usize) -> Option<u32> {
    array(bytes, at).map(u16::from_le_bytes).map(u32::from)
}

fn big16(bytes: &[u8], at: usize) -> Option<u32> {
    array(bytes, at).map(u16::from_be_bytes).map(u32::from)
}

fn little32(bytes: &[u8], at: usize) -> Option<u32> {
    array(bytes, at).map(u32::from_le_bytes)
}

/// The first chunk is IHDR (PNG specification, 11.2.1).
fn png_size(bytes: &[u8]) -> Option<(u32, u32)> {
    if bytes.get(12..16) != Some(b"IHDR") {
        return None;
    }
    Some((array(bytes, 16).map(u32::from_be_bytes)?, array(bytes, 20).map(u32::from_be_bytes)?))
}

/// Hops from segment to segment to the frame header (ITU-T T.81, B.2.2).
fn jpeg_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut at = 2;
    for _ in 0..JPEG_SEGMENTS_MAX {
        let [mark, code] = array(bytes, at)?;
        if mark != 0xFF {
            return None;
        }
        match code {
            // A frame header; C4, C8 and CC are something else.
            0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF => {
                return Some((big16(bytes, at + 7)?, big16(bytes, at + 5)?));
            }
            0xFF => at += 1, // filling
            0x01 | 0xD0..=0xD8 => at += 2,
            0xD9 | 0xDA => return None, // the end, or the data, came first
            _ => at += 2 + big16(bytes, at + 2)?.max(2) as usize,
        }
    }
    None
}

/// Lossy, lossless or extended (RFC 9649, 2.5 to 2.7).
fn webp_size(bytes: &[u8]) -> Option<(u32, u32)> {
    match bytes.get(12..16)? {
        b"VP8 " if bytes.get(23..26) == Some(b"\x9D\x01\x2A") => {
            Some((little16(bytes, 26)? & 0x3FFF, little16(bytes, 28)? & 0x3FFF))
        }
        b"VP8L" if bytes.get(20) == Some(&0x2F) => {
            let packed = little32(bytes, 21)?;
            Some(((packed & 0x3FFF) + 1, (packed >> 14 & 0x3FFF) + 1))
        }
        b"VP8X" => {
            let wide = |at| array(bytes, at).map(|[a, b, c]: [u8; 3]| u32::from_le_bytes([a, b, c, 0]) + 1);
            Some((wide(24)?, wide(27)?))
        }
        _ => None,
    }
}

/// Two letters are a weak sign, so the header behind them has to make sense as well.
fn bmp_size(bytes: &[u8]) -> Option<(u32, u32)> {
    if !bytes.starts_with(b"BM") || little32(bytes, 6)? != 0 {
        return None;
    }
    match little32(bytes, 14)? {
        12 => Some((little16(bytes, 18)?, little16(bytes, 20)?)),
        40 | 52 | 56 | 64 | 108 | 124 => {
            // A negative height: the rows come from the top.
            let side = |at| array(bytes, at).map(|side| i32::from_le_bytes(side).unsigned_abs());
            Some((side(18)?, side(22)?))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn png() -> Vec<u8> {
        [b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR".as_slice(), &640_u32.to_be_bytes(), &480_u32.to_be_bytes()].concat()
    }

    fn jpeg() -> Vec<u8> {
        let exif = [b"\xFF\xE1\x10\x02".as_slice(), &[0; 0x1000]].concat();
        let frame = b"\xFF\xC2\0\x11\x08\x01\xE0\x02\x80\x03";
        [b"\xFF\xD8".as_slice(), &exif, b"\xFF\xFF\xC4\0\x03x", frame].concat()
    }

    fn bmp(height: i32) -> Vec<u8> {
        let sides = [640_i32.to_le_bytes(), height.to_le_bytes()].concat();
        [b"BM\x10\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0".as_slice(), &sides].concat()
    }

    #[test]
    fn headers_give_format_and_size() {
        let webp = |chunk: &[u8], rest: &[u8]| [b"RIFF\x10\0\0\0WEBP", chunk, b"\x10\0\0\0", rest].concat();
        let packed = (639_u32 + (479 << 14)).to_le_bytes();
        let cases = [
            (png(), ImageKind::Png),
            (jpeg(), ImageKind::Jpeg),
            (b"GIF89a\x80\x02\xE0\x01".to_vec(), ImageKind::Gif),
            (webp(b"VP8 ", b"\0\0\0\x9D\x01\x2A\x80\x02\xE0\x01"), ImageKind::WebP),
            (webp(b"VP8L", &[&[0x2F], &packed[..]].concat()), ImageKind::WebP),
            (webp(b"VP8X", b"\0\0\0\0\x7F\x02\0\xDF\x01\0"), ImageKind::WebP),
            (bmp(480), ImageKind::Bmp),
            (bmp(-480), ImageKind::Bmp),
        ];
        for (bytes, kind) in cases {
            assert_eq!(probe(&bytes), Some(ImageInfo { kind, size: Some((640, 480)) }), "{kind:?}");
        }
    }

    #[test]
    fn a_header_that_breaks_off_or_lies_gives_no_size() {
        assert_eq!(probe(&png()[..20]), Some(ImageInfo { kind: ImageKind::Png, size: None }));
        assert_eq!(probe(b"\xFF\xD8\xFF\xDA"), Some(ImageInfo { kind: ImageKind::Jpeg, size: None }));
        assert_eq!(probe(b"GIF89a\0\0\xE0\x01"), Some(ImageInfo { kind: ImageKind::Gif, size: None }));
        assert_eq!(probe(b"BMW is a text that starts like a bitmap"), None);
        assert_eq!(probe(b""), None);
    }

    #[test]
    fn a_real_picture_is_recognised() {
        let icon = include_bytes!("../../../assets/icon/128.png");
        assert_eq!(probe(icon), Some(ImageInfo { kind: ImageKind::Png, size: Some((128, 128)) }));
    }

    proptest! {
        #[test]
        fn any_bytes_behind_any_signature_are_safe(tail in proptest::collection::vec(any::<u8>(), 0..80), cut in 0..30_usize) {
            for head in [&png()[..16], b"\xFF\xD8\xFF", b"GIF87a", b"RIFF\0\0\0\0WEBPVP8 ", b"RIFF\0\0\0\0WEBPVP8L", b"RIFF\0\0\0\0WEBPVP8X", b"BM"] {
                let bytes = [head, &tail].concat();
                probe(&bytes);
                probe(&bytes[..cut.min(bytes.len())]);
            }
        }
    }
}

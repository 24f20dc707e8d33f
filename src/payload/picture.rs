//! The pixels of a picture. Unlike its header, which `decode::image` reads, they take time and memory: the inspector has
//! them read by a job.
//!
//! What a header claims is checked before any memory is taken for it, and a picture that is damaged says where.

use std::io::{self, BufRead, Cursor, Read, Seek, SeekFrom};

use image::error::LimitErrorKind;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};

use crate::payload::CancelCheck;
use crate::payload::decode::ImageKind;

/// The most pixels that are decoded: 8,192 × 4,096, which take 128 MiB.
pub const PIXELS_MAX: u64 = 8_192 * 4_096;
/// What a decoder may take for its own, in bytes: 16 bits for each of four channels of [`PIXELS_MAX`].
const DECODER_BYTES_MAX: u64 = PIXELS_MAX * 8;
/// A decoder is handed so many bytes at once: between two portions it can be told to stop.
const PORTION_BYTES: usize = 4 * 1024;

/// A picture as it is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Width and height of the pixels that are held.
    pub size: [usize; 2],
    /// Width and height of the picture itself, turned as its camera says. Larger where it was made smaller to be drawn.
    pub full_size: [u32; 2],
    /// Red, green, blue and opacity of each pixel, row by row from the top.
    pub rgba: Vec<u8>,
    /// Whether any pixel lets through what is behind it.
    pub is_transparent: bool,
}

/// Why there are no pixels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PictureError {
    /// The header claims more pixels than [`PIXELS_MAX`].
    TooManyPixels {
        /// In pixels.
        width: u32,
        /// In pixels.
        height: u32,
    },
    /// Decoding takes more memory than is allowed for it.
    TooMuchMemory,
    /// The data ends before the picture is whole.
    BreaksOff {
        /// How many bytes there are.
        bytes: usize,
    },
    /// The data is damaged, or in a variant that cannot be read.
    Damaged {
        /// How far it was read, in bytes.
        at: usize,
        /// What the decoder says of it, in English.
        reason: String,
    },
    /// The result is no longer wanted.
    Cancelled,
}

/// Decodes a picture of a known kind; of an animation the first frame. One with a longer side than `side_max` is made
/// smaller.
pub fn decode(
    bytes: &[u8],
    kind: ImageKind,
    side_max: u32,
    cancel: CancelCheck<'_>,
) -> Result<Picture, PictureError> {
    let mut furthest = 0;
    let source = Source { bytes: Cursor::new(bytes), furthest: &mut furthest, cancel };
    let result = read(source, format(kind)).map_err(|error| match error {
        Failure::Picture(error) => Err(error),
        Failure::Decoder(error) => Ok(error),
    });
    let decoded = match result {
        Ok(decoded) => decoded,
        Err(Err(error)) => return Err(error),
        Err(Ok(_)) if cancel() => return Err(PictureError::Cancelled),
        Err(Ok(error)) => return Err(explain(&error, furthest, bytes.len())),
    };
    let full_size = [decoded.width(), decoded.height()];
    let longest = decoded.width().max(decoded.height());
    let side_max = side_max.max(1);
    let drawn = if longest > side_max { decoded.thumbnail(side_max, side_max) } else { decoded };
    let may_be_transparent = drawn.color().has_alpha();
    let rgba = drawn.into_rgba8();
    let size = [rgba.width() as usize, rgba.height() as usize];
    let rgba = rgba.into_raw();
    let is_transparent =
        may_be_transparent && rgba.as_chunks::<4>().0.iter().any(|pixel| pixel[3] != u8::MAX);
    Ok(Picture { size, full_size, rgba, is_transparent })
}

enum Failure {
    Picture(PictureError),
    Decoder(ImageError),
}

impl From<ImageError> for Failure {
    fn from(error: ImageError) -> Self {
        Self::Decoder(error)
    }
}

fn read(source: Source<'_>, format: ImageFormat) -> Result<DynamicImage, Failure> {
    let mut reader = ImageReader::with_format(source, format);
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(DECODER_BYTES_MAX);
    reader.limits(limits);
    let mut decoder = reader.into_decoder()?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > PIXELS_MAX {
        return Err(Failure::Picture(PictureError::TooManyPixels { width, height }));
    }
    if decoder.total_bytes() > DECODER_BYTES_MAX {
        return Err(Failure::Picture(PictureError::TooMuchMemory));
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut image = DynamicImage::from_decoder(decoder)?;
    image.apply_orientation(orientation);
    Ok(image)
}

fn format(kind: ImageKind) -> ImageFormat {
    match kind {
        ImageKind::Png => ImageFormat::Png,
        ImageKind::Jpeg => ImageFormat::Jpeg,
        ImageKind::Gif => ImageFormat::Gif,
        ImageKind::WebP => ImageFormat::WebP,
        ImageKind::Bmp => ImageFormat::Bmp,
    }
}

fn explain(error: &ImageError, furthest: usize, bytes: usize) -> PictureError {
    let ends = matches!(error, ImageError::IoError(error) if error.kind() == io::ErrorKind::UnexpectedEof);
    match error {
        ImageError::Limits(error) if matches!(error.kind(), LimitErrorKind::InsufficientMemory) => {
            PictureError::TooMuchMemory
        }
        _ if ends || furthest >= bytes => PictureError::BreaksOff { bytes },
        _ => PictureError::Damaged { at: furthest, reason: error.to_string() },
    }
}

/// The bytes of a picture, handed out in portions, with how far they were read.
struct Source<'a> {
    bytes: Cursor<&'a [u8]>,
    furthest: &'a mut usize,
    cancel: CancelCheck<'a>,
}

impl Source<'_> {
    fn note(&mut self) {
        *self.furthest = (*self.furthest).max(self.bytes.position() as usize);
    }

    fn is_wanted(&self) -> io::Result<()> {
        if (self.cancel)() { Err(io::ErrorKind::Other.into()) } else { Ok(()) }
    }
}

impl Read for Source<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.is_wanted()?;
        let read = self.bytes.read(buffer)?;
        self.note();
        Ok(read)
    }
}

impl BufRead for Source<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.is_wanted()?;
        let left = self.bytes.fill_buf()?;
        Ok(left.get(..PORTION_BYTES).unwrap_or(left))
    }

    fn consume(&mut self, amount: usize) {
        self.bytes.consume(amount);
        self.note();
    }
}

impl Seek for Source<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.bytes.seek(to)
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use image::{Rgba, RgbaImage};
    use proptest::prelude::*;

    use super::*;
    use crate::payload::never;

    const KINDS: [ImageKind; 5] =
        [ImageKind::Png, ImageKind::Jpeg, ImageKind::Gif, ImageKind::WebP, ImageKind::Bmp];

    /// Red at the left, blue at the right.
    fn encoded(kind: ImageKind, width: u32, height: u32) -> Vec<u8> {
        let image = RgbaImage::from_fn(width, height, |x, _| {
            if x < width / 2 { Rgba([250, 0, 0, 255]) } else { Rgba([0, 0, 250, 255]) }
        });
        let mut bytes = Cursor::new(Vec::new());
        DynamicImage::from(image).into_rgb8().write_to(&mut bytes, format(kind)).unwrap();
        bytes.into_inner()
    }

    #[test]
    fn every_kind_is_read_with_its_colours() {
        for kind in KINDS {
            let picture = decode(&encoded(kind, 32, 16), kind, 4_096, &never).unwrap();
            assert_eq!((picture.size, picture.full_size), ([32, 16], [32, 16]), "{kind:?}");
            assert!(!picture.is_transparent, "{kind:?}");
            let (left, right) = (&picture.rgba[..4], &picture.rgba[31 * 4..32 * 4]);
            assert!(left[0] > 200 && left[2] < 60, "{kind:?}: {left:?}");
            assert!(right[0] < 60 && right[2] > 200, "{kind:?}: {right:?}");
        }
    }

    #[test]
    fn a_large_picture_is_made_smaller_and_keeps_its_size_in_words() {
        let picture = decode(&encoded(ImageKind::Png, 400, 100), ImageKind::Png, 100, &never).unwrap();
        assert_eq!((picture.size, picture.full_size), ([100, 25], [400, 100]));
        assert_eq!(picture.rgba.len(), 100 * 25 * 4);
    }

    #[test]
    fn what_lets_the_ground_through_is_known() {
        let image = RgbaImage::from_pixel(2, 2, Rgba([0, 0, 0, 10]));
        let mut bytes = Cursor::new(Vec::new());
        image.write_to(&mut bytes, ImageFormat::Png).unwrap();
        assert!(decode(&bytes.into_inner(), ImageKind::Png, 4_096, &never).unwrap().is_transparent);
    }

    #[test]
    fn a_header_that_claims_too_much_takes_no_memory() {
        let mut bomb = encoded(ImageKind::Bmp, 2, 2);
        bomb[18..26].copy_from_slice(&[60_000_i32.to_le_bytes(), 60_000_i32.to_le_bytes()].concat());
        let error = decode(&bomb, ImageKind::Bmp, 4_096, &never).unwrap_err();
        assert_eq!(error, PictureError::TooManyPixels { width: 60_000, height: 60_000 });
        let mut gif = encoded(ImageKind::Gif, 2, 2);
        gif[6..10].copy_from_slice(&[0xFF; 4]);
        let error = decode(&gif, ImageKind::Gif, 4_096, &never).unwrap_err();
        assert_eq!(error, PictureError::TooManyPixels { width: 65_535, height: 65_535 });
    }

    #[test]
    fn a_picture_that_breaks_off_says_after_how_many_bytes() {
        for kind in [ImageKind::Png, ImageKind::WebP, ImageKind::Gif] {
            let whole = encoded(kind, 64, 64);
            let half = &whole[..whole.len() / 2];
            let error = decode(half, kind, 4_096, &never).unwrap_err();
            assert_eq!(error, PictureError::BreaksOff { bytes: half.len() }, "{kind:?}");
        }
    }

    #[test]
    fn a_damaged_picture_says_where() {
        let mut png = encoded(ImageKind::Png, 64, 64);
        let header = png.windows(4).position(|window| window == b"IHDR").unwrap();
        png[header + 8] ^= 0x55; // its checksum no longer fits
        let error = decode(&png, ImageKind::Png, 4_096, &never).unwrap_err();
        let PictureError::Damaged { at, reason } = error else { panic!("{error:?}") };
        assert!((header..png.len()).contains(&at) && !reason.is_empty(), "{at}: {reason}");
    }

    #[test]
    fn what_nobody_wants_any_more_stops() {
        let asked = Cell::new(0);
        let cancel = || {
            asked.set(asked.get() + 1);
            asked.get() > 1
        };
        let error = decode(&encoded(ImageKind::Png, 64, 64), ImageKind::Png, 4_096, &cancel).unwrap_err();
        assert_eq!(error, PictureError::Cancelled);
    }

    proptest! {
        #[test]
        fn any_damage_is_survived(kind in 0..KINDS.len(), at in 0..600_usize, flip in 1..=255_u8, keep in 0..900_usize) {
            let kind = KINDS[kind];
            let mut bytes = encoded(kind, 24, 24);
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= flip;
            }
            bytes.truncate(keep);
            decode(&bytes, kind, 64, &never).ok();
        }
    }
}

//! What binary formats come to: one value, written as JSON.
//!
//! A format that holds values implements [`ValueDecoder`]; [`AsTree`] makes a [`Decoder`] of it, with a tree whose
//! lines fold and have paths, and a preview on one line. What JSON has no word for becomes a string that says what it
//! is: `h'0102'` for bytes, `NaN`, `undefined`.

mod writer;

use std::borrow::Cow;

pub use writer::ValueWriter;

use crate::payload::decode::binary::BinaryProblem;
use crate::payload::decode::{DecodeError, Decoded, Decoder, Fit, Look, Shape};
use crate::payload::encode::EncodeError;
use crate::payload::json::lay_out_values;
use crate::payload::preview::PreviewLine;
use crate::payload::{CancelCheck, DecodeLimits, LimitError, never, visible_line};

/// Bytes of JSON that a preview is made from.
const PREVIEW_BYTES: usize = 4 * 1024;

/// Bytes of JSON that the first 1,024 bytes of a payload may become.
const FIT_BYTES: usize = 64 * 1024;
/// Containers inside each other that still look meant.
const FIT_DEPTH: usize = 64;

/// Reads one value out of bytes.
pub trait ValueDecoder: Sync {
    /// How well the format fits a payload, by its beginning alone.
    fn fit(&self, look: &Look<'_>) -> Fit;

    /// Writes the whole payload as a value, or says at which byte it cannot be read. `depth_max` is how many containers
    /// may stand inside each other.
    fn write(&self, payload: &[u8], depth_max: usize, out: &mut ValueWriter<'_>) -> Result<(), DecodeError>;

    /// Writes as much as there is room for of a row that shows, which cannot wait.
    fn write_start(&self, payload: &[u8], out: &mut ValueWriter<'_>) -> Result<(), DecodeError> {
        self.write(payload, PREVIEW_BYTES, out)
    }

    /// Writes a text as a payload, the reverse of [`ValueDecoder::write`].
    fn encode(&self, _text: &str, _limits: &DecodeLimits) -> Result<Vec<u8>, EncodeError> {
        Err(EncodeError::NotWritten)
    }

    /// The extension of a file that holds such a payload, without a dot.
    fn extension(&self) -> &'static str;
}

fn write<'a>(
    decoder: &impl ValueDecoder,
    payload: &[u8],
    limits: &DecodeLimits,
    cancel: CancelCheck<'a>,
) -> Result<ValueWriter<'a>, DecodeError> {
    write_into(decoder, payload, limits, ValueWriter::new(limits.decoded_bytes_max, cancel))
}

fn write_into<'a>(
    decoder: &impl ValueDecoder,
    payload: &[u8],
    limits: &DecodeLimits,
    mut out: ValueWriter<'a>,
) -> Result<ValueWriter<'a>, DecodeError> {
    if payload.len() > limits.input_bytes_max {
        return Err(LimitError::payload(limits).into());
    }
    decoder.write(payload, limits.depth_max, &mut out)?;
    Ok(out)
}

/// `fit` if the beginning of a payload is the beginning of one value, else none.
pub(super) fn fit_by_reading(decoder: &impl ValueDecoder, look: &Look<'_>, fit: Fit) -> Fit {
    let start = look.start();
    let mut out = ValueWriter::new(FIT_BYTES, &never);
    let reads = match decoder.write(start, FIT_DEPTH, &mut out) {
        Ok(()) => true,
        Err(DecodeError::Binary(fault)) => !look.is_whole() && fault.problem == BinaryProblem::Truncated,
        Err(_) => false,
    };
    if reads && out.roots() == 1 { fit } else { Fit::No }
}

/// The decoder that a [`ValueDecoder`] makes.
#[derive(Debug)]
pub(super) struct AsTree<D>(pub(super) D);

impl<D: ValueDecoder> Decoder for AsTree<D> {
    fn fit(&self, look: &Look<'_>) -> Fit {
        self.0.fit(look)
    }

    fn shape(&self) -> Shape {
        Shape::Tree
    }

    fn decode(
        &self,
        payload: &[u8],
        limits: &DecodeLimits,
        cancel: CancelCheck<'_>,
    ) -> Result<Decoded, DecodeError> {
        let (json, spans) = write_into(
            &self.0,
            payload,
            limits,
            ValueWriter::new(limits.decoded_bytes_max, cancel).with_spans(),
        )?
        .finish_with_spans();
        let mut document = lay_out_values(&json, limits, cancel)?;
        document.set_spans(&json, spans);
        Ok(Decoded::Document(document))
    }

    fn json<'p>(
        &self,
        payload: &'p [u8],
        limits: &DecodeLimits,
        cancel: CancelCheck<'_>,
    ) -> Option<Result<Cow<'p, str>, DecodeError>> {
        Some(write(&self.0, payload, limits, cancel).map(|out| Cow::Owned(out.finish())))
    }

    /// As much of the value as there is room for, also of a payload that breaks off or of which only the beginning is
    /// there.
    fn preview(&self, look: &Look<'_>, line: &mut PreviewLine) {
        let mut out = ValueWriter::new(PREVIEW_BYTES, &never);
        let is_whole = self.0.write_start(look.payload(), &mut out).is_ok();
        let json = out.finish();
        let fits = visible_line(&json).chars().all(|character| line.push(character));
        line.end(fits && is_whole);
    }

    fn encode(&self, text: &str, limits: &DecodeLimits) -> Result<Vec<u8>, EncodeError> {
        self.0.encode(text, limits)
    }

    fn extension(&self, _: &Look<'_>) -> &'static str {
        self.0.extension()
    }
}

//! Any payload as its bytes.

use crate::payload::decode::{DecodeError, Decoded, Decoder, Fit, Look, Shape};
use crate::payload::encode::EncodeError;
use crate::payload::preview::{PreviewLine, byte_size};
use crate::payload::{CancelCheck, DecodeLimits, hex};

/// Reads any payload as bytes.
pub(super) struct Hex;

impl Decoder for Hex {
    fn fit(&self, _: &Look<'_>) -> Fit {
        Fit::Possible
    }

    fn shape(&self) -> Shape {
        Shape::Bytes
    }

    fn decode(&self, _: &[u8], _: &DecodeLimits, _: CancelCheck<'_>) -> Result<Decoded, DecodeError> {
        Ok(Decoded::Bytes)
    }

    /// `(1.2 kB) 0a ff 3c …`: as many bytes as there is room for. The size comes first and in brackets: behind the
    /// digits it would read like more of them.
    fn preview(&self, look: &Look<'_>, line: &mut PreviewLine) {
        let payload = look.payload();
        let size = format!("({})", byte_size(payload.len() as u64));
        let room = line.room().saturating_sub(size.len() + 2) / 3;
        line.push_all(&size);
        if room > 0 {
            line.push_all(" ");
            line.push_all(&hex::spaced(&payload[..payload.len().min(room)]));
        }
        if room < payload.len() {
            line.push_all(" …");
        }
    }

    fn encode(&self, text: &str, _: &DecodeLimits) -> Result<Vec<u8>, EncodeError> {
        hex::parse(text).map_err(EncodeError::Hex)
    }

    fn extension(&self, _: &Look<'_>) -> &'static str {
        "bin"
    }
}

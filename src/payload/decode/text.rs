//! Text as sent.

use crate::payload::decode::{DecodeError, Decoded, Decoder, Fit, Look, Shape};
use crate::payload::document::Document;
use crate::payload::encode::EncodeError;
use crate::payload::json::{self, JsonError, SyntaxError};
use crate::payload::preview::PreviewLine;
use crate::payload::{CancelCheck, DecodeLimits};

/// Reads any payload as text. Bytes that are not UTF-8 are replaced, and counted.
pub(super) struct Text;

impl Decoder for Text {
    fn fit(&self, look: &Look<'_>) -> Fit {
        match look.text() {
            Some("") => Fit::Likely,
            Some(text) if !is_mostly_control(text) => Fit::Likely,
            _ => Fit::Possible,
        }
    }

    fn shape(&self) -> Shape {
        Shape::Text
    }

    fn decode(
        &self,
        payload: &[u8],
        limits: &DecodeLimits,
        cancel: CancelCheck<'_>,
    ) -> Result<Decoded, DecodeError> {
        let mut document = Document::from_text(payload, limits, cancel)?;
        document.set_json_fault(json_fault(payload, limits, cancel));
        Ok(Decoded::Document(document))
    }

    /// Line ends and control characters are shown as symbols.
    fn preview(&self, look: &Look<'_>, line: &mut PreviewLine) {
        let mut characters = look.text().unwrap_or_default().chars().peekable();
        while let Some(character) = characters.next() {
            let fits = match character {
                '\r' if characters.peek() == Some(&'\n') => true,
                '\n' => line.push('␊'),
                '\t' => line.push(' '),
                _ => line.push_visible(character),
            };
            if !fits {
                return line.end(false);
            }
        }
        line.end(look.is_whole());
    }

    fn encode(&self, text: &str, _: &DecodeLimits) -> Result<Vec<u8>, EncodeError> {
        Ok(text.as_bytes().to_vec())
    }

    fn extension(&self, _: &Look<'_>) -> &'static str {
        "txt"
    }
}

/// Whether so many characters are control characters that the bytes are probably not text, although they are UTF-8.
fn is_mostly_control(text: &str) -> bool {
    // A string out of a C program may bring the NULs at its end.
    let written = text.trim_end_matches('\0');
    let is_control = |byte: &&u8| matches!(byte, 0..=8 | 0x0E..=0x1A | 0x1C..=0x1F | 0x7F);
    let controls = written.as_bytes().iter().filter(is_control).count();
    written.is_empty() || controls * 10 > written.len()
}

/// Where a text that begins like JSON breaks its grammar. Several values in a row are JSON here, so a fault that the
/// check for one value finds is only believed if the layout finds one too; the check alone needs no memory.
fn json_fault(payload: &[u8], limits: &DecodeLimits, cancel: CancelCheck<'_>) -> Option<SyntaxError> {
    if !matches!(payload.trim_ascii_start().first(), Some(b'{' | b'[')) {
        return None;
    }
    json::validate(payload, limits, cancel).err()?;
    match json::pretty(payload, limits, cancel) {
        Err(JsonError::Syntax(error)) => Some(error),
        Ok(_) | Err(JsonError::Limit(_)) => None,
    }
}

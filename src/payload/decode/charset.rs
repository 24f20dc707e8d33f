//! Text that is not UTF-8, by choice: UTF-16 and Latin-1.

use std::borrow::Cow;

use crate::payload::decode::{DecodeError, Decoded, Decoder, Fit, Look, Shape, text};
use crate::payload::encode::EncodeError;
use crate::payload::preview::PreviewLine;
use crate::payload::{CancelCheck, DecodeLimits};

/// How characters became bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Charset {
    /// UTF-16, the low byte first unless a byte order mark says otherwise.
    Utf16Le,
    /// UTF-16, the high byte first unless a byte order mark says otherwise.
    Utf16Be,
    /// ISO 8859-1: a byte a character.
    Latin1,
}

impl Charset {
    /// The characters. What is no character becomes U+FFFD.
    fn characters(self, payload: &[u8]) -> String {
        let is_little = match (self, payload) {
            (Self::Latin1, _) => return payload.iter().map(|byte| char::from(*byte)).collect(),
            (_, [0xFF, 0xFE, ..]) => true,
            (_, [0xFE, 0xFF, ..]) => false,
            (charset, _) => charset == Self::Utf16Le,
        };
        let (pairs, odd) = payload.as_chunks::<2>();
        let read = if is_little { u16::from_le_bytes } else { u16::from_be_bytes };
        let mut text = String::with_capacity(payload.len());
        let units = pairs.iter().map(|pair| read(*pair));
        text.extend(char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)));
        if !odd.is_empty() {
            text.push(char::REPLACEMENT_CHARACTER);
        }
        if text.starts_with('\u{FEFF}') {
            text.remove(0);
        }
        text
    }
}

impl Decoder for Charset {
    /// Fits if there is a byte order mark; otherwise a person has to choose the format.
    fn fit(&self, look: &Look<'_>) -> Fit {
        match (self, look.payload()) {
            (Self::Utf16Le, [0xFF, 0xFE, rest @ ..]) | (Self::Utf16Be, [0xFE, 0xFF, rest @ ..])
                if rest.len() >= 4 && rest.len().is_multiple_of(2) =>
            {
                let is_strange = |character: char| {
                    character == char::REPLACEMENT_CHARACTER
                        || (character.is_control() && !character.is_whitespace())
                };
                if self.characters(look.start()).contains(is_strange) { Fit::No } else { Fit::Likely }
            }
            _ => Fit::No,
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
        if payload.len() > limits.input_bytes_max {
            return Err(crate::payload::LimitError::payload(limits).into());
        }
        text::Text.decode(self.characters(payload).as_bytes(), limits, cancel)
    }

    fn json<'p>(
        &self,
        payload: &'p [u8],
        limits: &DecodeLimits,
        cancel: CancelCheck<'_>,
    ) -> Option<Result<Cow<'p, str>, DecodeError>> {
        // Text that holds JSON is that value.
        let text = self.characters(payload);
        let json = crate::payload::json::minify(text.as_bytes(), limits, cancel).ok()?;
        Some(Ok(Cow::Owned(json)))
    }

    fn preview(&self, look: &Look<'_>, line: &mut PreviewLine) {
        let start = self.characters(look.start());
        text::Text.preview(&Look::at(start.as_bytes()), line);
        if !look.is_whole() {
            line.end(false);
        }
    }

    fn encode(&self, text: &str, _: &DecodeLimits) -> Result<Vec<u8>, EncodeError> {
        let units = text.encode_utf16();
        match self {
            Self::Utf16Le => Ok(units.flat_map(u16::to_le_bytes).collect()),
            Self::Utf16Be => Ok(units.flat_map(u16::to_be_bytes).collect()),
            Self::Latin1 => {
                let byte = |character| {
                    u8::try_from(u32::from(character)).map_err(|_| EncodeError::NoSuchCharacter(character))
                };
                text.chars().map(byte).collect()
            }
        }
    }

    fn extension(&self, _: &Look<'_>) -> &'static str {
        "txt"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_read_in_each_charset() {
        let cases: [(Charset, &[u8], &str); 6] = [
            (Charset::Latin1, b"caf\xE9", "café"),
            (Charset::Utf16Le, b"2\0\x29\x6E", "2温"),
            (Charset::Utf16Be, b"\0\x32\x6E\x29", "2温"),
            (Charset::Utf16Le, b"\xFE\xFF\0\x32", "2"),
            (Charset::Utf16Be, b"\xD8\0\0\x32", "\u{FFFD}2"),
            (Charset::Utf16Le, b"2\0x", "2\u{FFFD}"),
        ];
        for (charset, payload, text) in cases {
            assert_eq!(charset.characters(payload), text, "{charset:?}");
        }
    }

    #[test]
    fn only_a_byte_order_mark_speaks_for_utf_16() {
        let fit = |payload: &[u8]| Charset::Utf16Le.fit(&Look::at(payload));
        assert_eq!(fit(b"\xFF\xFE2\x001\x00"), Fit::Likely);
        assert_eq!(fit(b"\xFF\xFE\0\x01"), Fit::No, "two bytes are no text yet");
        assert_eq!(fit(b"2\0"), Fit::No);
        assert_eq!(fit(b"\xFF\xFE\x00\xD8"), Fit::No);
    }
}

//! How a written text stands for the bytes of a payload: as it is, as digits, or as JSON for a format's encoder.

use data_encoding::BASE64_NOPAD;

use crate::payload::decode::Choice;
use crate::payload::encode::{EncodeError, encode};
use crate::payload::hex::{self, HexError};

/// How a text stands for a payload.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Writing {
    /// The payload itself.
    #[default]
    Text,
    /// Hexadecimal digits.
    Hex,
    /// Base64 (RFC 4648, 4).
    Base64,
    /// JSON that is written in a format.
    Encoded(Choice),
}

/// Why a text stands for no payload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WritingError {
    /// The digits are invalid.
    Hex(HexError),
    /// It is not Base64 from this character on, counted from 1.
    Base64(usize),
    /// It cannot be written in the format.
    Encode(EncodeError),
}

impl Writing {
    /// The payload that a text stands for. An empty text is an empty payload in every notation.
    ///
    /// # Errors
    ///
    /// If the text is not what the notation needs.
    pub fn bytes(&self, text: &str) -> Result<Vec<u8>, WritingError> {
        match self {
            Self::Text => Ok(text.as_bytes().to_vec()),
            Self::Hex => hex::parse(text).map_err(WritingError::Hex),
            Self::Base64 => from_base64(text).map_err(WritingError::Base64),
            Self::Encoded(_) if text.is_empty() => Ok(Vec::new()),
            Self::Encoded(choice) => encode(choice, text).map_err(WritingError::Encode),
        }
    }
}

/// Reads Base64 with or without padding, in either alphabet, with white space anywhere; the error is the character, from 1,
/// that does not belong.
fn from_base64(text: &str) -> Result<Vec<u8>, usize> {
    let is_sign = |char: char| char.is_ascii_alphanumeric() || matches!(char, '+' | '/' | '-' | '_');
    let end = text.trim_end_matches(|char: char| char == '=' || char.is_whitespace()).chars().count();
    if let Some(at) = text.chars().take(end).position(|char| !is_sign(char) && !char.is_whitespace()) {
        return Err(at + 1);
    }
    let signs: String = text.chars().take(end).filter(|char| !char.is_whitespace()).collect();
    let signs = signs.replace('-', "+").replace('_', "/");
    BASE64_NOPAD.decode(signs.as_bytes()).map_err(|_| end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payload::decode::Format;

    #[test]
    fn the_same_bytes_are_written_in_every_notation() {
        let cbor = Writing::Encoded(Choice::plain(Format::Cbor));
        let cases = [(Writing::Text, "\u{1}"), (Writing::Hex, "01"), (Writing::Base64, "AQ=="), (cbor, "1")];
        for (writing, text) in cases {
            assert_eq!(writing.bytes(text), Ok(vec![1]), "{writing:?}");
            assert_eq!(writing.bytes(""), Ok(Vec::new()), "{writing:?}");
        }
    }

    #[test]
    fn base64_is_read_with_and_without_padding_and_a_mistake_is_placed() {
        for (text, bytes) in [("AQ==", vec![1]), ("AQ", vec![1]), ("_-8 =\n", vec![0xFF, 0xEF])] {
            assert_eq!(Writing::Base64.bytes(text), Ok(bytes), "{text}");
        }
        assert_eq!(Writing::Base64.bytes("A*Q="), Err(WritingError::Base64(2)));
        assert_eq!(Writing::Base64.bytes("A"), Err(WritingError::Base64(1)));
    }
}

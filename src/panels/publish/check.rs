//! What is right or wrong with the text of a payload.

use crate::panels::publish::body::TEXT_TO_HEX_BYTES_MAX;
use crate::payload::decode::Format;
use crate::payload::encode::EncodeError;
use crate::payload::hex::HexError;
use crate::payload::json::JsonError;
use crate::words::encoding::encode_error;
use crate::words::{Language, format, payload, publish as words};

/// The result of checking the text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Check {
    /// No payload.
    #[default]
    Empty,
    /// Valid JSON.
    Json,
    /// Any other text.
    Text,
    /// Looks like JSON but is not, with the place and the reason.
    BadJson(JsonError),
    /// Digits or Base64 for this many bytes.
    Bytes(usize),
    /// Invalid digits, with the place and the reason.
    BadHex(HexError),
    /// Invalid Base64: the character that cannot be there, counted from 1.
    BadBase64(usize),
    /// JSON that the format cannot hold, or no JSON.
    Unencodable(EncodeError),
    /// Too long to be checked during typing.
    Long,
}

/// Why an operation on the payload is impossible.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BodyProblem {
    /// A text above 32 KiB is not shown as digits.
    TooLongForHex,
    /// The bytes are not text that the editor can show.
    NotText,
    /// The digits are invalid.
    BadHex(HexError),
    /// The text is not Base64 from this character on, counted from 1.
    BadBase64(usize),
    /// The text is not JSON.
    BadJson(JsonError),
    /// The text cannot be written in the format.
    Unencodable(EncodeError),
    /// The bytes cannot be read in the format.
    NotInFormat(Format),
    /// The payload was too large to keep; its size in bytes.
    NotKept(u64),
}

impl BodyProblem {
    /// The problem as a sentence.
    pub fn text(&self, language: Language) -> String {
        match self {
            Self::TooLongForHex => words::too_long_for_hex(TEXT_TO_HEX_BYTES_MAX as u64, language),
            Self::NotText => words::BYTES_NOT_TEXT.of(language).to_owned(),
            Self::BadHex(error) => format::capitalised(&payload::hex_error(error, language)),
            Self::BadBase64(at) => words::bad_base64(*at, language),
            Self::BadJson(error) => words::json_error(&payload::json_error(error, language), language),
            Self::Unencodable(error) => format::capitalised(&encode_error(error, language)),
            Self::NotInFormat(format) => payload::not_readable(*format).of(language).to_owned(),
            Self::NotKept(bytes) => words::payload_missing(*bytes, language),
        }
    }
}

//! JSON, laid out line by line.

use std::borrow::Cow;

use crate::payload::decode::{DecodeError, Decoded, Decoder, Fit, Look, Shape};
use crate::payload::encode::EncodeError;
use crate::payload::json::{JsonTokens, LineState, looks_like_json, minify, pretty, tokens_from};
use crate::payload::preview::PreviewLine;
use crate::payload::{CancelCheck, DecodeLimits};

/// Reads JSON: also a number, a word or a string alone, and several objects in a row.
pub(super) struct Json;

impl Decoder for Json {
    /// Fits if the beginning is JSON; a later fault appears when it is decoded.
    fn fit(&self, look: &Look<'_>) -> Fit {
        match look.text() {
            Some(text) if looks_like_json(text.as_bytes(), look.is_whole()) => Fit::Certain,
            _ => Fit::Unlikely,
        }
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
        Ok(Decoded::Document(pretty(payload, limits, cancel)?))
    }

    fn json<'p>(
        &self,
        payload: &'p [u8],
        limits: &DecodeLimits,
        cancel: CancelCheck<'_>,
    ) -> Option<Result<Cow<'p, str>, DecodeError>> {
        Some(minify(payload, limits, cancel).map(Cow::Owned).map_err(DecodeError::from))
    }

    /// Without the space between tokens.
    fn preview(&self, look: &Look<'_>, line: &mut PreviewLine) {
        let mut in_string = false;
        let mut escaped = false;
        let fits = look.text().unwrap_or_default().chars().all(|character| {
            if in_string {
                in_string = escaped || character != '"';
                escaped = !escaped && character == '\\';
            } else if matches!(character, ' ' | '\n' | '\r' | '\t' | '\u{FEFF}') {
                return true;
            } else {
                in_string = character == '"';
            }
            line.push_visible(character)
        });
        line.end(fits && look.is_whole());
    }

    fn encode(&self, text: &str, _: &DecodeLimits) -> Result<Vec<u8>, EncodeError> {
        Ok(text.as_bytes().to_vec())
    }

    fn extension(&self, _: &Look<'_>) -> &'static str {
        "json"
    }

    fn tokens<'a>(&self, line: &'a str, state: LineState) -> JsonTokens<'a> {
        tokens_from(line, state)
    }
}

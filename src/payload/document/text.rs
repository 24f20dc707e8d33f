//! Makes a text that hides nothing out of any payload.

use crate::payload::document::Notes;
use crate::payload::limits::CANCEL_EVERY_BYTES;
use crate::payload::visible::{needs_sign, push_visible};
use crate::payload::{CancelCheck, DecodeLimits, LimitError};

/// `payload` with bytes that are not UTF-8 replaced, and symbols for invisible characters.
pub(super) fn readable(
    payload: &[u8],
    limits: &DecodeLimits,
    cancel: CancelCheck<'_>,
) -> Result<(String, Notes), LimitError> {
    if payload.len() > limits.input_bytes_max {
        return Err(LimitError::payload(limits));
    }
    let mut notes = Notes::default();
    let mut out = String::with_capacity(payload.len());
    let mut rest = payload;
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(piece_length(rest));
        for chunk in piece.utf8_chunks() {
            // The last chunk is followed by what follows the piece.
            let next = if chunk.invalid().is_empty() { after.first() } else { chunk.invalid().first() };
            push_readable(&mut out, chunk.valid(), next.copied(), &mut notes);
            if !chunk.invalid().is_empty() {
                notes.invalid_bytes += chunk.invalid().len();
                out.push(char::REPLACEMENT_CHARACTER);
            }
        }
        rest = after;
        if cancel() {
            return Err(LimitError::Cancelled);
        }
        if out.len() > limits.output_bytes_max {
            return Err(LimitError::text(limits));
        }
    }
    Ok((out, notes))
}

/// Bytes to take at once: a few hundred thousand, without tearing a character or a line end.
fn piece_length(rest: &[u8]) -> usize {
    let Some(tail) = rest.get(CANCEL_EVERY_BYTES..) else { return rest.len() };
    let continues = |byte: &u8| byte & 0xC0 == 0x80;
    CANCEL_EVERY_BYTES + tail.iter().take(3).take_while(|byte| continues(byte)).count()
}

/// Adds `text`, which the byte `after` follows.
fn push_readable(out: &mut String, text: &str, after: Option<u8>, notes: &mut Notes) {
    let mut plain_from = 0;
    let mut from = 0;
    while let Some(found) = text.as_bytes()[from..].iter().position(|&byte| needs_a_look(byte)) {
        let at = from + found;
        let Some(character) = text[at..].chars().next() else { break };
        from = at + character.len_utf8();
        if !needs_sign(character) {
            continue;
        }
        out.push_str(&text[plain_from..at]);
        plain_from = from;
        let next = text.as_bytes().get(from).copied().or(after);
        if character == '\r' && next == Some(b'\n') {
            notes.crlf_lines += 1;
        } else {
            notes.control_characters += 1;
            push_visible(out, character);
        }
    }
    out.push_str(&text[plain_from..]);
}

/// The first bytes of the characters that [`needs_sign`] may name.
fn needs_a_look(byte: u8) -> bool {
    matches!(byte, 0..=0x08 | 0x0B..=0x1F | 0x7F | 0xC2 | 0xE2 | 0xEF)
}

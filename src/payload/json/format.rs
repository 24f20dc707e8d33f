//! Whole texts: one walk over the tokens, three ways to lay them out.

use crate::payload::document::Document;
use crate::payload::json::lexer::{Lexer, Roots, Stop, Token};
use crate::payload::json::{JsonError, SyntaxError, SyntaxProblem};
use crate::payload::limits::CANCEL_EVERY_BYTES;
use crate::payload::{CancelCheck, DecodeLimits, LimitError};

/// Lays `payload` out line by line for the virtual text view, two spaces a level.
///
/// The indentation is a number beside each line and not part of the text: the document of a large payload stays
/// about as large as the payload, however deep it is. Takes several objects or arrays in a row as well.
pub fn pretty(payload: &[u8], limits: &DecodeLimits, cancel: CancelCheck<'_>) -> Result<Document, JsonError> {
    let (text, roots) = lay_out(payload, Roots::Many, Writing::Lines, limits, cancel)?;
    Ok(Document::from_json_lines(text, roots, cancel)?)
}

/// Lays out what a decoder wrote: any values, each on a line of its own.
pub(in crate::payload) fn lay_out_values(
    json: &str,
    limits: &DecodeLimits,
    cancel: CancelCheck<'_>,
) -> Result<Document, JsonError> {
    let (text, roots) = lay_out(json.as_bytes(), Roots::Any, Writing::Lines, limits, cancel)?;
    Ok(Document::from_json_lines(text, roots, cancel)?)
}

/// `payload` without the space between its tokens; several values in a row get a line each.
pub fn minify(payload: &[u8], limits: &DecodeLimits, cancel: CancelCheck<'_>) -> Result<String, JsonError> {
    lay_out(payload, Roots::Many, Writing::Minified, limits, cancel).map(|(text, _)| text)
}

/// `payload` as an indented text for an editor. One value alone, as RFC 8259 has it.
pub fn format_for_editing(
    payload: &[u8],
    limits: &DecodeLimits,
    cancel: CancelCheck<'_>,
) -> Result<String, JsonError> {
    lay_out(payload, Roots::One, Writing::Indented, limits, cancel).map(|(text, _)| text)
}

/// Whether `payload` is one JSON value (RFC 8259), and if not, where and why.
pub fn validate(payload: &[u8], limits: &DecodeLimits, cancel: CancelCheck<'_>) -> Result<(), JsonError> {
    let text = check_input(payload, limits)?;
    let mut lexer = Lexer::new(text.as_bytes(), Roots::One, limits.depth_max);
    let mut look_at = CANCEL_EVERY_BYTES;
    while lexer.next().map_err(|stop| locate(payload, stop))?.is_some() {
        if lexer.position() >= look_at {
            look_at = lexer.position() + CANCEL_EVERY_BYTES;
            if cancel() {
                return Err(LimitError::Cancelled.into());
            }
        }
    }
    Ok(())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Writing {
    Minified,
    /// A line for each item, not indented.
    Lines,
    Indented,
}

impl Writing {
    fn break_line(self, out: &mut String, depth: usize) {
        if self == Self::Minified {
            return;
        }
        out.push('\n');
        if self == Self::Indented {
            out.extend(std::iter::repeat_n("  ", depth));
        }
    }
}

fn check_input<'a>(payload: &'a [u8], limits: &DecodeLimits) -> Result<&'a str, JsonError> {
    if payload.len() > limits.input_bytes_max {
        return Err(LimitError::payload(limits).into());
    }
    str::from_utf8(payload)
        .map_err(|error| SyntaxError::locate(payload, error.valid_up_to(), SyntaxProblem::NotUtf8).into())
}

pub(super) fn locate(payload: &[u8], stop: Stop) -> JsonError {
    SyntaxError::locate(payload, stop.offset, stop.problem).into()
}

/// Returns the text and how many values stand at its top.
fn lay_out(
    payload: &[u8],
    roots: Roots,
    writing: Writing,
    limits: &DecodeLimits,
    cancel: CancelCheck<'_>,
) -> Result<(String, usize), JsonError> {
    let text = check_input(payload, limits)?;
    let mut lexer = Lexer::new(text.as_bytes(), roots, limits.depth_max);
    let mut out = String::new();
    let mut look_at = CANCEL_EVERY_BYTES;
    let mut root_count = 0;
    // What stands before the next token: nothing (start of the text, after a key), an opening bracket, or an item.
    let mut before = None;
    while let Some((token, range)) = lexer.next().map_err(|stop| locate(payload, stop))? {
        let piece = &text[range];
        // The lexer has already taken this token into account.
        let depth = lexer.depth() - usize::from(token == Token::Open);
        reserve(&mut out, piece.len() + 2 * depth + 4, payload.len());
        match (before, token) {
            (None | Some(Token::Key), _) | (Some(Token::Open), Token::Close) => {}
            (Some(Token::Open), _) | (Some(_), Token::Close) => writing.break_line(&mut out, depth),
            (Some(_), _) if depth == 0 => out.push('\n'),
            (Some(_), _) => {
                out.push(',');
                writing.break_line(&mut out, depth);
            }
        }
        out.push_str(piece);
        if token == Token::Key {
            out.push_str(if writing == Writing::Minified { ":" } else { ": " });
        }
        root_count += usize::from(depth == 0 && matches!(token, Token::Open | Token::Scalar));
        before = Some(token);
        if out.len() > limits.output_bytes_max {
            return Err(LimitError::text(limits).into());
        }
        if lexer.position() >= look_at {
            look_at = lexer.position() + CANCEL_EVERY_BYTES;
            if cancel() {
                return Err(LimitError::Cancelled.into());
            }
        }
    }
    out.shrink_to_fit();
    Ok((out, root_count))
}

/// Grows `out` by a quarter of the input at a time instead of doubling it: a text of 100 MB stays near its own size.
fn reserve(out: &mut String, more: usize, input: usize) {
    if out.capacity() - out.len() < more {
        let step = if out.is_empty() { input + input / 16 } else { input / 4 + 256 };
        out.reserve_exact(more.max(step));
    }
}

//! JSON as it was sent: every digit of a number, every escape of a string, every key of an object, also the second
//! of the same name. Nothing is parsed into numbers or maps on the way to the screen, so nothing can be rounded,
//! reordered or lost.
//!
//! - [`pretty`], [`minify`], [`format_for_editing`], [`validate`]: whole texts.
//! - [`tokens()`]: one visible line, for its colours.
//! - [`JsonPath`], [`path_at_line`], [`number_at`]: from a click on a line to a plotted value.
//!
//! The grammar is RFC 8259, without recursion. Beyond it, [`pretty`] and [`minify`] also take several objects or
//! arrays in a row, as devices send them line by line (NDJSON); the document says how many there are.

mod error;
mod format;
mod lexer;
mod locate;
mod path;
mod scan;
mod tokens;

pub use error::{JsonError, Problem, SyntaxError};
pub use format::{format_for_editing, minify, pretty, validate};
pub use locate::{ValueKind, path_at_line};
pub use path::{JsonPath, PathError, Segment};
pub use scan::number_at;
pub use tokens::{LineState, TokenKind, Tokens, tokens, tokens_from};

pub(super) use lexer::looks_like_json;
pub(super) use tokens::state_after;

#[cfg(test)]
mod tests;

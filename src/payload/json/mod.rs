//! JSON as it was sent: every digit of a number, every escape of a string, every key of an object, even one that
//! stands there twice. Nothing is parsed into numbers or maps, so nothing can be rounded, reordered or lost.
//!
//! - [`pretty`], [`minify`], [`format_for_editing`], [`validate`]: whole texts.
//! - [`tokens()`]: one visible line, for its colours.
//! - [`path_at_line`]: from a click on a line to the path of its value.
//!
//! The grammar is RFC 8259, without recursion. Beyond it, [`pretty`] and [`minify`] also take several objects or
//! arrays in a row, as devices send them line by line (NDJSON); the document says how many there are.

mod error;
mod format;
mod lexer;
mod literal;
mod locate;
mod string;
mod tokens;

pub use error::{JsonError, SyntaxError, SyntaxProblem};
pub use format::{format_for_editing, minify, pretty, validate};
pub use literal::Literal;
pub use locate::{ValueKind, path_at_line};
pub use tokens::{JsonTokens, LineState, TokenKind, tokens, tokens_from};

pub(super) use format::lay_out_values;
pub(super) use lexer::{Lexer, Roots, Token, looks_like_json};
pub(super) use literal::not_finite;
pub(super) use string::{decode, string_length};
pub(super) use tokens::state_after;

#[cfg(test)]
mod suite;
#[cfg(test)]
mod tests;

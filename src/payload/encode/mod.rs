//! Bytes out of JSON: what a person writes, as a payload of a binary format. The reverse of `decode`.
//!
//! A format that can be written has an arm in its decoder ([`Decoder::encode`](crate::payload::decode::Decoder)); the
//! writers stand here. What decoding shows is taken back: `"h'0102'"` are bytes, `{"tag(1)": …}` is a tag.

mod avro;
mod cbor;
mod literal;
mod msgpack;
mod protobuf;
mod sparkplug;
mod wire;

use crate::payload::decode::{Choice, ChoiceError};
use crate::payload::hex::HexError;
use crate::payload::json::{JsonError, Literal};
use crate::payload::{DecodeLimits, packing};

pub(super) use crate::payload::encode::avro::avro;
pub(super) use crate::payload::encode::cbor::cbor;
pub(super) use crate::payload::encode::msgpack::msgpack;
pub(super) use crate::payload::encode::protobuf::protobuf;
pub(super) use crate::payload::encode::sparkplug::sparkplug;
pub(super) use crate::payload::encode::wire::WireWriter;

pub use packing::pack;
pub use sparkplug::types as sparkplug_types;

/// Writes a text as a payload: JSON for formats that hold values, hexadecimal digits for `hex`, otherwise the text
/// itself.
///
/// # Errors
///
/// If the text is no JSON, a value does not fit the format, or the format is not written.
pub fn encode(choice: &Choice, text: &str) -> Result<Vec<u8>, EncodeError> {
    choice.decoder().encode(text, &DecodeLimits::default())
}

/// Why a text cannot be written as a payload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EncodeError {
    /// It is not JSON.
    Json(JsonError),
    /// It is not hexadecimal.
    Hex(HexError),
    /// A value does not fit the format.
    Misfit(ValueMisfit),
    /// The character set has no such character.
    NoSuchCharacter(char),
    /// Nothing is written in this format.
    NotWritten,
    /// What the person said about the format cannot be used.
    Unusable(ChoiceError),
}

impl From<JsonError> for EncodeError {
    fn from(error: JsonError) -> Self {
        Self::Json(error)
    }
}

impl From<ValueMisfit> for EncodeError {
    fn from(misfit: ValueMisfit) -> Self {
        Self::Misfit(misfit)
    }
}

/// A value that does not fit, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueMisfit {
    /// The path of the value, such as `metrics.temp`; empty for the whole.
    pub path: String,
    /// Why it does not fit.
    pub reason: MisfitReason,
}

/// Why a value does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MisfitReason {
    /// Something else is needed.
    Needs(Needed),
    /// The number is outside the range of its type, or would be rounded.
    OutOfRange,
    /// The message or record has no such field.
    NoSuchField,
    /// The enumeration has no such name.
    NoSuchName,
    /// The record needs a field with this name.
    Missing(String),
    /// Values of this type cannot be written.
    NotWritten(String),
}

/// What a value has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needed {
    /// An object.
    Object,
    /// An array.
    Array,
    /// A string.
    Text,
    /// A number without a fraction.
    WholeNumber,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// `null`.
    Null,
    /// Bytes, as the string `h'0102'`.
    Bytes,
    /// A time, as in RFC 3339.
    Time,
    /// One of several types.
    OneOfTheTypes,
}

impl ValueMisfit {
    /// A misfit of a value itself.
    pub(super) fn new(reason: MisfitReason) -> Self {
        Self { path: String::new(), reason }
    }

    /// A value that should be something else.
    pub(super) fn needs(needed: Needed) -> Self {
        Self::new(MisfitReason::Needs(needed))
    }

    /// The misfit as seen from the object around it.
    pub(super) fn in_member(self, key: &str) -> Self {
        let Self { path, reason } = self;
        let joint = if path.is_empty() || path.starts_with('[') { "" } else { "." };
        Self { path: format!("{key}{joint}{path}"), reason }
    }

    /// The misfit as seen from the array around it.
    pub(super) fn in_item(self, index: usize) -> Self {
        self.in_member(&format!("[{index}]"))
    }
}

/// A value that a person wrote.
pub(super) fn read<'t>(text: &'t str, limits: &DecodeLimits) -> Result<Literal<'t>, EncodeError> {
    Ok(Literal::parse(text, limits)?)
}

#[cfg(test)]
mod tests;

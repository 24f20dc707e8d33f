//! What writers ask of a value, with a misfit where it is something else.

use crate::payload::encode::{MisfitReason, Needed, ValueMisfit};
use crate::payload::json::Literal;

/// The members of an object.
pub(super) fn members<'l, 't>(
    value: &'l Literal<'t>,
) -> Result<&'l [(std::borrow::Cow<'t, str>, Literal<'t>)], ValueMisfit> {
    if let Literal::Object(members) = value { Ok(members) } else { Err(ValueMisfit::needs(Needed::Object)) }
}

/// The items of an array.
pub(super) fn items<'l, 't>(value: &'l Literal<'t>) -> Result<&'l [Literal<'t>], ValueMisfit> {
    if let Literal::Array(items) = value { Ok(items) } else { Err(ValueMisfit::needs(Needed::Array)) }
}

/// A string.
pub(super) fn text<'l>(value: &'l Literal<'_>) -> Result<&'l str, ValueMisfit> {
    value.text().ok_or(ValueMisfit::needs(Needed::Text))
}

/// `true` or `false`.
pub(super) fn boolean(value: &Literal<'_>) -> Result<bool, ValueMisfit> {
    if let Literal::Boolean(value) = value { Ok(*value) } else { Err(ValueMisfit::needs(Needed::Boolean)) }
}

/// Bytes.
pub(super) fn bytes(value: &Literal<'_>) -> Result<Vec<u8>, ValueMisfit> {
    value.bytes().ok_or(ValueMisfit::needs(Needed::Bytes))
}

/// A number.
pub(super) fn float(value: &Literal<'_>) -> Result<f64, ValueMisfit> {
    value.float().ok_or(ValueMisfit::needs(Needed::Number))
}

/// A number without a fraction that fits its type. A string of digits is taken too, as JSON of Protobuf has 64 bits.
pub(super) fn whole<T: TryFrom<i128>>(value: &Literal<'_>) -> Result<T, ValueMisfit> {
    let number = match value {
        Literal::Text(digits) => digits.parse().ok(),
        value => value.whole(),
    };
    let number: i128 = number.ok_or(ValueMisfit::needs(Needed::WholeNumber))?;
    T::try_from(number).map_err(|_| ValueMisfit::new(MisfitReason::OutOfRange))
}

/// Milliseconds since 1970, as a number or as a time in RFC 3339.
pub(super) fn milliseconds(value: &Literal<'_>) -> Result<i64, ValueMisfit> {
    match value {
        Literal::Text(text) => {
            let time: Option<jiff::Timestamp> = text.parse().ok();
            time.map(jiff::Timestamp::as_millisecond).ok_or(ValueMisfit::needs(Needed::Time))
        }
        value => whole(value),
    }
}

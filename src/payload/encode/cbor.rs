//! CBOR (RFC 8949), every length known, every number in the fewest bytes that hold it.

use crate::payload::encode::{MisfitReason, ValueMisfit};
use crate::payload::json::{Literal, not_finite};

/// Writes a value.
pub(in crate::payload) fn cbor(value: &Literal<'_>) -> Result<Vec<u8>, ValueMisfit> {
    let mut out = Vec::new();
    write(value, &mut out)?;
    Ok(out)
}

fn write(value: &Literal<'_>, out: &mut Vec<u8>) -> Result<(), ValueMisfit> {
    match value {
        Literal::Null => out.push(0xF6),
        Literal::Boolean(value) => out.push(if *value { 0xF5 } else { 0xF4 }),
        Literal::Number(digits) => number(value, digits, out)?,
        Literal::Text(text) => match (value.bytes(), not_finite(text)) {
            (Some(bytes), _) => {
                head(2, bytes.len() as u64, out);
                out.extend_from_slice(&bytes);
            }
            (None, Some(float)) => half(float, out),
            (None, None) if text == "undefined" => out.push(0xF7),
            (None, None) => self::text(text, out),
        },
        Literal::Array(items) => {
            head(4, items.len() as u64, out);
            for (index, item) in items.iter().enumerate() {
                write(item, out).map_err(|misfit| misfit.in_item(index))?;
            }
        }
        Literal::Object(members) => match members.as_slice() {
            [(key, inside)] if let Some(tag) = tag_of(key) => {
                head(6, tag, out);
                write(inside, out).map_err(|misfit| misfit.in_member(key))?;
            }
            members => {
                head(5, members.len() as u64, out);
                for (key, member) in members {
                    text(key, out);
                    write(member, out).map_err(|misfit| misfit.in_member(key))?;
                }
            }
        },
    }
    Ok(())
}

/// The number in `tag(1)`.
fn tag_of(key: &str) -> Option<u64> {
    key.strip_prefix("tag(")?.strip_suffix(')')?.parse().ok()
}

/// The first byte of an item and its argument (RFC 8949, 3).
fn head(major: u8, argument: u64, out: &mut Vec<u8>) {
    let major = major << 5;
    match argument {
        0..24 => out.push(major | argument as u8),
        24..0x100 => out.extend([major + 24, argument as u8]),
        0x100..0x1_0000 => {
            out.push(major + 25);
            out.extend_from_slice(&(argument as u16).to_be_bytes());
        }
        0x1_0000..0x1_0000_0000 => {
            out.push(major + 26);
            out.extend_from_slice(&(argument as u32).to_be_bytes());
        }
        _ => {
            out.push(major + 27);
            out.extend_from_slice(&argument.to_be_bytes());
        }
    }
}

fn text(text: &str, out: &mut Vec<u8>) {
    head(3, text.len() as u64, out);
    out.extend_from_slice(text.as_bytes());
}

fn number(value: &Literal<'_>, digits: &str, out: &mut Vec<u8>) -> Result<(), ValueMisfit> {
    let is_whole = !digits.contains(['.', 'e', 'E']) && digits != "-0";
    if !is_whole {
        fraction(digits, out)?;
        return Ok(());
    }
    let number = value.whole().ok_or(ValueMisfit::new(MisfitReason::OutOfRange))?;
    let (major, tag, argument) = match number {
        0.. => (0, 2, number.unsigned_abs()),
        _ => (1, 3, !number as u128),
    };
    if let Ok(argument) = u64::try_from(argument) {
        head(major, argument, out);
    } else {
        // Beyond 64 bits a number is bytes with a tag (RFC 8949, 3.4.3).
        let bytes = argument.to_be_bytes();
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
        head(6, tag, out);
        head(2, (bytes.len() - zeros) as u64, out);
        out.extend_from_slice(&bytes[zeros..]);
    }
    Ok(())
}

fn fraction(digits: &str, out: &mut Vec<u8>) -> Result<(), ValueMisfit> {
    let number: f64 = digits.parse().map_err(|_| ValueMisfit::new(MisfitReason::OutOfRange))?;
    if !number.is_finite() {
        return Err(ValueMisfit::new(MisfitReason::OutOfRange));
    }
    if let Some(single) = single(number) {
        out.push(0xFA);
        out.extend_from_slice(&single.to_be_bytes());
    } else {
        out.push(0xFB);
        out.extend_from_slice(&number.to_be_bytes());
    }
    Ok(())
}

/// The number in single precision, if that loses nothing and is shown with the same digits.
pub(super) fn single(number: f64) -> Option<f32> {
    let single = number as f32;
    let is_exact = f64::from(single).to_bits() == number.to_bits();
    (is_exact && single.to_string().parse() == Ok(number)).then_some(single)
}

/// What is not finite needs two bytes (RFC 8949, 4.1).
fn half(number: f64, out: &mut Vec<u8>) {
    let bits: u16 = match number {
        _ if number.is_nan() => 0x7E00,
        f64::INFINITY => 0x7C00,
        _ => 0xFC00,
    };
    out.push(0xF9);
    out.extend_from_slice(&bits.to_be_bytes());
}

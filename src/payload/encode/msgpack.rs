//! MessagePack, everything in its shortest form.

use crate::payload::encode::cbor::single;
use crate::payload::encode::{MisfitReason, Needed, ValueMisfit};
use crate::payload::json::{Literal, not_finite};

/// Writes a value.
pub(in crate::payload) fn msgpack(value: &Literal<'_>) -> Result<Vec<u8>, ValueMisfit> {
    let mut out = Vec::new();
    write(value, &mut out)?;
    Ok(out)
}

fn write(value: &Literal<'_>, out: &mut Vec<u8>) -> Result<(), ValueMisfit> {
    match value {
        Literal::Null => out.push(0xC0),
        Literal::Boolean(value) => out.push(if *value { 0xC3 } else { 0xC2 }),
        Literal::Number(digits) if digits.contains(['.', 'e', 'E']) || *digits == "-0" => {
            let number = value.float().filter(|number| number.is_finite());
            float(number.ok_or(ValueMisfit::new(MisfitReason::OutOfRange))?, out);
        }
        Literal::Number(_) => whole(value, out)?,
        Literal::Text(text) => match (value.bytes(), not_finite(text)) {
            (Some(bytes), _) => self::bytes(&bytes, out)?,
            (None, Some(number)) => float(number, out),
            (None, None) => self::text(text, out)?,
        },
        Literal::Array(items) => {
            sized(items.len(), &[(0x90, 15)], [None, Some(0xDC), Some(0xDD)], out)?;
            for (index, item) in items.iter().enumerate() {
                write(item, out).map_err(|misfit| misfit.in_item(index))?;
            }
        }
        Literal::Object(members) => match members.as_slice() {
            [(key, inside)] if let Some(kind) = extension_of(key) => {
                let bytes = inside.bytes().ok_or(ValueMisfit::needs(Needed::Bytes));
                extension(kind, &bytes.map_err(|misfit| misfit.in_member(key))?, out)?;
            }
            members => {
                sized(members.len(), &[(0x80, 15)], [None, Some(0xDE), Some(0xDF)], out)?;
                for (key, member) in members {
                    text(key, out)?;
                    write(member, out).map_err(|misfit| misfit.in_member(key))?;
                }
            }
        },
    }
    Ok(())
}

/// A length: in the marker itself if it is short, otherwise behind the marker for 8, 16 or 32 bits.
fn sized(
    length: usize,
    short: &[(u8, usize)],
    markers: [Option<u8>; 3],
    out: &mut Vec<u8>,
) -> Result<(), ValueMisfit> {
    if let Some((marker, _)) = short.iter().find(|(_, most)| length <= *most) {
        out.push(marker | length as u8);
        return Ok(());
    }
    let [in_8, in_16, in_32] = markers;
    if let (Some(marker), Ok(length)) = (in_8, u8::try_from(length)) {
        out.extend([marker, length]);
    } else if let (Some(marker), Ok(length)) = (in_16, u16::try_from(length)) {
        out.push(marker);
        out.extend_from_slice(&length.to_be_bytes());
    } else if let (Some(marker), Ok(length)) = (in_32, u32::try_from(length)) {
        out.push(marker);
        out.extend_from_slice(&length.to_be_bytes());
    } else {
        return Err(ValueMisfit::new(MisfitReason::OutOfRange));
    }
    Ok(())
}

fn text(text: &str, out: &mut Vec<u8>) -> Result<(), ValueMisfit> {
    sized(text.len(), &[(0xA0, 31)], [Some(0xD9), Some(0xDA), Some(0xDB)], out)?;
    out.extend_from_slice(text.as_bytes());
    Ok(())
}

fn bytes(bytes: &[u8], out: &mut Vec<u8>) -> Result<(), ValueMisfit> {
    sized(bytes.len(), &[], [Some(0xC4), Some(0xC5), Some(0xC6)], out)?;
    out.extend_from_slice(bytes);
    Ok(())
}

/// The number in `ext(5)`.
fn extension_of(key: &str) -> Option<i8> {
    key.strip_prefix("ext(")?.strip_suffix(')')?.parse().ok()
}

fn extension(kind: i8, bytes: &[u8], out: &mut Vec<u8>) -> Result<(), ValueMisfit> {
    match bytes.len() {
        1 => out.push(0xD4),
        2 => out.push(0xD5),
        4 => out.push(0xD6),
        8 => out.push(0xD7),
        16 => out.push(0xD8),
        length => sized(length, &[], [Some(0xC7), Some(0xC8), Some(0xC9)], out)?,
    }
    out.push(kind.cast_unsigned());
    out.extend_from_slice(bytes);
    Ok(())
}

fn float(number: f64, out: &mut Vec<u8>) {
    let narrow = if number.is_finite() { single(number) } else { Some(number as f32) };
    if let Some(single) = narrow {
        out.push(0xCA);
        out.extend_from_slice(&single.to_be_bytes());
    } else {
        out.push(0xCB);
        out.extend_from_slice(&number.to_be_bytes());
    }
}

fn whole(value: &Literal<'_>, out: &mut Vec<u8>) -> Result<(), ValueMisfit> {
    let number = value.whole().ok_or(ValueMisfit::new(MisfitReason::OutOfRange))?;
    match number {
        -32..=0x7F => out.push(number as u8),
        0x80..=0xFF => out.extend([0xCC, number as u8]),
        0x100..=0xFFFF => {
            out.push(0xCD);
            out.extend_from_slice(&(number as u16).to_be_bytes());
        }
        0x1_0000..=0xFFFF_FFFF => {
            out.push(0xCE);
            out.extend_from_slice(&(number as u32).to_be_bytes());
        }
        0x1_0000_0000..=0xFFFF_FFFF_FFFF_FFFF => {
            out.push(0xCF);
            out.extend_from_slice(&(number as u64).to_be_bytes());
        }
        -0x80..-32 => out.extend([0xD0, number as u8]),
        -0x8000..-0x80 => {
            out.push(0xD1);
            out.extend_from_slice(&(number as i16).to_be_bytes());
        }
        -0x8000_0000..-0x8000 => {
            out.push(0xD2);
            out.extend_from_slice(&(number as i32).to_be_bytes());
        }
        -0x8000_0000_0000_0000..-0x8000_0000 => {
            out.push(0xD3);
            out.extend_from_slice(&(number as i64).to_be_bytes());
        }
        _ => return Err(ValueMisfit::new(MisfitReason::OutOfRange)),
    }
    Ok(())
}

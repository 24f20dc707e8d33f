//! Sparkplug B: metrics by name, as the decoder shows them.
//!
//! The type of a metric stands in `details`; without one it follows from the value: `Int64` for a number without a
//! fraction, `Double` for one with, `Boolean`, `String`.

use crate::payload::encode::literal::{bytes, float, items, members, milliseconds, text, whole};
use crate::payload::encode::{MisfitReason, Needed, ValueMisfit, WireWriter};
use crate::payload::json::Literal;

/// The codes of the types, by the names of the specification (3.0, 6.4.16).
const TYPES: [(&str, u64); 34] = [
    ("Int8", 1),
    ("Int16", 2),
    ("Int32", 3),
    ("Int64", 4),
    ("UInt8", 5),
    ("UInt16", 6),
    ("UInt32", 7),
    ("UInt64", 8),
    ("Float", 9),
    ("Double", 10),
    ("Boolean", 11),
    ("String", 12),
    ("DateTime", 13),
    ("Text", 14),
    ("UUID", 15),
    ("DataSet", 16),
    ("Bytes", 17),
    ("File", 18),
    ("Template", 19),
    ("PropertySet", 20),
    ("PropertySetList", 21),
    ("Int8Array", 22),
    ("Int16Array", 23),
    ("Int32Array", 24),
    ("Int64Array", 25),
    ("UInt8Array", 26),
    ("UInt16Array", 27),
    ("UInt32Array", 28),
    ("UInt64Array", 29),
    ("FloatArray", 30),
    ("DoubleArray", 31),
    ("BooleanArray", 32),
    ("StringArray", 33),
    ("DateTimeArray", 34),
];

/// The names of the types of metrics.
pub fn types() -> impl Iterator<Item = &'static str> {
    TYPES.iter().map(|(name, _)| *name)
}

/// Writes a payload.
pub(in crate::payload) fn sparkplug(value: &Literal<'_>) -> Result<Vec<u8>, ValueMisfit> {
    members(value)?;
    let mut out = WireWriter::default();
    if let Some(time) = value.member("timestamp") {
        let time = milliseconds(time).map_err(|misfit| misfit.in_member("timestamp"))?;
        out.whole(1, time.cast_unsigned());
    }
    let details = value.member("details");
    if let Some(metrics) = value.member("metrics") {
        for (name, metric) in members(metrics).map_err(|misfit| misfit.in_member("metrics"))? {
            let detail = details.and_then(|details| details.member(name));
            let written = self::metric(name, metric, detail);
            out.bytes(2, &written.map_err(|misfit| misfit.in_member(name).in_member("metrics"))?);
        }
    }
    if let Some(seq) = value.member("seq") {
        out.whole(3, whole(seq).map_err(|misfit| misfit.in_member("seq"))?);
    }
    if let Some(uuid) = value.member("uuid") {
        out.bytes(4, text(uuid).map_err(|misfit| misfit.in_member("uuid"))?.as_bytes());
    }
    if let Some(body) = value.member("body") {
        out.bytes(5, &bytes(body).map_err(|misfit| misfit.in_member("body"))?);
    }
    Ok(out.finish())
}

fn metric(name: &str, value: &Literal<'_>, detail: Option<&Literal<'_>>) -> Result<Vec<u8>, ValueMisfit> {
    let said = |key: &str| detail.and_then(|detail| detail.member(key));
    let is = |key: &str| said(key) == Some(&Literal::Boolean(true));
    let mut out = WireWriter::default();
    // An alias stands for the name where no birth gave one.
    if !is("not_in_birth") {
        out.bytes(1, name.as_bytes());
    }
    if let Some(alias) = said("alias") {
        out.whole(2, whole(alias)?);
    }
    if let Some(time) = said("timestamp") {
        out.whole(3, milliseconds(time)?.cast_unsigned());
    }
    let kind = match said("type") {
        Some(name) => code(text(name)?)?,
        None => inferred(value)?,
    };
    if let Some(kind) = kind {
        out.whole(4, kind);
    }
    for (key, number) in [("historical", 5), ("transient", 6)] {
        if is(key) {
            out.whole(number, 1);
        }
    }
    if *value == Literal::Null {
        out.whole(7, 1);
    } else {
        self::value(kind.unwrap_or(0), value, &mut out)?;
    }
    Ok(out.finish())
}

fn code(name: &str) -> Result<Option<u64>, ValueMisfit> {
    let known = TYPES.iter().find(|(known, _)| *known == name).map(|(_, code)| *code);
    match known.or_else(|| name.strip_prefix("DataType")?.parse().ok()) {
        Some(code) => Ok(Some(code)),
        None => Err(ValueMisfit::new(MisfitReason::NoSuchName)),
    }
}

/// The type of a value that nothing is said about.
fn inferred(value: &Literal<'_>) -> Result<Option<u64>, ValueMisfit> {
    Ok(match value {
        Literal::Null => None,
        Literal::Boolean(_) => Some(11),
        Literal::Number(digits) if digits.contains(['.', 'e', 'E']) => Some(10),
        Literal::Number(_) => Some(if whole::<i64>(value).is_ok() { 4 } else { 8 }),
        Literal::Text(_) if value.bytes().is_some() => Some(17),
        Literal::Text(_) => Some(12),
        Literal::Array(_) | Literal::Object(_) => {
            return Err(ValueMisfit::new(MisfitReason::Missing("type".to_owned())));
        }
    })
}

/// The value field of a metric.
fn value(kind: u64, value: &Literal<'_>, out: &mut WireWriter) -> Result<(), ValueMisfit> {
    match kind {
        1..=3 => out.whole(10, u64::from(narrow(kind, value)?)),
        4 => out.whole(11, whole::<i64>(value)?.cast_unsigned()),
        5 => out.whole(10, whole::<u8>(value)?.into()),
        6 => out.whole(10, whole::<u16>(value)?.into()),
        7 => out.whole(10, whole::<u32>(value)?.into()),
        8 => out.whole(11, whole::<u64>(value)?),
        9 => out.fixed32(12, (float(value)? as f32).to_bits()),
        10 => out.fixed64(13, float(value)?.to_bits()),
        11 => out.whole(14, u64::from(super::literal::boolean(value)?)),
        13 => out.whole(11, milliseconds(value)?.cast_unsigned()),
        12 | 14 | 15 => out.bytes(15, text(value)?.as_bytes()),
        17 | 18 => out.bytes(16, &bytes(value)?),
        22..=34 => out.bytes(16, &array(kind, value)?),
        _ => {
            let name = TYPES.iter().find(|(_, code)| *code == kind).map(|(name, _)| (*name).to_owned());
            let name = name.unwrap_or_else(|| format!("DataType{kind}"));
            return Err(ValueMisfit::new(MisfitReason::NotWritten(name)));
        }
    }
    Ok(())
}

/// A signed number of at most 32 bits, which has two's complement in 32 bits.
fn narrow(kind: u64, value: &Literal<'_>) -> Result<u32, ValueMisfit> {
    Ok(match kind {
        1 => i32::from(whole::<i8>(value)?),
        2 => i32::from(whole::<i16>(value)?),
        _ => whole::<i32>(value)?,
    }
    .cast_unsigned())
}

/// Packed, the low byte first.
fn array(kind: u64, value: &Literal<'_>) -> Result<Vec<u8>, ValueMisfit> {
    let items = items(value)?;
    if kind == 32 {
        return booleans(items);
    }
    let mut out = Vec::new();
    for (index, item) in items.iter().enumerate() {
        item_of(kind, item, &mut out).map_err(|misfit| misfit.in_item(index))?;
    }
    Ok(out)
}

fn item_of(kind: u64, item: &Literal<'_>, out: &mut Vec<u8>) -> Result<(), ValueMisfit> {
    match kind {
        22 => out.extend(whole::<i8>(item)?.to_le_bytes()),
        23 => out.extend(whole::<i16>(item)?.to_le_bytes()),
        24 => out.extend(whole::<i32>(item)?.to_le_bytes()),
        25 => out.extend(whole::<i64>(item)?.to_le_bytes()),
        26 => out.extend(whole::<u8>(item)?.to_le_bytes()),
        27 => out.extend(whole::<u16>(item)?.to_le_bytes()),
        28 => out.extend(whole::<u32>(item)?.to_le_bytes()),
        29 => out.extend(whole::<u64>(item)?.to_le_bytes()),
        30 => out.extend((float(item)? as f32).to_le_bytes()),
        31 => out.extend(float(item)?.to_le_bytes()),
        34 => out.extend(milliseconds(item)?.to_le_bytes()),
        _ => {
            let text = text(item)?;
            if text.contains('\0') {
                return Err(ValueMisfit::needs(Needed::Text)); // a NUL ends a text
            }
            out.extend_from_slice(text.as_bytes());
            out.push(0);
        }
    }
    Ok(())
}

/// How many, then a bit each, the highest first.
fn booleans(items: &[Literal<'_>]) -> Result<Vec<u8>, ValueMisfit> {
    let count = u32::try_from(items.len()).map_err(|_| ValueMisfit::new(MisfitReason::OutOfRange))?;
    let mut out = count.to_le_bytes().to_vec();
    for (group, items) in items.chunks(8).enumerate() {
        let mut byte = 0;
        for (at, item) in items.iter().enumerate() {
            let Literal::Boolean(is_set) = item else {
                return Err(ValueMisfit::needs(Needed::Boolean).in_item(group * 8 + at));
            };
            byte |= u8::from(*is_set) << (7 - at);
        }
        out.push(byte);
    }
    Ok(out)
}

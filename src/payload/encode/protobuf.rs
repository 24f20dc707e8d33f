//! Protobuf with its schema, as the decoder shows it: fields by their names.

use jiff::Timestamp;
use prost_reflect::{FieldDescriptor, Kind, MessageDescriptor};

use crate::payload::encode::literal::{boolean, bytes, float, items, members, text, whole};
use crate::payload::encode::{MisfitReason, Needed, ValueMisfit, WireWriter};
use crate::payload::json::Literal;

/// Writes a message. What is `null` is left out, and so is what a field without presence has anyway.
pub(in crate::payload) fn protobuf(
    of: &MessageDescriptor,
    value: &Literal<'_>,
) -> Result<Vec<u8>, ValueMisfit> {
    let mut out = WireWriter::default();
    if let Some(seconds_and_nanos) = well_known(of, value) {
        let (seconds, nanos) = seconds_and_nanos?;
        out.whole(1, seconds.cast_unsigned());
        out.whole(2, i64::from(nanos).cast_unsigned());
        return Ok(out.finish());
    }
    for (name, member) in members(value)? {
        let field = of.get_field_by_name(name).or_else(|| of.get_field_by_json_name(name));
        let field = field.ok_or(ValueMisfit::new(MisfitReason::NoSuchField));
        let written = field.and_then(|field| self::field(&field, member, &mut out));
        written.map_err(|misfit| misfit.in_member(name))?;
    }
    Ok(out.finish())
}

fn field(of: &FieldDescriptor, value: &Literal<'_>, out: &mut WireWriter) -> Result<(), ValueMisfit> {
    if *value == Literal::Null {
        return Ok(());
    }
    let (number, kind) = (of.number(), of.kind());
    if of.is_map() {
        let Kind::Message(entry) = kind else { return Ok(()) };
        return map(&entry, number, value, out);
    }
    if !of.is_list() {
        let is_default = !of.supports_presence() && is_zero(value);
        return if is_default { Ok(()) } else { single(number, &kind, of.is_group(), value, out) };
    }
    let items = items(value)?;
    if !of.is_packed() {
        for (index, item) in items.iter().enumerate() {
            let written = single(number, &kind, of.is_group(), item, out);
            written.map_err(|misfit| misfit.in_item(index))?;
        }
        return Ok(());
    }
    let mut packed = WireWriter::default();
    for (index, item) in items.iter().enumerate() {
        scalar(None, &kind, item, &mut packed).map_err(|misfit| misfit.in_item(index))?;
    }
    out.bytes(number, &packed.finish());
    Ok(())
}

fn map(
    entry: &MessageDescriptor,
    number: u32,
    value: &Literal<'_>,
    out: &mut WireWriter,
) -> Result<(), ValueMisfit> {
    let (key_field, value_field) = (entry.map_entry_key_field(), entry.map_entry_value_field());
    for (key, member) in members(value)? {
        let mut inside = WireWriter::default();
        let key_value = match key_field.kind() {
            Kind::Bool => Literal::Boolean(key == "true"),
            _ => Literal::Text(key.clone()),
        };
        let written = single(1, &key_field.kind(), false, &key_value, &mut inside)
            .and_then(|()| single(2, &value_field.kind(), false, member, &mut inside));
        written.map_err(|misfit| misfit.in_member(key))?;
        out.bytes(number, &inside.finish());
    }
    Ok(())
}

/// Whether a value is what a field has that was not sent.
fn is_zero(value: &Literal<'_>) -> bool {
    match value {
        Literal::Boolean(value) => !value,
        Literal::Number(_) => value.float().is_some_and(|number| number.to_bits() == 0),
        Literal::Text(text) => text.is_empty() || text == "h''",
        Literal::Null | Literal::Array(_) | Literal::Object(_) => false,
    }
}

fn single(
    number: u32,
    kind: &Kind,
    is_group: bool,
    value: &Literal<'_>,
    out: &mut WireWriter,
) -> Result<(), ValueMisfit> {
    match kind {
        Kind::Message(of) if is_group => {
            out.tag(number, 3);
            out.raw(&protobuf(of, value)?);
            out.tag(number, 4);
        }
        Kind::Message(of) => out.bytes(number, &protobuf(of, value)?),
        kind => scalar(Some(number), kind, value, out)?,
    }
    Ok(())
}

/// Writes a value that is no message, behind its tag unless it is packed.
fn scalar(
    number: Option<u32>,
    kind: &Kind,
    value: &Literal<'_>,
    out: &mut WireWriter,
) -> Result<(), ValueMisfit> {
    let mut varint = |value: u64| {
        if let Some(number) = number {
            out.tag(number, 0);
        }
        out.varint(value);
    };
    match kind {
        Kind::Int32 => varint(i64::from(whole::<i32>(value)?).cast_unsigned()),
        Kind::Int64 => varint(whole::<i64>(value)?.cast_unsigned()),
        Kind::Uint32 => varint(whole::<u32>(value)?.into()),
        Kind::Uint64 => varint(whole(value)?),
        Kind::Sint32 => varint(zigzag(whole::<i32>(value)?.into())),
        Kind::Sint64 => varint(zigzag(whole(value)?)),
        Kind::Bool => varint(boolean(value)?.into()),
        Kind::Enum(names) => {
            let known = value.text().map(|name| names.get_value_by_name(name));
            varint(match known {
                Some(Some(name)) => i64::from(name.number()).cast_unsigned(),
                Some(None) => return Err(ValueMisfit::new(MisfitReason::NoSuchName)),
                None => i64::from(whole::<i32>(value)?).cast_unsigned(),
            });
        }
        Kind::String => out.bytes(number.unwrap_or(0), text(value)?.as_bytes()),
        Kind::Bytes => out.bytes(number.unwrap_or(0), &bytes(value)?),
        Kind::Message(_) => return Err(ValueMisfit::needs(Needed::Object)),
        kind => {
            if let Some(number) = number {
                let is_long = matches!(kind, Kind::Double | Kind::Fixed64 | Kind::Sfixed64);
                out.tag(number, if is_long { 1 } else { 5 });
            }
            fixed(kind, value, out)?;
        }
    }
    Ok(())
}

/// Four or eight bytes.
fn fixed(kind: &Kind, value: &Literal<'_>, out: &mut WireWriter) -> Result<(), ValueMisfit> {
    match kind {
        Kind::Double => out.raw(&float(value)?.to_le_bytes()),
        Kind::Float => out.raw(&(float(value)? as f32).to_le_bytes()),
        Kind::Fixed32 => out.raw(&whole::<u32>(value)?.to_le_bytes()),
        Kind::Sfixed32 => out.raw(&whole::<i32>(value)?.to_le_bytes()),
        Kind::Fixed64 => out.raw(&whole::<u64>(value)?.to_le_bytes()),
        _ => out.raw(&whole::<i64>(value)?.to_le_bytes()),
    }
    Ok(())
}

fn zigzag(value: i64) -> u64 {
    (value << 1 ^ value >> 63).cast_unsigned()
}

/// Seconds and nanoseconds of a moment or a duration; `None` for other messages.
fn well_known(of: &MessageDescriptor, value: &Literal<'_>) -> Option<Result<(i64, i32), ValueMisfit>> {
    let word = value.text()?;
    let needs_time = || ValueMisfit::needs(Needed::Time);
    match of.full_name() {
        "google.protobuf.Timestamp" => {
            let time: Option<Timestamp> = word.parse().ok();
            Some(time.map(|time| (time.as_second(), time.subsec_nanosecond())).ok_or_else(needs_time))
        }
        "google.protobuf.Duration" => Some(duration(word).ok_or_else(needs_time)),
        _ => None,
    }
}

/// `-1.5s`
fn duration(word: &str) -> Option<(i64, i32)> {
    let digits = word.strip_suffix('s')?;
    let (is_negative, digits) = match digits.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, digits),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let nanos: i32 = format!("{fraction:0<9}").get(..9)?.parse().ok()?;
    let seconds: i64 = whole.parse().ok()?;
    Some(if is_negative { (-seconds, -nanos) } else { (seconds, nanos) })
}

//! Avro by its schema, as the decoder shows it.

use apache_avro::Schema;
use apache_avro::schema::{InnerDecimalSchema, UuidSchema};

use crate::payload::decode::AvroNames;
use crate::payload::encode::literal::{boolean, bytes, float, items, members, text, whole};
use crate::payload::encode::{MisfitReason, Needed, ValueMisfit, WireWriter};
use crate::payload::json::Literal;

/// Appends a value.
pub(in crate::payload) fn avro<'s>(
    schema: &'s Schema,
    names: &AvroNames<'s>,
    value: &Literal<'_>,
    out: &mut Vec<u8>,
) -> Result<(), ValueMisfit> {
    let schema = names.resolve(schema).ok_or(ValueMisfit::new(MisfitReason::NoSuchName))?;
    match schema {
        Schema::Record(record) => {
            let given = members(value)?;
            let stranger =
                given.iter().find(|(name, _)| record.fields.iter().all(|field| field.name != **name));
            if let Some((name, _)) = stranger {
                return Err(ValueMisfit::new(MisfitReason::NoSuchField).in_member(name));
            }
            for field in &record.fields {
                let member = value.member(&field.name);
                let missing = || ValueMisfit::new(MisfitReason::Missing(field.name.clone()));
                let member = member.ok_or_else(missing)?;
                avro(&field.schema, names, member, out).map_err(|misfit| misfit.in_member(&field.name))?;
            }
        }
        Schema::Array(array) => {
            let items = items(value)?;
            long(items.len() as i64, out);
            for (index, item) in items.iter().enumerate() {
                avro(&array.items, names, item, out).map_err(|misfit| misfit.in_item(index))?;
            }
            if !items.is_empty() {
                long(0, out);
            }
        }
        Schema::Map(map) => {
            let members = members(value)?;
            long(members.len() as i64, out);
            for (key, member) in members {
                sized(key.as_bytes(), out);
                avro(&map.types, names, member, out).map_err(|misfit| misfit.in_member(key))?;
            }
            if !members.is_empty() {
                long(0, out);
            }
        }
        Schema::Union(union) => {
            // The first type that takes the value.
            for (index, variant) in union.variants().iter().enumerate() {
                let mut written = Vec::new();
                if avro(variant, names, value, &mut written).is_ok() {
                    long(index as i64, out);
                    out.append(&mut written);
                    return Ok(());
                }
            }
            return Err(ValueMisfit::needs(Needed::OneOfTheTypes));
        }
        Schema::Enum(symbols) => {
            let name = text(value)?;
            let index = symbols.symbols.iter().position(|symbol| symbol == name);
            long(index.ok_or(ValueMisfit::new(MisfitReason::NoSuchName))? as i64, out);
        }
        schema => scalar(schema, value, out)?,
    }
    Ok(())
}

fn scalar(schema: &Schema, value: &Literal<'_>, out: &mut Vec<u8>) -> Result<(), ValueMisfit> {
    match schema {
        Schema::Null if *value == Literal::Null => {}
        Schema::Null => return Err(ValueMisfit::needs(Needed::Null)),
        Schema::Boolean => out.push(u8::from(boolean(value)?)),
        Schema::Int => long(i64::from(whole::<i32>(value)?), out),
        Schema::Long => long(whole(value)?, out),
        Schema::Float => out.extend((float(value)? as f32).to_le_bytes()),
        Schema::Double => out.extend(float(value)?.to_le_bytes()),
        Schema::Bytes | Schema::BigDecimal | Schema::Uuid(UuidSchema::Bytes) => sized(&bytes(value)?, out),
        Schema::String | Schema::Uuid(UuidSchema::String) => sized(text(value)?.as_bytes(), out),
        Schema::Fixed(fixed) => {
            let bytes = bytes(value)?;
            if bytes.len() != fixed.size {
                return Err(ValueMisfit::new(MisfitReason::OutOfRange));
            }
            out.extend(bytes);
        }
        Schema::Decimal(decimal) => {
            let digits = decimal_digits(value, decimal.scale)?;
            match &decimal.inner {
                InnerDecimalSchema::Bytes => sized(&digits, out),
                InnerDecimalSchema::Fixed(fixed) => {
                    let fill = if digits.first().is_some_and(|byte| byte & 0x80 != 0) { 0xFF } else { 0 };
                    let missing = fixed.size.checked_sub(digits.len());
                    let missing = missing.ok_or(ValueMisfit::new(MisfitReason::OutOfRange))?;
                    out.extend(std::iter::repeat_n(fill, missing));
                    out.extend(digits);
                }
            }
        }
        Schema::Uuid(UuidSchema::Fixed(fixed)) => {
            let digits = text(value)?.replace('-', "");
            let bytes = data_encoding::HEXLOWER_PERMISSIVE.decode(digits.as_bytes()).ok();
            let bytes = bytes.filter(|bytes| bytes.len() == fixed.size);
            out.extend(bytes.ok_or(ValueMisfit::needs(Needed::Text))?);
        }
        Schema::Duration(_) => {
            for part in ["months", "days", "millis"] {
                let missing = || ValueMisfit::new(MisfitReason::Missing(part.to_owned()));
                let number: u32 = whole(value.member(part).ok_or_else(missing)?)?;
                out.extend(number.to_le_bytes());
            }
        }
        time => long(moment(time, value)?, out),
    }
    Ok(())
}

/// The fewest bytes of a number in two's complement, its point moved to the right.
fn decimal_digits(value: &Literal<'_>, scale: usize) -> Result<Vec<u8>, ValueMisfit> {
    let out_of_range = || ValueMisfit::new(MisfitReason::OutOfRange);
    let Literal::Number(digits) = value else { return Err(ValueMisfit::needs(Needed::Number)) };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if fraction.len() > scale || digits.contains(['e', 'E']) {
        return Err(out_of_range());
    }
    let number: i128 = format!("{whole}{fraction:0<scale$}").parse().map_err(|_| out_of_range())?;
    let bytes = number.to_be_bytes();
    let is_spare = |pair: &&[u8]| {
        let fill = if pair[1] & 0x80 != 0 { 0xFF } else { 0 };
        pair[0] == fill
    };
    let spare = bytes.windows(2).take_while(is_spare).count();
    Ok(bytes[spare..].to_vec())
}

/// A date or a time as the number of its schema.
fn moment(schema: &Schema, value: &Literal<'_>) -> Result<i64, ValueMisfit> {
    let Literal::Text(word) = value else { return whole(value) };
    let needs_time = || ValueMisfit::needs(Needed::Time);
    let instant = |word: &str| word.parse::<jiff::Timestamp>().map_err(|_| needs_time());
    let nanos = |word: &str| i64::try_from(instant(word)?.as_nanosecond()).map_err(|_| needs_time());
    let local = format!("{word}Z");
    Ok(match schema {
        Schema::TimestampMillis => instant(word)?.as_millisecond(),
        Schema::TimestampMicros => instant(word)?.as_microsecond(),
        Schema::TimestampNanos => nanos(word)?,
        Schema::LocalTimestampMillis => instant(&local)?.as_millisecond(),
        Schema::LocalTimestampMicros => instant(&local)?.as_microsecond(),
        Schema::LocalTimestampNanos => nanos(&local)?,
        Schema::Date => instant(&format!("{word}T00:00:00Z"))?.as_second() / 86_400,
        Schema::TimeMillis => instant(&format!("1970-01-01T{word}Z"))?.as_millisecond(),
        _ => instant(&format!("1970-01-01T{word}Z"))?.as_microsecond(),
    })
}

fn long(value: i64, out: &mut Vec<u8>) {
    let mut writer = WireWriter::default();
    writer.varint((value << 1 ^ value >> 63).cast_unsigned());
    out.extend(writer.finish());
}

fn sized(bytes: &[u8], out: &mut Vec<u8>) {
    long(bytes.len() as i64, out);
    out.extend_from_slice(bytes);
}

//! Values of Avro by their schema (Binary Encoding), with a stack of its own.

use apache_avro::Schema;
use apache_avro::schema::{InnerDecimalSchema, UuidSchema};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::payload::decode::DecodeError;
use crate::payload::decode::avro::names::AvroNames;
use crate::payload::decode::binary::{BinaryFault, BinaryProblem};
use crate::payload::decode::bytes::Bytes;
use crate::payload::decode::value::ValueWriter;

/// What is still to be read, the next on top.
enum Work<'s> {
    Value(&'s Schema),
    /// The fields of a record from one on.
    Fields(&'s apache_avro::schema::RecordSchema, usize),
    /// What is left of a block of an array or a map.
    Block {
        of: &'s Schema,
        left: u64,
        is_map: bool,
    },
}

/// Reads values.
pub(super) struct Reading<'s> {
    names: &'s AvroNames<'s>,
    depth_max: usize,
}

impl<'s> Reading<'s> {
    pub(super) fn new(names: &'s AvroNames<'s>, depth_max: usize) -> Self {
        Self { names, depth_max }
    }

    /// Reads one value.
    pub(super) fn write(
        &self,
        schema: &'s Schema,
        bytes: &mut Bytes<'_>,
        out: &mut ValueWriter<'_>,
    ) -> Result<(), DecodeError> {
        let mut work = vec![Work::Value(schema)];
        while let Some(next) = work.pop() {
            if work.len() / 2 > self.depth_max {
                let problem = BinaryProblem::TooDeep(self.depth_max);
                return Err(BinaryFault::at(bytes.position(), problem).into());
            }
            match next {
                Work::Value(schema) => self.value(schema, bytes, &mut work, out)?,
                Work::Fields(record, place) => {
                    if let Some(field) = record.fields.get(place) {
                        out.key(&field.name)?;
                        work.push(Work::Fields(record, place + 1));
                        work.push(Work::Value(&field.schema));
                    } else {
                        out.end()?;
                    }
                }
                Work::Block { of, left: 0, is_map } => match block(bytes)? {
                    0 => out.end()?,
                    left => work.push(Work::Block { of, left, is_map }),
                },
                Work::Block { of, left, is_map } => {
                    if is_map {
                        out.key(text(bytes)?)?;
                    }
                    work.push(Work::Block { of, left: left - 1, is_map });
                    work.push(Work::Value(of));
                }
            }
        }
        Ok(())
    }

    fn value(
        &self,
        schema: &'s Schema,
        bytes: &mut Bytes<'_>,
        work: &mut Vec<Work<'s>>,
        out: &mut ValueWriter<'_>,
    ) -> Result<(), DecodeError> {
        let start = bytes.position();
        let fault = |problem| DecodeError::from(BinaryFault::at(start, problem));
        let schema = self.names.resolve(schema).ok_or_else(|| fault(BinaryProblem::OtherSchema))?;
        match schema {
            Schema::Record(record) => {
                out.begin_object()?;
                work.push(Work::Fields(record, 0));
            }
            Schema::Array(array) => {
                out.begin_array()?;
                work.push(Work::Block { of: &array.items, left: 0, is_map: false });
            }
            Schema::Map(map) => {
                out.begin_object()?;
                work.push(Work::Block { of: &map.types, left: 0, is_map: true });
            }
            Schema::Union(union) => {
                let index = long(bytes)?;
                let chosen = usize::try_from(index).ok().and_then(|index| union.variants().get(index));
                work.push(Work::Value(chosen.ok_or_else(|| fault(BinaryProblem::OtherSchema))?));
            }
            Schema::Enum(names) => {
                let index = long(bytes)?;
                let name = usize::try_from(index).ok().and_then(|index| names.symbols.get(index));
                out.string(name.ok_or_else(|| fault(BinaryProblem::OtherSchema))?)?;
            }
            schema => scalar(schema, bytes, out)?,
        }
        Ok(())
    }
}

/// How many items the next block of an array or a map has; 0 ends it.
fn block(bytes: &mut Bytes<'_>) -> Result<u64, BinaryFault> {
    let count = long(bytes)?;
    if count < 0 {
        long(bytes)?; // its size, for those who skip it
    }
    Ok(count.unsigned_abs())
}

/// A zigzag number of up to 64 bits.
pub(super) fn long(bytes: &mut Bytes<'_>) -> Result<i64, BinaryFault> {
    let value = bytes.varint()?;
    Ok((value >> 1).cast_signed() ^ -(value & 1).cast_signed())
}

/// Bytes behind their length.
pub(super) fn sized<'p>(bytes: &mut Bytes<'p>) -> Result<&'p [u8], BinaryFault> {
    let start = bytes.position();
    let length = long(bytes)?;
    match usize::try_from(length) {
        Ok(count) if count <= bytes.left() => bytes.take(count),
        _ => Err(BinaryFault::at(start, BinaryProblem::BadLength(length.unsigned_abs()))),
    }
}

fn text<'p>(bytes: &mut Bytes<'p>) -> Result<&'p str, BinaryFault> {
    let start = bytes.position();
    str::from_utf8(sized(bytes)?).map_err(|_| BinaryFault::at(start, BinaryProblem::NotUtf8))
}

fn scalar(schema: &Schema, bytes: &mut Bytes<'_>, out: &mut ValueWriter<'_>) -> Result<(), DecodeError> {
    match schema {
        Schema::Null => out.null()?,
        Schema::Boolean => {
            let start = bytes.position();
            match bytes.byte()? {
                0 => out.boolean(false)?,
                1 => out.boolean(true)?,
                other => return Err(BinaryFault::at(start, BinaryProblem::BadByte(other)).into()),
            }
        }
        Schema::Int => {
            let start = bytes.position();
            let value = long(bytes)?;
            let fits = i32::try_from(value).is_ok();
            if !fits {
                return Err(BinaryFault::at(start, BinaryProblem::LongNumber).into());
            }
            out.integer(value.into())?;
        }
        Schema::Long => out.integer(long(bytes)?.into())?,
        Schema::Float => out.float32(f32::from_le_bytes(bytes.array()?))?,
        Schema::Double => out.float(f64::from_le_bytes(bytes.array()?))?,
        Schema::Bytes | Schema::BigDecimal | Schema::Uuid(UuidSchema::Bytes) => out.bytes(sized(bytes)?)?,
        Schema::String | Schema::Uuid(UuidSchema::String) => out.string(text(bytes)?)?,
        Schema::Fixed(fixed) => out.bytes(bytes.take(fixed.size)?)?,
        Schema::Decimal(decimal) => {
            let digits = match &decimal.inner {
                InnerDecimalSchema::Bytes => sized(bytes)?,
                InnerDecimalSchema::Fixed(fixed) => bytes.take(fixed.size)?,
            };
            match decimal_text(digits, decimal.scale) {
                Some(number) => out.raw(&number)?,
                None => out.bytes(digits)?,
            }
        }
        Schema::Uuid(UuidSchema::Fixed(fixed)) => out.string(&uuid(bytes.take(fixed.size)?))?,
        Schema::Duration(fixed) => duration(bytes.take(fixed.size)?, out)?,
        time => moment(time, long(bytes)?, out)?,
    }
    Ok(())
}

/// A whole number with its point moved: the digits of `unscaled` × 10^-scale. `None` above 128 bits.
fn decimal_text(digits: &[u8], scale: usize) -> Option<String> {
    if digits.is_empty() || digits.len() > 16 {
        return None;
    }
    let sign = if digits[0] & 0x80 != 0 { -1_i128 } else { 0 };
    let unscaled = digits.iter().fold(sign, |value, byte| value << 8 | i128::from(*byte));
    if scale == 0 {
        return Some(unscaled.to_string());
    }
    let sign = if unscaled < 0 { "-" } else { "" };
    let text = format!("{:0>width$}", unscaled.unsigned_abs(), width = scale.min(64) + 1);
    let (whole, fraction) = text.split_at(text.len() - scale.min(64));
    Some(format!("{sign}{whole}.{fraction}"))
}

fn uuid(bytes: &[u8]) -> String {
    let hex = data_encoding::HEXLOWER.encode(bytes);
    let groups = [0..8, 8..12, 12..16, 16..20, 20..hex.len()];
    groups.into_iter().filter_map(|group| hex.get(group)).collect::<Vec<_>>().join("-")
}

/// Months, days and milliseconds, four bytes each.
fn duration(bytes: &[u8], out: &mut ValueWriter<'_>) -> Result<(), DecodeError> {
    let (parts, _) = bytes.as_chunks::<4>();
    out.begin_object()?;
    for (name, part) in ["months", "days", "millis"].into_iter().zip(parts) {
        out.key(name)?;
        out.integer(u32::from_le_bytes(*part).into())?;
    }
    Ok(out.end()?)
}

/// A date or a time in words; one that no calendar has stays a number.
fn moment(schema: &Schema, value: i64, out: &mut ValueWriter<'_>) -> Result<(), DecodeError> {
    let utc = |time: Result<Timestamp, jiff::Error>| time.ok().map(|time| time.to_string());
    let local = |time: Option<String>| time.map(|time| time.trim_end_matches('Z').to_owned());
    let nanos = || utc(Timestamp::from_nanosecond(value.into()));
    let shown = match schema {
        Schema::Date => i32::try_from(value).ok().and_then(date),
        Schema::TimeMillis => time_of_day(value.checked_mul(1_000)),
        Schema::TimeMicros => time_of_day(Some(value)),
        Schema::TimestampMillis => utc(Timestamp::from_millisecond(value)),
        Schema::TimestampMicros => utc(Timestamp::from_microsecond(value)),
        Schema::TimestampNanos => nanos(),
        Schema::LocalTimestampMillis => local(utc(Timestamp::from_millisecond(value))),
        Schema::LocalTimestampMicros => local(utc(Timestamp::from_microsecond(value))),
        Schema::LocalTimestampNanos => local(nanos()),
        _ => None,
    };
    match shown {
        Some(text) => out.string(&text)?,
        None => out.integer(value.into())?,
    }
    Ok(())
}

fn date(days: i32) -> Option<String> {
    let epoch = Date::constant(1970, 1, 1);
    epoch.checked_add(jiff::Span::new().try_days(days).ok()?).ok().map(|date| date.to_string())
}

/// A time of day, in microseconds.
fn time_of_day(micros: Option<i64>) -> Option<String> {
    let micros = micros.filter(|micros| (0..86_400_000_000).contains(micros))?;
    let (seconds, rest) = (micros / 1_000_000, micros % 1_000_000);
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    Some(format!("{hours:02}:{minutes:02}:{seconds:02}.{rest:06}"))
}

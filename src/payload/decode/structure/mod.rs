//! Bytes by a layout of one line: `u16le temp/100 °C, i8 rssi, u32be time:unix, bits flags{on,alarm}`.
//!
//! Fields follow each other without gaps; `pad[n]` leaves some out. The grammar stands in docs/decoders.md.

mod field;
mod numbers;
mod parse;

pub use field::Layout;
pub use numbers::{BYTES, Numbers};
pub use parse::{LayoutError, LayoutProblem};

use jiff::Timestamp;

use crate::payload::decode::binary::{BinaryFault, BinaryProblem};
use crate::payload::decode::bytes::Bytes;
use crate::payload::decode::structure::field::{Bit, Field, Kind, Number, Scale, Time};
use crate::payload::decode::value::{ValueDecoder, ValueWriter};
use crate::payload::decode::{DecodeError, Fit, Look};

/// In the table of decoders: waits for a person to write a layout.
#[derive(Debug)]
pub struct Unwritten;

impl ValueDecoder for Unwritten {
    fn fit(&self, _: &Look<'_>) -> Fit {
        Fit::No
    }

    fn write(&self, _: &[u8], _: usize, _: &mut ValueWriter<'_>) -> Result<(), DecodeError> {
        Err(DecodeError::NeedsOptions)
    }

    fn extension(&self) -> &'static str {
        "bin"
    }
}

impl ValueDecoder for Layout {
    /// Never recognised by its bytes: a person has to write the layout.
    fn fit(&self, _: &Look<'_>) -> Fit {
        Fit::No
    }

    fn write(&self, payload: &[u8], _: usize, out: &mut ValueWriter<'_>) -> Result<(), DecodeError> {
        let mut bytes = Bytes::new(payload);
        out.reads_from(0);
        out.begin_object()?;
        for field in &self.fields {
            field.write(&mut bytes, out)?;
        }
        if !bytes.is_empty() {
            let trailing = BinaryProblem::Trailing { bytes: bytes.left() };
            return Err(BinaryFault { offset: bytes.position(), problem: trailing }.into());
        }
        out.end()?;
        out.reads_to(payload.len());
        Ok(())
    }

    fn extension(&self) -> &'static str {
        "bin"
    }
}

impl Field {
    fn write(&self, bytes: &mut Bytes<'_>, out: &mut ValueWriter<'_>) -> Result<(), DecodeError> {
        if let Kind::Padding(count) = self.kind {
            bytes.take(count)?;
            return Ok(());
        }
        out.key(&self.name)?;
        out.reads_from(bytes.position());
        if let Some(count) = self.count {
            out.begin_array()?;
            for _ in 0..count {
                out.reads_from(bytes.position());
                self.write_one(bytes, out)?;
                out.reads_to(bytes.position());
            }
            out.end()?;
        } else {
            self.write_one(bytes, out)?;
        }
        out.reads_to(bytes.position());
        Ok(())
    }

    fn write_one(&self, bytes: &mut Bytes<'_>, out: &mut ValueWriter<'_>) -> Result<(), DecodeError> {
        let start = bytes.position();
        match &self.kind {
            Kind::Number { number, is_little, scale, time } => {
                let read = read_number(*number, *is_little, bytes)?;
                write_number(read, *scale, *time, out)
            }
            Kind::Boolean => {
                let byte = bytes.byte()?;
                Ok(out.boolean(byte != 0)?)
            }
            Kind::Text(length) => {
                let text = bytes.take(length.unwrap_or(bytes.left()))?;
                // A C string ends with a NUL; what follows is meaningless.
                let end = text.iter().position(|byte| *byte == 0).unwrap_or(text.len());
                match str::from_utf8(&text[..end]) {
                    Ok(text) => Ok(out.string(text)?),
                    Err(error) => {
                        Err(BinaryFault::at(start + error.valid_up_to(), BinaryProblem::NotUtf8).into())
                    }
                }
            }
            Kind::Bytes(length) => {
                let taken = bytes.take(length.unwrap_or(bytes.left()))?;
                Ok(out.bytes(taken)?)
            }
            Kind::Bits { bytes: width, is_little, bits } => {
                let value = unsigned(bytes.take(*width)?, *is_little);
                write_bits(value, bits, start..bytes.position(), out)
            }
            Kind::Padding(_) => Ok(()),
        }
    }
}

/// A number as it was read.
#[derive(Clone, Copy, Debug)]
enum Read {
    Whole(i128),
    Single(f32),
    Double(f64),
}

fn read_number(number: Number, is_little: bool, bytes: &mut Bytes<'_>) -> Result<Read, BinaryFault> {
    let taken = bytes.take(number.width())?;
    let value = unsigned(taken, is_little);
    Ok(match number {
        Number::Unsigned(_) => Read::Whole(i128::from(value)),
        Number::Signed(width) => {
            // The highest bit moves to the top, and comes back with its copies.
            let unused = 64 - 8 * u32::from(width);
            Read::Whole(i128::from((value << unused).cast_signed() >> unused))
        }
        Number::Float(2) => Read::Single(half::f16::from_bits(value as u16).to_f32()),
        Number::Float(4) => Read::Single(f32::from_bits(value as u32)),
        Number::Float(_) => Read::Double(f64::from_bits(value)),
    })
}

/// At most eight bytes as a number.
fn unsigned(bytes: &[u8], is_little: bool) -> u64 {
    let push = |value: u64, byte: &u8| value << 8 | u64::from(*byte);
    if is_little { bytes.iter().rev().fold(0, push) } else { bytes.iter().fold(0, push) }
}

fn write_number(
    read: Read,
    scale: Scale,
    time: Option<Time>,
    out: &mut ValueWriter<'_>,
) -> Result<(), DecodeError> {
    let float = match read {
        Read::Whole(value) => value as f64,
        Read::Single(value) => f64::from(value),
        Read::Double(value) => value,
    };
    match (time, read) {
        (Some(time), Read::Whole(value)) => match moment(time, value) {
            Some(moment) => out.string(&moment.to_string()),
            None => out.integer(value),
        },
        (_, Read::Whole(value)) if scale.is_none() => out.integer(value),
        (_, Read::Single(value)) if scale.is_none() => out.float32(value),
        _ => out.float(scale.apply(float)),
    }?;
    Ok(())
}

/// `None` for a time that no calendar has.
fn moment(time: Time, value: i128) -> Option<Timestamp> {
    let value = i64::try_from(value).ok()?;
    match time {
        Time::Seconds => Timestamp::from_second(value).ok(),
        Time::Milliseconds => Timestamp::from_millisecond(value).ok(),
        Time::Microseconds => Timestamp::from_microsecond(value).ok(),
    }
}

/// From the lowest bit up.
fn write_bits(
    value: u64,
    bits: &[Bit],
    within: std::ops::Range<usize>,
    out: &mut ValueWriter<'_>,
) -> Result<(), DecodeError> {
    out.begin_object()?;
    let mut rest = value;
    for bit in bits {
        if !bit.name.is_empty() {
            out.key(&bit.name)?;
            out.reads_from(within.start);
            match bit.width {
                1 => out.boolean(rest & 1 == 1)?,
                width => out.integer(i128::from(rest & ((1 << width) - 1)))?,
            }
            out.reads_to(within.end);
        }
        rest = rest.checked_shr(bit.width).unwrap_or(0);
    }
    Ok(out.end()?)
}

#[cfg(test)]
mod tests;

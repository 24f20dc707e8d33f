//! MessagePack: one object, or several in a row.
//!
//! An extension stands as `{"ext(5)": "h'…'"}`; the timestamp, extension −1, as a time in UTC.

use jiff::Timestamp;
use rmp::Marker;

use crate::payload::DecodeLimits;
use crate::payload::decode::binary::{BinaryFault, BinaryProblem};
use crate::payload::decode::bytes::Bytes;
use crate::payload::decode::value::{ValueDecoder, ValueWriter, fit_by_reading};
use crate::payload::decode::{DecodeError, Fit, Look};
use crate::payload::encode::{self, EncodeError};

/// The extension that is a timestamp.
const TIMESTAMP: i8 = -1;

/// Reads MessagePack.
#[derive(Debug)]
pub(super) struct MessagePack;

impl ValueDecoder for MessagePack {
    fn fit(&self, look: &Look<'_>) -> Fit {
        // A container at the top: nearly any byte begins some object.
        let is_container = matches!(look.payload().first(), Some(0x81..=0x8F | 0x91..=0x9F | 0xDC..=0xDF));
        if !is_container || look.text().is_some() {
            return Fit::No;
        }
        fit_by_reading(self, look, Fit::Likely)
    }

    fn write(&self, payload: &[u8], depth_max: usize, out: &mut ValueWriter<'_>) -> Result<(), DecodeError> {
        let mut bytes = Bytes::new(payload);
        loop {
            Object { bytes: &mut bytes, depth_max, open: Vec::new(), has_ended: false }.write(out)?;
            if bytes.is_empty() {
                return Ok(());
            }
        }
    }

    fn encode(&self, text: &str, limits: &DecodeLimits) -> Result<Vec<u8>, EncodeError> {
        Ok(encode::msgpack(&encode::read(text, limits)?)?)
    }

    fn extension(&self) -> &'static str {
        "msgpack"
    }
}

/// A container that is open.
#[derive(Debug)]
enum Open {
    /// An array with so many items to come.
    Array(u64),
    /// A map with so many keys and values to come.
    Map { left: u64, is_value: bool },
}

struct Object<'p, 'r> {
    bytes: &'r mut Bytes<'p>,
    depth_max: usize,
    open: Vec<Open>,
    has_ended: bool,
}

impl<'p> Object<'p, '_> {
    /// Writes the object whole.
    fn write(&mut self, out: &mut ValueWriter<'_>) -> Result<(), DecodeError> {
        loop {
            while let Some(Open::Array(0) | Open::Map { left: 0, .. }) = self.open.last() {
                out.end()?;
                self.open.pop();
                self.ended(out)?;
            }
            if self.has_ended {
                return Ok(());
            }
            let start = self.bytes.position();
            match self.open.last_mut() {
                Some(Open::Map { left, is_value: false }) => {
                    *left -= 1;
                    out.reads_key_from(start);
                    out.begin_key()?;
                }
                Some(Open::Map { left, is_value: true } | Open::Array(left)) => {
                    *left -= 1;
                    out.reads_from(start);
                }
                None => out.reads_from(start),
            }
            self.take(out)?;
        }
    }

    /// Writes a scalar, or the beginning of a container.
    fn take(&mut self, out: &mut ValueWriter<'_>) -> Result<(), DecodeError> {
        let mut head = *self.bytes;
        let byte = head.byte()?;
        match Marker::from_u8(byte) {
            Marker::FixArray(items) => self.open_array(head, items.into(), out),
            Marker::Array16 => {
                let items = u16::from_be_bytes(head.array()?);
                self.open_array(head, items.into(), out)
            }
            Marker::Array32 => {
                let items = u32::from_be_bytes(head.array()?);
                self.open_array(head, items.into(), out)
            }
            Marker::FixMap(pairs) => self.open_map(head, pairs.into(), out),
            Marker::Map16 => {
                let pairs = u16::from_be_bytes(head.array()?);
                self.open_map(head, pairs.into(), out)
            }
            Marker::Map32 => {
                let pairs = u32::from_be_bytes(head.array()?);
                self.open_map(head, pairs.into(), out)
            }
            marker => {
                let scalar = Scalar::read(marker, byte, &mut head)?;
                *self.bytes = head;
                scalar.write(out)?;
                self.ended(out)
            }
        }
    }

    fn open_array(
        &mut self,
        head: Bytes<'p>,
        items: u64,
        out: &mut ValueWriter<'_>,
    ) -> Result<(), DecodeError> {
        self.enter(head)?;
        out.begin_array()?;
        self.open.push(Open::Array(items));
        Ok(())
    }

    fn open_map(
        &mut self,
        head: Bytes<'p>,
        pairs: u64,
        out: &mut ValueWriter<'_>,
    ) -> Result<(), DecodeError> {
        self.enter(head)?;
        out.begin_object()?;
        self.open.push(Open::Map { left: pairs * 2, is_value: false });
        Ok(())
    }

    fn enter(&mut self, head: Bytes<'p>) -> Result<(), DecodeError> {
        let start = self.bytes.position();
        if self.open.len() >= self.depth_max {
            return Err(BinaryFault::at(start, BinaryProblem::TooDeep(self.depth_max)).into());
        }
        *self.bytes = head;
        Ok(())
    }

    /// After an object: ends the key if it is one.
    fn ended(&mut self, out: &mut ValueWriter<'_>) -> Result<(), DecodeError> {
        out.reads_to(self.bytes.position());
        match self.open.last_mut() {
            Some(Open::Map { is_value, .. }) => {
                if !*is_value {
                    out.end_key()?;
                }
                *is_value = !*is_value;
            }
            Some(Open::Array(_)) => {}
            None => self.has_ended = true,
        }
        Ok(())
    }
}

/// What has no items.
#[derive(Debug)]
enum Scalar<'p> {
    Nil,
    Boolean(bool),
    Integer(i128),
    Float32(f32),
    Float64(f64),
    /// Text, as far as it is: old writers also put bytes here.
    Text(&'p [u8]),
    Binary(&'p [u8]),
    Extension(i8, &'p [u8]),
}

impl<'p> Scalar<'p> {
    /// Reads what follows the first byte.
    fn read(marker: Marker, byte: u8, from: &mut Bytes<'p>) -> Result<Self, BinaryFault> {
        let extension = |length: usize, from: &mut Bytes<'p>| {
            let kind = i8::from_be_bytes(from.array()?);
            from.take(length).map(|bytes| Self::Extension(kind, bytes))
        };
        Ok(match marker {
            Marker::Null => Self::Nil,
            Marker::False => Self::Boolean(false),
            Marker::True => Self::Boolean(true),
            Marker::FixPos(value) => Self::Integer(value.into()),
            Marker::FixNeg(value) => Self::Integer(value.into()),
            Marker::U8 => Self::Integer(u8::from_be_bytes(from.array()?).into()),
            Marker::U16 => Self::Integer(u16::from_be_bytes(from.array()?).into()),
            Marker::U32 => Self::Integer(u32::from_be_bytes(from.array()?).into()),
            Marker::U64 => Self::Integer(u64::from_be_bytes(from.array()?).into()),
            Marker::I8 => Self::Integer(i8::from_be_bytes(from.array()?).into()),
            Marker::I16 => Self::Integer(i16::from_be_bytes(from.array()?).into()),
            Marker::I32 => Self::Integer(i32::from_be_bytes(from.array()?).into()),
            Marker::I64 => Self::Integer(i64::from_be_bytes(from.array()?).into()),
            Marker::F32 => Self::Float32(f32::from_be_bytes(from.array()?)),
            Marker::F64 => Self::Float64(f64::from_be_bytes(from.array()?)),
            Marker::FixStr(length) => Self::Text(from.take(length.into())?),
            Marker::Str8 => Self::Text(length8(from).and_then(|length| from.take(length))?),
            Marker::Str16 => Self::Text(length16(from).and_then(|length| from.take(length))?),
            Marker::Str32 => Self::Text(length32(from).and_then(|length| from.take(length))?),
            Marker::Bin8 => Self::Binary(length8(from).and_then(|length| from.take(length))?),
            Marker::Bin16 => Self::Binary(length16(from).and_then(|length| from.take(length))?),
            Marker::Bin32 => Self::Binary(length32(from).and_then(|length| from.take(length))?),
            Marker::FixExt1 => extension(1, from)?,
            Marker::FixExt2 => extension(2, from)?,
            Marker::FixExt4 => extension(4, from)?,
            Marker::FixExt8 => extension(8, from)?,
            Marker::FixExt16 => extension(16, from)?,
            Marker::Ext8 => extension(length8(from)?, from)?,
            Marker::Ext16 => extension(length16(from)?, from)?,
            Marker::Ext32 => extension(length32(from)?, from)?,
            // 0xC1 is never used; containers are no scalars.
            Marker::Reserved
            | Marker::FixArray(_)
            | Marker::Array16
            | Marker::Array32
            | Marker::FixMap(_)
            | Marker::Map16
            | Marker::Map32 => {
                return Err(BinaryFault::at(from.position() - 1, BinaryProblem::BadByte(byte)));
            }
        })
    }

    fn write(&self, out: &mut ValueWriter<'_>) -> Result<(), DecodeError> {
        match self {
            Self::Nil => out.null(),
            Self::Boolean(value) => out.boolean(*value),
            Self::Integer(value) => out.integer(*value),
            Self::Float32(value) => out.float32(*value),
            Self::Float64(value) => out.float(*value),
            Self::Text(bytes) => match str::from_utf8(bytes) {
                Ok(text) => out.string(text),
                Err(_) => out.bytes(bytes),
            },
            Self::Binary(bytes) => out.bytes(bytes),
            Self::Extension(kind, bytes) => {
                let time = if *kind == TIMESTAMP { timestamp(bytes) } else { None };
                if let Some(time) = time {
                    out.string(&time.to_string())
                } else {
                    out.begin_object()?;
                    out.key(&format!("ext({kind})"))?;
                    out.bytes(bytes)?;
                    out.end()
                }
            }
        }?;
        Ok(())
    }
}

fn length8(from: &mut Bytes<'_>) -> Result<usize, BinaryFault> {
    from.byte().map(usize::from)
}

fn length16(from: &mut Bytes<'_>) -> Result<usize, BinaryFault> {
    from.array().map(u16::from_be_bytes).map(usize::from)
}

fn length32(from: &mut Bytes<'_>) -> Result<usize, BinaryFault> {
    from.array().map(u32::from_be_bytes).map(|length| length as usize)
}

/// A timestamp of 32, 64 or 96 bits; `None` for other lengths and times that nobody's calendar has.
fn timestamp(bytes: &[u8]) -> Option<Timestamp> {
    let (seconds, nanoseconds) = match bytes.len() {
        4 => (i64::from(u32::from_be_bytes(bytes.try_into().ok()?)), 0),
        8 => {
            let packed = u64::from_be_bytes(bytes.try_into().ok()?);
            ((packed & 0x3_FFFF_FFFF) as i64, (packed >> 34) as u32)
        }
        12 => {
            let (nanoseconds, seconds) = bytes.split_first_chunk::<4>()?;
            (i64::from_be_bytes(seconds.try_into().ok()?), u32::from_be_bytes(*nanoseconds))
        }
        _ => return None,
    };
    let nanoseconds = i32::try_from(nanoseconds).ok().filter(|nanoseconds| *nanoseconds < 1_000_000_000)?;
    Timestamp::new(seconds, nanoseconds).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::payload::json::validate;
    use crate::payload::{DecodeLimits, hex, never};

    fn decoded(bytes: &[u8]) -> Result<String, DecodeError> {
        let mut out = ValueWriter::new(1 << 20, &never);
        MessagePack.write(bytes, 1_000, &mut out).map(|()| out.finish())
    }

    fn fault(offset: usize, problem: BinaryProblem) -> Result<String, DecodeError> {
        Err(BinaryFault { offset, problem }.into())
    }

    /// One case for each row of the specification's table of formats.
    #[test]
    fn every_format_of_the_specification_is_read() {
        let cases = [
            ("c0", "null"),
            ("c2", "false"),
            ("c3", "true"),
            ("7f", "127"),
            ("e0", "-32"),
            ("ccff", "255"),
            ("cdffff", "65535"),
            ("ceffffffff", "4294967295"),
            ("cfffffffffffffffff", "18446744073709551615"),
            ("d080", "-128"),
            ("d18000", "-32768"),
            ("d280000000", "-2147483648"),
            ("d38000000000000000", "-9223372036854775808"),
            ("ca3dcccccd", "0.1"),
            ("cb3fb999999999999a", "0.1"),
            ("ca7fc00000", "\"NaN\""),
            ("a0", "\"\""),
            ("a3e6b0b4", "\"水\""),
            ("d90161", "\"a\""),
            ("da000161", "\"a\""),
            ("db0000000161", "\"a\""),
            ("a2c328", "\"h'c328'\""),
            ("c40101", "\"h'01'\""),
            ("c5000101", "\"h'01'\""),
            ("c60000000101", "\"h'01'\""),
            ("920102", "[1,2]"),
            ("dc0001c0", "[null]"),
            ("dd00000001c0", "[null]"),
            ("82a16101a16202", "{\"a\":1,\"b\":2}"),
            ("de0001a16101", "{\"a\":1}"),
            ("df00000001a16101", "{\"a\":1}"),
            ("8191c001", "{\"[null]\":1}"),
            ("810102", "{\"1\":2}"),
            ("d40501", "{\"ext(5)\":\"h'01'\"}"),
            ("d5050102", "{\"ext(5)\":\"h'0102'\"}"),
            ("d60501020304", "{\"ext(5)\":\"h'01020304'\"}"),
            ("d7050102030405060708", "{\"ext(5)\":\"h'0102030405060708'\"}"),
            ("d80501020304050607080102030405060708", "{\"ext(5)\":\"h'01020304050607080102030405060708'\"}"),
            ("c7030501ff02", "{\"ext(5)\":\"h'01ff02'\"}"),
            ("c800010501", "{\"ext(5)\":\"h'01'\"}"),
            ("c9000000010501", "{\"ext(5)\":\"h'01'\"}"),
            ("d6ff514b67b0", "\"2013-03-21T20:04:00Z\""),
            ("d7ff77359400514b67b0", "\"2013-03-21T20:04:00.5Z\""),
            ("c70cff1dcd650000000000514b67b0", "\"2013-03-21T20:04:00.5Z\""),
            ("c70cffffffffff0000000000000000", "{\"ext(-1)\":\"h'ffffffff0000000000000000'\"}"),
        ];
        for (bytes, json) in cases {
            assert_eq!(decoded(&hex::parse(bytes).unwrap()).as_deref(), Ok(json), "{bytes}");
        }
    }

    #[test]
    fn what_is_wrong_is_named_with_its_byte() {
        assert_eq!(decoded(&[]), fault(0, BinaryProblem::Truncated));
        assert_eq!(decoded(&[0x92, 1]), fault(2, BinaryProblem::Truncated));
        assert_eq!(decoded(&[0x91, 0xC1]), fault(1, BinaryProblem::BadByte(0xC1)));
        assert_eq!(decoded(&[0xC6, 0xFF, 0xFF, 0xFF, 0xFF, 0]), fault(6, BinaryProblem::Truncated));
        assert_eq!(decoded(&vec![0x91; 100_000]), fault(1_000, BinaryProblem::TooDeep(1_000)));
    }

    #[test]
    fn containers_are_recognised_and_words_are_not() {
        let fit = |bytes: &[u8]| MessagePack.fit(&Look::at(bytes));
        assert_eq!(
            fit(&[0x81, 0xA1, b't', 0xCB, 0x3F, 0xB9, 0x99, 0x99, 0x99, 0x99, 0x99, 0x9A]),
            Fit::Likely
        );
        assert_eq!(fit(&[0x81, 0xA1, b't']), Fit::No);
        assert_eq!(fit(b"42"), Fit::No);
        assert_eq!(fit(&[0xC0]), Fit::No);
    }

    proptest! {
        #[test]
        fn any_bytes_are_json_or_a_fault_inside_of_them(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            match decoded(&bytes) {
                Ok(json) => for line in json.lines() {
                    prop_assert!(validate(line.as_bytes(), &DecodeLimits::default(), &never).is_ok(), "{json}");
                },
                Err(error) => prop_assert!(error.offset().is_none_or(|at| at <= bytes.len())),
            }
        }
    }
}

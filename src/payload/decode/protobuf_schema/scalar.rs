//! Single values of Protobuf, by the types of the schema.

use jiff::Timestamp;
use prost_reflect::{Kind, MessageDescriptor, Value};

use crate::payload::LimitError;
use crate::payload::decode::binary::BinaryProblem;
use crate::payload::decode::protobuf_wire::{Wire, fields};
use crate::payload::decode::value::ValueWriter;

/// Why a value cannot be written: the wire does not fit the type, or there is no room.
#[derive(Clone, Copy)]
pub(super) enum Unfit {
    Problem(BinaryProblem),
    Limit(LimitError),
}

impl From<LimitError> for Unfit {
    fn from(error: LimitError) -> Self {
        Self::Limit(error)
    }
}

const OTHER_TYPE: Unfit = Unfit::Problem(BinaryProblem::OtherType);

/// Writes a value that is no message.
pub(super) fn write_scalar(kind: &Kind, wire: Wire<'_>, out: &mut ValueWriter<'_>) -> Result<(), Unfit> {
    match (kind, wire) {
        (Kind::Double, Wire::Fixed64(bits)) => out.float(f64::from_bits(bits))?,
        (Kind::Float, Wire::Fixed32(bits)) => out.float32(f32::from_bits(bits))?,
        (Kind::Int32, Wire::Varint(value)) => out.integer((value as i32).into())?,
        (Kind::Int64, Wire::Varint(value)) => out.integer(value.cast_signed().into())?,
        (Kind::Uint32, Wire::Varint(value)) => out.integer((value as u32).into())?,
        (Kind::Uint64, Wire::Varint(value)) => out.integer(value.into())?,
        (Kind::Sint32, Wire::Varint(value)) => out.integer((zigzag(value) as i32).into())?,
        (Kind::Sint64, Wire::Varint(value)) => out.integer(zigzag(value).into())?,
        (Kind::Fixed32, Wire::Fixed32(bits)) => out.integer(bits.into())?,
        (Kind::Fixed64, Wire::Fixed64(bits)) => out.integer(bits.into())?,
        (Kind::Sfixed32, Wire::Fixed32(bits)) => out.integer(bits.cast_signed().into())?,
        (Kind::Sfixed64, Wire::Fixed64(bits)) => out.integer(bits.cast_signed().into())?,
        (Kind::Bool, Wire::Varint(value)) => out.boolean(value != 0)?,
        (Kind::Enum(names), Wire::Varint(value)) => match names.get_value(value as i32) {
            Some(name) => out.string(name.name())?,
            None => out.integer((value as i32).into())?,
        },
        (Kind::String, Wire::Bytes(bytes)) => match str::from_utf8(bytes) {
            Ok(text) => out.string(text)?,
            Err(_) => return Err(Unfit::Problem(BinaryProblem::NotUtf8)),
        },
        (Kind::Bytes, Wire::Bytes(bytes)) => out.bytes(bytes)?,
        _ => return Err(OTHER_TYPE),
    }
    Ok(())
}

fn zigzag(value: u64) -> i64 {
    (value >> 1).cast_signed() ^ -(value & 1).cast_signed()
}

/// The wire type of one value in a packed field; `None` for types that are never packed.
pub(super) fn packed_wire(kind: &Kind) -> Option<u8> {
    match kind {
        Kind::String | Kind::Bytes | Kind::Message(_) => None,
        Kind::Double | Kind::Fixed64 | Kind::Sfixed64 => Some(1),
        Kind::Float | Kind::Fixed32 | Kind::Sfixed32 => Some(5),
        _ => Some(0),
    }
}

/// Writes what a field has that was not sent.
pub(super) fn write_default(value: &Value, kind: &Kind, out: &mut ValueWriter<'_>) -> Result<(), LimitError> {
    match (value, kind) {
        (Value::EnumNumber(number), Kind::Enum(names)) => match names.get_value(*number) {
            Some(name) => out.string(name.name()),
            None => out.integer((*number).into()),
        },
        (Value::Bool(value), _) => out.boolean(*value),
        (Value::I32(value), _) => out.integer((*value).into()),
        (Value::I64(value), _) => out.integer((*value).into()),
        (Value::U32(value), _) => out.integer((*value).into()),
        (Value::U64(value), _) => out.integer((*value).into()),
        (Value::F32(value), _) => out.float32(*value),
        (Value::F64(value), _) => out.float(*value),
        (Value::String(text), _) => out.string(text),
        (Value::Bytes(bytes), _) => out.bytes(bytes),
        _ => out.null(),
    }
}

/// Writes a moment, a duration or a wrapped value in one word; `false` for other messages.
pub(super) fn write_well_known(
    message: &MessageDescriptor,
    bytes: &[u8],
    out: &mut ValueWriter<'_>,
) -> Result<bool, Unfit> {
    let name = message.full_name().strip_prefix("google.protobuf.");
    let Some(name @ ("Timestamp" | "Duration")) = name else { return Ok(false) };
    let fields = fields(bytes).map_err(|fault| Unfit::Problem(fault.problem))?;
    let number = |number| {
        let found = fields.iter().rev().find(|field| field.number == number);
        found.and_then(|field| field.value.whole()).unwrap_or(0).cast_signed()
    };
    let (seconds, nanos) = (number(1), number(2));
    let nanos_32 = i32::try_from(nanos).ok();
    match (name, nanos_32.and_then(|nanos| Timestamp::new(seconds, nanos).ok())) {
        ("Timestamp", Some(time)) => out.string(&time.to_string())?,
        ("Duration", _) => {
            let sign = if seconds < 0 || nanos < 0 { "-" } else { "" };
            let fraction = format!("{:09}", nanos.unsigned_abs());
            let fraction = fraction.trim_end_matches('0');
            let point = if fraction.is_empty() { "" } else { "." };
            out.string(&format!("{sign}{}{point}{fraction}s", seconds.unsigned_abs()))?;
        }
        // A time that no calendar has.
        _ => out.string(&format!("{seconds}s {nanos}ns"))?,
    }
    Ok(true)
}

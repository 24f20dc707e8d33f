//! The values of metrics, properties, data sets and templates.

use jiff::Timestamp;

use crate::payload::decode::DecodeError;
use crate::payload::decode::binary::{BinaryFault, BinaryProblem};
use crate::payload::decode::bytes::Bytes;
use crate::payload::decode::sparkplug::data_type::{DataType, Item};
use crate::payload::decode::sparkplug::wire::{Field, Wire, all, fields, last};
use crate::payload::decode::sparkplug::{DEPTH_MAX, Metric, write_metrics};
use crate::payload::decode::value::ValueWriter;

/// Milliseconds since 1970 in UTC; a time that no calendar has stays a number.
pub(super) fn moment(milliseconds: u64, out: &mut ValueWriter<'_>) -> Result<(), DecodeError> {
    let time = i64::try_from(milliseconds).ok().and_then(|time| Timestamp::from_millisecond(time).ok());
    match time {
        Some(time) => out.string(&time.to_string()),
        None => out.integer(milliseconds.into()),
    }?;
    Ok(())
}

/// The field numbers of a value, which differ between metrics, properties, parameters and data sets.
#[derive(Clone, Copy)]
struct Places {
    int: u64,
    long: u64,
    float: u64,
    double: u64,
    boolean: u64,
    text: u64,
}

const METRIC: Places = Places { int: 10, long: 11, float: 12, double: 13, boolean: 14, text: 15 };
const PROPERTY: Places = Places { int: 3, long: 4, float: 5, double: 6, boolean: 7, text: 8 };
const PARAMETER: Places = PROPERTY;
const CELL: Places = Places { int: 1, long: 2, float: 3, double: 4, boolean: 5, text: 6 };

/// The value of a metric that is not null.
pub(super) fn write_value(
    metric: &Metric<'_>,
    depth: usize,
    out: &mut ValueWriter<'_>,
) -> Result<(), DecodeError> {
    let bytes = |number| last(&metric.fields, number).and_then(Wire::bytes);
    match metric.kind {
        DataType::Bytes(_) => Ok(out.bytes(bytes(16).unwrap_or_default())?),
        DataType::Array(item) => write_array(bytes(16).unwrap_or_default(), item, metric.start, out),
        DataType::DataSet => write_data_set(bytes(17).unwrap_or_default(), metric.start, out),
        DataType::Template => write_template(bytes(18).unwrap_or_default(), metric.start, depth, out),
        kind => write_scalar(&metric.fields, METRIC, kind, out),
    }
}

/// A number, a boolean, a text or a time. What is not there is null.
fn write_scalar(
    fields: &[Field<'_>],
    places: Places,
    kind: DataType,
    out: &mut ValueWriter<'_>,
) -> Result<(), DecodeError> {
    let whole = last(fields, places.int).or(last(fields, places.long)).and_then(Wire::whole);
    match (kind, whole) {
        (DataType::DateTime, Some(time)) => return moment(time, out),
        (DataType::Int(width), Some(value)) => {
            // Narrow numbers come in 32 bits, and some writers leave the upper ones as they were.
            let unused = 64 - 8 * u32::from(width);
            return Ok(out.integer(i128::from((value << unused).cast_signed() >> unused))?);
        }
        (DataType::UInt(width), Some(value)) => {
            let unused = 64 - 8 * u32::from(width);
            return Ok(out.integer(i128::from(value << unused >> unused))?);
        }
        _ => {}
    }
    if let Some(value) = whole {
        out.integer(value.into())?;
    } else if let Some(Wire::Fixed32(bits)) = last(fields, places.float) {
        out.float32(f32::from_bits(bits))?;
    } else if let Some(Wire::Fixed64(bits)) = last(fields, places.double) {
        out.float(f64::from_bits(bits))?;
    } else if let Some(value) = last(fields, places.boolean) {
        out.boolean(value.is_true())?;
    } else if let Some(value) = last(fields, places.text) {
        match (value.text(), value.bytes()) {
            (Some(text), _) => out.string(text)?,
            (None, bytes) => out.bytes(bytes.unwrap_or_default())?,
        }
    } else {
        out.null()?;
    }
    Ok(())
}

/// Packed, the low byte first (specification 3.0, 6.4.16).
fn write_array(packed: &[u8], item: Item, base: usize, out: &mut ValueWriter<'_>) -> Result<(), DecodeError> {
    let moved = |fault: BinaryFault| BinaryFault { offset: base + fault.offset, ..fault };
    let mut bytes = Bytes::new(packed);
    out.begin_array()?;
    if item == Item::Boolean {
        // How many, then a bit each, the highest first.
        let count = if packed.is_empty() { 0 } else { u32::from_le_bytes(bytes.array().map_err(moved)?) };
        let bits = bytes.take(bytes.left()).map_err(moved)?;
        if count.div_ceil(8) as usize > bits.len() {
            return Err(BinaryFault::at(base, BinaryProblem::BadLength(count.into())).into());
        }
        for at in 0..count as usize {
            out.boolean(bits.get(at / 8).is_some_and(|byte| byte >> (7 - at % 8) & 1 == 1))?;
        }
        return Ok(out.end()?);
    }
    while !bytes.is_empty() {
        match item {
            Item::Int(width) | Item::UInt(width) => {
                let taken = bytes.take(usize::from(width)).map_err(moved)?;
                let value = taken.iter().rev().fold(0_u64, |value, byte| value << 8 | u64::from(*byte));
                let unused = 64 - 8 * u32::from(width);
                let signed = i128::from((value << unused).cast_signed() >> unused);
                out.integer(if matches!(item, Item::Int(_)) { signed } else { value.into() })?;
            }
            Item::Float => out.float32(f32::from_le_bytes(bytes.array().map_err(moved)?))?,
            Item::Double => out.float(f64::from_le_bytes(bytes.array().map_err(moved)?))?,
            Item::DateTime => moment(u64::from_le_bytes(bytes.array().map_err(moved)?), out)?,
            // Texts end with a NUL.
            Item::Text | Item::Boolean => {
                let rest = &packed[bytes.position()..];
                let end = rest.iter().position(|byte| *byte == 0).unwrap_or(rest.len());
                let text = bytes.take(end).map_err(moved)?;
                out.string(&String::from_utf8_lossy(text))?;
                if !bytes.is_empty() {
                    bytes.byte().map_err(moved)?;
                }
            }
        }
    }
    Ok(out.end()?)
}

/// Rows of cells by the names of their columns.
fn write_data_set(set: &[u8], base: usize, out: &mut ValueWriter<'_>) -> Result<(), DecodeError> {
    let set = fields(set, base)?;
    let columns: Vec<&str> = all(&set, 2).filter_map(Wire::text).collect();
    let kinds = numbers(&set, 3, base)?;
    out.begin_array()?;
    for row in all(&set, 4).filter_map(Wire::bytes) {
        let row = fields(row, base)?;
        out.begin_object()?;
        for (at, cell) in all(&row, 1).filter_map(Wire::bytes).enumerate() {
            let cell = fields(cell, base)?;
            out.key(columns.get(at).copied().unwrap_or_default())?;
            let kind = DataType::of(kinds.get(at).copied().unwrap_or(0));
            write_scalar(&cell, CELL, kind, out)?;
        }
        out.end()?;
    }
    Ok(out.end()?)
}

/// Repeated numbers: one by one, or packed.
fn numbers(message: &[Field<'_>], number: u64, base: usize) -> Result<Vec<u64>, BinaryFault> {
    let mut numbers = Vec::new();
    for value in all(message, number) {
        match value {
            Wire::Varint(value) => numbers.push(value),
            Wire::Bytes(packed) => {
                let mut packed = Bytes::new(packed);
                while !packed.is_empty() {
                    let moved = |fault: BinaryFault| BinaryFault { offset: base + fault.offset, ..fault };
                    numbers.push(packed.varint().map_err(moved)?);
                }
            }
            Wire::Fixed32(_) | Wire::Fixed64(_) | Wire::Group(_) => {}
        }
    }
    Ok(numbers)
}

fn write_template(
    template: &[u8],
    base: usize,
    depth: usize,
    out: &mut ValueWriter<'_>,
) -> Result<(), DecodeError> {
    if depth >= DEPTH_MAX {
        return Err(BinaryFault::at(base, BinaryProblem::TooDeep(DEPTH_MAX)).into());
    }
    let template = fields(template, base)?;
    out.begin_object()?;
    for (key, number) in [("version", 1), ("reference", 4)] {
        if let Some(text) = last(&template, number).and_then(Wire::text) {
            out.key(key)?;
            out.string(text)?;
        }
    }
    if last(&template, 5).is_some_and(Wire::is_true) {
        out.key("definition")?;
        out.boolean(true)?;
    }
    let metrics: Result<Vec<_>, _> =
        all(&template, 2).filter_map(Wire::bytes).map(|metric| Metric::read(metric, base, &[])).collect();
    out.key("metrics")?;
    write_metrics(&metrics?, depth + 1, out)?;
    out.key("parameters")?;
    out.begin_object()?;
    for parameter in all(&template, 3).filter_map(Wire::bytes) {
        let parameter = fields(parameter, base)?;
        out.key(last(&parameter, 1).and_then(Wire::text).unwrap_or_default())?;
        let kind = DataType::of(last(&parameter, 2).and_then(Wire::whole).unwrap_or(0));
        write_scalar(&parameter, PARAMETER, kind, out)?;
    }
    out.end()?;
    Ok(out.end()?)
}

/// What is said of a file or of a message in parts.
pub(super) fn write_metadata(
    metadata: &[u8],
    base: usize,
    out: &mut ValueWriter<'_>,
) -> Result<(), DecodeError> {
    let metadata = fields(metadata, base)?;
    out.begin_object()?;
    for (key, number) in [("size", 3), ("seq", 4)] {
        if let Some(value) = last(&metadata, number).and_then(Wire::whole) {
            out.key(key)?;
            out.integer(value.into())?;
        }
    }
    for (key, number) in
        [("content_type", 2), ("file_name", 5), ("file_type", 6), ("md5", 7), ("description", 8)]
    {
        if let Some(text) = last(&metadata, number).and_then(Wire::text) {
            out.key(key)?;
            out.string(text)?;
        }
    }
    if last(&metadata, 1).is_some_and(Wire::is_true) {
        out.key("multi_part")?;
        out.boolean(true)?;
    }
    Ok(out.end()?)
}

/// Properties by name, sets of them inside each other.
pub(super) fn write_properties(
    set: &[u8],
    base: usize,
    depth: usize,
    out: &mut ValueWriter<'_>,
) -> Result<(), DecodeError> {
    if depth >= DEPTH_MAX {
        return Err(BinaryFault::at(base, BinaryProblem::TooDeep(DEPTH_MAX)).into());
    }
    let set = fields(set, base)?;
    out.begin_object()?;
    let keys = all(&set, 1).map(|key| key.text().unwrap_or_default());
    for (key, value) in keys.zip(all(&set, 2).filter_map(Wire::bytes)) {
        let value = fields(value, base)?;
        out.key(key)?;
        let kind = DataType::of(last(&value, 1).and_then(Wire::whole).unwrap_or(0));
        if last(&value, 2).is_some_and(Wire::is_true) {
            out.null()?;
        } else if let Some(set) = last(&value, 9).and_then(Wire::bytes) {
            write_properties(set, base, depth + 1, out)?;
        } else if let Some(list) = last(&value, 10).and_then(Wire::bytes) {
            out.begin_array()?;
            for set in all(&fields(list, base)?, 1).filter_map(Wire::bytes) {
                write_properties(set, base, depth + 1, out)?;
            }
            out.end()?;
        } else {
            write_scalar(&value, PROPERTY, kind, out)?;
        }
    }
    Ok(out.end()?)
}

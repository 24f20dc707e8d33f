//! The messages of Sparkplug B as they stand on the wire (`sparkplug_b.proto` of the specification, version 3.0).
//!
//! A small reader for this one schema: fields that are not known are passed over, as Protobuf wants it.

use crate::payload::decode::binary::{BinaryFault, Problem};
use crate::payload::decode::bytes::Bytes;

/// One field: its number, its value, and the byte it begins at in the message.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field<'p> {
    pub number: u64,
    pub value: Wire<'p>,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Wire<'p> {
    Varint(u64),
    Fixed64(u64),
    Bytes(&'p [u8]),
    Fixed32(u32),
}

impl<'p> Wire<'p> {
    pub fn whole(self) -> Option<u64> {
        if let Self::Varint(value) = self { Some(value) } else { None }
    }

    pub fn bytes(self) -> Option<&'p [u8]> {
        if let Self::Bytes(bytes) = self { Some(bytes) } else { None }
    }

    pub fn text(self) -> Option<&'p str> {
        str::from_utf8(self.bytes()?).ok()
    }

    pub fn is_true(self) -> bool {
        self.whole().is_some_and(|value| value != 0)
    }
}

/// The fields of a message that begins at byte `base` of the payload.
pub(super) fn fields(message: &[u8], base: usize) -> Result<Vec<Field<'_>>, BinaryFault> {
    let mut bytes = Bytes::new(message);
    let mut fields = Vec::new();
    let moved = |fault: BinaryFault| BinaryFault { offset: base + fault.offset, ..fault };
    while !bytes.is_empty() {
        let start = bytes.position();
        let tag = bytes.varint().map_err(moved)?;
        let value = match tag & 7 {
            0 => Wire::Varint(bytes.varint().map_err(moved)?),
            1 => Wire::Fixed64(u64::from_le_bytes(bytes.array().map_err(moved)?)),
            2 => {
                let at = bytes.position();
                let length = bytes.varint().map_err(moved)?;
                let length_fault = BinaryFault::at(base + at, Problem::BadLength(length));
                let count = usize::try_from(length).ok().filter(|count| *count <= bytes.left());
                Wire::Bytes(bytes.take(count.ok_or(length_fault)?).map_err(moved)?)
            }
            5 => Wire::Fixed32(u32::from_le_bytes(bytes.array().map_err(moved)?)),
            // The schema has no groups.
            _ => return Err(BinaryFault::at(base + start, Problem::BadByte(tag as u8))),
        };
        if tag >> 3 == 0 {
            return Err(BinaryFault::at(base + start, Problem::BadField(0)));
        }
        fields.push(Field { number: tag >> 3, value });
    }
    Ok(fields)
}

/// The values of every field with a number.
pub(super) fn all<'p>(fields: &[Field<'p>], number: u64) -> impl Iterator<Item = Wire<'p>> {
    fields.iter().filter(move |field| field.number == number).map(|field| field.value)
}

/// The value of a field; of several the last counts.
pub(super) fn last<'p>(fields: &[Field<'p>], number: u64) -> Option<Wire<'p>> {
    fields.iter().rev().find(|field| field.number == number).map(|field| field.value)
}

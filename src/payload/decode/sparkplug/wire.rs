//! The messages of Sparkplug B as they stand on the wire (`sparkplug_b.proto` of the specification, version 3.0). Fields
//! that the schema does not have are skipped, as Protobuf requires.

use crate::payload::decode::binary::BinaryFault;
use crate::payload::decode::protobuf_wire;

pub(super) use crate::payload::decode::protobuf_wire::{Field, Wire};

/// The fields of a message that begins at byte `base` of the payload.
pub(super) fn fields(message: &[u8], base: usize) -> Result<Vec<Field<'_>>, BinaryFault> {
    protobuf_wire::fields(message).map_err(|fault| BinaryFault { offset: base + fault.offset, ..fault })
}

/// The values of every field with a number.
pub(super) fn all<'p>(fields: &[Field<'p>], number: u64) -> impl Iterator<Item = Wire<'p>> {
    fields.iter().filter(move |field| field.number == number).map(|field| field.value)
}

/// The value of a field; of several the last counts.
pub(super) fn last<'p>(fields: &[Field<'p>], number: u64) -> Option<Wire<'p>> {
    fields.iter().rev().find(|field| field.number == number).map(|field| field.value)
}

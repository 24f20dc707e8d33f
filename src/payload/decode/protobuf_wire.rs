//! Protobuf's wire format: the fields of a message, whatever its schema.

use crate::payload::decode::binary::{BinaryFault, BinaryProblem};
use crate::payload::decode::bytes::Bytes;

/// The largest field number.
const FIELD_MAX: u64 = (1 << 29) - 1;

/// One field of a message.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field<'p> {
    pub number: u64,
    pub value: Wire<'p>,
    /// All of it, tag included.
    pub bytes: &'p [u8],
    /// Bytes of the tag, and of the length if there is one.
    pub head: usize,
}

/// A value as it stands on the wire.
#[derive(Clone, Copy, Debug)]
pub(super) enum Wire<'p> {
    Varint(u64),
    Fixed64(u64),
    Bytes(&'p [u8]),
    /// The inside of a group (deprecated).
    Group(&'p [u8]),
    Fixed32(u32),
}

impl<'p> Wire<'p> {
    /// A whole number.
    pub fn whole(self) -> Option<u64> {
        if let Self::Varint(value) = self { Some(value) } else { None }
    }

    /// Bytes, which may be a message or a text.
    pub fn bytes(self) -> Option<&'p [u8]> {
        if let Self::Bytes(bytes) = self { Some(bytes) } else { None }
    }

    /// A text; `None` if it is not UTF-8.
    pub fn text(self) -> Option<&'p str> {
        str::from_utf8(self.bytes()?).ok()
    }

    /// Whether a boolean is set.
    pub fn is_true(self) -> bool {
        self.whole().is_some_and(|value| value != 0)
    }
}

/// Every field of a message, or where it is none.
pub(super) fn fields(message: &[u8]) -> Result<Vec<Field<'_>>, BinaryFault> {
    let mut bytes = Bytes::new(message);
    let mut fields = Vec::new();
    while !bytes.is_empty() {
        fields.push(field(message, &mut bytes)?);
    }
    Ok(fields)
}

/// The next field of a message, of which `bytes` is what is left.
pub(super) fn field<'p>(message: &'p [u8], bytes: &mut Bytes<'p>) -> Result<Field<'p>, BinaryFault> {
    let begin = bytes.position();
    let (number, kind) = tag(bytes)?;
    let start = bytes.position();
    let value = match kind {
        0 => Wire::Varint(bytes.varint()?),
        1 => Wire::Fixed64(u64::from_le_bytes(bytes.array()?)),
        2 => Wire::Bytes(delimited(bytes)?),
        3 => Wire::Group(group(number, message, bytes)?),
        5 => Wire::Fixed32(u32::from_le_bytes(bytes.array()?)),
        _ => return Err(BinaryFault::at(start, BinaryProblem::BadGroup)),
    };
    let end = bytes.position();
    let content = match value {
        Wire::Bytes(content) => end - content.len(),
        Wire::Varint(_) | Wire::Fixed64(_) | Wire::Group(_) | Wire::Fixed32(_) => start,
    };
    Ok(Field { number, value, bytes: message.get(begin..end).unwrap_or_default(), head: content - begin })
}

/// A field's number and wire type.
fn tag(bytes: &mut Bytes<'_>) -> Result<(u64, u8), BinaryFault> {
    let start = bytes.position();
    let tag = bytes.varint()?;
    let (number, kind) = (tag >> 3, (tag & 7) as u8);
    if number == 0 || number > FIELD_MAX {
        return Err(BinaryFault::at(start, BinaryProblem::BadField(number)));
    }
    if kind > 5 {
        return Err(BinaryFault::at(start, BinaryProblem::BadByte(tag as u8)));
    }
    Ok((number, kind))
}

fn delimited<'p>(bytes: &mut Bytes<'p>) -> Result<&'p [u8], BinaryFault> {
    let start = bytes.position();
    let length = bytes.varint()?;
    match usize::try_from(length) {
        Ok(count) if count <= bytes.left() => bytes.take(count),
        _ => Err(BinaryFault::at(start, BinaryProblem::BadLength(length))),
    }
}

/// Skips a group, including the groups inside it, and returns its content.
fn group<'p>(number: u64, message: &'p [u8], bytes: &mut Bytes<'p>) -> Result<&'p [u8], BinaryFault> {
    let start = bytes.position();
    let mut open = vec![number];
    loop {
        let end = bytes.position();
        let (number, kind) = tag(bytes)?;
        match kind {
            0 => drop(bytes.varint()?),
            1 => drop(bytes.take(8)?),
            2 => drop(delimited(bytes)?),
            3 => open.push(number),
            4 if open.pop() == Some(number) => {
                if open.is_empty() {
                    return Ok(&message[start..end]);
                }
            }
            5 => drop(bytes.take(4)?),
            _ => return Err(BinaryFault::at(end, BinaryProblem::BadGroup)),
        }
    }
}

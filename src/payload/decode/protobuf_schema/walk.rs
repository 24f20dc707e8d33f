//! Walks a message and its schema together, with a stack of its own: the depth is what a sender makes it.

use prost_reflect::{FieldDescriptor, Kind, MessageDescriptor};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::payload::decode::DecodeError;
use crate::payload::decode::binary::{BinaryFault, BinaryProblem};
use crate::payload::decode::bytes::Bytes;
use crate::payload::decode::protobuf_schema::scalar::{
    Unfit, packed_wire, write_default, write_scalar, write_well_known,
};
use crate::payload::decode::protobuf_wire::{Field, Wire, field, fields};
use crate::payload::decode::value::ValueWriter;

/// What is still to be written, the next on top.
enum Work<'p> {
    Message(MessageDescriptor, &'p [u8]),
    /// The fields of a message from one on, and which of them were sent.
    Fields {
        of: MessageDescriptor,
        next: usize,
        message: &'p [u8],
        sent: FxHashMap<u64, usize>,
    },
    /// What is left of a repeated field, in a message.
    Repeated {
        field: FieldDescriptor,
        rest: Bytes<'p>,
        message: &'p [u8],
    },
    /// The fields that the schema does not have, by number.
    Unknown {
        numbers: Vec<u64>,
        message: &'p [u8],
    },
    End,
    /// The end of a message, and the byte behind it in the payload.
    EndMessage(usize),
}

pub(super) struct Walk<'p> {
    payload: &'p [u8],
    depth_max: usize,
    work: Vec<Work<'p>>,
}

type Done = Result<(), DecodeError>;

impl<'p> Walk<'p> {
    pub(super) fn new(payload: &'p [u8], depth_max: usize) -> Self {
        Self { payload, depth_max, work: Vec::new() }
    }

    pub(super) fn write(mut self, of: &MessageDescriptor, out: &mut ValueWriter<'_>) -> Done {
        self.work.push(Work::Message(of.clone(), self.payload));
        while let Some(work) = self.work.pop() {
            if self.work.len() / 2 > self.depth_max {
                return Err(BinaryFault::at(0, BinaryProblem::TooDeep(self.depth_max)).into());
            }
            match work {
                Work::Message(of, message) => self.message(of, message, out)?,
                Work::Fields { of, next, message, sent } => self.fields(&of, next, message, sent, out)?,
                Work::Repeated { field, rest, message } => self.repeated(field, rest, message, out)?,
                Work::Unknown { numbers, message } => self.unknown(&numbers, message, out)?,
                Work::End => out.end()?,
                Work::EndMessage(end) => {
                    out.end()?;
                    out.reads_to(end);
                }
            }
        }
        Ok(())
    }

    /// Where a part of the payload begins.
    fn base(&self, part: &[u8]) -> usize {
        // What is not there at all has a place of its own.
        part.as_ptr().addr().saturating_sub(self.payload.as_ptr().addr()).min(self.payload.len())
    }

    /// A fault in a message, as one of the payload.
    fn moved(&self, message: &[u8], fault: BinaryFault) -> DecodeError {
        BinaryFault { offset: self.base(message) + fault.offset, ..fault }.into()
    }

    fn unfit(at: usize, unfit: Unfit) -> DecodeError {
        match unfit {
            Unfit::Problem(problem) => BinaryFault::at(at, problem).into(),
            Unfit::Limit(limit) => limit.into(),
        }
    }

    /// Opens a message: looks which fields were sent, and checks the wire to its end.
    fn message(&mut self, of: MessageDescriptor, message: &'p [u8], out: &mut ValueWriter<'_>) -> Done {
        out.reads_from(self.base(message));
        let end = self.base(message) + message.len();
        let well_known = write_well_known(&of, message, out);
        if well_known.map_err(|unfit| Self::unfit(self.base(message), unfit))? {
            out.reads_to(end);
            return Ok(());
        }
        let mut sent: FxHashMap<u64, usize> = FxHashMap::default();
        let mut rest = Bytes::new(message);
        while !rest.is_empty() {
            let at = rest.position();
            let field = field(message, &mut rest).map_err(|fault| self.moved(message, fault))?;
            // Of several the last counts.
            sent.insert(field.number, at);
        }
        out.begin_object()?;
        self.work.push(Work::EndMessage(end));
        let unknown: Vec<u64> = {
            let known: FxHashSet<u64> = of.fields().map(|field| field.number().into()).collect();
            let mut numbers: Vec<u64> =
                sent.keys().copied().filter(|number| !known.contains(number)).collect();
            numbers.sort_unstable();
            numbers
        };
        if !unknown.is_empty() {
            self.work.push(Work::Unknown { numbers: unknown, message });
        }
        self.work.push(Work::Fields { of, next: 0, message, sent });
        Ok(())
    }

    /// Writes fields until one needs work of its own.
    fn fields(
        &mut self,
        of: &MessageDescriptor,
        first: usize,
        message: &'p [u8],
        sent: FxHashMap<u64, usize>,
        out: &mut ValueWriter<'_>,
    ) -> Done {
        let left = of.fields().enumerate().skip(first);
        for (place, field) in left {
            let Some(at) = sent.get(&u64::from(field.number())).copied() else {
                if !field.supports_presence() && !field.is_list() && !field.is_map() {
                    out.key(field.name())?;
                    write_default(&field.default_value(), &field.kind(), out)?;
                }
                continue;
            };
            out.key(field.name())?;
            if field.is_list() || field.is_map() {
                if field.is_map() {
                    out.begin_object()?;
                } else {
                    out.begin_array()?;
                }
                self.work.push(Work::Fields { of: of.clone(), next: place + 1, message, sent });
                self.work.push(Work::End);
                self.work.push(Work::Repeated { field, rest: Bytes::new(message), message });
                return Ok(());
            }
            let found = self.field_at(message, at)?;
            self.reads(&found, out);
            let value = found.value;
            if let Kind::Message(inside) = field.kind() {
                let bytes = self.message_bytes(message, at, value)?;
                self.work.push(Work::Fields { of: of.clone(), next: place + 1, message, sent });
                self.work.push(Work::Message(inside, bytes));
                return Ok(());
            }
            self.scalar(&field.kind(), value, message, at, out)?;
            out.reads_to(self.base(found.bytes) + found.bytes.len());
        }
        Ok(())
    }

    /// Says where the value of a field begins.
    fn reads(&self, field: &Field<'_>, out: &mut ValueWriter<'_>) {
        let start = self.base(field.bytes);
        out.reads_key_from(start);
        out.reads_from(start + field.head);
    }

    fn field_at(&self, message: &'p [u8], at: usize) -> Result<Field<'p>, DecodeError> {
        let mut bytes = Bytes::new(message);
        let read = bytes.take(at).and_then(|_| field(message, &mut bytes));
        read.map_err(|fault| self.moved(message, fault))
    }

    fn message_bytes(&self, message: &[u8], at: usize, value: Wire<'p>) -> Result<&'p [u8], DecodeError> {
        match value {
            Wire::Bytes(bytes) | Wire::Group(bytes) => Ok(bytes),
            _ => Err(self.moved(message, BinaryFault::at(at, BinaryProblem::OtherType))),
        }
    }

    fn scalar(
        &self,
        kind: &Kind,
        value: Wire<'_>,
        message: &[u8],
        at: usize,
        out: &mut ValueWriter<'_>,
    ) -> Done {
        write_scalar(kind, value, out).map_err(|unfit| Self::unfit(self.base(message) + at, unfit))
    }

    /// Writes what is left of a repeated field, up to the next message in it.
    fn repeated(
        &mut self,
        of: FieldDescriptor,
        mut rest: Bytes<'p>,
        message: &'p [u8],
        out: &mut ValueWriter<'_>,
    ) -> Done {
        let kind = of.kind();
        while !rest.is_empty() {
            let at = rest.position();
            let found = field(message, &mut rest).map_err(|fault| self.moved(message, fault))?;
            let Field { number, value, .. } = found;
            if number != u64::from(of.number()) {
                continue;
            }
            match (&kind, value) {
                (Kind::Message(entry), value) if of.is_map() => {
                    let bytes = self.message_bytes(message, at, value)?;
                    if let Some(inside) = self.entry(entry, bytes, out)? {
                        self.work.push(Work::Repeated { field: of, rest, message });
                        self.work.push(inside);
                        return Ok(());
                    }
                }
                (Kind::Message(inside), value) => {
                    let bytes = self.message_bytes(message, at, value)?;
                    self.reads(&found, out);
                    self.work.push(Work::Repeated { field: of, rest, message });
                    self.work.push(Work::Message(inside.clone(), bytes));
                    return Ok(());
                }
                (kind, Wire::Bytes(packed)) if let Some(wire) = packed_wire(kind) => {
                    self.packed(kind, wire, packed, out)?;
                }
                (kind, value) => {
                    self.reads(&found, out);
                    self.scalar(kind, value, message, at, out)?;
                    out.reads_to(self.base(found.bytes) + found.bytes.len());
                }
            }
        }
        Ok(())
    }

    /// Numbers without their tags, one after another.
    fn packed(&self, kind: &Kind, wire: u8, packed: &'p [u8], out: &mut ValueWriter<'_>) -> Done {
        let mut bytes = Bytes::new(packed);
        while !bytes.is_empty() {
            let at = bytes.position();
            let value = match wire {
                0 => bytes.varint().map(Wire::Varint),
                1 => bytes.array().map(u64::from_le_bytes).map(Wire::Fixed64),
                _ => bytes.array().map(u32::from_le_bytes).map(Wire::Fixed32),
            };
            let value = value.map_err(|fault| self.moved(packed, fault))?;
            out.reads_from(self.base(packed) + at);
            self.scalar(kind, value, packed, at, out)?;
            out.reads_to(self.base(packed) + bytes.position());
        }
        Ok(())
    }

    /// Writes the key of a map's entry, and its value unless that is a message, which is returned.
    fn entry(
        &self,
        entry: &MessageDescriptor,
        bytes: &'p [u8],
        out: &mut ValueWriter<'_>,
    ) -> Result<Option<Work<'p>>, DecodeError> {
        let sent = fields(bytes).map_err(|fault| self.moved(bytes, fault))?;
        let last = |number| sent.iter().rev().find(|field| field.number == number).map(|field| field.value);
        let (key, value) = (entry.map_entry_key_field(), entry.map_entry_value_field());
        out.begin_key()?;
        match last(1) {
            Some(wire) => self.scalar(&key.kind(), wire, bytes, 0, out)?,
            None => write_default(&key.default_value(), &key.kind(), out)?,
        }
        out.end_key()?;
        match (value.kind(), last(2)) {
            (Kind::Message(inside), wire) => {
                let inner = wire.map(|wire| self.message_bytes(bytes, 0, wire)).transpose()?;
                return Ok(Some(Work::Message(inside, inner.unwrap_or_default())));
            }
            (kind, Some(wire)) => {
                out.reads_from(self.base(bytes));
                self.scalar(&kind, wire, bytes, 0, out)?;
                out.reads_to(self.base(bytes) + bytes.len());
            }
            (kind, None) => write_default(&value.default_value(), &kind, out)?,
        }
        Ok(None)
    }

    fn unknown(&self, numbers: &[u64], message: &'p [u8], out: &mut ValueWriter<'_>) -> Done {
        let sent = fields(message).map_err(|fault| self.moved(message, fault))?;
        for number in numbers {
            out.key(&format!("{number}?"))?;
            let mut values = sent.iter().filter(|field| field.number == *number).map(|field| field.value);
            match (values.next(), values.next()) {
                (Some(only), None) => guess(only, out)?,
                (first, second) => {
                    out.begin_array()?;
                    for value in first.into_iter().chain(second).chain(values) {
                        guess(value, out)?;
                    }
                    out.end()?;
                }
            }
        }
        Ok(())
    }
}

/// A value that the schema says nothing about.
fn guess(value: Wire<'_>, out: &mut ValueWriter<'_>) -> Done {
    match value {
        Wire::Varint(value) | Wire::Fixed64(value) => out.integer(value.into())?,
        Wire::Fixed32(value) => out.integer(value.into())?,
        Wire::Bytes(bytes) | Wire::Group(bytes) => match str::from_utf8(bytes) {
            Ok(text) if !text.contains(char::is_control) => out.string(text)?,
            _ => out.bytes(bytes)?,
        },
    }
    Ok(())
}

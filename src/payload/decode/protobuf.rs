//! Protobuf without its schema: field numbers, wire types, and what each value may mean.
//!
//! The wire says little: a whole number may be signed, zigzag or a boolean; four or eight bytes may be one too, and
//! bytes may be text or a message. A guess has a question mark behind its field number: `{"1":150,"2 float?":21.5,
//! "3?":"text"}`. The key depends on the wire type alone, so that a path leads to the same field in every message. A
//! field that comes several times is an array.

use rustc_hash::FxHashMap;

use crate::payload::decode::binary::{BinaryFault, BinaryProblem};
use crate::payload::decode::protobuf_wire::{Field, Wire, fields};
use crate::payload::decode::value::{ValueDecoder, ValueWriter};
use crate::payload::decode::{DecodeError, Fit, Look};

/// A field number above this is rare enough that a payload with it was hardly meant as Protobuf.
const FIELD_LIKELY_MAX: u64 = 1_000;
/// Bytes inside bytes that are tried as a message.
const DEPTH_MAX: usize = 64;

/// Reads Protobuf by its wire format alone.
#[derive(Debug)]
pub(super) struct Protobuf;

impl ValueDecoder for Protobuf {
    /// Never more than possible: any few bytes may be a message.
    fn fit(&self, look: &Look<'_>) -> Fit {
        let is_message = look.is_whole()
            && look.text().is_none()
            && fields(look.payload()).is_ok_and(|fields| {
                !fields.is_empty() && fields.iter().all(|field| field.number <= FIELD_LIKELY_MAX)
            });
        if is_message { Fit::Possible } else { Fit::No }
    }

    fn write(&self, payload: &[u8], depth_max: usize, out: &mut ValueWriter<'_>) -> Result<(), DecodeError> {
        Messages { depth_max: depth_max.min(DEPTH_MAX), open: Vec::new() }.write(payload, out)
    }

    fn extension(&self) -> &'static str {
        "pb"
    }
}

impl Wire<'_> {
    /// The guess that is added to the field's number.
    fn guess(&self) -> &'static str {
        match self {
            Self::Varint(_) => "",
            Self::Fixed64(_) => " double?",
            Self::Bytes(_) => "?",
            Self::Group(_) => " group",
            Self::Fixed32(_) => " float?",
        }
    }
}

/// A message that is being written.
struct Open<'p> {
    /// Its fields by number and wire type, in the order in which each came first.
    groups: std::vec::IntoIter<Vec<Field<'p>>>,
    /// What is left of the field whose values are being written.
    values: std::vec::IntoIter<Field<'p>>,
    /// Whether they stand in an array.
    is_array: bool,
    /// The byte behind it in the payload.
    end: usize,
}

impl<'p> Open<'p> {
    fn new(fields: Vec<Field<'p>>, end: usize) -> Self {
        let mut places = FxHashMap::default();
        let mut groups: Vec<Vec<Field<'p>>> = Vec::new();
        for field in fields {
            let place = *places.entry((field.number, field.value.guess())).or_insert(groups.len());
            match groups.get_mut(place) {
                Some(group) => group.push(field),
                None => groups.push(vec![field]),
            }
        }
        Self { groups: groups.into_iter(), values: Vec::new().into_iter(), is_array: false, end }
    }
}

/// The messages that are open, the outermost first.
struct Messages<'p> {
    depth_max: usize,
    open: Vec<Open<'p>>,
}

impl<'p> Messages<'p> {
    fn write(&mut self, payload: &'p [u8], out: &mut ValueWriter<'_>) -> Result<(), DecodeError> {
        let top = fields(payload)?;
        out.reads_from(0);
        out.begin_object()?;
        self.open.push(Open::new(top, payload.len()));
        while let Some(open) = self.open.last_mut() {
            if let Some(field) = open.values.next() {
                self.write_value(payload, field, out)?;
                continue;
            }
            if std::mem::take(&mut open.is_array) {
                out.end()?;
            }
            if let Some(values) = open.groups.next() {
                open.is_array = values.len() > 1;
                let key = values.first().map(|field| format!("{}{}", field.number, field.value.guess()));
                out.key(&key.unwrap_or_default())?;
                if open.is_array {
                    out.begin_array()?;
                }
                open.values = values.into_iter();
            } else {
                let end = open.end;
                out.end()?;
                out.reads_to(end);
                self.open.pop();
            }
        }
        Ok(())
    }

    fn write_value(
        &mut self,
        payload: &'p [u8],
        field: Field<'p>,
        out: &mut ValueWriter<'_>,
    ) -> Result<(), DecodeError> {
        let start = base(payload, field.bytes);
        let end = start + field.bytes.len();
        out.reads_key_from(start);
        out.reads_from(start + field.head);
        match field.value {
            Wire::Varint(value) => out.integer(value.into())?,
            Wire::Fixed32(value) => out.float32(f32::from_bits(value))?,
            Wire::Fixed64(value) => out.float(f64::from_bits(value))?,
            Wire::Group(bytes) => return self.begin(payload, bytes, fields(bytes)?, out),
            Wire::Bytes(bytes) => match inside(bytes, self.open.len() < self.depth_max) {
                Inside::Text(text) => out.string(text)?,
                Inside::Message(fields) => return self.begin(payload, bytes, fields, out),
                Inside::Bytes => out.bytes(bytes)?,
            },
        }
        out.reads_to(end);
        Ok(())
    }

    fn begin(
        &mut self,
        payload: &'p [u8],
        bytes: &'p [u8],
        fields: Vec<Field<'p>>,
        out: &mut ValueWriter<'_>,
    ) -> Result<(), DecodeError> {
        if self.open.len() > self.depth_max {
            let at = base(payload, bytes);
            return Err(BinaryFault::at(at, BinaryProblem::TooDeep(self.depth_max)).into());
        }
        out.begin_object()?;
        self.open.push(Open::new(fields, base(payload, bytes) + bytes.len()));
        Ok(())
    }
}

/// Where a part of the payload begins.
fn base(payload: &[u8], part: &[u8]) -> usize {
    part.as_ptr().addr().saturating_sub(payload.as_ptr().addr())
}

/// What bytes seem to be.
enum Inside<'p> {
    Text(&'p str),
    Message(Vec<Field<'p>>),
    Bytes,
}

/// Text that can be read is text; what parses whole as a message is one; the rest is bytes.
fn inside(bytes: &[u8], may_be_message: bool) -> Inside<'_> {
    if let Ok(text) = str::from_utf8(bytes)
        && !text.chars().any(|character| character.is_control() && !matches!(character, '\n' | '\r' | '\t'))
    {
        return Inside::Text(text);
    }
    match fields(bytes) {
        Ok(fields)
            if may_be_message
                && !fields.is_empty()
                && fields.iter().all(|field| field.number <= FIELD_LIKELY_MAX) =>
        {
            Inside::Message(fields)
        }
        _ => Inside::Bytes,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::payload::json::validate;
    use crate::payload::{DecodeLimits, hex, never};

    fn decoded(bytes: &[u8]) -> Result<String, DecodeError> {
        let mut out = ValueWriter::new(1 << 20, &never);
        Protobuf.write(bytes, 1_000, &mut out).map(|()| out.finish())
    }

    fn fault(offset: usize, problem: BinaryProblem) -> Result<String, DecodeError> {
        Err(BinaryFault { offset, problem }.into())
    }

    /// The first four are the examples of Protobuf's own page on its encoding.
    #[test]
    fn fields_are_shown_by_number_and_guesses_are_marked() {
        let cases = [
            ("089601", r#"{"1":150}"#),
            ("120774657374696e67", r#"{"2?":"testing"}"#),
            ("1a03089601", r#"{"3?":{"1":150}}"#),
            ("220568656c6c6f280128022803", r#"{"4?":"hello","5":[1,2,3]}"#),
            ("0dcdcccc3d", r#"{"1 float?":0.1}"#),
            ("099a9999999999b93f", r#"{"1 double?":0.1}"#),
            ("1203c32801", r#"{"2?":"h'c32801'"}"#),
            ("08ffffffffffffffffff01", r#"{"1":18446744073709551615}"#),
            ("0801100208030a00", r#"{"1":[1,3],"2":2,"1?":""}"#),
            ("", "{}"),
        ];
        for (bytes, json) in cases {
            assert_eq!(decoded(&hex::parse(bytes).unwrap()).as_deref(), Ok(json), "{bytes}");
        }
    }

    #[test]
    fn groups_nest_and_have_to_be_closed() {
        // field 1: group { 1: 1, 2: group { 3: 7 } }
        let bytes = [0x0B, 0x08, 1, 0x13, 0x18, 7, 0x14, 0x0C];
        assert_eq!(decoded(&bytes).as_deref(), Ok(r#"{"1 group":{"1":1,"2 group":{"3":7}}}"#));
        assert_eq!(decoded(&bytes[..7]), fault(7, BinaryProblem::Truncated));
        assert_eq!(decoded(&[0x0C]), fault(1, BinaryProblem::BadGroup));
        assert_eq!(decoded(&[0x0B, 0x14]), fault(1, BinaryProblem::BadGroup));
    }

    #[test]
    fn what_is_wrong_is_named_with_its_byte() {
        assert_eq!(decoded(&[0x08]), fault(1, BinaryProblem::Truncated));
        assert_eq!(decoded(&[0x00]), fault(0, BinaryProblem::BadField(0)));
        assert_eq!(decoded(&[0x0F]), fault(0, BinaryProblem::BadByte(0x0F)));
        assert_eq!(decoded(&[0x0A, 5, 1]), fault(1, BinaryProblem::BadLength(5)));
        assert_eq!(
            decoded(&[0x08, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]),
            fault(1, BinaryProblem::LongNumber)
        );
    }

    #[test]
    fn messages_inside_messages_end_somewhere() {
        let mut bytes = vec![0x08, 1];
        for _ in 0..1_000 {
            let mut around = vec![0x0A];
            let mut length = bytes.len();
            while length > 0x7F {
                around.push(0x80 | (length & 0x7F) as u8);
                length >>= 7;
            }
            around.push(length as u8);
            around.extend(bytes);
            bytes = around;
        }
        let json = decoded(&bytes).unwrap();
        assert_eq!(json.matches('{').count(), DEPTH_MAX, "what is deeper is shown as bytes");
    }

    proptest! {
        #[test]
        fn any_bytes_are_json_or_a_fault_inside_of_them(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            match decoded(&bytes) {
                Ok(json) => prop_assert!(validate(json.as_bytes(), &DecodeLimits::default(), &never).is_ok(), "{json}"),
                Err(error) => prop_assert!(error.offset().is_none_or(|at| at <= bytes.len())),
            }
        }
    }
}

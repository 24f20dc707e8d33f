//! Containers of Avro (Object Container Files): a schema, and blocks of values that may be compressed.

use std::borrow::Cow;

use apache_avro::Schema;

use crate::payload::decode::DecodeError;
use crate::payload::decode::avro::CONTAINER;
use crate::payload::decode::avro::names::AvroNames;
use crate::payload::decode::avro::value::{Reading, long, sized};
use crate::payload::decode::binary::{BinaryFault, BinaryProblem};
use crate::payload::decode::bytes::Bytes;
use crate::payload::decode::value::ValueWriter;
use crate::payload::never;
use crate::payload::packing::{Packing, inflate, open};

/// Bytes that come out of a compressed block.
const BLOCK_BYTES_MAX: usize = 64 << 20;

/// How the blocks are compressed.
#[derive(Clone, Copy)]
enum Codec {
    Null,
    Deflate,
    Packed(Packing),
}

/// Writes the values of a container, each as a value of its own.
pub(super) fn write(payload: &[u8], depth_max: usize, out: &mut ValueWriter<'_>) -> Result<(), DecodeError> {
    let mut bytes = Bytes::new(payload);
    bytes.take(CONTAINER.len())?;
    let start = bytes.position();
    let (mut schema, mut codec) = (None, &b"null"[..]);
    loop {
        let count = long(&mut bytes)?;
        if count < 0 {
            long(&mut bytes)?;
        }
        for _ in 0..count.unsigned_abs() {
            let (key, value) = (sized(&mut bytes)?, sized(&mut bytes)?);
            match key {
                b"avro.schema" => schema = Some(value),
                b"avro.codec" => codec = value,
                _ => {}
            }
        }
        if count == 0 {
            break;
        }
    }
    let schema = schema.and_then(|text| Schema::parse_str(str::from_utf8(text).ok()?).ok());
    let schema = schema.ok_or(BinaryFault::at(start, BinaryProblem::OtherSchema))?;
    let codec = match codec {
        b"null" => Codec::Null,
        b"deflate" => Codec::Deflate,
        b"zstandard" => Codec::Packed(Packing::Zstd),
        b"bzip2" => Codec::Packed(Packing::Bzip2),
        _ => return Err(BinaryFault::at(start, BinaryProblem::UnknownCodec).into()),
    };
    let sync: [u8; 16] = bytes.array()?;
    let names = AvroNames::of(&schema);
    let reading = Reading::new(&names, depth_max);
    while !bytes.is_empty() {
        let start = bytes.position();
        let count = long(&mut bytes)?;
        let block = sized(&mut bytes)?;
        let is_packed = !matches!(codec, Codec::Null);
        let at = if is_packed { start } else { bytes.position() - block.len() };
        let moved = |error| match error {
            // Inside of what was compressed there are no bytes of the payload.
            DecodeError::Binary(fault) if is_packed => BinaryFault { offset: at, ..fault }.into(),
            DecodeError::Binary(fault) => BinaryFault { offset: at + fault.offset, ..fault }.into(),
            error => error,
        };
        let unpacked = match codec {
            Codec::Null => Cow::Borrowed(block),
            Codec::Deflate => Cow::Owned(inflate(block, BLOCK_BYTES_MAX, &never).map_err(moved)?),
            Codec::Packed(packing) => {
                Cow::Owned(open(packing, block, BLOCK_BYTES_MAX, &never).map_err(moved)?)
            }
        };
        let mut values = Bytes::new(&unpacked);
        for _ in 0..count.max(0) {
            reading.write(&schema, &mut values, out).map_err(moved)?;
        }
        let end = bytes.position();
        if bytes.array::<16>()? != sync {
            return Err(BinaryFault::at(end, BinaryProblem::Damaged).into());
        }
    }
    Ok(())
}

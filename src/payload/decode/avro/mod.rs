//! Avro (specification 1.12): a value by its schema, as a single object or bare, or the values of a container, which
//! brings its own schema.

mod container;
mod fingerprint;
mod names;
mod value;

use std::sync::Arc;

use apache_avro::Schema;
use serde_json::Value;

use crate::payload::DecodeLimits;
use crate::payload::decode::avro::fingerprint::fingerprint;
use crate::payload::decode::avro::value::Reading;
use crate::payload::decode::binary::{BinaryFault, BinaryProblem};
use crate::payload::decode::bytes::Bytes;
use crate::payload::decode::value::{ValueDecoder, ValueWriter};
use crate::payload::decode::{DecodeError, Fit, Look};
use crate::payload::encode::{self, EncodeError};
use crate::payload::schema::{SchemaError, SchemaFault, SchemaFiles};

pub(in crate::payload) use crate::payload::decode::avro::names::AvroNames;

/// What a single object begins with; its schema's fingerprint and the value follow (Single-object encoding).
pub(in crate::payload) const SINGLE_OBJECT: [u8; 2] = [0xC3, 0x01];
/// What a container begins with (Object Container Files).
const CONTAINER: &[u8] = b"Obj\x01";

/// Reads Avro by a schema, or a container by its own.
#[derive(Clone, Debug, Default)]
pub(super) struct Avro(Option<Arc<Known>>);

/// A schema and its fingerprint.
#[derive(Debug)]
struct Known {
    schema: Schema,
    fingerprint: [u8; 8],
}

impl Avro {
    /// Reads containers alone.
    pub(super) const SCHEMALESS: Self = Self(None);

    /// Reads values by the schema in a file.
    pub(super) fn compile(path: &str, files: &SchemaFiles) -> Result<Self, SchemaError> {
        let broken = |why: String| SchemaError { file: path.to_owned(), reason: SchemaFault::Broken(why) };
        let text = String::from_utf8(files.read(path)?).map_err(|error| broken(error.to_string()))?;
        // Its own parser knows no lines: what is no JSON is told with its place by the one that does.
        let json: Value = serde_json::from_str(&text)
            .map_err(|error| broken(format!("{path}:{}:{}: {error}", error.line(), error.column())))?;
        let schema = Schema::parse_str(&text).map_err(|error| broken(format!("{path}: {error}")))?;
        Ok(Self(Some(Arc::new(Known { schema, fingerprint: fingerprint(&json) }))))
    }
}

impl ValueDecoder for Avro {
    fn fit(&self, look: &Look<'_>) -> Fit {
        if look.payload().starts_with(CONTAINER) { Fit::Certain } else { Fit::No }
    }

    fn write(&self, payload: &[u8], depth_max: usize, out: &mut ValueWriter<'_>) -> Result<(), DecodeError> {
        if payload.starts_with(CONTAINER) {
            return container::write(payload, depth_max, out);
        }
        let Some(known) = &self.0 else { return Err(DecodeError::NeedsOptions) };
        let mut bytes = Bytes::new(payload);
        if payload.starts_with(&SINGLE_OBJECT) {
            bytes.take(SINGLE_OBJECT.len())?;
            let fingerprint: [u8; 8] = bytes.array()?;
            if fingerprint != known.fingerprint {
                return Err(BinaryFault::at(SINGLE_OBJECT.len(), BinaryProblem::OtherSchema).into());
            }
        }
        let names = AvroNames::of(&known.schema);
        Reading::new(&names, depth_max).write(&known.schema, &mut bytes, out)?;
        match bytes.left() {
            0 => Ok(()),
            left => Err(BinaryFault::at(bytes.position(), BinaryProblem::Trailing { bytes: left }).into()),
        }
    }

    fn encode(&self, text: &str, limits: &DecodeLimits) -> Result<Vec<u8>, EncodeError> {
        let known = self.0.as_ref().ok_or(EncodeError::NotWritten)?;
        let value = encode::read(text, limits)?;
        let mut out = [SINGLE_OBJECT.as_slice(), &known.fingerprint].concat();
        encode::avro(&known.schema, &AvroNames::of(&known.schema), &value, &mut out)?;
        Ok(out)
    }

    fn extension(&self) -> &'static str {
        "avro"
    }
}

#[cfg(test)]
mod tests;

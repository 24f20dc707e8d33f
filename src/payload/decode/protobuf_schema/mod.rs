//! Protobuf with its schema: fields by name, enumerations by theirs, and each number as it was meant.
//!
//! What the schema gives a field without presence is shown even if it was not sent, because a sender leaves out zeros.
//! Fields that the schema does not have stand by number with a question mark. The schema's types are asked one by one
//! while the wire is read, so that a message that does not fit says at which byte.

mod compile;
mod scalar;
mod walk;

use std::sync::Arc;

use prost_reflect::MessageDescriptor;

pub(super) use crate::payload::decode::protobuf_schema::compile::compile;

use crate::payload::DecodeLimits;
use crate::payload::decode::protobuf_schema::walk::Walk;
use crate::payload::decode::value::{ValueDecoder, ValueWriter};
use crate::payload::decode::{DecodeError, Fit, Look};
use crate::payload::encode::{self, EncodeError};

/// Reads one kind of message.
#[derive(Clone, Debug)]
pub(super) struct Schemed(Arc<MessageDescriptor>);

impl Schemed {
    /// Reads messages of this type.
    pub(super) fn new(message: MessageDescriptor) -> Self {
        Self(Arc::new(message))
    }
}

impl ValueDecoder for Schemed {
    fn fit(&self, _: &Look<'_>) -> Fit {
        Fit::No
    }

    fn write(&self, payload: &[u8], depth_max: usize, out: &mut ValueWriter<'_>) -> Result<(), DecodeError> {
        Walk::new(payload, depth_max).write(&self.0, out)
    }

    fn encode(&self, text: &str, limits: &DecodeLimits) -> Result<Vec<u8>, EncodeError> {
        Ok(encode::protobuf(&self.0, &encode::read(text, limits)?)?)
    }

    fn extension(&self) -> &'static str {
        "pb"
    }
}

#[cfg(test)]
mod tests;

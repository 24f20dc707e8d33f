//! Payloads that a program of the person's reads: `command:python3 decode.py`.
//!
//! This floor starts no process: whoever prepares a [`Choice`](crate::payload::decode::Choice) lends it programs, through
//! [`SchemaFiles`](crate::payload::schema::SchemaFiles), and decides which may run.

use std::sync::Arc;

use crate::payload::decode::value::{ValueDecoder, ValueWriter};
use crate::payload::decode::{DecodeError, Fit, Look};
use crate::payload::{DecodeLimits, json, never};

/// A program that makes JSON of payloads.
pub trait OutsideReader: Send + Sync {
    /// A payload as JSON. Waits for the program, within its bounds.
    ///
    /// # Errors
    ///
    /// If the program cannot be started, ends, takes too long, or says too much.
    fn read(&self, payload: &[u8]) -> Result<Arc<str>, OutsideFault>;

    /// A payload as JSON if that is known or nearly at once: for a row that shows.
    fn glance(&self, payload: &[u8]) -> Option<Arc<str>>;
}

/// Why a program gave no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OutsideFault {
    /// It could not be started, in the system's words.
    NotStarted(String),
    /// It ended.
    Died,
    /// It did not answer in time, and was ended.
    TimedOut,
    /// It failed a moment ago, and is not started again yet.
    Resting,
    /// The payload or the answer has more than 1 MiB.
    TooLarge,
    /// It made nothing of the payload: the answer is an empty line.
    Nothing,
    /// The answer is not JSON.
    NotJson,
}

/// Reads by a program.
pub(super) struct Outside(pub Arc<dyn OutsideReader>);

impl Outside {
    fn write_answer(answer: &str, out: &mut ValueWriter<'_>) -> Result<(), DecodeError> {
        let line = json::minify(answer.as_bytes(), &DecodeLimits::default(), &never);
        let line = line.map_err(|_| DecodeError::Outside(OutsideFault::NotJson))?;
        Ok(out.raw(&line)?)
    }
}

impl ValueDecoder for Outside {
    /// Never recognised by its bytes.
    fn fit(&self, _: &Look<'_>) -> Fit {
        Fit::No
    }

    fn write(&self, payload: &[u8], _: usize, out: &mut ValueWriter<'_>) -> Result<(), DecodeError> {
        let answer = self.0.read(payload).map_err(DecodeError::Outside)?;
        Self::write_answer(&answer, out)
    }

    fn write_start(&self, payload: &[u8], out: &mut ValueWriter<'_>) -> Result<(), DecodeError> {
        match self.0.glance(payload) {
            Some(answer) => Self::write_answer(&answer, out),
            None => Err(DecodeError::Outside(OutsideFault::Nothing)),
        }
    }

    fn extension(&self) -> &'static str {
        "bin"
    }
}

//! A payload of Sparkplug B taken apart, for whoever follows the state of a plant.

use crate::payload::decode::DecodeError;
use crate::payload::decode::sparkplug::data_type::DataType;
use crate::payload::decode::sparkplug::value::{write_properties, write_value};
use crate::payload::decode::sparkplug::wire::{Wire, all, fields, last};
use crate::payload::decode::sparkplug::{Metric, Names};
use crate::payload::decode::value::ValueWriter;
use crate::payload::never;

/// A longer value is cut.
const VALUE_BYTES_MAX: usize = 1_024;

/// A payload of Sparkplug B (specification 3.0, 6.4).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SparkplugPayload {
    /// Milliseconds since 1970, by the sender's clock.
    pub time_ms: Option<u64>,
    /// The sequence number.
    pub seq: Option<u64>,
    /// The metrics, in the order in which they were sent.
    pub metrics: Vec<SparkplugMetric>,
}

/// One metric of a payload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SparkplugMetric {
    /// Its name; `None` if it is known by an alias alone that no birth gave.
    pub name: Option<String>,
    /// The number that stands for the name.
    pub alias: Option<u64>,
    /// The code of its type; 0 if nothing said it.
    pub code: u64,
    /// Its type, as the specification writes it; empty if nothing said it.
    pub data_type: String,
    /// Its value as JSON.
    pub value: String,
    /// Whether the value is longer than what is kept of it.
    pub is_cut: bool,
    /// Milliseconds since 1970.
    pub time_ms: Option<u64>,
    /// Whether it is an old value, sent late.
    pub is_historical: bool,
    /// Whether a host is asked not to keep it.
    pub is_transient: bool,
    /// Whether it has no value.
    pub is_null: bool,
    /// Its properties as JSON; empty if it has none.
    pub properties: String,
}

impl SparkplugPayload {
    /// Takes a payload apart. An alias is named by the first of `names` that knows it.
    ///
    /// # Errors
    ///
    /// If the payload is no Protobuf, with the byte at which it breaks.
    pub fn read(payload: &[u8], names: &[&Names]) -> Result<Self, DecodeError> {
        let top = fields(payload, 0)?;
        let base = payload.as_ptr().addr();
        let mut metrics = Vec::new();
        for bytes in all(&top, 2).filter_map(Wire::bytes) {
            let metric = Metric::read(bytes, bytes.as_ptr().addr() - base, names)?;
            metrics.push(SparkplugMetric::of(metric)?);
        }
        let whole = |number| last(&top, number).and_then(Wire::whole);
        Ok(Self { time_ms: whole(1), seq: whole(3), metrics })
    }
}

impl SparkplugMetric {
    fn of(metric: Metric<'_>) -> Result<Self, DecodeError> {
        let (value, is_cut) = if metric.is_null {
            ("null".to_owned(), false)
        } else {
            short(|out| write_value(&metric, 0, out))?
        };
        let properties = match last(&metric.fields, 9).and_then(Wire::bytes) {
            Some(set) => short(|out| write_properties(set, metric.start, 0, out))?.0,
            None => String::new(),
        };
        let is_typed = metric.kind != DataType::Unknown(0);
        Ok(Self {
            alias: metric.alias,
            code: metric.code,
            data_type: if is_typed { metric.kind.name() } else { String::new() },
            value,
            is_cut,
            time_ms: metric.time,
            is_historical: metric.is_historical,
            is_transient: metric.is_transient,
            is_null: metric.is_null,
            properties,
            name: (!metric.is_nameless).then_some(metric.name),
        })
    }

    /// The value as a whole number, if it is one.
    pub fn whole(&self) -> Option<u64> {
        self.value.parse().ok()
    }
}

/// What is written, and whether it was longer than what is kept.
fn short(
    write: impl FnOnce(&mut ValueWriter<'_>) -> Result<(), DecodeError>,
) -> Result<(String, bool), DecodeError> {
    let mut out = ValueWriter::new(VALUE_BYTES_MAX, &never);
    match write(&mut out) {
        Ok(()) => Ok((out.finish(), false)),
        Err(DecodeError::Limit(_)) => Ok((out.finish(), true)),
        Err(error) => Err(error),
    }
}

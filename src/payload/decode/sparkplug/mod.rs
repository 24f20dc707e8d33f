//! Sparkplug B (Eclipse Sparkplug 3.0): a payload as its metrics by name.
//!
//! `{"timestamp":"…","seq":3,"metrics":{"Temperature":21.5},"details":{"Temperature":{"alias":5,…}}}`: a metric's value
//! stands alone under its name, so that a path leads to it in every message; what else is said of it stands in
//! `details`. Messages after a birth name a metric by its alias; [`Names`] knows them from the birth.

mod data_type;
mod parts;
mod value;
mod wire;

use std::sync::Arc;

pub use parts::{SparkplugMetric, SparkplugPayload};

use rustc_hash::FxHashMap;

use crate::payload::DecodeLimits;
use crate::payload::decode::sparkplug::data_type::DataType;
use crate::payload::decode::sparkplug::value::{moment, write_value};
use crate::payload::decode::sparkplug::wire::{Wire, all, fields, last};
use crate::payload::decode::value::{ValueDecoder, ValueWriter};
use crate::payload::decode::{DecodeError, Fit, Look};
use crate::payload::encode::{self, EncodeError};

/// Templates inside templates.
const DEPTH_MAX: usize = 16;

/// The name and type behind each alias, from the birth messages of an edge node and its device.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    metrics: FxHashMap<u64, (String, u64)>,
}

impl Names {
    /// Learns from the payload of an NBIRTH or DBIRTH, and ignores anything else.
    pub fn learn(&mut self, birth: &[u8]) {
        let Ok(payload) = fields(birth, 0) else { return };
        for metric in all(&payload, 2).filter_map(Wire::bytes) {
            let Ok(metric) = fields(metric, 0) else { continue };
            let name = last(&metric, 1).and_then(Wire::text);
            let alias = last(&metric, 2).and_then(Wire::whole);
            let kind = last(&metric, 4).and_then(Wire::whole).unwrap_or(0);
            if let (Some(name), Some(alias)) = (name, alias) {
                self.metrics.insert(alias, (name.to_owned(), kind));
            }
        }
    }

    /// Adds the name and the code of the type behind an alias.
    pub fn insert(&mut self, alias: u64, name: String, code: u64) {
        self.metrics.insert(alias, (name, code));
    }

    /// Adds what another birth said; it counts where both name an alias.
    pub fn extend(&mut self, other: &Self) {
        self.metrics.extend(other.metrics.iter().map(|(alias, metric)| (*alias, metric.clone())));
    }

    /// The name behind an alias.
    fn of(&self, alias: u64) -> Option<&(String, u64)> {
        self.metrics.get(&alias)
    }
}

/// Reads Sparkplug B.
#[derive(Debug)]
pub struct Sparkplug {
    names: Option<Arc<Names>>,
}

impl Sparkplug {
    /// A decoder without names from births: aliases stay numbers.
    pub const NAMELESS: Self = Self { names: None };

    /// A decoder with the names from births.
    pub fn with(names: Arc<Names>) -> Self {
        Self { names: Some(names) }
    }
}

impl ValueDecoder for Sparkplug {
    /// Never recognised by its bytes: the topic tells.
    fn fit(&self, _: &Look<'_>) -> Fit {
        Fit::No
    }

    fn write(&self, payload: &[u8], _: usize, out: &mut ValueWriter<'_>) -> Result<(), DecodeError> {
        let top = fields(payload, 0)?;
        out.begin_object()?;
        if let Some(time) = last(&top, 1).and_then(Wire::whole) {
            out.key("timestamp")?;
            moment(time, out)?;
        }
        if let Some(seq) = last(&top, 3).and_then(Wire::whole) {
            out.key("seq")?;
            out.integer(seq.into())?;
        }
        if let Some(uuid) = last(&top, 4).and_then(Wire::text) {
            out.key("uuid")?;
            out.string(uuid)?;
        }
        let base = payload.as_ptr().addr();
        let names: Vec<&Names> = self.names.as_deref().into_iter().collect();
        let mut metrics = Vec::new();
        for bytes in all(&top, 2).filter_map(Wire::bytes) {
            let start = bytes.as_ptr().addr() - base;
            metrics.push(Metric::read(bytes, start, &names)?);
        }
        out.key("metrics")?;
        write_metrics(&metrics, 0, out)?;
        out.key("details")?;
        out.begin_object()?;
        for metric in &metrics {
            out.key(&metric.name)?;
            metric.write_details(out)?;
        }
        out.end()?;
        if let Some(body) = last(&top, 5).and_then(Wire::bytes) {
            out.key("body")?;
            out.bytes(body)?;
        }
        Ok(out.end()?)
    }

    fn encode(&self, text: &str, limits: &DecodeLimits) -> Result<Vec<u8>, EncodeError> {
        Ok(encode::sparkplug(&encode::read(text, limits)?)?)
    }

    fn extension(&self) -> &'static str {
        "pb"
    }
}

/// One metric, its value still on the wire.
struct Metric<'p> {
    name: String,
    /// Whether an alias stands for a name that no birth gave.
    is_nameless: bool,
    alias: Option<u64>,
    time: Option<u64>,
    code: u64,
    kind: DataType,
    is_historical: bool,
    is_transient: bool,
    is_null: bool,
    fields: Vec<wire::Field<'p>>,
    start: usize,
}

impl<'p> Metric<'p> {
    /// An alias is named by the first of `names` that knows it.
    fn read(bytes: &'p [u8], start: usize, names: &[&Names]) -> Result<Self, DecodeError> {
        let fields = fields(bytes, start)?;
        let alias = last(&fields, 2).and_then(Wire::whole);
        let known = alias.and_then(|alias| names.iter().find_map(|names| names.of(alias)));
        let name = last(&fields, 1).and_then(Wire::text).map(str::to_owned);
        let name = name.or_else(|| known.map(|(name, _)| name.clone()));
        let code = last(&fields, 4).and_then(Wire::whole).or(known.map(|(_, kind)| *kind));
        let is = |number| last(&fields, number).is_some_and(Wire::is_true);
        Ok(Self {
            is_nameless: name.is_none(),
            name: name.unwrap_or_else(|| format!("alias {}", alias.unwrap_or(0))),
            alias,
            time: last(&fields, 3).and_then(Wire::whole),
            code: code.unwrap_or(0),
            kind: DataType::of(code.unwrap_or(0)),
            is_historical: is(5),
            is_transient: is(6),
            is_null: is(7),
            start,
            fields,
        })
    }

    fn write_details(&self, out: &mut ValueWriter<'_>) -> Result<(), DecodeError> {
        out.begin_object()?;
        if self.kind != DataType::Unknown(0) {
            out.key("type")?;
            out.string(&self.kind.name())?;
        }
        if let Some(alias) = self.alias {
            out.key("alias")?;
            out.integer(alias.into())?;
        }
        if let Some(time) = self.time {
            out.key("timestamp")?;
            moment(time, out)?;
        }
        for (key, is) in [
            ("historical", self.is_historical),
            ("transient", self.is_transient),
            ("null", self.is_null),
            ("not_in_birth", self.is_nameless),
        ] {
            if is {
                out.key(key)?;
                out.boolean(true)?;
            }
        }
        if let Some(metadata) = last(&self.fields, 8).and_then(Wire::bytes) {
            out.key("metadata")?;
            value::write_metadata(metadata, self.start, out)?;
        }
        if let Some(properties) = last(&self.fields, 9).and_then(Wire::bytes) {
            out.key("properties")?;
            value::write_properties(properties, self.start, 0, out)?;
        }
        Ok(out.end()?)
    }
}

fn write_metrics(metrics: &[Metric<'_>], depth: usize, out: &mut ValueWriter<'_>) -> Result<(), DecodeError> {
    out.begin_object()?;
    for metric in metrics {
        out.key(&metric.name)?;
        if metric.is_null {
            out.null()?;
        } else {
            write_value(metric, depth, out)?;
        }
    }
    Ok(out.end()?)
}

#[cfg(test)]
mod tests;

//! The number of a payload, for the model's series: the bridge between `payload`, which reads it, and `model`, which
//! keeps it; neither knows the other.

use crate::model;
use crate::payload::Extract;
use crate::payload::json::JsonPath;

/// Reads one number out of each payload of a topic.
#[derive(Debug)]
pub struct Extractor(Extract);

impl Extractor {
    /// The payload itself, or what stands at `path` in it.
    pub fn new(path: Option<JsonPath>) -> Self {
        Self(Extract { path })
    }
}

impl model::Extractor for Extractor {
    fn value(&self, payload: &[u8]) -> Option<f64> {
        self.0.value(payload)
    }
}

//! The metrics of an edge node or a device as they are now.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::message::Timestamp;
use crate::payload::decode::{SparkplugMetric, SparkplugNames};

/// Metrics of one edge node or device that are remembered.
const METRICS_MAX: usize = 20_000;
/// A longer name is not remembered.
const NAME_BYTES_MAX: usize = 4_096;

/// A metric as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveMetric {
    /// Its name.
    pub name: Arc<str>,
    /// What was last said of it.
    pub said: SparkplugMetric,
    /// When that came.
    pub at: Timestamp,
    /// Messages after the birth that had it. While it is 0, its value is that of the birth, and still counts.
    pub updates: u64,
    /// Old values that came late. They change nothing here.
    pub historical: u64,
    /// Whether the birth has it.
    pub in_birth: bool,
}

/// The metrics of an edge node or a device: those of its birth in their order, then others in order of appearance.
#[derive(Clone, Debug, Default)]
pub struct Metrics {
    list: Vec<LiveMetric>,
    places: FxHashMap<Arc<str>, u32>,
    bytes: usize,
}

impl Metrics {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// A metric by its place.
    pub fn get(&self, place: usize) -> Option<&LiveMetric> {
        self.list.get(place)
    }

    /// A metric by its name.
    pub fn of_name(&self, name: &str) -> Option<&LiveMetric> {
        self.list.get(*self.places.get(name)? as usize)
    }

    /// Every metric, in order.
    pub fn iter(&self) -> impl Iterator<Item = &LiveMetric> {
        self.list.iter()
    }

    /// Memory that they take.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Begins anew with a birth. Returns how many metrics did not fit into `room`.
    pub(super) fn be_born(&mut self, metrics: Vec<SparkplugMetric>, at: Timestamp, room: usize) -> u64 {
        *self = Self::default();
        let mut left_out = 0;
        for said in metrics {
            let Some(name) = said.name.clone() else { continue };
            if !self.add(&name, said, at, true, room) {
                left_out += 1;
            }
        }
        left_out
    }

    /// Takes in what a message after the birth says of a metric. `false` if it does not fit.
    pub(super) fn update(&mut self, name: &str, said: SparkplugMetric, at: Timestamp, room: usize) -> bool {
        let place = self.places.get(name).copied();
        let Some(known) = place.and_then(|place| self.list.get_mut(place as usize)) else {
            let is_added = self.add(name, said, at, false, room);
            if is_added && let Some(added) = self.list.last_mut() {
                added.updates = 1;
            }
            return is_added;
        };
        if said.is_historical {
            known.historical += 1;
            return true;
        }
        let before = known.said.value.len() + known.said.properties.len();
        // Data need not repeat the type, nor the properties.
        let properties = if said.properties.is_empty() {
            std::mem::take(&mut known.said.properties)
        } else {
            said.properties
        };
        let alias = said.alias.or(known.said.alias);
        known.said = SparkplugMetric { alias, properties, ..said };
        known.at = at;
        known.updates += 1;
        self.bytes = self.bytes + known.said.value.len() + known.said.properties.len() - before;
        true
    }

    fn add(&mut self, name: &str, said: SparkplugMetric, at: Timestamp, in_birth: bool, room: usize) -> bool {
        let bytes = size_of::<LiveMetric>() + 3 * name.len() + said.value.len() + said.properties.len();
        if name.len() > NAME_BYTES_MAX || self.list.len() >= METRICS_MAX || self.bytes + bytes > room {
            return false;
        }
        let name: Arc<str> = name.into();
        let metric = LiveMetric { name: Arc::clone(&name), said, at, updates: 0, historical: 0, in_birth };
        if let Some(place) = self.places.get(&name) {
            // Named twice in one birth: the later one counts.
            if let Some(known) = self.list.get_mut(*place as usize) {
                *known = metric;
            }
            return true;
        }
        self.places.insert(name, self.list.len() as u32);
        self.list.push(metric);
        self.bytes += bytes;
        true
    }

    /// Adds the names behind their aliases.
    pub(super) fn name_into(&self, names: &mut SparkplugNames) {
        for metric in self.list.iter().filter(|metric| metric.in_birth) {
            if let Some(alias) = metric.said.alias {
                names.insert(alias, metric.name.to_string(), metric.said.code);
            }
        }
    }
}

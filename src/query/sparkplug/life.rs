//! What edge nodes and devices have in common: they are born, say things, and die.

use std::collections::BTreeMap;

use crate::message::Timestamp;
use crate::payload::decode::SparkplugNames;
use crate::query::sparkplug::{Metrics, Noted, PlantFault};

/// Whether an edge node or a device is there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Presence {
    /// Nothing was heard but data or commands: it was born before anybody here listened.
    #[default]
    Unknown,
    /// Born, and not dead since.
    Online,
    /// Dead.
    Offline,
}

/// The life of an edge node or a device.
#[derive(Clone, Debug, Default)]
pub struct Life {
    /// Whether it is there.
    pub presence: Presence,
    /// Since when.
    pub since: Timestamp,
    /// When it was last heard of.
    pub heard: Timestamp,
    /// How often it was born.
    pub births: u64,
    /// How many of its births followed on another one of the same session.
    pub rebirths: u64,
    /// How often it died.
    pub deaths: u64,
    /// Commands that were sent to it.
    pub commands: u64,
    /// Its metrics as they are now.
    pub metrics: Metrics,
    /// The names behind the aliases of its birth.
    pub(super) names: SparkplugNames,
    /// What went wrong.
    pub faults: BTreeMap<PlantFault, Noted>,
}

impl Life {
    /// The most that is kept of what a fault is about.
    const ABOUT_BYTES_MAX: usize = 200;

    pub(super) fn become_(&mut self, presence: Presence, at: Timestamp) {
        if self.presence != presence {
            (self.presence, self.since) = (presence, at);
        }
    }

    pub(super) fn note(&mut self, fault: PlantFault, at: Timestamp, about: &str) {
        let about = about.get(..about.floor_char_boundary(Self::ABOUT_BYTES_MAX)).unwrap_or_default();
        let noted = self.faults.entry(fault).or_insert(Noted { count: 0, at, about: String::new() });
        noted.count += 1;
        noted.at = at;
        about.clone_into(&mut noted.about);
    }

    /// How often something went wrong.
    pub fn count_of(&self, fault: PlantFault) -> u64 {
        self.faults.get(&fault).map_or(0, |noted| noted.count)
    }
}

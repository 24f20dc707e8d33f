//! State that outlives a connection.

use std::collections::HashSet;

use crate::mqtt::link::flight::Flight;
use crate::mqtt::options::MqttVersion;

/// What consecutive links to one broker have to remember: the version it speaks, and this side of the MQTT session
/// (MQTT 5.0, 4.1).
#[derive(Debug, Default)]
pub struct Memory {
    /// The version that the broker speaks: the first one tried, or the older one if the broker explicitly refused the
    /// first or did not answer it.
    pub(super) spoken: Option<MqttVersion>,
    /// Whether `spoken` was only found in an earlier run, and may no longer be true.
    pub(super) presumed: bool,
    /// Packets that we sent and the broker has not acknowledged.
    pub(super) flight: Flight,
    /// Identifiers of received QoS 2 messages that the broker has not released: a PUBLISH under one of them is the same
    /// message again.
    pub(super) unreleased: HashSet<u16>,
}

impl Memory {
    /// A memory that knows what an earlier run found the broker to speak.
    pub fn presuming(version: Option<MqttVersion>) -> Self {
        Self { spoken: version, presumed: version.is_some(), ..Self::default() }
    }

    /// CONNACK arrived. Resumes the session, or forgets what is remembered of it.
    pub(super) fn begin(&mut self, version: MqttVersion, receive_max: Option<u16>, goes_on: bool) {
        self.flight.begin(version, receive_max, goes_on);
        if !goes_on {
            self.unreleased.clear();
        }
    }
}

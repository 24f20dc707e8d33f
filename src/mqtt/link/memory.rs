//! What outlives a connection.

use std::collections::HashSet;

use crate::mqtt::link::flight::Flight;
use crate::mqtt::options::MqttVersion;

/// What the links to one broker, one after the other, have to remember: the version that it speaks, and this side of
/// the MQTT session (MQTT 5.0, 4.1).
#[derive(Debug, Default)]
pub struct Memory {
    /// The version that the broker speaks: the first that was tried, or the one that is left because it refused that
    /// one in so many words, or did not answer it.
    pub(super) spoken: Option<MqttVersion>,
    /// That version is only what it spoke some days ago.
    pub(super) presumed: bool,
    /// What we sent and the broker has not acknowledged.
    pub(super) flight: Flight,
    /// Identifiers of QoS 2 messages that were received and that the broker has not released: what comes again under
    /// one of them is the same message.
    pub(super) unreleased: HashSet<u16>,
}

impl Memory {
    /// With the version that the broker spoke at another time, if it is known.
    pub fn presuming(spoken: Option<MqttVersion>) -> Self {
        Self { spoken, presumed: spoken.is_some(), ..Self::default() }
    }

    /// CONNACK came. The session goes on, or what is remembered of it counts no more.
    pub(super) fn begin(&mut self, version: MqttVersion, receive_max: Option<u16>, goes_on: bool) {
        self.flight.begin(version, receive_max, goes_on);
        if !goes_on {
            self.unreleased.clear();
        }
    }
}

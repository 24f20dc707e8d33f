//! Which brokers were found to speak no MQTT 5: `spoken.json`.
//!
//! Thanks to it a broker that answers MQTT 5 with silence is waited for once, and not at every start. The program can do
//! without the file: an unreadable one counts as empty, and if two programs write it at once, one of them asks again.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::message::Timestamp;
use crate::mqtt::options::{Authentication, ConnectOptions, MqttVersion, VersionChoice};
use crate::store::atomic::{self, Access};
use crate::store::file;
use crate::store::notice::StoreError;

/// How many brokers are remembered; the oldest go first.
const BROKERS_MAX: usize = 200;
/// The largest file that is read.
const BYTES_MAX: u64 = 256 * 1024;
/// For how many seconds an answer counts, 30 days: after an update the broker may speak MQTT 5.
const KEPT_S: f64 = 30.0 * 86_400.0;

/// What was found out about brokers, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Spoken {
    brokers: Vec<Broker>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Broker {
    url: String,
    version: VersionChoice,
    /// Microseconds since the Unix epoch.
    found_us: i64,
}

impl Spoken {
    /// Reads the file, as far as it can be read.
    pub fn load(path: &Path) -> Self {
        let bytes = match file::read(path, BYTES_MAX) {
            Ok(bytes) => bytes.unwrap_or_default(),
            Err(error) => {
                log::warn!("what brokers spoke is not known: {error:?}");
                return Self::default();
            }
        };
        serde_json::from_slice(&bytes).unwrap_or_default()
    }

    /// The version that the broker of these options spoke not long ago, if the options leave it open.
    pub fn presumed(&self, options: &ConnectOptions, now: Timestamp) -> Option<MqttVersion> {
        // Other versions than 5 know no enhanced authentication.
        if options.version != VersionChoice::Auto || options.authentication != Authentication::None {
            return None;
        }
        let url = options.url();
        let known = self.brokers.iter().find(|broker| broker.url == url)?;
        let age_s = now.seconds_since(Timestamp(known.found_us));
        match known.version {
            VersionChoice::Only(version) if (0.0..KEPT_S).contains(&age_s) => Some(version),
            _ => None,
        }
    }

    /// Notes what the broker of these options was found to speak; returns whether that is news.
    pub fn note(&mut self, options: &ConnectOptions, version: MqttVersion, now: Timestamp) -> bool {
        let url = options.url();
        let before = self.brokers.len();
        self.brokers.retain(|broker| broker.url != url);
        if version == MqttVersion::V5 {
            return self.brokers.len() < before; // The newest is what is tried anyway.
        }
        let surplus = (self.brokers.len() + 1).saturating_sub(BROKERS_MAX);
        self.brokers.drain(..surplus);
        self.brokers.push(Broker { url, version: version.into(), found_us: now.0 });
        true
    }
}

/// Notes in the file what a broker was found to speak. Blocks on the disk.
pub fn note(
    path: &Path,
    options: &ConnectOptions,
    version: MqttVersion,
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut spoken = Spoken::load(path);
    if !spoken.note(options, version, now) {
        return Ok(());
    }
    // Texts and numbers only, so this cannot fail.
    let text = serde_json::to_string_pretty(&spoken).unwrap_or_default();
    atomic::write(path, text.as_bytes(), Access::Private)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_800_000_000_000_000);
    const OLDER: MqttVersion = MqttVersion::V3_1_1;

    fn at(host: &str) -> ConnectOptions {
        ConnectOptions { host: host.to_owned(), ..ConnectOptions::default() }
    }

    fn after_days(days: i64) -> Timestamp {
        Timestamp(NOW.0 + days * 86_400_000_000)
    }

    #[test]
    fn what_a_broker_spoke_is_known_for_a_month_and_asked_again_then() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state").join("spoken.json");
        note(&path, &at("old"), OLDER, NOW).unwrap();
        let spoken = Spoken::load(&path);
        assert_eq!(spoken.presumed(&at("old"), after_days(29)), Some(OLDER));
        assert_eq!(spoken.presumed(&at("old"), after_days(31)), None);
        assert_eq!(spoken.presumed(&at("old"), after_days(-1)), None, "the clock was wrong, then or now");
        assert_eq!(spoken.presumed(&at("other"), NOW), None);
        let chosen = ConnectOptions { version: MqttVersion::V5.into(), ..at("old") };
        assert_eq!(spoken.presumed(&chosen, NOW), None);
    }

    #[test]
    fn a_broker_that_learned_mqtt_5_is_no_longer_presumed_not_to() {
        let mut spoken = Spoken::default();
        assert!(!spoken.note(&at("b"), MqttVersion::V5, NOW), "nothing to write");
        assert!(spoken.note(&at("b"), OLDER, NOW));
        assert!(spoken.note(&at("b"), MqttVersion::V5, NOW));
        assert_eq!(spoken, Spoken::default());
    }

    #[test]
    fn a_damaged_file_counts_as_empty_and_is_written_anew() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("spoken.json");
        for bytes in [&b"{\"brokers\":[{"[..], b"\xff\xfe", b"[]", b"{\"brokers\":[{\"url\":1}]}"] {
            std::fs::write(&path, bytes).unwrap();
            assert_eq!(Spoken::load(&path), Spoken::default());
            note(&path, &at("b"), OLDER, NOW).unwrap();
            assert_eq!(Spoken::load(&path).presumed(&at("b"), NOW), Some(OLDER));
        }
    }

    #[test]
    fn the_file_stays_small() {
        let mut spoken = Spoken::default();
        for index in 0..1_000 {
            spoken.note(&at(&format!("host-{index}")), OLDER, NOW);
        }
        assert_eq!(spoken.brokers.len(), BROKERS_MAX);
        assert_eq!(spoken.presumed(&at("host-999"), NOW), Some(OLDER));
    }
}

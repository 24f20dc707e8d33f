//! MQTT versions, as spoken and as chosen.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A protocol version, as sent in CONNECT.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MqttVersion {
    /// Protocol level 3, `MQIsdp`.
    V3_1,
    /// Protocol level 4.
    V3_1_1,
    /// Protocol level 5.
    #[default]
    V5,
}

impl MqttVersion {
    /// Every version, oldest first.
    pub const ALL: [Self; 3] = [Self::V3_1, Self::V3_1_1, Self::V5];

    /// `3.1`, `3.1.1` or `5`.
    pub fn name(self) -> &'static str {
        match self {
            Self::V3_1 => "3.1",
            Self::V3_1_1 => "3.1.1",
            Self::V5 => "5",
        }
    }
}

/// The choice of a protocol version.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "&str", try_from = "String")]
pub enum VersionChoice {
    /// 5, or 3.1.1 if the broker does not speak 5.
    #[default]
    Auto,
    /// Only this version.
    Only(MqttVersion),
}

impl VersionChoice {
    /// Every choice, in the order offered.
    pub const ALL: [Self; 4] = [
        Self::Auto,
        Self::Only(MqttVersion::V5),
        Self::Only(MqttVersion::V3_1_1),
        Self::Only(MqttVersion::V3_1),
    ];

    /// `auto`, `3.1`, `3.1.1` or `5`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Only(version) => version.name(),
        }
    }

    /// The version tried first.
    pub fn first(self) -> MqttVersion {
        match self {
            Self::Auto => MqttVersion::V5,
            Self::Only(version) => version,
        }
    }

    /// Whether MQTT 5 may be spoken.
    pub fn allows_5(self) -> bool {
        self.first() == MqttVersion::V5
    }
}

impl From<MqttVersion> for VersionChoice {
    fn from(version: MqttVersion) -> Self {
        Self::Only(version)
    }
}

impl fmt::Display for VersionChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl From<VersionChoice> for &'static str {
    fn from(choice: VersionChoice) -> Self {
        choice.name()
    }
}

impl TryFrom<String> for VersionChoice {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let found = Self::ALL.into_iter().find(|choice| choice.name() == text);
        // The text found there is not quoted: the error may concern a line of a file that holds a password.
        found.ok_or_else(|| "the MQTT version is \"auto\", \"3.1\", \"3.1.1\" or \"5\"".to_owned())
    }
}

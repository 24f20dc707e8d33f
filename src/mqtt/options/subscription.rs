//! A topic filter with its subscription options.

use serde::{Deserialize, Serialize};

use crate::message::QoS;

/// One topic filter to subscribe to (MQTT 5.0, 3.8).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Subscription {
    /// Topic filter, wildcards and `$share/group/…` allowed.
    pub filter: String,
    /// The highest QoS at which the broker may deliver.
    pub qos: QoS,
    /// MQTT 5: messages published by this client are not delivered to it.
    #[serde(skip_serializing_if = "crate::mqtt::options::is_default")]
    pub no_local: bool,
    /// MQTT 5: messages keep the retain flag with which they were published. Asked for unless a person turns it off:
    /// without it nothing tells that a message that has just come is retained.
    #[serde(skip_serializing_if = "Clone::clone")]
    pub retain_as_published: bool,
    /// MQTT 5: which retained messages are delivered when subscribing.
    #[serde(skip_serializing_if = "crate::mqtt::options::is_default")]
    pub retain_handling: RetainHandling,
    /// MQTT 5: 1 to 268,435,455; comes back with each matching message.
    pub identifier: Option<u32>,
    /// MQTT 5: user properties of SUBSCRIBE.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub user_properties: Vec<(String, String)>,
    /// Whether to subscribe. A disabled subscription is kept but not used.
    #[serde(skip_serializing_if = "Clone::clone")]
    pub enabled: bool,
}

impl Default for Subscription {
    fn default() -> Self {
        Self {
            filter: "#".to_owned(),
            qos: QoS::AtMostOnce,
            no_local: false,
            retain_as_published: true,
            retain_handling: RetainHandling::default(),
            identifier: None,
            user_properties: Vec::new(),
            enabled: true,
        }
    }
}

impl Subscription {
    /// Creates a subscription with default options.
    pub fn new(filter: impl Into<String>, qos: QoS) -> Self {
        Self { filter: filter.into(), qos, ..Self::default() }
    }
}

/// Which retained messages are delivered when a subscription is made (MQTT 5.0, 3.8.3.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "u8", try_from = "u8")]
pub enum RetainHandling {
    /// All that match.
    #[default]
    Send = 0,
    /// All that match, unless the subscription already existed.
    SendIfNew = 1,
    /// None.
    DoNotSend = 2,
}

impl RetainHandling {
    /// Every choice, in the order offered.
    pub const ALL: [Self; 3] = [Self::Send, Self::SendIfNew, Self::DoNotSend];
}

impl From<RetainHandling> for u8 {
    fn from(handling: RetainHandling) -> Self {
        handling as Self
    }
}

impl TryFrom<u8> for RetainHandling {
    type Error = String;

    fn try_from(number: u8) -> Result<Self, Self::Error> {
        let found = Self::ALL.get(usize::from(number)).copied();
        found.ok_or_else(|| format!("retain handling is 0, 1 or 2, not {number}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retain_as_published_is_asked_for_unless_it_is_turned_off() {
        let read = |text: &str| toml::from_str::<Subscription>(text).unwrap();
        assert!(read("filter = \"a\"").retain_as_published);
        assert!(read("filter = \"a\"\nretain_as_published = true").retain_as_published);
        let off = read("filter = \"a\"\nretain_as_published = false");
        assert!(!off.retain_as_published);
        assert_eq!(read(&toml::to_string(&off).unwrap()), off);
        assert!(!toml::to_string(&Subscription::default()).unwrap().contains("retain_as_published"));
    }
}

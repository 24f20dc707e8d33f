//! What a person chooses about a connection. Pure data with its validation; no secrets are ever printed.

use std::fmt;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::model::message::QoS;

/// How the bytes reach the broker.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Protocol {
    /// Plain TCP.
    #[default]
    Mqtt,
    /// TLS over TCP.
    Mqtts,
}

impl Protocol {
    /// All that can be chosen.
    pub const ALL: [Self; 2] = [Self::Mqtt, Self::Mqtts];

    /// The URL scheme: `mqtt`, `mqtts`.
    pub fn scheme(self) -> &'static str {
        match self {
            Self::Mqtt => "mqtt",
            Self::Mqtts => "mqtts",
        }
    }

    /// The registered port of the protocol.
    pub fn default_port(self) -> u16 {
        match self {
            Self::Mqtt => 1883,
            Self::Mqtts => 8883,
        }
    }
}

/// The protocol version asked for in CONNECT.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum MqttVersion {
    /// Protocol level 4.
    #[serde(rename = "3.1.1")]
    V3_1_1,
    /// Protocol level 5.
    #[default]
    #[serde(rename = "5")]
    V5,
}

impl MqttVersion {
    /// All that can be chosen.
    pub const ALL: [Self; 2] = [Self::V3_1_1, Self::V5];

    /// `3.1.1` or `5`.
    pub fn name(self) -> &'static str {
        match self {
            Self::V3_1_1 => "3.1.1",
            Self::V5 => "5",
        }
    }
}

/// A password. It is never printed and never serialised; whoever needs the text asks for it by name.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a text that must not be shown.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether it is empty.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "(empty)" } else { "(hidden)" })
    }
}

/// One topic filter to subscribe to (MQTT 5.0, 3.8).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscription {
    /// Topic filter, wildcards allowed.
    pub filter: String,
    /// The highest QoS at which the broker may deliver.
    #[serde(default)]
    pub qos: QoS,
}

impl Default for Subscription {
    fn default() -> Self {
        Self { filter: "#".to_owned(), qos: QoS::AtMostOnce }
    }
}

/// Everything the link needs to connect, but for the password, which travels beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ConnectOptions {
    /// Transport.
    pub protocol: Protocol,
    /// Host name, or an IPv4 or IPv6 address without brackets.
    pub host: String,
    /// TCP port, 1 to 65,535.
    pub port: u16,
    /// Protocol version.
    pub version: MqttVersion,
    /// Empty: no user name is sent.
    pub username: String,
    /// Empty: `mqttree-` and eight random hexadecimal digits, new at every start of a session.
    pub client_id: String,
    /// Seconds between pings when nothing else is sent; 0 turns them off (MQTT 3.1.1 only here).
    pub keep_alive_s: u16,
    /// Clean session (3.1.1) or clean start (5).
    pub clean_session: bool,
    /// What is subscribed to at every connect.
    pub subscriptions: Vec<Subscription>,
    /// PEM file of the certificate authority to trust instead of the system's; only for `mqtts`.
    pub ca_certificate: Option<PathBuf>,
}

impl Default for ConnectOptions {
    fn default() -> Self {
        Self {
            protocol: Protocol::Mqtt,
            host: String::new(),
            port: Protocol::Mqtt.default_port(),
            version: MqttVersion::V5,
            username: String::new(),
            client_id: String::new(),
            keep_alive_s: 60,
            clean_session: true,
            subscriptions: vec![Subscription::default()],
            ca_certificate: None,
        }
    }
}

impl ConnectOptions {
    /// `mqtt://host:port`, with brackets around an IPv6 address; no user name, no password.
    pub fn url(&self) -> String {
        let Self { protocol, host, port, .. } = self;
        if host.contains(':') {
            format!("{}://[{host}]:{port}", protocol.scheme())
        } else {
            format!("{}://{host}:{port}", protocol.scheme())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_not_printed() {
        let text = format!("{:?}", Secret::new("hunter2"));
        assert!(!text.contains("hunter2"), "{text}");
    }

    #[test]
    fn an_ipv6_host_gets_brackets() {
        let options = ConnectOptions { host: "::1".to_owned(), ..ConnectOptions::default() };
        assert_eq!(options.url(), "mqtt://[::1]:1883");
    }
}

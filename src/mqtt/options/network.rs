//! How the bytes reach the broker.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The transport, named after its URL scheme.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Protocol {
    /// Plain TCP.
    #[default]
    Mqtt,
    /// TLS over TCP.
    Mqtts,
    /// A websocket (RFC 6455).
    Ws,
    /// A websocket over TLS.
    Wss,
    /// A socket in the file system.
    Unix,
}

impl Protocol {
    /// Every protocol, in the order offered.
    pub const ALL: [Self; 5] = [Self::Mqtt, Self::Mqtts, Self::Ws, Self::Wss, Self::Unix];

    /// The URL scheme: `mqtt`, `mqtts`, `ws`, `wss`, `unix`.
    pub fn scheme(self) -> &'static str {
        match self {
            Self::Mqtt => "mqtt",
            Self::Mqtts => "mqtts",
            Self::Ws => "ws",
            Self::Wss => "wss",
            Self::Unix => "unix",
        }
    }

    /// The registered port of the protocol; websockets use the web's ports.
    pub fn default_port(self) -> u16 {
        match self {
            Self::Mqtt | Self::Unix => 1883,
            Self::Mqtts => 8883,
            Self::Ws => 80,
            Self::Wss => 443,
        }
    }

    /// Whether the connection is encrypted.
    pub fn has_tls(self) -> bool {
        matches!(self, Self::Mqtts | Self::Wss)
    }

    /// Whether MQTT travels in a websocket.
    pub fn is_websocket(self) -> bool {
        matches!(self, Self::Ws | Self::Wss)
    }
}

/// Options for websockets only (MQTT 5.0, 6).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct WebsocketOptions {
    /// Path and query, beginning with a slash.
    pub path: String,
    /// Name and value of the headers sent with the upgrade.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<(String, String)>,
    /// The sub-protocol to ask for: `mqtt`, or `mqttv3.1` for some old brokers. Empty: none.
    pub subprotocol: String,
}

impl WebsocketOptions {
    /// Whether a header or the query may grant access.
    pub fn has_secrets(&self) -> bool {
        self.without_secrets() != *self
    }

    /// A copy with the secret headers emptied and the query removed.
    #[must_use]
    pub fn without_secrets(&self) -> Self {
        let path = self.path.split(['?', '#']).next().unwrap_or_default().to_owned();
        let blank = |(name, value): &(String, String)| {
            (name.clone(), if is_secret_header(name) { String::new() } else { value.clone() })
        };
        Self {
            path,
            headers: self.headers.iter().map(blank).collect(),
            subprotocol: self.subprotocol.clone(),
        }
    }
}

/// Whether the value of a header of this name may grant access.
pub fn is_secret_header(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["auth", "cookie", "token", "key", "secret", "password", "signature"].iter().any(|word| name.contains(word))
        // It is derived from a number used only once.
        && name != "sec-websocket-accept"
        && name != "www-authenticate"
        && name != "proxy-authenticate"
}

impl Default for WebsocketOptions {
    fn default() -> Self {
        Self { path: "/mqtt".to_owned(), headers: Vec::new(), subprotocol: "mqtt".to_owned() }
    }
}

/// Omits what grants access: the query and the values of the headers.
impl fmt::Debug for WebsocketOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headers: Vec<_> = self.headers.iter().map(|(name, _)| name).collect();
        f.debug_struct("WebsocketOptions")
            .field("path", &without_query(&self.path))
            .field("headers", &headers)
            .field("subprotocol", &self.subprotocol)
            .finish()
    }
}

/// A path or URL that is safe to show. Whatever follows `?` or `#` is often a token or a signature.
pub(in crate::mqtt) fn without_query(text: &str) -> String {
    match text.find(['?', '#']) {
        Some(at) => format!("{}…", &text[..=at]),
        None => text.to_owned(),
    }
}

/// How the TCP connection is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NetworkOptions {
    /// The local address to connect from; empty: the system chooses.
    pub bind_address: String,
    /// The proxy to connect through.
    pub proxy: Option<Proxy>,
    /// Time limit from name resolution to CONNACK, in seconds; at least 1.
    pub connect_timeout_s: u16,
    /// How long the broker may owe an answer and stay silent before it counts as not answering, in seconds; at least 1.
    /// After twice this time the connection is replaced.
    pub answer_timeout_s: u16,
}

impl Default for NetworkOptions {
    fn default() -> Self {
        Self { bind_address: String::new(), proxy: None, connect_timeout_s: 10, answer_timeout_s: 10 }
    }
}

/// A proxy between us and the broker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Proxy {
    /// The protocol it speaks.
    pub kind: ProxyKind,
    /// Host name or address, without brackets.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// User name. Empty: no authentication.
    pub username: String,
}

impl Default for Proxy {
    fn default() -> Self {
        let kind = ProxyKind::default();
        Self { kind, host: String::new(), port: kind.default_port(), username: String::new() }
    }
}

/// The protocol that a proxy speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ProxyKind {
    /// HTTP CONNECT (RFC 9110, 9.3.6).
    #[default]
    Http,
    /// SOCKS version 5 (RFC 1928); the proxy resolves the host name.
    Socks5,
}

impl ProxyKind {
    /// Every kind, in the order offered.
    pub const ALL: [Self; 2] = [Self::Http, Self::Socks5];

    /// `HTTP CONNECT`, `SOCKS5`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Http => "HTTP CONNECT",
            Self::Socks5 => "SOCKS5",
        }
    }

    /// The usual port of such a proxy.
    pub fn default_port(self) -> u16 {
        match self {
            Self::Http => 8080,
            Self::Socks5 => 1080,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_let_somebody_in_is_hidden_and_can_be_left_out() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let options = WebsocketOptions {
            path: "/mqtt?token=hunter2".to_owned(),
            headers: vec![pair("X-Api-Key", "hunter2"), pair("X-Site", "plant")],
            ..WebsocketOptions::default()
        };
        let shown = format!("{options:?}");
        assert!(
            !shown.contains("hunter2") && shown.contains("X-Site") && shown.contains("/mqtt?"),
            "{shown}"
        );
        assert!(options.has_secrets());
        let without = options.without_secrets();
        assert_eq!(without.path, "/mqtt");
        assert_eq!(without.headers, [pair("X-Api-Key", ""), pair("X-Site", "plant")]);
        assert!(!without.has_secrets());
    }
}

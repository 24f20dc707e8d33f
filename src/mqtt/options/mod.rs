//! The options of a connection that a person chooses. Pure data; [`super::check`] finds what is wrong with it.
//!
//! Everything here is serialisable and may be shown. Secrets are kept apart, in [`Secrets`].

mod authentication;
mod network;
mod secret;
mod session;
mod subscription;
mod tls;
mod version;
mod will;

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

pub use crate::mqtt::options::authentication::Authentication;
pub(in crate::mqtt) use crate::mqtt::options::network::without_query;
pub use crate::mqtt::options::network::{
    NetworkOptions, Protocol, Proxy, ProxyKind, WebsocketOptions, is_secret_header,
};
pub use crate::mqtt::options::secret::{Secret, SecretKind, SecretVariables, Secrets};
pub use crate::mqtt::options::session::Mqtt5Options;
pub use crate::mqtt::options::subscription::{RetainHandling, Subscription};
pub use crate::mqtt::options::tls::{TlsOptions, TlsVersions};
pub use crate::mqtt::options::version::{MqttVersion, VersionChoice};
pub use crate::mqtt::options::will::{Will, WillProperties};

/// Everything the link needs to connect, except the secrets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ConnectOptions {
    /// Transport.
    pub protocol: Protocol,
    /// Host name, or an IPv4 or IPv6 address without brackets; with [`Protocol::Unix`] the path of the socket.
    pub host: String,
    /// TCP port, 1 to 65,535; ignored by [`Protocol::Unix`].
    pub port: u16,
    /// MQTT version to speak, or to try first.
    pub version: VersionChoice,
    /// User name. Empty: none is sent.
    pub username: String,
    /// Client ID. Empty: `mqttree-` and eight random hexadecimal digits, new at every start of a session.
    pub client_id: String,
    /// Seconds between pings when nothing else is sent; 0 turns them off.
    pub keep_alive_s: u16,
    /// Clean session (3.1.1) or clean start (5).
    pub clean_session: bool,
    /// The subscriptions made at every connect.
    pub subscriptions: Vec<Subscription>,
    /// CA certificate file, PEM or DER, that replaces the system's authorities; only with TLS.
    pub ca_certificate: Option<PathBuf>,
    /// All other TLS options.
    #[serde(skip_serializing_if = "is_default")]
    pub tls: TlsOptions,
    /// Websocket options, only for `ws` and `wss`.
    #[serde(skip_serializing_if = "is_default")]
    pub websocket: WebsocketOptions,
    /// How the TCP connection is made.
    #[serde(skip_serializing_if = "is_default")]
    pub network: NetworkOptions,
    /// CONNECT properties that only MQTT 5 has.
    #[serde(skip_serializing_if = "is_default")]
    pub mqtt5: Mqtt5Options,
    /// Enhanced authentication (MQTT 5.0, 4.12).
    #[serde(skip_serializing_if = "is_default")]
    pub authentication: Authentication,
    /// What the broker publishes when the connection is lost.
    pub will: Option<Will>,
    /// Names and values of what `{{name}}` stands for in messages that are published. The broker sees none of it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub variables: Vec<(String, String)>,
    /// Names of the variables whose values are in the system's keyring.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub secret_variables: Vec<String>,
}

/// Keeps default values out of the file.
fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl Default for ConnectOptions {
    fn default() -> Self {
        Self {
            protocol: Protocol::Mqtt,
            host: String::new(),
            port: Protocol::Mqtt.default_port(),
            version: VersionChoice::default(),
            username: String::new(),
            client_id: String::new(),
            keep_alive_s: 60,
            clean_session: true,
            subscriptions: vec![Subscription::default()],
            ca_certificate: None,
            tls: TlsOptions::default(),
            websocket: WebsocketOptions::default(),
            network: NetworkOptions::default(),
            mqtt5: Mqtt5Options::default(),
            authentication: Authentication::None,
            will: None,
            variables: Vec::new(),
            secret_variables: Vec::new(),
        }
    }
}

impl ConnectOptions {
    /// Whether a password would be sent in the clear to a port where brokers speak TLS.
    pub fn is_plain_on_a_tls_port(&self) -> bool {
        matches!(self.protocol, Protocol::Mqtt | Protocol::Ws) && matches!(self.port, 443 | 8883 | 8884)
    }

    /// `mqtt://host:port`, with brackets around an IPv6 address and the path of a websocket. Safe to show: it contains
    /// no user name, no password and no query, which often grants access.
    pub fn url(&self) -> String {
        let Self { protocol, host, port, websocket, .. } = self;
        let scheme = protocol.scheme();
        if *protocol == Protocol::Unix {
            return format!("{scheme}://{host}");
        }
        let path = if protocol.is_websocket() { without_query(&websocket.path) } else { String::new() };
        if host.contains(':') {
            format!("{scheme}://[{host}]:{port}{path}")
        } else {
            format!("{scheme}://{host}:{port}{path}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ipv6_host_gets_brackets() {
        let options = ConnectOptions { host: "::1".to_owned(), ..ConnectOptions::default() };
        assert_eq!(options.url(), "mqtt://[::1]:1883");
    }

    #[test]
    fn a_websocket_has_its_path_and_a_socket_file_no_port() {
        let options =
            ConnectOptions { protocol: Protocol::Wss, host: "h".to_owned(), ..ConnectOptions::default() };
        assert_eq!(options.url(), "wss://h:1883/mqtt");
        let options = ConnectOptions {
            protocol: Protocol::Unix,
            host: "/run/broker.sock".to_owned(),
            ..ConnectOptions::default()
        };
        assert_eq!(options.url(), "unix:///run/broker.sock");
    }

    #[test]
    fn what_a_query_lets_in_is_not_shown() {
        let options = ConnectOptions {
            protocol: Protocol::Wss,
            host: "h".to_owned(),
            websocket: WebsocketOptions {
                path: "/mqtt?token=hunter2".to_owned(),
                headers: vec![("X-Key".to_owned(), "hunter2".to_owned())],
                ..WebsocketOptions::default()
            },
            ..ConnectOptions::default()
        };
        assert_eq!(options.url(), "wss://h:1883/mqtt?…");
        let debug = format!("{options:?}");
        assert!(debug.contains("X-Key") && !debug.contains("hunter2"), "{debug}");
    }

    #[test]
    fn what_nobody_chose_is_not_written() {
        let text = toml::to_string(&ConnectOptions::default()).unwrap();
        assert!(!text.contains("tls") && !text.contains("websocket"), "{text}");
    }

    #[test]
    fn everything_that_was_chosen_comes_back() {
        let options = ConnectOptions {
            protocol: Protocol::Wss,
            host: "h".to_owned(),
            version: VersionChoice::Only(MqttVersion::V3_1),
            subscriptions: vec![Subscription { enabled: false, no_local: true, ..Subscription::default() }],
            tls: TlsOptions { verify: false, alpn: vec!["mqtt".to_owned()], ..TlsOptions::default() },
            websocket: WebsocketOptions {
                headers: vec![("X-Key".to_owned(), "1".to_owned())],
                ..WebsocketOptions::default()
            },
            network: NetworkOptions { proxy: Some(Proxy::default()), ..NetworkOptions::default() },
            mqtt5: Mqtt5Options { session_expiry_s: Some(60), ..Mqtt5Options::default() },
            authentication: Authentication::Token { method: "JWT".to_owned() },
            will: Some(Will { topic: "gone".to_owned(), ..Will::default() }),
            ..ConnectOptions::default()
        };
        let text = toml::to_string(&options).unwrap();
        assert_eq!(toml::from_str::<ConnectOptions>(&text).unwrap(), options, "{text}");
    }
}

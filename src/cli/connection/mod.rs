//! Options that say where and how to connect, with mosquitto's names. The window and the commands without one share
//! them: each flattens [`ConnectionArgs`] into its own options.
//!
//! [`ConnectionArgs::apply`] applies them to a connection. Subscriptions and messages are not included.

mod apply;
mod environment;
mod property;
mod proxy;
mod refuse;
mod value;

use std::path::PathBuf;

use clap::Args;
use clap::builder::{StringValueParser, TypedValueParser};

pub(super) use crate::cli::connection::apply::{Applied, is_same_host};
pub(super) use crate::cli::connection::environment::Environment;
pub(super) use crate::cli::connection::property::{
    PUBLISH, PropertyArg, SUBSCRIBE, UNSUBSCRIBE, join_properties, require_mqtt5,
};
pub(super) use crate::cli::connection::refuse::refuse;
pub(super) use crate::cli::connection::value::{count, qos};
use crate::mqtt::options::Secret;

/// Where and how to connect. Texts that may hold a password are [`Secret`]s, so that `Debug` never shows them.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct ConnectionArgs {
    /// Host name or address
    #[arg(short = 'h', long, value_name = "HOST")]
    pub host: Option<String>,
    /// Port; 1883, or 8883 with TLS, if not given
    #[arg(short, long, value_name = "PORT", allow_negative_numbers = true)]
    pub port: Option<String>,
    /// The broker's URL, such as wss://USER:PASSWORD@HOST:PORT/PATH (mqtt, mqtts, ws or wss), or unix:///PATH
    #[arg(short = 'L', long, value_name = "URL", value_parser = secret())]
    pub url: Option<Secret>,
    /// The broker's socket file
    #[arg(long, value_name = "PATH")]
    pub unix: Option<String>,
    /// User name
    #[arg(short, long, value_name = "USER")]
    pub username: Option<String>,
    /// Password; others on this machine can see it here, so MQTTREE_PASSWORD is safer
    #[arg(short = 'P', long = "pw", value_name = "PASSWORD", value_parser = secret())]
    pub password: Option<Secret>,
    /// Client ID; a random one if not given
    #[arg(short, long = "id", value_name = "ID")]
    pub id: Option<String>,
    /// Prefix of the client ID, followed by the process ID
    #[arg(short = 'I', long, value_name = "PREFIX", conflicts_with = "id")]
    pub id_prefix: Option<String>,
    /// Protocol version: auto, 5, 311 or 31; auto if not given
    #[arg(short = 'V', long, value_name = "VERSION")]
    pub protocol_version: Option<String>,
    /// Seconds between pings; 0 turns them off
    #[arg(short, long, value_name = "SECONDS", allow_negative_numbers = true)]
    pub keepalive: Option<String>,
    /// Ask the broker to keep the session (no clean session); needs -i
    #[arg(short = 'c', long = "disable-clean-session")]
    pub keep_session: bool,
    /// Seconds that the broker keeps the session after the connection ends, -1 for forever; MQTT 5
    #[arg(
        short = 'x',
        long = "session-expiry-interval",
        value_name = "SECONDS",
        allow_negative_numbers = true
    )]
    pub session_expiry: Option<String>,
    /// How many QoS 1 and 2 messages may be in flight; MQTT 5 tells the broker
    #[arg(short = 'M', long, value_name = "COUNT", allow_negative_numbers = true)]
    pub max_inflight: Option<String>,
    /// Use a websocket; a secure one with TLS or on a port where TLS is usual
    #[arg(long)]
    pub ws: bool,
    /// Send small packets at once; always on
    #[arg(long)]
    pub nodelay: bool,
    /// Local address to connect from
    #[arg(short = 'A', value_name = "ADDRESS")]
    pub bind_address: Option<String>,
    /// Proxy, such as socks5h://USER:PASSWORD@HOST:PORT or http://HOST:PORT; only HOST is required
    #[arg(long, value_name = "URL", value_parser = secret())]
    pub proxy: Option<Secret>,

    /// CA certificate file to trust; this and the following options turn TLS on
    #[arg(long, value_name = "FILE", help_heading = "TLS")]
    pub cafile: Option<PathBuf>,
    /// Folder of CA certificate files to trust
    #[arg(long, value_name = "FOLDER", help_heading = "TLS", conflicts_with = "cafile")]
    pub capath: Option<PathBuf>,
    /// Trust the system's certificate authorities
    #[arg(long, help_heading = "TLS")]
    pub tls_use_os_certs: bool,
    /// Client certificate file
    #[arg(long, value_name = "FILE", help_heading = "TLS")]
    pub cert: Option<PathBuf>,
    /// Client key file; the passphrase of an encrypted key is asked for or taken from MQTTREE_KEY_PASSPHRASE
    #[arg(long, value_name = "FILE", help_heading = "TLS")]
    pub key: Option<PathBuf>,
    /// Kind of client key; only files are supported, in PEM or DER
    #[arg(long, value_name = "KIND", help_heading = "TLS", value_parser = ["pem"])]
    pub keyform: Option<String>,
    /// Do not check that the broker's certificate matches its host name; its signature is still checked
    #[arg(long, help_heading = "TLS")]
    pub insecure: bool,
    /// Accept any certificate from the broker; an impostor could read everything
    #[arg(long, help_heading = "TLS")]
    pub trust_any_certificate: bool,
    /// Application protocol to offer (ALPN); may be repeated
    #[arg(long, value_name = "NAME", help_heading = "TLS")]
    pub tls_alpn: Vec<String>,
    /// Use only this version of TLS: tlsv1.2 or tlsv1.3
    #[arg(long, value_name = "VERSION", help_heading = "TLS")]
    pub tls_version: Option<String>,

    /// Topic of the message that the broker publishes when the connection is lost
    #[arg(long, value_name = "TOPIC", help_heading = "Last will and properties")]
    pub will_topic: Option<String>,
    /// Payload of the will; empty if not given
    #[arg(long, value_name = "TEXT", help_heading = "Last will and properties", allow_hyphen_values = true)]
    pub will_payload: Option<String>,
    /// QoS of the will: 0, 1 or 2
    #[arg(long, value_name = "QOS", help_heading = "Last will and properties")]
    pub will_qos: Option<String>,
    /// Have the broker retain the will
    #[arg(long, help_heading = "Last will and properties")]
    pub will_retain: bool,
    /// MQTT 5 property, such as -D connect receive-maximum 10; may be repeated
    #[arg(
        short = 'D',
        long = "property",
        value_name = "COMMAND PROPERTY VALUE",
        value_parser = secret(),
        help_heading = "Last will and properties"
    )]
    pub property: Vec<Secret>,
}

/// Parses a value that `Debug` never shows.
pub(super) fn secret() -> impl TypedValueParser<Value = Secret> {
    StringValueParser::new().map(Secret::new)
}

impl ConnectionArgs {
    /// Whether any option names a broker.
    pub fn names_a_broker(&self) -> bool {
        self.url.is_some() || self.host.is_some() || self.unix.is_some()
    }

    /// Whether any option concerns the last will.
    pub fn says_a_will(&self) -> bool {
        let will = self.will_topic.is_some() || self.will_payload.is_some() || self.will_qos.is_some();
        will || self.will_retain || self.property.iter().any(PropertyArg::is_of_the_will)
    }

    /// The first option that was given, as it is typed.
    pub fn first_given(&self) -> Option<&'static str> {
        let given = [
            (self.host.is_some(), "-h"),
            (self.url.is_some(), "-L"),
            (self.unix.is_some(), "--unix"),
            (self.port.is_some(), "-p"),
            (self.username.is_some(), "-u"),
            (self.password.is_some(), "-P"),
            (self.id.is_some(), "-i"),
            (self.id_prefix.is_some(), "-I"),
            (self.protocol_version.is_some(), "-V"),
            (self.keepalive.is_some(), "-k"),
            (self.keep_session, "-c"),
            (self.session_expiry.is_some(), "-x"),
            (self.max_inflight.is_some(), "-M"),
            (self.ws, "--ws"),
            (self.nodelay, "--nodelay"),
            (self.bind_address.is_some(), "-A"),
            (self.proxy.is_some(), "--proxy"),
            (self.will_topic.is_some(), "--will-topic"),
            (self.will_payload.is_some(), "--will-payload"),
            (self.will_qos.is_some(), "--will-qos"),
            (self.will_retain, "--will-retain"),
            (!self.property.is_empty(), "-D"),
        ];
        given.into_iter().find_map(|(given, name)| given.then_some(name)).or(self.first_of_tls())
    }

    /// The first given option that makes sense only with TLS.
    pub fn first_of_tls(&self) -> Option<&'static str> {
        let given = [
            (self.cafile.is_some(), "--cafile"),
            (self.capath.is_some(), "--capath"),
            (self.tls_use_os_certs, "--tls-use-os-certs"),
            (self.cert.is_some(), "--cert"),
            (self.key.is_some(), "--key"),
            (self.keyform.is_some(), "--keyform"),
            (self.insecure, "--insecure"),
            (self.trust_any_certificate, "--trust-any-certificate"),
            (!self.tls_alpn.is_empty(), "--tls-alpn"),
            (self.tls_version.is_some(), "--tls-version"),
        ];
        given.into_iter().find_map(|(given, name)| given.then_some(name))
    }
}

#[cfg(test)]
mod tests;

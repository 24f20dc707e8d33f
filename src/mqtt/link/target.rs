//! Where a link goes: the broker's name, port and addresses, as every failure text needs them.

use std::net::SocketAddr;
use std::time::Duration;

use crate::mqtt::failure::Failure;
use crate::mqtt::options::{ConnectOptions, MqttVersion};

/// How long name resolution may take, and again everything from the TCP connection to CONNACK.
pub(super) const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// A broker whose name was resolved.
#[derive(Clone, Debug)]
pub(super) struct Target {
    /// Host as typed, without surrounding blanks.
    pub host: String,
    /// `host:port`, with brackets around an IPv6 address.
    pub address: String,
    /// Whether TLS is spoken.
    pub tls: bool,
    /// The version asked for.
    pub version: MqttVersion,
    /// What the name resolves to; not empty.
    pub addresses: Vec<SocketAddr>,
}

impl Target {
    /// Resolves the host name. A step of its own, so that a failure says that it was the name.
    pub(super) async fn resolve(options: &ConnectOptions) -> Result<Self, Failure> {
        let host = options.host.trim();
        let what = || format!("Name resolution of {host}");
        let lookup = tokio::net::lookup_host((host, options.port));
        let found = tokio::time::timeout(CONNECT_TIMEOUT, lookup).await.map_err(|_| {
            Failure::new(
                what(),
                format!("no answer within {} s", CONNECT_TIMEOUT.as_secs()),
                "Check the network connection and the name server, or use the broker's IP address.",
            )
        })?;
        let unknown =
            "Check the spelling of the host and the network connection, or use the broker's IP address.";
        let addresses: Vec<_> = found
            .map_err(|error| Failure::new(what(), lookup_reason(&error.to_string()), unknown))?
            .collect();
        if addresses.is_empty() {
            return Err(Failure::new(what(), "the name has no address", unknown));
        }
        let address = if host.contains(':') {
            format!("[{host}]:{}", options.port)
        } else {
            format!("{host}:{}", options.port)
        };
        Ok(Self {
            host: host.to_owned(),
            address,
            tls: options.protocol.has_tls(),
            version: options.version.first(),
            addresses,
        })
    }

    /// The addresses for a text, `192.0.2.1 and 2001:db8::1`, where they say more than the host itself.
    pub(super) fn resolved(&self) -> Option<String> {
        let texts: Vec<_> = self.addresses.iter().map(|address| address.ip().to_string()).collect();
        (texts != [self.host.as_str()]).then(|| texts.join(" and "))
    }
}

/// The system's reason without the standard library's prefix: `failed to lookup address information: …`.
fn lookup_reason(text: &str) -> String {
    let reason = text.rsplit_once(": ").map_or(text, |(_, reason)| reason);
    match reason {
        "Name or service not known"
        | "No such host is known."
        | "nodename nor servname provided, or not known" => "the name is not known".to_owned(),
        "Temporary failure in name resolution" => "the name server gave no answer".to_owned(),
        other => other.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_systems_reason_is_said_in_words() {
        let text = "failed to lookup address information: Name or service not known";
        assert_eq!(lookup_reason(text), "the name is not known");
        assert_eq!(lookup_reason("something else"), "something else");
    }
}

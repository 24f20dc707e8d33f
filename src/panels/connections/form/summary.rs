//! What is set in a section, in one line, for while it is closed. Pure.

use std::path::Path;

use crate::mqtt::options::{Authentication, ConnectOptions, Protocol, TlsVersions};
use crate::panels::connections::form::Section;
use crate::words::format::plural;

/// What stands beside the head of a closed section.
pub(super) fn of(section: Section, connect: &ConnectOptions) -> String {
    match section {
        Section::Security => security(connect),
        Section::Websocket => websocket(connect),
        Section::Network => network(connect),
        Section::Mqtt5 => mqtt5(connect),
        Section::Authentication => match &connect.authentication {
            Authentication::None => "None".to_owned(),
            Authentication::ScramSha256 => "SCRAM-SHA-256".to_owned(),
            Authentication::Token { method } => format!("A token, method {method}"),
        },
        Section::Will => connect.will.as_ref().map_or_else(|| "None".to_owned(), |will| will.topic.clone()),
    }
}

fn security(connect: &ConnectOptions) -> String {
    let tls = &connect.tls;
    let mut parts = Vec::new();
    if !tls.verify {
        parts.push("the broker's certificate is not verified".to_owned());
    }
    match &connect.ca_certificate {
        Some(path) => parts.push(format!("trusts {}", file_name(path))),
        None if tls.verify => parts.push("trusts what the system trusts".to_owned()),
        None => {}
    }
    parts.extend(tls.client_certificate.as_deref().map(|path| format!("shows {}", file_name(path))));
    if !tls.server_name.is_empty() {
        parts.push(format!("as {}", tls.server_name));
    }
    if !tls.alpn.is_empty() {
        parts.push(format!("ALPN {}", tls.alpn.join(", ")));
    }
    if tls.versions != TlsVersions::Any {
        parts.push(format!("TLS {}", tls.versions.name()));
    }
    one_line(&parts)
}

fn websocket(connect: &ConnectOptions) -> String {
    let websocket = &connect.websocket;
    let mut parts = vec![match websocket.subprotocol.as_str() {
        "" => "no sub-protocol".to_owned(),
        name => format!("sub-protocol {name}"),
    }];
    if !websocket.headers.is_empty() {
        parts.push(plural(websocket.headers.len() as u64, "header", "headers"));
    }
    one_line(&parts)
}

fn network(connect: &ConnectOptions) -> String {
    let network = &connect.network;
    let mut parts = Vec::new();
    if connect.protocol != Protocol::Unix {
        parts.push(match &network.proxy {
            Some(proxy) => format!("through {} {}:{}", proxy.kind.name(), proxy.host, proxy.port),
            None => "direct".to_owned(),
        });
        if !network.bind_address.is_empty() {
            parts.push(format!("from {}", network.bind_address));
        }
    }
    parts.push(format!("{} to connect", plural(u64::from(network.connect_timeout_s), "second", "seconds")));
    one_line(&parts)
}

fn mqtt5(connect: &ConnectOptions) -> String {
    let options = &connect.mqtt5;
    let mut parts = Vec::new();
    match options.session_expiry_s {
        Some(u32::MAX) => parts.push("session kept for ever".to_owned()),
        Some(seconds) => {
            parts.push(format!("session kept for {}", plural(u64::from(seconds), "second", "seconds")));
        }
        None => {}
    }
    parts.extend(options.receive_max.map(|count| format!("receive maximum {count}")));
    parts.extend(options.packet_bytes_max.map(|bytes| format!("packets up to {bytes} B")));
    if options.topic_alias_max > 0 {
        parts.push(format!("{} topic aliases", options.topic_alias_max));
    }
    if options.request_response_information {
        parts.push("response information".to_owned());
    }
    if !options.request_problem_information {
        parts.push("no problem information".to_owned());
    }
    if !options.user_properties.is_empty() {
        let count = options.user_properties.len() as u64;
        parts.push(plural(count, "user property", "user properties"));
    }
    if parts.is_empty() { "Nothing set".to_owned() } else { one_line(&parts) }
}

/// The parts as one sentence.
pub(super) fn one_line(parts: &[String]) -> String {
    let mut text = parts.join(", ");
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mqtt::options::{Mqtt5Options, NetworkOptions, Proxy, TlsOptions};

    #[test]
    fn a_new_connection_says_what_holds_by_itself() {
        let connect = ConnectOptions::default();
        let lines = Section::ALL.map(|section| of(section, &connect));
        assert_eq!(
            lines,
            [
                "Trusts what the system trusts",
                "Sub-protocol mqtt",
                "Direct, 10 seconds to connect",
                "Nothing set",
                "None",
                "None"
            ]
        );
    }

    #[test]
    fn what_is_set_is_named() {
        let connect = ConnectOptions {
            ca_certificate: Some("/etc/ssl/plant ca.pem".into()),
            tls: TlsOptions { verify: false, alpn: vec!["mqtt".to_owned()], ..TlsOptions::default() },
            network: NetworkOptions {
                proxy: Some(Proxy { host: "proxy.example".to_owned(), ..Proxy::default() }),
                connect_timeout_s: 1,
                ..NetworkOptions::default()
            },
            mqtt5: Mqtt5Options {
                session_expiry_s: Some(u32::MAX),
                user_properties: vec![("a".to_owned(), "b".to_owned())],
                ..Mqtt5Options::default()
            },
            ..ConnectOptions::default()
        };
        let line = of(Section::Security, &connect);
        assert_eq!(line, "The broker's certificate is not verified, trusts plant ca.pem, ALPN mqtt");
        let line = of(Section::Network, &connect);
        assert_eq!(line, "Through HTTP CONNECT proxy.example:8080, 1 second to connect");
        assert_eq!(of(Section::Mqtt5, &connect), "Session kept for ever, 1 user property");
    }
}

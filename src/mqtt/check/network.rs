//! Where to, and how the bytes get there: host, port, websocket, proxy, TLS.

use std::net::{IpAddr, Ipv6Addr};
use std::path::Path;

use rustls::pki_types::ServerName;

use crate::mqtt::check::{Field, Problems};
use crate::mqtt::options::{ConnectOptions, Protocol, Proxy, ProxyKind, TlsOptions, WebsocketOptions};

/// How long the path of a socket file may be: `sun_path` with its NUL has 108 bytes on Linux, 104 elsewhere.
const SOCKET_PATH_BYTES_MAX: usize = if cfg!(target_os = "linux") { 107 } else { 103 };

/// A user name or a password for SOCKS5 has a length of one byte (RFC 1929, 2).
const SOCKS_USERNAME_BYTES_MAX: usize = 255;

/// An application protocol's name has a length of one byte (RFC 7301, 3.1).
const ALPN_BYTES_MAX: usize = 255;

/// Headers of the upgrade that are the websocket's own (RFC 6455, 4.1) or would end it.
const OWN_HEADERS: [&str; 10] = [
    "host",
    "connection",
    "upgrade",
    "content-length",
    "transfer-encoding",
    "sec-websocket-accept",
    "sec-websocket-extensions",
    "sec-websocket-key",
    "sec-websocket-protocol",
    "sec-websocket-version",
];

const PORT: &str = "A port is a number from 1 to 65535.";

pub(super) fn check(options: &ConnectOptions, problems: &mut Problems) {
    let ConnectOptions { protocol, host, port, network, .. } = options;
    problems.add_if(network.connect_timeout_s == 0, Field::ConnectTimeout, "This is 1 second or more.");
    if *protocol == Protocol::Unix {
        problems.add_some(Field::Host, socket_path_error(host));
        return;
    }
    problems.add_some(Field::Host, host_error(host.trim()));
    problems.add_if(*port == 0, Field::Port, PORT);
    if protocol.is_websocket() {
        websocket(&options.websocket, problems);
    }
    let bind = network.bind_address.trim();
    problems.add_if(
        !bind.is_empty() && bind.parse::<IpAddr>().is_err(),
        Field::BindAddress,
        "This is an IP address of this computer, such as 192.168.0.7 or fe80::1.",
    );
    if let Some(proxy) = &network.proxy {
        check_proxy(proxy, problems);
    }
    if protocol.has_tls() {
        tls(options, problems);
    }
}

/// What is wrong with a host name, an IPv4 address or an IPv6 address without brackets; `None` if it can be tried.
pub fn host_error(host: &str) -> Option<String> {
    let text = if host.is_empty() {
        "Enter the broker's host name or address."
    } else if host.contains("://") {
        "Only the host belongs here, without mqtt:// and without the port."
    } else if host.chars().any(char::is_whitespace) {
        "A host name has no spaces."
    } else if host.starts_with('[') {
        "Write an IPv6 address without brackets."
    } else if host.contains(':') && !is_ipv6(host) {
        "The port belongs into its own field."
    } else if !possible_host(host) {
        "A host name has letters, digits, dots and hyphens, and at most 253 characters."
    } else {
        return None;
    };
    Some(text.to_owned())
}

/// An IPv6 address without brackets, perhaps with a zone: `fe80::1%eth0`.
pub fn is_ipv6(host: &str) -> bool {
    let address = host.split_once('%').map_or(host, |(address, _zone)| address);
    address.parse::<Ipv6Addr>().is_ok()
}

/// DNS itself allows almost anything; what is refused here can only be a mistake.
pub fn possible_host(host: &str) -> bool {
    host.len() <= 253
        && (is_ipv6(host)
            || !host
                .chars()
                .any(|c| c.is_control() || c.is_whitespace() || "/\\@:#?[]<>\"'`{}|^%,;!".contains(c)))
}

fn socket_path_error(path: &str) -> Option<String> {
    if cfg!(not(unix)) {
        Some("This system has no socket files for MQTT; choose another protocol.".to_owned())
    } else if path.is_empty() {
        Some("Enter the path of the broker's socket file, such as /run/mosquitto.sock.".to_owned())
    } else if path.contains('\0') {
        Some("A path has no NUL character.".to_owned())
    } else if path.len() > SOCKET_PATH_BYTES_MAX {
        let bytes = path.len();
        Some(format!("This path has {bytes} bytes; a socket file's has at most {SOCKET_PATH_BYTES_MAX}."))
    } else {
        None
    }
}

fn websocket(websocket: &WebsocketOptions, problems: &mut Problems) {
    let WebsocketOptions { path, headers, subprotocol } = websocket;
    if !path.starts_with('/') {
        problems.add(Field::Path, "A path begins with a slash, as in /mqtt.");
    } else if !path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#') {
        problems.add(Field::Path, "A path has no spaces, no # and only ASCII; write others as in %20.");
    }
    for (index, (name, value)) in headers.iter().enumerate() {
        problems.add_some(Field::Header(index), header_error(name, value));
    }
    problems.add_if(
        !subprotocol.is_empty() && !is_token(subprotocol),
        Field::Subprotocol,
        "A sub-protocol is one word, such as mqtt.",
    );
}

fn header_error(name: &str, value: &str) -> Option<String> {
    let printable = |byte: u8| byte.is_ascii_graphic() || matches!(byte, b' ' | b'\t');
    if !is_token(name) {
        Some("A header's name has letters, digits and hyphens.".to_owned())
    } else if OWN_HEADERS.contains(&name.to_ascii_lowercase().as_str()) {
        Some(format!("{name} is set by the websocket itself."))
    } else if !value.bytes().all(printable) {
        Some("A header's value has only printable ASCII characters.".to_owned())
    } else {
        None
    }
}

/// A token of HTTP (RFC 9110, 5.6.2).
fn is_token(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(allowed)
}

fn check_proxy(proxy: &Proxy, problems: &mut Problems) {
    let Proxy { kind, host, port, username } = proxy;
    if host.trim().is_empty() {
        problems.add(Field::ProxyHost, "Enter the proxy's host name or address.");
    } else {
        problems.add_some(Field::ProxyHost, host_error(host.trim()));
    }
    problems.add_if(*port == 0, Field::ProxyPort, PORT);
    if username.contains(char::is_control) {
        problems.add(Field::ProxyUsername, "A user name has no control characters.");
    } else if *kind == ProxyKind::Socks5 && username.len() > SOCKS_USERNAME_BYTES_MAX {
        let bytes = username.len();
        problems.add(Field::ProxyUsername, format!("This has {bytes} bytes; SOCKS5 allows 255."));
    } else if *kind == ProxyKind::Http && username.contains(':') {
        problems.add(Field::ProxyUsername, "HTTP allows no colon in a user name.");
    }
}

fn tls(options: &ConnectOptions, problems: &mut Problems) {
    let TlsOptions { client_certificate, client_key, server_name, alpn, .. } = &options.tls;
    let mut path = |field, path: Option<&Path>| {
        let empty = path.is_some_and(|path| path.as_os_str().is_empty());
        problems.add_if(empty, field, "The path is empty.");
    };
    path(Field::CaCertificate, options.ca_certificate.as_deref());
    path(Field::ClientCertificate, client_certificate.as_deref());
    path(Field::ClientKey, client_key.as_deref());
    problems.add_if(
        client_key.is_some() && client_certificate.is_none(),
        Field::ClientCertificate,
        "A key alone proves nothing; choose its certificate too.",
    );
    problems.add_if(
        !server_name.is_empty() && ServerName::try_from(server_name.as_str()).is_err(),
        Field::ServerName,
        "This is a host name or an IP address, without a port.",
    );
    problems.add_if(
        alpn.iter().any(|name| name.is_empty() || name.len() > ALPN_BYTES_MAX),
        Field::Alpn,
        "Each name has 1 to 255 bytes.",
    );
}

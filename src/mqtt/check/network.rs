//! Checks where a connection goes and how its bytes get there: host, port, websocket, proxy and TLS.

use std::net::{IpAddr, Ipv6Addr};
use std::path::Path;

use rustls::pki_types::ServerName;

use crate::mqtt::check::{Field, Issue, Problems};
use crate::mqtt::options::{ConnectOptions, Protocol, Proxy, ProxyKind, TlsOptions, WebsocketOptions};

/// The longest path of a socket file: `sun_path` with its NUL has 108 bytes on Linux, 104 elsewhere.
const SOCKET_PATH_BYTES_MAX: usize = if cfg!(target_os = "linux") { 107 } else { 103 };

/// A user name or a password for SOCKS5 has a length of one byte (RFC 1929, 2).
const SOCKS_USERNAME_BYTES_MAX: usize = 255;

/// An application protocol's name has a length of one byte (RFC 7301, 3.1).
const ALPN_BYTES_MAX: usize = 255;

/// Headers of the upgrade that belong to the websocket (RFC 6455, 4.1) or would end it.
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

pub(super) fn check(options: &ConnectOptions, problems: &mut Problems) {
    let ConnectOptions { protocol, host, port, network, .. } = options;
    problems.add_if(network.connect_timeout_s == 0, Field::ConnectTimeout, Issue::Timeout);
    problems.add_if(network.answer_timeout_s == 0, Field::AnswerTimeout, Issue::Timeout);
    if *protocol == Protocol::Unix {
        problems.add_some(Field::Host, socket_path_error(host));
        return;
    }
    problems.add_some(Field::Host, host_error(host.trim()));
    problems.add_if(*port == 0, Field::Port, Issue::Port);
    if protocol.is_websocket() {
        websocket(&options.websocket, problems);
    }
    let bind = network.bind_address.trim();
    problems.add_if(
        !bind.is_empty() && bind.parse::<IpAddr>().is_err(),
        Field::BindAddress,
        Issue::BindAddress,
    );
    if let Some(proxy) = &network.proxy {
        check_proxy(proxy, problems);
    }
    if protocol.has_tls() {
        tls(options, problems);
    }
}

/// What is wrong with a host name, an IPv4 address or an IPv6 address without brackets; `None` if it is worth trying.
pub(super) fn host_error(host: &str) -> Option<Issue> {
    if host.is_empty() {
        Some(Issue::HostMissing)
    } else if host.contains("://") {
        Some(Issue::HostHasScheme)
    } else if host.chars().any(char::is_whitespace) {
        Some(Issue::HostHasSpaces)
    } else if host.starts_with('[') {
        Some(Issue::HostHasBrackets)
    } else if host.contains(':') && !is_ipv6(host) {
        Some(Issue::HostHasPort)
    } else if !possible_host(host) {
        Some(Issue::HostImpossible)
    } else {
        None
    }
}

/// Whether the text is an IPv6 address without brackets, optionally with a zone: `fe80::1%eth0`.
pub fn is_ipv6(host: &str) -> bool {
    let address = host.split_once('%').map_or(host, |(address, _zone)| address);
    address.parse::<Ipv6Addr>().is_ok()
}

/// Whether a text could be a host name. DNS itself allows almost anything; what is refused here can only be a mistake.
pub fn possible_host(host: &str) -> bool {
    host.len() <= 253
        && (is_ipv6(host)
            || !host
                .chars()
                .any(|c| c.is_control() || c.is_whitespace() || "/\\@:#?[]<>\"'`{}|^%,;!".contains(c)))
}

fn socket_path_error(path: &str) -> Option<Issue> {
    if cfg!(not(unix)) {
        Some(Issue::SocketsUnsupported)
    } else if path.is_empty() {
        Some(Issue::SocketPathMissing)
    } else if path.contains('\0') {
        Some(Issue::PathHasNul)
    } else if path.len() > SOCKET_PATH_BYTES_MAX {
        Some(Issue::SocketPathTooLong { bytes: path.len(), bytes_max: SOCKET_PATH_BYTES_MAX })
    } else {
        None
    }
}

fn websocket(websocket: &WebsocketOptions, problems: &mut Problems) {
    let WebsocketOptions { path, headers, subprotocol } = websocket;
    if !path.starts_with('/') {
        problems.add(Field::Path, Issue::WebsocketPathStart);
    } else if !path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#') {
        problems.add(Field::Path, Issue::WebsocketPathCharacters);
    }
    for (index, (name, value)) in headers.iter().enumerate() {
        problems.add_some(Field::Header(index), header_error(name, value));
    }
    problems.add_if(
        !subprotocol.is_empty() && !is_token(subprotocol),
        Field::Subprotocol,
        Issue::Subprotocol,
    );
}

fn header_error(name: &str, value: &str) -> Option<Issue> {
    let printable = |byte: u8| byte.is_ascii_graphic() || matches!(byte, b' ' | b'\t');
    if !is_token(name) {
        Some(Issue::HeaderName)
    } else if OWN_HEADERS.contains(&name.to_ascii_lowercase().as_str()) {
        Some(Issue::HeaderReserved(name.to_owned()))
    } else if !value.bytes().all(printable) {
        Some(Issue::HeaderValue)
    } else {
        None
    }
}

/// Whether the text is an HTTP token (RFC 9110, 5.6.2).
fn is_token(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(allowed)
}

fn check_proxy(proxy: &Proxy, problems: &mut Problems) {
    let Proxy { kind, host, port, username } = proxy;
    if host.trim().is_empty() {
        problems.add(Field::ProxyHost, Issue::ProxyHostMissing);
    } else {
        problems.add_some(Field::ProxyHost, host_error(host.trim()));
    }
    problems.add_if(*port == 0, Field::ProxyPort, Issue::Port);
    if username.contains(char::is_control) {
        problems.add(Field::ProxyUsername, Issue::ProxyUsernameHasControls);
    } else if *kind == ProxyKind::Socks5 && username.len() > SOCKS_USERNAME_BYTES_MAX {
        problems.add(Field::ProxyUsername, Issue::ProxyUsernameTooLong(username.len()));
    } else if *kind == ProxyKind::Http && username.contains(':') {
        problems.add(Field::ProxyUsername, Issue::ProxyUsernameHasColon);
    }
}

fn tls(options: &ConnectOptions, problems: &mut Problems) {
    let TlsOptions { client_certificate, client_key, server_name, alpn, .. } = &options.tls;
    let mut path = |field, path: Option<&Path>| {
        let empty = path.is_some_and(|path| path.as_os_str().is_empty());
        problems.add_if(empty, field, Issue::PathMissing);
    };
    path(Field::CaCertificate, options.ca_certificate.as_deref());
    path(Field::ClientCertificate, client_certificate.as_deref());
    path(Field::ClientKey, client_key.as_deref());
    problems.add_if(
        client_key.is_some() && client_certificate.is_none(),
        Field::ClientCertificate,
        Issue::KeyWithoutCertificate,
    );
    problems.add_if(
        !server_name.is_empty() && ServerName::try_from(server_name.as_str()).is_err(),
        Field::ServerName,
        Issue::ServerName,
    );
    problems.add_if(
        alpn.iter().any(|name| name.is_empty() || name.len() > ALPN_BYTES_MAX),
        Field::Alpn,
        Issue::Alpn,
    );
}

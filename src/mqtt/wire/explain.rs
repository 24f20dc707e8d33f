//! What went wrong below MQTT, in the three lines that a person reads.
//!
//! Every text names the host and port, the step that failed, the reason in words and what may help.

use std::io;
use std::net::{IpAddr, SocketAddr};

use rustls::{AlertDescription, CertificateError, InvalidMessage, PeerIncompatible};

use crate::mqtt::failure::Failure;
use crate::mqtt::tls::{Seen, Setup, moment};

const CHECK_HOST: &str =
    "Check the spelling of the host and the network connection, or use the broker's IP address.";
const CHECK_PORT: &str = "Check the host and the port, and whether a firewall stands between.";
const MAY_BE_PLAIN: &str =
    "The port may not speak TLS: choose the protocol mqtt, or the TLS port (usually 8883).";

// ---- names ----

pub(super) fn lookup(what: String, error: &io::Error) -> Failure {
    Failure::new(what, lookup_reason(&error.to_string()), CHECK_HOST)
}

pub(super) fn lookup_timeout(what: String, words: &str) -> Failure {
    let suggestion = "Check the network connection and the name server, or use the broker's IP address.";
    Failure::new(what, words, suggestion)
}

pub(super) fn no_address(what: String) -> Failure {
    Failure::new(what, "the name has no address", CHECK_HOST)
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

// ---- TCP ----

pub(super) fn bind_syntax(text: &str) -> Failure {
    Failure::new(
        format!("Connecting from the local address {text}"),
        "it is not an IP address",
        "Type an address of this computer, as 192.0.2.1, or leave it empty.",
    )
}

pub(super) fn bind_family(target: &str, local: IpAddr) -> Failure {
    let family = if local.is_ipv4() { "IPv4" } else { "IPv6" };
    Failure::new(
        format!("TCP connection to {target}"),
        format!("the local address {local} is {family}, and the host has no address of that kind"),
        "Leave the local address empty, or choose one of the other kind.",
    )
}

/// One address of several.
pub(super) fn tcp_attempt(error: &io::Error, address: SocketAddr) -> Failure {
    Failure::new(format!("TCP connection to {address}"), io_words(error), tcp_suggestion(error.kind()))
}

/// See [`tcp_attempt`].
pub(super) fn tcp_attempt_timeout(address: SocketAddr, words: &str) -> Failure {
    Failure::new(format!("TCP connection to {address}"), words, CHECK_PORT)
}

/// All addresses, in the order in which they were tried, with their errors; `None`: no answer.
pub(super) fn tcp(target: &str, host: &str, errors: &[(SocketAddr, Option<&io::Error>)]) -> Failure {
    let what = format!("TCP connection to {target}");
    let words = |error: Option<&io::Error>| error.map_or("no answer".to_owned(), io_words);
    let ips: Vec<_> = errors.iter().map(|(address, _)| address.ip().to_string()).collect();
    let suggestion = match errors.first() {
        Some((_, Some(error))) => tcp_suggestion(error.kind()),
        _ => CHECK_PORT,
    };
    let first = errors.first().map_or_else(String::new, |(_, error)| words(*error));
    let why = if errors.iter().all(|(_, error)| words(*error) == first) {
        // The address says more than the host alone.
        match ips.as_slice() {
            [ip] if ip == host => first,
            _ if errors.iter().all(|(_, error)| error.is_none()) => {
                format!("{first} from {}", ips.join(" and "))
            }
            _ => format!("{first} ({})", ips.join(" and ")),
        }
    } else {
        let each: Vec<_> =
            errors.iter().zip(&ips).map(|((_, error), ip)| format!("{} ({ip})", words(*error))).collect();
        each.join("; ")
    };
    Failure::new(what, why, suggestion)
}

fn tcp_suggestion(kind: io::ErrorKind) -> &'static str {
    match kind {
        io::ErrorKind::ConnectionRefused => {
            "Nothing listens on that port. Check the port, and whether the broker is running."
        }
        io::ErrorKind::NetworkUnreachable | io::ErrorKind::HostUnreachable => {
            "Check the network connection and the host."
        }
        io::ErrorKind::AddrNotAvailable => {
            "The local address must be one of this computer; leave it empty to let the system choose."
        }
        _ => CHECK_PORT,
    }
}

// ---- TLS ----

pub(super) fn not_a_server_name(what: &str, name: &str) -> Failure {
    Failure::new(
        what,
        format!("{name} is no name that a certificate can be issued for"),
        "Check the host, or set a server name.",
    )
}

pub(super) fn tls_timeout(what: &str, words: &str) -> Failure {
    let suggestion = "Check the port: a broker that expects no TLS there may wait without an answer.";
    Failure::new(what, words, suggestion)
}

/// A handshake that failed with `error`; `name` was to be checked.
pub(super) fn tls(what: &str, error: &io::Error, name: &str, seen: &Seen, setup: &Setup) -> Failure {
    if let Some(error) = rustls_error(error) {
        let (why, suggestion) = tls_words(error, name, seen, setup.identity.is_chosen());
        return Failure::new(what, why, suggestion);
    }
    if closed_by_peer(error) && setup.identity.was_asked_for() {
        let (why, suggestion) = client_certificate(setup.identity.is_chosen());
        return Failure::new(what, format!("the connection was closed, {why}"), suggestion);
    }
    let why = if closed_by_peer(error) { "the connection was closed".to_owned() } else { io_words(error) };
    Failure::new(what, why, MAY_BE_PLAIN)
}

/// An error of TLS that came later, out of a stream that was open; `None`: it is another error.
pub(super) fn tls_alert(error: &io::Error, address: &str, has_identity: bool) -> Option<Failure> {
    let error = rustls_error(error)?;
    let (why, suggestion) = tls_words(error, address, &Seen::default(), has_identity);
    Some(Failure::new(format!("TLS connection to {address}"), why, suggestion))
}

/// The handshake's own errors come wrapped, as the error of a stream.
fn rustls_error(error: &io::Error) -> Option<&rustls::Error> {
    error.get_ref()?.downcast_ref()
}

fn tls_words(error: &rustls::Error, name: &str, seen: &Seen, has_identity: bool) -> (String, String) {
    let (why, suggestion) = match error {
        rustls::Error::InvalidCertificate(error) => return certificate(error, name, seen),
        rustls::Error::InvalidMessage(
            InvalidMessage::InvalidContentType | InvalidMessage::UnknownProtocolVersion,
        ) => (
            "the port does not speak TLS".to_owned(),
            "Choose the protocol mqtt, or the TLS port (usually 8883).",
        ),
        rustls::Error::AlertReceived(alert) => return alert_words(*alert, has_identity),
        rustls::Error::PeerIncompatible(PeerIncompatible::NoCipherSuitesInCommon) => (
            "the broker and this program have no cipher in common".to_owned(),
            "The broker may be very old; its TLS settings need a cipher with AES-GCM or ChaCha20 and ECDHE.",
        ),
        rustls::Error::PeerIncompatible(_) => return no_common_version(),
        rustls::Error::NoApplicationProtocol => return no_common_alpn(),
        other => (lower_first(&other.to_string()), "The broker's log may say more."),
    };
    (why, suggestion.to_owned())
}

/// What the broker objects to (RFC 8446, 6.2).
fn alert_words(alert: AlertDescription, has_identity: bool) -> (String, String) {
    let (why, suggestion) = match alert {
        AlertDescription::CertificateRequired => return client_certificate(has_identity),
        AlertDescription::UnknownCA => (
            "the broker does not trust the authority that issued the client certificate",
            "Choose a client certificate of an authority that the broker knows.",
        ),
        AlertDescription::CertificateExpired => (
            "the broker says that the client certificate has expired",
            "Choose a newer one. Check the clocks of both computers too.",
        ),
        AlertDescription::CertificateRevoked => {
            ("the broker says that the client certificate was revoked", "Choose another one.")
        }
        AlertDescription::BadCertificate
        | AlertDescription::UnsupportedCertificate
        | AlertDescription::CertificateUnknown
        | AlertDescription::AccessDenied
            if has_identity =>
        {
            ("the broker does not accept the client certificate", "The broker's log may say why.")
        }
        AlertDescription::BadCertificate | AlertDescription::HandshakeFailure => (
            "the broker refused the handshake",
            "It may want a client certificate, or a TLS version or cipher that is not supported here.",
        ),
        AlertDescription::ProtocolVersion => return no_common_version(),
        AlertDescription::NoApplicationProtocol => return no_common_alpn(),
        AlertDescription::UnrecognisedName => (
            "the broker does not know the server name that was asked for",
            "Connect by the name that the broker is configured for, or set a server name.",
        ),
        other => {
            let why = format!("the broker ended the connection with the TLS alert {other:?}");
            return (why, "The broker's log may say more.".to_owned());
        }
    };
    (why.to_owned(), suggestion.to_owned())
}

fn client_certificate(has_identity: bool) -> (String, String) {
    if has_identity {
        let why = "the broker does not accept the client certificate";
        (why.to_owned(), "Choose one of an authority that the broker knows; its log may say more.".to_owned())
    } else {
        let why = "the broker requires a client certificate";
        (why.to_owned(), "Choose a client certificate and its key.".to_owned())
    }
}

fn no_common_version() -> (String, String) {
    let why = "the broker and this program have no TLS version in common";
    (why.to_owned(), "TLS 1.2 and 1.3 are supported here.".to_owned())
}

fn no_common_alpn() -> (String, String) {
    let why = "the broker speaks none of the application protocols (ALPN) that were offered";
    (why.to_owned(), "Leave ALPN empty, or use the name that the broker's documentation gives.".to_owned())
}

/// What is wrong with a certificate that nobody checks, as a clause.
pub(super) fn distrust(problem: &rustls::Error, name: &str, seen: &Seen) -> String {
    tls_words(problem, name, seen, false).0
}

fn certificate(error: &CertificateError, name: &str, seen: &Seen) -> (String, String) {
    let choose_ca = "If you trust the broker, choose its authority's certificate as CA certificate.";
    let leaf = seen.chain.first();
    let (why, suggestion) = match error {
        CertificateError::UnknownIssuer if leaf.is_some_and(|leaf| leaf.self_signed) => (
            "the broker's certificate is self-signed and not trusted here".to_owned(),
            "If you trust the broker, choose that certificate as CA certificate.",
        ),
        CertificateError::UnknownIssuer => (
            "the broker's certificate was issued by an authority that is not trusted here".to_owned(),
            choose_ca,
        ),
        CertificateError::BadSignature => (
            "the broker's certificate was not signed by the authority of that name that is trusted here"
                .to_owned(),
            choose_ca,
        ),
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            let names = leaf.map(crate::mqtt::tls::Certificate::names_in_words).unwrap_or_default();
            let instead = if names.is_empty() { "for no name at all".to_owned() } else { format!("for {names}") };
            (
                format!("the broker's certificate is not for {name}, but {instead}"),
                "Connect by the name that the certificate was issued for.",
            )
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            let since = leaf.map(|leaf| format!(" on {}", moment(leaf.not_after))).unwrap_or_default();
            (
                format!("the broker's certificate has expired{since}"),
                "The broker needs a new one. Check this computer's clock too.",
            )
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            let from = leaf.map(|leaf| format!(" before {}", moment(leaf.not_before)));
            let from = from.unwrap_or_else(|| " yet".to_owned());
            (format!("the broker's certificate is not valid{from}"), "Check this computer's clock.")
        }
        CertificateError::Revoked => ("the broker's certificate was revoked".to_owned(), ""),
        CertificateError::Other(other) if other.to_string().contains("CaUsedAsEndEntity") => (
            "the broker uses an authority's certificate as its own, and it is not trusted here".to_owned(),
            "If you trust the broker, choose that certificate as CA certificate.",
        ),
        CertificateError::Other(other) if other.to_string().contains("UnsupportedCertVersion") => (
            "the broker's certificate is of version 1 of its format, which says for no host that it is the right one"
                .to_owned(),
            "The broker needs one of version 3 with the host as subject alternative name.",
        ),
        other => (format!("the broker's certificate is not acceptable: {other}"), choose_ca),
    };
    (why, suggestion.to_owned())
}

// ---- streams ----

/// Whether it was the other side that ended the connection.
pub(in crate::mqtt) fn closed_by_peer(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::UnexpectedEof
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe
    )
}

/// An I/O error in words, without the number that the standard library adds.
pub(in crate::mqtt) fn io_words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => "connection refused".to_owned(),
        io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe => "the connection was reset".to_owned(),
        io::ErrorKind::ConnectionAborted | io::ErrorKind::UnexpectedEof => {
            "the connection was closed".to_owned()
        }
        io::ErrorKind::HostUnreachable => "there is no route to the host".to_owned(),
        io::ErrorKind::NetworkUnreachable => "the network is unreachable".to_owned(),
        io::ErrorKind::TimedOut => "no answer".to_owned(),
        io::ErrorKind::AddrNotAvailable => "the address cannot be used from here".to_owned(),
        io::ErrorKind::PermissionDenied => "the system does not permit it".to_owned(),
        _ => {
            let text = error.to_string();
            let text = text.split(" (os error").next().unwrap_or_default();
            lower_first(text)
        }
    }
}

/// For a clause: without the capital of a sentence.
pub(in crate::mqtt) fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADDRESS: &str = "192.0.2.1:1883";

    #[test]
    fn the_systems_reason_is_said_in_words() {
        let text = "failed to lookup address information: Name or service not known";
        assert_eq!(lookup_reason(text), "the name is not known");
        assert_eq!(lookup_reason("something else"), "something else");
    }

    #[test]
    fn a_refused_port_names_the_step_the_port_and_the_addresses() {
        let error = io::Error::from(io::ErrorKind::ConnectionRefused);
        let address = ADDRESS.parse().unwrap();
        let failure = tcp("example.org:1883", "example.org", &[(address, Some(&error))]);
        assert_eq!(failure.to_string(), "TCP connection to example.org:1883: connection refused (192.0.2.1)");
        assert!(failure.suggestion.contains("Nothing listens"), "{failure:?}");
        let failure = tcp(ADDRESS, "192.0.2.1", &[(address, Some(&error))]);
        assert_eq!(failure.why, "connection refused");
    }

    #[test]
    fn addresses_that_fail_differently_are_told_apart() {
        let error = io::Error::from(io::ErrorKind::NetworkUnreachable);
        let six = "[2001:db8::1]:1883".parse().unwrap();
        let four = ADDRESS.parse().unwrap();
        let failure = tcp("h:1883", "h", &[(six, Some(&error)), (four, None)]);
        assert_eq!(failure.why, "the network is unreachable (2001:db8::1); no answer (192.0.2.1)");
        let failure = tcp("h:1883", "h", &[(six, None), (four, None)]);
        assert_eq!(failure.why, "no answer from 2001:db8::1 and 192.0.2.1");
    }

    #[test]
    fn certificate_errors_are_said_in_words() {
        for (error, word) in [
            (CertificateError::UnknownIssuer, "not trusted"),
            (CertificateError::NotValidForName, "not for example.org"),
            (CertificateError::Expired, "expired"),
            (CertificateError::NotValidYet, "not valid yet"),
        ] {
            let (why, _) = certificate(&error, "example.org", &Seen::default());
            assert!(why.contains(word), "{why}");
        }
    }
}

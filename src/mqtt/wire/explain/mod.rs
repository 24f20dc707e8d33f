//! What went wrong below MQTT, in the three lines that a person reads.
//!
//! Every text names the host and port, the step that failed, the reason in words and what may help. Here are names,
//! TCP and sockets in the file system; what stands on them has files of its own.

mod proxy;
mod tls;
mod websocket;

use std::io;
use std::net::{IpAddr, SocketAddr};

pub(super) use crate::mqtt::wire::explain::proxy::*;
pub(super) use crate::mqtt::wire::explain::tls::*;
pub(super) use crate::mqtt::wire::explain::websocket::*;

use crate::mqtt::failure::Failure;

const CHECK_HOST: &str =
    "Check the spelling of the host and the network connection, or use the broker's IP address.";
const CHECK_PORT: &str = "Check the host and the port, and whether a firewall stands between.";

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

// ---- sockets in the file system ----

#[cfg(unix)]
pub(super) fn unix(what: &str, error: &io::Error) -> Failure {
    let (why, suggestion) = match error.kind() {
        io::ErrorKind::NotFound => {
            ("there is no such file".to_owned(), "Check the path, and whether the broker is running.")
        }
        io::ErrorKind::ConnectionRefused => (
            "nothing listens on it".to_owned(),
            "The file may be left over from a broker that has ended. Check whether it is running.",
        ),
        io::ErrorKind::PermissionDenied => (
            "the system does not permit it".to_owned(),
            "The file's rights, or those of its folder, decide who may use it.",
        ),
        _ => {
            (io_words(error), "Check the path: it must be a socket, and no longer than about 100 characters.")
        }
    };
    Failure::new(what, why, suggestion)
}

#[cfg(unix)]
pub(super) fn unix_timeout(what: &str, words: &str) -> Failure {
    Failure::new(what, words, "The broker may hang, or take no more clients.")
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
}

//! Turns errors below MQTT into failures with a step, a cause and what may help.
//!
//! This file covers host names, TCP and socket files; proxies, TLS and websockets have their own.

mod proxy;
mod tls;
mod websocket;

use std::io;
use std::net::IpAddr;

pub(super) use crate::mqtt::wire::explain::proxy::*;
pub(super) use crate::mqtt::wire::explain::tls::*;
pub(in crate::mqtt) use crate::mqtt::wire::explain::websocket::is_websocket_close;
pub(super) use crate::mqtt::wire::explain::websocket::*;

use crate::mqtt::endpoint::Endpoint;
use crate::mqtt::failure::{Cause, Failure, Hint, LocalAddressCause, NameCause, TcpAttempt};
use crate::mqtt::step::Step;

pub(super) fn lookup(step: Step, error: &io::Error) -> Failure {
    Failure::new(step, name_cause(&error.to_string()), Hint::CheckHost)
}

pub(super) fn no_address(step: Step) -> Failure {
    Failure::new(step, NameCause::NoAddress, Hint::CheckHost)
}

/// The system's reason without the standard library's prefix `failed to lookup address information: …`. There is no
/// number to decide by: the standard library gives the resolver's code only as text.
fn name_cause(text: &str) -> NameCause {
    let reason = text.rsplit_once(": ").map_or(text, |(_, reason)| reason);
    match reason {
        "Name or service not known"
        | "No such host is known."
        | "nodename nor servname provided, or not known" => NameCause::Unknown,
        "Temporary failure in name resolution" => NameCause::NoServer,
        other => NameCause::Other(other.to_owned()),
    }
}

pub(super) fn local_address_syntax(text: &str) -> Failure {
    let step = Step::LocalAddress(text.to_owned());
    Failure::new(step, LocalAddressCause::Syntax, Hint::LocalAddressSyntax)
}

pub(super) fn local_address_family(target: &Endpoint, local: IpAddr) -> Failure {
    Failure::new(Step::Tcp(target.clone()), LocalAddressCause::Family(local), Hint::LocalAddressFamily)
}

/// The failure of one address of several.
pub(super) fn tcp_attempt(step: Step, error: &io::Error) -> Failure {
    Failure::new(step, error, tcp_hint(error.kind()))
}

/// The failure of all addresses, in the order they were tried.
pub(super) fn tcp(target: &Endpoint, attempts: Vec<TcpAttempt>) -> Failure {
    let hint = match attempts.first() {
        Some(TcpAttempt { error: Some(error), .. }) => tcp_hint(error.kind),
        _ => Hint::CheckPort,
    };
    Failure::new(Step::Tcp(target.clone()), Cause::Tcp(attempts), hint)
}

fn tcp_hint(kind: io::ErrorKind) -> Hint {
    match kind {
        io::ErrorKind::ConnectionRefused => Hint::NothingListens,
        io::ErrorKind::NetworkUnreachable | io::ErrorKind::HostUnreachable => Hint::CheckNetwork,
        io::ErrorKind::AddrNotAvailable => Hint::LocalAddressOfThisComputer,
        _ => Hint::CheckPort,
    }
}

#[cfg(unix)]
pub(super) fn socket(step: Step, error: &io::Error) -> Failure {
    use crate::mqtt::failure::SocketCause;

    let (cause, hint) = match error.kind() {
        io::ErrorKind::NotFound => (SocketCause::Missing.into(), Hint::SocketPath),
        io::ErrorKind::ConnectionRefused => (SocketCause::NothingListens.into(), Hint::SocketLeftOver),
        io::ErrorKind::PermissionDenied => (SocketCause::NotPermitted.into(), Hint::SocketRights),
        _ => (Cause::from(error), Hint::SocketKind),
    };
    Failure::new(step, cause, hint)
}

/// Whether the other side ended the connection.
pub(in crate::mqtt) fn closed_by_peer(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::UnexpectedEof
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_systems_reason_is_recognised() {
        let text = "failed to lookup address information: Name or service not known";
        assert_eq!(name_cause(text), NameCause::Unknown);
        assert_eq!(name_cause("something else"), NameCause::Other("something else".to_owned()));
    }

    #[test]
    fn the_first_address_decides_what_is_tried() {
        let error = io::Error::from(io::ErrorKind::ConnectionRefused);
        let attempt = |error| TcpAttempt { ip: IpAddr::from([192, 0, 2, 1]), error };
        let refused = Some((&error).into());
        let target = Endpoint::new("h", 1883);
        assert_eq!(
            tcp(&target, vec![attempt(refused.clone()), attempt(None)]).hint,
            Some(Hint::NothingListens)
        );
        assert_eq!(tcp(&target, vec![attempt(None), attempt(refused)]).hint, Some(Hint::CheckPort));
    }
}

//! What a proxy refused.

use crate::mqtt::failure::Failure;
use crate::mqtt::wire::explain::{closed_by_peer, io_words, lower_first};
use crate::mqtt::wire::http::{Head, NoHead};

pub(in crate::mqtt::wire) fn proxy_timeout(what: &str, words: &str) -> Failure {
    let suggestion =
        "The proxy may not reach the broker, or speak another protocol: choose the other kind of proxy.";
    Failure::new(what, words, suggestion)
}

pub(in crate::mqtt::wire) fn proxy_without_head(what: &str, why: &NoHead) -> Failure {
    let suggestion =
        "Check the proxy's host and port, and that it is an HTTP proxy: it may be one of SOCKS5.";
    let why = match why {
        NoHead::Closed => "the proxy closed the connection without an answer".to_owned(),
        NoHead::Io(error) => io_words(error),
        NoHead::Tls => "the proxy's port speaks TLS, which is not supported towards a proxy".to_owned(),
        NoHead::NotHttp => "the proxy's answer is not HTTP".to_owned(),
        NoHead::TooLong => "the proxy's answer does not end".to_owned(),
    };
    Failure::new(what, why, suggestion)
}

pub(in crate::mqtt::wire) fn proxy_refused(what: &str, head: &Head, has_credentials: bool) -> Failure {
    let (why, suggestion) = match head.status {
        407 if has_credentials => (
            "the proxy does not accept the user name or the password",
            "Check both. Only basic authentication is supported here.",
        ),
        407 => ("the proxy wants a user name and a password", "Type the proxy's user name and password."),
        401 | 403 => (
            "the proxy does not allow this connection",
            "Many allow only port 443: use wss, or ask whoever runs the proxy.",
        ),
        404 | 502 | 503 => {
            ("the proxy cannot reach the broker", "Check the broker's host and port as the proxy sees them.")
        }
        504 => (
            "the broker does not answer the proxy",
            "Check the broker's host and port as the proxy sees them.",
        ),
        400 | 405 | 501 => (
            "the proxy does not understand CONNECT",
            "It may be a plain web server. Check the proxy's host and port.",
        ),
        _ => ("the proxy refused", "The proxy's log may say more."),
    };
    Failure::new(what, format!("{why} ({})", head.status_line()), suggestion)
}

pub(in crate::mqtt::wire) fn proxy_talks(what: &str) -> Failure {
    let why = "the proxy sends data that nobody asked for";
    Failure::new(what, why, "It may not be a proxy. Check its host and port.")
}

pub(in crate::mqtt::wire) fn socks5(
    what: &str,
    error: &tokio_socks::Error,
    has_credentials: bool,
) -> Failure {
    use tokio_socks::Error;

    let reachable = "Check the broker's host and port as the proxy sees them.";
    let not_socks = "Check the proxy's host and port, and that it is one of SOCKS5: it may be an HTTP proxy.";
    let (why, suggestion) = match error {
        Error::Io(error) if closed_by_peer(error) => {
            ("the proxy closed the connection without an answer".to_owned(), not_socks)
        }
        Error::Io(error) => (io_words(error), not_socks),
        Error::NoAcceptableAuthMethods | Error::UnknownAuthMethod if has_credentials => (
            "the proxy takes no user name and password".to_owned(),
            "Leave the proxy's user name empty, if it lets everybody in.",
        ),
        Error::NoAcceptableAuthMethods | Error::UnknownAuthMethod | Error::AuthorizationRequired => (
            "the proxy wants a user name and a password".to_owned(),
            "Type the proxy's user name and password.",
        ),
        Error::PasswordAuthFailure(_) => {
            ("the proxy does not accept the user name or the password".to_owned(), "Check both.")
        }
        Error::InvalidAuthValues(_) => (
            "the user name or the password is longer than 255 bytes, or one of them is empty".to_owned(),
            "SOCKS5 needs both, and cannot send longer ones.",
        ),
        Error::InvalidTargetAddress(_) => {
            ("the host is longer than 255 bytes".to_owned(), "SOCKS5 cannot send longer ones.")
        }
        Error::GeneralSocksServerFailure => ("the proxy failed (general failure)".to_owned(), reachable),
        Error::ConnectionNotAllowedByRuleset => (
            "the proxy does not allow this connection".to_owned(),
            "Many allow only some ports; ask whoever runs the proxy.",
        ),
        Error::NetworkUnreachable => ("the proxy cannot reach the broker's network".to_owned(), reachable),
        Error::HostUnreachable => {
            ("the proxy cannot reach the broker's host, or does not know its name".to_owned(), reachable)
        }
        Error::ConnectionRefused => (
            "the broker refuses the proxy's connection".to_owned(),
            "Nothing listens on that port. Check the port, and whether the broker is running.",
        ),
        Error::TtlExpired => ("the broker does not answer the proxy in time".to_owned(), reachable),
        Error::CommandNotSupported => ("the proxy makes no connections (CONNECT)".to_owned(), not_socks),
        Error::AddressTypeNotSupported => (
            "the proxy does not take this kind of address".to_owned(),
            "Use the broker's name instead of its address, or the other way round.",
        ),
        Error::InvalidResponseVersion => ("the proxy's answer is not SOCKS5".to_owned(), not_socks),
        other => (lower_first(&other.to_string()), not_socks),
    };
    Failure::new(what, why, suggestion)
}

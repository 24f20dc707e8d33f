//! What went wrong with TLS: certificates, ours and the broker's, and what the two sides have in common.

use std::io;

use rustls::{AlertDescription, CertificateError, InvalidMessage, PeerIncompatible};

use crate::mqtt::failure::Failure;
use crate::mqtt::tls::{Seen, Setup, moment};
use crate::mqtt::wire::explain::{closed_by_peer, io_words, lower_first};

const MAY_BE_PLAIN: &str =
    "The port may not speak TLS: choose the protocol mqtt, or the TLS port (usually 8883).";

pub(in crate::mqtt::wire) fn not_a_server_name(what: &str, name: &str) -> Failure {
    Failure::new(
        what,
        format!("{name} is no name that a certificate can be issued for"),
        "Check the host, or set a server name.",
    )
}

pub(in crate::mqtt::wire) fn tls_timeout(what: &str, words: &str) -> Failure {
    let suggestion = "Check the port: a broker that expects no TLS there may wait without an answer.";
    Failure::new(what, words, suggestion)
}

/// A handshake that failed with `error`; `name` was to be checked.
pub(in crate::mqtt::wire) fn tls(
    what: &str,
    error: &io::Error,
    name: &str,
    seen: &Seen,
    setup: &Setup,
) -> Failure {
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
pub(in crate::mqtt::wire) fn tls_alert(
    error: &io::Error,
    address: &str,
    has_identity: bool,
) -> Option<Failure> {
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
pub(in crate::mqtt::wire) fn distrust(problem: &rustls::Error, name: &str, seen: &Seen) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

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

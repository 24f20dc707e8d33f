//! Explains TLS failures: certificates on either side, and what the two sides have in common.

use std::io;

use rustls::{AlertDescription, CertificateError, InvalidMessage, PeerIncompatible};

use crate::mqtt::endpoint::Endpoint;
use crate::mqtt::failure::{Cause, Failure, Hint, TlsCause};
use crate::mqtt::step::Step;
use crate::mqtt::tls::{Seen, Setup};
use crate::mqtt::wire::explain::closed_by_peer;

/// A cause and what may help.
type Explained = (TlsCause, Option<Hint>);

/// Explains a handshake that failed with `error` while `name` was to be checked.
pub(in crate::mqtt::wire) fn tls(
    step: Step,
    error: &io::Error,
    name: &str,
    seen: &Seen,
    setup: &Setup,
) -> Failure {
    if let Some(error) = rustls_error(error) {
        let (cause, hint) = explained(error, name, seen, setup.identity.is_chosen());
        return Failure::new(step, cause, hint);
    }
    if closed_by_peer(error) && setup.identity.was_asked_for() {
        let (cause, hint) = client_certificate(setup.identity.is_chosen(), true);
        return Failure::new(step, cause, hint);
    }
    let cause = if closed_by_peer(error) { Cause::Closed } else { error.into() };
    Failure::new(step, cause, Hint::MayBePlain)
}

/// Explains a TLS error on an open stream; `None` if it is another error.
pub(in crate::mqtt::wire) fn tls_alert(
    error: &io::Error,
    endpoint: &Endpoint,
    has_identity: bool,
) -> Option<Failure> {
    let error = rustls_error(error)?;
    let (cause, hint) = explained(error, &endpoint.to_string(), &Seen::default(), has_identity);
    Some(Failure::new(Step::TlsConnection(endpoint.clone()), cause, hint))
}

/// What is wrong with a certificate that was not checked.
pub(in crate::mqtt::wire) fn distrust(problem: &rustls::Error, name: &str, seen: &Seen) -> TlsCause {
    explained(problem, name, seen, false).0
}

/// Handshake errors arrive wrapped in a stream error.
fn rustls_error(error: &io::Error) -> Option<&rustls::Error> {
    error.get_ref()?.downcast_ref()
}

fn explained(error: &rustls::Error, name: &str, seen: &Seen, has_identity: bool) -> Explained {
    let (cause, hint) = match error {
        rustls::Error::InvalidCertificate(error) => return certificate(error, name, seen),
        rustls::Error::AlertReceived(alert) => return alerted(*alert, has_identity),
        rustls::Error::InvalidMessage(
            InvalidMessage::InvalidContentType | InvalidMessage::UnknownProtocolVersion,
        ) => (TlsCause::NotTls, Hint::UsePlain),
        rustls::Error::PeerIncompatible(PeerIncompatible::NoCipherSuitesInCommon) => {
            (TlsCause::Ciphers, Hint::OldCiphers)
        }
        rustls::Error::PeerIncompatible(_) => (TlsCause::Versions, Hint::TlsVersions),
        rustls::Error::NoApplicationProtocol => (TlsCause::Alpn, Hint::Alpn),
        other => (TlsCause::Other(other.to_string()), Hint::BrokerLog),
    };
    (cause, Some(hint))
}

/// Explains the broker's TLS alert (RFC 8446, 6.2).
fn alerted(alert: AlertDescription, has_identity: bool) -> Explained {
    let (cause, hint) = match alert {
        AlertDescription::CertificateRequired => return client_certificate(has_identity, false),
        AlertDescription::UnknownCA => {
            (TlsCause::ClientCertificateUntrusted, Hint::ClientCertificateAuthority)
        }
        AlertDescription::CertificateExpired => {
            (TlsCause::ClientCertificateExpired, Hint::NewerClientCertificate)
        }
        AlertDescription::CertificateRevoked => {
            (TlsCause::ClientCertificateRevoked, Hint::OtherClientCertificate)
        }
        AlertDescription::BadCertificate
        | AlertDescription::UnsupportedCertificate
        | AlertDescription::CertificateUnknown
        | AlertDescription::AccessDenied
            if has_identity =>
        {
            (TlsCause::ClientCertificateRefused { closed: false }, Hint::BrokerLogWhy)
        }
        AlertDescription::BadCertificate | AlertDescription::HandshakeFailure => {
            (TlsCause::HandshakeRefused, Hint::HandshakeRefused)
        }
        AlertDescription::ProtocolVersion => (TlsCause::Versions, Hint::TlsVersions),
        AlertDescription::NoApplicationProtocol => (TlsCause::Alpn, Hint::Alpn),
        AlertDescription::UnrecognisedName => (TlsCause::ServerNameUnknown, Hint::ConfiguredName),
        other => (TlsCause::Alert(format!("{other:?}")), Hint::BrokerLog),
    };
    (cause, Some(hint))
}

fn client_certificate(has_identity: bool, closed: bool) -> Explained {
    if has_identity {
        let hint = Hint::ClientCertificateAuthorityOrLog;
        (TlsCause::ClientCertificateRefused { closed }, Some(hint))
    } else {
        (TlsCause::ClientCertificateRequired { closed }, Some(Hint::ChooseClientCertificate))
    }
}

fn certificate(error: &CertificateError, name: &str, seen: &Seen) -> Explained {
    let leaf = seen.chain.first();
    let (cause, hint) = match error {
        CertificateError::UnknownIssuer if leaf.is_some_and(|leaf| leaf.self_signed) => {
            (TlsCause::SelfSigned, Hint::TrustCertificate)
        }
        CertificateError::UnknownIssuer => (TlsCause::Untrusted, Hint::TrustAuthority),
        CertificateError::BadSignature => (TlsCause::Signature, Hint::TrustAuthority),
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            let names = leaf.map(|leaf| leaf.names.clone()).unwrap_or_default();
            (TlsCause::OtherName { name: name.to_owned(), names }, Hint::CertificateName)
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            (TlsCause::Expired(leaf.map(|leaf| leaf.not_after)), Hint::BrokerCertificateExpired)
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            (TlsCause::NotYetValid(leaf.map(|leaf| leaf.not_before)), Hint::CheckClock)
        }
        CertificateError::Revoked => return (TlsCause::Revoked, None),
        // The verifier's own errors have a type that rustls does not export, so only their names can be compared.
        CertificateError::Other(other) if other.to_string().contains("CaUsedAsEndEntity") => {
            (TlsCause::AuthorityAsOwn, Hint::TrustCertificate)
        }
        CertificateError::Other(other) if other.to_string().contains("UnsupportedCertVersion") => {
            (TlsCause::Version1, Hint::BrokerCertificateVersion)
        }
        other => (TlsCause::Certificate(other.to_string()), Hint::TrustAuthority),
    };
    (cause, Some(hint))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn certificate_errors_become_causes() {
        let nobody = TlsCause::OtherName { name: "example.org".to_owned(), names: Vec::new() };
        for (error, cause) in [
            (CertificateError::UnknownIssuer, TlsCause::Untrusted),
            (CertificateError::NotValidForName, nobody),
            (CertificateError::Expired, TlsCause::Expired(None)),
            (CertificateError::NotValidYet, TlsCause::NotYetValid(None)),
        ] {
            assert_eq!(certificate(&error, "example.org", &Seen::default()).0, cause);
        }
    }
}

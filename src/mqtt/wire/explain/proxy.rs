//! Explains why a proxy refused.

use crate::mqtt::failure::{Cause, Failure, Hint, ProxyCause, ProxyRefusal};
use crate::mqtt::step::Step;
use crate::mqtt::wire::explain::closed_by_peer;
use crate::mqtt::wire::http::{Head, NoHead};

pub(in crate::mqtt::wire) fn proxy_without_head(step: Step, why: &NoHead) -> Failure {
    let cause = match why {
        NoHead::Closed => ProxyCause::Closed.into(),
        NoHead::Io(error) => Cause::from(error),
        NoHead::Tls => ProxyCause::Tls.into(),
        NoHead::NotHttp => ProxyCause::NotHttp.into(),
        NoHead::TooLong => ProxyCause::Endless.into(),
    };
    Failure::new(step, cause, Hint::ProxyNotHttp)
}

pub(in crate::mqtt::wire) fn proxy_refused(step: Step, head: Head, has_credentials: bool) -> Failure {
    let status = head.status;
    let (refusal, hint) = match status.code {
        407 if has_credentials => (ProxyRefusal::Login, Hint::ProxyLoginBasic),
        407 => (ProxyRefusal::LoginMissing, Hint::ProxyLoginMissing),
        401 | 403 => (ProxyRefusal::NotAllowed, Hint::ProxyPort443),
        404 | 502 | 503 => (ProxyRefusal::Unreachable, Hint::ProxyView),
        504 => (ProxyRefusal::BrokerSilent, Hint::ProxyView),
        400 | 405 | 501 => (ProxyRefusal::ConnectUnknown, Hint::ProxyMayBeWebServer),
        _ => (ProxyRefusal::Unknown, Hint::ProxyLog),
    };
    Failure::new(step, ProxyCause::Refused { refusal, status: Some(status) }, hint)
}

pub(in crate::mqtt::wire) fn socks5(
    step: Step,
    error: &tokio_socks::Error,
    has_credentials: bool,
) -> Failure {
    use tokio_socks::Error;

    let refused = |refusal| ProxyCause::Refused { refusal, status: None };
    let (cause, hint) = match error {
        Error::Io(error) if closed_by_peer(error) => (ProxyCause::Closed, Hint::ProxyNotSocks5),
        Error::Io(error) => return Failure::new(step, error, Hint::ProxyNotSocks5),
        Error::NoAcceptableAuthMethods | Error::UnknownAuthMethod if has_credentials => {
            (refused(ProxyRefusal::LoginUnwanted), Hint::ProxyLoginUnwanted)
        }
        Error::NoAcceptableAuthMethods | Error::UnknownAuthMethod | Error::AuthorizationRequired => {
            (refused(ProxyRefusal::LoginMissing), Hint::ProxyLoginMissing)
        }
        Error::PasswordAuthFailure(_) => (refused(ProxyRefusal::Login), Hint::ProxyLogin),
        Error::InvalidAuthValues(_) => (ProxyCause::LoginLength, Hint::Socks5Login),
        Error::InvalidTargetAddress(_) => (ProxyCause::HostLength, Hint::Socks5Host),
        Error::GeneralSocksServerFailure => (refused(ProxyRefusal::General), Hint::ProxyView),
        Error::ConnectionNotAllowedByRuleset => (refused(ProxyRefusal::NotAllowed), Hint::ProxyPorts),
        Error::NetworkUnreachable => (refused(ProxyRefusal::NetworkUnreachable), Hint::ProxyView),
        Error::HostUnreachable => (refused(ProxyRefusal::HostUnreachable), Hint::ProxyView),
        Error::ConnectionRefused => (refused(ProxyRefusal::ConnectionRefused), Hint::NothingListens),
        Error::TtlExpired => (refused(ProxyRefusal::BrokerSilent), Hint::ProxyView),
        Error::CommandNotSupported => (refused(ProxyRefusal::NoConnections), Hint::ProxyNotSocks5),
        Error::AddressTypeNotSupported => (refused(ProxyRefusal::AddressKind), Hint::ProxyAddressKind),
        Error::InvalidResponseVersion => (ProxyCause::NotSocks5, Hint::ProxyNotSocks5),
        other => (ProxyCause::Other(other.to_string()), Hint::ProxyNotSocks5),
    };
    Failure::new(step, cause, hint)
}

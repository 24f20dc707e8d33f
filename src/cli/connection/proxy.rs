//! `--proxy URL`, written as for curl and others.

use crate::mqtt::options::{Proxy, ProxyKind, Secret};
use crate::store::url::Authority;
use crate::words::cli::Usage;

/// The supported schemes. For SOCKS5 the proxy always resolves the name, which is what people want.
const SCHEMES: [(&str, ProxyKind); 3] =
    [("http", ProxyKind::Http), ("socks5", ProxyKind::Socks5), ("socks5h", ProxyKind::Socks5)];

/// Parses a proxy's URL.
pub(super) fn parse(text: &str) -> Result<(Proxy, Option<Secret>), Usage> {
    let (scheme, rest) = text.trim().split_once("://").ok_or(Usage::ProxyScheme)?;
    let known = SCHEMES.into_iter().find(|(name, _)| name.eq_ignore_ascii_case(scheme));
    let (_, kind) = known.ok_or(Usage::ProxyScheme)?;
    let authority = rest.strip_suffix('/').unwrap_or(rest);
    let Authority { host, port, username, password } =
        Authority::parse(authority).map_err(Usage::ProxyUrl)?;
    let port = port.unwrap_or(kind.default_port());
    Ok((Proxy { kind, host, port, username }, password))
}

//! `--proxy URL`, as curl and others write it.

use crate::mqtt::options::{Proxy, ProxyKind, Secret};
use crate::store::url::Authority;
use crate::words::cli::Usage;

/// The schemes; of SOCKS5 only the kind where the proxy resolves the name is spoken, which is what people want.
const SCHEMES: [(&str, ProxyKind); 3] =
    [("http", ProxyKind::Http), ("socks5", ProxyKind::Socks5), ("socks5h", ProxyKind::Socks5)];

/// Takes a proxy's URL apart.
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

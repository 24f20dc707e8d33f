//! A broker's address as people write it: `mqtt://user:password@host:1883/topic/filter`.
//!
//! Called by the command line and by the form's Host field, into which people paste such things. No error text quotes
//! anything that could be a password.

use std::net::Ipv6Addr;

use crate::mqtt::options::{ConnectOptions, Protocol, Secret};

/// The parts of a broker's address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BrokerUrl {
    /// From the scheme.
    pub protocol: Protocol,
    /// Without brackets, percent-decoded.
    pub host: String,
    /// `None`: the protocol's own.
    pub port: Option<u16>,
    /// Percent-decoded; empty if there is none.
    pub username: String,
    /// Percent-decoded; `None` if there is no colon behind the user name.
    pub password: Option<Secret>,
    /// What follows the first slash, percent-decoded: a topic filter, as with `mosquitto_sub -L`. Empty if there is none.
    pub topic: String,
}

/// What is wrong with an address, and how it is right. Never quotes the address: it may hold a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    /// No `://`.
    #[error("a URL begins with mqtt:// or mqtts://, as in mqtt://example.org:1883")]
    NoScheme,
    /// `ws`, `wss`.
    #[error("WebSocket addresses cannot be used in this version; use mqtt:// or mqtts://")]
    WebSocket,
    /// Anything else.
    #[error("the scheme is not known; use mqtt:// or, with TLS, mqtts://")]
    UnknownScheme,
    /// `mqtt://`, `mqtt://:1883`.
    #[error("there is no host name behind the ://, as in mqtt://example.org:1883")]
    NoHost,
    /// Spaces, control characters and the like.
    #[error("the host name contains a character that none can have")]
    BadHost,
    /// `[::1`, or brackets around something else.
    #[error("what is in brackets is not an IPv6 address, as in mqtt://[::1]:1883")]
    BadIpv6,
    /// `mqtt://::1`
    #[error("an IPv6 address needs brackets in a URL, as in mqtt://[::1]:1883")]
    Ipv6WithoutBrackets,
    /// Not a number from 1 to 65,535.
    #[error("the port behind the host is not a number from 1 to 65535 (a / in a password is written %2F)")]
    BadPort,
    /// `%` and not two hexadecimal digits, or not UTF-8 behind it.
    #[error(
        "a % is followed by two hexadecimal digits that give UTF-8 text; the sign % itself is written %25"
    )]
    BadPercent,
}

/// The schemes and what they mean; the second names are what other programs call the same.
const SCHEMES: [(&str, Protocol); 5] = [
    ("mqtt", Protocol::Mqtt),
    ("mqtts", Protocol::Mqtts),
    ("tcp", Protocol::Mqtt),
    ("ssl", Protocol::Mqtts),
    ("tls", Protocol::Mqtts),
];

impl BrokerUrl {
    /// Takes an address apart.
    ///
    /// Everything behind the first slash is the topic, `?` and `#` included: a filter like `plant/#` needs no escape.
    pub fn parse(text: &str) -> Result<Self, UrlError> {
        let (scheme, rest) = text.trim().split_once("://").ok_or(UrlError::NoScheme)?;
        let scheme = scheme.to_ascii_lowercase();
        let protocol = match SCHEMES.iter().find(|(name, _)| *name == scheme) {
            Some((_, protocol)) => *protocol,
            None if matches!(scheme.as_str(), "ws" | "wss") => return Err(UrlError::WebSocket),
            None => return Err(UrlError::UnknownScheme),
        };
        let (authority, topic) = rest.split_once('/').unwrap_or((rest, ""));
        // The last @, because people forget to escape the one in their password.
        let (user, address) = match authority.rsplit_once('@') {
            Some((user, address)) => (Some(user), address),
            None => (None, authority),
        };
        let (host, port) = split_address(address)?;
        let (username, password) = match user.and_then(|user| user.split_once(':')) {
            Some((username, password)) => (username, Some(Secret::new(percent_decode(password)?))),
            None => (user.unwrap_or_default(), None),
        };
        let username = percent_decode(username)?;
        Ok(Self { protocol, host, port, username, password, topic: percent_decode(topic)? })
    }

    /// Writes protocol, host, port and, if there is one, the user name into `options`. The topic is left to the caller.
    pub fn apply(&self, options: &mut ConnectOptions) {
        options.protocol = self.protocol;
        options.host.clone_from(&self.host);
        options.port = self.port.unwrap_or(self.protocol.default_port());
        if !self.username.is_empty() {
            options.username.clone_from(&self.username);
        }
    }
}

/// What a person typed or pasted into the Host field, put where it belongs: a whole URL, `host:1884`, `[::1]:1884` or
/// `[::1]`. Anything else is left as it is. Gives the password if there was one.
pub fn spread_host(options: &mut ConnectOptions) -> Result<Option<Secret>, UrlError> {
    let typed = options.host.trim();
    if typed.contains("://") {
        let url = BrokerUrl::parse(typed)?;
        url.apply(options);
        return Ok(url.password);
    }
    let port_follows = typed.starts_with('[') || typed.matches(':').count() == 1;
    if port_follows {
        let (host, port) = split_address(typed)?;
        options.host = host;
        options.port = port.unwrap_or(options.port);
    } else if typed.len() != options.host.len() {
        options.host = typed.to_owned();
    }
    Ok(None)
}

/// What is wrong with a host name, an IPv4 address or an IPv6 address without brackets; `None` if it can be tried.
pub fn host_error(host: &str) -> Option<String> {
    let text = if host.is_empty() {
        "Enter the broker's host name or address."
    } else if host.contains("://") {
        "Only the host belongs here, without mqtt:// and without the port."
    } else if host.chars().any(char::is_whitespace) {
        "A host name has no spaces."
    } else if host.starts_with('[') {
        "Write an IPv6 address without brackets."
    } else if host.contains(':') && !is_ipv6(host) {
        "The port belongs into its own field."
    } else if !possible_host(host) {
        "A host name has letters, digits, dots and hyphens, and at most 253 characters."
    } else {
        return None;
    };
    Some(text.to_owned())
}

/// `host`, `host:port`, `[::1]`, `[::1]:port`
fn split_address(address: &str) -> Result<(String, Option<u16>), UrlError> {
    let (host, port) = if let Some(rest) = address.strip_prefix('[') {
        let (host, port) = rest.split_once(']').ok_or(UrlError::BadIpv6)?;
        let port = match port.strip_prefix(':') {
            Some(port) => Some(port),
            None if port.is_empty() => None,
            None => return Err(UrlError::BadPort),
        };
        let host = percent_decode(host)?;
        if !is_ipv6(&host) {
            return Err(UrlError::BadIpv6);
        }
        (host, port)
    } else {
        if address.matches(':').count() > 1 && is_ipv6(address) {
            return Err(UrlError::Ipv6WithoutBrackets);
        }
        match address.split_once(':') {
            Some((host, port)) => (percent_decode(host)?, Some(port)),
            None => (percent_decode(address)?, None),
        }
    };
    if host.is_empty() {
        return Err(UrlError::NoHost);
    }
    if !is_ipv6(&host) && !possible_host(&host) {
        return Err(UrlError::BadHost);
    }
    // `host:` without a number is the default port by the URL standard (RFC 3986, 3.2.3).
    let port = port.filter(|port| !port.is_empty()).map(parse_port).transpose()?;
    Ok((host, port))
}

fn parse_port(text: &str) -> Result<u16, UrlError> {
    // `u16::parse` takes a plus sign.
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|port| digits && *port != 0).ok_or(UrlError::BadPort)
}

fn is_ipv6(host: &str) -> bool {
    let address = host.split_once('%').map_or(host, |(address, _zone)| address);
    address.parse::<Ipv6Addr>().is_ok()
}

/// DNS itself allows almost anything; what is refused here can only be a mistake.
fn possible_host(host: &str) -> bool {
    host.len() <= 253
        && (is_ipv6(host)
            || !host
                .chars()
                .any(|c| c.is_control() || c.is_whitespace() || "/\\@:#?[]<>\"'`{}|^%,;!".contains(c)))
}

fn percent_decode(text: &str) -> Result<String, UrlError> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit =
            || rest.next().and_then(|byte| char::from(byte).to_digit(16)).ok_or(UrlError::BadPercent);
        let (high, low) = (digit()?, digit()?);
        bytes.push((high * 16 + low) as u8);
    }
    String::from_utf8(bytes).map_err(|_not_utf8| UrlError::BadPercent)
}

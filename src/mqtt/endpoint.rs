//! Where a connection leads.

use std::fmt;
use std::net::SocketAddr;

use crate::mqtt::options::{ConnectOptions, Protocol};

/// A host with its port, or a socket in the file system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// A TCP port.
    Port {
        /// Name or address, without brackets.
        host: Box<str>,
        /// Port number.
        port: u16,
    },
    /// The path of a socket in the file system.
    Socket(Box<str>),
}

impl Endpoint {
    /// The endpoint for a host, as it was typed, and its port.
    pub fn new(host: &str, port: u16) -> Self {
        Self::Port { host: host.trim().into(), port }
    }

    /// The broker that these options name.
    pub(in crate::mqtt) fn of(options: &ConnectOptions) -> Self {
        match options.protocol {
            Protocol::Unix => Self::Socket(options.host.trim().into()),
            _ => Self::new(&options.host, options.port),
        }
    }
}

impl From<SocketAddr> for Endpoint {
    fn from(address: SocketAddr) -> Self {
        let host = match address {
            SocketAddr::V6(v6) if v6.scope_id() != 0 => format!("{}%{}", v6.ip(), v6.scope_id()),
            _ => address.ip().to_string(),
        };
        Self::Port { host: host.into(), port: address.port() }
    }
}

/// Written as `host:port`, with brackets around an IPv6 address, or as the socket's path.
impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Port { host, port } if host.contains(':') => write!(f, "[{host}]:{port}"),
            Self::Port { host, port } => write!(f, "{host}:{port}"),
            Self::Socket(path) => f.write_str(path),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ipv6_address_stands_in_brackets_with_its_zone() {
        assert_eq!(Endpoint::new(" example.org ", 1883).to_string(), "example.org:1883");
        assert_eq!(Endpoint::new("::1", 1883).to_string(), "[::1]:1883");
        let address: SocketAddr = "[fe80::1%2]:1883".parse().unwrap();
        assert_eq!(Endpoint::from(address).to_string(), address.to_string());
    }
}

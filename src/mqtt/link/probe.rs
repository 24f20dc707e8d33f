//! A second look at a port that did not speak MQTT.
//!
//! When a connection fails before CONNACK in a way that has many possible causes, the link connects again and greets
//! the port in HTTP and in TLS. MQTT brokers close such a connection at the first byte; each failed attempt costs them
//! two lines in their log.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, RootCertStore};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;

use crate::mqtt::options::ConnectOptions;
use crate::mqtt::wire::connect_one;

/// How long the TCP connection may take; the attempt before had the profile's whole timeout.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// How long to wait for the first byte of an answer.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(2);

/// What a port turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Finding {
    /// No TCP connection to any of the addresses.
    Unreachable,
    /// It answers HTTP.
    Http,
    /// It answers with a TLS record.
    Tls,
    /// It accepts connections but sends nothing that tells more.
    Open,
}

/// What the first bytes of an answer to CONNECT show, if they are not MQTT.
pub(super) fn recognise(answer: &[u8]) -> Option<Finding> {
    if answer.starts_with(b"HTTP/") {
        Some(Finding::Http)
    } else if is_tls(answer) {
        Some(Finding::Tls)
    } else {
        None
    }
}

/// Connects again and examines the first bytes of the answers.
pub(super) async fn probe(options: &ConnectOptions) -> Finding {
    let Some(answer) = greet(options, b"HEAD / HTTP/1.0\r\n\r\n").await else {
        return Finding::Unreachable;
    };
    if let Some(finding) = recognise(&answer) {
        return finding;
    }
    // OpenSSL silently closes a connection that greets it in HTTP.
    let hello = client_hello().unwrap_or_default();
    greet(options, &hello).await.and_then(|answer| recognise(&answer)).unwrap_or(Finding::Open)
}

/// The first bytes of the answer to a greeting, zeros if there is none; `None` without a connection.
async fn greet(options: &ConnectOptions, greeting: &[u8]) -> Option<[u8; 5]> {
    let mut stream = timeout(CONNECT_TIMEOUT, connect(options)).await.ok()??;
    let mut answer = [0; 5];
    let exchange = async {
        stream.write_all(greeting).await?;
        stream.read_exact(&mut answer).await
    };
    match timeout(ANSWER_TIMEOUT, exchange).await {
        Ok(Ok(_)) => Some(answer),
        _ => Some([0; 5]),
    }
}

/// Connects from the address that the person chose, and so over the same network as before.
async fn connect(options: &ConnectOptions) -> Option<TcpStream> {
    let local = match options.network.bind_address.trim() {
        "" => None,
        text => Some(text.parse::<IpAddr>().ok()?),
    };
    for address in lookup_host((options.host.trim(), options.port)).await.ok()? {
        let is_of_a_kind = local.is_none_or(|local| local.is_ipv4() == address.is_ipv4());
        if is_of_a_kind && let Ok(stream) = connect_one(address, local).await {
            return Some(stream);
        }
    }
    None
}

/// Whether this is a TLS record: alert or handshake, version 3.x (RFC 8446, 5.1).
fn is_tls(answer: &[u8]) -> bool {
    matches!(answer, [0x15 | 0x16, 0x03, ..])
}

/// The first packet of a TLS handshake from a client that trusts nobody and will not finish it.
fn client_hello() -> Option<Vec<u8>> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .ok()?
        .with_root_certificates(RootCertStore::empty())
        .with_no_client_auth();
    let name = ServerName::try_from("localhost").ok()?;
    let mut connection = ClientConnection::new(Arc::new(config), name).ok()?;
    let mut bytes = Vec::new();
    connection.write_tls(&mut bytes).ok()?;
    Some(bytes)
}

#[cfg(test)]
#[cfg(target_os = "linux")] // where every address in 127/8 is this computer's
mod tests {
    use std::io::Write as _;

    use super::*;
    use crate::mqtt::options::NetworkOptions;

    #[test]
    fn it_comes_from_the_chosen_address() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let options = ConnectOptions {
            host: "127.0.0.1".to_owned(),
            port: listener.local_addr().unwrap().port(),
            network: NetworkOptions { bind_address: "127.0.0.9".to_owned(), ..NetworkOptions::default() },
            ..ConnectOptions::default()
        };
        let server = std::thread::Builder::new().name("server".to_owned());
        let server = server.spawn(move || {
            let (mut client, from) = listener.accept().unwrap();
            client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
            from.ip()
        });
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        assert_eq!(runtime.block_on(probe(&options)), Finding::Http);
        assert_eq!(server.unwrap().join().unwrap().to_string(), "127.0.0.9");
    }
}

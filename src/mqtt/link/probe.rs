//! A second look at a port that did not speak MQTT.
//!
//! When a connection fails before CONNACK in a way that has many causes, a link connects again by itself and greets
//! the port in HTTP and in TLS. MQTT brokers close such a connection at the first byte; it costs them two lines in
//! their log per failed attempt.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, RootCertStore};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// How long the TCP connection may take; the attempt before had 10 s.
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
    /// It takes connections and says nothing that tells more.
    Open,
}

/// Connects to the first of the addresses that lets it and looks at the first bytes of its answers.
pub(super) async fn probe(addresses: &[SocketAddr]) -> Finding {
    for &address in addresses {
        let http = greet(address, b"HEAD / HTTP/1.0\r\n\r\n").await;
        match http {
            None => continue,
            Some(answer) if answer == *b"HTTP/" => return Finding::Http,
            Some(answer) if is_tls(answer) => return Finding::Tls,
            Some(_) => {}
        }
        // OpenSSL closes a connection that greets in HTTP without a word.
        let hello = client_hello().unwrap_or_default();
        return match greet(address, &hello).await {
            Some(answer) if is_tls(answer) => Finding::Tls,
            _ => Finding::Open,
        };
    }
    Finding::Unreachable
}

/// The first bytes of the answer to a greeting, zeros if there is none; `None`: no connection.
async fn greet(address: SocketAddr, greeting: &[u8]) -> Option<[u8; 5]> {
    let mut stream = timeout(CONNECT_TIMEOUT, TcpStream::connect(address)).await.ok()?.ok()?;
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

/// A TLS record: alert or handshake, version 3.x (RFC 8446, 5.1).
fn is_tls(answer: [u8; 5]) -> bool {
    matches!(answer, [0x15 | 0x16, 0x03, ..])
}

/// The first packet of a TLS handshake, by a client that trusts nobody and will not finish it.
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

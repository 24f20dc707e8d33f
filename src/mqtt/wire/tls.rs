//! The TLS handshake, and what it showed.

use std::io;
use std::time::{Duration, Instant};

use rustls::pki_types::ServerName;
use tokio::io::AsyncBufReadExt as _;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::mqtt::failure::Failure;
use crate::mqtt::options::{ConnectOptions, Secrets};
use crate::mqtt::step::{Outcome, Report, Step};
use crate::mqtt::tls::{self, Certificate, Setup};
use crate::mqtt::wire::deadline::Deadline;
use crate::mqtt::wire::{Stream, TlsInfo, address, explain};

/// How long to wait for a broker's objection to our certificate, or to its absence. With TLS 1.3 the handshake is over
/// for us before the broker has looked at it; written data would then meet a closed connection, and the system
/// throws the reason away.
const OBJECTION_WITHIN: Duration = Duration::from_millis(200);

/// The step of [`setup`].
pub(super) const SETUP: &str = "Reading certificates and keys";

/// Reads certificates and keys, beside the runtime's thread.
pub(super) async fn setup(
    options: &ConnectOptions,
    secrets: &Secrets,
    deadline: Deadline,
    report: Report<'_>,
) -> Result<Setup, Failure> {
    let what = SETUP;
    let since = Instant::now();
    let (for_thread, secrets) = (options.clone(), secrets.clone());
    let read = tokio::task::spawn_blocking(move || tls::setup(&for_thread, &secrets));
    let result = match deadline.limit(read).await {
        None => Err(Failure::new(what, deadline.words(), "Check the disk that they are on.")),
        Some(Err(error)) => Err(Failure::new(what, error.to_string(), "")),
        Some(Ok(result)) => result,
    };
    match &result {
        Ok(setup) => report(Step { details: setup.details.clone(), ..Step::ok(what, since.elapsed()) }),
        Err(failure) => report(Step::failed(failure, since.elapsed())),
    }
    result
}

/// Encrypts the stream.
pub(super) async fn handshake(
    stream: Box<dyn Stream>,
    setup: &Setup,
    options: &ConnectOptions,
    deadline: Deadline,
    report: Report<'_>,
) -> Result<(Box<dyn Stream>, TlsInfo), Failure> {
    let what = format!("TLS handshake with {}", address(options));
    let since = Instant::now();
    let name = server_name(options);
    let connected = match ServerName::try_from(name.to_owned()) {
        Err(_) => Err(explain::not_a_server_name(&what, name)),
        Ok(server_name) => {
            let connecting = connect(stream, setup, server_name);
            match deadline.limit(connecting).await {
                None => Err(explain::tls_timeout(&what, &deadline.words())),
                Some(result) => {
                    result.map_err(|error| explain::tls(&what, &error, name, &setup.verifier.seen(), setup))
                }
            }
        }
    };
    let seen = setup.verifier.seen();
    match connected {
        Ok(stream) => {
            let info = info(&stream, setup, options.tls.verify, name);
            report(step(what, since.elapsed(), &info));
            Ok((Box::new(stream), info))
        }
        Err(failure) => {
            report(Step { details: chain_lines(&seen.chain), ..Step::failed(&failure, since.elapsed()) });
            Err(failure)
        }
    }
}

/// The name to ask for and to check.
fn server_name(options: &ConnectOptions) -> &str {
    match options.tls.server_name.trim() {
        // A zone is this computer's affair.
        "" => options.host.trim().split('%').next().unwrap_or_default(),
        name => name,
    }
}

async fn connect(
    stream: Box<dyn Stream>,
    setup: &Setup,
    name: ServerName<'static>,
) -> io::Result<TlsStream<Box<dyn Stream>>> {
    let mut stream = TlsConnector::from(setup.config.clone()).connect(name, stream).await?;
    let is_1_3 = stream.get_ref().1.protocol_version() == Some(rustls::ProtocolVersion::TLSv1_3);
    if is_1_3 && setup.identity.was_asked_for() {
        // What comes stays in the buffer; a broker says nothing before CONNECT, unless it objects.
        if let Ok(objection) = tokio::time::timeout(OBJECTION_WITHIN, stream.fill_buf()).await
            && objection?.is_empty()
        {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(stream)
}

fn info(stream: &TlsStream<Box<dyn Stream>>, setup: &Setup, verified: bool, name: &str) -> TlsInfo {
    let connection = stream.get_ref().1;
    let seen = setup.verifier.seen();
    TlsInfo {
        version: match connection.protocol_version() {
            Some(rustls::ProtocolVersion::TLSv1_3) => "TLS 1.3".to_owned(),
            Some(rustls::ProtocolVersion::TLSv1_2) => "TLS 1.2".to_owned(),
            other => format!("{other:?}"),
        },
        cipher: connection
            .negotiated_cipher_suite()
            .and_then(|suite| suite.suite().as_str())
            .unwrap_or("a cipher without a name")
            .to_owned(),
        alpn: connection.alpn_protocol().map(|name| String::from_utf8_lossy(name).into_owned()),
        verified,
        distrust: seen.problem.as_ref().map(|problem| explain::distrust(problem, name, &seen)),
        chain: seen.chain,
        client_certificate_wanted: setup.identity.was_asked_for(),
    }
}

fn step(what: String, took: Duration, info: &TlsInfo) -> Step {
    let mut step = Step::ok(what, took).detail(format!("{}, {}", info.version, info.cipher));
    step.details.extend(info.alpn.iter().map(|name| format!("application protocol {name}")));
    if info.client_certificate_wanted {
        step.details.push("the broker asked for a client certificate".to_owned());
    }
    step.details.extend(chain_lines(&info.chain));
    if !info.verified {
        step.outcome = Outcome::Warning(match &info.distrust {
            Some(problem) => format!("not checked, and {problem}"),
            None => "not checked, but the broker's certificate is in order".to_owned(),
        });
    }
    step
}

/// The chain as lines, each with the certificate's place in it.
fn chain_lines(chain: &[Certificate]) -> Vec<String> {
    let numbered = chain.iter().zip(1..);
    numbered
        .flat_map(|(certificate, number)| {
            certificate.lines().into_iter().map(move |line| format!("certificate {number}: {line}"))
        })
        .collect()
}

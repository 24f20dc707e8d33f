//! The TLS handshake, and what it showed.

use std::io;
use std::time::{Duration, Instant};

use rustls::pki_types::ServerName;
use tokio::io::AsyncBufReadExt as _;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::mqtt::endpoint::Endpoint;
use crate::mqtt::failure::{Failure, Hint, ProgramCause, TlsCause};
use crate::mqtt::options::{ConnectOptions, Secrets};
use crate::mqtt::step::{Detail, Step, StepOutcome, StepReport, TakenStep, Warning};
use crate::mqtt::tls::{self, Certificate, Setup};
use crate::mqtt::wire::deadline::Deadline;
use crate::mqtt::wire::{Stream, TlsInfo, explain};

/// How long to wait for a broker's objection to our certificate or its absence. With TLS 1.3 the handshake is over for
/// us before the broker has examined it. Data written then would meet a closed connection, and the system would discard
/// the reason.
const OBJECTION_WITHIN: Duration = Duration::from_millis(200);

/// Reads certificates and keys on a blocking thread.
pub(super) async fn setup(
    options: &ConnectOptions,
    secrets: &Secrets,
    deadline: Deadline,
    report: StepReport<'_>,
) -> Result<Setup, Failure> {
    let since = Instant::now();
    let (for_thread, secrets) = (options.clone(), secrets.clone());
    let read = tokio::task::spawn_blocking(move || tls::setup(&for_thread, &secrets));
    let result = match deadline.limit(read).await {
        None => Err(Failure::new(Step::Files, deadline.cause(), Hint::CheckDisk)),
        Some(Err(error)) => Err(Failure::new(Step::Files, ProgramCause::System(error.to_string()), None)),
        Some(Ok(result)) => result,
    };
    match &result {
        Ok(setup) => {
            let taken = TakenStep::ok(Step::Files, since.elapsed());
            report(TakenStep { details: setup.details.clone(), ..taken });
        }
        Err(failure) => report(TakenStep::failed(failure, since.elapsed())),
    }
    result
}

/// Encrypts the stream.
pub(super) async fn handshake(
    stream: Box<dyn Stream>,
    setup: &Setup,
    options: &ConnectOptions,
    deadline: Deadline,
    report: StepReport<'_>,
) -> Result<(Box<dyn Stream>, TlsInfo), Failure> {
    let step = Step::TlsHandshake(Endpoint::of(options));
    let since = Instant::now();
    let name = server_name(options);
    let connected = match ServerName::try_from(name.to_owned()) {
        Err(_) => {
            let cause = TlsCause::ServerName(name.to_owned());
            Err(Failure::new(step.clone(), cause, Hint::SetServerName))
        }
        Ok(server_name) => {
            let connecting = connect(stream, setup, server_name);
            match deadline.limit(connecting).await {
                None => Err(Failure::new(step.clone(), deadline.cause(), Hint::PlainMayWait)),
                Some(result) => result
                    .map_err(|error| explain::tls(step.clone(), &error, name, &setup.verifier.seen(), setup)),
            }
        }
    };
    let seen = setup.verifier.seen();
    match connected {
        Ok(stream) => {
            let info = info(&stream, setup, options.tls.verify, name);
            report(taken(step, since.elapsed(), &info));
            Ok((Box::new(stream), info))
        }
        Err(failure) => {
            let taken = TakenStep::failed(&failure, since.elapsed());
            report(TakenStep { details: shown(&seen.chain).collect(), ..taken });
            Err(failure)
        }
    }
}

/// The name to request and check.
fn server_name(options: &ConnectOptions) -> &str {
    match options.tls.server_name.trim() {
        // A zone means something only on this computer.
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
        // Any data stays in the buffer. A broker sends nothing before CONNECT unless it objects.
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
        cipher: connection.negotiated_cipher_suite().map_or_else(String::new, |suite| {
            let suite = suite.suite();
            suite.as_str().map_or_else(|| format!("0x{:04X}", u16::from(suite)), str::to_owned)
        }),
        alpn: connection.alpn_protocol().map(|name| String::from_utf8_lossy(name).into_owned()),
        verified: verified && seen.problem.is_none(),
        distrust: seen.problem.as_ref().map(|problem| explain::distrust(problem, name, &seen)),
        chain: seen.chain,
        client_certificate_wanted: setup.identity.was_asked_for(),
    }
}

fn taken(step: Step, took: Duration, info: &TlsInfo) -> TakenStep {
    let TlsInfo { version, cipher, alpn, .. } = info;
    let encryption = Detail::Encryption { version: version.clone(), cipher: cipher.clone() };
    let mut taken = TakenStep::ok(step, took).detail(encryption);
    taken.details.extend(alpn.clone().map(Detail::Alpn));
    if info.client_certificate_wanted {
        taken.details.push(Detail::ClientCertificateWanted);
    }
    taken.details.extend(shown(&info.chain));
    if !info.verified {
        taken.outcome = StepOutcome::Warning(Warning::Unchecked(info.distrust.clone()));
    }
    taken
}

/// The chain, each certificate with its place in it.
fn shown(chain: &[Certificate]) -> impl Iterator<Item = Detail> {
    let numbered = (1..).zip(chain.iter().cloned());
    numbered.map(|(place, certificate)| Detail::Certificate { place, certificate: Box::new(certificate) })
}

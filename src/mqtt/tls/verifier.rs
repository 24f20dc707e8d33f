//! Checks the broker's certificate as rustls does, and records the chain and any check that failed.
//!
//! It records the same when checking is off, so a person who turned it off still learns whom they trust.

use std::sync::Arc;

use parking_lot::Mutex;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{WebPkiServerVerifier, verify_server_name};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, DigitallySignedStruct, Error, SignatureScheme};

use crate::mqtt::failure::Failure;
use crate::mqtt::options::ConnectOptions;
use crate::mqtt::step::Detail;
use crate::mqtt::tls::certificate::{self, Certificate};
use crate::mqtt::tls::roots::{self, Roots};

/// What a handshake showed.
#[derive(Clone, Debug, Default)]
pub(in crate::mqtt) struct Seen {
    /// The broker's certificate, then the authorities' certificates it sent.
    pub chain: Vec<Certificate>,
    /// The check that failed, or would have failed.
    pub problem: Option<Error>,
}

/// Verifies certificates, or only looks at them.
#[derive(Debug)]
pub(in crate::mqtt) struct Verifier {
    /// `None`: no authority is trusted, which only an unchecked connection allows.
    inner: Option<Arc<WebPkiServerVerifier>>,
    /// Certificates that are trusted directly.
    chosen: Vec<CertificateDer<'static>>,
    schemes: Vec<SignatureScheme>,
    enforce: bool,
    /// Whether a certificate for another name is acceptable.
    any_name: bool,
    seen: Mutex<Seen>,
}

impl Verifier {
    /// Trusts the authorities that the options name. Reads files and adds what it found to `details`.
    pub(super) fn new(
        options: &ConnectOptions,
        provider: &Arc<CryptoProvider>,
        details: &mut Vec<Detail>,
    ) -> Result<Self, Failure> {
        let enforce = options.tls.verify;
        let roots = match roots::roots(options.ca_certificate.as_deref()) {
            Ok(roots) => Some(roots),
            Err(failure) if enforce => return Err(failure),
            Err(_) => None,
        };
        if enforce {
            details.extend(roots.iter().map(|roots| roots.detail.clone()));
        } else {
            details.push(Detail::CheckIsOff);
        }
        let (store, chosen) = match roots {
            Some(Roots { store, chosen, .. }) => (store, chosen),
            None => (rustls::RootCertStore::empty(), Vec::new()),
        };
        Ok(Self {
            // Fails if the store is empty.
            inner: WebPkiServerVerifier::builder_with_provider(store.into(), provider.clone()).build().ok(),
            chosen,
            schemes: provider.signature_verification_algorithms.supported_schemes(),
            enforce,
            any_name: !options.tls.verify_host,
            seen: Mutex::default(),
        })
    }

    /// What the last handshake showed.
    pub(in crate::mqtt) fn seen(&self) -> Seen {
        self.seen.lock().clone()
    }

    fn check(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        now: UnixTime,
    ) -> Result<(), Error> {
        if self.chosen.iter().any(|chosen| chosen == end_entity) {
            return as_it_is(end_entity, server_name, now);
        }
        let unknown = || Error::InvalidCertificate(CertificateError::UnknownIssuer);
        let inner = self.inner.as_ref().ok_or_else(unknown)?;
        inner.verify_server_cert(end_entity, intermediates, server_name, &[], now).map(|_| ())
    }
}

/// Whether the name is the only thing wrong with a certificate: it is checked last.
fn is_of_the_name(error: &Error) -> bool {
    use CertificateError::{NotValidForName, NotValidForNameContext};
    matches!(error, Error::InvalidCertificate(NotValidForName | NotValidForNameContext { .. }))
}

/// Trusts a certificate that a person chose without an issuer, as long as it is valid and for this name.
fn as_it_is(certificate: &CertificateDer<'_>, name: &ServerName<'_>, now: UnixTime) -> Result<(), Error> {
    let invalid = |error| Err(Error::InvalidCertificate(error));
    let Some(read) = Certificate::parse(certificate) else { return invalid(CertificateError::BadEncoding) };
    let seconds = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
    let time =
        |seconds: i64| UnixTime::since_unix_epoch(std::time::Duration::from_secs(seconds.max(0) as u64));
    if seconds > read.not_after {
        return invalid(CertificateError::ExpiredContext { time: now, not_after: time(read.not_after) });
    }
    if seconds < read.not_before {
        return invalid(CertificateError::NotValidYetContext {
            time: now,
            not_before: time(read.not_before),
        });
    }
    verify_server_name(&ParsedCertificate::try_from(certificate)?, name)
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let checked = self.check(end_entity, intermediates, server_name, now);
        let chain =
            std::iter::once(end_entity).chain(intermediates).filter_map(certificate::Certificate::parse);
        *self.seen.lock() = Seen { chain: chain.collect(), problem: checked.clone().err() };
        match checked {
            Err(error) if self.enforce && !(self.any_name && is_of_the_name(&error)) => Err(error),
            _ => Ok(ServerCertVerified::assertion()),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.signature(|inner| inner.verify_tls12_signature(message, cert, dss))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.signature(|inner| inner.verify_tls13_signature(message, cert, dss))
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.schemes.clone()
    }
}

impl Verifier {
    /// Checks that the broker holds the certificate's key. With certificate checks off this is skipped too: the library
    /// cannot check version 1 certificates, which old brokers use.
    fn signature(
        &self,
        check: impl FnOnce(&WebPkiServerVerifier) -> Result<HandshakeSignatureValid, Error>,
    ) -> Result<HandshakeSignatureValid, Error> {
        match &self.inner {
            Some(inner) if self.enforce => check(inner),
            _ if self.enforce => Err(Error::InvalidCertificate(CertificateError::UnknownIssuer)),
            _ => Ok(HandshakeSignatureValid::assertion()),
        }
    }
}

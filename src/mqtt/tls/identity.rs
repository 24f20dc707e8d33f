//! The client's certificate and key.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rustls::SignatureScheme;
use rustls::client::ResolvesClientCert;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;

use crate::mqtt::failure::{Failure, FileCause, Hint};
use crate::mqtt::options::{Secret, TlsOptions};
use crate::mqtt::step::{Detail, Step};
use crate::mqtt::tls::certificate::{self, Certificate};
use crate::mqtt::tls::file::{self, FileItem};
use crate::mqtt::tls::key::{self, UnusableKey};

/// The client certificate for a broker that requests one, and whether it did.
#[derive(Debug)]
pub(in crate::mqtt) struct Identity {
    certified: Option<Arc<CertifiedKey>>,
    asked: AtomicBool,
}

/// Certificates and key found in files.
#[derive(Default)]
pub(super) struct Contents {
    pub certificates: Vec<CertificateDer<'static>>,
    pub key: Option<PrivateKeyDer<'static>>,
}

impl Identity {
    /// Reads the certificate and key that the options name, and adds the certificate to `details`.
    pub(super) fn read(
        options: &TlsOptions,
        passphrase: &Secret,
        provider: &CryptoProvider,
        details: &mut Vec<Detail>,
    ) -> Result<Self, Failure> {
        let certified = certified(options, passphrase, provider)?;
        if let Some(leaf) = certified.as_ref().and_then(|certified| certified.cert.first())
            && let Some(leaf) = Certificate::parse(leaf)
        {
            details.push(Detail::ClientCertificate(Box::new(leaf)));
        }
        Ok(Self { certified: certified.map(Arc::new), asked: AtomicBool::new(false) })
    }

    /// Whether a certificate was chosen.
    pub(in crate::mqtt) fn is_chosen(&self) -> bool {
        self.certified.is_some()
    }

    /// Whether the broker requested a certificate.
    pub(in crate::mqtt) fn was_asked_for(&self) -> bool {
        self.asked.load(Ordering::Relaxed)
    }
}

impl ResolvesClientCert for Identity {
    fn resolve(&self, _issuers: &[&[u8]], _schemes: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.asked.store(true, Ordering::Relaxed);
        // Offered even if the broker will reject it: the broker's error explains why better than we could.
        self.certified.clone()
    }

    /// Always true, to learn whether a broker requests a certificate.
    fn has_certs(&self) -> bool {
        true
    }
}

fn certified(
    options: &TlsOptions,
    passphrase: &Secret,
    provider: &CryptoProvider,
) -> Result<Option<CertifiedKey>, Failure> {
    let TlsOptions { client_certificate, client_key, .. } = options;
    let certificate_file = client_certificate.as_deref().or(client_key.as_deref());
    let Some(certificate_file) = certificate_file else { return Ok(None) };
    let key_file = client_key.as_deref().unwrap_or(certificate_file);

    let certificate_step = || Step::ClientCertificate(certificate_file.to_owned());
    let key_step = || Step::ClientKey(key_file.to_owned());
    let is_one_file = key_file == certificate_file;
    let mut found = read(certificate_file, certificate_step(), passphrase, is_one_file)?;
    if !is_one_file {
        found.key = read(key_file, key_step(), passphrase, true)?.key;
    }
    let Some(first) = found.certificates.first() else {
        return Err(Failure::new(certificate_step(), FileCause::NoCertificate, Hint::CertificateAndKey));
    };
    let Some(spki) = certificate::public_key(first) else {
        let cause = FileCause::InvalidCertificate(None);
        return Err(Failure::new(certificate_step(), cause, Hint::CertificateFormats));
    };
    let Some(key) = found.key else {
        let hint = if client_key.is_some() { Hint::KeyFile } else { Hint::ChooseKey };
        return Err(Failure::new(key_step(), FileCause::NoKey, hint));
    };
    let key = provider.key_provider.load_private_key(key).map_err(|error| {
        Failure::new(key_step(), FileCause::UnusableKey(error.to_string()), Hint::KeyKinds)
    })?;
    if key.public_key().is_some_and(|public| public.as_ref() != spki.as_slice()) {
        let cause = FileCause::OtherKey(certificate_file.to_owned());
        return Err(Failure::new(key_step(), cause, Hint::KeyOfCertificate));
    }
    Ok(Some(CertifiedKey::new(found.certificates, key)))
}

/// Reads a file's contents. Keys are read only if wanted, because a key may need a passphrase.
fn read(path: &Path, step: Step, passphrase: &Secret, wants_key: bool) -> Result<Contents, Failure> {
    match found(path, passphrase, wants_key) {
        Ok(found) => Ok(found),
        Err((cause, hint)) => Err(Failure::new(step, cause, hint)),
    }
}

fn found(path: &Path, passphrase: &Secret, wants_key: bool) -> Result<Contents, UnusableKey> {
    let mut found = Contents::default();
    for item in file::read(path).map_err(|cause| (cause, Hint::FileFormats))? {
        match item {
            FileItem::Certificate(certificate) => found.certificates.push(certificate),
            FileItem::Section(section) if wants_key && found.key.is_none() => {
                found.key = key::of_section(&section, passphrase)?;
            }
            FileItem::Section(_) => {}
            FileItem::Binary(bytes) => {
                let binary = key::of_binary(&bytes, passphrase)?;
                found = Contents { certificates: binary.certificates, key: binary.key.filter(|_| wants_key) };
            }
        }
    }
    Ok(found)
}

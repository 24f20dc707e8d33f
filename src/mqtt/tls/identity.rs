//! The client's certificate and key.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rustls::SignatureScheme;
use rustls::client::ResolvesClientCert;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;

use crate::mqtt::failure::Failure;
use crate::mqtt::options::{Secret, TlsOptions};
use crate::mqtt::tls::certificate::{self, Certificate, moment};
use crate::mqtt::tls::file::{self, Item};
use crate::mqtt::tls::key;

/// Who we say we are, if the broker asks; and whether it did.
#[derive(Debug)]
pub(in crate::mqtt) struct Identity {
    certified: Option<Arc<CertifiedKey>>,
    asked: AtomicBool,
}

/// The certificates and the key that were found in files.
#[derive(Default)]
pub(super) struct Found {
    pub certificates: Vec<CertificateDer<'static>>,
    pub key: Option<PrivateKeyDer<'static>>,
}

impl Identity {
    /// Reads what the options name, and says in `details` what it is.
    pub(super) fn read(
        options: &TlsOptions,
        passphrase: &Secret,
        provider: &CryptoProvider,
        details: &mut Vec<String>,
    ) -> Result<Self, Failure> {
        let certified = certified(options, passphrase, provider)?;
        if let Some(leaf) = certified.as_ref().and_then(|certified| certified.cert.first())
            && let Some(leaf) = Certificate::parse(leaf)
        {
            let Certificate { subject, issuer, not_after, .. } = leaf;
            let until = moment(not_after);
            details.push(format!(
                "client certificate: subject {subject}, issued by {issuer}, valid until {until}"
            ));
        }
        Ok(Self { certified: certified.map(Arc::new), asked: AtomicBool::new(false) })
    }

    /// Whether a certificate was chosen.
    pub(in crate::mqtt) fn is_chosen(&self) -> bool {
        self.certified.is_some()
    }

    /// Whether the broker asked for a certificate.
    pub(in crate::mqtt) fn was_asked_for(&self) -> bool {
        self.asked.load(Ordering::Relaxed)
    }
}

impl ResolvesClientCert for Identity {
    fn resolve(&self, _issuers: &[&[u8]], _schemes: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.asked.store(true, Ordering::Relaxed);
        // Whoever issued it: the broker says better than we could why it does not like it.
        self.certified.clone()
    }

    /// Always, so that it is known whether a broker asks.
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

    let mut found = read(certificate_file, "certificate", passphrase, key_file == certificate_file)?;
    if key_file != certificate_file {
        found.key = read(key_file, "key", passphrase, true)?.key;
    }
    let reading = |what, path: &Path| format!("Reading the client {what} {}", path.display());
    let Some(first) = found.certificates.first() else {
        let why = "there is no certificate in it";
        let help = "Choose the certificate's file as client certificate, and the key's as client key.";
        return Err(Failure::new(reading("certificate", certificate_file), why, help));
    };
    let Some(spki) = certificate::public_key(first) else {
        let why = "a certificate in it is not valid";
        return Err(Failure::new(
            reading("certificate", certificate_file),
            why,
            "Choose a certificate in PEM or DER.",
        ));
    };
    let Some(key) = found.key else {
        let why = "there is no private key in it";
        let help = if client_key.is_some() {
            "Choose the file that begins with -----BEGIN PRIVATE KEY----- or is called .key."
        } else {
            "Choose the key's file as client key."
        };
        return Err(Failure::new(reading("key", key_file), why, help));
    };
    let key = provider.key_provider.load_private_key(key).map_err(|error| {
        let help = "RSA keys of 2,048 to 8,192 bits, EC keys of P-256 or P-384 and Ed25519 keys work here.";
        Failure::new(reading("key", key_file), format!("the key cannot be used: {error}"), help)
    })?;
    if key.public_key().is_some_and(|public| public.as_ref() != spki.as_slice()) {
        return Err(Failure::new(
            reading("key", key_file),
            format!("the key does not belong to the certificate {}", certificate_file.display()),
            "Choose the key with which the certificate was requested.",
        ));
    }
    Ok(Some(CertifiedKey::new(found.certificates, key)))
}

/// What is in the file; keys only if one is wanted, because opening one may need a passphrase.
fn read(path: &Path, what: &str, passphrase: &Secret, wants_key: bool) -> Result<Found, Failure> {
    let failure = |(why, help): (String, String)| {
        Failure::new(format!("Reading the client {what} {}", path.display()), why, help)
    };
    let plain = |why| (why, "Choose a file in PEM, DER or PKCS#12.".to_owned());
    let mut found = Found::default();
    for item in file::read(path).map_err(|why| failure(plain(why)))? {
        match item {
            Item::Certificate(certificate) => found.certificates.push(certificate),
            Item::Section(section) if wants_key && found.key.is_none() => {
                found.key = key::of_section(&section, path, passphrase).map_err(failure)?;
            }
            Item::Section(_) => {}
            Item::Binary(bytes) => {
                let binary = key::of_binary(&bytes, path, passphrase).map_err(failure)?;
                found = Found { certificates: binary.certificates, key: binary.key.filter(|_| wants_key) };
            }
        }
    }
    Ok(found)
}

//! The TLS side of a connection: the trusted authorities, the client certificate, and what the broker showed.
//!
//! [`setup`] reads the files and builds the configuration for rustls. It avoids a client crate's default, which panics
//! at the first certificate in the system's store that does not parse. Every problem with a file is found before
//! anything is sent.

mod certificate;
mod file;
mod identity;
mod key;
mod old_pem;
mod roots;
mod verifier;

use std::sync::Arc;
use std::sync::Once;

use rustls::crypto::CryptoProvider;
use rustls::{ClientConfig, KeyLogFile, SupportedProtocolVersion};

pub use crate::mqtt::tls::certificate::{Certificate, PublicKeyKind};
pub(super) use crate::mqtt::tls::identity::Identity;
pub(super) use crate::mqtt::tls::verifier::Seen;

use crate::mqtt::failure::{Failure, FileCause};
use crate::mqtt::options::{ConnectOptions, Secrets, TlsVersions};
use crate::mqtt::step::{Detail, Step};
use crate::mqtt::tls::verifier::Verifier;

static WARN_OF_KEY_LOG: Once = Once::new();

/// What a TLS handshake needs, and where it records what it saw.
pub(super) struct Setup {
    /// The configuration for rustls.
    pub config: Arc<ClientConfig>,
    /// The verifier used by `config`.
    pub verifier: Arc<Verifier>,
    /// The client certificate used by `config`.
    pub identity: Arc<Identity>,
    /// What was read, for the doctor.
    pub details: Vec<Detail>,
}

/// Reads the certificates and keys that the options name and builds a configuration. Blocks: it reads files, and
/// deriving a key from a passphrase is deliberately slow.
pub(super) fn setup(options: &ConnectOptions, secrets: &Secrets) -> Result<Setup, Failure> {
    let provider = provider();
    let mut details = Vec::new();
    let verifier = Arc::new(Verifier::new(options, &provider, &mut details)?);
    let identity = Arc::new(Identity::read(&options.tls, &secrets.key_passphrase, &provider, &mut details)?);
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(versions(options.tls.versions))
        .map_err(|error| Failure::new(Step::TlsOptions, FileCause::Refused(error.to_string()), None))?
        .dangerous() // The verifier performs rustls' own checks and records what it saw.
        .with_custom_certificate_verifier(verifier.clone())
        .with_client_cert_resolver(identity.clone());
    config.alpn_protocols = options.tls.alpn.iter().map(|name| name.as_bytes().to_vec()).collect();
    if std::env::var_os("SSLKEYLOGFILE").is_some_and(|path| !path.is_empty()) {
        config.key_log = Arc::new(KeyLogFile::new());
        WARN_OF_KEY_LOG.call_once(|| {
            log::warn!("SSLKEYLOGFILE is set: the keys of TLS connections are written to that file, and who reads it can read the connections");
        });
        details.push(Detail::KeyLog);
    }
    Ok(Setup { config: Arc::new(config), verifier, identity, details })
}

/// The cryptography provider: ring, also installed as the process default so that no part of the program uses another.
pub(super) fn provider() -> Arc<CryptoProvider> {
    if let Some(installed) = CryptoProvider::get_default() {
        return installed.clone();
    }
    // Fails if another thread was faster, which installed the same provider.
    rustls::crypto::ring::default_provider().install_default().ok();
    CryptoProvider::get_default()
        .cloned()
        .unwrap_or_else(|| Arc::new(rustls::crypto::ring::default_provider()))
}

fn versions(chosen: TlsVersions) -> &'static [&'static SupportedProtocolVersion] {
    static ONLY_1_2: [&SupportedProtocolVersion; 1] = [&rustls::version::TLS12];
    static ONLY_1_3: [&SupportedProtocolVersion; 1] = [&rustls::version::TLS13];
    match chosen {
        TlsVersions::Any => rustls::ALL_VERSIONS,
        TlsVersions::Only1_2 => &ONLY_1_2,
        TlsVersions::Only1_3 => &ONLY_1_3,
    }
}

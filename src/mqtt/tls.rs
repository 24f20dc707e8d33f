//! The TLS side of a link: which authorities are trusted. Verification is always on.
//!
//! The configuration is built here and not by the client crate, whose default one panics at the first certificate
//! of the system's store that does not parse.

use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

use crate::mqtt::failure::Failure;

/// Trusts the authorities in the PEM file `ca`, or the system's where none is given. Reads files.
pub fn configuration(ca: Option<&Path>) -> Result<Arc<ClientConfig>, Failure> {
    let roots = match ca {
        Some(path) => roots_of_file(path)?,
        None => roots_of_system()?,
    };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Failure::new("TLS setup", error.to_string(), ""))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

fn roots_of_file(path: &Path) -> Result<RootCertStore, Failure> {
    let failure = |why: String| {
        Failure::new(
            format!("Reading the CA certificate {}", path.display()),
            why,
            "Choose a PEM file: text that begins with -----BEGIN CERTIFICATE-----.",
        )
    };
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(path).map_err(|error| failure(error.to_string()))? {
        let certificate = certificate.map_err(|error| failure(error.to_string()))?;
        roots
            .add(certificate)
            .map_err(|error| failure(format!("a certificate in it is not valid: {error}")))?;
    }
    if roots.is_empty() { Err(failure("there is no certificate in it".to_owned())) } else { Ok(roots) }
}

fn roots_of_system() -> Result<RootCertStore, Failure> {
    let found = rustls_native_certs::load_native_certs();
    let mut roots = RootCertStore::empty();
    let (added, ignored) = roots.add_parsable_certificates(found.certs);
    log::debug!(
        "system certificates: {added} trusted, {ignored} not parsable, {} errors",
        found.errors.len()
    );
    if roots.is_empty() {
        let why = match found.errors.first() {
            Some(error) => format!("no certificate authority of the system could be read: {error}"),
            None => "the system has no certificate authorities".to_owned(),
        };
        return Err(Failure::new(
            "TLS setup",
            why,
            "Install the system's CA certificates (Debian: ca-certificates), or choose the broker's CA certificate.",
        ));
    }
    Ok(roots)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn file(text: &str) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        file
    }

    #[test]
    fn a_file_without_a_certificate_is_refused_by_name() {
        let file = file("hello");
        let failure = configuration(Some(file.path())).unwrap_err();
        assert!(failure.what.contains(&file.path().display().to_string()), "{failure}");
        assert_eq!(failure.why, "there is no certificate in it");
    }

    #[test]
    fn a_missing_file_is_refused_by_name() {
        let failure = configuration(Some(Path::new("no/such/ca.pem"))).unwrap_err();
        assert!(failure.what.contains("no/such/ca.pem"), "{failure}");
    }

    #[test]
    fn a_certificate_that_does_not_parse_is_an_error_and_no_panic() {
        let file = file("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        let failure = configuration(Some(file.path())).unwrap_err();
        assert!(failure.why.contains("not valid"), "{failure}");
    }

    #[test]
    fn an_authority_of_our_own_is_trusted() {
        let key = rcgen::KeyPair::generate().unwrap();
        let ca =
            rcgen::CertificateParams::new(vec!["ca.test".to_owned()]).unwrap().self_signed(&key).unwrap();
        assert!(configuration(Some(file(&ca.pem()).path())).is_ok());
    }
}

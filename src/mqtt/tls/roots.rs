//! Which certificate authorities are trusted.

use std::path::Path;

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;

use crate::mqtt::failure::Failure;
use crate::mqtt::tls::file::{self, Item};

/// The authorities, and how to speak of them.
pub(super) struct Roots {
    pub store: RootCertStore,
    /// The certificates of a file of one's own: a broker that shows exactly one of these is trusted too.
    pub chosen: Vec<CertificateDer<'static>>,
    /// `137 certificate authorities of the system`
    pub words: String,
}

/// The authorities in `file`, PEM or DER, or the system's where none is given. Reads files.
pub(super) fn roots(file: Option<&Path>) -> Result<Roots, Failure> {
    match file {
        Some(path) => of_file(path),
        None => of_system(),
    }
}

fn of_file(path: &Path) -> Result<Roots, Failure> {
    let failure = |why: String| {
        Failure::new(
            format!("Reading the CA certificate {}", path.display()),
            why,
            "Choose a PEM file, text that begins with -----BEGIN CERTIFICATE-----, or a certificate in DER.",
        )
    };
    let mut store = RootCertStore::empty();
    let mut chosen = Vec::new();
    for item in file::read(path).map_err(failure)? {
        let Item::Certificate(certificate) = item else { continue };
        store
            .add(certificate.clone())
            .map_err(|error| failure(format!("a certificate in it is not valid: {error}")))?;
        chosen.push(certificate);
    }
    if chosen.is_empty() {
        return Err(failure("there is no certificate in it".to_owned()));
    }
    let words = format!("{} trusted of {}", count(chosen.len()), path.display());
    Ok(Roots { store, chosen, words })
}

fn of_system() -> Result<Roots, Failure> {
    let found = rustls_native_certs::load_native_certs();
    let mut store = RootCertStore::empty();
    let (added, ignored) = store.add_parsable_certificates(found.certs);
    log::debug!(
        "system certificates: {added} trusted, {ignored} not parsable, {} errors",
        found.errors.len()
    );
    if store.is_empty() {
        let why = match found.errors.first() {
            Some(error) => format!("no certificate authority of the system could be read: {error}"),
            None => "the system has no certificate authorities".to_owned(),
        };
        return Err(Failure::new(
            "Reading the system's CA certificates",
            why,
            "Install the system's CA certificates (Debian: ca-certificates), or choose the broker's CA certificate.",
        ));
    }
    let words = match ignored {
        0 => format!("{} of the system trusted", count(added)),
        _ => format!("{} of the system trusted, {ignored} not readable", count(added)),
    };
    Ok(Roots { store, chosen: Vec::new(), words })
}

fn count(certificates: usize) -> String {
    if certificates == 1 { "1 CA certificate".to_owned() } else { format!("{certificates} CA certificates") }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn file(bytes: impl AsRef<[u8]>) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(bytes.as_ref()).unwrap();
        file
    }

    fn authority() -> rcgen::Certificate {
        let key = rcgen::KeyPair::generate().unwrap();
        rcgen::CertificateParams::new(vec!["ca.test".to_owned()]).unwrap().self_signed(&key).unwrap()
    }

    fn failure(path: &Path) -> Failure {
        roots(Some(path)).err().unwrap()
    }

    #[test]
    fn a_file_without_a_certificate_is_refused_by_name() {
        let file = file("hello");
        let failure = failure(file.path());
        assert!(failure.what.contains(&file.path().display().to_string()), "{failure}");
        assert_eq!(failure.why, "there is no certificate in it");
    }

    #[test]
    fn a_missing_or_empty_file_is_refused_by_name() {
        let missing = failure(Path::new("no/such/ca.pem"));
        assert_eq!(missing.to_string(), "Reading the CA certificate no/such/ca.pem: there is no such file");
        assert_eq!(failure(file("").path()).why, "it is empty");
        assert_eq!(failure(tempfile::tempdir().unwrap().path()).why, "it is a folder");
    }

    #[test]
    fn a_certificate_that_does_not_parse_is_an_error_and_no_panic() {
        let file = file("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        let failure = failure(file.path());
        assert!(failure.why.contains("not valid"), "{failure}");
    }

    #[test]
    fn authorities_of_ones_own_are_trusted_in_pem_and_in_der() {
        let (first, second) = (authority(), authority());
        let both = roots(Some(file(format!("# two\n{}{}", first.pem(), second.pem())).path())).ok().unwrap();
        assert_eq!(both.store.len(), 2);
        assert!(both.words.starts_with("2 CA certificates trusted"), "{}", both.words);
        assert_eq!(roots(Some(file(first.der()).path())).ok().unwrap().store.len(), 1);
    }
}

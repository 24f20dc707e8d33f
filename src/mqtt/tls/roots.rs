//! The trusted certificate authorities.

use std::path::Path;

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;

use crate::mqtt::failure::{Failure, FileCause, Hint};
use crate::mqtt::step::{Detail, Step};
use crate::mqtt::tls::file::{self, FileItem};

/// The trusted authorities.
pub(super) struct Roots {
    pub store: RootCertStore,
    /// Certificates from a file that a person chose. A broker that shows exactly one of these is trusted too.
    pub chosen: Vec<CertificateDer<'static>>,
    /// How many authorities there are and where they come from.
    pub detail: Detail,
}

/// The authorities in `file`, PEM or DER, or the system's if no file is given. Reads files.
pub(super) fn roots(file: Option<&Path>) -> Result<Roots, Failure> {
    match file {
        Some(path) if path.is_dir() => of_folder(path),
        Some(path) => of_file(path),
        None => of_system(),
    }
}

fn of_file(path: &Path) -> Result<Roots, Failure> {
    let failure =
        |cause: FileCause| Failure::new(Step::CaCertificate(path.to_owned()), cause, Hint::CaFormats);
    let mut store = RootCertStore::empty();
    let mut chosen = Vec::new();
    for item in file::read(path).map_err(failure)? {
        let FileItem::Certificate(certificate) = item else { continue };
        store
            .add(certificate.clone())
            .map_err(|error| failure(FileCause::InvalidCertificate(Some(error.to_string()))))?;
        chosen.push(certificate);
    }
    if chosen.is_empty() {
        return Err(failure(FileCause::NoCertificate));
    }
    let detail = Detail::AuthoritiesOfFile { count: chosen.len(), path: path.to_owned() };
    Ok(Roots { store, chosen, detail })
}

/// All certificates in a folder prepared by OpenSSL's tools; other files are ignored.
fn of_folder(path: &Path) -> Result<Roots, Failure> {
    let failure =
        |cause: FileCause| Failure::new(Step::CaCertificate(path.to_owned()), cause, Hint::CaFormats);
    let entries =
        std::fs::read_dir(path).map_err(|error| failure(FileCause::Unreadable(error.to_string())))?;
    let mut store = RootCertStore::empty();
    let mut chosen: Vec<CertificateDer<'static>> = Vec::new();
    for entry in entries.flatten().map(|entry| entry.path()).filter(|entry| entry.is_file()) {
        for item in file::read(&entry).unwrap_or_default() {
            let FileItem::Certificate(certificate) = item else { continue };
            // The links made by c_rehash name each file a second time.
            if !chosen.contains(&certificate) && store.add(certificate.clone()).is_ok() {
                chosen.push(certificate);
            }
        }
    }
    if chosen.is_empty() {
        return Err(failure(FileCause::Folder));
    }
    let detail = Detail::AuthoritiesOfFile { count: chosen.len(), path: path.to_owned() };
    Ok(Roots { store, chosen, detail })
}

fn of_system() -> Result<Roots, Failure> {
    let found = rustls_native_certs::load_native_certs();
    let mut store = RootCertStore::empty();
    let (count, unreadable) = store.add_parsable_certificates(found.certs);
    log::debug!(
        "system certificates: {count} trusted, {unreadable} not parsable, {} errors",
        found.errors.len()
    );
    if store.is_empty() {
        let cause = FileCause::NoAuthorities(found.errors.first().map(ToString::to_string));
        return Err(Failure::new(Step::SystemCertificates, cause, Hint::InstallAuthorities));
    }
    let detail = Detail::AuthoritiesOfSystem { count, unreadable };
    Ok(Roots { store, chosen: Vec::new(), detail })
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;
    use crate::mqtt::failure::Cause;

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
        assert_eq!(failure.step, Step::CaCertificate(file.path().to_owned()));
        assert_eq!(failure.cause, FileCause::NoCertificate.into());
    }

    #[test]
    fn the_authorities_in_the_files_of_a_folder_are_trusted() {
        let folder = tempfile::tempdir().unwrap();
        let first = authority();
        std::fs::write(folder.path().join("a.pem"), first.pem()).unwrap();
        std::fs::write(folder.path().join("a-again.pem"), first.pem()).unwrap();
        std::fs::write(folder.path().join("b.der"), authority().der()).unwrap();
        std::fs::write(folder.path().join("README"), "no certificate").unwrap();
        assert_eq!(roots(Some(folder.path())).ok().unwrap().store.len(), 2);
    }

    #[test]
    fn a_missing_or_empty_file_is_refused_by_name() {
        let missing = failure(Path::new("no/such/ca.pem"));
        assert_eq!(missing.step, Step::CaCertificate("no/such/ca.pem".into()));
        assert_eq!(missing.cause, FileCause::Missing.into());
        assert_eq!(failure(file("").path()).cause, FileCause::Empty.into());
        assert_eq!(failure(tempfile::tempdir().unwrap().path()).cause, FileCause::Folder.into());
    }

    #[test]
    fn a_certificate_that_does_not_parse_is_an_error_and_no_panic() {
        let file = file("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        let failure = failure(file.path());
        assert!(matches!(&failure.cause, Cause::File(FileCause::InvalidCertificate(Some(_)))), "{failure:?}");
    }

    #[test]
    fn authorities_of_ones_own_are_trusted_in_pem_and_in_der() {
        let (first, second) = (authority(), authority());
        let both = roots(Some(file(format!("# two\n{}{}", first.pem(), second.pem())).path())).ok().unwrap();
        assert_eq!(both.store.len(), 2);
        assert!(matches!(both.detail, Detail::AuthoritiesOfFile { count: 2, .. }), "{:?}", both.detail);
        assert_eq!(roots(Some(file(first.der()).path())).ok().unwrap().store.len(), 1);
    }
}

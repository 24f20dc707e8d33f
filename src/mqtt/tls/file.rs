//! Certificate and key files in every common format.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use rustls::pki_types::CertificateDer;
use x509_parser::prelude::{FromDer as _, X509Certificate};

use crate::mqtt::failure::FileCause;

/// Larger than any certificate file; anything larger was chosen by mistake.
const FILE_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// One item in a file: a PEM section, or the whole of a binary file.
pub(super) enum FileItem {
    /// Probably a certificate; this is not yet checked.
    Certificate(CertificateDer<'static>),
    /// A PEM section of another kind.
    Section(pem::Pem),
    /// A binary file that is not a certificate.
    Binary(Vec<u8>),
}

/// Reads everything in the file, in order. PEM is recognised by its first line, which other text may precede.
pub(super) fn read(path: &Path) -> Result<Vec<FileItem>, FileCause> {
    let bytes = read_bytes(path)?;
    if memchr::memmem::find(&bytes, b"-----BEGIN ").is_none() {
        return Ok(if is_certificate(&bytes) {
            vec![FileItem::Certificate(CertificateDer::from(bytes))]
        } else {
            vec![FileItem::Binary(bytes)]
        });
    }
    let sections = pem::parse_many(&bytes).map_err(|error| FileCause::DamagedPem(error.to_string()))?;
    Ok(sections.into_iter().map(of_section).collect())
}

fn of_section(section: pem::Pem) -> FileItem {
    match section.tag() {
        // The second name dates from the nineties; some tools still write it.
        "CERTIFICATE" | "X509 CERTIFICATE" => {
            FileItem::Certificate(CertificateDer::from(section.into_contents()))
        }
        _ => FileItem::Section(section),
    }
}

fn is_certificate(bytes: &[u8]) -> bool {
    X509Certificate::from_der(bytes).is_ok()
}

fn read_bytes(path: &Path) -> Result<Vec<u8>, FileCause> {
    // On Windows, opening a folder already fails, with an error that looks like missing permissions.
    if path.is_dir() {
        return Err(FileCause::Folder);
    }
    let file = File::open(path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    file.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    match bytes.len() as u64 {
        0 => Err(FileCause::Empty),
        size if size > FILE_BYTES_MAX => Err(FileCause::TooLarge { bytes_max: FILE_BYTES_MAX }),
        _ => Ok(bytes),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it is passed to `map_err`")]
fn unreadable(error: io::Error) -> FileCause {
    match error.kind() {
        io::ErrorKind::NotFound => FileCause::Missing,
        io::ErrorKind::PermissionDenied => FileCause::NotPermitted,
        io::ErrorKind::IsADirectory => FileCause::Folder,
        _ => FileCause::Unreadable(error.to_string()),
    }
}

//! Files of certificates and keys, whatever they are written in.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use rustls::pki_types::CertificateDer;
use x509_parser::prelude::{FromDer as _, X509Certificate};

/// More than any file of certificates; what is larger was chosen by mistake.
const FILE_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// One thing in a file: a section of PEM, or the whole of a binary file.
pub(super) enum Item {
    /// A certificate. Whether it is one is not yet checked.
    Certificate(CertificateDer<'static>),
    /// A section of PEM that is something else.
    Section(pem::Pem),
    /// A binary file that is no certificate.
    Binary(Vec<u8>),
}

/// Everything in the file, in order. PEM is recognised by its first line, which other text may precede.
pub(super) fn read(path: &Path) -> Result<Vec<Item>, String> {
    let bytes = read_bytes(path)?;
    if memchr::memmem::find(&bytes, b"-----BEGIN ").is_none() {
        return Ok(if is_certificate(&bytes) {
            vec![Item::Certificate(CertificateDer::from(bytes))]
        } else {
            vec![Item::Binary(bytes)]
        });
    }
    let sections = pem::parse_many(&bytes).map_err(|error| format!("it is damaged PEM: {error}"))?;
    Ok(sections.into_iter().map(of_section).collect())
}

fn of_section(section: pem::Pem) -> Item {
    match section.tag() {
        // The second is the name of the nineties, which some tools still write.
        "CERTIFICATE" | "X509 CERTIFICATE" => {
            Item::Certificate(CertificateDer::from(section.into_contents()))
        }
        _ => Item::Section(section),
    }
}

fn is_certificate(bytes: &[u8]) -> bool {
    X509Certificate::from_der(bytes).is_ok()
}

fn read_bytes(path: &Path) -> Result<Vec<u8>, String> {
    let words = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
        std::io::ErrorKind::PermissionDenied => "the system does not permit reading it".to_owned(),
        std::io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        _ => error.to_string(),
    };
    let file = File::open(path).map_err(words)?;
    let mut bytes = Vec::new();
    file.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(words)?;
    match bytes.len() as u64 {
        0 => Err("it is empty".to_owned()),
        size if size > FILE_BYTES_MAX => Err("it is larger than 64 MiB".to_owned()),
        _ => Ok(bytes),
    }
}

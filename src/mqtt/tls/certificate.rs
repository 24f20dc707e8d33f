//! The contents of a certificate (RFC 5280).

use std::net::IpAddr;

use rustls::pki_types::CertificateDer;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::{FromDer as _, X509Certificate};
use x509_parser::public_key::PublicKey;

/// How much of each text in a certificate is kept, in characters.
const TEXT_CHARS_MAX: usize = 256;

/// What a certificate says about itself. Control characters are replaced; a text that was cut ends in `…`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// The certificate's subject: `CN=example.org, O=Example`; may be empty.
    pub subject: String,
    /// The host names and addresses that the certificate covers (RFC 5280, 4.2.1.6).
    pub names: Vec<String>,
    /// The certificate's issuer; may be empty.
    pub issuer: String,
    /// Valid from, in seconds since 1970.
    pub not_before: i64,
    /// Valid until, in seconds since 1970.
    pub not_after: i64,
    /// The kind of its public key.
    pub key: PublicKeyKind,
    /// Whether the issuer is also the subject.
    pub self_signed: bool,
}

impl Certificate {
    /// Parses a certificate; `None` if the bytes are not one.
    pub(super) fn parse(der: &CertificateDer<'_>) -> Option<Self> {
        let (_, certificate) = X509Certificate::from_der(der).ok()?;
        let names = match certificate.subject_alternative_name() {
            Ok(Some(extension)) => extension.value.general_names.iter().filter_map(name).collect(),
            _ => Vec::new(),
        };
        let validity = certificate.validity();
        Some(Self {
            subject: clean(&certificate.subject().to_string()),
            names,
            issuer: clean(&certificate.issuer().to_string()),
            not_before: validity.not_before.timestamp(),
            not_after: validity.not_after.timestamp(),
            key: key(&certificate),
            self_signed: certificate.subject().as_raw() == certificate.issuer().as_raw(),
        })
    }
}

/// The kinds of public keys that are distinguished.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PublicKeyKind {
    /// RSA with a modulus of this size.
    Rsa {
        /// Size of the modulus.
        bits: usize,
    },
    /// An elliptic curve key of this size.
    Ec {
        /// Size of the curve.
        bits: usize,
    },
    /// DSA.
    Dsa,
    /// Ed25519.
    Ed25519,
    /// Another kind, by its object identifier.
    Other(String),
}

/// The public key as encoded in a certificate (SubjectPublicKeyInfo).
pub(super) fn public_key(der: &CertificateDer<'_>) -> Option<Vec<u8>> {
    let (_, certificate) = X509Certificate::from_der(der).ok()?;
    Some(certificate.public_key().raw.to_vec())
}

fn name(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::DNSName(name) | GeneralName::URI(name) => Some(clean(name)),
        GeneralName::IPAddress(bytes) => address(bytes).map(|address| address.to_string()),
        _ => None,
    }
}

fn address(bytes: &[u8]) -> Option<IpAddr> {
    if let Ok(four) = <[u8; 4]>::try_from(bytes) {
        return Some(four.into());
    }
    <[u8; 16]>::try_from(bytes).ok().map(IpAddr::from)
}

fn key(certificate: &X509Certificate<'_>) -> PublicKeyKind {
    match certificate.public_key().parsed() {
        Ok(PublicKey::RSA(key)) => PublicKeyKind::Rsa { bits: key.key_size() },
        Ok(PublicKey::EC(point)) => PublicKeyKind::Ec { bits: point.key_size() },
        Ok(PublicKey::DSA(_)) => PublicKeyKind::Dsa,
        _ if certificate.public_key().algorithm.algorithm.to_id_string() == "1.3.101.112" => {
            PublicKeyKind::Ed25519
        }
        _ => PublicKeyKind::Other(certificate.public_key().algorithm.algorithm.to_string()),
    }
}

/// Removes control characters and limits the length.
fn clean(text: &str) -> String {
    let mut clean: String = text
        .chars()
        .take(TEXT_CHARS_MAX)
        .map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c })
        .collect();
    if text.chars().nth(TEXT_CHARS_MAX).is_some() {
        clean.push('…');
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_is_read() {
        let key = rcgen::KeyPair::generate().unwrap();
        let names = vec!["a.test".to_owned(), "192.0.2.1".to_owned(), "2001:db8::1".to_owned()];
        let mut params = rcgen::CertificateParams::new(names.clone()).unwrap();
        params.distinguished_name.push(rcgen::DnType::CommonName, "bell\u{7}");
        params.not_after = rcgen::date_time_ymd(2031, 2, 3);
        let certificate = Certificate::parse(params.self_signed(&key).unwrap().der()).unwrap();
        assert_eq!(certificate.names, names);
        assert!(certificate.self_signed);
        assert_eq!(certificate.key, PublicKeyKind::Ec { bits: 256 });
        assert!(!certificate.subject.contains('\u{7}'), "{certificate:?}");
        assert_eq!(certificate.not_after, 1_927_843_200);
    }

    #[test]
    fn what_is_no_certificate_is_none() {
        assert_eq!(Certificate::parse(&CertificateDer::from(b"0\x03\x02\x01\x01".to_vec())), None);
    }

    #[test]
    fn a_long_text_is_cut_and_it_shows() {
        assert!(clean(&"x".repeat(300)).ends_with("x…"));
    }
}

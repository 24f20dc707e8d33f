//! A certificate as a person reads it (RFC 5280).

use std::net::IpAddr;

use rustls::pki_types::CertificateDer;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::{FromDer as _, X509Certificate};
use x509_parser::public_key::PublicKey;

/// How much of a text from a certificate is kept, in characters.
const TEXT_CHARS_MAX: usize = 256;
/// How many of its names are written out.
const NAMES_SHOWN_MAX: usize = 12;

/// What a certificate says of itself. Control characters are replaced, endless texts cut, which ends in `…`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// Whose it is: `CN=example.org, O=Example`.
    pub subject: String,
    /// The host names and addresses it is for (RFC 5280, 4.2.1.6).
    pub names: Vec<String>,
    /// Who issued it.
    pub issuer: String,
    /// Valid from, in seconds since 1970.
    pub not_before: i64,
    /// Valid until, in seconds since 1970.
    pub not_after: i64,
    /// `RSA 2048 bits`, `EC 256 bits`
    pub key: String,
    /// It was issued by its own subject.
    pub self_signed: bool,
}

impl Certificate {
    /// Reads one; `None` if it is none.
    pub(super) fn parse(der: &CertificateDer<'_>) -> Option<Self> {
        let (_, certificate) = X509Certificate::from_der(der).ok()?;
        let names = match certificate.subject_alternative_name() {
            Ok(Some(extension)) => extension.value.general_names.iter().filter_map(name).collect(),
            _ => Vec::new(),
        };
        let validity = certificate.validity();
        Some(Self {
            subject: distinguished(&certificate.subject().to_string()),
            names,
            issuer: distinguished(&certificate.issuer().to_string()),
            not_before: validity.not_before.timestamp(),
            not_after: validity.not_after.timestamp(),
            key: key(&certificate),
            self_signed: certificate.subject().as_raw() == certificate.issuer().as_raw(),
        })
    }

    /// The names, `a.test, b.test and 3 more`; empty if there are none.
    pub fn names_in_words(&self) -> String {
        let shown =
            self.names.iter().take(NAMES_SHOWN_MAX).map(String::as_str).collect::<Vec<_>>().join(", ");
        match self.names.len().saturating_sub(NAMES_SHOWN_MAX) {
            0 => shown,
            more => format!("{shown} and {more} more"),
        }
    }

    /// Lines for the doctor, without a number of its place in the chain.
    pub fn lines(&self) -> Vec<String> {
        let names = self.names_in_words();
        vec![
            format!("subject {}", self.subject),
            if names.is_empty() { "for no host name or address".to_owned() } else { format!("for {names}") },
            if self.self_signed {
                "issued by itself (self-signed)".to_owned()
            } else {
                format!("issued by {}", self.issuer)
            },
            format!("valid from {} until {}", moment(self.not_before), moment(self.not_after)),
            format!("key {}", self.key),
        ]
    }
}

/// Seconds since 1970 as `2026-11-25 08:30 UTC`.
pub(in crate::mqtt) fn moment(seconds: i64) -> String {
    match jiff::Timestamp::from_second(seconds) {
        Ok(time) => time.strftime("%Y-%m-%d %H:%M UTC").to_string(),
        Err(_) => "a time out of range".to_owned(),
    }
}

/// The public key of a certificate as it stands in it (SubjectPublicKeyInfo).
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

fn key(certificate: &X509Certificate<'_>) -> String {
    match certificate.public_key().parsed() {
        Ok(PublicKey::RSA(key)) => format!("RSA {} bits", key.key_size()),
        Ok(PublicKey::EC(point)) => format!("EC {} bits", point.key_size()),
        Ok(PublicKey::DSA(_)) => "DSA".to_owned(),
        _ if certificate.public_key().algorithm.algorithm.to_id_string() == "1.3.101.112" => {
            "Ed25519".to_owned()
        }
        _ => format!("of the kind {}", certificate.public_key().algorithm.algorithm),
    }
}

fn distinguished(name: &str) -> String {
    if name.is_empty() { "(empty)".to_owned() } else { clean(name) }
}

/// Without control characters, and not without end.
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
    fn a_certificate_is_read_in_words() {
        let key = rcgen::KeyPair::generate().unwrap();
        let names = vec!["a.test".to_owned(), "192.0.2.1".to_owned(), "2001:db8::1".to_owned()];
        let mut params = rcgen::CertificateParams::new(names.clone()).unwrap();
        params.distinguished_name.push(rcgen::DnType::CommonName, "bell\u{7}");
        params.not_after = rcgen::date_time_ymd(2031, 2, 3);
        let certificate = Certificate::parse(params.self_signed(&key).unwrap().der()).unwrap();
        assert_eq!(certificate.names, names);
        assert!(certificate.self_signed);
        assert_eq!(certificate.key, "EC 256 bits");
        assert!(!certificate.subject.contains('\u{7}'), "{certificate:?}");
        assert_eq!(moment(certificate.not_after), "2031-02-03 00:00 UTC");
    }

    #[test]
    fn what_is_no_certificate_is_none() {
        assert_eq!(Certificate::parse(&CertificateDer::from(b"0\x03\x02\x01\x01".to_vec())), None);
    }

    #[test]
    fn long_texts_and_many_names_are_cut_and_it_shows() {
        assert!(clean(&"x".repeat(300)).ends_with("x…"));
        let names = (0..20).map(|number| format!("{number}.test")).collect();
        let certificate = Certificate {
            subject: String::new(),
            names,
            issuer: String::new(),
            not_before: 0,
            not_after: i64::MAX,
            key: String::new(),
            self_signed: false,
        };
        assert!(certificate.names_in_words().ends_with("11.test and 8 more"));
        assert_eq!(moment(i64::MAX), "a time out of range");
    }
}

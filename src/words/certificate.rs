//! Certificates, as a person reads them.

use crate::mqtt::wire::{Certificate, PublicKeyKind};
use crate::words::Language;
use crate::words::language::say;

/// How many names of a certificate are listed.
pub(super) const NAMES_SHOWN_MAX: usize = 12;

/// The facts of a certificate, one per line.
pub(super) fn lines(certificate: &Certificate, l: Language) -> Vec<String> {
    let Certificate { names: found, key, self_signed, not_before, not_after, .. } = certificate;
    let (subject, issuer) = (named(&certificate.subject, l), named(&certificate.issuer, l));
    let (from, until) = (moment(*not_before, l), moment(*not_after, l));
    let key = self::key(key, l);
    vec![
        say!(l, "subject {subject}", "使用者 {subject}"),
        if found.is_empty() {
            l.pick("for no host name or address", "不适用于任何主机名或地址").to_owned()
        } else {
            let names = names(found, l);
            say!(l, "for {names}", "适用于 {names}")
        },
        if *self_signed {
            l.pick("issued by itself (self-signed)", "由自身颁发（自签名）").to_owned()
        } else {
            say!(l, "issued by {issuer}", "由 {issuer} 颁发")
        },
        say!(l, "valid from {from} until {until}", "有效期 {from} 至 {until}"),
        say!(l, "key {key}", "公钥 {key}"),
    ]
}

/// A client certificate in one line.
pub(super) fn client(certificate: &Certificate, l: Language) -> String {
    let Certificate { subject, issuer, not_after, .. } = certificate;
    let (subject, issuer, until) = (named(subject, l), named(issuer, l), moment(*not_after, l));
    say!(
        l,
        "client certificate: subject {subject}, issued by {issuer}, valid until {until}",
        "客户端证书：使用者 {subject}，由 {issuer} 颁发，有效期至 {until}"
    )
}

/// Names in a list: `a.test, b.test and 3 more`.
pub(super) fn names(names: &[String], l: Language) -> String {
    let shown = names.iter().take(NAMES_SHOWN_MAX).map(String::as_str).collect::<Vec<_>>();
    let shown = shown.join(l.pick(", ", "、"));
    match names.len().saturating_sub(NAMES_SHOWN_MAX) {
        0 => shown,
        more => say!(l, "{shown} and {more} more", "{shown}，以及另外 {more} 个"),
    }
}

/// Seconds since 1970 as `2026-11-25 08:30 UTC`.
pub(super) fn moment(seconds: i64, l: Language) -> String {
    match jiff::Timestamp::from_second(seconds) {
        Ok(time) => time.strftime("%Y-%m-%d %H:%M UTC").to_string(),
        Err(_) => l.pick("a time out of range", "超出范围的时间").to_owned(),
    }
}

fn named(name: &str, l: Language) -> &str {
    if name.is_empty() { l.pick("(empty)", "（空）") } else { name }
}

fn key(key: &PublicKeyKind, l: Language) -> String {
    match key {
        PublicKeyKind::Rsa { bits } => say!(l, "RSA {bits} bits", "RSA {bits} 位"),
        PublicKeyKind::Ec { bits } => say!(l, "EC {bits} bits", "EC {bits} 位"),
        PublicKeyKind::Dsa => "DSA".to_owned(),
        PublicKeyKind::Ed25519 => "Ed25519".to_owned(),
        PublicKeyKind::Other(kind) => say!(l, "of the kind {kind}", "{kind} 类型"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENGLISH: Language = Language::English;

    #[test]
    fn many_names_are_cut_and_it_shows() {
        let many: Vec<String> = (0..20).map(|number| format!("{number}.test")).collect();
        assert!(names(&many, ENGLISH).ends_with("11.test and 8 more"));
        assert_eq!(names(&many[..2], Language::Chinese), "0.test、1.test");
    }

    #[test]
    fn times_are_written_in_utc() {
        assert_eq!(moment(1_927_843_200, ENGLISH), "2031-02-03 00:00 UTC");
        assert_eq!(moment(i64::MAX, ENGLISH), "a time out of range");
    }

    #[test]
    fn a_certificate_is_read_line_by_line() {
        let certificate = Certificate {
            subject: "CN=server".to_owned(),
            names: Vec::new(),
            issuer: String::new(),
            not_before: 0,
            not_after: 60,
            key: PublicKeyKind::Ec { bits: 256 },
            self_signed: false,
        };
        let expected = [
            "subject CN=server",
            "for no host name or address",
            "issued by (empty)",
            "valid from 1970-01-01 00:00 UTC until 1970-01-01 00:01 UTC",
            "key EC 256 bits",
        ];
        assert_eq!(lines(&certificate, ENGLISH), expected);
    }
}

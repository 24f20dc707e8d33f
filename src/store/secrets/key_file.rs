//! Tells whether the file of a client's key is encrypted, so that a passphrase is asked for only if one is needed.
//!
//! It looks at the first bytes without parsing. The code that reads the whole file later reports errors.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

/// How much of the file is looked at, in bytes: a chain of certificates may come before the key.
const HEAD_BYTES: u64 = 64 * 1024;

/// What marks an encrypted key in PEM: PKCS#8 (RFC 7468, 11), and OpenSSL's older format (RFC 1421, 4.6.1.1).
const PEM_MARKS: [&[u8]; 2] = [b"-----BEGIN ENCRYPTED PRIVATE KEY-----", b"Proc-Type: 4,ENCRYPTED"];

/// DER, X.690, 8.1: the tags that tell the formats apart.
const INTEGER: u8 = 0x02;
const OBJECT_IDENTIFIER: u8 = 0x06;
const SEQUENCE: u8 = 0x30;

/// Whether the key in `path` needs a passphrase. `false` for a file that cannot be read, which is reported when it is
/// used. Blocks.
pub(super) fn is_encrypted(path: &Path) -> bool {
    let mut head = Vec::new();
    let read = File::open(path).and_then(|file| file.take(HEAD_BYTES).read_to_end(&mut head));
    match read {
        Ok(_) => is_encrypted_head(&head),
        Err(error) => {
            log::debug!("{} was not looked at: {error}", path.display());
            false
        }
    }
}

/// [`is_encrypted`] for the first bytes of a file.
pub(super) fn is_encrypted_head(head: &[u8]) -> bool {
    PEM_MARKS.iter().any(|mark| memchr::memmem::find(head, mark).is_some())
        || inside(head, SEQUENCE).is_some_and(|content| is_pkcs12(content) || is_encrypted_pkcs8(content))
}

/// PFX (RFC 7292, 4): version 3, then a sequence. Keys are `INTEGER 0` or `1`, certificates begin with a sequence.
fn is_pkcs12(content: &[u8]) -> bool {
    content.strip_prefix(&[INTEGER, 1, 3]).is_some_and(|rest| rest.first() == Some(&SEQUENCE))
}

/// EncryptedPrivateKeyInfo (RFC 5958, 3): first the algorithm, whose name comes first. A certificate's first sequence
/// begins with a version or a serial number.
fn is_encrypted_pkcs8(content: &[u8]) -> bool {
    inside(content, SEQUENCE).is_some_and(|algorithm| algorithm.first() == Some(&OBJECT_IDENTIFIER))
}

/// What follows the tag and the length of the first element, if it has this tag. The length itself is ignored.
fn inside(bytes: &[u8], tag: u8) -> Option<&[u8]> {
    let (first, rest) = bytes.split_first()?;
    let (length, rest) = rest.split_first().filter(|_| *first == tag)?;
    // 0x80 is an indefinite length, which some programs use in PKCS#12; higher values give the number of length bytes.
    let skip = if *length > 0x80 { usize::from(length & 0x7f) } else { 0 };
    rest.get(skip..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_told_apart_by_their_first_bytes() {
        let pem = |label: &str| format!("-----BEGIN {label}-----\nMIIB\n-----END {label}-----\n");
        let chain = [pem("CERTIFICATE"), pem("ENCRYPTED PRIVATE KEY")].concat();
        let old =
            "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nMIIB\n";
        for (what, head, expected) in [
            ("PKCS#8", pem("PRIVATE KEY").as_bytes(), false),
            ("PKCS#1", pem("RSA PRIVATE KEY").as_bytes(), false),
            ("SEC1", pem("EC PRIVATE KEY").as_bytes(), false),
            ("encrypted PKCS#8", pem("ENCRYPTED PRIVATE KEY").as_bytes(), true),
            ("an encrypted key behind its certificate", chain.as_bytes(), true),
            ("an encrypted key as OpenSSL once wrote it", old.as_bytes(), true),
            ("PKCS#12", b"\x30\x82\x0a\x01\x02\x01\x03\x30\x82", true),
            ("PKCS#12 of unknown length", b"\x30\x80\x02\x01\x03\x30\x80", true),
            ("encrypted PKCS#8 in DER", b"\x30\x81\xec\x30\x57\x06\x09\x2a", true),
            ("PKCS#8 in DER", b"\x30\x81\x87\x02\x01\x00\x30\x13", false),
            ("PKCS#1 in DER", b"\x30\x82\x04\xa4\x02\x01\x00\x02\x82", false),
            ("SEC1 in DER", b"\x30\x77\x02\x01\x01\x04\x20", false),
            ("a certificate in DER", b"\x30\x82\x03\x0a\x30\x82\x01\xf2\xa0\x03", false),
            ("an old certificate in DER", b"\x30\x82\x03\x0a\x30\x82\x01\xf2\x02\x03", false),
            ("nothing", b"", false),
            ("a tag alone", b"\x30", false),
            ("a length that leads behind the end", b"\x30\xff\x02", false),
        ] {
            assert_eq!(is_encrypted_head(head), expected, "{what}");
        }
    }

    /// Keys made by OpenSSL, whose programs are what people make theirs with.
    #[cfg(unix)] // with the system's openssl
    #[test]
    fn keys_of_openssl_are_recognised() {
        let folder = tempfile::tempdir().unwrap();
        let openssl = |arguments: &[&str]| {
            let output = std::process::Command::new("openssl")
                .args(arguments)
                .current_dir(folder.path())
                .output()
                .expect("openssl is part of every system that builds this");
            assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        };
        openssl(&["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", "plain.pem"]);
        openssl(&["pkey", "-in", "plain.pem", "-aes128", "-passout", "pass:x", "-out", "locked.pem"]);
        openssl(&["pkey", "-in", "plain.pem", "-outform", "DER", "-out", "plain.der"]);
        let pkcs8 = ["pkcs8", "-topk8", "-in", "plain.pem", "-passout", "pass:x", "-outform", "DER"];
        openssl(&[&pkcs8[..], &["-out", "locked.der"]].concat());
        openssl(&["req", "-x509", "-key", "plain.pem", "-subj", "/CN=me", "-out", "cert.pem"]);
        openssl(&["x509", "-in", "cert.pem", "-outform", "DER", "-out", "cert.der"]);
        let pkcs12 = ["pkcs12", "-export", "-inkey", "plain.pem", "-in", "cert.pem", "-passout", "pass:x"];
        openssl(&[&pkcs12[..], &["-out", "both.p12"]].concat());
        for (file, expected) in [
            ("plain.pem", false),
            ("plain.der", false),
            ("cert.pem", false),
            ("cert.der", false),
            ("locked.pem", true),
            ("locked.der", true),
            ("both.p12", true),
            ("missing.pem", false),
        ] {
            assert_eq!(is_encrypted(&folder.path().join(file)), expected, "{file}");
        }
    }
}

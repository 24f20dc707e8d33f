//! Authorities, certificates and keys made for one test.

use std::path::PathBuf;
use std::process::Command;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, SigningKey as _};

use crate::harness::broker::find;

/// A folder with an authority's files and the certificates it issued.
pub struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    directory: tempfile::TempDir,
}

/// Paths of a certificate and its key, both in PEM.
#[derive(Clone)]
pub struct Pair {
    pub certificate: PathBuf,
    pub key: PathBuf,
}

impl Authority {
    /// Creates an authority with its certificate in `ca.pem`.
    pub fn new(name: &str) -> Self {
        let mut params = CertificateParams::new(Vec::<String>::new()).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let authority = Self { issuer, directory: tempfile::tempdir().unwrap() };
        authority.write("ca.pem", authority.issuer.pem().as_bytes());
        authority
    }

    /// Path of the authority's certificate.
    pub fn ca(&self) -> PathBuf {
        self.path("ca.pem")
    }

    /// Path of a file in the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Writes a file into the folder.
    pub fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        std::fs::write(self.path(name), bytes).unwrap();
        self.path(name)
    }

    /// Issues a certificate for these names that is valid now.
    pub fn issue(&self, file: &str, names: &[&str]) -> Pair {
        self.issue_with(file, names, |_| ())
    }

    /// Issues a certificate with other parameters.
    pub fn issue_with(
        &self,
        file: &str,
        names: &[&str],
        change: impl FnOnce(&mut CertificateParams),
    ) -> Pair {
        let key = KeyPair::generate().unwrap();
        let params = params(file, names, change);
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        self.pair(file, &certificate.pem(), &key)
    }

    /// Issues a certificate for an existing key; returns its path.
    pub fn issue_for(&self, file: &str, key: &KeyPair) -> PathBuf {
        let certificate = params(file, &["client.test"], |_| ()).signed_by(key, &self.issuer).unwrap();
        self.write(&format!("{file}.pem"), certificate.pem().as_bytes())
    }

    /// Creates a self-signed certificate.
    pub fn self_signed(&self, file: &str, names: &[&str]) -> Pair {
        let key = KeyPair::generate().unwrap();
        let certificate = params(file, names, |_| ()).self_signed(&key).unwrap();
        self.pair(file, &certificate.pem(), &key)
    }

    /// Creates a version 1 certificate, which openssl no longer does: a version 3 certificate without its version and
    /// extensions.
    pub fn version_1(&self, file: &str) -> Pair {
        let key = KeyPair::generate().unwrap();
        let certificate = params(file, &[], |_| ()).self_signed(&key).unwrap();
        let [to_be_signed, algorithm, _] = elements(certificate.der())[..] else { panic!("a certificate") };
        let is_of_version_3 = |element: &&[u8]| matches!(element[0], 0xA0 | 0xA3);
        let parts = elements(to_be_signed).into_iter().filter(|element| !is_of_version_3(element));
        let to_be_signed = der(0x30, &parts.collect::<Vec<_>>().concat());
        let signature = key.sign(&to_be_signed).unwrap();
        let signature = der(0x03, &[&[0], signature.as_slice()].concat());
        let certificate = der(0x30, &[&to_be_signed, algorithm, &signature].concat());
        self.pair(file, &pem::encode(&pem::Pem::new("CERTIFICATE", certificate)), &key)
    }

    fn pair(&self, file: &str, certificate: &str, key: &KeyPair) -> Pair {
        Pair {
            certificate: self.write(&format!("{file}.pem"), certificate.as_bytes()),
            key: self.write(&format!("{file}.key"), key.serialize_pem().as_bytes()),
        }
    }

    /// Runs openssl in the folder with space-separated arguments.
    pub fn openssl(&self, arguments: &str) {
        let output = Command::new(find("openssl", "openssl"))
            .current_dir(self.directory.path())
            .args(arguments.split(' '))
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "openssl {arguments} failed: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}

/// The elements of a DER sequence, each with its tag and length.
fn elements(sequence: &[u8]) -> Vec<&[u8]> {
    let (mut content, mut found) = (&sequence[head(sequence).0..], Vec::new());
    while !content.is_empty() {
        let (head, length) = head(content);
        let (element, rest) = content.split_at(head + length);
        found.push(element);
        content = rest;
    }
    found
}

/// Length of an element's tag and length fields, and length of its content.
fn head(element: &[u8]) -> (usize, usize) {
    match element[1] {
        short @ 0..0x80 => (2, short.into()),
        long => {
            let bytes = usize::from(long - 0x80);
            let length =
                element[2..2 + bytes].iter().fold(0, |length, byte| length << 8 | usize::from(*byte));
            (2 + bytes, length)
        }
    }
}

/// Encodes a DER element.
fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let [high, low] = u16::try_from(content.len()).unwrap().to_be_bytes();
    let length: &[u8] = match (high, low) {
        (0, 0..0x80) => &[low],
        (0, _) => &[0x81, low],
        _ => &[0x82, high, low],
    };
    [&[tag], length, content].concat()
}

fn params(name: &str, names: &[&str], change: impl FnOnce(&mut CertificateParams)) -> CertificateParams {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut params = CertificateParams::new(names).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    change(&mut params);
    params
}

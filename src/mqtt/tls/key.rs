//! Private keys: PKCS#1, PKCS#8 and SEC1, plain or encrypted, and PKCS#12, which also contains the certificates.

use p12_keystore::Pkcs12Archive;
use p12_keystore::error::Error as Pkcs12Error;
use pkcs8::EncryptedPrivateKeyInfoRef;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

use crate::mqtt::failure::{FileCause, Hint};
use crate::mqtt::options::Secret;
use crate::mqtt::tls::certificate::public_key;
use crate::mqtt::tls::identity::Contents;
use crate::mqtt::tls::old_pem;

/// The version of PKCS#12 (RFC 7292, 4).
const PFX_VERSION: u8 = 3;

/// Why a key cannot be used, and what to try.
pub(super) type UnusableKey = (FileCause, Hint);

const UNKNOWN: UnusableKey = (FileCause::UnknownFormat, Hint::TheseFormats);
pub(super) const NO_PASSPHRASE: UnusableKey = (FileCause::NoPassphrase, Hint::TypePassphrase);
pub(super) const WRONG_PASSPHRASE: UnusableKey = (FileCause::WrongPassphrase, Hint::RightPassphrase);
pub(super) const OLD_ENCRYPTION: UnusableKey = (FileCause::OldEncryption, Hint::ConvertKey);

/// The key in a PEM section; `None` if the section is not a key.
pub(super) fn of_section(
    section: &pem::Pem,
    passphrase: &Secret,
) -> Result<Option<PrivateKeyDer<'static>>, UnusableKey> {
    let der = match section.headers().get("DEK-Info") {
        Some(how) => old_pem::decrypt(section.contents(), how, passphrase)?,
        None => section.contents().to_vec(),
    };
    match section.tag() {
        "RSA PRIVATE KEY" => Ok(Some(PrivateKeyDer::Pkcs1(der.into()))),
        "EC PRIVATE KEY" => Ok(Some(PrivateKeyDer::Sec1(der.into()))),
        "PRIVATE KEY" => Ok(Some(PrivateKeyDer::Pkcs8(der.into()))),
        "ENCRYPTED PRIVATE KEY" => decrypt(&der, passphrase).map(Some),
        "OPENSSH PRIVATE KEY" => Err((FileCause::OpenSshKey, Hint::ConvertOpenSsh)),
        _ => Ok(None),
    }
}

/// The contents of a binary file that is not a certificate.
pub(super) fn of_binary(bytes: &[u8], passphrase: &Secret) -> Result<Contents, UnusableKey> {
    if version(bytes) == Some(PFX_VERSION) {
        return pkcs12(bytes, passphrase);
    }
    if let Ok(key) = PrivateKeyDer::try_from(bytes) {
        return Ok(Contents { key: Some(key.clone_key()), ..Contents::default() });
    }
    if EncryptedPrivateKeyInfoRef::try_from(bytes).is_ok() {
        let key = decrypt(bytes, passphrase)?;
        return Ok(Contents { key: Some(key), ..Contents::default() });
    }
    Err(UNKNOWN)
}

/// The version at the start of a DER structure: 0 or 1 for keys, [`PFX_VERSION`] for PKCS#12.
fn version(der: &[u8]) -> Option<u8> {
    let long_length = |first: u8| usize::from(first & 0x7F) * usize::from(first >> 7);
    match der {
        [0x30, first, rest @ ..] => match rest.get(long_length(*first)..)? {
            [0x02, 0x01, version, ..] => Some(*version),
            _ => None,
        },
        _ => None,
    }
}

/// Decrypts encrypted PKCS#8 (RFC 5958, 3; RFC 8018).
fn decrypt(der: &[u8], passphrase: &Secret) -> Result<PrivateKeyDer<'static>, UnusableKey> {
    // If it cannot even be parsed, its encryption was never part of PKCS#5, or it is damaged.
    let info = EncryptedPrivateKeyInfoRef::try_from(der).map_err(|_| OLD_ENCRYPTION)?;
    if passphrase.is_empty() {
        return Err(NO_PASSPHRASE);
    }
    match info.encryption_algorithm.decrypt(passphrase.expose(), info.encrypted_data.as_bytes()) {
        // With a wrong passphrase the padding may look right by chance, but the result is not a key.
        Ok(key) if PrivateKeyDer::try_from(key.as_slice()).is_ok() => {
            Ok(PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key)))
        }
        Ok(_) | Err(pkcs8::pkcs5::Error::DecryptFailed) => Err(WRONG_PASSPHRASE),
        Err(_) => Err(OLD_ENCRYPTION),
    }
}

/// Everything in a PKCS#12 file (RFC 7292), starting with the key's certificate.
fn pkcs12(bytes: &[u8], passphrase: &Secret) -> Result<Contents, UnusableKey> {
    let archive = match Pkcs12Archive::from_pkcs12(bytes, passphrase.expose()) {
        Ok(archive) => archive,
        Err(Pkcs12Error::MacError(_) | Pkcs12Error::UnpadError) => {
            return Err(if passphrase.is_empty() { NO_PASSPHRASE } else { WRONG_PASSPHRASE });
        }
        Err(
            Pkcs12Error::UnsupportedEncryptionScheme
            | Pkcs12Error::UnsupportedMacAlgorithm
            | Pkcs12Error::Pkcs5Error(_),
        ) => {
            return Err((FileCause::Pkcs12Encryption, Hint::ConvertPkcs12));
        }
        Err(_) => return Err(UNKNOWN),
    };
    let key = archive.keys.first().map(|bag| bag.key.as_der().to_vec());
    let id = archive.keys.first().and_then(|bag| bag.local_key_id.as_ref()).map(|id| id.0.as_slice());
    // The key's certificate has the key's identifier, or else its public key.
    let mine = id.and_then(|id| archive.certs.iter().position(|bag| bag.local_key_id.as_deref() == Some(id)));
    let mut certificates: Vec<_> =
        archive.certs.iter().map(|bag| CertificateDer::from(bag.cert.as_der().to_vec())).collect();
    let mine = mine.or_else(|| {
        let public = public_key_of(key.as_deref()?)?;
        certificates.iter().position(|certificate| public_key(certificate).is_some_and(|spki| spki == public))
    });
    if let Some(mine) = mine {
        certificates.swap(0, mine);
    }
    let key = key.map(|der| PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(der)));
    Ok(Contents { certificates, key })
}

fn public_key_of(pkcs8: &[u8]) -> Option<Vec<u8>> {
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(pkcs8.to_vec()));
    let key = crate::mqtt::tls::provider().key_provider.load_private_key(key).ok()?;
    Some(key.public_key()?.as_ref().to_vec())
}

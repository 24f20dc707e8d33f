//! Keys encrypted by OpenSSL before PKCS#8 became common: PEM with RFC 1421 headers and OpenSSL's own key derivation.
//!
//! OpenSSL 3 still writes them with `-traditional`, and many old ones are in use.

use aes::{Aes128, Aes192, Aes256};
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockCipherDecrypt, BlockModeDecrypt as _, InnerIvInit, KeyInit, KeyIvInit as _};
use des::TdesEde3;
use md5::{Digest as _, Md5};
use rustls::pki_types::PrivateKeyDer;

use crate::mqtt::options::Secret;
use crate::mqtt::tls::key::{NO_PASSPHRASE, OLD_ENCRYPTION, UnusableKey, WRONG_PASSPHRASE};

/// How much of the initialisation vector salts the key, in bytes.
const SALT_BYTES: usize = 8;

/// Decrypts the body of a PEM section; `how` is its `DEK-Info`: `AES-256-CBC,` and the initialisation vector.
pub(super) fn decrypt(body: &[u8], how: &str, passphrase: &Secret) -> Result<Vec<u8>, UnusableKey> {
    if passphrase.is_empty() {
        return Err(NO_PASSPHRASE);
    }
    let (cipher, iv) = how.split_once(',').unwrap_or_default();
    let Some(iv) = hexadecimal(iv.trim()) else { return Err(OLD_ENCRYPTION) };
    let opened = match cipher.trim() {
        "AES-128-CBC" => open::<Aes128>(body, 16, &iv, passphrase),
        "AES-192-CBC" => open::<Aes192>(body, 24, &iv, passphrase),
        "AES-256-CBC" => open::<Aes256>(body, 32, &iv, passphrase),
        "DES-EDE3-CBC" => open::<TdesEde3>(body, 24, &iv, passphrase),
        _ => return Err(OLD_ENCRYPTION),
    };
    // With a wrong passphrase the padding may look right by chance, but the result is not a key.
    opened.filter(|der| PrivateKeyDer::try_from(der.as_slice()).is_ok()).ok_or(WRONG_PASSPHRASE)
}

/// Decrypts; returns `None` if the padding, and thus the passphrase, is wrong.
fn open<C>(body: &[u8], key_bytes: usize, iv: &[u8], passphrase: &Secret) -> Option<Vec<u8>>
where
    C: BlockCipherDecrypt + KeyInit,
    cbc::Decryptor<C>: InnerIvInit<Inner = C>,
{
    let salt = iv.get(..SALT_BYTES)?;
    let key = derive(passphrase.expose().as_bytes(), salt, key_bytes);
    cbc::Decryptor::<C>::new_from_slices(&key, iv).ok()?.decrypt_padded_vec::<Pkcs7>(body).ok()
}

/// OpenSSL's `EVP_BytesToKey` with MD5 and one round.
fn derive(passphrase: &[u8], salt: &[u8], key_bytes: usize) -> Vec<u8> {
    let mut key = Vec::new();
    let mut last = Vec::new();
    while key.len() < key_bytes {
        let digest = Md5::new().chain_update(&last).chain_update(passphrase).chain_update(salt).finalize();
        last = digest.to_vec();
        key.extend_from_slice(&last);
    }
    key.truncate(key_bytes);
    key
}

fn hexadecimal(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> =
        text.chars().map(|digit| digit.to_digit(16).map(|value| value as u8)).collect();
    let digits = digits.filter(|digits| digits.len().is_multiple_of(2))?;
    Some(digits.chunks_exact(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect())
}

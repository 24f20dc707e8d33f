//! Passwords and passphrases, which must never be shown.

use std::fmt;

/// A password. It is never printed or serialised; reading the text takes an explicit [`Secret::expose`].
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a text that must not be shown.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether it is empty.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "(empty)" } else { "(hidden)" })
    }
}

/// What a secret of a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SecretKind {
    /// The password of the user name in CONNECT, or of SCRAM.
    Password,
    /// The passphrase of the client's key file.
    KeyPassphrase,
    /// The password of the proxy's user name.
    ProxyPassword,
    /// The authentication data of [`super::Authentication::Token`].
    Token,
}

impl SecretKind {
    /// Every kind of secret.
    pub const ALL: [Self; 4] = [Self::Password, Self::KeyPassphrase, Self::ProxyPassword, Self::Token];
}

/// The secrets of one connection; unused ones are empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Secrets {
    /// See [`SecretKind::Password`].
    pub password: Secret,
    /// See [`SecretKind::KeyPassphrase`].
    pub key_passphrase: Secret,
    /// See [`SecretKind::ProxyPassword`].
    pub proxy_password: Secret,
    /// See [`SecretKind::Token`].
    pub token: Secret,
}

impl Secrets {
    /// Whether all of them are empty.
    pub fn is_empty(&self) -> bool {
        SecretKind::ALL.into_iter().all(|kind| self.get(kind).is_empty())
    }

    /// The secret of this kind.
    pub fn get(&self, kind: SecretKind) -> &Secret {
        match kind {
            SecretKind::Password => &self.password,
            SecretKind::KeyPassphrase => &self.key_passphrase,
            SecretKind::ProxyPassword => &self.proxy_password,
            SecretKind::Token => &self.token,
        }
    }

    /// The secret of this kind, for changing it.
    pub fn get_mut(&mut self, kind: SecretKind) -> &mut Secret {
        match kind {
            SecretKind::Password => &mut self.password,
            SecretKind::KeyPassphrase => &mut self.key_passphrase,
            SecretKind::ProxyPassword => &mut self.proxy_password,
            SecretKind::Token => &mut self.token,
        }
    }
}

/// Most connections have a password and no other secret.
impl From<Secret> for Secrets {
    fn from(password: Secret) -> Self {
        Self { password, ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_not_printed() {
        let text = format!("{:?}", Secrets::from(Secret::new("hunter2")));
        assert!(!text.contains("hunter2"), "{text}");
    }
}

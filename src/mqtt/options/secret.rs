//! What must never be shown: passwords and passphrases.

use std::fmt;

/// A password. It is never printed and never serialised; whoever needs the text asks for it by name.
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
    /// Opens the file of the client's key.
    KeyPassphrase,
    /// The password of the proxy's user name.
    ProxyPassword,
    /// The authentication data of [`super::Authentication::Token`].
    Token,
}

impl SecretKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Password, Self::KeyPassphrase, Self::ProxyPassword, Self::Token];
}

/// The secrets of one connection; those that are not used are empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Secrets {
    /// [`SecretKind::Password`]
    pub password: Secret,
    /// [`SecretKind::KeyPassphrase`]
    pub key_passphrase: Secret,
    /// [`SecretKind::ProxyPassword`]
    pub proxy_password: Secret,
    /// [`SecretKind::Token`]
    pub token: Secret,
}

impl Secrets {
    /// Whether there is none at all.
    pub fn is_empty(&self) -> bool {
        SecretKind::ALL.into_iter().all(|kind| self.get(kind).is_empty())
    }

    /// One of them.
    pub fn get(&self, kind: SecretKind) -> &Secret {
        match kind {
            SecretKind::Password => &self.password,
            SecretKind::KeyPassphrase => &self.key_passphrase,
            SecretKind::ProxyPassword => &self.proxy_password,
            SecretKind::Token => &self.token,
        }
    }

    /// One of them, to be changed.
    pub fn get_mut(&mut self, kind: SecretKind) -> &mut Secret {
        match kind {
            SecretKind::Password => &mut self.password,
            SecretKind::KeyPassphrase => &mut self.key_passphrase,
            SecretKind::ProxyPassword => &mut self.proxy_password,
            SecretKind::Token => &mut self.token,
        }
    }
}

/// Most connections have a password and nothing else.
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

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

/// Variables whose values must not be shown, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SecretVariables(pub Vec<(String, Secret)>);

impl SecretVariables {
    /// These and others that are no secrets, as messages are made of them.
    pub fn with(&self, others: &[(String, String)]) -> Vec<(String, String)> {
        let own = self.0.iter().map(|(name, secret)| (name.clone(), secret.expose().to_owned()));
        own.chain(others.iter().cloned()).collect()
    }

    /// A text without the values: what `instead` says for its name stands in the place of each.
    pub fn hidden(&self, text: &str, instead: impl Fn(&str) -> String) -> String {
        let mut secrets: Vec<&(String, Secret)> =
            self.0.iter().filter(|(_, secret)| !secret.is_empty()).collect();
        // One may be the beginning of another.
        secrets.sort_by_key(|(_, secret)| std::cmp::Reverse(secret.expose().len()));
        let hide = |text: String, (name, secret): &(String, Secret)| {
            if text.contains(secret.expose()) { text.replace(secret.expose(), &instead(name)) } else { text }
        };
        secrets.into_iter().fold(text.to_owned(), hide)
    }

    /// Whether the bytes hold one of the values.
    pub fn are_in(&self, bytes: &[u8]) -> bool {
        let holds = |value: &[u8]| bytes.windows(value.len()).any(|part| part == value);
        self.0.iter().any(|(_, secret)| !secret.is_empty() && holds(secret.expose().as_bytes()))
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
    fn the_values_of_secret_variables_are_hidden_and_the_longest_first() {
        let pair = |name: &str, value: &str| (name.to_owned(), Secret::new(value));
        let secrets = SecretVariables(vec![pair("pin", "12"), pair("token", "1234"), pair("none", "")]);
        assert_eq!(secrets.hidden("1234-12-3", |name| format!("{{{{{name}}}}}")), "{{token}}-{{pin}}-3");
        assert!(secrets.are_in(b"\x0012\xff") && !secrets.are_in(b"1") && !secrets.are_in(b""));
        assert!(!format!("{secrets:?}").contains("1234"));
    }

    #[test]
    fn a_secret_is_not_printed() {
        let text = format!("{:?}", Secrets::from(Secret::new("hunter2")));
        assert!(!text.contains("hunter2"), "{text}");
    }
}

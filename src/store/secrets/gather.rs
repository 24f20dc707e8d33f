//! What a connection needs before it can be opened: which secrets, and where each of them is.
//!
//! The window and the command line both use what is found and ask for what is missing.

use std::path::Path;

use crate::mqtt::options::{Authentication, ConnectOptions, Protocol, SecretKind, Secrets};
use crate::store::profiles::{PasswordPlace, Profile};
use crate::store::secrets::key_file;
use crate::store::secrets::{SecretError, SecretStore};

/// The secrets of a profile, found and missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gathered {
    /// The secrets that were given or found.
    pub secrets: Secrets,
    /// The secrets that have to be asked for, in the order of [`possible`].
    pub missing: Vec<SecretKind>,
    /// Why the keyring did not answer, if it was asked.
    pub problem: Option<SecretError>,
}

/// The secrets that a connection with these options may need. Of these, the key's passphrase is needed only if its
/// file is encrypted, which [`SecretStore::gather`] finds out.
pub fn possible(options: &ConnectOptions) -> Vec<SecretKind> {
    let ConnectOptions { protocol, username, network, authentication, .. } = options;
    let by_proxy = |proxy: &crate::mqtt::options::Proxy| !proxy.username.is_empty();
    SecretKind::ALL
        .into_iter()
        .filter(|kind| match kind {
            SecretKind::Password => {
                !username.is_empty() || matches!(authentication, Authentication::ScramSha256)
            }
            SecretKind::KeyPassphrase => key_file(options).is_some(),
            SecretKind::ProxyPassword => {
                *protocol != Protocol::Unix && network.proxy.as_ref().is_some_and(by_proxy)
            }
            SecretKind::Token => matches!(authentication, Authentication::Token { .. }),
        })
        .collect()
}

/// The secrets in `given` that a connection with these options may need; no other may reach its broker.
pub fn needed(options: &ConnectOptions, given: &Secrets) -> Secrets {
    let mut needed = Secrets::default();
    for kind in possible(options) {
        needed.get_mut(kind).clone_from(given.get(kind));
    }
    needed
}

/// The file with the client's key, if one is used.
fn key_file(options: &ConnectOptions) -> Option<&Path> {
    let tls = &options.tls;
    let file = tls.client_key.as_deref().or(tls.client_certificate.as_deref());
    file.filter(|path| options.protocol.has_tls() && !path.as_os_str().is_empty())
}

impl SecretStore {
    /// Finds what the connection of `profile` needs: `given` first, then where the profile keeps it. Blocks.
    pub fn gather(self, profile: &Profile, given: Secrets) -> Gathered {
        let mut gathered = Gathered { secrets: given, ..Gathered::default() };
        for kind in possible(&profile.connect) {
            let has_it = !gathered.secrets.get(kind).is_empty();
            let unneeded = kind == SecretKind::KeyPassphrase
                && !key_file(&profile.connect).is_some_and(key_file::is_encrypted);
            if !has_it && !unneeded {
                self.look_up(profile, kind, &mut gathered);
            }
        }
        gathered
    }

    fn look_up(self, profile: &Profile, kind: SecretKind, gathered: &mut Gathered) {
        let found = match profile.password_place {
            PasswordPlace::File => {
                let secret = profile.file_secrets.get(kind);
                // Some brokers want a user name without a password, but neither a key nor an authentication method
                // works without its secret.
                let may_be_empty = matches!(kind, SecretKind::Password | SecretKind::ProxyPassword);
                (may_be_empty || !secret.is_empty()).then(|| secret.clone())
            }
            PasswordPlace::Ask => None,
            // A keyring that failed once is not asked again, because each attempt may open a dialog.
            PasswordPlace::Keyring if gathered.problem.is_some() => None,
            PasswordPlace::Keyring => self.get(&profile.id, kind).unwrap_or_else(|error| {
                gathered.problem = Some(error);
                None
            }),
        };
        match found {
            Some(secret) => *gathered.secrets.get_mut(kind) = secret,
            None => gathered.missing.push(kind),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mqtt::options::{NetworkOptions, Proxy, Secret, TlsOptions};

    /// A profile that needs all four, with an encrypted key in `folder`.
    fn demanding(folder: &Path, place: PasswordPlace) -> Profile {
        let key = folder.join("key.pem");
        std::fs::write(&key, "-----BEGIN ENCRYPTED PRIVATE KEY-----\n").unwrap();
        let options = ConnectOptions {
            protocol: Protocol::Mqtts,
            username: "ada".to_owned(),
            tls: TlsOptions { client_key: Some(key), ..TlsOptions::default() },
            network: NetworkOptions {
                proxy: Some(Proxy { username: "p".to_owned(), ..Proxy::default() }),
                ..NetworkOptions::default()
            },
            authentication: Authentication::Token { method: "JWT".to_owned() },
            ..ConnectOptions::default()
        };
        Profile { password_place: place, ..Profile::new("p", options) }
    }

    #[test]
    fn an_ordinary_connection_needs_no_secret() {
        assert_eq!(possible(&ConnectOptions::default()), []);
        let scram =
            ConnectOptions { authentication: Authentication::ScramSha256, ..ConnectOptions::default() };
        assert_eq!(possible(&scram), [SecretKind::Password]);
    }

    #[test]
    fn what_is_not_used_is_not_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let mut options = demanding(folder.path(), PasswordPlace::Ask).connect;
        assert_eq!(possible(&options), SecretKind::ALL);
        options.protocol = Protocol::Unix; // neither TLS nor a proxy
        assert_eq!(possible(&options), [SecretKind::Password, SecretKind::Token]);
    }

    #[test]
    fn what_was_typed_is_neither_looked_up_nor_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let profile = demanding(folder.path(), PasswordPlace::Ask);
        let given = Secrets { token: Secret::new("t"), ..Secrets::default() };
        let Gathered { secrets, missing, problem } = SecretStore::disabled().gather(&profile, given.clone());
        assert_eq!((secrets, problem), (given, None));
        assert_eq!(missing, [SecretKind::Password, SecretKind::KeyPassphrase, SecretKind::ProxyPassword]);
    }

    #[test]
    fn a_keyring_that_does_not_answer_is_told_and_everything_is_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let profile = demanding(folder.path(), PasswordPlace::Keyring);
        let gathered = SecretStore::disabled().gather(&profile, Secrets::default());
        assert_eq!(gathered.missing, SecretKind::ALL);
        assert!(matches!(gathered.problem, Some(SecretError::Unavailable(_))));
    }

    #[test]
    fn a_passphrase_is_asked_for_only_if_the_key_is_encrypted() {
        let folder = tempfile::tempdir().unwrap();
        let mut profile = demanding(folder.path(), PasswordPlace::Ask);
        let plain = folder.path().join("plain.pem");
        std::fs::write(&plain, "-----BEGIN PRIVATE KEY-----\n").unwrap();
        profile.connect.tls.client_key = Some(plain);
        let missing = SecretStore::disabled().gather(&profile, Secrets::default()).missing;
        assert_eq!(missing, [SecretKind::Password, SecretKind::ProxyPassword, SecretKind::Token]);
    }

    #[test]
    fn the_file_gives_what_it_has_and_may_mean_no_password() {
        let folder = tempfile::tempdir().unwrap();
        let mut profile = demanding(folder.path(), PasswordPlace::File);
        profile.file_secrets.token = Secret::new("t");
        let gathered = SecretStore::disabled().gather(&profile, Secrets::default());
        assert_eq!(gathered.secrets, profile.file_secrets);
        assert_eq!((gathered.missing, gathered.problem), (vec![SecretKind::KeyPassphrase], None));
    }
}

//! Secrets of connections in the system's keyring: Keychain on macOS, Credential Manager on Windows, the Secret Service
//! (GNOME Keyring, KWallet, KeePassXC) elsewhere.
//!
//! Every call can block while the person is asked to unlock the keyring, so call them on a job's thread, never on the
//! window's. Nothing here logs, and no error holds a password.
//!
//! `MQTTREE_KEYRING=none` turns the keyring off: secrets are then asked for.

mod gather;
mod key_file;

use keyring::Entry;

use crate::mqtt::options::{Secret, SecretKind, SecretVariables};
use crate::store::profiles::ProfileId;

pub use crate::store::secrets::gather::{Gathered, needed, possible};

/// The environment variable that turns the keyring off if it is `none`.
pub const KEYRING_VARIABLE: &str = "MQTTREE_KEYRING";

/// The service name of our entries in the keyring. The user name of an entry is the profile's id, followed by the kind
/// of secret unless that is the password.
const SERVICE: &str = "mqttree";

/// Why a secret could not be read or kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretError {
    /// There is no keyring to ask.
    Unavailable(KeyringFault),
    /// There is a keyring, but it refused: it is locked or unreachable, or the dialog was dismissed.
    Refused {
        /// What it was asked to do.
        task: KeyringTask,
        /// Which secret.
        kind: SecretKind,
        /// The keyring's reason.
        fault: KeyringFault,
    },
    /// There is a keyring, but it refused something about a secret variable.
    Variable {
        /// What it was asked to do.
        task: KeyringTask,
        /// The variable.
        name: String,
        /// The keyring's reason.
        fault: KeyringFault,
    },
}

/// What the keyring is asked to do with a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyringTask {
    /// Return the secret.
    Give,
    /// Keep the secret.
    Keep,
    /// Remove the secret.
    Forget,
}

/// What is wrong with the keyring or with an entry in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyringFault {
    /// [`KEYRING_VARIABLE`] turns the keyring off.
    TurnedOff,
    /// No keyring program is running.
    NotRunning,
    /// The entry is not text.
    NotText,
    /// The entry is damaged.
    Damaged,
    /// There are several entries for this connection.
    Ambiguous {
        /// How many.
        entries: usize,
    },
    /// Anything else, in the system's words.
    System(String),
}

/// The keyring, or the fact that it is turned off. Cheap to copy into a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SecretStore {
    enabled: bool,
}

impl SecretStore {
    /// The system's keyring, unless `MQTTREE_KEYRING` is `none`. Does not touch it yet.
    pub fn from_env() -> Self {
        Self { enabled: std::env::var_os(KEYRING_VARIABLE).is_none_or(|value| value != "none") }
    }

    /// A store without a keyring, in which every call fails.
    pub fn disabled() -> Self {
        Self { enabled: false }
    }

    /// Checks that there is a keyring that answers, by reading an entry that never exists. Blocks.
    pub fn probe(self) -> Result<(), SecretError> {
        self.get(&ProfileId::from("probe"), SecretKind::Password).map(drop)
    }

    /// Reads a secret of a profile; `None` if the keyring has none. Blocks.
    pub fn get(self, id: &ProfileId, kind: SecretKind) -> Result<Option<Secret>, SecretError> {
        match self.entry(id, kind)?.get_password() {
            Ok(text) => Ok(Some(Secret::new(text))),
            Err(keyring::Error::NoEntry) => Ok(None),
            Err(error) => Err(refused(KeyringTask::Give, kind, &error)),
        }
    }

    /// Keeps a secret of a profile, or removes it if it is empty. Blocks.
    pub fn set(self, id: &ProfileId, kind: SecretKind, secret: &Secret) -> Result<(), SecretError> {
        if secret.is_empty() {
            return self.delete(id, kind);
        }
        let entry = self.entry(id, kind)?;
        entry.set_password(secret.expose()).map_err(|error| refused(KeyringTask::Keep, kind, &error))
    }

    /// Removes a secret of a profile; it is no error if there is none. Blocks.
    pub fn delete(self, id: &ProfileId, kind: SecretKind) -> Result<(), SecretError> {
        match self.entry(id, kind)?.delete_credential() {
            Ok(()) | Err(keyring::Error::NoEntry) => Ok(()),
            Err(error) => Err(refused(KeyringTask::Forget, kind, &error)),
        }
    }

    /// Removes all secrets of a profile. Tries all of them and returns the first error. Blocks.
    pub fn delete_all(self, id: &ProfileId) -> Result<(), SecretError> {
        for_all(|kind| self.delete(id, kind))
    }

    /// Copies the secrets of a profile to its duplicate. Tries all of them and returns the first error. Blocks.
    pub fn copy(self, from: &ProfileId, to: &ProfileId) -> Result<(), SecretError> {
        for_all(|kind| match self.get(from, kind)? {
            Some(secret) => self.set(to, kind, &secret),
            None => Ok(()),
        })
    }

    /// Reads a secret variable of a profile; `None` if the keyring has none of this name. Blocks.
    pub fn variable(self, id: &ProfileId, name: &str) -> Result<Option<Secret>, SecretError> {
        match self.entry_of(&user_of_variable(id, name))?.get_password() {
            Ok(text) => Ok(Some(Secret::new(text))),
            Err(keyring::Error::NoEntry) => Ok(None),
            Err(error) => Err(refused_variable(KeyringTask::Give, name, &error)),
        }
    }

    /// Keeps a secret variable of a profile, or removes it if it is empty. Blocks.
    pub fn set_variable(self, id: &ProfileId, name: &str, secret: &Secret) -> Result<(), SecretError> {
        let entry = self.entry_of(&user_of_variable(id, name))?;
        if !secret.is_empty() {
            let kept = entry.set_password(secret.expose());
            return kept.map_err(|error| refused_variable(KeyringTask::Keep, name, &error));
        }
        match entry.delete_credential() {
            Ok(()) | Err(keyring::Error::NoEntry) => Ok(()),
            Err(error) => Err(refused_variable(KeyringTask::Forget, name, &error)),
        }
    }

    /// Reads these secret variables, as far as the keyring has them, and says why it does not answer. Blocks.
    pub fn variables(self, id: &ProfileId, names: &[String]) -> (SecretVariables, Option<SecretError>) {
        let mut found = SecretVariables::default();
        for name in names {
            match self.variable(id, name) {
                Ok(Some(secret)) => found.0.push((name.clone(), secret)),
                Ok(None) => {}
                // A keyring that failed once is not asked again, because each attempt may open a dialog.
                Err(error) => return (found, Some(error)),
            }
        }
        (found, None)
    }

    fn entry(self, id: &ProfileId, kind: SecretKind) -> Result<Entry, SecretError> {
        self.entry_of(&user_of(id, kind))
    }

    fn entry_of(self, user: &str) -> Result<Entry, SecretError> {
        if !self.enabled {
            return Err(SecretError::Unavailable(KeyringFault::TurnedOff));
        }
        // The crate connects once per run and keeps the result.
        if let Err(error) = Entry::store_status() {
            return Err(SecretError::Unavailable(fault(error)));
        }
        Entry::new(SERVICE, user).map_err(|error| SecretError::Unavailable(fault(&error)))
    }
}

/// The user name of an entry. Passwords were there first and have no suffix.
fn user_of(id: &ProfileId, kind: SecretKind) -> String {
    let suffix = match kind {
        SecretKind::Password => "",
        SecretKind::KeyPassphrase => "/key-passphrase",
        SecretKind::ProxyPassword => "/proxy-password",
        SecretKind::Token => "/token",
    };
    format!("{id}{suffix}")
}

/// The user name of a variable's entry; no other entry's has two slashes.
fn user_of_variable(id: &ProfileId, name: &str) -> String {
    format!("{id}/variable/{name}")
}

fn refused_variable(task: KeyringTask, name: &str, error: &keyring::Error) -> SecretError {
    match refused(task, SecretKind::Token, error) {
        SecretError::Refused { task, fault, .. } => {
            SecretError::Variable { task, name: name.to_owned(), fault }
        }
        other => other,
    }
}

/// Tries all kinds even if one fails; returns the first error.
fn for_all(mut act: impl FnMut(SecretKind) -> Result<(), SecretError>) -> Result<(), SecretError> {
    SecretKind::ALL.into_iter().map(&mut act).fold(Ok(()), Result::and)
}

fn refused(task: KeyringTask, kind: SecretKind, error: &keyring::Error) -> SecretError {
    let fault = fault(error);
    // For the person, a bus without a keyring is the same as no bus.
    if matches!(error, keyring::Error::NoDefaultStore) || fault == KeyringFault::NotRunning {
        SecretError::Unavailable(fault)
    } else {
        SecretError::Refused { task, kind, fault }
    }
}

/// Names of D-Bus errors when nothing answers for the keyring. The crate passes on only their text.
const NO_SERVICE: [&str; 2] = ["ServiceUnknown", "NameHasNoOwner"];

/// Converts an error to data, leaving out any bytes of the entry.
fn fault(error: &keyring::Error) -> KeyringFault {
    let text = match error {
        keyring::Error::BadEncoding(_) => return KeyringFault::NotText,
        keyring::Error::BadDataFormat(..) => return KeyringFault::Damaged,
        keyring::Error::Ambiguous(entries) => return KeyringFault::Ambiguous { entries: entries.len() },
        other => other.to_string(),
    };
    if NO_SERVICE.iter().any(|name| text.contains(name)) {
        return KeyringFault::NotRunning;
    }
    // The crates put their names in front of the message.
    let mut text = text.as_str();
    for prefix in ["Platform failure: ", "Couldn't access platform storage: ", "zbus error: "] {
        text = text.strip_prefix(prefix).unwrap_or(text);
    }
    KeyringFault::System(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_keyring_that_is_turned_off_says_so_and_is_never_touched() {
        let store = SecretStore::disabled();
        let id = ProfileId::random();
        let answers = [
            store.probe().unwrap_err(),
            store.get(&id, SecretKind::Password).unwrap_err(),
            store.set(&id, SecretKind::Token, &Secret::new("hunter2")).unwrap_err(),
            store.delete(&id, SecretKind::KeyPassphrase).unwrap_err(),
            store.delete_all(&id).unwrap_err(),
            store.copy(&id, &ProfileId::random()).unwrap_err(),
            store.variable(&id, "token").unwrap_err(),
            store.set_variable(&id, "token", &Secret::new("hunter2")).unwrap_err(),
            store.variables(&id, &["token".to_owned()]).1.unwrap(),
        ];
        for error in answers {
            assert_eq!(error, SecretError::Unavailable(KeyringFault::TurnedOff));
        }
    }

    #[test]
    fn a_damaged_entry_is_not_quoted() {
        let (task, kind) = (KeyringTask::Give, SecretKind::Token);
        let error = refused(task, kind, &keyring::Error::BadEncoding(b"hunter2\xff".to_vec()));
        assert_eq!(error, SecretError::Refused { task, kind, fault: KeyringFault::NotText });
        let damaged =
            keyring::Error::BadDataFormat(b"hunter2".to_vec(), Box::new(std::io::Error::other("hunter2")));
        let error = refused(task, kind, &damaged);
        assert_eq!(error, SecretError::Refused { task, kind, fault: KeyringFault::Damaged });
    }

    #[test]
    fn a_bus_without_a_keyring_counts_as_no_keyring() {
        let reason =
            "org.freedesktop.DBus.Error.ServiceUnknown: The name org.freedesktop.secrets was not provided";
        let error = keyring::Error::PlatformFailure(Box::new(std::io::Error::other(reason)));
        assert_eq!(
            refused(KeyringTask::Give, SecretKind::Password, &error),
            SecretError::Unavailable(KeyringFault::NotRunning)
        );
    }

    #[test]
    fn a_password_that_was_saved_before_there_were_other_secrets_is_found() {
        let users = SecretKind::ALL.map(|kind| user_of(&ProfileId::from("5f0c"), kind));
        assert_eq!(users, ["5f0c", "5f0c/key-passphrase", "5f0c/proxy-password", "5f0c/token"]);
    }

    #[test]
    fn one_secret_that_fails_keeps_no_other_from_being_removed() {
        let mut tried = Vec::new();
        let outcome = for_all(|kind| {
            tried.push(kind);
            Err(SecretError::Refused { task: KeyringTask::Forget, kind, fault: KeyringFault::Damaged })
        });
        assert_eq!(tried, SecretKind::ALL);
        assert!(
            matches!(outcome, Err(SecretError::Refused { kind: SecretKind::Password, .. })),
            "the first one is told: {outcome:?}"
        );
    }

    /// Tells [`child_that_probes`] that it is the child.
    const CHILD_VARIABLE: &str = "MQTTREE_TEST_PROBE";

    /// Reports whether there is a keyring, as a separate process, because the crate connects only once per process.
    /// When run as an ordinary test it does nothing, so that the developer's keyring is left alone.
    #[test]
    fn child_that_probes() {
        if std::env::var_os(CHILD_VARIABLE).is_some() {
            println!("probe: {:?}", SecretStore::from_env().probe());
        }
    }

    // `examples/keyring.rs` checks that a keyring keeps what it is given; that needs an unlocked one.
    #[cfg(all(unix, not(target_os = "macos")))]
    #[test]
    fn a_system_without_a_bus_has_no_keyring() {
        let output = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "store::secrets::tests::child_that_probes", "--nocapture"])
            .env(CHILD_VARIABLE, "1")
            .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
            .env_remove(KEYRING_VARIABLE)
            .output()
            .unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(said.contains("probe: Err(Unavailable("), "{said}");
    }
}

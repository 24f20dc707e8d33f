//! Passwords in the system's keyring: Keychain on macOS, Credential Manager on Windows, the Secret Service
//! (GNOME Keyring, KWallet, KeePassXC) elsewhere.
//!
//! Every call can block, for as long as the person is being asked to unlock the keyring: call them on a job's thread,
//! never on the window's. Nothing here logs, and no error text quotes a password.
//!
//! `MQTTREE_KEYRING=none` turns the keyring off: passwords are then asked for.

use keyring::Entry;

use super::profiles::ProfileId;
use crate::mqtt::options::Secret;

/// The environment variable that turns the keyring off when it is `none`.
pub const KEYRING_VARIABLE: &str = "MQTTREE_KEYRING";

/// What our entries are called in the keyring; the user name of an entry is the profile's id.
const SERVICE: &str = "mqttree";

/// Why a password could not be had or kept.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// There is no keyring to ask.
    #[error("there is no keyring: {0}")]
    Unavailable(String),
    /// There is one, and it said no: locked, dismissed, out of reach.
    #[error("the keyring did not {what}: {why}")]
    Refused {
        /// `give the password`, `keep the password`, `forget the password`.
        what: &'static str,
        /// Its reason.
        why: String,
    },
}

impl SecretError {
    /// What may help.
    pub fn suggestion(&self) -> &'static str {
        match self {
            Self::Unavailable(_) if cfg!(any(windows, target_os = "macos")) => {
                "mqttree asks for the password at each connect."
            }
            Self::Unavailable(_) => {
                "mqttree asks for the password at each connect. A keyring such as gnome-keyring, KWallet or KeePassXC is \
                 used once it runs and mqttree is started again."
            }
            Self::Refused { .. } => "Unlock the keyring and try again, or enter the password.",
        }
    }
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

    /// No keyring: every call says so.
    pub fn disabled() -> Self {
        Self { enabled: false }
    }

    /// Whether there is a keyring that answers: reads an entry that never exists. Blocks.
    pub fn probe(self) -> Result<(), SecretError> {
        self.get(&ProfileId::from("probe")).map(drop)
    }

    /// The password of a profile, `None` if the keyring has none. Blocks.
    pub fn get(self, id: &ProfileId) -> Result<Option<Secret>, SecretError> {
        match self.entry(id)?.get_password() {
            Ok(password) => Ok(Some(Secret::new(password))),
            Err(keyring::Error::NoEntry) => Ok(None),
            Err(error) => Err(refused("give the password", &error)),
        }
    }

    /// Keeps the password of a profile; an empty one is removed. Blocks.
    pub fn set(self, id: &ProfileId, password: &Secret) -> Result<(), SecretError> {
        if password.is_empty() {
            return self.delete(id);
        }
        self.entry(id)?.set_password(password.expose()).map_err(|error| refused("keep the password", &error))
    }

    /// Forgets the password of a profile; that there is none is fine. Blocks.
    pub fn delete(self, id: &ProfileId) -> Result<(), SecretError> {
        match self.entry(id)?.delete_credential() {
            Ok(()) | Err(keyring::Error::NoEntry) => Ok(()),
            Err(error) => Err(refused("forget the password", &error)),
        }
    }

    /// Gives a duplicated profile the password of its original, if there is one. Blocks.
    pub fn copy(self, from: &ProfileId, to: &ProfileId) -> Result<(), SecretError> {
        match self.get(from)? {
            Some(password) => self.set(to, &password),
            None => Ok(()),
        }
    }

    fn entry(self, id: &ProfileId) -> Result<Entry, SecretError> {
        if !self.enabled {
            return Err(SecretError::Unavailable(format!("{KEYRING_VARIABLE} is none")));
        }
        // The crate connects once per run and keeps the result.
        if let Err(error) = Entry::store_status() {
            return Err(SecretError::Unavailable(reason(error)));
        }
        Entry::new(SERVICE, id.as_str()).map_err(|error| SecretError::Unavailable(reason(&error)))
    }
}

fn refused(what: &'static str, error: &keyring::Error) -> SecretError {
    let no_service = matches!(error, keyring::Error::NoDefaultStore) || no_service(&error.to_string());
    // What the person does about a bus without a keyring is the same as about no bus.
    if no_service {
        SecretError::Unavailable(reason(error))
    } else {
        SecretError::Refused { what, why: reason(error) }
    }
}

fn no_service(text: &str) -> bool {
    ["ServiceUnknown", "NameHasNoOwner"].iter().any(|name| text.contains(name))
}

/// The error in words. Variants that carry bytes of the entry do not print them.
fn reason(error: &keyring::Error) -> String {
    let text = match error {
        keyring::Error::BadEncoding(_) => return "what it keeps is not text".to_owned(),
        keyring::Error::BadDataFormat(..) => return "what it keeps is damaged".to_owned(),
        keyring::Error::Ambiguous(entries) => {
            return format!("it has {} entries for this connection", entries.len());
        }
        other => other.to_string(),
    };
    if no_service(&text) {
        return "no program that keeps passwords is running".to_owned();
    }
    // The crates put their own names before what happened.
    let mut text = text.as_str();
    for prefix in ["Platform failure: ", "Couldn't access platform storage: ", "zbus error: "] {
        text = text.strip_prefix(prefix).unwrap_or(text);
    }
    text.to_owned()
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
            store.get(&id).unwrap_err(),
            store.set(&id, &Secret::new("hunter2")).unwrap_err(),
            store.delete(&id).unwrap_err(),
            store.copy(&id, &ProfileId::random()).unwrap_err(),
        ];
        for error in answers {
            assert_eq!(error.to_string(), "there is no keyring: MQTTREE_KEYRING is none");
            assert!(error.suggestion().contains("asks for the password"), "{}", error.suggestion());
        }
    }

    #[test]
    fn a_damaged_entry_is_not_quoted() {
        let error = refused("give the password", &keyring::Error::BadEncoding(b"hunter2\xff".to_vec()));
        assert_eq!(error.to_string(), "the keyring did not give the password: what it keeps is not text");
        let damaged =
            keyring::Error::BadDataFormat(b"hunter2".to_vec(), Box::new(std::io::Error::other("hunter2")));
        assert!(!refused("give the password", &damaged).to_string().contains("hunter2"));
    }

    #[test]
    fn a_bus_without_a_keyring_counts_as_no_keyring() {
        let reason =
            "org.freedesktop.DBus.Error.ServiceUnknown: The name org.freedesktop.secrets was not provided";
        let error = keyring::Error::PlatformFailure(Box::new(std::io::Error::other(reason)));
        assert!(matches!(refused("give the password", &error), SecretError::Unavailable(_)));
    }

    /// Tells [`child_that_probes`] that it is the child.
    const CHILD_VARIABLE: &str = "MQTTREE_TEST_PROBE";

    /// Says whether there is a keyring, as a program of its own: the crate connects to one once per program. Among
    /// the other tests it leaves the keyring of whoever runs them alone.
    #[test]
    fn child_that_probes() {
        if std::env::var_os(CHILD_VARIABLE).is_some() {
            println!("probe: {:?}", SecretStore::from_env().probe());
        }
    }

    // That a keyring keeps what it is given is for `examples/keyring.rs`: it needs one that is unlocked.
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

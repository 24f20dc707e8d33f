//! Stores passwords in the system's keyring, reads them back and removes them again:
//!
//! ```sh
//! cargo run --example keyring
//! ```
//!
//! This is a program, not a test, because it writes to a keyring that must be unlocked. To use GNOME Keyring without
//! touching your own, run it with a separate bus and folder:
//!
//! ```sh
//! cargo build --example keyring
//! XDG_DATA_HOME=$(mktemp -d) dbus-run-session -- sh -c \
//!     'echo | gnome-keyring-daemon --unlock --components=secrets && target/debug/examples/keyring'
//! ```

use anyhow::{Context as _, anyhow, ensure};
use mqttree::mqtt::options::{Secret, SecretKind};
use mqttree::store::secrets::SecretError;
use mqttree::store::{ProfileId, SecretStore};
use mqttree::words::options::secret_in_sentence;
use mqttree::words::{Language, secrets};

/// An ordinary password, one full of characters that need escaping, and one in another script.
const PASSWORDS: [&str; 3] = ["hunter2", "p\u{e4}ss \"w\u{f6}rd\"\n", "\u{6e29}\u{5ea6}"];

fn main() -> anyhow::Result<()> {
    let store = SecretStore::from_env();
    told(store.probe()).context("there is no keyring to try")?;
    let (first, second) = (ProfileId::random(), ProfileId::random());
    let outcome = round_trip(store, &first, &second);
    // Whatever happened, leave nothing behind.
    told(store.delete_all(&first)).context("removing the first entries")?;
    told(store.delete_all(&second)).context("removing the second entries")?;
    outcome?;
    println!("The keyring keeps, copies and removes passwords and the other secrets.");
    Ok(())
}

/// Converts an error to the program's own words.
fn told<T>(result: Result<T, SecretError>) -> anyhow::Result<T> {
    result.map_err(|error| anyhow!(secrets::error(&error, Language::English)))
}

fn round_trip(store: SecretStore, first: &ProfileId, second: &ProfileId) -> anyhow::Result<()> {
    for kind in SecretKind::ALL {
        ensure!(told(store.get(first, kind))?.is_none(), "an entry that was never made exists");
        for password in PASSWORDS.map(Secret::new) {
            told(store.set(first, kind, &password))?;
            ensure!(
                told(store.get(first, kind))? == Some(password),
                "another {} comes back",
                secret_in_sentence(kind).of(Language::English)
            );
        }
    }
    told(store.set(first, SecretKind::Token, &Secret::new("another")))?;
    told(store.copy(first, second))?;
    for kind in SecretKind::ALL {
        told(store.set(first, kind, &Secret::default()))?;
        ensure!(
            told(store.get(first, kind))?.is_none(),
            "an empty {} is not removed",
            secret_in_sentence(kind).of(Language::English)
        );
        let expected = if kind == SecretKind::Token { "another" } else { PASSWORDS[2] };
        ensure!(
            told(store.get(second, kind))? == Some(Secret::new(expected)),
            "the copy is another {}",
            secret_in_sentence(kind).of(Language::English)
        );
    }
    told(store.delete_all(second))?;
    told(store.delete_all(second)).context("removing what is removed")?;
    for kind in SecretKind::ALL {
        ensure!(
            told(store.get(second, kind))?.is_none(),
            "a removed {} is still there",
            secret_in_sentence(kind).of(Language::English)
        );
    }
    Ok(())
}

//! Puts passwords into the system's keyring, takes them back and removes them again:
//!
//! ```sh
//! cargo run --example keyring
//! ```
//!
//! A program and not a test, because it needs a keyring that is unlocked and writes into it. GNOME Keyring without
//! touching one's own, in a bus and a folder of their own:
//!
//! ```sh
//! cargo build --example keyring
//! XDG_DATA_HOME=$(mktemp -d) dbus-run-session -- sh -c \
//!     'echo | gnome-keyring-daemon --unlock --components=secrets && target/debug/examples/keyring'
//! ```

use anyhow::{Context as _, ensure};
use mqttree::mqtt::options::Secret;
use mqttree::store::{ProfileId, SecretStore};

/// Ordinary, full of what has to be escaped, and in another script.
const PASSWORDS: [&str; 3] = ["hunter2", "p\u{e4}ss \"w\u{f6}rd\"\n", "\u{6e29}\u{5ea6}"];

fn main() -> anyhow::Result<()> {
    let store = SecretStore::from_env();
    store.probe().context("there is no keyring to try")?;
    let (first, second) = (ProfileId::random(), ProfileId::random());
    let outcome = round_trip(store, &first, &second);
    // Whatever happened, nothing stays behind.
    store.delete(&first).context("removing the first entry")?;
    store.delete(&second).context("removing the second entry")?;
    outcome?;
    println!("The keyring keeps, copies and removes passwords.");
    Ok(())
}

fn round_trip(store: SecretStore, first: &ProfileId, second: &ProfileId) -> anyhow::Result<()> {
    ensure!(store.get(first)?.is_none(), "an entry that was never made exists");
    for password in PASSWORDS.map(Secret::new) {
        store.set(first, &password)?;
        ensure!(store.get(first)? == Some(password), "another password comes back");
    }
    store.copy(first, second)?;
    store.set(first, &Secret::default())?;
    ensure!(store.get(first)?.is_none(), "an empty password is not removed");
    ensure!(store.get(second)? == Some(Secret::new(PASSWORDS[2])), "the copy is not the password");
    store.delete(second)?;
    store.delete(second).context("removing what is removed")?;
    ensure!(store.get(second)?.is_none(), "a removed password is still there");
    Ok(())
}

//! Secrets from the environment: other users of the machine see a program's arguments, but not its environment.

use crate::mqtt::options::{Secret, SecretKind, Secrets};

/// The variables and what they hold.
const VARIABLES: [(&str, SecretKind); 4] = [
    ("MQTTREE_PASSWORD", SecretKind::Password),
    ("MQTTREE_KEY_PASSPHRASE", SecretKind::KeyPassphrase),
    ("MQTTREE_PROXY_PASSWORD", SecretKind::ProxyPassword),
    ("MQTTREE_TOKEN", SecretKind::Token),
];

/// What the environment says about the connection that is named on the command line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Environment {
    /// Each is used where the connection needs it and no option gives it.
    pub secrets: Secrets,
}

impl Environment {
    /// Reads the variables. One that is not UTF-8 counts as unset.
    pub fn read() -> Self {
        let mut secrets = Secrets::default();
        for (name, kind) in VARIABLES {
            if let Ok(text) = std::env::var(name) {
                *secrets.get_mut(kind) = Secret::new(text);
            }
        }
        Self { secrets }
    }
}

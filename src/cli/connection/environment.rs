//! What surrounds the program: secrets in environment variables, because other users of the machine see a program's
//! arguments, and whether a person's shell started it.

use crate::mqtt::options::{Secret, SecretKind, Secrets};

/// The variables and what they hold.
const VARIABLES: [(&str, SecretKind); 4] = [
    ("MQTTREE_PASSWORD", SecretKind::Password),
    ("MQTTREE_KEY_PASSPHRASE", SecretKind::KeyPassphrase),
    ("MQTTREE_PROXY_PASSWORD", SecretKind::ProxyPassword),
    ("MQTTREE_TOKEN", SecretKind::Token),
];

/// What surrounds the program and counts for the connection that is named on the command line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Environment {
    /// Each is used where the connection needs it and no option gives it.
    pub secrets: Secrets,
    /// Whether a person typed the command line into a shell, as far as that can be told.
    pub from_shell: bool,
}

impl Environment {
    /// Looks at the terminal and reads the variables. One that is not UTF-8 counts as unset.
    pub fn read() -> Self {
        let mut secrets = Secrets::default();
        for (name, kind) in VARIABLES {
            if let Ok(text) = std::env::var(name) {
                *secrets.get_mut(kind) = Secret::new(text);
            }
        }
        Self { secrets, from_shell: is_from_shell() }
    }
}

/// Whether this is the job that a shell on a terminal runs in the foreground. A shell makes each job the leader of a
/// process group; what a browser or a desktop starts is none, even if the browser itself was started in a terminal.
#[cfg(unix)]
fn is_from_shell() -> bool {
    let group = rustix::process::getpgrp();
    group == rustix::process::getpid()
        && rustix::termios::tcgetpgrp(std::io::stdin()).is_ok_and(|foreground| foreground == group)
}

/// Whether a shell started the program cannot be told here.
#[cfg(not(unix))]
fn is_from_shell() -> bool {
    false
}

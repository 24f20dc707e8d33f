//! What surrounds the program: secrets in environment variables, because other users of the machine see a program's
//! arguments, and whether a person's shell started it.

use std::ffi::OsString;

use crate::mqtt::options::{Secret, SecretKind, Secrets};
use crate::words::cli::Usage;

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
    /// What is set to something that is not UTF-8.
    pub unreadable: Vec<SecretKind>,
    /// Whether a person typed the command line into a shell, as far as that can be told.
    pub from_shell: bool,
}

impl Environment {
    /// Looks at the variables and at the terminal.
    pub fn read() -> Self {
        Self { from_shell: is_from_shell(), ..Self::from(|name| std::env::var_os(name)) }
    }

    /// [`Environment::read`] with the variables given.
    pub fn from(variable: impl Fn(&str) -> Option<OsString>) -> Self {
        let mut environment = Self::default();
        for (name, kind) in VARIABLES {
            match variable(name).map(OsString::into_string) {
                Some(Ok(text)) => *environment.secrets.get_mut(kind) = Secret::new(text),
                Some(Err(_)) => environment.unreadable.push(kind),
                None => {}
            }
        }
        environment
    }

    /// The secret of this kind; empty if there is none. One that is there and cannot be sent is not silently left out.
    pub fn secret(&self, kind: SecretKind) -> Result<Secret, Usage> {
        if self.unreadable.contains(&kind) {
            let name = VARIABLES.iter().find_map(|(name, of)| (*of == kind).then_some(*name));
            return Err(Usage::NotUtf8Variable { name: name.unwrap_or_default() });
        }
        Ok(self.secrets.get(kind).clone())
    }

    /// All of them, for a saved connection that shows later which it needs.
    pub fn all(&self) -> Result<Secrets, Usage> {
        let mut secrets = Secrets::default();
        for kind in SecretKind::ALL {
            *secrets.get_mut(kind) = self.secret(kind)?;
        }
        Ok(secrets)
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

//! The program's environment: secrets in variables, because other users of the machine can see its arguments, and
//! whether a person started it from a shell.

use std::ffi::OsString;

use crate::mqtt::options::{Secret, SecretKind, Secrets};
use crate::words::cli::Usage;

/// The variables and the secrets they hold.
const VARIABLES: [(&str, SecretKind); 4] = [
    ("MQTTREE_PASSWORD", SecretKind::Password),
    ("MQTTREE_KEY_PASSPHRASE", SecretKind::KeyPassphrase),
    ("MQTTREE_PROXY_PASSWORD", SecretKind::ProxyPassword),
    ("MQTTREE_TOKEN", SecretKind::Token),
];

/// The parts of the environment that matter for a connection named on the command line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Environment {
    /// Secrets, used where the connection needs them and no option gives them.
    pub secrets: Secrets,
    /// Secrets whose variables are not UTF-8.
    pub unreadable: Vec<SecretKind>,
    /// Whether a person typed the command line into a shell, as far as this can be determined.
    pub from_shell: bool,
}

impl Environment {
    /// Reads the variables and checks the terminal.
    pub fn read() -> Self {
        Self { from_shell: is_from_shell(), ..Self::from(|name| std::env::var_os(name)) }
    }

    /// Creates an environment from the given variables; see [`Environment::read`].
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

    /// The secret of this kind; empty if there is none. An unusable secret is an error, never silently ignored.
    pub fn secret(&self, kind: SecretKind) -> Result<Secret, Usage> {
        if self.unreadable.contains(&kind) {
            let name = VARIABLES.iter().find_map(|(name, of)| (*of == kind).then_some(*name));
            return Err(Usage::NotUtf8Variable { name: name.unwrap_or_default() });
        }
        Ok(self.secrets.get(kind).clone())
    }

    /// All secrets, for a saved connection whose needs become known later.
    pub fn all(&self) -> Result<Secrets, Usage> {
        let mut secrets = Secrets::default();
        for kind in SecretKind::ALL {
            *secrets.get_mut(kind) = self.secret(kind)?;
        }
        Ok(secrets)
    }
}

/// Whether this is the foreground job of a shell on a terminal. A shell makes each job the leader of a process group.
/// Programs started by a browser or desktop are not leaders, even if the browser itself was started in a terminal.
#[cfg(unix)]
fn is_from_shell() -> bool {
    let group = rustix::process::getpgrp();
    group == rustix::process::getpid()
        && rustix::termios::tcgetpgrp(std::io::stdin()).is_ok_and(|foreground| foreground == group)
}

/// This system does not reveal whether a shell started the program.
#[cfg(not(unix))]
fn is_from_shell() -> bool {
    false
}

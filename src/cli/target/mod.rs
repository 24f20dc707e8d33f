//! Finds out which broker a command without a window talks to, and as whom: from command-line options, a saved
//! connection, or both.

use std::io::IsTerminal as _;

use crate::cli::connection::{Applied, ConnectionArgs, Environment, PropertyArg, is_same_host, qos, refuse};
use crate::cli::named_profile;
use crate::mqtt::options::{ConnectOptions, Secret, SecretKind, Secrets, Subscription};
use crate::store::document::Storable as _;
use crate::store::profiles::validate;
use crate::store::secrets::{Gathered, SecretError};
use crate::store::{self, PasswordPlace, Paths, Profile, Profiles, SecretStore};
use crate::words::cli::{NotBegun, ProfileError, Usage};
use crate::words::{self, Language};

/// Which client a command with a saved connection acts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Client {
    /// The saved client, with its ID, session and will.
    Saved,
    /// A separate client, unless -i or -c say otherwise. With the saved ID it would end the connection that uses it and
    /// take the messages that the broker keeps for it.
    Own,
}

/// A checked connection to open.
#[derive(Debug)]
pub(super) struct Target {
    /// The profile, including a saved connection's subscriptions, which the command may change.
    pub profile: Profile,
    /// The secrets given.
    pub given: Secrets,
    /// The topic in the URL; empty if there is none.
    pub topic: String,
    /// `-D` properties for commands other than CONNECT and the will: the command handles or rejects them.
    pub properties: Vec<PropertyArg>,
    /// Kinds of secrets that were saved for another broker, user, key or proxy than the options name.
    foreign: Vec<SecretKind>,
}

impl Target {
    /// Combines `args` with the saved connection `name`.
    pub(super) fn find(
        args: &ConnectionArgs,
        name: Option<&str>,
        client: Client,
        environment: &Environment,
    ) -> Result<Self, Usage> {
        match name {
            None => {
                let (options, applied) = args.resolve(None, environment)?;
                let Applied { secrets: given, topic, properties } = applied;
                let profile = Profile {
                    password_place: PasswordPlace::Ask,
                    ..Profile::new(options.host.clone(), options)
                };
                Ok(Self { profile, given, topic, properties, foreign: Vec::new() })
            }
            Some(name) => {
                let mut profile = saved(name)?;
                if client == Client::Own {
                    stand_apart(args, &mut profile.connect);
                }
                overlay(args, profile, environment)
            }
        }
    }

    /// Subscribes to the URL's topic and to `topics`, or else to the saved filters, at the QoS of `-q` if it is given.
    pub(super) fn choose_filters(&mut self, topics: &[String], level: Option<&str>) -> Result<(), Usage> {
        let level = level.map(|text| qos("-q", text)).transpose()?;
        let from_url = Some(self.topic.clone()).filter(|topic| !topic.is_empty());
        let filters: Vec<String> = from_url.into_iter().chain(topics.iter().cloned()).collect();
        let subscriptions = &mut self.profile.connect.subscriptions;
        if !filters.is_empty() {
            subscriptions.clear();
            for filter in filters {
                if subscriptions.iter().all(|known| known.filter != filter) {
                    subscriptions.push(Subscription::new(filter, level.unwrap_or_default()));
                }
            }
        } else if let Some(level) = level {
            for subscription in subscriptions {
                subscription.qos = level;
            }
        }
        Ok(())
    }

    /// Checks that the connection can be opened, after the command has made its changes.
    pub(super) fn check(&self) -> Result<(), Usage> {
        refuse(&validate(&self.profile), &self.profile.connect)
    }

    /// The secrets that were given, saved, or are typed now. Without a terminal, missing ones are left out.
    pub(super) fn secrets(&self) -> Result<Secrets, NotBegun> {
        let Gathered { mut secrets, missing, problem } = self.gather(SecretStore::from_env());
        if std::io::stdin().is_terminal() {
            for kind in missing {
                *secrets.get_mut(kind) = ask(kind, &self.profile.connect)?;
            }
        } else if let Some(error @ SecretError::Refused { .. }) = problem {
            return Err(NotBegun::Secret(error));
        }
        Ok(secrets)
    }

    /// The variables of the connection, with the secret ones that the keyring has. Blocks.
    pub fn variables(&self, store: SecretStore) -> Vec<(String, String)> {
        let connect = &self.profile.connect;
        let (secrets, problem) = store.variables(&self.profile.id, &connect.secret_variables);
        if let Some(problem) = problem {
            log::warn!("the secret variables have no values: {problem:?}");
        }
        secrets.with(&connect.variables)
    }

    /// The secrets given or saved, except those saved for somebody else.
    fn gather(&self, store: SecretStore) -> Gathered {
        let nothing_kept = Profile { password_place: PasswordPlace::Ask, ..self.profile.clone() };
        let needed = store.gather(&nothing_kept, self.given.clone());
        let (foreign, own): (Vec<_>, Vec<_>) =
            needed.missing.iter().partition(|kind| self.foreign.contains(kind));
        if own.is_empty() {
            return needed; // and leave the keyring alone
        }
        let mut found = store.gather(&self.profile, self.given.clone());
        for kind in &foreign {
            *found.secrets.get_mut(*kind) = Secret::default();
        }
        let missing = needed.missing.into_iter();
        let missing = missing.filter(|kind| foreign.contains(kind) || found.missing.contains(kind));
        Gathered { missing: missing.collect(), ..found }
    }
}

/// Finds a saved connection by name. The file is only read; the window reports any damage to it.
pub(in crate::cli) fn saved(name: &str) -> Result<Profile, Usage> {
    let wrong = |error| Usage::Profile { name: name.to_owned(), error: Box::new(error) };
    let paths = Paths::from_env().map_err(|error| wrong(ProfileError::Folder(error)))?;
    let mut damage = None;
    let profiles = match store::read(&paths.profiles(), Profiles::BYTES_MAX) {
        Ok(Some(bytes)) => {
            let parsed = Profiles::parse(&bytes);
            damage = parsed.damage;
            parsed.document
        }
        Ok(None) => Profiles::default(),
        Err(error) => return Err(wrong(ProfileError::File(error))),
    };
    let found = named_profile(name, &profiles).cloned();
    match (found, damage) {
        // The requested connection may be among those that could not be read.
        (Err(_), Some(damage)) => Err(wrong(ProfileError::Damaged { file: paths.profiles(), damage })),
        (found, _) => found,
    }
}

/// Removes from a saved connection what makes it the saved client.
fn stand_apart(args: &ConnectionArgs, connect: &mut ConnectOptions) {
    if args.id.is_some() || args.keep_session {
        return;
    }
    connect.client_id.clear();
    connect.clean_session = true;
    connect.mqtt5.session_expiry_s = None;
    if !args.says_a_will() {
        connect.will = None;
    }
}

/// Applies the options to a saved connection.
fn overlay(args: &ConnectionArgs, mut profile: Profile, environment: &Environment) -> Result<Target, Usage> {
    let saved = profile.connect.clone();
    let applied = args.apply(&mut profile.connect, None, environment)?;
    let Applied { secrets: given, topic, properties } = applied;
    let foreign = foreign(&saved, &profile.connect);
    Ok(Target { profile, given, topic, properties, foreign })
}

/// The kinds of secrets saved for `saved` that must not be used for `now`.
fn foreign(saved: &ConnectOptions, now: &ConnectOptions) -> Vec<SecretKind> {
    let same_broker = is_same_host(&saved.host, &now.host);
    let same_key = saved.tls.client_key == now.tls.client_key
        && saved.tls.client_certificate == now.tls.client_certificate;
    let is_foreign = |kind: &SecretKind| {
        !same_broker
            || match kind {
                SecretKind::Password => saved.username != now.username,
                SecretKind::KeyPassphrase => !same_key,
                SecretKind::ProxyPassword => saved.network.proxy != now.network.proxy,
                SecretKind::Token => false,
            }
    };
    SecretKind::ALL.into_iter().filter(is_foreign).collect()
}

fn ask(kind: SecretKind, connect: &ConnectOptions) -> Result<Secret, NotBegun> {
    let prompt = words::secrets::prompt(kind, &connect.username, &connect.url(), Language::English);
    rpassword::prompt_password(prompt).map(Secret::new).map_err(|error| NotBegun::Terminal(error.into()))
}

#[cfg(test)]
mod tests;

//! From a profile to an open session: finds its secrets, asks for missing ones, then makes the tab.

use std::collections::VecDeque;

use eframe::egui::Context;

use crate::app::storage::Storage;
use crate::mqtt::options::{ConnectOptions, SecretKind, Secrets};
use crate::panels::secrets_dialog::{SecretsAnswer, SecretsDialog};
use crate::store::secrets::{self, Gathered};
use crate::store::{PasswordPlace, Profile, ProfileId};
use crate::ui::job::{Job, JobProgress};
use crate::words::{self, Language, secrets_dialog};

/// What secrets are gathered for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Purpose {
    /// Open a session.
    #[default]
    Open,
    /// Test the connection step by step.
    Test,
}

/// What a session is opened with.
#[derive(Clone, Debug)]
pub struct Target {
    /// Why the secrets are gathered.
    pub purpose: Purpose,
    /// Name of the tab.
    pub name: String,
    /// The profile; `None` if the command line named the connection.
    pub profile: Option<ProfileId>,
    /// Address and options.
    pub options: ConnectOptions,
    /// The known secrets, which are not asked for.
    pub secrets: Secrets,
    /// Which of the secrets the person typed into the dialog.
    pub asked: Vec<SecretKind>,
}

/// Connections whose sessions are not open yet.
#[derive(Debug, Default)]
pub struct Pending {
    looking: Vec<(Target, Job<Gathered>)>,
    /// The open questions; the first one is shown.
    asking: VecDeque<Asking>,
}

/// A connection whose secrets the person is asked for.
#[derive(Debug)]
struct Asking {
    target: Target,
    dialog: SecretsDialog,
}

impl Pending {
    /// Begins to connect with the secrets that are `given`. Returns the target if it is ready at once. Does nothing if
    /// the same one is already on its way, as after a double click.
    pub fn begin(
        &mut self,
        profile: &Profile,
        given: Secrets,
        purpose: Purpose,
        storage: &Storage,
        ctx: &Context,
    ) -> Option<Target> {
        let target = Target {
            purpose,
            name: profile.name.clone(),
            profile: Some(profile.id.clone()),
            options: profile.connect.clone(),
            secrets: given,
            asked: Vec::new(),
        };
        if self.has(&target) {
            return None;
        }
        if secrets::possible(&profile.connect).is_empty() {
            return Some(target);
        }
        self.gather(target, profile.clone(), storage, ctx);
        None
    }

    /// Begins to connect to what the command line named. A password is asked for only after the broker refused the user
    /// name alone; an encrypted key or an authentication method cannot work without its secret.
    pub fn begin_unsaved(&mut self, target: Target, storage: &Storage, ctx: &Context) -> Option<Target> {
        let possible = secrets::possible(&target.options);
        if !possible.contains(&SecretKind::KeyPassphrase) && !possible.contains(&SecretKind::Token) {
            return Some(target);
        }
        let profile = Profile::new(target.name.clone(), target.options.clone());
        let profile = Profile { password_place: PasswordPlace::File, ..profile };
        self.gather(target, profile, storage, ctx);
        None
    }

    fn has(&self, target: &Target) -> bool {
        let same = |other: &Target| {
            (other.purpose, &other.profile, &other.options)
                == (target.purpose, &target.profile, &target.options)
        };
        self.asking.iter().any(|asking| same(&asking.target))
            || self.looking.iter().any(|(other, _)| same(other) && other.secrets == target.secrets)
    }

    fn gather(&mut self, target: Target, profile: Profile, storage: &Storage, ctx: &Context) {
        let (store, given) = (storage.secrets, target.secrets.clone());
        let job = Job::spawn("gather secrets", ctx, move |_| store.gather(&profile, given));
        self.looking.push((target, job));
    }

    /// Asks for all secrets that `target` may need, because it was refused with those it has. The fields for the key
    /// and the proxy are filled in; those that the broker refused are empty. Returns `false` if there is nothing to ask
    /// for.
    pub fn ask_again(&mut self, target: Target, why: Option<String>) -> bool {
        let typed = |kind| match kind {
            SecretKind::Password | SecretKind::Token => String::new(),
            SecretKind::KeyPassphrase | SecretKind::ProxyPassword => {
                target.secrets.get(kind).expose().to_owned()
            }
        };
        // An empty passphrase means that the key has none.
        let fields: Vec<_> = secrets::possible(&target.options)
            .into_iter()
            .map(|kind| (kind, typed(kind)))
            .filter(|(kind, typed)| *kind != SecretKind::KeyPassphrase || !typed.is_empty())
            .collect();
        let any = !fields.is_empty();
        if any {
            self.ask(target, fields, why);
        }
        any
    }

    fn ask(&mut self, target: Target, fields: Vec<(SecretKind, String)>, why: Option<String>) {
        let dialog = SecretsDialog::new(fields, why);
        self.asking.push_back(Asking { target, dialog });
    }

    /// Collects the secrets that were found; returns the sessions that can be opened now.
    pub fn collect(&mut self, language: Language) -> Vec<Target> {
        let mut ready = Vec::new();
        let mut waiting = Vec::new();
        for (target, job) in std::mem::take(&mut self.looking) {
            let (secrets, missing, why) = match job.poll() {
                JobProgress::Running => {
                    waiting.push((target, job));
                    continue;
                }
                JobProgress::Done(Gathered { secrets, missing, problem }) => {
                    (secrets, missing, problem.as_ref().map(|error| words::secrets::error(error, language)))
                }
                JobProgress::Failed => {
                    let why = secrets_dialog::KEYRING_FAILED.of(language).to_owned();
                    (target.secrets.clone(), secrets::possible(&target.options), Some(why))
                }
            };
            let target = Target { secrets, ..target };
            if missing.is_empty() {
                ready.push(target);
            } else {
                self.ask(target, missing.into_iter().map(|kind| (kind, String::new())).collect(), why);
            }
        }
        self.looking = waiting;
        ready
    }

    /// Shows the dialog for missing secrets; returns the session once it has them.
    pub fn show(&mut self, ctx: &Context) -> Option<Target> {
        let Asking { target, dialog } = self.asking.front_mut()?;
        let verb = match target.purpose {
            Purpose::Open => secrets_dialog::CONNECT,
            Purpose::Test => secrets_dialog::TEST,
        };
        match dialog.show(ctx, &target.name, &target.options, verb) {
            SecretsAnswer::Open => None,
            SecretsAnswer::Cancelled => {
                self.asking.pop_front();
                None
            }
            SecretsAnswer::Given(secrets) => {
                let Asking { mut target, .. } = self.asking.pop_front()?;
                for (kind, secret) in secrets {
                    target.asked.push(kind);
                    *target.secrets.get_mut(kind) = secret;
                }
                Some(target)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(secrets: Secrets) -> Target {
        let options = ConnectOptions { username: "ada".to_owned(), ..ConnectOptions::default() };
        Target {
            purpose: Purpose::Open,
            name: "factory".to_owned(),
            profile: Some(ProfileId::from("1")),
            options,
            secrets,
            asked: Vec::new(),
        }
    }

    #[test]
    fn what_is_being_asked_for_is_not_begun_a_second_time() {
        let mut pending = Pending::default();
        assert!(!pending.has(&target(Secrets::default())));
        assert!(pending.ask_again(target(Secrets::default()), None));
        assert!(pending.has(&target(Secrets::default())));
        assert!(!pending.has(&Target { purpose: Purpose::Test, ..target(Secrets::default()) }));
    }

    #[test]
    fn a_dialog_without_a_field_is_not_shown() {
        let mut pending = Pending::default();
        let nothing = Target { options: ConnectOptions::default(), ..target(Secrets::default()) };
        assert!(!pending.ask_again(nothing, None));
        assert!(pending.asking.is_empty());
    }
}

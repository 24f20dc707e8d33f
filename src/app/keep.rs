//! Saves an edited profile and puts its secrets where it says, moving them if that place changed.
//!
//! The keyring may ask the person to unlock it, so only jobs talk to it; the end of the program waits for them, but not
//! for ever.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use eframe::egui::Context;

use crate::app::App;
use crate::app::connect::Target;
use crate::command::{Notice, ProfileEdit};
use crate::mqtt::options::{Secret, SecretKind, Secrets};
use crate::session::clock;
use crate::store::secrets::SecretError;
use crate::store::spoken;
use crate::store::url;
use crate::store::{PasswordPlace, Profile, ProfileId, SecretStore};
use crate::ui::job::{Job, JobProgress};
use crate::ui::language;
use crate::words;

/// How long the end of the program waits for the keyring.
const KEYRING_LIMIT: Duration = Duration::from_secs(2);

/// What a job has to do with the keyring after a profile was saved.
#[derive(Debug, PartialEq, Eq)]
enum Task {
    /// Keep these secrets; empty ones are removed.
    Write(Vec<(SecretKind, Secret)>),
    /// Keep what was typed to log in. It is no error if there is no keyring, because nobody asked for this.
    WriteLogin(Vec<(SecretKind, Secret)>),
    /// Move its secrets to the profiles file, except for these, which were typed anew.
    MoveOut(Vec<SecretKind>),
    /// Write these secret variables to the keyring, and remove the empty ones.
    Variables(Vec<(String, Secret)>),
    /// Remove all secrets of the profile.
    Forget,
}

/// The outcome of a task.
#[derive(Debug, Default)]
pub(super) struct Done {
    /// The error to show, if there is one.
    problem: Option<SecretError>,
    /// The secrets to put into the profiles file.
    moved: Option<(ProfileId, Secrets)>,
}

/// Puts the secrets that were `typed`, and those that `stored` has, where `profile` keeps them. The form's copy of
/// `file_secrets` is ignored because it may be out of date.
fn place(profile: &mut Profile, stored: &Profile, typed: Vec<(SecretKind, Secret)>) -> Option<Task> {
    let from = stored.password_place;
    let mut known =
        if from == PasswordPlace::File { stored.file_secrets.clone() } else { Secrets::default() };
    let changed: Vec<SecretKind> = typed.iter().map(|(kind, _)| *kind).collect();
    for (kind, secret) in typed {
        *known.get_mut(kind) = secret;
    }
    profile.file_secrets = Secrets::default();
    match (from, profile.password_place) {
        (from, PasswordPlace::File) => {
            profile.file_secrets = known;
            (from == PasswordPlace::Keyring).then_some(Task::MoveOut(changed))
        }
        (PasswordPlace::Keyring, PasswordPlace::Ask) => Some(Task::Forget),
        (_, PasswordPlace::Ask) => None,
        (_, PasswordPlace::Keyring) => {
            let write = |kind: &SecretKind| changed.contains(kind) || !known.get(*kind).is_empty();
            let kinds = SecretKind::ALL.into_iter().filter(write);
            let list: Vec<_> = kinds.map(|kind| (kind, known.get(kind).clone())).collect();
            (!list.is_empty()).then_some(Task::Write(list))
        }
    }
}

impl Task {
    /// Carries out the task. Blocks.
    fn carry_out(self, store: SecretStore, id: ProfileId) -> Done {
        match self {
            Self::Write(list) => Done { problem: write(store, &id, list), moved: None },
            Self::WriteLogin(list) => {
                Done { problem: write(store, &id, list).and_then(worth_telling), moved: None }
            }
            Self::MoveOut(but) => {
                let mut secrets = Secrets::default();
                let mut problem = None;
                for kind in SecretKind::ALL.into_iter().filter(|kind| !but.contains(kind)) {
                    match store.get(&id, kind) {
                        Ok(secret) => *secrets.get_mut(kind) = secret.unwrap_or_default(),
                        Err(error) => problem = problem.or(worth_telling(error)),
                    }
                }
                // Secrets that could not be read are not removed either.
                let moved = problem.is_none().then_some((id, secrets));
                Done { problem, moved }
            }
            Self::Variables(list) => {
                let kept = list.iter().map(|(name, secret)| {
                    let kept = store.set_variable(&id, name, secret);
                    // Where there is no keyring, nothing was to be removed from it.
                    kept.err().filter(|error| !secret.is_empty() || worth_telling(error.clone()).is_some())
                });
                let problems: Vec<_> = kept.flatten().collect();
                Done { problem: problems.into_iter().next(), moved: None }
            }
            Self::Forget => {
                Done { problem: store.delete_all(&id).err().and_then(worth_telling), moved: None }
            }
        }
    }
}

/// Writes all of the secrets, and returns the first failure.
fn write(store: SecretStore, id: &ProfileId, list: Vec<(SecretKind, Secret)>) -> Option<SecretError> {
    let kept = list.into_iter().map(|(kind, secret)| store.set(id, kind, &secret));
    let errors: Vec<_> = kept.filter_map(Result::err).collect();
    errors.into_iter().next()
}

/// Filters out the absence of a keyring: nothing was to be kept in it, and nothing is.
fn worth_telling(error: SecretError) -> Option<SecretError> {
    match error {
        SecretError::Unavailable(_) => None,
        SecretError::Refused { .. } | SecretError::Variable { .. } => Some(error),
    }
}

/// What a person typed to log in.
#[derive(Debug)]
pub(super) struct Login {
    profile: ProfileId,
    typed: Vec<(SecretKind, Secret)>,
}

impl Login {
    /// What was typed for this session, if it has a saved profile.
    pub(super) fn of(target: &Target) -> Option<Self> {
        let typed = target.asked.iter().map(|kind| (*kind, target.secrets.get(*kind).clone()));
        let typed: Vec<_> = typed.filter(|(_, secret)| !secret.is_empty()).collect();
        let profile = target.profile.clone().filter(|_| !typed.is_empty())?;
        Some(Self { profile, typed })
    }
}

/// A task that is running, or waiting for an earlier one of the same profile.
#[derive(Debug)]
pub(super) struct Keeping {
    id: ProfileId,
    moves_out: bool,
    stage: Stage,
}

#[derive(Debug)]
enum Stage {
    Waiting(Task),
    Running(Job<Done>),
}

impl Keeping {
    fn waiting(task: Task, id: ProfileId) -> Self {
        let moves_out = matches!(task, Task::MoveOut(_));
        Self { id, moves_out, stage: Stage::Waiting(task) }
    }

    fn start(self, store: SecretStore, ctx: &Context) -> Self {
        let Stage::Waiting(task) = self.stage else { return self };
        let id = self.id.clone();
        let job = Job::spawn("keep secrets", ctx, move |_| task.carry_out(store, id));
        Self { stage: Stage::Running(job), ..self }
    }
}

impl App {
    /// Saves an edited profile.
    pub(super) fn save_profile(&mut self, edit: ProfileEdit) {
        let ProfileEdit { mut profile, secrets, variables, .. } = edit;
        let Some(stored) = self.storage.profiles.get(&profile.id) else { return };
        // A host that is half typed or cannot be parsed might put a password into the file.
        if url::may_hold_password(&profile.connect) {
            profile.connect.host.clone_from(&stored.connect.host);
        }
        if let Some(task) = place(&mut profile, stored, secrets) {
            self.keep_later(task, profile.id.clone());
        }
        if !variables.is_empty() {
            self.keep_later(Task::Variables(variables), profile.id.clone());
        }
        self.storage.profiles.update(profile);
        self.storage.save_profiles();
    }

    /// Adds connections from elsewhere and returns their ids. The list gives each a free name, and a new id if its own
    /// is taken.
    pub(super) fn add_edited(&mut self, edits: Vec<ProfileEdit>) -> Vec<ProfileId> {
        let mut tasks = Vec::new();
        let placed = edits.into_iter().map(|ProfileEdit { mut profile, secrets, .. }| {
            let stored = profile.clone();
            tasks.push(place(&mut profile, &stored, secrets));
            profile
        });
        let ids = self.storage.profiles.add_all(placed);
        let tasks = tasks.into_iter().zip(&ids).filter_map(|(task, id)| Some((task?, id.clone())));
        self.keeping.extend(tasks.map(|(task, id)| Keeping::waiting(task, id)));
        self.start_keeping();
        self.storage.save_profiles();
        ids
    }

    /// Removes the secrets of a deleted profile, and its secret variables of these names.
    pub(super) fn forget_secrets(&mut self, id: ProfileId, variables: &[String]) {
        if !variables.is_empty() {
            let removed = variables.iter().map(|name| (name.clone(), Secret::default())).collect();
            self.keep_later(Task::Variables(removed), id.clone());
        }
        self.keep_later(Task::Forget, id);
    }

    /// A saved profile to connect with. Secrets that are being moved from the keyring to the file are still read from
    /// the keyring.
    pub(super) fn profile_with_secrets(&self, id: &ProfileId) -> Option<Profile> {
        let mut profile = self.storage.profiles.get(id)?.clone();
        if self.keeping.iter().any(|keeping| keeping.moves_out && keeping.id == *id) {
            profile.password_place = PasswordPlace::Keyring;
        }
        Some(profile)
    }

    fn keep_later(&mut self, task: Task, id: ProfileId) {
        self.keeping.push(Keeping::waiting(task, id));
        self.start_keeping();
    }

    /// Starts the tasks that have no earlier one of the same profile, so that what was typed last is written last.
    fn start_keeping(&mut self) {
        let mut before = HashSet::new();
        let Self { keeping, storage, ctx, .. } = self;
        let start = |keeping: Keeping| {
            let is_first = before.insert(keeping.id.clone());
            if is_first { keeping.start(storage.secrets, ctx) } else { keeping }
        };
        *keeping = std::mem::take(keeping).into_iter().map(start).collect();
    }

    /// Keeps what was typed to log in, once it was accepted.
    pub(super) fn keep_logins(&mut self) {
        for (number, login) in std::mem::take(&mut self.logins) {
            match self.tabs.iter().find(|tab| tab.number == number) {
                Some(tab) if tab.session.status().state.is_connected() => self.keep_login(login),
                Some(_) => self.logins.push((number, login)),
                None => {}
            }
        }
    }

    /// Remembers for the next run which versions brokers were found to speak.
    pub(super) fn remember_versions(&mut self) {
        for number in std::mem::take(&mut self.asking) {
            let Some(tab) = self.tabs.iter().find(|tab| tab.number == number) else { continue };
            let status = tab.session.status();
            if status.connects == 0 {
                self.asking.push(number);
            }
            let Some(version) = status.found else { continue };
            let (options, now) = (tab.options.clone(), clock::now());
            if self.storage.spoken.note(&options, version, now) {
                let file = self.storage.spoken_file.clone();
                self.jobs.push(Job::spawn("remember version", &self.ctx, move |_| {
                    if let Err(error) = spoken::note(&file, &options, version, now) {
                        log::warn!("what the broker speaks is not remembered: {error:?}");
                    }
                    None
                }));
            }
        }
    }

    fn keep_login(&mut self, login: Login) {
        let Login { profile: id, typed } = login;
        let Some(mut profile) = self.storage.profiles.get(&id).cloned() else { return };
        match profile.password_place {
            PasswordPlace::Ask => {}
            PasswordPlace::Keyring => self.keep_later(Task::WriteLogin(typed), id),
            PasswordPlace::File => {
                for (kind, secret) in typed {
                    *profile.file_secrets.get_mut(kind) = secret;
                }
                self.storage.profiles.update(profile);
                self.storage.save_profiles();
            }
        }
    }

    /// Collects the outcomes of finished tasks.
    pub(super) fn collect_kept(&mut self) {
        let before = self.keeping.len();
        for keeping in std::mem::take(&mut self.keeping) {
            let progress = match &keeping.stage {
                Stage::Waiting(_) => JobProgress::Running,
                Stage::Running(job) => job.poll(),
            };
            match progress {
                JobProgress::Running => self.keeping.push(keeping),
                JobProgress::Done(done) => {
                    self.look_variables_up_again(&keeping.id);
                    self.kept(done);
                }
                JobProgress::Failed => {
                    self.notify(Notice::error(words::secrets::task_failed(language(&self.ctx))));
                }
            }
        }
        if self.keeping.len() != before {
            self.start_keeping();
        }
    }

    fn kept(&mut self, done: Done) {
        let Done { problem, moved } = done;
        if let Some(problem) = problem {
            self.notify(Notice::error(words::secrets::notice(&problem, language(&self.ctx))));
        }
        let Some((id, secrets)) = moved else { return };
        let Some(mut profile) = self.storage.profiles.get(&id).cloned() else { return };
        if profile.password_place != PasswordPlace::File {
            return;
        }
        for kind in SecretKind::ALL {
            // A secret typed meanwhile is newer.
            if profile.file_secrets.get(kind).is_empty() {
                profile.file_secrets.get_mut(kind).clone_from(secrets.get(kind));
            }
        }
        self.storage.profiles.update(profile);
        self.storage.save_profiles();
        self.keep_later(Task::Forget, id);
    }

    /// Waits for the keyring, for a bounded time.
    pub(super) fn finish_keeping(&mut self) {
        let end = Instant::now() + KEYRING_LIMIT;
        while !self.keeping.is_empty() {
            self.start_keeping();
            let Stage::Running(job) = self.keeping.remove(0).stage else { continue };
            match job.wait(end.saturating_duration_since(Instant::now())) {
                JobProgress::Done(done) => self.kept(done),
                JobProgress::Failed => {}
                JobProgress::Running => {
                    log::error!("the keyring was still being written when the program ended");
                    return;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mqtt::options::ConnectOptions;
    use crate::store::secrets::KeyringFault;

    fn profile(place: PasswordPlace, in_file: &str) -> Profile {
        Profile {
            password_place: place,
            file_secrets: Secrets::from(Secret::new(in_file)),
            ..Profile::new("p", ConnectOptions::default())
        }
    }

    fn password(text: &str) -> Vec<(SecretKind, Secret)> {
        vec![(SecretKind::Password, Secret::new(text))]
    }

    #[test]
    fn the_older_copy_of_the_form_does_not_count() {
        let stored = profile(PasswordPlace::File, "new");
        let mut edited = Profile { name: "other".to_owned(), ..profile(PasswordPlace::File, "") };
        assert_eq!(place(&mut edited, &stored, Vec::new()), None);
        assert_eq!(edited.file_secrets, stored.file_secrets);

        let stored = profile(PasswordPlace::Keyring, "");
        let mut edited = profile(PasswordPlace::Keyring, "old");
        assert_eq!(place(&mut edited, &stored, Vec::new()), None);
        assert!(edited.file_secrets.is_empty());
    }

    #[test]
    fn secrets_move_with_their_place() {
        use PasswordPlace::{Ask, File, Keyring};
        for (from, to, typed, task, in_file) in [
            (File, File, password("new"), None, "new"),
            (File, Keyring, Vec::new(), Some(Task::Write(password("old"))), ""),
            (File, Keyring, password("new"), Some(Task::Write(password("new"))), ""),
            (File, Ask, Vec::new(), None, ""),
            (Keyring, File, Vec::new(), Some(Task::MoveOut(Vec::new())), ""),
            (Keyring, File, password("new"), Some(Task::MoveOut(vec![SecretKind::Password])), "new"),
            (Keyring, Ask, password("new"), Some(Task::Forget), ""),
            (Keyring, Keyring, password(""), Some(Task::Write(password(""))), ""),
            (Ask, File, password("new"), None, "new"),
        ] {
            let stored = profile(from, if from == File { "old" } else { "" });
            let mut edited = profile(to, "stale");
            assert_eq!(place(&mut edited, &stored, typed), task, "{from:?} to {to:?}");
            assert_eq!(edited.file_secrets.password.expose(), in_file, "{from:?} to {to:?}");
        }
    }

    #[test]
    fn without_a_keyring_nothing_was_in_it() {
        let id = ProfileId::random();
        let kept = Task::MoveOut(Vec::new()).carry_out(SecretStore::disabled(), id.clone());
        assert_eq!(kept.problem, None);
        assert_eq!(Task::Forget.carry_out(SecretStore::disabled(), id.clone()).problem, None);
        let login = Task::WriteLogin(password("x"));
        assert_eq!(login.carry_out(SecretStore::disabled(), id.clone()).problem, None);
        let kept = Task::Write(password("x")).carry_out(SecretStore::disabled(), id);
        assert_eq!(kept.problem, Some(SecretError::Unavailable(KeyringFault::TurnedOff)));
    }
}

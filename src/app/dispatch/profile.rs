//! Carries out actions on saved connections.

use crate::app::connect::Purpose;
use crate::app::dispatch::subscription::wanted;
use crate::app::{App, decoders, unsaved};
use crate::command::{Notice, ProfileAction};
use crate::mqtt::options::{ConnectOptions, Secrets};
use crate::store::settings::Recent;
use crate::store::{Profile, ProfileId, transfer};
use crate::ui::job::Job;
use crate::ui::language;
use crate::words::{app as words, store};

/// So many connections are remembered.
const RECENT_MAX: usize = 6;

impl App {
    /// Carries out an action on saved connections.
    pub(super) fn profile(&mut self, action: ProfileAction) {
        match action {
            ProfileAction::Connect(id) => self.connect(&id),
            ProfileAction::SaveAndConnect(edit) => {
                let (id, given) = (edit.profile.id.clone(), edit.given());
                self.save_profile(*edit);
                self.connect_with(&id, given);
            }
            ProfileAction::Save(edit) => self.save_profile(*edit),
            ProfileAction::OpenAddress(connection) => self.open_address(*connection),
            ProfileAction::OpenDemo => self.open_demo(),
            ProfileAction::New => {
                let id = self.storage.profiles.add_new(store::NEW_CONNECTION.of(language(&self.ctx)));
                self.storage.save_profiles();
                self.connections.edit_new(&id);
            }
            ProfileAction::Duplicate(id) => self.duplicate(&id),
            ProfileAction::Move(id, to) => {
                if self.storage.profiles.move_to(&id, to) {
                    self.storage.save_profiles();
                }
            }
            ProfileAction::ReopenLast => self.reopen_last(),
            ProfileAction::PickFile(id, field) => self.pick_file(id, field),
            ProfileAction::Import => self.import_profiles(),
            ProfileAction::ReadFile(path) => self.read_profiles(path),
            ProfileAction::TakeOver(found) => self.take_over(found),
            ProfileAction::Export { profiles, with_secrets } => self.export_profiles(profiles, with_secrets),
        }
    }

    /// Connects to an address that was typed, and remembers it without its password.
    fn open_address(&mut self, (options, secrets): (ConnectOptions, Secrets)) {
        self.remember(Recent::Address(options.url()));
        let name = options.host.clone();
        self.open_unsaved(unsaved((name, options, secrets)));
    }

    fn remember(&mut self, connected: Recent) {
        let recent = &mut self.storage.settings.recent;
        if recent.first() == Some(&connected) {
            return;
        }
        recent.retain(|other| *other != connected);
        recent.insert(0, connected);
        recent.truncate(RECENT_MAX);
        self.storage.save_settings();
    }

    fn connect(&mut self, id: &ProfileId) {
        self.connect_with(id, Secrets::default());
    }

    /// Connects a saved profile. Secrets from the form are `given`, so that they need not be read from the keyring.
    pub(in crate::app) fn connect_with(&mut self, id: &ProfileId, given: Secrets) {
        let Some(profile) = self.profile_with_secrets(id) else { return };
        self.remember(Recent::Profile(id.clone()));
        if let Some(target) = self.pending.begin(&profile, given, Purpose::Open, &self.storage, &self.ctx) {
            self.open(target);
        }
    }

    fn reopen_last(&mut self) {
        for id in self.storage.settings.last_open.clone() {
            if !self.tabs.iter().any(|tab| tab.profile.as_ref() == Some(&id)) {
                self.connect(&id);
            }
        }
    }

    fn duplicate(&mut self, id: &ProfileId) {
        let l = language(&self.ctx);
        let name = |original: &str| store::copy_of(original, l);
        let Some(copy) = self.storage.profiles.duplicate(id, name) else { return };
        self.storage.save_profiles();
        let (secrets, from, to) = (self.storage.secrets, id.clone(), copy.clone());
        let profile = self.storage.profiles.get(id);
        let names = profile.map(|profile| profile.connect.secret_variables.clone()).unwrap_or_default();
        self.jobs.push(Job::spawn("copy secrets", &self.ctx, move |_| {
            // Without a keyring there is nothing to copy, and connecting will ask.
            secrets.copy(&from, &to).ok();
            for (name, value) in secrets.variables(&from, &names).0.0 {
                secrets.set_variable(&to, &name, &value).ok();
            }
            None
        }));
        self.connections.edit(&copy);
    }

    /// Deletes a saved connection, its secrets, and the files that only it used.
    pub(super) fn delete_profile(&mut self, id: &ProfileId) {
        let Some((_, profile)) = self.storage.profiles.remove(id) else { return };
        self.storage.save_profiles();
        self.forget_secrets(id.clone(), &profile.connect.secret_variables);
        let files = transfer::kept_for(&profile, &self.storage.profiles, &self.storage.certificates);
        if !files.is_empty() {
            self.jobs.push(Job::spawn("remove certificates", &self.ctx, move |_| {
                transfer::remove(&files);
                None
            }));
        }
        self.notify(Notice::info(words::deleted(&profile.name, language(&self.ctx))));
    }

    /// Saves the connection of the session that is shown, with its current subscriptions.
    pub(super) fn save_as_profile(&mut self) {
        let Some(index) = self.active else { return };
        let Some(tab) = self.tabs.get_mut(index).filter(|tab| tab.profile.is_none()) else { return };
        let options = ConnectOptions { subscriptions: wanted(tab), ..tab.options.clone() };
        let id = self.storage.profiles.add(Profile {
            pinned: tab.pinned.clone(),
            decoders: decoders::written(&tab.rules),
            replies: tab.replies.clone(),
            plots: tab.view.tools.plots.kept().to_vec(),
            ..Profile::new(tab.name.clone(), options)
        });
        tab.profile = Some(id);
        let name = tab.name.clone();
        self.storage.save_profiles();
        self.remember_open();
        self.notify(Notice::info(words::saved_without_password(&name, language(&self.ctx))));
    }

    /// Shows the form of the session's connection. Changes take effect at the next connect.
    pub(super) fn edit_connection(&mut self) {
        self.save_as_profile();
        if let Some(id) = self.active_tab().and_then(|tab| tab.profile.clone()) {
            self.connections.edit(&id);
            self.show_tab(None);
        }
    }
}

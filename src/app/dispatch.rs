//! Carries out what the panels asked for, after the frame: changes the model, asks the session, starts jobs.

use std::sync::Arc;

use bytes::Bytes;
use eframe::egui::ViewportCommand;

use crate::app::connect::{Purpose, Target};
use crate::app::subscribe::wanted;
use crate::app::tab::{self, Tool};
use crate::app::{App, Tab};
use crate::command::Command;
use crate::command::action::{Action, Notice, Outgoing};
use crate::model::NodeId;
use crate::mqtt::options::{ConnectOptions, Secrets};
use crate::payload::query::JsonPath;
use crate::session::Publish;
use crate::session::clock;
use crate::store::settings::{Density, Theme};
use crate::store::{Profile, ProfileId, transfer};
use crate::ui::job::Job;
use crate::ui::language;
use crate::words;

impl App {
    /// Carries out one action.
    pub(super) fn perform(&mut self, action: Action) {
        match action {
            Action::Run(command) => self.run(command),
            Action::Connect(id) => self.connect(&id),
            Action::SaveAndConnect(edit) => {
                let (id, given) = (edit.profile.id.clone(), edit.given());
                self.save_profile(*edit);
                self.connect_with(&id, given);
            }
            Action::SaveProfile(edit) => self.save_profile(*edit),
            Action::PickFile(id, field) => self.pick_file(id, field),
            Action::ImportProfiles => self.import_profiles(),
            Action::ReadProfiles(path) => self.read_profiles(path),
            Action::TakeOver(found) => self.take_over(found),
            Action::ExportProfiles { profiles, with_secrets } => self.export_profiles(profiles, with_secrets),
            Action::NewProfile => {
                let id = self.storage.profiles.add_new();
                self.storage.save_profiles();
                self.connections.edit(&id);
            }
            Action::DuplicateProfile(id) => self.duplicate(&id),
            Action::DeleteProfile(id) => self.delete(&id),
            Action::MoveProfile(id, to) => {
                if self.storage.profiles.move_to(&id, to) {
                    self.storage.save_profiles();
                }
            }
            Action::ReopenLast => {
                for id in self.storage.settings.last_open.clone() {
                    if !self.tabs.iter().any(|tab| tab.profile.as_ref() == Some(&id)) {
                        self.connect(&id);
                    }
                }
            }
            Action::ShowTab(index) => self.show_tab(Some(index)),
            Action::CloseTab(index) => self.close_tab(index),
            Action::Notify(notice) => self.notify(notice),
            Action::Copy { what, text } => {
                self.ctx.copy_text(text);
                self.notify(Notice::info(format!("Copied the {what}")));
            }
            Action::Save { name, bytes } => self.save_file(name, bytes),
            Action::RemovePublished(index) => {
                self.storage.history.remove(index);
                self.storage.save_history();
            }
            Action::ClearPublished => {
                self.storage.history.clear();
                self.storage.save_history();
            }
            Action::Publish(outgoing) => self.publish(outgoing),
            Action::Compose(outgoing) => {
                self.show_tools(Some(Tool::Publish));
                if let Some(tab) = self.active_tab_mut() {
                    tab.view.publish.compose(outgoing);
                }
            }
            Action::LoadPayload => self.load_payload(),
            Action::Plot { node, path } => {
                self.show_tools(Some(Tool::Plots));
                if let Some(tab) = self.active_tab_mut() {
                    plot(tab, node, path);
                }
            }
            Action::Subscribe(_)
            | Action::ChangeSubscription(..)
            | Action::EnableSubscription(..)
            | Action::RemoveSubscription(_)
            | Action::RestoreSubscription(..)
            | Action::KeepSubscriptions => self.subscriptions(action),
            Action::TestConnection(_)
            | Action::ExamineAgain
            | Action::CopyExamination
            | Action::CloseExamination => self.examination(action),
            Action::SortBy(order) => {
                self.storage.settings.sort_by = tab::order_of(order);
                self.storage.save_settings();
                if let Some(tab) = self.active_tab() {
                    tab.session.model().lock().set_order(order);
                }
            }
            in_session => {
                if let Some(tab) = self.active_tab_mut() {
                    perform_in(tab, in_session);
                }
            }
        }
    }

    fn run(&mut self, command: Command) {
        match command {
            Command::Connections => self.show_tab(None),
            Command::ThemeSystem => self.set_theme(Theme::System),
            Command::ThemeLight => self.set_theme(Theme::Light),
            Command::ThemeDark => self.set_theme(Theme::Dark),
            Command::DensityCompact => self.set_density(Density::Compact),
            Command::DensityNormal => self.set_density(Density::Normal),
            Command::DensityComfortable => self.set_density(Density::Comfortable),
            Command::ToggleFlash => {
                self.storage.settings.flash_on_update ^= true;
                self.storage.save_settings();
            }
            Command::TogglePerformance => self.show_performance ^= true,
            Command::Help => self.show_help ^= true,
            Command::Quit => self.ctx.send_viewport_cmd(ViewportCommand::Close),
            Command::ToggleTools => self.show_tools(None),
            Command::ShowPlots => self.show_tools(Some(Tool::Plots)),
            Command::ShowPublish => self.show_tools(Some(Tool::Publish)),
            Command::ShowSubscriptions => self.show_tools(Some(Tool::Subscriptions)),
            Command::ShowLog => self.show_tools(Some(Tool::Log)),
            Command::ShowProtocol => self.show_tools(Some(Tool::Protocol)),
            Command::Examine => self.examine_session(),
            Command::Search => self.top_bar.focus_search(),
            Command::CloseTab => {
                if let Some(index) = self.active {
                    self.close_tab(index);
                }
            }
            Command::EditConnection => self.edit_connection(),
            Command::SaveAsProfile => self.save_as_profile(),
            Command::CopyTopic | Command::CopyPayload | Command::SavePayload | Command::Publish => {
                self.ask_panel(command);
            }
            Command::Reconnect if self.ask_again() => {}
            Command::Reconnect
            | Command::Disconnect
            | Command::Pause
            | Command::Resume
            | Command::ExpandAll
            | Command::CollapseAll => {
                if let Some(tab) = self.active_tab_mut() {
                    run_in(tab, command);
                }
            }
            Command::Clear => self.confirm_clear = self.active.is_some(),
        }
    }

    /// Where the broker refused user name and password, trying the same again leads nowhere: asks for the secrets.
    fn ask_again(&mut self) -> bool {
        let Some(tab) = self.active_tab().filter(|tab| tab.was_refused()) else { return false };
        let target = Target {
            purpose: Purpose::Open,
            name: tab.name.clone(),
            profile: tab.profile.clone(),
            options: tab.options.clone(),
            secrets: tab.secrets.clone(),
            asked: Vec::new(),
        };
        let why = tab
            .session
            .status()
            .failure
            .as_ref()
            .map(|failure| words::failure_line(failure, language(&self.ctx)));
        self.pending.ask_again(target, why)
    }

    /// Commands that a panel knows how to carry out: it answers with actions.
    fn ask_panel(&mut self, command: Command) {
        let mut actions = crate::app::Actions::default();
        let Some(tab) = self.active_tab_mut() else { return };
        match command {
            Command::Publish => tab.view.publish.send(&mut actions),
            other => {
                let model = Arc::clone(tab.session.model());
                tab.view.inspector.run(other, &model.lock(), tab.selected, &mut actions);
            }
        }
        for action in actions.take() {
            self.perform(action);
        }
    }

    fn set_theme(&mut self, theme: Theme) {
        self.storage.settings.theme = theme;
        self.storage.save_settings();
        self.apply_theme();
    }

    fn set_density(&mut self, density: Density) {
        self.storage.settings.density = density;
        self.storage.save_settings();
    }

    /// Shows a tool; without one, shows or hides them all.
    fn show_tools(&mut self, tool: Option<Tool>) {
        let mut pane = self.storage.settings.pane("tools");
        pane.visible = tool.is_some() || !pane.visible;
        self.storage.settings.set_pane("tools", pane);
        self.storage.save_settings();
        if let (Some(tool), Some(tab)) = (tool, self.active_tab_mut()) {
            tab.view.tool = tool;
        }
    }

    fn connect(&mut self, id: &ProfileId) {
        self.connect_with(id, Secrets::default());
    }

    /// What stands in the form need not come back from the keyring first.
    fn connect_with(&mut self, id: &ProfileId, given: Secrets) {
        let Some(profile) = self.profile_with_secrets(id) else { return };
        if let Some(target) = self.pending.begin(&profile, given, Purpose::Open, &self.storage, &self.ctx) {
            self.open(target);
        }
    }

    fn duplicate(&mut self, id: &ProfileId) {
        let Some(copy) = self.storage.profiles.duplicate(id) else { return };
        self.storage.save_profiles();
        let (secrets, from, to) = (self.storage.secrets, id.clone(), copy.clone());
        self.jobs.push(Job::spawn("copy secrets", &self.ctx, move |_| {
            // Without a keyring there is nothing to copy, and connecting will ask.
            secrets.copy(&from, &to).ok();
            None
        }));
        self.connections.edit(&copy);
    }

    fn delete(&mut self, id: &ProfileId) {
        let Some((_, profile)) = self.storage.profiles.remove(id) else { return };
        self.storage.save_profiles();
        self.forget_secrets(id.clone());
        let files = transfer::kept_for(&profile, &self.storage.profiles, &self.storage.certificates);
        if !files.is_empty() {
            self.jobs.push(Job::spawn("remove certificates", &self.ctx, move |_| {
                transfer::remove(&files);
                None
            }));
        }
        self.notify(Notice::info(format!("Deleted {:?}", profile.name)));
    }

    fn save_as_profile(&mut self) {
        let Some(index) = self.active else { return };
        let Some(tab) = self.tabs.get_mut(index) else { return };
        if tab.profile.is_some() {
            self.notify(Notice::info("This connection is saved already"));
            return;
        }
        // With what was subscribed to meanwhile.
        let options = ConnectOptions { subscriptions: wanted(tab), ..tab.options.clone() };
        let id = self.storage.profiles.add(Profile::new(tab.name.clone(), options));
        tab.profile = Some(id);
        let name = tab.name.clone();
        self.storage.save_profiles();
        self.remember_open();
        self.notify(Notice::info(format!("Saved {name:?} without its password")));
    }

    /// Shows the form of the session's connection. What it is changed to counts from the next connect on.
    fn edit_connection(&mut self) {
        if self.active_tab().is_some_and(|tab| tab.profile.is_none()) {
            self.save_as_profile();
        }
        if let Some(id) = self.active_tab().and_then(|tab| tab.profile.clone()) {
            self.connections.edit(&id);
            self.show_tab(None);
        }
    }

    fn close_tab(&mut self, index: usize) {
        if index >= self.tabs.len() {
            return;
        }
        let Tab { session, .. } = self.tabs.remove(index);
        self.closing.drop("close session", session);
        let next = match self.active {
            Some(active) if active > index => Some(active - 1),
            Some(active) if active == index => self.tabs.len().checked_sub(1).map(|last| active.min(last)),
            other => other,
        };
        self.show_tab(next);
        self.remember_open();
    }

    fn publish(&mut self, outgoing: Outgoing) {
        let Some(tab) = self.active_tab_mut() else { return };
        let Outgoing { topic, payload, qos, retain, properties } = outgoing.clone();
        let sent = tab.session.publish(Publish { topic, payload, qos, retain, properties });
        match sent {
            Ok(token) => {
                tab.view.publish.sent(token);
                let Outgoing { topic, payload, qos, retain, properties } = outgoing;
                self.storage.history.add(clock::now(), &topic, &payload, qos, retain, properties);
                self.storage.save_history();
            }
            Err(why) => {
                let why = words::session::declined(&why, language(&self.ctx));
                self.notify(Notice::error(format!("Not published to {:?}\n{why}", outgoing.topic)));
            }
        }
    }

    fn load_payload(&mut self) {
        let Some(tab) = self.active_tab().map(|tab| tab.number) else { return };
        // As with saving: the dialog is made here, the file is read elsewhere.
        let dialog = rfd::AsyncFileDialog::new().pick_file();
        let job = Job::spawn("load payload", &self.ctx, move |_| {
            let file = pollster::block_on(dialog)?;
            Some((file.file_name(), std::fs::read(file.path())))
        });
        self.loading = Some((tab, job));
    }

    fn save_file(&mut self, name: String, bytes: Bytes) {
        // macOS wants the dialog to be made on this thread; waiting for it is the job's business.
        let dialog = rfd::AsyncFileDialog::new().set_file_name(name).save_file();
        self.jobs.push(Job::spawn("save payload", &self.ctx, move |_| {
            let file = pollster::block_on(dialog)?;
            let path = file.path();
            let size = crate::words::format::bytes(bytes.len() as u64);
            Some(match std::fs::write(path, &bytes) {
                Ok(()) => Notice::info(format!("Saved {size} to {}", path.display())),
                Err(error) => Notice::error(format!("Cannot write {}\n{error}", path.display())),
            })
        }));
    }
}

fn run_in(tab: &mut Tab, command: Command) {
    match command {
        Command::Reconnect => tab.session.reconnect_now(),
        Command::Disconnect => tab.session.disconnect(),
        Command::Pause => tab.pause(true),
        Command::Resume => tab.pause(false),
        Command::ExpandAll => tab.session.model().lock().expand_all(),
        Command::CollapseAll => tab.session.model().lock().collapse_all(),
        _ => {}
    }
}

fn perform_in(tab: &mut Tab, action: Action) {
    match action {
        Action::Select(node) => tab.select(node),
        Action::SelectTopic(topic) => {
            let found = tab.session.model().lock().find(&topic);
            if let Some(node) = found {
                tab.select(node);
            }
        }
        Action::SetExpanded(node, expanded) => {
            let mut model = tab.session.model().lock();
            if expanded {
                model.expand(node);
            } else {
                model.collapse(node);
            }
        }
        Action::ExpandSubtree(node) => tab.session.model().lock().expand_subtree(node),
        Action::CollapseSubtree(node) => tab.session.model().lock().collapse_subtree(node),
        Action::Search(query) => tab.search(query),
        Action::RemoveSeries(series) => tab.session.model().lock().remove_series(series),
        Action::SetTrace(on) => tab.session.set_trace(on),
        Action::ClearTrace => tab.session.packet_log().clear(),
        Action::Inspect(message) => tab.view.inspector.inspect(message),
        _ => {}
    }
}

fn plot(tab: &mut Tab, node: NodeId, path: Option<JsonPath>) {
    let extractor = crate::query::NumberAt { path: path.clone() };
    let mut model = tab.session.model().lock();
    if let Some(series) = model.add_series(node, Box::new(extractor))
        && let Some(plotted_already) = tab.view.plots.add(node, path, series)
    {
        model.remove_series(plotted_already);
    }
}

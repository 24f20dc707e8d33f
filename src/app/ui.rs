//! What the window draws in one frame: the top bar, the page, and what lies over them.

use eframe::egui::{CentralPanel, Event, Panel, Ui};

use crate::app::storage::Storage;
use crate::app::tab::{Surroundings, Tab};
use crate::app::{App, layout, perf};
use crate::command::{Actions, Command, Env, Notice, SavedAction, SessionEnv, keys};
use crate::panels::connections::ConnectionsScene;
use crate::panels::palette::PaletteMessage;
use crate::panels::pane::pane;
use crate::panels::top_bar::{TabLabel, TopBar};
use crate::panels::{performance, settings, shortcuts, status_bar};
use crate::payload::visible_name;
use crate::session::status::ConnectionState;
use crate::store::profiles::ProfileId;
use crate::ui::focus::Pane;
use crate::ui::language;
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::field::{self, FieldRemark};
use crate::words::{saved, status, widgets};

impl App {
    /// Draws everything; the actions are carried out afterwards.
    pub(super) fn draw(&mut self, ui: &mut Ui, actions: &mut Actions) {
        self.take_dropped_recordings();
        self.shortcuts(actions);
        self.top(ui, actions);
        self.page(ui, actions);
        if self.front == self.ctx.viewport_id() {
            self.overlays(actions);
        }
        self.report_fields();
        let tab = self.active.and_then(|index| self.tabs.get(index));
        self.title.update(&self.ctx, tab);
    }

    /// Reports what did not fit into a field.
    fn report_fields(&mut self) {
        for remark in field::take_remarks(&self.ctx) {
            let l = language(&self.ctx);
            let text = match remark {
                FieldRemark::Cut { field, bytes_max, taken, of } => {
                    widgets::field_cut(&field, taken as u64, of as u64, bytes_max as u64, l)
                }
                FieldRemark::Controls { field, count } => widgets::field_controls(&field, count as u64, l),
            };
            // An error stays until it is dismissed: a cut password is visible nowhere else.
            self.notify(Notice::error(text));
        }
    }

    /// The current facts that commands depend on.
    fn env(&self) -> Env<'_> {
        let session = self.active_tab().map(|tab| {
            let status = tab.session.status();
            let tools_open = tab.view.shows_tools(&self.storage.settings);
            SessionEnv {
                connected: status.state.is_connected(),
                disconnected: status.state == ConnectionState::Disconnected,
                paused: tab.paused.is_some(),
                rewound: tab.is_rewound().is_some(),
                playing: tab.is_rewound() == Some(true),
                time_bar: self.storage.settings.pane(tab.time_bar_name()).visible,
                recording: tab.session.recorder().is_some(),
                recorded: status.state == ConnectionState::Recorded,
                saved: tab.profile.is_some(),
                selected: tab.selected.is_some(),
                searching: !tab.query.text.is_empty(),
                scoped: tab.scope.is_some(),
                sending: self.tabs.iter().any(Tab::is_sending),
                tool: tools_open.then_some(tab.view.tools.shown),
                filled: tab.view.filled,
            }
        });
        Env {
            settings: &self.storage.settings,
            session,
            performance: self.show_performance,
            closed: !self.closed.is_empty(),
        }
    }

    /// Whether the shortcut of a command is active now. Publishing needs the keyboard to be in the publish panel.
    fn hears_keys(&self, command: Command) -> bool {
        command != Command::Publish || self.active_tab().is_some_and(|tab| tab.view.tools.publish.has_focus())
    }

    fn shortcuts(&self, actions: &mut Actions) {
        if self.ctx.memory(|memory| memory.top_modal_layer().is_some()) {
            return;
        }
        let env = self.env();
        // Those with the most modifiers first, so that Ctrl+Shift+C is not taken for Ctrl+C.
        let mut shortcuts: Vec<_> = Command::all()
            .filter(|command| command.state(&env).is_enabled() && self.hears_keys(*command))
            .flat_map(|command| command.entry().keys.iter().map(move |keys| (command, keys)))
            .collect();
        shortcuts.sort_by_key(|(_, keys)| !keys.modifiers.shift);
        for (command, keys) in shortcuts {
            if self.ctx.input_mut(|input| input.consume_shortcut(keys)) {
                actions.run(command);
            }
        }
        self.saved_shortcuts(actions);
    }

    /// Sends the saved message whose keys were pressed.
    fn saved_shortcuts(&self, actions: &mut Actions) {
        let Some(tab) = self.active_tab() else { return };
        let is_pressed = |event: &Event| matches!(event, Event::Key { pressed: true, .. });
        if !self.ctx.input(|input| input.events.iter().any(is_pressed)) {
            return;
        }
        let library = self.storage.messages.current();
        let profile = tab.profile.as_ref().map(ProfileId::as_str);
        for entry in library.of_profile(profile).flat_map(|collection| &collection.entries) {
            let Ok(message) = &entry.message else { continue };
            let shortcut = keys::parse(&message.key).filter(|shortcut| !keys::is_taken(shortcut));
            if shortcut.is_some_and(|shortcut| self.ctx.input_mut(|input| input.consume_shortcut(&shortcut)))
            {
                actions.push(SavedAction::Send(entry.path.clone()));
            }
        }
    }

    /// The saved messages as entries of the command palette, while that is open.
    fn palette_messages(&self) -> Vec<PaletteMessage> {
        let Some(tab) = self.active_tab().filter(|_| self.palette.is_open()) else { return Vec::new() };
        let library = self.storage.messages.current();
        let profile = tab.profile.as_ref().map(ProfileId::as_str);
        let l = language(&self.ctx);
        let entries = library.of_profile(profile).flat_map(|collection| {
            let entries = collection.entries.iter().filter(|entry| entry.message.is_ok());
            entries.map(move |entry| PaletteMessage {
                label: saved::palette(&collection.name, &entry.folder, &entry.name, l),
                path: entry.path.clone(),
            })
        });
        entries.collect()
    }

    fn top(&mut self, ui: &mut Ui, actions: &mut Actions) {
        let t = tokens(ui);
        let labels: Vec<TabLabel> = self
            .tabs
            .iter()
            .map(|tab| {
                let status = tab.session.status();
                let (mark, color) = status_bar::state_mark(&status.state, status.failure.is_some(), t);
                let state = status_bar::summary(&status, &visible_name(&tab.name), language(&self.ctx));
                let warning = status_bar::is_unverified(&status.state)
                    .then_some(status::NOT_VERIFIED.of(language(&self.ctx)));
                TabLabel { name: visible_name(&tab.name).into_owned(), mark, color, state, warning }
            })
            .collect();
        let tab = self.active_tab();
        let paused =
            tab.filter(|tab| tab.paused.is_some()).map(|tab| tab.session.model().lock().paused_messages());
        let query = tab.map(|tab| tab.query.clone());
        let mut view = std::mem::take(&mut self.top_bar);
        let env = self.env();
        let bar = TopBar { tabs: &labels, active: self.active, query: query.as_ref(), paused, env: &env };
        Panel::top("top").exact_size(size::TOP_BAR).frame(layout::bar(ui)).show(ui, |ui| {
            pane(ui, Pane::Search, |ui| view.show(ui, &bar, actions));
        });
        self.top_bar = view;
    }

    fn page(&mut self, ui: &mut Ui, actions: &mut Actions) {
        let sessions: Vec<(u64, String)> =
            self.tabs.iter().map(|tab| (tab.number, tab.name.clone())).collect();
        let Self { storage, tabs, active, connections, doctor, .. } = self;
        let others: Vec<(u64, String)> = (0..)
            .zip(tabs.iter())
            .filter(|(index, _)| Some(*index) != *active)
            .map(|(_, tab)| (tab.number, visible_name(&tab.name).into_owned()))
            .collect();
        if let Some(tab) = active.and_then(|index| tabs.get_mut(index)) {
            let messages = storage.messages.current();
            let Storage { settings, history, profiles, .. } = storage;
            let around = Surroundings {
                settings,
                history,
                profiles,
                others: &others,
                messages: &messages,
                sessions: &sessions,
            };
            layout::session(ui, tab, around, actions);
            return;
        }
        if let Some(doctor) = doctor {
            layout::doctor_beside(ui, doctor, actions);
        }
        let t = tokens(ui);
        let marked = |tab: &'_ Tab| {
            let status = tab.session.status();
            status_bar::state_mark(&status.state, status.failure.is_some(), t)
        };
        let open: Vec<_> = tabs
            .iter()
            .filter_map(|tab| {
                let (mark, color) = marked(tab);
                Some((tab.profile.as_ref()?, mark, color))
            })
            .collect();
        let frame = ConnectionsScene {
            profiles: &storage.profiles,
            settings: &storage.settings,
            keyring: storage.secrets,
            open: &open,
        };
        CentralPanel::no_frame().frame(layout::bare(ui)).show(ui, |ui| connections.show(ui, &frame, actions));
    }

    fn overlays(&mut self, actions: &mut Actions) {
        let ctx = self.ctx.clone();
        if let Some(target) = self.pending.show(&ctx) {
            self.arrived(target);
        }
        let messages = self.palette_messages();
        let mut palette = std::mem::take(&mut self.palette);
        palette.offer(messages);
        palette.show(&ctx, &self.env(), actions);
        self.palette = palette;
        self.show_exchange(&ctx, actions);
        self.ask(actions);
        self.paths.show(&ctx);
        if self.show_help && shortcuts::show(&ctx) {
            self.show_help = false;
        }
        self.about(&ctx, actions);
        if self.show_settings && settings::show(&ctx, &self.storage.settings, actions) {
            self.show_settings = false;
        }
        if self.show_performance {
            self.performance();
        }
        if self.whole_text.as_mut().is_some_and(|view| view.show(&ctx, actions)) {
            self.whole_text = None;
        }
        self.notices.show(&ctx, actions);
    }

    fn performance(&self) {
        let frames_ms = self.perf.recent_ms();
        let tab = self.active_tab();
        let stats = tab.map(|tab| tab.session.model().lock().stats()).unwrap_or_default();
        let figures = performance::Figures {
            frames_ms: &frames_ms,
            rate: tab.map_or(0.0, Tab::messages_per_second),
            backlog_bytes: tab.map_or(0, |tab| tab.session.counters().waiting_bytes),
            model_bytes: (stats.tree_bytes + stats.history_bytes) as u64,
            resident_bytes: perf::resident_bytes(),
        };
        performance::show(&self.ctx, figures);
    }
}

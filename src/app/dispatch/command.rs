//! Carries out the commands of the table.

use std::sync::Arc;

use eframe::egui::{ViewportCommand, ViewportId, gui_zoom};

use crate::app::connect::{Purpose, Target};
use crate::app::{App, Tab};
use crate::command::{Actions, Command, Dangerous, ExchangePurpose, SendingAction, Tool};
use crate::model::{Model, NodeId, Seek};
use crate::panels::inspector::{self, InspectorView};
use crate::store::settings::{Density, Settings, Theme};
use crate::ui::{focus, language};
use crate::words;

impl App {
    /// Carries out one command.
    #[expect(clippy::too_many_lines, reason = "an arm for each command, most of a single line")]
    pub(super) fn run(&mut self, command: Command) {
        self.palette.used(command);
        match command {
            Command::Connections => {
                self.connections.show_start();
                self.show_tab(None);
            }
            Command::Reconnect => self.reconnect(),
            Command::Disconnect => self.in_session(Tab::disconnect),
            Command::Record => self.begin_recording(),
            Command::OpenRecording => self.choose_recording(),
            Command::ExportMessages => {
                self.ask_exchange(ExchangePurpose::Export, String::new(), Vec::new());
            }
            Command::SaveSnapshot => {
                self.ask_exchange(ExchangePurpose::Snapshot, String::new(), Vec::new());
            }
            Command::ReplayMessages => {
                self.ask_exchange(ExchangePurpose::Replay, String::new(), Vec::new());
            }
            Command::StopRecording => self.stop_recording(),
            Command::Examine => self.examine_session(),
            Command::EditConnection => self.edit_connection(),
            Command::SaveAsProfile => self.save_as_profile(),
            Command::CloseTab => {
                if let Some(index) = self.active {
                    self.close_tab(index);
                }
            }
            Command::ReopenClosed => self.reopen(|_| true),
            Command::NewWindow => self.open_window(),
            Command::NextTab => self.step_tab(1),
            Command::PreviousTab => self.step_tab(-1),
            Command::NextPane => focus::next_pane(&self.ctx, true),
            Command::PreviousPane => focus::next_pane(&self.ctx, false),
            Command::Search => match self.payload_with_keyboard() {
                Some(inspector) => inspector.find(),
                None => self.top_bar.focus_search(),
            },
            Command::NextMatch => self.walk_matches(true),
            Command::PreviousMatch => self.walk_matches(false),
            Command::ShowOnly => self.in_session(|tab| tab.show_only(tab.selected)),
            Command::ShowAll => self.in_session(|tab| tab.show_only(None)),
            Command::PinTopic => self.toggle_pin(),
            Command::ForgetTopic => self.in_session(|tab| {
                if let Some(node) = tab.selected {
                    tab.forget(node, false);
                }
            }),
            Command::Pause => self.in_session(|tab| tab.pause(true)),
            Command::Resume => self.in_session(|tab| tab.pause(false)),
            Command::ExpandAll => self.in_session(|tab| tab.session.model().lock().expand_all()),
            Command::CollapseAll => self.in_session(|tab| {
                tab.opens_levels = false;
                tab.session.model().lock().collapse_all();
            }),
            Command::ToggleTimeBar => self.toggle_time_bar(),
            Command::BackToLive => self.in_session(Tab::back_to_live),
            Command::PlayForward => self.in_session(Tab::toggle_playing),
            Command::StepBack => self.in_session(|tab| tab.seek(Seek::Step { forward: false })),
            Command::StepForward => self.in_session(|tab| tab.seek(Seek::Step { forward: true })),
            Command::ChangeBefore => self.in_session(|tab| tab.seek_change(false)),
            Command::ChangeAfter => self.in_session(|tab| tab.seek_change(true)),
            Command::Overview => self.in_session(|tab| tab.selected = None),
            Command::Clear => {
                self.asked = self.active_tab().map(|tab| Dangerous::ClearTopics(tab.number));
            }
            Command::CopyTopic => {
                self.on_selected(|node, _, model, actions| inspector::copy_topic(node, model, actions));
            }
            Command::CopyPayload => {
                self.on_selected(|node, tab, _, actions| tab.view.inspector.copy_payload(node, actions));
            }
            Command::SavePayload => {
                self.on_selected(|node, tab, _, actions| tab.view.inspector.save_payload(node, actions));
            }
            Command::ExportValues => self.export_values(self.active_tab().and_then(|tab| tab.selected)),
            Command::StopSending => self.perform(SendingAction::StopAll),
            Command::Publish => self.asking(|tab, actions| tab.view.tools.publish.send(actions)),
            Command::ToggleTools => self.set_tools_visible(!self.shows_tools()),
            Command::FillWindow => self.fill_window(),
            Command::ShowTool(tool) => self.show_tool(tool),
            Command::ZoomIn => gui_zoom::zoom_in(&self.ctx),
            Command::ZoomOut => gui_zoom::zoom_out(&self.ctx),
            Command::ZoomReset => self.ctx.set_zoom_factor(1.0),
            Command::ThemeSystem => self.change_settings(|settings| settings.theme = Theme::System),
            Command::ThemeLight => self.change_settings(|settings| settings.theme = Theme::Light),
            Command::ThemeDark => self.change_settings(|settings| settings.theme = Theme::Dark),
            Command::ThemeHighContrast => {
                self.change_settings(|settings| settings.theme = Theme::HighContrast);
            }
            Command::DensityCompact => self.change_settings(|settings| settings.density = Density::Compact),
            Command::DensityNormal => self.change_settings(|settings| settings.density = Density::Normal),
            Command::DensityComfortable => {
                self.change_settings(|settings| settings.density = Density::Comfortable);
            }
            Command::ToggleColumn(column) => self.change_settings(|settings| {
                settings.columns.get_mut(column).shown ^= true;
            }),
            Command::ToggleFlash => self.change_settings(|settings| settings.flash_on_update ^= true),
            Command::Settings => self.show_settings = true,
            Command::Palette => self.palette.open(),
            Command::TogglePerformance => self.show_performance ^= true,
            Command::Help => self.show_help ^= true,
            Command::About => self.show_about = true,
            Command::Quit => self.ctx.send_viewport_cmd_to(ViewportId::ROOT, ViewportCommand::Close),
        }
    }

    /// Gives the tools the whole window, or the rest its place again.
    fn fill_window(&mut self) {
        let shows = self.shows_tools();
        self.set_tools_visible(true);
        self.in_session(|tab| tab.view.filled = !(tab.view.filled && shows));
    }

    pub(super) fn in_session(&mut self, run: impl FnOnce(&mut Tab)) {
        if let Some(tab) = self.active_tab_mut() {
            run(tab);
        }
    }

    /// The inspector of the session that shows, if the keyboard is in its payload.
    fn payload_with_keyboard(&mut self) -> Option<&mut InspectorView> {
        let inspector = &mut self.active_tab_mut()?.view.inspector;
        inspector.payload_has_keyboard().then_some(inspector)
    }

    /// Steps through what was found: inside the payload if the keyboard is there, else in the tree.
    fn walk_matches(&mut self, forward: bool) {
        match self.payload_with_keyboard() {
            Some(inspector) => inspector.step_found(forward),
            None => self.in_session(|tab| tab.walk_matches(forward)),
        }
    }

    /// Lets a panel carry out a command, and collects its actions.
    fn asking(&mut self, run: impl FnOnce(&mut Tab, &mut Actions)) {
        let mut actions = Actions::default();
        self.in_session(|tab| run(tab, &mut actions));
        for action in actions.take() {
            self.perform(action);
        }
    }

    fn on_selected(&mut self, run: impl FnOnce(NodeId, &mut Tab, &Model, &mut Actions)) {
        self.asking(|tab, actions| {
            if let Some(node) = tab.selected {
                let model = Arc::clone(tab.session.model());
                run(node, tab, &model.lock(), actions);
            }
        });
    }

    /// Connects now. If the broker refused the user name and password, asks for the secrets instead of trying them
    /// again.
    fn reconnect(&mut self) {
        let Some(tab) = self.active_tab() else { return };
        if tab.was_refused() {
            let target = Target {
                purpose: Purpose::Open,
                name: tab.name.clone(),
                profile: tab.profile.clone(),
                options: tab.options.clone(),
                secrets: tab.secrets.clone(),
                asked: Vec::new(),
            };
            let status = tab.session.status();
            let why =
                status.failure.as_ref().map(|failure| words::failure_line(failure, language(&self.ctx)));
            if self.pending.ask_again(target, why) {
                return;
            }
        }
        self.in_session(|tab| tab.session.reconnect_now());
    }

    /// Changes the settings, in the window at once and in their file.
    pub(super) fn change_settings(&mut self, change: impl FnOnce(&mut Settings)) {
        change(&mut self.storage.settings);
        self.storage.save_settings();
        self.apply_settings();
    }

    /// Shows a tool of the session, and the lower area if it is hidden.
    pub(super) fn show_tool(&mut self, tool: Tool) {
        self.set_tools_visible(true);
        self.in_session(|tab| tab.view.tools.shown = tool);
    }

    fn shows_tools(&self) -> bool {
        self.active_tab().is_some_and(|tab| tab.view.shows_tools(&self.storage.settings))
    }

    fn set_tools_visible(&mut self, visible: bool) {
        self.in_session(|tab| tab.view.opens_tools = false);
        let mut pane = self.storage.settings.pane("tools");
        pane.visible = visible;
        self.storage.settings.set_pane("tools", pane);
        self.storage.save_settings();
    }
}

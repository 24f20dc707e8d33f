//! Carries out actions on topics, in the model and the view of the session that is shown.

use crate::app::App;
use crate::command::{Dangerous, Notice, Tool, TopicAction};
use crate::model::Sorting;
use crate::store::Profile;
use crate::store::profiles::TopicLook;
use crate::ui::language;
use crate::words::topics as words;

impl App {
    /// Carries out an action on topics.
    pub(super) fn topic(&mut self, action: TopicAction) {
        let Some(tab) = self.active_tab_mut() else { return };
        match action {
            TopicAction::Select(node) => tab.select(node),
            TopicAction::SetExpanded(node, true) => tab.session.model().lock().expand(node),
            TopicAction::SetExpanded(node, false) => {
                tab.opens_levels = false;
                tab.session.model().lock().collapse(node);
            }
            TopicAction::ExpandSubtree(node) => tab.session.model().lock().expand_subtree(node),
            TopicAction::CollapseSubtree(node) => {
                tab.opens_levels = false;
                tab.session.model().lock().collapse_subtree(node);
            }
            TopicAction::SortBy(order) => {
                tab.session.model().lock().set_order(order);
                self.remember_order(order);
            }
            TopicAction::Search(query) => tab.search(query),
            TopicAction::EnterResults => tab.enter_results(),
            TopicAction::ShowOnly(node) => tab.show_only(node),
            TopicAction::Stream(node) => {
                tab.view.tools.stream.show_below(Some(node));
                self.show_tool(Tool::Stream);
            }
            TopicAction::CompareWith(node) => tab.view.inspector.compare_with(node),
            TopicAction::CompareWithMessage { id, arrived } => {
                tab.view.inspector.compare_with_message(id, arrived);
            }
            TopicAction::ExportValues(node) => self.export_values(Some(node)),
            TopicAction::KeepLook(look) => self.keep_look(look),
            TopicAction::Pin(topic) => self.pin(topic),
            TopicAction::Unpin(topic) => self.unpin(&topic),
            TopicAction::Forget(node) => tab.forget(node, false),
            TopicAction::AskForgetBelow(node) => {
                self.asked = Some(Dangerous::ForgetBelow(tab.number, node));
            }
            TopicAction::ReadEarlier => {
                let ctx = self.ctx.clone();
                if let Some(tab) = self.active_tab_mut() {
                    tab.read_earlier(&ctx);
                }
            }
            TopicAction::Inspect(message) => tab.view.inspector.inspect(message),
        }
    }

    /// Pins or unpins the selected topic.
    pub(super) fn toggle_pin(&mut self) {
        let Some(tab) = self.active_tab() else { return };
        let Some(node) = tab.selected else { return };
        let topic = tab.session.model().lock().topic_bytes(node);
        let is_pinned = tab.pinned.iter().any(|pinned| pinned.as_bytes() == topic);
        match String::from_utf8(topic) {
            Ok(topic) if is_pinned => self.unpin(&topic),
            Ok(topic) => self.pin(topic),
            Err(_) => self.notify(Notice::error(words::NOT_TEXT.of(language(&self.ctx)))),
        }
    }

    fn pin(&mut self, topic: String) {
        self.change_pinned(|pinned| {
            if !pinned.contains(&topic) {
                pinned.push(topic);
            }
        });
    }

    fn unpin(&mut self, topic: &str) {
        self.change_pinned(|pinned| pinned.retain(|pinned| pinned != topic));
    }

    /// Changes the pinned topics of the session, and of its profile if it has one.
    fn change_pinned(&mut self, change: impl FnOnce(&mut Vec<String>)) {
        let Some(tab) = self.active_tab_mut() else { return };
        change(&mut tab.pinned);
        let (pinned, profile) = (tab.pinned.clone(), tab.profile.clone());
        let profile = profile.and_then(|id| self.storage.profiles.get(&id)).cloned();
        if let Some(profile) = profile {
            let profile = Profile { pinned, ..profile };
            self.connections.reload(&profile);
            self.storage.profiles.update(profile);
            self.storage.save_profiles();
        }
    }

    /// Remembers how a topic is looked at, if the session has a profile.
    fn keep_look(&mut self, look: TopicLook) {
        let profile = self.active_tab().and_then(|tab| tab.profile.clone());
        let profile = profile.and_then(|id| self.storage.profiles.get(&id)).cloned();
        let Some(mut profile) = profile else { return };
        look.keep_in(&mut profile.looks);
        self.connections.reload(&profile);
        self.storage.profiles.update(profile);
        self.storage.save_profiles();
    }

    fn remember_order(&mut self, order: Sorting) {
        let settings = &mut self.storage.settings;
        (settings.sort_by, settings.sort_reversed) = (order.by, order.reversed);
        self.storage.save_settings();
    }
}

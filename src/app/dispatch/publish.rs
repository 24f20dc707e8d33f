//! Carries out actions on messages to send.

use crate::app::App;
use crate::app::dispatch::published::RecallFor;
use crate::app::dispatch::retained::{self, Retained};
use crate::command::{Dangerous, Notice, Outgoing, PublishAction, Tool};
use crate::model::Model;
use crate::panels::path_dialog::PathPurpose;
use crate::session::Publish;
use crate::ui::job::Job;
use crate::ui::language;
use crate::words::session::declined;
use crate::words::{app as words, path_dialog};

impl App {
    /// Carries out an action on messages to send.
    pub(super) fn publish(&mut self, action: PublishAction) {
        match action {
            PublishAction::Send(message) => self.send(message),
            PublishAction::ClearRetained(message) => self.clear_retained(message),
            PublishAction::RestoreRetained(number, message) => {
                self.hand_over(number, message);
            }
            PublishAction::Compose(outgoing) => {
                self.show_tool(Tool::Publish);
                if let Some(tab) = self.active_tab_mut() {
                    let choice = tab.rules.choice_of_topic(outgoing.topic.as_bytes()).cloned();
                    tab.view.tools.publish.compose_as(outgoing, choice);
                }
            }
            PublishAction::Request(order) => self.request(*order),
            PublishAction::StopRequest(id) => {
                self.tabs.iter_mut().for_each(|tab| tab.stop_request(id));
            }
            PublishAction::ComposePublished(message) => self.recall(*message, RecallFor::Draft),
            PublishAction::SavePublished(message) => self.recall(*message, RecallFor::Saving),
            PublishAction::SendAgain(message) => self.recall(*message, RecallFor::Sending),
            PublishAction::CopyAs(message, program, shell) => self.copy_as(*message, program, shell),
            PublishAction::ReopenDraft(draft) => {
                self.show_tool(Tool::Publish);
                if let Some(tab) = self.active_tab_mut() {
                    tab.view.tools.publish.reopen(*draft);
                }
            }
            PublishAction::KeepDrafts(drafts) => self.keep_drafts(&drafts),
            PublishAction::LoadPayload => self.load_payload(),
            PublishAction::RemovePublished(index) => {
                self.storage.history.remove(index);
                self.storage.save_history();
            }
        }
    }

    /// Sends a message. Asks first about one that does something other than what it looks like.
    pub(super) fn send(&mut self, message: Outgoing) {
        if message.clears_retained() {
            self.clear_retained(message);
            return;
        }
        let Some(tab) = self.active_tab() else { return };
        let number = tab.number;
        if message.payload.is_empty() && is_mere_level(&tab.session.model().lock(), &message.topic) {
            self.asked = Some(Dangerous::PublishEmpty(number, Box::new(message)));
        } else {
            self.hand_over(number, message);
        }
    }

    /// Clears a retained message. If its content is known the notice offers to restore it; otherwise asks first.
    fn clear_retained(&mut self, message: Outgoing) {
        let Some(tab) = self.active_tab() else { return };
        let number = tab.number;
        // A paused view does not show the newest messages.
        let is_live = tab.paused.is_none();
        let retained = retained::find(&tab.session.model().lock(), &message.topic);
        match retained {
            None => self.asked = Some(Dangerous::ClearRetained(number, Box::new(message))),
            Some(Retained { message: known, is_certain }) => {
                let topic = message.topic.clone();
                if self.hand_over(number, message) {
                    let text = words::retained_cleared(&topic, is_certain && is_live, language(&self.ctx));
                    self.notify(Notice::undoable(text, PublishAction::RestoreRetained(number, known)));
                }
            }
        }
    }

    /// Hands a message to the session with this number; returns whether it was accepted.
    pub(super) fn hand_over(&mut self, number: u64, outgoing: Outgoing) -> bool {
        let language = language(&self.ctx);
        let Some(tab) = self.tabs.iter_mut().find(|tab| tab.number == number) else { return false };
        let kept = outgoing.clone();
        let Outgoing { topic, payload, qos, retain, properties } = outgoing;
        let publish = Publish { topic, payload, qos, retain, properties, ..Publish::default() };
        let sent = tab.session.publish(publish);
        match sent {
            Ok(token) => {
                tab.view.tools.publish.sent(token);
                self.remember_published(number, &kept);
                true
            }
            Err(refused) => {
                let text = words::not_published(&kept.topic, &declined(&refused, language), language);
                self.notify(Notice::error(text));
                false
            }
        }
    }

    fn load_payload(&mut self) {
        let Some(tab) = self.active_tab().map(|tab| tab.number) else { return };
        let title = path_dialog::OPEN_FILE.of(language(&self.ctx));
        let answer = self.paths.ask(title, PathPurpose::Open, "");
        let job = Job::spawn("load payload", &self.ctx, move |_| {
            let path = answer()?;
            let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
            Some((name, std::fs::read(path)))
        });
        self.loading = Some((tab, job));
    }
}

/// Whether a topic is only a level of the tree, without a message of its own.
fn is_mere_level(model: &Model, topic: &str) -> bool {
    let node = model.find(topic.as_bytes()).and_then(|node| model.node(node));
    node.is_some_and(|node| node.topic.is_none())
}

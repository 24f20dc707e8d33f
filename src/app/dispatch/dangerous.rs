//! Actions that cannot be undone: asks first, and carries them out once confirmed.

use crate::app::App;
use crate::command::{Action, Actions, Dangerous};
use crate::payload::visible_name;
use crate::ui::language;
use crate::ui::widgets::dialog::{self, Answer};
use crate::words::confirm::{self, ConfirmQuestion};
use crate::words::{retained, sparkplug};

impl App {
    /// Asks the person to confirm what a panel or a command asked for. A yes sends [`Action::Confirmed`].
    pub(in crate::app) fn ask(&mut self, actions: &mut Actions) {
        let Some(dangerous) = self.asked.take() else { return };
        // Its object may be gone by now.
        let Some(ConfirmQuestion { title, text, verb }) = self.question(&dangerous) else { return };
        match dialog::confirm(&self.ctx, &title, &text, verb.of(language(&self.ctx))) {
            Answer::Open => self.asked = Some(dangerous),
            Answer::Yes => actions.push(Action::Confirmed(dangerous)),
            Answer::No => {}
        }
    }

    fn question(&self, dangerous: &Dangerous) -> Option<ConfirmQuestion> {
        let language = language(&self.ctx);
        match dangerous {
            Dangerous::ClearTopics(number) => {
                let tab = self.tabs.iter().find(|tab| tab.number == *number)?;
                let stats = tab.session.model().lock().stats();
                Some(confirm::clear_topics(u64::from(stats.topics), stats.messages_kept, language))
            }
            Dangerous::ForgetBelow(number, node) => {
                let tab = self.tabs.iter().find(|tab| tab.number == *number)?;
                let model = tab.session.model().lock();
                let info = model.node(*node)?;
                let topics = info.topics_below + u32::from(info.topic.is_some());
                let topic = String::from_utf8_lossy(&model.topic_bytes(*node)).into_owned();
                Some(confirm::forget_below(&topic, u64::from(topics), info.messages, language))
            }
            Dangerous::DeleteProfile(id) => {
                let profile = self.storage.profiles.get(id)?;
                Some(confirm::delete_profile(&visible_name(&profile.name), &profile.connect.url(), language))
            }
            Dangerous::PublishEmpty(_, message) => Some(confirm::publish_empty(&message.topic, language)),
            Dangerous::ClearRetained(_, message) => Some(confirm::clear_retained(&message.topic, language)),
            Dangerous::ClearChosen { topics, .. } => Some(retained::ask_clear(topics, language)),
            Dangerous::RequestRebirth(number, key) => {
                let tab = self.tabs.iter().find(|tab| tab.number == *number)?;
                let devices = tab.plant.lock().node(key)?.devices.len();
                Some(sparkplug::ask_rebirth(key, devices, language))
            }
            Dangerous::ClearPublished => {
                let messages = self.storage.history.len() as u64;
                (messages > 0).then(|| confirm::clear_published(messages, language))
            }
            Dangerous::Replay { is_second } => self.replay_question(*is_second),
            Dangerous::AllowProgram(line) => Some(confirm::allow_program(line, language)),
            Dangerous::OpenLink => {
                let options = &self.link.as_ref()?.options;
                Some(confirm::open_link(&options.host, &options.url(), &options.username, language))
            }
        }
    }

    /// Carries out what was confirmed.
    pub(super) fn confirmed(&mut self, dangerous: Dangerous) {
        match dangerous {
            Dangerous::ClearTopics(number) => {
                let Self { storage, tabs, closing, .. } = self;
                if let Some(tab) = tabs.iter_mut().find(|tab| tab.number == number) {
                    closing.drop("free messages", tab.clear(&storage.settings));
                }
            }
            Dangerous::ForgetBelow(number, node) => {
                if let Some(tab) = self.tabs.iter_mut().find(|tab| tab.number == number) {
                    tab.forget(node, true);
                }
            }
            Dangerous::DeleteProfile(id) => self.delete_profile(&id),
            Dangerous::PublishEmpty(number, message) | Dangerous::ClearRetained(number, message) => {
                self.hand_over(number, *message);
            }
            Dangerous::ClearChosen { tab: number, topics, per_second } => {
                let tab = self.tabs.iter().find(|tab| tab.number == number);
                if let Some(desk) = tab.and_then(|tab| tab.retained.as_ref()) {
                    desk.clear(topics.to_vec(), per_second);
                }
            }
            Dangerous::RequestRebirth(number, key) => self.request_rebirth(number, &key),
            Dangerous::ClearPublished => {
                self.storage.history.clear();
                self.storage.save_history();
            }
            Dangerous::Replay { is_second } => self.replay_confirmed(is_second),
            Dangerous::AllowProgram(line) => self.allow_program(&line),
            Dangerous::OpenLink => {
                if let Some(link) = self.link.take() {
                    self.open_unsaved(link);
                }
            }
        }
    }
}

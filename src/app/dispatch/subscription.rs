//! Carries out actions on subscriptions: in the session at once, and in the profile if that is wanted.

use crate::app::{App, Tab};
use crate::command::{Notice, SubscriptionAction};
use crate::mqtt::filter::{check_filter, check_topic, shared};
use crate::mqtt::options::Subscription;
use crate::session::Declined;
use crate::ui::language;
use crate::words::{app as words, inspector, session};

impl App {
    /// Carries out an action on subscriptions.
    pub(super) fn subscription(&mut self, action: SubscriptionAction) {
        match action {
            SubscriptionAction::Add(subscription) => {
                let done = self.active_tab().map(|tab| tab.session.subscribe(&subscription));
                self.say(&subscription.filter, done);
            }
            SubscriptionAction::Change(filter, to) => {
                let done = self.active_tab().map(|tab| tab.session.change_subscription(&filter, &to));
                self.say(&to.filter, done);
            }
            SubscriptionAction::Enable(filter, enabled) => {
                let done = self.active_tab().map(|tab| tab.session.set_enabled(&filter, enabled));
                self.say(&filter, done);
            }
            SubscriptionAction::Remove(filter) => self.remove_subscription(&filter),
            SubscriptionAction::Restore(number, place, subscription) => {
                let tab = self.tabs.iter().find(|tab| tab.number == number);
                let done = tab.map(|tab| tab.session.subscribe_at(place, &subscription));
                self.say(&subscription.filter, done);
            }
            SubscriptionAction::AskAgain(topic) => self.ask_again(&topic),
            SubscriptionAction::Keep => self.keep_subscriptions(),
        }
    }

    /// Has a topic's retained message sent again. A subscription to just this topic brings this one message, whereas a
    /// new subscription to `#` would bring every retained message.
    fn ask_again(&mut self, topic: &str) {
        let l = language(&self.ctx);
        let Some(tab) = self.active_tab_mut() else { return };
        let is_name = check_topic(topic).is_ok() && check_filter(topic).is_ok() && shared(topic).is_none();
        if !is_name || !tab.session.status().state.is_connected() {
            let why = if is_name { words::NOT_CONNECTED } else { inspector::CANNOT_ASK_AGAIN };
            self.notify(Notice::error(why.of(l)));
            return;
        }
        let done = tab.ask_again(topic);
        let asked = done.is_ok();
        self.say(topic, Some(done));
        if asked {
            self.notify(Notice::info(words::asked_again(topic, l)));
        }
    }

    fn say(&mut self, filter: &str, done: Option<Result<(), Declined>>) {
        if let Some(Err(why)) = done {
            let l = language(&self.ctx);
            let text = words::subscription_not_changed(filter, &session::declined(&why, l), l);
            self.notify(Notice::error(text));
        }
    }

    fn remove_subscription(&mut self, filter: &str) {
        let Some(tab) = self.active_tab() else { return };
        let wanted = wanted(tab);
        let Some(place) = wanted.iter().position(|subscription| subscription.filter == filter) else {
            return;
        };
        let undo = SubscriptionAction::Restore(tab.number, place, wanted[place].clone());
        match tab.session.unsubscribe(filter) {
            Ok(()) => {
                let text = words::subscription_removed(filter, language(&self.ctx));
                self.notify(Notice::undoable(text, undo));
            }
            refused => self.say(filter, Some(refused)),
        }
    }

    fn keep_subscriptions(&mut self) {
        let Some(tab) = self.active_tab() else { return };
        let (subscriptions, name) = (wanted(tab), tab.name.clone());
        let profile = tab.profile.as_ref().and_then(|id| self.storage.profiles.get(id)).cloned();
        let Some(mut profile) = profile else { return };
        profile.connect.subscriptions = subscriptions;
        self.connections.reload(&profile);
        self.storage.profiles.update(profile);
        self.storage.save_profiles();
        self.notify(Notice::info(words::subscriptions_kept(&name, language(&self.ctx))));
    }
}

/// The subscriptions that a session asks for.
pub(in crate::app) fn wanted(tab: &Tab) -> Vec<Subscription> {
    tab.session.status().subscriptions.iter().map(|state| state.wanted.clone()).collect()
}

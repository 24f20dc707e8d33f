//! Carries out what the subscriptions panel asked for: in the session at once, in the profile where that is wanted.

use crate::app::{App, Tab};
use crate::command::action::{Action, Notice};
use crate::mqtt::options::Subscription;
use crate::session::Declined;
use crate::ui::language;
use crate::words;

impl App {
    /// Carries out an action about subscriptions.
    pub(super) fn subscriptions(&mut self, action: Action) {
        match action {
            Action::KeepSubscriptions => self.keep_subscriptions(),
            Action::RestoreSubscription(number, place, subscription) => {
                let tab = self.tabs.iter().find(|tab| tab.number == number);
                let done = tab.map(|tab| tab.session.subscribe_at(place, &subscription));
                self.say(&subscription.filter, done);
            }
            Action::Subscribe(subscription) => {
                let done = self.active_tab().map(|tab| tab.session.subscribe(&subscription));
                self.say(&subscription.filter, done);
            }
            Action::ChangeSubscription(filter, to) => {
                let done = self.active_tab().map(|tab| tab.session.change_subscription(&filter, &to));
                self.say(&to.filter, done);
            }
            Action::EnableSubscription(filter, enabled) => {
                let done = self.active_tab().map(|tab| tab.session.set_enabled(&filter, enabled));
                self.say(&filter, done);
            }
            Action::RemoveSubscription(filter) => self.remove_subscription(&filter),
            _ => {}
        }
    }

    fn say(&mut self, filter: &str, done: Option<Result<(), Declined>>) {
        if let Some(Err(why)) = done {
            let why = words::session::declined(&why, language(&self.ctx));
            self.notify(Notice::error(format!("The subscription to {filter:?} was not changed\n{why}")));
        }
    }

    fn remove_subscription(&mut self, filter: &str) {
        let Some(tab) = self.active_tab() else { return };
        let wanted = wanted(tab);
        let Some(place) = wanted.iter().position(|subscription| subscription.filter == filter) else {
            return;
        };
        let undo = Action::RestoreSubscription(tab.number, place, wanted[place].clone());
        match tab.session.unsubscribe(filter) {
            Ok(()) => self.notify(Notice::undoable(format!("Removed the subscription to {filter:?}"), undo)),
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
        self.notify(Notice::info(format!("The profile {name:?} has these subscriptions now")));
    }
}

/// The subscriptions of a session as they are asked for.
pub(super) fn wanted(tab: &Tab) -> Vec<Subscription> {
    tab.session.status().subscriptions.iter().map(|state| state.wanted.clone()).collect()
}

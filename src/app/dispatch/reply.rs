//! Carries out actions on the rules that answer messages.

use std::sync::Arc;

use eframe::egui::ViewportId;

use crate::app::App;
use crate::automation::Responder;
use crate::command::{Notice, ReplyAction};
use crate::reply::{Replies, ReplyRule};
use crate::store::Profile;
use crate::ui::language;
use crate::words::{app as words, replies};

impl App {
    /// Carries out an action on the reply rules of the session that is shown.
    pub(super) fn reply(&mut self, action: ReplyAction) {
        match action {
            ReplyAction::Switch(false) => self.in_session(|tab| tab.responder = None),
            ReplyAction::Switch(true) => self.answer(),
            ReplyAction::Change(rules) => self.change_replies(rules),
        }
    }

    /// Turns the rules on, anew if they are on.
    fn answer(&mut self) {
        let (ctx, l) = (self.ctx.clone(), language(&self.ctx));
        let Some(tab) = self.active_tab_mut() else { return };
        tab.responder = None;
        let rules = match Replies::new(&tab.replies, &tab.secret_variables.found.with(&tab.options.variables))
        {
            Ok(rules) => rules,
            Err((_, why)) => {
                self.notify(Notice::error(replies::rule_error(&why, l)));
                return;
            }
        };
        let wake = Arc::new(move || ctx.request_repaint_of(ViewportId::ROOT));
        match Responder::open(&tab.options, tab.secrets.clone(), rules, wake) {
            Ok(responder) => tab.responder = Some(responder),
            Err(error) => self.notify(Notice::error(words::not_started(&error, l))),
        }
    }

    fn change_replies(&mut self, rules: Vec<ReplyRule>) {
        let Some(tab) = self.active_tab_mut() else { return };
        tab.replies.clone_from(&rules);
        let (profile, is_on) = (tab.profile.clone(), tab.responder.is_some());
        if is_on && rules.is_empty() {
            tab.responder = None;
        } else if is_on {
            self.answer();
        }
        let profile = profile.and_then(|id| self.storage.profiles.get(&id)).cloned();
        if let Some(profile) = profile {
            let profile = Profile { replies: rules, ..profile };
            self.connections.reload(&profile);
            self.storage.profiles.update(profile);
            self.storage.save_profiles();
        }
    }
}

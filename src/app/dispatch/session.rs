//! Carries out actions about the tabs of the open sessions.

use crate::app::{App, Tab};
use crate::command::SessionAction;

impl App {
    /// Carries out an action about the open sessions.
    pub(super) fn session(&mut self, action: SessionAction) {
        match action {
            SessionAction::ShowTab(index) => self.show_tab(Some(index)),
            SessionAction::CloseTab(index) => self.close_tab(index),
        }
    }

    /// Closes a tab and its session; the one beside it shows then.
    pub(super) fn close_tab(&mut self, index: usize) {
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
}

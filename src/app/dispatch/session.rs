//! Carries out actions on the tabs of open sessions.

use std::time::Instant;

use eframe::egui::ViewportId;

use crate::app::{App, Tab};
use crate::command::{Notice, SessionAction};
use crate::ui::language;
use crate::words::app as words;

impl App {
    /// Carries out an action on open sessions.
    pub(super) fn session(&mut self, action: SessionAction) {
        match action {
            SessionAction::ShowTab(index) => self.show_tab(Some(index)),
            SessionAction::CloseTab(index) => self.close_tab(index),
            SessionAction::Reopen(number) => self.reopen(|tab| tab.number == number),
        }
    }

    /// Closes a tab and shows the one beside it. The session is disconnected and kept for a while.
    pub(super) fn close_tab(&mut self, index: usize) {
        if index >= self.tabs.len() {
            return;
        }
        let mut tab = self.tabs.remove(index);
        self.keep_last_drafts(&mut tab);
        tab.stop_sendings();
        tab.session.disconnect();
        tab.responder = None;
        tab.sequences.board.stop();
        // What is left is written in the background.
        drop(tab.session.stop_recording());
        let (name, number) = (tab.name.clone(), tab.number);
        let history_bytes = tab.session.model().lock().stats().history_bytes;
        let budget_bytes = (self.storage.settings.history_budget_mib as usize) << 20;
        for gone in self.closed.keep(tab, index, history_bytes, budget_bytes, Instant::now()) {
            self.end(gone);
        }
        let next = match self.active {
            Some(active) if active > index => Some(active - 1),
            Some(active) if active == index => self.tabs.len().checked_sub(1).map(|last| active.min(last)),
            other => other,
        };
        self.show_tab(next);
        self.remember_open();
        let text = words::closed(&name, language(&self.ctx));
        self.notify(Notice::undoable(text, SessionAction::Reopen(number)));
    }

    /// Shows the tab this many places to the right, wrapping around at the end. From the connections page it starts at
    /// the edge.
    pub(super) fn step_tab(&mut self, places: isize) {
        let count = self.tabs.len() as isize;
        if count == 0 {
            return;
        }
        let from = self.active.map_or(if places > 0 { -1 } else { count }, |active| active as isize);
        self.show_tab(usize::try_from((from + places).rem_euclid(count)).ok());
    }

    /// Reopens the tab closed last among those that `wanted` accepts. It stays disconnected.
    pub(super) fn reopen(&mut self, wanted: impl Fn(&Tab) -> bool) {
        let Some((tab, place)) = self.closed.take_last(wanted) else { return };
        let place = place.min(self.tabs.len());
        self.tabs.insert(place, tab);
        self.show_tab(Some(place));
        self.remember_open();
    }

    /// Drops the sessions that were closed long ago.
    pub(in crate::app) fn forget_closed(&mut self) {
        let now = Instant::now();
        for gone in self.closed.expire(now) {
            self.end(gone);
        }
        if let Some(wait) = self.closed.next_end(now) {
            self.ctx.request_repaint_after_for(wait, ViewportId::ROOT);
        }
    }

    fn end(&mut self, tab: Tab) {
        self.closing.drop("close session", tab.session);
    }
}

//! Carries out actions on the moment that the view shows.

use crate::app::{App, Tab};
use crate::command::MomentAction;
use crate::model::Seek;

impl App {
    /// Carries out an action on the moment that the view shows.
    pub(super) fn moment(&mut self, action: MomentAction) {
        let Some(tab) = self.active_tab_mut() else { return };
        match action {
            MomentAction::Show(at) => tab.seek(Seek::To(at)),
            MomentAction::Speed(speed) => tab.set_speed(speed),
        }
    }

    /// Shows or hides the time bar. Live sessions and recordings are remembered apart.
    pub(super) fn toggle_time_bar(&mut self) {
        let Some(name) = self.active_tab().map(Tab::time_bar_name) else { return };
        let mut pane = self.storage.settings.pane(name);
        pane.visible ^= true;
        self.storage.settings.set_pane(name, pane);
        self.storage.save_settings();
    }
}

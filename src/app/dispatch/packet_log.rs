//! Carries out actions about the packet log of the session that shows.

use crate::app::App;
use crate::command::PacketLogAction;

impl App {
    /// Carries out an action about the packet log.
    pub(super) fn packet_log(&mut self, action: PacketLogAction) {
        let Some(tab) = self.active_tab() else { return };
        match action {
            PacketLogAction::SetOn(on) => tab.session.set_trace(on),
            PacketLogAction::Clear => tab.session.packet_log().clear(),
        }
    }
}

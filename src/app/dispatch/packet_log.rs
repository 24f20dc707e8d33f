//! Carries out actions on the packet log of the session that is shown.

use crate::app::App;
use crate::command::PacketLogAction;

impl App {
    /// Carries out an action on the packet log.
    pub(super) fn packet_log(&mut self, action: PacketLogAction) {
        let Some(tab) = self.active_tab() else { return };
        match action {
            PacketLogAction::SetOn(on) => tab.session.set_trace(on),
            PacketLogAction::Clear => tab.session.packet_log().clear(),
        }
    }
}

//! Buttons that run a command: its name, its tooltip and its keys come from the table of commands.

use eframe::egui::Ui;

use crate::command::Command;
use crate::command::action::Actions;
use crate::ui::widgets::controls::icon_button;

/// An icon button that runs a command and is named like it.
pub fn command_icon(ui: &mut Ui, icon: &str, command: Command, actions: &mut Actions) {
    let help = command.tooltip(ui.ctx());
    if icon_button(ui, icon, command.label(), &help).clicked() {
        actions.run(command);
    }
}

//! Buttons that run a command, with the command's name and icon, and its help and keys as the tooltip.

use eframe::egui::{Color32, Response, Ui};

use crate::command::{Actions, Command, Env};
use crate::ui::language;
use crate::ui::tokens::tokens;
use crate::ui::widgets::context_menu::{Item, Menu};
use crate::ui::widgets::controls::icon_button_colored;

/// Adds a context menu entry that runs a command.
pub fn command_entry(menu: &mut Menu<'_>, command: Command, env: &Env<'_>, actions: &mut Actions) {
    let (l, state) = (language(menu.ui()), command.state(env));
    let item = Item::new(command.entry().icon, command.label(l))
        .keys(command.keys(menu.ui().ctx()))
        .checked(state.checked)
        .unless(state.obstacle.map(|obstacle| obstacle.of(l)));
    if menu.item(&item) {
        actions.run(command);
    }
}

/// Draws an icon button that runs a command.
pub fn command_icon(ui: &mut Ui, command: Command, actions: &mut Actions) {
    let color = tokens(ui).text_muted;
    command_icon_colored(ui, command, command.entry().icon, color, actions);
}

/// Draws a command's icon button with a different icon and colour; see [`command_icon`].
pub fn command_icon_colored(
    ui: &mut Ui,
    command: Command,
    icon: &str,
    color: Color32,
    actions: &mut Actions,
) -> Response {
    let help = command.tooltip(ui.ctx());
    let name = command.label(language(ui));
    let response = icon_button_colored(ui, icon, name, &help, color);
    if response.clicked() {
        actions.run(command);
    }
    response
}

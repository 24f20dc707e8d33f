//! Buttons that run a command: named like it, with its icon, and with its help and keys as tooltip.

use eframe::egui::{Color32, Response, Ui};

use crate::command::{Actions, Command, Env};
use crate::ui::language;
use crate::ui::tokens::tokens;
use crate::ui::widgets::context_menu::{Item, Menu};
use crate::ui::widgets::controls::icon_button_colored;

/// An entry of a context menu that runs a command.
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

/// An icon button that runs a command.
pub fn command_icon(ui: &mut Ui, command: Command, actions: &mut Actions) {
    let color = tokens(ui).text_muted;
    command_icon_colored(ui, command, command.entry().icon, color, actions);
}

/// [`command_icon`] with an icon and a colour that say more than the command's own.
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

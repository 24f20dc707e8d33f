//! The menu at the right end of the top bar: the commands of the table, by their groups.

use eframe::egui::containers::menu::MenuButton;
use eframe::egui::{self, RichText, Role, Ui, WidgetInfo, vec2};

use crate::command::{Actions, Command, Env, Group};
use crate::ui::tokens::tokens;
use crate::ui::{icons, language, theme};
use crate::words::app as words;

/// Draws the button and, while it is open, the menu.
pub fn show(ui: &mut Ui, env: &Env<'_>, actions: &mut Actions) {
    let t = tokens(ui);
    let text = RichText::new(icons::LIST).font(theme::icon_font()).color(t.text_muted);
    let button = egui::Button::new(text).frame_when_inactive(false).min_size(vec2(28.0, 24.0));
    let (response, _) = MenuButton::from_button(button).ui(ui, |ui| {
        ui.set_min_width(220.0);
        for (index, group) in Group::ALL.into_iter().enumerate() {
            if index > 0 {
                ui.separator();
            }
            for command in Command::of_group(group) {
                item(ui, command, env, actions);
            }
        }
    });
    let name = words::MENU.of(language(ui));
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
}

fn item(ui: &mut Ui, command: Command, env: &Env<'_>, actions: &mut Actions) {
    let language = language(ui);
    let state = command.state(env);
    let button = egui::Button::new(command.label(language))
        .selected(state.checked)
        .shortcut_text(RichText::new(command.keys(ui.ctx())).color(tokens(ui).text_muted));
    let response = ui.add_enabled(state.is_enabled(), button).on_hover_text(command.help(language));
    let why_not = state.obstacle.map_or("", |obstacle| obstacle.of(language));
    if response.on_disabled_hover_text(why_not).clicked() {
        actions.run(command);
        ui.close();
    }
}

//! The menu button at the right end of the top bar. Its menu has every command that belongs to a group, in submenus by
//! area, with its state.

use eframe::egui::containers::menu::MenuButton;
use eframe::egui::{self, RichText, Role, Ui, WidgetInfo, vec2};

use crate::command::{Actions, Command, Env, Group, MenuPlace, Submenu};
use crate::ui::tokens::tokens;
use crate::ui::widgets::context_menu::{menu_entry, scrolling, submenu};
use crate::ui::{icons, language, theme};
use crate::words::app as words;

const WIDTH_MIN: f32 = 220.0;

/// Draws the button and, while it is open, the menu.
pub fn show(ui: &mut Ui, env: &Env<'_>, actions: &mut Actions) {
    let (t, l) = (tokens(ui), language(ui));
    let text = RichText::new(icons::LIST).font(theme::icon_font()).color(t.text_muted);
    let button = egui::Button::new(text).frame_when_inactive(false).min_size(vec2(28.0, 24.0));
    let (response, _) = MenuButton::from_button(button).ui(ui, |ui| {
        scrolling(ui, WIDTH_MIN, |ui| {
            for menu in Submenu::ALL {
                submenu(ui, menu.label().of(l), |ui| groups_of(ui, menu, env, actions));
            }
            for group in Group::ALL.into_iter().filter(|group| group.place() == MenuPlace::Top) {
                ui.separator();
                items(ui, group, env, actions);
            }
        });
    });
    let name = words::MENU.of(l);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
}

/// Draws a submenu: its groups separated by lines, then its own submenus.
fn groups_of(ui: &mut Ui, menu: Submenu, env: &Env<'_>, actions: &mut Actions) {
    let l = language(ui);
    let groups = Group::ALL.into_iter().filter(|group| group.place() == MenuPlace::In(menu));
    for (index, group) in groups.enumerate() {
        if index > 0 {
            ui.separator();
        }
        items(ui, group, env, actions);
    }
    let mut is_first = true;
    for group in Group::ALL {
        let MenuPlace::Below(within, label) = group.place() else { continue };
        if within != menu {
            continue;
        }
        if std::mem::take(&mut is_first) {
            ui.separator();
        }
        submenu(ui, label.of(l), |ui| items(ui, group, env, actions));
    }
}

fn items(ui: &mut Ui, group: Group, env: &Env<'_>, actions: &mut Actions) {
    for command in Command::of_group(group) {
        item(ui, command, env, actions);
    }
}

fn item(ui: &mut Ui, command: Command, env: &Env<'_>, actions: &mut Actions) {
    let language = language(ui);
    let state = command.state(env);
    let name = command.short_label(language);
    let button = egui::Button::new(name)
        .shortcut_text(RichText::new(command.keys(ui.ctx())).color(tokens(ui).text_muted));
    // A button that is told that it is not selected says so.
    let button = if let Some(checked) = state.checked { button.selected(checked) } else { button };
    let response = ui.add_enabled(state.is_enabled(), button);
    // Without the keys, which belong to no name.
    response.widget_info(|| menu_entry(state.is_enabled(), state.checked, name));
    let response = response.on_hover_text(command.help(language));
    let why_not = state.obstacle.map_or("", |obstacle| obstacle.of(language));
    if response.on_disabled_hover_text(why_not).clicked() {
        actions.run(command);
        ui.close();
    }
}

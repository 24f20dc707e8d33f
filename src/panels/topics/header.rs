//! The line above the tree: its title, search results, the column choice, and buttons to expand and collapse.

use eframe::egui::{self, Align, Layout, Popup, PopupCloseBehavior, RichText, Ui, vec2};

use crate::command::{Actions, Command};
use crate::panels::command_button::command_icon;
use crate::panels::scene::Scene;
use crate::panels::topics::{SearchState, headings};
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::controls::icon_button;
use crate::ui::{icons, language, theme};
use crate::words::{search, topics as words};

/// Draws the header.
pub fn show(ui: &mut Ui, scene: &Scene<'_>, state: &SearchState, actions: &mut Actions) {
    let (t, l) = (tokens(ui), language(ui));
    let width = ui.available_width();
    ui.allocate_ui_with_layout(vec2(width, size::PANEL_HEADER), Layout::left_to_right(Align::Center), |ui| {
        ui.add_space(size::PADDING);
        ui.label(RichText::new(words::TITLE.of(l)).font(theme::title_font()));
        found(ui, state);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(4.0);
            ui.spacing_mut().item_spacing.x = 2.0;
            command_icon(ui, Command::ExpandAll, actions);
            command_icon(ui, Command::CollapseAll, actions);
            let columns =
                icon_button(ui, icons::LIST_BULLETS, words::COLUMNS.of(l), words::COLUMNS_HELP.of(l));
            Popup::menu(&columns)
                .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
                .show(|ui| headings::menu(ui, scene, actions));
        });
    });
    let line = ui.cursor().top();
    ui.painter().hline(ui.max_rect().x_range(), line, egui::Stroke::new(1.0, t.line));
    ui.add_space(1.0);
}

fn found(ui: &mut Ui, state: &SearchState) {
    let (t, l) = (tokens(ui), language(ui));
    match state {
        SearchState::Off => {}
        SearchState::Invalid(why) => {
            ui.label(RichText::new(search::error(why, l)).color(t.error).font(theme::small_font()));
        }
        SearchState::Running { matches, done, given_up } => {
            let text = words::found(*matches, *done, l);
            ui.label(RichText::new(text).color(t.text_muted).font(theme::small_font()));
            let (payloads, bytes) = *given_up;
            if payloads > 0 {
                let text = RichText::new(words::given_up(payloads, bytes, l));
                ui.label(text.color(t.warn).font(theme::small_font()))
                    .on_hover_text(words::GIVEN_UP_HELP.of(l));
            }
        }
    }
}

//! The line above the tree: title, what the search found, order, collapse and expand.

use eframe::egui::{self, Align, Layout, RichText, Ui, vec2};

use crate::command::{Actions, Command, TopicAction};
use crate::model::Order;
use crate::panels::command_button::command_icon;
use crate::panels::scene::Scene;
use crate::panels::topics::SearchState;
use crate::ui::theme;
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::controls::named_combo;
use crate::words::format;

/// Orders and their names.
pub const ORDERS: [(Order, &str); 5] = [
    (Order::Name, "Name"),
    (Order::Arrival, "Arrival"),
    (Order::Messages, "Messages"),
    (Order::Rate, "Rate"),
    (Order::LastSeen, "Last seen"),
];

/// Draws the header.
pub fn show(ui: &mut Ui, scene: &Scene<'_>, search: &SearchState, actions: &mut Actions) {
    let t = tokens(ui);
    let width = ui.available_width();
    ui.allocate_ui_with_layout(vec2(width, size::PANEL_HEADER), Layout::left_to_right(Align::Center), |ui| {
        ui.add_space(size::PADDING);
        ui.label(RichText::new("Topics").font(theme::title_font()));
        found(ui, search);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(4.0);
            ui.spacing_mut().item_spacing.x = 2.0;
            command_icon(ui, Command::ExpandAll, actions);
            command_icon(ui, Command::CollapseAll, actions);
            let current = scene.model.order();
            let name = ORDERS.iter().find(|(order, _)| *order == current).map_or("", |(_, name)| *name);
            named_combo(ui, "Sort by", name, |ui| {
                for (order, label) in ORDERS {
                    if ui.selectable_label(order == current, label).clicked() {
                        actions.push(TopicAction::SortBy(order));
                    }
                }
            });
        });
    });
    let line = ui.cursor().top();
    ui.painter().hline(ui.max_rect().x_range(), line, egui::Stroke::new(1.0, t.line));
    ui.add_space(1.0);
}

fn found(ui: &mut Ui, search: &SearchState) {
    let t = tokens(ui);
    match search {
        SearchState::Off => {}
        SearchState::Invalid(why) => {
            ui.label(RichText::new(why).color(t.error).font(theme::small_font()));
        }
        SearchState::Running { matches, done } => {
            let found = format::plural(*matches, "match", "matches");
            let text = if *done < 1.0 { format!("{found}, {:.0} %", done * 100.0) } else { found };
            ui.label(RichText::new(text).color(t.text_muted).font(theme::small_font()));
        }
    }
}

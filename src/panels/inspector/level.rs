//! Shown when there is no payload: a level that is not a topic.

use eframe::egui::{self, Align2, RichText, Ui, vec2};

use crate::model::Node;
use crate::panels::scene::Scene;
use crate::ui::tokens::{size, tokens};
use crate::ui::{language, theme};
use crate::words::{format, inspector as words};

/// Draws a level of the tree that received no message itself.
pub fn show(ui: &mut Ui, node: &Node<'_>, scene: &Scene<'_>) {
    let t = tokens(ui);
    let l = language(ui);
    let last = node.last_arrived.map_or_else(String::new, |at| format::ago(at, scene.now, l));
    let rows = [
        (words::TOPICS_BELOW, format::count(u64::from(node.topics_below))),
        (words::MESSAGES, format::count(node.messages)),
        (words::RATE, words::rate(&format::rate(node.rate), l)),
        (words::LAST_MESSAGE, last),
    ];
    ui.add_space(size::PADDING);
    egui::Grid::new("level").num_columns(2).min_row_height(22.0).spacing(vec2(size::SECTION, 0.0)).show(
        ui,
        |ui| {
            ui.spacing_mut().interact_size.y = 22.0;
            for (name, value) in rows.into_iter().filter(|(_, value)| !value.is_empty()) {
                ui.horizontal(|ui| {
                    ui.add_space(size::PADDING);
                    ui.label(RichText::new(name.of(l)).color(t.text_muted));
                });
                ui.label(RichText::new(value).font(theme::mono_font()));
                ui.end_row();
            }
        },
    );
    ui.add_space(size::GROUP);
    ui.horizontal(|ui| {
        ui.add_space(size::PADDING);
        ui.add(egui::Label::new(RichText::new(words::NOT_A_TOPIC.of(l)).color(t.text_muted)).wrap());
    });
}

/// Draws one muted line in the middle of a rectangle.
pub fn centered(ui: &Ui, text: &str) {
    let t = tokens(ui);
    let room = ui.available_rect_before_wrap();
    ui.painter().text(room.center(), Align2::CENTER_CENTER, text, theme::text_font(), t.text_muted);
}

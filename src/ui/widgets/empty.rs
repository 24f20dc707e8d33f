//! What a panel says while it has nothing to show: what is missing, and what to do about it.

use eframe::egui::{Align, Layout, RichText, ScrollArea, Ui, UiBuilder, vec2};

use crate::ui::theme;
use crate::ui::tokens::tokens;

/// Two lines in the middle of what is left of `ui`.
pub fn show(ui: &mut Ui, title: &str, help: &str) {
    show_with(ui, title, help, |_| ());
}

/// Two lines in the middle of what is left of `ui`, and what can be done at once below them.
pub fn show_with(ui: &mut Ui, title: &str, help: &str, below: impl FnOnce(&mut Ui)) {
    let t = tokens(ui);
    let rect = ui.available_rect_before_wrap();
    ui.allocate_rect(rect, eframe::egui::Sense::hover());
    let layout = Layout::top_down(Align::Center);
    let mut child = ui.new_child(UiBuilder::new().max_rect(rect.shrink2(vec2(16.0, 0.0))));
    // A panel may be lower than its two lines.
    ScrollArea::vertical().id_salt("empty").auto_shrink(false).show(&mut child, |ui| {
        ui.with_layout(layout, |ui| {
            // A little above the middle, where the eye looks first.
            ui.add_space((rect.height() * 0.42 - 36.0).max(4.0));
            ui.label(RichText::new(title).font(theme::strong_font()).color(t.text));
            ui.label(RichText::new(help).color(t.text_muted));
            ui.add_space(4.0);
            below(ui);
        });
    });
}

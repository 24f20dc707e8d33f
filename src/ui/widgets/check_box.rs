//! A check box whose box can be seen: egui's own has the colour of a field, which is hardly that of the panel.

use eframe::egui::{Response, Stroke, Ui};

use crate::ui::tokens::tokens;

/// A check box with its label.
pub fn check_box(ui: &mut Ui, checked: &mut bool, label: &str) -> Response {
    let outline = Stroke::new(1.0, tokens(ui).text_muted);
    ui.scope(|ui| {
        let states = &mut ui.visuals_mut().widgets;
        states.inactive.bg_stroke = outline;
        states.hovered.bg_stroke = outline;
        ui.checkbox(checked, label)
    })
    .inner
}

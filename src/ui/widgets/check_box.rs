//! Check boxes and radio buttons with enough contrast: egui's have the colour of a field, which hardly differs from
//! that of the panel.

use eframe::egui::{Response, Stroke, Ui};

use crate::ui::tokens::tokens;

/// A check box with its label.
pub fn check_box(ui: &mut Ui, checked: &mut bool, label: &str) -> Response {
    outlined(ui, |ui| ui.checkbox(checked, label))
}

/// One of several choices that are all visible, with its label.
pub fn radio(ui: &mut Ui, chosen: bool, label: &str) -> Response {
    outlined(ui, |ui| ui.radio(chosen, label))
}

fn outlined(ui: &mut Ui, add: impl FnOnce(&mut Ui) -> Response) -> Response {
    let outline = Stroke::new(1.0, tokens(ui).text_muted);
    ui.scope(|ui| {
        let states = &mut ui.visuals_mut().widgets;
        states.inactive.bg_stroke = outline;
        states.hovered.bg_stroke = outline;
        add(ui)
    })
    .inner
}

//! Rows of the form: a label, a field and, under it, what is wrong with it.

use eframe::egui::{self, Align, Layout, RichText, TextEdit, Ui, vec2};

use crate::store::profiles::{Field, FieldError};
use crate::ui::theme;
use crate::ui::tokens::tokens;
use crate::ui::widgets::controls::name_field;

/// Width of the column of labels.
pub(super) const LABEL_WIDTH: f32 = 128.0;

/// Draws a labelled row; `add` draws its field.
pub(super) fn row<R>(ui: &mut Ui, label: &str, add: impl FnOnce(&mut Ui) -> R) -> R {
    ui.horizontal(|ui| {
        let color = tokens(ui).text_muted;
        ui.allocate_ui_with_layout(vec2(LABEL_WIDTH, 26.0), Layout::left_to_right(Align::Center), |ui| {
            ui.set_min_width(LABEL_WIDTH);
            ui.label(RichText::new(label).color(color));
        });
        add(ui)
    })
    .inner
}

/// A one-line field, `name`d for assistive technology.
pub(super) fn text(ui: &mut Ui, name: &str, value: &mut String, width: f32, hint: &str) -> egui::Response {
    let muted = tokens(ui).text_muted;
    let hint = RichText::new(hint).color(muted);
    let edit = TextEdit::singleline(value).desired_width(width).hint_text(hint).margin(vec2(8.0, 4.0));
    let response = ui.add(edit);
    name_field(ui, &response, name);
    response
}

/// What is wrong with a field, under it.
pub(super) fn error(ui: &mut Ui, errors: &[FieldError], field: Field) {
    for error in errors.iter().filter(|error| error.field == field) {
        note(ui, &error.text, tokens(ui).error);
    }
}

/// A quiet line under a field.
pub(super) fn note(ui: &mut Ui, text: &str, color: egui::Color32) {
    ui.horizontal(|ui| {
        ui.add_space(LABEL_WIDTH + ui.spacing().item_spacing.x);
        let text = RichText::new(text).color(color).font(theme::small_font());
        ui.add(egui::Label::new(text).wrap());
    });
}

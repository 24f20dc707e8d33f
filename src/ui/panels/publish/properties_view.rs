//! The fields of the MQTT 5 properties.

use eframe::egui::{RichText, ScrollArea, TextEdit, Ui, vec2};

use super::properties::{Field, Form};
use super::topic::sentence;
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::controls::icon_button;
use crate::ui::widgets::segments::segments;
use crate::ui::{icons, theme};

const LABEL_WIDTH: f32 = 100.0;
const FORMATS: [(Option<u8>, &str); 3] = [(None, "Not set"), (Some(0), "Bytes"), (Some(1), "Text")];

/// Draws the form into what is left of `ui`.
pub fn show(ui: &mut Ui, form: &mut Form) {
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing = vec2(8.0, 4.0);
        let errors = [Field::ContentType, Field::ResponseTopic, Field::CorrelationData, Field::Expiry]
            .map(|field| form.error(field).map(|error| error.text));
        let [content_type, response_topic, correlation, expiry] = errors;
        field(ui, "Content type", "application/json", &mut form.content_type, content_type);
        field(ui, "Response topic", "Where an answer is expected", &mut form.response_topic, response_topic);
        field(ui, "Correlation data", "Text, or 0x and digits", &mut form.correlation_data, correlation);
        field(ui, "Message expiry", "Seconds", &mut form.expiry, expiry);
        ui.horizontal(|ui| {
            label(ui, "Payload format");
            if let Some(indicator) = segments(ui, "Payload format indicator", &FORMATS, Some(form.indicator))
            {
                form.indicator = indicator;
            }
        });
        user_properties(ui, form);
    });
}

fn label(ui: &mut Ui, text: &str) {
    let t = tokens(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(LABEL_WIDTH, 24.0), eframe::egui::Sense::hover());
    let galley = ui.painter().layout_no_wrap(text.to_owned(), theme::text_font(), t.text_muted);
    ui.painter().galley(rect.left_center() - vec2(0.0, galley.size().y / 2.0), galley, t.text_muted);
}

fn field(ui: &mut Ui, name: &str, hint: &str, text: &mut String, error: Option<String>) {
    ui.horizontal(|ui| {
        label(ui, name);
        let hint = RichText::new(hint).color(tokens(ui).text_muted);
        let edit =
            TextEdit::singleline(text).hint_text(hint).desired_width(ui.available_width() - size::PADDING);
        ui.add(edit).accessible_name(name);
    });
    error_line(ui, error);
}

fn error_line(ui: &mut Ui, error: Option<String>) {
    if let Some(error) = error {
        ui.horizontal(|ui| {
            ui.add_space(LABEL_WIDTH + 8.0);
            let text = RichText::new(sentence(&error)).font(theme::small_font()).color(tokens(ui).error);
            ui.set_max_width(ui.available_width() - size::PADDING);
            ui.add(eframe::egui::Label::new(text).wrap());
        });
    }
}

fn user_properties(ui: &mut Ui, form: &mut Form) {
    ui.horizontal(|ui| {
        label(ui, "User properties");
        if ui.button("Add property").clicked() {
            form.user.push((String::new(), String::new()));
        }
    });
    let mut removed = None;
    for index in 0..form.user.len() {
        let error = form.error(Field::User(index)).map(|error| error.text);
        let Some((name, value)) = form.user.get_mut(index) else { continue };
        let number = index + 1;
        ui.horizontal(|ui| {
            let width =
                (ui.available_width() - 28.0 - size::PADDING - 2.0 * ui.spacing().item_spacing.x) / 2.0;
            let hint = |text: &str| RichText::new(text).color(tokens(ui).text_muted);
            let (name_hint, value_hint) = (hint("Name"), hint("Value"));
            ui.add(TextEdit::singleline(name).hint_text(name_hint).desired_width(width * 0.8))
                .accessible_name(format!("Property {number} name"));
            ui.add(TextEdit::singleline(value).hint_text(value_hint).desired_width(width * 1.2))
                .accessible_name(format!("Property {number} value"));
            if icon_button(ui, icons::X, &format!("Remove property {number}"), "Removes this property")
                .clicked()
            {
                removed = Some(index);
            }
        });
        error_line(ui, error);
    }
    if let Some(index) = removed {
        form.user.remove(index);
    }
}

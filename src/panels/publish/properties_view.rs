//! The fields of the MQTT 5 properties.

use eframe::egui::{RichText, ScrollArea, TextEdit, Ui, vec2};

use crate::panels::publish::properties::{Field, Form};
use crate::panels::publish::topic::sentence;
use crate::ui::theme;
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::pairs::Pairs;
use crate::ui::widgets::segments::segments;

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
    let list = Pairs { item: "Property", width: ui.available_width() - size::PADDING };
    ui.horizontal(|ui| {
        label(ui, "User properties");
        list.add_button(ui, "property", &mut form.user);
    });
    let errors: Vec<_> = (0..form.user.len())
        .map(|index| form.error(Field::User(index)).map(|error| sentence(&error.text)))
        .collect();
    list.rows(ui, &mut form.user, |index| errors.get(index).cloned().flatten());
}

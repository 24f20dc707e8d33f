//! The form for the MQTT 5 properties.

use eframe::egui::{RichText, ScrollArea, Ui, vec2};

use crate::panels::publish::properties::{PropertiesForm, PropertyField};
use crate::panels::publish::response::ResponseForm;
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::access::keyed;
use crate::ui::widgets::field;
use crate::ui::widgets::pairs::Pairs;
use crate::ui::widgets::segments::segments;
use crate::ui::{language, theme};
use crate::words::{Label, Language, publish as words, request};

const LABEL_WIDTH: f32 = 100.0;
const INDICATORS: [(Option<u8>, Label); 3] =
    [(None, words::INDICATOR_UNSET), (Some(0), words::INDICATOR_BYTES), (Some(1), words::INDICATOR_TEXT)];

/// Draws the form into the rest of `ui`.
pub fn show(ui: &mut Ui, form: &mut PropertiesForm, response: &mut ResponseForm) {
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing = vec2(8.0, 4.0);
        let l = language(ui);
        let errors = [
            PropertyField::ContentType,
            PropertyField::ResponseTopic,
            PropertyField::CorrelationData,
            PropertyField::Expiry,
        ]
        .map(|field| form.error(field).map(|error| error.text(l)));
        let [content_type, response_topic, correlation, expiry] = errors;
        let name = words::CONTENT_TYPE.of(l);
        property(ui, name, "application/json", &mut form.content_type, content_type);
        let (name, hint) = (words::RESPONSE_TOPIC.of(l), words::RESPONSE_TOPIC_HINT.of(l));
        property(ui, name, hint, &mut form.response_topic, response_topic);
        let (name, hint) = (words::CORRELATION_DATA.of(l), words::CORRELATION_DATA_HINT.of(l));
        property(ui, name, hint, &mut form.correlation_data, correlation);
        keyed(ui, "within", |ui| {
            if response.is_on() {
                let error = response.within().err().map(|why| why.of(l).to_owned());
                property(ui, request::WITHIN.of(l), "5", &mut response.within, error);
            }
        });
        property(ui, words::EXPIRY.of(l), words::EXPIRY_HINT.of(l), &mut form.expiry, expiry);
        ui.horizontal(|ui| {
            label(ui, words::INDICATOR_SHORT.of(l));
            let (name, current) = (words::INDICATOR.of(l), Some(form.indicator));
            if let Some(indicator) = segments(ui, name, &INDICATORS, current) {
                form.indicator = indicator;
            }
        });
        user_properties(ui, form, l);
    });
}

fn label(ui: &mut Ui, text: &str) {
    let t = tokens(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(LABEL_WIDTH, 24.0), eframe::egui::Sense::hover());
    let galley = ui.painter().layout_no_wrap(text.to_owned(), theme::text_font(), t.text_muted);
    ui.painter().galley(rect.left_center() - vec2(0.0, galley.size().y / 2.0), galley, t.text_muted);
}

fn property(ui: &mut Ui, name: &str, hint: &str, text: &mut String, error: Option<String>) {
    ui.horizontal(|ui| {
        label(ui, name);
        let hint = RichText::new(hint).color(tokens(ui).text_muted);
        let width = ui.available_width() - size::PADDING;
        field::line(ui, name, field::STRING_BYTES_MAX, text, |edit| {
            edit.hint_text(hint).desired_width(width)
        });
    });
    error_line(ui, error);
}

fn error_line(ui: &mut Ui, error: Option<String>) {
    if let Some(error) = error {
        ui.horizontal(|ui| {
            ui.add_space(LABEL_WIDTH + 8.0);
            let text = RichText::new(error).font(theme::small_font()).color(tokens(ui).error);
            ui.set_max_width(ui.available_width() - size::PADDING);
            ui.add(eframe::egui::Label::new(text).wrap());
        });
    }
}

fn user_properties(ui: &mut Ui, form: &mut PropertiesForm, l: Language) {
    let list = Pairs { item: words::USER_PROPERTY.of(l), width: ui.available_width() - size::PADDING };
    ui.horizontal(|ui| {
        label(ui, words::USER_PROPERTIES.of(l));
        list.add_button(ui, &mut form.user);
    });
    let errors: Vec<_> = (0..form.user.len())
        .map(|index| form.error(PropertyField::User(index)).map(|error| error.text(l)))
        .collect();
    list.rows(ui, &mut form.user, |index| errors.get(index).cloned().flatten());
}

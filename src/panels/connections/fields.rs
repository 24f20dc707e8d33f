//! Rows of the form, each with a label and a field.

use std::fmt::Display;
use std::str::FromStr;

use eframe::egui::{
    self, Align, Color32, Layout, Rect, Response, RichText, Sense, TextEdit, Ui, UiBuilder, vec2,
};

use crate::mqtt::check::Field;
use crate::panels::connections::mistakes::Mistakes;
use crate::panels::connections::typed::TypedNumbers;
use crate::ui::tokens::tokens;
use crate::ui::widgets::check_box::check_box;
use crate::ui::widgets::field;
use crate::ui::widgets::pairs::Pairs;
use crate::ui::{language, theme};
use crate::words::{self, Label, Language};

/// Width of the label column.
pub(super) const LABEL_WIDTH: f32 = 140.0;
/// The greatest width of a field.
pub(super) const FIELD_WIDTH: f32 = 360.0;
/// Width of number fields.
pub(super) const NUMBER_WIDTH: f32 = 84.0;
/// Width of fields followed by a button.
pub(super) const SHORT_WIDTH: f32 = FIELD_WIDTH - BUTTON_WIDTH - 8.0;
/// Width of buttons after fields.
pub(super) const BUTTON_WIDTH: f32 = 76.0;
/// Distance from the left edge to the fields.
pub(super) const FIELD_AT: f32 = LABEL_WIDTH + 8.0;

const ROW_HEIGHT: f32 = 26.0;
/// Width of a narrow character, in points. A text that fits by this measure almost certainly fits.
const CHARACTER_WIDTH: f32 = 6.0;

/// Draws a labelled row; `add` draws its field.
pub(super) fn row<R>(ui: &mut Ui, label: &str, add: impl FnOnce(&mut Ui) -> R) -> R {
    line(ui, label, |ui| {
        let color = tokens(ui).text_muted;
        let (rect, _) = ui.allocate_exact_size(vec2(LABEL_WIDTH, ROW_HEIGHT), Sense::hover());
        let builder = UiBuilder::new().max_rect(rect).layout(Layout::left_to_right(Align::Center));
        ui.new_child(builder).label(RichText::new(label).color(color));
        add(ui)
    })
}

/// Draws a row without a label in the field column. `salt` distinguishes it from its neighbours.
pub(super) fn under<R>(ui: &mut Ui, salt: &str, add: impl FnOnce(&mut Ui) -> R) -> R {
    line(ui, salt, |ui| {
        ui.add_space(FIELD_AT);
        add(ui)
    })
}

/// A line whose widgets keep their identity, and so the keyboard focus, while lines above appear and disappear as
/// mistakes do.
fn line<R>(ui: &mut Ui, salt: &str, add: impl FnOnce(&mut Ui) -> R) -> R {
    let rect = Rect::from_min_size(ui.cursor().min, vec2(ui.available_width(), ROW_HEIGHT));
    let builder = UiBuilder::new()
        .scope_id(ui.scope_id().with(("row", salt)))
        .max_rect(rect)
        .layout(Layout::left_to_right(Align::Center));
    ui.scope_builder(builder, add).inner
}

/// The name of a field.
pub(super) fn name(field: Field, language: Language) -> &'static str {
    words::check::field(field, language)
}

/// The greatest length of a field's text, in bytes.
pub(super) fn bytes_max(field: Field) -> usize {
    match field {
        Field::Name => field::NAME_BYTES_MAX,
        Field::Host | Field::ProxyHost | Field::BindAddress | Field::ServerName => field::HOST_BYTES_MAX,
        Field::Path | Field::CaCertificate | Field::ClientCertificate | Field::ClientKey | Field::Alpn => {
            field::PATH_BYTES_MAX
        }
        _ => field::STRING_BYTES_MAX,
    }
}

/// Draws a one-line text field of MQTT's maximum length, with an accessible `name`.
pub(super) fn text(ui: &mut Ui, name: &str, value: &mut String, width: f32, hint: &str) -> Response {
    text_of(ui, name, field::STRING_BYTES_MAX, value, width, hint)
}

/// Draws a text field of at most `bytes_max`; see [`text`].
pub(super) fn text_of(
    ui: &mut Ui,
    name: &str,
    bytes_max: usize,
    value: &mut String,
    width: f32,
    hint: &str,
) -> Response {
    let look = look(ui, name, width, hint);
    let response = field::line(ui, name, bytes_max, value, |edit| look.of(edit));
    // The tooltip shows a text that does not fit.
    let may_be_cut = value.len() as f32 * CHARACTER_WIDTH > width;
    if may_be_cut && !response.has_focus() { response.on_hover_text(value.as_str()) } else { response }
}

/// The appearance of form fields.
pub(super) struct Look<'a> {
    salt: &'a str,
    width: f32,
    hint: RichText,
}

/// The appearance of a field with this name.
pub(super) fn look<'a>(ui: &Ui, name: &'a str, width: f32, hint: &str) -> Look<'a> {
    Look { salt: name, width, hint: RichText::new(hint).color(tokens(ui).text_muted) }
}

impl Look<'_> {
    /// Applies the appearance to a field.
    pub fn of(self, edit: TextEdit<'_>) -> TextEdit<'_> {
        edit.id_salt(self.salt).desired_width(self.width).hint_text(self.hint).margin(vec2(8.0, 4.0))
    }
}

/// Draws a one-line field for an optional text.
pub(super) fn optional_text(
    ui: &mut Ui,
    name: &str,
    value: &mut Option<String>,
    width: f32,
    hint: &str,
) -> Response {
    let mut typed = value.clone().unwrap_or_default();
    let response = text(ui, name, &mut typed, width, hint);
    if response.changed() {
        *value = (!typed.is_empty()).then_some(typed);
    }
    response
}

/// A number field.
pub(super) struct NumberField<'a> {
    pub name: &'a str,
    pub field: Field,
    /// Shown while the field is empty.
    pub hint: &'a str,
    /// The error for text that is not a valid number.
    pub not_a_number: Label,
}

impl NumberField<'_> {
    /// Draws the field of a required number.
    pub fn show<N: FromStr + Display + Copy>(
        &self,
        ui: &mut Ui,
        typed: &mut TypedNumbers,
        value: &mut N,
    ) -> Response {
        let mut number = Some(*value);
        let response = self.edit(ui, typed, &mut number, false);
        if let Some(number) = number {
            *value = number;
        }
        response
    }

    /// Draws the field of an optional number.
    pub fn show_optional<N: FromStr + Display>(
        &self,
        ui: &mut Ui,
        typed: &mut TypedNumbers,
        value: &mut Option<N>,
    ) -> Response {
        self.edit(ui, typed, value, true)
    }

    fn edit<N: FromStr + Display>(
        &self,
        ui: &mut Ui,
        typed: &mut TypedNumbers,
        value: &mut Option<N>,
        optional: bool,
    ) -> Response {
        let mut entry = typed.text(self.field, value.as_ref());
        let bytes_max = field::NUMBER_BYTES_MAX;
        let response = text_of(ui, self.name, bytes_max, &mut entry, NUMBER_WIDTH, self.hint);
        if response.changed() {
            typed.take(self.field, entry, value, optional, self.not_a_number);
        }
        response
    }
}

/// Draws the unit after a number.
pub(super) fn unit(ui: &mut Ui, text: &str) {
    ui.label(RichText::new(text).color(tokens(ui).text_muted));
}

/// Draws a check box in the field column.
pub(super) fn check(ui: &mut Ui, checked: &mut bool, label: &str, help: &str) {
    under(ui, label, |ui| check_box(ui, checked, label).on_hover_text(help));
}

/// Draws a quiet line under a field, closer to it than to the next one.
pub(super) fn note(ui: &mut Ui, text: &str, color: Color32) -> Response {
    note_at(ui, FIELD_AT, text, color)
}

/// Draws a note at this distance from the left edge; see [`note`].
pub(super) fn note_at(ui: &mut Ui, at: f32, text: &str, color: Color32) -> Response {
    ui.add_space(-2.0);
    let rect = Rect::from_min_size(ui.cursor().min, vec2(ui.available_width(), 0.0));
    let builder = UiBuilder::new().max_rect(rect).layout(Layout::left_to_right(Align::Min));
    let row = ui.scope_builder(builder, |ui| {
        ui.add_space(at);
        let text = RichText::new(text).color(color).font(theme::small_font());
        ui.add(egui::Label::new(text).wrap())
    });
    ui.add_space(2.0);
    row.inner
}

/// Draws a labelled list of names and values. `item` is the name of one entry, and `field` says which field it is.
pub(super) fn pairs_row(
    ui: &mut Ui,
    label: Label,
    item: Label,
    pairs: &mut Vec<(String, String)>,
    mistakes: &Mistakes,
    field: fn(usize) -> Field,
) {
    let l = language(ui);
    let list = Pairs { item: item.of(l), width: FIELD_WIDTH };
    row(ui, label.of(l), |ui| list.add_button(ui, pairs));
    if pairs.is_empty() {
        return;
    }
    ui.horizontal(|ui| {
        ui.add_space(FIELD_AT);
        ui.vertical(|ui| {
            list.rows(ui, pairs, |index| mistakes.of(field(index)).map(|mistake| mistake.text(l)));
        });
    });
}

//! Options with their own field or check box, each described once: its name, the texts around it, and where its value
//! is.
//!
//! The sections of the form consist of these. A section draws anything more complex than a text, a number or a check
//! box itself.

use eframe::egui::{Response, Ui};

use crate::mqtt::check::Field;
use crate::mqtt::options::ConnectOptions;
use crate::panels::connections::draft::ProfileDraft;
use crate::panels::connections::fields::{self, FIELD_WIDTH, NumberField, check, row};
use crate::panels::connections::form::FormParts;
use crate::ui::language;
use crate::words::Language;
use crate::words::connection_form::FieldWords;

/// An option with a field.
#[derive(Clone, Copy, Debug)]
pub(super) struct FormField {
    /// The field, which gives it a name and marks its mistakes.
    pub field: Field,
    /// The other texts in its row.
    pub words: FieldWords,
    /// Where its value is.
    pub value: FieldValue,
}

/// Accessor for a field's value, to read and to write it.
#[derive(Clone, Copy, Debug)]
pub(super) enum FieldValue {
    /// A required text.
    Text(fn(&mut ConnectOptions) -> &mut String),
    /// An optional text.
    OptionalText(fn(&mut ConnectOptions) -> &mut Option<String>),
    /// A required number.
    Number(fn(&mut ConnectOptions) -> &mut u16),
    /// An optional number.
    OptionalNumber(fn(&mut ConnectOptions) -> &mut Option<u16>),
    /// An optional large number.
    OptionalLargeNumber(fn(&mut ConnectOptions) -> &mut Option<u32>),
}

impl FormField {
    /// Draws the option's row and its mistakes.
    pub fn show(&self, ui: &mut Ui, form: &mut FormParts<'_>) {
        let FormParts { draft, mistakes, .. } = form;
        let l = language(ui);
        row(ui, self.label(l), |ui| self.edit(ui, draft, FIELD_WIDTH));
        mistakes.show(ui, self.field);
    }

    /// Draws only the field, for a row with several fields. A text field gets this width.
    pub fn edit(&self, ui: &mut Ui, draft: &mut ProfileDraft, width: f32) -> Response {
        let l = language(ui);
        let Self { field, words, value } = *self;
        let (name, hint) = (fields::name(field, l), words.hint.of(l));
        let number = NumberField { name, field, hint, not_a_number: words.not_a_number };
        let ProfileDraft { profile, typed, .. } = draft;
        let connect = &mut profile.connect;
        let response = match value {
            FieldValue::Text(value) => {
                fields::text_of(ui, name, fields::bytes_max(field), value(connect), width, hint)
            }
            FieldValue::OptionalText(value) => fields::optional_text(ui, name, value(connect), width, hint),
            FieldValue::Number(value) => number.show(ui, typed, value(connect)),
            FieldValue::OptionalNumber(value) => number.show_optional(ui, typed, value(connect)),
            FieldValue::OptionalLargeNumber(value) => number.show_optional(ui, typed, value(connect)),
        };
        if let Some(unit) = words.unit {
            fields::unit(ui, unit.of(l));
        }
        match words.help {
            Some(help) => response.on_hover_text(help.of(l)),
            None => response,
        }
    }

    /// The label beside the field.
    pub fn label(&self, language: Language) -> &'static str {
        self.words.label.map_or_else(|| fields::name(self.field, language), |label| label.of(language))
    }
}

/// An option that is either on or off.
#[derive(Clone, Copy, Debug)]
pub(super) struct FormFlag {
    /// Where its mistakes are marked; `None` if either value is valid.
    pub field: Option<Field>,
    /// Its label and its tooltip.
    pub words: FieldWords,
    /// Accessor for its value.
    pub value: fn(&mut ConnectOptions) -> &mut bool,
}

impl FormFlag {
    /// Draws the check box and its mistakes.
    pub fn show(&self, ui: &mut Ui, form: &mut FormParts<'_>) {
        let FormParts { draft, mistakes, .. } = form;
        let l = language(ui);
        let Self { field, words, value } = *self;
        let name = field.map_or("", |field| fields::name(field, l));
        let label = words.label.map_or(name, |label| label.of(l));
        let help = words.help.map_or("", |help| help.of(l));
        check(ui, value(&mut draft.profile.connect), label, help);
        if let Some(field) = field {
            mistakes.show(ui, field);
        }
    }
}

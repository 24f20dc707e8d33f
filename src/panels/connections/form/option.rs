//! An option that has a field or a tick of its own, described once: what it is called, what stands around it, where its
//! value is.
//!
//! A section of the form is made of these. What needs more than a text, a number or a tick is drawn by its section.

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
    /// What it is called, and where its mistakes are marked.
    pub field: Field,
    /// What else stands in its row.
    pub words: FieldWords,
    /// Where its value is.
    pub value: FieldValue,
}

/// Where the value of a field is, for the field to read and to write.
#[derive(Clone, Copy, Debug)]
pub(super) enum FieldValue {
    /// A text.
    Text(fn(&mut ConnectOptions) -> &mut String),
    /// A text that may be left out.
    OptionalText(fn(&mut ConnectOptions) -> &mut Option<String>),
    /// A number.
    Number(fn(&mut ConnectOptions) -> &mut u16),
    /// A number that may be left out.
    OptionalNumber(fn(&mut ConnectOptions) -> &mut Option<u16>),
    /// A large number that may be left out.
    OptionalLargeNumber(fn(&mut ConnectOptions) -> &mut Option<u32>),
}

impl FormField {
    /// Draws the row of the option, and what is wrong with it.
    pub fn show(&self, ui: &mut Ui, form: &mut FormParts<'_>) {
        let FormParts { draft, mistakes, .. } = form;
        let l = language(ui);
        row(ui, self.label(l), |ui| self.edit(ui, draft, FIELD_WIDTH));
        mistakes.show(ui, self.field);
    }

    /// Draws only the field, for a row with more than one. A field for text gets this width.
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

    /// What stands beside the field.
    pub fn label(&self, language: Language) -> &'static str {
        self.words.label.map_or_else(|| fields::name(self.field, language), |label| label.of(language))
    }
}

/// An option that is on or off.
#[derive(Clone, Copy, Debug)]
pub(super) struct FormFlag {
    /// Where its mistakes are marked; `None` if it is right either way.
    pub field: Option<Field>,
    /// Its label and its tooltip.
    pub words: FieldWords,
    /// Where its value is.
    pub value: fn(&mut ConnectOptions) -> &mut bool,
}

impl FormFlag {
    /// Draws the tick, and what is wrong with it.
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

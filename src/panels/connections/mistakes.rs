//! Mistakes in the form's fields, and how they are marked.

use std::cell::Cell;

use eframe::egui::{Align, Ui};

use crate::mqtt::check::{Field, Problem};
use crate::panels::connections::fields::{FIELD_AT, note_at};
use crate::ui::language;
use crate::ui::tokens::tokens;
use crate::words::{self, Label, Language};

/// A mistake in a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mistake {
    pub field: Field,
    what: What,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum What {
    /// The text is not a valid number; the label says which numbers are.
    NotANumber(Label),
    /// The value cannot be used.
    Problem(Problem),
}

impl Mistake {
    /// Creates a mistake for text in a number field.
    pub fn not_a_number(field: Field, says: Label) -> Self {
        Self { field, what: What::NotANumber(says) }
    }

    /// The mistake as a sentence.
    pub fn text(&self, language: Language) -> String {
        match &self.what {
            What::NotANumber(says) => says.of(language).to_owned(),
            What::Problem(problem) => words::check::issue(&problem.issue, language),
        }
    }
}

impl From<Problem> for Mistake {
    fn from(problem: Problem) -> Self {
        Self { field: problem.field, what: What::Problem(problem) }
    }
}

/// The mistakes and hints that the form shows in this frame.
#[derive(Debug)]
pub(super) struct Mistakes {
    list: Vec<Mistake>,
    hints: Vec<Mistake>,
    reveal: Cell<bool>,
}

impl Mistakes {
    /// Creates the list. `hints` do not prevent connecting. `reveal` scrolls to the first mistake drawn.
    pub fn new(list: Vec<Mistake>, hints: Vec<Mistake>, reveal: bool) -> Self {
        Self { list, hints, reveal: Cell::new(reveal) }
    }

    /// The mistake in a field, if any.
    pub fn of(&self, field: Field) -> Option<&Mistake> {
        self.first(|other| other == field)
    }

    /// The first mistake in a matching field.
    pub fn first(&self, is_meant: impl Fn(Field) -> bool) -> Option<&Mistake> {
        self.list.iter().find(|mistake| is_meant(mistake.field))
    }

    /// Shows the mistakes and hints under a field.
    pub fn show(&self, ui: &mut Ui, field: Field) {
        self.show_at(ui, FIELD_AT, field);
    }

    /// Shows mistakes and hints at this distance from the left edge; see [`Mistakes::show`].
    pub fn show_at(&self, ui: &mut Ui, at: f32, field: Field) {
        let l = language(ui);
        for mistake in self.list.iter().filter(|mistake| mistake.field == field) {
            let response = note_at(ui, at, &mistake.text(l), tokens(ui).error);
            if self.reveal.take() {
                response.scroll_to_me(Some(Align::Center));
            }
        }
        for hint in self.hints.iter().filter(|hint| hint.field == field) {
            note_at(ui, at, &hint.text(l), tokens(ui).warn);
        }
    }
}

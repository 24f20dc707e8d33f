//! What is wrong in the fields of the form, and how it is marked.

use std::cell::Cell;

use eframe::egui::{Align, Ui};

use crate::mqtt::check::{Field, Problem};
use crate::panels::connections::fields::{FIELD_AT, note_at};
use crate::ui::language;
use crate::ui::tokens::tokens;
use crate::words::{self, Label, Language};

/// Something wrong in a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mistake {
    pub field: Field,
    what: What,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum What {
    /// What was typed is no number; the label says which numbers there are.
    NotANumber(Label),
    /// The value cannot be used.
    Problem(Problem),
}

impl Mistake {
    /// Something else was typed where a number belongs.
    pub fn not_a_number(field: Field, says: Label) -> Self {
        Self { field, what: What::NotANumber(says) }
    }

    /// What is wrong, in a sentence.
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

/// The mistakes that the form shows in this frame, and the hints.
#[derive(Debug)]
pub(super) struct Mistakes {
    list: Vec<Mistake>,
    hints: Vec<Mistake>,
    reveal: Cell<bool>,
}

impl Mistakes {
    /// `hints` keep nobody from connecting. `reveal`: the first mistake that is drawn is scrolled to.
    pub fn new(list: Vec<Mistake>, hints: Vec<Mistake>, reveal: bool) -> Self {
        Self { list, hints, reveal: Cell::new(reveal) }
    }

    /// What is wrong with a field, if anything is.
    pub fn of(&self, field: Field) -> Option<&Mistake> {
        self.first(|other| other == field)
    }

    /// The first mistake in one of the fields.
    pub fn first(&self, is_meant: impl Fn(Field) -> bool) -> Option<&Mistake> {
        self.list.iter().find(|mistake| is_meant(mistake.field))
    }

    /// Says under a field what is wrong with it, and what there is to know.
    pub fn show(&self, ui: &mut Ui, field: Field) {
        self.show_at(ui, FIELD_AT, field);
    }

    /// [`Mistakes::show`] for a field that begins elsewhere, from the left edge.
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

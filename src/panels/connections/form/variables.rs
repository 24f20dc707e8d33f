//! The section for variables, which messages that are published may contain.

use eframe::egui::Ui;

use crate::mqtt::check::Field;
use crate::panels::connections::fields::{note, pairs_row, row};
use crate::panels::connections::form::FormParts;
use crate::ui::language;
use crate::ui::tokens::tokens;
use crate::words::connection_form as words;

pub(super) fn show(ui: &mut Ui, form: &mut FormParts<'_>) {
    let FormParts { draft, mistakes, .. } = form;
    let pairs = &mut draft.profile.connect.variables;
    pairs_row(ui, words::VARIABLES_LIST, words::VARIABLE, pairs, mistakes, Field::Variable);
    note(ui, words::VARIABLES_HELP.of(language(ui)), tokens(ui).text_muted);
    row(ui, words::SECRET_VARIABLES.of(language(ui)), |_| {});
    draft.touched |= draft.variables.show(ui, &mut draft.profile.connect);
    note(ui, words::SECRET_VARIABLES_HELP.of(language(ui)), tokens(ui).text_muted);
}

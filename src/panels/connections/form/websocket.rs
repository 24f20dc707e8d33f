//! The section for the websocket upgrade.

use eframe::egui::Ui;

use crate::mqtt::check::Field;
use crate::panels::connections::fields::pairs_row;
use crate::panels::connections::form::FormParts;
use crate::panels::connections::form::option::{FieldValue, FormField};
use crate::words::connection_form as words;

const SUBPROTOCOL: FormField = FormField {
    field: Field::Subprotocol,
    words: words::SUBPROTOCOL,
    value: FieldValue::Text(|connect| &mut connect.websocket.subprotocol),
};

pub(super) fn show(ui: &mut Ui, form: &mut FormParts<'_>) {
    SUBPROTOCOL.show(ui, form);
    let FormParts { draft, mistakes, .. } = form;
    let pairs = &mut draft.profile.connect.websocket.headers;
    pairs_row(ui, words::HEADERS, words::HEADER, pairs, mistakes, Field::Header);
}

//! The section for the client ID, and for how long the broker keeps the session.

use eframe::egui::Ui;

use crate::mqtt::check::Field;
use crate::panels::connections::form::FormParts;
use crate::panels::connections::form::option::{FieldValue, FormField, FormFlag};
use crate::words::connection_form as words;

const CLIENT_ID: FormField = FormField {
    field: Field::ClientId,
    words: words::CLIENT_ID,
    value: FieldValue::Text(|connect| &mut connect.client_id),
};
const KEEP_ALIVE: FormField = FormField {
    field: Field::KeepAlive,
    words: words::KEEP_ALIVE,
    value: FieldValue::Number(|connect| &mut connect.keep_alive_s),
};
const CLEAN_SESSION: FormFlag =
    FormFlag { field: None, words: words::CLEAN_SESSION, value: |connect| &mut connect.clean_session };

pub(super) fn show(ui: &mut Ui, form: &mut FormParts<'_>) {
    CLIENT_ID.show(ui, form);
    KEEP_ALIVE.show(ui, form);
    CLEAN_SESSION.show(ui, form);
}

//! User name and password.

use eframe::egui::Ui;

use crate::mqtt::check::Field;
use crate::mqtt::options::SecretKind;
use crate::panels::connections::form::option::{FieldValue, FormField};
use crate::panels::connections::form::{FormParts, secret};
use crate::words::connection_form as words;

const USERNAME: FormField = FormField {
    field: Field::Username,
    words: words::USERNAME,
    value: FieldValue::Text(|connect| &mut connect.username),
};

pub(super) fn show(ui: &mut Ui, form: &mut FormParts<'_>) {
    USERNAME.show(ui, form);
    secret::show(ui, form, SecretKind::Password);
}

//! User name and password.

use eframe::egui::Ui;

use crate::mqtt::options::SecretKind;
use crate::panels::connections::fields::{self, FIELD_WIDTH, row};
use crate::panels::connections::form::{Form, secret};
use crate::store::profiles::Field;

pub(super) fn show(ui: &mut Ui, form: &mut Form<'_>) {
    row(ui, "Username", |ui| {
        fields::text(ui, "Username", &mut form.draft.profile.connect.username, FIELD_WIDTH, "None")
    });
    form.errors.show(ui, Field::Username);
    secret::show(ui, form, "Password", SecretKind::Password);
}

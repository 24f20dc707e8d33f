//! User name and password.

use eframe::egui::Ui;

use super::{Form, secret};
use crate::mqtt::options::SecretKind;
use crate::store::profiles::Field;
use crate::ui::panels::connections::fields::{self, FIELD_WIDTH, row};

pub(super) fn show(ui: &mut Ui, form: &mut Form<'_>) {
    row(ui, "Username", |ui| {
        fields::text(ui, "Username", &mut form.draft.profile.connect.username, FIELD_WIDTH, "None")
    });
    form.errors.show(ui, Field::Username);
    secret::show(ui, form, "Password", SecretKind::Password);
}

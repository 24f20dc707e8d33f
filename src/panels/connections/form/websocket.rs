//! What goes with the upgrade to a websocket.

use eframe::egui::Ui;

use crate::panels::connections::fields::{self, FIELD_WIDTH, pairs_row, row};
use crate::panels::connections::form::Form;
use crate::store::profiles::Field;

pub(super) fn show(ui: &mut Ui, form: &mut Form<'_>) {
    let Form { draft, errors, .. } = form;
    let websocket = &mut draft.profile.connect.websocket;
    row(ui, "Sub-protocol", |ui| {
        let help = "mqtt; mqttv3.1 for some old brokers";
        fields::text(ui, "Sub-protocol", &mut websocket.subprotocol, FIELD_WIDTH, "None").on_hover_text(help);
    });
    errors.show(ui, Field::Subprotocol);
    pairs_row(ui, "Headers", "Header", &mut websocket.headers, |index| errors.of(Field::Header(index)));
}

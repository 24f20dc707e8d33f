//! Who we are to the broker, and for how long it remembers us.

use eframe::egui::Ui;

use crate::panels::connections::fields::{self, FIELD_WIDTH, Number, check, row};
use crate::panels::connections::form::Form;
use crate::store::profiles::Field;

pub(super) fn show(ui: &mut Ui, form: &mut Form<'_>) {
    let Form { draft, errors, .. } = form;
    row(ui, "Client ID", |ui| {
        let hint = "mqttree- and random digits, new each time";
        fields::text(ui, "Client ID", &mut draft.profile.connect.client_id, FIELD_WIDTH, hint)
    });
    errors.show(ui, Field::ClientId);
    row(ui, "Keep alive", |ui| {
        let number = Number {
            name: "Keep alive",
            field: Field::KeepAlive,
            hint: "60",
            wrong: "Keep alive is a number of seconds from 0 to 65535.",
        };
        number.show(ui, &mut draft.typed, &mut draft.profile.connect.keep_alive_s);
        fields::unit(ui, "seconds");
    });
    errors.show(ui, Field::KeepAlive);
    let help = "The broker forgets subscriptions and waiting messages when the connection ends";
    check(ui, &mut draft.profile.connect.clean_session, "Clean session", help);
}

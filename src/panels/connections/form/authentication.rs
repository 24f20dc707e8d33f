//! Enhanced authentication (MQTT 5.0, 4.12).

use eframe::egui::Ui;

use crate::mqtt::options::{Authentication, SecretKind};
use crate::panels::connections::fields::{self, FIELD_WIDTH, note, row};
use crate::panels::connections::form::{Form, secret};
use crate::store::profiles::Field;
use crate::ui::tokens::tokens;
use crate::ui::widgets::controls::named_combo;

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    None,
    Scram,
    Token,
}

const KINDS: [(Kind, &str); 3] =
    [(Kind::None, "None"), (Kind::Scram, "SCRAM-SHA-256"), (Kind::Token, "Token")];

pub(super) fn show(ui: &mut Ui, form: &mut Form<'_>) {
    let authentication = &mut form.draft.profile.connect.authentication;
    row(ui, "Method", |ui| kind(ui, authentication));
    form.errors.show(ui, Field::Authentication);
    match authentication {
        Authentication::None => {}
        Authentication::ScramSha256 => {
            let text =
                "Proves that we know the password without sending it. Enter it above, with the user name.";
            note(ui, text, tokens(ui).text_muted);
        }
        Authentication::Token { method } => {
            row(ui, "Method name", |ui| {
                fields::text(ui, "Authentication method", method, FIELD_WIDTH, "The broker's name for it");
            });
        }
    }
    form.errors.show(ui, Field::AuthenticationMethod);
    secret::show(ui, form, "Token", SecretKind::Token);
}

fn kind(ui: &mut Ui, authentication: &mut Authentication) {
    let before = match authentication {
        Authentication::None => Kind::None,
        Authentication::ScramSha256 => Kind::Scram,
        Authentication::Token { .. } => Kind::Token,
    };
    let mut chosen = before;
    let label = KINDS.iter().find(|(kind, _)| *kind == before).map_or("", |(_, label)| *label);
    ui.spacing_mut().combo_width = 144.0;
    named_combo(ui, "Authentication kind", label, |ui| {
        for (kind, label) in KINDS {
            ui.selectable_value(&mut chosen, kind, label);
        }
    });
    if chosen != before {
        *authentication = match chosen {
            Kind::None => Authentication::None,
            Kind::Scram => Authentication::ScramSha256,
            Kind::Token => Authentication::Token { method: String::new() },
        };
    }
}

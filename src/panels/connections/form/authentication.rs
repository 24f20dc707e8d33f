//! Enhanced authentication (MQTT 5.0, 4.12).

use std::mem::discriminant;

use eframe::egui::Ui;

use crate::mqtt::check::Field;
use crate::mqtt::options::{Authentication, SecretKind};
use crate::panels::connections::fields::{self, FIELD_WIDTH, note, row};
use crate::panels::connections::form::{FormParts, secret};
use crate::ui::language;
use crate::ui::tokens::tokens;
use crate::ui::widgets::controls::named_combo;
use crate::words::{connection_form as words, options};

/// The choices, with their initial values.
const KINDS: [Authentication; 3] =
    [Authentication::None, Authentication::ScramSha256, Authentication::Token { method: String::new() }];

pub(super) fn show(ui: &mut Ui, form: &mut FormParts<'_>) {
    let l = language(ui);
    let authentication = &mut form.draft.profile.connect.authentication;
    row(ui, words::AUTHENTICATION_METHOD_LABEL.of(l), |ui| kind(ui, authentication));
    form.mistakes.show(ui, Field::Authentication);
    match authentication {
        Authentication::None => {}
        Authentication::ScramSha256 => {
            note(ui, words::SCRAM_HELP.of(l), tokens(ui).text_muted);
        }
        Authentication::Token { method } => {
            row(ui, words::METHOD_NAME.of(l), |ui| {
                let name = fields::name(Field::AuthenticationMethod, l);
                fields::text(ui, name, method, FIELD_WIDTH, words::METHOD_NAME_HINT.of(l));
            });
        }
    }
    form.mistakes.show(ui, Field::AuthenticationMethod);
    secret::show(ui, form, SecretKind::Token);
}

fn kind(ui: &mut Ui, authentication: &mut Authentication) {
    let l = language(ui);
    let before = discriminant(authentication);
    let chosen = options::authentication(authentication).of(l);
    ui.spacing_mut().combo_width = 144.0;
    named_combo(ui, words::AUTHENTICATION_KIND.of(l), chosen, |ui| {
        for kind in KINDS {
            let is_chosen = discriminant(&kind) == before;
            let choice = ui.selectable_label(is_chosen, options::authentication(&kind).of(l));
            // Choosing the current kind again keeps what was typed for it.
            if choice.clicked() && !is_chosen {
                *authentication = kind;
            }
        }
    });
}

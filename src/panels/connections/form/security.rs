//! TLS: whom to believe, and how to prove who we are.

use eframe::egui::containers::menu::MenuButton;
use eframe::egui::{Button, Ui, vec2};

use crate::mqtt::options::{SecretKind, TlsVersions};
use crate::panels::connections::draft::Draft;
use crate::panels::connections::fields::{self, BUTTON_WIDTH, FIELD_WIDTH, SHORT_WIDTH, check, note, row};
use crate::panels::connections::form::file::{self, FileField};
use crate::panels::connections::form::{Form, general, secret};
use crate::store::profiles::Field;
use crate::ui::tokens::tokens;
use crate::ui::widgets::controls::named_combo;

/// Application protocols that brokers ask for, and what for.
const ALPN: [(&str, &str); 3] =
    [("", "None"), ("mqtt", "mqtt"), (general::ALPN_AWS, "x-amzn-mqtt-ca, AWS IoT on port 443")];

pub(super) fn show(ui: &mut Ui, form: &mut Form<'_>) {
    file::show(ui, form, FileField::Ca);
    file::show(ui, form, FileField::Certificate);
    file::show(ui, form, FileField::Key);
    secret::show(ui, form, "Key passphrase", SecretKind::KeyPassphrase);
    let Form { draft, errors, .. } = form;
    let help =
        "Whether the broker's certificate is checked: by whom it is signed, for which name, until when";
    check(ui, &mut draft.profile.connect.tls.verify, "Verify certificate", help);
    if !draft.profile.connect.tls.verify {
        let text = "Whoever answers is believed, and can read password and messages.";
        note(ui, text, tokens(ui).error);
    }
    row(ui, "Server name", |ui| {
        let hint = draft.profile.connect.host.clone();
        let name = &mut draft.profile.connect.tls.server_name;
        let help = "The name to ask for and to check in the certificate, if it is not the host";
        fields::text(ui, "Server name", name, FIELD_WIDTH, &hint).on_hover_text(help);
    });
    errors.show(ui, Field::ServerName);
    row(ui, "ALPN", |ui| alpn(ui, draft));
    errors.show(ui, Field::Alpn);
    row(ui, "TLS version", |ui| {
        let versions = &mut draft.profile.connect.tls.versions;
        named_combo(ui, "TLS version", versions.name(), |ui| {
            for choice in TlsVersions::ALL {
                ui.selectable_value(versions, choice, choice.name());
            }
        });
    });
}

fn alpn(ui: &mut Ui, draft: &mut Draft) {
    let help = "Application protocols to offer, separated by commas";
    let response = fields::text(ui, "ALPN", &mut draft.alpn, SHORT_WIDTH, "None");
    if response.on_hover_text(help).changed() {
        draft.profile.connect.tls.alpn = names(&draft.alpn);
    }
    let button = Button::new("Presets").min_size(vec2(BUTTON_WIDTH, 24.0));
    let (menu, _) = MenuButton::from_button(button).ui(ui, |ui| {
        for (name, label) in ALPN {
            if ui.button(label).clicked() {
                draft.set_alpn(names(name));
            }
        }
    });
    menu.accessible_name("ALPN presets");
}

/// The names of a list with commas.
fn names(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

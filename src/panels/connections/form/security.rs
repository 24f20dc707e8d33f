//! The TLS section: whom to trust, and how to identify ourselves.

use eframe::egui::containers::menu::MenuButton;
use eframe::egui::{Button, Ui, vec2};

use crate::mqtt::check::Field;
use crate::mqtt::options::{ConnectOptions, SecretKind, TlsVersions};
use crate::panels::connections::draft::ProfileDraft;
use crate::panels::connections::fields::{self, BUTTON_WIDTH, FIELD_WIDTH, SHORT_WIDTH, note, row};
use crate::panels::connections::form::file::{self, FileField};
use crate::panels::connections::form::option::FormFlag;
use crate::panels::connections::form::{FormParts, general, secret};
use crate::ui::language;
use crate::ui::tokens::tokens;
use crate::ui::widgets::controls::named_combo;
use crate::words::{Label, connection_form as words, options};

const VERIFY: FormFlag =
    FormFlag { field: None, words: words::VERIFY_CERTIFICATE, value: |connect| &mut connect.tls.verify };

const VERIFY_HOST: FormFlag =
    FormFlag { field: None, words: words::VERIFY_HOST, value: |connect| &mut connect.tls.verify_host };

/// Common application protocols, as they are typed, with their descriptions.
const ALPN: [(&str, Label); 3] =
    [("", options::NONE), ("mqtt", words::ALPN_MQTT), (general::ALPN_AWS, words::ALPN_AWS)];

pub(super) fn show(ui: &mut Ui, form: &mut FormParts<'_>) {
    let l = language(ui);
    file::show(ui, form, FileField::Ca);
    file::show(ui, form, FileField::Certificate);
    file::show(ui, form, FileField::Key);
    secret::show(ui, form, SecretKind::KeyPassphrase);
    VERIFY.show(ui, form);
    if form.draft.profile.connect.tls.verify {
        VERIFY_HOST.show(ui, form);
    }
    let FormParts { draft, mistakes, .. } = form;
    let tls = &draft.profile.connect.tls;
    if !tls.verify {
        note(ui, words::NOT_VERIFIED.of(l), tokens(ui).error);
    } else if !tls.verify_host {
        note(ui, words::HOST_NOT_VERIFIED.of(l), tokens(ui).warn);
    }
    server_name(ui, &mut draft.profile.connect);
    mistakes.show(ui, Field::ServerName);
    row(ui, fields::name(Field::Alpn, l), |ui| alpn(ui, draft));
    mistakes.show(ui, Field::Alpn);
    row(ui, words::TLS_VERSION.of(l), |ui| tls_version(ui, &mut draft.profile.connect.tls.versions));
}

/// Draws the field for the name in the certificate. While it is empty, the host is used.
fn server_name(ui: &mut Ui, connect: &mut ConnectOptions) {
    let l = language(ui);
    let ConnectOptions { host, tls, .. } = connect;
    let (name, bytes_max) = (fields::name(Field::ServerName, l), fields::bytes_max(Field::ServerName));
    row(ui, name, |ui| {
        let field = fields::text_of(ui, name, bytes_max, &mut tls.server_name, FIELD_WIDTH, host);
        field.on_hover_text(words::SERVER_NAME_HELP.of(l));
    });
}

fn alpn(ui: &mut Ui, draft: &mut ProfileDraft) {
    let l = language(ui);
    let name = fields::name(Field::Alpn, l);
    let (bytes_max, hint) = (fields::bytes_max(Field::Alpn), options::NONE.of(l));
    let response = fields::text_of(ui, name, bytes_max, &mut draft.alpn, SHORT_WIDTH, hint);
    if response.on_hover_text(words::ALPN_HELP.of(l)).changed() {
        draft.profile.connect.tls.alpn = names(&draft.alpn);
    }
    let button = Button::new(words::PRESETS.of(l)).min_size(vec2(BUTTON_WIDTH, 24.0));
    let (menu, _) = MenuButton::from_button(button).ui(ui, |ui| {
        for (name, label) in ALPN {
            if ui.button(label.of(l)).clicked() {
                draft.set_alpn(names(name));
            }
        }
    });
    menu.accessible_name(words::ALPN_PRESETS.of(l));
}

fn tls_version(ui: &mut Ui, versions: &mut TlsVersions) {
    let l = language(ui);
    named_combo(ui, words::TLS_VERSION.of(l), options::tls_versions(*versions).of(l), |ui| {
        for choice in TlsVersions::ALL {
            ui.selectable_value(versions, choice, options::tls_versions(choice).of(l));
        }
    });
}

/// Splits a comma-separated list of names.
fn names(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

//! The section for network options: local address, proxy and timeouts.

use eframe::egui::Ui;

use crate::mqtt::check::Field;
use crate::mqtt::options::{ConnectOptions, Protocol, Proxy, ProxyKind, SecretKind};
use crate::panels::connections::draft::ProfileDraft;
use crate::panels::connections::fields::{FIELD_WIDTH, NUMBER_WIDTH, row};
use crate::panels::connections::form::option::{FieldValue, FormField};
use crate::panels::connections::form::{FormParts, secret};
use crate::ui::language;
use crate::ui::widgets::controls::named_combo;
use crate::words::{connection_form as words, options};

const LOCAL_ADDRESS: FormField = FormField {
    field: Field::BindAddress,
    words: words::LOCAL_ADDRESS,
    value: FieldValue::Text(|connect| &mut connect.network.bind_address),
};
const PROXY_HOST: FormField = FormField {
    field: Field::ProxyHost,
    words: words::PROXY_HOST,
    value: FieldValue::Text(|connect| &mut proxy(connect).host),
};
const PROXY_PORT: FormField = FormField {
    field: Field::ProxyPort,
    words: words::PROXY_PORT,
    value: FieldValue::Number(|connect| &mut proxy(connect).port),
};
const PROXY_USERNAME: FormField = FormField {
    field: Field::ProxyUsername,
    words: words::PROXY_USERNAME,
    value: FieldValue::Text(|connect| &mut proxy(connect).username),
};
const CONNECT_TIMEOUT: FormField = FormField {
    field: Field::ConnectTimeout,
    words: words::CONNECT_TIMEOUT,
    value: FieldValue::Number(|connect| &mut connect.network.connect_timeout_s),
};

const ANSWER_TIMEOUT: FormField = FormField {
    field: Field::AnswerTimeout,
    words: words::ANSWER_TIMEOUT,
    value: FieldValue::Number(|connect| &mut connect.network.answer_timeout_s),
};

/// The proxy. Its fields are visible only while there is one.
fn proxy(connect: &mut ConnectOptions) -> &mut Proxy {
    connect.network.proxy.get_or_insert_default()
}

pub(super) fn show(ui: &mut Ui, form: &mut FormParts<'_>) {
    if form.draft.profile.connect.protocol != Protocol::Unix {
        LOCAL_ADDRESS.show(ui, form);
        row(ui, words::PROXY.of(language(ui)), |ui| kind(ui, form.draft));
        if form.draft.profile.connect.network.proxy.is_some() {
            proxy_address(ui, form);
            PROXY_USERNAME.show(ui, form);
            secret::show(ui, form, SecretKind::ProxyPassword);
        }
    }
    CONNECT_TIMEOUT.show(ui, form);
    ANSWER_TIMEOUT.show(ui, form);
}

fn kind(ui: &mut Ui, draft: &mut ProfileDraft) {
    let l = language(ui);
    let before = draft.profile.connect.network.proxy.as_ref().map(|proxy| proxy.kind);
    let mut chosen = before;
    let none = options::NONE.of(l);
    named_combo(ui, words::PROXY.of(l), before.map_or(none, ProxyKind::name), |ui| {
        ui.selectable_value(&mut chosen, None, none);
        for kind in ProxyKind::ALL {
            ui.selectable_value(&mut chosen, Some(kind), kind.name());
        }
    });
    if chosen == before {
        return;
    }
    draft.typed.forget(Field::ProxyPort);
    let proxy = &mut draft.profile.connect.network.proxy;
    *proxy = chosen.map(|kind| {
        let old = proxy.take().unwrap_or_default();
        // Like the broker's, the port follows the kind unless another one was chosen.
        let port = if old.port == old.kind.default_port() { kind.default_port() } else { old.port };
        Proxy { kind, port, ..old }
    });
}

/// Draws host and port in one row.
fn proxy_address(ui: &mut Ui, form: &mut FormParts<'_>) {
    let FormParts { draft, mistakes, .. } = form;
    row(ui, PROXY_HOST.label(language(ui)), |ui| {
        let width = FIELD_WIDTH - NUMBER_WIDTH - ui.spacing().item_spacing.x;
        PROXY_HOST.edit(ui, draft, width);
        PROXY_PORT.edit(ui, draft, NUMBER_WIDTH);
    });
    mistakes.show(ui, Field::ProxyHost);
    mistakes.show(ui, Field::ProxyPort);
}

//! How the bytes get to the broker.

use eframe::egui::Ui;

use crate::mqtt::options::{Protocol, Proxy, ProxyKind, SecretKind};
use crate::panels::connections::draft::Draft;
use crate::panels::connections::fields::{self, Errors, FIELD_WIDTH, NUMBER_WIDTH, Number, row};
use crate::panels::connections::form::{Form, secret};
use crate::store::profiles::Field;
use crate::ui::widgets::controls::named_combo;

pub(super) fn show(ui: &mut Ui, form: &mut Form<'_>) {
    let Form { draft, errors, .. } = form;
    if draft.profile.connect.protocol != Protocol::Unix {
        row(ui, "Local address", |ui| {
            let address = &mut draft.profile.connect.network.bind_address;
            fields::text(ui, "Local address", address, FIELD_WIDTH, "The system chooses")
                .on_hover_text("The address of this machine to connect from, where it has several");
        });
        errors.show(ui, Field::BindAddress);
        row(ui, "Proxy", |ui| kind(ui, draft));
        if draft.profile.connect.network.proxy.is_some() {
            proxy(ui, draft, errors);
            secret::show(ui, form, "Proxy password", SecretKind::ProxyPassword);
        }
    }
    let Form { draft, errors, .. } = form;
    row(ui, "Connect timeout", |ui| {
        let number = Number {
            name: "Connect timeout",
            field: Field::ConnectTimeout,
            hint: "10",
            wrong: "The timeout is a number of seconds from 1 to 65535.",
        };
        number.show(ui, &mut draft.typed, &mut draft.profile.connect.network.connect_timeout_s);
        fields::unit(ui, "seconds");
    });
    errors.show(ui, Field::ConnectTimeout);
}

fn kind(ui: &mut Ui, draft: &mut Draft) {
    let before = draft.profile.connect.network.proxy.as_ref().map(|proxy| proxy.kind);
    let mut chosen = before;
    named_combo(ui, "Proxy", before.map_or("None", ProxyKind::name), |ui| {
        ui.selectable_value(&mut chosen, None, "None");
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
        // As with the broker's, the port follows the kind as long as nobody chose another one.
        let port = if old.port == old.kind.default_port() { kind.default_port() } else { old.port };
        Proxy { kind, port, ..old }
    });
}

fn proxy(ui: &mut Ui, draft: &mut Draft, errors: &Errors) {
    let Some(proxy) = &mut draft.profile.connect.network.proxy else { return };
    row(ui, "Proxy host", |ui| {
        let width = FIELD_WIDTH - NUMBER_WIDTH - ui.spacing().item_spacing.x;
        fields::text(ui, "Proxy host", &mut proxy.host, width, "proxy.example.org");
        let number = Number {
            name: "Proxy port",
            field: Field::ProxyPort,
            hint: "8080",
            wrong: "A port is a number from 1 to 65535.",
        };
        number.show(ui, &mut draft.typed, &mut proxy.port);
    });
    errors.show(ui, Field::ProxyHost);
    errors.show(ui, Field::ProxyPort);
    row(ui, "Proxy username", |ui| {
        fields::text(ui, "Proxy username", &mut proxy.username, FIELD_WIDTH, "None");
    });
    errors.show(ui, Field::ProxyUsername);
}

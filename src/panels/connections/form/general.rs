//! Where the broker is, and which MQTT it speaks.

use eframe::egui::{Event, Ui};

use crate::mqtt::check::Field;
use crate::mqtt::options::{Protocol, VersionChoice};
use crate::panels::connections::draft::ProfileDraft;
use crate::panels::connections::fields::{self, FIELD_WIDTH, NUMBER_WIDTH, row};
use crate::panels::connections::form::FormParts;
use crate::panels::connections::form::option::{FieldValue, FormField};
use crate::ui::language;
use crate::ui::widgets::controls::named_combo;
use crate::ui::widgets::field::PATH_BYTES_MAX;
use crate::words::connection_form::{self as words, preset};
use crate::words::{Label, options};

const HOST: FormField = FormField {
    field: Field::Host,
    words: words::HOST,
    value: FieldValue::Text(|connect| &mut connect.host),
};
const PORT: FormField = FormField {
    field: Field::Port,
    words: words::PORT,
    value: FieldValue::Number(|connect| &mut connect.port),
};
const PATH: FormField = FormField {
    field: Field::Path,
    words: words::PATH,
    value: FieldValue::Text(|connect| &mut connect.websocket.path),
};

/// The settings that a hosted service requires. The host differs for every account.
struct Preset {
    name: Label,
    protocol: Protocol,
    port: u16,
    alpn: &'static [&'static str],
}

const PRESETS: [Preset; 8] = [
    Preset { name: preset::AWS, protocol: Protocol::Mqtts, port: 8883, alpn: &[] },
    Preset { name: preset::AWS_443, protocol: Protocol::Mqtts, port: 443, alpn: &[ALPN_AWS] },
    Preset { name: preset::EMQX, protocol: Protocol::Mqtts, port: 8883, alpn: &[] },
    Preset { name: preset::EMQX_WEBSOCKET, protocol: Protocol::Wss, port: 8084, alpn: &[] },
    Preset { name: preset::HIVEMQ, protocol: Protocol::Mqtts, port: 8883, alpn: &[] },
    Preset { name: preset::HIVEMQ_WEBSOCKET, protocol: Protocol::Wss, port: 8884, alpn: &[] },
    Preset { name: preset::MOSQUITTO, protocol: Protocol::Mqtt, port: 1883, alpn: &[] },
    Preset { name: preset::MOSQUITTO_TLS, protocol: Protocol::Mqtts, port: 8886, alpn: &[] },
];

/// The application protocol that AWS IoT requires on port 443.
pub(super) const ALPN_AWS: &str = "x-amzn-mqtt-ca";

pub(super) fn show(ui: &mut Ui, form: &mut FormParts<'_>) {
    let l = language(ui);
    let FormParts { draft, mistakes, .. } = form;
    name(ui, draft);
    mistakes.show(ui, Field::Name);
    row(ui, words::PROTOCOL.of(l), |ui| {
        protocol(ui, draft);
        presets(ui, draft);
    });
    if draft.profile.connect.protocol == Protocol::Unix {
        row(ui, words::SOCKET_PATH.of(l), |ui| {
            let (host, hint) = (&mut draft.profile.connect.host, words::SOCKET_PATH_HINT.of(l));
            fields::text_of(ui, words::SOCKET_PATH.of(l), PATH_BYTES_MAX, host, FIELD_WIDTH, hint)
        });
        mistakes.show(ui, Field::Host);
    } else {
        row(ui, HOST.label(l), |ui| host(ui, draft));
        mistakes.show(ui, Field::Host);
        mistakes.show(ui, Field::Port);
    }
    if form.draft.profile.connect.protocol.is_websocket() {
        PATH.show(ui, form);
    }
    row(ui, words::MQTT_VERSION.of(l), |ui| version(ui, &mut form.draft.profile.connect.version));
}

/// Draws the name, which belongs to the profile rather than its options.
fn name(ui: &mut Ui, draft: &mut ProfileDraft) {
    let name = fields::name(Field::Name, language(ui));
    let (bytes_max, text) = (fields::bytes_max(Field::Name), &mut draft.profile.name);
    let response = row(ui, name, |ui| fields::text_of(ui, name, bytes_max, text, FIELD_WIDTH, ""));
    if std::mem::take(&mut draft.focus_name) {
        response.request_focus();
    }
}

fn protocol(ui: &mut Ui, draft: &mut ProfileDraft) {
    let l = language(ui);
    let before = draft.profile.connect.protocol;
    let mut chosen = before;
    named_combo(ui, words::PROTOCOL.of(l), before.scheme(), |ui| {
        for protocol in Protocol::ALL {
            let choice = ui.selectable_value(&mut chosen, protocol, protocol.scheme());
            choice.on_hover_text(options::protocol_meaning(protocol).of(l));
        }
    });
    if chosen != before {
        draft.profile.connect.protocol = chosen;
        // The port follows the protocol unless another one was chosen.
        if draft.profile.connect.port == before.default_port() {
            draft.set_port(chosen.default_port());
        }
    }
}

fn presets(ui: &mut Ui, draft: &mut ProfileDraft) {
    let l = language(ui);
    let menu = ui.menu_button(words::PRESETS.of(l), |ui| {
        for preset in &PRESETS {
            let Preset { name, protocol, port, alpn } = preset;
            let help = words::preset_help(protocol.scheme(), *port, l);
            if ui.button(name.of(l)).on_hover_text(help).clicked() {
                draft.profile.connect.protocol = *protocol;
                draft.set_alpn(alpn.iter().map(|name| (*name).to_owned()).collect());
                draft.set_port(*port);
            }
        }
    });
    menu.response.on_hover_text(words::PRESETS_HELP.of(l));
}

fn host(ui: &mut Ui, draft: &mut ProfileDraft) {
    let width = FIELD_WIDTH - NUMBER_WIDTH - ui.spacing().item_spacing.x;
    let response = HOST.edit(ui, draft, width);
    // Typing is not interrupted: `mqtt://a` is already a URL.
    let pasted = response.changed()
        && ui.input(|input| input.events.iter().any(|event| matches!(event, Event::Paste(_))));
    if response.lost_focus() || (pasted && draft.profile.connect.host.contains("://")) {
        draft.spread_host();
    }
    PORT.edit(ui, draft, NUMBER_WIDTH);
}

fn version(ui: &mut Ui, version: &mut VersionChoice) {
    let l = language(ui);
    let response = named_combo(ui, words::MQTT_VERSION.of(l), options::version(*version, l), |ui| {
        for choice in VersionChoice::ALL {
            ui.selectable_value(version, choice, options::version(choice, l));
        }
    });
    response.on_hover_text(words::MQTT_VERSION_HELP.of(l));
}

//! Where the broker is, and which MQTT it speaks.

use eframe::egui::{Event, Ui};

use crate::mqtt::options::{Protocol, VersionChoice};
use crate::panels::connections::draft::Draft;
use crate::panels::connections::fields::{self, FIELD_WIDTH, NUMBER_WIDTH, Number, row};
use crate::panels::connections::form::Form;
use crate::store::profiles::Field;
use crate::ui::widgets::controls::named_combo;

/// What a service asks for, but for the host, which is everybody's own.
struct Preset {
    name: &'static str,
    protocol: Protocol,
    port: u16,
    alpn: &'static [&'static str],
}

const PRESETS: [Preset; 8] = [
    Preset { name: "AWS IoT Core", protocol: Protocol::Mqtts, port: 8883, alpn: &[] },
    Preset { name: "AWS IoT Core on port 443", protocol: Protocol::Mqtts, port: 443, alpn: &[ALPN_AWS] },
    Preset { name: "EMQX Cloud", protocol: Protocol::Mqtts, port: 8883, alpn: &[] },
    Preset { name: "EMQX Cloud, websocket", protocol: Protocol::Wss, port: 8084, alpn: &[] },
    Preset { name: "HiveMQ Cloud", protocol: Protocol::Mqtts, port: 8883, alpn: &[] },
    Preset { name: "HiveMQ Cloud, websocket", protocol: Protocol::Wss, port: 8884, alpn: &[] },
    Preset { name: "Mosquitto test server", protocol: Protocol::Mqtt, port: 1883, alpn: &[] },
    Preset { name: "Mosquitto test server, TLS", protocol: Protocol::Mqtts, port: 8886, alpn: &[] },
];

/// What AWS IoT wants to hear on the port of the web.
pub(super) const ALPN_AWS: &str = "x-amzn-mqtt-ca";

pub(super) fn show(ui: &mut Ui, form: &mut Form<'_>) {
    let Form { draft, errors, .. } = form;
    row(ui, "Name", |ui| {
        let response = fields::text(ui, "Name", &mut draft.profile.name, FIELD_WIDTH, "");
        if std::mem::take(&mut draft.focus_name) {
            response.request_focus();
        }
    });
    errors.show(ui, Field::Name);
    row(ui, "Protocol", |ui| {
        protocol(ui, draft);
        presets(ui, draft);
    });
    if draft.profile.connect.protocol == Protocol::Unix {
        row(ui, "Socket path", |ui| {
            let host = &mut draft.profile.connect.host;
            fields::text(ui, "Socket path", host, FIELD_WIDTH, "/run/mosquitto/mosquitto.sock")
        });
        errors.show(ui, Field::Host);
    } else {
        row(ui, "Host", |ui| host(ui, draft));
        errors.show(ui, Field::Host);
        errors.show(ui, Field::Port);
    }
    if draft.profile.connect.protocol.is_websocket() {
        row(ui, "Path", |ui| {
            fields::text(ui, "Path", &mut draft.profile.connect.websocket.path, FIELD_WIDTH, "/mqtt")
        });
        errors.show(ui, Field::Path);
    }
    row(ui, "MQTT version", |ui| {
        let version = &mut draft.profile.connect.version;
        let response = named_combo(ui, "MQTT version", version.name(), |ui| {
            for choice in VersionChoice::ALL {
                ui.selectable_value(version, choice, choice.name());
            }
        });
        response.on_hover_text("auto: 5, and 3.1.1 where the broker does not speak 5");
    });
}

fn protocol(ui: &mut Ui, draft: &mut Draft) {
    let before = draft.profile.connect.protocol;
    let mut chosen = before;
    named_combo(ui, "Protocol", before.scheme(), |ui| {
        for protocol in Protocol::ALL {
            ui.selectable_value(&mut chosen, protocol, protocol.scheme()).on_hover_text(meaning(protocol));
        }
    });
    if chosen != before {
        draft.profile.connect.protocol = chosen;
        // The port follows the protocol as long as nobody chose another one.
        if draft.profile.connect.port == before.default_port() {
            draft.set_port(chosen.default_port());
        }
    }
}

fn meaning(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Mqtt => "TCP, not encrypted",
        Protocol::Mqtts => "TLS over TCP",
        Protocol::Ws => "A websocket, not encrypted",
        Protocol::Wss => "A websocket over TLS",
        Protocol::Unix => "A socket in the file system of this machine",
    }
}

fn presets(ui: &mut Ui, draft: &mut Draft) {
    let menu = ui.menu_button("Presets", |ui| {
        for preset in &PRESETS {
            let Preset { name, protocol, port, alpn } = preset;
            let help = format!("{}, port {port}", protocol.scheme());
            if ui.button(*name).on_hover_text(help).clicked() {
                draft.profile.connect.protocol = *protocol;
                draft.set_alpn(alpn.iter().map(|name| (*name).to_owned()).collect());
                draft.set_port(*port);
            }
        }
    });
    menu.response.on_hover_text("Sets the protocol and the port as a service wants them");
}

fn host(ui: &mut Ui, draft: &mut Draft) {
    let connect = &mut draft.profile.connect;
    let width = FIELD_WIDTH - NUMBER_WIDTH - ui.spacing().item_spacing.x;
    let response = fields::text(ui, "Host", &mut connect.host, width, "broker.example.org");
    // Typing is left alone until it is done: `mqtt://a` is an address already.
    let pasted = response.changed()
        && ui.input(|input| input.events.iter().any(|event| matches!(event, Event::Paste(_))));
    if response.lost_focus() || (pasted && draft.profile.connect.host.contains("://")) {
        draft.spread_host();
    }
    let port = Number {
        name: "Port",
        field: Field::Port,
        hint: "1883",
        wrong: "A port is a number from 1 to 65535.",
    };
    port.show(ui, &mut draft.typed, &mut draft.profile.connect.port);
}

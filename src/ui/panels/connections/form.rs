//! The form of one connection. What is wrong is marked under its field before anything is sent.

use eframe::egui::{self, Align, Checkbox, Layout, RichText, Ui, vec2};

use super::fields::{self, LABEL_WIDTH, error, note, row};
use super::{ConnectionsView, Draft, Keyring};
use crate::app::action::{Action, Actions};
use crate::model::message::QoS;
use crate::mqtt::options::{Protocol, Subscription, VersionChoice};
use crate::store::PasswordPlace;
use crate::store::profiles::{Field, FieldError, validate};
use crate::store::url;
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::controls::{icon_button, name_field, named_combo, primary_button};
use crate::ui::{icons, theme};

/// Fields are not wider than this.
const FIELD_WIDTH: f32 = 360.0;

pub(super) fn show(ui: &mut Ui, view: &mut ConnectionsView, actions: &mut Actions) {
    let ConnectionsView { draft: Some(draft), confirm_delete, keyring, .. } = view else { return };
    let before = draft.profile.clone();
    let mut errors = validate(&draft.profile);
    errors.extend(number_errors(draft));
    let fresh = before.connect.host.is_empty() && !draft.tried;
    let shown: Vec<FieldError> =
        errors.iter().filter(|error| !(fresh && error.field == Field::Host)).cloned().collect();

    let bar = egui::Panel::bottom("connection-buttons").exact_size(52.0).show_separator_line(true);
    bar.frame(egui::Frame::NONE.fill(tokens(ui).surface_1)).show(ui, |ui| {
        buttons(ui, draft, &errors, confirm_delete, actions);
    });
    egui::ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        egui::Frame::NONE.inner_margin(egui::Margin::symmetric(24, 16)).show(ui, |ui| {
            ui.set_max_width(620.0);
            ui.spacing_mut().item_spacing.y = 6.0;
            general(ui, draft, &shown);
            section(ui, "Log in");
            login(ui, draft, &shown, keyring);
            section(ui, "Session");
            session(ui, draft, &shown);
            section(ui, "Subscriptions");
            subscriptions(ui, draft, &shown);
            ui.add_space(size::SECTION);
        });
    });
    if draft.profile != before {
        draft.changed_at = Some(ui.input(|input| input.time));
    }
}

fn section(ui: &mut Ui, title: &str) {
    ui.add_space(size::SECTION);
    ui.label(RichText::new(title).font(theme::title_font()));
    ui.add_space(2.0);
}

/// What was typed where a number belongs and is none.
fn number_errors(draft: &Draft) -> Vec<FieldError> {
    let mut errors = Vec::new();
    if draft.port.trim().parse::<u16>().is_err() {
        errors
            .push(FieldError { field: Field::Port, text: "A port is a number from 1 to 65535.".to_owned() });
    }
    if draft.keep_alive.trim().parse::<u16>().is_err() {
        let text = "Keep alive is a number of seconds from 0 to 65535.".to_owned();
        errors.push(FieldError { field: Field::KeepAlive, text });
    }
    errors
}

fn general(ui: &mut Ui, draft: &mut Draft, errors: &[FieldError]) {
    row(ui, "Name", |ui| {
        let response = fields::text(ui, "Name", &mut draft.profile.name, FIELD_WIDTH, "");
        if std::mem::take(&mut draft.focus_name) {
            response.request_focus();
        }
    });
    error(ui, errors, Field::Name);
    row(ui, "Protocol", |ui| {
        let connect = &mut draft.profile.connect;
        let before = connect.protocol;
        named_combo(ui, "Protocol", before.scheme(), |ui| {
            for protocol in Protocol::ALL {
                ui.selectable_value(&mut connect.protocol, protocol, protocol.scheme());
            }
        });
        // The port follows the protocol as long as nobody chose another one.
        if connect.protocol != before && connect.port == before.default_port() {
            connect.port = connect.protocol.default_port();
            draft.port = connect.port.to_string();
        }
    });
    host(ui, draft);
    error(ui, errors, Field::Host);
    error(ui, errors, Field::Port);
    row(ui, "MQTT version", |ui| {
        let version = &mut draft.profile.connect.version;
        named_combo(ui, "MQTT version", version.name(), |ui| {
            for choice in VersionChoice::ALL {
                ui.selectable_value(version, choice, choice.name());
            }
        });
    });
    if draft.profile.connect.protocol.has_tls() {
        row(ui, "CA certificate", |ui| {
            let hint = "The system's, or a PEM file";
            if fields::text(ui, "CA certificate", &mut draft.ca_certificate, FIELD_WIDTH, hint).changed() {
                let path = draft.ca_certificate.trim();
                draft.profile.connect.ca_certificate = (!path.is_empty()).then(|| path.into());
            }
        });
        error(ui, errors, Field::CaCertificate);
    }
}

fn host(ui: &mut Ui, draft: &mut Draft) {
    row(ui, "Host", |ui| {
        let connect = &mut draft.profile.connect;
        let response = fields::text(ui, "Host", &mut connect.host, FIELD_WIDTH - 92.0, "broker.example.org");
        if response.lost_focus() {
            // A pasted URL goes where its parts belong; what is no address stays as it is and is marked.
            if let Ok(password) = url::spread_host(connect) {
                draft.port = connect.port.to_string();
                if let Some(password) = password {
                    password.expose().clone_into(&mut draft.password);
                    draft.password_typed = true;
                }
            }
        }
        if fields::text(ui, "Port", &mut draft.port, 84.0, "1883").changed()
            && let Ok(port) = draft.port.trim().parse()
        {
            draft.profile.connect.port = port;
        }
    });
}

fn login(ui: &mut Ui, draft: &mut Draft, errors: &[FieldError], keyring: &Keyring) {
    row(ui, "Username", |ui| {
        fields::text(ui, "Username", &mut draft.profile.connect.username, FIELD_WIDTH, "None")
    });
    error(ui, errors, Field::Username);
    if draft.profile.connect.username.is_empty() {
        return;
    }
    let place = draft.profile.password_place;
    if place != PasswordPlace::Ask {
        password(ui, draft);
    }
    row(ui, "", |ui| {
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 4.0;
            for (choice, label) in PLACES {
                ui.radio_value(&mut draft.profile.password_place, choice, label);
            }
        });
    });
    // The password moves with its place.
    if draft.profile.password_place != place && !draft.password.is_empty() {
        draft.password_typed = true;
    }
    let t = tokens(ui);
    if draft.profile.password_place == PasswordPlace::File {
        note(ui, "Whoever can read the file can read the password", t.warn);
    }
    if let (PasswordPlace::Keyring, Keyring::Missing(why)) = (draft.profile.password_place, keyring) {
        note(
            ui,
            &format!("There is no keyring here, so the password is asked for at each connect. {why}"),
            t.warn,
        );
    }
}

const PLACES: [(PasswordPlace, &str); 3] = [
    (PasswordPlace::Keyring, "Keep the password in the system's keyring"),
    (PasswordPlace::Ask, "Ask at each connect"),
    (PasswordPlace::File, "Keep it in the profiles file"),
];

fn password(ui: &mut Ui, draft: &mut Draft) {
    row(ui, "Password", |ui| {
        let hint = if draft.password_typed { "" } else { "Unchanged" };
        let hint = RichText::new(hint).color(tokens(ui).text_muted);
        let edit = egui::TextEdit::singleline(&mut draft.password)
            .password(!draft.show_password)
            .desired_width(FIELD_WIDTH - 36.0)
            .hint_text(hint)
            .margin(vec2(8.0, 4.0));
        let response = ui.add(edit);
        name_field(ui, &response, "Password");
        if response.changed() {
            draft.password_typed = true;
            draft.changed_at = Some(ui.input(|input| input.time));
        }
        let (icon, name) = if draft.show_password {
            (icons::EYE_SLASH, "Hide password")
        } else {
            (icons::EYE, "Show password")
        };
        if icon_button(ui, icon, name, name).clicked() {
            draft.show_password ^= true;
        }
    });
}

fn session(ui: &mut Ui, draft: &mut Draft, errors: &[FieldError]) {
    row(ui, "Client ID", |ui| {
        let hint = "mqttree- and random digits, new each time";
        fields::text(ui, "Client ID", &mut draft.profile.connect.client_id, FIELD_WIDTH, hint)
    });
    error(ui, errors, Field::ClientId);
    row(ui, "Keep alive", |ui| {
        if fields::text(ui, "Keep alive", &mut draft.keep_alive, 84.0, "60").changed()
            && let Ok(seconds) = draft.keep_alive.trim().parse()
        {
            draft.profile.connect.keep_alive_s = seconds;
        }
        ui.label(RichText::new("seconds").color(tokens(ui).text_muted));
    });
    error(ui, errors, Field::KeepAlive);
    row(ui, "", |ui| {
        ui.add(Checkbox::new(&mut draft.profile.connect.clean_session, "Clean session"))
            .on_hover_text("The broker forgets subscriptions and waiting messages when the connection ends")
    });
}

fn subscriptions(ui: &mut Ui, draft: &mut Draft, errors: &[FieldError]) {
    let subscriptions = &mut draft.profile.connect.subscriptions;
    let mut removed = None;
    for (index, subscription) in subscriptions.iter_mut().enumerate() {
        ui.push_id(index, |ui| {
            row(ui, if index == 0 { "Topic filters" } else { "" }, |ui| {
                fields::text(ui, "Topic filter", &mut subscription.filter, FIELD_WIDTH - 136.0, "#");
                let qos = &mut subscription.qos;
                named_combo(ui, "QoS", &format!("QoS {}", u8::from(*qos)), |ui| {
                    for level in QoS::ALL {
                        ui.selectable_value(
                            qos,
                            level,
                            format!("QoS {}, {}", u8::from(level), level.meaning()),
                        );
                    }
                });
                let name = format!("Remove {}", subscription.filter);
                if icon_button(ui, icons::X, &name, "Remove this subscription").clicked() {
                    removed = Some(index);
                }
            });
            error(ui, errors, Field::Subscription(index));
        });
    }
    if let Some(index) = removed {
        subscriptions.remove(index);
    }
    ui.horizontal(|ui| {
        ui.add_space(LABEL_WIDTH + ui.spacing().item_spacing.x);
        if ui.button("Add subscription").clicked() {
            subscriptions.push(Subscription::new("", QoS::AtMostOnce));
        }
        let help = "The broker's own figures. Some brokers refuse clients that ask for them";
        let has_sys = subscriptions.iter().any(|subscription| subscription.filter == "$SYS/#");
        if !has_sys && ui.button("Add $SYS/#").on_hover_text(help).clicked() {
            subscriptions.push(Subscription::new("$SYS/#", QoS::AtMostOnce));
        }
    });
    if draft.profile.connect.subscriptions.is_empty() {
        note(ui, "Without a subscription nothing is received; publishing works.", tokens(ui).text_muted);
    }
}

fn buttons(
    ui: &mut Ui,
    draft: &mut Draft,
    errors: &[FieldError],
    confirm_delete: &mut Option<crate::store::ProfileId>,
    actions: &mut Actions,
) {
    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
        ui.add_space(24.0);
        if primary_button(ui, "Connect").clicked() {
            draft.tried = true;
            if errors.is_empty() {
                actions.push(Action::SaveAndConnect(Box::new(draft.edit())));
            }
        }
        if ui.button("Save").clicked() {
            actions.push(Action::SaveProfile(Box::new(draft.edit())));
        }
        let (saved, color) = if number_errors(draft).is_empty() {
            (if draft.changed_at.is_some() { "Not saved yet" } else { "Saved" }, tokens(ui).text_muted)
        } else {
            ("Saved, but for the number that is marked", tokens(ui).warn)
        };
        ui.label(RichText::new(saved).color(color).font(theme::small_font()));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(24.0);
            if ui.button("Delete").clicked() {
                *confirm_delete = Some(draft.profile.id.clone());
            }
            if ui.button("Duplicate").clicked() {
                if draft.changed_at.is_some() {
                    actions.push(Action::SaveProfile(Box::new(draft.edit())));
                }
                actions.push(Action::DuplicateProfile(draft.profile.id.clone()));
            }
        });
    });
}

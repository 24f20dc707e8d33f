//! The line at the bottom: the state of the connection and the traffic, always the same words in the same order.

use std::time::Instant;

use eframe::egui::{self, Align, Color32, Layout, RichText, Role, Sense, Ui, WidgetInfo, vec2};

use crate::command::{Actions, Command};
use crate::panels::scene::Scene;
use crate::session::status::{ConnectionState, Security, Status};
use crate::ui::tokens::{Tokens, size, tokens};
use crate::ui::{language, theme};
use crate::words::{self, format};

/// What the bar says that is no part of a frame.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// Name of the connection.
    pub name: &'a str,
    /// Messages per second that arrive now.
    pub rate: f64,
    /// Whether the connection is no saved profile yet, but could be one.
    pub unsaved: bool,
}

/// Mark and colour of a state: the shape says as much as the colour.
pub fn state_mark(state: &ConnectionState, failed: bool, t: &Tokens) -> (&'static str, Color32) {
    match state {
        ConnectionState::Connected { .. } => ("●", t.ok),
        ConnectionState::Connecting { .. } => ("◐", t.warn),
        ConnectionState::Reconnecting { .. } => ("▲", t.error),
        ConnectionState::Disconnected if failed => ("▲", t.error),
        ConnectionState::Disconnected => ("○", t.text_muted),
    }
}

/// What is said of a connection that whoever answers was believed.
pub const NOT_VERIFIED: &str = "TLS, not verified";

const NOT_VERIFIED_WHY: &str = "The broker's certificate was not checked, because the check is turned off for this \
                                connection. Whoever stands between here and the broker can read and change everything, \
                                the password too";

/// The state in words, beginning with the word that tests and screen readers look for.
pub fn state_text(state: &ConnectionState, name: &str) -> String {
    match state {
        ConnectionState::Connected { .. } => format!("Connected to {name}"),
        ConnectionState::Connecting { .. } => format!("Connecting to {name}"),
        ConnectionState::Reconnecting { at, .. } => {
            let seconds = at.saturating_duration_since(Instant::now()).as_secs_f64().ceil();
            format!("Reconnecting in {seconds:.0} s")
        }
        ConnectionState::Disconnected => "Disconnected".to_owned(),
    }
}

/// State, version and encryption in words: what the tooltip of a session's tab says.
pub fn summary(status: &Status, name: &str) -> String {
    let mut text = state_text(&status.state, name);
    if let ConnectionState::Connected { version, security, .. } = &status.state {
        text.push_str("\nMQTT ");
        text.push_str(version.name());
        if let Some(tls) = security_text(status, *security) {
            text = format!("{text}, {tls}");
        }
        if *security == Security::Unverified {
            text = format!("{text}\n{NOT_VERIFIED_WHY}");
        }
    }
    text
}

/// Whether the session is connected to whoever answered.
pub fn is_unverified(state: &ConnectionState) -> bool {
    matches!(state, ConnectionState::Connected { security: Security::Unverified, .. })
}

fn security_text(status: &Status, security: Security) -> Option<&str> {
    match security {
        Security::Plain => None,
        Security::Verified => Some(status.tls.as_ref().map_or("TLS", |tls| tls.version.as_str())),
        Security::Unverified => Some(NOT_VERIFIED),
    }
}

/// Draws the bar of a session.
pub fn show(ui: &mut Ui, scene: &Scene<'_>, about: About<'_>, actions: &mut Actions) {
    let t = tokens(ui);
    ui.spacing_mut().item_spacing.x = size::SECTION;
    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
        ui.add_space(4.0);
        let (mark, color) = state_mark(&scene.status.state, scene.status.failure.is_some(), t);
        let text = state_text(&scene.status.state, about.name);
        ui.scope(|ui| {
            ui.spacing_mut().item_spacing.x = 6.0;
            ui.label(RichText::new(mark).color(color).font(theme::small_font()));
            let state = ui.add(
                egui::Label::new(RichText::new(&text).font(theme::small_font()).color(t.text))
                    .sense(Sense::hover()),
            );
            if let Some(failure) = &scene.status.failure {
                let told = words::failure(failure, language(ui));
                state.on_hover_text(format!("{told}\n{}", told.hint));
            }
        });
        protocol(ui, scene.status);
        operate(ui, scene, actions);
        if about.unsaved {
            small_command(ui, Command::SaveAsProfile, Command::SaveAsProfile.label(language(ui)), actions);
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| traffic(ui, scene, about));
    });
}

/// What is spoken, and how it is protected.
fn protocol(ui: &mut Ui, status: &Status) {
    let t = tokens(ui);
    let ConnectionState::Connected { version, security, .. } = &status.state else { return };
    let help = if status.fell_back {
        "MQTT 5 did not work with this broker. The version was left to be found out, so MQTT 3.1.1 is spoken"
    } else {
        "The version of MQTT that is spoken"
    };
    let color = if status.fell_back { t.text } else { t.text_muted };
    figure(ui, &format!("MQTT {}", version.name()), color, help);
    let Some(text) = security_text(status, *security) else { return };
    if *security == Security::Unverified {
        figure(ui, text, t.error, NOT_VERIFIED_WHY);
        return;
    }
    let cipher = status.tls.as_ref().map_or("", |tls| tls.cipher.as_str());
    figure(ui, text, t.text_muted, &format!("Encrypted, and the broker's certificate was checked\n{cipher}"));
}

/// What can be done about the connection as it is.
fn operate(ui: &mut Ui, scene: &Scene<'_>, actions: &mut Actions) {
    let commands: &[(Command, &str)] = match scene.status.state {
        ConnectionState::Reconnecting { .. } => {
            // The countdown changes once a second.
            ui.ctx().request_repaint_after(std::time::Duration::from_millis(250));
            &[(Command::Reconnect, "Connect now"), (Command::Disconnect, "Disconnect")]
        }
        ConnectionState::Disconnected => &[(Command::Reconnect, "Connect")],
        ConnectionState::Connecting { .. } | ConnectionState::Connected { .. } => {
            &[(Command::Disconnect, "Disconnect")]
        }
    };
    for (command, label) in commands {
        small_command(ui, *command, label, actions);
    }
}

fn small_command(ui: &mut Ui, command: Command, label: &str, actions: &mut Actions) {
    let text = RichText::new(label).font(theme::small_font());
    let button = ui.add(egui::Button::new(text).min_size(vec2(0.0, 18.0)).small());
    if button.on_hover_text(command.tooltip(ui.ctx())).clicked() {
        actions.run(command);
    }
}

fn traffic(ui: &mut Ui, scene: &Scene<'_>, about: About<'_>) {
    let t = tokens(ui);
    let counters = scene.counters;
    let stats = scene.model.stats();
    ui.add_space(4.0);
    let lost = format!("{} lost", format::count(counters.lost));
    let lost_help = "Messages that arrived and could not be kept. At QoS 0 a broker may drop messages before they \
                     are sent, when a client reads too slowly: those no client can count";
    figure(ui, &lost, if counters.lost > 0 { t.error } else { t.text_muted }, lost_help);
    let waiting = format!("{} waiting", format::count(counters.waiting));
    let waiting_help = format!(
        "Messages between the network and the tree: {}. When 64 MiB wait, reading stops until the tree has caught up: \
         nothing is lost here, and the broker has to wait. What it cannot keep meanwhile it may drop, at QoS 0 without \
         a word{}",
        format::bytes(counters.waiting_bytes),
        if counters.held_back { ".\nThis is so at this moment" } else { "" }
    );
    figure(
        ui,
        &waiting,
        if counters.held_back || counters.waiting > 100_000 { t.warn } else { t.text_muted },
        &waiting_help,
    );
    let rate = if about.rate < 0.05 { "0".to_owned() } else { format::rate(about.rate) };
    figure(ui, &format!("{rate} messages/s"), t.text_muted, "Messages that arrive now, per second");
    let messages = format::plural(stats.messages, "message", "messages");
    let held = format!(
        "Received since the session began; {} kept for history",
        format::bytes(stats.history_bytes as u64)
    );
    figure(ui, &messages, t.text_muted, &held);
    figure(
        ui,
        &format::plural(u64::from(stats.topics), "topic", "topics"),
        t.text_muted,
        "Topics that had a message",
    );
}

fn figure(ui: &mut Ui, text: &str, color: Color32, help: &str) {
    let text_widget = RichText::new(text).font(theme::small_font()).color(color);
    let response = ui.add(egui::Label::new(text_widget).sense(Sense::hover()));
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, text));
    response.on_hover_text(help.trim_end());
}

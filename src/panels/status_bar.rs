//! The line at the bottom: the state of the connection and the traffic, always the same words in the same order.

use std::time::{Duration, Instant};

use eframe::egui::{self, Align, Color32, Layout, RichText, Role, Sense, Ui, WidgetInfo, accesskit, vec2};

use crate::command::{Actions, Command};
use crate::panels::recording_mark::{self, Recorded};
use crate::panels::scene::Scene;
use crate::session::status::{ConnectionState, Security, Status};
use crate::ui::tokens::{Tokens, size, tokens};
use crate::ui::widgets::access::keyed;
use crate::ui::{language, theme};
use crate::words::{self, Label, Language, format, status};

/// What the bar says that is no part of a frame.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// Name of the connection.
    pub name: &'a str,
    /// Messages per second that arrive now.
    pub rate: f64,
    /// Whether the connection is no saved profile yet, but could be one.
    pub unsaved: bool,
    /// The recording of the session, if it is being recorded.
    pub recorded: Option<&'a Recorded>,
}

/// Mark and colour of a state: the shape says as much as the colour.
pub fn state_mark(state: &ConnectionState, failed: bool, t: &Tokens) -> (&'static str, Color32) {
    match state {
        ConnectionState::Connected { .. } => ("●", t.ok),
        ConnectionState::Connecting { .. } => ("◐", t.warn),
        ConnectionState::NotAnswering { .. } => ("◆", t.warn),
        ConnectionState::Reconnecting { .. } => ("▲", t.error),
        ConnectionState::Disconnected if failed => ("▲", t.error),
        ConnectionState::Disconnected => ("○", t.text_muted),
    }
}

/// The state in words, beginning with the word that tests and screen readers look for.
pub fn state_text(state: &ConnectionState, name: &str, language: Language) -> String {
    status::state(state, name, counted(state), language)
}

/// What a state counts: how long it is until the next attempt to connect, or since the broker said something.
fn counted(state: &ConnectionState) -> Duration {
    match state {
        ConnectionState::Reconnecting { at, .. } => at.saturating_duration_since(Instant::now()),
        ConnectionState::NotAnswering { since, .. } => since.elapsed(),
        ConnectionState::Connecting { .. }
        | ConnectionState::Connected { .. }
        | ConnectionState::Disconnected => Duration::ZERO,
    }
}

/// How long a countdown shows the second that it shows now. It names the second that has begun.
fn until_next_second(wait: Duration) -> Duration {
    let rest = Duration::from_nanos(u64::from(wait.subsec_nanos()));
    let rest = if rest.is_zero() && !wait.is_zero() { Duration::from_secs(1) } else { rest };
    // egui draws up to a frame early, and that frame would show the same second again.
    rest + Duration::from_millis(20)
}

/// How long a count shows the second that it shows now. It names the second that is over.
fn since_next_second(silence: Duration) -> Duration {
    let begun = Duration::from_nanos(u64::from(silence.subsec_nanos()));
    Duration::from_millis(1_020).saturating_sub(begun)
}

/// State, version and encryption in words: what the tooltip of a session's tab says.
pub fn summary(status: &Status, name: &str, language: Language) -> String {
    let mut text = state_text(&status.state, name, language);
    if let Some((version, security)) = status.state.spoken() {
        text.push_str("\nMQTT ");
        text.push_str(version.name());
        if let Some(tls) = status::security(status, security, language) {
            text = format!("{text}, {tls}");
        }
        if security == Security::Unverified {
            text = format!("{text}\n{}", status::NOT_VERIFIED_WHY.of(language));
        }
    }
    text
}

/// Whether the session is connected without having checked the broker's certificate.
pub fn is_unverified(state: &ConnectionState) -> bool {
    state.spoken().is_some_and(|(_, security)| security == Security::Unverified)
}

/// Draws the bar of a session.
pub fn show(ui: &mut Ui, scene: &Scene<'_>, about: About<'_>, actions: &mut Actions) {
    let t = tokens(ui);
    ui.spacing_mut().item_spacing.x = size::SECTION;
    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
        ui.add_space(4.0);
        let (mark, color) = state_mark(&scene.status.state, scene.status.failure.is_some(), t);
        let text = state_text(&scene.status.state, about.name, language(ui));
        ui.scope(|ui| {
            ui.spacing_mut().item_spacing.x = 6.0;
            ui.label(RichText::new(mark).color(color).font(theme::small_font()));
            let state = ui.add(
                egui::Label::new(RichText::new(&text).font(theme::small_font()).color(t.text))
                    .sense(Sense::hover()),
            );
            // The state is read out when it changes, and no count that changes all the time.
            ui.ctx().accesskit_node_builder(state.id, |node| node.set_live(accesskit::Live::Polite));
            if matches!(scene.status.state, ConnectionState::NotAnswering { .. }) {
                state.on_hover_text(status::NOT_ANSWERING_HELP.of(language(ui)));
            } else if let Some(failure) = &scene.status.failure {
                state.on_hover_ui(|ui| {
                    let l = language(ui);
                    let (line, hint) = (words::failure_line(failure, l), words::failure(failure, l).hint);
                    ui.label(format!("{}\n{}", format::excerpt(&line, l), format::excerpt(&hint, l)));
                });
            }
        });
        protocol(ui, scene.status);
        operate(ui, scene, actions);
        recording_mark::show(ui, about.recorded, actions);
        if about.unsaved {
            let save = Command::SaveAsProfile;
            keyed(ui, save, |ui| small_command(ui, save, save.label(language(ui)), actions));
        }
        keyed(ui, "traffic", |ui| {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| traffic(ui, scene, about));
        });
    });
}

/// What is spoken, and how it is protected.
fn protocol(ui: &mut Ui, session: &Status) {
    let t = tokens(ui);
    let Some((version, security)) = session.state.spoken() else { return };
    let l = language(ui);
    let help = if session.fell_back { status::FELL_BACK_HELP } else { status::VERSION_HELP };
    let color = if session.fell_back { t.text } else { t.text_muted };
    keyed(ui, "version", |ui| figure(ui, &format!("MQTT {}", version.name()), color, help.of(l)));
    let Some(text) = status::security(session, security, l) else { return };
    if security == Security::Unverified {
        keyed(ui, "security", |ui| figure(ui, text, t.error, status::NOT_VERIFIED_WHY.of(l)));
        return;
    }
    let cipher = session.tls.as_ref().map_or("", |tls| tls.cipher.as_str());
    keyed(ui, "security", |ui| figure(ui, text, t.text_muted, &status::verified_help(cipher, l)));
}

/// What can be done about the connection as it is.
fn operate(ui: &mut Ui, scene: &Scene<'_>, actions: &mut Actions) {
    let connect = status::CONNECT;
    let (reconnect, disconnect) = (Command::Reconnect, Command::Disconnect);
    let of = |command: Command| (command, command.entry().text.label);
    let commands: &[(Command, Label)] = match scene.status.state {
        ConnectionState::Reconnecting { .. } => {
            let wait = counted(&scene.status.state);
            // At its end the session itself asks for a frame.
            if !wait.is_zero() {
                ui.ctx().request_repaint_after(until_next_second(wait));
            }
            &[of(reconnect), of(disconnect)]
        }
        ConnectionState::NotAnswering { .. } => {
            let silence = counted(&scene.status.state);
            ui.ctx().request_repaint_after(since_next_second(silence));
            &[of(disconnect)]
        }
        ConnectionState::Disconnected => &[(reconnect, connect)],
        ConnectionState::Connecting { .. } | ConnectionState::Connected { .. } => &[of(disconnect)],
    };
    for (command, label) in commands {
        keyed(ui, command, |ui| small_command(ui, *command, label.of(language(ui)), actions));
    }
}

pub(super) fn small_command(ui: &mut Ui, command: Command, label: &str, actions: &mut Actions) {
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
    let l = language(ui);
    let color = if counters.lost > 0 { t.error } else { t.text_muted };
    figure(ui, &status::lost(counters.lost, l), color, status::LOST_HELP.of(l));
    let is_much = counters.held_back || counters.waiting > 100_000;
    let color = if is_much { t.warn } else { t.text_muted };
    figure(ui, &status::waiting(counters.waiting, l), color, &status::waiting_help(counters, l));
    figure(ui, &status::rate(about.rate, l), t.text_muted, status::RATE_HELP.of(l));
    let help = status::messages_help(&stats, l);
    figure(ui, &status::messages(stats.messages, l), t.text_muted, &help);
    if stats.payloads_dropped > 0 {
        let help = status::payloads_dropped_help(&stats, scene.model.limits(), l);
        let text = status::payloads_dropped(stats.payloads_dropped, l);
        keyed(ui, "dropped", |ui| figure(ui, &text, t.warn, &help));
    }
    let topics = status::topics(u64::from(stats.topics), l);
    keyed(ui, "topics", |ui| figure(ui, &topics, t.text_muted, status::TOPICS_HELP.of(l)));
}

fn figure(ui: &mut Ui, text: &str, color: Color32, help: &str) {
    let text_widget = RichText::new(text).font(theme::small_font()).color(color);
    let response = ui.add(egui::Label::new(text_widget).sense(Sense::hover()));
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, text));
    response.on_hover_text(help.trim_end());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_countdown_is_drawn_when_its_second_changes() {
        let after = |wait_ms| until_next_second(Duration::from_millis(wait_ms)).as_millis();
        assert_eq!(after(4_250), 270);
        assert_eq!(after(4_000), 1_020);
        assert_eq!(after(900), 920);
    }

    #[test]
    fn a_count_is_drawn_when_its_second_changes() {
        let after = |silence_ms| since_next_second(Duration::from_millis(silence_ms)).as_millis();
        assert_eq!(after(12_250), 770);
        assert_eq!(after(12_000), 1_020);
    }
}

//! The line at the bottom: connection state and traffic, always worded alike and in the same order.

use std::time::{Duration, Instant};

use eframe::egui::{self, Align, Color32, Layout, RichText, Role, Sense, Ui, WidgetInfo, accesskit, vec2};

use crate::command::{Actions, Command};
use crate::panels::recording_mark::{self, Recorded};
use crate::panels::replies_mark;
use crate::panels::scene::Scene;
use crate::session::status::{ConnectionState, Security, Status};
use crate::ui::tokens::{Tokens, size, tokens};
use crate::ui::widgets::access::keyed;
use crate::ui::{language, theme};
use crate::words::{self, Label, Language, format, sending as sending_words, status};

/// What the bar shows that is not in the [`Scene`].
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// Name of the connection.
    pub name: &'a str,
    /// Current rate of arriving messages per second.
    pub rate: f64,
    /// Whether the connection is not a saved profile but could become one.
    pub unsaved: bool,
    /// The recording of the session, if it is being recorded.
    pub recorded: Option<&'a Recorded>,
}

/// The state's greatest part of the bar; a connection can have a long name.
const STATE_PART: f32 = 0.5;
/// The room for the figures changes in steps of this many points, so that a button does not come and go with a digit.
const STEP: f32 = 48.0;

/// Mark and colour of a state: the shape alone is enough to tell.
pub fn state_mark(state: &ConnectionState, failed: bool, t: &Tokens) -> (&'static str, Color32) {
    match state {
        ConnectionState::Connected { .. } => ("●", t.ok),
        ConnectionState::Connecting { .. } => ("◐", t.warn),
        ConnectionState::NotAnswering { .. } => ("◆", t.warn),
        ConnectionState::Reconnecting { .. } => ("▲", t.error),
        ConnectionState::Disconnected if failed => ("▲", t.error),
        ConnectionState::Recorded => ("■", t.text_muted),
        ConnectionState::Disconnected => ("○", t.text_muted),
    }
}

/// The state in words, beginning with the word that tests and screen readers look for.
pub fn state_text(state: &ConnectionState, name: &str, language: Language) -> String {
    status::state(state, name, counted(state), language)
}

/// The duration shown with a state: until the next attempt to connect, or since the broker was last heard.
fn counted(state: &ConnectionState) -> Duration {
    match state {
        ConnectionState::Reconnecting { at, .. } => at.saturating_duration_since(Instant::now()),
        ConnectionState::NotAnswering { since, .. } => since.elapsed(),
        ConnectionState::Connecting { .. }
        | ConnectionState::Connected { .. }
        | ConnectionState::Recorded
        | ConnectionState::Disconnected => Duration::ZERO,
    }
}

/// How long a countdown keeps showing its current second. It shows the second that has begun.
fn until_next_second(wait: Duration) -> Duration {
    let rest = Duration::from_nanos(u64::from(wait.subsec_nanos()));
    let rest = if rest.is_zero() && !wait.is_zero() { Duration::from_secs(1) } else { rest };
    // egui draws up to a frame early, which would show the same second again.
    rest + Duration::from_millis(20)
}

/// How long a count keeps showing its current second. It shows the seconds completed.
fn since_next_second(silence: Duration) -> Duration {
    let begun = Duration::from_nanos(u64::from(silence.subsec_nanos()));
    Duration::from_millis(1_020).saturating_sub(begun)
}

/// State, version and encryption in words, for the tooltip of a session's tab.
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

/// Draws the bar of a session. In a narrow window, buttons give way to the figures, since the menu has them too; then the
/// figures that say least.
pub fn show(ui: &mut Ui, scene: &Scene<'_>, about: About<'_>, actions: &mut Actions) {
    let t = tokens(ui);
    ui.spacing_mut().item_spacing.x = size::SECTION;
    let figures = figures(ui, scene, about);
    let reserved = (width_of(ui, &figures) / STEP).ceil() * STEP;
    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
        ui.add_space(4.0);
        let (mark, color) = state_mark(&scene.status.state, scene.status.failure.is_some(), t);
        let text = state_text(&scene.status.state, about.name, language(ui));
        ui.scope(|ui| {
            ui.spacing_mut().item_spacing.x = 6.0;
            ui.set_max_width(ui.available_width() * STATE_PART);
            ui.label(RichText::new(mark).color(color).font(theme::small_font()));
            let state = ui.add(
                egui::Label::new(RichText::new(&text).font(theme::small_font()).color(t.text))
                    .sense(Sense::hover())
                    .truncate(),
            );
            // The state is read out when it changes, but without counts that change all the time.
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
        operate(ui, scene, reserved, actions);
        let fits = about.recorded.is_some() || has_room(ui, Command::Record.label(language(ui)), reserved);
        if fits && scene.status.state != ConnectionState::Recorded {
            recording_mark::show(ui, about.recorded, actions);
        }
        if let Some(responder) = scene.responder {
            keyed(ui, "replies", |ui| replies_mark::show(ui, responder, actions));
        }
        let save = Command::SaveAsProfile;
        if about.unsaved && has_room(ui, save.label(language(ui)), reserved) {
            keyed(ui, save, |ui| small_command(ui, save, save.label(language(ui)), actions));
        }
        keyed(ui, "traffic", |ui| {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| traffic(ui, figures));
        });
    });
}

/// Draws the protocol and how it is protected.
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

/// Draws the buttons that suit the connection's state.
fn operate(ui: &mut Ui, scene: &Scene<'_>, reserved: f32, actions: &mut Actions) {
    let connect = status::CONNECT;
    let (reconnect, disconnect) = (Command::Reconnect, Command::Disconnect);
    let of = |command: Command| (command, command.entry().text.label);
    let commands: &[(Command, Label)] = match scene.status.state {
        ConnectionState::Reconnecting { .. } => {
            let wait = counted(&scene.status.state);
            // When it runs out, the session requests a frame itself.
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
        ConnectionState::Recorded => &[],
        ConnectionState::Disconnected => &[(reconnect, connect)],
        ConnectionState::Connecting { .. } | ConnectionState::Connected { .. } => &[of(disconnect)],
    };
    // Without a connection, nothing is more useful than these.
    let are_optional = scene.status.state.is_connected();
    for (command, label) in commands {
        if are_optional && !has_room(ui, label.of(language(ui)), reserved) {
            continue;
        }
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

/// A figure of the traffic.
struct Figure {
    key: &'static str,
    text: String,
    color: Color32,
    help: String,
    /// The larger, the longer it stays in a narrow window.
    importance: u8,
}

/// The figures from right to left.
fn figures(ui: &Ui, scene: &Scene<'_>, about: About<'_>) -> Vec<Figure> {
    let (t, l) = (tokens(ui), language(ui));
    let (counters, stats) = (scene.counters, scene.model.stats());
    let is_much = counters.held_back || counters.waiting > 100_000;
    let has_lost = counters.lost > 0;
    let of =
        |key, text: String, color, help: String, importance| Figure { key, text, color, help, importance };
    let calm = |is_calm: bool, color| if is_calm { t.text_muted } else { color };
    let mut figures = vec![
        of(
            "lost",
            status::lost(counters.lost, l),
            calm(!has_lost, t.error),
            status::LOST_HELP.of(l).to_owned(),
            if has_lost { 9 } else { 0 },
        ),
        of(
            "waiting",
            status::waiting(counters.waiting, l),
            calm(!is_much, t.warn),
            status::waiting_help(counters, l),
            if is_much { 8 } else { 1 },
        ),
        of("rate", status::rate(about.rate, l), t.text_muted, status::RATE_HELP.of(l).to_owned(), 3),
        of(
            "messages",
            status::messages(stats.messages, l),
            t.text_muted,
            status::messages_help(&stats, l),
            2,
        ),
    ];
    if stats.payloads_dropped > 0 {
        let help = status::payloads_dropped_help(&stats, scene.model.limits(), l);
        figures.push(of("dropped", status::payloads_dropped(stats.payloads_dropped, l), t.warn, help, 7));
    }
    let sending = scene.sendings.iter().filter(|row| row.state.phase.is_active()).count();
    if sending > 0 {
        let help = sending_words::active_help(&Command::StopSending.keys(ui.ctx()), l);
        figures.push(of("sending", sending_words::active(sending, l), t.text, help, 6));
    }
    let topics = status::topics(u64::from(stats.topics), l);
    figures.push(of("topics", topics, t.text_muted, status::TOPICS_HELP.of(l).to_owned(), 4));
    figures
}

fn text_width(ui: &Ui, text: &str) -> f32 {
    ui.painter().layout_no_wrap(text.to_owned(), theme::small_font(), Color32::PLACEHOLDER).size().x
}

fn width_of(ui: &Ui, figures: &[Figure]) -> f32 {
    let gap = ui.spacing().item_spacing.x;
    figures.iter().map(|figure| text_width(ui, &figure.text) + gap).sum()
}

/// Whether a button fits beside what is reserved for the figures.
fn has_room(ui: &Ui, label: &str, reserved: f32) -> bool {
    let around = 2.0 * ui.spacing().button_padding.x + ui.spacing().item_spacing.x;
    ui.available_width() - reserved >= text_width(ui, label) + around
}

/// Draws the figures from the right edge, as many as there is room for.
fn traffic(ui: &mut Ui, mut figures: Vec<Figure>) {
    ui.add_space(4.0);
    while width_of(ui, &figures) > ui.available_width()
        && let Some((least, _)) = figures.iter().enumerate().min_by_key(|(_, figure)| figure.importance)
    {
        figures.remove(least);
    }
    for Figure { key, text, color, help, .. } in &figures {
        keyed(ui, key, |ui| figure(ui, text, *color, help));
    }
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
    fn a_recording_has_a_mark_of_its_own() {
        let t = &crate::ui::tokens::DARK;
        let mark = |state: &ConnectionState| state_mark(state, false, t).0;
        assert_ne!(mark(&ConnectionState::Recorded), mark(&ConnectionState::Disconnected));
    }

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

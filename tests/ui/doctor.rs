//! The connection doctor's view.

use std::time::Duration;

use eframe::egui::{CentralPanel, Theme, Vec2, accesskit::Role, vec2};
use egui_kittest::kittest::Queryable as _;
use egui_kittest::{Harness, HarnessBuilder};
use mqttree::command::{Action, Actions, ExaminationAction};
use mqttree::mqtt::step::{Outcome, Step};
use mqttree::panels::doctor::{self, DoctorScene};
use mqttree::ui::theme;
use mqttree::ui::tokens::tokens;

use crate::harness::with_system_fonts;

/// A test of a connection whose certificate nobody trusts.
pub fn failed_tls() -> Vec<Step> {
    let ms = Duration::from_micros;
    let failed = Outcome::Failed {
        why: "the certificate was signed by an authority that is not trusted".to_owned(),
        suggestion: "Choose the file of the authority as CA certificate, if it is one of your own."
            .to_owned(),
    };
    let skipped = |what: &str| Step {
        what: what.to_owned(),
        outcome: Outcome::Skipped("a step before it failed".to_owned()),
        took: None,
        details: Vec::new(),
    };
    vec![
        Step::ok("Name resolution of broker.example.org", ms(12_300))
            .detail("2001:db8::7")
            .detail("192.0.2.7"),
        Step {
            what: "TCP connection to [2001:db8::7]:8883".to_owned(),
            outcome: Outcome::Warning("network is unreachable; the next address is tried".to_owned()),
            took: Some(ms(420)),
            details: Vec::new(),
        },
        Step::ok("TCP connection to 192.0.2.7:8883", ms(24_100)),
        Step {
            what: "TLS handshake with broker.example.org".to_owned(),
            outcome: failed,
            took: Some(ms(61_700)),
            details: vec![
                "certificate 1: CN=broker.example.org".to_owned(),
                "  for broker.example.org, until 2027-03-01".to_owned(),
                "  signed by CN=Example Root".to_owned(),
            ],
        },
        skipped("CONNECT to broker.example.org:8883"),
        skipped("SUBSCRIBE to plant/#"),
        skipped("Ping"),
    ]
}

/// What a test of the view keeps.
pub struct View {
    pub steps: Vec<Step>,
    pub done: bool,
    pub actions: Vec<Action>,
}

impl View {
    pub fn new(steps: Vec<Step>, done: bool) -> Self {
        Self { steps, done, actions: Vec::new() }
    }

    /// A harness that draws it.
    pub fn harness(self, builder: HarnessBuilder<Self>) -> Harness<'static, Self> {
        let show = |ui: &mut eframe::egui::Ui, view: &mut Self| {
            let mut actions = Actions::default();
            let waiting = Duration::from_millis(1_700);
            let url = "mqtts://broker.example.org:8883";
            let frame = DoctorScene { url, steps: &view.steps, done: view.done, waiting };
            let ground = eframe::egui::Frame::NONE.fill(tokens(ui).surface_1);
            CentralPanel::no_frame().frame(ground).show(ui, |ui| doctor::show(ui, &frame, &mut actions));
            view.actions.extend(actions.take());
        };
        builder.build_ui_state(show, self)
    }
}

fn view(steps: Vec<Step>, done: bool) -> Harness<'static, View> {
    let builder = Harness::builder().with_size(vec2(480.0, 560.0)).with_theme(Theme::Dark);
    let mut harness =
        View::new(steps, done).harness(with_system_fonts(builder).with_context_setup(theme::install));
    harness.run_steps(4);
    harness
}

#[test]
fn each_step_is_read_with_how_it_ended() {
    let harness = view(failed_tls(), true);
    for text in [
        "ok: Name resolution of broker.example.org",
        "warning: TCP connection to [2001:db8::7]:8883",
        "failed: TLS handshake with broker.example.org",
        "not tried: Ping",
    ] {
        harness.get_by_role_and_label(Role::ListItem, text);
    }
    harness.get_by_label("the certificate was signed by an authority that is not trusted");
    harness.get_by_label("Failed: TLS handshake with broker.example.org");
    assert!(harness.query_by_label("Going on").is_none());
}

#[test]
fn while_it_goes_on_it_says_so_and_for_how_long() {
    let mut steps = failed_tls();
    steps.truncate(2);
    let harness = view(steps, false);
    harness.get_by_label("Going on");
    assert!(harness.query_by_label_contains("Everything works").is_none());
}

#[test]
fn what_went_well_is_said_in_a_line() {
    let steps = vec![Step::ok("CONNECT to h:1883", Duration::from_millis(3))];
    view(steps, true).get_by_label("Everything works");
    let steps: Vec<_> = failed_tls().into_iter().take(3).collect();
    view(steps, true).get_by_label("It works, with 1 warning");
}

#[test]
fn it_is_copied_run_again_and_closed_by_buttons() {
    let mut harness = view(failed_tls(), true);
    for label in ["Copy as text", "Run again", "Close"] {
        harness.get_by_role_and_label(Role::Button, label).click();
        harness.run_steps(2);
    }
    let actions = &harness.state().actions;
    assert!(
        matches!(
            actions[..],
            [
                Action::Examination(ExaminationAction::Copy),
                Action::Examination(ExaminationAction::Repeat),
                Action::Examination(ExaminationAction::Close)
            ]
        ),
        "{actions:?}"
    );
}

#[test]
fn a_brokers_own_words_cannot_turn_the_view_around() {
    let step = Step::ok("CONNECT to h:1883", Duration::ZERO).detail("reason \u{202E}abc");
    view(vec![step], true).get_by_label("reason <U+202E>abc");
}

/// The size of its picture.
pub const SIZE: Vec2 = Vec2::new(480.0, 480.0);

//! The connection doctor's view.

use std::time::Duration;

use eframe::egui::{CentralPanel, Theme, Vec2, accesskit::Role, vec2};
use egui_kittest::kittest::Queryable as _;
use egui_kittest::{Harness, HarnessBuilder};
use mqttree::command::{Action, Actions, ExaminationAction};
use mqttree::mqtt::endpoint::Endpoint;
use mqttree::mqtt::failure::{Failure, Hint, TlsCause};
use mqttree::mqtt::options::MqttVersion;
use mqttree::mqtt::step::{Detail, SkipReason, Step, StepOutcome, TakenStep, Warning};
use mqttree::mqtt::wire::{Certificate, PublicKeyKind};
use mqttree::panels::doctor::{self, DoctorScene};
use mqttree::ui::theme;
use mqttree::ui::tokens::tokens;

use crate::harness::with_system_fonts;

fn endpoint(host: &str) -> Endpoint {
    Endpoint::new(host, 8883)
}

fn connected() -> TakenStep {
    TakenStep::ok(Step::Connect(endpoint("broker.example.org")), Duration::from_millis(3))
}

/// A test of a connection with an untrusted certificate.
pub fn failed_tls() -> Vec<TakenStep> {
    let ms = Duration::from_micros;
    let address = |text: &str| Detail::Address(text.parse().unwrap());
    let certificate = Certificate {
        subject: "CN=broker.example.org".to_owned(),
        names: vec!["broker.example.org".to_owned()],
        issuer: "CN=Example Root".to_owned(),
        not_before: 1_740_787_200,
        not_after: 1_803_859_200,
        key: PublicKeyKind::Ec { bits: 256 },
        self_signed: false,
    };
    let handshake = Step::TlsHandshake(endpoint("broker.example.org"));
    let failure = Failure::new(handshake, TlsCause::Untrusted, Hint::TrustAuthority);
    let skipped = |step| TakenStep::skipped(step, SkipReason::After(Box::new(failure.step.clone())));
    vec![
        TakenStep::ok(Step::NameResolution("broker.example.org".to_owned()), ms(12_300))
            .detail(address("2001:db8::7"))
            .detail(address("192.0.2.7")),
        TakenStep {
            took: Some(ms(420)),
            ..TakenStep::skipped(Step::Tcp(endpoint("2001:db8::7")), SkipReason::AnotherAddress)
        },
        TakenStep::ok(Step::Tcp(endpoint("192.0.2.7")), ms(24_100)),
        TakenStep::failed(&failure, ms(61_700))
            .detail(Detail::Certificate { place: 1, certificate: Box::new(certificate) }),
        skipped(Step::Connect(endpoint("broker.example.org"))),
        skipped(Step::Subscribe("plant/#".to_owned())),
        skipped(Step::Ping),
    ]
}

/// A step that worked with a warning.
fn warned() -> TakenStep {
    let outcome = StepOutcome::Warning(Warning::OlderVersion(MqttVersion::V3_1_1));
    TakenStep { outcome, ..connected() }
}

/// The state of a test of the view.
pub struct View {
    pub steps: Vec<TakenStep>,
    pub done: bool,
    pub actions: Vec<Action>,
}

impl View {
    pub fn new(steps: Vec<TakenStep>, done: bool) -> Self {
        Self { steps, done, actions: Vec::new() }
    }

    /// A harness that draws the view.
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

fn view(steps: Vec<TakenStep>, done: bool) -> Harness<'static, View> {
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
        "not tried: TCP connection to [2001:db8::7]:8883",
        "failed: TLS handshake with broker.example.org:8883",
        "not tried: Ping",
    ] {
        harness.get_by_role_and_label(Role::ListItem, text);
    }
    harness.get_by_label("the broker's certificate was issued by an authority that is not trusted here");
    harness.get_by_label("Failed: TLS handshake with broker.example.org:8883");
    assert!(harness.query_by_label("In progress").is_none());
}

#[test]
fn while_it_goes_on_it_says_so_and_for_how_long() {
    let mut steps = failed_tls();
    steps.truncate(2);
    let harness = view(steps, false);
    harness.get_by_label("In progress");
    assert!(harness.query_by_label_contains("Everything works").is_none());
}

#[test]
fn what_went_well_is_said_in_a_line() {
    view(vec![connected()], true).get_by_label("Everything works");
    let harness = view(vec![connected(), warned()], true);
    harness.get_by_role_and_label(Role::ListItem, "warning: CONNECT to broker.example.org:8883");
    harness.get_by_label("It works, with 1 warning");
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
    let step = connected().detail(Detail::Alpn("\u{202E}abc".to_owned()));
    view(vec![step], true).get_by_label("application protocol <U+202E>abc");
}

#[test]
fn steps_that_were_not_reached_say_it_once() {
    let harness = view(failed_tls(), true);
    let said: Vec<_> = harness.query_all_by_label_contains("not reached").collect();
    assert_eq!(said.len(), 1);
    harness.get_by_label("not reached: TLS handshake with broker.example.org:8883 failed");
}

/// Size of the view's picture.
pub const SIZE: Vec2 = Vec2::new(480.0, 480.0);

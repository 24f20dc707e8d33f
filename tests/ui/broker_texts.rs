//! A broker's texts may have any length: the window lays out the beginning and shows the rest on request.

use std::time::Duration;

use eframe::egui::{Context, Shape, Theme, Ui, Vec2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use mqttree::command::{Action, Actions, Notice};
use mqttree::mqtt::endpoint::Endpoint;
use mqttree::mqtt::failure::{Failure, Hint, MqttCause, Refusal, TlsCause};
use mqttree::mqtt::options::MqttVersion;
use mqttree::mqtt::reason::{Reason, ReasonCode};
use mqttree::mqtt::step::{Step, TakenStep};
use mqttree::panels::notices::Notices;
use mqttree::panels::scene::Scene;
use mqttree::panels::whole_text::WholeTextView;
use mqttree::panels::{PanelView, banner};
use mqttree::ui::theme;

use crate::doctor::View;
use crate::harness::{Stage, stage_of, until};

/// How much a view of a few lines may lay out, in bytes.
const LAID_OUT_MAX: usize = 4_096;

/// The banner, as a panel.
struct Banner;

impl PanelView for Banner {
    fn show(&mut self, ui: &mut Ui, scene: &Scene<'_>, actions: &mut Actions) {
        banner::show(ui, scene, false, actions);
    }
}

/// A refusal with this text from the broker.
fn refused(words: &str) -> Failure {
    let code = ReasonCode::NOT_AUTHORIZED;
    let reason = Reason::new(code, Some(words));
    let refusal = Refusal { reason, version: MqttVersion::V5, server_reference: None };
    let step = Step::Connect(Endpoint::new("example.org", 1883));
    Failure::new(step, MqttCause::Refused(Box::new(refusal)), Hint::Reason(code))
}

/// A certificate for three thousand other names.
fn many_names() -> Failure {
    let names = (0..3_000).map(|number| format!("broker-{number}.example.org")).collect();
    let cause = TlsCause::OtherName { name: "example.org".to_owned(), names };
    Failure::new(Step::TlsHandshake(Endpoint::new("example.org", 8883)), cause, Hint::CertificateName)
}

fn banner_of(failure: Failure, size: Vec2) -> Harness<'static, Stage<Banner>> {
    let mut stage = Stage::new(Banner);
    stage.status.failure = Some(failure);
    let mut harness = stage_of(stage, size, Theme::Dark);
    harness.run_steps(3);
    harness
}

/// Total length of all texts laid out for the last frame, in bytes.
fn laid_out<S>(harness: &Harness<'_, S>) -> usize {
    fn of(shape: &Shape) -> usize {
        match shape {
            Shape::Text(text) => text.galley.text().len(),
            Shape::Vec(shapes) => shapes.iter().map(of).sum(),
            _ => 0,
        }
    }
    harness.output().shapes.iter().map(|clipped| of(&clipped.shape)).sum()
}

fn whole(actions: &[Action]) -> Option<(&str, &str)> {
    actions.iter().find_map(|action| match action {
        Action::ShowWhole { title, text } => Some((title.as_str(), text.as_str())),
        _ => None,
    })
}

#[test]
fn the_banner_shows_three_hundred_characters_and_its_buttons_however_long_a_reason_is() {
    let line = "x".repeat(65_000);
    let lines = "x\n".repeat(32_500);
    let tags = "\u{E0041}".repeat(15_000);
    for failure in [refused(&line), refused(&lines), refused(&tags), many_names()] {
        for size in [vec2(640.0, 400.0), vec2(1_280.0, 800.0)] {
            let mut harness = banner_of(failure.clone(), size);
            assert!(laid_out(&harness) < LAID_OUT_MAX, "{} bytes", laid_out(&harness));
            for button in ["Find out why", "Edit connection", "Show all"] {
                let rect = harness.get_by_label(button).rect();
                assert!(rect.bottom() < size.y && rect.right() < size.x, "{button}: {rect:?} in {size:?}");
            }
            harness.get_by_label("Show all").click();
            harness.run_steps(2);
            let (title, text) = whole(&harness.state().actions).unwrap();
            assert!(title.len() < 400 && text.len() > 32_000, "{title:?}, {} bytes", text.len());
        }
    }
}

#[test]
fn a_short_reason_stands_whole_in_the_banner() {
    let harness = banner_of(refused("we moved"), vec2(640.0, 400.0));
    harness.get_by_label_contains("(we moved)");
    assert!(harness.query_by_label("Show all").is_none());
}

/// A text shown whole, and the actions that were pushed.
struct Shown {
    view: Option<WholeTextView>,
    actions: Vec<Action>,
}

#[test]
fn a_text_shown_whole_lays_out_only_the_lines_that_show_and_is_copied_whole() {
    let names: Vec<_> = (0..3_000).map(|number| format!("broker-{number}.example.org")).collect();
    let text = names.join(
        "
",
    );
    let state =
        Shown { view: Some(WholeTextView::new("TLS failed".to_owned(), text.clone())), actions: Vec::new() };
    let show = |ctx: &Context, state: &mut Shown| {
        let mut actions = Actions::default();
        if state.view.as_mut().is_some_and(|view| view.show(ctx, &mut actions)) {
            state.view = None;
        }
        state.actions.extend(actions.take());
    };
    let mut harness = Harness::builder()
        .with_size(vec2(1_024.0, 640.0))
        .with_context_setup(theme::install)
        .build_ui_state(move |ui, state: &mut Shown| show(ui.ctx(), state), state);
    until(&mut harness, "the text", |harness| {
        let label = harness.query_by_label("Whole text");
        label.is_some_and(|node| {
            node.accesskit_node().value().is_some_and(|value| value.starts_with("broker-0"))
        })
    });
    assert!(laid_out(&harness) < LAID_OUT_MAX, "{} bytes", laid_out(&harness));
    harness.get_by_label("Copy all").click();
    harness.run_steps(2);
    let copied = harness
        .state()
        .actions
        .iter()
        .any(|action| matches!(action, Action::Copy { text: copied, .. } if *copied == text));
    assert!(copied);
    harness.get_by_label("Close").click();
    harness.run_steps(2);
    assert!(harness.state().view.is_none());
}

#[test]
fn a_notice_with_a_brokers_text_is_bounded_too() {
    let mut notices = Notices::default();
    notices.push(Notice::error(format!("Not published\n{}", "x".repeat(65_000))), 0.0);
    let show = |ctx: &Context, (notices, kept): &mut (Notices, Vec<Action>)| {
        let mut actions = Actions::default();
        notices.show(ctx, &mut actions);
        kept.extend(actions.take());
    };
    let mut harness =
        Harness::builder().with_size(vec2(640.0, 400.0)).with_context_setup(theme::install).build_ui_state(
            move |ui, state: &mut (Notices, Vec<Action>)| show(ui.ctx(), state),
            (notices, vec![]),
        );
    harness.run_steps(4);
    assert!(laid_out(&harness) < LAID_OUT_MAX, "{} bytes", laid_out(&harness));
    harness.get_by_label("Show all").click();
    harness.run_steps(2);
    assert_eq!(whole(&harness.state().1).map(|(title, _)| title), Some("Not published"));
}

#[test]
fn a_connection_test_lays_out_the_beginning_of_what_a_broker_says() {
    let failed = |failure| TakenStep::failed(&failure, Duration::from_millis(3));
    let steps = vec![failed(refused(&"x".repeat(65_000))), failed(many_names())];
    let builder = Harness::builder().with_size(vec2(480.0, 560.0)).with_context_setup(theme::install);
    let mut harness = View::new(steps, true).harness(builder);
    harness.run_steps(4);
    assert!(laid_out(&harness) < LAID_OUT_MAX, "{} bytes", laid_out(&harness));
    harness.get_all_by_label("Show all").next().unwrap().click();
    harness.run_steps(2);
    assert!(whole(&harness.state().actions).unwrap().1.len() > 65_000);
}

//! Requests of the publish panel, and the links between request and response in the inspector.

use std::sync::Arc;
use std::time::{Duration, Instant};

use eframe::egui::accesskit::Role;
use eframe::egui::{Theme, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use egui_kittest::{Harness, SnapshotResults};
use mqttree::automation::{ArrivedMessage, RequestPhase, RequestState, Response};
use mqttree::command::{Action, Outgoing, PublishAction, RequestOrder, TopicAction};
use mqttree::message::{Flags, MessageRef, Payload, PublishProperties, Timestamp};
use mqttree::model::MessageId;
use mqttree::mqtt::options::MqttVersion;
use mqttree::panels::PanelView;
use mqttree::panels::inspector::InspectorView;
use mqttree::panels::publish::PublishView;
use mqttree::panels::scene::RequestRow;
use mqttree::session::status::{ConnectionState, Security};
use mqttree::store::drafts::KeptDrafts;
use mqttree::words::Language;

use crate::harness::{NOW, Stage, speak_chinese, stage, stage_of};
use crate::snapshots::picture;

type Panel = Harness<'static, Stage<PublishView>>;

const EXPECT: &str = "Expect response";

fn connected(version: MqttVersion) -> Stage<PublishView> {
    let mut stage = Stage::new(PublishView::default());
    stage.status.state =
        ConnectionState::Connected { since: Instant::now(), version, security: Security::Plain };
    let topic = "panel/get".to_owned();
    stage.panel.compose(Outgoing { topic, payload: "state".into(), ..Outgoing::default() });
    stage
}

fn click(harness: &mut Panel, label: &str) {
    harness.get_by_label(label).click();
    harness.run();
}

fn value(harness: &Panel, field: &str) -> String {
    harness.get_by_label(field).value().unwrap_or_default()
}

fn orders(harness: &Panel) -> Vec<RequestOrder> {
    let orders = harness.state().actions.iter().filter_map(|action| match action {
        Action::Publish(PublishAction::Request(order)) => Some((**order).clone()),
        _ => None,
    });
    orders.collect()
}

fn receive<P: PanelView>(
    stage: &mut Stage<P>,
    topic: &str,
    payload: &str,
    (answers_to, data): (Option<&str>, &str),
    at: Timestamp,
) -> MessageId {
    let properties = Arc::new(PublishProperties {
        response_topic: answers_to.map(str::to_owned),
        correlation_data: Some(data.as_bytes().to_vec()),
        ..PublishProperties::default()
    });
    let message = arrived(topic, payload, &properties, at);
    let node = stage.model.apply(message).unwrap();
    stage.model.roll_up(NOW);
    stage.model.history(node).next().unwrap().id()
}

fn arrived<'a>(
    topic: &'a str,
    payload: &'a str,
    properties: &'a Arc<PublishProperties>,
    arrived: Timestamp,
) -> MessageRef<'a> {
    let payload = Payload::Small(payload.as_bytes());
    MessageRef {
        topic: topic.as_bytes(),
        payload,
        flags: Flags::default(),
        properties: Some(properties),
        arrived,
    }
}

fn row(phase: RequestPhase, others: u64) -> RequestRow {
    RequestRow { id: 1, within: Duration::from_secs(5), state: RequestState { phase, others } }
}

fn answered(payload: &str, data: &str, is_correlated: bool) -> RequestPhase {
    let correlation_data = Some(data.as_bytes().to_vec());
    let properties = Arc::new(PublishProperties { correlation_data, ..PublishProperties::default() });
    let message = ArrivedMessage::from(arrived("answers/panel", payload, &properties, NOW));
    let took = Duration::from_micros(12_300);
    RequestPhase::Answered(Box::new(Response { message, took, is_correlated }))
}

#[test]
fn the_switch_fills_in_what_a_request_needs_and_takes_it_back() {
    let mut harness = stage(connected(MqttVersion::V5));
    click(&mut harness, EXPECT);
    let (topic, data) = (value(&harness, "Response topic"), value(&harness, "Correlation data"));
    assert!(topic.starts_with("mqttree/response/") && data.starts_with("0x"), "{topic} {data}");
    assert_eq!(value(&harness, "Wait (s)"), "5");
    click(&mut harness, "Publish");
    let order = orders(&harness).pop().unwrap();
    assert_eq!((order.message.topic.as_str(), order.within), ("panel/get", Duration::from_secs(5)));
    assert_eq!(order.message.properties.response_topic.as_deref(), Some(topic.as_str()));
    assert_eq!(order.message.properties.correlation_data.unwrap().len(), 8);
    harness.state_mut().panel.asked(order.draft, 1);
    harness.run();
    assert_ne!(value(&harness, "Correlation data"), data, "the next request has data of its own");
    click(&mut harness, EXPECT);
    assert_eq!((value(&harness, "Response topic"), value(&harness, "Correlation data")), Default::default());
    assert!(harness.query_by_label("Wait (s)").is_none());
    click(&mut harness, "Publish");
    assert_eq!(orders(&harness).len(), 1, "it is a message again");
}

#[test]
fn what_is_wrong_with_a_request_is_said_and_nothing_is_sent() {
    let mut harness = stage(connected(MqttVersion::V5));
    click(&mut harness, EXPECT);
    harness.get_by_label("Wait (s)").focus();
    harness.run();
    harness.get_by_label("Wait (s)").type_text("x");
    harness.run();
    assert!(harness.query_by_label_contains("The time to wait is a number of seconds").is_some());
    assert!(harness.get_by_role_and_label(Role::Button, "Publish").accesskit_node().is_disabled());
    assert!(orders(&harness).is_empty());
}

#[test]
fn mqtt_3_has_no_requests_and_says_what_to_do_instead() {
    let mut harness = stage(connected(MqttVersion::V3_1_1));
    harness.run();
    assert!(harness.get_by_label(EXPECT).accesskit_node().is_disabled());
    harness.get_by_label(EXPECT).hover();
    harness.run_steps(60);
    assert!(harness.query_by_label_contains("MQTT 3 has no response topic").is_some());
}

#[test]
fn the_draft_shows_the_response_with_its_time_and_leads_to_it() {
    let mut stage_ = connected(MqttVersion::V5);
    let kept = stage_.panel.take_changed().unwrap();
    stage_.panel = PublishView::default();
    let mut drafts = kept.drafts;
    drafts[0].expects_response = true;
    stage_.panel.restore(KeptDrafts { drafts, current: 0 });
    stage_.panel.asked(1, 1);
    stage_.requests = vec![row(RequestPhase::Waiting, 0)];
    let mut harness = stage(stage_);
    harness.run();
    assert_eq!(value(&harness, "Response"), "Waiting for the response, 5.00 s at most");
    click(&mut harness, "Stop waiting");
    let stops = |action: &Action| matches!(action, Action::Publish(PublishAction::StopRequest(1)));
    assert!(harness.state().actions.iter().any(stops));

    for (phase, others, expected) in [
        (RequestPhase::TimedOut, 2, "No response within 5.00 s; 2 for others"),
        (answered("21.5", "7", true), 0, "Response after 12 ms\n21.5"),
    ] {
        harness.state_mut().requests = vec![row(phase, others)];
        harness.run();
        assert_eq!(value(&harness, "Response"), expected);
    }
    assert!(harness.get_by_label("Show response").accesskit_node().is_disabled(), "it is not in the tree");
    let id = receive(harness.state_mut(), "answers/panel", "21.5", (None, "7"), NOW);
    receive(harness.state_mut(), "answers/panel", "21.5", (None, "8"), NOW);
    harness.run();
    click(&mut harness, "Show response");
    let leads =
        |action: &Action| matches!(action, Action::Topic(TopicAction::Inspect(Some(to))) if *to == id);
    assert!(harness.state().actions.iter().any(leads));
    click(&mut harness, "Dismiss response");
    assert!(harness.query_by_label("Response").is_none());
}

#[test]
fn the_inspector_leads_from_a_request_to_its_responses_and_back() {
    let mut stage_ = Stage::new(InspectorView::default());
    let at = |ms: i64| Timestamp(NOW.0 - 1_000_000 + ms * 1_000);
    let request = receive(&mut stage_, "panel/get", "state", (Some("answers/panel"), "7"), at(0));
    receive(&mut stage_, "answers/panel", "other", (None, "8"), at(1));
    stage_.selected = Some(request.node());
    let mut harness = stage_of(stage_, vec2(460.0, 700.0), Theme::Dark);
    harness.run_steps(4);
    assert!(harness.query_by_label("none yet").is_some());
    let response = receive(harness.state_mut(), "answers/panel", "21.5", (None, "7"), at(12));
    harness.run_steps(4);
    harness.get_by_role_and_label(Role::Link, "11:59:59.012, after 12 ms").click();
    harness.run_steps(2);
    let leads_to = |harness: &Harness<'_, Stage<InspectorView>>, id: MessageId| {
        let leads =
            |action: &Action| matches!(action, Action::Topic(TopicAction::Inspect(Some(to))) if *to == id);
        harness.state().actions.iter().any(leads)
    };
    assert!(leads_to(&harness, response));
    // As the window does: the message is chosen, although its topic is another one.
    harness.state_mut().selected = Some(response.node());
    harness.state_mut().panel.inspect(Some(response));
    receive(harness.state_mut(), "answers/panel", "later", (None, "9"), at(20));
    harness.run_steps(4);
    assert_eq!(harness.get_by_label("Payload").value().as_deref(), Some("21.5"));
    harness.get_by_role_and_label(Role::Link, "panel/get, 12 ms before").click();
    harness.run_steps(2);
    assert!(leads_to(&harness, request));
}

#[test]
fn it_looks_right_in_both_themes_and_in_chinese() {
    let mut results = SnapshotResults::new();
    for (theme, language, look) in [
        (Theme::Dark, Language::English, "dark"),
        (Theme::Light, Language::English, "light"),
        (Theme::Dark, Language::Chinese, "chinese"),
    ] {
        let mut stage = connected(MqttVersion::V5);
        let properties = PublishProperties {
            response_topic: Some("answers/panel".to_owned()),
            correlation_data: Some(b"7".to_vec()),
            ..PublishProperties::default()
        };
        let (topic, payload) = ("panel/get".to_owned(), "{\"want\": \"state\"}".into());
        stage.panel.compose(Outgoing { topic, payload, properties, ..Outgoing::default() });
        stage.panel.asked(0, 1);
        stage.requests = vec![row(answered("{\"state\": \"ON\", \"temp\": 21.5}", "7", true), 0)];
        stage.language = language;
        let builder = Harness::builder().with_size(vec2(900.0, 300.0)).with_theme(theme);
        let builder = builder.with_context_setup(move |ctx| {
            mqttree::ui::theme::install(ctx);
            if language == Language::Chinese {
                speak_chinese(ctx);
            }
        });
        let mut harness = builder.build_ui_state(|ui, stage: &mut Stage<PublishView>| stage.frame(ui), stage);
        harness.run_steps(4);
        let switch = if language == Language::Chinese { "等待响应" } else { EXPECT };
        harness.get_by_label(switch).click();
        harness.run_steps(4);
        picture(&mut results, &mut harness, &format!("publish-response-{look}"));
    }
}

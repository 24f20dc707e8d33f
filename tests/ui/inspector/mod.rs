//! What a person sees and does in the inspector.

mod changing;
mod chinese;
mod comparing;
mod decoders;
mod find;
mod header;
mod history;
mod linked;
mod looks;
mod payload;
mod picture;
mod pictures;
mod query;
mod readings;
mod selection;
mod shape;
mod table;

use bytes::Bytes;
use eframe::egui::accesskit::Role;
use eframe::egui::{Theme, Vec2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use mqttree::command::{Action, Actions, Command, TopicAction};
use mqttree::message::{Flags, MessageRef, Payload, PublishProperties, Timestamp};
use mqttree::panels::inspector::{self, InspectorView};

use crate::harness::{NOW, Stage, stage_of};

type Window = Harness<'static, Stage<InspectorView>>;

const SIZE: Vec2 = vec2(460.0, 700.0);

thread_local! {
    /// What would stand in the profile.
    static KEPT: std::cell::RefCell<Vec<mqttree::store::profiles::TopicLook>> = const { std::cell::RefCell::new(Vec::new()) };
}

/// Adds a message to the model, received `seconds` before the present.
fn receive(stage: &mut Stage<InspectorView>, topic: &str, payload: &[u8], seconds: f64) {
    receive_with(stage, topic, payload, seconds, Flags::default(), None);
}

fn receive_bytes(stage: &mut Stage<InspectorView>, topic: &[u8], payload: &[u8], seconds: f64) {
    take_in(stage, topic, payload, seconds, Flags::default(), None);
}

fn receive_with(
    stage: &mut Stage<InspectorView>,
    topic: &str,
    payload: &[u8],
    seconds: f64,
    flags: Flags,
    properties: Option<PublishProperties>,
) {
    take_in(stage, topic.as_bytes(), payload, seconds, flags, properties);
}

fn take_in(
    stage: &mut Stage<InspectorView>,
    topic: &[u8],
    payload: &[u8],
    seconds: f64,
    flags: Flags,
    properties: Option<PublishProperties>,
) {
    let properties = properties.map(std::sync::Arc::new);
    let large = Bytes::copy_from_slice(payload);
    let is_large = payload.len() >= mqttree::message::LARGE_PAYLOAD_BYTES;
    let message = MessageRef {
        topic,
        payload: if is_large { Payload::Large(&large) } else { Payload::Small(payload) },
        flags,
        properties: properties.as_ref(),
        arrived: Timestamp(NOW.0 - (seconds * 1e6) as i64),
    };
    stage.model.apply(message).unwrap();
    stage.model.roll_up(NOW);
}

fn select(stage: &mut Stage<InspectorView>, topic: &str) {
    stage.selected = Some(stage.model.find(topic.as_bytes()).unwrap());
}

fn window(prepare: impl FnOnce(&mut Stage<InspectorView>)) -> Window {
    window_of(SIZE, Theme::Dark, prepare)
}

fn window_of(size: Vec2, theme: Theme, prepare: impl FnOnce(&mut Stage<InspectorView>)) -> Window {
    let mut stage = Stage::new(InspectorView::default());
    prepare(&mut stage);
    let mut window = stage_of(stage, size, theme);
    settle(&mut window);
    window
}

/// Draws until nothing changes, carrying out the actions meant for the program. Returns the others.
fn settle(window: &mut Window) -> Vec<Action> {
    let mut rest = Vec::new();
    for _ in 0..4 {
        window.run_steps(2);
        rest.extend(perform(window));
    }
    rest
}

fn perform(window: &mut Window) -> Vec<Action> {
    let mut rest = Vec::new();
    let stage = window.state_mut();
    for action in std::mem::take(&mut stage.actions) {
        match action {
            Action::Topic(TopicAction::Inspect(message)) => stage.panel.inspect(message),
            Action::Topic(TopicAction::CompareWithMessage { id, arrived }) => {
                stage.panel.compare_with_message(id, arrived);
            }
            Action::Topic(TopicAction::CompareWith(node)) => stage.panel.compare_with(node),
            Action::Topic(TopicAction::Select(node)) => stage.selected = Some(node),
            Action::Run(command) => {
                let mut actions = Actions::default();
                let node = stage.selected.unwrap();
                match command {
                    Command::CopyTopic => inspector::copy_topic(node, &stage.model, &mut actions),
                    Command::CopyPayload => stage.panel.copy_payload(node, &mut actions),
                    Command::SavePayload => stage.panel.save_payload(node, &mut actions),
                    Command::Settings => actions.run(Command::Settings),
                    other => unreachable!("{other:?}"),
                }
                rest.extend(actions.take());
            }
            // Kept with a profile, of which there is none here; `looks` looks at it.
            Action::Topic(TopicAction::KeepLook(look)) => KEPT.with_borrow_mut(|kept| look.keep_in(kept)),
            other => rest.push(other),
        }
    }
    rest
}

fn click(window: &mut Window, role: Role, label: &str) -> Vec<Action> {
    window.get_by_role_and_label(role, label).click();
    settle(window)
}

fn value(window: &Window, label: &str) -> String {
    window.get_by_label(label).value().unwrap_or_default()
}

fn payload(window: &Window) -> String {
    value(window, "Payload")
}

fn says(window: &Window, text: &str) -> bool {
    window.query_all_by_value(text).next().is_some()
}

fn is_chosen(window: &Window, tab: &str) -> bool {
    let node = window.get_by_role_and_label(Role::Tab, tab);
    node.accesskit_node().is_selected() == Some(true)
}

fn history_rows(window: &Window) -> Vec<String> {
    let rows = window.query_all_by_role(Role::Row);
    rows.map(|row| row.accesskit_node().label().unwrap_or_default()).collect()
}

fn history_title(window: &Window) -> String {
    let title = window.query_all_by_label_contains("message").next().unwrap();
    title.value().or_else(|| title.accesskit_node().label()).unwrap_or_default()
}

const MACHINE: &str = "plant/hall-2/machine-17/state";
const STATE: &[u8] =
    br#"{"temperature":21.50,"on":true,"big":12345678901234567890,"sensors":[{"id":1},{"id":2}],"unit":"C"}"#;

fn replaced(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    String::from_utf8_lossy(bytes).replace(from, to).into_bytes()
}

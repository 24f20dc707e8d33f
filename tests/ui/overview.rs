//! The overview, shown while no topic is selected.

use eframe::egui::accesskit::Role;
use eframe::egui::{Theme, Vec2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use mqttree::command::{Action, SubscriptionAction, TopicAction};
use mqttree::message::{Flags, MessageRef, Payload, Timestamp};
use mqttree::panels::overview::OverviewView;
use mqttree::words::Language;

use crate::harness::{NOW, Stage, stage_of, until};

type Window = Harness<'static, Stage<OverviewView>>;

const SIZE: Vec2 = vec2(460.0, 700.0);

fn take(stage: &mut Stage<OverviewView>, topic: &str, payload: &[u8], retain: bool, seconds_ago: f64) {
    let arrived = Timestamp(NOW.0 - (seconds_ago * 1e6) as i64);
    let flags = Flags { retain, ..Flags::default() };
    let payload = Payload::Small(payload);
    let topic = topic.as_bytes();
    stage.model.apply(MessageRef { topic, payload, flags, properties: None, arrived }).unwrap();
    stage.model.roll_up(arrived);
}

/// A hall with a busy machine, a machine that has stopped, and a broker that reports about itself.
fn hall() -> Stage<OverviewView> {
    let mut stage = Stage::new(OverviewView::default());
    for second in 0..20 {
        take(&mut stage, "hall/machine-7/state", b"{\"on\":true}", false, 120.0 - f64::from(second));
    }
    take(&mut stage, "hall/camera", &[b'x'; 4_200], true, 60.0);
    take(&mut stage, "$SYS/broker/version", b"mosquitto version 2.0.18", true, 50.0);
    take(&mut stage, "$SYS/broker/uptime", b"1204 seconds", false, 50.0);
    take(&mut stage, "$SYS/broker/clients/connected", b"12", false, 50.0);
    for step in 0..60 {
        take(&mut stage, "hall/machine-1/temperature", b"42.5", false, 6.0 - f64::from(step) * 0.1);
    }
    stage
}

fn window(stage: Stage<OverviewView>, theme: Theme) -> Window {
    let mut window = stage_of(stage, SIZE, theme);
    until(&mut window, "the survey", |window| window.query_by_label("Nothing has arrived yet").is_none());
    window.run_steps(2);
    window
}

fn entries(window: &Window) -> Vec<String> {
    window.query_all_by_role(Role::Link).filter_map(|node| node.accesskit_node().label()).collect()
}

#[test]
fn it_names_what_stands_out() {
    let window = window(hall(), Theme::Dark);
    let entries = entries(&window);
    let has = |text: &str| entries.iter().any(|entry| entry.starts_with(text));
    assert!(has("hall/machine-1/temperature, "), "{entries:?}");
    assert!(has("hall/camera, 4.2 kB"), "{entries:?}");
    assert!(has("hall/machine-7/state, 1 m ago, every 1.0 s before"), "{entries:?}");
    for fact in ["Version, mosquitto version 2.0.18", "Running for, 20 m 4 s", "Clients connected, 12"] {
        assert!(has(fact), "{fact}: {entries:?}");
    }
    window.get_by_label("known to be retained");
}

#[test]
fn an_entry_leads_to_its_topic() {
    let mut window = window(hall(), Theme::Dark);
    let camera = window.state().model.find(b"hall/camera").unwrap();
    window.get_by_role_and_label(Role::Link, "hall/camera, 4.2 kB").click();
    window.run_steps(2);
    let selected = window.state().actions.iter().find_map(|action| match action {
        Action::Topic(TopicAction::Select(node)) => Some(*node),
        _ => None,
    });
    assert_eq!(selected, Some(camera));
}

#[test]
fn where_the_broker_is_silent_it_offers_to_ask() {
    let mut stage = Stage::new(OverviewView::default());
    take(&mut stage, "a", b"1", false, 1.0);
    let mut window = window(stage, Theme::Dark);
    window.get_by_role_and_label(Role::Button, "Subscribe to $SYS/#").click();
    window.run_steps(2);
    let asked = window.state().actions.iter().any(|action| {
        matches!(action, Action::Subscription(SubscriptionAction::Add(asked)) if asked.filter == "$SYS/#")
    });
    assert!(asked);
}

#[test]
fn before_the_first_message_it_says_that_there_is_none() {
    let stage = Stage::new(OverviewView::default());
    let mut window = stage_of(stage, SIZE, Theme::Dark);
    window.run_steps(2);
    window.get_by_label("Nothing has arrived yet");
}

#[test]
fn a_hundred_thousand_topics_are_looked_at_in_portions() {
    let mut stage = Stage::new(OverviewView::default());
    for index in 0..100_000 {
        let topic = format!("t/{}/{index}", index % 100);
        let (payload, arrived) = (Payload::Small(b"1"), NOW);
        let (topic, flags) = (topic.as_bytes(), Flags::default());
        stage.model.apply(MessageRef { topic, payload, flags, properties: None, arrived }).unwrap();
    }
    while stage.model.roll_up(NOW) {}
    let mut window = stage_of(stage, SIZE, Theme::Dark);
    window.run_steps(2);
    assert!(window.query_by_label("Nothing has arrived yet").is_some(), "it does not look at all at once");
    until(&mut window, "the survey", |window| window.query_all_by_label("100,000").next().is_some());
}

#[test]
fn it_speaks_chinese() {
    let mut stage = hall();
    stage.language = Language::Chinese;
    let mut window = stage_of(stage, SIZE, Theme::Light);
    window.run_steps(4);
    let data = [
        "$SYS/broker/clients/connected",
        "$SYS/broker/uptime",
        "$SYS/broker/version",
        "hall/camera",
        "hall/machine-1/temperature",
        "hall/machine-7/state",
        "mosquitto version 2.0.18",
        "kB",
        "B",
    ];
    crate::chinese::check(&mut window, "overview", &data);
}

#[test]
fn the_overview() {
    let mut results = egui_kittest::SnapshotResults::new();
    for (theme, name) in [(Theme::Dark, "overview-dark"), (Theme::Light, "overview-light")] {
        let mut window = window(hall(), theme);
        results.add(window.try_snapshot(name));
    }
}

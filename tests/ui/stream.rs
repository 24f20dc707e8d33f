//! The stream: messages in order of arrival, filtered and marked.

use eframe::egui::{Key, Modifiers, accesskit::Role, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use mqttree::command::{Action, TopicAction};
use mqttree::message::Timestamp;
use mqttree::panels::stream::StreamView;
use mqttree::session::connection_log::LogEvent;

use crate::harness::{NOW, Stage, stage, stage_of, wheel};
use crate::snapshots::pictures;

fn at(seconds: i64) -> Timestamp {
    Timestamp(NOW.0 + seconds * 1_000_000)
}

fn tall(stage: Stage<StreamView>) -> Harness<'static, Stage<StreamView>> {
    stage_of(stage, vec2(1_100.0, 520.0), eframe::egui::Theme::Dark)
}

/// A minute of a hall: a temperature each second, and a state now and then.
fn hall() -> Stage<StreamView> {
    let mut stage = Stage::new(StreamView::default());
    for second in 0..60 {
        let value = 20 + second % 15;
        stage.receive("hall/left/temperature", format!(r#"{{"t":{value}}}"#).as_bytes(), at(second));
        if second % 10 == 0 {
            stage.receive("hall/right/state", format!("running {second}").as_bytes(), at(second));
        }
    }
    stage.now = at(60);
    stage
}

fn add(harness: &mut Harness<'static, Stage<StreamView>>, kind: &str, how: &str, text: &str) {
    harness.get_by_label("Filter").click();
    harness.run_steps(3);
    harness.get_all_by_label(kind).last().unwrap().click();
    harness.run_steps(3);
    harness.get_by_label(how).click();
    harness.run_steps(2);
    if !text.is_empty() {
        harness.get_by_label("Filter text").focus();
        harness.run_steps(2);
        harness.get_by_label("Filter text").type_text(text);
        harness.run_steps(2);
    }
    harness.get_by_label("Add filter").click();
    harness.run_steps(3);
}

fn lines(harness: &Harness<'static, Stage<StreamView>>) -> Vec<String> {
    let items = harness.get_all_by_role(Role::ListItem);
    items.map(|item| item.accesskit_node().label().unwrap_or_default()).collect()
}

#[test]
fn messages_show_in_order_of_arrival_and_follow_the_newest() {
    let mut harness = tall(hall());
    harness.run_steps(3);
    harness.get_by_label("66 messages");
    assert_eq!(lines(&harness).last().unwrap(), r#"hall/left/temperature: {"t":34}"#);
    harness.state_mut().receive("hall/new", b"1", at(61));
    harness.run_steps(3);
    assert_eq!(lines(&harness).last().unwrap(), "hall/new: 1");
}

#[test]
fn scrolling_up_stops_following_and_one_key_returns() {
    let mut harness = tall(hall());
    harness.run_steps(3);
    wheel(&mut harness, pos2(300.0, 300.0), 600.0, Modifiers::NONE);
    for second in 61..64 {
        harness.state_mut().receive("hall/new", second.to_string().as_bytes(), at(second));
    }
    harness.run_steps(3);
    assert!(harness.query_by_label("hall/new: 63").is_none());
    harness.get_by_label("Go to end · 3 new");
    harness.get_by_role_and_label(Role::List, "Stream lines").focus();
    harness.run_steps(2);
    harness.key_press(Key::End);
    harness.run_steps(3);
    harness.get_by_label("hall/new: 63");
    assert!(harness.query_by_label_contains("Go to end").is_none());
}

#[test]
fn all_chips_must_hold_and_can_be_turned_around() {
    let mut harness = tall(hall());
    harness.run_steps(3);
    add(&mut harness, "Topic filter", "Include", "hall/left/#");
    harness.get_by_label("60 of 66");
    add(&mut harness, "Condition", "Include", ".t > 32");
    // 33 and 34 come four times each within a minute.
    harness.get_by_label("8 of 66");
    add(&mut harness, "Text", "Exclude", "34");
    harness.get_by_label("4 of 66");
    harness.get_by_label("not “34”").click();
    harness.run_steps(3);
    harness.get_by_label("Remove filter").click();
    harness.run_steps(3);
    harness.get_by_label("8 of 66");
}

#[test]
fn a_wrong_filter_says_why_and_is_not_added() {
    let mut harness = tall(hall());
    harness.run_steps(3);
    add(&mut harness, "Regular expression", "Include", "(");
    assert!(harness.query_by_label("/(/").is_none());
    harness.get_by_label("66 messages");
}

#[test]
fn marks_survive_filters() {
    let mut harness = tall(hall());
    harness.run_steps(3);
    harness.get_by_label("hall/right/state: running 50").click();
    harness.run_steps(2);
    harness.key_press(Key::M);
    harness.run_steps(2);
    harness.get_by_label("hall/right/state: running 50, marked");
    add(&mut harness, "Topic filter", "Include", "hall/left/#");
    harness.get_by_label("hall/right/state: running 50, marked");
    harness.get_by_role_and_label(Role::ComboBox, "Lines shown").click();
    harness.run_steps(3);
    harness.get_by_label("Only marks").click();
    harness.run_steps(3);
    assert_eq!(lines(&harness), ["hall/right/state: running 50, marked"]);
}

#[test]
fn from_here_hides_what_was_before_and_gives_it_back() {
    let mut harness = tall(hall());
    harness.run_steps(3);
    harness.get_by_label("From here").click();
    harness.run_steps(3);
    harness.get_by_label("Nothing since then");
    harness.state_mut().receive("hall/new", b"1", at(61));
    harness.run_steps(3);
    assert_eq!(lines(&harness), ["hall/new: 1"]);
    harness.get_by_label("Show 66 earlier").click();
    harness.run_steps(3);
    harness.get_by_label("67 messages");
}

#[test]
fn a_selected_line_is_inspected() {
    let mut harness = tall(hall());
    harness.run_steps(3);
    harness.get_by_label("hall/right/state: running 50").click();
    harness.run_steps(2);
    let actions = &harness.state().actions;
    let is_shown = |action: &Action| matches!(action, Action::Topic(TopicAction::Inspect(Some(_))));
    assert!(actions.iter().any(is_shown), "{actions:?}");
}

#[test]
fn a_lost_connection_is_a_line_between_the_messages() {
    let mut stage_ = hall();
    stage_.status.log(
        at(-1),
        LogEvent::Recorded(mqttree::recording::RecordedEvent::Connected {
            url: String::new(),
            version: String::new(),
            client_id: String::new(),
            session_present: false,
        }),
    );
    stage_.status.log(at(55), LogEvent::Recorded(mqttree::recording::RecordedEvent::Disconnected));
    let mut harness = stage(stage_);
    harness.run_steps(3);
    let all = lines(&harness);
    let place = all.iter().position(|line| line.starts_with("no connection since")).unwrap();
    assert_eq!(all[place - 1], r#"hall/left/temperature: {"t":30}"#);
}

#[test]
fn only_a_subtree_is_listed_on_request() {
    let mut stage_ = hall();
    let node = stage_.model.find(b"hall/right").unwrap();
    stage_.panel.show_below(Some(node));
    let mut harness = stage(stage_);
    harness.run_steps(3);
    harness.get_by_label("6 of 66");
}

#[test]
fn a_million_messages_show_their_first_page_at_once() {
    let mut stage_ = Stage::new(StreamView::default());
    let count = if cfg!(debug_assertions) { 200_000 } else { 1_000_000 };
    for number in 0..count {
        let topic = format!("flood/{}", number % 1_000);
        let flags = mqttree::message::Flags::default();
        let payload = mqttree::message::Payload::Small(b"{\"value\":1}");
        let arrived = Timestamp(NOW.0 + number);
        let message = mqttree::message::MessageRef {
            topic: topic.as_bytes(),
            payload,
            flags,
            properties: None,
            arrived,
        };
        stage_.model.apply(message).unwrap();
    }
    while stage_.model.roll_up(NOW) {}
    let mut harness = stage_of(stage_, vec2(1_000.0, 260.0), eframe::egui::Theme::Dark);
    harness.run_steps(1);
    assert!(lines(&harness).len() > 5, "the newest page is there in the first frame");
    for _ in 0..10_000 {
        if harness
            .query_by_label(&format!("{} messages", mqttree::words::format::count(count as u64)))
            .is_some()
        {
            return;
        }
        harness.step();
    }
    panic!("the rest never came");
}

#[test]
fn pictures_of_the_stream() {
    pictures("stream", vec2(1_000.0, 300.0), || {
        let mut stage = hall();
        let node = stage.model.find(b"hall/right/state").unwrap();
        let marked = stage.model.history(node).next().unwrap().id();
        stage.panel.mark(marked);
        stage.panel.add_filter(mqttree::query::Criterion {
            wanted: mqttree::query::Wanted::Topic("hall/left/#".to_owned()),
            is_excluding: false,
            is_on: true,
        });
        stage.panel.add_filter(mqttree::query::Criterion {
            wanted: mqttree::query::Wanted::Text("33".to_owned()),
            is_excluding: true,
            is_on: true,
        });
        stage
    });
}

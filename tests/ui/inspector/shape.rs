//! What was learned of a topic's messages, and what departs from it.

use std::time::{Duration, Instant};

use eframe::egui::accesskit::Role;
use eframe::egui::{Event, Modifiers, PointerButton, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use mqttree::command::Action;
use mqttree::payload::schema::SchemaFiles;
use mqttree::query::{Rule, Rules};

use crate::harness::await_frame;

use super::{Window, click, receive, select, settle, window};

/// A topic whose newest message is different from the twenty before it.
fn departed() -> Window {
    let mut window = window(|stage| {
        for n in 0..20 {
            receive(
                stage,
                "s",
                format!(r#"{{"temperature":{n},"on":true}}"#).as_bytes(),
                30.0 - f64::from(n),
            );
        }
        receive(stage, "s", br#"{"temperature":"warm","on":true}"#, 3.0);
        select(stage, "s");
    });
    await_departure(&mut window);
    window
}

/// Waits until the departure is said.
pub fn await_departure(window: &mut Window) {
    let begun = Instant::now();
    while window.query_by_value(WHY).is_none() && window.query_by_label(WHY).is_none() {
        assert!(begun.elapsed() < Duration::from_mins(1), "nothing is said");
        await_frame(window);
        settle(window);
    }
}

const WHY: &str = "temperature was a number in 20 messages, now text";

#[test]
fn a_message_that_departs_from_those_before_it_is_marked_and_says_how() {
    let window = departed();
    let said = window.get_all_by_role(Role::Row).filter_map(|row| row.accesskit_node().description());
    let marked: Vec<_> = said.filter(|said| said.contains(WHY)).collect();
    assert_eq!(marked.len(), 1, "{marked:?}");
}

#[test]
fn the_learned_shape_is_exported_as_json_schema() {
    let mut window = departed();
    let pos = window.get_by_label("Payload").rect().left_top() + vec2(90.0, 27.0);
    window.hover_at(pos);
    for pressed in [true, false] {
        let (button, modifiers) = (PointerButton::Secondary, Modifiers::NONE);
        window.event(Event::PointerButton { pos, button, pressed, modifiers });
        window.run_steps(2);
    }
    settle(&mut window);
    let asked = click(&mut window, Role::MenuItem, "Export learned shape…");
    let [Action::Save { name, bytes }] = &asked[..] else { unreachable!("{asked:?}") };
    assert_eq!(name, "shape.schema.json");
    assert!(String::from_utf8_lossy(bytes).contains("\"maximum\": 19"), "{bytes:?}");
}

const SCHEMA: &str = r#"{"properties":{"temperature":{"type":"number","maximum":50}}}"#;

#[test]
fn a_message_that_breaks_the_schema_of_its_rule_is_marked_with_the_path_and_the_reason() {
    let mut window = window(|stage| {
        let files = SchemaFiles::new(|_| Ok(SCHEMA.as_bytes().to_vec()));
        stage.rules = Rules::new([Rule::with_files("s", "json:reading.schema.json", &files)]);
        receive(stage, "s", br#"{"temperature":21}"#, 9.0);
        receive(stage, "s", br#"{"temperature":51}"#, 6.0);
        receive(stage, "s", br#"{"temperature":"warm"}"#, 3.0);
        select(stage, "s");
    });
    let why = "breaks its schema at temperature: \"warm\" is not of type \"number\"";
    let begun = Instant::now();
    while window.query_by_value(why).is_none() && window.query_by_label(why).is_none() {
        assert!(begun.elapsed() < Duration::from_mins(1), "nothing is said");
        await_frame(&window);
        settle(&mut window);
    }
    let marked = loop {
        let said = window.get_all_by_role(Role::Row).filter_map(|row| row.accesskit_node().description());
        let marked: Vec<_> = said.filter(|said| said.contains("breaks its schema")).collect();
        if marked.len() == 2 {
            break marked;
        }
        assert!(begun.elapsed() < Duration::from_mins(1), "{marked:?}");
        await_frame(&window);
        settle(&mut window);
    };
    assert!(marked.iter().any(|said| said.contains("51 is greater than the maximum of 50")), "{marked:?}");
}

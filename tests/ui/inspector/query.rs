//! Queries in jq, answered by a real worker process.

use std::time::{Duration, Instant};

use eframe::egui::accesskit::Role;
use egui_kittest::kittest::Queryable as _;

use crate::harness::await_frame;

use super::{Window, click, receive, select, settle, value, window};

fn asked(query: &str, of: &str) -> Window {
    let mut window = window(|stage| {
        stage.panel.ask_program(env!("CARGO_BIN_EXE_mqttree").into());
        for (temp, seconds) in [(10, 5.0), (20, 4.0), (60, 3.0)] {
            receive(stage, "s", format!(r#"{{"temp":{temp},"x":[1,2]}}"#).as_bytes(), seconds);
        }
        select(stage, "s");
    });
    ask(&mut window, query, of);
    window
}

/// Asks a query in the shown topic.
pub fn ask(window: &mut Window, query: &str, of: &str) {
    click(window, Role::Tab, "jq");
    window.get_by_role_and_label(Role::TextInput, "Query").focus();
    window.run_steps(2);
    window.get_by_role_and_label(Role::TextInput, "Query").type_text(query);
    settle(window);
    click(window, Role::RadioButton, of);
    click(window, Role::Button, "Run");
}

pub fn until(window: &mut Window, what: &str, is: impl Fn(&Window) -> bool) {
    let begun = Instant::now();
    while !is(window) {
        assert!(begun.elapsed() < Duration::from_mins(1), "{what}");
        await_frame(window);
        settle(window);
    }
}

pub fn has_result(window: &Window) -> bool {
    window.query_by_label("Query result").is_some()
}

#[test]
fn a_query_is_asked_of_the_message_of_each_or_of_all() {
    for (query, of, expected) in [
        (".temp", "Message", "60"),
        (".temp / 10", "Each", "1\n2\n6"),
        ("map(.temp) | add / length", "All", "30"),
    ] {
        let mut window = asked(query, of);
        until(&mut window, query, has_result);
        let results = value(&window, "Query result");
        let numbers: Vec<f64> = results.lines().map(|line| line.parse().unwrap()).collect();
        let expected: Vec<f64> = expected.lines().map(|line| line.parse().unwrap()).collect();
        assert_eq!(numbers, expected, "{query} of {of}");
    }
}

#[test]
fn a_query_that_needs_memory_or_stack_without_end_ends_alone() {
    for query in ["def f: 1 + f; f", "reduce range(64) as $i (\"x\"; . + .)"] {
        let mut window = asked(query, "Message");
        until(&mut window, query, |window| window.query_by_label_contains("The query was stopped").is_some());
    }
}

#[test]
fn a_query_without_end_is_stopped_by_a_person() {
    let mut window = asked("last(repeat(1))", "Message");
    assert!(window.query_by_label("Asking…").is_some());
    click(&mut window, Role::Button, "Stop");
    assert!(window.query_by_label("Asking…").is_none());
    assert!(window.query_by_role_and_label(Role::Button, "Run").is_some());
}

#[test]
fn what_is_no_query_says_where() {
    let mut window = asked(".temp | nope", "Message");
    until(&mut window, "why", |window| window.query_by_label("Character 9: \"nope\" is unknown").is_some());
}

//! What changed in a topic's last messages, marked in the tree of values.

use eframe::egui::accesskit::Role;
use egui_kittest::kittest::Queryable as _;

use super::{MACHINE, Window, click, receive, select, settle, window};

fn changing() -> Window {
    let mut window = window(|stage| {
        for n in 0..30 {
            let payload = format!(r#"{{"temp":{n},"on":{},"unit":"C"}}"#, n < 25);
            receive(stage, MACHINE, payload.as_bytes(), 60.0 - f64::from(n));
        }
        select(stage, MACHINE);
    });
    click(&mut window, Role::Button, "What changes");
    window
}

fn said(window: &Window, text: &str) -> bool {
    window.query_all_by_label_contains(text).next().is_some()
}

#[test]
fn the_values_that_changed_in_the_last_messages_are_counted() {
    let mut window = changing();
    click(&mut window, Role::RadioButton, "Mark changes in the last 100 messages");
    assert!(said(&window, "2 values changed in the last 30 messages"));

    // Of the last five messages only the temperature differs.
    receive(window.state_mut(), MACHINE, br#"{"temp":30,"on":false,"unit":"F"}"#, 1.0);
    settle(&mut window);
    assert!(said(&window, "3 values changed in the last 31 messages"));
    click(&mut window, Role::Button, "What changes");
    click(&mut window, Role::RadioButton, "Mark changes in the last 10 messages");
    assert!(said(&window, "3 values changed in the last 10 messages"));
    click(&mut window, Role::Button, "What changes");
    click(&mut window, Role::RadioButton, "Mark nothing");
    assert!(!said(&window, "changed in the last"));
}

#[test]
fn the_marks_stay_on_for_the_next_topic_and_say_where_nothing_changed() {
    let mut window = changing();
    click(&mut window, Role::RadioButton, "Mark changes in the last 10 messages");
    for seconds in [9.0, 8.0] {
        receive(window.state_mut(), "other", br#"{"a":1}"#, seconds);
    }
    select(window.state_mut(), "other");
    settle(&mut window);
    assert!(said(&window, "Nothing changed in the last 2 messages"));
}

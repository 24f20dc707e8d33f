//! The history as a table of fields: columns, order, filter and export.

use std::time::{Duration, Instant};

use eframe::egui::accesskit::{Role, SortDirection};
use eframe::egui::{Event, Modifiers, PointerButton, Theme, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use mqttree::command::{Action, PlotAction};

use crate::harness::await_frame;

use super::{Window, click, history_rows, payload, receive, select, settle, window_of};

fn sensor(theme: Theme) -> Window {
    window_of(super::SIZE, theme, |stage| {
        for (temp, state, seconds) in [(21.5, "ok", 5.0), (-3.0, "cold", 4.0), (35.25, "hot, very", 3.0)] {
            let sent = format!(r#"{{"temp":{temp},"state":"{state}"}}"#);
            receive(stage, "s", sent.as_bytes(), seconds);
        }
        select(stage, "s");
    })
}

/// Makes the value on a line of the payload a column of the history, or no column any more.
pub fn toggle_column(window: &mut Window, line: f32) {
    let view = window.get_by_label("Payload").rect();
    let pos = view.left_top() + vec2(90.0, 18.0 * line + 9.0);
    window.hover_at(pos);
    for pressed in [true, false] {
        let (button, modifiers) = (PointerButton::Secondary, Modifiers::NONE);
        window.event(Event::PointerButton { pos, button, pressed, modifiers });
        window.run_steps(2);
    }
    settle(window);
    click(window, Role::MenuItem, "Column of the history");
}

/// Draws until the job that lists messages is done.
fn listed(window: &mut Window, first: &str) {
    let begun = Instant::now();
    while !history_rows(window).first().is_some_and(|row| row.contains(first)) {
        assert!(begun.elapsed() < Duration::from_mins(1), "{:?}", history_rows(window));
        await_frame(window);
        settle(window);
    }
}

#[test]
fn a_value_becomes_a_column_that_sorts_the_history_both_ways() {
    let mut window = sensor(Theme::Dark);
    toggle_column(&mut window, 1.0);
    click(&mut window, Role::ColumnHeader, "temp");
    listed(&mut window, "  35.25  ");
    let direction = |window: &Window| {
        window.get_by_role_and_label(Role::ColumnHeader, "temp").accesskit_node().sort_direction()
    };
    assert_eq!(direction(&window), Some(SortDirection::Descending));
    click(&mut window, Role::ColumnHeader, "temp");
    listed(&mut window, "  -3  ");
    let order: Vec<bool> = history_rows(&window).iter().map(|row| row.contains("hot")).collect();
    assert_eq!(order, [false, false, true]);
    window.get_all_by_role(Role::Row).next().unwrap().click();
    settle(&mut window);
    assert!(payload(&window).contains("cold"), "a row shows its message");
}

#[test]
fn a_column_goes_as_it_came_and_stays_with_its_topic() {
    let mut window = sensor(Theme::Dark);
    toggle_column(&mut window, 1.0);
    receive(window.state_mut(), "other", b"{\"x\":1}", 1.0);
    select(window.state_mut(), "other");
    settle(&mut window);
    assert!(window.query_by_role_and_label(Role::ColumnHeader, "temp").is_none());
    select(window.state_mut(), "s");
    settle(&mut window);
    assert!(window.query_by_role_and_label(Role::ColumnHeader, "temp").is_some());
    toggle_column(&mut window, 1.0);
    assert!(window.query_by_role_and_label(Role::ColumnHeader, "temp").is_none());
}

fn filtered(text: &str) -> Window {
    let mut window = sensor(Theme::Dark);
    click(&mut window, Role::Button, "Filter history");
    window.get_by_role_and_label(Role::TextInput, "History filter").type_text(text);
    settle(&mut window);
    window
}

#[test]
fn a_condition_lists_the_messages_that_meet_it() {
    let mut window = filtered("temp < 30");
    listed(&mut window, "cold");
    assert_eq!(history_rows(&window).len(), 2);
    assert!(window.query_by_label("2 of the newest 3").is_some());
    click(&mut window, Role::Button, "Filter history");
    listed(&mut window, "hot");
    assert_eq!(history_rows(&window).len(), 3, "without the filter all show");
}

#[test]
fn a_text_lists_the_messages_that_hold_it() {
    let mut window = filtered("COLD");
    listed(&mut window, "cold");
    assert_eq!(history_rows(&window).len(), 1);
}

#[test]
fn a_condition_lists_the_messages_of_the_history_that_meet_it_decoded_ones_too() {
    let mut window = super::window(|stage| {
        receive(stage, "s", br#"{"state":"online"}"#, 9.0);
        receive(stage, "s", br#"{"state":"offline"}"#, 8.0);
        // CBOR: {"state": "offline"}.
        receive(stage, "s", b"\xA1\x65state\x67offline", 3.0);
        select(stage, "s");
    });
    click(&mut window, Role::Button, "Filter history");
    window.get_by_role_and_label(Role::TextInput, "History filter").type_text(r#"state == "offline""#);
    crate::harness::until(&mut window, "two rows", |window| history_rows(window).len() == 2);
}

#[test]
fn a_wrong_condition_says_why_and_hides_nothing() {
    let window = filtered("temp > warm");
    assert!(window.query_by_label_contains("Character 8: put a text in double quotes").is_some());
    assert_eq!(history_rows(&window).len(), 3);
}

/// Chooses how the history is exported, and waits for the file.
fn exported(window: &mut Window, how: &str) -> Vec<Action> {
    click(window, Role::Button, "Export history…");
    let mut asked = click(window, Role::MenuItem, how);
    let begun = Instant::now();
    while asked.is_empty() && begun.elapsed() < Duration::from_mins(1) {
        await_frame(window);
        asked = settle(window);
    }
    asked
}

#[test]
fn payloads_in_other_formats_are_exported_decoded_where_a_person_asks() {
    let mut window = super::window(|stage| {
        // CBOR: {"t": 20} and {"t": 21}.
        receive(stage, "c", b"\xA1\x61t\x14", 9.0);
        receive(stage, "c", b"\xA1\x61t\x15", 3.0);
        super::select(stage, "c");
    });
    for (how, file, ending) in [
        ("CSV, payloads as sent", "history.csv", ",0,0,4,a1 61 74 15"),
        ("CSV, payloads decoded", "history.csv", ",0,0,4,\"{\"\"t\"\":21}\""),
        ("JSON Lines, payloads decoded", "history.jsonl", ",\"bytes\":4,\"value\":{\"t\":21}}"),
    ] {
        let asked = exported(&mut window, how);
        let [Action::Save { name, bytes }] = &asked[..] else { unreachable!("{asked:?}") };
        let text = String::from_utf8_lossy(bytes);
        let newest = text.lines().find(|line| !line.starts_with("time")).unwrap();
        assert!(name == file && newest.ends_with(ending), "{name}: {newest}");
    }
}

#[test]
fn the_table_is_exported_with_its_columns() {
    let mut window = sensor(Theme::Dark);
    toggle_column(&mut window, 1.0);
    toggle_column(&mut window, 2.0);
    let asked = exported(&mut window, "CSV, payloads as sent");
    let [Action::Save { name, bytes }] = &asked[..] else { unreachable!("{asked:?}") };
    let text = String::from_utf8_lossy(bytes);
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(name, "history.csv");
    assert_eq!(lines[0], "time,qos,retained,bytes,temp,state");
    assert!(lines[1].ends_with(",0,0,34,35.25,\"hot, very\""), "{}", lines[1]);
    assert!(lines[2].ends_with(",-3,cold"), "{}", lines[2]);
}

#[test]
fn the_history_as_a_table() {
    let mut results = egui_kittest::SnapshotResults::new();
    for (theme, name) in [(Theme::Dark, "inspector-table-dark"), (Theme::Light, "inspector-table-light")] {
        let mut window = sensor(theme);
        toggle_column(&mut window, 1.0);
        toggle_column(&mut window, 2.0);
        // Upwards, so that the list that is drawn is told from the one before.
        for _ in 0..2 {
            click(&mut window, Role::ColumnHeader, "temp");
        }
        listed(&mut window, "  -3  ");
        results.add(window.try_snapshot(name));
        super::pictures::in_chinese(&mut window, theme, "inspector-table", &mut results);
    }
}

#[test]
fn a_column_is_plotted_with_one_click() {
    let mut window = sensor(Theme::Dark);
    toggle_column(&mut window, 1.0);
    let asked = click(&mut window, Role::Button, "Plot column temp");
    let path = asked.into_iter().find_map(|action| match action {
        Action::Plot(PlotAction::Add { path, .. }) => path,
        _ => None,
    });
    assert_eq!(path.unwrap().to_string(), "temp");
}

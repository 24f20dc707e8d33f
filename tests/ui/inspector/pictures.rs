//! Pictures of the views of a payload in both themes, and in Chinese.

use eframe::egui::Theme;
use eframe::egui::accesskit::Role;
use egui_kittest::SnapshotResults;

use super::{Window, click, receive, select, settle, window_of};
use crate::harness::{Stage, speak_chinese};
use mqttree::panels::inspector::InspectorView;
use mqttree::words::Language;

const TOPIC: &str = "plant/hall-2/machine-17/state";

fn pictures(name: &str, prepare: fn(&mut Stage<InspectorView>), act: fn(&mut Window)) {
    let mut results = SnapshotResults::new();
    for (theme, look) in [(Theme::Dark, "dark"), (Theme::Light, "light")] {
        let mut window = window_of(super::SIZE, theme, prepare);
        act(&mut window);
        results.add(window.try_snapshot(format!("{name}-{look}")));
        in_chinese(&mut window, theme, name, &mut results);
    }
}

/// The same view in Chinese, once: of the window in the dark theme.
pub fn in_chinese(window: &mut Window, theme: Theme, name: &str, results: &mut SnapshotResults) {
    if theme == Theme::Dark {
        window.state_mut().language = Language::Chinese;
        speak_chinese(&window.ctx);
        settle(window);
        results.add(window.try_snapshot(format!("{name}-chinese")));
    }
}

/// Two messages between which values came, went, changed and moved.
fn two_messages(stage: &mut Stage<InspectorView>) {
    let before = r#"{"device":"pump-17","temperature":21.5,"mode":"running at full speed","errors":[],
        "sensors":[{"id":1,"value":20.1},{"id":2,"value":7},{"id":3,"value":0}],"operator":"night shift"}"#;
    let now = r#"{"device":"pump-17","temperature":22.75,"mode":"running at low speed","errors":["E12"],
        "sensors":[{"id":3,"value":0},{"id":1,"value":20.1},{"id":2,"value":8}],"firmware":{"major":2,"minor":1}}"#;
    receive(stage, TOPIC, before.as_bytes(), 9.0);
    receive(stage, TOPIC, now.as_bytes(), 3.0);
    select(stage, TOPIC);
}

#[test]
fn the_comparison_by_values() {
    pictures("payload-diff-values", two_messages, |window| {
        click(window, Role::Tab, "Diff");
    });
}

#[test]
fn the_comparison_by_lines() {
    pictures("payload-diff-lines", two_messages, |window| {
        click(window, Role::Tab, "Diff");
        click(window, Role::RadioButton, "Lines");
    });
}

#[test]
fn a_text_that_is_not_quite_what_was_sent() {
    pictures(
        "payload-text",
        |stage| {
            let text = b"2026-11-22 12:00:01 pump 17 started by hand\r\n\xE6\xB8\xA9\xE5\xBA\xA6 21.5 \xC2\xB0C\r\n\x07alarm \xFF ended\r\n";
            receive(stage, "plant/log", text, 3.0);
            select(stage, "plant/log");
        },
        |window| {
            click(window, Role::Tab, "Text");
        },
    );
}

#[test]
fn what_a_query_gives() {
    pictures(
        "payload-jq",
        |stage| {
            stage.panel.ask_program(env!("CARGO_BIN_EXE_mqttree").into());
            two_messages(stage);
        },
        |window| {
            super::query::ask(window, ".sensors | map(.value) | add", "Each");
            super::query::until(window, "a result", super::query::has_result);
        },
    );
}

#[test]
fn a_message_that_departs_from_the_shape() {
    pictures(
        "payload-shape",
        |stage| {
            for n in 0..20 {
                let payload = format!(r#"{{"temperature":{n}.5,"on":true}}"#);
                receive(stage, TOPIC, payload.as_bytes(), 30.0 - f64::from(n));
            }
            receive(stage, TOPIC, br#"{"temperature":"warm","on":true}"#, 3.0);
            select(stage, TOPIC);
        },
        super::shape::await_departure,
    );
}

#[test]
fn what_changes_in_the_last_messages() {
    pictures(
        "payload-what-changes",
        |stage| {
            two_messages(stage);
            for n in 0..8 {
                let payload =
                    format!(r#"{{"temperature":2{n}.5,"on":true,"sensors":[{{"id":1,"value":{}}}]}}"#, n / 4);
                receive(stage, "plant/line", payload.as_bytes(), 20.0 - f64::from(n));
            }
            select(stage, "plant/line");
        },
        |window| {
            click(window, Role::Button, "What changes");
            click(window, Role::RadioButton, "Mark changes in the last 100 messages");
        },
    );
}

#[test]
fn the_bytes_of_a_value() {
    pictures(
        "payload-linked-bytes",
        |stage| {
            let cbor = b"\xA2\x64temp\xF9\x4D\x60\x64tags\x82\x61a\x41\x01";
            receive(stage, "plant/sensor", cbor, 3.0);
            select(stage, "plant/sensor");
        },
        |window| super::linked::click_line(window, 1.0),
    );
}

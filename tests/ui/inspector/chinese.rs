//! The inspector in Chinese: nothing is cut off, nothing overlaps, and nothing was left in English.

use eframe::egui::accesskit::Role;
use eframe::egui::{Theme, Vec2, vec2};
use mqttree::message::{Flags, PublishProperties, QoS};
use mqttree::words::Language;

use super::{click, receive, receive_with, select, window_of};
use crate::chinese::check;

/// Wide enough for the values of the history.
const SIZE: Vec2 = vec2(760.0, 640.0);
/// Names of keys, and of the panel edge that egui itself names.
const NAMES: [&str; 4] = ["Ctrl", "Shift", "Resize panel", "jq"];

const TOPIC: &str = "工厂/二号厅/机器";
const READING: &str = r#"{"温度":21.50,"开":true,"传感器":[{"号":1}]}"#;

#[test]
fn the_views_of_a_payload() {
    let mut window = window_of(SIZE, Theme::Light, |stage| {
        stage.language = Language::Chinese;
        let properties = PublishProperties {
            payload_format_indicator: Some(1),
            message_expiry_interval_s: Some(3_600),
            correlation_data: Some(vec![0, 1]),
            ..PublishProperties::default()
        };
        let flags = Flags { qos: QoS::AtLeastOnce, retain: true, dup: true };
        receive(stage, TOPIC, READING.replace("21.50", "20.75").as_bytes(), 9.0);
        receive_with(stage, TOPIC, READING.as_bytes(), 3.0, flags, Some(properties));
        select(stage, TOPIC);
    });
    for (tab, name) in [("树形", "inspector-tree"), ("文本", "inspector-text"), ("差异", "inspector-diff")]
    {
        click(&mut window, Role::Tab, tab);
        check(&mut window, name, &[&NAMES[..], &["true"]].concat());
    }
}

#[test]
fn payloads_that_are_not_json() {
    for (payload, name) in [
        (&b""[..], "inspector-empty"),
        (b"\0\x01\x10\x9f", "inspector-hex"),
        (b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\x02\x80\0\0\x01\xe0", "inspector-image"),
        (b"{\"\xe5\x8f\xb7\": 1,}\r\n\x07", "inspector-fault"),
    ] {
        let mut window = window_of(SIZE, Theme::Dark, |stage| {
            stage.language = Language::Chinese;
            receive(stage, TOPIC, payload, 3.0);
            select(stage, TOPIC);
        });
        check(&mut window, name, &NAMES);
    }
}

#[test]
fn a_level_that_is_no_topic_and_no_selection() {
    let mut window = window_of(SIZE, Theme::Light, |stage| {
        stage.language = Language::Chinese;
        receive(stage, TOPIC, b"1", 3.0);
        select(stage, "工厂");
    });
    // What a query in jq looks like.
    let jq = ["map(.temp) | add / length", ".temp", "[{topic, value}, …]"];
    check(&mut window, "inspector-level", &[&NAMES[..], &jq].concat());
    let mut window = window_of(SIZE, Theme::Dark, |stage| stage.language = Language::Chinese);
    check(&mut window, "inspector-nothing", &NAMES);
}

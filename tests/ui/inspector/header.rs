//! The part above the payload, and what is shown there without one.

use eframe::egui::accesskit::Role;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use mqttree::command::Action;
use mqttree::message::{Flags, PublishProperties, QoS};
use mqttree::words::inspector;

use super::{
    MACHINE, click, payload, receive, receive_bytes, receive_with, says, select, settle, value, window,
};

#[test]
fn topic_meta_and_payload_are_read_by_their_names() {
    let flags = Flags { qos: QoS::AtLeastOnce, retain: true, dup: true };
    let window = window(|stage| {
        receive_with(stage, MACHINE, b"42.5", 3.0, flags, None);
        select(stage, MACHINE);
    });
    assert_eq!(value(&window, "Topic"), MACHINE);
    assert_eq!(payload(&window), "42.5");
    let meta = value(&window, "Meta");
    for part in ["QoS 1", "retained", "DUP", "4 B", ":57.000", "3 s ago"] {
        assert!(meta.contains(part), "{part:?} in {meta:?}");
    }
}

#[test]
fn a_level_of_the_topic_leads_to_its_node() {
    let mut window = window(|stage| {
        receive(stage, MACHINE, b"1", 3.0);
        receive(stage, "plant/hall-2/machine-18/state", b"1", 2.0);
        receive(stage, "plant/hall-2/machine-18/state", b"2", 1.0);
        select(stage, MACHINE);
    });
    click(&mut window, Role::Link, "hall-2");
    assert_eq!(value(&window, "Topic"), "plant/hall-2");
    assert!(window.query_by_label("Topics below").is_some());
    assert!(
        window.query_by_label("2").is_some() && window.query_by_label("3").is_some(),
        "topics and messages"
    );
    assert!(window.query_by_label("Payload").is_none());
}

#[test]
fn an_empty_level_has_a_name_that_can_be_clicked() {
    let mut window = window(|stage| {
        receive(stage, "/a", b"1", 3.0);
        select(stage, "/a");
    });
    assert_eq!(value(&window, "Topic"), "/a");
    click(&mut window, Role::Link, "(empty)");
    assert_eq!(value(&window, "Topic"), "");
}

#[test]
fn mqtt_5_properties_are_listed_and_many_of_them_are_closed_at_first() {
    let few = PublishProperties {
        payload_format_indicator: Some(1),
        message_expiry_interval_s: Some(3_600),
        correlation_data: Some(vec![0, 0xfe]),
        ..PublishProperties::default()
    };
    let many = PublishProperties {
        user_properties: (0..9).map(|n| (format!("name-{n}"), format!("value-{n}"))).collect(),
        ..few.clone()
    };
    let mut window = window(|stage| {
        receive_with(stage, "few", b"1", 3.0, Flags::default(), Some(few));
        receive_with(stage, "many", b"1", 3.0, Flags::default(), Some(many));
        select(stage, "few");
    });
    for text in ["1, UTF-8 text", "3,600 s", "00 fe"] {
        assert!(says(&window, text), "{text}");
    }
    select(window.state_mut(), "many");
    settle(&mut window);
    assert!(!says(&window, "value-0"));
    click(&mut window, Role::DisclosureTriangle, "Properties");
    assert!(says(&window, "value-0"));
}

#[test]
fn what_the_numbers_of_the_meta_line_mean_is_told_on_hover() {
    let flags = Flags { qos: QoS::AtLeastOnce, retain: false, dup: false };
    let mut window = window(|stage| {
        receive_with(stage, "t", &[b'x'; 1_234], 3.0, flags, None);
        select(stage, "t");
    });
    window.get_by_label("QoS 1").hover();
    settle(&mut window);
    assert!(window.query_by_label("QoS 1: at least once").is_some());
    window.get_by_label("1.2 kB").hover();
    settle(&mut window);
    assert!(window.query_by_label("1,234 bytes").is_some());
}

#[test]
fn nothing_selected_says_what_to_do() {
    let window = window(|_| {});
    assert!(window.query_by_label("No topic selected").is_some());
    assert!(window.query_by_label_contains("Select a topic in the tree").is_some());
}

#[test]
fn chinese_topics_and_payloads_are_ordinary() {
    let topic = "工厂/二号车间/温度传感器";
    let window = window(|stage| {
        receive(stage, topic, "{\"温度\": 23.5}".as_bytes(), 3.0);
        select(stage, topic);
    });
    assert_eq!(value(&window, "Topic"), topic);
    assert!(payload(&window).contains("\"温度\": 23.5"));
    assert!(window.query_by_label("Plot value 温度").is_some());
    assert!(window.query_by_role_and_label(Role::Link, "二号车间").is_some());
}

#[test]
fn a_topic_that_is_not_utf8_is_marked_and_not_published_to() {
    let mut window = window(|stage| {
        receive_bytes(stage, b"plant/\xff\xfe", b"1", 3.0);
        stage.selected = stage.model.find(b"plant/\xff\xfe");
    });
    assert_eq!(value(&window, "Topic"), "plant/\u{fffd}\u{fffd}");
    let asked = click(&mut window, Role::Button, "Copy topic");
    assert!(matches!(&asked[..], [Action::Copy { what: inspector::LOSSY_TOPIC, .. }]), "{asked:?}");
    let asked = click(&mut window, Role::Button, "Publish again");
    assert!(matches!(&asked[..], [Action::Notify(_)]), "{asked:?}");
}

#[test]
fn screen_readers_can_step_through_topic_and_payload() {
    let window = window(|stage| {
        receive(stage, "plant/hall-2", b"first line\nsecond line", 3.0);
        select(stage, "plant/hall-2");
    });
    let text = |label: &str| {
        let node = window.get_by_label(label).accesskit_node();
        assert!(node.supports_text_ranges(), "{label}");
        node.document_range().text()
    };
    assert_eq!(text("Topic"), "plant/hall-2");
    assert_eq!(text("Payload").trim_end(), "first line\nsecond line");
}

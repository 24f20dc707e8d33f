//! The protocol log.

use std::time::{Duration, Instant};

use eframe::egui::{Event, Modifiers, accesskit::Role, pos2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use mqttree::command::{Action, PacketLogAction};
use mqttree::message::{QoS, Timestamp};
use mqttree::mqtt::trace::{Direction, PacketKind, PacketRecord};
use mqttree::panels::protocol::ProtocolView;
use mqttree::store::settings::TimeFormat;
use mqttree::words::format;

use crate::harness::{NOW, Stage, stage, wheel};

pub fn record(kind: PacketKind, direction: Direction, subject: &str) -> PacketRecord {
    PacketRecord {
        at: NOW,
        direction,
        kind,
        packet_id: None,
        qos: QoS::AtMostOnce,
        retain: false,
        dup: false,
        session_present: false,
        reason: None,
        bytes: 2 + subject.len() as u32,
        subject: subject.as_bytes().into(),
        latency_us: None,
    }
}

fn message(subject: &str) -> PacketRecord {
    record(PacketKind::Publish, Direction::In, subject)
}

fn protocol(records: impl IntoIterator<Item = PacketRecord>) -> Stage<ProtocolView> {
    let stage = Stage::new(ProtocolView::default());
    for (index, record) in records.into_iter().enumerate() {
        stage.protocol.record(PacketRecord { at: Timestamp(NOW.0 + index as i64 * 1_000), ..record });
    }
    stage
}

type View = Harness<'static, Stage<ProtocolView>>;

fn run(harness: &mut View) {
    // Longer than it takes until new packets are read.
    harness.run_steps(12);
}

/// Steps until the panel's job has pushed this action.
fn asked(harness: &mut View, wanted: impl Fn(&Action) -> bool) -> Action {
    let end = Instant::now() + Duration::from_secs(20);
    loop {
        harness.step();
        if let Some(action) = harness.state().actions.iter().find(|action| wanted(action)) {
            return action.clone();
        }
        assert!(Instant::now() < end, "waited in vain: {:?}", harness.state().actions);
    }
}

fn copied(harness: &mut View) -> String {
    let action = asked(harness, |action| matches!(action, Action::Copy { .. }));
    let text = if let Action::Copy { text, .. } = action { Some(text) } else { None };
    text.unwrap()
}

#[test]
fn it_says_what_it_costs_and_is_turned_on_by_a_button() {
    let mut harness = stage(protocol([]));
    run(&mut harness);
    assert!(harness.query_all_by_label_contains("Off, it costs nothing").next().is_some());
    harness.get_by_role_and_label(Role::Button, "Log packets").click();
    run(&mut harness);
    assert!(
        harness
            .state()
            .actions
            .iter()
            .any(|action| matches!(action, Action::PacketLog(PacketLogAction::SetOn(true))))
    );
}

#[test]
fn a_packet_is_read_with_everything_that_is_known_of_it() {
    let mut harness = stage(protocol([
        PacketRecord {
            packet_id: Some(7),
            qos: QoS::AtLeastOnce,
            retain: true,
            ..record(PacketKind::Publish, Direction::Out, "plant/温度")
        },
        PacketRecord {
            packet_id: Some(7),
            reason: Some(0x87),
            latency_us: Some(1_240),
            ..record(PacketKind::PubAck, Direction::In, "")
        },
    ]));
    run(&mut harness);
    let out = harness.get_by_label("out PUBLISH, packet 7, QoS 1, retain, 14 B, plant/温度");
    let time = format::time(harness.state().now, TimeFormat::Milliseconds);
    assert_eq!(out.accesskit_node().description(), Some(time));
    harness.get_by_label("in PUBACK, packet 7, not authorized (0x87), 2 B, acknowledged after 1.2 ms");
}

#[test]
fn a_long_subject_says_how_long_it_is_in_truth() {
    let mut harness = stage(protocol([message(&"x".repeat(60_000))]));
    run(&mut harness);
    assert!(harness.query_all_by_label_contains("(60.0 kB in all)").next().is_some());
}

#[test]
fn types_that_are_not_wanted_are_hidden() {
    let mut harness = stage(protocol([message("a"), record(PacketKind::PingReq, Direction::Out, "")]));
    run(&mut harness);
    harness.get_by_label("Packet types").click();
    run(&mut harness);
    harness.get_by_label("PINGREQ").click();
    run(&mut harness);
    assert!(harness.query_by_label("out PINGREQ, 2 B").is_none());
    harness.get_by_label("in PUBLISH, QoS 0, 3 B, a");
    harness.get_by_label("1 of 2");
    let choice = harness.get_by_label("Packet types");
    assert_eq!(choice.accesskit_node().value().as_deref(), Some("14 types"));
}

#[test]
fn a_text_that_is_in_no_packet_can_be_cleared() {
    let mut harness = stage(protocol([message("plant/a"), message("home/b")]));
    run(&mut harness);
    harness.get_by_label("Filter packets").focus();
    run(&mut harness);
    harness.get_by_label("Filter packets").type_text("PLANT");
    run(&mut harness);
    harness.get_by_label("in PUBLISH, QoS 0, 9 B, plant/a");
    assert!(harness.query_by_label("in PUBLISH, QoS 0, 8 B, home/b").is_none());
    harness.get_by_label("Filter packets").type_text("x");
    run(&mut harness);
    harness.get_by_label("No packet matches");
    harness.get_by_label("Clear filter").click();
    run(&mut harness);
    harness.get_by_label("in PUBLISH, QoS 0, 8 B, home/b");
}

#[test]
fn the_newest_packet_shows_until_the_list_is_scrolled_up_or_paused() {
    let mut harness = stage(protocol((0..500).map(|n| message(&format!("t/{n:03}")))));
    run(&mut harness);
    harness.get_by_label("in PUBLISH, QoS 0, 7 B, t/499");

    harness.state_mut().paused = true;
    harness.state().protocol.record(message("t/new"));
    run(&mut harness);
    assert!(harness.query_by_label("in PUBLISH, QoS 0, 7 B, t/new").is_none(), "the view is paused");
    harness.get_by_label("Paused");
    harness.state_mut().paused = false;
    run(&mut harness);
    harness.get_by_label("in PUBLISH, QoS 0, 7 B, t/new");

    wheel(&mut harness, pos2(300.0, 150.0), 600.0, Modifiers::NONE);
    harness.state().protocol.record(message("t/newer"));
    run(&mut harness);
    assert!(harness.query_by_label("in PUBLISH, QoS 0, 9 B, t/newer").is_none(), "the list stands still");
    harness.get_by_label("Go to end").click();
    run(&mut harness);
    harness.get_by_label("in PUBLISH, QoS 0, 9 B, t/newer");
}

#[test]
fn a_paused_view_keeps_what_the_log_drops() {
    let mut harness = stage(protocol([message("first")]));
    run(&mut harness);
    harness.state_mut().paused = true;
    for _ in 0..110_000 {
        harness.state().protocol.record(message("flood"));
    }
    run(&mut harness);
    harness.get_by_label("in PUBLISH, QoS 0, 7 B, first");
}

#[test]
fn the_selected_packet_is_copied_by_the_usual_keys() {
    let mut harness = stage(protocol([message("a"), message("b\tc")]));
    run(&mut harness);
    harness.get_by_label_contains("in PUBLISH, QoS 0, 5 B").click();
    run(&mut harness);
    harness.event(Event::Copy);
    let text = copied(&mut harness);
    assert!(text.ends_with("in\tPUBLISH\t\tQoS 0\t5 B\tb c\n"), "{text}");
    assert_eq!(text.lines().count(), 1);
}

#[test]
fn what_shows_is_exported_as_csv_and_as_json_lines() {
    let mut harness = stage(protocol([message("a,b"), message("c")]));
    run(&mut harness);
    for (choice, name, lines) in
        [("Comma-separated values…", "packets.csv", 3), ("JSON lines…", "packets.jsonl", 2)]
    {
        harness.get_by_label("Export…").click();
        run(&mut harness);
        harness.get_by_label(choice).click();
        let saved = asked(&mut harness, |action| matches!(action, Action::Save { .. }));
        harness.state_mut().actions.clear();
        let Action::Save { name: offered, bytes } = saved else { panic!("{saved:?}") };
        assert_eq!(offered, name);
        assert_eq!(String::from_utf8(bytes.to_vec()).unwrap().lines().count(), lines);
        run(&mut harness);
    }
}

#[test]
fn cleared_packets_are_gone() {
    let mut harness = stage(protocol([message("a")]));
    run(&mut harness);
    harness.get_by_label("Clear packets").click();
    harness.step();
    harness.state().protocol.clear();
    run(&mut harness);
    assert!(
        harness
            .state()
            .actions
            .iter()
            .any(|action| matches!(action, Action::PacketLog(PacketLogAction::Clear)))
    );
    assert!(harness.query_by_label("in PUBLISH, QoS 0, 3 B, a").is_none());
}

//! Payloads that are neither text nor JSON.

use eframe::egui::accesskit::Role;
use egui_kittest::kittest::Queryable as _;
use mqttree::command::{Action, PlotAction};

use super::{click, is_chosen, payload, perform, receive, select, settle, window};

/// `{"temp": 21.5, "tags": ["a", h'01']}` in CBOR.
const CBOR: &[u8] = b"\xA2\x64temp\xF9\x4D\x60\x64tags\x82\x61a\x41\x01";

/// `{"temp":21.5}`, gzipped by Python.
const GZIP: &[u8] = &[
    0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xAB, 0x56, 0x2A, 0x49, 0xCD, 0x2D, 0x50,
    0xB2, 0x32, 0x32, 0xD4, 0x33, 0xAD, 0x05, 0x00, 0x65, 0x05, 0xE9, 0x0E, 0x0D, 0x00, 0x00, 0x00,
];

#[test]
fn cbor_opens_as_a_tree_and_its_numbers_can_be_plotted() {
    let mut window = window(|stage| {
        receive(stage, "sensor", CBOR, 3.0);
        select(stage, "sensor");
    });
    assert!(is_chosen(&window, "CBOR"));
    assert_eq!(payload(&window), "{\n  \"temp\": 21.5,\n  \"tags\": [\n    \"a\",\n    \"h'01'\"\n  ]\n}");
    let asked = click(&mut window, Role::Button, "Plot value temp");
    let [Action::Plot(PlotAction::Add { path: Some(path), .. })] = &asked[..] else {
        unreachable!("{asked:?}")
    };
    assert_eq!(path.to_string(), "temp");
    click(&mut window, Role::Tab, "Hex");
    assert!(payload(&window).starts_with("0000  a2 64 74 65"), "the bytes are always there");
}

#[test]
fn a_packed_payload_is_shown_unpacked_and_says_so() {
    let mut window = window(|stage| {
        receive(stage, "log", GZIP, 3.0);
        select(stage, "log");
    });
    assert!(is_chosen(&window, "Tree"));
    assert_eq!(payload(&window), "{\n  \"temp\": 21.5\n}");
    assert!(window.query_by_label_contains("Unpacked from gzip").is_some());
    click(&mut window, Role::Tab, "Hex");
    assert!(payload(&window).starts_with("0000  1f 8b 08"));
    assert!(window.query_by_label_contains("Unpacked from").is_none());
}

#[test]
fn a_damaged_payload_says_at_which_byte() {
    let mut window = window(|stage| {
        receive(stage, "sensor", &CBOR[..10], 9.0);
        receive(stage, "sensor", CBOR, 3.0);
        select(stage, "sensor");
    });
    receive(window.state_mut(), "sensor", &GZIP[..20], 1.0);
    perform(&mut window);
    settle(&mut window);
    click(&mut window, Role::Tab, "Text");
    assert!(payload(&window).contains("byte 20"), "{}", payload(&window));
}

#[test]
fn what_a_device_of_sparkplug_sends_is_named_by_its_birth() {
    let birth = [0x12, 9, 0x0A, 1, b't', 0x10, 9, 0x20, 3, 0x50, 1];
    let window = window(|stage| {
        receive(stage, "spBv1.0/g/DBIRTH/n/d", &birth, 9.0);
        receive(stage, "spBv1.0/g/DDATA/n/d", &[0x12, 4, 0x10, 9, 0x50, 7], 3.0);
        select(stage, "spBv1.0/g/DDATA/n/d");
    });
    assert!(is_chosen(&window, "Sparkplug"));
    assert!(payload(&window).contains("\"t\": 7"), "{}", payload(&window));
}

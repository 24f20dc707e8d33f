//! Payloads that are neither text nor JSON.

use eframe::egui::accesskit::Role;
use egui_kittest::kittest::Queryable as _;
use mqttree::command::{Action, DecoderAction, PlotAction};
use mqttree::message::{Flags, PublishProperties};
use mqttree::payload::schema::SchemaFiles;
use mqttree::query::{Rule, Rules};

use super::{click, is_chosen, payload, perform, receive, receive_with, select, settle, window};

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

/// The rule that an action sets.
fn rule_of(asked: &[Action]) -> (String, String) {
    let [Action::Decoder(DecoderAction::Set(rule))] = asked else { unreachable!("{asked:?}") };
    (rule.filter.clone(), rule.decoder.clone())
}

#[test]
fn a_rule_for_a_topic_or_topics_like_it_is_made_in_two_clicks() {
    let mut window = window(|stage| {
        receive(stage, "hall-1/press-03/raw", CBOR, 3.0);
        select(stage, "hall-1/press-03/raw");
    });
    click(&mut window, Role::Tab, "Hex");
    let mut choose = |entry: &str| {
        click(&mut window, Role::Button, "Decoder");
        window.get_by_label_contains(entry).click();
        rule_of(&settle(&mut window))
    };
    let this = choose("Always read this topic as Hex");
    assert_eq!(this, ("hall-1/press-03/raw".to_owned(), "hex".to_owned()));
    let like = choose("Always read hall-1/+/raw as Hex");
    assert_eq!(like, ("hall-1/+/raw".to_owned(), "hex".to_owned()));
}

#[test]
fn old_messages_are_decoded_anew_as_soon_as_there_is_a_rule() {
    let mut window = window(|stage| {
        receive(stage, "raw", b"\x66\x08", 9.0);
        receive(stage, "raw", b"\x98\x08", 3.0);
        select(stage, "raw");
    });
    assert!(is_chosen(&window, "Hex"));
    window.state_mut().rules = Rules::new([Rule::new("raw", "struct:u16le temp/100 °C")]);
    settle(&mut window);
    assert!(is_chosen(&window, "Layout"));
    assert_eq!(payload(&window), "{\n  \"temp\": 22.0\n}");
    let rows = super::history_rows(&window);
    assert!(rows[0].contains("22.0") && rows[1].contains("21.5"), "{rows:?}");
    window.state_mut().rules = Rules::default();
    settle(&mut window);
    assert!(is_chosen(&window, "Hex"));
}

#[test]
fn a_payload_that_a_rule_cannot_read_says_so_instead_of_looking_like_something_else() {
    let mut window = window(|stage| {
        receive(stage, "raw", b"{\"a\":1}", 3.0);
        stage.rules = Rules::new([Rule::new("#", "cbor")]);
        select(stage, "raw");
    });
    assert!(is_chosen(&window, "CBOR"));
    assert!(payload(&window).contains("byte "), "{}", payload(&window));
    window.state_mut().rules = Rules::new([Rule::new("#", "numbers:u7")]);
    settle(&mut window);
    assert!(payload(&window).contains("The decoder cannot be used"), "{}", payload(&window));
    assert!(payload(&window).contains("there is no such type"), "{}", payload(&window));
}

#[test]
fn a_schema_that_is_missing_or_broken_is_named_at_the_view_and_a_good_one_gives_names() {
    const BROKEN: &str = "syntax = \"proto3\";\nmessage Reading { float t 1; }";
    let files = SchemaFiles::new(|path| match path {
        "broken.proto" => Ok(BROKEN.into()),
        "good.proto" => Ok(BROKEN.replace("t 1", "t = 1").into()),
        _ => Err(std::io::ErrorKind::NotFound.into()),
    });
    let mut window = window(|stage| {
        receive(stage, "raw", b"\x0D\x00\x00\xAC\x41", 3.0);
        select(stage, "raw");
    });
    let mut shown = |file: &str| {
        let rule = Rule::with_files("raw", format!("protobuf:{file}"), &files);
        window.state_mut().rules = Rules::new([rule]);
        settle(&mut window);
        payload(&window)
    };
    assert!(shown("nowhere.proto").contains("there is no file nowhere.proto"));
    let broken = shown("broken.proto");
    assert!(broken.contains("The decoder cannot be used") && broken.contains("broken.proto:2:"), "{broken}");
    assert_eq!(shown("good.proto"), "{\n  \"t\": 21.5\n}");
}

#[test]
fn the_content_type_decides_before_the_bytes_and_gives_way_where_it_is_wrong() {
    let typed = |name: &str| PublishProperties {
        content_type: Some(name.to_owned()),
        ..PublishProperties::default()
    };
    let mut window = window(|stage| {
        let flags = Flags::default();
        // The number 1 in CBOR, which no detector claims.
        receive_with(stage, "typed", b"\x01", 3.0, flags, Some(typed("application/cbor")));
        receive_with(stage, "lies", b"\"on\"", 3.0, flags, Some(typed("application/xml")));
        select(stage, "typed");
    });
    assert!(is_chosen(&window, "CBOR"));
    assert_eq!(payload(&window), "1");
    select(window.state_mut(), "lies");
    settle(&mut window);
    assert!(is_chosen(&window, "Tree"));
}

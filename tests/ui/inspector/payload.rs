//! The views of a payload, and what can be done with it.

use std::time::{Duration, Instant};

use eframe::egui::accesskit::Role;
use eframe::egui::{Modifiers, vec2};
use egui_kittest::kittest::Queryable as _;
use mqttree::command::{Action, Command, PlotAction, Plottable, PublishAction};
use mqttree::message::{Flags, PublishProperties, QoS};
use mqttree::panels::plot_drag;
use mqttree::words::{Language, inspector};

use super::{
    MACHINE, STATE, click, is_chosen, payload, perform, receive, receive_with, replaced, select, settle,
    value, window,
};
use crate::harness::{await_frame, until, wheel};

#[test]
fn json_is_laid_out_with_its_numbers_exactly_as_sent() {
    let window = window(|stage| {
        receive(stage, MACHINE, STATE, 3.0);
        select(stage, MACHINE);
    });
    assert!(is_chosen(&window, "Tree"));
    let text = payload(&window);
    assert!(text.contains("  \"temperature\": 21.50,\n"), "{text}");
    assert!(text.contains("\"big\": 12345678901234567890,"), "{text}");
}

#[test]
fn each_kind_of_payload_opens_in_the_view_that_suits_it() {
    let mut png = b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\x02\x80\0\0\x01\xe0\x08\x02\0\0\0".to_vec();
    png.extend([0; 40]);
    let cases: [(&[u8], &str, &str); 6] = [
        (STATE, "Tree", "{\n"),
        (b"off line", "Text", "off line"),
        (b"\xff\xfe\x00\x01", "Hex", "0000  ff fe 00 01"),
        (&png, "Image", "PNG image   640 × 480 pixels   69 B"),
        (br#"{"a": 1, "b": }"#, "Text", r#"{"a": 1, "b": }"#),
        (b"", "Text", "The payload is empty"),
    ];
    for (bytes, tab, text) in cases {
        let window = window(|stage| {
            receive(stage, "a", bytes, 3.0);
            select(stage, "a");
        });
        assert!(is_chosen(&window, tab), "{tab}: {text}");
        assert!(payload(&window).starts_with(text), "{:?}", payload(&window));
    }
}

#[test]
fn what_is_not_json_although_it_begins_like_it_says_where() {
    let mut window = window(|stage| {
        receive(stage, "a", br#"{"a": 1, "b": }"#, 3.0);
        select(stage, "a");
    });
    assert!(window.query_by_label_contains("Not JSON: line 1, column 15").is_some());
    click(&mut window, Role::Tab, "Tree");
    assert!(payload(&window).starts_with("This is not JSON: line 1, column 15"), "{}", payload(&window));
}

#[test]
fn a_chosen_view_stays_with_its_topic_while_it_makes_sense() {
    let mut window = window(|stage| {
        receive(stage, "a", STATE, 9.0);
        receive(stage, "b", STATE, 9.0);
        select(stage, "a");
    });
    click(&mut window, Role::Tab, "Text");
    assert_eq!(payload(&window), String::from_utf8_lossy(STATE));
    select(window.state_mut(), "b");
    settle(&mut window);
    assert!(is_chosen(&window, "Tree"), "another topic has its own view");
    select(window.state_mut(), "a");
    settle(&mut window);
    assert!(is_chosen(&window, "Text"));

    click(&mut window, Role::Tab, "Tree");
    receive(window.state_mut(), "a", b"\xff\xff\xff", 1.0);
    settle(&mut window);
    assert!(is_chosen(&window, "Hex"), "bytes are no tree");
    receive(window.state_mut(), "a", STATE, 0.0);
    settle(&mut window);
    assert!(is_chosen(&window, "Tree"), "and the choice is not forgotten");
}

#[test]
fn a_closed_array_stays_closed_in_the_next_message() {
    let mut window = window(|stage| {
        receive(stage, MACHINE, STATE, 3.0);
        select(stage, MACHINE);
    });
    click(&mut window, Role::DisclosureTriangle, "Close \"sensors\": [");
    assert!(!payload(&window).contains("\"id\""), "{}", payload(&window));
    receive(window.state_mut(), MACHINE, &replaced(STATE, "21.50", "22.75"), 1.0);
    settle(&mut window);
    assert!(payload(&window).contains("22.75") && !payload(&window).contains("\"id\""));
    click(&mut window, Role::DisclosureTriangle, "Open \"sensors\": [");
    assert!(payload(&window).contains("\"id\": 2"));
}

#[test]
fn a_number_inside_json_is_one_click_away_from_its_plot() {
    let mut window = window(|stage| {
        receive(stage, MACHINE, STATE, 3.0);
        select(stage, MACHINE);
    });
    let asked = click(&mut window, Role::Button, "Plot value sensors[1].id");
    let node = window.state().selected.unwrap();
    let [Action::Plot(PlotAction::Add { node: of, path: Some(path) })] = &asked[..] else {
        unreachable!("{asked:?}")
    };
    assert_eq!((*of, path.to_string().as_str()), (node, "sensors[1].id"));
    assert!(window.query_by_label("Plot value on").is_some(), "a boolean is 0 or 1");
    assert!(window.query_by_label("Plot value unit").is_some(), "a short text is a state");
    assert!(window.query_by_label("Plot value").is_none(), "the whole is no number");
}

#[test]
fn a_payload_that_is_a_number_is_plotted_as_a_whole() {
    let mut window = window(|stage| {
        receive(stage, "t", b"21.5", 3.0);
        select(stage, "t");
    });
    let asked = click(&mut window, Role::Button, "Plot value");
    assert!(matches!(&asked[..], [Action::Plot(PlotAction::Add { path: None, .. })]), "{asked:?}");
}

#[test]
fn a_number_of_a_payload_is_dragged_onto_a_plot() {
    let mut window = window(|stage| {
        receive(stage, MACHINE, STATE, 3.0);
        select(stage, MACHINE);
    });
    let from = window.get_by_label("Plot value sensors[1].id").rect().center();
    window.hover_at(from);
    window.run_steps(1);
    window.drag_at(from);
    window.run_steps(1);
    window.hover_at(from + vec2(-60.0, 60.0));
    window.run_steps(2);
    let dragged = plot_drag::dragged(&window.ctx).unwrap();
    let node = window.state().selected.unwrap();
    let path = Some("sensors[1].id".parse().unwrap());
    assert_eq!(dragged.numbers, [Plottable { node, path }]);
}

#[test]
fn what_is_copied_and_saved_is_what_was_sent() {
    let bytes: &[u8] = b"line\r\n\x07end";
    let mut window = window(|stage| {
        receive(stage, "plant/hall 2", bytes, 3.0);
        select(stage, "plant/hall 2");
    });
    let asked = click(&mut window, Role::Button, "Copy topic");
    assert!(
        matches!(&asked[..], [Action::Copy { what: inspector::TOPIC, text }] if text == "plant/hall 2"),
        "{asked:?}"
    );
    let asked = click(&mut window, Role::Button, "Copy payload");
    assert!(matches!(&asked[..], [Action::Copy { text, .. }] if text.as_bytes() == bytes), "{asked:?}");
    let asked = click(&mut window, Role::Button, "Save payload…");
    let [Action::Save { name, bytes: saved }] = &asked[..] else { unreachable!("{asked:?}") };
    assert_eq!((name.as_str(), &saved[..]), ("hall_2.txt", bytes));
}

#[test]
fn bytes_that_are_no_text_are_copied_as_digits_and_saved_as_they_are() {
    let mut window = window(|stage| {
        receive(stage, "raw", b"\xff\x00\x10", 3.0);
        select(stage, "raw");
    });
    let asked = click(&mut window, Role::Button, "Copy payload");
    assert!(
        matches!(&asked[..], [Action::Copy { what: inspector::PAYLOAD_AS_HEX, text }] if text == "ff 00 10"),
        "{asked:?}"
    );
    let asked = click(&mut window, Role::Button, "Save payload…");
    assert!(
        matches!(&asked[..], [Action::Save { name, bytes }] if name == "raw.bin" && bytes[..] == *b"\xff\x00\x10")
    );
}

#[test]
fn publish_again_takes_everything_but_what_the_broker_added() {
    let properties = PublishProperties {
        content_type: Some("text/plain".to_owned()),
        subscription_identifiers: vec![7],
        ..PublishProperties::default()
    };
    let flags = Flags { qos: QoS::ExactlyOnce, retain: true, dup: false };
    let mut window = window(|stage| {
        receive_with(stage, "cmd", b"go", 3.0, flags, Some(properties));
        select(stage, "cmd");
    });
    let asked = click(&mut window, Role::Button, "Publish again");
    let [Action::Publish(PublishAction::Compose(outgoing))] = &asked[..] else { unreachable!("{asked:?}") };
    assert_eq!((outgoing.topic.as_str(), &outgoing.payload[..]), ("cmd", &b"go"[..]));
    assert_eq!((outgoing.qos, outgoing.retain), (QoS::ExactlyOnce, true));
    assert_eq!(outgoing.properties.content_type.as_deref(), Some("text/plain"));
    assert!(outgoing.properties.subscription_identifiers.is_empty());
}

#[test]
fn the_difference_marks_what_came_and_what_went() {
    let mut window = window(|stage| {
        receive(stage, MACHINE, STATE, 9.0);
        receive(stage, MACHINE, &replaced(STATE, "21.50", "22.75"), 3.0);
        select(stage, MACHINE);
    });
    click(&mut window, Role::Tab, "Diff");
    click(&mut window, Role::RadioButton, "Lines");
    assert!(window.query_by_label("1 line added, 1 line removed since the message before").is_some());
    let text = payload(&window);
    assert!(text.contains("21.50") && text.contains("22.75"), "{text}");
    assert!(text.contains("lines unchanged"), "{text}");
}

#[test]
fn the_first_message_has_nothing_to_be_compared_with() {
    let mut window = window(|stage| {
        receive(stage, "t", b"1", 9.0);
        select(stage, "t");
    });
    click(&mut window, Role::Tab, "Diff");
    assert_eq!(payload(&window), "There is no message before this one in the history");
}

#[test]
fn the_place_in_a_payload_stays_when_the_next_message_comes() {
    let lines = |first: &str| (0..200).map(|n| format!("{first} {n}")).collect::<Vec<_>>().join("\n");
    let mut window = window(|stage| {
        receive(stage, "t", lines("line").as_bytes(), 3.0);
        select(stage, "t");
    });
    let area = window.get_by_label("Payload").rect();
    wheel(&mut window, area.center(), -18.0 * 50.0, Modifiers::NONE);
    settle(&mut window);
    assert_eq!(window.query_all_by_value("line 50\n").count(), 1, "the fiftieth line is drawn");
    assert_eq!(window.query_all_by_value("line 10\n").count(), 0, "the tenth is not");
    receive(window.state_mut(), "t", lines("next").as_bytes(), 1.0);
    settle(&mut window);
    assert_eq!(window.query_all_by_value("next 50\n").count(), 1);
    assert_eq!(window.query_all_by_value("next 10\n").count(), 0);
}

/// About 20 MB of JSON.
fn large() -> Vec<u8> {
    let item = br#"{"id":1234567,"name":"sensor","value":21.5,"tags":["a","b","c"]},"#;
    let mut bytes = b"[".to_vec();
    while bytes.len() < 20_000_000 {
        bytes.extend_from_slice(item);
    }
    bytes.pop();
    bytes.push(b']');
    bytes
}

#[test]
fn decoding_says_how_far_it_is_and_can_be_cancelled() {
    let bytes = large();
    let mut window = window(|stage| {
        receive(stage, "small", b"1", 3.0);
        receive(stage, "big", &bytes, 3.0);
        select(stage, "small");
    });
    select(window.state_mut(), "big");
    until(&mut window, "a way to stop", |window| window.query_by_label("Cancel decoding").is_some());
    assert!(window.query_by_role(Role::ProgressIndicator).is_some());
    click(&mut window, Role::Button, "Cancel decoding");
    assert_eq!(payload(&window), "Decoding was cancelled");
    click(&mut window, Role::Button, "Decode");
    until(&mut window, "the payload", |window| payload(window).starts_with("[\n"));
}

#[test]
fn what_is_beyond_the_limit_shows_once_the_settings_allow_it() {
    // An array of 400,000 nulls in CBOR, and two mebibytes of JSON made of it.
    let bytes = [b"\x9F".as_slice(), &vec![0xF6; 400_000], b"\xFF"].concat();
    let mut window = window(|stage| {
        stage.settings.decoded_limit_mib = 1;
        receive(stage, "big", &bytes, 3.0);
        select(stage, "big");
    });
    until(&mut window, "why it does not show", |window| payload(window).contains("1,048,576 bytes"));
    let asked = click(&mut window, Role::Button, "Change the limit…");
    assert!(matches!(asked.as_slice(), [Action::Run(Command::Settings)]), "{asked:?}");
    window.state_mut().settings.decoded_limit_mib = 2;
    until(&mut window, "the payload", |window| payload(window).starts_with("[\n"));
}

#[test]
fn a_payload_of_20_mb_is_decoded_beside_the_window() {
    let bytes = large();
    let mut window = window(|stage| {
        receive(stage, "small", b"1", 3.0);
        receive(stage, "big", &bytes, 3.0);
        select(stage, "small");
    });
    select(window.state_mut(), "big");
    let began = Instant::now();
    let mut slowest = Duration::ZERO;
    let mut said_so = false;
    loop {
        let frame = Instant::now();
        window.step();
        slowest = slowest.max(frame.elapsed());
        perform(&mut window);
        let text = payload(&window);
        said_so |= text == "Decoding 20.0 MB…";
        if text.starts_with("[\n") {
            break;
        }
        assert!(began.elapsed() < Duration::from_mins(2), "it is never decoded: {text:?}");
        await_frame(&window);
    }
    assert!(said_so, "the wait is explained");
    assert!(
        slowest < began.elapsed() / 4,
        "no frame waits for the work: {slowest:?} of {:?}",
        began.elapsed()
    );
}

#[test]
fn the_inspector_speaks_chinese() {
    let mut window = window(|stage| {
        stage.language = Language::Chinese;
        let flags = Flags { retain: true, ..Flags::default() };
        receive_with(stage, MACHINE, b"{\"a\":}", 9.0, Flags::default(), None);
        receive_with(stage, MACHINE, STATE, 3.0, flags, None);
        select(stage, MACHINE);
    });
    assert_eq!(value(&window, "主题"), MACHINE);
    let meta = value(&window, "元数据");
    assert!(meta.contains("保留") && meta.contains("3 秒前"), "{meta}");
    assert!(value(&window, "载荷").contains("\"temperature\": 21.50"));
    click(&mut window, Role::DisclosureTriangle, "折叠 \"sensors\": [");
    click(&mut window, Role::Tab, "差异");
    assert!(window.query_by_label_contains("与上一条消息相比增加").is_some());
    click(&mut window, Role::Tab, "树形");
    perform(&mut window);
    window.get_by_label("2 条消息");
    window.get_by_label("正在跟随最新消息");
}

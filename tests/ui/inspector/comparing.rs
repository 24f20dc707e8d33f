//! Two messages beside each other: by values and by lines, of one topic or of two.

use eframe::egui::Modifiers;
use eframe::egui::accesskit::Role;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use mqttree::query::{Rule, Rules};

use super::{MACHINE, STATE, Window, click, payload, receive, replaced, select, settle, window};

fn diff_of(first: &[u8], second: &[u8]) -> Window {
    let mut window = window(|stage| {
        receive(stage, MACHINE, first, 9.0);
        receive(stage, MACHINE, second, 3.0);
        select(stage, MACHINE);
    });
    click(&mut window, Role::Tab, "Diff");
    window
}

#[test]
fn the_difference_tells_which_values_changed() {
    let next = replaced(&replaced(STATE, "21.50", "22.75"), r#","unit":"C""#, r#","new":null"#);
    let mut window = diff_of(STATE, &next);
    assert_eq!(payload(&window), "temperature: 21.50 → 22.75\nnew: null\nunit: \"C\"");
    assert!(
        window.query_by_label("1 changed, 1 added, 1 removed since the message before").is_some(),
        "counted below"
    );
    click(&mut window, Role::RadioButton, "Lines");
    assert!(payload(&window).contains("\"new\": null"), "{}", payload(&window));
    click(&mut window, Role::RadioButton, "Values");
    assert!(payload(&window).starts_with("temperature"));
}

#[test]
fn what_is_only_written_differently_has_no_changes() {
    let window = diff_of(b"{\"a\":1,\"b\":2}", b"{ \"b\": 2, \"a\": 1 }");
    assert_eq!(payload(&window), "All values are the same; only how they are written differs");
    let window = diff_of(STATE, STATE);
    assert_eq!(payload(&window), "Both messages are the same, byte by byte");
}

#[test]
fn decoded_payloads_are_compared_by_their_values() {
    // CBOR: {"t": 20} and {"t": 21}.
    let window = diff_of(b"\xA1\x61t\x14", b"\xA1\x61t\x15");
    assert_eq!(payload(&window), "t: 20 → 21");
    let mut window = diff_of(b"\x14\x00", b"\x15\x00");
    assert!(payload(&window).contains("14 00"), "bytes of no format are compared by rows");
    window.state_mut().rules = Rules::new([Rule::new("plant/#", "struct:u16le temp")]);
    settle(&mut window);
    click(&mut window, Role::Tab, "Diff");
    assert_eq!(payload(&window), "temp: 20 → 21");
}

#[test]
fn text_is_compared_by_lines_without_a_choice() {
    let window = diff_of(b"off line", b"on line");
    assert!(window.query_by_label("Lines").is_none());
    assert!(payload(&window).contains("off line"));
}

#[test]
fn values_too_many_to_compare_one_by_one_are_compared_by_lines_and_say_so() {
    let many = |last: &str| format!("[{}{last}]", "0,".repeat(600_000)).into_bytes();
    let mut window = diff_of(&many("1"), &many("2"));
    crate::harness::until(&mut window, "the comparison", |window| {
        window
            .query_by_label_contains("Too many values to compare one by one, so lines are compared")
            .is_some()
    });
    assert!(window.query_by_label_contains("1 line added, 1 line removed").is_some());
}

/// Four messages whose only value counts up.
fn counted() -> Window {
    window(|stage| {
        for n in 1..5 {
            receive(stage, "t", format!("{{\"n\":{n}}}").as_bytes(), f64::from(10 - n));
        }
        select(stage, "t");
    })
}

#[test]
fn any_two_messages_of_a_topic_are_compared_the_older_one_first() {
    let mut window = counted();
    let second = window.query_all_by_role(Role::Row).nth(2).unwrap();
    second.click_modifiers(Modifiers::COMMAND);
    settle(&mut window);
    assert_eq!(payload(&window), "n: 2 → 4");
    assert!(window.query_by_label_contains("Compared with the message of").is_some());

    // Another message is shown; what it is compared with stays.
    window.query_all_by_role(Role::Row).nth(3).unwrap().click();
    settle(&mut window);
    assert_eq!(payload(&window), "n: 1 → 2", "the shown one is the older one");
    click(&mut window, Role::Button, "End comparison");
    assert_eq!(payload(&window), "There is no message before this one in the history");
}

#[test]
fn a_message_is_compared_from_its_menu() {
    let mut window = counted();
    window.query_all_by_role(Role::Row).nth(3).unwrap().click_secondary();
    settle(&mut window);
    click(&mut window, Role::MenuItem, "Compare with the shown message");
    assert_eq!(payload(&window), "n: 1 → 4");
    let rows = window.query_all_by_role(Role::Row);
    let said: Vec<bool> = rows
        .map(|row| row.accesskit_node().description().unwrap_or_default().contains("is compared with it"))
        .collect();
    assert_eq!(said, [false, false, false, true]);
}

#[test]
fn two_topics_of_different_formats_are_compared_by_their_values() {
    let mut window = window(|stage| {
        receive(stage, "json", b"{\"t\":20,\"u\":\"C\"}", 9.0);
        receive(stage, "cbor", b"\xA1\x61t\x15", 3.0);
        select(stage, "cbor");
    });
    let other = window.state().model.find(b"json").unwrap();
    window.state_mut().panel.compare_with(other);
    settle(&mut window);
    assert_eq!(payload(&window), "t: 20 → 21\nu: \"C\"");
    assert!(window.query_by_label("1 changed, 1 removed").is_some());
}

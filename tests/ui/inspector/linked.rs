//! Values and their bytes: a click on one selects the other.

use eframe::egui::accesskit::Role;
use eframe::egui::{Pos2, vec2};
use egui_kittest::kittest::Queryable as _;

use super::{Window, click, payload, receive, select, settle, window};

/// `{"temp": 21.5, "tags": ["a", h'01']}` in CBOR.
const CBOR: &[u8] = b"\xA2\x64temp\xF9\x4D\x60\x64tags\x82\x61a\x41\x01";

fn cbor() -> Window {
    window(|stage| {
        receive(stage, "sensor", CBOR, 3.0);
        select(stage, "sensor");
    })
}

fn click_at(window: &mut Window, place: Pos2) {
    window.hover_at(place);
    window.drag_at(place);
    window.drop_at(place);
    settle(window);
}

fn says(window: &Window, text: &str) -> bool {
    window.query_all_by_label_contains(text).next().is_some()
        || window.query_all_by_value(text).next().is_some()
}

/// Clicks into a line of the tree.
pub fn click_line(window: &mut Window, line: f32) {
    let view = window.get_by_label("Payload").rect();
    click_at(window, view.left_top() + vec2(60.0, 18.0 * line + 9.0));
}

/// Clicks the digits of a byte of the first row, of which eight fit.
fn click_byte(window: &mut Window, name: &str, byte: f32) {
    let view = window.get_by_label(name).rect();
    click_at(window, view.left_top() + vec2(12.0 + 7.8 * (6.5 + 3.0 * byte), 10.0));
}

#[test]
fn a_click_on_a_value_shows_its_bytes_and_a_click_on_a_byte_its_value() {
    let mut window = cbor();
    assert!(window.query_by_label("Bytes of the value").is_none(), "nothing is selected yet");
    click_line(&mut window, 1.0);
    assert!(window.query_by_label("Bytes of the value").is_some());
    assert!(says(&window, "3 bytes from byte 6 (0x6)"), "the half float");
    assert!(window.query_by_label("Path temp").is_some());

    // The first byte is the head of the map.
    click_byte(&mut window, "Bytes of the value", 0.0);
    assert!(window.query_by_label("Path temp").is_none());
    assert!(says(&window, "19 bytes from byte 0 (0x0)"));
    click_byte(&mut window, "Bytes of the value", 2.0);
    assert!(window.query_by_label("Path temp").is_some(), "a byte of the key");
    click(&mut window, Role::Button, "Close bytes");
    assert!(window.query_by_label("Bytes of the value").is_none());
}

#[test]
fn tree_and_hex_select_the_same_value_in_their_tabs() {
    let mut window = cbor();
    click_line(&mut window, 3.0);
    assert!(window.query_by_label("Path tags[0]").is_some());
    click(&mut window, Role::Tab, "Hex");
    assert!(says(&window, "2 bytes from byte 15 (0xf)"));
    assert!(window.query_by_label("Path tags[0]").is_some(), "the bytes say whose they are");
    click_byte(&mut window, "Payload", 7.0);
    assert!(window.query_by_label("Path temp").is_some());
    click(&mut window, Role::Tab, "CBOR");
    assert!(says(&window, "3 bytes from byte 6 (0x6)"));
    assert!(payload(&window).starts_with("{\n"));
}

#[test]
fn what_has_no_bytes_of_its_own_opens_nothing() {
    let mut window = window(|stage| {
        receive(stage, "s", br#"{"a":1}"#, 3.0);
        select(stage, "s");
    });
    click_line(&mut window, 1.0);
    assert!(window.query_by_label("Path a").is_some());
    assert!(window.query_by_label("Bytes of the value").is_none());
}

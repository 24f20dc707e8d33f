//! What the bytes at the selection of the hex view are.

use eframe::egui::accesskit::Role;
use eframe::egui::{Pos2, Theme, vec2};
use egui_kittest::kittest::Queryable as _;

use super::{Window, click, receive, select, settle, window_of};

const BYTES: &[u8] =
    b"\x01\x02\x03\x04\x05\x06\x07\x08\x00\x3c\x00\x00\x80\x3f\xe5\x8e\x26\xe5\xba\xa6\x00\x00\x00\x00";

fn hex(theme: Theme) -> Window {
    let mut window = window_of(super::SIZE, theme, |stage| {
        receive(stage, "a", BYTES, 3.0);
        select(stage, "a");
    });
    click(&mut window, Role::Tab, "Hex");
    window
}

/// Clicks the digits of a byte of the first row, of which eight fit.
fn click_byte(window: &mut Window, byte: f32) {
    let view = window.get_by_label("Payload").rect();
    let character = 7.8;
    let place: Pos2 = view.left_top() + vec2(12.0 + character * (6.5 + 3.0 * byte), 10.0);
    window.hover_at(place);
    window.drag_at(place);
    window.drop_at(place);
    settle(window);
}

fn says(window: &Window, text: &str) -> bool {
    window.query_all_by_label(text).next().is_some() || window.query_all_by_value(text).next().is_some()
}

#[test]
fn a_click_on_a_byte_reads_it_and_what_follows_in_both_orders() {
    let mut window = hex(Theme::Dark);
    assert!(!says(&window, "Little endian"), "nothing is selected yet");
    click_byte(&mut window, 1.0);
    assert!(says(&window, "Byte 1 (0x1)"));
    assert!(says(&window, "u24") && says(&window, "262914") && says(&window, "131844"));
    assert!(says(&window, "GUID") && says(&window, "0000 0010"));
    click_byte(&mut window, 0.0);
    assert!(says(&window, "Byte 0 (0x0)") && says(&window, "513") && says(&window, "258"));
}

#[test]
fn the_data_inspector() {
    let mut results = egui_kittest::SnapshotResults::new();
    for (theme, name) in
        [(Theme::Dark, "inspector-readings-dark"), (Theme::Light, "inspector-readings-light")]
    {
        let mut window = hex(theme);
        click_byte(&mut window, 1.0);
        results.add(window.try_snapshot(name));
        super::pictures::in_chinese(&mut window, theme, "inspector-readings", &mut results);
    }
}

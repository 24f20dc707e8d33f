//! Selecting and copying text with the pointer and the keyboard.

use eframe::egui::accesskit::Role;
use eframe::egui::{Event, Key, Modifiers, Pos2, pos2};
use egui_kittest::kittest::Queryable as _;
use mqttree::command::Action;

use super::{MACHINE, Window, click, payload, receive, select, settle, window};

#[test]
fn a_drag_selects_exactly_the_text_under_it() {
    let mut window = window(|stage| {
        receive(stage, "t", b"the first line\nthe second line", 3.0);
        select(stage, "t");
    });
    let area = window.get_by_label("Payload").rect();
    let (column, row) = (7.8, 18.0);
    let at =
        |line: f32, columns: f32| pos2(area.left() + 8.0 + columns * column, area.top() + (line + 0.5) * row);
    drag(&mut window, at(0.0, 4.0), at(1.0, 10.0));
    assert_eq!(copied(&mut window), "first line\nthe second");

    window.key_press_modifiers(Modifiers::COMMAND, Key::A);
    settle(&mut window);
    assert_eq!(copied(&mut window), "the first line\nthe second line");
}

#[test]
fn a_line_that_was_broken_is_copied_in_one_piece() {
    let text =
        "a line that is so long that it has to be broken into several rows before it can be drawn here";
    let mut window = window(|stage| {
        receive(stage, "t", text.as_bytes(), 3.0);
        select(stage, "t");
    });
    window.get_by_label("Payload").focus();
    settle(&mut window);
    window.key_press_modifiers(Modifiers::COMMAND, Key::A);
    settle(&mut window);
    assert_eq!(copied(&mut window), text);
}

#[test]
fn what_is_being_selected_does_not_move_away() {
    let mut window = window(|stage| {
        receive(stage, "t", b"select me", 3.0);
        select(stage, "t");
    });
    let area = window.get_by_label("Payload").rect();
    let y = area.top() + 9.0;
    drag(&mut window, pos2(area.left() + 8.0, y), pos2(area.left() + 60.0, y));
    receive(window.state_mut(), "t", b"too late", 0.0);
    settle(&mut window);
    assert_eq!(payload(&window), "select me");
    click(&mut window, Role::Button, "Follow newest");
    assert_eq!(payload(&window), "too late");
}

#[test]
fn the_topic_can_be_selected_in_part() {
    let mut window = window(|stage| {
        receive(stage, MACHINE, b"1", 3.0);
        select(stage, MACHINE);
    });
    let area = window.get_by_label("Topic").rect();
    let y = area.center().y;
    drag(&mut window, pos2(area.left(), y), pos2(area.left() + 7.8 * 14.0, y));
    assert_eq!(copied(&mut window), "plant/hall-2");
}

fn drag(window: &mut Window, from: Pos2, to: Pos2) {
    window.drag_at(from);
    window.run_steps(1);
    window.hover_at(from.lerp(to, 0.5));
    window.run_steps(1);
    window.hover_at(to);
    window.run_steps(1);
    window.drop_at(to);
    settle(window);
}

fn copied(window: &mut Window) -> String {
    window.event(Event::Copy);
    let asked = settle(window);
    let text = asked.into_iter().find_map(|action| match action {
        Action::Copy { text, .. } => Some(text),
        _ => None,
    });
    text.unwrap_or_default()
}

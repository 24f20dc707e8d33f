//! The time bar and the tree at an earlier moment.

use std::path::Path;

use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Modifiers, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use mqttree::command::{Action, MomentAction};
use mqttree::message::Timestamp;
use mqttree::model::{Model, Seek, Seeking};
use mqttree::panels::scene::EarlierMoment;
use mqttree::panels::timebar::{HEIGHT, TimeBarView};
use mqttree::session::connection_log::LogEvent;
use mqttree::session::status::Rejection;

use crate::app::{Window, on_demo};
use crate::harness::{NOW, Stage, stage_of};
use crate::recordings::{record, shown};
use crate::snapshots::pictures;

/// Waits until a row has this value. What a row says changes once a second at most.
fn until_value(window: &mut Window, row: &str, value: u8) {
    window.until("the value", |harness| {
        let row = harness.query_by_role_and_label(Role::TreeItem, row);
        let description = row.and_then(|row| row.accesskit_node().description());
        description.is_some_and(|text| text.contains(&format!("{{\"value\":{value}}}")))
    });
}

fn press(window: &mut Window, modifiers: Modifiers, key: Key) {
    window.harness.key_press_modifiers(modifiers, key);
    window.harness.run_steps(3);
}

fn recorded(folder: &Path) -> Window {
    record(folder);
    shown(folder)
}

#[test]
fn a_recording_goes_back_message_by_message_and_returns_to_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = recorded(folder.path());
    press(&mut window, Modifiers::NONE, Key::F7);
    until_value(&mut window, "right", 1);
    until_value(&mut window, "left", 2);
    window.until_label("1 message since");
    press(&mut window, Modifiers::NONE, Key::F7);
    window.until_label("2 messages since");
    until_value(&mut window, "left", 1);
    press(&mut window, Modifiers::NONE, Key::F8);
    window.until_label("1 message since");

    press(&mut window, Modifiers::COMMAND, Key::L);
    until_value(&mut window, "right", 2);
    assert!(window.harness.query_by_label("Go to the end").is_none());
}

#[test]
fn the_changes_of_the_selected_topic_are_walked_through() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = recorded(folder.path());
    window.harness.get_by_role_and_label(Role::TreeItem, "left").click();
    window.harness.run_steps(3);
    for value in [1, 0] {
        window.harness.get_by_label("Previous change").click();
        until_value(&mut window, "left", value);
    }
    window.harness.get_by_label("Previous change").click();
    window.until_label("No further one is held");
    window.harness.get_by_label("Next change").click();
    until_value(&mut window, "left", 1);
}

#[test]
fn a_click_on_the_track_shows_the_tree_of_that_moment() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = recorded(folder.path());
    let track = window.harness.get_by_role_and_label(Role::Slider, "Moment shown").rect();
    // The messages came within two seconds, two each second.
    window.harness.drag_at(track.left_center() + vec2(track.width() * 0.25, 0.0));
    window.harness.run_steps(2);
    window.harness.drop_at(track.left_center() + vec2(track.width() * 0.25, 0.0));
    window.until_label("4 messages since");
    until_value(&mut window, "right", 0);
}

#[test]
fn playing_ends_where_the_recording_does() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = recorded(folder.path());
    for _ in 0..4 {
        press(&mut window, Modifiers::NONE, Key::F7);
    }
    window.until_label("4 messages since");
    window.harness.get_by_role_and_label(Role::ComboBox, "Speed").click();
    window.harness.run_steps(3);
    window.harness.get_by_label("1,000×").click();
    window.harness.run_steps(3);
    press(&mut window, Modifiers::NONE, Key::F9);
    until_value(&mut window, "right", 2);
}

#[test]
fn a_live_session_goes_on_receiving_while_an_earlier_moment_shows() {
    let mut window = on_demo();
    window.until_label("Connected to Demo");
    window.until("messages", |window| window.query_all_by_role(Role::TreeItem).count() > 3);
    assert!(window.harness.query_by_label("Moment shown").is_none(), "hidden until it is asked for");
    press(&mut window, Modifiers::COMMAND, Key::B);
    window.until_label("Moment shown");
    press(&mut window, Modifiers::NONE, Key::F7);
    window.until_label("Back to live");
    let mut counts = Vec::new();
    window.until("more and more messages", |harness| {
        let node = harness.query_all_by_label_contains(" since").next();
        let text = node.and_then(|node| node.accesskit_node().value()).unwrap_or_default();
        counts.extend(text.split(' ').next().and_then(|number| number.replace(',', "").parse::<u64>().ok()));
        counts.first() < counts.last()
    });
    window.click("Back to live");
    window.until("the present", |window| window.query_by_label("Back to live").is_none());
}

/// Two minutes of a busy and then a quiet connection, lost for a while.
fn busy() -> Stage<TimeBarView> {
    let mut stage = Stage::new(TimeBarView::default());
    stage.now = NOW;
    let start = NOW.0 - 120_000_000;
    for number in 0..600 {
        let at = Timestamp(start + number * 100_000 + (number % 7) * 9_000);
        for _ in 0..=(number / 40) % 5 {
            stage.receive("hall/left", number.to_string().as_bytes(), at);
        }
    }
    stage.receive("hall/right", b"1", Timestamp(NOW.0 - 1_000_000));
    let refused = LogEvent::SubscribeRefused { filter: "a".to_owned(), why: Rejection::Unexplained };
    stage.status.log(Timestamp(NOW.0 - 90_000_000), refused);
    stage
}

fn seek(model: &mut Model, to: Seek) {
    model.seek(to);
    while model.seek_on(NOW) == Seeking::More {}
}

fn rewound() -> Stage<TimeBarView> {
    let mut stage = busy();
    let at = Timestamp(NOW.0 - 80_000_000);
    seek(&mut stage.model, Seek::To(at));
    stage.earlier =
        Some(EarlierMoment { at, until: NOW, is_playing: false, is_seeking: false, found_nothing: false });
    stage
}

#[test]
fn a_point_on_the_track_asks_for_its_moment() {
    let mut harness = stage_of(busy(), vec2(600.0, HEIGHT + 16.0), eframe::egui::Theme::Dark);
    harness.run_steps(2);
    harness.get_by_label("Moment shown").click();
    harness.run_steps(2);
    let asked = harness.state().actions.iter().find_map(|action| match action {
        Action::Moment(MomentAction::Show(at)) => Some(at.0),
        _ => None,
    });
    let middle = NOW.0 - 60_000_000;
    assert!(asked.unwrap().abs_diff(middle) < 1_000_000, "{asked:?}");
}

#[test]
fn pictures_of_the_time_bar() {
    pictures("time-bar", vec2(700.0, HEIGHT + 16.0), busy);
}

#[test]
fn pictures_of_an_earlier_moment() {
    pictures("time-bar-rewound", vec2(700.0, HEIGHT + 16.0), rewound);
}

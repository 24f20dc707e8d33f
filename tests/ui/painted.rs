//! What rows of the tree paint and nothing else tells: the pin, the trend, and the flash of a value that changed.

use eframe::egui::{Pos2, Shape, Theme, vec2};
use egui_kittest::Harness;
use mqttree::message::{Flags, MessageRef, Payload, Timestamp};
use mqttree::panels::topics::TopicsView;
use mqttree::store::settings::Column;
use mqttree::ui::tokens::DARK;
use mqttree::ui::{icons, motion};

use crate::harness::{NOW, Stage, stage_of};

type Window = Harness<'static, Stage<TopicsView>>;

fn open(payloads: &[&str]) -> Window {
    let mut stage = Stage::new(TopicsView::default());
    stage.settings.columns.get_mut(Column::Trend).shown = true;
    for (index, payload) in payloads.iter().enumerate() {
        stage.receive("t", payload.as_bytes(), Timestamp(NOW.0 - 60_000_000 + index as i64));
    }
    let mut window = stage_of(stage, vec2(700.0, 200.0), Theme::Dark);
    window.run_steps(3);
    window
}

/// Everything that the last frame painted, out of groups of shapes.
fn painted(window: &Window) -> Vec<Shape> {
    let mut left: Vec<Shape> = window.output().shapes.iter().map(|clipped| clipped.shape.clone()).collect();
    let mut found = Vec::new();
    while let Some(shape) = left.pop() {
        match shape {
            Shape::Vec(shapes) => left.extend(shapes),
            shape => found.push(shape),
        }
    }
    found
}

fn pins(window: &Window) -> usize {
    let is_pin = |shape: &&Shape| matches!(shape, Shape::Text(text) if text.galley.text() == icons::PUSH_PIN);
    painted(window).iter().filter(is_pin).count()
}

/// The points of the trend, from left to right.
fn trend(window: &Window) -> Vec<Pos2> {
    let shapes = painted(window);
    let mut paths = shapes.iter().filter_map(|shape| match shape {
        Shape::Path(path) if !path.closed => Some(path.points.clone()),
        _ => None,
    });
    let trend = paths.next().unwrap_or_default();
    assert_eq!(paths.next(), None, "one row has one trend");
    trend
}

fn flashes(window: &Window) -> bool {
    let flash = DARK.flash.gamma_multiply(DARK.flash_opacity);
    painted(window).iter().any(|shape| matches!(shape, Shape::Rect(rect) if rect.fill == flash))
}

fn receive(window: &mut Window, payload: &[u8], retain: bool) {
    let flags = Flags { retain, ..Flags::default() };
    let payload = Payload::Small(payload);
    let message = MessageRef { topic: b"t", payload, flags, properties: None, arrived: NOW };
    window.state_mut().model.apply(message).unwrap();
    window.state_mut().model.roll_up(NOW);
    window.run_steps(2);
}

#[test]
fn what_is_known_to_be_retained_has_a_pin_until_it_is_cleared() {
    let mut window = open(&["1"]);
    assert_eq!(pins(&window), 0);
    receive(&mut window, b"2", true);
    assert_eq!(pins(&window), 1);
    receive(&mut window, b"", true);
    assert_eq!(pins(&window), 0, "an empty message clears the topic");
}

#[test]
fn a_value_flashes_when_it_differs_and_not_when_it_comes_again() {
    let mut window = open(&["1"]);
    assert!(!flashes(&window));
    receive(&mut window, b"1", false);
    assert!(!flashes(&window), "the same payload");
    receive(&mut window, b"2", false);
    assert!(flashes(&window), "another payload");
}

#[test]
fn nothing_flashes_where_motion_is_to_be_reduced() {
    let mut window = open(&["1"]);
    motion::set_reduced(&window.ctx, true);
    receive(&mut window, b"2", false);
    assert!(!flashes(&window));
    motion::set_reduced(&window.ctx, false);
    receive(&mut window, b"3", false);
    assert!(flashes(&window));
}

#[test]
fn the_trend_draws_the_numbers_of_the_history_from_the_smallest_to_the_largest() {
    let window = open(&["10", "30", "no number", "20"]);
    let [first, second, third] = trend(&window)[..] else { panic!("{:?}", trend(&window)) };
    assert!(first.x < second.x && second.x < third.x);
    assert!(second.y < third.y && third.y < first.y, "larger numbers are higher");
    let middle = f32::midpoint(first.y, second.y);
    assert!((third.y - middle).abs() < 0.1, "20 is half way between 10 and 30");
}

#[test]
fn one_number_and_texts_have_no_trend_and_equal_numbers_a_level_one() {
    assert!(trend(&open(&["10", "text"])).is_empty());
    let level = trend(&open(&["5", "5", "5"]));
    assert!(level.len() == 3 && level.windows(2).all(|pair| (pair[0].y - pair[1].y).abs() < 0.01));
}

//! Moving through time and values, reading what shows, and taking it elsewhere as an image.

use eframe::egui::epaint::ClippedShape;
use eframe::egui::{
    Event, Key, Modifiers, OutputCommand, PointerButton, Pos2, Rect, Shape, Theme, accesskit::Role, pos2,
    vec2,
};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use mqttree::message::Timestamp;
use mqttree::panels::plots::PlotsView;
use mqttree::store::plots::{AxisSpec, PlotAxes, PlotPage, PlotSpec};

use crate::harness::{NOW, Stage, stage, stage_of, until, wheel};
use crate::plot_pages::{arranged, carry_out as carry_out_all, report};
use crate::plot_series::{Plot, choose_in, drawing, large, lines, texts, toggle};
use crate::plots::{CHART, choose, copied, plot, plotted, seconds_ago};

/// Values that count up once a second for two minutes.
fn counting() -> Plot {
    let payloads: Vec<_> = (0..120).map(|value| value.to_string()).collect();
    let payloads: Vec<_> = payloads.iter().map(String::as_str).collect();
    large(plotted("a/b", &payloads))
}

fn chart(harness: &Plot) -> Rect {
    harness.get_by_label("Plot").rect()
}

fn follows(harness: &Plot) -> bool {
    harness.query_by_label("Follow").is_none()
}

fn fits(harness: &Plot) -> bool {
    harness.query_by_label("Fit values").is_none()
}

fn drag(harness: &mut Plot, from: Pos2, by: eframe::egui::Vec2, modifiers: Modifiers) {
    let button = PointerButton::Primary;
    harness.hover_at(from);
    harness.run_steps(1);
    harness.event(Event::PointerButton { pos: from, button, pressed: true, modifiers });
    harness.run_steps(2);
    harness.hover_at(from + by);
    harness.run_steps(2);
    harness.event(Event::PointerButton { pos: from + by, button, pressed: false, modifiers });
    harness.run_steps(2);
}

/// Everything that the last frame painted, out of groups of shapes.
fn painted(harness: &Plot) -> Vec<Shape> {
    let mut left: Vec<Shape> =
        harness.output().shapes.iter().map(|ClippedShape { shape, .. }| shape.clone()).collect();
    let mut all = Vec::new();
    while let Some(shape) = left.pop() {
        match shape {
            Shape::Vec(shapes) => left.extend(shapes),
            other => all.push(other),
        }
    }
    all
}

fn painted_texts(harness: &Plot) -> Vec<String> {
    let text = |shape: &Shape| match shape {
        Shape::Text(text) => Some(text.galley.text().to_owned()),
        _ => None,
    };
    painted(harness).iter().filter_map(text).collect()
}

/// The places of vertical lines that are painted within a rectangle.
fn verticals(harness: &Plot, within: Rect) -> Vec<i32> {
    let place = |shape: &Shape| match shape {
        Shape::LineSegment { points: [from, to], .. } if (from.x - to.x).abs() < 0.1 => {
            (within.contains(pos2(from.x, from.y.midpoint(to.y)))).then_some(from.x.round() as i32)
        }
        _ => None,
    };
    painted(harness).iter().filter_map(place).collect()
}

#[test]
fn the_wheel_over_an_axis_zooms_that_axis_alone() {
    let mut harness = counting();
    let frame = chart(&harness);
    let before = texts(&drawing(&mut harness)).len();
    wheel(&mut harness, pos2(frame.left() + 15.0, frame.center().y), 150.0, Modifiers::NONE);
    assert!(follows(&harness) && !fits(&harness), "the values");
    harness.get_by_label("Fit values").click();
    harness.run_steps(3);
    wheel(&mut harness, pos2(frame.center().x, frame.bottom() - 8.0), 150.0, Modifiers::NONE);
    assert!(!follows(&harness), "the time");
    harness.get_by_label("Follow").click();
    harness.run_steps(3);
    assert!(follows(&harness) && fits(&harness));
    assert_eq!(texts(&drawing(&mut harness)).len(), before);
}

#[test]
fn an_axis_that_is_dragged_moves_alone() {
    let mut harness = counting();
    let frame = chart(&harness);
    let height = |harness: &mut Plot| lines(&drawing(harness))[0].last().unwrap()[1];
    let before = height(&mut harness);
    drag(&mut harness, pos2(frame.left() + 15.0, frame.center().y), vec2(0.0, 40.0), Modifiers::NONE);
    assert!(follows(&harness) && !fits(&harness));
    let moved = height(&mut harness) - before;
    assert!((moved - 40.0).abs() < 1.0, "the values go with the pointer: {moved}");

    harness.get_by_label("Fit values").click();
    harness.run_steps(3);
    drag(&mut harness, pos2(frame.center().x, frame.bottom() - 8.0), vec2(60.0, 30.0), Modifiers::NONE);
    assert!(!follows(&harness));
    assert!(!copied(&mut harness).last().unwrap().ends_with(",119"), "it shows the past");
}

#[test]
fn one_axis_of_two_is_zoomed_and_the_other_stays() {
    let mut stage_ = Stage::new(PlotsView::of(&[PlotPage {
        plots: vec![PlotSpec {
            axes: PlotAxes { right: AxisSpec::default(), ..PlotAxes::default() },
            ..PlotSpec::default()
        }],
        ..PlotPage::default()
    }]));
    for second in 0..30 {
        let at = seconds_ago(f64::from(29 - second));
        stage_.receive("low", second.to_string().as_bytes(), at);
        stage_.receive("high", (second * 100).to_string().as_bytes(), at);
    }
    for topic in ["low", "high"] {
        let node = stage_.model.find(topic.as_bytes()).unwrap();
        plot(&mut stage_, node, None);
    }
    let mut harness = large(stage_);
    choose(&mut harness, "high: 2900", "Change series…");
    harness.get_by_label("Right").click();
    harness.run_steps(3);
    harness.get_by_label("Close the editor").click();
    harness.run_steps(3);
    let frame = chart(&harness);
    let span = |harness: &mut Plot| {
        let svg = drawing(harness);
        let spans = lines(&svg).into_iter().map(|line| line[0][1] - line[29][1]);
        spans.map(|span| span.round() as i32).collect::<Vec<_>>()
    };
    let before = span(&mut harness);
    wheel(&mut harness, pos2(frame.right() - 15.0, frame.center().y), 150.0, Modifiers::NONE);
    let after = span(&mut harness);
    assert_eq!(after[0], before[0], "left");
    assert!(after[1] > before[1] * 3 / 2, "right: {before:?} {after:?}");
}

#[test]
fn the_menu_says_what_dragging_does() {
    let mut harness = counting();
    choose_in(&mut harness, "Plot", "Dragging", "Drag to zoom to a box");
    drag(&mut harness, CHART, vec2(120.0, 0.0), Modifiers::NONE);
    assert!(!follows(&harness) && fits(&harness), "a flat box zooms the time alone");
    assert!((5..40).contains(&copied(&mut harness).len()));
    harness.get_by_label("Follow").click();
    harness.run_steps(3);
    choose_in(&mut harness, "Plot", "Dragging", "Drag to measure");
    drag(&mut harness, CHART, vec2(120.0, 0.0), Modifiers::NONE);
    assert!(follows(&harness));
    harness.get_by_label("Zoom to range");
}

#[test]
fn every_change_of_the_view_is_taken_back_in_turn() {
    let mut harness = counting();
    let frame = chart(&harness);
    let lines_at_first = copied(&mut harness);
    wheel(&mut harness, CHART, 150.0, Modifiers::NONE);
    harness.run_steps(60);
    let zoomed = copied(&mut harness);
    wheel(&mut harness, pos2(frame.left() + 15.0, frame.center().y), 150.0, Modifiers::NONE);
    assert!(!fits(&harness) || !follows(&harness));
    harness.get_by_label("Plot").focus();
    harness.run_steps(60);
    harness.key_press(Key::ArrowLeft);
    harness.run_steps(2);
    assert_ne!(copied(&mut harness), zoomed);
    for _ in 0..2 {
        harness.get_by_label("Plot").focus();
        harness.run_steps(2);
        harness.key_press(Key::Backspace);
        harness.run_steps(2);
    }
    assert_eq!(copied(&mut harness), zoomed);
    choose(&mut harness, "Plot", "Back to the view before");
    assert!(follows(&harness) && fits(&harness));
    assert_eq!(copied(&mut harness), lines_at_first);
}

#[test]
fn times_in_utc_are_kept_with_the_plot() {
    let mut harness = large(plotted("a/b", &["1", "2"]));
    toggle(&mut harness, "Times in UTC");
    let kept = carry_out_all(&mut harness).unwrap();
    assert!(kept[0].plots[0].axes.utc);
    assert!(texts(&drawing(&mut harness)).iter().any(|text| text.starts_with("11:59:")), "not a local time");
}

#[test]
fn the_cursor_says_the_value_of_every_series_at_its_time() {
    let mut stage_ = plotted("temperature", &["20", "22", "21"]);
    for (second, value) in [(2.0, "1000"), (1.0, "3000"), (0.0, "2000")] {
        stage_.receive("speed", value.as_bytes(), seconds_ago(second));
    }
    let node = stage_.model.find(b"speed").unwrap();
    plot(&mut stage_, node, None);
    let mut harness = large(stage_);
    harness.get_by_label("10 s").click();
    harness.run_steps(3);
    let middle = lines(&drawing(&mut harness))[0][1][0] as f32;
    harness.hover_at(pos2(middle, CHART.y));
    harness.run_steps(3);
    let texts = painted_texts(&harness);
    let has = |value: &str| texts.iter().any(|text| text.starts_with(&format!("{value}  ")));
    assert!(has("22") && has("3000"), "{texts:?}");
}

#[test]
fn the_cursor_of_one_plot_shows_in_the_others() {
    let mut stage_ = Stage::new(PlotsView::of(&arranged()[..1]));
    for room in ["kitchen", "hall"] {
        report(&mut stage_, room, 20.0);
    }
    let mut harness = stage_of(stage_, vec2(1_000.0, 600.0), Theme::Dark);
    carry_out_all(&mut harness);
    let charts: Vec<Rect> =
        harness.get_all_by_role_and_label(Role::Image, "Plot").map(|node| node.rect()).collect();
    let (first, second) = (charts[0], charts[1]);
    let before = verticals(&harness, second).len();
    harness.hover_at(first.center());
    harness.run_steps(4);
    assert_eq!(verticals(&harness, second).len(), before + 1);
}

#[test]
fn an_end_of_a_marked_range_is_dragged_and_the_table_has_the_difference() {
    let mut harness = counting();
    drag(&mut harness, CHART, vec2(150.0, 0.0), Modifiers::SHIFT);
    let figures = |harness: &Plot| {
        let row = harness.query_by_label_contains("a/b: Count")?.accesskit_node().value()?;
        let of = |name: &str| row.split(", ").find_map(|part| part.strip_prefix(name))?.parse::<f64>().ok();
        Some([of("At A ")?, of("At B ")?, of("B − A ")?])
    };
    until(&mut harness, "the table", |harness| figures(harness).is_some());
    let [a, b, difference] = figures(&harness).unwrap();
    assert!(b > a && (b - a - difference).abs() < 1e-9, "{a} {b} {difference}");
    drag(&mut harness, CHART + vec2(150.0, 0.0), vec2(60.0, 0.0), Modifiers::NONE);
    until(&mut harness, "the other end", |harness| {
        figures(harness).is_some_and(|[same, later, more]| {
            (same - a).abs() < 1e-9 && later > b && (later - same - more).abs() < 1e-9
        })
    });
    assert!(follows(&harness), "the view did not move");
    harness.key_press(Key::Escape);
    harness.run_steps(2);
    harness.get_by_label("Plot").focus();
    harness.run_steps(2);
    harness.key_press(Key::Escape);
    harness.run_steps(2);
    assert!(harness.query_by_label("Zoom to range").is_none());
}

#[test]
fn the_message_that_the_inspector_shows_is_marked() {
    let mut harness = large(plotted("a/b", &["1", "5", "2"]));
    let rings = |harness: &Plot| {
        let ring = |shape: &&Shape| matches!(shape, Shape::Circle(circle) if circle.radius > 5.5 && circle.stroke.width > 1.0);
        painted(harness).iter().filter(ring).count()
    };
    harness.run_steps(2);
    assert_eq!(rings(&harness), 0);
    let stage = harness.state_mut();
    let node = stage.model.find(b"a/b").unwrap();
    stage.inspected = stage.model.message_at(node, Timestamp(NOW.0 - 1_000_000));
    assert!(stage.inspected.is_some());
    harness.run_steps(2);
    assert_eq!(rings(&harness), 1);
}

#[test]
fn what_shows_is_copied_as_an_image() {
    let mut harness = large(plotted("a/b", &["1", "5", "2"]));
    harness.get_by_label("Plot").click_secondary();
    harness.run_steps(4);
    harness.get_by_role_and_label(Role::MenuItem, "Export").click();
    harness.run_steps(4);
    harness.get_by_role_and_label(Role::MenuItem, "Copy as image").click();
    let image = |harness: &Plot| {
        harness.output().platform_output.commands.iter().find_map(|command| match command {
            OutputCommand::CopyImage(image) => Some(image.clone()),
            _ => None,
        })
    };
    until(&mut harness, "the image", |harness| image(harness).is_some());
    let image = image(&harness).unwrap();
    assert!(image.width() > 300 && image.height() > 200);
    assert!(image.pixels.iter().any(|pixel| *pixel != image.pixels[0]), "it is not empty");
}

#[test]
fn a_series_that_is_being_filled_says_how_far_it_is() {
    let payloads: Vec<_> = (0..2_560).map(|value| value.to_string()).collect();
    let payloads: Vec<_> = payloads.iter().map(String::as_str).collect();
    let mut harness = stage(plotted("a/b", &payloads));
    let said = |harness: &Plot| harness.get_by_label("a/b: 2559").accesskit_node().description();
    assert_eq!(said(&harness).as_deref(), Some("reading the history: 10 %"));
    while harness.state_mut().model.fill_series() {}
    harness.run_steps(2);
    assert_eq!(said(&harness), None);
    harness.get_by_label("All").click();
    harness.run_steps(2);
    assert_eq!(copied(&mut harness).len(), 2_560);
}

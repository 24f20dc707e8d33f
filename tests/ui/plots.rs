//! The plots.

use std::time::{Duration, Instant};

use eframe::egui::{Modifiers, Pos2, Theme, accesskit::Role, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use mqttree::command::{Action, PlotAction, TopicAction};
use mqttree::message::Timestamp;
use mqttree::model::{NodeId, SeriesId, Transform};
use mqttree::panels::plots::{PlotsView, Rereading};
use mqttree::payload::query::JsonPath;
use mqttree::query::{NumberAt, Plotted, PlottedAs};

use crate::harness::{NOW, Stage, stage, stage_of, until, wheel};

/// A point in the chart at the harness's default size.
pub const CHART: Pos2 = pos2(300.0, 130.0);

pub fn seconds_ago(seconds: f64) -> Timestamp {
    Timestamp(NOW.0 - (seconds * 1e6) as i64)
}

pub fn plot(stage: &mut Stage<PlotsView>, node: NodeId, path: Option<JsonPath>) -> SeriesId {
    let read = PlottedAs { path: path.as_ref(), ..PlottedAs::default() };
    let extractor = Plotted::new(read, None).unwrap();
    let series = stage.model.add_series(node, Box::new(extractor)).unwrap();
    if let Some(unused) = stage.panel.add(node, path, series) {
        stage.model.remove_series(unused);
    }
    series
}

/// A plot of a topic that received these payloads, one a second, the last one now.
pub fn plotted(topic: &str, payloads: &[&str]) -> Stage<PlotsView> {
    let mut stage = Stage::new(PlotsView::default());
    let mut node = None;
    for (index, payload) in payloads.iter().enumerate() {
        let at = seconds_ago((payloads.len() - 1 - index) as f64);
        node = Some(stage.receive(topic, payload.as_bytes(), at));
    }
    plot(&mut stage, node.unwrap(), None);
    stage
}

/// What `Copy as CSV` puts on the clipboard, without the header line.
pub fn copied(harness: &mut Harness<'_, Stage<PlotsView>>) -> Vec<String> {
    harness.state_mut().actions.clear();
    harness.get_by_label("Copy as CSV").click();
    let end = Instant::now() + Duration::from_secs(10);
    loop {
        harness.step();
        let text = harness.state().actions.iter().find_map(|action| match action {
            Action::Copy { text, .. } => Some(text.clone()),
            _ => None,
        });
        if let Some(text) = text {
            return text.lines().skip(1).map(str::to_owned).collect();
        }
        assert!(Instant::now() < end, "nothing was copied");
        std::thread::yield_now();
    }
}

#[test]
fn an_empty_plot_says_how_to_add_a_series() {
    let harness = stage(Stage::new(PlotsView::default()));
    harness.get_by_label("Select a number in a payload and press its plot button");
}

#[test]
fn a_series_shows_its_topic_path_and_newest_value() {
    let mut stage_ = Stage::new(PlotsView::default());
    let node = stage_.receive("工厂/温度", br#"{"value": 21.5}"#, NOW);
    plot(&mut stage_, node, Some("value".parse().unwrap()));
    let mut harness = stage(stage_);
    harness.get_by_label("工厂/温度 · value: 21.5");

    harness.state_mut().receive("工厂/温度", br#"{"value": 22.25}"#, NOW);
    harness.run_steps(2);
    harness.get_by_label("工厂/温度 · value: 22.25");
}

#[test]
fn plotting_the_same_number_twice_shows_it_once() {
    let mut stage_ = plotted("a/b", &["1", "2"]);
    let node = stage_.model.find(b"a/b").unwrap();
    let second = plot(&mut stage_, node, None);
    assert!(stage_.model.series(second).is_none(), "the model keeps nothing that no one shows");
    let harness = stage(stage_);
    assert_eq!(harness.get_all_by_label("a/b: 2").count(), 1);
}

#[test]
fn a_removed_series_is_given_back_to_the_model() {
    let mut harness = stage(plotted("a/b", &["1", "2"]));
    harness.get_by_label("Remove series a/b").click();
    harness.run_steps(2);
    let is_kept = |action: &&Action| matches!(action, Action::Plot(PlotAction::Keep(_)));
    let last = harness.state().actions.iter().rfind(|action| !is_kept(action));
    assert!(matches!(last, Some(Action::Plot(PlotAction::Remove(_)))));
    harness.get_by_label("Nothing plotted yet");
}

#[test]
fn a_hidden_series_stays_in_the_list_and_leaves_the_chart() {
    let mut harness = stage(plotted("a/b", &["1", "2"]));
    harness.get_by_label("Hide series a/b").click();
    harness.run_steps(2);
    assert!(copied(&mut harness).is_empty());
    harness.get_by_label("Show series a/b").click();
    harness.run_steps(2);
    assert_eq!(copied(&mut harness).len(), 2);
}

#[test]
fn a_cleared_series_begins_again() {
    let mut harness = stage(plotted("a/b", &["1", "2"]));
    harness.state_mut().now = Timestamp(NOW.0 + 1);
    harness.run_steps(1);
    harness.get_by_label("Clear series a/b").click();
    harness.run_steps(2);
    harness.get_by_label("a/b: no value");
    assert!(copied(&mut harness).is_empty());

    harness.state_mut().receive("a/b", b"7", Timestamp(NOW.0 + 1_000_000));
    harness.state_mut().now = Timestamp(NOW.0 + 2_000_000);
    harness.run_steps(2);
    harness.get_by_label("a/b: 7");
    assert_eq!(copied(&mut harness).len(), 1);
}

#[test]
fn the_window_decides_how_much_of_the_past_is_copied() {
    let payloads: Vec<_> = (0..100).map(|value| value.to_string()).collect();
    let payloads: Vec<_> = payloads.iter().map(String::as_str).collect();
    let mut harness = stage(plotted("a/b", &payloads));
    assert_eq!(copied(&mut harness).len(), 61, "a minute, both ends included");
    harness.get_by_label("10 s").click();
    harness.run_steps(2);
    let lines = copied(&mut harness);
    assert_eq!(lines.first().unwrap(), "2026-11-22T11:59:50.000000Z,a/b,,89");
    assert_eq!(lines.last().unwrap(), "2026-11-22T12:00:00.000000Z,a/b,,99");
    harness.get_by_label("All").click();
    harness.run_steps(2);
    assert_eq!(copied(&mut harness).len(), 100);
}

#[test]
fn the_plot_follows_the_present_until_it_is_zoomed_and_follow_brings_it_back() {
    let mut harness = stage(plotted("a/b", &["1", "2", "3"]));
    assert!(harness.query_by_label("Follow").is_none());
    wheel(&mut harness, CHART, 400.0, Modifiers::NONE);
    harness.get_by_label("Follow");
    let lines = copied(&mut harness);

    harness.state_mut().receive("a/b", b"4", Timestamp(NOW.0 + 5_000_000));
    harness.state_mut().now = Timestamp(NOW.0 + 5_000_000);
    harness.run_steps(2);
    assert_eq!(copied(&mut harness), lines, "what shows stands still");

    harness.get_by_label("Follow").click();
    harness.run_steps(2);
    assert!(harness.query_by_label("Follow").is_none());
    assert!(copied(&mut harness).last().unwrap().ends_with(",a/b,,4"));
}

#[test]
fn dragging_shows_the_past() {
    let payloads: Vec<_> = (0..200).map(|value| value.to_string()).collect();
    let payloads: Vec<_> = payloads.iter().map(String::as_str).collect();
    let mut harness = stage(plotted("a/b", &payloads));
    harness.drag_at(CHART);
    harness.run_steps(2);
    harness.hover_at(CHART + vec2(300.0, 0.0));
    harness.run_steps(2);
    harness.drop_at(CHART + vec2(300.0, 0.0));
    harness.run_steps(2);
    let lines = copied(&mut harness);
    assert!(!lines.last().unwrap().ends_with(",199"), "{lines:?}");
    assert!(lines.len() > 50, "{lines:?}");
    harness.get_by_label("Follow");
}

#[test]
fn the_wheel_with_ctrl_zooms_the_values_and_the_plot_goes_on_following() {
    let mut harness = stage(plotted("a/b", &["1", "2", "3"]));
    wheel(&mut harness, CHART, 200.0, Modifiers::COMMAND);
    assert!(harness.query_by_label("Follow").is_none());
    harness.get_by_label("Fit values").click();
    harness.run_steps(2);
    assert!(harness.query_by_label("Fit values").is_none());
}

#[test]
fn a_paused_view_shows_nothing_newer() {
    let mut stage_ = plotted("a/b", &["1", "2"]);
    stage_.paused = true;
    stage_.receive("a/b", b"3", Timestamp(NOW.0 + 1_000_000));
    let mut harness = stage(stage_);
    harness.get_by_label("a/b: 2");
    assert_eq!(copied(&mut harness).len(), 2);
}

#[test]
fn payloads_without_a_number_are_no_values() {
    let mut harness = stage(plotted("a/b", &["1", "NaN", "offline", "", "5"]));
    let lines = copied(&mut harness);
    let values: Vec<_> = lines.iter().map(|line| line.rsplit(',').next().unwrap()).collect();
    assert_eq!(values, ["1", "5"]);
}

#[test]
fn a_click_on_a_series_selects_its_topic() {
    let mut harness = stage(plotted("a/b", &["1"]));
    harness.get_by_label("a/b: 1").click();
    harness.run_steps(2);
    let node = harness.state().model.find(b"a/b").unwrap();
    assert!(
        harness
            .state()
            .actions
            .iter()
            .any(|action| matches!(action, Action::Topic(TopicAction::Select(found)) if *found == node))
    );
}

#[test]
fn the_keyboard_moves_through_time() {
    let mut harness = stage(plotted("a/b", &["1", "2", "3"]));
    harness.get_by_label("Plot").focus();
    harness.run_steps(2);
    harness.key_press(eframe::egui::Key::ArrowLeft);
    harness.run_steps(2);
    harness.get_by_label("Follow");
    harness.key_press(eframe::egui::Key::End);
    harness.run_steps(2);
    assert!(harness.query_by_label("Follow").is_none());
}

/// Opens the menu of what has this name, and chooses an entry.
pub fn choose(harness: &mut Harness<'_, Stage<PlotsView>>, of: &str, entry: &str) {
    harness.get_by_label(of).click_secondary();
    harness.run_steps(4);
    // What is computed from a series stands in a menu of its own.
    if harness.query_by_role_and_label(Role::MenuItem, entry).is_none() {
        harness.get_by_role_and_label(Role::MenuItem, "Plot what is computed from it").click();
        harness.run_steps(4);
    }
    harness.get_by_role_and_label(Role::MenuItem, entry).click();
    harness.run_steps(4);
}

/// Does with the model what the app does for the last action of a plot.
pub fn carry_out(harness: &mut Harness<'_, Stage<PlotsView>>) {
    let stage = harness.state_mut();
    let derived = stage.actions.iter().rev().find_map(|action| match action {
        Action::Plot(PlotAction::Derive { of, transform }) => Some((*of, *transform)),
        _ => None,
    });
    let (of, transform) = derived.unwrap();
    let series = stage.model.add_derived(of, transform).unwrap();
    if let Some(unused) = stage.panel.add_derived(of, transform, series) {
        stage.model.remove_series(unused);
    }
    harness.run_steps(2);
}

#[test]
fn what_is_computed_from_a_series_stands_beside_it_and_goes_with_it() {
    let mut harness = stage(plotted("a/b", &["1", "3", "7"]));
    choose(&mut harness, "a/b: 7", "Change per second");
    carry_out(&mut harness);
    harness.get_by_label("a/b · Change per second: 4");

    choose(&mut harness, "a/b: 7", "Change per second");
    carry_out(&mut harness);
    assert_eq!(harness.get_all_by_label("a/b · Change per second: 4").count(), 1);

    harness.get_by_label("Remove series a/b").click();
    harness.run_steps(2);
    harness.get_by_label("Nothing plotted yet");
    let removed =
        harness.state().actions.iter().filter(|it| matches!(it, Action::Plot(PlotAction::Remove(_))));
    assert_eq!(removed.count(), 2, "the model keeps nothing that no one shows");
}

#[test]
fn the_difference_of_two_series_is_named_after_both() {
    let mut stage_ = plotted("a", &["10", "12"]);
    let other = stage_.receive("b", b"5", seconds_ago(1.0));
    plot(&mut stage_, other, None);
    stage_.receive("a", b"13", NOW);
    // A window as high as the menu.
    let mut harness = stage_of(stage_, vec2(1_000.0, 640.0), Theme::Dark);
    choose(&mut harness, "a: 13", "Less b");
    assert!(matches!(
        harness.state().actions.last(),
        Some(Action::Plot(PlotAction::Derive { transform: Transform::Difference(_), .. }))
    ));
    carry_out(&mut harness);
    harness.get_by_label("a · Less b: 8");
}

#[test]
fn one_line_can_be_shown_alone_and_all_again() {
    let mut stage_ = plotted("a", &["1"]);
    let other = stage_.receive("b", b"2", NOW);
    plot(&mut stage_, other, None);
    let mut harness = stage(stage_);
    choose(&mut harness, "a: 1", "Show only this line");
    assert_eq!(copied(&mut harness).len(), 1);
    choose(&mut harness, "a: 1", "Show all lines");
    assert_eq!(copied(&mut harness).len(), 2);
}

#[test]
fn a_range_that_is_marked_shows_its_statistics() {
    let mut harness = stage(plotted("a/b", &["1", "2", "3", "4", "5"]));
    choose(&mut harness, "Plot", "Statistics of what shows");
    let row = "a/b: Count 5, Min 1, Max 5, Mean 3, σ 1.41421, p5 1, p50 3, p95 5, Last 5, \
               Per second 0.08333, Integral 12, Interval s 1, Jitter s 0, Longest s 1, At B 5";
    until(&mut harness, "the statistics", |harness| harness.query_by_label(row).is_some());

    harness.state_mut().actions.clear();
    harness.get_by_label("Copy statistics").click();
    harness.run_steps(2);
    let text = harness.state().actions.iter().find_map(|action| match action {
        Action::Copy { text, .. } => Some(text.clone()),
        _ => None,
    });
    assert!(text.unwrap().ends_with("\na/b\t5\t1\t5\t3\t1.41421\t1\t3\t5\t5\t0.08333\t12\t1\t0\t1\t\t5\t\t"));

    harness.get_by_label("Close statistics").click();
    harness.run_steps(2);
    assert!(harness.query_by_label("Copy statistics").is_none());
}

#[test]
fn dragging_with_shift_marks_a_range_and_the_plot_goes_on_following() {
    let payloads: Vec<_> = (0..61).map(|value| value.to_string()).collect();
    let payloads: Vec<_> = payloads.iter().map(String::as_str).collect();
    let mut harness = stage(plotted("a/b", &payloads));
    let (button, modifiers) = (eframe::egui::PointerButton::Primary, Modifiers::SHIFT);
    harness.event(eframe::egui::Event::PointerButton { pos: CHART, button, pressed: true, modifiers });
    harness.run_steps(2);
    harness.hover_at(CHART + vec2(100.0, 0.0));
    harness.run_steps(2);
    harness.drop_at(CHART + vec2(100.0, 0.0));
    harness.run_steps(2);
    assert!(harness.query_by_label("Follow").is_none());
    harness.get_by_label("Zoom to range").click();
    harness.run_steps(2);
    let lines = copied(&mut harness);
    assert!((5..20).contains(&lines.len()), "{lines:?}");
    harness.get_by_label("Follow");
}

#[test]
fn one_key_takes_back_a_change_of_the_view() {
    let mut harness = stage(plotted("a/b", &["1", "2", "3"]));
    harness.get_by_label("Plot").focus();
    harness.run_steps(2);
    harness.key_press(eframe::egui::Key::ArrowLeft);
    harness.run_steps(2);
    harness.get_by_label("Follow");
    harness.key_press(eframe::egui::Key::Backspace);
    harness.run_steps(2);
    assert!(harness.query_by_label("Follow").is_none());
}

#[test]
fn a_plot_says_the_last_the_lowest_and_the_highest_of_what_shows() {
    let mut harness = stage(plotted("hall/temperature", &["20.5", "23", "22"]));
    harness.run_steps(8);
    let chart = harness.get_by_role_and_label(Role::Image, "Plot");
    let told = chart.accesskit_node().description();
    assert_eq!(told.as_deref(), Some("hall/temperature: last 22, lowest 20.5, highest 23"));
}

#[test]
fn numbers_are_read_anew_from_the_messages_that_are_held() {
    let mut stage = Stage::new(PlotsView::default());
    stage.receive("raw", &[0x66, 0x08], seconds_ago(1.0));
    let node = stage.receive("raw", &[0x98, 0x08], seconds_ago(0.0));
    let path: Option<JsonPath> = Some("temp".parse().unwrap());
    let old = plot(&mut stage, node, path.clone());
    assert_eq!(stage.model.series(old).unwrap().len(), 0);
    let Stage { panel, model, .. } = &mut stage;
    let mean = Transform::MovingAverage(60.0);
    let computed = model.add_derived(old, mean).unwrap();
    assert_eq!(panel.add_derived(old, mean, computed), None);
    let mut new = None;
    panel.read_again(None, |Rereading { node, read, old }| {
        let choice = Some("struct:u16le temp/100".parse().unwrap());
        new = model.add_series(node, Box::new(NumberAt { path: read.path.cloned(), choice }));
        model.remove_series(old);
        Some((new?, None))
    });
    let mut computed = None;
    panel.derive_again(|of, transform, old| {
        computed = model.add_derived(of, transform);
        model.remove_series(old);
        computed
    });
    assert_eq!(stage.model.series(new.unwrap()).unwrap().len(), 2);
    assert_eq!(stage.model.series(computed.unwrap()).unwrap().len(), 2, "what is computed follows");
}

/// Does what the app does when a series is to be read in another way.
pub fn read_again(harness: &mut Harness<'_, Stage<PlotsView>>) {
    let stage = harness.state_mut();
    let asked = stage.actions.iter().rev().find_map(|action| match action {
        Action::Plot(PlotAction::Read(series)) => Some(*series),
        _ => None,
    });
    let Stage { panel, model, .. } = stage;
    panel.read_again(asked, |Rereading { node, read, old }| {
        let extractor = Plotted::new(read, None).unwrap();
        let names = extractor.names();
        let series = model.add_series(node, Box::new(extractor))?;
        model.remove_series(old);
        Some((series, names))
    });
    harness.run_steps(3);
}

pub fn write(harness: &mut Harness<'_, Stage<PlotsView>>, field: &str, text: &str) {
    harness.get_by_role_and_label(Role::TextInput, field).click();
    harness.run_steps(2);
    harness.key_press_modifiers(Modifiers::COMMAND, eframe::egui::Key::A);
    harness.run_steps(1);
    harness.event(eframe::egui::Event::Text(text.to_owned()));
    harness.run_steps(2);
}

/// The editor of the only series, in a plot with room for it.
pub fn edited(topic: &str, payloads: &[&str]) -> Harness<'static, Stage<PlotsView>> {
    let last = payloads.last().copied().unwrap_or_default().to_owned();
    let mut harness = stage_of(plotted(topic, payloads), vec2(1_000.0, 600.0), Theme::Dark);
    let row =
        if last.parse::<f64>().is_ok() { format!("{topic}: {last}") } else { format!("{topic}: no value") };
    choose(&mut harness, &row, "Change series…");
    harness
}

#[test]
fn a_series_has_a_name_a_unit_and_a_scale_of_its_own() {
    let mut harness = edited("a/b", &["1", "2", "3"]);
    write(&mut harness, "Series name", "Boiler");
    write(&mut harness, "Unit", "°F");
    write(&mut harness, "Multiply by", "1.8");
    write(&mut harness, "Then add", "32");
    harness.get_by_label("Close the editor").click();
    harness.run_steps(3);
    harness.get_by_label("Boiler: 37.4 °F");
}

#[test]
fn a_formula_with_a_mistake_is_marked_at_the_character_and_a_whole_one_is_computed() {
    let mut harness = edited("a/b", &[r#"{"t": 0}"#, r#"{"t": 100}"#, r#"{"x": 1}"#]);
    harness.get_by_label("Formula").click();
    harness.run_steps(2);
    write(&mut harness, "Formula", ".t * ");
    let marked = |harness: &Harness<'_, Stage<PlotsView>>| {
        harness
            .query_all_by_role(Role::Label)
            .any(|label| label.accesskit_node().value().is_some_and(|text| text.starts_with("Character ")))
    };
    assert!(marked(&harness));
    write(&mut harness, "Formula", ".t * 1.8 + 32");
    assert!(!marked(&harness));
    harness.get_by_label("Read again").click();
    harness.run_steps(2);
    read_again(&mut harness);
    let lines = copied(&mut harness);
    assert_eq!(lines.len(), 2, "one message has no value: {lines:?}");
    assert!(lines[0].ends_with(",32") && lines[1].ends_with(",212"), "{lines:?}");
}

#[test]
fn states_are_spans_whose_names_can_be_changed() {
    let mut harness = edited("machine", &["idle", "run", "idle"]);
    harness.get_by_label("State").click();
    harness.run_steps(2);
    read_again(&mut harness);
    write(&mut harness, "Shown for run", "running");
    harness.get_by_label("Close the editor").click();
    harness.run_steps(3);
    harness.get_by_label("machine: idle");
    let lines = copied(&mut harness);
    assert!(lines[1].ends_with(",running"), "{lines:?}");
    choose(&mut harness, "Plot", "Statistics of what shows");
    until(&mut harness, "the time in each state", |harness| {
        harness.query_by_label_contains("idle 1 s, running 1 s").is_some()
    });
}

#[test]
fn the_payload_may_say_when_its_value_was_measured() {
    let of =
        |seconds: f64| format!(r#"{{"t": {seconds}, "ts": {}}}"#, NOW.0 / 1_000_000 - 10 - seconds as i64);
    let payloads = [of(1.0), of(2.0), of(3.0)];
    let payloads: Vec<_> = payloads.iter().map(String::as_str).collect();
    let mut harness = edited("a/b", &payloads);
    harness.get_by_label("Formula").click();
    harness.run_steps(2);
    write(&mut harness, "Formula", ".t");
    write(&mut harness, "Time from", "ts");
    harness.get_by_label("Read again").click();
    harness.run_steps(2);
    read_again(&mut harness);
    let lines = copied(&mut harness);
    assert_eq!(lines[0], "2026-11-22T11:59:47.000000Z,a/b,,3", "they came in the other order: {lines:?}");
    assert_eq!(lines.len(), 3);
}

#[test]
fn a_box_zooms_time_and_values_and_one_key_takes_it_back() {
    let payloads: Vec<_> = (0..61).map(|value| value.to_string()).collect();
    let payloads: Vec<_> = payloads.iter().map(String::as_str).collect();
    let mut harness = stage(plotted("a/b", &payloads));
    let (button, modifiers) = (eframe::egui::PointerButton::Primary, Modifiers::COMMAND);
    harness.event(eframe::egui::Event::PointerButton { pos: CHART, button, pressed: true, modifiers });
    harness.run_steps(2);
    harness.hover_at(CHART + vec2(100.0, 40.0));
    harness.run_steps(2);
    harness.drop_at(CHART + vec2(100.0, 40.0));
    harness.run_steps(2);
    harness.get_by_label("Follow");
    let lines = copied(&mut harness);
    assert!((5..25).contains(&lines.len()), "{lines:?}");
    harness.get_by_label("Plot").focus();
    harness.run_steps(2);
    harness.key_press(eframe::egui::Key::Backspace);
    harness.run_steps(2);
    assert!(harness.query_by_label("Follow").is_none());
}

#[test]
fn a_series_whose_value_stops_coming_says_since_when() {
    let harness = stage(plotted("a/b", &["1", "2", "gone", "gone"]));
    let row = harness.get_by_label("a/b: 2");
    let description = row.accesskit_node().description().unwrap_or_default();
    assert!(
        description.contains("no value since") && description.contains("2 messages without a value"),
        "{description}"
    );
}

/// Saves what shows in one of the ways of the menu; returns the file.
pub fn saved(harness: &mut Harness<'_, Stage<PlotsView>>, entry: &str) -> (String, Vec<u8>) {
    harness.state_mut().actions.clear();
    harness.get_by_label("Plot").click_secondary();
    harness.run_steps(4);
    harness.get_by_role_and_label(Role::MenuItem, "Export").click();
    harness.run_steps(4);
    harness.get_by_role_and_label(Role::MenuItem, entry).click();
    let end = Instant::now() + Duration::from_secs(30);
    loop {
        harness.step();
        let file = harness.state().actions.iter().find_map(|action| match action {
            Action::Save { name, bytes } => Some((name.clone(), bytes.to_vec())),
            _ => None,
        });
        if let Some(file) = file {
            return file;
        }
        assert!(Instant::now() < end, "nothing was saved");
        std::thread::yield_now();
    }
}

#[test]
fn what_shows_is_saved_as_a_picture_a_drawing_and_a_table() {
    let plot = || stage(plotted("a/b", &["1", "5", "2"]));
    let (name, png) = saved(&mut plot(), "Save as PNG…");
    let picture = image::load_from_memory(&png).unwrap().to_rgba8();
    assert_eq!(name, "plot.png");
    assert!(picture.width() > 200);
    let first = *picture.get_pixel(0, 0);
    assert!(picture.pixels().any(|pixel| *pixel != first), "the picture is not empty");

    let (_, svg) = saved(&mut plot(), "Save as SVG…");
    let svg = String::from_utf8(svg).unwrap();
    assert!(svg.contains("<polyline") && svg.contains(">a/b</text>"), "{svg}");

    let (_, csv) = saved(&mut plot(), "Save as CSV, one column a series…");
    let csv = String::from_utf8(csv).unwrap();
    let values: Vec<_> = csv.lines().skip(1).filter_map(|line| line.split(',').nth(1)).collect();
    assert_eq!((csv.lines().next(), values), (Some("time,a/b"), vec!["1", "5", "2"]));
}

#[test]
fn a_point_that_is_clicked_shows_its_message() {
    let mut harness = stage(plotted("a/b", &["1", "1", "1", "1", "1"]));
    let picture = harness.get_by_label("Plot").rect();
    // All values are in the middle of the axis; the newest one is at its right end.
    let at = |x: f32| pos2(x, picture.top() + 8.0 + (picture.height() - 28.0) / 2.0);
    for x in (picture.left() as i32..picture.right() as i32).step_by(6) {
        harness.hover_at(at(x as f32));
        harness.drag_at(at(x as f32));
        harness.drop_at(at(x as f32));
        harness.run_steps(1);
        std::thread::yield_now();
    }
    let inspected = harness
        .state()
        .actions
        .iter()
        .any(|action| matches!(action, Action::Topic(TopicAction::Inspect(Some(_)))));
    assert!(inspected);
}

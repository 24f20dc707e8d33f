//! How series are drawn: every kind, axes, colours, what is odd about values, and what is computed from them. What shows
//! is read from the drawing that a person would save.

use eframe::egui::{Theme, accesskit::Role, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use mqttree::message::Timestamp;
use mqttree::model::{Limits, Model};
use mqttree::panels::plots::PlotsView;

use crate::harness::{NOW, Stage, stage_of, until};
use crate::plots::{carry_out, choose, copied, edited, plot, plotted, read_again, saved, seconds_ago, write};

pub type Plot = Harness<'static, Stage<PlotsView>>;

/// A plot with room for every menu.
pub fn large(stage_: Stage<PlotsView>) -> Plot {
    stage_of(stage_, vec2(1_000.0, 640.0), Theme::Dark)
}

/// What shows, as the drawing that is saved.
pub fn drawing(harness: &mut Plot) -> String {
    String::from_utf8(saved(harness, "Save as SVG…").1).unwrap()
}

/// Chooses an entry of a menu within the menu of something.
pub fn choose_in(harness: &mut Plot, of: &str, menu: &str, entry: &str) {
    harness.get_by_label(of).click_secondary();
    harness.run_steps(4);
    harness.get_by_role_and_label(Role::MenuItem, menu).click();
    harness.run_steps(4);
    let checked = harness.query_by_role_and_label(Role::MenuItemCheckBox, entry).is_some();
    let role = if checked { Role::MenuItemCheckBox } else { Role::MenuItem };
    harness.get_by_role_and_label(role, entry).click();
    harness.run_steps(4);
}

/// Turns an entry of the chart's menu on or off.
pub fn toggle(harness: &mut Plot, entry: &str) {
    harness.get_by_label("Plot").click_secondary();
    harness.run_steps(4);
    harness.get_by_role_and_label(Role::MenuItemCheckBox, entry).click();
    harness.run_steps(4);
}

/// The attribute of an element.
fn attribute<'a>(element: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = element.split_once(&format!(" {name}=\""))?;
    Some(rest.split_once('"')?.0)
}

fn elements<'a>(svg: &'a str, name: &str) -> Vec<&'a str> {
    let start = format!("<{name} ");
    svg.lines().filter(|line| line.starts_with(&start)).collect()
}

fn points(element: &str) -> Vec<[f64; 2]> {
    let pair = |pair: &str| {
        let (x, y) = pair.split_once(',').unwrap();
        [x.parse().unwrap(), y.parse().unwrap()]
    };
    attribute(element, "points").unwrap().split_whitespace().map(pair).collect()
}

/// The lines of series: what else is drawn is thinner.
pub fn lines(svg: &str) -> Vec<Vec<[f64; 2]>> {
    let all = elements(svg, "polyline");
    all.into_iter().filter(|line| attribute(line, "stroke-width") == Some("1.5")).map(points).collect()
}

/// The texts of a drawing.
pub fn texts(svg: &str) -> Vec<&str> {
    let text = |line: &str| line.find('>').map(|at| at + 1).zip(line.rfind('<'));
    let all = elements(svg, "text").into_iter();
    all.filter_map(|line| text(line).map(|(from, to)| &line[from..to])).collect()
}

#[test]
fn every_way_to_draw_looks_like_itself() {
    let mut harness = large(plotted("a/b", &["1", "3", "2"]));
    let mut draw = |style: &str| {
        choose_in(&mut harness, "Plot", "Line style", style);
        drawing(&mut harness)
    };
    let color = |svg: &str, name: &str| {
        elements(svg, name).into_iter().filter(|it| attribute(it, "fill") == Some("#56b4e9")).count()
    };
    let line = draw("Line");
    let straight = lines(&line)[0].clone();
    assert_eq!((lines(&line).len(), straight.len()), (1, 3));

    let step = lines(&draw("Step"))[0].clone();
    assert_eq!((step.len(), step[1]), (5, [straight[1][0], straight[0][1]]), "it holds its value");
    let before = lines(&draw("Step before"))[0].clone();
    assert_eq!((before.len(), before[1]), (5, [straight[0][0], straight[1][1]]), "it takes the next one");

    let dots = draw("Points");
    assert_eq!((lines(&dots).len(), color(&dots, "circle")), (0, 4), "three values, and the legend");
    let bars = draw("Bars");
    assert_eq!((lines(&bars).len(), color(&bars, "rect")), (0, 3));
    let area = draw("Area");
    assert_eq!((lines(&area).len(), elements(&area, "polygon").len()), (1, 1));
}

/// Two series of very different size.
fn two() -> Stage<PlotsView> {
    let mut stage_ = plotted("temperature", &["20", "22", "21"]);
    for (second, value) in [(2.0, "1000"), (1.0, "3000"), (0.0, "2000")] {
        stage_.receive("speed", value.as_bytes(), seconds_ago(second));
    }
    let node = stage_.model.find(b"speed").unwrap();
    plot(&mut stage_, node, None);
    stage_
}

#[test]
fn a_series_may_have_the_axis_on_the_right_with_a_unit_a_title_and_a_logarithm() {
    let mut harness = large(two());
    choose(&mut harness, "speed: 2000", "Change series…");
    write(&mut harness, "Unit", "rpm");
    harness.get_by_label("Right").click();
    harness.run_steps(3);
    let svg = drawing(&mut harness);
    let named = |text: &str| elements(&svg, "text").into_iter().find(|it| it.contains(&format!(">{text}<")));
    let x = |text: &str| attribute(named(text).unwrap(), "x").unwrap().parse::<f64>().unwrap();
    assert!(x("2,000") > x("21.0") + 300.0, "each axis has the values of its series: {svg}");
    assert!(named("rpm").is_some_and(|title| title.contains("rotate")), "the unit is the title");

    write(&mut harness, "Axis title", "Spindle");
    harness.get_by_label("Logarithmic").click();
    harness.run_steps(3);
    let svg = drawing(&mut harness);
    assert!(texts(&svg).contains(&"Spindle") && !texts(&svg).contains(&"rpm"));
    let heights: Vec<_> = lines(&svg)[1].iter().map(|point| point[1]).collect();
    let (low, middle, high) = (heights[0], heights[2], heights[1]);
    let share = (low - middle) / (low - high);
    assert!((share - 2_f64.log(3.0)).abs() < 0.01, "2,000 stands at its logarithm: {share}");
}

#[test]
fn a_colour_is_one_of_the_palette_or_the_one_that_was_typed() {
    let mut harness = edited("a/b", &["1", "2"]);
    harness.get_by_label("Colour 4").click();
    harness.run_steps(3);
    assert!(drawing(&mut harness).contains("stroke=\"#cc79a7\""), "Okabe and Ito's reddish purple");
    write(&mut harness, "Colour", "#12345");
    assert!(drawing(&mut harness).contains("stroke=\"#cc79a7\""), "it is not whole yet");
    write(&mut harness, "Colour", "#123456");
    assert!(drawing(&mut harness).contains("stroke=\"#123456\""));
}

#[test]
fn two_series_are_drawn_over_each_other_for_the_time_that_shows() {
    let mut harness = large(two());
    toggle(&mut harness, "Over the first series (XY)");
    let svg = drawing(&mut harness);
    let path = lines(&svg);
    assert_eq!((path.len(), path[0].len()), (1, 3));
    let [first, second, third] = [path[0][0], path[0][1], path[0][2]];
    assert!(first[0] < third[0] && third[0] < second[0], "across by temperature: {path:?}");
    assert!(first[1] > third[1] && third[1] > second[1], "upwards by speed: {path:?}");
    assert!(texts(&svg).iter().filter(|text| **text == "temperature").count() >= 2, "axis and legend");
    assert!(!texts(&svg).iter().any(|text| text.contains(':')), "there is no time: {svg}");

    // Outside of the visible time there is nothing.
    harness.state_mut().now = Timestamp(NOW.0 + 60_500_000);
    harness.run_steps(3);
    assert_eq!(lines(&drawing(&mut harness)).first().map_or(0, Vec::len), 0);
    toggle(&mut harness, "Over the first series (XY)");
    assert!(texts(&drawing(&mut harness)).iter().any(|text| text.contains(':')), "times are back");
}

#[test]
fn a_table_that_is_read_back_has_every_digit_and_every_microsecond() {
    let values: [f64; 5] = [0.1 + 0.2, 1e-308, -1.5e300, 21.123_456_789_012_345, 3.0];
    let mut stage_ = Stage::new(PlotsView::default());
    let at = |index: usize| Timestamp(NOW.0 - 4_000_003 + index as i64 * 1_000_001);
    for (index, value) in values.iter().enumerate() {
        stage_.receive("a,\"b\"", format!("{value:e}").as_bytes(), at(index));
    }
    let node = stage_.model.find(b"a,\"b\"").unwrap();
    plot(&mut stage_, node, None);
    stage_.now = Timestamp(NOW.0 + 1_000_000);
    let mut harness = large(stage_);
    let csv = String::from_utf8(saved(&mut harness, "Save as CSV…").1).unwrap();
    let mut lines = csv.lines();
    assert_eq!(lines.next(), Some("time,topic,path,value"));
    for (index, line) in lines.enumerate() {
        let (time, rest) = line.split_once(',').unwrap();
        let time: jiff::Timestamp = time.parse().unwrap();
        assert_eq!(time.as_microsecond(), at(index).0);
        let value = rest.strip_prefix("\"a,\"\"b\"\"\",,").unwrap();
        assert_eq!(value.parse::<f64>().unwrap().to_bits(), values[index].to_bits());
    }
    assert_eq!(csv.lines().count(), 1 + values.len());
}

#[test]
fn a_drawing_that_is_read_back_has_the_values_at_their_places() {
    let values = [20.0, 24.0, 21.0, 22.5];
    let texts_of_values = values.map(|value: f64| value.to_string());
    let mut harness = large(plotted("a/b", &texts_of_values.each_ref().map(String::as_str)));
    let svg = drawing(&mut harness);
    // Two labels of the value axis say where values stand; their text is centred 0.35 of its size below its place.
    let labels: Vec<(f64, f64)> = elements(&svg, "text")
        .into_iter()
        .filter(|text| attribute(text, "text-anchor") == Some("end"))
        .filter_map(|text| {
            let value = text[text.find('>')? + 1..text.rfind('<')?].parse().ok()?;
            Some((value, attribute(text, "y")?.parse::<f64>().ok()? - 11.0 * 0.35))
        })
        .collect();
    let ((low, y_low), (high, y_high)) = (labels[0], *labels.last().unwrap());
    for (point, value) in lines(&svg)[0].iter().zip(values) {
        let read = low + (point[1] - y_low) / (y_high - y_low) * (high - low);
        assert!((read - value).abs() < 0.02, "{read} is drawn for {value}");
    }
    let x: Vec<_> = lines(&svg)[0].iter().map(|point| point[0]).collect();
    assert!(x.windows(2).all(|pair| (pair[1] - pair[0] - (x[1] - x[0])).abs() < 0.05), "one a second");
}

#[test]
fn a_lost_connection_and_a_missing_value_break_the_line_and_are_said() {
    let mut stage_ = plotted("a/b", &["1", "2", "none", "3", "4", "5", "6"]);
    stage_.status.note_loss(seconds_ago(1.5));
    let mut harness = large(stage_);
    let svg = drawing(&mut harness);
    let runs: Vec<_> = lines(&svg).iter().map(Vec::len).collect();
    assert_eq!(runs, [2, 2, 2], "{svg}");
    assert_eq!(svg.matches("stroke-dasharray").count(), 1, "the loss is marked");
    let row = harness.get_by_label("a/b: 6");
    assert_eq!(row.accesskit_node().description().as_deref(), Some("1 message without a value"));

    let csv = String::from_utf8(saved(&mut harness, "Save as CSV, one column a series…").1).unwrap();
    assert_eq!(csv.lines().count(), 7, "{csv}");
}

#[test]
fn infinite_values_and_what_is_no_number_break_the_line_and_are_marked() {
    let mut harness = large(plotted("a/b", &["1", "2", "NaN", "3", "4", "-inf", "5", "6"]));
    let svg = drawing(&mut harness);
    assert_eq!(lines(&svg).len(), 3);
    assert_eq!(texts(&svg).iter().filter(|text| **text == "!").count(), 2);
    let row = harness.get_by_label("a/b: 6");
    assert_eq!(row.accesskit_node().description().as_deref(), Some("2 values are infinite or not a number"));
}

#[test]
fn a_time_that_goes_back_is_drawn_where_it_was_and_marked() {
    let mut stage_ = plotted("a/b", &["1", "2", "3"]);
    stage_.receive("a/b", b"9", seconds_ago(1.5));
    let mut harness = large(stage_);
    let svg = drawing(&mut harness);
    let x: Vec<_> = lines(&svg)[0].iter().map(|point| point[0]).collect();
    assert!(x.len() == 4 && x.is_sorted(), "{x:?}");
    assert_eq!(texts(&svg).iter().filter(|text| **text == "«").count(), 1);
    let row = harness.get_by_label("a/b: 3");
    assert_eq!(row.accesskit_node().description().as_deref(), Some("1 value came after a later one"));
}

#[test]
fn two_values_at_one_instant_both_count() {
    let mut stage_ = plotted("a/b", &["1", "2"]);
    stage_.receive("a/b", b"4", NOW);
    let mut harness = large(stage_);
    assert_eq!(copied(&mut harness).len(), 3);
    assert_eq!(lines(&drawing(&mut harness))[0].len(), 3);
    choose(&mut harness, "Plot", "Statistics of what shows");
    until(&mut harness, "the statistics", |harness| {
        harness.query_by_label_contains("a/b: Count 3, Min 1, Max 4").is_some()
    });
}

#[test]
fn the_largest_beside_the_smallest_a_constant_one_value_and_none_have_a_picture() {
    // What shows of the line on a linear and on a logarithmic axis; a single value is a dot.
    for (payloads, shown) in [
        (&["1e308", "1e-308"][..], [2, 2]),
        (&["-1e308", "1e308"], [0, 0]),
        (&["5", "5", "5"], [3, 3]),
        (&["7"], [0, 0]),
        (&["none"], [0, 0]),
    ] {
        for (logarithmic, shown) in [false, true].into_iter().zip(shown) {
            let mut harness = large(plotted("a/b", payloads));
            if logarithmic {
                toggle(&mut harness, "Logarithmic left axis");
            }
            let svg = drawing(&mut harness);
            assert!(!svg.contains("NaN") && !svg.contains("inf"), "{payloads:?}: {svg}");
            let all = lines(&svg).concat();
            assert!(all.iter().flatten().all(|place| place.abs() < 2e6), "{payloads:?}: {svg}");
            let visible = all.iter().filter(|point| (0.0..=640.0).contains(&point[1])).count();
            assert_eq!(visible, shown, "{payloads:?}, logarithmic {logarithmic}: {svg}");
            assert!(texts(&svg).len() > 4, "it has axes: {svg}");
            if payloads == ["7"] {
                let dots = elements(&svg, "circle");
                let is_inside = |dot: &&str| attribute(dot, "cy").unwrap().parse::<f64>().unwrap() < 500.0;
                assert!(dots.iter().any(is_inside), "{svg}");
            }
        }
    }
}

#[test]
fn a_formula_that_fails_for_a_value_leaves_a_gap_that_is_counted() {
    let payloads = [r#"{"t": 1}"#, r#"{"t": 2}"#, r#"{"t": "x"}"#, r#"{"t": 4}"#, r#"{"t": 5}"#];
    let mut harness = edited("a/b", &payloads);
    harness.get_by_label("Formula").click();
    harness.run_steps(2);
    write(&mut harness, "Formula", ".t * 2");
    harness.get_by_label("Read again").click();
    harness.run_steps(2);
    read_again(&mut harness);
    harness.get_by_label("Close the editor").click();
    harness.run_steps(3);
    let row = harness.get_by_label("a/b · .t * 2: 10");
    assert_eq!(row.accesskit_node().description().as_deref(), Some("1 message without a value"));
    let runs: Vec<_> = lines(&drawing(&mut harness)).iter().map(Vec::len).collect();
    assert_eq!(runs, [2, 2]);
}

#[test]
fn a_mistake_in_a_formula_is_marked_at_its_character() {
    let mut harness = edited("a/b", &[r#"{"t": 1}"#]);
    harness.get_by_label("Formula").click();
    harness.run_steps(2);
    for (formula, place) in [(".t * ) 2", 6), (".t * 2)", 7)] {
        write(&mut harness, "Formula", formula);
        let said = harness
            .query_all_by_role(Role::Label)
            .filter_map(|label| label.accesskit_node().value())
            .find(|text| text.starts_with("Character "));
        assert!(
            said.as_ref().is_some_and(|text| text.starts_with(&format!("Character {place}"))),
            "{said:?}"
        );
        assert!(harness.get_by_label("Read again").accesskit_node().is_disabled());
    }
}

#[test]
fn everything_that_the_menu_computes_is_plotted() {
    for (entry, newest) in [
        ("Change per second", "4"),
        ("Area since the start", "7"),
        ("Seconds between values", "1"),
        ("Mean of 10 s", "≈3.666667"),
        ("Mean of 60 s", "≈3.666667"),
        ("Mean of 600 s", "≈3.666667"),
    ] {
        let mut harness = large(plotted("a/b", &["1", "3", "7"]));
        choose(&mut harness, "a/b: 7", entry);
        carry_out(&mut harness);
        harness.get_by_label(&format!("a/b · {entry}: {newest}"));
        assert_eq!(lines(&drawing(&mut harness)).len(), 2);
    }
}

#[test]
fn the_legend_is_sorted_by_name_or_by_value() {
    let mut stage_ = plotted("b", &["2"]);
    for (topic, value) in [("c", "3"), ("a", "1")] {
        let node = stage_.receive(topic, value.as_bytes(), NOW);
        plot(&mut stage_, node, None);
    }
    let mut harness = large(stage_);
    let order = |harness: &Plot| {
        let mut rows: Vec<_> =
            ["a: 1", "b: 2", "c: 3"].map(|row| (harness.get_by_label(row).rect().top() as i32, row)).into();
        rows.sort_unstable();
        rows.iter().map(|(_, row)| &row[..1]).collect::<String>()
    };
    assert_eq!(order(&harness), "bca");
    choose_in(&mut harness, "c: 3", "Sort series", "By name");
    assert_eq!(order(&harness), "abc");
    choose_in(&mut harness, "c: 3", "Sort series", "By newest value");
    assert_eq!(order(&harness), "cba");
    choose_in(&mut harness, "c: 3", "Sort series", "As added");
    assert_eq!(order(&harness), "bca");
}

#[test]
fn messages_that_were_not_kept_leave_a_gap_that_is_said() {
    let mut stage_ = Stage::new(PlotsView::default());
    stage_.model = Model::new(Limits { history_bytes: 64 << 10, ..Limits::default() });
    let padding = "x".repeat(1_000);
    for second in 0..3_000 {
        let payload = format!(r#"{{"v": {second}, "padding": "{padding}"}}"#);
        stage_.receive("a/b", payload.as_bytes(), seconds_ago(f64::from(2_999 - second)));
    }
    let node = stage_.model.find(b"a/b").unwrap();
    plot(&mut stage_, node, Some("v".parse().unwrap()));
    while stage_.model.fill_series() {}
    let mut harness = large(stage_);
    harness.get_by_label("1 h").click();
    harness.run_steps(3);
    let row = harness.get_by_label("a/b · v: 2999");
    let said = row.accesskit_node().description().unwrap_or_default();
    assert!(said.starts_with("values are held from 2026-11-22 "), "{said}");
    let svg = drawing(&mut harness);
    assert_eq!(svg.matches("stroke-dasharray").count(), 1, "it is marked where they begin");
    let begins = elements(&svg, "polygon").into_iter().flat_map(points).map(|point| point[0]);
    let begins = begins.chain(lines(&svg).concat().iter().map(|point| point[0])).fold(f64::MAX, f64::min);
    assert!(begins > 200.0, "before that there is no line: {begins}");
}

#[test]
fn a_paused_view_misses_nothing() {
    let mut harness = large(plotted("a/b", &["1", "2"]));
    harness.state_mut().paused = true;
    harness.state_mut().model.set_paused(true);
    for second in 1..4_i64 {
        let at = Timestamp(NOW.0 + second * 1_000_000);
        harness.state_mut().receive("a/b", (second + 2).to_string().as_bytes(), at);
    }
    harness.run_steps(2);
    assert_eq!(copied(&mut harness).len(), 2);
    let stage = harness.state_mut();
    stage.paused = false;
    stage.model.set_paused(false);
    stage.now = Timestamp(NOW.0 + 4_000_000);
    harness.run_steps(2);
    assert_eq!(copied(&mut harness).len(), 5);
    assert_eq!(lines(&drawing(&mut harness)).len(), 1, "there is no gap");
}

#[test]
fn a_state_lane_has_a_span_for_each_state_with_its_label_in_it() {
    let mut harness = edited("machine", &["idle", "run", "idle"]);
    harness.get_by_label("State").click();
    harness.run_steps(2);
    read_again(&mut harness);
    write(&mut harness, "Shown for run", "busy");
    harness.get_by_label("Close the editor").click();
    harness.run_steps(3);
    harness.get_by_label("10 s").click();
    harness.run_steps(3);
    let svg = drawing(&mut harness);
    assert!(texts(&svg).contains(&"idle") && texts(&svg).contains(&"busy"), "{svg}");
    assert!(!texts(&svg).contains(&"run"));
    assert_eq!(harness.query_all_by_label("machine: idle").count(), 1);
}

//! Pictures of every kind of series, of what is read from a plot, and of the editor of a series.

use eframe::egui::{Theme, accesskit::Role, pos2, vec2};
use egui_kittest::SnapshotResults;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use mqttree::message::Timestamp;
use mqttree::model::{Limits, Model};
use mqttree::panels::plots::PlotsView;
use mqttree::store::plots::{
    AxisSpec, DrawAs, PlotAxes, PlotPage, PlotSpec, SeriesSpec, Split, SplitPart, ValueSource,
};
use mqttree::words::Language;

use crate::harness::{NOW, Stage, speak_chinese, stage_of, until};
use crate::plot_pages::carry_out;
use crate::plot_series::Plot;
use crate::plots::seconds_ago;

/// The looks that pictures are made in.
const LOOKS: [(Theme, Language, &str); 3] = [
    (Theme::Dark, Language::English, "dark"),
    (Theme::Light, Language::English, "light"),
    (Theme::Dark, Language::Chinese, "chinese"),
];

fn series(path: &str) -> SeriesSpec {
    let (topic, path) = ("plant/press".to_owned(), path.to_owned());
    SeriesSpec::of(ValueSource { topic, path, ..ValueSource::default() })
}

fn states(path: &str, name: &str) -> SeriesSpec {
    let series = series(path);
    let source = ValueSource { states: true, ..series.source.clone() };
    SeriesSpec { name: name.to_owned(), source, ..series }
}

/// A page with a plot of each kind: every way to draw, two axes, states below a line, a logarithm, XY.
pub fn kinds() -> Vec<PlotPage> {
    let look = |path: &str, look: DrawAs| SeriesSpec { look, ..series(path) };
    let mixed = PlotSpec {
        title: "Vibration and temperature".to_owned(),
        axes: PlotAxes {
            right: AxisSpec { title: "Temperature".to_owned(), logarithmic: false },
            ..PlotAxes::default()
        },
        series: vec![
            SeriesSpec {
                right: true,
                unit: "°C".to_owned(),
                color: Some([204, 121, 167]),
                ..look("temp", DrawAs::Bars)
            },
            SeriesSpec { unit: "mm/s".to_owned(), ..look("rms", DrawAs::Area) },
        ],
        ..PlotSpec::default()
    };
    let labels = [("run".to_owned(), "running".to_owned())].into();
    let state = SeriesSpec { labels, ..states("state", "State of the press") };
    let lanes = PlotSpec {
        title: "Steps and states".to_owned(),
        series: vec![
            look("level", DrawAs::Step),
            look("level2", DrawAs::StepBefore),
            state,
            states("door", "Door is open"),
        ],
        ..PlotSpec::default()
    };
    let left = AxisSpec { title: "Count".to_owned(), logarithmic: true };
    let logarithm = PlotSpec {
        title: "Logarithm".to_owned(),
        axes: PlotAxes { left, ..PlotAxes::default() },
        series: vec![look("count", DrawAs::Points), look("growth", DrawAs::Line)],
        ..PlotSpec::default()
    };
    let over = PlotSpec {
        title: "Temperature over vibration".to_owned(),
        axes: PlotAxes { xy: true, ..PlotAxes::default() },
        series: vec![series("rms"), series("temp")],
        ..PlotSpec::default()
    };
    let part = |number: usize| SplitPart { size: 1.0, part: Split::Plot(number) };
    let row =
        |numbers: [usize; 2]| SplitPart { size: 1.0, part: Split::Row { row: numbers.map(part).into() } };
    vec![PlotPage {
        layout: Some(Split::Column { column: vec![row([0, 1]), row([2, 3])] }),
        plots: vec![mixed, lanes, logarithm, over],
        ..PlotPage::default()
    }]
}

/// A plot of these pages in a look, once the press has reported for a minute.
fn pressed(pages: &[PlotPage], (theme, language, _): (Theme, Language, &str)) -> Plot {
    let mut stage_ = Stage::new(PlotsView::of(pages));
    for second in 0..60_u32 {
        let angle = f64::from(second) / 7.0;
        let state = ["idle", "run", "run", "stopped"][second as usize / 8 % 4];
        let payload = format!(
            r#"{{"rms": {:.2}, "temp": {:.1}, "level": {}, "level2": {}, "count": {:.1}, "growth": {:.2}, "state": "{state}", "door": {}}}"#,
            2.0 + angle.sin() + (angle * 5.1).cos() * 0.3,
            40.0 + 8.0 * (angle / 2.0).cos(),
            second / 7 * 3 % 10,
            second / 11 * 7 % 10 + 3,
            (f64::from(second) / 5.0).exp(),
            (f64::from(second) / 9.0).exp2(),
            second / 13 % 2 == 1,
        );
        stage_.receive("plant/press", payload.as_bytes(), seconds_ago(f64::from(59 - second)));
    }
    stage_.language = language;
    let mut harness = stage_of(stage_, vec2(1_280.0, 640.0), theme);
    if language == Language::Chinese {
        speak_chinese(&harness.ctx);
    }
    carry_out(&mut harness);
    harness.run_steps(4);
    harness
}

#[test]
fn every_kind_of_plot() {
    let mut results = SnapshotResults::new();
    for look in LOOKS {
        let mut harness = pressed(&kinds(), look);
        results.add(harness.try_snapshot(format!("plot-kinds-{}", look.2)));
    }
}

#[test]
fn the_editor_of_a_series() {
    let mut results = SnapshotResults::new();
    for look in LOOKS {
        let plot = kinds()[0].plots[0].clone();
        let mut harness = pressed(&[PlotPage { plots: vec![plot], ..PlotPage::default() }], look);
        let row = harness
            .get_all_by_role(Role::Button)
            .find(|node| {
                node.accesskit_node().label().is_some_and(|label| label.starts_with("plant/press · temp"))
            })
            .unwrap();
        row.click_secondary();
        harness.run_steps(4);
        let entry = if look.1 == Language::Chinese { "修改曲线…" } else { "Change series…" };
        harness.get_by_role_and_label(Role::MenuItem, entry).click();
        harness.run_steps(4);
        results.add(harness.try_snapshot(format!("plot-editor-{}", look.2)));
    }
}

/// What is odd in a line, and what is read from it: a gap, values that are not finite, a lost connection, a late value,
/// messages that are not held, two cursors with their table, and the value at the pointer.
#[test]
fn what_is_read_from_a_plot() {
    let mut results = SnapshotResults::new();
    for look in LOOKS {
        let source = |topic: &str| ValueSource {
            topic: topic.to_owned(),
            path: "v".to_owned(),
            ..ValueSource::default()
        };
        let plot = PlotSpec {
            series: vec![SeriesSpec::of(source("hall/temperature")), SeriesSpec::of(source("hall/humidity"))],
            ..PlotSpec::default()
        };
        let mut stage_ = Stage::new(PlotsView::of(&[PlotPage { plots: vec![plot], ..PlotPage::default() }]));
        stage_.model = Model::new(Limits { history_bytes: 64 << 10, ..Limits::default() });
        for second in 0..120_u32 {
            let at = seconds_ago(f64::from(119 - second));
            let humidity = 44.0 + (f64::from(second) / 9.0).cos() * 3.0;
            stage_.receive("hall/humidity", padded(&format!("{humidity:.1}")).as_bytes(), at);
            let temperature = 24.0 + (f64::from(second) / 6.0).sin() * 3.0;
            let text = match second {
                80..=84 => "offline".to_owned(),
                99 => padded("\"NaN\""),
                _ => padded(&format!("{temperature:.2}")),
            };
            stage_.receive("hall/temperature", text.as_bytes(), at);
        }
        stage_.receive("hall/temperature", padded("31").as_bytes(), Timestamp(NOW.0 - 12_500_000));
        stage_.status.note_loss(Timestamp(NOW.0 - 28_500_000));
        stage_.language = look.1;
        let mut harness = stage_of(stage_, vec2(1_100.0, 420.0), look.0);
        if look.1 == Language::Chinese {
            speak_chinese(&harness.ctx);
        }
        carry_out(&mut harness);
        while harness.state_mut().model.fill_series() {}
        harness.run_steps(4);
        drag_range(&mut harness);
        until(&mut harness, "the table", |harness| {
            let counted = if look.1 == Language::Chinese { "v：数量" } else { "v: Count" };
            harness.query_all_by_label_contains(counted).next().is_some()
        });
        harness.hover_at(pos2(520.0, 150.0));
        harness.run_steps(3);
        results.add(harness.try_snapshot(format!("plot-reading-{}", look.2)));
    }
}

/// A payload that is so large that the history holds less than a minute of them.
fn padded(value: &str) -> String {
    format!(r#"{{"v": {value}, "padding": "{}"}}"#, "x".repeat(600))
}

fn drag_range(harness: &mut Plot) {
    use eframe::egui::{Event, Modifiers, PointerButton};
    let (button, modifiers) = (PointerButton::Primary, Modifiers::SHIFT);
    let (from, to) = (pos2(330.0, 150.0), pos2(640.0, 150.0));
    harness.hover_at(from);
    harness.run_steps(1);
    harness.event(Event::PointerButton { pos: from, button, pressed: true, modifiers });
    harness.run_steps(2);
    harness.hover_at(to);
    harness.run_steps(2);
    harness.event(Event::PointerButton { pos: to, button, pressed: false, modifiers });
    harness.run_steps(2);
}

#[test]
fn the_looks_of_series_and_axes_are_kept_with_the_plot() {
    let mut harness = pressed(&kinds(), LOOKS[0]);
    harness.get_by_label("Plot Logarithm").click();
    harness.run_steps(2);
    let kept = carry_out(&mut harness).unwrap_or_else(|| harness.state().panel.kept().to_vec());
    let without_marks = |mut pages: Vec<PlotPage>| {
        let all = pages.iter_mut().flat_map(|page| &mut page.plots).flat_map(|plot| &mut plot.series);
        all.for_each(|series| series.mark = None);
        pages
    };
    assert_eq!(without_marks(kept)[0].plots, without_marks(kinds())[0].plots);
}

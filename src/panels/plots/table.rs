//! The table of a range: one row per series, one column per figure.

use eframe::egui::{self, Align, Layout, RichText, ScrollArea, Ui, vec2};

use crate::panels::plots::entry::PlotEntry;
use crate::panels::plots::measure::{Measure, Statistics};
use crate::panels::plots::value_axis;
use crate::panels::plots::viewport::Range;
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::controls::icon_button;
use crate::ui::widgets::one_line::{end_of_topic, one_line, paint_line};
use crate::ui::{icons, language, theme};
use crate::words::{Label, Language, format, plots as words};

const ROW: f32 = 20.0;
/// The most rows that are drawn; more series than that are not read side by side.
const ROWS_MAX: usize = 64;
const NAME_WIDTH: f32 = 180.0;
const FIGURE_WIDTH: f32 = 66.0;
/// Room for the times in each state.
const STATES_WIDTH: f32 = 360.0;
/// Digits of a figure.
const DIGITS: usize = 6;

/// The columns: label, help and value.
type Figure = (Label, fn(&Statistics) -> String);

const FIGURES: [Figure; 17] = [
    (words::COUNT, |of| format::count(of.count)),
    (words::LOWEST, |of| figure(of.lowest)),
    (words::HIGHEST, |of| figure(of.highest)),
    (words::MEAN, |of| figure(of.mean)),
    (words::DEVIATION, |of| figure(of.deviation)),
    (words::P5, |of| figure(of.percentiles[0])),
    (words::P50, |of| figure(of.percentiles[1])),
    (words::P95, |of| figure(of.percentiles[2])),
    (words::LAST, |of| figure(of.last)),
    (words::PER_SECOND, |of| figure(of.rate)),
    (words::INTEGRAL_SUM, |of| figure(of.integral)),
    (words::MEAN_INTERVAL, |of| figure(of.interval)),
    (words::JITTER, |of| figure(of.jitter)),
    (words::LONGEST_GAP, |of| figure(of.longest_gap)),
    (words::AT_A, |of| of.ends[0].map(figure).unwrap_or_default()),
    (words::AT_B, |of| of.ends[1].map(figure).unwrap_or_default()),
    (words::B_LESS_A, |of| match of.ends {
        [Some(a), Some(b)] => figure(b - a),
        _ => String::new(),
    }),
];
/// Of states, what is measured of times and not of values.
const OF_TIMES: [usize; 5] = [0, 9, 11, 12, 13];

/// The cell of a series in a column.
fn cell(entry: &PlotEntry, of: &Statistics, column: usize) -> String {
    if !entry.has_states() {
        return FIGURES[column].1(of);
    }
    match column {
        LAST => entry.text(of.last, DIGITS),
        AT_A => of.ends[0].map(|value| entry.text(value, DIGITS)).unwrap_or_default(),
        AT_B => of.ends[1].map(|value| entry.text(value, DIGITS)).unwrap_or_default(),
        _ if OF_TIMES.contains(&column) => FIGURES[column].1(of),
        _ => String::new(),
    }
}

/// Columns whose values are states where a series has states.
const LAST: usize = 8;
const AT_A: usize = 14;
const AT_B: usize = 15;

/// How long each state lasted; empty for numbers.
fn states(entry: &PlotEntry, of: &Statistics) -> String {
    let times = of
        .states
        .iter()
        .map(|(state, seconds)| format!("{} {} s", entry.text(*state, DIGITS), figure(*seconds)));
    times.collect::<Vec<_>>().join(", ")
}

fn figure(value: f64) -> String {
    value_axis::rounded(value, DIGITS).trim_start_matches('≈').to_owned()
}

/// What the person asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RangeWish {
    /// Show just this range.
    Zoom,
    /// Put the table on the clipboard.
    Copy,
    /// Close the table.
    Close,
}

/// How high the table is with so many series.
pub fn height(series: usize) -> f32 {
    size::PANEL_HEADER + ROW * (1 + series.clamp(1, 6)) as f32 + 10.0
}

/// Draws the table into the rest of `ui`.
pub fn show(ui: &mut Ui, entries: &[PlotEntry], measure: &Measure, range: Range) -> Option<RangeWish> {
    let (t, l) = (tokens(ui), language(ui));
    let mut wish = None;
    ui.allocate_ui_with_layout(
        vec2(ui.available_width(), size::PANEL_HEADER),
        Layout::left_to_right(Align::Center),
        |ui| {
            ui.add_space(size::PADDING);
            ui.label(RichText::new(words::range_of(&figure(range.length()), l)).color(t.text));
            if measure.is_running() {
                ui.label(RichText::new(words::COMPUTING.of(l)).color(t.text_muted));
            } else {
                ui.skip_ahead_auto_ids(1); // the buttons keep their ids when the result arrives
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.add_space(4.0);
                if icon_button(ui, icons::X, words::CLOSE_RANGE.of(l), words::CLOSE_RANGE_HELP.of(l))
                    .clicked()
                {
                    wish = Some(RangeWish::Close);
                }
                if icon_button(ui, icons::COPY, words::COPY_TABLE.of(l), words::COPY_TABLE_HELP.of(l))
                    .clicked()
                {
                    wish = Some(RangeWish::Copy);
                }
                if ui.button(words::ZOOM_TO_RANGE.of(l)).clicked() {
                    wish = Some(RangeWish::Zoom);
                }
            });
        },
    );
    ScrollArea::both().id_salt("range").auto_shrink(false).show(ui, |ui| rows(ui, entries, measure));
    wish
}

fn rows(ui: &mut Ui, entries: &[PlotEntry], measure: &Measure) {
    let (t, l) = (tokens(ui), language(ui));
    let has_states = entries.iter().any(|entry| entry.has_states() && !entry.spec.hidden);
    let states_width = if has_states { STATES_WIDTH } else { 0.0 };
    let width = NAME_WIDTH + FIGURE_WIDTH * FIGURES.len() as f32 + states_width + 24.0;
    ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
    let font = theme::mono_small_font();
    let (head, _) = ui.allocate_exact_size(vec2(width, ROW), egui::Sense::hover());
    let right = |column: usize| head.left() + 12.0 + NAME_WIDTH + FIGURE_WIDTH * (column + 1) as f32;
    for (column, (label, _)) in FIGURES.iter().enumerate() {
        let galley = one_line(ui, label.of(l), theme::small_font(), t.text_muted, FIGURE_WIDTH - 6.0);
        paint_line(ui, egui::pos2(right(column) - galley.size().x, head.center().y), galley, t.text_muted);
    }
    if has_states {
        let label = one_line(ui, words::IN_STATES.of(l), theme::small_font(), t.text_muted, STATES_WIDTH);
        paint_line(ui, egui::pos2(right(FIGURES.len() - 1) + 12.0, head.center().y), label, t.text_muted);
    }
    for entry in entries.iter().filter(|entry| !entry.spec.hidden).take(ROWS_MAX) {
        let (rect, response) = ui.allocate_exact_size(vec2(width, ROW), egui::Sense::hover());
        let y = rect.center().y;
        entry.marker.paint(ui.painter(), egui::pos2(rect.left() + 18.0, y), 3.5, entry.color(t));
        let name = end_of_topic(ui, entry.name(), &font, t.text, NAME_WIDTH - 24.0);
        paint_line(ui, egui::pos2(rect.left() + 32.0, y), name, t.text);
        let figures = measure.of(entry.series);
        for column in 0..FIGURES.len() {
            let text = figures.map_or_else(|| "–".to_owned(), |figures| cell(entry, figures, column));
            let galley = one_line(ui, &text, font.clone(), t.text, FIGURE_WIDTH - 6.0);
            paint_line(ui, egui::pos2(right(column) - galley.size().x, y), galley, t.text);
        }
        if let Some(states) = figures.map(|figures| states(entry, figures)).filter(|_| has_states) {
            let galley = one_line(ui, &states, font.clone(), t.text, STATES_WIDTH - 6.0);
            paint_line(ui, egui::pos2(right(FIGURES.len() - 1) + 12.0, y), galley, t.text);
        }
        let told = || told(entry, figures, l);
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, told()));
    }
}

/// A row in words, for a screen reader.
fn told(entry: &PlotEntry, figures: Option<&Statistics>, l: Language) -> String {
    let Some(figures) = figures else {
        return words::series(entry.name(), words::NO_VALUES_IN_VIEW.of(l), l);
    };
    let of = |column: usize| (FIGURES[column].0.of(l), cell(entry, figures, column));
    let mut pairs: Vec<_> = (0..FIGURES.len()).map(of).filter(|(_, value)| !value.is_empty()).collect();
    if entry.has_states() {
        pairs.push((words::IN_STATES.of(l), states(entry, figures)));
    }
    words::figures(entry.name(), &pairs, l)
}

/// The table as text that a spreadsheet takes: cells between tabs.
pub fn text(entries: &[PlotEntry], measure: &Measure, l: Language) -> String {
    let labels = FIGURES.iter().map(|(label, _)| label.of(l)).chain([words::IN_STATES.of(l)]);
    let mut lines = vec![labels.fold(words::SERIES.of(l).to_owned(), |line, label| line + "\t" + label)];
    for entry in entries.iter().filter(|entry| !entry.spec.hidden) {
        let figures = measure.of(entry.series);
        let cells = (0..FIGURES.len())
            .map(|column| figures.map(|figures| cell(entry, figures, column)).unwrap_or_default())
            .chain([figures.map(|figures| states(entry, figures)).unwrap_or_default()]);
        lines.push(cells.fold(entry.name().to_owned(), |line, cell| line + "\t" + &cell));
    }
    lines.join("\n")
}

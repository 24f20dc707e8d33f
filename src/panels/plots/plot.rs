//! One plot: a chart with its series, its legend, and the table of a marked range.
//!
//! It knows nothing of the page that it stands on: what several plots share (the time, the place of the pointer) is
//! handed in and out.

use eframe::egui::{self, Context, Key, Rect, Stroke, Ui, UiBuilder, Vec2, vec2};

use crate::command::{Action, Actions, Notice, PlotAction, TopicAction};
use crate::model::{Model, NodeId, SeriesId, Transform};
use crate::panels::plots::chart::{self, Chart, ChartWish, Hand};
use crate::panels::plots::chips;
use crate::panels::plots::csv;
use crate::panels::plots::curve::Style;
use crate::panels::plots::entry::{PlotEntry, Times};
use crate::panels::plots::legend::{self, SeriesWish};
use crate::panels::plots::marker::Marker;
use crate::panels::plots::measure::Measure;
use crate::panels::plots::table::{self, RangeWish};
use crate::panels::plots::value_axis;
use crate::panels::plots::viewport::{Range, TimeWindow, Viewport};
use crate::panels::scene::Scene;
use crate::payload::query::JsonPath;
use crate::ui::focus::Splitter;
use crate::ui::job::{Job, JobProgress};
use crate::ui::tokens::tokens;
use crate::ui::widgets::access::keyed;
use crate::ui::widgets::controls::icon_button;
use crate::ui::widgets::segments::segments;
use crate::ui::widgets::virtual_list::ListPlace;
use crate::ui::{icons, language};
use crate::words::{Language, clipboard, plots as words};

/// What a plot takes from the page that it stands on.
#[derive(Clone, Copy, Debug, Default)]
pub struct Shared {
    /// The time of the first value of the page, in the model's seconds.
    pub first: Option<f64>,
    /// The time that is pointed at in another plot.
    pub pointed: Option<f64>,
}

/// A plot with less room than this has its legend above the chart instead of beside it.
const BESIDE_MIN: Vec2 = vec2(560.0, 120.0);

/// One chart with its series.
#[derive(Debug, Default)]
pub struct Plot {
    /// Its series, the last one on top.
    pub(super) entries: Vec<PlotEntry>,
    /// What shows of them.
    pub(super) viewport: Viewport,
    hand: Hand,
    measure: Measure,
    style: Style,
    place: ListPlace,
    /// Width of the chart in the last frame, in points.
    width: f32,
    /// What the chart tells a screen reader, and since when, by egui's clock.
    told: Option<(String, f64)>,
    copying: Option<Job<Option<String>>>,
}

impl Plot {
    /// Called before every frame, even while the plot is hidden.
    pub fn tick(&mut self, ctx: &Context, scene: &Scene<'_>, actions: &mut Actions) {
        self.collect_copy(language(ctx), actions);
        // A cleared model knows neither the topics nor the series.
        self.entries.retain(|entry| scene.model.series(entry.series).is_some());
        self.find_names(scene.model, language(ctx));
    }

    /// Whether it has no series.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The time of its first value, in the model's seconds.
    pub fn first(&self, model: &Model) -> Option<f64> {
        self.entries.iter().filter_map(|entry| entry.first(model)).min_by(f64::total_cmp)
    }

    /// The time under the pointer.
    pub fn points_at(&self) -> Option<f64> {
        self.hand.points_at.filter(|_| !self.entries.is_empty())
    }

    /// The visible time, and until when values show.
    fn times(&self, scene: &Scene<'_>, first: Option<f64>) -> Times {
        let now = scene.model.seconds(scene.now);
        let until = if scene.paused { now } else { f64::INFINITY };
        Times { until, shown: self.viewport.time(now, first) }
    }

    /// Draws the plot into the rest of `ui`.
    pub fn show(&mut self, ui: &mut Ui, scene: &Scene<'_>, shared: Shared, actions: &mut Actions) {
        let now = scene.model.seconds(scene.now);
        let times = self.times(scene, shared.first);

        let losses: Vec<_> = scene.status.losses.iter().map(|lost| scene.model.seconds(*lost)).collect();
        for entry in &mut self.entries {
            entry.sample(scene.model, times, self.width.max(64.0) as usize, &losses);
        }
        let upper = self.range(ui, scene.model, actions);
        let mut upper = ui.new_child(UiBuilder::new().id_salt("above").max_rect(upper));
        let has_room = upper.available_width() >= BESIDE_MIN.x && upper.available_height() >= BESIDE_MIN.y;
        let asked = if has_room {
            self.legend(&mut upper, scene.model, times.until)
        } else {
            let rows: Vec<_> = self.entries.iter().map(|entry| entry.row(scene.model, times.until)).collect();
            keyed(&mut upper, "chips", |ui| chips::show(ui, &rows))
        };
        let drawn = egui::CentralPanel::no_frame()
            .show(&mut upper, |ui| self.chart(ui, scene, now, times.shown, shared.pointed));
        match drawn.inner {
            Some(ChartWish::Copy) => self.copy(ui.ctx(), scene.model, times),
            Some(ChartWish::Draw(style)) => self.style = style,
            None => {}
        }
        if let Some((index, asked)) = asked {
            self.carry_out(index, asked, now, actions);
        }
    }
}

impl Plot {
    /// Adds a series that the model has started. If there already is one for the same number, that one is shown and the
    /// new one is returned, to be removed from the model.
    pub fn add(&mut self, node: NodeId, path: Option<JsonPath>, series: SeriesId) -> Option<SeriesId> {
        let is_it =
            |entry: &&mut PlotEntry| entry.node == node && entry.path == path && entry.derived.is_none();
        if let Some(known) = self.entries.iter_mut().find(is_it) {
            known.hidden = false;
            return Some(series);
        }
        let marker = self.free_marker();
        self.entries.push(PlotEntry::new(node, path, series, marker));
        None
    }

    /// Adds a series that the model computes from another, like [`Plot::add`].
    pub fn add_derived(&mut self, of: SeriesId, transform: Transform, series: SeriesId) -> Option<SeriesId> {
        let derived = Some((of, transform));
        if let Some(known) = self.entries.iter_mut().find(|entry| entry.derived == derived) {
            known.hidden = false;
            return Some(series);
        }
        let Some(source) = self.entries.iter().find(|entry| entry.series == of) else { return Some(series) };
        let (node, path, marker) = (source.node, source.path.clone(), self.free_marker());
        let mut entry = PlotEntry::new(node, path, series, marker);
        entry.derived = derived;
        self.entries.push(entry);
        None
    }

    fn free_marker(&self) -> Marker {
        let taken = |place: usize| self.entries.iter().any(|entry| entry.marker.place == place);
        Marker { place: (0..=self.entries.len()).find(|place| !taken(*place)).unwrap_or_default() }
    }

    fn find_names(&mut self, model: &Model, l: Language) {
        for index in 0..self.entries.len() {
            let less = match self.entries[index].derived {
                Some((_, Transform::Difference(other))) => {
                    let other = self.entries.iter().find(|entry| entry.series == other);
                    other.map(|entry| entry.name().to_owned())
                }
                _ => None,
            };
            self.entries[index].find_name(model, l, less.as_deref());
        }
    }

    /// Shows the statistics of the marked range at the foot; returns the area above them.
    fn range(&mut self, ui: &mut Ui, model: &Model, actions: &mut Actions) -> Rect {
        let Some(range) = self.hand.range else { return ui.available_rect_before_wrap() };
        if !self.hand.is_marking() {
            self.measure.update(ui.ctx(), model, &self.entries, range);
        }
        let shown = self.entries.iter().filter(|entry| !entry.hidden).count();
        let area = ui.available_rect_before_wrap();
        let height = table::height(shown).min(area.height() / 2.0);
        let (upper, lower) = area.split_top_bottom_at_y(area.bottom() - height);
        ui.painter().hline(lower.x_range(), lower.top(), Stroke::new(1.0, tokens(ui).line));
        let mut lower = ui.new_child(UiBuilder::new().id_salt("plot-range").max_rect(lower));
        let wish = table::show(&mut lower, &self.entries, &self.measure, range);
        match wish {
            Some(RangeWish::Close) => self.hand.range = None,
            Some(RangeWish::Zoom) => {
                self.viewport.note(ui.input(|input| input.time));
                self.viewport.show_time(range);
            }
            Some(RangeWish::Copy) => {
                let text = table::text(&self.entries, &self.measure, language(ui));
                actions.push(Action::Copy { what: clipboard::STATISTICS, text });
            }
            None => {}
        }
        upper
    }

    /// Exchanges the series of every number for those that `again` gives, because it is read in another way. What is
    /// computed from them follows with [`Plot::derive_again`].
    pub fn read_again(
        &mut self,
        mut again: impl FnMut(NodeId, Option<&JsonPath>, SeriesId) -> Option<SeriesId>,
    ) {
        for index in 0..self.entries.len() {
            let entry = &self.entries[index];
            if entry.derived.is_none()
                && let Some(series) = again(entry.node, entry.path.as_ref(), entry.series)
            {
                self.exchange(index, series);
            }
        }
    }

    /// Exchanges every series that is computed from another for what `again` gives.
    pub fn derive_again(&mut self, mut again: impl FnMut(SeriesId, Transform, SeriesId) -> Option<SeriesId>) {
        for index in 0..self.entries.len() {
            let entry = &self.entries[index];
            if let Some((of, transform)) = entry.derived
                && let Some(series) = again(of, transform, entry.series)
            {
                self.exchange(index, series);
            }
        }
    }

    /// Gives an entry another series of the model, and tells those that are computed from it.
    fn exchange(&mut self, index: usize, series: SeriesId) {
        let old = std::mem::replace(&mut self.entries[index].series, series);
        let renewed = |id: SeriesId| if id == old { series } else { id };
        for entry in &mut self.entries {
            entry.derived = entry.derived.map(|(of, transform)| match transform {
                Transform::Difference(less) => (renewed(of), Transform::Difference(renewed(less))),
                other => (renewed(of), other),
            });
        }
    }

    /// Draws what chooses the time.
    pub fn time_controls(&mut self, ui: &mut Ui) {
        let l = language(ui);
        let current = self.viewport.follows().then_some(self.viewport.window());
        if let Some(window) = segments(ui, words::TIME_WINDOW.of(l), &TimeWindow::CHOICES, current) {
            self.viewport.note(ui.input(|input| input.time));
            self.viewport.choose(window);
        }
        if !self.viewport.follows() {
            if ui.button(words::FOLLOW.of(l)).on_hover_text(words::FOLLOW_HELP.of(l)).clicked() {
                self.viewport.note(ui.input(|input| input.time));
                self.viewport.follow();
            }
        } else if self.viewport.values().is_some()
            && ui.button(words::FIT_VALUES.of(l)).on_hover_text(words::FIT_VALUES_HELP.of(l)).clicked()
        {
            self.viewport.follow();
        }
    }

    /// Draws what else concerns this plot, from right to left.
    pub fn controls(&mut self, ui: &mut Ui, scene: &Scene<'_>, shared: Shared) {
        let l = language(ui);
        if icon_button(ui, icons::COPY, words::COPY.of(l), words::COPY_HELP.of(l)).clicked() {
            self.copy(ui.ctx(), scene.model, self.times(scene, shared.first));
        }
        if let Some(style) = segments(ui, words::LINE_STYLE.of(l), &Style::CHOICES, Some(self.style)) {
            self.style = style;
        }
    }

    fn legend(&mut self, ui: &mut Ui, model: &Model, until: f64) -> Option<(usize, SeriesWish)> {
        let rows: Vec<_> = self.entries.iter().map(|entry| entry.row(model, until)).collect();
        let place = &mut self.place;
        let width = ui.available_width();
        let splitter = Splitter::of(ui, "plot-series", Key::ArrowLeft, Key::ArrowRight);
        let drawn = egui::Panel::right("plot-series")
            .resizable(true)
            .frame(egui::Frame::NONE)
            .default_size((width * 0.3).clamp(232.0, 360.0))
            .size_range(180.0..=(width - 240.0).max(190.0))
            .show(ui, |ui| legend::show(ui, place, &rows));
        splitter.name(ui);
        drawn.inner
    }

    fn chart(
        &mut self,
        ui: &mut Ui,
        scene: &Scene<'_>,
        now: f64,
        time: Range,
        pointed: Option<f64>,
    ) -> Option<ChartWish> {
        let mut area = ui.available_rect_before_wrap();
        (area.min.y, area.max.x) = (area.min.y + 10.0, area.max.x - chart::AIR_RIGHT);
        self.width = area.width();
        let mut ui = ui.new_child(UiBuilder::new().max_rect(area));
        let series: Vec<_> = self.entries.iter().filter_map(PlotEntry::drawn).collect();
        let all = series.iter().filter_map(|drawn| drawn.curve.values).reduce(Range::union);
        let values = self.viewport.values().unwrap_or_else(|| value_axis::fitted(all, area.height()));
        let origin = scene.model.origin();
        let (style, time_format) = (self.style, scene.settings.time_format);
        let told = told(&ui, &mut self.told, &self.entries);
        let chart = Chart { origin, now, time, values, style, time_format, series: &series, told, pointed };
        let wish = chart.show(&mut ui, &mut self.viewport, &mut self.hand);
        if self.viewport.follows() && !scene.paused {
            // With nothing in view only the time axis moves.
            let empty = std::time::Duration::from_secs(1);
            ui.ctx().request_repaint_after(if all.is_some() {
                chart.repaint_after(area.width())
            } else {
                empty
            });
        }
        wish
    }

    fn carry_out(&mut self, index: usize, asked: SeriesWish, now: f64, actions: &mut Actions) {
        let Some(entry) = self.entries.get_mut(index) else { return };
        match asked {
            SeriesWish::Select => actions.push(TopicAction::Select(entry.node)),
            SeriesWish::ToggleHidden => entry.hidden = !entry.hidden,
            SeriesWish::Solo => {
                let only = entry.series;
                for entry in &mut self.entries {
                    entry.hidden = entry.series != only;
                }
            }
            SeriesWish::ShowAll => {
                for entry in &mut self.entries {
                    entry.hidden = false;
                }
            }
            SeriesWish::Derive(transform) => actions.push(PlotAction::Derive { of: entry.series, transform }),
            SeriesWish::Clear => entry.since = now,
            SeriesWish::Remove => self.remove(index, actions),
        }
    }

    /// Removes a series and what is computed from it.
    pub(super) fn remove(&mut self, index: usize, actions: &mut Actions) {
        let mut gone = vec![self.entries.remove(index).series];
        while let Some(series) = gone.pop() {
            actions.push(PlotAction::Remove(series));
            let of_it = |entry: &PlotEntry| match entry.derived {
                Some((_, Transform::Difference(less))) if less == series => true,
                Some((of, _)) => of == series,
                None => false,
            };
            gone.extend(self.entries.iter().filter(|entry| of_it(entry)).map(|entry| entry.series));
            self.entries.retain(|entry| !of_it(entry));
        }
    }

    /// Takes the visible values; a job writes them as text.
    fn copy(&mut self, ctx: &Context, model: &Model, times: Times) {
        let values = |entry: &PlotEntry| {
            let series = model.series(entry.series).filter(|_| !entry.hidden)?;
            let range = times.shown.from.max(entry.since)..=times.shown.to.min(times.until);
            Some(csv::Values {
                topic: String::from_utf8_lossy(&model.topic_bytes(entry.node)).into_owned(),
                path: entry.path.as_ref().map(ToString::to_string).unwrap_or_default(),
                points: series.points().range(range).collect(),
            })
        };
        let series: Vec<_> = self.entries.iter().filter_map(values).collect();
        let origin = model.origin();
        self.copying = Some(Job::spawn("values as CSV", ctx, move |_| csv::text(&series, origin)));
    }

    fn collect_copy(&mut self, language: Language, actions: &mut Actions) {
        let Some(job) = &self.copying else { return };
        let action = match job.poll() {
            JobProgress::Running => return,
            JobProgress::Done(Some(text)) => Action::Copy { what: clipboard::VALUES, text },
            JobProgress::Done(None) => {
                let why = words::too_much_to_copy(csv::BYTES_MAX as u64, language);
                Action::Notify(Notice::error(why))
            }
            JobProgress::Failed => Action::Notify(Notice::error(words::COPYING_FAILED.of(language))),
        };
        self.copying = None;
        actions.push(action);
    }
}

/// The shortest time between changes of the chart's description, in seconds.
const TOLD_SECONDS: f64 = 1.0;

/// The chart in words for a screen reader; empty if none is listening.
fn told<'a>(ui: &Ui, told: &'a mut Option<(String, f64)>, entries: &[PlotEntry]) -> &'a str {
    if !ui.ctx().has_accesskit_node(ui.unique_id()) {
        return "";
    }
    let now = ui.input(|input| input.time);
    if told.as_ref().is_none_or(|(_, at)| now - at >= TOLD_SECONDS) {
        let shown: Vec<_> = entries.iter().filter_map(PlotEntry::told).collect();
        *told = Some((words::told(&shown, language(ui)), now));
    }
    told.as_ref().map_or("", |(text, _)| text)
}

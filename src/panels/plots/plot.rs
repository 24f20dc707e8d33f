//! One plot: a chart with its series, its legend, and the table of a marked range.
//!
//! It knows nothing of the page that it stands on: what several plots share (the time, the place of the pointer) is
//! handed in and out.

use std::sync::Arc;

use eframe::egui::{self, Context, Key, Rect, RichText, Stroke, Ui, UiBuilder, Vec2, vec2};
use jiff::tz::TimeZone;

use crate::command::{Action, Actions, PlotAction, TopicAction};
use crate::model::{Model, NodeId, SeriesId, Transform};
use crate::panels::plots::Rereading;
use crate::panels::plots::chart::Chart;
use crate::panels::plots::chips;
use crate::panels::plots::editor::{EditorWish, SeriesEditor};
use crate::panels::plots::entry::{PlotEntry, Times};
use crate::panels::plots::export::{Export, ExportKind};
use crate::panels::plots::hand::Hand;
use crate::panels::plots::legend::{self, LegendOrder, SeriesWish};
use crate::panels::plots::marker::Marker;
use crate::panels::plots::measure::Measure;
use crate::panels::plots::menu::{self, ChartWish};
use crate::panels::plots::picture::{PlotSubject, moment, picture};
use crate::panels::plots::table::{self, RangeWish};
use crate::panels::plots::viewport::{Range, TimeWindow, Viewport};
use crate::panels::scene::Scene;
use crate::payload::query::JsonPath;
use crate::query::{PlottedAs, StateNames};
use crate::store::plots::{DrawAs, PlotAxes};
use crate::ui::focus::Splitter;
use crate::ui::tokens::{Tokens, tokens};
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

/// A plot with less room than this, in points and for each of its first series, has its legend above the chart instead of beside it.
const BESIDE_MIN: Vec2 = vec2(560.0, 48.0);

/// One chart with its series.
#[derive(Debug, Default)]
pub struct Plot {
    /// Its series, the last one on top.
    pub(super) entries: Vec<PlotEntry>,
    /// What shows of them.
    pub(super) viewport: Viewport,
    /// Its axes, as they are kept.
    pub(super) axes: PlotAxes,
    editor: Option<SeriesEditor>,
    hand: Hand,
    measure: Measure,
    place: ListPlace,
    /// The order of the legend.
    order: LegendOrder,
    /// Width of the chart in the last frame, in points.
    width: f32,
    /// What the chart tells a screen reader, and since when, by egui's clock.
    told: Option<(String, f64)>,
    export: Option<Export>,
    /// What was drawn last, to be exported as it is.
    area: Option<Rect>,
}

impl Plot {
    /// Called before every frame, even while the plot is hidden.
    pub fn tick(&mut self, ctx: &Context, scene: &Scene<'_>, actions: &mut Actions) {
        self.collect_export(ctx, actions);
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

    /// The series that show a time from before their first value.
    pub fn reaching_back(&self, scene: &Scene<'_>, shared: Shared) -> Vec<(SeriesId, NodeId)> {
        let from = self.times(scene, shared.first).shown.from;
        let begins_later = |entry: &&PlotEntry| {
            let series = scene.model.series(entry.series).filter(|_| entry.since < from);
            series.is_some_and(|series| {
                series.edge().is_some() && series.span().is_none_or(|span| from < *span.start())
            })
        };
        self.entries.iter().filter(begins_later).map(|entry| (entry.series, entry.node)).collect()
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

        let losses = losses(scene);
        for entry in &mut self.entries {
            entry.sample(scene.model, times, self.width.max(64.0) as usize, &losses);
        }
        let upper = self.range(ui, scene.model, &losses, actions);
        let mut upper = ui.new_child(UiBuilder::new().id_salt("above").max_rect(upper));
        let has_room = upper.available_width() >= BESIDE_MIN.x
            && upper.available_height() >= BESIDE_MIN.y * self.entries.len().clamp(2, 4) as f32;
        let asked = if has_room || self.editor.is_some() {
            self.beside(&mut upper, scene.model, times.until, actions)
        } else {
            let t = tokens(&upper);
            let mut rows: Vec<_> =
                self.entries.iter().map(|entry| entry.row(scene.model, times.until, t)).collect();
            self.order.sort(&mut rows);
            let asked = keyed(&mut upper, "chips", |ui| chips::show(ui, &rows, self.order));
            asked.and_then(|(row, wish)| Some((self.index_of(rows.get(row)?.series)?, wish)))
        };
        let drawn = egui::CentralPanel::no_frame()
            .show(&mut upper, |ui| self.chart(ui, scene, times, &losses, shared.pointed, actions));
        match drawn.inner {
            Some(ChartWish::Export(kind)) => self.start_export(kind, &upper, scene, times, &losses),
            Some(ChartWish::Draw(look)) => self.draw_all(look),
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
            known.spec.hidden = false;
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
            known.spec.hidden = false;
            return Some(series);
        }
        let Some(source) = self.entries.iter().find(|entry| entry.series == of) else { return Some(series) };
        let (node, path, marker) = (source.node, source.path.clone(), self.free_marker());
        let mut entry = PlotEntry::new(node, path, series, marker);
        entry.derived = derived;
        self.entries.push(entry);
        None
    }

    fn index_of(&self, series: SeriesId) -> Option<usize> {
        self.entries.iter().position(|entry| entry.series == series)
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
    fn range(&mut self, ui: &mut Ui, model: &Model, losses: &[f64], actions: &mut Actions) -> Rect {
        let Some(range) = self.hand.range else { return ui.available_rect_before_wrap() };
        if !self.hand.is_marking() {
            self.measure.update(ui.ctx(), model, &self.entries, range, losses);
        }
        let shown = self.entries.iter().filter(|entry| !entry.spec.hidden).count();
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

    /// Exchanges the series of every number for those that `again` gives, because it is read in another way, or only one
    /// of them. What is computed from them follows with [`Plot::derive_again`].
    pub fn read_again(
        &mut self,
        only: Option<SeriesId>,
        mut again: impl FnMut(Rereading<'_>) -> Option<(SeriesId, Option<Arc<StateNames>>)>,
    ) {
        for index in 0..self.entries.len() {
            let entry = &self.entries[index];
            if entry.derived.is_some() || only.is_some_and(|only| only != entry.series) {
                continue;
            }
            let source = &entry.spec.source;
            let (path, states) = (entry.path.as_ref(), source.states);
            let read = PlottedAs { path, states, formula: &source.formula, time: &source.time };
            if let Some((series, names)) = again(Rereading { node: entry.node, read, old: entry.series }) {
                self.exchange(index, series);
                self.entries[index].names = names;
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
        if let Some(editor) = self.editor.as_mut().filter(|editor| editor.series == old) {
            editor.series = series;
        }
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
        } else if !self.viewport.fits_values()
            && ui.button(words::FIT_VALUES.of(l)).on_hover_text(words::FIT_VALUES_HELP.of(l)).clicked()
        {
            self.viewport.follow();
        }
    }

    /// Draws what else concerns this plot, from right to left.
    pub fn controls(&mut self, ui: &mut Ui, scene: &Scene<'_>, shared: Shared) {
        let l = language(ui);
        if icon_button(ui, icons::COPY, words::COPY.of(l), words::COPY_HELP.of(l)).clicked() {
            self.export_values(ui.ctx(), ExportKind::CopyCsv, scene, self.times(scene, shared.first));
        }
        let choices = [(DrawAs::Line, words::LINE), (DrawAs::Step, words::STEP)];
        if let Some(look) = segments(ui, words::LINE_STYLE.of(l), &choices, self.look()) {
            self.draw_all(look);
        }
        // Last, so that nothing moves when it comes or goes.
        if let Some(export) = &self.export {
            if icon_button(ui, icons::X, words::CANCEL_EXPORT.of(l), words::CANCEL_EXPORT.of(l)).clicked() {
                self.export = None;
            } else {
                ui.label(RichText::new(words::exporting(export.percent(), l)).color(tokens(ui).text_muted));
            }
        }
    }

    /// Draws the legend beside the chart, or the editor of a series in its place.
    fn beside(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        until: f64,
        actions: &mut Actions,
    ) -> Option<(usize, SeriesWish)> {
        let width = ui.available_width();
        let splitter = Splitter::of(ui, "plot-series", Key::ArrowLeft, Key::ArrowRight);
        let panel = egui::Panel::right("plot-series")
            .resizable(true)
            .frame(egui::Frame::NONE)
            .default_size((width * 0.3).clamp(232.0, 360.0))
            .size_range(180.0..=(width - 240.0).max(190.0));
        let drawn = panel.show(ui, |ui| {
            if self.editor.is_some() {
                keyed(ui, "editor", |ui| self.edit(ui, actions));
                return None;
            }
            let t = tokens(ui);
            let mut rows: Vec<_> = self.entries.iter().map(|entry| entry.row(model, until, t)).collect();
            self.order.sort(&mut rows);
            let (index, wish) = legend::show(ui, &mut self.place, &rows, self.order)?;
            Some((self.index_of(rows.get(index)?.series)?, wish))
        });
        splitter.name(ui);
        drawn.inner
    }

    fn edit(&mut self, ui: &mut Ui, actions: &mut Actions) {
        let Some(editor) = &mut self.editor else { return };
        let Some(entry) = self.entries.iter_mut().find(|entry| entry.series == editor.series) else {
            self.editor = None;
            return;
        };
        match editor.show(ui, entry, &mut self.axes) {
            Some(EditorWish::Close) => self.editor = None,
            Some(EditorWish::Rename) => entry.rename(),
            Some(EditorWish::Read) => {
                entry.rename();
                actions.push(PlotAction::Read(entry.series));
            }
            Some(EditorWish::Fit) => self.viewport.fit_values(),
            None => {}
        }
    }

    /// How all series are drawn, if they are drawn in the same way.
    fn look(&self) -> Option<DrawAs> {
        let mut looks = self.entries.iter().filter(|entry| !entry.has_states()).map(|entry| entry.spec.look);
        let first = looks.next()?;
        looks.all(|look| look == first).then_some(first)
    }

    fn draw_all(&mut self, look: DrawAs) {
        for entry in &mut self.entries {
            entry.spec.look = look;
        }
    }

    fn chart(
        &mut self,
        ui: &mut Ui,
        scene: &Scene<'_>,
        times: Times,
        losses: &[f64],
        pointed: Option<f64>,
        actions: &mut Actions,
    ) -> Option<ChartWish> {
        let now = scene.model.seconds(scene.now);
        let area = ui.available_rect_before_wrap().shrink2(vec2(4.0, 2.0));
        let zone = self.zone();
        let told = told(ui, &mut self.told, &self.entries);
        let of = PlotSubject {
            entries: &self.entries,
            axes: &self.axes,
            zoom: self.viewport.values(),
            origin: scene.model.origin(),
            now: now.min(times.until),
            time: times.shown,
            zone: &zone,
            losses,
            t: tokens(ui),
        };
        let drawn = picture(&of, area);
        let origin = scene.model.origin();
        let inspected = scene.inspected.and_then(|id| Some((id.node(), scene.model.message(id)?.arrived())));
        let pointed_out = inspected.map(|(node, at)| (node, at.seconds_since(origin)));
        (self.width, self.area) = (drawn.frame.width(), Some(area));
        let time_format = scene.settings.time_format;
        let chart = Chart { of: &of, picture: &drawn, time_format, pointed, pointed_out, told };
        let done = chart.show(ui, area, &mut self.viewport, &mut self.hand);
        if self.viewport.follows() && !scene.paused {
            // With nothing in view only the time axis moves.
            let is_empty = self.entries.iter().all(|entry| entry.curve().is_empty());
            let empty = std::time::Duration::from_secs(1);
            ui.ctx().request_repaint_after(if is_empty { empty } else { chart.repaint_after() });
        }
        let clicked = done.clicked.and_then(|(index, seconds)| {
            let entry = self.entries.get(index)?;
            Some((entry.node, scene.model.message_at(entry.node, moment(scene.model.origin(), seconds))?))
        });
        if let Some((node, message)) = clicked {
            actions.push(TopicAction::Select(node));
            actions.push(TopicAction::Inspect(Some(message)));
        }
        let look = self.look();
        let until = times.shown.to.min(now);
        menu::show(
            ui,
            &done.response,
            &mut self.viewport,
            &mut self.hand,
            &mut self.axes,
            look,
            Range { to: until, ..times.shown },
        )
    }

    fn carry_out(&mut self, index: usize, asked: SeriesWish, now: f64, actions: &mut Actions) {
        let Some(entry) = self.entries.get_mut(index) else { return };
        match asked {
            SeriesWish::Edit => self.editor = Some(SeriesEditor::new(entry)),
            SeriesWish::Select => actions.push(TopicAction::Select(entry.node)),
            SeriesWish::ToggleHidden => entry.spec.hidden = !entry.spec.hidden,
            SeriesWish::Solo => {
                let only = entry.series;
                for entry in &mut self.entries {
                    entry.spec.hidden = entry.series != only;
                }
            }
            SeriesWish::ShowAll => {
                for entry in &mut self.entries {
                    entry.spec.hidden = false;
                }
            }
            SeriesWish::Sort(order) => self.order = order,
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

    /// Takes what shows; a job writes it.
    fn start_export(&mut self, kind: ExportKind, ui: &Ui, scene: &Scene<'_>, times: Times, losses: &[f64]) {
        match kind {
            ExportKind::CopyCsv | ExportKind::Csv | ExportKind::Aligned => {
                self.export_values(ui.ctx(), kind, scene, times);
            }
            ExportKind::CopyImage | ExportKind::Png | ExportKind::Svg => {
                let (zone, Some(area)) = (self.zone(), self.area) else { return };
                let of = self.subject(scene, times, losses, &zone, tokens(ui));
                self.export = Some(Export::of_picture(kind, ui.ctx(), &of, area));
            }
        }
    }

    fn export_values(&mut self, ctx: &Context, kind: ExportKind, scene: &Scene<'_>, times: Times) {
        let (model, losses) = (scene.model, losses(scene));
        let exported = self.entries.iter().filter_map(|entry| entry.exported(model, times, &losses));
        self.export = Some(Export::of_values(kind, ctx, exported.collect(), model.origin(), times.shown));
    }

    fn collect_export(&mut self, ctx: &Context, actions: &mut Actions) {
        if let Some(export) = &self.export
            && export.collect(ctx, actions)
        {
            self.export = None;
        }
    }

    fn zone(&self) -> TimeZone {
        if self.axes.utc { TimeZone::UTC } else { TimeZone::system() }
    }

    fn subject<'a>(
        &'a self,
        scene: &Scene<'_>,
        times: Times,
        losses: &'a [f64],
        zone: &'a TimeZone,
        t: &'a Tokens,
    ) -> PlotSubject<'a> {
        PlotSubject {
            entries: &self.entries,
            axes: &self.axes,
            zoom: self.viewport.values(),
            origin: scene.model.origin(),
            now: scene.model.seconds(scene.now).min(times.until),
            time: times.shown,
            zone,
            losses,
            t,
        }
    }
}

/// When the connection was lost, in the model's seconds.
fn losses(scene: &Scene<'_>) -> Vec<f64> {
    scene.status.losses.iter().map(|lost| scene.model.seconds(*lost)).collect()
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

//! A plot on its page: what it is called, whether it has a time of its own, and what joins it.

use eframe::egui::{Align, Context, Layout, RichText, Ui, vec2};

use crate::command::{Actions, PlotAction, PlotId, Plottable};
use crate::model::Model;
use crate::panels::plots::joins::{JOINED_MAX, Joins};
use crate::panels::plots::plot::Plot;
use crate::panels::plots::spec::{self, Waiting};
use crate::panels::plots::viewport::{TimeChoice, TimeWindow};
use crate::panels::scene::Scene;
use crate::store::plots::PlotSpec;
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::access::keyed;
use crate::ui::widgets::controls::icon_button;
use crate::ui::{icons, language, theme};
use crate::words::{Language, plot_page as words};

/// Height of the row that says what joins, in points.
const NOTES: f32 = 26.0;

/// A plot on its page.
#[derive(Debug, Default)]
pub struct PlotPane {
    /// The chart and its series.
    pub plot: Plot,
    /// Its title; empty to name it by its series.
    pub title: String,
    /// Whether it has a time of its own instead of that of its page.
    pub own_time: bool,
    /// Topics that join.
    pub joins: Joins,
    /// Series that are kept and did not come yet.
    pub waiting: Waiting,
    /// The title as it is being typed.
    pub renaming: Option<String>,
    /// The number that was added last, until what is like it is looked for.
    pub added: Option<Plottable>,
}

impl PlotPane {
    /// A plot as a profile keeps it.
    pub fn of(spec: &PlotSpec) -> Self {
        let mut pane = Self { title: spec.title.clone(), ..Self::default() };
        for join in &spec.joins {
            pane.joins.add(join.clone());
        }
        pane.plot.axes = spec.axes.clone();
        pane.waiting = Waiting::of(&spec.series);
        if let Some(seconds) = spec.own_window_s {
            pane.own_time = true;
            let window = TimeWindow::of_seconds(seconds);
            pane.plot.viewport.take(TimeChoice { window, time: None }, None);
        }
        pane
    }

    /// The plot as a profile keeps it.
    pub fn kept(&self, model: &Model) -> PlotSpec {
        let window = self.plot.viewport.window();
        PlotSpec {
            title: self.title.clone(),
            own_window_s: self.own_time.then(|| window.seconds().unwrap_or(0.0)),
            joins: self.joins.list.iter().map(|joining| joining.join.clone()).collect(),
            axes: self.plot.axes.clone(),
            series: spec::kept(&self.plot.entries, &self.joins, &self.waiting, model),
        }
    }

    /// Whether there is nothing on it and nothing will come by itself.
    pub fn is_blank(&self) -> bool {
        self.plot.is_empty() && self.joins.list.is_empty() && self.waiting.len() == 0
    }

    /// Called before every frame, even while it is hidden.
    pub fn tick(&mut self, id: PlotId, ctx: &Context, scene: &Scene<'_>, actions: &mut Actions) {
        self.waiting.look(id, &mut self.plot.entries, scene.model, actions);
        // Now, that the series that came have their names.
        self.plot.tick(ctx, scene, actions);
        let (numbers, more) = self.joins.look(scene);
        if !numbers.is_empty() {
            actions.push(PlotAction::AddTo { plot: id, numbers });
        }
        if more {
            ctx.request_repaint();
        }
        if let Some(number) = self.added.take() {
            self.joins.offer_like(scene, &number);
        }
    }

    /// What it is called.
    pub fn name(&self, l: Language) -> String {
        if !self.title.is_empty() {
            return self.title.clone();
        }
        if let Some(joining) = self.joins.list.first() {
            return joining.name();
        }
        match self.plot.entries.as_slice() {
            [] => words::EMPTY_PLOT.of(l).to_owned(),
            [only] => only.name().to_owned(),
            [first, rest @ ..] => words::and_more(first.name(), rest.len(), l),
        }
    }

    /// Takes all its series from it, which the model then forgets.
    pub fn empty(&mut self, actions: &mut Actions) {
        for entry in self.plot.entries.drain(..) {
            actions.push(PlotAction::Remove(entry.series));
        }
        (self.joins, self.waiting) = (Joins::default(), Waiting::default());
    }

    /// Draws a row that says what joins and what is awaited, if there is something to say.
    pub fn notes(&mut self, ui: &mut Ui, actions: &mut Actions) {
        if self.joins.list.is_empty() && self.joins.offer.is_none() && self.waiting.len() == 0 {
            return;
        }
        if ui.available_height() < 2.0 * NOTES {
            return; // it shows when the plots have more room, which one key gives them
        }
        let layout = Layout::left_to_right(Align::Center);
        ui.allocate_ui_with_layout(vec2(ui.available_width(), NOTES), layout, |ui| {
            ui.set_min_height(NOTES);
            ui.add_space(size::PADDING);
            keyed(ui, "joins", |ui| self.joining(ui, actions));
            keyed(ui, "offer", |ui| self.offer(ui));
            keyed(ui, "waiting", |ui| self.awaited(ui));
        });
    }

    fn joining(&mut self, ui: &mut Ui, actions: &mut Actions) {
        let (t, l) = (tokens(ui), language(ui));
        let mut stopped = None;
        for (index, joining) in self.joins.list.iter().enumerate() {
            let name = joining.name();
            let text = words::joined(&name, joining.joined.len(), l);
            ui.label(RichText::new(text).font(theme::small_font()).color(t.text_muted));
            let stop = words::stop_joining(&name, l);
            keyed(ui, index, |ui| {
                if icon_button(ui, icons::X, &stop, &stop).clicked() {
                    stopped = Some(index);
                }
            });
        }
        let left_out: usize = self.joins.list.iter().map(|joining| joining.left_out).sum();
        if left_out > 0 {
            let text = words::left_out(left_out, JOINED_MAX, l);
            ui.label(RichText::new(text).font(theme::small_font()).color(t.warn));
        }
        if let Some(index) = stopped {
            self.stop_joining(index, actions);
        }
    }

    /// Lets no more topics join by a filter, and removes those that did.
    fn stop_joining(&mut self, index: usize, actions: &mut Actions) {
        let joining = self.joins.list.remove(index);
        let is_joined = |entry: &crate::panels::plots::entry::PlotEntry| {
            let number = Plottable { node: entry.node, path: entry.path.clone() };
            entry.derived.is_none() && joining.has(&number)
        };
        while let Some(index) = self.plot.entries.iter().position(is_joined) {
            self.plot.remove(index, actions);
        }
    }

    fn offer(&mut self, ui: &mut Ui) {
        let l = language(ui);
        let Some((join, count)) = &self.joins.offer else { return };
        let name = words::filter_and_path(&join.filter, &join.path);
        let (also, help) = (words::also(*count, l), words::also_help(&name, l));
        let button = ui.button(RichText::new(also).font(theme::small_font()));
        let takes = button.on_hover_text(help).clicked();
        let refuse = words::no_thanks(&name, l);
        if icon_button(ui, icons::X, &refuse, &refuse).clicked() {
            self.joins.offer = None;
        } else if takes && let Some((join, _)) = self.joins.offer.take() {
            self.joins.add(join);
            ui.request_repaint();
        }
    }

    fn awaited(&mut self, ui: &mut Ui) {
        let (t, l) = (tokens(ui), language(ui));
        let count = self.waiting.len();
        if count == 0 {
            return;
        }
        let names: Vec<_> = self.waiting.specs().take(12).map(|spec| spec.source.topic.as_str()).collect();
        let text = RichText::new(words::waiting(count, l)).font(theme::small_font()).color(t.text_muted);
        ui.label(text).on_hover_text(names.join("\n"));
        let forget = ui.button(RichText::new(words::FORGET_WAITING.of(l)).font(theme::small_font()));
        if forget.on_hover_text(words::FORGET_WAITING_HELP.of(l)).clicked() {
            self.waiting.forget();
        }
    }
}

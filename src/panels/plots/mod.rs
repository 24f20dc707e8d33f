//! Numbers over time: tabs of plots, each a chart with several series, which follows the present until it is panned or
//! zoomed.
//!
//! The model holds the values; this panel holds which series are shown, how, and where. A series begins with
//! [`PlotAction::Add`](crate::command::PlotAction), which the app carries out: it asks the model for the series and
//! passes it to [`PlotsView::add`]. What a profile keeps of all that is `store::plots`.

mod chart;
mod chips;
mod csv;
mod curve;
mod desk;
mod editor;
mod entry;
mod export;
mod filter_form;
mod hand;
mod joins;
mod lane;
mod legend;
mod marker;
mod marks;
mod measure;
mod menu;
mod page;
mod pane;
mod picture;
mod plot;
mod raster;
mod readout;
mod reduced;
mod scale;
mod spec;
mod table;
mod time_axis;
mod toolbar;
mod value_axis;
mod viewport;
mod xy;

use std::sync::Arc;

use eframe::egui::{Context, Event, Ui};

use crate::command::{Actions, PlotAction, PlotId, Plottable};
use crate::model::{Model, NodeId, SeriesId, Transform};
use crate::panels::PanelView;
use crate::panels::plot_drag;
use crate::panels::plots::desk::{Edge, PaneWish};
use crate::panels::plots::filter_form::{FilterForm, FormWish};
use crate::panels::plots::page::Page;
use crate::panels::plots::pane::PlotPane;
use crate::panels::scene::Scene;
use crate::payload::query::JsonPath;
use crate::query::{PlottedAs, StateNames};
use crate::store::plots::PlotPage;
use crate::ui::widgets::access::keyed;
use crate::ui::widgets::controls::hairline;

/// A series that is to be read, from a topic's messages.
#[derive(Clone, Copy, Debug)]
pub struct Rereading<'a> {
    /// The topic.
    pub node: NodeId,
    /// How values are read.
    pub read: PlottedAs<'a>,
    /// The series so far.
    pub old: SeriesId,
}

/// The plots of one session.
#[derive(Debug)]
pub struct PlotsView {
    /// The tabs; there is always one.
    pages: Vec<Page>,
    /// The tab that is shown.
    shown: usize,
    /// The id that was given to a plot last.
    last_id: u64,
    form: Option<FilterForm>,
    /// The name of the tab as it is being typed.
    renaming: Option<String>,
    /// The plots as they were kept last.
    kept: Vec<PlotPage>,
    /// Whether there may be something new to keep.
    touched: bool,
    /// The series of the plots that show a time from before their first value.
    reaching_back: Vec<(SeriesId, NodeId)>,
}

impl Default for PlotsView {
    fn default() -> Self {
        Self::of(&[])
    }
}

impl PanelView for PlotsView {
    fn tick(&mut self, ctx: &Context, scene: &Scene<'_>, actions: &mut Actions) {
        for page in &mut self.pages {
            for (id, pane) in &mut page.panes {
                pane.tick(*id, ctx, scene, actions);
            }
        }
        if std::mem::take(&mut self.touched) {
            self.keep(scene.model, actions);
        }
    }

    fn cleared(&mut self) {
        let shown = self.shown;
        *self = Self::of(&self.kept);
        self.shown = shown.min(self.pages.len() - 1);
    }

    fn moves(&self) -> bool {
        self.page().is_some_and(|page| page.panes.values().any(|pane| !pane.plot.is_empty()))
    }

    fn show(&mut self, ui: &mut Ui, scene: &Scene<'_>, actions: &mut Actions) {
        ui.spacing_mut().item_spacing.y = 0.0;
        let mut wish = None;
        keyed(ui, "tabs", |ui| self.tabs(ui, actions));
        keyed(ui, "toolbar", |ui| wish = self.toolbar(ui, scene, actions));
        hairline(ui);
        keyed(ui, "form", |ui| self.filter_form(ui));
        let shown = self.shown;
        let page = &mut self.pages[shown];
        page.share_time(ui.input(|input| input.time));
        let asked =
            keyed(ui, ("page", page.panes.keys().next().copied()), |ui| page.show(ui, scene, actions));
        let plots = page.panes.iter().map(|(id, pane)| (page.shared(scene.model, *id), &pane.plot));
        self.reaching_back = plots.flat_map(|(shared, plot)| plot.reaching_back(scene, shared)).collect();
        if let Some((id, wish)) = wish.or(asked) {
            self.carry_out(id, wish, actions);
        }
        plot_drag::show(ui.ctx());
        let is_input = |event: &Event| !matches!(event, Event::PointerMoved(_) | Event::MouseMoved(_));
        if ui.input(|input| input.events.iter().any(is_input)) {
            self.touch(ui.ctx());
        }
    }
}

impl PlotsView {
    /// The plots as a profile keeps them.
    pub fn of(kept: &[PlotPage]) -> Self {
        let mut last_id = 0;
        let mut pages: Vec<_> = kept.iter().map(|page| Page::of(page, &mut last_id)).collect();
        if pages.is_empty() {
            pages.push(Page::of(&PlotPage::default(), &mut last_id));
        }
        let kept = kept.to_vec();
        Self {
            pages,
            shown: 0,
            last_id,
            form: None,
            renaming: None,
            kept,
            touched: false,
            reaching_back: Vec::new(),
        }
    }

    /// The series whose plot showed, in the last frame, a time from before their first value.
    pub fn take_reaching_back(&mut self) -> Vec<(SeriesId, NodeId)> {
        std::mem::take(&mut self.reaching_back)
    }

    /// The plots as they were kept last.
    pub fn kept(&self) -> &[PlotPage] {
        &self.kept
    }

    fn page(&self) -> Option<&Page> {
        self.pages.get(self.shown)
    }

    fn new_id(&mut self) -> PlotId {
        self.last_id += 1;
        PlotId(self.last_id)
    }

    /// Remembers that there may be something to keep.
    fn touch(&mut self, ctx: &Context) {
        self.touched = true;
        ctx.request_repaint();
    }

    fn keep(&mut self, model: &Model, actions: &mut Actions) {
        let kept: Vec<_> = if self.pages.iter().all(Page::is_blank) && self.pages.len() == 1 {
            Vec::new()
        } else {
            self.pages.iter().map(|page| page.kept(model)).collect()
        };
        if kept != self.kept {
            self.kept.clone_from(&kept);
            actions.push(PlotAction::Keep(kept));
        }
    }

    /// Adds a series that the model has started to the plot that is used. If there already is one for the same number,
    /// that one is shown and the new one is returned, to be removed from the model.
    pub fn add(&mut self, node: NodeId, path: Option<JsonPath>, series: SeriesId) -> Option<SeriesId> {
        self.touched = true;
        let Some(pane) = self.pages.get_mut(self.shown).and_then(Page::active_pane) else {
            return Some(series);
        };
        pane.added = Some(Plottable { node, path: path.clone() });
        pane.plot.add(node, path, series)
    }

    /// Adds a series to a plot, like [`PlotsView::add`].
    pub fn add_to(
        &mut self,
        plot: PlotId,
        node: NodeId,
        path: Option<JsonPath>,
        series: SeriesId,
    ) -> Option<SeriesId> {
        match self.pages.iter_mut().find_map(|page| page.panes.get_mut(&plot)) {
            Some(pane) => pane.plot.add(node, path, series),
            None => Some(series),
        }
    }

    /// Adds a series that the model computes from another, like [`PlotsView::add`].
    pub fn add_derived(&mut self, of: SeriesId, transform: Transform, series: SeriesId) -> Option<SeriesId> {
        self.touched = true;
        let mut plots = self.panes().map(|pane| &mut pane.plot);
        match plots.find(|plot| plot.entries.iter().any(|entry| entry.series == of)) {
            Some(plot) => plot.add_derived(of, transform, series),
            None => Some(series),
        }
    }

    /// Exchanges the series of every number for those that `again` gives, because it is read in another way, or only one
    /// of them. What is computed from them follows with [`PlotsView::derive_again`].
    pub fn read_again(
        &mut self,
        only: Option<SeriesId>,
        mut again: impl FnMut(Rereading<'_>) -> Option<(SeriesId, Option<Arc<StateNames>>)>,
    ) {
        self.touched = true;
        self.panes().for_each(|pane| pane.plot.read_again(only, &mut again));
    }

    /// Says that a series was found to have states, and what they are called.
    pub fn name_states(&mut self, series: SeriesId, names: &Arc<StateNames>) {
        for entry in self.panes().flat_map(|pane| &mut pane.plot.entries) {
            if entry.series == series {
                entry.names = Some(Arc::clone(names));
                entry.spec.source.states = true;
            }
        }
    }

    /// Exchanges every series that is computed from another for what `again` gives.
    pub fn derive_again(&mut self, mut again: impl FnMut(SeriesId, Transform, SeriesId) -> Option<SeriesId>) {
        self.panes().for_each(|pane| pane.plot.derive_again(&mut again));
    }

    fn panes(&mut self) -> impl Iterator<Item = &mut PlotPane> {
        self.pages.iter_mut().flat_map(|page| page.panes.values_mut())
    }

    fn filter_form(&mut self, ui: &mut Ui) {
        let Some(form) = &mut self.form else { return };
        match form.show(ui) {
            Some(FormWish::Plot(join)) => {
                if let Some(pane) = self.pages.get_mut(self.shown).and_then(Page::active_pane) {
                    pane.joins.add(join);
                }
                self.form = None;
                self.touch(ui.ctx());
            }
            Some(FormWish::Close) => self.form = None,
            None => {}
        }
        hairline(ui);
    }

    fn carry_out(&mut self, id: PlotId, wish: PaneWish, actions: &mut Actions) {
        self.touched = true;
        match wish {
            PaneWish::OpenForm => {
                self.pages[self.shown].active = id;
                self.form = Some(FilterForm::default());
            }
            PaneWish::New(beside) => self.add_plot(id, beside),
            PaneWish::Drop(dragged, beside) => {
                if let Some(beside) = beside {
                    self.add_plot(id, beside);
                }
                for Plottable { node, path } in dragged.numbers {
                    actions.push(PlotAction::Add { node, path });
                }
            }
            PaneWish::ToNewTab => {
                let Some(pane) = self.pages[self.shown].take_pane(id) else { return };
                let mut page = Page::of(&PlotPage::default(), &mut self.last_id);
                page.take_in(pane);
                self.pages.insert(self.shown + 1, page);
                self.shown += 1;
            }
            PaneWish::OwnTime
            | PaneWish::Grow
            | PaneWish::Shrink
            | PaneWish::Move { .. }
            | PaneWish::Close => {}
        }
    }

    fn add_plot(&mut self, at: PlotId, beside: Edge) {
        let id = self.new_id();
        self.pages[self.shown].add_pane(at, beside, id, PlotPane::default());
    }
}

//! Numbers over time: several series in one chart, which follows the present until it is panned or zoomed.
//!
//! The model holds the values; this panel holds which series are shown and how. A series begins with
//! [`PlotAction::Add`], which the app carries out: it asks the model for the series and passes it to
//! [`PlotsView::add`].

mod chart;
mod csv;
mod curve;
mod entry;
mod legend;
mod marker;
mod measure;
mod plot;
mod samples;
mod table;
mod time_axis;
mod value_axis;
mod viewport;

use eframe::egui::{Context, Ui};

use crate::command::Actions;
use crate::model::{NodeId, SeriesId, Transform};
use crate::panels::PanelView;
use crate::panels::plots::plot::Plot;
use crate::panels::scene::Scene;
use crate::payload::query::JsonPath;

/// The plots of one session.
#[derive(Debug, Default)]
pub struct PlotsView {
    plot: Plot,
}

impl PanelView for PlotsView {
    fn tick(&mut self, ctx: &Context, scene: &Scene<'_>, actions: &mut Actions) {
        self.plot.tick(ctx, scene, actions);
    }

    fn cleared(&mut self) {
        *self = Self::default();
    }

    fn moves(&self) -> bool {
        !self.plot.is_empty()
    }

    fn show(&mut self, ui: &mut Ui, scene: &Scene<'_>, actions: &mut Actions) {
        self.plot.show(ui, scene, actions);
    }
}

impl PlotsView {
    /// Adds a series that the model has started. If there already is one for the same number, that one is shown and the
    /// new one is returned, to be removed from the model.
    pub fn add(&mut self, node: NodeId, path: Option<JsonPath>, series: SeriesId) -> Option<SeriesId> {
        self.plot.add(node, path, series)
    }

    /// Adds a series that the model computes from another, like [`PlotsView::add`].
    pub fn add_derived(&mut self, of: SeriesId, transform: Transform, series: SeriesId) -> Option<SeriesId> {
        self.plot.add_derived(of, transform, series)
    }

    /// Exchanges the series of every number for those that `again` gives, because it is read in another way. What is
    /// computed from them follows with [`PlotsView::derive_again`].
    pub fn read_again(&mut self, again: impl FnMut(NodeId, Option<&JsonPath>, SeriesId) -> Option<SeriesId>) {
        self.plot.read_again(again);
    }

    /// Exchanges every series that is computed from another for what `again` gives.
    pub fn derive_again(&mut self, again: impl FnMut(SeriesId, Transform, SeriesId) -> Option<SeriesId>) {
        self.plot.derive_again(again);
    }
}

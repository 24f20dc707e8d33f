//! Carries out actions on plotted numbers.

use std::sync::Arc;

use eframe::egui::Context;

use crate::app::{App, Tab};
use crate::command::{PlotAction, Tool};
use crate::model::{NodeId, SeriesId, Transform};
use crate::payload::query::JsonPath;
use crate::query::{NumberAt, Readings};
use crate::ui::job::Job;

impl App {
    /// Carries out an action on plotted numbers.
    pub(super) fn plot(&mut self, action: PlotAction) {
        match action {
            PlotAction::Add { node, path } => {
                self.show_tool(Tool::Plots);
                let ctx = self.ctx.clone();
                if let Some(tab) = self.active_tab_mut() {
                    add(tab, node, path);
                    fill(tab, &ctx);
                }
            }
            PlotAction::Derive { of, transform } => {
                if let Some(tab) = self.active_tab_mut() {
                    derive(tab, of, transform);
                }
            }
            PlotAction::Remove(series) => {
                if let Some(tab) = self.active_tab() {
                    tab.session.model().lock().remove_series(series);
                }
            }
        }
    }
}

fn add(tab: &mut Tab, node: NodeId, path: Option<JsonPath>) {
    let mut model = tab.session.model().lock();
    let newest = model.node(node).and_then(|node| node.topic).map(|topic| topic.newest);
    let choice = newest.and_then(|newest| Readings::default().choice_of(&model, &tab.rules, &newest));
    let extractor = NumberAt { path: path.clone(), choice };
    if let Some(series) = model.add_series(node, Box::new(extractor))
        && let Some(plotted_already) = tab.view.tools.plots.add(node, path, series)
    {
        model.remove_series(plotted_already);
    }
}

fn derive(tab: &mut Tab, of: SeriesId, transform: Transform) {
    let mut model = tab.session.model().lock();
    if let Some(series) = model.add_derived(of, transform)
        && let Some(plotted_already) = tab.view.tools.plots.add_derived(of, transform, series)
    {
        model.remove_series(plotted_already);
    }
}

/// Reads the history for new series. The job locks the model for a moment at a time, and lets others have it in between.
fn fill(tab: &mut Tab, ctx: &Context) {
    let model = Arc::clone(tab.session.model());
    tab.filling =
        Some(Job::spawn(
            "fill plots",
            ctx,
            move |cancel| {
                while !cancel.is_cancelled() && model.lock().fill_series() {}
            },
        ));
}

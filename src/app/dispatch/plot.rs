//! Carries out actions on plotted numbers.

use std::sync::Arc;

use eframe::egui::Context;

use crate::app::{App, Tab};
use crate::command::{PlotAction, PlotId, Plottable, Tool};
use crate::model::{Model, NodeId, SeriesId, Transform};
use crate::payload::query::JsonPath;
use crate::query::{NumberAt, Readings, Rules};
use crate::store::Profile;
use crate::store::plots::PlotPage;
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
            PlotAction::AddTo { plot, numbers } => {
                let ctx = self.ctx.clone();
                if let Some(tab) = self.active_tab_mut() {
                    add_to(tab, plot, numbers);
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
            PlotAction::Keep(plots) => self.keep_plots(plots),
        }
    }

    /// Keeps the plots in the profile of the session that is shown.
    fn keep_plots(&mut self, plots: Vec<PlotPage>) {
        let profile = self.active_tab().and_then(|tab| self.storage.profiles.get(tab.profile.as_ref()?));
        if let Some(profile) = profile.filter(|profile| profile.plots != plots).cloned() {
            let profile = Profile { plots, ..profile };
            self.connections.reload(&profile);
            self.storage.profiles.update(profile);
            self.storage.save_profiles();
        }
    }
}

/// Reads all plotted numbers anew, from the messages that are held, because the decoder rules changed.
pub(in crate::app) fn read_again(tab: &mut Tab, ctx: &Context) {
    let mut model = tab.session.model().lock();
    let rules = &tab.rules;
    tab.view.tools.plots.read_again(|node, path, old| {
        let extractor = extractor(&model, rules, node, path.cloned());
        let series = model.add_series(node, Box::new(extractor))?;
        model.remove_series(old);
        Some(series)
    });
    tab.view.tools.plots.derive_again(|of, transform, old| {
        let series = model.add_derived(of, transform)?;
        model.remove_series(old);
        Some(series)
    });
    drop(model);
    fill(tab, ctx);
}

/// What reads a number out of the messages of a topic.
fn extractor(model: &Model, rules: &Rules, node: NodeId, path: Option<JsonPath>) -> NumberAt {
    let newest = model.node(node).and_then(|node| node.topic).map(|topic| topic.newest);
    let choice = newest.and_then(|newest| Readings::default().choice_of(model, rules, &newest));
    NumberAt { path, choice }
}

fn add(tab: &mut Tab, node: NodeId, path: Option<JsonPath>) {
    let mut model = tab.session.model().lock();
    let extractor = extractor(&model, &tab.rules, node, path.clone());
    if let Some(series) = model.add_series(node, Box::new(extractor))
        && let Some(plotted_already) = tab.view.tools.plots.add(node, path, series)
    {
        model.remove_series(plotted_already);
    }
}

fn add_to(tab: &mut Tab, plot: PlotId, numbers: Vec<Plottable>) {
    let mut model = tab.session.model().lock();
    for Plottable { node, path } in numbers {
        let extractor = extractor(&model, &tab.rules, node, path.clone());
        if let Some(series) = model.add_series(node, Box::new(extractor))
            && let Some(plotted_already) = tab.view.tools.plots.add_to(plot, node, path, series)
        {
            model.remove_series(plotted_already);
        }
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

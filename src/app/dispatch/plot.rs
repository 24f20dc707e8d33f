//! Carries out actions on plotted numbers.

use crate::app::{App, Tab};
use crate::command::{PlotAction, Tool};
use crate::model::{Model, NodeId};
use crate::payload::query::JsonPath;
use crate::query::{NumberAt, Readings, Rules};

impl App {
    /// Carries out an action on plotted numbers.
    pub(super) fn plot(&mut self, action: PlotAction) {
        match action {
            PlotAction::Add { node, path } => {
                self.show_tool(Tool::Plots);
                if let Some(tab) = self.active_tab_mut() {
                    add(tab, node, path);
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

/// Reads all plotted numbers anew, from the messages that are held, because the decoder rules changed.
pub(in crate::app) fn read_again(tab: &mut Tab) {
    let mut model = tab.session.model().lock();
    let rules = &tab.rules;
    tab.view.tools.plots.read_again(|node, path, old| {
        let extractor = extractor(&model, rules, node, path.cloned());
        let series = model.add_series(node, Box::new(extractor))?;
        model.remove_series(old);
        Some(series)
    });
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

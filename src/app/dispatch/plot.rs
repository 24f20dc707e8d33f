//! Carries out actions on plotted numbers.

use crate::app::{App, Tab};
use crate::command::{PlotAction, Tool};
use crate::model::NodeId;
use crate::payload::query::JsonPath;
use crate::query::{NumberAt, Readings};

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

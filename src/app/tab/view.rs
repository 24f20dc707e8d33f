//! What a tab keeps of its session's panels.

use crate::command::Tool;
use crate::panels::inspector::InspectorView;
use crate::panels::overview::OverviewView;
use crate::panels::timebar::TimeBarView;
use crate::panels::tools::Tools;
use crate::panels::topics::TopicsView;
use crate::store::settings::Settings;

/// The state of a session's panels.
pub struct View {
    /// State of the topic tree.
    pub topics: TopicsView,
    /// State of the inspector of the selected topic.
    pub inspector: InspectorView,
    /// State of the overview, which is shown while no topic is selected.
    pub overview: OverviewView,
    /// State of the time bar.
    pub timebar: TimeBarView,
    /// State of the tools below the tree.
    pub tools: Tools,
    /// Whether the tool that is shown has the whole window.
    pub filled: bool,
    /// Whether the tools show although the settings hide them, because there is something to see at once.
    pub opens_tools: bool,
}

impl Default for View {
    fn default() -> Self {
        let tools = Tools::new(Tool::Publish);
        Self {
            topics: TopicsView::default(),
            inspector: InspectorView::default(),
            overview: OverviewView::default(),
            timebar: TimeBarView::default(),
            tools,
            filled: false,
            opens_tools: false,
        }
    }
}

impl View {
    /// Whether the tools show.
    pub fn shows_tools(&self, settings: &Settings) -> bool {
        settings.pane("tools").visible || self.opens_tools
    }
}

//! Carries out actions about topics: in the model and the view of the session that shows.

use crate::app::App;
use crate::command::TopicAction;
use crate::model::Order;

impl App {
    /// Carries out an action about topics.
    pub(super) fn topic(&mut self, action: TopicAction) {
        let Some(tab) = self.active_tab_mut() else { return };
        match action {
            TopicAction::Select(node) => tab.select(node),
            TopicAction::SetExpanded(node, true) => tab.session.model().lock().expand(node),
            TopicAction::SetExpanded(node, false) => tab.session.model().lock().collapse(node),
            TopicAction::ExpandSubtree(node) => tab.session.model().lock().expand_subtree(node),
            TopicAction::CollapseSubtree(node) => tab.session.model().lock().collapse_subtree(node),
            TopicAction::SortBy(order) => {
                tab.session.model().lock().set_order(order);
                self.remember_order(order);
            }
            TopicAction::Search(query) => tab.search(query),
            TopicAction::EnterResults => tab.enter_results(),
            TopicAction::Inspect(message) => tab.view.inspector.inspect(message),
        }
    }

    fn remember_order(&mut self, order: Order) {
        self.storage.settings.sort_by = order;
        self.storage.save_settings();
    }
}

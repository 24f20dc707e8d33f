//! The part of the tree that a tab shows, and what is forgotten of it.

use crate::app::tab::Tab;
use crate::model::NodeId;

impl Tab {
    /// Shows only a node and what is below it, or the whole tree. A current search starts again in what is shown.
    pub fn show_only(&mut self, node: Option<NodeId>) {
        self.session.model().lock().set_scope(node);
        self.scope = node;
        self.view.topics.show_top();
        if !self.query.text.is_empty() {
            self.search(self.query.clone());
        }
        match self.selected {
            Some(selected) => {
                self.session.model().lock().reveal(selected);
                self.view.topics.reveal(selected);
            }
            None => self.selected = node,
        }
        self.view.topics.take_focus();
    }

    /// Forgets the topic of a node, or all topics at or below it. If the selection or the scope is gone, it is cleared.
    pub fn forget(&mut self, node: NodeId, below: bool) {
        let mut model = self.session.model().lock();
        if below {
            model.forget_below(node);
        } else {
            model.forget(node);
        }
        let is_gone = |node: &NodeId| {
            model.node(*node).is_none_or(|node| node.topic.is_none() && node.topics_below == 0)
        };
        self.selected = self.selected.filter(|selected| !is_gone(selected));
        if model.scope().as_ref().is_some_and(is_gone) {
            drop(model);
            self.show_only(None);
        }
    }
}

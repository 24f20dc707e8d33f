//! The scope: the rows of one node and what is below it, in the place of all rows. They are part of the rows that there
//! are, so choosing a scope counts nothing anew.

use crate::model::Model;
use crate::model::tree::{NodeId, ROOT};

impl Model {
    /// Shows only a node and what is below it; `None` shows everything again. A search that is on goes on in the rows it
    /// has: it is for its caller to begin it anew, so that it looks at the topics of the scope alone.
    pub fn set_scope(&mut self, node: Option<NodeId>) {
        let node = node.filter(|node| self.tree.nodes.get(node.0).is_some());
        self.scope = node.map_or(ROOT, |node| node.0);
        if let Some(node) = node {
            self.expand(node);
        }
    }

    /// The node whose rows alone are shown.
    pub fn scope(&self) -> Option<NodeId> {
        Some(NodeId(self.scope)).filter(|&node| node != NodeId::ROOT)
    }

    /// Whether a node is what the scope shows or below it.
    pub fn is_in_scope(&self, node: NodeId) -> bool {
        self.tree.nodes.get(node.0).is_some() && self.tree.is_at_or_below(node.0, self.scope)
    }
}

//! The scope: showing only the rows of one node and what is below it. They are a part of all rows, so choosing a scope
//! needs no counting.

use crate::model::Model;
use crate::model::tree::{NodeId, ROOT};

impl Model {
    /// Shows only a node and what is below it; `None` shows everything again. A current search continues as it is: to
    /// search only the topics of the scope, the caller has to start it again.
    pub fn set_scope(&mut self, node: Option<NodeId>) {
        let node = node.filter(|node| self.tree.nodes.get(node.0).is_some());
        self.scope = node.map_or(ROOT, |node| node.0);
        if let Some(node) = node {
            self.expand(node);
        }
    }

    /// The node to which the rows are limited.
    pub fn scope(&self) -> Option<NodeId> {
        Some(NodeId(self.scope)).filter(|&node| node != NodeId::ROOT)
    }

    /// Whether a node is in the scope.
    pub fn is_in_scope(&self, node: NodeId) -> bool {
        self.tree.nodes.get(node.0).is_some() && self.tree.is_at_or_below(node.0, self.scope)
    }
}

//! Steps from one match of a search to the next, in the order of the rows, even through collapsed levels.

use crate::model::Model;
use crate::model::rows::RowView;
use crate::model::tree::{NodeId, ROOT, Tree};

/// The nodes of one view, as if all were expanded.
struct Walk<'a> {
    tree: &'a Tree,
    view: &'a RowView,
    /// Nothing above this node is visited.
    top: u32,
}

impl Walk<'_> {
    fn after(&self, node: u32) -> Option<u32> {
        if let Some(child) = self.child(node, true) {
            return Some(child);
        }
        let mut at = node;
        while at != self.top {
            if let Some(sibling) = self.sibling(at, true) {
                return Some(sibling);
            }
            at = self.tree.nodes[at].parent;
        }
        None
    }

    fn before(&self, node: u32) -> Option<u32> {
        if node == self.top {
            return None;
        }
        match self.sibling(node, false) {
            Some(sibling) => Some(self.last(sibling)),
            None => Some(self.tree.nodes[node].parent).filter(|&parent| parent != ROOT),
        }
    }

    /// The last node at or below another.
    fn last(&self, node: u32) -> u32 {
        let mut at = node;
        while let Some(child) = self.child(at, false) {
            at = child;
        }
        at
    }

    /// The first or the last visible child.
    fn child(&self, node: u32, first: bool) -> Option<u32> {
        let branch = self.tree.nodes[node].branch;
        let blocks = self.tree.branches.get(branch)?.children.blocks();
        (0..blocks).find_map(|at| self.in_block(branch, if first { at } else { blocks - 1 - at }, first))
    }

    fn in_block(&self, branch: u32, rank: usize, first: bool) -> Option<u32> {
        let (slot, list) = self.tree.branches[branch].children.block(rank);
        if self.view.sums(branch, slot).shown == 0 {
            return None;
        }
        let mut shown = list.iter().copied().filter(|&child| self.view.shows(child));
        if first { shown.next() } else { shown.next_back() }
    }

    /// The next visible sibling, or the one before.
    fn sibling(&self, node: u32, next: bool) -> Option<u32> {
        let branch = self.tree.parent_branch(node);
        let children = &self.tree.branches[branch].children;
        let slot = children.slot_of(self.tree.nodes[node].ordinal).unwrap_or(0);
        let own = (0..children.blocks()).find(|&rank| children.block(rank).0 == slot)?;
        let (_, list) = children.block(own);
        let at = list.iter().position(|&child| child == node)?;
        let shows = |child: &u32| self.view.shows(*child);
        if next {
            let beside = list[at + 1..].iter().copied().find(shows);
            beside.or_else(|| (own + 1..children.blocks()).find_map(|rank| self.in_block(branch, rank, true)))
        } else {
            let beside = list[..at].iter().copied().rfind(shows);
            beside.or_else(|| (0..own).rev().find_map(|rank| self.in_block(branch, rank, false)))
        }
    }
}

impl Model {
    /// The match after a node, or before it, wrapping around at the end. Without a node, the first or the last match.
    /// `None` if nothing matches.
    pub fn next_match(&self, from: Option<NodeId>, forward: bool) -> Option<NodeId> {
        let search = self.search.as_ref()?;
        let walk = Walk { tree: &self.tree, view: &search.view, top: self.scope };
        let is_match = |node: u32| node != ROOT && search.matches(&self.tree, node);
        let step = |node: u32| if forward { walk.after(node) } else { walk.before(node) };
        let end = if forward { walk.top } else { walk.last(walk.top) };
        let from = from.filter(|node| *node != NodeId::ROOT && self.is_in_scope(*node)).map(|node| node.0);
        let beyond =
            from.and_then(|from| std::iter::successors(step(from), |&at| step(at)).find(|&at| is_match(at)));
        beyond
            .or_else(|| std::iter::successors(Some(end), |&at| step(at)).find(|&at| is_match(at)))
            .map(NodeId)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Timestamp;
    use crate::model::Limits;
    use crate::model::tests::{Contains, message};

    fn searched(topics: impl IntoIterator<Item = String>, needle: &str) -> Model {
        let mut model = Model::new(Limits::default());
        for topic in topics {
            model.apply(message(topic.as_bytes(), b"", 0)).unwrap();
        }
        model.roll_up(Timestamp(0));
        model.set_filter(Some(Box::new(Contains(needle.into()))));
        model.search_step(usize::MAX);
        model
    }

    fn names(model: &Model, forward: bool, most: usize) -> Vec<String> {
        let mut at = None;
        let mut next = || {
            at = model.next_match(at, forward);
            String::from_utf8(model.topic_bytes(at?)).ok()
        };
        std::iter::from_fn(&mut next).take(most).collect()
    }

    #[test]
    fn matches_follow_one_another_through_collapsed_levels_and_begin_anew() {
        let topics = ["a/x", "a/b/x", "b", "c/x/d/x", "x"].map(str::to_owned);
        let mut model = searched(topics, "x");
        model.collapse_all();
        let forward = ["a/b/x", "a/x", "c/x/d/x", "x", "a/b/x"];
        assert_eq!(names(&model, true, 5), forward);
        assert_eq!(names(&model, false, 5), ["x", "c/x/d/x", "a/x", "a/b/x", "x"]);
        let b = model.find(b"b");
        assert_eq!(model.next_match(b, true), model.find(b"c/x/d/x"), "also from what does not match");
        assert_eq!(model.next_match(b, false), model.find(b"a/x"));
    }

    #[test]
    fn matches_among_many_siblings_come_in_the_order_of_the_rows() {
        let model = searched((0..500).map(|i| format!("wide/{i}")), "7");
        let rows = model
            .rows(0, usize::MAX)
            .map(|row| row.node)
            .filter(|node| model.node(*node).and_then(|node| node.topic).is_some_and(|topic| topic.matches));
        let rows: Vec<_> = rows.map(|node| String::from_utf8(model.topic_bytes(node)).unwrap()).collect();
        assert_eq!(names(&model, true, rows.len()), rows);
        let mut backward = names(&model, false, rows.len());
        backward.reverse();
        assert_eq!(backward, rows);
    }

    #[test]
    fn without_matches_there_is_no_next_one() {
        assert_eq!(searched(["a/b".to_owned()], "x").next_match(None, true), None);
        assert_eq!(searched(["a/b".to_owned()], "x").next_match(None, false), None);
        assert_eq!(Model::new(Limits::default()).next_match(None, true), None);
    }
}

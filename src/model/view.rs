//! The view of the tree: rows, what is expanded, order, search, pause.

use crate::message::Timestamp;
use crate::model::Model;
use crate::model::cursor::{self, Row, Rows};
use crate::model::order::Sorting;
use crate::model::rows::RowView;
use crate::model::search::{Matcher, SearchProgress, SearchView};
use crate::model::stored::Reader;
use crate::model::tree::{NodeId, ROOT};

impl Model {
    /// The rows that are shown: those of the search, if there is one.
    pub(super) fn active_rows(&self) -> &RowView {
        self.search.as_ref().map_or(&self.rows, |search| &search.view)
    }

    fn with_active_rows(&mut self, change: impl FnOnce(&mut RowView, &crate::model::Tree)) {
        change(self.search.as_mut().map_or(&mut self.rows, |search| &mut search.view), &self.tree);
    }

    fn knows(&self, node: NodeId) -> bool {
        self.tree.nodes.get(node.0).is_some()
    }

    /// How many rows there are.
    pub fn row_count(&self) -> u64 {
        let rows = self.active_rows();
        u64::from(if self.scope == ROOT { rows.len() } else { rows.rows_of(&self.tree, self.scope) })
    }

    /// `count` rows, starting at row `first`, counted from 0.
    pub fn rows(&self, first: u64, count: usize) -> impl Iterator<Item = Row> {
        Rows::new(&self.tree, self.active_rows(), self.scope, first).take(count)
    }

    /// The number of a node's row; a folded level has the number of the row that it is part of. `None` if the node is
    /// out of view or an ancestor is collapsed.
    pub fn row_of(&self, node: NodeId) -> Option<u64> {
        if !self.knows(node) {
            return None;
        }
        cursor::row_of(&self.tree, self.active_rows(), self.scope, node.0)
    }

    /// Shows a node's children.
    pub fn expand(&mut self, node: NodeId) {
        self.set_expanded(node, true);
    }

    /// Hides a node's children. What is expanded below it stays so for the next time.
    pub fn collapse(&mut self, node: NodeId) {
        self.set_expanded(node, false);
    }

    fn set_expanded(&mut self, node: NodeId, expanded: bool) {
        if self.knows(node) {
            self.with_active_rows(|rows, tree| rows.set_row_open(tree, node.0, expanded));
        }
    }

    /// Chooses whether a level without messages and with a single child shares the child's row. Looks at every node
    /// once.
    pub fn set_folding(&mut self, folds: bool) {
        self.rows.set_folds(&self.tree, folds);
        if let Some(search) = &mut self.search {
            search.view.set_folds(&self.tree, folds);
        }
    }

    /// Expands a node and all below it. If there are very many, [`Model::resort`] expands the rest, a portion per call.
    pub fn expand_subtree(&mut self, node: NodeId) {
        self.set_subtree_expanded(node, true);
    }

    /// Collapses a node and all below it.
    pub fn collapse_subtree(&mut self, node: NodeId) {
        self.set_subtree_expanded(node, false);
    }

    fn set_subtree_expanded(&mut self, node: NodeId, expanded: bool) {
        if self.knows(node) {
            self.with_active_rows(|rows, tree| rows.set_open_below(tree, node.0, expanded));
        }
    }

    /// Expands level after level until there are `rows` rows, and returns whether there are. A node is expanded if its
    /// children have room, or if no row below it is pushed out of view. `$SYS` and the like stay collapsed.
    pub fn expand_to_fill(&mut self, rows: u64) -> bool {
        while self.row_count() < rows {
            let left = rows - self.row_count();
            let most = usize::try_from(rows).unwrap_or(usize::MAX);
            let all: Vec<Row> = self.rows(0, most).collect();
            let is_own = |row: &Row| row.level > 0 || !self.tree.segment(row.first.0).starts_with(b"$");
            let last = all.iter().rposition(is_own);
            let fits = |row: &Row, place: usize| {
                u64::from(self.active_rows().children(&self.tree, row.node.0)) <= left || Some(place) == last
            };
            let closed = all
                .iter()
                .enumerate()
                .filter(|(place, row)| row.has_children && !row.expanded && is_own(row) && fits(row, *place));
            let Some(next) = closed.min_by_key(|(_, row)| row.level).map(|(_, row)| row.node) else {
                return false;
            };
            self.expand(next);
        }
        true
    }

    /// Expands everything in the scope.
    pub fn expand_all(&mut self) {
        self.set_subtree_expanded(NodeId(self.scope), true);
    }

    /// Collapses everything in the scope, except for the scope's own node.
    pub fn collapse_all(&mut self) {
        self.set_subtree_expanded(NodeId(self.scope), false);
        if self.scope != ROOT {
            self.expand(NodeId(self.scope));
        }
    }

    /// Expands all levels above a node so that it has a row, and returns whether it has one. During a search, only
    /// nodes that lead to a match can have rows; in a scope, only nodes in it; while paused, only nodes that existed
    /// before.
    pub fn reveal(&mut self, node: NodeId) -> bool {
        if !self.is_in_scope(node) || node.0 == ROOT || !self.active_rows().shows(node.0) {
            return false;
        }
        // What is above the scope is out of view and stays as it was.
        if node.0 != self.scope {
            let above = self.tree.ancestors(node.0).take_while(|&at| at != self.scope);
            let above: Vec<u32> = above.chain([self.scope]).collect();
            self.with_active_rows(|rows, tree| above.iter().for_each(|&at| rows.set_open(tree, at, true)));
        }
        true
    }

    /// The order of siblings.
    pub fn order(&self) -> Sorting {
        self.sorter.order
    }

    /// Chooses the order of siblings. Small trees are in order when this returns; for large ones [`Model::resort`] does
    /// the rest.
    pub fn set_order(&mut self, order: impl Into<Sorting>) {
        let order = order.into();
        if order != self.sorter.order {
            self.sorter.choose(order, &self.tree);
            self.sort_portion();
        }
    }

    /// Keeps the siblings in order and goes on with expanding what was too much at once; once per frame. Orders that
    /// depend on messages are sorted again about once a second, in portions; while the view is paused they are not.
    /// Returns whether a pass is not finished.
    pub fn resort(&mut self, now: Timestamp) -> bool {
        if !self.roll_up.paused || self.is_rewound() {
            self.sorter.begin(now);
        }
        self.sort_portion();
        let mut is_opening = self.rows.open_portion(&self.tree);
        if let Some(search) = &mut self.search {
            is_opening |= search.view.open_portion(&self.tree);
        }
        self.sorter.is_sorting() || is_opening
    }

    fn sort_portion(&mut self) {
        let Self { sorter, tree, topics, history, rows, search, .. } = self;
        sorter.step(tree, Reader { topics, history }, |tree, branch, placed| {
            rows.placed(tree, branch, placed);
            if let Some(search) = search {
                search.view.placed(tree, branch, placed);
            }
        });
    }

    /// Starts a search, which [`Model::search_step`] then carries out, or ends it.
    ///
    /// During a search, only matching topics and the levels above them have rows, expanded at first. Afterwards the
    /// rows of the whole tree come back as they were.
    pub fn set_filter(&mut self, matcher: Option<Box<dyn Matcher>>) {
        self.search =
            matcher.map(|matcher| SearchView::new(matcher, self.scope, &self.tree, &self.topics, &self.rows));
    }

    /// Searches the next `topics` topics, or fewer if their payloads are large.
    pub fn search_step(&mut self, topics: usize) -> SearchProgress {
        let reader = Reader { topics: &self.topics, history: &self.history };
        if let Some(search) = &mut self.search {
            search.step(topics, &self.tree, reader);
        }
        self.search_progress()
    }

    /// How far the search is. Without one, it is done and has no matches.
    pub(super) fn search_progress(&self) -> SearchProgress {
        self.search
            .as_ref()
            .map_or(SearchProgress { done: true, ..SearchProgress::default() }, SearchView::progress)
    }

    /// Pauses or resumes the view. Messages are taken in either way.
    ///
    /// A paused view stays at the last [`Model::roll_up`]: rows, counts, newest messages and histories. Expanding,
    /// searching and choosing another order work on that state.
    pub fn set_paused(&mut self, paused: bool) {
        self.end_rewind();
        self.roll_up.paused = paused;
        if paused {
            self.sorter.pause();
        }
    }

    /// Messages that have arrived and are not shown yet because the view is paused.
    pub fn paused_messages(&self) -> u64 {
        self.messages - self.tree.branches[crate::model::tree::ROOT_BRANCH].counters.messages
    }
}

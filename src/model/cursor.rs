//! Rows by number: the rows from row *i* on, and the row of a node.

use crate::model::rows::RowView;
use crate::model::tree::{NodeId, ROOT, ROOT_BRANCH, Tree};

/// One line of the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// The node that it shows; if several levels share the row, the lowest.
    pub node: NodeId,
    /// The highest level in the row, which is `node` itself unless single levels are folded.
    pub first: NodeId,
    /// Depth of the row, counting from 0 for the first level shown.
    pub level: u16,
    /// Its place among the siblings that have rows, counting from 1.
    pub position: u32,
    /// How many siblings have rows, including itself.
    pub siblings: u32,
    /// Whether its children are shown. A node without children is not expanded.
    pub expanded: bool,
    /// Whether there are children to show.
    pub has_children: bool,
}

/// A place among the children of one branch: the next child to look at.
#[derive(Clone, Copy, Debug)]
struct ChildPlace {
    branch: u32,
    /// Rank of the block.
    block: usize,
    /// Index in the block.
    index: usize,
    /// Visible children before this place.
    shown: u32,
    /// The level of the children's rows.
    level: u16,
}

impl ChildPlace {
    fn start(branch: u32, level: u16) -> Self {
        Self { branch, block: 0, index: 0, shown: 0, level }
    }
}

/// An iterator over rows in order, starting at a given one.
pub(super) struct Rows<'a> {
    tree: &'a Tree,
    view: &'a RowView,
    /// The places from the top down to the branch of the next row.
    stack: Vec<ChildPlace>,
    /// The node whose row comes first, followed by those below it; the root has no row of its own.
    top: u32,
    /// Whether the row of the top is next.
    at_top: bool,
}

impl<'a> Rows<'a> {
    /// The rows at or below the node `top`, starting at row `first`, counted from 0.
    pub(super) fn new(tree: &'a Tree, view: &'a RowView, top: u32, first: u64) -> Self {
        let mut rows = Self { tree, view, stack: Vec::new(), top, at_top: false };
        if top == ROOT && first < u64::from(view.len()) {
            rows.descend(ROOT_BRANCH, 0, first as u32);
        } else if top != ROOT && first == 0 {
            rows.at_top = view.shows(top);
        } else if top != ROOT && first < u64::from(view.rows_of(tree, top)) {
            rows.descend(tree.nodes[rows.row_end(top)].branch, 1, first as u32 - 1);
        }
        rows
    }

    /// Descends from a branch, whose rows are at `level`, to the row that has `skip` rows before it.
    fn descend(&mut self, mut branch: u32, mut level: u16, mut skip: u32) {
        loop {
            let Some((frame, child)) = self.seek(branch, level, &mut skip) else { return };
            self.stack.push(frame);
            if skip == 0 {
                return;
            }
            // The row is below this child: skip the child's own row, and let the parent continue after it.
            skip -= 1;
            if let Some(frame) = self.stack.last_mut() {
                frame.index += 1;
                frame.shown += 1;
            }
            branch = self.tree.nodes[self.row_end(child)].branch;
            level = level.saturating_add(1);
        }
    }

    /// Finds the child of a branch whose rows include the one after `skip`, and subtracts the rows before it from
    /// `skip`.
    fn seek(&self, branch: u32, level: u16, skip: &mut u32) -> Option<(ChildPlace, u32)> {
        let children = &self.tree.branches[branch].children;
        let mut shown = 0;
        for block in 0..children.blocks() {
            let (slot, list) = children.block(block);
            let sums = self.view.sums(branch, slot);
            if *skip >= sums.rows {
                *skip -= sums.rows;
                shown += sums.shown;
                continue;
            }
            for (index, &child) in list.iter().enumerate() {
                let rows = self.view.rows_of(self.tree, child);
                if *skip < rows {
                    return Some((ChildPlace { branch, block, index, shown, level }, child));
                }
                *skip -= rows;
                shown += u32::from(rows > 0);
            }
        }
        None
    }

    /// The node whose row includes `node`: the first one at or below it that is not folded.
    fn row_end(&self, node: u32) -> u32 {
        let mut end = node;
        while let branch = self.tree.nodes[end].branch
            && self.view.is_folded(branch)
            && let Some(child) = self.advance(&mut ChildPlace::start(branch, 0))
        {
            end = child;
        }
        end
    }

    /// The next visible child at or after a place, which then moves past that child.
    fn advance(&self, frame: &mut ChildPlace) -> Option<u32> {
        let children = &self.tree.branches[frame.branch].children;
        while frame.block < children.blocks() {
            let (slot, list) = children.block(frame.block);
            if self.view.sums(frame.branch, slot).shown > 0 {
                while let Some(&child) = list.get(frame.index) {
                    frame.index += 1;
                    if self.view.shows(child) {
                        frame.shown += 1;
                        return Some(child);
                    }
                }
            }
            frame.block += 1;
            frame.index = 0;
        }
        None
    }
}

impl Rows<'_> {
    /// The row that begins with a node. If it is expanded, its children come next.
    fn row(&mut self, first: u32, level: u16, position: u32, siblings: u32) -> Row {
        let node = self.row_end(first);
        let branch = self.tree.nodes[node].branch;
        let has_children = self.view.children(self.tree, node) > 0;
        let expanded = has_children && self.view.is_branch_open(branch);
        if expanded {
            self.stack.push(ChildPlace::start(branch, level.saturating_add(1)));
        }
        Row { node: NodeId(node), first: NodeId(first), level, position, siblings, expanded, has_children }
    }
}

impl Iterator for Rows<'_> {
    type Item = Row;

    fn next(&mut self) -> Option<Row> {
        if std::mem::take(&mut self.at_top) {
            return Some(self.row(self.top, 0, 1, 1));
        }
        loop {
            let mut frame = *self.stack.last()?;
            let Some(first) = self.advance(&mut frame) else {
                self.stack.pop();
                continue;
            };
            if let Some(last) = self.stack.last_mut() {
                *last = frame;
            }
            let siblings = self.view.children(self.tree, self.tree.branches[frame.branch].node);
            return Some(self.row(first, frame.level, frame.shown, siblings));
        }
    }
}

/// The number of a node's row, from 0, among those at or below the node `top`. A folded level has the number of the row
/// that it is part of. `None` if the node or an ancestor is out of view, or an ancestor is collapsed.
pub(super) fn row_of(tree: &Tree, view: &RowView, top: u32, node: u32) -> Option<u64> {
    let mut at = node;
    let mut row = 0;
    if at == ROOT || !view.shows(at) {
        return None;
    }
    while at != top {
        if at == ROOT {
            return None;
        }
        let branch = tree.parent_branch(at);
        row += rows_before(tree, view, branch, at);
        at = tree.branches[branch].node;
        if at != ROOT {
            let is_folded = view.is_folded(branch);
            if !view.shows(at) || !(is_folded || view.is_branch_open(branch)) {
                return None;
            }
            row += u64::from(!is_folded);
        }
    }
    Some(row)
}

/// The number of rows of the siblings before a node.
fn rows_before(tree: &Tree, view: &RowView, branch: u32, node: u32) -> u64 {
    let children = &tree.branches[branch].children;
    let own = children.slot_of(tree.nodes[node].ordinal).unwrap_or(0);
    let mut rows = 0;
    for block in 0..children.blocks() {
        let (slot, list) = children.block(block);
        if slot == own {
            let before = list.iter().take_while(|&&child| child != node);
            return rows + before.map(|&child| u64::from(view.rows_of(tree, child))).sum::<u64>();
        }
        rows += u64::from(view.sums(branch, slot).rows);
    }
    rows
}

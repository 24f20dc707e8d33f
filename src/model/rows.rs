//! Which nodes have rows in the tree as it is drawn, without keeping a list of them.
//!
//! Every branch knows how many rows its children have; a branch with several blocks of children knows it per block.
//! Expanding, adding and filtering change these counts along the ancestors, and finding row *i* is a descent that
//! skips counts. There are two views of one tree: all topics, and those that a search has found.
//!
//! The counts below a collapsed node are kept as if it were expanded, so expanding it again costs nothing.
//!
//! When single levels are folded, a level without messages of its own and with one child in view has no row: it shares
//! the child's row. Such a level always counts as expanded, whatever a person did to it before.

use crate::model::arena::Arena;
use crate::model::bits::Bits;
use crate::model::children::Placed;
use crate::model::tree::{NONE, ROOT, ROOT_BRANCH, Tree};

/// Which nodes may have rows.
#[derive(Debug)]
pub(super) enum Visible {
    /// All nodes with ids below `end` that are not hidden: those that existed when the view was last brought up to
    /// date.
    Before { end: u32, hidden: Bits },
    /// Only marked nodes.
    Marked(Bits),
}

/// The row counts of one tree.
#[derive(Debug)]
pub(super) struct RowView {
    pub(super) visible: Visible,
    /// Whether branches start expanded.
    open: bool,
    /// Whether levels with a single child have no rows of their own.
    folds: bool,
    branches: Arena<BranchRows>,
    /// Sums by slot, for branches that have several.
    wide: Vec<Vec<Sums>>,
    opening: Option<Opening>,
    /// How many nodes are expanded at once. If there are more, the rest is done in portions.
    pub(super) opened_at_once: usize,
    pub(super) portion: usize,
}

/// The state of expanding everything below a node, in portions. The children of a branch are expanded before the branch
/// itself, so that no ancestor has to count them one by one.
#[derive(Clone, Copy, Debug)]
struct Opening {
    below: u32,
    /// Branches below this number are still to be expanded, down to `last`.
    next: u32,
    last: u32,
}

/// How many nodes are expanded at once: one or two milliseconds.
const OPENED_AT_ONCE: usize = 131_072;
/// Steps per portion: a small part of a frame, so that the caller, which has the clock, can stop in time.
const PORTION: usize = 8_192;

/// What a view knows of a branch.
#[derive(Clone, Debug)]
struct BranchRows {
    /// Rows that the children have, or would have if this node were expanded.
    rows: u32,
    /// Number of visible children.
    shown: u32,
    /// Whether the node's state differs from the one in which branches start.
    toggled: bool,
    /// Whether the node has no row of its own.
    folded: bool,
    /// Whether the node has a message in view.
    is_topic: bool,
    /// Index in [`RowView::wide`] if the children are in several blocks, or else [`NONE`].
    wide: u32,
}

impl BranchRows {
    const EMPTY: Self =
        Self { rows: 0, shown: 0, toggled: false, folded: false, is_topic: false, wide: NONE };
}

/// Rows and visible children of one block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sums {
    pub(super) rows: u32,
    pub(super) shown: u32,
}

impl RowView {
    /// A view of all nodes that exist when [`RowView::admit`] is called; branches start collapsed.
    pub(super) fn of_all(tree: &Tree) -> Self {
        Self::of(Visible::Before { end: 1, hidden: Bits::default() }, false, false, tree)
    }

    /// A view of no nodes yet; branches start expanded.
    pub(super) fn of_marked(tree: &Tree, all: &Self) -> Self {
        let mut marked = Bits::default();
        marked.insert(ROOT);
        let mut view = Self::of(Visible::Marked(marked), true, all.folds, tree);
        for branch in 0..tree.branches.len() {
            view.branches[branch].is_topic = all.branches[branch].is_topic;
        }
        for &branch in &tree.wide {
            view.sum_up_slots(tree, branch);
        }
        view
    }

    fn of(visible: Visible, open: bool, folds: bool, tree: &Tree) -> Self {
        let mut view = Self {
            visible,
            open,
            folds,
            branches: Arena::new(),
            wide: Vec::new(),
            opening: None,
            opened_at_once: OPENED_AT_ONCE,
            portion: PORTION,
        };
        view.follow(tree);
        view
    }

    /// Memory that a view of a tree takes, in bytes, whatever it shows.
    pub(super) fn heap_bytes_of(tree: &Tree) -> usize {
        tree.branches.len() as usize * size_of::<BranchRows>() + Bits::bytes_of(tree.nodes.len())
    }

    fn follow(&mut self, tree: &Tree) {
        while self.branches.len() < tree.branches.len() {
            // A node that had a message before its first child was already in view as a topic.
            let node = tree.branches[self.branches.len()].node;
            let is_topic = tree.nodes[node].topic != NONE;
            self.branches.push(BranchRows { is_topic, ..BranchRows::EMPTY });
        }
    }

    #[inline]
    pub(super) fn shows(&self, node: u32) -> bool {
        match &self.visible {
            Visible::Before { end, hidden } => node < *end && !hidden.contains(node),
            Visible::Marked(marked) => marked.contains(node),
        }
    }

    #[inline]
    pub(super) fn is_branch_open(&self, branch: u32) -> bool {
        branch == ROOT_BRANCH || self.branches[branch].toggled != self.open
    }

    /// Number of visible children of a node.
    pub(super) fn children(&self, tree: &Tree, node: u32) -> u32 {
        self.branches.get(tree.nodes[node].branch).map_or(0, |lines| lines.shown)
    }

    /// Number of all rows.
    pub(super) fn len(&self) -> u32 {
        self.branches[ROOT_BRANCH].rows
    }

    /// Sums of one slot of a branch, or of the whole branch if it has only one block.
    #[inline]
    pub(super) fn sums(&self, branch: u32, slot: u32) -> Sums {
        let lines = &self.branches[branch];
        match self.wide.get(lines.wide as usize) {
            Some(slots) => slots[slot as usize],
            None => Sums { rows: lines.rows, shown: lines.shown },
        }
    }

    /// Number of rows of a node: its own and, if it is expanded, those below.
    #[inline]
    pub(super) fn rows_of(&self, tree: &Tree, node: u32) -> u32 {
        if !self.shows(node) {
            return 0;
        }
        match tree.nodes[node].branch {
            NONE => 1,
            branch if self.branches[branch].folded => self.branches[branch].rows,
            branch if self.is_branch_open(branch) => 1 + self.branches[branch].rows,
            _ => 1,
        }
    }

    /// Whether the node of a branch has no row of its own.
    #[inline]
    pub(super) fn is_folded(&self, branch: u32) -> bool {
        self.branches.get(branch).is_some_and(|lines| lines.folded)
    }

    /// Whether the node of a branch should have no row of its own.
    fn is_to_fold(&self, branch: u32) -> bool {
        self.folds
            && branch != ROOT_BRANCH
            && self.branches[branch].shown == 1
            && !self.branches[branch].is_topic
    }

    /// Called when a level above topics becomes a topic itself, which needs a row of its own, or stops being one.
    pub(super) fn set_topic(&mut self, tree: &Tree, node: u32, is_topic: bool) {
        let branch = tree.nodes[node].branch;
        if branch == NONE {
            return;
        }
        let before = i64::from(self.rows_of(tree, node));
        self.branches[branch].is_topic = is_topic;
        self.branches[branch].folded = self.is_to_fold(branch);
        let after = i64::from(self.rows_of(tree, node));
        if after != before {
            self.change(tree, node, after - before, 0);
        }
    }

    /// Chooses whether single levels are folded. Looks at every node once.
    pub(super) fn set_folds(&mut self, tree: &Tree, folds: bool) {
        if self.folds == folds {
            return;
        }
        self.folds = folds;
        // Later branches are deeper or elsewhere, so each sum is made of finished ones.
        for branch in (0..tree.branches.len()).rev() {
            self.branches[branch].folded = self.is_to_fold(branch);
            self.sum_up(tree, branch);
        }
    }

    /// Called when the tree put a new node, not visible yet, into a branch.
    pub(super) fn placed(&mut self, tree: &Tree, branch: u32, placed: Placed) {
        self.follow(tree);
        match placed {
            Placed::Inside => {}
            Placed::Split { from, to } => {
                let counted = [from, to].map(|slot| (slot, self.count_slot(tree, branch, slot)));
                let slots = self.slots_mut(branch);
                for (slot, sums) in counted {
                    slots.resize(slots.len().max(slot as usize + 1), Sums::default());
                    slots[slot as usize] = sums;
                }
            }
            Placed::Reformed => self.sum_up_slots(tree, branch),
        }
    }

    fn slots_mut(&mut self, branch: u32) -> &mut Vec<Sums> {
        let lines = &mut self.branches[branch];
        if lines.wide == NONE {
            lines.wide = self.wide.len() as u32;
            self.wide.push(Vec::new());
        }
        &mut self.wide[lines.wide as usize]
    }

    /// The sums of the slot that a child is in, if there are several.
    #[inline]
    fn sums_of(&mut self, tree: &Tree, branch: u32, child: u32) -> Option<&mut Sums> {
        let slots = self.wide.get_mut(self.branches[branch].wide as usize)?;
        let slot = tree.branches[branch].children.slot_of(tree.nodes[child].ordinal)?;
        slots.get_mut(slot as usize)
    }

    fn count_slot(&self, tree: &Tree, branch: u32, slot: u32) -> Sums {
        tree.branches[branch].children.slot(slot).iter().fold(Sums::default(), |sums, &child| Sums {
            rows: sums.rows + self.rows_of(tree, child),
            shown: sums.shown + u32::from(self.shows(child)),
        })
    }

    /// Counts the slots of a branch again; its totals are already right.
    fn sum_up_slots(&mut self, tree: &Tree, branch: u32) {
        let children = &tree.branches[branch].children;
        if children.blocks() == 1 {
            return;
        }
        let lines = &self.branches[branch];
        // Every child in view has one row: it is enough to look at which are in view, not at a million of them.
        let one_row_each = lines.rows == lines.shown;
        let all = lines.shown == children.len();
        let nothing = lines.shown == 0;
        let count = |slot: u32| match children.slot(slot).len() as u32 {
            _ if nothing => Sums::default(),
            len if one_row_each && all => Sums { rows: len, shown: len },
            _ if one_row_each => {
                let shown = children.slot(slot).iter().filter(|child| self.shows(**child)).count() as u32;
                Sums { rows: shown, shown }
            }
            _ => self.count_slot(tree, branch, slot),
        };
        let slots: Vec<Sums> = (0..children.blocks() as u32).map(count).collect();
        *self.slots_mut(branch) = slots;
    }

    /// Counts a node that came into view in its ancestors.
    fn appear(&mut self, tree: &Tree, node: u32) {
        let rows = self.rows_of(tree, node);
        self.change(tree, node, i64::from(rows), 1);
    }

    /// Adds to the counts of a node's parent, and to the rows of all ancestors that are expanded and in view.
    fn change(&mut self, tree: &Tree, node: u32, rows: i64, shown: i64) {
        let (mut node, mut rows, mut shown) = (node, rows, shown);
        while node != ROOT {
            let branch = tree.parent_branch(node);
            let parent = tree.branches[branch].node;
            let before = if parent == ROOT { 0 } else { self.rows_of(tree, parent) };
            let lines = &mut self.branches[branch];
            add(&mut lines.rows, rows);
            add(&mut lines.shown, shown);
            if let Some(sums) = self.sums_of(tree, branch, node) {
                add(&mut sums.rows, rows);
                add(&mut sums.shown, shown);
            }
            if shown != 0 {
                self.branches[branch].folded = self.is_to_fold(branch);
            }
            if parent == ROOT {
                return;
            }
            // A parent that is collapsed or out of view hides the change from those above.
            rows = i64::from(self.rows_of(tree, parent)) - i64::from(before);
            if rows == 0 {
                return;
            }
            (node, shown) = (parent, 0);
        }
    }

    /// The id up to which nodes are in a view of all.
    pub(super) fn admitted(&self) -> u32 {
        match &self.visible {
            Visible::Before { end, .. } => *end,
            Visible::Marked(_) => 0,
        }
    }

    /// Lets nodes with ids up to `end` into a view of all; parents come before their children.
    pub(super) fn admit(&mut self, tree: &Tree, end: u32) {
        let first = self.admitted();
        for node in first..end.min(tree.nodes.len()) {
            let Visible::Before { end, hidden } = &mut self.visible else { return };
            *end = node + 1;
            if !hidden.contains(node) {
                self.appear(tree, node);
            }
        }
    }

    /// Marks a node and its ancestors as visible.
    pub(super) fn mark(&mut self, tree: &Tree, node: u32) {
        let mut at = node;
        while let Visible::Marked(marked) = &mut self.visible
            && marked.insert(at)
        {
            // From the bottom up: what a node counts is there before it is counted itself.
            self.appear(tree, at);
            at = tree.nodes[at].parent;
        }
    }

    /// Lets a node that came back, and those above it, into a view of all again.
    pub(super) fn unhide(&mut self, tree: &Tree, node: u32) {
        let mut at = node;
        while at != ROOT
            && let Visible::Before { hidden, .. } = &mut self.visible
        {
            // From the bottom up, as with marks.
            if hidden.contains(at) {
                hidden.remove(at);
                self.appear(tree, at);
            }
            at = tree.nodes[at].parent;
        }
    }

    /// Takes a node out of view if it has no visible children, and then each node above it for which that is true.
    /// `stays` tells which nodes are shown in their own right.
    pub(super) fn vanish(&mut self, tree: &Tree, node: u32, stays: impl Fn(u32) -> bool) {
        let mut at = node;
        while at != ROOT && self.children(tree, at) == 0 && !stays(at) {
            self.take_out(tree, at);
            at = tree.nodes[at].parent;
        }
    }

    /// Takes a node and all below it out of view. `nodes` lists them all, starting with the node itself.
    pub(super) fn vanish_below(&mut self, tree: &Tree, nodes: &[u32]) {
        let Some((&top, below)) = nodes.split_first() else { return };
        self.take_out(tree, top);
        for &node in below {
            self.set_hidden(node);
        }
        for branch in nodes.iter().map(|&node| tree.nodes[node].branch).filter(|&branch| branch != NONE) {
            let lines = &mut self.branches[branch];
            (lines.rows, lines.shown, lines.folded, lines.is_topic) = (0, 0, false, false);
            if let Some(slots) = self.wide.get_mut(lines.wide as usize) {
                slots.fill(Sums::default());
            }
        }
    }

    fn take_out(&mut self, tree: &Tree, node: u32) {
        if self.shows(node) {
            let rows = self.rows_of(tree, node);
            self.change(tree, node, -i64::from(rows), -1);
        }
        self.set_hidden(node);
    }

    fn set_hidden(&mut self, node: u32) {
        match &mut self.visible {
            Visible::Before { hidden, .. } => {
                hidden.insert(node);
            }
            Visible::Marked(marked) => marked.remove(node),
        }
    }

    /// Expands or collapses one node.
    pub(super) fn set_open(&mut self, tree: &Tree, node: u32, open: bool) {
        let branch = tree.nodes[node].branch;
        if branch == NONE || branch == ROOT_BRANCH || self.is_branch_open(branch) == open {
            return;
        }
        let lines = &mut self.branches[branch];
        lines.toggled = !lines.toggled;
        let rows = i64::from(lines.rows);
        // A folded level shows its child either way.
        let is_folded = lines.folded;
        if self.shows(node) && !is_folded {
            self.change(tree, node, if open { rows } else { -rows }, 0);
        }
    }

    /// Expands or collapses a row: a node and the folded levels above it, so that all are in the same state once they
    /// have rows of their own.
    pub(super) fn set_row_open(&mut self, tree: &Tree, node: u32, open: bool) {
        self.set_open(tree, node, open);
        for above in tree.ancestors(node) {
            if !self.is_folded(tree.nodes[above].branch) {
                break;
            }
            self.set_open(tree, above, open);
        }
    }

    /// Expands or collapses a node and all below it. If that is a great deal, [`RowView::open_portion`] continues.
    pub(super) fn set_open_below(&mut self, tree: &Tree, node: u32, open: bool) {
        if !open {
            self.opening = None;
        } else if self.is_great(tree, node) {
            self.opening =
                Some(Opening { below: node, next: tree.branches.len(), last: tree.nodes[node].branch });
            self.open_portion(tree);
            return;
        }
        if node == ROOT {
            self.set_all_open(tree, open);
            return;
        }
        let before = i64::from(self.rows_of(tree, node));
        // Children before parents, so that each sum adds up finished ones.
        let mut branches: Vec<u32> = tree.subtree(node).map(|id| tree.nodes[id].branch).collect();
        branches.retain(|&branch| branch != NONE);
        for &branch in branches.iter().rev() {
            self.branches[branch].toggled = open != self.open;
            self.sum_up(tree, branch);
        }
        let after = i64::from(self.rows_of(tree, node));
        self.change(tree, node, after - before, 0);
    }

    /// Whether there is more below a node than is expanded at once. Ids below it are larger, so usually they are enough
    /// to tell.
    fn is_great(&self, tree: &Tree, node: u32) -> bool {
        let later = (tree.nodes.len() - node) as usize;
        later > self.opened_at_once && (node == ROOT || tree.subtree(node).nth(self.opened_at_once).is_some())
    }

    /// Expands or collapses every node in one pass. Children have larger ids than parents, so going backwards is
    /// bottom-up.
    pub(super) fn set_all_open(&mut self, tree: &Tree, open: bool) {
        for lines in self.branches.iter_mut() {
            lines.toggled = open != self.open;
            lines.rows = if open { 0 } else { lines.shown };
        }
        for sums in self.wide.iter_mut().flatten() {
            sums.rows = if open { 0 } else { sums.shown };
        }
        if open {
            for node in (1..tree.nodes.len()).rev() {
                let rows = self.rows_of(tree, node);
                let branch = tree.parent_branch(node);
                self.branches[branch].rows += rows;
                if let Some(sums) = self.sums_of(tree, branch, node) {
                    sums.rows += rows;
                }
            }
        } else {
            // The root is always expanded, and its children are collapsed: one row each, as set above.
            self.branches[ROOT_BRANCH].toggled = false;
        }
    }

    /// Continues expanding what was too much to expand at once; returns whether more remains.
    pub(super) fn open_portion(&mut self, tree: &Tree) -> bool {
        let Some(mut opening) = self.opening.take() else { return false };
        let mut left = self.portion;
        while left > 0 && opening.next > opening.last {
            opening.next -= 1;
            let node = tree.branches[opening.next].node;
            let steps = if opening.below == ROOT { Some(1) } else { steps_up(tree, node, opening.below) };
            if steps.is_some() {
                self.set_open(tree, node, true);
            }
            left = left.saturating_sub(steps.unwrap_or(1).max(1));
        }
        if opening.next > opening.last {
            self.opening = Some(opening);
        }
        self.opening.is_some()
    }

    fn sum_up(&mut self, tree: &Tree, branch: u32) {
        let children = tree.branches[branch].children.iter();
        let rows = children.map(|child| self.rows_of(tree, child)).sum();
        self.branches[branch].rows = rows;
        self.sum_up_slots(tree, branch);
    }
}

/// How many steps lead from a node up past `above`, 1 if it is the same node; `None` if it is not at or below it. A
/// parent has a smaller id than its children, so the way up ends early.
fn steps_up(tree: &Tree, node: u32, above: u32) -> Option<usize> {
    let (mut at, mut steps) = (node, 1);
    while at > above {
        at = tree.nodes[at].parent;
        steps += 1;
    }
    (at == above).then_some(steps)
}

fn add(count: &mut u32, change: i64) {
    *count = (i64::from(*count) + change) as u32;
}

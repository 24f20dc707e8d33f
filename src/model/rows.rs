//! Which nodes are lines of the tree as it is drawn, without a list of them.
//!
//! Every branch knows how many rows its children make; a branch with several blocks of children knows it per block.
//! Expanding, adding and filtering change these counts along the ancestors, and finding row *i* is a descent that
//! skips counts. There are two views over one tree: all topics, and those that a search has found.
//!
//! The counts below a collapsed node are kept as if it were expanded: opening it again costs nothing.
//!
//! Where single levels fold, a level that has no messages of its own and one child in view makes no row: the child's row
//! stands for both. Such a level always counts as open, whatever a person did to it before.

use crate::model::arena::Arena;
use crate::model::bits::Bits;
use crate::model::children::Placed;
use crate::model::tree::{NONE, ROOT, ROOT_BRANCH, Tree};

/// Which nodes may have rows at all.
#[derive(Debug)]
pub(super) enum Visible {
    /// Those that were there when the view was last brought up to date: all with ids below `end` that are not hidden.
    Before { end: u32, hidden: Bits },
    /// Those that are marked.
    Marked(Bits),
}

/// Counts of rows over one tree.
#[derive(Debug)]
pub(super) struct RowView {
    pub(super) visible: Visible,
    /// Whether branches start expanded.
    open: bool,
    /// Whether levels with a single child make no rows of their own.
    folds: bool,
    branches: Arena<BranchRows>,
    /// Sums by slot, of the branches that have several.
    wide: Vec<Vec<Sums>>,
    opening: Option<Opening>,
    /// Nodes that are opened at once, and steps from node to node per portion of what is more.
    pub(super) opened_at_once: usize,
    pub(super) portion: usize,
}

/// Everything below a node is being opened, in portions. The children of a branch are opened before the branch itself:
/// while that is closed nobody above has to count them.
#[derive(Clone, Copy, Debug)]
struct Opening {
    below: u32,
    /// Branches below this number are still to be opened, down to `last`.
    next: u32,
    last: u32,
}

/// One or two milliseconds.
const OPENED_AT_ONCE: usize = 131_072;
/// A small part of what a frame has for it, so that whoever has a clock stops in time.
const PORTION: usize = 8_192;

/// What a view knows of a branch.
#[derive(Clone, Debug)]
struct BranchRows {
    /// Rows that the children make, were this node expanded.
    rows: u32,
    /// Children that are visible.
    shown: u32,
    /// Whether the node is in the other state than branches start in.
    toggled: bool,
    /// Whether the node makes no row of its own.
    folded: bool,
    /// Whether the node has a message in view.
    is_topic: bool,
    /// Index in [`RowView::wide`], if the children are in several blocks, or [`NONE`].
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
    /// All nodes that are there when [`RowView::admit`] is called; branches start collapsed.
    pub(super) fn of_all(tree: &Tree) -> Self {
        Self::of(Visible::Before { end: 1, hidden: Bits::default() }, false, false, tree)
    }

    /// No node yet; branches start expanded.
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

    /// Memory that one view of a tree takes, in bytes, whatever it shows.
    pub(super) fn heap_bytes_of(tree: &Tree) -> usize {
        tree.branches.len() as usize * size_of::<BranchRows>() + Bits::bytes_of(tree.nodes.len())
    }

    fn follow(&mut self, tree: &Tree) {
        while self.branches.len() < tree.branches.len() {
            // Who has a message before the first child has it in view before the child.
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

    /// Visible children of a node.
    pub(super) fn children(&self, tree: &Tree, node: u32) -> u32 {
        self.branches.get(tree.nodes[node].branch).map_or(0, |lines| lines.shown)
    }

    /// All rows.
    pub(super) fn len(&self) -> u32 {
        self.branches[ROOT_BRANCH].rows
    }

    /// Sums of one slot of a branch; of the whole branch if it has but one block.
    #[inline]
    pub(super) fn sums(&self, branch: u32, slot: u32) -> Sums {
        let lines = &self.branches[branch];
        match self.wide.get(lines.wide as usize) {
            Some(slots) => slots[slot as usize],
            None => Sums { rows: lines.rows, shown: lines.shown },
        }
    }

    /// How many rows a node makes: itself and, if it is open, what is below.
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

    /// Whether the node of a branch makes no row of its own.
    #[inline]
    pub(super) fn is_folded(&self, branch: u32) -> bool {
        self.branches.get(branch).is_some_and(|lines| lines.folded)
    }

    /// Whether the node of a branch is to make no row of its own.
    fn is_to_fold(&self, branch: u32) -> bool {
        self.folds
            && branch != ROOT_BRANCH
            && self.branches[branch].shown == 1
            && !self.branches[branch].is_topic
    }

    /// A level above topics has become a topic itself, which needs a row of its own, or is none any more.
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

    /// Chooses whether single levels fold. Looks at every node, once.
    pub(super) fn set_folds(&mut self, tree: &Tree, folds: bool) {
        if self.folds == folds {
            return;
        }
        self.folds = folds;
        // Later branches are deeper or elsewhere: each sum is made of finished ones.
        for branch in (0..tree.branches.len()).rev() {
            self.branches[branch].folded = self.is_to_fold(branch);
            self.sum_up(tree, branch);
        }
    }

    /// The tree put a new node, not visible yet, into a branch.
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

    /// Counts the slots of a branch anew; its totals are right already.
    fn sum_up_slots(&mut self, tree: &Tree, branch: u32) {
        let children = &tree.branches[branch].children;
        if children.blocks() == 1 {
            return;
        }
        let lines = &self.branches[branch];
        // Every child in view makes one row: no need to look at a million of them, only at which are in view.
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

    /// A node has come into view: its ancestors count it.
    fn appear(&mut self, tree: &Tree, node: u32) {
        let rows = self.rows_of(tree, node);
        self.change(tree, node, i64::from(rows), 1);
    }

    /// Adds to the counts of a node's parent, and as rows to all above that are open and in view.
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
            // A closed parent, or one out of view, hides the change from those above.
            rows = i64::from(self.rows_of(tree, parent)) - i64::from(before);
            if rows == 0 {
                return;
            }
            (node, shown) = (parent, 0);
        }
    }

    /// Up to which id nodes are in a view of all.
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
            // From below: what it counts is there before it is counted itself.
            self.appear(tree, at);
            at = tree.nodes[at].parent;
        }
    }

    /// Lets a node that came back, and what is above it, into a view of all again.
    pub(super) fn unhide(&mut self, tree: &Tree, node: u32) {
        let mut at = node;
        while at != ROOT
            && let Visible::Before { hidden, .. } = &mut self.visible
        {
            // From below, as with marks.
            if hidden.contains(at) {
                hidden.remove(at);
                self.appear(tree, at);
            }
            at = tree.nodes[at].parent;
        }
    }

    /// Takes nodes out of view that have nothing to show any more: one, if it has no visible children, and then each
    /// above it of which this is true. `stays` says which nodes are shown for themselves.
    pub(super) fn vanish(&mut self, tree: &Tree, node: u32, stays: impl Fn(u32) -> bool) {
        let mut at = node;
        while at != ROOT && self.children(tree, at) == 0 && !stays(at) {
            self.take_out(tree, at);
            at = tree.nodes[at].parent;
        }
    }

    /// Takes a node and all below it out of view. They are given with it, itself the first.
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

    /// Opens or closes one node.
    pub(super) fn set_open(&mut self, tree: &Tree, node: u32, open: bool) {
        let branch = tree.nodes[node].branch;
        if branch == NONE || branch == ROOT_BRANCH || self.is_branch_open(branch) == open {
            return;
        }
        let lines = &mut self.branches[branch];
        lines.toggled = !lines.toggled;
        let rows = i64::from(lines.rows);
        // A folded level shows its child whether it is open or not.
        let is_folded = lines.folded;
        if self.shows(node) && !is_folded {
            self.change(tree, node, if open { rows } else { -rows }, 0);
        }
    }

    /// Opens or closes a row: a node with the folded levels above it, so that they are alike once they have rows of their
    /// own.
    pub(super) fn set_row_open(&mut self, tree: &Tree, node: u32, open: bool) {
        self.set_open(tree, node, open);
        for above in tree.ancestors(node) {
            if !self.is_folded(tree.nodes[above].branch) {
                break;
            }
            self.set_open(tree, above, open);
        }
    }

    /// Opens or closes a node and all below it. Where a great deal is to be opened, [`RowView::open_portion`] goes on.
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
        // Children before parents, so that each sum is made of finished ones.
        let mut branches: Vec<u32> = tree.subtree(node).map(|id| tree.nodes[id].branch).collect();
        branches.retain(|&branch| branch != NONE);
        for &branch in branches.iter().rev() {
            self.branches[branch].toggled = open != self.open;
            self.sum_up(tree, branch);
        }
        let after = i64::from(self.rows_of(tree, node));
        self.change(tree, node, after - before, 0);
    }

    /// Whether more is below a node than is opened at once. What is below it came later, so that most often the numbers tell.
    fn is_great(&self, tree: &Tree, node: u32) -> bool {
        let later = (tree.nodes.len() - node) as usize;
        later > self.opened_at_once && (node == ROOT || tree.subtree(node).nth(self.opened_at_once).is_some())
    }

    /// Opens or closes every node in one pass. Children have larger ids than parents, so backwards is bottom-up.
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
            // The root is open whatever happens, and its children are closed: one row each, as set above.
            self.branches[ROOT_BRANCH].toggled = false;
        }
    }

    /// Goes on with opening what was too much to be opened at once; returns whether more remains.
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

/// How many levels a node is below another, or itself; `None`: it is elsewhere. A parent has a smaller number than its
/// children, so the way up ends early.
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

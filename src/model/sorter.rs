//! Keeps siblings in the order that a person chose.
//!
//! By name and by arrival, a new node is put where it belongs at once. The orders that depend on messages are sorted
//! again in passes over the branches that have changed, in portions, so that no frame pays for a million siblings.

use std::cmp::Ordering;

use super::bits::Bits;
use super::children::Placed;
use super::message::Timestamp;
use super::natural;
use super::order::Order;
use super::topics::Topics;
use super::tree::{ROOT, Tree, compare_names};

/// A pass begins at most so often, in seconds.
const PASS_EVERY_S: f64 = 1.0;
/// Children that one call looks at before it leaves the rest for the next: about two milliseconds.
const PORTION: usize = 16_384;

/// See the module's head.
#[derive(Debug, Default)]
pub(super) struct Sorter {
    pub(super) order: Order,
    /// Branches that are not in order.
    pub(super) unsorted: Bits,
    /// The branch at which the pass that is on goes on.
    pass: Option<u32>,
    last_pass: Option<Timestamp>,
    keys: Vec<(u128, u32)>,
}

impl Sorter {
    /// Chooses an order; all branches have to be sorted.
    pub(super) fn choose(&mut self, order: Order, tree: &Tree) {
        self.order = order;
        self.unsorted.fill(tree.branches.len());
        self.pass = Some(0);
    }

    /// Whether a pass is on.
    pub(super) fn is_sorting(&self) -> bool {
        self.pass.is_some()
    }

    /// Begins a pass if it is time.
    pub(super) fn begin(&mut self, now: Timestamp) {
        let is_due =
            self.last_pass.is_none_or(|last| !(0.0..PASS_EVERY_S).contains(&now.seconds_since(last)));
        if self.pass.is_none() && self.order.moves() && is_due {
            self.pass = Some(0);
            self.last_pass = Some(now);
        }
    }

    /// Does a portion of the pass that is on; `sorted` hears of every branch whose blocks changed.
    pub(super) fn step(
        &mut self,
        tree: &mut Tree,
        topics: &Topics,
        mut sorted: impl FnMut(&Tree, u32, Placed),
    ) {
        let Some(mut from) = self.pass else { return };
        let mut looked_at = 0;
        while looked_at < PORTION {
            let Some(branch) = self.unsorted.next(from) else {
                self.pass = None;
                return;
            };
            looked_at += tree.branches[branch].children.len() as usize;
            if let Some(placed) = self.sort(branch, tree, topics) {
                sorted(tree, branch, placed);
            }
            from = branch + 1;
            self.pass = Some(from);
        }
    }

    /// Sorts the children of one branch.
    pub(super) fn sort(&mut self, branch: u32, tree: &mut Tree, topics: &Topics) -> Option<Placed> {
        self.unsorted.remove(branch);
        let mut keys = std::mem::take(&mut self.keys);
        keys.clear();
        keys.extend(
            tree.branches[branch].children.iter().map(|child| (self.key(child, tree, topics), child)),
        );
        let is_in_order = keys.is_sorted_by(|a, b| self.compare(a, b, tree).is_lt());
        let placed = (!is_in_order).then(|| {
            keys.sort_unstable_by(|a, b| self.compare(a, b, tree));
            let children: Vec<u32> = keys.iter().map(|&(_, child)| child).collect();
            tree.reorder(branch, &children)
        });
        self.keys = keys;
        placed
    }

    /// What a node is sorted by, small first.
    fn key(&self, node: u32, tree: &Tree, topics: &Topics) -> u128 {
        let counters = tree.branch(node).map(|branch| &branch.counters);
        let topic = topics.all.get(tree.nodes[node].topic);
        match self.order {
            Order::Name => {
                let name = tree.segment(node);
                let is_last = tree.nodes[node].parent == ROOT && name.starts_with(b"$");
                (natural::prefix(name) >> 1) | (u128::from(is_last) << 127)
            }
            Order::Arrival => u128::from(node),
            Order::Messages => {
                let messages =
                    counters.map_or_else(|| topic.map_or(0, |topic| topic.shown_count), |c| c.messages);
                u128::from(u64::MAX - messages)
            }
            Order::Rate => {
                let rate = counters.map_or_else(|| topic.map(|topic| topic.rate), |c| Some(c.rate));
                u128::from(u64::MAX - ascending(rate.unwrap_or_default().key()))
            }
            Order::LastSeen => {
                // Later messages have larger positions, whatever the clock said.
                let shown = topic.filter(|topic| topic.shown_count > 0).map(|topic| topic.shown);
                let last = counters.map_or(shown, |counters| counters.last.map(|last| last.position));
                u128::from(last.map_or(u64::MAX, |position| u64::MAX - 1 - position))
            }
        }
    }

    fn compare(&self, a: &(u128, u32), b: &(u128, u32), tree: &Tree) -> Ordering {
        a.0.cmp(&b.0).then_with(|| match self.order {
            Order::Name => {
                let is_first_level = tree.nodes[a.1].parent == ROOT;
                compare_names(is_first_level, tree.segment(a.1), tree.segment(b.1))
            }
            _ => a.1.cmp(&b.1),
        })
    }
}

/// A number that grows with `value`, for values that are no NaN.
fn ascending(value: f64) -> u64 {
    let bits = value.to_bits();
    if bits >> 63 == 1 { !bits } else { bits | (1 << 63) }
}

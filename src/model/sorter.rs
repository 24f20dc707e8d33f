//! Keeps siblings in the order that a person chose.
//!
//! When sorting by name or arrival, a new node is put where it belongs at once. For orders that depend on messages, the
//! branches that have changed are sorted again in passes, in portions, so that no frame pays for a million siblings.

use std::cmp::Ordering;

use crate::message::Timestamp;
use crate::model::bits::Bits;
use crate::model::children::Placed;
use crate::model::natural;
use crate::model::order::{NewNode, Order, Sorting};
use crate::model::rate::Rate;
use crate::model::sort_wide::WideSort;
use crate::model::stored::Reader;
use crate::model::tree::{ROOT, Tree, compare_names};

/// The shortest time between the starts of two passes, in seconds.
const PASS_EVERY_S: f64 = 1.0;
/// How many children one call looks at before leaving the rest to the next: about half a millisecond.
const PORTION: usize = 8_192;
/// A portion is this much smaller when sorting by the last change, which looks back through messages.
const SLOWER: usize = 8;
/// Branches with more children than this are sorted in portions of their own.
const WIDE: u32 = if cfg!(test) { 6 } else { 4_096 };

/// How many children that arrive while a wide branch is being sorted are put where they belong. If there are more, they
/// are put last, and the branch is sorted once more.
const LATER_MAX: usize = if cfg!(test) { 3 } else { 1_024 };

/// The chosen order, and the pass that sorts by it.
#[derive(Debug)]
pub(super) struct Sorter {
    pub(super) order: Sorting,
    /// Branches that are not in order.
    pub(super) unsorted: Bits,
    pass: Option<Pass>,
    last_pass: Option<Timestamp>,
    /// How many children one call looks at.
    pub(super) portion: usize,
    /// A buffer that is reused for the next branch.
    keys: Vec<Key>,
}

/// A pass over the branches that are not in order.
#[derive(Debug)]
struct Pass {
    /// The branch to look at next.
    next: u32,
    /// A branch that is being sorted in portions.
    wide: Option<WideSort>,
    /// Whether a person chose another order, which is carried out even while the view is paused.
    is_choice: bool,
}

/// What a child is sorted by, smallest first, and its id.
pub(super) type Key = (u128, u32);

/// Where keys come from.
#[derive(Clone, Copy)]
pub(super) struct Keys<'a> {
    order: Sorting,
    pub(super) tree: &'a Tree,
    reader: Reader<'a>,
}

impl Default for Sorter {
    fn default() -> Self {
        Self {
            order: Sorting::default(),
            unsorted: Bits::default(),
            pass: None,
            last_pass: None,
            portion: PORTION,
            keys: Vec::new(),
        }
    }
}

impl Sorter {
    /// Chooses an order and marks all branches as unsorted.
    pub(super) fn choose(&mut self, order: Sorting, tree: &Tree) {
        self.order = order;
        self.unsorted.fill(tree.branches.len());
        self.pass = Some(Pass { next: 0, wide: None, is_choice: true });
    }

    /// Begins a pass if [`PASS_EVERY_S`] have passed.
    pub(super) fn begin(&mut self, now: Timestamp) {
        let is_due =
            self.last_pass.is_none_or(|last| !(0.0..PASS_EVERY_S).contains(&now.seconds_since(last)));
        if self.pass.is_none() && self.order.by.moves() && is_due {
            self.pass = Some(Pass { next: 0, wide: None, is_choice: false });
            self.last_pass = Some(now);
        }
    }

    /// Ends the pass because the view is paused, unless a person chose its order.
    pub(super) fn pause(&mut self) {
        let Some(pass) = self.pass.take_if(|pass| !pass.is_choice) else { return };
        if let Some(wide) = pass.wide {
            self.unsorted.insert(wide.branch);
        }
    }

    /// Whether there is a pass in progress.
    pub(super) fn is_sorting(&self) -> bool {
        self.pass.is_some()
    }

    /// Does a portion of the current pass; calls `sorted` for every branch whose blocks changed.
    pub(super) fn step(
        &mut self,
        tree: &mut Tree,
        reader: Reader,
        mut sorted: impl FnMut(&Tree, u32, Placed),
    ) {
        let mut left = match self.order.by {
            Order::LastChange => (self.portion / SLOWER).max(1),
            _ => self.portion,
        };
        while left > 0
            && let Some(pass) = &mut self.pass
        {
            let Some(branch) = pass.wide.as_ref().map(|wide| wide.branch).or(self.unsorted.next(pass.next))
            else {
                self.pass = None;
                return;
            };
            pass.next = branch + 1;
            if tree.branches[branch].children.len() > WIDE {
                left = self.sort_wide(branch, left, tree, reader, &mut sorted);
            } else {
                left = left.saturating_sub(1 + tree.branches[branch].children.len() as usize);
                self.unsorted.remove(branch);
                if let Some(placed) = self.sort(branch, tree, reader) {
                    sorted(tree, branch, placed);
                }
            }
        }
    }

    /// Sorts the children of one branch unless they are in order.
    fn sort(&mut self, branch: u32, tree: &mut Tree, reader: Reader) -> Option<Placed> {
        let from = Keys { order: self.order, tree, reader };
        self.keys.clear();
        self.keys.extend(tree.branches[branch].children.iter().map(|child| from.of(child)));
        if self.keys.is_sorted_by(|a, b| from.compare(a, b).is_lt()) {
            return None;
        }
        self.keys.sort_unstable_by(|a, b| from.compare(a, b));
        let children: Vec<u32> = self.keys.iter().map(|&(_, child)| child).collect();
        Some(tree.reorder(branch, &children))
    }

    /// Continues with the children of a wide branch; returns how much of the portion is left.
    fn sort_wide(
        &mut self,
        branch: u32,
        most: usize,
        tree: &mut Tree,
        reader: Reader,
        sorted: &mut impl FnMut(&Tree, u32, Placed),
    ) -> usize {
        let Some(pass) = &mut self.pass else { return 0 };
        let keys = Keys { order: self.order, tree, reader };
        let wide = pass.wide.get_or_insert_with(|| {
            // Changes from now on are left to the next pass.
            self.unsorted.remove(branch);
            WideSort::new(branch, &keys)
        });
        let left = wide.step(most, &keys);
        if wide.is_finished()
            && let Some(wide) = pass.wide.take()
        {
            let (blocks, newest) = wide.finish();
            let later = tree.replace_children(branch, blocks, newest);
            let place = self.order.new_node();
            let again = place == NewNode::ByName && later.len() > LATER_MAX;
            if place == NewNode::ByName && !again {
                for child in later {
                    tree.place(branch, child, self.order);
                }
            } else {
                // All later children go where a new one does, so they need not be placed one by one.
                tree.append_children(branch, &later, place == NewNode::Front);
            }
            if again {
                self.unsorted.insert(branch);
                pass.next = branch;
            }
            sorted(tree, branch, Placed::Reformed);
        }
        left
    }
}

impl Keys<'_> {
    /// The key of a node, made from what is published, so that the order matches what is shown.
    pub(super) fn of(&self, node: u32) -> Key {
        let part = self.part(node);
        let part = if self.order.reversed { part.map(|part| LAST - 1 - part) } else { part };
        let is_reserved = self.order.by == Order::Name
            && self.tree.nodes[node].parent == ROOT
            && self.tree.segment(node).starts_with(b"$");
        let key = part.map_or(u128::MAX, |part| part | if is_reserved { LAST } else { 0 });
        (key, node)
    }

    /// The sorted value as a number below [`LAST`], smallest first; `None` if there is none, so that the node comes
    /// last.
    fn part(&self, node: u32) -> Option<u128> {
        let Self { order, tree, reader } = *self;
        let counters = tree.branch(node).map(|branch| &branch.counters);
        let topic = reader.topics.all.get(tree.nodes[node].topic).filter(|topic| topic.shown_count > 0);
        let newest = || topic.and_then(|topic| reader.newest_of(topic));
        let most_first = |count: u64| u128::from(u64::MAX - count);
        match order.by {
            Order::Name => Some(natural::prefix(tree.segment(node)) >> 1),
            Order::Arrival => Some(u128::from(node)),
            Order::Value => newest().map(|newest| by_value(newest.payload())),
            Order::Messages => {
                let own = || topic.map_or(0, |topic| topic.shown_count);
                Some(most_first(counters.map_or_else(own, |counters| counters.messages)))
            }
            Order::Rate => {
                let rate = counters.map_or_else(|| topic.map(|topic| topic.rate), |c| Some(c.rate));
                Some(most_first(ascending(rate.unwrap_or_default().key())))
            }
            Order::ByteRate => {
                let own =
                    || topic.map_or_else(Rate::default, |_| reader.topics.byte_rate(tree.nodes[node].topic));
                let rate = counters.map_or_else(own, |counters| counters.byte_rate);
                Some(most_first(ascending(rate.key())))
            }
            Order::LastSeen => {
                // Later messages have larger positions, whatever the clock said.
                let shown = topic.map(|topic| topic.shown);
                let last = counters.map_or(shown, |counters| counters.last.map(|last| last.position));
                Some(last.map_or(u128::from(u64::MAX), |position| most_first(position) - 1))
            }
            Order::LastChange => {
                topic.and_then(|_| reader.last_change(tree.nodes[node].topic)).map(most_first)
            }
            Order::Size => newest().map(|newest| most_first(newest.payload_bytes())),
            Order::QoS => newest().map(|newest| most_first(u64::from(u8::from(newest.flags().qos)))),
            Order::Retained => newest().map(|newest| u128::from(!newest.is_retained())),
            Order::TopicsBelow => {
                let below = counters.map_or(0, |counters| counters.topics - u32::from(topic.is_some()));
                Some(most_first(u64::from(below)))
            }
        }
    }

    pub(super) fn compare(&self, a: &Key, b: &Key) -> Ordering {
        a.0.cmp(&b.0).then_with(|| match self.order.by {
            Order::Name => {
                let is_first_level = self.tree.nodes[a.1].parent == ROOT;
                let names = (self.tree.segment(a.1), self.tree.segment(b.1));
                compare_names(is_first_level, self.order.reversed, names.0, names.1)
            }
            _ => a.1.cmp(&b.1),
        })
    }
}

/// Keys from here on come last in either direction.
const LAST: u128 = 1 << 127;
/// Keys of payloads that are not numbers start here, after all that are.
const NO_NUMBER: u128 = 1 << 120;
/// The longest payload that is read as a number when sorting.
const NUMBER_BYTES_MAX: usize = 32;

/// A key that puts larger numbers first, then everything else by its first bytes.
fn by_value(payload: &[u8]) -> u128 {
    let text = payload.trim_ascii();
    let number = (text.len() <= NUMBER_BYTES_MAX
        && text.first().is_some_and(|first| !first.is_ascii_alphabetic()))
    .then(|| str::from_utf8(text).ok()?.parse::<f64>().ok())
    .flatten()
    .filter(|number| number.is_finite());
    if let Some(number) = number {
        return u128::from(u64::MAX - ascending(number));
    }
    let mut first = [0; 16];
    let len = text.len().min(15);
    first[1..=len].copy_from_slice(&text[..len]);
    NO_NUMBER | u128::from_be_bytes(first)
}

/// An integer that grows with `value`, for any value except NaN.
fn ascending(value: f64) -> u64 {
    let bits = value.to_bits();
    if bits >> 63 == 1 { !bits } else { bits | (1 << 63) }
}

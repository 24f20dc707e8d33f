//! The children of one node, in the order in which they are shown.
//!
//! Few children are one list. Many are blocks of at most [`BLOCK`]: inserting moves one block's part instead of
//! megabytes, and whoever counts rows keeps one sum per block. A block keeps its slot for as long as it lives, and
//! each child's slot is noted under its ordinal, so that a child finds its block without a search.

use std::cmp::Ordering;

/// The most children in one block. A split costs a pass over the slots, finding a row a pass over the blocks and one
/// over a block: at a million children a few thousand blocks of 256 make both a few microseconds.
pub(super) const BLOCK: usize = if cfg!(test) { 4 } else { 256 };

/// What an insertion did to the blocks, for those who keep sums of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Placed {
    /// No block changed but the one of the new child, which counts as not shown until it is.
    Inside,
    /// Half of the children of one slot moved to a new slot, or a new slot was added for the new child alone.
    Split {
        /// The slot that gave.
        from: u32,
        /// The slot that is new.
        to: u32,
    },
    /// All slots are new.
    Reformed,
}

/// Children in display order.
#[derive(Debug)]
pub(super) struct Children(Form);

#[derive(Debug)]
enum Form {
    /// At most [`BLOCK`] of them: one block with slot 0.
    Few(Vec<u32>),
    Many(Box<Blocks>),
}

#[derive(Debug, Default)]
struct Blocks {
    /// Slots in display order.
    order: Vec<u32>,
    /// Children by slot; none is empty.
    slots: Vec<Vec<u32>>,
    /// Slot by the ordinal of a child.
    place: Vec<u32>,
    len: u32,
}

/// Where to insert.
pub(super) enum At<'a> {
    /// Before all.
    Front,
    /// After all.
    Back,
    /// Where `0` says how a present child compares with the new one; all that are less come first.
    Sorted(&'a dyn Fn(u32) -> Ordering),
}

impl Children {
    pub(super) fn new() -> Self {
        Self(Form::Few(Vec::new()))
    }

    pub(super) fn len(&self) -> u32 {
        match &self.0 {
            Form::Few(list) => list.len() as u32,
            Form::Many(blocks) => blocks.len,
        }
    }

    /// How many blocks there are; with more than one, sums of them are worth keeping.
    pub(super) fn blocks(&self) -> usize {
        match &self.0 {
            Form::Few(_) => 1,
            Form::Many(blocks) => blocks.order.len(),
        }
    }

    /// The slot and the children of the block at `rank` in display order.
    pub(super) fn block(&self, rank: usize) -> (u32, &[u32]) {
        match &self.0 {
            Form::Few(list) => (0, list),
            Form::Many(blocks) => {
                let slot = blocks.order[rank];
                (slot, &blocks.slots[slot as usize])
            }
        }
    }

    /// The children of a slot.
    pub(super) fn slot(&self, slot: u32) -> &[u32] {
        match &self.0 {
            Form::Few(list) => list,
            Form::Many(blocks) => &blocks.slots[slot as usize],
        }
    }

    /// The slot of the child with this ordinal, if there are several blocks.
    #[inline]
    pub(super) fn slot_of(&self, ordinal: u32) -> Option<u32> {
        match &self.0 {
            Form::Few(_) => None,
            Form::Many(blocks) => Some(blocks.place[ordinal as usize]),
        }
    }

    /// All children in display order.
    pub(super) fn iter(&self) -> impl Iterator<Item = u32> {
        (0..self.blocks()).flat_map(|rank| self.block(rank).1).copied()
    }

    /// Inserts a child, whose ordinal is the number of children before. `ordinal` gives that of any child.
    pub(super) fn insert(&mut self, child: u32, at: &At, ordinal: &dyn Fn(u32) -> u32) -> Placed {
        match &mut self.0 {
            Form::Few(list) => {
                let index = index_in(list, at);
                list.insert(index, child);
                if list.len() <= BLOCK {
                    return Placed::Inside;
                }
                let list = std::mem::take(list);
                self.0 = Form::Many(Box::new(Blocks::filled(&list, ordinal)));
                Placed::Reformed
            }
            Form::Many(blocks) => blocks.insert(child, at, ordinal),
        }
    }

    /// Puts the same children into another order.
    pub(super) fn reorder(&mut self, children: &[u32], ordinal: &dyn Fn(u32) -> u32) -> Placed {
        match &mut self.0 {
            Form::Few(list) => {
                list.copy_from_slice(children);
                Placed::Inside
            }
            Form::Many(blocks) => {
                **blocks = Blocks::filled(children, ordinal);
                Placed::Reformed
            }
        }
    }

    /// Memory held, in bytes.
    pub(super) fn heap_bytes(&self) -> usize {
        match &self.0 {
            Form::Few(list) => list.capacity() * 4,
            Form::Many(blocks) => blocks.heap_bytes(),
        }
    }
}

impl Blocks {
    /// Blocks that are three quarters full, so that the next insertions split none.
    fn filled(children: &[u32], ordinal: &dyn Fn(u32) -> u32) -> Self {
        let mut blocks =
            Self { place: vec![0; children.len()], len: children.len() as u32, ..Self::default() };
        for part in children.chunks(BLOCK * 3 / 4) {
            let slot = blocks.slots.len() as u32;
            blocks.order.push(slot);
            blocks.slots.push(part.to_vec());
            for &child in part {
                blocks.place[ordinal(child) as usize] = slot;
            }
        }
        blocks
    }

    fn insert(&mut self, child: u32, at: &At, ordinal: &dyn Fn(u32) -> u32) -> Placed {
        let mut rank = match at {
            At::Front => 0,
            At::Back => self.order.len() - 1,
            At::Sorted(compare) => {
                let after = self.order.partition_point(|&slot| compare(self.slots[slot as usize][0]).is_le());
                after.saturating_sub(1)
            }
        };
        self.len += 1;
        let mut slot = self.order[rank];
        let mut index = index_in(&self.slots[slot as usize], at);
        let mut placed = Placed::Inside;
        if self.slots[slot as usize].len() >= BLOCK {
            let to = self.slots.len() as u32;
            placed = Placed::Split { from: slot, to };
            // Growing at the end leaves full blocks behind; anywhere else the block is halved.
            let keep = if rank + 1 == self.order.len() && index == BLOCK { BLOCK } else { BLOCK / 2 };
            let mut moved = Vec::with_capacity(BLOCK);
            moved.extend(self.slots[slot as usize].drain(keep..));
            for &other in &moved {
                self.place[ordinal(other) as usize] = to;
            }
            self.slots.push(moved);
            self.order.insert(rank + 1, to);
            if index > keep || keep == BLOCK {
                rank += 1;
                slot = self.order[rank];
                index -= keep;
            }
        }
        self.slots[slot as usize].insert(index, child);
        self.place.push(slot);
        placed
    }

    fn heap_bytes(&self) -> usize {
        let slots = self.slots.len() * (size_of::<Vec<u32>>() + 4) + self.place.capacity() * 4;
        slots + self.slots.len() * BLOCK * 4
    }
}

/// Where in one block the new child goes.
fn index_in(list: &[u32], at: &At) -> usize {
    match at {
        At::Front => 0,
        At::Back => list.len(),
        // Topics tend to come in order, so the end is tried first.
        At::Sorted(compare) if list.last().is_none_or(|&last| compare(last).is_lt()) => list.len(),
        At::Sorted(compare) => list.partition_point(|&other| compare(other).is_lt()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Children are `0..n` in order of arrival, so a child is its own ordinal.
    fn check(children: &Children, expected: &[u32]) {
        assert_eq!(children.iter().collect::<Vec<_>>(), expected);
        assert_eq!(children.len() as usize, expected.len());
        for rank in 0..children.blocks() {
            let (slot, list) = children.block(rank);
            assert!(list.len() <= BLOCK && (children.blocks() == 1 || !list.is_empty()));
            assert_eq!(children.slot(slot), list);
            for &child in list {
                assert!(children.slot_of(child).is_none_or(|s| s == slot));
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]
        #[test]
        fn children_stay_in_order_and_find_their_slots(keys in proptest::collection::vec(0u32..5_000, 0..2_000), mode in 0..4) {
            let mut children = Children::new();
            let mut expected: Vec<u32> = Vec::new();
            let key = |child: u32| if mode == 3 { child } else { keys[child as usize] };
            for child in 0..keys.len() as u32 {
                let compare = |other: u32| key(other).cmp(&key(child)).then(other.cmp(&child));
                let at = match mode {
                    0 => At::Front,
                    1 => At::Back,
                    _ => At::Sorted(&compare),
                };
                let index = match mode {
                    0 => 0,
                    1 => expected.len(),
                    _ => expected.partition_point(|&other| compare(other).is_lt()),
                };
                children.insert(child, &at, &|child| child);
                expected.insert(index, child);
            }
            check(&children, &expected);
            expected.reverse();
            children.reorder(&expected, &|child| child);
            check(&children, &expected);
        }
    }
}

//! The children of one node, in the order in which they are shown.
//!
//! A few children are one list. Many are divided into blocks of at most [`BLOCK`]: an insertion moves part of one block
//! instead of megabytes, and a view that counts rows keeps one sum per block. A block keeps its slot for life, and each
//! child's slot is stored under its ordinal, so that the block of a child is found without a search.

use std::cmp::Ordering;

use crate::model::blocks::{Blocks, index_in};

/// The most children in one block. A split costs a pass over the slots; finding a row costs a pass over the blocks and
/// one over a block. With a million children in a few thousand blocks of 256, both take a few microseconds.
pub(super) const BLOCK: usize = if cfg!(test) { 4 } else { 256 };

/// The allocator's overhead for a list, in bytes.
pub(super) const BLOCK_BYTES: usize = 16;

/// What an insertion did to the blocks, for views that keep sums of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Placed {
    /// Only the block of the new child changed; the child counts as hidden until it is shown.
    Inside,
    /// Half of a slot's children moved to a new slot, or a new slot was added for the new child alone.
    Split {
        /// The slot that was split.
        from: u32,
        /// The new slot.
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
    /// At most [`BLOCK`] children, as one block with slot 0.
    Few(Vec<u32>),
    Many(Box<Blocks>),
}

/// Where to insert.
pub(super) enum At<'a> {
    /// Before all others.
    Front,
    /// After all others.
    Back,
    /// After all that compare as less. The function compares a present child with the new one.
    Sorted(&'a dyn Fn(u32) -> Ordering),
}

impl Children {
    pub(super) fn new() -> Self {
        Self(Form::Few(Vec::new()))
    }

    pub(super) fn len(&self) -> u32 {
        match &self.0 {
            Form::Few(list) => list.len() as u32,
            Form::Many(blocks) => blocks.len(),
        }
    }

    /// The number of blocks. With more than one, it is worth keeping sums of them.
    pub(super) fn blocks(&self) -> usize {
        match &self.0 {
            Form::Few(_) => 1,
            Form::Many(blocks) => blocks.count(),
        }
    }

    /// The slot and the children of the block at `rank` in display order.
    pub(super) fn block(&self, rank: usize) -> (u32, &[u32]) {
        match &self.0 {
            Form::Few(list) => (0, list),
            Form::Many(blocks) => {
                let slot = blocks.slot_at(rank);
                (slot, blocks.slot(slot))
            }
        }
    }

    /// The children of a slot.
    pub(super) fn slot(&self, slot: u32) -> &[u32] {
        match &self.0 {
            Form::Few(list) => list,
            Form::Many(blocks) => blocks.slot(slot),
        }
    }

    /// The slot of the child with this ordinal, if there are several blocks.
    #[inline]
    pub(super) fn slot_of(&self, ordinal: u32) -> Option<u32> {
        match &self.0 {
            Form::Few(_) => None,
            Form::Many(blocks) => Some(blocks.slot_of(ordinal)),
        }
    }

    /// All children in display order.
    pub(super) fn iter(&self) -> impl Iterator<Item = u32> {
        (0..self.blocks()).flat_map(|rank| self.block(rank).1).copied()
    }

    /// Inserts a child, whose ordinal must be the current number of children. `ordinal` gives that of any child.
    pub(super) fn insert(&mut self, child: u32, at: &At, ordinal: &dyn Fn(u32) -> u32) -> Placed {
        match &mut self.0 {
            Form::Few(list) => {
                let index = index_in(list, at);
                list.insert(index, child);
                if list.len() <= BLOCK {
                    return Placed::Inside;
                }
                let list = std::mem::take(list);
                self.0 = Form::Many(Box::new(laid(&list, ordinal)));
                Placed::Reformed
            }
            Form::Many(blocks) => blocks.insert(child, at, ordinal),
        }
    }

    /// Replaces the order of the children; they must be the same ones.
    pub(super) fn reorder(&mut self, children: &[u32], ordinal: &dyn Fn(u32) -> u32) -> Placed {
        match &mut self.0 {
            Form::Few(list) => {
                list.copy_from_slice(children);
                Placed::Inside
            }
            Form::Many(blocks) => {
                **blocks = laid(children, ordinal);
                Placed::Reformed
            }
        }
    }

    /// Replaces the list with `blocks`, which hold the children up to id `newest`. Returns the later ones in order of
    /// arrival, for the caller to insert again.
    pub(super) fn replace(&mut self, blocks: Blocks, newest: u32) -> Vec<u32> {
        let mut later = Vec::new();
        if self.len() > blocks.len() {
            later.extend(self.iter().filter(|&child| child > newest));
            later.sort_unstable();
        }
        self.0 = Form::Many(Box::new(blocks));
        later
    }

    /// Inserts newer children, given in order of arrival, all in front or all behind.
    pub(super) fn append(&mut self, later: &[u32], in_front: bool) {
        if let Form::Many(blocks) = &mut self.0 {
            blocks.append(later, in_front);
        }
    }

    /// Memory held, in bytes.
    pub(super) fn heap_bytes(&self) -> usize {
        match &self.0 {
            Form::Few(list) if list.capacity() == 0 => 0,
            Form::Few(list) => list.capacity() * 4 + BLOCK_BYTES,
            Form::Many(blocks) => blocks.heap_bytes(),
        }
    }
}

fn laid(children: &[u32], ordinal: &dyn Fn(u32) -> u32) -> Blocks {
    let mut blocks = Blocks::with_capacity(children.len());
    for &child in children {
        blocks.lay(child, ordinal(child));
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The children are `0..n` in order of arrival, so that each is its own ordinal.
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

//! A long list of children, divided into blocks: see [`super::children`].

use crate::model::children::{At, BLOCK, BLOCK_BYTES, Placed};
use crate::model::rows::Sums;

/// Children in display order, in blocks of at most [`BLOCK`]; none is empty.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    /// Slots in display order.
    order: Vec<u32>,
    /// Children by slot.
    slots: Vec<Vec<u32>>,
    /// Slot by the ordinal of a child.
    place: Vec<u32>,
    len: u32,
}

/// How full a block is when many are laid down at once, so that the next insertions do not split it.
const LAID: usize = BLOCK * 3 / 4;

impl Blocks {
    /// An empty list with room for this many children to be laid down.
    pub(super) fn with_capacity(children: usize) -> Self {
        let blocks = children.div_ceil(LAID);
        Self {
            order: Vec::with_capacity(blocks),
            slots: Vec::with_capacity(blocks),
            place: vec![0; children],
            len: 0,
        }
    }

    /// Adds the next child in display order. Its ordinal must be below the capacity.
    pub(super) fn lay(&mut self, child: u32, ordinal: u32) {
        if (self.len as usize).is_multiple_of(LAID) {
            self.order.push(self.slots.len() as u32);
            self.slots.push(Vec::with_capacity(LAID));
        }
        let slot = self.slots.len() - 1;
        self.slots[slot].push(child);
        self.place[ordinal as usize] = slot as u32;
        self.len += 1;
    }

    /// Adds children that came later, in blocks of their own: newest first in front of all others, or oldest first
    /// behind them.
    pub(super) fn append(&mut self, later: &[u32], in_front: bool) {
        let mut added = Vec::with_capacity(later.len().div_ceil(LAID));
        for block in later.chunks(LAID) {
            let slot = self.slots.len() as u32;
            let mut block = block.to_vec();
            if in_front {
                block.reverse();
            }
            self.place.extend(std::iter::repeat_n(slot, block.len()));
            self.slots.push(block);
            added.push(slot);
        }
        self.len += later.len() as u32;
        if in_front {
            added.reverse();
            self.order.splice(0..0, added);
        } else {
            self.order.extend(added);
        }
    }

    pub(super) fn len(&self) -> u32 {
        self.len
    }

    pub(super) fn count(&self) -> usize {
        self.order.len()
    }

    /// The slot at a rank in display order.
    pub(super) fn slot_at(&self, rank: usize) -> u32 {
        self.order[rank]
    }

    /// The children of a slot.
    pub(super) fn slot(&self, slot: u32) -> &[u32] {
        &self.slots[slot as usize]
    }

    /// The slot of the child with this ordinal.
    #[inline]
    pub(super) fn slot_of(&self, ordinal: u32) -> u32 {
        self.place[ordinal as usize]
    }

    fn last(&self) -> u32 {
        let slot = self.order[self.order.len() - 1];
        let block = &self.slots[slot as usize];
        block[block.len() - 1]
    }

    /// Inserts a child, whose ordinal must be the current number of children.
    pub(super) fn insert(&mut self, child: u32, at: &At, ordinal: &dyn Fn(u32) -> u32) -> Placed {
        let mut rank = match at {
            At::Front => 0,
            At::Back => self.order.len() - 1,
            // Topics tend to arrive in order, so the end is tried first.
            At::Sorted(compare) if compare(self.last()).is_lt() => self.order.len() - 1,
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
            // Growing at the end leaves full blocks behind; anywhere else, the block is split in half.
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

    /// Memory held, in bytes.
    pub(super) fn heap_bytes(&self) -> usize {
        // Each of the two views keeps sums for every slot.
        let slot = size_of::<Vec<u32>>() + 4 + BLOCK * 4 + BLOCK_BYTES + 2 * size_of::<Sums>();
        self.slots.len() * slot + self.place.capacity() * 4
    }
}

/// Where in one block the new child goes.
pub(super) fn index_in(list: &[u32], at: &At) -> usize {
    match at {
        At::Front => 0,
        At::Back => list.len(),
        At::Sorted(compare) if list.last().is_none_or(|&last| compare(last).is_lt()) => list.len(),
        At::Sorted(compare) => list.partition_point(|&other| compare(other).is_lt()),
    }
}

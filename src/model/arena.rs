//! A vector that grows without ever moving what it holds.
//!
//! A `Vec` of a million nodes grows by copying tens of megabytes, which a person notices as a dropped frame. An arena
//! allocates one more chunk instead. Every index comes from `push`, so indexing needs no checks by the caller.

use std::ops::{Index, IndexMut};

/// Items per chunk, as a power of two.
const CHUNK_BITS: u32 = 12;
const CHUNK: usize = 1 << CHUNK_BITS;
const MASK: usize = CHUNK - 1;

/// Items numbered from 0, never removed.
#[derive(Debug)]
pub(super) struct Arena<T> {
    chunks: Vec<Vec<T>>,
    len: u32,
}

impl<T> Arena<T> {
    pub(super) fn new() -> Self {
        Self { chunks: Vec::new(), len: 0 }
    }

    /// The number of items, which is also the index of the next one.
    pub(super) fn len(&self) -> u32 {
        self.len
    }

    /// Adds an item and returns its index.
    pub(super) fn push(&mut self, item: T) -> u32 {
        let index = self.len;
        if index as usize & MASK == 0 {
            // The first chunk starts small: most models hold a few hundred topics.
            self.chunks.push(if index == 0 { Vec::new() } else { Vec::with_capacity(CHUNK) });
        }
        if let Some(chunk) = self.chunks.last_mut() {
            chunk.push(item);
        }
        self.len += 1;
        index
    }

    /// The item at `index`, if there is one.
    pub(super) fn get(&self, index: u32) -> Option<&T> {
        self.chunks.get((index >> CHUNK_BITS) as usize)?.get(index as usize & MASK)
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.chunks.iter_mut().flatten()
    }

    /// Memory used, in bytes, not counting what the items themselves allocate.
    pub(super) fn heap_bytes(&self) -> usize {
        self.len as usize * size_of::<T>()
    }
}

impl<T> Index<u32> for Arena<T> {
    type Output = T;

    #[inline]
    fn index(&self, index: u32) -> &T {
        &self.chunks[(index >> CHUNK_BITS) as usize][index as usize & MASK]
    }
}

impl<T> IndexMut<u32> for Arena<T> {
    #[inline]
    fn index_mut(&mut self, index: u32) -> &mut T {
        &mut self.chunks[(index >> CHUNK_BITS) as usize][index as usize & MASK]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_keep_their_numbers_across_chunks() {
        let mut arena = Arena::new();
        for i in 0..3 * CHUNK as u32 + 7 {
            assert_eq!(arena.push(i), i);
        }
        assert!((0..arena.len()).all(|i| arena[i] == i));
        assert_eq!(arena.iter_mut().count(), arena.len() as usize);
        assert_eq!(arena.get(arena.len()), None);
    }
}

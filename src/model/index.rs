//! A hash index from bytes that are stored elsewhere to the `u32` that stands for them.
//!
//! It is sharded, because a single table of a million entries stops everything while it doubles; many small tables each
//! double on their own, in microseconds. The hash is seeded per process, so that no sender can provoke collisions.

use std::hash::{BuildHasher, Hash};

use hashbrown::{DefaultHashBuilder, HashTable};

/// Chosen so that a million entries fill tables of 1,024 slots to three quarters; 1,024 shards would just overflow
/// them.
const SHARDS: u64 = 1280;

/// A hash of one index. Hashes of different indexes are not comparable.
pub(super) type KeyHash = u32;

/// An index of `u32` entries. The caller compares and hashes what they stand for.
#[derive(Debug)]
pub(super) struct HashIndex {
    shards: Box<[HashTable<u32>]>,
    hasher: DefaultHashBuilder,
    tables_bytes: usize,
}

impl HashIndex {
    pub(super) fn new() -> Self {
        let shards = std::iter::repeat_with(HashTable::new).take(SHARDS as usize).collect();
        Self { shards, hasher: DefaultHashBuilder::default(), tables_bytes: 0 }
    }

    /// The hash of a key, short enough to be stored beside the entry.
    #[inline]
    pub(super) fn hash(&self, key: impl Hash) -> KeyHash {
        (self.hasher.hash_one(key) >> 32) as KeyHash
    }

    /// The entry with this `hash` for which `is_it` holds.
    #[inline]
    pub(super) fn find(&self, hash: KeyHash, mut is_it: impl FnMut(u32) -> bool) -> Option<u32> {
        self.shards[shard(hash)].find(spread(hash), |&entry| is_it(entry)).copied()
    }

    /// Adds an entry that is known to be absent. `rehash` gives the hash of any entry of this index.
    pub(super) fn insert(&mut self, hash: KeyHash, entry: u32, rehash: impl Fn(&Self, u32) -> KeyHash) {
        // The shard is taken out so that `rehash` can use this index's hasher.
        let mut table = std::mem::take(&mut self.shards[shard(hash)]);
        let before = table.allocation_size();
        table.insert_unique(spread(hash), entry, |&other| spread(rehash(self, other)));
        self.tables_bytes += table.allocation_size() - before;
        self.shards[shard(hash)] = table;
    }

    /// Removes the entry with this `hash` for which `is_it` holds.
    pub(super) fn remove(&mut self, hash: KeyHash, mut is_it: impl FnMut(u32) -> bool) {
        if let Ok(found) = self.shards[shard(hash)].find_entry(spread(hash), |&entry| is_it(entry)) {
            found.remove();
        }
    }

    /// Memory held, in bytes.
    pub(super) fn heap_bytes(&self) -> usize {
        self.tables_bytes + self.shards.len() * size_of::<HashTable<u32>>()
    }
}

/// Picks a shard by multiplication instead of a mask, since `SHARDS` is not a power of two.
#[inline]
fn shard(hash: KeyHash) -> usize {
    ((u64::from(hash) * SHARDS) >> 32) as usize
}

/// Spreads the bits again: the table uses the lowest and highest ones, but the shard has used up the high ones of the
/// 32.
#[inline]
fn spread(hash: KeyHash) -> u64 {
    u64::from(hash).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_is_found_and_nothing_else() {
        let keys: Vec<String> = (0..20_000).map(|i| format!("key/{i}")).collect();
        let mut index = HashIndex::new();
        for (i, key) in keys.iter().enumerate() {
            index.insert(index.hash(key), i as u32, |index, other| index.hash(&keys[other as usize]));
        }
        for (i, key) in keys.iter().enumerate() {
            assert_eq!(index.find(index.hash(key), |e| &keys[e as usize] == key), Some(i as u32));
        }
        assert_eq!(index.find(index.hash("absent"), |e| keys[e as usize] == "absent"), None);
    }
}

//! Sorting the children of one parent when there are a hundred thousand of them, in portions.
//!
//! Keys are computed and spread over buckets between splitters; then bucket after bucket is sorted and laid down. Until
//! that is finished the children keep their old order; then the new one replaces it at once.

use crate::model::blocks::Blocks;
use crate::model::sorter::{Key, Keys};

/// Approximate number of children per bucket.
const BUCKET: usize = if cfg!(test) { 3 } else { 2_048 };
/// Keys sampled per splitter: enough for buckets of about equal size.
const SAMPLES_PER_SPLITTER: usize = 8;

/// A sort that is under way.
#[derive(Debug)]
pub(super) struct WideSort {
    pub(super) branch: u32,
    /// The children that existed at the beginning.
    children: Vec<u32>,
    /// The keys of as many of the children as were looked at so far.
    keys: Vec<Key>,
    splitters: Vec<Key>,
    buckets: Vec<Vec<Key>>,
    /// How many keys are in buckets.
    spread: usize,
    /// How many buckets are laid down.
    laid: usize,
    blocks: Blocks,
}

impl WideSort {
    pub(super) fn new(branch: u32, keys: &Keys) -> Self {
        let children: Vec<u32> = keys.tree.branches[branch].children.iter().collect();
        Self {
            branch,
            keys: Vec::with_capacity(children.len()),
            splitters: Vec::new(),
            buckets: Vec::new(),
            spread: 0,
            laid: 0,
            blocks: Blocks::with_capacity(children.len()),
            children,
        }
    }

    /// Does about `most` steps. Returns how many are left over once it is finished, or 0 before that.
    pub(super) fn step(&mut self, most: usize, keys: &Keys) -> usize {
        let mut left = most;
        let next = &self.children[self.keys.len()..];
        let next = &next[..next.len().min(left)];
        left -= next.len();
        self.keys.extend(next.iter().map(|&child| keys.of(child)));
        if left > 0 && self.splitters.is_empty() {
            self.choose_splitters(keys);
        }
        while left > 0
            && let Some(&key) = self.keys.get(self.spread)
        {
            let bucket = self.splitters.partition_point(|splitter| keys.compare(splitter, &key).is_le());
            self.buckets[bucket].push(key);
            self.spread += 1;
            left -= 1;
        }
        while left > 0
            && let Some(bucket) = self.buckets.get_mut(self.laid)
        {
            let mut bucket = std::mem::take(bucket);
            bucket.sort_unstable_by(|a, b| keys.compare(a, b));
            for (_, child) in &bucket {
                self.blocks.lay(*child, keys.tree.nodes[*child].ordinal);
            }
            self.laid += 1;
            left = left.saturating_sub(bucket.len());
        }
        if self.is_finished() { left } else { 0 }
    }

    pub(super) fn is_finished(&self) -> bool {
        !self.buckets.is_empty() && self.laid == self.buckets.len()
    }

    fn choose_splitters(&mut self, keys: &Keys) {
        let buckets = self.keys.len().div_ceil(BUCKET).max(1);
        let stride = (self.keys.len() / (buckets * SAMPLES_PER_SPLITTER)).max(1);
        let mut samples: Vec<Key> = self.keys.iter().step_by(stride).copied().collect();
        samples.sort_unstable_by(|a, b| keys.compare(a, b));
        let per_splitter = (samples.len() / buckets).max(1);
        self.splitters =
            samples.into_iter().skip(per_splitter).step_by(per_splitter).take(buckets - 1).collect();
        self.buckets.resize_with(self.splitters.len() + 1, Vec::new);
    }

    /// The children in their new order, and the id of the newest of them. Children that arrived since are not included.
    pub(super) fn finish(self) -> (Blocks, u32) {
        (self.blocks, self.children.iter().copied().max().unwrap_or_default())
    }
}

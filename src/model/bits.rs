//! A set of small numbers, one bit each.

/// A set of numbers that grows as needed.
#[derive(Clone, Debug, Default)]
pub(super) struct Bits {
    words: Vec<u64>,
}

impl Bits {
    #[inline]
    pub(super) fn contains(&self, number: u32) -> bool {
        self.words.get(number as usize / 64).is_some_and(|word| word >> (number % 64) & 1 == 1)
    }

    /// Adds a number; returns whether it is new.
    pub(super) fn insert(&mut self, number: u32) -> bool {
        let at = number as usize / 64;
        if at >= self.words.len() {
            self.words.resize(at + 1, 0);
        }
        let bit = 1 << (number % 64);
        let is_new = self.words[at] & bit == 0;
        self.words[at] |= bit;
        is_new
    }

    /// Removes a number.
    pub(super) fn remove(&mut self, number: u32) {
        if let Some(word) = self.words.get_mut(number as usize / 64) {
            *word &= !(1 << (number % 64));
        }
    }

    /// The smallest number in the set that is not below `from`.
    pub(super) fn next(&self, from: u32) -> Option<u32> {
        let first = from as usize / 64;
        let masked = self.words.get(first)? & (u64::MAX << (from % 64));
        let rest = self.words.iter().copied().enumerate().skip(first + 1);
        let (at, word) = std::iter::once((first, masked)).chain(rest).find(|(_, word)| *word != 0)?;
        Some(at as u32 * 64 + word.trailing_zeros())
    }

    /// The most memory that a set of numbers below `end` can take, in bytes.
    pub(super) fn bytes_of(end: u32) -> usize {
        // Growing can double the capacity.
        end as usize / 4
    }

    /// Makes it the set of all numbers below `end`.
    pub(super) fn fill(&mut self, end: u32) {
        self.words.clear();
        self.words.resize(end as usize / 64, u64::MAX);
        if !end.is_multiple_of(64) {
            self.words.push((1 << (end % 64)) - 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_go_in_and_out_and_are_found_in_order() {
        let mut bits = Bits::default();
        assert_eq!(bits.next(0), None);
        assert!(bits.insert(3) && bits.insert(64) && bits.insert(700) && !bits.insert(64));
        bits.remove(64);
        bits.remove(100_000);
        assert_eq!((bits.next(0), bits.next(4), bits.next(701)), (Some(3), Some(700), None));
        bits.fill(65);
        assert!(bits.contains(0) && bits.contains(64) && !bits.contains(65) && !bits.contains(700));
        assert_eq!(bits.next(64), Some(64));
    }
}

//! Where a text stands inside a payload: every place, found in one walk, for the inspector's counts and steps.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use regex::bytes::{Regex, RegexBuilder};

use crate::payload::CancelCheck;

/// Bytes that are searched between two looks at the clock and at a [`CancelCheck`].
const PART_BYTES: usize = 1 << 20;

/// What is looked for, ignoring case.
#[derive(Clone, Debug)]
pub struct Needle {
    pattern: Regex,
    /// The longest match, in bytes.
    bytes_max: usize,
}

/// Occurrences of a needle, in order; none overlaps another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Occurrences {
    /// Start and length of each.
    ranges: Vec<(u32, u32)>,
    /// Whether there may be more than were kept.
    pub is_cut: bool,
}

impl Needle {
    /// A text to look for in texts; `None` if it is empty.
    pub fn text(text: &str) -> Option<Self> {
        Self::new(text, &regex::escape(text))
    }

    /// A text to look for in bytes: as text, and as what its hexadecimal digits (`ff 0a`) mean.
    pub fn bytes(text: &str) -> Option<Self> {
        let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let escaped = regex::escape(text);
        let Ok(bytes) = HEXLOWER_PERMISSIVE.decode(digits.as_bytes()) else {
            return Self::new(text, &escaped);
        };
        let mut pattern = format!("{escaped}|(?-ui:");
        for byte in bytes {
            pattern.push_str("\\x");
            HEXLOWER.encode_append(&[byte], &mut pattern);
        }
        pattern.push(')');
        Self::new(text, &pattern)
    }

    /// Whether it stands somewhere in these bytes.
    pub fn is_in(&self, haystack: &[u8]) -> bool {
        self.pattern.is_match(haystack)
    }

    fn new(text: &str, pattern: &str) -> Option<Self> {
        let pattern = RegexBuilder::new(pattern).case_insensitive(true).build().ok()?;
        // Another case of a character has four bytes at most.
        (!text.is_empty()).then(|| Self { pattern, bytes_max: text.chars().count() * 4 })
    }
}

impl Occurrences {
    /// The most that are kept; what lies behind them is not looked for.
    pub const MAX: usize = 1_000_000;

    /// Finds a needle. `passed` says meanwhile how many bytes were looked at. `None` if cancelled.
    pub fn find(
        haystack: &[u8],
        needle: &Needle,
        passed: &AtomicUsize,
        cancel: CancelCheck<'_>,
    ) -> Option<Self> {
        let mut places = Self::default();
        let mut at = 0;
        while at < haystack.len() {
            let part_end = haystack.len().min(at.saturating_add(PART_BYTES));
            // A match that begins in this part may end in the next.
            let window = &haystack[..haystack.len().min(part_end + needle.bytes_max)];
            while let Some(found) =
                needle.pattern.find_at(window, at).filter(|found| found.start() < part_end)
            {
                if places.ranges.len() >= Self::MAX {
                    places.is_cut = true;
                    return Some(places);
                }
                // Payloads have 256 MB at most, and texts made of them a GiB.
                places.ranges.push((found.start() as u32, found.len() as u32));
                at = found.end();
            }
            at = at.max(part_end);
            passed.store(at, Ordering::Relaxed);
            if cancel() {
                return None;
            }
        }
        Some(places)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ranges.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// A place as a range of bytes.
    pub fn get(&self, index: usize) -> Option<Range<usize>> {
        self.ranges.get(index).map(|(start, length)| *start as usize..(*start + *length) as usize)
    }

    /// The places that touch a range, in order.
    pub fn within(&self, range: Range<usize>) -> impl Iterator<Item = Range<usize>> + '_ {
        let first = self.ranges.partition_point(|(start, length)| (*start + *length) as usize <= range.start);
        (first..).map_while(|index| self.get(index)).take_while(move |place| place.start < range.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payload::never;

    fn starts(haystack: &[u8], needle: &Needle) -> Vec<usize> {
        let places = Occurrences::find(haystack, needle, &AtomicUsize::new(0), &never).unwrap();
        (0..places.len()).filter_map(|index| places.get(index)).map(|place| place.start).collect()
    }

    #[test]
    fn every_place_is_found_in_any_case_and_none_twice() {
        let needle = Needle::text("aBa").unwrap();
        assert_eq!(starts(b"ababa ABA x", &needle), [0, 6]);
        assert_eq!(starts("Größe GRÖSSE größe".as_bytes(), &Needle::text("GRÖßE").unwrap()), [0, 16]);
        assert_eq!(starts(b"a.c abc", &Needle::text("a.c").unwrap()), [0], "a dot is a dot");
        assert!(Needle::text("").is_none());
    }

    #[test]
    fn a_place_that_lies_across_two_parts_is_found_once() {
        let mut haystack = vec![b'x'; 3 * PART_BYTES];
        for at in [PART_BYTES - 2, 2 * PART_BYTES, 3 * PART_BYTES - 4] {
            haystack[at..at + 4].copy_from_slice(b"temp");
        }
        let found = starts(&haystack, &Needle::text("temp").unwrap());
        assert_eq!(found, [PART_BYTES - 2, 2 * PART_BYTES, 3 * PART_BYTES - 4]);
    }

    #[test]
    fn digits_mean_bytes_where_bytes_are_searched() {
        let needle = Needle::bytes("FF 0a").unwrap();
        assert_eq!(starts(b"\xff\x0a ff 0a \xFF\x0A", &needle), [0, 3, 9]);
        assert_eq!(starts(b"A a", &Needle::bytes("61").unwrap()), [2], "bytes have no case");
    }

    #[test]
    fn the_places_of_a_row_are_those_that_touch_it() {
        let places = Occurrences { ranges: vec![(0, 2), (10, 4), (20, 2)], is_cut: false };
        assert_eq!(places.within(12..21).collect::<Vec<_>>(), [10..14, 20..22]);
        assert_eq!(places.within(2..10).count(), 0);
    }

    #[test]
    fn no_more_are_kept_than_stated_and_a_search_can_be_stopped() {
        let haystack = vec![b'a'; Occurrences::MAX + 1];
        let needle = Needle::text("a").unwrap();
        let places = Occurrences::find(&haystack, &needle, &AtomicUsize::new(0), &never).unwrap();
        assert_eq!((places.len(), places.is_cut), (Occurrences::MAX, true));
        assert_eq!(Occurrences::find(b"b", &needle, &AtomicUsize::new(0), &|| true), None);
    }
}

//! Finds a short text in many short ones, ignoring case.
//!
//! A search makes two comparisons for each of a million topics, and a regular expression spends most of its time on
//! starting. This finder looks for one byte of the text that is rare in topics, and compares the rest where it occurs.

use memchr::{memchr_iter, memchr2_iter};

/// Bytes that are frequent in topics and payloads, so that finding one says little.
const FREQUENT: &[u8] = b"aeiorstnldcu0123456789/_-.:,\"{} ";
/// Longer texts are not searched here: if the rare byte turned out to be frequent, that would take too long.
const HAYSTACK_BYTES_MAX: usize = 64 * 1024;

/// An ASCII text to find.
#[derive(Clone, Debug)]
pub(super) struct TextFinder {
    text: Box<[u8]>,
    /// Where the rare byte is in the text.
    at: usize,
    cases: [u8; 2],
    /// Whether letters outside of ASCII fold to letters of the text: \u{17f} to an s, \u{212a} to a k.
    folds: bool,
}

impl TextFinder {
    /// Prepares a text. `None` if it is empty or not ASCII.
    pub(super) fn new(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        if bytes.is_empty() || !text.is_ascii() {
            return None;
        }
        let at = bytes.iter().position(|byte| !FREQUENT.contains(&byte.to_ascii_lowercase())).unwrap_or(0);
        let cases = [bytes[at].to_ascii_lowercase(), bytes[at].to_ascii_uppercase()];
        let folds = bytes.iter().any(|byte| matches!(byte.to_ascii_lowercase(), b'k' | b's'));
        Some(Self { text: bytes.into(), at, cases, folds })
    }

    /// Whether `haystack` contains the text; `None` if this finder cannot tell.
    #[inline]
    pub(super) fn is_in(&self, haystack: &[u8]) -> Option<bool> {
        if haystack.len() > HAYSTACK_BYTES_MAX {
            return None;
        }
        let is_here = |found: usize| {
            found
                .checked_sub(self.at)
                .and_then(|start| haystack.get(start..start + self.text.len()))
                .is_some_and(|part| part.eq_ignore_ascii_case(&self.text))
        };
        let [lower, upper] = self.cases;
        let found = if lower == upper {
            memchr_iter(lower, haystack).any(is_here)
        } else {
            memchr2_iter(lower, upper, haystack).any(is_here)
        };
        (found || !self.folds || haystack.is_ascii()).then_some(found)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use regex::bytes::RegexBuilder;

    use super::*;

    proptest! {
        #[test]
        fn it_says_what_a_regular_expression_would(text in "[aAbkKs1/.]{1,4}", hay in "[aAbBkKsS1/.\u{17f}\u{212a}ä]{0,24}") {
            let pattern = RegexBuilder::new(&regex::escape(&text)).case_insensitive(true).build().unwrap();
            let finder = TextFinder::new(&text).unwrap();
            let expected = pattern.is_match(hay.as_bytes());
            prop_assert!(finder.is_in(hay.as_bytes()).is_none_or(|found| found == expected));
            // It may only give up where letters from outside of ASCII may fold.
            prop_assert!(finder.is_in(hay.as_bytes()).is_some() || !hay.is_ascii());
        }
    }

    #[test]
    fn what_ascii_is_not_enough_for_is_left_to_others() {
        assert!(TextFinder::new("").is_none() && TextFinder::new("\u{fc}ber").is_none());
        let finder = TextFinder::new("Temp").unwrap();
        assert_eq!(finder.is_in(&vec![b'x'; HAYSTACK_BYTES_MAX + 1]), None);
        assert_eq!(finder.is_in(b"a/teMP/b"), Some(true));
        assert_eq!(finder.is_in(b"tem"), Some(false));
    }
}

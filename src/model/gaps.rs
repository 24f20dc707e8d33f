//! When messages came without a number for a series. A plot leaves these gaps open.

use std::collections::VecDeque;
use std::ops::RangeInclusive;

/// The most gaps kept for one series; the oldest go first. Each takes eight bytes.
const GAPS_MAX: usize = 100_000;

/// When each stretch without a number began, in order of time.
#[derive(Debug, Default)]
pub(super) struct Gaps {
    starts: VecDeque<f64>,
    /// Whether the newest message had no number, so that a next one without a number continues its stretch.
    newest_is_gap: bool,
    /// Whether the oldest message had no number, so that an earlier one without a number extends its stretch.
    oldest_is_gap: bool,
    /// Whether any message was taken in.
    begun: bool,
}

impl Gaps {
    /// Takes in a message that came after all others.
    pub(super) fn push_back(&mut self, seconds: f64, is_gap: bool) {
        if is_gap && !self.newest_is_gap {
            if self.starts.len() == GAPS_MAX {
                self.starts.pop_front();
            }
            // Gaps stay in order even if times go back.
            self.starts.push_back(self.starts.back().map_or(seconds, |last| seconds.max(*last)));
        }
        (self.newest_is_gap, self.begun) = (is_gap, true);
    }

    /// Takes in a message that is older than all others.
    pub(super) fn push_front(&mut self, seconds: f64, is_gap: bool) {
        if is_gap {
            let bound = self.starts.front().map_or(seconds, |first| seconds.min(*first));
            if self.oldest_is_gap {
                self.starts.pop_front();
            }
            if self.starts.len() < GAPS_MAX {
                self.starts.push_front(bound);
            }
        }
        self.oldest_is_gap = is_gap;
        if !self.begun {
            (self.newest_is_gap, self.begun) = (is_gap, true);
        }
    }

    /// Forgets what lies before a time.
    pub(super) fn drop_before(&mut self, seconds: f64) {
        let old = self.starts.partition_point(|start| *start < seconds);
        self.starts.drain(..old);
        self.oldest_is_gap = false;
    }

    /// The gaps within a time range.
    pub(super) fn within(&self, range: RangeInclusive<f64>) -> impl Iterator<Item = f64> + Clone {
        let from = self.starts.partition_point(|start| start < range.start());
        self.starts.range(from..).copied().take_while(move |start| start <= range.end())
    }

    /// Since when messages have had no number, if the newest had none.
    pub(super) fn open_since(&self) -> Option<f64> {
        self.starts.back().copied().filter(|_| self.newest_is_gap)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The first message of each stretch without a number, computed from the whole list.
    fn naive(messages: &[bool]) -> Vec<f64> {
        let starts = |at: usize| messages[at] && (at == 0 || !messages[at - 1]);
        (0..messages.len()).filter(|at| starts(*at)).map(|at| at as f64).collect()
    }

    proptest! {
        #[test]
        fn gaps_are_found_in_whatever_direction_messages_are_read(
            messages in prop::collection::vec(any::<bool>(), 0..40),
            split in any::<prop::sample::Index>(),
            from in 0..40u8,
            length in 0..40u8,
        ) {
            let split = split.index(messages.len() + 1);
            let mut gaps = Gaps::default();
            for (at, is_gap) in messages.iter().enumerate().take(split).rev() {
                gaps.push_front(at as f64, *is_gap);
            }
            for (at, is_gap) in messages.iter().enumerate().skip(split) {
                gaps.push_back(at as f64, *is_gap);
            }
            let expected = naive(&messages);
            let range = f64::from(from)..=f64::from(from + length);
            let found: Vec<_> = expected.iter().copied().filter(|at| range.contains(at)).collect();
            prop_assert_eq!(gaps.within(range).collect::<Vec<_>>(), found);
        }
    }

    #[test]
    fn the_number_of_gaps_is_bounded() {
        let mut gaps = Gaps::default();
        for at in 0..3 * GAPS_MAX {
            gaps.push_back(at as f64, at % 2 == 0);
        }
        assert_eq!(gaps.starts.len(), GAPS_MAX);
        let first = |from: f64, to: f64| gaps.within(from..=to).next();
        assert!(first(0.0, 1_000.0).is_none() && first(5e5, f64::INFINITY).is_none());
        assert!(first(2.5e5, f64::INFINITY).is_some());
    }
}

//! How many messages arrived when, in buckets of one width that doubles when they become too many.

use crate::message::Timestamp;

/// The width of a bucket at first, in microseconds.
const WIDTH_US: i64 = 100_000;
/// The most buckets: more than a window has pixels.
const BUCKETS_MAX: usize = 8_192;

/// Messages over time.
#[derive(Clone, Debug)]
pub struct Arrivals {
    width_us: i64,
    /// The number of the first bucket: its time divided by the width.
    first: i64,
    counts: Vec<u32>,
    /// Where the last bucket begins and ends.
    last: (i64, i64),
}

impl Default for Arrivals {
    fn default() -> Self {
        Self { width_us: WIDTH_US, first: 0, counts: Vec::new(), last: (0, 0) }
    }
}

impl Arrivals {
    /// Counts a message.
    #[inline]
    pub(super) fn add(&mut self, at: Timestamp) {
        if at.0 >= self.last.0
            && at.0 < self.last.1
            && let Some(last) = self.counts.last_mut()
        {
            *last = last.saturating_add(1);
        } else {
            self.add_elsewhere(at.0);
        }
    }

    fn add_elsewhere(&mut self, at: i64) {
        if self.counts.is_empty() {
            self.first = at.div_euclid(self.width_us);
        }
        // A clock that was set back to before the beginning counts for the beginning.
        while at.div_euclid(self.width_us).saturating_sub(self.first) >= BUCKETS_MAX as i64 {
            self.halve();
        }
        let index = at.div_euclid(self.width_us).saturating_sub(self.first).max(0) as usize;
        if index >= self.counts.len() {
            self.counts.resize(index + 1, 0);
        }
        if let Some(count) = self.counts.get_mut(index) {
            *count = count.saturating_add(1);
        }
        let last = self.first.saturating_add(self.counts.len() as i64 - 1).saturating_mul(self.width_us);
        self.last = (last, last.saturating_add(self.width_us));
    }

    /// Makes the buckets twice as wide.
    fn halve(&mut self) {
        let is_odd = self.first.rem_euclid(2) == 1;
        let lead = usize::from(is_odd && !self.counts.is_empty());
        let mut halved = Vec::with_capacity(self.counts.len() / 2 + 1);
        halved.extend(self.counts.iter().take(lead));
        for pair in self.counts.get(lead..).unwrap_or_default().chunks(2) {
            halved.push(pair.iter().fold(0u32, |sum, count| sum.saturating_add(*count)));
        }
        self.counts = halved;
        self.first = self.first.div_euclid(2);
        self.width_us = self.width_us.saturating_mul(2);
    }

    /// When the first bucket begins and the last one ends.
    pub fn span(&self) -> Option<(Timestamp, Timestamp)> {
        let end = self.first.saturating_add(self.counts.len() as i64).saturating_mul(self.width_us);
        (!self.counts.is_empty())
            .then_some((Timestamp(self.first.saturating_mul(self.width_us)), Timestamp(end)))
    }

    /// The largest number of messages per bucket in each of `columns` equal parts of a time range.
    pub fn columns(&self, from: Timestamp, to: Timestamp, columns: usize) -> Vec<u32> {
        let mut most = vec![0u32; columns];
        let length = to.0.saturating_sub(from.0).max(1) as f64;
        for (index, count) in (0..).zip(&self.counts).filter(|(_, count)| **count > 0) {
            let begins = self.first.saturating_add(index).saturating_mul(self.width_us);
            let ends = begins.saturating_add(self.width_us);
            if ends <= from.0 || begins > to.0 {
                continue;
            }
            let column_of = |at: i64| {
                let part = at.saturating_sub(from.0) as f64 / length * columns as f64;
                (part.max(0.0) as usize).min(columns.saturating_sub(1))
            };
            for column in column_of(begins)..=column_of(ends.saturating_sub(1)) {
                if let Some(most) = most.get_mut(column) {
                    *most = (*most).max(*count);
                }
            }
        }
        most
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(times: &[i64]) -> Arrivals {
        let mut arrivals = Arrivals::default();
        for at in times {
            arrivals.add(Timestamp(*at));
        }
        arrivals
    }

    #[test]
    fn messages_are_counted_where_they_arrived() {
        let arrivals = counted(&[0, 10, 99_999, 100_000, 950_000]);
        assert_eq!(arrivals.span(), Some((Timestamp(0), Timestamp(1_000_000))));
        assert_eq!(arrivals.columns(Timestamp(0), Timestamp(1_000_000), 10), [3, 1, 0, 0, 0, 0, 0, 0, 0, 1]);
    }

    #[test]
    fn years_take_no_more_room_than_minutes() {
        let year = 365 * 86_400_000_000;
        let arrivals = counted(&[5, year, 40 * year, 3]);
        assert!(arrivals.counts.len() <= BUCKETS_MAX);
        assert_eq!(arrivals.counts.iter().map(|count| u64::from(*count)).sum::<u64>(), 4);
    }

    #[test]
    fn a_clock_that_goes_mad_is_survived() {
        let arrivals = counted(&[i64::MIN, i64::MAX, 0, -1]);
        assert!(arrivals.counts.len() <= BUCKETS_MAX);
        arrivals.columns(Timestamp(i64::MIN), Timestamp(i64::MAX), 100);
    }
}

//! How many messages came when: counts in steps of equal length, which get longer as the time does.

use crate::message::Timestamp;

/// The most steps; twice as many as a wide window has room for.
const STEPS_MAX: usize = 4_096;
/// The length of the first steps, in microseconds.
const STEP_US: i64 = 1_000;

/// Counts of messages over time.
#[derive(Clone, Debug)]
pub struct Density {
    /// When the first step begins, in microseconds since 1970.
    start: i64,
    /// The length of a step, in microseconds.
    step: i64,
    counts: Vec<u64>,
    /// The step that the last message was in, because the next one is usually in the same.
    current: (i64, i64, usize),
}

impl Default for Density {
    fn default() -> Self {
        Self { start: 0, step: STEP_US, counts: Vec::new(), current: (0, 0, 0) }
    }
}

impl Density {
    /// Counts messages that arrived at this time.
    #[inline]
    pub fn add(&mut self, at: Timestamp, messages: u64) {
        let (from, to, step) = self.current;
        if from <= at.0
            && at.0 < to
            && let Some(count) = self.counts.get_mut(step)
        {
            *count += messages;
        } else {
            self.add_elsewhere(at, messages);
        }
    }

    fn add_elsewhere(&mut self, at: Timestamp, messages: u64) {
        if self.counts.is_empty() {
            self.start = at.0;
        }
        // What came before the first message, by a clock that was set back, counts with it.
        let mut step = self.step_of(at);
        while step >= STEPS_MAX {
            self.coarsen();
            step = self.step_of(at);
        }
        if self.counts.len() <= step {
            self.counts.resize(step + 1, 0);
        }
        if let Some(count) = self.counts.get_mut(step) {
            *count += messages;
        }
        let from = self.start.saturating_add(self.step.saturating_mul(step as i64));
        self.current = (from, from.saturating_add(self.step), step);
    }

    fn step_of(&self, at: Timestamp) -> usize {
        let since = at.0.saturating_sub(self.start).max(0);
        usize::try_from(since / self.step).unwrap_or(usize::MAX)
    }

    fn coarsen(&mut self) {
        self.counts = self.counts.chunks(2).map(|pair| pair.iter().sum()).collect();
        self.step = self.step.saturating_mul(2);
    }

    /// From the first message to the end of the step with the last one.
    pub fn span(&self) -> Option<(Timestamp, Timestamp)> {
        let end = self.start.saturating_add(self.step.saturating_mul(self.counts.len() as i64));
        (!self.counts.is_empty()).then_some((Timestamp(self.start), Timestamp(end)))
    }

    /// How many messages came from `from` to `to`, estimated where a step is longer than that.
    pub fn between(&self, from: Timestamp, to: Timestamp) -> f64 {
        let place = |at: Timestamp| at.0.saturating_sub(self.start) as f64 / self.step as f64;
        let (from, to) = (place(from).max(0.0), place(to).min(self.counts.len() as f64));
        if to <= from {
            return 0.0;
        }
        let steps = (from as usize)..(to.ceil() as usize).min(self.counts.len());
        let inside = |step: usize| (to.min(step as f64 + 1.0) - from.max(step as f64)).max(0.0);
        steps.map(|step| self.counts.get(step).map_or(0.0, |count| *count as f64 * inside(step))).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_messages_are_counted_however_long_it_takes() {
        let mut density = Density::default();
        for second in 0..100_000i64 {
            density.add(Timestamp(1_000_000 * second), 3);
        }
        let (from, to) = density.span().unwrap();
        assert!((density.between(from, to) - 300_000.0).abs() < 1e-6);
        let half = Timestamp(50_000 * 1_000_000);
        assert!((density.between(from, half) - 150_000.0).abs() < 300.0);
        assert!(density.counts.len() <= STEPS_MAX);
    }

    #[test]
    fn a_clock_that_jumps_breaks_nothing() {
        let mut density = Density::default();
        for at in [5_000_000, i64::MAX, i64::MIN, 0] {
            density.add(Timestamp(at), 1);
        }
        let (from, to) = density.span().unwrap();
        assert!(density.between(from, to) > 0.0);
        assert!(density.between(to, from).abs() < 1e-9);
    }
}

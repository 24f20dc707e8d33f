//! Messages or bytes per second as a decaying average, stored as one number.
//!
//! A rate that decays with a fixed time constant `T` is `r · e^((t₀ - t) / T)`; its logarithm plus `t / T` does not
//! depend on the time of reading. Only that number is kept, so rates fall without being updated, and they compare the
//! same at any time.

use crate::message::Timestamp;

/// Seconds without a message after which a rate has fallen to 37 %.
const TIME_CONSTANT_S: f64 = 5.0;

/// A decaying rate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Rate(f64);

impl Default for Rate {
    fn default() -> Self {
        Self(f64::NEG_INFINITY)
    }
}

impl Rate {
    /// Counts messages, or bytes. For a steady stream of R per second the rate approaches R within some seconds.
    pub(super) fn add(&mut self, count: u64, at: Moment) {
        if count > 0 {
            let rate = self.per_second(at.now) + count as f64 * at.weight;
            self.0 = rate.ln() + at.now.0 / TIME_CONSTANT_S;
        }
    }

    /// Subtracts a part of the rate.
    pub(super) fn subtract(&mut self, part: Self, now: Pace) {
        if part == Self::default() {
            return;
        }
        let rate = self.per_second(now) - part.per_second(now);
        // The difference of equal rates is only a rounding error.
        let is_nothing = rate <= 1e-9 * self.per_second(now);
        self.0 = if is_nothing { f64::NEG_INFINITY } else { rate.ln() + now.0 / TIME_CONSTANT_S };
    }

    /// Messages per second as seen at `now`.
    pub(super) fn per_second(self, now: Pace) -> f64 {
        (self.0 - now.0 / TIME_CONSTANT_S).exp()
    }

    /// A sort key that is larger for larger rates, at any time.
    pub(super) fn key(self) -> f64 {
        self.0
    }
}

/// Seconds that only ever increase, so that a clock set back neither freezes rates nor makes them explode.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Pace(f64);

/// When messages are counted, and over what time they arrived.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment {
    now: Pace,
    /// What one message adds to a rate, in messages per second.
    weight: f64,
}

impl Moment {
    /// Messages are assumed to have arrived evenly since `since`, so that those held back by a pause make no peak.
    pub(super) fn new(since: Pace, now: Pace) -> Self {
        let over = now.0 - since.0;
        let weight =
            if over > 1e-6 { -(-over / TIME_CONSTANT_S).exp_m1() / over } else { 1.0 / TIME_CONSTANT_S };
        Self { now, weight }
    }
}

/// Turns the caller's clock into a [`Pace`].
#[derive(Debug, Default)]
pub(super) struct Pacemaker {
    last: Option<Timestamp>,
    pace: Pace,
}

impl Pacemaker {
    pub(super) fn advance(&mut self, now: Timestamp) -> Pace {
        let passed = self.last.map_or(0.0, |last| now.seconds_since(last).max(0.0));
        self.last = Some(now);
        self.pace.0 += passed;
        self.pace
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: f64) -> Moment {
        Moment::new(Pace(seconds), Pace(seconds))
    }

    #[test]
    fn a_steady_stream_is_its_rate_and_silence_lets_it_fall() {
        let mut rate = Rate::default();
        assert_eq!(rate.per_second(Pace(0.0)).to_bits(), 0.0f64.to_bits());
        for tick in 1..=900 {
            rate.add(10, Moment::new(Pace(f64::from(tick - 1) / 30.0), Pace(f64::from(tick) / 30.0)));
        }
        assert!((rate.per_second(Pace(30.0)) - 300.0).abs() < 1.0);
        let ratio = rate.per_second(Pace(35.0)) / rate.per_second(Pace(30.0));
        assert!((ratio - (-1.0f64).exp()).abs() < 1e-9);
    }

    #[test]
    fn what_a_pause_held_back_makes_no_peak() {
        let (mut paused, mut watched) = (Rate::default(), Rate::default());
        paused.add(6_000, Moment::new(Pace(0.0), Pace(60.0)));
        for second in 1..=60 {
            watched.add(100, Moment::new(Pace(f64::from(second - 1)), Pace(f64::from(second))));
        }
        assert!((paused.per_second(Pace(60.0)) - watched.per_second(Pace(60.0))).abs() < 1e-6);
    }

    #[test]
    fn rates_compare_alike_at_any_time() {
        let (mut early, mut late) = (Rate::default(), Rate::default());
        early.add(100, at(0.0));
        late.add(1, at(10.0));
        for t in [10.0, 1e3] {
            let at_t = early.per_second(Pace(t)) > late.per_second(Pace(t));
            assert_eq!(at_t, early.key() > late.key());
        }
    }

    #[test]
    fn a_clock_set_back_neither_explodes_nor_stops_a_rate() {
        let mut maker = Pacemaker::default();
        let mut rate = Rate::default();
        let before = maker.advance(Timestamp(7_200_000_000));
        rate.add(5, Moment::new(before, before));
        let after = maker.advance(Timestamp(0));
        rate.add(5, Moment::new(before, after));
        assert!((rate.per_second(after) - 2.0).abs() < 1e-9);
        assert!(rate.per_second(maker.advance(Timestamp(60_000_000))) < 0.001);
    }
}

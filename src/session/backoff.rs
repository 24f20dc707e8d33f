//! How long to wait before the next attempt to connect.

use std::time::Duration;

const FIRST: Duration = Duration::from_millis(500);
const LONGEST: Duration = Duration::from_secs(30);
/// Fraction by which a pause varies at random, so that the clients of a restarted broker do not all return at once.
const JITTER: f64 = 0.2;

/// Pauses from 0.5 to 30 s that double each time.
#[derive(Debug)]
pub(super) struct Backoff {
    next: Duration,
}

impl Default for Backoff {
    fn default() -> Self {
        Self { next: FIRST }
    }
}

impl Backoff {
    /// The pause before the next attempt.
    pub(super) fn pause(&mut self) -> Duration {
        let pause = self.next.mul_f64(1.0 - JITTER + 2.0 * JITTER * fastrand::f64());
        self.next = (self.next * 2).min(LONGEST);
        pause.min(LONGEST)
    }

    /// Starts again with the shortest pause, because the connection held.
    pub(super) fn reset(&mut self) {
        self.next = FIRST;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_from_half_a_second_to_thirty_and_stay_there() {
        let mut backoff = Backoff::default();
        let pauses: Vec<_> = (0..12).map(|_| backoff.pause().as_secs_f64()).collect();
        assert!((0.4..=0.6).contains(&pauses[0]), "{pauses:?}");
        assert!((0.8..=1.2).contains(&pauses[1]), "{pauses:?}");
        assert!(pauses.iter().all(|&pause| pause <= 30.0), "{pauses:?}");
        assert!(pauses[11] >= 24.0, "{pauses:?}");
        backoff.reset();
        assert!(backoff.pause().as_secs_f64() <= 0.6);
    }
}

//! How long to wait before the next attempt to connect.

use std::time::Duration;

const FIRST: Duration = Duration::from_millis(500);
const LONGEST: Duration = Duration::from_secs(30);
/// How far a pause may be off, so that the clients of a broker that restarts do not all come at once.
const JITTER: f64 = 0.2;

/// Pauses from 0.5 to 30 s, each twice the one before.
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

    /// The connection held; the next failure is a new one.
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

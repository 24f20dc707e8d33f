//! How fast something grows.

use std::time::Instant;

use crate::app::tab::RATE_EVERY;

/// Messages per second, measured from a counter.
pub(super) struct Rate {
    pub at: Instant,
    pub received: u64,
    pub per_second: f64,
}

impl Rate {
    pub fn measure(&mut self, received: u64) {
        let elapsed = self.at.elapsed();
        if elapsed >= RATE_EVERY {
            self.per_second = received.saturating_sub(self.received) as f64 / elapsed.as_secs_f64();
            self.at = Instant::now();
            self.received = received;
        }
    }
}

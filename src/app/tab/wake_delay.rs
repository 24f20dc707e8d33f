//! How soon the window draws what has come.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// How soon a new message is drawn. Shared with the session's threads, which request the frame.
#[derive(Clone, Debug)]
pub struct WakeDelay(Arc<AtomicU64>);

impl WakeDelay {
    /// 30 frames a second, for when visible values change, or after a silence.
    pub const LIVE: Duration = Duration::from_millis(33);
    /// As often as counters are refreshed, for when nothing else changes.
    pub const COUNTERS: Duration = Duration::from_millis(100);

    /// The delay as it is now.
    pub fn get(&self) -> Duration {
        Duration::from_millis(self.0.load(Ordering::Relaxed))
    }

    pub(super) fn set(&self, delay: Duration) {
        self.0.store(delay.as_millis() as u64, Ordering::Relaxed);
    }
}

impl Default for WakeDelay {
    fn default() -> Self {
        Self(Arc::new(AtomicU64::new(Self::LIVE.as_millis() as u64)))
    }
}

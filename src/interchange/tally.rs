//! How far a long piece of work is, and whether anybody still wants it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Shared by the work and whoever watches it; a copy is the same tally.
#[derive(Clone, Debug, Default)]
pub struct Tally(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    done: AtomicU64,
    total: AtomicU64,
    cancelled: AtomicBool,
}

impl Tally {
    /// A tally of work on so many messages.
    pub fn of(total: u64) -> Self {
        let tally = Self::default();
        tally.expect(total);
        tally
    }

    /// Sets how much there is to do.
    pub fn expect(&self, total: u64) {
        self.0.total.store(total, Ordering::Relaxed);
    }

    /// Counts one more. Returns whether to go on.
    pub fn count(&self) -> bool {
        self.0.done.fetch_add(1, Ordering::Relaxed);
        !self.is_cancelled()
    }

    /// Sets how much is done.
    pub fn reach(&self, done: u64) {
        self.0.done.store(done, Ordering::Relaxed);
    }

    /// How much is done.
    pub fn done(&self) -> u64 {
        self.0.done.load(Ordering::Relaxed)
    }

    /// How much there is to do; 0 if nobody knows.
    pub fn total(&self) -> u64 {
        self.0.total.load(Ordering::Relaxed)
    }

    /// Asks the work to end.
    pub fn cancel(&self) {
        self.0.cancelled.store(true, Ordering::Relaxed);
    }

    /// Whether nobody wants the result any more.
    pub fn is_cancelled(&self) -> bool {
        self.0.cancelled.load(Ordering::Relaxed)
    }
}

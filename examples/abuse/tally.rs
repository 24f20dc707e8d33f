//! Counts attempts and how many of them held.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use fastrand::Rng;

/// Panics in any thread since the start.
static PANICS: AtomicU64 = AtomicU64::new(0);

/// Counts every panic from now on, in addition to printing it.
pub fn count_panics() {
    let print = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        PANICS.fetch_add(1, Ordering::SeqCst);
        print(info);
    }));
}

/// The attempts of one group, its deadline, and its random numbers.
pub struct Tally {
    pub tried: u64,
    pub held: u64,
    pub rng: Rng,
    group: &'static str,
    until: Instant,
}

impl Tally {
    pub fn new(group: &'static str, seed: u64, until: Instant) -> Self {
        Self { tried: 0, held: 0, rng: Rng::with_seed(seed), group, until }
    }

    /// Whether there is time for another attempt. The first is always made.
    pub fn goes_on(&self) -> bool {
        self.tried == 0 || Instant::now() < self.until
    }

    /// Counts an attempt. It holds if it returns `Ok` and no thread panics meanwhile.
    pub fn attempt(&mut self, what: &str, attempt: impl FnOnce(&mut Rng) -> Result<(), String>) {
        let before = PANICS.load(Ordering::SeqCst);
        let result = attempt(&mut self.rng);
        let panics = PANICS.load(Ordering::SeqCst) - before;
        self.tried += 1;
        match (result, panics) {
            (Ok(()), 0) => self.held += 1,
            (Ok(()), panics) => println!("{}: {what}: {panics} panics", self.group),
            (Err(why), _) => println!("{}: {what}: {why}", self.group),
        }
    }
}
